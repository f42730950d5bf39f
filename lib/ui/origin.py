"""The origin page on screen: the same answer as the light page, with pictures side by side."""

import html
from collections.abc import Sequence

import streamlit as st

from lib.kernel.errors import ShopError
from lib.shop.shop import Shop
from lib.supply.origin import queries, texts
from lib.supply.origin.rules import LEVEL_NAMES, Current, Level, Origin, Piece
from lib.supply.suppliers.rules import PAPER_NAMES
from lib.supply.traceability.rules import LABELS, Freshness
from lib.trust.costs.marks import product_marks
from lib.trust.costs.queries import Point
from lib.trust.costs.rules import Line
from lib.ui import feedback, navigation, show
from lib.ui.words import _, plain

_PARAMETER = "batch"
MOST_LINKS = 40
"""Goods of a price sheet with a link of their own; a longer list leads to the page of all."""


def asked(shop: Shop) -> Origin | None:
    """Return the batch of the address; None for the list, also after saying why it is unknown."""
    token = st.query_params.get(_PARAMETER, "")
    if not token:
        return None
    try:
        return queries.origin(shop, token)
    except ShopError as error:
        st.warning(feedback.refusal(error), icon=":material/search_off:")
        return None


def listing(shop: Shop, found: Sequence[Current]) -> None:
    """Show the batches that lie in the shop, each with the way to its page."""
    for one in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            arrived = _("Arrived: {day}").format(day=show.day(one.arrived_on, shop))
            st.markdown(
                f"**{plain(one.product)}**  \n:small[{arrived} · {plain(one.code)}]",
                width="stretch",
            )
            if one.tested_on:
                tested = _("Tested: {day}").format(day=show.day(one.tested_on, shop))
                show.state("good", tested)
            st.page_link(
                navigation.page("origin"),
                label=_("Look"),
                icon=":material/arrow_forward:",
                query_params={_PARAMETER: one.token},
            )


def links(shop: Shop, lines: Sequence[Line]) -> None:
    """Lead from the products of a price sheet to the batches that lie in the shop now."""
    marks = product_marks(shop)
    found = [marks[line.product_id].batch for line in lines if line.product_id in marks]
    current = [batch for batch in found if batch is not None]
    if not current:
        return
    st.subheader(_("Where it comes from"))
    with st.container(horizontal=True):
        for batch in current[:MOST_LINKS]:
            st.page_link(
                navigation.page("origin"),
                label=f"{plain(batch.product)} · {show.day(batch.arrived_on, shop)}",
                icon=":material/yard:",
                query_params={_PARAMETER: batch.token},
            )
        if len(current) > MOST_LINKS:
            back_to_list()


def back_to_list() -> None:
    """Offer the way to all batches."""
    st.page_link(
        navigation.page("origin"), label=_("All batches in the shop now"), icon=":material/list:"
    )


def stopped(shop: Shop, origin: Origin) -> None:
    """Say above everything that a batch is called back or not sold any more."""
    if origin.stopped_on is None:
        if origin.product_stopped:
            st.warning(_("The sale of this product is stopped at present."))
        return
    if origin.called_back is None:
        said = _(
            "The shop stopped its sale on {day}. Ask in the group if you still have some of it."
        )
        words = [said.format(day=show.day(origin.stopped_on, shop))]
        title = _("This batch is not sold any more")
    else:
        said = _("The shop called it back on {day}: {reason}")
        day, reason = show.day(origin.called_back.on, shop), plain(origin.called_back.reason)
        words = [said.format(day=day, reason=reason), plain(origin.called_back.advice)]
        title = _("Please do not eat this batch")
    st.error(f"**{title}**\n\n" + "\n\n".join(filter(None, words)), icon=":material/warning:")


def head(shop: Shop, origin: Origin) -> None:
    """Show product, day of arrival and code."""
    st.title(plain(origin.product))
    arrived = _("Arrived: {day}").format(day=show.day(origin.arrived_on, shop))
    st.markdown(f"{arrived} · {_('Batch')} **{plain(origin.code)}**")


def report(shop: Shop, origin: Origin) -> None:
    """Show the test report to look at first, said to be of the batch or not."""
    first = origin.report
    if first is None:
        st.caption(_("No test report was published for this batch."))
        return
    own = first.level is Level.BATCH
    with st.container(border=True):
        st.subheader(_("Test report of this batch") if own else _("Last test report"))
        if not own:
            show.state("quiet", _("Of the product or the supplier, not of this batch"))
        _caption(shop, first)
        _pictures(first, small=False)


