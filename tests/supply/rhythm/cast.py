"""Weeks of sales for the tests of rhythm and plan: past figures are quick to put."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from lib.db import schema
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.supply.cast import TODAY, put

YESTERDAY = TODAY - timedelta(days=1)


def add_past(
    shop: Shop,
    product_id: int,
    of: Callable[[date], int | None],
    *,
    weeks: int = 8,
    sold_out: Callable[[date], bool] = lambda day: False,
    last: date = YESTERDAY,
) -> None:
    """Let a file say what was sold up to ``last``; None leaves a day out of it."""
    first = last - timedelta(days=7 * weeks - 1)
    import_id = put(
        shop,
        schema.past_import,
        fingerprint=f"{product_id}-{last}-{weeks}",
        rows=7 * weeks,
        first_day=first,
        last_day=last,
        summary={},
        at=NOW,
    )
    days = [first + timedelta(days=number) for number in range(7 * weeks)]
    rows: list[dict[str, Any]] = [
        {
            "product_id": product_id,
            "day": day,
            "import_id": import_id,
            "sold": of(day),
            "sold_out": sold_out(day),
        }
        for day in days
        if of(day) is not None
    ]
    with shop.store.write() as connection:
        connection.execute(insert(schema.past_day), rows)


def add_staple(shop: Shop, product_id: int) -> None:
    """Let the plan buy the product."""
    with shop.store.write() as connection:
        connection.execute(insert(schema.staple).values(product_id=product_id, added_at=NOW))


def close(shop: Shop, *days: date) -> None:
    """Close the shop on ``days``."""
    with shop.store.write() as connection:
        rows = [{"day": day, "reason": "休息"} for day in days]
        connection.execute(insert(schema.closed_day), rows)
