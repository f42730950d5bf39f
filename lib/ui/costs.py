"""Cost sheets on screen: what residents see, and what the owner keeps."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from urllib.parse import urlsplit

import pandas as pd
import segno
import streamlit as st

from lib.kernel.errors import ShopError
from lib.shop.shop import Shop
from lib.trust.costs import queries
from lib.trust.costs.queries import Heading, Showing
from lib.trust.costs.rules import LABELS, Line, Part
from lib.ui import charts, feedback, show
from lib.ui.words import _, plain

LIGHT_PAGE = "/p/prices"


def shown(shop: Shop, number: int) -> Showing | None:
    """Return what residents see of sheet ``number``, or say why it is not shown."""
    try:
        return queries.showing(shop, number)
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/gpp_bad:")
        return None


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
    if any(line.by_hand for line in rows):
        st.caption(_("Parts named in the last column are typed; the books say everything else."))
    st.caption(
        _(
            "Not in these lines: rent, wages, electricity, taxes and the shop's own time. They "
            "are paid from what the shop keeps."
        )
    )


def table(rows: Sequence[Line], name: str, shop: Shop) -> None:
    """Show the lines as a table; on a phone the product stays in view while the rest moves."""
    frame = frame_of(rows)
    show.table(
        frame,
        name,
        shop,
        money_columns=[column for column in _money_columns() if column in frame],
        config={_("Product"): st.column_config.TextColumn(pinned=True)},
        empty=_("No product has a purchase price yet."),
    )


def _money_columns() -> list[str]:
    parts = [_(LABELS[part]) for part in Part]
    return [_("Price"), *parts, _("Price of 500 g"), _("Price each")]


def frame_of(rows: Sequence[Line]) -> pd.DataFrame:
    """Return one row per product: unit, every part in fen, and the price they add up to.

    The last columns say what a price is per 500 g and per piece, and which parts somebody typed;
    a column that would be empty is left out.
    """
    labels = [(_(LABELS[part]), part.value) for part in Part]
    frame = pd.DataFrame(
        [
            {
                _("Product"): line.name,
                _("Sale unit"): line.unit,
                _("Price"): line.price.fen,
                **{label: getattr(line, name).fen for label, name in labels},
                _("Price of 500 g"): line.per_jin.fen if line.per_jin else None,
                _("Price each"): line.per_piece.fen if line.per_piece else None,
                _("Typed by the shop"): _typed(line),
            }
            for line in rows
        ]
    )
    unused = [(_("Price each"), any(line.per_piece for line in rows)),
              (_("Typed by the shop"), any(line.by_hand for line in rows))]  # fmt: skip
    return frame.drop(columns=[name for name, used in unused if rows and not used])


def _typed(line: Line) -> str:
    """Name the parts of a line that somebody typed; all others are what the books say."""
    return "、".join(_(LABELS[part]) for part in Part if part in line.by_hand)


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
