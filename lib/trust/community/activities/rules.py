"""Decisions about activities (R12): what is asked of a plan, checklists, cost per head. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lib.kernel.clock import at_local
from lib.kernel.errors import Refused
from lib.kernel.money import Money, ratio
from lib.kernel.text import clean
from lib.kernel.words import N_

LONGEST_TITLE = 60
LONGEST_PLACE = 80
LONGEST_NOTE = 1000
LONGEST_TASK = 120
MOST_TASKS = 40
MOST_HEADS = 10_000
MOST_COST = Money(100_000_00)
EARLIEST, FURTHEST = timedelta(days=366), timedelta(days=366)
"""How far back an activity may be written down afterwards, and how far ahead planned."""

_NUMBER = re.compile(r"^\s*\d{1,3}\s*[.、)）．]\s*")
_WITH = re.compile(r"\s*[+＋]\s*\d{1,2}\s*$")
_CLOCK = re.compile(r"(\d{1,2})\s*[:：.]\s*(\d{2})|(\d{1,2})")


class Kind(StrEnum):
    """What sort of activity it is."""

    WORKSHOP = "workshop"
    SWAP = "swap"
    TASTING = "tasting"
    OTHER = "other"


class Status(StrEnum):
    """How far an activity is."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


KIND_NAMES: dict[Kind, str] = {
    Kind.WORKSHOP: N_("Craft workshop for families"),
    Kind.SWAP: N_("Neighbours' swap"),
    Kind.TASTING: N_("Tasting"),
    Kind.OTHER: N_("Other activity"),
}
STATUS_NAMES: dict[Status, str] = {
    Status.PLANNED: N_("planned"),
    Status.HELD: N_("held"),
    Status.CANCELLED: N_("cancelled"),
}

_BEFORE = (
    N_("Fix the day, the time and the place"),
    N_("Announce it in the group"),
)
_AFTER = (
    N_("Count heads and note who came"),
    N_("Clean up and put things back"),
    N_("Ask the parents before photos of children are published"),
    N_("Thank everybody in the group"),
)
TEMPLATES: dict[Kind, tuple[str, ...]] = {
    Kind.WORKSHOP: (
        *_BEFORE,
        N_("Try the craft out once and note how long it takes"),
        N_("Buy the materials, a few more than expected heads"),
        N_("Round scissors, aprons, wet wipes, water to drink"),
        N_("Tables and chairs, a place out of the sun and the traffic"),
        *_AFTER,
    ),
    Kind.SWAP: (
        *_BEFORE,
        N_("Write down what may be swapped: clean, whole, no food, no medicine"),
        N_("Tables, labels and pens for names of things"),
        N_("Agree where the things go that nobody takes"),
        *_AFTER,
    ),
    Kind.TASTING: (
        *_BEFORE,
        N_("Choose the goods and order them"),
        N_("Cups, toothpicks, napkins, a bin"),
        N_("Write down what is in it, for those with allergies"),
        N_("Wash hands, cover the food, keep cold what must be cold"),
        *_AFTER,
    ),
    Kind.OTHER: (
        *_BEFORE,
        N_("List the materials and get them"),
        *_AFTER,
    ),
}
"""The checklist an activity begins with, as msgids."""


@dataclass(frozen=True)
class Details:
    """An activity as it is typed. ``starts`` is a wall time, ``note`` is read by the group.

    ``cost`` is what it costs the shop in all, None while nobody knows.
    """

    kind: Kind
    title: str
    day: date
    starts: str = ""
    place: str = ""
    materials: str = ""
    note: str = ""
    cost: Money | None = None
    expected_heads: int | None = None

    def checked(self, today: date) -> "Details":
        """Return it cleaned; raises ``Refused`` with what is missing or cannot be."""
        title = clean(self.title, LONGEST_TITLE)
        if not title:
            raise Refused(N_("Give the activity a title."))
        if not today - EARLIEST <= self.day <= today + FURTHEST:
            raise Refused(N_("The day lies more than a year away. Is it right?"))
        return replace(
            self,
            kind=Kind(self.kind),
            title=title,
            starts=wall_time(self.starts),
            place=clean(self.place, LONGEST_PLACE),
            materials=clean(self.materials, LONGEST_NOTE, lines=True),
            note=clean(self.note, LONGEST_NOTE, lines=True),
            cost=checked_cost(self.cost),
            expected_heads=checked_heads(self.expected_heads),
        )


def wall_time(text: str) -> str:
    """Return a time as people type it, ``9:00`` or ``15``, as ``09:00``; empty stays empty.

    Raises ``Refused`` for anything that is no time of the day.
    """
    bare = clean(text, 20)
    if not bare:
        return ""
    found = _CLOCK.fullmatch(bare)
    hour, minute = (int(found[1] or found[3]), int(found[2] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise Refused(N_("{text} is not a time of the day, like 15:00."), text=bare)
    return f"{hour:02}:{minute:02}"


def checked_heads(heads: int | None) -> int | None:
    """Return a head count that can be; raises ``Refused``."""
    if heads is not None and not 0 <= heads <= MOST_HEADS:
        raise Refused(N_("A head count lies between 0 and {most}."), most=MOST_HEADS)
    return heads


def checked_cost(cost: Money | None) -> Money | None:
    """Return a cost that can be; raises ``Refused``."""
    if cost is not None and not 0 <= cost.fen <= MOST_COST.fen:
        raise Refused(N_("The cost cannot be right: {cost}."), cost=str(cost))
    return cost


def checked_tasks(texts: Iterable[str]) -> list[str]:
    """Return the lines of a checklist, cleaned, each once, without empty ones.

    Raises ``Refused`` for too many.
    """
    lines = dict.fromkeys(line for text in texts if (line := clean(text, LONGEST_TASK)))
    if len(lines) > MOST_TASKS:
        raise Refused(N_("A checklist has at most {most} lines."), most=MOST_TASKS)
    return list(lines)


def cost_per_head(cost: Money | None, heads: int | None) -> Money | None:
    """Return what it cost per person who came, half-up; None when one of the two is not known."""
    if cost is None or not heads:
        return None
    return Money(ratio(cost.fen, heads))


@dataclass(frozen=True)
class Window:
    """The time before and after an activity in which orders are compared; half-open, UTC."""

    before: datetime
    at: datetime
    until: datetime


def window(day: date, starts: str, days: int, zone_name: str) -> Window:
    """Return ``days`` times 24 hours on both sides of the activity's beginning.

    Without a time it begins with its day, so that orders of that day count as after.
    """
    begins = time.fromisoformat(starts) if starts else time(0, 0)
    at = at_local(day, begins, zone_name)
    return Window(at - timedelta(days=days), at, at + timedelta(days=days))


@dataclass(frozen=True)
class Orders:
    """Orders of guests in one window: how many, of how many guests, for how much."""

    count: int = 0
    guests: int = 0
    amount: Money = Money(0)


def days_over(window_: Window, now: datetime) -> int:
    """Return how many whole days of the time after the activity are over."""
    over = min(now, window_.until) - window_.at
    return max(over.days, 0)


def split_names(text: str) -> list[str]:
    """Return the names in pasted lines or a list with commas, each once, in their order.

    A number before a name (``3. 小李``), an @ and a ``+1`` after it are left out.
    """
    lines = (_NUMBER.sub("", line) for line in clean(text, 10_000, lines=True).split("\n"))
    names = (_bare(name) for line in lines for name in re.split(r"[,，、;；\t]+", line))
    return list(dict.fromkeys(name for name in names if name))


def _bare(name: str) -> str:
    return clean(_WITH.sub("", name).strip().lstrip("@＠ "), 60)
