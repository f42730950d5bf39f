"""Looking at all books at once, and stopping a save at any statement (reliability B1, B5)."""

from collections.abc import Callable

from sqlalchemy import text

from lib.db import schema
from lib.shop.shop import FormKey, Shop
from tests.trade.orders.test_atomic import Stopped, stopping_at

Act = Callable[[Shop], object]


def everything(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    with shop.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]
            for table in schema.metadata.sorted_tables
        }


def leaves_nothing_when_stopped(shop: Shop, act: Act) -> int:
    """Stop ``act`` before each of its statements in turn; return how many it has."""
    bound = shop.once(FormKey.of("stopped", act.__name__))
    before = everything(shop)
    for number in range(1, 200):
        with stopping_at(shop, number) as count:
            try:
                act(bound)
                break
            except Stopped:
                pass
        assert everything(shop) == before, f"stopped at statement {number}"
    assert everything(shop) != before
    return count[0]
