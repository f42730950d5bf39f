"""Reads gifts as they stand, under the present file of who gets them."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.gifts.rules import Gift, Present
from lib.members.profiles.rules import Home

_gift, _member, _product, _person = schema.gift, schema.member, schema.product, schema.person


def gifts_where(
    connection: Connection, may_see_cost: bool, *wanted: ColumnElement[bool], most: int
) -> list[tuple[str, Gift]]:
    """Return at most ``most`` gifts that meet ``wanted``, each with its key, by day.

    What one costs is left out unless the reader ``may_see_cost``.
    """
    typed = _member.alias("planned_for")
    query = (
        select(
            _gift,
            _member.c.id.label("kept_id"),
            _member.c.nickname,
            *(_member.c[part] for part in ("area", "building", "unit", "room")),
            _product.c.name.label("product"),
            _product.c.sale_unit,
            _product.c.unit_grams,
            _person.c.name.label("giver"),
        )
        .join(typed, typed.c.id == _gift.c.member_id)
        .join(_member, _member.c.id == func.coalesce(typed.c.merged_into, typed.c.id))
        .outerjoin(_product, _product.c.id == _gift.c.product_id)
        .outerjoin(_person, _person.c.id == _gift.c.given_by)
        .where(*wanted)
        .order_by(_gift.c.day, _gift.c.id)
        .limit(most)
    )
    return [(row.key, _gift_of(row, may_see_cost)) for row in connection.execute(query)]


def _gift_of(row: Row[Any], may_see_cost: bool) -> Gift:
    goods = row.product_id is not None
    present = Present(
        row.product_id,
        row.quantity,
        row.product if goods else row.what,
        Money(row.cost_fen) if may_see_cost else None,
        Unit(row.sale_unit, row.unit_grams) if goods else None,
    )
    return Gift(
        row.id,
        row.version,
        row.kept_id,
        row.nickname,
        Home(row.area, row.building, row.unit, row.room),
        row.occasion,
        row.year,
        row.day,
        present,
        row.reason,
        row.note,
        row.wished_at,
        row.given_at,
        row.giver or "",
        row.cancelled_at,
    )
