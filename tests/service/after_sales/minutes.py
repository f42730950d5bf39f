"""An independent model of the solution clock: it walks minute by minute and knows no shortcut.

It shares nothing with the program but the settings and the pauses: whether a minute counts is asked
of each minute anew.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lib.service.after_sales.clocks import Pause
from lib.shop.settings import Settings

MINUTE = timedelta(minutes=1)


def is_served(moment: datetime, settings: Settings, closed: Collection[date]) -> bool:
    """Whether the minute that begins at ``moment`` is one of service."""
    if not settings.service_hours_on:
        return True
    wall = moment.astimezone(ZoneInfo(settings.time_zone))
    if wall.date() in closed:
        return False
    return any(slot.start <= wall.time() < slot.end for slot in settings.service_hours)


def runs_out(
    start: datetime,
    minutes: int,
    pauses: Sequence[Pause],
    settings: Settings,
    closed: Collection[date],
    now: datetime,
) -> datetime:
    """Return the first moment at which ``minutes`` have counted since ``start``.

    A minute counts when it is one of service and no photo is awaited in it; nothing runs out in a
    pause.
    """
    spans = [(each.from_at, each.to_at or now) for each in pauses]

    def held(moment: datetime) -> bool:
        return any(begins <= moment < ends for begins, ends in spans)

    at, left = start, minutes
    while left or held(at):
        if not held(at) and is_served(at, settings, closed):
            left -= 1
        at += MINUTE
    return at
