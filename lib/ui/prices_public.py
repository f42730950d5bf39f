"""The public price page: what stands around the sheet, by the same queries as the light page.

What is cheaper now, what welfare items gave back, and how the price of one product came about. The
sheet itself is drawn by :mod:`lib.ui.costs`, as the owner's preview is.
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from lib.kernel.errors import ShopError
from lib.kernel.latest import Latest
from lib.service.ledger.figures.queries import month_figures
from lib.service.ledger.figures.texts import HEADING, public_lines
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.supply.labels.queries import only_here
from lib.trust.costs import queries
from lib.trust.costs.queries import Point
from lib.trust.costs.rules import LABELS, Line, Part, Sheet
from lib.trust.promotions import texts
from lib.trust.promotions.queries import running
from lib.trust.promotions.rules import Kind, Promotion, Running
from lib.trust.welfare.queries import PublicItem, PublicWelfare, public_welfare
from lib.trust.welfare.rules import REASON_NAMES
from lib.ui import after_sales_door, charts, costs, feedback, privacy_door, show
from lib.ui.words import _, language, plain

WISHES = "/p/wishes"
CHECK = f"{costs.LIGHT_PAGE}/check"
GOODS = f"{costs.LIGHT_PAGE}/goods"

_latest: Latest[tuple[Running, PublicWelfare]] = Latest()


def heading(sheet: Sheet, shop: Shop) -> None:
    """Show number, moment, books and fingerprint of a sheet."""
    st.subheader(plain(sheet.title))
    show.figures(
        (_("Sheet no."), str(sheet.number)),
        (_("Data as of"), show.moment(sheet.data_as_of, shop)),
        (_("Products"), str(len(sheet.lines))),
        (
            _("Fingerprint"),
            sheet.short,
            _("The same in the group's message and here: then the sheet was not changed."),
        ),
    )
    if sheet.period is not None:
        days = _("{from_day} to {to_day}").format(
            from_day=show.day(sheet.period.first, shop), to_day=show.day(sheet.period.last, shop)
        )
        st.caption(_("From the books of") + f" {days}")


def labelled(rows: Sequence[Line], shop: Shop) -> None:
    """Name the goods that bear the community's own label now (R3); live, no part of the sheet."""
    found = only_here(shop)
    names = [line.name for line in rows if line.product_id in found]
    if names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(_("Only here"), icon=":material/loyalty:", color="green")
            st.markdown(plain("、".join(names)))


def _now(shop: Shop) -> tuple[Running, PublicWelfare]:
    """Return what stands beside the newest sheet: read anew when anything in the books changed.

    The page opens for a whole group at once; this would be a third of what each opening costs.
    """
    key = (queries.edition(shop.store).change, shop.today)
    return _latest.value(
        shop.place.database_url,
        key,
        lambda: (running(shop), public_welfare(shop, shop.today.year)),
        lambda found: found[0].holds(shop.clock.now()),
    )


def cheaper_now(shop: Shop) -> None:
    """Show what is cheaper now, each with the lowest price charged before it began."""
    found = _now(shop)[0].promotions
    if not found:
        return
    st.subheader(_("Cheaper now"))
    for one in found:
        _promotion(one, shop)


def _promotion(one: Promotion, shop: Shop) -> None:
    say, days = translator(language()), shop.settings.compared_price_days

    def day(value: date) -> str:
        return show.day(value, shop)

    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(one.name)}**", width="content")
            st.badge(
                _(texts.KINDS[one.kind]), color="green" if one.kind is Kind.WELFARE else "gray"
            )
            st.markdown(f"**{plain(texts.price_line(one, say, show.money))}**", width="content")
        st.markdown(plain(texts.proof_line(one, days, say, day, show.money)))
        rest = (
            texts.worth_line(one, say, show.money),
            texts.compared_line(one, days, say, show.money),
            texts.reason_line(one, say),
            texts.time_line(one, say, day),
        )
        st.caption(" · ".join(plain(line) for line in rest if line))


