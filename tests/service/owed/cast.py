"""Owed goods of the tests: two residents, eggs by the box and greens by weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Table, select

from lib.db import schema
from lib.kernel.quantity import Unit
from lib.service.owed.commands import Promise, promise
from lib.service.owed.queries import open_owed
from lib.service.owed.rules import Owed, Source
from lib.shop.shop import Shop
from tests.service.cast import TODAY, add_member, add_order, add_product
from tests.supply.cast import add_batch

BOX = Unit("盒")
JIN = Unit.named("斤")


@dataclass(frozen=True)
class Owing:
    """小李 (3-201, phone …0831) bought 2 boxes of eggs and a jin of greens yesterday; 王姐 nothing.

    ``batch`` and ``greens_batch`` lie in the shop.
    """

    shop: Shop
    eggs: int
    greens: int
    li: int
    wang: int
    line: int
    batch: int
    greens_batch: int

    def owe(self, quantity: int = 1, member: int | None = None, **more: Any) -> int:
        """Promise boxes of eggs to 小李, unless told otherwise."""
        values: dict[str, Any] = {
            "member_id": member or self.li,
            "product_id": self.eggs,
            "product_name": "土鸡蛋",
            "unit": BOX,
            "quantity": quantity,
            "line_id": self.line if member is None else None,
            "source": Source.CASE,
            **more,
        }
        with self.shop.write("owed.test") as tx:
            return promise(tx, Promise(**values))

    def owe_greens(self, grams: int, **more: Any) -> int:
        """Promise greens by weight."""
        goods = {"product_id": self.greens, "product_name": "青菜", "unit": JIN, "line_id": None}
        return self.owe(grams, **{**goods, **more})

    def order(self, member: int, number: int, **more: Any) -> tuple[int, list[int]]:
        """Order a box of eggs for today, unless told otherwise."""
        return add_order(self.shop, member, number, (self.eggs, 1), **more)


def set_up(shop: Shop) -> Owing:
    """Put goods on the shelf and let 小李 have bought some."""
    eggs = add_product(shop, "土鸡蛋", "盒", 1980, fresh=True, fragile=True, category="蛋")
    greens = add_product(shop, "青菜", "斤", 300, fresh=True, category="菜")
    li = add_member(
        shop, "小李", phone="13800000831", phone_tail="0831", initials="xl", pinyin="xiaoli",
        building="3", room="201",
    )  # fmt: skip
    wang = add_member(shop, "王姐", initials="wj", pinyin="wangjie")
    yesterday = TODAY - timedelta(days=1)
    _order, (line, _by_weight) = add_order(
        shop, li, 40, (eggs, 2), (greens, 500), pickup_day=yesterday, status="cancelled"
    )
    batch = add_batch(shop, eggs, 30, unit_price_fen=1500)
    greens_batch = add_batch(shop, greens, 20_000, unit_price_fen=200)
    return Owing(shop, eggs, greens, li, wang, line, batch, greens_batch)


def rows(shop: Shop, table: Table, **wanted: Any) -> Sequence[Row[Any]]:
    """The rows of ``table`` that have the ``wanted`` values, in the order they came."""
    query = select(table).where(*(table.c[name] == value for name, value in wanted.items()))
    with shop.read() as connection:
        return connection.execute(query.order_by(table.c.id)).all()


def row(shop: Shop, owed_id: int) -> Row[Any]:
    """Owed goods as they stand in the books."""
    return rows(shop, schema.owed_goods, id=owed_id)[0]


def seen(shop: Shop, owed_id: int) -> Owed:
    """Owed goods as the desk sees them."""
    with shop.read() as connection:
        return next(one for one in open_owed(connection, shop.today) if one.id == owed_id)


def open_ids(shop: Shop) -> list[int]:
    """What is still owed."""
    with shop.read() as connection:
        return [one.id for one in open_owed(connection, shop.today)]


def on_hand(shop: Shop, batch_id: int) -> int:
    """What lies in a batch."""
    return int(rows(shop, schema.batch, id=batch_id)[0].on_hand)
