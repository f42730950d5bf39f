"""Reads of the plan (R5): what to buy on the next delivery days, and what is due of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Select, func, select

from lib.db import schema
from lib.kernel.clock import monday_of
from lib.kernel.quantity import Unit
from lib.shop.shop import DESK, Shop
from lib.supply.purchasing.queries import PurchaseOrder, on_the_way, orders
from lib.supply.purchasing.rules import Status
from lib.supply.rhythm import queries
from lib.supply.rhythm.plan import rules as plan_rules
from lib.supply.rhythm.plan.rules import Forecast, Lot, Outlook, Suggestion, Terms
from lib.supply.rhythm.queries import Books
from lib.supply.rhythm.rules import WEEK
from lib.supply.stock.queries import Stock, lots_of, stock_of
from lib.supply.stock.rules import Lot as StockLot
from lib.supply.suppliers.queries import Term, preferred_terms

OVERDUE_DAYS = 3
"""An order that is late so long is still counted on; an older one was forgotten to be closed."""

PROPOSAL_WEEKS = 8
"""A product that was wanted in most of so many weeks is proposed as a staple."""

_staple, _product, _choice = schema.staple, schema.product, schema.plan_choice
_order, _line, _demand = schema.purchase_order, schema.purchase_line, schema.demand_day


@dataclass(frozen=True)
class Staple:
    """A product that the plan buys; ``stopped``: it may not be sold now, so nothing is bought."""

    product_id: int
    name: str
    unit: Unit
    stopped: bool


@dataclass(frozen=True)
class Ordered:
    """What was ordered of a product for a delivery day, with the figures of that moment."""

    order_id: int
    number: str
    quantity: int
    suggested: int | None


@dataclass(frozen=True)
class PlanLine:
    """One staple on one delivery day: what to buy and why.

    ``decided`` is what somebody chose instead of the suggestion. Without ``term`` there is nobody
    to order from. ``stock`` is what lies here now and may be sold; None: it was never booked, so
    on hand counts as nothing.
    """

    staple: Staple
    suggestion: Suggestion
    forecast: Forecast
    decided: int | None
    ordered: Ordered | None
    term: Term | None
    stock: int | None

    @property
    def quantity(self) -> int:
        """What would be ordered now: the choice, else the suggestion."""
        return self.suggestion.quantity if self.decided is None else self.decided

    @property
    def is_open(self) -> bool:
        """Whether it can still be ordered: it was not yet, and there is somebody to order from."""
        return self.ordered is None and self.term is not None


@dataclass(frozen=True)
class PlanDay:
    """A delivery day: what comes on ``day`` lasts until ``until`` inclusive."""

    day: date
    until: date
    lines: tuple[PlanLine, ...]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to order: all that is wanted is ordered, or nothing was chosen.

        A day on which the plan wants nothing is settled by saying so.
        """
        mine = [line for line in self.lines if line.term is not None]
        if any(line.ordered for line in mine):
            return all(line.ordered or line.quantity == 0 for line in mine)
        return bool(mine) and all(line.decided == 0 for line in mine)


@dataclass(frozen=True)
class Plan:
    """The next delivery days; ``without_term`` are staples that nobody delivers yet."""

    days: tuple[PlanDay, ...]
    staples: tuple[Staple, ...]
    without_term: tuple[Staple, ...]
    stopped: tuple[Staple, ...]


@dataclass(frozen=True)
class Proposal:
    """A product wanted in ``weeks`` of the last :data:`PROPOSAL_WEEKS` that is no staple yet."""

    product_id: int
    name: str
    unit: Unit
    weeks: int


@dataclass(frozen=True)
class PlanDue:
    """A delivery day that nobody has ordered for yet; ``is_late``: it is today."""

    day: date
    staples: int
    is_late: bool


def staples(shop: Shop) -> tuple[Staple, ...]:
    """Return the products that the plan buys, by name."""
    shop.require(DESK)
    with shop.read() as connection:
        return staples_in(connection)


def plan(shop: Shop) -> Plan:
    """Return what to buy on the next delivery days, as many as the setting names weekdays. R5."""
    found = staples(shop)
    active = [one for one in found if not one.stopped]
    facts = _facts(shop, [one.product_id for one in active])
    lines = [line for one in active for line in _lines_of(shop, one, facts)]
    days = [
        PlanDay(
            day,
            following - timedelta(days=1),
            tuple(line for line in lines if line.suggestion.day == day),
        )
        for day, following in pairwise(facts.deliveries)
    ]
    return Plan(
        tuple(days),
        found,
        tuple(one for one in active if one.product_id not in facts.terms),
        tuple(one for one in found if one.stopped),
    )


def orders_of(shop: Shop, day: date) -> tuple[PurchaseOrder, ...]:
    """Return the purchase orders ever made for a delivery day, cancelled ones too."""
    return orders(shop, statuses=tuple(Status), plan_day=day)


def proposals(shop: Shop) -> tuple[Proposal, ...]:
    """Return products wanted in more than half of the weeks looked at, most often first."""
    weeks = PROPOSAL_WEEKS
    first, last = queries.window(shop.today, weeks)
    with shop.read() as connection:
        taken = {one.product_id for one in staples_in(connection)}
        products = connection.execute(
            select(_product.c.id, _product.c.name, _product.c.sale_unit, _product.c.unit_grams)
            .where(_product.c.archived_at.is_(None))
            .limit(queries.MOST_PRODUCTS)
        ).all()
        ids = [row.id for row in products if row.id not in taken]
        last = monday_of(shop.today) - timedelta(days=1)
        found = queries.books(connection, shop, ids, first, last)
    rows = []
    for row in products:
        wanted = found.wanted.get(row.id, {})
        count = len({monday_of(day) for day, quantity in wanted.items() if quantity > 0})
        if 2 * count > weeks:
            rows.append(Proposal(row.id, row.name, Unit(row.sale_unit, row.unit_grams), count))
    return tuple(sorted(rows, key=lambda one: (-one.weeks, one.name)))


def plan_due(shop: Shop) -> PlanDue | None:
    """Return the next delivery day within the lead of the setting that has no order; for Today.

    A day is settled by an order made for it, or by choosing to buy nothing of every staple.
    """
    shop.require(DESK)
    settings, today = shop.settings, shop.today
    last = today + timedelta(days=settings.plan_lead_days)
    with shop.read() as connection:
        mine = [one for one in staples_in(connection) if not one.stopped]
        if not mine:
            return None
        shut = _closed(connection, today)
        days = [
            day
            for day in plan_rules.delivery_days(today, settings.plan_weekdays, shut, WEEK)
            if day <= last
        ]
        decided, ordered = _decided(connection, days), _ordered(connection, days)
    for day in days:
        made = any(of_day == day for of_day, _product_id in ordered)
        nothing = all(decided.get((day, one.product_id)) == 0 for one in mine)
        if not made and not nothing:
            return PlanDue(day, len(mine), day == today)
    return None


def terms_of(unit: Unit, term: Term | None) -> Terms:
    """Return how a product is bought: whole sale units where no case is agreed."""
    whole = unit.grams or 1
    step = max(1, whole // 10)
    if term is None:
        return Terms(whole, 0, None, step)
    return Terms(
        term.case_quantity or whole, term.minimum_quantity or 0, term.shelf_life_days, step
    )


def look_back(shop: Shop, before: date) -> tuple[date, date]:
    """Return the first and last day of the weeks the plan looks back from ``before``."""
    days = timedelta(weeks=shop.settings.plan_weeks)
    return before - days, before - timedelta(days=1)


def staples_in(connection: Connection) -> tuple[Staple, ...]:
    """Return the same as :func:`staples`, inside an open read."""
    query = (
        select(
            _product.c.id,
            _product.c.name,
            _product.c.sale_unit,
            _product.c.unit_grams,
            _product.c.stopped_at,
        )
        .join(_staple, _staple.c.product_id == _product.c.id)
        .where(_product.c.archived_at.is_(None))
        .order_by(_product.c.category, _product.c.name, _product.c.id)
        .limit(queries.MOST_PRODUCTS)
    )
    return tuple(
        Staple(row.id, row.name, Unit(row.sale_unit, row.unit_grams), row.stopped_at is not None)
        for row in connection.execute(query)
    )


@dataclass(frozen=True)
class _Facts:
    """All that the plan of all staples rests on, read in a handful of statements."""

    deliveries: Sequence[date]
    shut: frozenset[date]
    past: Books
    ahead: Mapping[int, Mapping[date, int]]
    sold_today: Mapping[int, int]
    lots: Mapping[int, Sequence[StockLot]]
    stock: Mapping[int, Stock]
    terms: Mapping[int, Term]
    coming: Mapping[int, Mapping[date, int]]
    decided: Mapping[tuple[date, int], int]
    ordered: Mapping[tuple[date, int], Ordered]


def _facts(shop: Shop, ids: Sequence[int]) -> _Facts:
    today, weekdays = shop.today, shop.settings.plan_weekdays
    with shop.read() as connection:
        shut = _closed(connection, today)
        deliveries = plan_rules.delivery_days(today, weekdays, shut, len(weekdays) + 1)
        past = queries.books(connection, shop, ids, *look_back(shop, today))
        ahead = _ahead(connection, ids, today)
        sold_today = _sold_on(connection, ids, today)
        lots = lots_of(connection, ids)
        decided = _decided(connection, deliveries)
        ordered = _ordered(connection, deliveries)
    coming = on_the_way(shop, ids, deliveries[-1]) if deliveries else {}
    return _Facts(
        deliveries, shut, past, ahead, sold_today, lots, stock_of(shop, ids),
        preferred_terms(shop, ids), coming, decided, ordered,
    )  # fmt: skip


def _lines_of(shop: Shop, one: Staple, facts: _Facts) -> list[PlanLine]:
    """Return one staple's lines, a delivery day each."""
    number, today = one.product_id, shop.today
    term, kept = facts.terms.get(number), facts.stock.get(number)
    usual = plan_rules.forecast(facts.past.days(number), shop.settings.plan_level_weeks)
    booked = facts.ahead.get(number, {})
    expected = _expected(usual, booked, facts.shut, today)
    sold = facts.sold_today.get(number, 0)
    expected[today] = _rest_of_today(expected[today], kept, booked, sold, today)
    mine = {day: facts.decided.get((day, number)) for day in facts.deliveries}
    done = {day: facts.ordered.get((day, number)) for day in facts.deliveries}
    outlook = Outlook(
        today,
        expected,
        _lots(facts.lots[number], kept, today),
        _arrivals(facts.coming.get(number, {}), today),
        _bought(mine, done),
    )
    terms, safety = terms_of(one.unit, term), shop.settings.plan_safety_percent
    here = None if kept is None else max(kept.on_hand - kept.blocked, 0)
    return [
        PlanLine(one, each, usual, mine[each.day], done[each.day], term, here)
        for each in plan_rules.suggest(outlook, facts.deliveries, terms, safety)
    ]


def _ahead(connection: Connection, ids: Sequence[int], today: date) -> dict[int, dict[date, int]]:
    """Return what is ordered already per product and pickup day from today on."""
    query = select(_demand.c.product_id, _demand.c.day, _demand.c.ordered).where(
        _demand.c.product_id.in_(ids), _demand.c.day >= today, _demand.c.ordered > 0
    )
    found: dict[int, dict[date, int]] = {}
    for product_id, day, ordered in connection.execute(query):
        found.setdefault(product_id, {})[day] = ordered
    return found


def _closed(connection: Connection, today: date) -> frozenset[date]:
    table = schema.closed_day
    last = today + timedelta(days=2 * plan_rules.LOOK_AHEAD + plan_rules.LONGEST_LIFE)
    query = select(table.c.day).where(table.c.day.between(today, last))
    return frozenset(connection.execute(query).scalars())


def _sold_on(connection: Connection, ids: Sequence[int], day: date) -> dict[int, int]:
    table = schema.stock_day
    query = select(table.c.product_id, table.c.sold).where(
        table.c.product_id.in_(ids), table.c.day == day
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _expected(
    forecast: Forecast, booked: Mapping[date, int], shut: frozenset[date], today: date
) -> dict[date, Fraction]:
    """What will be wanted per day; what is ordered for a day already is the least of it."""
    found = {}
    for number in range(2 * plan_rules.LOOK_AHEAD + plan_rules.LONGEST_LIFE):
        day = today + timedelta(days=number)
        usual = Fraction() if day in shut else forecast.of(day)
        found[day] = max(usual, Fraction(booked.get(day, 0)))
    return found


def _rest_of_today(
    expected: Fraction, kept: Stock | None, booked: Mapping[date, int], sold: int, today: date
) -> Fraction:
    """What of today's demand is still to come; orders not collected yet are part of it."""
    if kept is None:
        return expected
    later = sum(quantity for day, quantity in booked.items() if day > today)
    return max(expected - sold, Fraction(kept.reserved - later), Fraction())


def _lots(lots: Iterable[StockLot], kept: Stock | None, today: date) -> list[Lot]:
    """Return what lies in the shop and may be sold; goods missing without a batch are taken off."""
    if kept is None:
        return []
    found = [
        Lot(Fraction(lot.on_hand), lot.best_before)
        for lot in lots
        if lot.on_hand > 0 and lot.may_go(today)
    ]
    if kept.loose >= 0:
        return [*found, Lot(Fraction(kept.loose))]
    return plan_rules.sell(found, today, Fraction(-kept.loose))[0]


def _arrivals(coming: Mapping[date, int], today: date) -> dict[date, int]:
    """Return what is on the way by day; what is a little late is expected today."""
    found: dict[date, int] = {}
    for day, quantity in coming.items():
        if day >= today - timedelta(days=OVERDUE_DAYS):
            arrives = max(day, today)
            found[arrives] = found.get(arrives, 0) + quantity
    return found


def _bought(
    mine: Mapping[date, int | None], done: Mapping[date, Ordered | None]
) -> dict[date, int]:
    """What to reckon as bought on each day: an order made is on the way or here already."""
    found = {day: quantity for day, quantity in mine.items() if quantity is not None}
    return found | {day: 0 for day, order in done.items() if order is not None}


def _decided(connection: Connection, days: Sequence[date]) -> dict[tuple[date, int], int]:
    query = select(_choice.c.day, _choice.c.product_id, _choice.c.quantity).where(
        _choice.c.day.in_(days)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def _ordered(connection: Connection, days: Sequence[date]) -> dict[tuple[date, int], Ordered]:
    query: Select[Any] = (
        select(
            _order.c.plan_day,
            _line.c.product_id,
            func.max(_order.c.id).label("order_id"),
            func.max(_order.c.number).label("number"),
            func.sum(_line.c.quantity).label("quantity"),
            func.sum(_line.c.suggested).label("suggested"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .where(_order.c.plan_day.in_(days), _order.c.status != Status.CANCELLED)
        .group_by(_order.c.plan_day, _line.c.product_id)
    )
    return {
        (row.plan_day, row.product_id): Ordered(
            row.order_id,
            row.number,
            int(row.quantity),
            None if row.suggested is None else int(row.suggested),
        )
        for row in connection.execute(query)
    }
