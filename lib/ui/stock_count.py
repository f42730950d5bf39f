"""Counting the shelf: many products in one table, or one product batch by batch.

The table does not show what the books say: who counts writes what lies there. The difference
stands below as soon as a number is typed, before anything is saved.
"""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.kernel.errors import ShopError
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.shop.shop import Shop
from lib.supply.stock import queries
from lib.supply.stock.queries import BatchLeft
from lib.supply.stock.rules import LONGEST_REASON, typed_amount
from lib.supply.stock.shelf.commands import Counted, count
from lib.supply.stock.shelf.queries import Counting, to_count
from lib.ui import feedback, show
from lib.ui.forms import Form
from lib.ui.stock import last_day, signed
from lib.ui.words import _, plain


def products(shop: Shop) -> None:
    """Show the table to count in, the differences as they are typed, and the means to save."""
    form = Form("stock_count")
    now = {each.product_id: each for each in to_count(shop)}
    seen = form.seen("listed", tuple(now))
    listed = [now[key] for key in (*seen, *(key for key in now if key not in seen)) if key in now]
    if not listed:
        show.nothing(_("There is nothing to count yet."), _("Add products first."))
        return
    st.caption(
        _(
            "Write what lies on the shelf; leave empty what you do not count. "
            "The first count of a product begins its stock."
        )
    )
    edited = _editor(
        form,
        [{_("Product"): each.name, _("Unit"): each.unit.word} for each in listed],
        _("Product"),
    )
    typed = zip(listed, edited, strict=True)
    _finish(shop, form, [(each, None, value) for each, value in typed if value is not None])


def one_by_one(shop: Shop, batches: Sequence[BatchLeft]) -> None:
    """Show the means to count one product batch by batch."""
    names = {one.product_id: one.product for one in batches}
    if not names:
        return
    with st.expander(_("Count a product batch by batch"), icon=":material/inventory:"):
        product = st.selectbox(
            _("Product"), list(names), index=None, format_func=names.__getitem__,
            placeholder=_("Choose what it is about"), key="count-batches",
        )  # fmt: skip
        if product is None:
            return
        form = Form(f"stock_count_{product}")
        own = {one.batch_id: one for one in batches if one.product_id == product}
        listed = [own[key] for key in form.seen("listed", tuple(own)) if key in own]
        rows = [
            {
                _("Batch"): one.code,
                _("Best before"): last_day(one.best_before),
                _("Unit"): one.unit.word,
            }
            for one in listed
        ]
        edited = _editor(form, rows, _("Batch"))
        typed = zip(listed, edited, strict=True)
        _finish(
            shop,
            form,
            [
                (Counting(product, one.code, "", one.unit, one.on_hand), one.batch_id, value)
                for one, value in typed
                if value is not None
            ],
        )


_Typed = tuple[Counting, int | None, float]


def _editor(form: Form, rows: list[dict[str, str]], pinned: str) -> list[float | None]:
    frame = pd.DataFrame(rows)
    frame[_("Counted")] = pd.Series([None] * len(rows), dtype="float64")
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=[name for name in frame.columns if name != _("Counted")],
        placeholder="",
        column_config={
            pinned: st.column_config.TextColumn(pinned=True),
            _("Unit"): st.column_config.TextColumn(width="small"),
            _("Counted"): st.column_config.NumberColumn(min_value=0.0, width=110),
        },
        key=form.field("counted"),
    )
    return [None if pd.isna(value) else float(value) for value in edited[_("Counted")]]


def _finish(shop: Shop, form: Form, typed: Sequence[_Typed]) -> None:
    """Show the differences and save them; a number that is not whole is refused at once."""
    counts = []
    for each, batch_id, value in typed:
        try:
            amount = typed_amount(value, each.unit)
        except ShopError as error:
            st.error(f"{plain(each.name)}: {feedback.refusal(error)}", icon=":material/info:")
            return
        # What the books said when this number was typed: goods that move from then on are told.
        of = f"{each.product_id}-{batch_id}-{amount}"
        counts.append(Counted(each.product_id, amount or 0, form.seen(of, each.on_hand), batch_id))
    _differences(shop, [each for each, _batch, _value in typed], counts)
    reason = st.text_input(
        _("Note"), max_chars=LONGEST_REASON, placeholder=_("for example: end of the month"),
        key=form.field("note"),
    )  # fmt: skip
    label = _("Save the count of {count}").format(count=len(counts))
    if st.button(
        label, type="primary", icon=":material/inventory_2:", disabled=not counts,
        key=form.field("save"),
    ):  # fmt: skip
        with feedback.saying(_("Count kept"), form):
            count(form.once(shop, repr(counts), reason), counts, reason)


def _differences(shop: Shop, named: Sequence[Counting], counts: Sequence[Counted]) -> None:
    if not counts:
        return
    costs = queries.stock_of(shop, [each.product_id for each in counts]) if counts else {}
    lines, worth = [], []
    for each, counted in zip(named, counts, strict=True):
        difference = counted.counted - (counted.expected or 0)
        cost = costs[each.product_id].unit_cost if each.product_id in costs else None
        money = None if cost is None else _worth(each.unit, cost, difference)
        if money is not None:
            worth.append(money)
        lines.append(_difference_line(each, counted, difference, money))
    with st.container(border=True, key=f"differences-{len(counts)}"):
        st.markdown("\n".join(f"- {line}" for line in lines))
        if worth:
            st.markdown(f"**{_('In money')}: {show.money(total(worth))}**")


def _worth(unit: Unit, cost: Money, difference: int) -> Money:
    worth = unit.price_of(cost, abs(difference))
    return -worth if difference < 0 else worth


def _difference_line(each: Counting, counted: Counted, difference: int, money: Money | None) -> str:
    name, found = plain(each.name), plain(each.unit.said(counted.counted))
    if counted.expected is None:
        return _("{name} {found}: its stock begins").format(name=name, found=found)
    if not difference:
        return _("{name} {found}: as booked").format(name=name, found=found)
    colour = "red" if difference < 0 else "orange"
    worth = "" if money is None else f" ({show.money(money)})"
    return _("{name} {booked} → {found}, :{colour}[{difference}]{worth}").format(
        name=name,
        booked=plain(each.unit.said(counted.expected)),
        found=found,
        colour=colour,
        difference=plain(signed(each.unit, difference)),
        worth=plain(worth),
    )
