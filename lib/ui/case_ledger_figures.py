"""How quickly complaints are answered and solved, month by month (R26, R27, R30)."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.service.ledger.figures.queries import figures
from lib.service.ledger.figures.rules import MonthFigures
from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.words import _


def draw(shop: Shop) -> None:
    """Draw the present month, then the months before it."""
    found = figures(shop)
    if not any(each.service.reports for each in found):
        show.nothing(
            _("Nobody complained in twelve months."),
            _("From the first case on, this page counts how the promises were kept."),
        )
        return
    this = found[0]
    st.subheader(show.month(this.service.month), anchor=False)
    settings = shop.settings
    show.figures(
        (_("Complaints"), str(this.service.reports)),
        (
            _("Answered in time"),
            _part(this.service.answered_in_time, this.service.replies),
            _("First reply within {minutes} minutes. Running ones wait.").format(
                minutes=settings.reply_minutes
            ),
        ),
        (
            _("Solved within the promise"),
            _part(this.service.solved_in_time, this.service.solutions),
            _("Within {hours} hours, an awaited photo left out. Running ones wait.").format(
                hours=settings.solve_hours
            ),
        ),
        (_("Median to the first reply"), _minutes(this.reply_minutes)),
        (_("Median to the solution"), _hours(this.solution_hours)),
        (_("Content when asked"), _part(this.content, this.asked)),
    )
    _table(shop, found[: _last_told(found) + 1])
    st.caption(
        _(
            "A month counts the complaints told in it, joined doubles once. Withdrawn ones are "
            "left out, unless a promise to them had run out before: that stays counted."
        )
    )


def _last_told(found: Sequence[MonthFigures]) -> int:
    """Return the place of the oldest month in which somebody complained."""
    return max(place for place, each in enumerate(found) if each.service.reports or not place)


def _part(part: int, whole: int) -> str:
    return _("{part} of {whole}").format(part=part, whole=whole) if whole else "—"


def _minutes(count: int | None) -> str:
    return "—" if count is None else _("{minutes} min").format(minutes=count)


def _hours(count: int | None) -> str:
    if count is None:
        return "—"
    return _("{hours} h").format(hours=count) if count else _("under 1 h")


def _table(shop: Shop, found: Sequence[MonthFigures]) -> None:
    """Show the months so that they fit a screen; the file has every count in a column."""
    rows = [
        {
            _("Month"): f"{each.service.month:%Y-%m}",
            _("Complaints"): each.service.reports,
            _("Answered in time"): _part(each.service.answered_in_time, each.service.replies),
            _("Solved in time"): _part(each.service.solved_in_time, each.service.solutions),
            _("First reply"): _minutes(each.reply_minutes),
            _("Solution after"): _hours(each.solution_hours),
            _("Ran out"): each.breaches,
            _("Reopened"): each.reopened,
            _("Content"): _part(each.content, each.asked),
        }
        for each in found
    ]
    config = {
        _("Month"): st.column_config.TextColumn(pinned=True),
        _("First reply"): st.column_config.TextColumn(help=_("Median to the first reply")),
        _("Solution after"): st.column_config.TextColumn(help=_("Median to the solution")),
        _("Ran out"): st.column_config.NumberColumn(help=_("Promises that ran out")),
        _("Content"): st.column_config.TextColumn(help=_("Content when asked")),
    }
    show.table(
        pd.DataFrame(rows),
        "complaint-figures",
        shop,
        config=config,
        whole=lambda: _every_count(found),
    )


def _every_count(found: Sequence[MonthFigures]) -> pd.DataFrame:
    rows = [
        {
            _("Month"): f"{each.service.month:%Y-%m}",
            _("Complaints"): each.service.reports,
            _("Answered in time"): each.service.answered_in_time,
            _("Answered late or not"): each.service.answered_late_or_due,
            _("Solved within the promise"): each.service.solved_in_time,
            _("Solved late or not"): each.service.solved_late_or_due,
            _("Time still runs"): each.service.running,
            _("Median to the first reply (min)"): each.reply_minutes,
            _("Median to the solution (h)"): each.solution_hours,
            _("Promises that ran out"): each.breaches,
            _("Opened again"): each.reopened,
            _("Content when asked"): each.content,
            _("Asked and answered"): each.asked,
        }
        for each in found
    ]
    return pd.DataFrame(rows)