def welfare(shop: Shop) -> None:
    """Show this month's welfare items, and what all of this year gave back; nothing without any."""
    found = _now(shop)[1]
    if not found.items:
        return
    st.subheader(_("Welfare items"))
    month = [one for one in found.items if one.month == shop.today.replace(day=1)]
    show.figures(
        (_("Given back this year"), show.money(found.given)),
        (_("Items this month"), str(len(month))),
    )
    for one in month:
        _welfare(one)
    # Most residents open none of the folded tables, and a table is what costs most here.
    box = st.expander(
        _("All of this year"),
        icon=":material/volunteer_activism:",
        key="welfare",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        show.table(
            _welfare_frame(found),
            "welfare",
            shop,
            money_columns=[_("Price"), _("Costs us"), _("Gave back")],
            config={
                _("Product"): st.column_config.TextColumn(pinned=True),
                _("Day"): st.column_config.DateColumn(format="YYYY-MM-DD"),
            },
        )


def _welfare(one: PublicItem) -> None:
    said = [
        _("costs us {cost}").format(cost=show.money(one.unit_cost)),
        _(REASON_NAMES[one.reason]),
    ]
    if one.sold:
        said.append(_("{sold} sold").format(sold=one.unit.said(one.sold)))
    price = f"{show.money(one.price)} / {one.unit.word}"
    st.markdown(f"**{plain(one.product)}** {plain(price)}")
    st.caption(plain(" · ".join(said)))


def _welfare_frame(found: PublicWelfare) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                _("Product"): one.product,
                _("Day"): one.day,
                _("Price"): one.price.fen,
                _("Costs us"): one.unit_cost.fen,
                _("Sold"): one.unit.said(one.sold),
                _("Gave back"): one.given.fen,
            }
            for one in found.items
        ]
    )


def history(shop: Shop, lines: Sequence[Line]) -> None:
    """Let one product be chosen and show what every published sheet said of it."""
    st.subheader(_("How a price came about"))
    names = {line.product_id: f"{line.name} / {line.unit}" for line in lines}
    product = costs.choose(_("Product"), names, "product")
    if product is None:
        return
    try:
        points = queries.cost_history(shop, product)
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/gpp_bad:")
        return
    charts.history([point for point in points if point.corrected_by is None], key="history")
    box = st.expander(
        _("Every sheet in figures"), icon=":material/history:", key="points", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        show.table(
            history_frame(points),
            "price-history",
            shop,
            money_columns=[_("Price"), *(_(LABELS[part]) for part in Part)],
            config={
                _("Day"): st.column_config.DateColumn(format="YYYY-MM-DD", pinned=True),
            },
        )


def history_frame(points: Sequence[Point]) -> pd.DataFrame:
    """Return one row per sheet, newest first: every part in fen, and whether it was corrected."""
    corrected = _("corrected by no. {number}")
    return pd.DataFrame(
        [
            {
                _("Day"): point.day,
                _("No."): point.number,
                _("Price"): point.line.price.fen,
                **{_(LABELS[part]): getattr(point.line, part.value).fen for part in Part},
                _("Sale unit"): point.line.unit,
                _("Correction"): ""
                if point.corrected_by is None
                else corrected.format(number=point.corrected_by),
            }
            for point in reversed(points)
        ]
    )


def ways(sheet: Sheet, shop: Shop) -> None:
    """Show the ways on: the light page, how to check a sheet, its sealed text, the wish box."""
    with st.container(horizontal=True):
        st.link_button(
            _("Light page for the phone"),
            f"{costs.LIGHT_PAGE}/{sheet.number}",
            icon=":material/smartphone:",
        )
        st.link_button(_("How to check it"), CHECK, icon=":material/fact_check:")
        st.link_button(
            _("Sealed text for checking"),
            f"{costs.LIGHT_PAGE}/{sheet.number}.json",
            icon=":material/verified:",
            help=_("The SHA-256 of this text is the fingerprint of the sheet."),
        )
        if shop.settings.wish_box:
            st.link_button(
                _("Tell us what you would like us to sell"), WISHES, icon=":material/edit_note:"
            )
        after_sales_door.link(shop)
        privacy_door.link()


def service(shop: Shop) -> None:
    """Say how this month's complaints were answered and solved, where the owner shows it (R26)."""
    if not shop.settings.public_service_figures:
        return
    found = month_figures(shop, shop.today)
    minutes, hours = shop.settings.reply_minutes, shop.settings.solve_hours
    st.subheader(_(HEADING))
    for line in public_lines(found, show.month(found.month), minutes, hours, _):
        st.markdown(line)
    said = _("Computed from the shop's books, as of {day}. What ran out is never erased.")
    st.caption(said.format(day=show.day(shop.today, shop)))
