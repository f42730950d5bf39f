"""Cost sheets on screen: what residents see, and what the owner keeps."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlsplit

import pandas as pd
import segno
import streamlit as st

from lib.kernel.errors import ShopError
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.labels.queries import only_here
from lib.trust.costs import queries
from lib.trust.costs.queries import Draft, DraftLine, Heading, Showing
from lib.trust.costs.rules import (
    GIVEN,
    KEPT_BY_OWNER,
    LABELS,
    NO_COST,
    Cost,
    Line,
    Part,
)
from lib.ui import charts, feedback, show
from lib.ui.forms import Form
from lib.ui.words import _, plain

LIGHT_PAGE = "/p/prices"


def shown(shop: Shop, number: int) -> Showing | None:
    """Return what residents see of sheet ``number``, or say why it is not shown."""
    try:
        return queries.showing(shop, number)
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/gpp_bad:")
        return None


def history(shop: Shop, product: int) -> None:
    """Draw what the published sheets said of a product, or say why it is not shown."""
    try:
        charts.history(queries.cost_history(shop, product), key="history")
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/gpp_bad:")


def choose(label: str, names: Mapping[int, str], parameter: str) -> int | None:
    """Ask for one of ``names``; the address carries the choice as ``?parameter=<id>``.

    A number in the address that is not among them is ignored. None when there is nothing to choose.
    """
    asked = st.query_params.get(parameter, "")
    known = [number for number in names if str(number) == asked]
    chosen = st.selectbox(
        label,
        list(names),
        index=list(names).index(known[0]) if known else 0,
        format_func=dict(names).__getitem__,
        key=f"choose-{parameter}",
    )
    if chosen is not None and str(chosen) != asked and (asked or chosen != next(iter(names))):
        st.query_params[parameter] = str(chosen)
    return chosen


def notices(showing: Showing) -> None:
    """Say that a sheet is an earlier one, corrects another, or was corrected."""
    for item in showing.corrected_by:
        corrected = _("This sheet was corrected by sheet {number}: {reason}")
        st.warning(
            corrected.format(number=item.number, reason=plain(item.correction)),
            icon=":material/edit_note:",
        )
    sheet = showing.sheet
    if sheet.corrects:
        corrects = _("This sheet corrects sheet {number}: {reason}")
        st.info(
            corrects.format(number=sheet.corrects, reason=plain(sheet.correction)),
            icon=":material/edit_note:",
        )
    if sheet.number != showing.newest:
        st.info(_("This is an earlier sheet."), icon=":material/history:")


def lines(rows: Sequence[Line], name: str, shop: Shop) -> None:
    """Show the lines of a sheet as a chart and as a table whose rows add up to the price."""
    charts.where_the_price_goes(rows, key=f"bars-{name}")
    table(rows, f"prices-{name}", shop)
    st.caption(
        _(
            "All amounts are yuan for one sale unit and add up to the price. Loss is what spoils "
            "or breaks before it is sold."
        )
    )
    st.caption(
        _(
            "Not in these lines: rent, wages, electricity, taxes and the shop's own time. They "
            "are paid from what the shop keeps."
        )
    )


def labelled(rows: Sequence[Line], shop: Shop) -> None:
    """Name the goods that bear the community's own label now (R3); live, no part of the sheet."""
    found = only_here(shop)
    names = [line.name for line in rows if line.product_id in found]
    if names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(_("Only here"), icon=":material/loyalty:", color="green")
            st.markdown(plain("、".join(names)))


def table(rows: Sequence[Line], name: str, shop: Shop) -> None:
    """Show the lines as a table; on a phone the product stays in view while the rest moves."""
    show.table(
        frame_of(rows),
        name,
        shop,
        money_columns=_money_columns(),
        config={_("Product"): st.column_config.TextColumn(pinned=True)},
        empty=_("No product has a purchase price yet."),
    )


def _money_columns() -> list[str]:
    return [_("Price"), *(_(LABELS[part]) for part in Part), _("Price of 500 g")]


def frame_of(rows: Sequence[Line]) -> pd.DataFrame:
    """Return one row per product: unit, every part in fen, and the price they add up to."""
    return pd.DataFrame(
        [
            {
                _("Product"): line.name,
                _("Sale unit"): line.unit,
                _("Price"): line.price.fen,
                **{_(LABELS[part]): getattr(line, part.value).fen for part in Part},
                _("Price of 500 g"): line.per_jin.fen if line.per_jin else None,
            }
            for line in rows
        ]
    )


def missing(draft: Draft) -> None:
    """Name the products that cannot be published yet, and where to help that."""
    if draft.missing:
        names = "、".join(plain(name) for name in draft.missing)
        st.warning(
            _("Without a purchase price, and so not on any sheet: {names}").format(names=names),
            icon=":material/price_change:",
        )


def sum_of(item: DraftLine) -> None:
    """Show where one product's price goes, in one sentence, and whose price it is."""
    line = item.line
    if line is None:
        return
    parts = []
    for part, amount in line.parts:
        label = GIVEN if part is Part.KEPT and line.is_given else LABELS[part]
        parts.append(f"{_(label)} {show.money(amount)}")
    st.markdown(f"**{show.money(line.price)}** = " + " + ".join(parts))
    if item.round_title:
        price_of = _("The price is that of the open round {title}.")
        st.caption(price_of.format(title=plain(item.round_title)))


def cost_fields(form: Form, item: DraftLine) -> dict[Part, Cost]:
    """Draw the fields for the costs of one product and return them as typed."""
    typed = {}
    for part in KEPT_BY_OWNER:
        kept = item.costs.get(part, NO_COST)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            as_rate = part is Part.LOSS and _loss_unit(form, kept) == "%"
            value = _number(form, part, kept)
            basis = st.text_input(
                _("Note, for you only"),
                kept.basis,
                max_chars=200,
                key=form.field(f"{part.value}-basis"),
                width=260,
            )
        typed[part] = (
            Cost(rate=int((value * 100).to_integral_value()), basis=basis)
            if as_rate
            else Cost(Money.of(value), basis=basis)
        )
    return typed


def _number(form: Form, part: Part, kept: Cost) -> Decimal:
    before = Decimal(kept.rate) / 100 if kept.rate is not None else (kept.amount or Money(0)).yuan
    value = st.number_input(
        _(LABELS[part]),
        min_value=0.0,
        value=float(before),
        step=0.01,
        format="%.2f",
        key=form.field(part.value),
        width=150,
    )
    return Decimal(f"{value:.2f}")


def _loss_unit(form: Form, kept: Cost) -> str:
    chosen = st.segmented_control(
        _("Loss as"),
        ["¥", "%"],
        default="¥" if kept.rate is None else "%",
        required=True,
        help=_("A rate follows the purchase price: 2.4 % of 5.00 is 5.00 / 0.976 - 5.00 = 0.12."),
        key=form.field("loss-unit"),
    )
    return str(chosen)


def heading_text(item: Heading) -> str:
    """Return a published sheet in one line for a list of choices."""
    return _("no. {number}").format(number=item.number) + f" · {item.day:%Y-%m-%d} · {item.title}"


def address(shop: Shop) -> str:
    """Return the address of the light page as residents open it."""
    if shop.settings.public_address:
        return shop.settings.public_address + LIGHT_PAGE
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}{LIGHT_PAGE}" if here.netloc else LIGHT_PAGE


def qr_picture(text: str) -> bytes:
    """Return ``text`` as a QR code, PNG, dark on white so that every phone reads it."""
    target = BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="png", scale=8, border=3)
    return target.getvalue()
