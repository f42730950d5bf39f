"""Which forecast the plan should use: two years of days, by waste plus missed sales in money.

``python -m bench.plan_rules`` makes a series from a seed: twelve products of a neighbourhood shop
with a weekly pattern, a slow trend, noise, holidays, closed days, and days on which the shelf was
empty before everybody had come (the rules see what was sold, the reckoning knows what was wanted).
``--data <folder>`` reads the books of a shop instead, for example the demo shop; there wanted is
what was ordered and sold.

Every rule buys on the same days with the same safety, cases and shelf lives. What spoils costs its
purchase price, what is missed its margin. Compare the rules of one run with each other.
"""

import argparse
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import sin, tau
from pathlib import Path

from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import SystemClock, local_day
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.shop.settings import Settings
from lib.shop.shop import SYSTEM
from lib.supply.rhythm.back_test.rules import Outcome, replay
from lib.supply.rhythm.plan import rules as plan_rules
from lib.supply.rhythm.plan.rules import Forecast, Terms
from lib.supply.rhythm.queries import books
from lib.supply.rhythm.rules import WEEK, DayDemand, weekday_means

SEED = 20260925
FIRST = date(2024, 9, 2)
DAYS = 104 * WEEK
WARM_UP = 8 * WEEK
HORIZON = 35

Rule = Callable[[Sequence[DayDemand], date], Fraction]
"""Days before the delivery day, oldest first, and the day asked for."""


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


def last_week(days: Sequence[DayDemand], day: date) -> Fraction:
    """Same as last week, sold out or not."""
    known = {one.day: one.quantity for one in days[-2 * WEEK :]}
    back = day - timedelta(days=WEEK)
    while back not in known and back >= days[0].day:
        back -= timedelta(days=WEEK)
    return Fraction(known.get(back, 0))


def four_weeks(days: Sequence[DayDemand], day: date) -> Fraction:
    """Mean of the same weekday in the last four weeks, sold out or not."""
    same = [one.quantity for one in days[-4 * WEEK :] if one.day.weekday() == day.weekday()]
    return Fraction(sum(same), len(same)) if same else Fraction()


def without_trend(weeks: int) -> Rule:
    """Weekday means without sold-out and closed days, and no trend."""

    def rule(days: Sequence[DayDemand], day: date) -> Fraction:
        return Forecast(weekday_means(days[-weeks * WEEK :]), Fraction(1), 1).of(day)

    return rule


def as_planned(
    weeks: int,
    weight: Fraction = plan_rules.TREND_WEIGHT,
    most: Fraction = plan_rules.MOST_TREND,
) -> Rule:
    """The rule of the program; other weights of the trend for comparison."""

    def rule(days: Sequence[DayDemand], day: date) -> Fraction:
        return plan_rules.forecast(days[-weeks * WEEK :], weight, most).of(day)

    return rule


def untrimmed(weeks: int) -> Rule:
    """The program's rule with the highest and the lowest day of a weekday counted too."""

    def rule(days: Sequence[DayDemand], day: date) -> Fraction:
        factor = plan_rules.forecast(days[-weeks * WEEK :]).factor
        return Forecast(weekday_means(days[-weeks * WEEK :]), factor, 1).of(day)

    return rule


