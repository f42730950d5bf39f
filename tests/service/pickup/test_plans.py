"""The desk stays quick after years: no read walks through a whole ledger.

Most payments name no order line. Once the database has counted that, a planner would rather read
every payment than use the index on lines; measured at a million lines: minutes instead of 40 ms.
"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from lib.db import schema
from lib.db.engine import Store
from lib.service.picking.queries import Scope, pack_slips, pick_list
from lib.service.pickup.queries import (
    desk_search,
    left_over,
    loads_ahead,
    recent_acts,
    slot_load,
    waiting,
)
from lib.service.pickup.usual.queries import habits_of
from lib.service.reminders.commands import make_notices
from lib.service.reminders.queries import coming, due, notices
from lib.service.today.queries import today
from lib.shop.shop import SYSTEM, Shop
from tests.conftest import NOW
from tests.service.cast import TODAY, add_member, add_order, add_product

LEDGERS = ("payment", "handover")


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """Plans are read as SQLite writes them."""
    return sqlite_store


@pytest.fixture
def old_shop(shop: Shop) -> Shop:
    """Many paid orders, no refund, statistics taken."""
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李", initials="xl")
    orders = [
        add_order(shop, member, 1, (eggs, 500), pickup_day=TODAY - timedelta(days=40 * age))
        for age in range(60)
    ]
    paid = {
        "member_id": member,
        "kind": "payment",
        "method": "cash",
        "amount_fen": 1,
        "business_day": TODAY,
        "at": NOW,
    }
    given = {"quantity": 1, "at": NOW}
    with shop.store.write() as connection:
        for order, (line,) in orders:
            connection.execute(insert(schema.payment), [{**paid, "order_id": order}] * 50)
            here = {**given, "order_id": order, "line_id": line}
            connection.execute(insert(schema.handover), [here] * 10)
        connection.execute(text("ANALYZE"))
    return shop


def test_no_read_of_the_desk_walks_through_a_ledger(old_shop: Shop) -> None:
    statements: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        statements.append((statement, values))

    event.listen(old_shop.store.reader, "before_cursor_execute", keep)
    scope = Scope(day=TODAY)
    slot_load(old_shop, TODAY)
    waiting(old_shop, TODAY, "evening")
    desk_search(old_shop, "xl")
    desk_search(old_shop, "1")
    pick_list(old_shop, scope)
    pack_slips(old_shop, scope)
    left_over(old_shop)
    recent_acts(old_shop)
    loads_ahead(old_shop, [TODAY, TODAY + timedelta(days=1)])
    habits_of(old_shop, [1])
    coming(old_shop, TODAY)
    make_notices(old_shop.acting(SYSTEM))
    due(old_shop)
    notices(old_shop, TODAY - timedelta(days=7), TODAY)
    today(old_shop)
    event.remove(old_shop.store.reader, "before_cursor_execute", keep)
    selects = [(sql, values) for sql, values in statements if sql.startswith("SELECT")]
    assert len(selects) > 15
    with old_shop.read() as connection:
        for sql, values in selects:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
            for step in plan:
                walked = [name for name in LEDGERS if step[3] == f"SCAN {name}"]
                assert not walked, f"{step[3]} in {sql}"
