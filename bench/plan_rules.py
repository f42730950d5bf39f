"""Which forecast the plan should use: two years of days, by waste plus missed sales in money.

``python -m bench.plan_rules`` makes a series from a seed: twelve products of a neighbourhood shop
with a weekly pattern, a slow trend, noise, holidays, closed days, and days on which the shelf was
empty before everybody had come (the rules see what was sold, the reckoning knows what was wanted).
``--data <folder>`` reads the books of a shop instead, for example the demo shop; there wanted is
what was ordered and sold, or with ``--filled`` on sold-out days what the weeks around them say.
``--demo-chance <number>`` lives the demo shop's market with another chance, wanted known.

Every rule buys on the same days with the same safety, cases and shelf lives. What spoils costs its
purchase price, what is missed its margin. Compare the rules of one run with each other.
"""

import argparse
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from bench.plan_series import WARM_UP, Series, drawn, filled, made, of_books
from lib.kernel.money import total
from lib.shop.settings import Settings
from lib.supply.rhythm.back_test.rules import Outcome, replay
from lib.supply.rhythm.plan import rules as plan_rules
from lib.supply.rhythm.plan.rules import Forecast, Terms
from lib.supply.rhythm.rules import WEEK, DayDemand, weekday_means

SEED = 20260925
HORIZON = 35
LEAST_TO_TRIM = 5
SIMPLE = 3
"""The plan, last week and the mean of four weeks come first."""

Rule = Callable[[Sequence[DayDemand], date], Fraction]
"""Days before the delivery day, oldest first, and the day asked for."""


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


def as_planned(weeks: int, level_weeks: int) -> Rule:
    """The rule of the program, with other numbers of weeks for comparison."""

    def rule(days: Sequence[DayDemand], day: date) -> Fraction:
        return plan_rules.forecast(days[-weeks * WEEK :], level_weeks).of(day)

    return rule


def plain(weeks: int) -> Rule:
    """Weekday means without sold-out and closed days."""
    return as_planned(weeks, weeks)


def half_level(weeks: int) -> Rule:
    """Means without a weekday's highest and lowest, half the way to the last two weeks' level."""

    def rule(days: Sequence[DayDemand], day: date) -> Fraction:
        counted = [one for one in days[-weeks * WEEK :] if one.counts]
        means = {weekday: _middle(counted, weekday) for weekday in weekday_means(counted)}
        recent = [one for one in counted if one.day > counted[-1].day - timedelta(weeks=2)]
        usual = sum((means[one.day.weekday()] for one in recent), Fraction())
        change = sum(one.quantity for one in recent) / usual - 1 if usual else Fraction()
        move = max(Fraction(-1, 4), min(Fraction(1, 4), change / 2))
        return Forecast(means, 1 + (move if len(recent) >= WEEK else Fraction()), 1).of(day)

    return rule


def _middle(counted: Sequence[DayDemand], weekday: int) -> Fraction:
    same = sorted(one.quantity for one in counted if one.day.weekday() == weekday)
    same = same[1:-1] if len(same) >= LEAST_TO_TRIM else same
    return Fraction(sum(same), len(same))


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


def rules(weeks: int, level_weeks: int) -> dict[str, Rule]:
    """The rules that are compared; the first is the program's."""
    return {
        f"the plan: {weeks} weeks, level of {level_weeks}": as_planned(weeks, level_weeks),
        "same as last week": last_week,
        "mean of the last four weeks": four_weeks,
        "4 weeks, sold-out days left out": plain(4),
        "8 weeks, sold-out days left out": plain(8),
        "8 weeks, fading by a fifth": fading(8, Fraction(4, 5)),
        "8 weeks, ends left out, half level": half_level(8),
        "12 weeks, level of 4": as_planned(12, 4),
        "26 weeks, level of 4": as_planned(26, 4),
        f"{weeks} weeks, level of 2": as_planned(weeks, 2),
        f"{weeks} weeks, level of 8": as_planned(weeks, 8),
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


def main() -> None:
    """Print one line a rule: waste, missed margin, their sum, and the sum against the plan's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of a shop's books")
    parser.add_argument("--filled", action="store_true", help="guess what sold-out days wanted")
    parser.add_argument("--demo-chance", type=int, help="live the demo shop's market once more")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--simple", action="store_true", help="only the two simple rules beside")
    chosen = parser.parse_args()
    settings = Settings()
    found = _series(chosen)
    print(f"{len(found)} products, {max((len(one.seen) for one in found), default=0)} days")
    print(f"{'rule':<36} {'waste':>12} {'missed':>12} {'sum':>12}  to the plan")
    compared = rules(settings.plan_weeks, settings.plan_level_weeks)
    if chosen.simple:
        compared = dict(list(compared.items())[:SIMPLE])
    plan_sum = 0
    for name, rule in compared.items():
        summed = _row(name, rule, found, settings, plan_sum)
        plan_sum = plan_sum or summed
    if chosen.simple:
        return
    plan_rules.lot_size = rounded_up
    _row("the plan, cases always up", next(iter(compared.values())), found, settings, plan_sum)


def _series(chosen: argparse.Namespace) -> list[Series]:
    """Return the series that the command line asks for."""
    if chosen.data:
        found = of_books(chosen.data)
        return [filled(one) for one in found] if chosen.filled else found
    return made(chosen.seed) if chosen.demo_chance is None else drawn(chosen.demo_chance)


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
