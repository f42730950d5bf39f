"""What came and went in the past, invented: pure, seeded, the same at every start.

What sells follows the day of the week, the season, a slow trend and chance; how much is bought
follows what the owner expects, so that now and then something sells out and something is thrown
away. Quantities are base quantity: grams or sale units.
"""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from lib.demo.partners import PARTNERS, Goods
from lib.kernel.quantity import Unit
from lib.supply.stock.rules import Kind, Lot, allocate

DELIVERY_DAYS = (0, 2, 4)
WEEKDAYS = (0.9, 0.85, 0.95, 0.95, 1.1, 1.3, 1.15)
"""How much of an ordinary day's sales a day of the week brings, Monday first."""

SEASONS = {
    "海南西瓜": (0.5, 7),
    "阳光玫瑰葡萄": (0.4, 9),
    "五花肉": (0.15, 1),
    "红富士苹果": (0.2, 12),
}
"""Swing of a product over the year, and the month it sells best."""

TRENDS = {"原味酸奶": 0.25, "菠菜": 0.1, "全麦吐司": -0.1}
"""Growth within a year."""

SLOW = {"阳光玫瑰葡萄": 5, "全麦吐司": 4, "小葱": 2}
"""Goods that nobody wants any more, and for how many days up to the last."""

SLOW_SHARE = 0.15
SHELF_SHARE = 0.78
"""Of the usual sales still goes over the counter once there are rounds; the rest is ordered."""

OWNERS_MARGIN = 1.1
"""The owner buys a tenth more than expected."""

CHANCE = 0.18
REJECTED = 0.02
DEARER_A_YEAR = 0.04


@dataclass
class Arrived:
    """One product of one delivery; ``price_fen`` per sale unit."""

    number: int
    supplier: str
    name: str
    day: date
    quantity: int
    rejected: int
    price_share: float
    best_before: date
    shelf_life: int


@dataclass(frozen=True)
class Left:
    """Goods of an arrival that left: sold over the counter or thrown away."""

    number: int
    day: date
    kind: Kind
    quantity: int


@dataclass
class Period:
    """What happened in a stretch of days; ``sold_out`` are names of goods and days."""

    until: date
    arrived: list[Arrived] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    sold_out: list[tuple[str, date]] = field(default_factory=list)


@dataclass
class Market:
    """What people want and what the owner buys.

    ``last`` is the day the story ends on, ``rounds_from`` the day since when there are rounds.
    """

    units: Mapping[str, Unit]
    chance: random.Random
    last: date
    rounds_from: date
    _lots: dict[str, list[Lot]] = field(default_factory=dict)
    _count: int = 0

    def periods(self, first: date, until: date, days: int = 28) -> Iterator[Period]:
        """Live from ``first`` up to but not including ``until``; yield every ``days`` days."""
        period = Period(first)
        for number in range((until - first).days):
            day = first + timedelta(number)
            self._morning(period, day)
            self._evening(period, day)
            period.until = day
            if (number + 1) % days == 0:
                yield period
                period = Period(day)
        if period.arrived or period.left:
            yield period

    def expected(self, goods: Goods, day: date) -> float:
        """Return how many sale units of ``goods`` such a day usually sells."""
        swing, best = SEASONS.get(goods.name, (0.0, 1))
        season = 1 + swing * math.cos((day.month - best) / 6 * math.pi)
        trend = 1 + TRENDS.get(goods.name, 0.0) * (day - self.last).days / 365
        counter = SHELF_SHARE if day >= self.rounds_from else 1
        return goods.demand * WEEKDAYS[day.weekday()] * season * trend * counter

    def asked(self, goods: Goods, day: date) -> int:
        """Return how much people ask for on ``day``."""
        mean = self.expected(goods, day)
        if (self.last - day).days < SLOW.get(goods.name, 0):
            mean *= SLOW_SHARE
        count = max(0, round(self.chance.gauss(mean, mean * CHANCE)))
        return count * (self.units[goods.name].grams or 1)

    def to_buy(self, goods: Goods, day: date, lying: int) -> int:
        """Return how much the owner buys on a delivery day, in whole cases."""
        ahead = next(
            days for days in range(1, 8) if (day + timedelta(days)).weekday() in DELIVERY_DAYS
        )
        expected = sum(self.expected(goods, day + timedelta(days)) for days in range(ahead))
        unit = self.units[goods.name]
        case = unit.amount(goods.case)
        missing = unit.amount(max(1, round(expected * OWNERS_MARGIN))) - lying
        return max(0, -(-missing // case) * case)

    def _morning(self, period: Period, day: date) -> None:
        for partner in PARTNERS:
            for goods in partner.goods:
                self._throw_away(period, goods.name, day)
                if goods.demand and day.weekday() in DELIVERY_DAYS:
                    self._take_in(period, partner.name, goods, day)

    def _throw_away(self, period: Period, name: str, day: date) -> None:
        kept = []
        for lot in self._lots.get(name, []):
            if lot.best_before is not None and lot.best_before < day and lot.on_hand:
                period.left.append(Left(lot.batch_id, day, Kind.WASTED, lot.on_hand))
            elif lot.on_hand:
                kept.append(lot)
        self._lots[name] = kept

    def _take_in(self, period: Period, supplier: str, goods: Goods, day: date) -> None:
        lots = self._lots[goods.name]
        quantity = self.to_buy(goods, day, sum(lot.on_hand for lot in lots))
        if not quantity:
            return
        case = self.units[goods.name].amount(goods.case)
        rejected = case if quantity > case and self.chance.random() < REJECTED else 0
        best_before = day + timedelta(goods.shelf_life)
        years = (self.last - day).days / 365
        share = (1 - DEARER_A_YEAR) ** years * self.chance.uniform(0.97, 1.03)
        self._count += 1
        period.arrived.append(
            Arrived(
                self._count, supplier, goods.name, day, quantity - rejected, rejected, share,
                best_before, goods.shelf_life,
            )
        )  # fmt: skip
        lots.append(Lot(self._count, "", quantity - rejected, day, best_before))

    def _evening(self, period: Period, day: date) -> None:
        for partner in PARTNERS:
            for goods in partner.goods:
                if goods.demand:
                    self._sell(period, goods, day)

    def _sell(self, period: Period, goods: Goods, day: date) -> None:
        lots = self._lots[goods.name]
        lying, asked = sum(lot.on_hand for lot in lots), self.asked(goods, day)
        if asked > lying:
            period.sold_out.append((goods.name, day))
        gone = {}
        for part in allocate(lots, min(asked, lying), day).parts if lying and asked else ():
            assert part.batch_id is not None
            period.left.append(Left(part.batch_id, day, Kind.SOLD, part.quantity))
            gone[part.batch_id] = part.quantity
        self._lots[goods.name] = [
            Lot(
                lot.batch_id, "", lot.on_hand - gone.get(lot.batch_id, 0), lot.arrived_on,
                lot.best_before,
            )
            for lot in lots
        ]  # fmt: skip
