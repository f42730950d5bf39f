"""When the lists of who is still to come are due, and how one stands (R22). Pure.

Moments are aware UTC; slots are hours on the shop's wall, whatever the clock of the server says.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lib.kernel.clock import at_local, local_day
from lib.kernel.words import N_
from lib.shop.settings import Settings, Slot

LATE_AFTER = timedelta(minutes=2)
"""A list made later than this was late: the program was off, or the slot had just been changed."""

LOOK_BACK = timedelta(days=7)
"""Lists of so many days are made after a time in which the program was off."""

COUNTS_BEFORE = timedelta(hours=1)
"""A text that somebody sent within this time before a list was due was that reminder."""


class Kind(StrEnum):
    """Before a slot begins, or after it ended."""

    BEFORE = "before"
    AFTER = "after"


KIND_NAMES = {Kind.BEFORE: N_("Reminder"), Kind.AFTER: N_("Second notice")}


class How(StrEnum):
    """How a list was settled; nothing while somebody may still see to it."""

    OPEN = ""
    NOBODY = "nobody"
    MISSED = "missed"
    SENT = "sent"
    ASIDE = "aside"
    OVER = "over"


HOW_NAMES = {
    How.OPEN: N_("waits for you"),
    How.NOBODY: N_("nobody was left to come, nothing sent"),
    How.MISSED: N_("not sent before the slot was over"),
    How.SENT: N_("sent"),
    How.ASIDE: N_("put aside"),
    How.OVER: N_("not sent"),
}

Key = tuple[date, str, Kind]


@dataclass(frozen=True, slots=True)
class Occasion:
    """A list that is to be made: for ``slot`` of ``day``, from ``due_at`` on.

    ``over_at`` is the end of the slot: a reminder after it is no reminder any more.
    """

    day: date
    slot: Slot
    kind: Kind
    due_at: datetime
    over_at: datetime

    @property
    def key(self) -> Key:
        """Day, slot and kind: one list is made for each, once."""
        return self.day, self.slot.key, self.kind

    def is_missed(self, now: datetime) -> bool:
        """Whether it is a reminder whose slot is over."""
        return self.kind is Kind.BEFORE and now >= self.over_at


def occasions(day: date, settings: Settings) -> list[Occasion]:
    """Return the lists of ``day``, two for each slot, in the order they are due."""
    found = [each for slot in settings.slots for each in _of_slot(day, slot, settings)]
    return sorted(found, key=lambda one: (one.due_at, one.slot.start))


def _of_slot(day: date, slot: Slot, settings: Settings) -> tuple[Occasion, Occasion]:
    zone = settings.time_zone
    starts, ends = at_local(day, slot.start, zone), at_local(day, slot.end, zone)
    before = starts - timedelta(minutes=settings.reminder_minutes)
    after = ends + timedelta(minutes=settings.second_notice_minutes)
    return (
        Occasion(day, slot, Kind.BEFORE, before, ends),
        Occasion(day, slot, Kind.AFTER, after, ends),
    )


def days_looked_at(now: datetime, settings: Settings, since: date | None) -> list[date]:
    """Return the days whose lists may be due at ``now``.

    ``since`` is the first day of which lists were made, None for a shop that is new: it has missed
    none. Tomorrow counts, because a reminder may be due hours before a slot in the morning.
    """
    today = local_day(now, settings.time_zone)
    first = min(today, max(since or today, today - LOOK_BACK))
    return [first + timedelta(days=number) for number in range((today - first).days + 2)]


def due(
    days: Sequence[date],
    now: datetime,
    settings: Settings,
    closed: Collection[date],
    made: Collection[Key],
) -> list[Occasion]:
    """Return the lists of ``days`` that are due at ``now`` and not ``made``, in order.

    Nobody is reminded of a closed day.
    """
    return [
        one
        for day in days
        if day not in closed
        for one in occasions(day, settings)
        if one.due_at <= now and one.key not in made
    ]


def is_over(day: date, slot: str, kind: Kind, settings: Settings, now: datetime) -> bool:
    """Whether the time of a list is over: a reminder's with its slot, the other's after a week.

    A slot that no longer exists is over.
    """
    if kind is Kind.AFTER:
        return local_day(now, settings.time_zone) > day + LOOK_BACK
    found = settings.slot(slot)
    return found is None or now >= at_local(day, found.end, settings.time_zone)


def last_slot(settings: Settings) -> Slot:
    """Return the day's last slot: whoever said none is expected by its end."""
    return max(settings.slots, key=lambda slot: (slot.end, slot.start))


def slot_called(slot: str | None, settings: Settings) -> str:
    """Return the key of the slot on whose list an order stands; the last one where none is said."""
    return slot if slot is not None and settings.slot(slot) else last_slot(settings).key


@dataclass(frozen=True, slots=True)
class Called:
    """An order on a list, as it was called then: its number, and its home if it had one."""

    order_id: int
    number: int
    called: str


@dataclass(frozen=True, slots=True)
class Since:
    """What became of those on a list: ``gone`` collected or moved away, ``new`` came to it."""

    gone: tuple[Called, ...]
    new: tuple[int, ...]


def since(then: Sequence[Called], now: Mapping[int, str]) -> Since:
    """Compare a list with who is to come ``now`` (order → how it is called)."""
    known = {one.order_id for one in then}
    return Since(
        gone=tuple(one for one in then if one.order_id not in now),
        new=tuple(order_id for order_id in now if order_id not in known),
    )


def is_late(due_at: datetime, made_at: datetime) -> bool:
    """Whether a list was made late."""
    return made_at - due_at > LATE_AFTER
