"""What the slow-mover rule finds in any period, also of figures from before Linli (R6)."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from lib.kernel.errors import ShopError
from lib.shop.shop import Role, Shop
from lib.supply.clearance import queries
from lib.supply.clearance.queries import Period, PeriodRun
from lib.ui import feedback, navigation, show, slow
from lib.ui.words import _

DAYS_BACK = 90


def period(shop: Shop) -> None:
    """Ask for a period and show every run of slow days in it."""
    span = queries.past_span(shop)
    first, last = span or (shop.today - timedelta(days=DAYS_BACK), shop.today)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        begins = st.date_input(
            _("From"),
            first,
            format="YYYY-MM-DD",
            key="slow-first",
            min_value=date(2000, 1, 1),
            max_value=shop.today,
            width=170,
        )
        ends = st.date_input(
            _("To"), last, format="YYYY-MM-DD", key="slow-last", min_value=date(2000, 1, 1),
            max_value=shop.today, width=170,
        )  # fmt: skip
    if begins is None or ends is None:
        return
    try:
        found = queries.period(shop, begins, ends)
    except ShopError as error:
        st.error(feedback.refusal(error), icon=":material/info:")
        return
    _figures(found)
    _listing(shop, found.runs, "slow-runs", _("Product"))
    if found.categories:
        st.subheader(_("Categories"))
        _listing(shop, found.categories, "slow-category-runs", _("Category"))
    if span is None and shop.actor.role is Role.OWNER:
        st.page_link(
            navigation.page("history"),
            label=_("Bring in figures of earlier years"),
            icon=":material/history_edu:",
        )


def _figures(found: Period) -> None:
    slow_days = sum(one.run.length for one in found.runs)
    show.figures(
        (_("Runs"), f"{len(found.runs):,}"),
        (_("Products with a run"), f"{len({one.product_id for one in found.runs})}"),
        (_("Slow days in runs"), f"{slow_days:,}"),
        (
            _("Product-days judged"),
            f"{found.product_days - found.unknown:,}",
            _("Of {unknown} more nobody knows what was prepared.").format(
                unknown=f"{found.unknown:,}"
            ),
        ),
    )
    st.caption(
        _("Only days of the period are looked at: {percent} %, {days} trading days.").format(
            percent=found.percent, days=found.days
        )
    )
    if found.reckoned:
        text = _(
            "On {count} product-days what was prepared was reckoned from the loss rate: such a day "
            "is slow only where the loss is larger than {lost} %."
        )
        st.caption(text.format(count=f"{found.reckoned:,}", lost=100 - found.percent))


def _listing(shop: Shop, rows: Sequence[PeriodRun], name: str, of: str) -> None:
    frame = pd.DataFrame([_row(one) for one in rows])
    if of == _("Category") and rows:
        frame = frame.drop(columns=_("Product"))  # a category has no other name
    show.table(
        frame,
        name,
        shop,
        config={of: st.column_config.TextColumn(pinned=True), **slow.bars(_("Shares"))},
        empty=_("No run of slow days in this period."),
    )


def _row(one: PeriodRun) -> dict[str, object]:
    run = one.run
    return {
        _("Product"): one.name,
        _("Category"): one.category,
        _("First day"): f"{run.first:%Y-%m-%d}",
        _("Last day"): f"{run.last:%Y-%m-%d}",
        _("Slow days"): run.length,
        _("Shares"): slow.shares(run.days),
        _("Sold"): slow.said_amount(run.sold, one.unit, one.measure),
        _("Prepared"): slow.said_amount(run.prepared, one.unit, one.measure),
        _("Sold of it"): slow.share(run),
        _("Measured in"): slow.measured_in(one.measure),
        _("Sold / prepared of each day"): slow.said_days(run.days, one.unit, one.measure),
        _("Reckoned"): run.is_reckoned,
    }
