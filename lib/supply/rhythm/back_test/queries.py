"""Reads of the back-test: how the plan of last week would have done (R5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import Connection, select

from lib.db import schema
from lib.kernel.money import Money, total
from lib.shop.shop import DESK, Shop
from lib.supply.rhythm import queries
from lib.supply.rhythm.back_test.rules import Outcome, replay
from lib.supply.rhythm.plan.queries import Staple, look_back, staples_in, terms_of
from lib.supply.rhythm.plan.rules import LONGEST_LIFE, forecast
from lib.supply.rhythm.queries import Books
from lib.supply.rhythm.rules import WEEK
from lib.supply.suppliers.queries import Term, preferred_terms

_product = schema.product


@dataclass(frozen=True)
class Tested:
    """How last week's plan would have done for one product.

    Money is None for those who may not see cost and where no cost is known: ``left`` and
    ``spoiled`` goods at cost, ``missed`` at the margin. ``sold_out`` counts days on which more
    would have gone than the figures say.
    """

    staple: Staple
    outcome: Outcome
    sold_out: int
    left_money: Money | None
    missed_money: Money | None


@dataclass(frozen=True)
class BackTest:
    """Last week's plan by the rule, from an empty shelf: ``first`` to ``last`` inclusive."""

    first: date
    last: date
    deliveries: tuple[date, ...]
    rows: tuple[Tested, ...]

    @property
    def left_money(self) -> Money | None:
        """What would have been left over or spoiled, at cost, where it is known."""
        known = [row.left_money for row in self.rows if row.left_money is not None]
        return total(known) if known else None

    @property
    def missed_money(self) -> Money | None:
        """The margin of what would have been missing, where it is known."""
        known = [row.missed_money for row in self.rows if row.missed_money is not None]
        return total(known) if known else None


def back_test(shop: Shop) -> BackTest | None:
    """Return how the plan of the last whole delivery week would have done, None without one.

    The forecast knows only what was known before that week; the shelf is empty at its start, so
    that the figures show the rule and not what happened to lie there.
    """
    shop.require(DESK)
    start = _last_cycle(shop)
    if start is None:
        return None
    end = start + timedelta(days=WEEK)
    with shop.read() as connection:
        found = tuple(one for one in staples_in(connection) if not one.stopped)
        ids = [one.product_id for one in found]
        past = queries.books(connection, shop, ids, *look_back(shop, start))
        week = queries.books(connection, shop, ids, start, end - timedelta(days=1))
        prices = _prices(connection, ids)
    terms = preferred_terms(shop, ids)
    weekdays = shop.settings.plan_weekdays
    deliveries = [
        day.day
        for day in Books(start, end, shop.today, week.closed).days(0)[:WEEK]
        if day.day.weekday() in weekdays and not day.closed
    ]
    if not deliveries or not found:
        return None
    rows = [
        _tested(shop, one, past, week, (*deliveries, end), terms.get(one.product_id), prices)
        for one in found
    ]
    return BackTest(start, end - timedelta(days=1), tuple(deliveries), tuple(rows))


def _last_cycle(shop: Shop) -> date | None:
    """Return the day the last whole week of deliveries began; it ended before today."""
    first = min(shop.settings.plan_weekdays)
    latest = shop.today - timedelta(days=WEEK)
    return latest - timedelta(days=(latest.weekday() - first) % WEEK)


def _prices(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[Money, Money | None]]:
    query = select(_product.c.id, _product.c.price_fen, _product.c.purchase_price_fen).where(
        _product.c.id.in_(ids)
    )
    return {
        row[0]: (Money(row[1]), None if row[2] is None else Money(row[2]))
        for row in connection.execute(query)
    }


def _tested(
    shop: Shop,
    one: Staple,
    past: Books,
    week: Books,
    deliveries: Sequence[date],
    term: Term | None,
    prices: Mapping[int, tuple[Money, Money | None]],
) -> Tested:
    usual = forecast(past.days(one.product_id), shop.settings.plan_level_weeks)
    days = week.days(one.product_id)
    expected = {
        deliveries[0] + timedelta(days=number): Fraction()
        if deliveries[0] + timedelta(days=number) in week.closed
        else usual.of(deliveries[0] + timedelta(days=number))
        for number in range(WEEK + LONGEST_LIFE + 1)
    }
    outcome = replay(
        deliveries,
        lambda _day: expected,
        {day.day: day.quantity for day in days},
        terms_of(one.unit, term),
        shop.settings.plan_safety_percent,
    )
    price, cost = prices[one.product_id]
    cost = term.price if term is not None and term.price is not None else cost
    left_money = missed_money = None
    if shop.may_see_cost and cost is not None:
        left_money = one.unit.price_of(cost, round(outcome.left + outcome.spoiled))
        missed_money = one.unit.price_of(price - cost, round(outcome.missed))
    sold_out = sum(day.sold_out for day in days)
    return Tested(one, outcome, sold_out, left_money, missed_money)
