"""Reads of what decides the delivery fee of orders (R24)."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, case, func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.shop import DESK, Shop
from lib.trade.orders.delivery.rules import Charged, Ordered, goods_of, still_missing
from lib.trade.orders.reductions.queries import taken_off

_order, _line, _payment = schema.customer_order, schema.order_line, schema.payment


def charged_in(connection: Connection, order_ids: Sequence[int]) -> dict[int, Charged]:
    """Return what the fee of each order depends on, inside an open transaction."""
    orders = select(_order.c.id, _order.c.delivery, _order.c.delivery_fee_fen)
    rows = connection.execute(orders.where(_order.c.id.in_(order_ids))).all()
    ids = [row.id for row in rows]
    lines, paid = _lines(connection, ids), _paid(connection, ids)
    return {
        row.id: Charged(
            goods=goods_of(lines[row.id]),
            delivery=row.delivery,
            fee=Money(row.delivery_fee_fen),
            was_delivery=row.delivery,
            paid=paid.get(row.id, (0, 0))[0] > 0,
            by_platform=paid.get(row.id, (0, 0))[1] > 0,
        )
        for row in rows
    }


def missing_of(shop: Shop, order_ids: Sequence[int]) -> dict[int, Money]:
    """Return how much more makes delivery free, of the orders that pay for it now (R24)."""
    shop.require(DESK)
    with shop.read() as connection:
        found = charged_in(connection, order_ids)
    missing = {key: still_missing(order, shop.settings) for key, order in found.items()}
    return {key: amount for key, amount in missing.items() if amount}


def _lines(connection: Connection, ids: Sequence[int]) -> dict[int, list[Ordered]]:
    standing = select(_line).where(_line.c.order_id.in_(ids), _line.c.cancelled_at.is_(None))
    found: dict[int, list[Ordered]] = defaultdict(list)
    rows = connection.execute(standing).all()
    off = taken_off(connection, [row.id for row in rows])
    for row in rows:
        found[row.order_id].append(
            Ordered(
                Unit(row.sale_unit, row.unit_grams),
                Money(row.unit_price_fen),
                row.ordered,
                row.quantity,
                Money(row.amount_fen + off.get(row.id, 0)),
            )
        )
    return found


def _paid(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Fen paid and not given back, and how many rows a platform booked, by order."""
    by_platform = func.sum(case((_payment.c.method == "platform", 1), else_=0))
    query = (
        select(_payment.c.order_id, func.sum(_payment.c.amount_fen), by_platform)
        .where(_payment.c.order_id.in_(ids))
        .group_by(_payment.c.order_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(query)}
