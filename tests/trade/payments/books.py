"""Orders put straight into the books, so that tests of money need no chain and no round."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from lib.db import schema
from lib.members.profiles.commands import add_member
from lib.shop.shop import Shop


@dataclass(frozen=True)
class Booked:
    """An order in the books and its lines in the order given."""

    id: int
    lines: tuple[int, ...]


def product(shop: Shop, name: str = "苹果", unit: str = "斤", grams: int | None = 500) -> int:
    with shop.write("test.product") as tx:
        return tx.add(
            schema.product, name=name, folded_name=name, is_fresh=True, is_daily=False,
            is_fragile=False, sale_unit=unit, unit_grams=grams, price_fen=500, created_at=tx.now,
        )  # fmt: skip


def book(
    shop: Shop,
    member_id: int,
    *amounts: int,
    product_id: int | None = None,
    fee: int = 0,
    grams: int | None = 500,
    days: int = 0,
) -> Booked:
    """Book an order whose lines come to ``amounts`` (fen), one unit each."""
    goods = [
        product_id or product(shop, f"货{_count(shop)}", "斤" if grams else "盒", grams)
        for _ in amounts
    ]
    with shop.write("test.order") as tx:
        day = tx.today - timedelta(days=days)
        orders = schema.customer_order
        newest = select(func.coalesce(func.max(orders.c.number), 0))
        order_id = tx.add(
            orders, member_id=member_id, source="counter", delivery=False, status="active",
            number=int(tx.execute(newest).scalar_one()) + 1, pickup_day=day, placed_at=tx.now,
            delivery_fee_fen=fee,
        )  # fmt: skip
        lines = tuple(
            tx.add(
                schema.order_line, order_id=order_id, product_id=one, product_name="苹果",
                sale_unit="斤" if grams else "盒", unit_grams=grams, ordered=grams or 1,
                quantity=grams or 1, unit_price_fen=fen, amount_fen=fen,
            )
            for fen, one in zip(amounts, goods, strict=True)
        )  # fmt: skip
    return Booked(order_id, lines)


def somebody(shop: Shop, nickname: str = "小李") -> int:
    return add_member(shop, nickname)


def _count(shop: Shop) -> int:
    with shop.read() as connection:
        return int(
            connection.execute(select(func.count()).select_from(schema.product)).scalar_one()
        )
