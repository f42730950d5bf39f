"""The clocks of after-sales: first reply, solution, delivery of what is owed (R26, R27). Pure.

Clocks run around the clock. Where the shop says so, only its service hours count: several periods
a day, none on closed days. What an awaited photo takes does not count for the solution; it never
moves the first reply. Exactly at its moment nothing is late yet.

A promise once given is kept in the books; what is worked out here is the promise as it is given
(:func:`reply_due`, :func:`solve_due`) and how a pause moves it (:func:`after_pause`).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lib.kernel.clock import at_local, local_day
from lib.kernel.words import N_
from lib.service.after_sales.rules import ClockName
from lib.shop.settings import Settings, Slot

NO_TIME = timedelta(0)


@dataclass(frozen=True)
class Pause:
    """A photo was awaited from ``from_at`` until ``to_at``; None: it still is."""

    from_at: datetime
    to_at: datetime | None = None


class State(StrEnum):
    """How a clock stands. ``STOPPED``: the case was withdrawn before it ran out."""

    LATE = "late"
    SOON = "soon"
    IN_ORDER = "in_order"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"
    STOPPED = "stopped"


STATE_NAMES: dict[State, str] = {
    State.LATE: N_("late (clock)"),
    State.SOON: N_("soon due"),
    State.IN_ORDER: N_("in time (clock)"),
    State.PAUSED: N_("waits for the photo"),
    State.MET: N_("kept"),
    State.MET_LATE: N_("kept late"),
    State.STOPPED: N_("no longer asked for"),
}


@dataclass(frozen=True)
class Clock:
    """One promise: ``due_at``, when it was met, whether it stands still for a photo.

    ``stopped_at``: the case was withdrawn or joined with another; the promise is owed no more.
    """

    name: ClockName
    due_at: datetime
    met_at: datetime | None = None
    paused: bool = False
    stopped_at: datetime | None = None

    def left(self, now: datetime) -> timedelta:
        """Return what is left; negative is how late, for a met clock how late it was met."""
        return self.due_at - (self.met_at or self.stopped_at or now)

    def state(self, now: datetime, warning: timedelta) -> State:
        """Return how it stands at ``now``; ``warning`` before its moment it is soon due."""
        left = self.left(now)
        if self.met_at is not None:
            return State.MET if left >= NO_TIME else State.MET_LATE
        if left < NO_TIME:
            return State.LATE
        if self.stopped_at is not None:
            return State.STOPPED
        if self.paused:
            return State.PAUSED
        return State.SOON if left <= warning else State.IN_ORDER


def reply_due(reported_at: datetime, settings: Settings, closed_days: Collection[date]) -> datetime:
    """Return when the first reply is due (R26)."""
    return later(reported_at, timedelta(minutes=settings.reply_minutes), settings, closed_days)


def solve_due(
    started_at: datetime,
    pauses: Sequence[Pause],
    settings: Settings,
    closed_days: Collection[date],
    now: datetime,
) -> datetime:
    """Return when the solution is due (R27): a pause moves it, an open one with ``now``."""
    due = later(started_at, timedelta(hours=settings.solve_hours), settings, closed_days)
    for pause in joined(pauses, now):
        due = after_pause(due, pause, settings, closed_days, now)
    return due


def after_pause(
    due_at: datetime,
    pause: Pause,
    settings: Settings,
    closed_days: Collection[date],
    now: datetime,
) -> datetime:
    """Return ``due_at`` as ``pause`` moves it: by what of it would have counted.

    A pause that began when the clock had run out moves nothing. Nothing is due before its end.
    """
    if pause.from_at > due_at:
        return due_at
    end = pause.to_at or max(now, pause.from_at)
    lost = counted(pause.from_at, end, settings, closed_days)
    return max(end, later(due_at, lost, settings, closed_days))


def joined(pauses: Sequence[Pause], now: datetime) -> tuple[Pause, ...]:
    """Return pauses in their order, those that overlap as one: nothing counts twice."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.from_at):
        end = pause.to_at or max(now, pause.from_at)
        if found and pause.from_at <= (found[-1].to_at or end):
            found[-1] = Pause(found[-1].from_at, max(found[-1].to_at or end, end))
        else:
            found.append(Pause(pause.from_at, end))
    return tuple(found)


def later(
    start: datetime, amount: timedelta, settings: Settings, closed_days: Collection[date]
) -> datetime:
    """Return the first moment at which ``amount`` has counted since ``start``."""
    if not settings.service_hours_on or amount <= NO_TIME:
        return start + amount
    left = amount
    for begins, ends in _periods(start, settings, closed_days):
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise AssertionError("service hours never end")


def counted(
    start: datetime, end: datetime, settings: Settings, closed_days: Collection[date]
) -> timedelta:
    """Return how much of the time from ``start`` to ``end`` counts."""
    if not settings.service_hours_on:
        return max(end - start, NO_TIME)
    found = NO_TIME
    for begins, ends in _periods(start, settings, closed_days):
        if begins >= end:
            break
        found += min(ends, end) - begins
    return found


def _periods(
    start: datetime, settings: Settings, closed_days: Collection[date]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the service hours from ``start`` on, without end; overlapping ones count once.

    Hours are those of the clock on the wall. An hour that it shows twice begins at its first
    showing.
    """
    zone, closed = settings.time_zone, frozenset(closed_days)
    slots = sorted(settings.service_hours, key=lambda slot: slot.start)
    reached, day = start, local_day(start, zone)
    while True:
        for slot in slots if day not in closed else ():
            begins, ends = _bounds(slot, day, zone)
            if ends > max(begins, reached):
                yield max(begins, reached), ends
                reached = ends
        day += timedelta(days=1)


def _bounds(slot: Slot, day: date, zone_name: str) -> tuple[datetime, datetime]:
    return at_local(day, slot.start, zone_name), at_local(day, slot.end, zone_name)
