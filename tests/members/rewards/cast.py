"""Points, eggs and coupons of the tests of rewards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, select, update

from lib.db import schema
from lib.kernel.money import Money
from lib.members.points.commands import adjust_points, begin_points
from lib.members.points.queries import balance_in
from lib.members.rewards.commands import add_reward, redeem
from lib.members.rewards.rules import Kind, Terms
from lib.shop.shop import Shop
from lib.trade.payments.queries import money_in
from lib.trade.payments.rules import OrderMoney
from tests.service.cast import add_member, add_order, add_product
from tests.supply.cast import add_batch

EGGS = Terms(Kind.PRODUCT, 100, "土鸡蛋500克", quantity=500)
COUPON = Terms(Kind.COUPON, 200, "10元券", value=Money(1000), threshold=Money(3000), valid_days=90)


@dataclass(frozen=True)
class Giving:
    """小李 (3-201) has 650 points, her sister 小丽 of the same home and 王姐 (5-602) none.

    Eggs cost 6.80 a jin and 10 kg of them lie in the shop; 500 g are given for 100 points, a coupon
    of 10 yuan from 30 yuan on for 200. Rice costs 20 yuan a bag.
    """

    shop: Shop
    eggs: int
    rice: int
    batch: int
    li: int
    sister: int
    wang: int
    for_eggs: int
    for_coupon: int

    def points(self, member: int | None = None) -> int:
        """The points somebody has available."""
        with self.shop.read() as connection:
            return balance_in(connection, member or self.li).available

    def order(self, number: int, bags: int = 2, member: int | None = None, **values: Any) -> int:
        """Order bags of rice for today."""
        return add_order(self.shop, member or self.li, number, (self.rice, bags), **values)[0]

    def money(self, order_id: int) -> OrderMoney:
        """How an order stands with its money."""
        with self.shop.read() as connection:
            return money_in(connection, [order_id])[order_id]

    def coupon(self, times: int = 1) -> tuple[int, list[str]]:
        """Redeem coupons; return the redemption and their codes."""
        redemption = redeem(self.shop, self.li, self.for_coupon, times)
        issued = rows(self.shop, schema.coupon, redemption_id=redemption)
        return redemption, [one.code for one in issued]

    def terms(self, terms: Terms) -> Terms:
        """Name the eggs in a reward of goods."""
        return with_goods(terms, self.eggs)


def with_goods(terms: Terms, product_id: int) -> Terms:
    """Name the product of a reward of goods."""
    return Terms(terms.kind, terms.points, terms.name, product_id, terms.quantity)


def set_up(shop: Shop) -> Giving:
    """Let points begin and offer eggs and a coupon for them."""
    eggs = add_product(shop, "土鸡蛋", "斤", 680, fresh=True, category="蛋")
    rice = add_product(shop, "大米", "袋", 2000)
    home = {"building": "3", "room": "201"}
    li = add_member(shop, "小李", initials="xl", pinyin="xiaoli", phone_tail="0831", **home)
    sister = add_member(shop, "小丽", initials="xl", pinyin="xiaoli", **home)
    wang = add_member(shop, "王姐", initials="wj", pinyin="wangjie", building="5", room="602")
    batch = add_batch(shop, eggs, 10_000, unit_price_fen=500)
    begin_points(shop, 1, 100)
    adjust_points(shop, li, 650, "纸质积分卡")
    for_eggs = add_reward(shop, with_goods(EGGS, eggs))
    return Giving(shop, eggs, rice, batch, li, sister, wang, for_eggs, add_reward(shop, COUPON))


def rows(shop: Shop, table: Table, **wanted: Any) -> Sequence[Row[Any]]:
    """The rows of ``table`` that have the ``wanted`` values, in the order they came."""
    query = select(table).where(*(table.c[name] == value for name, value in wanted.items()))
    with shop.read() as connection:
        return connection.execute(query.order_by(table.c.id)).all()


def change(shop: Shop, table: Table, row_id: int, **values: Any) -> None:
    """Put values straight into a row."""
    with shop.store.write() as connection:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))
