"""Decisions on purchase orders: cases, minimums, what is still to come (E3). Pure.

Quantities are grams or sale units, prices per sale unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.kernel.words import N_

LONGEST_NOTE = 500
MOST_LINES = 200
LARGEST_QUANTITY = 100_000_000
"""A hundred tons: beyond it a quantity is a typing slip."""


class Status(StrEnum):
    """How far a purchase order is."""

    DRAFT = "draft"
    SENT = "sent"
    CLOSED = "closed"
    CANCELLED = "cancelled"


STATUS_NAMES: dict[Status, str] = {
    Status.DRAFT: N_("not sent yet"),
    Status.SENT: N_("on its way"),
    Status.CLOSED: N_("finished"),
    Status.CANCELLED: N_("cancelled"),
}

OPEN = (Status.DRAFT, Status.SENT)
"""Orders of which goods may still come."""


@dataclass(frozen=True)
class WantedLine:
    """So much of one product to be ordered.

    ``needed`` is what is wanted, ``quantity`` what is ordered after rounding to cases; without it
    the order rounds ``needed`` up itself. ``suggested`` is what the plan said, ``why`` the figures
    of its sentence.
    """

    product_id: int
    needed: int
    quantity: int | None = None
    suggested: int | None = None
    why: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class WantedOrder:
    """A purchase order to be made: whom it goes to, when it should come, and what.

    ``again`` allows another order for a round or a plan day that has one from this supplier.
    """

    supplier_id: int
    expected_on: date
    lines: tuple[WantedLine, ...]
    round_id: int | None = None
    plan_day: date | None = None
    note: str = ""
    again: bool = False


@dataclass(frozen=True)
class Cases:
    """``needed`` rounded to whole cases: ordered 47, cases of 10 → 50, 3 left over (E3)."""

    needed: int
    quantity: int
    case: int | None

    @property
    def count(self) -> int | None:
        """How many cases; None without a case size or when it is no whole number of them."""
        if self.case is None or self.quantity % self.case:
            return None
        return self.quantity // self.case

    @property
    def left_over(self) -> int:
        """What comes beyond the need."""
        return max(0, self.quantity - self.needed)

    @property
    def missing(self) -> int:
        """What the need lacks."""
        return max(0, self.needed - self.quantity)


def in_cases(needed: int, case: int | None, *, down: bool = False) -> Cases:
    """Round ``needed`` up to whole cases, or ``down``; without a case size it stays."""
    if needed <= 0 or not case:
        return Cases(needed, max(needed, 0), case)
    count = needed // case if down else -(-needed // case)
    return Cases(needed, count * case, case)


def below_quantity(quantity: int, minimum: int | None) -> int:
    """Return how much is missing to the least quantity of a product; 0 when there is enough."""
    return max(0, (minimum or 0) - quantity) if quantity else 0


def below_amount(amount: Money, minimum: Money | None) -> Money:
    """Return how much is missing to the supplier's minimum order; zero when there is enough."""
    if minimum is None or not amount or amount >= minimum:
        return Money(0)
    return minimum - amount


def worth(lines: Iterable[tuple[Unit, int, Money | None]]) -> Money | None:
    """Return what ``(unit, quantity, price)`` come to; None when a price is not known."""
    amounts = []
    for unit, quantity, price in lines:
        if price is None:
            return None
        amounts.append(unit.price_of(price, quantity))
    return total(amounts)


def still_to_come(ordered: int, received: int) -> int:
    """Return what is still to come of a line; more than ordered leaves nothing to come."""
    return max(0, ordered - received)


def checked_lines(lines: Sequence[WantedLine]) -> tuple[WantedLine, ...]:
    """Return the lines with something in them, or raise ``Refused`` saying what is wrong."""
    kept = tuple(line for line in lines if line.needed > 0 or (line.quantity or 0) > 0)
    if not kept:
        raise Refused(N_("Order at least one product."))
    if len(kept) > MOST_LINES:
        raise Refused(N_("At most {count} products in one order."), count=MOST_LINES)
    if len({line.product_id for line in kept}) != len(kept):
        raise Refused(N_("A product stands in the order twice. Put it on one line."))
    for line in lines:
        for amount in (line.needed, line.quantity or 0):
            if not 0 <= amount <= LARGEST_QUANTITY:
                raise Refused(N_("A quantity cannot be meant like this. Check it."))
    return kept


@dataclass(frozen=True)
class RoundNeed:
    """What a round needs of one product: ordered by residents, less what is there or coming."""

    product_id: int
    ordered: int
    free: int = 0
    coming: int = 0
    case: int | None = None
    subtract: bool = field(default=True)

    @property
    def needed(self) -> int:
        """What is to be ordered before rounding to cases, never below nothing."""
        if not self.subtract:
            return self.ordered
        return max(0, self.ordered - max(self.free, 0) - self.coming)
