"""Decisions on receiving: dates on a package, what may be counted in. Pure.

Quantities are grams or sale units, prices per sale unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.supply.purchasing.rules import LARGEST_QUANTITY

LONGEST_WORDS = 100
LONGEST_REASON = 300
MOST_LINES = 200
LONGEST_SHELF_LIFE = 36_500
"""Days: a hundred years; beyond it a shelf life is a typing slip."""


@dataclass(frozen=True)
class ArrivalLine:
    """What came of one product.

    ``received`` is what is good, ``rejected`` what goes back, with ``reject_reason`` and ``photo``
    (SHA-256 of a booked picture). ``best_before`` is a date, ``shelf_life_days`` counts from
    ``produced_on`` (from the arrival when that is not known); ``on_package`` says that they are
    printed on the goods and bind, else they are the shop's own estimate. ``unit_price`` None takes
    the agreed price; only the owner may say another.
    """

    product_id: int
    received: int
    rejected: int = 0
    reject_reason: str = ""
    photo: str | None = None
    produced_on: date | None = None
    lot: str = ""
    shelf_life_days: int | None = None
    best_before: date | None = None
    on_package: bool = True
    specification: str = ""
    certificate_number: str = ""
    unit_price: Money | None = None


@dataclass(frozen=True)
class Arrival:
    """A delivery as it stands in the shop.

    ``order_version`` is the purchase order's as the person saw it: two people receiving the same
    order at once do not book it twice. ``rest_reason`` says why nothing more of the order will
    come and closes it; empty leaves it open while something is missing. ``voucher`` is the SHA-256
    of the photo of the delivery note. ``arrived_on`` None is today.
    """

    supplier_id: int
    lines: tuple[ArrivalLine, ...]
    arrived_on: date | None = None
    purchase_order_id: int | None = None
    order_version: int | None = None
    voucher: str | None = None
    note: str = ""
    rest_reason: str = ""


@dataclass(frozen=True)
class Received:
    """What a receiving made: the delivery and its batches in the order of the lines."""

    delivery_id: int
    batch_ids: tuple[int, ...]


@dataclass(frozen=True)
class Dates:
    """The dates of a batch; ``printed``: ``best_before`` stands on the package and binds."""

    produced_on: date | None
    shelf_life_days: int | None
    best_before: date | None
    printed: bool


def dates_of(line: ArrivalLine, arrived_on: date, usual_days: int | None) -> Dates:
    """Return the dates of what came: as typed, else by the usual shelf life of the supplier.

    A shelf life without a production date counts from the arrival, which is an estimate whatever
    the package says. Raises ``Refused`` for dates that cannot be meant.
    """
    produced, days = line.produced_on, line.shelf_life_days
    if produced is not None and produced > arrived_on:
        raise Refused(N_("The production date is after the day the goods came. Check it."))
    if days is not None and not 0 <= days <= LONGEST_SHELF_LIFE:
        raise Refused(N_("A shelf life of {days} days cannot be meant."), days=days)
    if line.best_before is not None:
        if produced is not None and line.best_before < produced:
            raise Refused(N_("The best-before date is before the production date. Check both."))
        return Dates(produced, days, line.best_before, line.on_package)
    if days is None:
        if usual_days is None:
            return Dates(produced, None, None, False)
        return Dates(produced, usual_days, _after(produced or arrived_on, usual_days), False)
    printed = line.on_package and produced is not None
    return Dates(produced, days, _after(produced or arrived_on, days), printed)


def checked_arrival(lines: Sequence[ArrivalLine]) -> tuple[ArrivalLine, ...]:
    """Return the lines of which something came, or raise ``Refused`` saying what is wrong."""
    kept = tuple(line for line in lines if line.received or line.rejected)
    if not kept:
        raise Refused(N_("Write how much came of at least one product."))
    if len(kept) > MOST_LINES:
        raise Refused(N_("At most {count} products in one delivery."), count=MOST_LINES)
    for line in kept:
        if min(line.received, line.rejected) < 0 or line.received + line.rejected > (
            LARGEST_QUANTITY
        ):
            raise Refused(N_("A quantity cannot be meant like this. Check it."))
        if line.rejected and not clean(line.reject_reason):
            raise Refused(N_("Say why goods are rejected: it is what the supplier is told."))
        if line.unit_price is not None and line.unit_price.fen < 0:
            raise Refused(N_("A price cannot be negative."))
    return kept


def refuse_expired(dates: Dates, received: int, arrived_on: date, product: str) -> None:
    """Raise ``Refused`` when goods are taken in that were past their printed date on arrival."""
    late = dates.printed and dates.best_before is not None and dates.best_before < arrived_on
    if received and late:
        raise Refused(
            N_("{product} was past the date printed on it when it came. Reject it."),
            product=product,
        )


def next_number(taken: Sequence[str], prefix: str) -> str:
    """Return ``prefix-n`` with the number after the highest in ``taken``: 0925-1, 0925-2 …"""
    numbers = (code.removeprefix(f"{prefix}-") for code in taken)
    return f"{prefix}-{max((int(one) for one in numbers if one.isdigit()), default=0) + 1}"


def _after(start: date, days: int) -> date:
    return start + timedelta(days=days)
