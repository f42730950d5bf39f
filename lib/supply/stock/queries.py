"""Reads of stock. Every list is bounded by the number of products or a window of days.

Money leaves only for those who may see what goods cost.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.shop import DESK, Shop
from lib.supply.stock.rules import Kind, Lot, days_left
from lib.trade.orders.queries import is_order_refunded, is_taken_off, sum_handed, sum_refunded

RESERVED_DAYS = timedelta(days=7)
"""How long goods nobody came for stay reserved after their pickup day."""

MOST_PRODUCTS, MOST_BATCHES, MOST_MOVEMENTS = 500, 1000, 500

_batch, _level, _movement = schema.batch, schema.stock_level, schema.stock_movement
_product, _order, _line = schema.product, schema.customer_order, schema.order_line


@dataclass(frozen=True)
class Stock:
    """What lies in the shop of one product: grams or sale units.

    ``reserved`` is ordered or owed and not yet handed over, ``free`` what can still be sold;
    ``loose`` is the part without a batch, negative when goods left before their delivery was
    entered.
    ``best_before`` is the nearest date of what may be sold, ``blocked`` what may not: stopped or
    past a printed date. ``unit_cost`` is per sale unit, None for those who may not see cost.
    """

    product_id: int
    name: str
    category: str
    unit: Unit
    on_hand: int
    reserved: int
    loose: int
    blocked: int
    batches: int
    since: datetime
    best_before: date | None = None
    unit_cost: Money | None = None

    @property
    def free(self) -> int:
        """What can still be promised; negative when more is ordered than lies there."""
        return self.on_hand - self.blocked - self.reserved

    @property
    def value(self) -> Money | None:
        """What the goods on hand cost the shop; None when not known or not for this reader.

        Nothing for a stock below zero: no goods lie there that cost anything.
        """
        if self.unit_cost is None:
            return None
        return self.unit.price_of(self.unit_cost, max(self.on_hand, 0))

    @property
    def is_negative(self) -> bool:
        """Whether more left than came in: a delivery is missing, or the shelf was not counted."""
        return self.on_hand < 0 or self.loose < 0


@dataclass(frozen=True)
class BatchLeft:
    """What is left of one batch, in grams or sale units; ``printed``: its date binds."""

    batch_id: int
    code: str
    product_id: int
    product: str
    unit: Unit
    on_hand: int
    arrived_on: date
    best_before: date | None
    printed: bool
    stopped: bool
    supplier_id: int
    supplier: str
    unit_cost: Money | None

    @property
    def value(self) -> Money | None:
        """What the rest cost; None when not known or not for this reader."""
        return None if self.unit_cost is None else self.unit.price_of(self.unit_cost, self.on_hand)

    def days_left(self, today: date) -> int | None:
        """Return in how many days it ends, None without a date."""
        return days_left(self.best_before, today)

    @property
    def lot(self) -> Lot:
        """The batch as the rules see it."""
        return Lot(
            self.batch_id,
            self.code,
            self.on_hand,
            self.arrived_on,
            self.best_before,
            self.printed,
            self.stopped,
        )


@dataclass(frozen=True)
class Movement:
    """One row of the ledger. ``order_number`` is that of the order it belongs to.

    ``undone`` says that a later row took it back, ``is_reversal`` that it takes one back.
    """

    id: int
    product_id: int
    product: str
    unit: Unit
    batch_id: int | None
    batch: str
    kind: Kind
    quantity: int
    reason: str
    line_id: int | None
    handover_id: int | None
    order_number: int | None
    photo: str | None
    day: date
    at: datetime
    person_id: int | None
    by: str
    is_reversal: bool
    undone: bool


@dataclass(frozen=True)
class Due:
    """What the Today page says of stock: products below zero and batches that end soon."""

    negative: tuple[Stock, ...]
    ending: tuple[BatchLeft, ...]


def is_live(movement: Any) -> ColumnElement[bool]:
    """Return whether a row of ``stock_movement`` stands: neither taken back nor taking back."""
    later = movement.alias("taking_back")
    taken = exists(later.c.id).where(later.c.reverses_id == movement.c.id)
    return and_(movement.c.reverses_id.is_(None), not_(taken))


def stock(shop: Shop) -> tuple[Stock, ...]:
    """Return every product whose stock is kept, those below zero first, then by name (E4).

    Archived products only while something of them is on hand or below zero.
    """
    shop.require(DESK)
    wanted = or_(_product.c.archived_at.is_(None), _level.c.on_hand != 0, _level.c.loose != 0)
    return _stock(shop, wanted)


def stock_of(shop: Shop, product_ids: Collection[int]) -> dict[int, Stock]:
    """Return the stock of those of ``product_ids`` whose stock is kept."""
    shop.require(DESK)
    if not product_ids:
        return {}
    found = _stock(shop, _level.c.product_id.in_(set(product_ids)))
    return {each.product_id: each for each in found}


def batches_left(shop: Shop, product_id: int | None = None) -> tuple[BatchLeft, ...]:
    """Return what is left of each batch, in the order in which it should leave."""
    shop.require(DESK)
    wanted = [] if product_id is None else [_batch.c.product_id == product_id]
    with shop.read() as connection:
        found = _left(connection, *wanted, with_cost=shop.may_see_cost, most=MOST_BATCHES)
    last = date.max
    return tuple(sorted(found, key=lambda one: (one.best_before or last, one.arrived_on, one.code)))


def movements(
    shop: Shop,
    first: date,
    last: date,
    *,
    product_id: int | None = None,
    batch_id: int | None = None,
    limit: int = MOST_MOVEMENTS,
) -> tuple[Movement, ...]:
    """Return the movements from ``first`` to ``last``, both included, newest first."""
    shop.require(DESK)
    query = read_movements().where(_movement.c.business_day.between(first, last))
    if product_id is not None:
        query = query.where(_movement.c.product_id == product_id)
    if batch_id is not None:
        query = query.where(_movement.c.batch_id == batch_id)
    with shop.read() as connection:
        rows = connection.execute(query.order_by(_movement.c.id.desc()).limit(limit))
        return tuple(movement_of(row) for row in rows)


def due(shop: Shop) -> Due:
    """Return products below zero and batches that end within the setting's days.

    Costs two statements that read only products below zero and batches with something left.
    """
    shop.require(DESK)
    ends = shop.today + timedelta(days=shop.settings.spoil_warning_days)
    with shop.read() as connection:
        soon = _left(
            connection,
            _batch.c.best_before <= ends,
            _batch.c.on_hand > 0,
            with_cost=shop.may_see_cost,
            most=MOST_BATCHES,
        )
    negative = _stock(shop, or_(_level.c.on_hand < 0, _level.c.loose < 0))
    return Due(negative, tuple(sorted(soon, key=lambda one: (one.best_before, one.code))))


def has_rest() -> ColumnElement[bool]:
    """Return whether something of a batch is on hand or below zero, in the words of its index.

    A partial index does not know the values of a statement, hence the zero in the text.
    """
    return _batch.c.on_hand != literal(0, literal_execute=True)


def got_from(connection: Connection, batch_id: int) -> dict[int, int]:
    """Return who has goods of a batch: order line → grams or sale units, for a recall.

    Taken back, returned and re-assigned goods are reckoned in; only what is still out counts.
    """
    query = (
        select(_movement.c.line_id, func.sum(_movement.c.quantity))
        .where(_movement.c.batch_id == batch_id, _movement.c.line_id.is_not(None))
        .group_by(_movement.c.line_id)
        .having(func.sum(_movement.c.quantity) < 0)
    )
    return {line_id: -int(quantity) for line_id, quantity in connection.execute(query)}


def reserved(connection: Connection, today: date) -> dict[int, int]:
    """Return what is ordered and not yet handed over per product, in grams or sale units.

    Of active orders with a pickup day from :data:`RESERVED_DAYS` ago on; cancelled and paid-back
    lines are not reserved. What is owed to make something good is reserved until it is given.
    """
    line = (
        select(
            _line.c.id,
            _line.c.order_id,
            _line.c.product_id,
            _line.c.quantity,
            _line.c.amount_fen,
            sum_handed().label("handed"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .where(
            _order.c.status == "active",
            _order.c.pickup_day >= today - RESERVED_DAYS,
            _line.c.cancelled_at.is_(None),
            not_(is_taken_off()),
        )
        .offset(0)  # nearly all are handed over: only for the rest refunds are looked up
        .subquery("open_line")
    )
    refunded = sum_refunded()
    facts = (
        select(
            line.c.product_id,
            (line.c.quantity - line.c.handed).label("missing"),
            line.c.amount_fen,
            refunded.label("refunded"),
            is_order_refunded().label("order_refunded"),
        )
        .join(_line, _line.c.id == line.c.id)
        .join(_order, _order.c.id == line.c.order_id)
        .where(line.c.quantity > line.c.handed)
        .offset(0)
        .subquery("facts")
    )
    paid_back = and_(facts.c.refunded > 0, facts.c.refunded >= facts.c.amount_fen)
    query = (
        select(facts.c.product_id, func.sum(facts.c.missing))
        .where(not_(paid_back), not_(facts.c.order_refunded))
        .group_by(facts.c.product_id)
    )
    found = {row[0]: int(row[1]) for row in connection.execute(query)}
    for product_id, quantity in _promised(connection).items():
        found[product_id] = found.get(product_id, 0) + quantity
    return found


def _promised(connection: Connection) -> dict[int, int]:
    """Return what is owed to residents and not yet given, per product (R29)."""
    owed, given = schema.owed_goods, schema.owed_handover
    handed = (
        select(func.coalesce(func.sum(given.c.quantity), 0))
        .where(given.c.owed_id == owed.c.id)
        .scalar_subquery()
    )
    still = (
        select(owed.c.product_id, (owed.c.quantity - handed).label("open"))
        .where(owed.c.settled_at.is_(None), owed.c.cancelled_at.is_(None))
        .subquery("still")
    )
    query = select(still.c.product_id, func.sum(still.c.open)).group_by(still.c.product_id)
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def lots_of(connection: Connection, product_ids: Iterable[int]) -> dict[int, list[Lot]]:
    """Return what is left of the batches of each product; for steps inside a write."""
    lots: dict[int, list[Lot]] = {product_id: [] for product_id in product_ids}
    if lots:
        for one in _left(connection, _batch.c.product_id.in_(list(lots)), with_cost=False):
            lots[one.product_id].append(one.lot)
    return lots


def _stock(shop: Shop, wanted: ColumnElement[bool]) -> tuple[Stock, ...]:
    query = (
        select(
            _level,
            _product.c.name,
            _product.c.category,
            _product.c.sale_unit,
            _product.c.unit_grams,
            _product.c.purchase_price_fen,
        )
        .join(_product, _product.c.id == _level.c.product_id)
        .where(wanted)
        .order_by(_product.c.category, _product.c.name, _product.c.id)
        .limit(MOST_PRODUCTS)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
        if not rows:
            return ()
        lots: dict[int, list[BatchLeft]] = {row.product_id: [] for row in rows}
        for one in _left(connection, _batch.c.product_id.in_(list(lots)), with_cost=True):
            lots[one.product_id].append(one)
        ordered = reserved(connection, shop.today)
    found = [_one(row, lots[row.product_id], ordered.get(row.product_id, 0), shop) for row in rows]
    return tuple(sorted(found, key=lambda each: not each.is_negative))


def _one(row: Row[Any], lots: list[BatchLeft], ordered: int, shop: Shop) -> Stock:
    usable = [one for one in lots if one.on_hand > 0 and one.lot.may_go(shop.today)]
    newest = max(lots, key=lambda one: (one.arrived_on, one.batch_id), default=None)
    cost = newest.unit_cost if newest and newest.unit_cost is not None else None
    if cost is None and row.purchase_price_fen is not None:
        cost = Money(row.purchase_price_fen)
    return Stock(
        row.product_id,
        row.name,
        row.category,
        Unit(row.sale_unit, row.unit_grams),
        row.on_hand,
        ordered,
        row.loose,
        sum(one.on_hand for one in lots if one.on_hand > 0 and not one.lot.may_go(shop.today)),
        len(lots),
        row.since,
        min((one.best_before for one in usable if one.best_before), default=None),
        cost if shop.may_see_cost else None,
    )


def _left(
    connection: Connection,
    *wanted: ColumnElement[bool],
    with_cost: bool,
    most: int | None = None,
) -> list[BatchLeft]:
    query = (
        select(
            _batch.c.id,
            _batch.c.code,
            _batch.c.product_id,
            _batch.c.product_name,
            _batch.c.sale_unit,
            _batch.c.unit_grams,
            _batch.c.on_hand,
            _batch.c.arrived_on,
            _batch.c.best_before,
            _batch.c.best_before_printed,
            _batch.c.stopped_at,
            _batch.c.supplier_id,
            _batch.c.supplier_name,
            _batch.c.unit_price_fen,
        )
        .where(has_rest(), *wanted)
        .limit(most)
    )
    return [
        BatchLeft(
            row.id,
            row.code,
            row.product_id,
            row.product_name,
            Unit(row.sale_unit, row.unit_grams),
            row.on_hand,
            row.arrived_on,
            row.best_before,
            row.best_before_printed,
            row.stopped_at is not None,
            row.supplier_id,
            row.supplier_name,
            Money(row.unit_price_fen) if with_cost and row.unit_price_fen is not None else None,
        )
        for row in connection.execute(query)
    ]


def read_movements() -> Select[Any]:
    """Return the statement that reads :class:`Movement`."""
    later, people = _movement.alias("taking_back"), schema.person
    return (
        select(
            _movement,
            _product.c.name.label("product"),
            _product.c.sale_unit,
            _product.c.unit_grams,
            _batch.c.code,
            _order.c.number,
            people.c.name.label("person"),
            later.c.id.label("undone_by"),
        )
        .join(_product, _product.c.id == _movement.c.product_id)
        .outerjoin(_batch, _batch.c.id == _movement.c.batch_id)
        .outerjoin(_line, _line.c.id == _movement.c.line_id)
        .outerjoin(_order, _order.c.id == _line.c.order_id)
        .outerjoin(people, people.c.id == _movement.c.person_id)
        .outerjoin(later, later.c.reverses_id == _movement.c.id)
    )


def movement_of(row: Row[Any]) -> Movement:
    """Return a row of :func:`read_movements` as a value."""
    return Movement(
        row.id,
        row.product_id,
        row.product,
        Unit(row.sale_unit, row.unit_grams),
        row.batch_id,
        row.code or "",
        Kind(row.kind),
        row.quantity,
        row.reason,
        row.line_id,
        row.handover_id,
        row.number,
        row.photo,
        row.business_day,
        row.at,
        row.person_id,
        row.person or "",
        row.reverses_id is not None,
        row.undone_by is not None,
    )
