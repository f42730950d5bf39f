"""Reads for the work at the shelf: what can be returned, taken back, counted. All bounded."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.quantity import Unit
from lib.shop.shop import DESK, Role, Shop
from lib.supply.stock.queries import Movement, is_live, movement_of, read_movements
from lib.supply.stock.rules import Kind
from lib.supply.stock.shelf.commands import FURTHEST_BACK, is_undoable

HANDED_DAYS = timedelta(days=14)
"""How long goods that were handed over can come back, or be told to be of another batch."""

MOST_ENTRIES, MOST_READ, MOST_HANDED = 8, 400, 200

_movement, _batch = schema.stock_movement, schema.batch


@dataclass(frozen=True)
class Handed:
    """Goods of one batch that are still with a resident; ``quantity`` in grams or sale units."""

    handover_id: int
    batch_id: int | None
    batch: str
    order_number: int
    nickname: str
    day: date
    quantity: int
    unit: Unit


@dataclass(frozen=True)
class Entry:
    """One save at the shelf that can be taken back; any of its movements names it."""

    movement_id: int
    kind: Kind
    at: datetime
    by: str
    goods: tuple[str, ...]


@dataclass(frozen=True)
class Counting:
    """A product as it is counted: ``on_hand`` None while its stock is not kept."""

    product_id: int
    name: str
    category: str
    unit: Unit
    on_hand: int | None


def handed_out(shop: Shop, product_id: int) -> tuple[Handed, ...]:
    """Return goods of a product that residents have from the last two weeks, newest first."""
    shop.require(DESK)
    order, line, member = schema.customer_order, schema.order_line, schema.member
    quantity = -func.sum(_movement.c.quantity)
    found = (
        select(
            _movement.c.handover_id,
            _movement.c.line_id,
            _movement.c.batch_id,
            func.min(_movement.c.business_day).label("day"),
            quantity.label("quantity"),
        )
        .where(
            _movement.c.product_id == product_id,
            _movement.c.business_day >= shop.today - HANDED_DAYS,
            _movement.c.handover_id.is_not(None),
            is_live(_movement),
        )
        .group_by(_movement.c.handover_id, _movement.c.line_id, _movement.c.batch_id)
        .having(quantity > 0)
        .order_by(_movement.c.handover_id.desc())
        .limit(MOST_HANDED)
        .subquery("found")
    )
    query = (
        select(
            found,
            line.c.sale_unit,
            line.c.unit_grams,
            order.c.number,
            member.c.nickname,
            _batch.c.code,
        )
        .join(line, line.c.id == found.c.line_id)
        .join(order, order.c.id == line.c.order_id)
        .join(member, member.c.id == order.c.member_id)
        .outerjoin(_batch, _batch.c.id == found.c.batch_id)
        .order_by(found.c.handover_id.desc())
    )
    with shop.read() as connection:
        return tuple(
            Handed(
                row.handover_id,
                row.batch_id,
                row.code or "",
                row.number,
                row.nickname,
                row.day,
                int(row.quantity),
                Unit(row.sale_unit, row.unit_grams),
            )
            for row in connection.execute(query)
        )


def own_entries(shop: Shop) -> tuple[Entry, ...]:
    """Return the newest entries the actor may take back: staff their own, the owner everybody's."""
    shop.require(DESK)
    query = read_movements().where(_movement.c.business_day >= shop.today - FURTHEST_BACK)
    if shop.actor.role is not Role.OWNER:
        query = query.where(_movement.c.person_id == shop.actor.id)
    with shop.read() as connection:
        rows = connection.execute(query.order_by(_movement.c.id.desc()).limit(MOST_READ)).all()
    entries: dict[tuple[datetime, int | None], list[Movement]] = {}
    spoiled = set()
    for row in rows:
        key = (row.at, row.person_id)
        entries.setdefault(key, []).append(movement_of(row))
        if not is_undoable(row) or row.undone_by is not None or row.reverses_id is not None:
            spoiled.add(key)
    found = [_entry(moves) for key, moves in entries.items() if key not in spoiled]
    return tuple(found[:MOST_ENTRIES])


def to_count(shop: Shop) -> tuple[Counting, ...]:
    """Return the products in use, and what the books say of those whose stock is kept."""
    shop.require(DESK)
    product, level = schema.product, schema.stock_level
    query = (
        select(
            product.c.id,
            product.c.name,
            product.c.category,
            product.c.sale_unit,
            product.c.unit_grams,
            level.c.on_hand,
        )
        .outerjoin(level, level.c.product_id == product.c.id)
        .where(product.c.archived_at.is_(None))
        .order_by(level.c.product_id.is_(None), product.c.category, product.c.name)
        .limit(500)
    )
    with shop.read() as connection:
        return tuple(
            Counting(
                row.id,
                row.name,
                row.category,
                Unit(row.sale_unit, row.unit_grams),
                row.on_hand,
            )
            for row in connection.execute(query)
        )


def sold_out(shop: Shop, day: date) -> frozenset[int]:
    """Return the products that somebody saw sold out on ``day``."""
    shop.require(DESK)
    marks = schema.sold_out_mark
    with shop.read() as connection:
        ids = connection.execute(select(marks.c.product_id).where(marks.c.day == day)).scalars()
        return frozenset(ids)


def _entry(moves: list[Movement]) -> Entry:
    newest = moves[0]
    sums: dict[tuple[int, Kind], int] = {}
    named = {each.product_id: each for each in moves}
    for each in moves:
        key = (each.product_id, each.kind)
        sums[key] = sums.get(key, 0) + each.quantity
    goods = tuple(
        f"{named[product].product} {named[product].unit.said(quantity or -newest.quantity)}"
        for (product, _kind), quantity in sums.items()
    )
    return Entry(moves[-1].id, moves[-1].kind, newest.at, newest.by, goods)
