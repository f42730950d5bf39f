"""How much to buy on which day (R5). Pure.

Quantities are grams or sale units. The forecast of a day takes how much a week sells from the last
four weeks, because that moves with the season, and how a week is spread over its days from sixteen,
because four Saturdays are few; days that sold out and closed days are left out (the numbers of
weeks are settings). bench/plan_rules.py compares it with simpler rules. A delivery is reckoned as
people do: expected until the next delivery + safety - on hand - on the way, rounded up to cases.
Later deliveries count on the earlier ones. Goods that spoil before they are needed count as gone,
and a lot is not larger than what sells before it spoils: then it is rounded down, which the bench
found cheaper by far.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import ceil

from lib.supply.rhythm.rules import WEEK, DayDemand, weekday_means

LONGEST_LIFE = 28
"""Days. Goods that keep longer are never limited by spoiling: they sell before."""

LOOK_AHEAD = 14
"""Days: delivery days are looked for this week and next."""


@dataclass(frozen=True)
class Forecast:
    """What a day of the week usually brings, and how the last weeks stand to that (``factor``).

    ``counted`` is the number of days it rests on; with none nothing is expected, and that is said.
    """

    weekdays: Mapping[int, Fraction]
    factor: Fraction
    counted: int

    def of(self, day: date) -> Fraction:
        """Return what is expected on ``day``; the mean of all where its weekday has no figure."""
        known = self.weekdays.get(day.weekday())
        if known is None:
            others = self.weekdays.values()
            known = sum(others, Fraction()) / len(others) if others else Fraction()
        return known * self.factor


@dataclass(frozen=True)
class Lot:
    """Goods that lie in the shop or will: good up to and on ``good_until``, None for ever."""

    quantity: Fraction
    good_until: date | None = None

    def is_good(self, day: date) -> bool:
        """Whether it can be sold on ``day``."""
        return self.good_until is None or self.good_until >= day


@dataclass(frozen=True)
class Terms:
    """How a supplier delivers: ``case`` is the smallest step, ``minimum`` the least quantity.

    ``shelf_life`` in days after arrival, None where goods keep. ``step`` is what figures of the
    reckoning are rounded to: a piece, a tenth of a jin.
    """

    case: int = 1
    minimum: int = 0
    shelf_life: int | None = None
    step: int = 1


class Limit(StrEnum):
    """Why the quantity is not simply the need rounded up to cases."""

    SPOILS = "spoils"
    CASE_SPOILS = "case_spoils"
    MINIMUM = "minimum"


@dataclass(frozen=True)
class Suggestion:
    """What to buy of a product on ``day`` to last until ``until`` inclusive, with its reckoning.

    ``needed`` = ``expected`` + ``safety`` - ``on_hand`` - ``on_way``, never below zero.
    ``sellable`` is what can be sold of a new lot before it spoils, None without that limit.
    """

    day: date
    until: date
    expected: int
    safety: int
    on_hand: int
    on_way: int
    needed: int
    quantity: int
    case: int
    limit: Limit | None = None
    sellable: int | None = None

    @property
    def why(self) -> dict[str, int | str | None]:
        """The figures as they are kept with the purchase order."""
        return {
            "from": self.day.isoformat(),
            "until": self.until.isoformat(),
            "expected": self.expected,
            "safety": self.safety,
            "on_hand": self.on_hand,
            "on_way": self.on_way,
            "needed": self.needed,
            "case": self.case,
            "limit": self.limit.value if self.limit else None,
        }


@dataclass(frozen=True)
class Outlook:
    """What is known of one product when its plan is made on ``today``.

    ``expected`` says what will be wanted per day (today: what is still to come), ``arrivals`` what
    is on the way by day, ``decided`` what somebody chose to buy on a delivery day instead.
    """

    today: date
    expected: Mapping[date, Fraction]
    lots: Sequence[Lot] = ()
    arrivals: Mapping[date, int] = field(default_factory=dict)
    decided: Mapping[date, int] = field(default_factory=dict)


def forecast(days: Iterable[DayDemand], level_weeks: int) -> Forecast:
    """Return what the ``days`` before the plan, oldest first, let expect: see the module.

    ``level_weeks`` of them, the last ones, say how much is wanted altogether; fewer than seven days
    that count say nothing, then the mean of all stands. No fewer than all is the plain mean.
    """
    counted = [day for day in days if day.counts]
    means = weekday_means(counted)
    return Forecast(means, _level(counted, means, level_weeks), len(counted))


def _level(counted: Sequence[DayDemand], means: Mapping[int, Fraction], weeks: int) -> Fraction:
    """How the last ``weeks`` stand to what their days of the week usually bring; 1 is the same."""
    if not counted:
        return Fraction(1)
    recent_from = counted[-1].day - timedelta(days=weeks * WEEK - 1)
    recent = [day for day in counted if day.day >= recent_from]
    usual = sum((means[day.day.weekday()] for day in recent), Fraction())
    if len(recent) < WEEK or not usual:
        return Fraction(1)
    return Fraction(sum(day.quantity for day in recent)) / usual


def delivery_days(
    today: date, weekdays: Sequence[int], closed: Iterable[date], count: int
) -> list[date]:
    """Return the next ``count`` days from ``today`` on which goods come, closed days left out."""
    shut, found = set(closed), []
    for ahead in range(2 * LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        if day.weekday() in weekdays and day not in shut:
            found.append(day)
        if len(found) == count:
            break
    return found


def suggest(
    outlook: Outlook, deliveries: Sequence[date], terms: Terms, safety_percent: int
) -> tuple[Suggestion, ...]:
    """Return what to buy on each of ``deliveries`` but the last, which only ends the cover.

    Each counts on those before it, with what was decided for them where something was.
    """
    found, lots, day = [], list(outlook.lots), outlook.today
    for this, following in pairwise(deliveries):
        lots = _run(lots, outlook, day, this)
        one = _one(outlook, lots, this, following, terms, safety_percent)
        found.append(one)
        bought = outlook.decided.get(this, one.quantity)
        lots.append(Lot(Fraction(bought), good_until(this, terms)))
        day = this
    return tuple(found)


def _one(
    outlook: Outlook,
    lots: Sequence[Lot],
    this: date,
    following: date,
    terms: Terms,
    safety_percent: int,
) -> Suggestion:
    days = days_between(this, following)
    wanted = sum((outlook.expected.get(day, Fraction()) for day in days), Fraction())
    expected = _up(wanted, terms.step)
    safety = _up(Fraction(expected * safety_percent, 100), terms.step)
    # Rounded once, on the gap: two roundings could let the need fall while the demand grows.
    on_hand = expected - _up(wanted - _usable(lots, outlook.expected, days), terms.step)
    on_way = sum(outlook.arrivals.get(day, 0) for day in days)
    needed = max(expected + safety - on_hand - on_way, 0)
    sellable = _sellable(outlook, lots, this, terms)
    quantity, limit = lot_size(needed, sellable, terms)
    return Suggestion(
        this, days[-1], expected, safety, on_hand, on_way, needed, quantity, terms.case, limit,
        sellable,
    )  # fmt: skip


def lot_size(needed: int, sellable: int | None, terms: Terms) -> tuple[int, Limit | None]:
    """Return how much to buy for a need, in whole cases, and what limited it.

    Rounded up; where the last case would not sell before it spoils it is left out, but one case is
    bought of what is needed at all. A supplier's least quantity is kept.
    """
    wanted = needed if sellable is None else min(needed, sellable)
    if wanted <= 0:
        return 0, Limit.SPOILS if needed > 0 else None
    quantity = _up(Fraction(wanted), terms.case)
    limit = Limit.SPOILS if wanted < needed else None
    if sellable is not None and quantity > sellable:
        fewer = quantity - terms.case
        quantity, limit = (fewer, Limit.SPOILS) if fewer else (quantity, Limit.CASE_SPOILS)
    if quantity < terms.minimum:
        return _up(Fraction(terms.minimum), terms.case), Limit.MINIMUM
    return quantity, limit


def _sellable(outlook: Outlook, lots: Sequence[Lot], this: date, terms: Terms) -> int | None:
    """What of a new lot sells before it spoils, beside what is there and on the way."""
    if terms.shelf_life is None or terms.shelf_life > LONGEST_LIFE:
        return None
    days = days_between(this, this + timedelta(days=terms.shelf_life + 1))
    wanted = sum((outlook.expected.get(day, Fraction()) for day in days), Fraction())
    there = _used(lots, outlook.expected, days)
    coming = sum(outlook.arrivals.get(day, 0) for day in days)
    return max(ceil(wanted - there) - coming, 0)


def _run(lots: Sequence[Lot], outlook: Outlook, start: date, end: date) -> list[Lot]:
    """Return what is left at the beginning of ``end`` of goods that were there on ``start``."""
    left = list(lots)
    for day in days_between(start, end):
        left.append(Lot(Fraction(outlook.arrivals.get(day, 0))))
        left, _unserved = sell(left, day, outlook.expected.get(day, Fraction()))
    return [lot for lot in left if lot.is_good(end)]


def sell(lots: Iterable[Lot], day: date, wanted: Fraction) -> tuple[list[Lot], Fraction]:
    """Sell ``wanted`` on ``day``, what spoils first going first; return what is left and missing.

    Goods past their day are left out of what is returned.
    """
    left, missing = [], wanted
    for lot in sorted(lots, key=lambda lot: lot.good_until or date.max):
        if lot.quantity <= 0 or not lot.is_good(day):
            continue
        taken = min(lot.quantity, missing)
        missing -= taken
        if lot.quantity > taken:
            left.append(replace(lot, quantity=lot.quantity - taken))
    return left, missing


def _used(lots: Iterable[Lot], expected: Mapping[date, Fraction], days: Sequence[date]) -> Fraction:
    """How much of ``lots`` is sold on ``days``."""
    left, used = list(lots), Fraction()
    for day in days:
        wanted = expected.get(day, Fraction())
        left, missing = sell(left, day, wanted)
        used += wanted - missing
    return used


def _usable(
    lots: Iterable[Lot], expected: Mapping[date, Fraction], days: Sequence[date]
) -> Fraction:
    """What of ``lots`` counts for ``days``: sold on them, or still good at their end."""
    left, used = list(lots), Fraction()
    for day in days:
        wanted = expected.get(day, Fraction())
        left, missing = sell(left, day, wanted)
        used += wanted - missing
    return used + sum((lot.quantity for lot in left if lot.is_good(days[-1])), Fraction())


def good_until(arrived: date, terms: Terms) -> date | None:
    """Return the last day on which goods that came on ``arrived`` can be sold."""
    if terms.shelf_life is None:
        return None
    return arrived + timedelta(days=terms.shelf_life)


def days_between(start: date, end: date) -> list[date]:
    """Return the days from ``start`` up to but not including ``end``."""
    return [start + timedelta(days=number) for number in range((end - start).days)]


def _up(amount: Fraction, step: int) -> int:
    """Return ``amount`` rounded up to whole steps."""
    return ceil(amount / step) * step
