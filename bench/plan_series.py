"""Series that the rules of the plan are tried on: made ones, the demo's market, a shop's books.

A series says of every day what was seen (sold, sold out, closed) and what was truly wanted. The
books cannot tell what was wanted on a day that sold out: there it is what was sold, or with
:func:`filled` what such a day brought in the weeks around it.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import sin, tau
from pathlib import Path

from sqlalchemy import select

from lib.db import schema
from lib.demo.goods import GOODS
from lib.demo.partners import PARTNERS, Goods
from lib.demo.shelf.simulation import Market
from lib.kernel.clock import SystemClock, local_day
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.shop.shop import SYSTEM
from lib.supply.rhythm.plan.rules import Terms
from lib.supply.rhythm.queries import books
from lib.supply.rhythm.rules import WEEK, DayDemand
from lib.supply.stock.rules import Kind as Movement

FIRST = date(2024, 9, 2)
DAYS = 104 * WEEK
WARM_UP = 8 * WEEK
AROUND = (-4, -3, -2, -1, 1, 2, 3, 4)
"""Weeks before and after a sold-out day that say what such a day brings."""


@dataclass(frozen=True)
class Series:
    """One product: what was seen of it, what was truly wanted, its prices and terms."""

    name: str
    unit: Unit
    seen: tuple[DayDemand, ...]
    wanted: Mapping[date, int]
    cost: Money
    price: Money
    terms: Terms


@dataclass(frozen=True)
class Kind:
    """How a made product sells: mean a day, strength of the week, trend a year, terms in units."""

    name: str
    unit: str
    mean: float
    weekend: float
    growth: float
    cost: int
    price: int
    case: int
    life: int


KINDS = (
    Kind("eggs", "斤", 42, 0.25, 0.10, 450, 580, 30, 21),
    Kind("greens", "份", 30, 0.15, 0.05, 180, 350, 10, 2),
    Kind("tofu", "盒", 22, 0.10, 0.00, 150, 250, 10, 2),
    Kind("milk", "瓶", 35, 0.05, 0.20, 420, 650, 12, 7),
    Kind("tomatoes", "斤", 18, 0.30, -0.15, 260, 450, 10, 4),
    Kind("strawberries", "盒", 9, 0.60, 0.00, 1500, 2380, 6, 2),
    Kind("pork", "斤", 14, 0.45, 0.05, 1380, 1780, 5, 2),
    Kind("mushrooms", "份", 7, 0.20, 0.00, 350, 580, 5, 4),
    Kind("shrimp", "斤", 6, 0.80, 0.10, 2600, 3580, 5, 1),
    Kind("noodles", "袋", 12, 0.10, -0.20, 300, 480, 10, 3),
    Kind("pears", "斤", 11, 0.35, 0.30, 220, 398, 20, 14),
    Kind("rice cakes", "份", 4, 0.20, 0.00, 500, 800, 4, 5),
)


def holidays() -> tuple[set[date], dict[date, float]]:
    """Closed days, and days around a festival with their factor."""
    festivals = (date(2025, 1, 29), date(2025, 10, 6), date(2026, 2, 17), date(2025, 5, 31),
                 date(2026, 6, 19), date(2024, 9, 17), date(2026, 9, 25))  # fmt: skip
    closed, factor = set(), {}
    for festival in festivals:
        for before in range(1, 6):
            factor[festival - timedelta(days=before)] = 1.7 - 0.12 * before
        for after in range(1, 4):
            factor[festival + timedelta(days=after)] = 0.6
        if festival.month in (1, 2):
            closed |= {festival + timedelta(days=number) for number in range(-1, 5)}
    return closed, factor


def made(seed: int) -> list[Series]:
    """Make two years of every kind; the same seed makes the same series."""
    chance = random.Random(seed)
    closed, festive = holidays()
    return [_made(kind, chance, closed, festive) for kind in KINDS]


def _made(
    kind: Kind, chance: random.Random, closed: set[date], festive: Mapping[date, float]
) -> Series:
    unit = Unit.named(kind.unit)
    week = [1 + kind.weekend * (0.9 if weekday > 4 else -0.36) for weekday in range(WEEK)]
    week = [level * chance.uniform(0.88, 1.12) for level in week]
    season, drift = chance.uniform(0, tau), 0.0
    seen, wanted = [], {}
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        drift = drift * 0.97 + chance.gauss(0, 0.03)
        level = (
            kind.mean * (1 + kind.growth * number / 365) * (1 + 0.15 * sin(season + number / 58))
        )
        mean = max(level * week[day.weekday()] * festive.get(day, 1.0) * (1 + drift), 0.1)
        count = 0 if day in closed else _count(chance, mean)
        empty = chance.random() < 0.06 and count > 2
        sold = int(count * chance.uniform(0.4, 0.85)) if empty else count
        grams = unit.grams or 1
        wanted[day] = count * grams
        seen.append(DayDemand(day, sold * grams, empty, day in closed))
    grams = unit.grams or 1
    terms = Terms(kind.case * grams, 0, kind.life, max(1, grams // 10))
    return Series(kind.name, unit, tuple(seen), wanted, Money(kind.cost), Money(kind.price), terms)


def _count(chance: random.Random, mean: float) -> int:
    """A count with more spread than Poisson: some days a whole staircase orders."""
    rate = chance.gammavariate(12, mean / 12)
    return sum(1 for _ in _arrivals(chance, rate))


def _arrivals(chance: random.Random, rate: float) -> Sequence[float]:
    found, time = [], chance.expovariate(1)
    while time < rate:
        found.append(time)
        time += chance.expovariate(1)
    return found


@dataclass
class _Asked(Market):
    """The demo shop's market that remembers what was asked for."""

    wanted: dict[str, dict[date, int]] = field(default_factory=dict)

    def asked(self, goods: Goods, day: date) -> int:
        count = super().asked(goods, day)
        self.wanted.setdefault(goods.name, {})[day] = count
        return count


