"""What was charged in a window is found through indexes, whatever lies in the books."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Select

from lib.db.engine import Store
from lib.shop.shop import Shop
from lib.trade.charged import queries
from tests.conftest import NOW


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


def plan_of(connection: Connection, query: Select[Any]) -> str:
    said = query.compile(connection, compile_kwargs={"literal_binds": True})
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}").all()
    return " ".join(str(row[-1]) for row in rows)


def test_the_window_is_read_through_its_indexes(shop: Shop) -> None:
    start = NOW - timedelta(days=7)
    with shop.read() as connection:
        span = plan_of(connection, queries.orders_placed(start, NOW))
        last = plan_of(connection, queries._newest_before(start))
        prices = plan_of(connection, queries.prices_charged([1, 2], (5, 90), start, NOW))
    assert "ix_customer_order_placed_at" in span
    assert "ix_customer_order_placed_at" in last
    index = "ix_order_line_product_id_order_id (product_id=? AND order_id>? AND order_id<?)"
    assert index in prices
    assert "SCAN" not in span + prices
