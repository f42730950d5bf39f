"""Reads of habits: the last orders of some residents, bounded by number and by half a year."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection, case, false, func, null, select

from lib.db import schema
from lib.service.pickup.usual.rules import LAST_ORDERS, Habit, habit, slot_of
from lib.shop.shop import DESK, Shop
from lib.trade.orders.slots.queries import usual_slots

LOOK_BACK = timedelta(days=180)
MOST_MEMBERS = 500

_order, _handover = schema.customer_order, schema.handover


def habits_of(shop: Shop, member_ids: Iterable[int]) -> dict[int, Habit]:
    """Return the habit of those of ``member_ids`` who have one and whose usual slot is another."""
    shop.require(DESK)
    ids = sorted(set(member_ids))[:MOST_MEMBERS]
    with shop.read() as connection:
        known = usual_slots(connection, ids)
        came = _slots_of(connection, shop, ids)
    found = {member_id: habit(came[member_id]) for member_id in ids}
    return {
        member_id: one
        for member_id, one in found.items()
        if one is not None and known.get(member_id) != one.slot
    }


def _slots_of(
    connection: Connection, shop: Shop, member_ids: list[int]
) -> dict[int, list[str | None]]:
    said = case((_order.c.slot_usual == false(), _order.c.pickup_slot), else_=null())
    rank = func.row_number().over(
        partition_by=_order.c.member_id, order_by=(_order.c.pickup_day.desc(), _order.c.id.desc())
    )
    ranked = (
        select(_order.c.id, _order.c.member_id, said.label("said"), rank.label("rank"))
        .where(
            _order.c.member_id.in_(member_ids),
            _order.c.status == "active",
            _order.c.delivery == false(),
            _order.c.pickup_day.between(shop.today - LOOK_BACK, shop.today),
        )
        .subquery("ranked")
    )
    came_at = (
        select(func.min(_handover.c.at))
        .where(_handover.c.order_id == ranked.c.id, _handover.c.quantity > 0)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(ranked.c.member_id, ranked.c.said, came_at.label("came_at"))
        .where(ranked.c.rank <= LAST_ORDERS)
        .order_by(ranked.c.member_id, ranked.c.rank)
    )
    found: dict[int, list[str | None]] = defaultdict(list)
    for row in rows:
        found[row.member_id].append(slot_of(row.said, row.came_at, shop.settings))
    return found
