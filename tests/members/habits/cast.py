"""Residents with a past: orders on chosen days, handed over, given back."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from lib.db import schema
from lib.shop.shop import SYSTEM, Shop
from tests.conftest import NOW
from tests.service.cast import TODAY, add_order, put

WEEKLY = (63, 56, 49, 42, 35)
"""Days ago of somebody who came every week until five weeks ago."""


def came(shop: Shop, member_id: int, product_id: int, *days_ago: int, **values: Any) -> list[int]:
    """Book an order of one unit for each of ``days_ago``; nothing is ticked."""
    return [bought(shop, member_id, product_id, ago, **values)[0] for ago in days_ago]


def bought(
    shop: Shop, member_id: int, product_id: int, ago: int = 1, **values: Any
) -> tuple[int, int]:
    """Book an order of one unit ``ago`` days ago; return its id and that of its line."""
    day = TODAY - timedelta(days=ago)
    orders, products = schema.customer_order, schema.product
    with shop.read() as connection:
        taken = select(func.max(orders.c.number)).where(orders.c.pickup_day == day)
        number = (connection.execute(taken).scalar() or 0) + 1
        grams = connection.execute(
            select(products.c.unit_grams).where(products.c.id == product_id)
        ).scalar()
    order_id, lines = add_order(
        shop, member_id, number, (product_id, grams or 1), pickup_day=day, **values
    )
    return order_id, lines[0]


def hand(shop: Shop, order_id: int, line_id: int, quantity: int = 1) -> int:
    """Hand goods over; return the row, for taking it back."""
    return put(shop, schema.handover, order_id=order_id, line_id=line_id, quantity=quantity, at=NOW)


def take_back(shop: Shop, order_id: int, line_id: int, handover_id: int, quantity: int = 1) -> None:
    """Take back that goods were handed over."""
    put(
        shop, schema.handover, order_id=order_id, line_id=line_id, quantity=-quantity,
        reverses_id=handover_id, at=NOW,
    )  # fmt: skip


def give_back(shop: Shop, member_id: int, order_id: int, line_id: int | None, fen: int) -> None:
    """Refund ``fen`` of a line, or of the whole order."""
    put(
        shop, schema.payment, member_id=member_id, order_id=order_id, line_id=line_id,
        kind="refund", method="cash", amount_fen=-fen, forgiven_fen=fen, reason="坏了",
        business_day=TODAY, at=NOW,
    )  # fmt: skip


def pay(shop: Shop, member_id: int, order_id: int, fen: int, ago: int = 0) -> None:
    """Book a payment of an order."""
    put(
        shop, schema.payment, member_id=member_id, order_id=order_id, kind="payment",
        method="cash", amount_fen=fen, business_day=TODAY - timedelta(days=ago), at=NOW,
    )  # fmt: skip


def rhythms(shop: Shop) -> dict[int, Any]:
    """Return the rows reckoned, by member."""
    with shop.read() as connection:
        rows = connection.execute(select(schema.member_rhythm)).all()
    return {row.member_id: row for row in rows}


def system(shop: Shop) -> Shop:
    """Return the shop as the clockwork sees it."""
    return shop.acting(SYSTEM)
