"""What buying by a rule would have come to: a replay against what was really wanted (R5). Pure.

Quantities are grams or sale units.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from lib.supply.rhythm.plan.rules import (
    Lot,
    Outlook,
    Terms,
    days_between,
    good_until,
    sell,
    suggest,
)


@dataclass(frozen=True)
class Outcome:
    """What buying by a rule would have come to: bought, sold, spoiled, left at the end, missed."""

    bought: int
    sold: Fraction
    spoiled: Fraction
    left: Fraction
    missed: Fraction


def replay(
    deliveries: Sequence[date],
    expected_on: Callable[[date], Mapping[date, Fraction]],
    actual: Mapping[date, int],
    terms: Terms,
    safety_percent: int,
) -> Outcome:
    """Return what the rule would have come to from the first of ``deliveries`` to the last.

    ``expected_on`` says what was expected, as known on a delivery day. The shelf is empty at first;
    every delivery sees what ``actual`` left of the ones before.
    """
    lots: list[Lot] = []
    bought, sold, spoiled, missed = 0, Fraction(), Fraction(), Fraction()
    for this, following in pairwise(deliveries):
        outlook = Outlook(this, expected_on(this), [lot for lot in lots if lot.is_good(this)])
        (one,) = suggest(outlook, (this, following), terms, safety_percent)
        bought += one.quantity
        lots.append(Lot(Fraction(one.quantity), good_until(this, terms)))
        for day in days_between(this, following):
            good = [lot for lot in lots if lot.is_good(day)]
            spoiled += _sum(lots) - _sum(good)
            wanted = Fraction(actual.get(day, 0))
            lots, lacking = sell(good, day, wanted)
            missed += lacking
            sold += wanted - lacking
    left = [lot for lot in lots if lot.is_good(deliveries[-1])]
    spoiled += _sum(lots) - _sum(left)
    return Outcome(bought, sold, spoiled, _sum(left), missed)


def _sum(lots: Iterable[Lot]) -> Fraction:
    return sum((lot.quantity for lot in lots), Fraction())
