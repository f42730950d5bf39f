"""How much is wanted on which day of the week, and whether it grows (R4). Pure.

Quantities are grams or sale units. Means are exact fractions: a product that sells once in five
days is not rounded to nothing. A day counts when books were kept, the shop was open and the product
did not sell out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from lib.kernel.clock import monday_of
from lib.kernel.words import N_

WEEK = 7
RECENT_WEEKS, BEFORE_WEEKS = 2, 4
"""The last two weeks are set against the four before them."""

LEAST_RECENT_DAYS, LEAST_BEFORE_DAYS = 7, 14
"""Half of the days: with fewer that count, nothing is said of the trend."""


@dataclass(frozen=True, slots=True)
class DayDemand:
    """What was wanted of a product on ``day``.

    ``sold_out``: more would have gone. ``closed``: nobody could come. ``known``: books were kept;
    a day that is still to come holds only what is ordered so far and is not known.
    """

    day: date
    quantity: int
    sold_out: bool = False
    closed: bool = False
    known: bool = True

    @property
    def counts(self) -> bool:
        """Whether the figure says how much was wanted."""
        return self.known and not self.sold_out and not self.closed


class Trend(StrEnum):
    """Where the demand for a product is going."""

    RISING = "rising"
    FALLING = "falling"
    STABLE = "stable"
    TOO_LITTLE = "too_little"


TREND_NAMES = {
    Trend.RISING: N_("rising"),
    Trend.FALLING: N_("falling"),
    Trend.STABLE: N_("stable"),
    Trend.TOO_LITTLE: N_("too little known"),
}


@dataclass(frozen=True)
class TrendFound:
    """The trend with the figures it was read from.

    ``recent`` and ``before`` are a week's demand in the last two weeks and in the four before, over
    the ``weekdays`` that both know; ``percent`` is the exact change, None where nothing was wanted
    before.
    """

    trend: Trend
    recent: Fraction
    before: Fraction
    weekdays: tuple[int, ...]

    @property
    def percent(self) -> Fraction | None:
        """How much more (or less, negative) is wanted than before, in percent."""
        return (self.recent - self.before) * 100 / self.before if self.before else None


@dataclass(frozen=True)
class Week:
    """One week from its Monday: seven days, None where the window does not reach."""

    monday: date
    days: tuple[DayDemand | None, ...]

    @property
    def total(self) -> int:
        """What was wanted on the days of it, also on those that do not count."""
        return sum(day.quantity for day in self.days if day)

    @property
    def whole(self) -> bool:
        """Whether every day of it counts."""
        return all(day is not None and day.counts for day in self.days)


Sums = dict[int, tuple[int, int]]
"""Day of the week (0 Monday) → what was wanted on the days that count, and how many they are."""


def sums_of(days: Iterable[DayDemand]) -> Sums:
    """Return the sums of the days that count; a day of the week without any is missing."""
    sums: Sums = {}
    for day in days:
        if day.counts:
            total, count = sums.get(day.day.weekday(), (0, 0))
            sums[day.day.weekday()] = (total + day.quantity, count + 1)
    return sums


def means_of(sums: Sums) -> dict[int, Fraction]:
    """Return the mean demand per day of the week, in its order."""
    return {weekday: Fraction(*sums[weekday]) for weekday in sorted(sums)}


def weekday_means(days: Iterable[DayDemand]) -> dict[int, Fraction]:
    """Return the mean demand per day of the week (0 Monday) over the days that count.

    A day of the week without any such day is missing, not zero.
    """
    return means_of(sums_of(days))


def trend_windows(last: date) -> tuple[date, date]:
    """Return where the four weeks before begin, and the two that end with ``last``."""
    recent_from = last - timedelta(days=RECENT_WEEKS * WEEK - 1)
    return recent_from - timedelta(days=BEFORE_WEEKS * WEEK), recent_from


def trend_between(recent: Sums, before: Sums, percent: int) -> TrendFound:
    """Return the trend from the sums of the two last weeks and of the four before."""
    both = tuple(weekday for weekday in sorted(recent) if weekday in before)
    now = sum((Fraction(*recent[weekday]) for weekday in both), Fraction())
    then = sum((Fraction(*before[weekday]) for weekday in both), Fraction())
    enough = _days(recent) >= LEAST_RECENT_DAYS and _days(before) >= LEAST_BEFORE_DAYS
    return TrendFound(_direction(now, then, percent, enough=enough), now, then, both)


def _days(sums: Sums) -> int:
    return sum(count for _total, count in sums.values())


def _direction(now: Fraction, then: Fraction, percent: int, *, enough: bool) -> Trend:
    if not enough or not (now or then):
        return Trend.TOO_LITTLE
    if (now - then) * 100 >= percent * then:
        return Trend.RISING
    if (then - now) * 100 >= percent * then:
        return Trend.FALLING
    return Trend.STABLE


def weeks_of(days: Iterable[DayDemand]) -> tuple[Week, ...]:
    """Return ``days`` as weeks from Monday to Sunday, the oldest first."""
    found: dict[date, list[DayDemand | None]] = {}
    for day in days:
        week = found.setdefault(monday_of(day.day), [None] * WEEK)
        week[day.day.weekday()] = day
    return tuple(Week(monday, tuple(found[monday])) for monday in sorted(found))
