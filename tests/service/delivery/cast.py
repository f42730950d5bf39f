"""Residents who get goods brought, and those who ask for it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import RowMapping, Table, select

from lib.db import schema
from lib.service.delivery.needs.commands import add_need
from lib.service.delivery.needs.rules import NewNeed
from lib.shop.shop import Shop
from tests.service.cast import TODAY, add_member, add_order, add_product
from tests.supply.cast import add_batch

CONSENT = "我们想把您的订单送到家门口，只记怎么交到您手上。您同意吗？"


@dataclass
class Lane:
    """A day of deliveries: members and orders by name, line ids by name."""

    eggs: int
    members: dict[str, int]
    orders: dict[str, int]
    lines: dict[str, list[int]]


def new_need(member_id: int, **values: Any) -> NewNeed:
    """A need of the next thirty days, agreed today in the chat."""
    plain = {
        "from_on": TODAY,
        "until_on": TODAY + timedelta(days=29),
        "hint": "按两下门铃",
        "consent_on": TODAY,
        "consent_how": "chat",
        "consent_text": CONSENT,
    }
    return NewNeed(member_id, **{**plain, **values})


def need(shop: Shop, member_id: int, **values: Any) -> int:
    """Take a need down as it is asked for."""
    return add_need(shop, new_need(member_id, **values))


def lane(shop: Shop) -> Lane:
    """Four residents with orders of today.

    王奶奶 (3-1-1203) has a need and an order marked; 李叔 (3-1-302) has a need and an order that
    nobody marked; 小陈 (5-101) asked for delivery without a need; 远客 wrote no building.
    """
    eggs = add_product(shop, "土鸡蛋", price_fen=480, fresh=True)
    add_batch(shop, eggs, 10_000)
    people: dict[str, tuple[str | None, str | None, str | None, bool]] = {
        "王奶奶": ("3", "1", "1203", True),
        "李叔": ("3", "1", "302", False),
        "小陈": ("5", None, "101", True),
        "远客": (None, None, None, True),
    }
    members, orders, lines = {}, {}, {}
    for number, (name, (building, unit, room, delivery)) in enumerate(people.items(), 21):
        members[name] = (
            add_member(
                shop,
                name,
                building=building,
                unit=unit,
                room=room,
                phone="13800001234",
                phone_tail="1234",
            )
            if name == "王奶奶"
            else add_member(shop, name, building=building, unit=unit, room=room)
        )
        orders[name], lines[name] = add_order(
            shop,
            members[name],
            number,
            (eggs, 500),
            home=(building, unit, room),
            delivery=delivery,
            delivery_fee_fen=300 if delivery else 0,
        )
    for name in ("王奶奶", "李叔"):
        need(shop, members[name])
    return Lane(eggs, members, orders, lines)


def row(shop: Shop, table: Table, row_id: int) -> RowMapping:
    """One row of a table as it stands."""
    key = table.primary_key.columns[0]
    with shop.read() as connection:
        return connection.execute(select(table).where(key == row_id)).mappings().one()


def rows(shop: Shop, table: Table) -> list[RowMapping]:
    """All rows of a table in the order they came."""
    with shop.read() as connection:
        return list(
            connection.execute(select(table).order_by(table.primary_key.columns[0])).mappings()
        )


def version(shop: Shop, order_id: int) -> int:
    """The version of an order."""
    return int(row(shop, schema.customer_order, order_id)["version"])


def day(after: int) -> date:
    """So many days after today."""
    return TODAY + timedelta(days=after)
