"""Decisions on owed goods (欠补): what is to be given, on which day, and how late it is. Pure.

Quantities are integer grams (goods sold by weight) or sale units.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.profiles.rules import Home
from lib.shop.settings import Settings

LONGEST_REASON = 200
FURTHEST_PLAN_DAYS = 60
"""Owed goods are given within weeks; a day further ahead is a slip of the finger."""


class Source(StrEnum):
    """Why goods are owed: a case of after-sales (R29), later points redeemed (R37)."""

    CASE = "case"
    POINTS = "points"


class Age(StrEnum):
    """How owed goods stand with the day they were promised for."""

    LATE = "late"
    SOON = "soon"
    IN_ORDER = "in_order"


@dataclass(frozen=True, slots=True)
class Owed:
    """Goods a resident has coming beside what was ordered.

    ``quantity`` was promised, ``given`` is the sum of the ledger, ``picked`` what was put out.
    ``order_id`` is the resident's next order, which they join; None while there is none: then they
    wait for ``pick_day`` by themselves. ``slot`` and ``round_id`` are those of that order; an order
    that waits uncollected from an earlier day has no slot any more. ``due_at`` (UTC) is the
    promise.
    """

    id: int
    member_id: int
    name: str
    home: Home
    phone_tail: str
    initials: str
    case_id: int | None
    product_id: int
    product: str
    category: str
    fresh: bool
    fragile: bool
    unit: Unit
    quantity: int
    given: int
    picked: int
    due_at: datetime
    pick_day: date
    order_id: int | None
    slot: str | None
    round_id: int | None
    source: Source
    note: str
    version: int

    @property
    def open(self) -> int:
        """What is still to be given."""
        return max(self.quantity - self.given, 0)

    @property
    def to_pick(self) -> int:
        """What of it still has to be put out."""
        return max(self.quantity - max(self.picked, self.given), 0)

    def age(self, now: datetime, settings: Settings) -> Age:
        """Return whether the promise is broken, runs out soon, or holds at ``now``."""
        if self.due_at < now:
            return Age.LATE
        warned = self.due_at - timedelta(days=settings.owed_warning_days)
        return Age.SOON if warned <= now else Age.IN_ORDER


@dataclass(frozen=True, slots=True)
class Coming:
    """An order to be collected: its day, slot and round."""

    order_id: int
    day: date
    slot: str | None
    round_id: int | None


def next_order(orders: Iterable[Coming], today: date) -> Coming | None:
    """Return the order that owed goods join: the earliest from ``today`` on, first placed first.

    Without one the latest that still waits uncollected: who comes for it takes them along.
    """
    found = list(orders)
    ahead = [one for one in found if one.day >= today]
    if ahead:
        return min(ahead, key=lambda one: (one.day, one.order_id))
    return max(found, key=lambda one: (one.day, -one.order_id), default=None)


def due_at(promised_at: datetime, settings: Settings) -> datetime:
    """Return until when goods promised at ``promised_at`` are to be given (R29)."""
    return promised_at + timedelta(days=settings.owed_days)


def checked_give(product: str, unit: Unit, still: int, quantity: int) -> None:
    """Raise ``Refused`` unless ``quantity`` of what is ``still`` open may be given."""
    if not still:
        raise Refused(N_("Nothing of these owed goods is left to give."))
    if quantity <= 0:
        raise Refused(N_("Choose what is handed over first."))
    if quantity > still:
        raise Refused(
            N_("Of {product} only {left} is left to hand over."),
            product=product,
            left=unit.said(still),
        )


def checked_day(day: date | None, today: date) -> date | None:
    """Return the day goods are planned for; raises ``Refused`` for one that is over or far ahead.

    None lets them wait for the resident's next order, or today.
    """
    if day is None:
        return None
    if day < today:
        raise Refused(N_("That day is over. Choose today or a later day."))
    if day > today + timedelta(days=FURTHEST_PLAN_DAYS):
        raise Refused(N_("Choose a day within {days} days."), days=FURTHEST_PLAN_DAYS)
    return day


def checked_reason(text: str) -> str:
    """Return why a promise is taken back; raises ``Refused`` when nothing is said."""
    kept = clean(text, LONGEST_REASON)
    if not kept:
        raise Refused(N_("Say why it is not owed any more, for example: refunded instead."))
    return kept
