"""Reads of pickup slots; those that take a connection join an open transaction."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, exists, false, func, select

from lib.db import schema
from lib.shop.shop import DESK, Shop

_order, _line, _member = schema.customer_order, schema.order_line, schema.member


def orders_in(connection: Connection, day: date, slot: str, besides: int | None = None) -> int:
    """Return how many orders are to be collected in ``slot`` of ``day``, those collected included.

    Orders brought to the door take no place; ``besides`` is an order that is not counted.
    """
    standing = exists(_line.c.id).where(
        _line.c.order_id == _order.c.id, _line.c.cancelled_at.is_(None)
    )
    counted = select(func.count()).where(
        _order.c.pickup_day == day,
        _order.c.pickup_slot == slot,
        _order.c.status == "active",
        _order.c.delivery == false(),
        _order.c.id != (besides or 0),
        standing,
    )
    return int(connection.execute(counted).scalar_one())


def usual_slots_of(shop: Shop, member_ids: Iterable[int]) -> dict[int, str]:
    """Return the usual slot of those of ``member_ids`` who have one; for the desk."""
    shop.require(DESK)
    with shop.read() as connection:
        return usual_slots(connection, member_ids)


def usual_slots(connection: Connection, member_ids: Iterable[int]) -> dict[int, str]:
    """Return the usual slot of those of ``member_ids`` who have one."""
    ids = sorted(set(member_ids))
    found = {}
    for start in range(0, len(ids), 500):
        wanted = select(_member.c.id, _member.c.usual_slot).where(
            _member.c.id.in_(ids[start : start + 500]), _member.c.usual_slot.is_not(None)
        )
        found.update({row.id: row.usual_slot for row in connection.execute(wanted)})
    return found
