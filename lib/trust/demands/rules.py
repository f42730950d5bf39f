"""Decisions on wishes: their states, their clock, who asked. Pure.

What can be met is on offer within three days of the first resident who asked (R16); what cannot is
answered with a reason and the day of the next answer (R17). The clock runs around the clock and
stops when the wish is on offer or answered. What was late stays late: opening a wish again erases
no breach.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lib.kernel.clock import at_local, local_day
from lib.kernel.errors import Refused
from lib.kernel.text import clean, folded
from lib.kernel.words import N_

LONGEST_TITLE = 40
LONGEST_NAME = 40
LONGEST_SAID = 300
LONGEST_NOTE = 500
LONGEST_REASON = 200
FURTHEST_DAYS = 365
"""A next answer further away is a slip in the date."""
MOST_WISHES = 500
"""Wishes brought in at once."""


class Status(StrEnum):
    """Where a wish stands."""

    NEW = "new"
    CHECKING = "checking"
    OFFERED = "offered"
    NOT_YET = "not_yet"
    DECLINED = "declined"


STATUS_NAMES: dict[Status, str] = {
    Status.NEW: N_("New wish"),
    Status.CHECKING: N_("Checking"),
    Status.OFFERED: N_("On offer"),
    Status.NOT_YET: N_("Not yet"),
    Status.DECLINED: N_("Cannot be had"),
}

OPEN = frozenset({Status.NEW, Status.CHECKING})
ANSWERED = frozenset({Status.OFFERED, Status.NOT_YET, Status.DECLINED})

MOVES: dict[Status, tuple[Status, ...]] = {
    Status.NEW: (Status.CHECKING, Status.OFFERED, Status.NOT_YET, Status.DECLINED),
    Status.CHECKING: (Status.OFFERED, Status.NOT_YET, Status.DECLINED, Status.NEW),
    Status.NOT_YET: (Status.CHECKING, Status.OFFERED, Status.NOT_YET, Status.DECLINED),
    Status.DECLINED: (Status.NEW,),
    Status.OFFERED: (Status.CHECKING,),
}
"""Where a wish may go from each state, the usual way first. On offer needs a product."""


class Source(StrEnum):
    """How a wish came in."""

    CHAT = "chat"
    TYPED = "typed"
    TOPIC = "topic"
    PAGE = "page"


SOURCE_NAMES: dict[Source, str] = {
    Source.CHAT: N_("from the chat"),
    Source.TYPED: N_("typed in"),
    Source.TOPIC: N_("answer to a topic"),
    Source.PAGE: N_("from the price page"),
}


@dataclass(frozen=True)
class NewWish:
    """One resident's wish as it comes in: ``name`` as used in the group, may be empty.

    ``said`` is what was written, ``asked_at`` when (UTC). ``member_id`` where somebody chose the
    member; otherwise a name that only one member bears is taken for that member.
    """

    name: str
    said: str
    source: Source
    asked_at: datetime
    member_id: int | None = None


@dataclass(frozen=True)
class Move:
    """A change of state: ``reason`` and ``next_on`` as the target state keeps them."""

    status: Status
    reason: str = ""
    next_on: date | None = None


class Pace(StrEnum):
    """How a deadline stands."""

    LATE = "late"
    SOON = "soon"
    IN_ORDER = "in_order"


class Outcome(StrEnum):
    """What became of the promise of R16 and R17 for one wish."""

    OFFERED_IN_TIME = "offered_in_time"
    OFFERED_LATE = "offered_late"
    ANSWERED_IN_TIME = "answered_in_time"
    ANSWERED_LATE = "answered_late"
    OPEN = "open"
    OPEN_LATE = "open_late"


def checked_title(title: str) -> str:
    """Return the title on one line; raises ``Refused`` when it is empty or too long."""
    kept = clean(title, 200)
    if not kept:
        raise Refused(N_("Write what is wished for, for example 现磨芝麻酱."))
    if len(kept) > LONGEST_TITLE:
        raise Refused(N_("Write it in at most {count} characters."), count=LONGEST_TITLE)
    return kept


def folded_title(title: str) -> str:
    """Return the title for comparing: two spellings of one wish fold to the same."""
    return folded(title)


def checked_wish(wish: NewWish, now: datetime) -> NewWish:
    """Return ``wish`` cleaned; a moment that lies ahead (a phone's wrong clock) becomes ``now``."""
    return NewWish(
        clean(wish.name.lstrip("@＠ "), LONGEST_NAME),
        clean(wish.said, LONGEST_SAID, lines=True),
        Source(wish.source),
        min(wish.asked_at, now),
        wish.member_id,
    )


def check_count(count: int) -> None:
    """Raise ``Refused`` for more wishes than one save takes."""
    if count > MOST_WISHES:
        raise Refused(N_("At most {count} wishes at once."), count=MOST_WISHES)


def checked_move(now_at: Status, wanted: Move, today: date) -> Move:
    """Return ``wanted`` as it may be saved from state ``now_at``; raises ``Refused``.

    "Not yet" needs a reason and the day of the next answer after ``today`` (R17), declining a
    reason. On offer is reached with a product only.
    """
    if wanted.status is Status.OFFERED:
        raise Refused(N_("Choose the product that is on offer."))
    if wanted.status not in MOVES[now_at]:
        raise Refused(N_("The wish stands elsewhere by now. Look at its new state."))
    reason = clean(wanted.reason, LONGEST_REASON)
    if wanted.status is Status.NOT_YET:
        return Move(Status.NOT_YET, _reasoned(reason), checked_next(wanted.next_on, today))
    if wanted.status is Status.DECLINED:
        return Move(Status.DECLINED, _reasoned(reason))
    return Move(wanted.status, reason)


def checked_next(next_on: date | None, today: date) -> date:
    """Return the day of the next answer; raises ``Refused`` for none, one not ahead, a slip."""
    if next_on is None:
        raise Refused(N_("Say on which day residents hear from you again."))
    if next_on <= today:
        raise Refused(N_("The day of the next answer must come after today."))
    if (next_on - today).days > FURTHEST_DAYS:
        raise Refused(N_("That day is more than a year away. Check the date."))
    return next_on


def _reasoned(reason: str) -> str:
    if not reason:
        raise Refused(N_("Write the reason: residents read it."))
    return reason


@dataclass(frozen=True)
class Clock:
    """What the deadline of a wish depends on.

    ``promised_on`` is the day promised for an answer: of a wish that is "not yet", and of one that
    was opened again after it had been answered.
    """

    status: Status
    first_asked_at: datetime
    answered_at: datetime | None = None
    promised_on: date | None = None


def due_at(first_asked_at: datetime, hours: int) -> datetime:
    """Return when a wish must be on offer or answered: ``hours`` after the first who asked."""
    return first_asked_at + timedelta(hours=hours)


def next_due(clock: Clock, hours: int, zone_name: str) -> datetime | None:
    """Return when the shop owes residents the next answer; None when it owes none.

    A wish never answered: ``hours`` after the first who asked. One that is "not yet", or was
    opened again: the end of the day that was promised.
    """
    if clock.status in (Status.OFFERED, Status.DECLINED):
        return None
    if clock.promised_on is not None and (
        clock.status is Status.NOT_YET or clock.answered_at is not None
    ):
        return at_local(clock.promised_on + timedelta(days=1), time(), zone_name)
    return due_at(clock.first_asked_at, hours)


def pace(due: datetime, now: datetime, warning_hours: int) -> Pace:
    """Return how a deadline stands at ``now``; exactly at it nothing is late yet."""
    if now > due:
        return Pace.LATE
    return Pace.SOON if due - now <= timedelta(hours=warning_hours) else Pace.IN_ORDER


def has_come_back(status: Status, next_on: date | None, today: date) -> bool:
    """Whether residents were promised an answer by today (R17)."""
    return status is Status.NOT_YET and next_on is not None and next_on <= today


def promised_after(now_at: Status, now: datetime, hours: int, zone_name: str) -> date | None:
    """Return the day promised for a wish opened again at ``now``; None where the old one stands.

    "Not yet" keeps the day residents were told; a declined wish and one that went off sale get the
    usual hours anew.
    """
    if now_at is Status.NOT_YET:
        return None
    return local_day(now + timedelta(hours=hours), zone_name)


def is_slip(answered_at: datetime | None, now: datetime, zone_name: str, *, told: bool) -> bool:
    """Whether an answer taken back at ``now`` was a slip that never counted.

    It was given on the same day and nobody was ``told``: what nobody heard of is no answer. An
    answer that was late stays late either way, because the next one comes later still.
    """
    if answered_at is None or told:
        return False
    return local_day(answered_at, zone_name) == local_day(now, zone_name)


def outcome(
    first_asked_at: datetime,
    offered_at: datetime | None,
    answered_at: datetime | None,
    hours: int,
    now: datetime,
) -> Outcome:
    """Return what became of the promise, from the first offer and the first answer ever.

    A wish answered in time with "not yet" counts as answered, whenever it is on offer later. At
    exactly the deadline it is in time.
    """
    due = due_at(first_asked_at, hours)
    if offered_at is not None and offered_at <= due:
        return Outcome.OFFERED_IN_TIME
    if answered_at is not None and answered_at <= due:
        return Outcome.ANSWERED_IN_TIME
    if offered_at is not None and offered_at == answered_at:
        return Outcome.OFFERED_LATE
    if answered_at is not None:
        return Outcome.ANSWERED_LATE
    return Outcome.OPEN_LATE if now > due else Outcome.OPEN


def leaves_after(now: datetime, days: int) -> datetime:
    """Return the moment before which answered wishes have left the board: ``days`` ago."""
    return now - timedelta(days=days)


def earliest(moments: Iterable[datetime]) -> datetime:
    """Return when the first of several asked."""
    return min(moments)
