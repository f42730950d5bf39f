"""Until when goods that nobody came for are kept (R22). Pure.

Fresh goods never longer than the setting ``keep_fresh_days`` after their pickup day: where the last
of these days is closed, until the open day before it. Other goods ``keep_other_days``: where that
day is closed, until the next open one. Of one order the earliest day counts.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from lib.service.picking.rules import Line
from lib.shop.settings import Settings
from lib.trade.rounds.rules import next_open_day

LEAST_LEFT_OVER = timedelta(days=7)


def keep_until(
    lines: Sequence[Line], day: date, settings: Settings, closed: Collection[date]
) -> date | None:
    """Return the last day on which what is outstanding of ``lines`` is kept for the resident.

    ``day`` is the pickup day, ``closed`` the closed days around it. None when nothing is
    outstanding.
    """
    kept = [
        _fresh(day, settings, closed) if line.fresh else _other(day, settings, closed)
        for line in lines
        if line.outstanding
    ]
    return min(kept, default=None)


def _fresh(day: date, settings: Settings, closed: Collection[date]) -> date:
    last = day + timedelta(days=settings.keep_fresh_days)
    while last > day and last in closed:
        last -= timedelta(days=1)
    return last


def _other(day: date, settings: Settings, closed: Collection[date]) -> date:
    return next_open_day(day + timedelta(days=settings.keep_other_days), closed)


def left_over_days(settings: Settings) -> timedelta:
    """Return how far back goods nobody came for are looked for: a week, or as long as they keep."""
    longest = max(settings.keep_fresh_days, settings.keep_other_days)
    return max(LEAST_LEFT_OVER, timedelta(days=longest + 1))
