"""Orders, sales and losses of the tests of the books, put straight into the tables."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import insert

from lib.db import schema
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.stock.commands import Move, post
from lib.supply.stock.rules import Kind
from lib.trust.books.queries import measured
from lib.trust.books.rules import Measured, Scope
from tests.conftest import NOW
from tests.service.cast import TODAY, add_line, add_member, add_order, add_product, add_round, put
from tests.supply.cast import add_batch

__all__ = [
    "TODAY", "add_batch", "add_line", "add_member", "add_order", "add_product", "add_round",
    "leave", "look", "put", "refund", "with_settings",
]  # fmt: skip


def look(shop: Shop, scope: Scope | None = None) -> dict[int, Measured]:
    """Return what the books say of ``scope``, of today unless said."""
    with shop.read() as connection:
        return measured(connection, shop.settings, scope or Scope(TODAY, TODAY))


def with_settings(shop: Shop, **values: Any) -> Shop:
    """Return the shop with these settings; amounts are given in fen."""
    amounts = {
        name: Money(value) if isinstance(getattr(shop.settings, name), Money) else value
        for name, value in values.items()
    }
    return replace(shop, settings=replace(shop.settings, **amounts))


def leave(
    shop: Shop,
    product_id: int,
    quantity: int,
    batch_id: int | None = None,
    kind: Kind = Kind.SOLD,
    *,
    on: date = TODAY,
    **more: Any,
) -> int:
    """Book that ``quantity`` left the shelf (a negative one came in); return the movement."""
    with shop.write("stock.test") as tx:
        return post(tx, Move(product_id, kind, -quantity, batch_id, on=on, **more))


def refund(
    shop: Shop, order_id: int, member_id: int, fen: int, line_id: int | None = None, **values: Any
) -> int:
    """Give ``fen`` back, for a line or for the order, which makes the goods so much cheaper."""
    row = {
        "member_id": member_id, "order_id": order_id, "line_id": line_id, "kind": "refund",
        "method": "cash", "amount_fen": -fen, "forgiven_fen": fen, "reason": "坏了",
        "business_day": TODAY, "at": NOW,
    } | values  # fmt: skip
    with shop.store.write() as connection:
        done = connection.execute(
            insert(schema.payment).values(**row).returning(schema.payment.c.id)
        )
        return int(done.scalar_one())
