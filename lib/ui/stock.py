"""The stock page: figures, what is below zero, what ends soon, batches and the ledger."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.shop.shop import Role, Shop
from lib.supply.stock import queries
from lib.supply.stock.checks.queries import check_sums
from lib.supply.stock.commands import COVERED
from lib.supply.stock.queries import BatchLeft, Movement, Stock
from lib.supply.stock.rules import KIND_NAMES, WASTE_NAMES, Waste
from lib.ui import navigation, show
from lib.ui.words import _, plain

_WINDOWS = (7, 30, 90)
_SHOWN = 8
_WASTE = {why.value: WASTE_NAMES[why] for why in Waste}
_PROGRAM = {COVERED, "corrected", "taken back"}
"""Reasons that the program writes itself."""


def figures(shop: Shop, found: Sequence[Stock], batches: Sequence[BatchLeft]) -> None:
    """Show how many products have stock, are below zero, end soon, and what it all cost."""
    negative = sum(each.is_negative for each in found)
    value = [each.value for each in found if each.value is not None and each.on_hand > 0]
    items = [
        (_("Products with stock"), str(sum(each.on_hand > 0 for each in found))),
        (_("Below zero"), str(negative)),
        (_("Batches ending soon"), str(len(ending_soon(shop, batches)))),
    ]
    if shop.may_see_cost:
        items.append((_("Paid for what lies here"), show.money(total(value))))
    show.figures(*items)


def below_zero(found: Sequence[Stock]) -> None:
    """List the products of which more left than came in, and say what to do about it."""
    negative = [each for each in found if each.is_negative]
    if not negative:
        return
    with st.container(border=True, key="below-zero"):
        show.state("late", _("Below zero: {count}").format(count=len(negative)))
        st.markdown("\n".join(f"- {_below_line(each)}" for each in negative))
        st.caption(
            _(
                "More left than was booked in. Enter the delivery that is missing, "
                "or count the shelf."
            )
        )
        st.page_link(
            navigation.page("receive"), label=_("Receive goods"), icon=":material/inventory:"
        )


def _below_line(each: Stock) -> str:
    said = f"**{plain(each.name)}** {_red(each.unit, each.on_hand)}"
    if each.on_hand >= 0:
        loose = _("{amount} left without a batch").format(amount=plain(each.unit.said(-each.loose)))
        said = f"**{plain(each.name)}** :red[{loose}]"
    return said


def promised(found: Sequence[Stock]) -> None:
    """Name the products of which more is ordered than lies there and may be sold."""
    short = [each for each in found if each.free < 0 and not each.is_negative and each.reserved]
    if not short:
        return
    with st.container(border=True, key="promised"):
        show.state("soon", _("More ordered than lies here: {count}").format(count=len(short)))
        said = _("**{product}** {missing} short of what is ordered")
        lines = [
            said.format(product=plain(each.name), missing=plain(each.unit.said(-each.free)))
            for each in short[:_SHOWN]
        ]
        st.markdown("\n".join(f"- {line}" for line in lines))


def ending_soon(shop: Shop, batches: Sequence[BatchLeft]) -> list[BatchLeft]:
    """Return the batches that end within the days of the setting, the first to end first."""
    last = shop.today + timedelta(days=shop.settings.spoil_warning_days)
    return [
        one for one in batches if one.on_hand > 0 and one.best_before and one.best_before <= last
    ]


def ending(shop: Shop, batches: Sequence[BatchLeft]) -> None:
    """List the batches that end soon or have ended."""
    soon = ending_soon(shop, batches)
    if not soon:
        return
    with st.container(border=True, key="ending-soon"):
        over = sum(1 for one in soon if (one.days_left(shop.today) or 0) < 0)
        label = _("Ending soon: {count}").format(count=len(soon))
        show.state("late" if over else "soon", label)
        st.markdown("\n".join(f"- {_ending_line(shop, one)}" for one in soon[:_SHOWN]))
        if len(soon) > _SHOWN:
            st.caption(_("and {count} more below").format(count=len(soon) - _SHOWN))


def _ending_line(shop: Shop, one: BatchLeft) -> str:
    left = one.days_left(shop.today) or 0
    colour = "red" if left < 0 else "orange"
    said = _("past its date") if left < 0 else days_said(left)
    return _("**{product}** {amount} · batch {batch} · :{colour}[{when}]").format(
        product=plain(one.product),
        amount=plain(one.unit.said(one.on_hand)),
        batch=plain(one.code),
        colour=colour,
        when=said,
    )


def days_said(left: int | None) -> str:
    """Return how many days are left in words; a dash without a date."""
    if left is None:
        return "—"
    if left < 0:
        return _("ended {count} d ago").format(count=-left)
    return _("ends today") if left == 0 else _("{count} d left").format(count=left)


def listing(shop: Shop, found: Sequence[Stock]) -> None:
    """Show every product with what lies there, what is promised and what is free."""
    rows = [_row(shop, each) for each in found]
    money = [_("Unit cost"), _("Value")] if shop.may_see_cost else []
    show.table(
        pd.DataFrame(rows),
        "stock",
        shop,
        money_columns=money,
        config={
            _("Product"): st.column_config.TextColumn(pinned=True),
            _("Best before"): st.column_config.DateColumn(format="YYYY-MM-DD"),
        },
        empty=_("No stock is kept yet."),
    )
    if found:
        st.caption(
            _(
                "Reserved is ordered and not collected yet, goods of the last seven days included. "
                "Free is what can still be sold: on hand less reserved, without stopped goods and "
                "goods past a printed date."
            )
        )


def _row(shop: Shop, each: Stock) -> dict[str, object]:
    said = each.unit.said
    row: dict[str, object] = {
        _("Product"): each.name,
        _("On hand"): said(each.on_hand),
        _("Reserved"): said(each.reserved),
        _("Free"): said(each.free),
        _("Best before"): each.best_before,
        _("Batches"): each.batches,
        _("Without batch"): said(each.loose) if each.loose else None,
        _("May not be sold"): said(each.blocked) if each.blocked else None,
        _("Category"): each.category,
    }
    if shop.may_see_cost:
        row[_("Unit cost")] = _fen(each.unit_cost)
        row[_("Value")] = _fen(each.value)
    return row


def batches(shop: Shop, found: Sequence[BatchLeft]) -> None:
    """Show what is left of each batch, the first to leave first."""
    if not found:
        return
    st.subheader(_("Batches"))
    rows = []
    for one in found:
        row: dict[str, object] = {
            _("Batch"): one.code,
            _("Product"): one.product,
            _("Left"): one.unit.said(one.on_hand),
            _("Best before"): one.best_before,
            _("Days left"): one.days_left(shop.today),
            _("State"): batch_state(shop, one),
            _("Arrived"): one.arrived_on,
            _("Supplier"): one.supplier,
        }
        if shop.may_see_cost:
            row[_("Value")] = _fen(one.value)
        rows.append(row)
    day = st.column_config.DateColumn(format="YYYY-MM-DD")
    show.table(
        pd.DataFrame(rows),
        "batches-left",
        shop,
        money_columns=[_("Value")] if shop.may_see_cost else [],
        config={
            _("Batch"): st.column_config.TextColumn(pinned=True),
            _("Best before"): day,
            _("Arrived"): day,
        },
    )


def batch_state(shop: Shop, one: BatchLeft) -> str:
    """Return in a word whether goods of a batch may be sold."""
    if one.stopped:
        return _("stopped")
    if not one.lot.may_go(shop.today):
        return _("past its date")
    left = one.days_left(shop.today)
    if left is not None and left <= shop.settings.spoil_warning_days:
        return _("ends soon")
    return _("in order")


def chosen(found: Sequence[Stock]) -> Stock | None:
    """Return the product that the address names (``?product=3``); None for none."""
    asked = st.query_params.get("product", "")
    return next((each for each in found if str(each.product_id) == asked), None)


def choose(found: Sequence[Stock], start: Stock | None) -> Stock | None:
    """Show the choice of one product and return it; it stands in the address."""
    by_id = {each.product_id: each for each in found}
    ids = list(by_id)
    chosen_id = st.selectbox(
        _("Product"),
        ids,
        index=ids.index(start.product_id) if start else None,
        format_func=lambda key: f"{by_id[key].name} · {by_id[key].unit.said(by_id[key].on_hand)}",
        placeholder=_("Choose what it is about"),
        key="stock-product",
    )
    if chosen_id is None:
        return None
    st.query_params["product"] = str(chosen_id)
    return by_id[chosen_id]


def ledger(shop: Shop, found: Sequence[Stock]) -> None:
    """Show the movements of a window of days, of one product or of all, with the export."""
    names = {each.product_id: each.name for each in found}
    windows = {count: _("last {count} days").format(count=count) for count in _WINDOWS}
    with st.container(horizontal=True):
        product = st.selectbox(
            _("Of"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("all products"),
            key="ledger-product",
        )
        days = st.selectbox(
            _("Window"),
            list(windows),
            format_func=windows.__getitem__,
            key="ledger-days",
            width=180,
        )
    first = shop.today - timedelta(days=days - 1)
    rows = queries.movements(shop, first, shop.today, product_id=product)
    show.table(
        _ledger_frame(rows),
        "movements",
        shop,
        moment_columns=[_("Entered")],
        config={
            _("Product"): st.column_config.TextColumn(pinned=True),
            _("Day"): st.column_config.DateColumn(format="YYYY-MM-DD"),
            _("Photo"): st.column_config.LinkColumn(display_text=":material/photo_camera:"),
        },
        empty=_("Nothing moved in these days."),
    )
    if len(rows) == queries.MOST_MOVEMENTS:
        st.caption(_("Only the newest {count} are shown.").format(count=len(rows)))
    _checks(shop)


def _ledger_frame(rows: Sequence[Movement]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                _("Product"): each.product,
                _("Quantity"): signed(each.unit, each.quantity),
                _("Movement"): _what(each),
                _("Batch"): each.batch or "—",
                _("Why"): reason_said(each.reason),
                _("Order"): each.order_number,
                _("Day"): each.day,
                _("Entered"): each.at,
                _("By"): each.by,
                _("Photo"): f"/files/{each.photo}" if each.photo else None,
            }
            for each in rows
        ]
    )


def _what(each: Movement) -> str:
    said = _(KIND_NAMES[each.kind])
    if each.is_reversal:
        return _("{what}: taken back").format(what=said)
    return _("{what} (taken back later)").format(what=said) if each.undone else said


def _checks(shop: Shop) -> None:
    if shop.actor.role is not Role.OWNER:
        return
    if st.button(_("Check every sum"), icon=":material/verified:", key="check-sums"):
        wrong = check_sums(shop)
        if not wrong:
            show.state("good", _("Every sum is that of its movements."))
            return
        show.state("late", _("{count} sums differ from their movements.").format(count=len(wrong)))
        rows = [
            {
                _("Which sum"): one.what,
                _("Of"): one.of,
                _("Day"): one.day,
                _("Booked"): one.booked,
                _("By the movements"): one.ledger,
            }
            for one in wrong
        ]
        show.table(pd.DataFrame(rows), "stock-check", shop)
    st.caption(_("What lies there is the sum of its movements. The check adds them all up again."))


def reason_said(reason: str) -> str:
    """Return a kept reason in the reader's words."""
    if reason in _WASTE:
        return _(_WASTE[reason])
    return _(reason) if reason in _PROGRAM else reason


def signed(unit: Unit, quantity: int) -> str:
    """Return a quantity with its sign: ``+1.5斤``, ``-3盒``."""
    return f"+{unit.said(quantity)}" if quantity > 0 else unit.said(quantity)


def free_said(each: Stock | None) -> str:
    """Return what is on hand and free of a product in one short line; empty where not kept."""
    if each is None:
        return ""
    return _("{on_hand} on hand, {free} free").format(
        on_hand=each.unit.said(each.on_hand), free=each.unit.said(each.free)
    )


def last_day(value: date | None) -> str:
    """Return a best-before date for a list of choices; a dash for none."""
    return f"{value:%m-%d}" if value else "—"


def _red(unit: Unit, amount: int) -> str:
    return f":red[{plain(unit.said(amount))}]"


def _fen(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen
