"""Reads of clearances (practice R7): what to offer, with whom, and what it did afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, func, select

from lib.db import schema
from lib.kernel.clock import local_day
from lib.kernel.money import Money, half_up
from lib.kernel.quantity import Unit
from lib.shop.shop import DESK, Shop
from lib.supply.clearance import offers
from lib.supply.clearance.offers import Kind, Measured, Plan, Stock
from lib.trade.charged.queries import charged_before
from lib.trade.charged.rules import Lowest

TOGETHER_WEEKS = 8
"""Orders of so many weeks say what is bought together."""
MOST_PARTNERS = 8
MOST_CLEARANCES = 60

_clearance, _product, _level = schema.clearance, schema.product, schema.stock_level
_batch, _line, _order = schema.batch, schema.order_line, schema.customer_order
_stock_day, _demand = schema.stock_day, schema.demand_day


@dataclass(frozen=True)
class Partner:
    """A product bought together with the slow one: ``orders`` held both."""

    product_id: int
    name: str
    unit: Unit
    price: Money
    orders: int


@dataclass(frozen=True)
class Clearance:
    """A clearance with its result so far; quantities in grams or sale units.

    ``until`` is its last day counted: its end, the day it was ended, or today while it runs.
    """

    id: int
    product_id: int
    product: str
    unit: Unit
    kind: Kind
    partner: str
    price: Money
    reason: str
    starts_on: date
    ends_on: date
    until: date
    on_hand: int
    text: str
    by: str
    version: int
    running: bool
    result: Measured


def stock_for(connection: Connection, product_id: int) -> Stock | None:
    """Return what lies there of a product with its cost, for steps inside a write; no pace.

    None for a product that is not there.
    """
    query = (
        select(_product, _level.c.on_hand)
        .outerjoin(_level, _level.c.product_id == _product.c.id)
        .where(_product.c.id == product_id)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    unit = Unit(row.sale_unit, row.unit_grams)
    cost = _unit_cost(connection, product_id, row.purchase_price_fen)
    return Stock(unit, row.on_hand or 0, Decimal(0), Money(row.price_fen), cost)


def _unit_cost(connection: Connection, product_id: int, usual_fen: int | None) -> Money | None:
    """Return what a sale unit of the goods on hand cost on the average of their batches."""
    query = select(_batch.c.on_hand, _batch.c.unit_price_fen).where(
        _batch.c.product_id == product_id,
        _batch.c.on_hand > 0,
        _batch.c.unit_price_fen.is_not(None),
    )
    rows = connection.execute(query).all()
    quantity = sum(row.on_hand for row in rows)
    if quantity:
        worth = sum(row.on_hand * row.unit_price_fen for row in rows)
        return Money(half_up(Decimal(worth) / quantity))
    return None if usual_fen is None else Money(usual_fen)


def basis(shop: Shop, product_id: int) -> Stock | None:
    """Return what a clearance of a product is reckoned from.

    The cost is there for everybody, so that nothing is sold below it unseen; screens show its
    amount only where ``shop.may_see_cost``.
    """
    shop.require(DESK)
    with shop.read() as connection:
        return stock_for(connection, product_id)


def partners(shop: Shop, product_id: int) -> tuple[Partner, ...]:
    """Return what is most often in one order with a product, over the last weeks."""
    shop.require(DESK)
    other = _line.alias("other")
    count = func.count(_line.c.order_id.distinct())
    query = (
        select(_product.c.id, _product.c.name, _product.c.sale_unit, _product.c.unit_grams,
               _product.c.price_fen, count.label("orders"))
        .select_from(_line)
        .join(_order, _order.c.id == _line.c.order_id)
        .join(other, other.c.order_id == _line.c.order_id)
        .join(_product, _product.c.id == other.c.product_id)
        .where(
            _line.c.product_id == product_id,
            _line.c.cancelled_at.is_(None),
            other.c.product_id != product_id,
            other.c.cancelled_at.is_(None),
            _order.c.status == "active",
            _order.c.pickup_day >= shop.today - timedelta(weeks=TOGETHER_WEEKS),
            _product.c.archived_at.is_(None),
            _product.c.stopped_at.is_(None),
        )
        .group_by(_product.c.id, _product.c.name, _product.c.sale_unit, _product.c.unit_grams,
                  _product.c.price_fen)
        .order_by(count.desc(), _product.c.name)
        .limit(MOST_PARTNERS)
    )  # fmt: skip
    with shop.read() as connection:
        return tuple(
            Partner(
                row.id, row.name, Unit(row.sale_unit, row.unit_grams), Money(row.price_fen),
                row.orders,
            )
            for row in connection.execute(query)
        )  # fmt: skip


def lowest_charged(shop: Shop, product_id: int) -> Lowest | None:
    """Return the lowest price really charged in the days before now, else the last one charged.

    None when it was never sold. The rule is the one of every compared price (facts, 3.3 §16).
    """
    shop.require(DESK)
    settings = shop.settings
    with shop.read() as connection:
        found = charged_before(
            connection,
            [product_id],
            shop.clock.now(),
            settings.compared_price_days,
            settings.time_zone,
        )
    return found.get(product_id)


def clearances(shop: Shop, limit: int = MOST_CLEARANCES) -> tuple[Clearance, ...]:
    """Return the newest clearances with their results, running ones first."""
    shop.require(DESK)
    partner, people = _product.alias("partner"), schema.person
    query = (
        select(
            _clearance,
            _product.c.name.label("product"),
            _product.c.sale_unit,
            _product.c.unit_grams,
            partner.c.name.label("partner"),
            partner.c.price_fen.label("partner_fen"),
            people.c.name.label("by"),
        )
        .join(_product, _product.c.id == _clearance.c.product_id)
        .outerjoin(partner, partner.c.id == _clearance.c.partner_id)
        .outerjoin(people, people.c.id == _clearance.c.started_by)
        .order_by(_clearance.c.id.desc())
        .limit(min(limit, MOST_CLEARANCES))
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
        sold = _Sold(connection, shop, rows)
    found = [_clearance_of(shop, row, sold) for row in rows]
    return tuple(sorted(found, key=lambda one: (not one.running, -one.id)))


def _until(shop: Shop, row: Row[Any]) -> date:
    ended: date = (
        row.ends_on if row.ended_at is None else local_day(row.ended_at, shop.settings.time_zone)
    )
    ends: date = row.ends_on
    return min(ends, ended, shop.today)


class _Sold:
    """What was sold and taken of each product by day, over all days the clearances touch."""

    def __init__(self, connection: Connection, shop: Shop, rows: Iterable[Row[Any]]) -> None:
        rows = list(rows)
        self.left: dict[int, dict[date, tuple[int, int]]] = {}
        self.ordered: dict[int, dict[date, tuple[int, int]]] = {}
        if not rows:
            return
        ids = {row.product_id for row in rows}
        first = min(row.starts_on - (_until(shop, row) - row.starts_on) for row in rows)
        first, last = first - timedelta(days=1), max(_until(shop, row) for row in rows)
        for table, columns, into in (
            (_stock_day, (_stock_day.c.sold - _stock_day.c.returned, _stock_day.c.shelf_sold),
             self.left),
            (_demand, (_demand.c.ordered, _demand.c.amount_fen), self.ordered),
        ):  # fmt: skip
            query = select(table.c.product_id, table.c.day, *columns).where(
                table.c.product_id.in_(ids), table.c.day.between(first, last)
            )
            for product_id, day, one, other in connection.execute(query):
                into.setdefault(product_id, {})[day] = (one, other)

    def sold(self, product_id: int, first: date, last: date) -> int:
        """Return what was sold: by the stock ledger, or what was ordered where none is kept."""
        days = self.left.get(product_id) or self.ordered.get(product_id, {})
        return sum(one for day, (one, _) in days.items() if first <= day <= last)

    def takings(self, product_id: int, first: date, last: date, unit: Unit, each: Money) -> Money:
        """Return the amounts of the orders, and sales from the shelf at ``each``."""
        orders = self.ordered.get(product_id, {})
        amount = sum(fen for day, (_, fen) in orders.items() if first <= day <= last)
        shelf = self.left.get(product_id, {})
        counted = sum(quantity for day, (_, quantity) in shelf.items() if first <= day <= last)
        return Money(amount) + unit.price_of(each, counted)


def _clearance_of(shop: Shop, row: Row[Any], sold: _Sold) -> Clearance:
    unit, until = Unit(row.sale_unit, row.unit_grams), _until(shop, row)
    length = (until - row.starts_on).days + 1
    before = row.starts_on - timedelta(days=length)
    kind = Kind(row.kind)
    partner_price = None if row.partner_fen is None else Money(row.partner_fen)
    earned = Plan(kind, Money(row.price_fen), length, row.expected_sold, partner_price).earned
    cost = None if row.unit_cost_fen is None or not shop.may_see_cost else Money(row.unit_cost_fen)
    result = offers.measured(
        unit,
        on_hand=row.on_hand,
        expected=row.expected_sold,
        sold=sold.sold(row.product_id, row.starts_on, until),
        before=sold.sold(row.product_id, before, row.starts_on - timedelta(days=1)),
        takings=sold.takings(row.product_id, row.starts_on, until, unit, earned),
        unit_cost=cost,
        earned=earned,
    )
    return Clearance(
        row.id, row.product_id, row.product, unit, kind, row.partner or "",
        Money(row.price_fen), row.reason, row.starts_on, row.ends_on, until, row.on_hand, row.text,
        row.by or "", row.version, row.ended_at is None and row.ends_on >= shop.today, result,
    )  # fmt: skip