def facts(shop: Shop, origin: Origin, sheet: Point | None) -> None:
    """Show who grew it, its days, and the price sheet it belongs to."""
    rows = [(_("Comes from"), plain(texts.source_line(origin, _)))]
    if origin.source.contact:
        rows.append((_("Contact"), plain(origin.source.contact)))
    if origin.produced_on:
        rows.append((_("Produced or harvested"), show.day(origin.produced_on, shop)))
    if origin.best_before:
        word = _("Best before")
        if not origin.best_before_printed:
            word = _("Best before, as the shop reckons")
        rows.append((word, show.day(origin.best_before, shop)))
    with st.container(border=True):
        for word, value in rows:
            st.markdown(f":small[{word}]  \n{value}")
        if sheet is not None:
            _sheet(sheet)
        if origin.source.story:
            st.text(origin.source.story)


def _sheet(sheet: Point) -> None:
    price = f"{show.money(sheet.line.price)} / {plain(sheet.line.unit)}"
    split = _("purchase {purchase}, the shop keeps {kept}").format(
        purchase=show.money(sheet.line.purchase), kept=show.money(sheet.line.kept)
    )
    st.markdown(f":small[{_('Price sheet')}]  \n{price} · {split}")
    st.page_link(
        navigation.page("prices"),
        label=_("no. {number}").format(number=sheet.number),
        icon=":material/sell:",
        query_params={"sheet": str(sheet.number)},
    )


def evidence(shop: Shop, origin: Origin) -> None:
    """Show all published evidence, told apart by whose it is; the first report stands above."""
    for level in Level:
        pieces = [piece for piece in origin.of(level) if piece != origin.report]
        if not pieces:
            continue
        st.subheader(_(LEVEL_NAMES[level]))
        for piece in pieces:
            with st.container(border=True):
                st.markdown(f"**{plain(piece.title or _(LABELS[piece.kind]))}**")
                _caption(shop, piece)
                if piece.clip:
                    st.html(_clip(piece))
                else:
                    _pictures(piece, small=not piece.is_report)


def certificates(shop: Shop, origin: Origin) -> None:
    """Show the supplier's papers that are in force."""
    if not origin.certificates:
        return
    st.subheader(_("Papers of the supplier in force"))
    for paper in origin.certificates:
        until = _("without an end")
        if paper.valid_until:
            until = _("valid to {day}").format(day=show.day(paper.valid_until, shop))
        number = f" `{paper.number}`" if paper.number.isalnum() else f" {plain(paper.number)}"
        st.markdown(f"**{_(PAPER_NAMES[paper.kind])}**{number if paper.number else ''} · {until}")
        for picture in paper.pictures:
            st.html(_picture(picture, _(PAPER_NAMES[paper.kind]), small=True))


def _caption(shop: Shop, piece: Piece) -> None:
    parts = [show.day(piece.made_on, shop) if piece.made_on else ""]
    if piece.days:
        parts.append(_("{count} days ago").format(count=piece.days))
    parts += [plain(piece.issuer), plain(piece.result)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(" · ".join(part for part in parts if part), width="content")
        if piece.is_report and piece.freshness is Freshness.OLD:
            show.state("soon", _("old"))


def _pictures(piece: Piece, *, small: bool) -> None:
    name = piece.title or _(LABELS[piece.kind])
    st.html("".join(_picture(one, name, small=small) for one in piece.pictures))


def _picture(sha256: str, name: str, *, small: bool) -> str:
    """Return a picture that leads to itself; our own door decides who sees it."""
    size = "?size=small" if small else ""
    return (
        f'<a href="/files/{sha256}" target="_blank"><img src="/files/{sha256}{size}" '
        f'alt="{html.escape(name, quote=True)}" loading="lazy" '
        'style="max-width:min(100%,32rem);border-radius:.5rem;margin:0 .5rem .5rem 0"></a>'
    )


def _clip(piece: Piece) -> str:
    poster = f' poster="/files/{piece.pictures[0]}"' if piece.pictures else ""
    return (
        f'<video controls preload="none" playsinline src="/files/{piece.clip}"{poster} '
        'style="width:100%;max-width:48rem;max-height:80vh;border-radius:.5rem"></video>'
    )
