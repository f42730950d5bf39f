"""The ledger of complaints: which of its parts is looked at, and what they show alike (R31).

The address says it: ``/case_ledger?view=causes`` opens a part, ``&month=2026-09`` a month.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import streamlit as st

from lib.kernel.months import months_later
from lib.service.ledger.causes.rules import TREND_NAMES, Rate, Scored, Trend
from lib.service.ledger.rules import month_before
from lib.shop.shop import Shop
from lib.ui import choice, show
from lib.ui.words import _

MONTHS_BACK = 24


class View(StrEnum):
    """The parts of the page."""

    CASES = "cases"
    CAUSES = "causes"
    FIGURES = "figures"


_TRENDS: dict[Trend, show.State] = {
    Trend.BETTER: "good",
    Trend.SAME: "quiet",
    Trend.WORSE: "late",
    Trend.FEW: "quiet",
    Trend.NONE: "quiet",
}


def heading() -> View:
    """Draw the title and the ways to the parts; return the part to draw."""
    st.title(_("Complaints ledger"))
    names = {
        View.CASES.value: _("Complaints, one by one"),
        View.CAUSES.value: _("Causes of a month"),
        View.FIGURES.value: _("How quickly"),
    }
    asked = st.query_params.get("view", View.CASES.value)
    start = asked if asked in names else View.CASES.value
    chosen = choice.of_views(_("Part of the page"), names, start, f"ledger-view-{start}")
    if chosen != start or "view" in st.query_params:
        st.query_params["view"] = chosen
    return View(chosen)


def choose_month(shop: Shop, usual: int = 0) -> date:
    """Ask for a month and return its first day; the address carries it as ``?month=2026-09``."""
    this = shop.today.replace(day=1)
    months = [months_later(this, -back) for back in range(MONTHS_BACK)]
    return choice.of(
        _("Month"),
        months,
        "month",
        said=show.month,
        written=lambda month: f"{month:%Y-%m}",
        usual=usual,
    )


def rate_said(rate: Rate, month: date) -> str:
    """Return complaints per 100 sold, with the counts; what cannot be scored is said."""
    named = show.month(month)
    if rate.scored is Scored.NOTHING_DELIVERED:
        return _("nothing delivered in {month}").format(month=named)
    if rate.scored is Scored.NOTHING_SOLD:
        return _("nothing sold in {month}").format(month=named)
    if rate.scored is Scored.NOT_YET:
        return _("not yet known in {month}").format(month=named)
    counts = _("{cases} of {sold}").format(cases=rate.cases, sold=rate.sold_units)
    return counts if rate.is_few else f"{rate.per_100} ({counts})"


def trend_said(trend: Trend) -> str:
    """Return how a month stands against the one before."""
    return _(TREND_NAMES[trend])


def trend_badge(trend: Trend) -> None:
    """Show how a month stands against the one before: colour, icon and word say the same."""
    show.state(_TRENDS[trend], trend_said(trend))


def number(value: Decimal | None) -> float | None:
    """Return a rate for a column of numbers."""
    return None if value is None else float(value)


def before(month: date) -> date:
    """Return the month before."""
    return month_before(month)
