"""The books stay quick after years: a month is read from indexes, never from a whole ledger."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from lib.db.engine import Store
from lib.shop.shop import Shop
from lib.trust.books.queries import batch_shares, measured
from lib.trust.books.rules import Scope, round_days
from lib.trust.books.sums.commands import settle
from lib.trust.costs.draft.queries import unit_cost
from tests.trust.books.cast import (
    TODAY,
    add_batch,
    add_member,
    add_order,
    add_product,
    add_round,
    leave,
    refund,
    with_settings,
)

LEDGERS = ("order_line", "stock_movement", "customer_order", "payment", "stock_day", "settled_sum")


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """Plans are read as SQLite writes them."""
    return sqlite_store


@pytest.fixture
def old_shop(shop: Shop) -> Shop:
    """Two years of a few orders, sales and refunds, statistics taken."""
    shop = with_settings(shop, delivery_cost=500, freshness_bag_cost=10)
    eggs, member = add_product(shop, "土鸡蛋", fresh=True), add_member(shop, "小李")
    batch = add_batch(shop, eggs, 90_000)
    for age in range(40):
        day = TODAY - timedelta(days=18 * age)
        order, (line,) = add_order(
            shop, member, 1, (eggs, 500), pickup_day=day, delivery=age % 9 == 0,
            round_id=add_round(shop, day=day),
        )  # fmt: skip
        leave(shop, eggs, 500, batch, on=day, line_id=line)
        leave(shop, eggs, 100, batch, on=day)
        if age % 10 == 0:
            refund(shop, order, member, 5)
    settle(shop.store, TODAY - timedelta(days=3))
    with shop.store.write() as connection:
        connection.execute(text("ANALYZE"))
    return shop


@pytest.mark.parametrize(
    "scope",
    [Scope(TODAY - timedelta(days=29), TODAY), round_days(1, TODAY, 30)],
    ids=["days", "round"],
)
def test_no_reading_of_the_books_walks_through_a_ledger(old_shop: Shop, scope: Scope) -> None:
    said: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        said.append((statement, values))

    event.listen(old_shop.store.reader, "before_cursor_execute", keep)
    with old_shop.read() as connection:
        measured(connection, old_shop.settings, scope)
        unit_cost(connection, old_shop.settings, 1, old_shop.clock.now())
    batch_shares(old_shop, scope, 1)
    event.remove(old_shop.store.reader, "before_cursor_execute", keep)
    selects = [(sql, values) for sql, values in said if sql.startswith("SELECT")]
    assert len(selects) < 37, "few statements, whatever the size"
    with old_shop.read() as connection:
        for sql, values in selects:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
            for step in plan:
                walked = [name for name in LEDGERS if step[3] in (f"SCAN {name}", f"SCAN {name}_1")]
                assert not walked, f"{step[3]} in {sql}"