def drawn(chance: int) -> list[Series]:
    """Return two years of the demo shop's market from another ``chance``, wanted known."""
    units = {good.name: Unit.named(good.unit) for good in GOODS}
    until = FIRST + timedelta(days=DAYS)
    market = _Asked(units, random.Random(chance), until, until)
    names: dict[int, str] = {}
    sold: dict[tuple[str, date], int] = {}
    sold_out: set[tuple[str, date]] = set()
    for period in market.periods(FIRST - timedelta(weeks=2), until):
        names |= {one.number: one.name for one in period.arrived}
        for one in period.left:
            if one.kind is Movement.SOLD:
                key = (names[one.number], one.day)
                sold[key] = sold.get(key, 0) + one.quantity
        sold_out |= set(period.sold_out)
    days = [FIRST + timedelta(days=number) for number in range(DAYS)]
    prices = {good.name: (Money.of(good.purchase), Money.of(good.price)) for good in GOODS}
    return [
        Series(
            goods.name,
            units[goods.name],
            tuple(
                DayDemand(day, sold.get((goods.name, day), 0), (goods.name, day) in sold_out)
                for day in days
            ),
            market.wanted[goods.name],
            *prices[goods.name],
            _terms(units[goods.name], units[goods.name].amount(goods.case), goods.shelf_life),
        )
        for partner in PARTNERS
        for goods in partner.goods
        if goods.demand
    ]


def _terms(unit: Unit, case: int, shelf_life: int | None) -> Terms:
    return Terms(case, 0, shelf_life, max(1, (unit.grams or 1) // 10))


def filled(series: Series) -> Series:
    """Return the series with what was likely wanted on sold-out days: the weeks around, if more.

    The weeks after count like those before, so that no rule is asked what it would have said.
    """
    seen = {day.day: day for day in series.seen}
    wanted = dict(series.wanted)
    for day in series.seen:
        near = [seen.get(day.day + timedelta(weeks=weeks)) for weeks in AROUND]
        counted = [one.quantity for one in near if one is not None and one.counts]
        if day.sold_out and counted:
            wanted[day.day] = max(day.quantity, round(sum(counted) / len(counted)))
    return replace(series, wanted=wanted)


def of_books(folder: Path) -> list[Series]:
    """Read every product of a shop that somebody delivers and that sold on half of a year's weeks.

    Of the others there is nothing to forecast: they are bought when one is gone.
    """
    place = Place.at(folder)
    clock = SystemClock()
    store = open_books(place, clock)
    shop = Premises(place, store, clock).shop(SYSTEM)
    today = local_day(clock.now(), shop.settings.time_zone)
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    with store.read() as connection:
        rows = connection.execute(
            select(schema.product).where(schema.product.c.purchase_price_fen.is_not(None))
        ).all()
        found = books(connection, shop, [row.id for row in rows], first, last)
        terms = {
            row.product_id: row
            for row in connection.execute(
                select(schema.supply_term).where(schema.supply_term.c.ended_at.is_(None))
            )
        }
    store.close()
    series = [_of_row(row, terms.get(row.id), found.days(row.id)) for row in rows]
    return [one for one in series if one is not None]


def _of_row(row: object, term: object, days: Sequence[DayDemand]) -> Series | None:
    known = [number for number, day in enumerate(days) if day.known]
    if len(known) < 2 * WARM_UP or sum(day.quantity > 0 for day in days) < len(known) / 14:
        return None
    days = days[known[0] :]
    unit = Unit(row.sale_unit, row.unit_grams)  # type: ignore[attr-defined]
    case = getattr(term, "case_quantity", None) or unit.grams or 1
    life = getattr(term, "shelf_life_days", None)
    cost = getattr(term, "price_fen", None) or row.purchase_price_fen  # type: ignore[attr-defined]
    return Series(
        row.name,  # type: ignore[attr-defined]
        unit,
        tuple(days),
        {day.day: day.quantity for day in days},
        Money(cost),
        Money(row.price_fen),  # type: ignore[attr-defined]
        _terms(unit, case, life),
    )
