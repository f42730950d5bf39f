"""Birthdays, households and goods of the tests of gifts; today is Mid-Autumn, 25 September 2026."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Table, select

from lib.db import schema
from lib.kernel.festivals import Festival
from lib.kernel.money import Money
from lib.members.birthdays.commands import set_birthday
from lib.members.birthdays.rules import Birthday, Calendar
from lib.members.consents.commands import give_consent
from lib.members.consents.rules import How, Purpose
from lib.members.gifts.commands import Why, plan_gift
from lib.members.gifts.festivals.commands import plan_festival
from lib.members.gifts.rules import Present
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.cast import TODAY, add_member, add_order, add_product, put
from tests.supply.cast import add_batch

__all__ = ["NATIONAL", "TODAY", "TOMORROW", "add_batch", "add_member", "add_order", "add_product",
           "put"]  # fmt: skip

TOMORROW = TODAY + timedelta(days=1)
NATIONAL = date(2026, 10, 1)
MOON = Festival.MID_AUTUMN


@dataclass(frozen=True)
class Folk:
    """小李 (3-201) has a birthday tomorrow by the sun, 王姐 (3-201 too) on 1 October.

    老陈 lives in 5-102, 路人 nobody knows where. Honey costs 12.00 a jar, tea 40.00, eggs 6.00 a
    jin; ``honey_batch`` has 5 jars, of eggs there are 10 jin. Everybody but 路人 ordered lately.
    """

    shop: Shop
    honey: int
    tea: int
    eggs: int
    honey_batch: int
    li: int
    wang: int
    chen: int
    walker: int

    def plan(self, present: Present | None = None, **why: Any) -> int:
        """Plan 小李's birthday gift, a jar of honey unless told otherwise."""
        return plan_gift(self.shop, self.li, TOMORROW, present or self.jar(), Why(**why))

    def jar(self, count: int = 1) -> Present:
        """Jars of honey."""
        return Present(self.honey, count)

    def mooncakes(self, fen: int = 300) -> Present:
        """A mooncake from the baker next door."""
        return Present(what="月饼一个", cost=Money(fen))

    def plan_moon(self, present: Present | None = None) -> int:
        """Plan Mid-Autumn for every household."""
        found = present or self.mooncakes()
        return plan_festival(self.shop, MOON, 2026, found, Why())

    def agree(self, member_id: int, purpose: Purpose) -> None:
        """Let somebody agree aloud."""
        give_consent(self.shop, member_id, purpose, How.SPOKEN)


def set_up(shop: Shop) -> Folk:
    """Put goods on the shelf, birthdays into the files and some orders into the books."""
    honey = add_product(shop, "蜂蜜", "瓶", 2980, category="干货")
    tea = add_product(shop, "龙井", "罐", 6800, category="茶")
    eggs = add_product(shop, "土鸡蛋", "斤", 980, fresh=True, category="蛋")
    honey_batch = add_batch(shop, honey, 5, unit_price_fen=1200)
    add_batch(shop, tea, 3, unit_price_fen=4000)
    add_batch(shop, eggs, 5000, unit_price_fen=600)
    door = {"building": "3", "room": "201"}
    li = add_member(shop, "小李", phone="13800000831", phone_tail="0831", **door)
    wang = add_member(shop, "王姐", **door)
    chen = add_member(shop, "老陈", building="5", room="102")
    walker = add_member(shop, "路人")
    for member, day in ((li, TOMORROW), (wang, NATIONAL)):
        born = Birthday(Calendar.SOLAR, day.month, day.day)
        set_birthday(shop, member, born, How.SPOKEN)
    for number, (member, days) in enumerate(((li, 3), (li, 10), (wang, 4), (chen, 20)), 1):
        day = TODAY - timedelta(days=days)
        add_order(shop, member, number, (honey, 1), pickup_day=day, status="active")
    hand_all_over(shop)
    return Folk(shop, honey, tea, eggs, honey_batch, li, wang, chen, walker)


def hand_all_over(shop: Shop) -> None:
    """Let all order lines be collected, so that nothing is reserved."""
    for line in rows(shop, schema.order_line):
        put(
            shop, schema.handover, order_id=line.order_id, line_id=line.id, quantity=line.quantity,
            at=NOW,
        )  # fmt: skip


def like(shop: Shop, member_id: int, kind: str, name: str, state: str = "accepted",
         product_id: int | None = None) -> int:  # fmt: skip
    """Write down what somebody likes, or does not."""
    return put(
        shop, schema.preference,
        member_id=member_id, kind=kind, name=name, state=state, product_id=product_id, at=NOW,
    )  # fmt: skip


def with_settings(shop: Shop, **values: Any) -> Shop:
    """The shop with these settings."""
    return replace(shop, settings=replace(shop.settings, **values))


def rows(shop: Shop, table: Table, **wanted: Any) -> Sequence[Row[Any]]:
    """The rows of ``table`` that have the ``wanted`` values, in the order they came."""
    query = select(table).where(*(table.c[name] == value for name, value in wanted.items()))
    with shop.read() as connection:
        return connection.execute(query.order_by(*table.primary_key.columns)).all()


def gift(shop: Shop, gift_id: int) -> Row[Any]:
    """A gift as it stands in the books."""
    return rows(shop, schema.gift, id=gift_id)[0]


def on_hand(shop: Shop, batch_id: int) -> int:
    """What lies in a batch."""
    return int(rows(shop, schema.batch, id=batch_id)[0].on_hand)
