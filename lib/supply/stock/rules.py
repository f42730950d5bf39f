"""Decisions on stock: which batch goods are taken from (E4). Pure.

Quantities are grams or sale units.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_


class Kind(StrEnum):
    """Why stock moves. ``ASSIGNED`` moves what had no batch into one, and adds up to nothing."""

    RECEIVED = "received"
    SOLD = "sold"
    WASTED = "wasted"
    SENT_BACK = "sent_back"
    RETURNED = "returned"
    REDEEMED = "redeemed"
    COUNTED = "counted"
    ASSIGNED = "assigned"


KIND_NAMES: dict[Kind, str] = {
    Kind.RECEIVED: N_("received"),
    Kind.SOLD: N_("sold"),
    Kind.WASTED: N_("wasted"),
    Kind.SENT_BACK: N_("sent back"),
    Kind.RETURNED: N_("returned by a resident"),
    Kind.REDEEMED: N_("given without payment"),
    Kind.COUNTED: N_("found by a count"),
    Kind.ASSIGNED: N_("assigned to a batch"),
}


class Waste(StrEnum):
    """Why goods were thrown away; anything else is said in words."""

    SPOILED = "spoiled"
    BROKEN = "broken"
    PAST_DATE = "past_date"
    GIVEN = "given"
    OTHER = "other"


WASTE_NAMES: dict[Waste, str] = {
    Waste.SPOILED: N_("spoiled"),
    Waste.BROKEN: N_("broken"),
    Waste.PAST_DATE: N_("past its date"),
    Waste.GIVEN: N_("tasted or given away"),
    Waste.OTHER: N_("something else"),
}

UNDOABLE = frozenset(
    {Kind.SOLD, Kind.WASTED, Kind.SENT_BACK, Kind.RETURNED, Kind.COUNTED, Kind.ASSIGNED}
)
"""What a person enters at the shelf and may take back there. Deliveries, handovers and redeemed
points are taken back where they were entered."""

LONGEST_REASON = 200

MARK_BACK_DAYS = 14
"""Who marks a day as sold out remembers it: two weeks back, not a year."""

TO_RESIDENTS = (Kind.SOLD, Kind.REDEEMED)
"""Goods leave the shop for somebody's table: nothing stopped or expired may go."""


@dataclass(frozen=True)
class Lot:
    """What is left of one batch. ``printed``: ``best_before`` stands on the package and binds."""

    batch_id: int
    code: str
    on_hand: int
    arrived_on: date
    best_before: date | None = None
    printed: bool = False
    stopped: bool = False

    def may_go(self, today: date) -> bool:
        """Whether goods of it may be given to a resident ``today``."""
        expired = self.printed and self.best_before is not None and self.best_before < today
        return not (self.stopped or expired)


@dataclass(frozen=True)
class Part:
    """A part of what is taken: of a batch, or of none where nothing was booked in."""

    batch_id: int | None
    quantity: int


@dataclass(frozen=True)
class Allocation:
    """Where a quantity comes from, and lots that have goods which may not go."""

    parts: tuple[Part, ...]
    blocked: tuple[Lot, ...]

    @property
    def loose(self) -> int:
        """How much of it no batch covers."""
        return sum(part.quantity for part in self.parts if part.batch_id is None)


def order_of_leaving(lot: Lot) -> tuple[bool, date, date, int]:
    """Sort key: earliest expiry first, those without a date last, then the oldest."""
    return (lot.best_before is None, lot.best_before or date.max, lot.arrived_on, lot.batch_id)


def allocate(
    lots: Iterable[Lot],
    quantity: int,
    today: date,
    *,
    first: int | None = None,
    to_residents: bool = True,
) -> Allocation:
    """Take ``quantity`` from ``lots``, earliest expiry first; what they lack has no batch.

    ``first`` names the batch that was chosen by hand and is emptied first. The parts add up to
    ``quantity``. With ``to_residents`` stopped and expired lots are left alone and named.
    """
    chosen = sorted(
        (lot for lot in lots if lot.on_hand > 0),
        key=lambda lot: (lot.batch_id != first, *order_of_leaving(lot)),
    )
    usable = [lot for lot in chosen if not to_residents or lot.may_go(today)]
    parts, missing = [], quantity
    for lot in usable:
        taken = min(lot.on_hand, missing)
        if taken:
            parts.append(Part(lot.batch_id, taken))
            missing -= taken
    if missing:
        parts.append(Part(None, missing))
    blocked = tuple(lot for lot in chosen if lot not in usable)
    return Allocation(tuple(parts), blocked)


def settle(
    lots: Sequence[Lot], loose: int, difference: int, newest: int | None, today: date
) -> tuple[Part, ...]:
    """Return where a count's ``difference`` goes; the signed parts add up to it.

    What is missing is taken earliest expiry first, stopped goods too. What was found besides makes
    up for goods that left without a batch (a negative ``loose``) and else lies in the ``newest``
    batch, or in none where nothing ever came in.
    """
    if difference < 0:
        found = allocate(lots, -difference, today, to_residents=False)
        return tuple(Part(part.batch_id, -part.quantity) for part in found.parts)
    owed = min(difference, max(-loose, 0))
    parts = (Part(None, owed), Part(newest, difference - owed))
    return tuple(part for part in parts if part.quantity)


def waste_reason(why: Waste, words: str) -> str:
    """Return the reason as it is kept; raises ``Refused`` when something else is not said."""
    said = clean(words, LONGEST_REASON)
    if why is not Waste.OTHER:
        return why.value
    if not said:
        raise Refused(N_("Say in a few words why it was thrown away."))
    return said


def days_left(best_before: date | None, today: date) -> int | None:
    """Return in how many days goods end; 0 on the last day, negative after it, None for no date."""
    return None if best_before is None else (best_before - today).days


def typed_amount(count: float | None, unit: Unit) -> int | None:
    """Return ``count`` units typed into a field as grams or sale units, zero too; None for none.

    Raises ``Refused`` when that is no whole quantity or negative. A field is a float; its shortest
    decimal spelling is what the person typed.
    """
    if count is None or math.isnan(count):
        return None
    try:
        return 0 if count == 0 else unit.amount(f"{count:.12g}")
    except (ValueError, ArithmeticError) as error:
        raise Refused(
            N_("{count} {unit} is not a whole quantity."), count=f"{count:g}", unit=unit.word
        ) from error
