"""Reads who was given goods of a batch that is called back, beside who bought them (R34, R37)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from lib.db import schema
from lib.members.profiles.rules import Home
from lib.shop.shop import DESK, Shop
from lib.supply.recall.queries import Recall

MOST = 500

_movement, _gift, _member = schema.stock_movement, schema.gift, schema.member
_owed, _given = schema.owed_goods, schema.owed_handover


@dataclass(frozen=True)
class Given:
    """A resident who was given goods of the batch: ``quantity`` in grams or sale units.

    Not ``certain``: they were given while the goods had no batch, and may be of this one.
    """

    member_id: int
    name: str
    phone_tail: str
    home: Home
    day: date
    quantity: int
    certain: bool


def given_without_order(shop: Shop, this: Recall) -> tuple[Given, ...]:
    """Return who has goods of the batch as a gift or for points, the certain ones first."""
    shop.require(DESK)
    typed = _member.alias("given_to")
    quantity = func.sum(_movement.c.quantity)
    certain = _movement.c.batch_id.is_not(None)
    mine = or_(
        _movement.c.batch_id == this.batch_id,
        _movement.c.batch_id.is_(None) & (_movement.c.business_day >= this.arrived_on),
    )
    query = (
        select(
            _member.c.id,
            _member.c.nickname,
            _member.c.phone_tail,
            *(_member.c[part] for part in ("area", "building", "unit", "room")),
            func.max(_movement.c.business_day).label("day"),
            quantity.label("quantity"),
            certain.label("certain"),
        )
        .select_from(_movement)
        .outerjoin(_gift, _gift.c.id == _movement.c.gift_id)
        .outerjoin(_given, _given.c.id == _movement.c.owed_handover_id)
        .outerjoin(_owed, _owed.c.id == _given.c.owed_id)
        .join(typed, typed.c.id == func.coalesce(_gift.c.member_id, _owed.c.member_id))
        .join(_member, _member.c.id == func.coalesce(typed.c.merged_into, typed.c.id))
        .where(_movement.c.product_id == this.product_id, _movement.c.line_id.is_(None), mine)
        .group_by(*_member.primary_key.columns, certain)
        .having(quantity < 0)
        .order_by(certain.desc(), _member.c.nickname, _member.c.id)
        .limit(MOST)
    )
    with shop.read() as connection:
        return tuple(
            Given(
                row.id,
                row.nickname,
                row.phone_tail or "",
                Home(row.area, row.building, row.unit, row.room),
                row.day,
                -int(row.quantity),
                bool(row.certain),
            )
            for row in connection.execute(query)
        )
