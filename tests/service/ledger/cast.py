"""A street of complaints, put straight into the tables: goods, sales, cases with their clocks."""

from datetime import date, datetime, time, timedelta
from typing import Any

from lib.db import schema
from lib.kernel.clock import at_local
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.cast import add_member, add_order, put

ZONE = "Asia/Shanghai"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment by the shop's clock on the wall."""
    return at_local(day, time(hour, minute), ZONE)


def add_case(shop: Shop, told: datetime, **values: Any) -> int:
    """A case told at ``told`` with its first turn: an hour for the reply, a day for the solution.

    ``turn_values`` are of its first turn; the rest are columns of the case.
    """
    turn = values.pop("turn_values", {})
    row = {
        "source": "counter",
        "defect": "rotten",
        "product_name": "土鸡蛋",
        "reported_at": told,
        "reply_due_at": told + HOUR,
        "status": "new",
        "created_at": told,
        **values,
    }
    case_id = put(shop, schema.after_sales_case, **row)
    first = {"started_at": told, "solve_due_at": told + DAY, **turn}
    put(shop, schema.case_turn, case_id=case_id, turn=1, **first)
    return case_id


def answered(told: datetime, after: timedelta = timedelta(minutes=20)) -> dict[str, Any]:
    """The columns of a case that was answered."""
    return {"first_reply_at": told + after, "status": "working"}


def solved(told: datetime, after: timedelta = timedelta(hours=5), **values: Any) -> dict[str, Any]:
    """The columns of a case that was answered and solved."""
    turn = {"turn_values": {"solved_at": told + after}}
    return {**answered(told), "status": "solved", **turn, **values}


def remedy(shop: Shop, case_id: int, kind: str = "refund", **values: Any) -> int:
    """Something that was done about a case."""
    row = {"case_id": case_id, "turn": 1, "kind": kind, "at": NOW, **values}
    return put(shop, schema.case_remedy, **row)


def breach(shop: Shop, case_id: int, clock: str, due_at: datetime, **values: Any) -> int:
    """A promise that ran out, as the books say it."""
    row = {"case_id": case_id, "turn": 1, "clock": clock, "due_at": due_at, **values}
    return put(shop, schema.case_breach, recorded_at=due_at, **row)


def owe(shop: Shop, case_id: int, member_id: int, product_id: int, **values: Any) -> int:
    """Goods promised for a case."""
    row = {
        "case_id": case_id,
        "member_id": member_id,
        "product_id": product_id,
        "product_name": "土鸡蛋",
        "sale_unit": "板",
        "source": "case",
        "quantity": 1,
        "due_at": NOW + 7 * DAY,
        "created_at": NOW,
        **values,
    }
    return put(shop, schema.owed_goods, **row)


def give(shop: Shop, owed_id: int, product_id: int, quantity: int, day: date, **more: Any) -> int:
    """Let owed goods leave the stock; negative: back into it. Returns the handing over."""
    handed = {"owed_id": owed_id, "quantity": quantity, "at": NOW}
    if quantity < 0:
        handed["reverses_id"] = more.pop("takes_back")
    given = put(shop, schema.owed_handover, **handed)
    put(
        shop,
        schema.stock_movement,
        product_id=product_id,
        kind="redeemed",
        quantity=-quantity,
        owed_handover_id=given,
        business_day=day,
        at=NOW,
        **more,
    )
    return given


def order(shop: Shop, product_id: int, quantity: int, day: date, number: int) -> tuple[int, int]:
    """One resident's order of one product for a day; returns order and line."""
    member_id = add_member(shop, f"住户{number}")
    order_id, (line_id,) = add_order(
        shop, member_id, number, (product_id, quantity), pickup_day=day
    )
    return order_id, line_id
