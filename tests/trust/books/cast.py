"""Orders, sales and losses of the tests of the books, put straight into the tables."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import insert, update

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
    "leave", "look", "make_case", "promise", "put", "put_coupon", "refund", "with_settings",
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
    shop: Shop,
    order_id: int | None,
    member_id: int,
    fen: int,
    line_id: int | None = None,
    **values: Any,
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


def make_case(shop: Shop, product_id: int, member_id: int | None, line: Any = None) -> int:
    """Open a case about a product, or about the ``line`` of an order; return its number."""
    about = {"line_id": line.id, "order_id": line.order_id} if line is not None else {}
    return put(
        shop, schema.after_sales_case,
        member_id=member_id, product_id=product_id, source="counter", defect="rotten",
        reported_at=NOW, reply_due_at=NOW, status="working", created_at=NOW, **about,
    )  # fmt: skip


def promise(shop: Shop, case_id: int | None, product_id: int, member_id: int, quantity: int) -> int:
    """Owe ``quantity`` of a product and give it; return the handing over, without its goods.

    For points where no case says why.
    """
    with shop.read() as connection:
        products = schema.product
        row = connection.execute(products.select().where(products.c.id == product_id)).one()
    owed = put(
        shop, schema.owed_goods,
        member_id=member_id, case_id=case_id, product_id=product_id, product_name=row.name,
        sale_unit=row.sale_unit, unit_grams=row.unit_grams, quantity=quantity, due_at=NOW,
        source="case" if case_id is not None else "points", created_at=NOW, settled_at=NOW,
    )  # fmt: skip
    return put(shop, schema.owed_handover, owed_id=owed, quantity=quantity, at=NOW)


def put_coupon(shop: Shop, order_id: int, member_id: int, fen: int, value: int = 0) -> int:
    """Let a coupon take ``fen`` off an order; return its id."""
    reward = put(
        shop, schema.reward,
        series=1, kind="coupon", name="券", points=200, value_fen=value or max(fen, 1),
        threshold_fen=0, valid_days=90, from_at=NOW, created_at=NOW,
    )  # fmt: skip
    redemption = put(
        shop, schema.redemption,
        member_id=member_id, reward_id=reward, times=1, points=200, at=NOW,
    )  # fmt: skip
    coupon = put(
        shop, schema.coupon,
        redemption_id=redemption, member_id=member_id, code=f"CODE{redemption:04}",
        value_fen=value or max(fen, 1), threshold_fen=0, valid_until=TODAY, issued_at=NOW,
        used_at=NOW, order_id=order_id,
    )  # fmt: skip
    orders = schema.customer_order
    with shop.store.write() as connection:
        connection.execute(update(orders).where(orders.c.id == order_id).values(coupon_fen=fen))
    return coupon