def fading(weeks: int, keep: Fraction) -> Rule:
    """Weekday means in which every week back counts ``keep`` of the one after it."""

    def rule(days: Sequence[DayDemand], day: date) -> Fraction:
        total_weight, total_sum = Fraction(), Fraction()
        last = days[-1].day
        for one in days[-weeks * WEEK :]:
            if one.counts and one.day.weekday() == day.weekday():
                weight = keep ** ((last - one.day).days // WEEK)
                total_weight += weight
                total_sum += weight * one.quantity
        return total_sum / total_weight if total_weight else Fraction()

    return rule


def rules(weeks: int) -> dict[str, Rule]:
    """The rules that are compared; the first is the program's."""
    return {
        f"the plan: {weeks} weeks, trend half": as_planned(weeks),
        "same as last week": last_week,
        "mean of the last four weeks": four_weeks,
        f"{weeks} weeks, plain means": without_trend(weeks),
        "4 weeks, plain means": without_trend(4),
        f"{weeks} weeks, plain means, trend half": untrimmed(weeks),
        f"{weeks} weeks, no trend": as_planned(weeks, Fraction(), Fraction()),
        f"{weeks} weeks, trend in full": as_planned(weeks, Fraction(1), Fraction(1)),
        f"{weeks} weeks, fading by a fifth": fading(weeks, Fraction(4, 5)),
        "26 weeks, trend half": as_planned(26),
    }


def rounded_up(needed: int, sellable: int | None, terms: Terms) -> tuple[int, None]:
    """Buy whole cases always rounded up, also where the last one does not sell before it spoils."""
    wanted = max(needed if sellable is None else min(needed, sellable), 0)
    return -(-wanted // terms.case) * terms.case, None


def judged(series: Series, rule: Rule, weekdays: Sequence[int], safety: int) -> Outcome:
    """Run one rule over one product."""
    days = series.seen
    first, last = days[WARM_UP].day, days[-1].day
    closed = {day.day for day in days if day.closed}
    index = {day.day: number for number, day in enumerate(days)}
    deliveries = [
        day.day
        for day in days
        if first <= day.day <= last and day.day.weekday() in weekdays and day.day not in closed
    ]

    def expected_on(today: date) -> dict[date, Fraction]:
        before = days[: index[today]]
        life = series.terms.shelf_life
        ahead = HORIZON if life is None or life > plan_rules.LONGEST_LIFE else max(life + 1, WEEK)
        asked = [today + timedelta(days=number) for number in range(ahead)]
        weekly = {day.weekday(): rule(before, day) for day in asked[:WEEK]}
        return {day: Fraction() if day in closed else weekly[day.weekday()] for day in asked}

    return replay(deliveries, expected_on, series.wanted, series.terms, safety)


def of_books(folder: Path) -> list[Series]:
    """Read the products of a shop that sold on at least half of a year's weeks."""
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
    grams = unit.grams or 1
    case = getattr(term, "case_quantity", None) or grams
    life = getattr(term, "shelf_life_days", None)
    cost = getattr(term, "price_fen", None) or row.purchase_price_fen  # type: ignore[attr-defined]
    return Series(
        row.name,  # type: ignore[attr-defined]
        unit,
        tuple(days),
        {day.day: day.quantity for day in days},
        Money(cost),
        Money(row.price_fen),  # type: ignore[attr-defined]
        Terms(case, 0, life, max(1, grams // 10)),
    )


def main() -> None:
    """Print one line a rule: waste, missed margin, their sum, and the sum against the plan's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of a shop's books")
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    settings = Settings()
    found = of_books(chosen.data) if chosen.data else made(chosen.seed)
    print(f"{len(found)} products, {max((len(one.seen) for one in found), default=0)} days")
    print(f"{'rule':<36} {'waste':>12} {'missed':>12} {'sum':>12}  to the plan")
    compared = rules(settings.plan_weeks)
    plan_sum = 0
    for name, rule in compared.items():
        summed = _row(name, rule, found, settings, plan_sum)
        plan_sum = plan_sum or summed
    plan_rules.lot_size = rounded_up
    _row("the plan, cases always up", next(iter(compared.values())), found, settings, plan_sum)


def _row(name: str, rule: Rule, found: Sequence[Series], settings: Settings, plan_sum: int) -> int:
    """Print a rule's line and return its sum in fen; ``plan_sum`` 0 is the plan itself."""
    waste, missed = [], []
    for one in found:
        done = judged(one, rule, settings.plan_weekdays, settings.plan_safety_percent)
        waste.append(one.unit.price_of(one.cost, round(done.spoiled)))
        missed.append(one.unit.price_of(one.price - one.cost, round(done.missed)))
    summed = total(waste) + total(missed)
    share = f"{summed.fen / (plan_sum or summed.fen or 1):.2f} x"
    print(f"{name:<36} {total(waste)!s:>12} {total(missed)!s:>12} {summed!s:>12}  {share}")
    return summed.fen


if __name__ == "__main__":
    main()
