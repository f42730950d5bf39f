"""Settling days that are over, so that a month is read in milliseconds whatever its orders.

Housekeeping: nothing of the books changes, so the journal says nothing. Whatever changes the past
unsettles its day in the same transaction (triggers, lib/db/schema/books).
"""

from datetime import date, timedelta

from sqlalchemy import delete, func, insert, select

from lib.db import schema
from lib.db.engine import Store
from lib.trust.books.sums.queries import COLUMNS, Stretch, day_rows, days_of, how_kept

MOST_DAYS = 7
"""Days settled in one transaction: nobody waits long for the lock."""

_day, _sum = schema.settled_day, schema.settled_sum


def settle(store: Store, today: date) -> int:
    """Settle every day before ``today`` that is not; return how many were."""
    first = _first_day(store)
    if first is None or first >= today:
        return 0
    with store.read() as connection:
        wanted = how_kept(connection, first, today - timedelta(days=1)).open
    return sum(_settle(store, part) for stretch in wanted for part in _parts(stretch))


def _first_day(store: Store) -> date | None:
    """Return the first day anything happened on, None for empty books."""
    earliest = (
        select(func.min(schema.customer_order.c.pickup_day)),
        select(func.min(schema.stock_day.c.day)),
    )
    with store.read() as connection:
        days = [connection.execute(query).scalar() for query in earliest]
    return min((day for day in days if day is not None), default=None)


def _parts(stretch: Stretch) -> list[Stretch]:
    first, last = stretch
    starts = range(0, (last - first).days + 1, MOST_DAYS)
    return [
        (first + timedelta(days=start), min(last, first + timedelta(days=start + MOST_DAYS - 1)))
        for start in starts
    ]


def _settle(store: Store, stretch: Stretch) -> int:
    first, last = stretch
    with store.write() as connection:
        sums: dict[tuple[int, date], dict[str, int]] = {}
        for query, columns in day_rows(stretch):
            for row in connection.execute(query):
                values = row._mapping
                mine = sums.setdefault((row.product_id, row.day), dict.fromkeys(COLUMNS, 0))
                mine |= {name: int(values[name] or 0) for name in columns}
        connection.execute(delete(_sum).where(_sum.c.day.between(first, last)))
        connection.execute(delete(_day).where(_day.c.day.between(first, last)))
        if sums:
            connection.execute(
                insert(_sum),
                [
                    {"product_id": product_id, "day": day, **values}
                    for (product_id, day), values in sums.items()
                ],
            )
        days = days_of(stretch)
        connection.execute(insert(_day), [{"day": day} for day in days])
    return len(days)
