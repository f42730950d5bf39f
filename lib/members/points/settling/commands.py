"""Making pending points available: the step, and the program's own duty (R36)."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select, update

from lib.db import schema
from lib.members.points.following.commands import event_key
from lib.members.points.rules import SETTLED, Kind
from lib.members.points.settling.queries import ready
from lib.shop.shop import SYSTEM_ONLY, Shop, Tx

MOST_AT_ONCE = 500
"""Orders settled in one transaction; the next look takes the next ones."""

_entry, _of, _order = schema.points_entry, schema.points_order, schema.customer_order


def settle_points(shop: Shop) -> int:
    """Make the points of orders available whose after-sales window has closed; returns how many.

    For the program itself, as often as it likes and in several processes: a look without a find
    writes nothing, each order is settled once, and at most :data:`MOST_AT_ONCE` in one go.
    """
    with shop.read() as connection:
        if not ready(connection, shop.today, shop.settings, 1):
            return 0
    with shop.write("points.settle", by=SYSTEM_ONLY) as tx:
        found = ready(tx.connection, tx.today, tx.settings, MOST_AT_ONCE)
        points = settle(tx, found)
        tx.note("points_order", after={"orders_settled": len(found), "points": points})
        tx.result = len(found)
    return int(tx.result)


def settle(tx: Tx, order_ids: Sequence[int]) -> int:
    """Step: make what is pending of open orders available, per line; return the points."""
    if not order_ids:
        return 0
    query = (
        select(
            _entry.c.order_id,
            _entry.c.line_id,
            _order.c.member_id,
            func.sum(_entry.c.pending).label("pending"),
            func.count().label("rows"),
        )
        .join(_order, _order.c.id == _entry.c.order_id)
        .where(_entry.c.order_id.in_(order_ids))
        .group_by(_entry.c.order_id, _entry.c.line_id, _order.c.member_id)
        .order_by(_entry.c.line_id)
    )
    rows = [
        {
            "member_id": row.member_id,
            "kind": Kind.SETTLED,
            "pending": -int(row.pending),
            "available": int(row.pending),
            "order_id": row.order_id,
            "line_id": row.line_id,
            "event_key": event_key(row.line_id, int(row.rows)),
            "reason": SETTLED,
            "at": tx.now,
            "person_id": tx.actor.id,
        }
        for row in tx.execute(query)
        if row.pending
    ]
    if rows:
        tx.execute(insert(_entry), rows)
    tx.execute(update(_of).where(_of.c.order_id.in_(order_ids)).values(settled_at=tx.now))
    return sum(int(row["available"]) for row in rows)
