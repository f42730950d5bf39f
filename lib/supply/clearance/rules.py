"""The slow-mover rule (practice R6). Pure.

A day is slow when less than ``percent`` of what was prepared was sold; exactly so much is not slow.
Prepared is the opening stock plus what was received that day. Sold is net of goods that residents
brought back. Days on which nothing was prepared or the shop was closed neither break nor feed a
run; a day of which nobody knows what was prepared breaks it, because nobody can call it slow.

A day that sold out at 49 % (the rest was thrown away) is slow like any other: R6 knows no
exception. That sold-out days say nothing about demand (R4) belongs to the rhythm.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from lib.kernel.money import Money
from lib.kernel.quantity import Measure, Unit

VALUE_SCALE = 1_000
"""Values of categories are thousandths of a fen, so that no rounding decides."""


class DayFigure(NamedTuple):
    """One day of a product or category: grams, sale units, or value in thousandths of a fen.

    ``prepared`` None: nobody knows. ``reckoned``: prepared was reckoned from the loss rate.
    """

    day: date
    prepared: int | None
    sold: int
    sold_out: bool = False
    reckoned: bool = False


@dataclass(frozen=True)
class Run:
    """Slow days one after the other; ``is_open``: no later trading day has ended it."""

    days: tuple[DayFigure, ...]
    is_open: bool

    @property
    def length(self) -> int:
        """How many trading days it lasted."""
        return len(self.days)

    @property
    def first(self) -> date:
        """Its first day."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """Its last day."""
        return self.days[-1].day

    @property
    def sold(self) -> int:
        """What was sold in it."""
        return sum(day.sold for day in self.days)

    @property
    def prepared(self) -> int:
        """What was prepared on its days, added up."""
        return sum(day.prepared or 0 for day in self.days)

    @property
    def pace(self) -> Decimal:
        """What was sold per trading day of it, never below zero."""
        return Decimal(max(self.sold, 0)) / len(self.days)

    @property
    def is_reckoned(self) -> bool:
        """Whether what was prepared was reckoned from the loss rate on some day."""
        return any(day.reckoned for day in self.days)


def is_slow(day: DayFigure, percent: int) -> bool:
    """Return whether less than ``percent`` of what was prepared was sold."""
    return day.prepared is not None and day.sold * 100 < day.prepared * percent


def is_trading(day: DayFigure, closed: Collection[date]) -> bool:
    """Return whether the day counts: the shop was open, and something may have been there."""
    return day.day not in closed and (day.prepared is None or day.prepared > 0)


def runs(
    days: Iterable[DayFigure], percent: int, least: int, closed: Collection[date] = frozenset()
) -> list[Run]:
    """Return the runs of at least ``least`` slow trading days, in order of time.

    ``days`` are in order, each day once; ``closed`` are the days on which the shop was closed.
    """
    found: list[Run] = []
    current: list[DayFigure] = []
    for day in days:
        if not is_trading(day, closed):
            continue
        if is_slow(day, percent):
            current.append(day)
            continue
        if len(current) >= least:
            found.append(Run(tuple(current), is_open=False))
        current = []
    if len(current) >= least:
        found.append(Run(tuple(current), is_open=True))
    return found


@dataclass(frozen=True)
class Goods:
    """A product as the rule for categories needs it; ``worth`` is what one sale unit is worth."""

    product_id: int
    name: str
    category: str
    unit: Unit
    worth: Money


@dataclass(frozen=True)
class CategoryDays:
    """A category's days. ``measure`` None: its products do not share one, so it is by value."""

    category: str
    measure: Measure | None
    days: list[DayFigure]
    products: int


def category_days(
    goods: Mapping[int, Goods],
    days: Mapping[int, Iterable[DayFigure]],
) -> list[CategoryDays]:
    """Return the days of every category: what its products prepared and sold, added up.

    In grams or sale units when all its products share that measure, else in thousandths of a fen
    at the products' worth. A product of which nobody knows what was prepared that day is left out
    of that day; goods without a category belong to none.
    """
    members: dict[str, list[int]] = {}
    for product_id in days:
        if (each := goods.get(product_id)) and each.category:
            members.setdefault(each.category, []).append(product_id)
    found = []
    for category, ids in sorted(members.items()):
        measures = {goods[product_id].unit.measure for product_id in ids}
        measure = measures.pop() if len(measures) == 1 else None
        sums: dict[date, list[int]] = {}
        for product_id in ids:
            factor = 1 if measure else _value_factor(goods[product_id])
            for day in days[product_id]:
                if day.prepared is None:
                    continue
                total = sums.setdefault(day.day, [0, 0, 0])
                total[0] += day.prepared * factor
                total[1] += day.sold * factor
                total[2] += day.reckoned
        figures = [
            DayFigure(day, prepared, sold, reckoned=bool(reckoned))
            for day, (prepared, sold, reckoned) in sorted(sums.items())
        ]
        found.append(CategoryDays(category, measure, figures, len(ids)))
    return found


def _value_factor(goods: Goods) -> int:
    """Return what one gram or sale unit is worth in thousandths of a fen; grams divide 1000."""
    return goods.worth.fen * VALUE_SCALE // (goods.unit.grams or 1)


def filled(
    first: date,
    last: date,
    ledger: Mapping[date, tuple[int, int, int]],
    opening: int | None,
    past: Mapping[date, DayFigure],
) -> list[DayFigure]:
    """Return a product's days from ``first`` to ``last`` out of the ledger and past figures.

    ``ledger`` is day → (received, sold net of returns, closing) of days with movements; ``opening``
    what lay there before ``first`` (None: the ledger begins later). A day without movements is a
    trading day too: what lay there was prepared, nothing was sold. On a day that has both, the
    ledger wins; past figures stand for days without movements.
    """
    if not ledger and not opening:
        return [past[day] for day in sorted(past) if first <= day <= last]
    found = []
    lying = opening
    day = first
    while day <= last:
        if row := ledger.get(day):
            received, sold, closing = row
            found.append(DayFigure(day, (lying or 0) + received, sold))
            lying = closing
        elif day in past:
            found.append(past[day])
        elif lying and lying > 0:
            found.append(DayFigure(day, lying, 0))
        day += timedelta(days=1)
    return found
