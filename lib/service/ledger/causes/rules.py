"""How many complaints there are per 100 sold, and whether that is better than before. Pure (R32).

*Sold* are sale units that residents ordered for the pickup days of a month and that were not
cancelled, and what went over the counter. Of goods that several suppliers delivered, each bears the
part that was taken out of its batches. A month in which a supplier delivered nothing, or in which
nothing was sold, is said and not scored; figures of a handful are shown with their counts and
compared with nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from lib.kernel.words import N_

FEW_SOLD = 20
"""Sale units: of fewer, one complaint more or less says nothing."""
FEW_CASES = 3
"""Complaints: fewer in both months say nothing either way."""


class Scored(StrEnum):
    """Whether a month of goods or of a supplier can be judged, and if not, why."""

    YES = "yes"
    NOTHING_DELIVERED = "nothing_delivered"
    NOTHING_SOLD = "nothing_sold"
    NOT_YET = "not_yet"


class Trend(StrEnum):
    """How complaints per 100 sold stand against the month before."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    FEW = "few"
    NONE = "none"


TREND_NAMES: dict[Trend, str] = {
    Trend.BETTER: N_("better than the month before"),
    Trend.SAME: N_("about the same"),
    Trend.WORSE: N_("worse than the month before"),
    Trend.FEW: N_("too few to compare"),
    Trend.NONE: N_("nothing to compare with"),
}


@dataclass(frozen=True)
class Rate:
    """Complaints of a month on what was sold in it, in sale units (exact)."""

    cases: int = 0
    sold: Fraction = field(default_factory=Fraction)
    scored: Scored = Scored.YES

    @property
    def per_100(self) -> Decimal | None:
        """Complaints per 100 sold with one decimal, half-up; None where it is not scored."""
        if self.scored is not Scored.YES or self.sold <= 0:
            return None
        exact = Fraction(100 * self.cases) / self.sold
        tenths = Decimal(exact.numerator * 10) / Decimal(exact.denominator)
        return (tenths.quantize(Decimal(1), rounding=ROUND_HALF_UP) / 10).quantize(Decimal("0.1"))

    @property
    def sold_units(self) -> int:
        """Sale units sold, rounded half-up, for people to read."""
        return int(self.sold + Fraction(1, 2)) if self.sold > 0 else 0

    @property
    def is_few(self) -> bool:
        """Whether so little was sold that a rate would only dramatise."""
        return self.scored is Scored.YES and self.sold < FEW_SOLD


def goods_rate(cases: int, sold: Fraction) -> Rate:
    """Return the rate of one product in a month."""
    return Rate(cases, max(sold, Fraction()), Scored.YES if sold > 0 else Scored.NOTHING_SOLD)


def supplier_rate(
    cases: int, sold: Fraction, deliveries: int, known_since: date | None, last: date
) -> Rate:
    """Return the rate of one supplier in the month that ends on ``last``.

    ``deliveries`` counts batches that came in the month; ``known_since`` is the day on which the
    supplier was entered.
    """
    sold = max(sold, Fraction())
    if not deliveries:
        unknown = known_since is not None and known_since > last
        return Rate(cases, sold, Scored.NOT_YET if unknown else Scored.NOTHING_DELIVERED)
    return Rate(cases, sold, Scored.YES if sold > 0 else Scored.NOTHING_SOLD)


def trend(now: Rate, before: Rate, same_within: int) -> Trend:
    """Return how a month stands against the one before; ``same_within`` is in per cent.

    A change of that many per cent or more is better or worse.
    """
    if now.scored is not Scored.YES or before.scored is not Scored.YES:
        return Trend.NONE
    if now.is_few or before.is_few or max(now.cases, before.cases) < FEW_CASES:
        return Trend.FEW if now.cases or before.cases else Trend.SAME
    rate, old = Fraction(now.cases) / now.sold, Fraction(before.cases) / before.sold
    if rate == old:
        return Trend.SAME
    if not old:
        return Trend.WORSE
    if abs(rate - old) * 100 < old * same_within:
        return Trend.SAME
    return Trend.BETTER if rate < old else Trend.WORSE
