"""Reads of coupons; they take a ``connection`` and serve reads and writes alike."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.members.coupons.rules import Coupon

MOST_COUPONS = 200
PART = 500

_coupon = schema.coupon


def coupon_by_code(connection: Connection, code: str) -> Coupon | None:
    """Return the coupon with this code; None for none."""
    return _first(connection, _coupon.c.code == code)


def coupon_on(connection: Connection, order_id: int) -> Coupon | None:
    """Return the coupon used on an order; None for none."""
    return _first(connection, _coupon.c.order_id == order_id)


def coupons_of_members(
    connection: Connection, member_ids: Collection[int], limit: int = MOST_COUPONS
) -> tuple[Coupon, ...]:
    """Return the coupons of members, the newest first."""
    query = select(_coupon).where(_coupon.c.member_id.in_(list(member_ids)))
    rows = connection.execute(query.order_by(_coupon.c.id.desc()).limit(limit))
    return tuple(_read(row) for row in rows)


def coupons_of_redemptions(
    connection: Connection, redemption_ids: Collection[int]
) -> dict[int, list[Coupon]]:
    """Return the coupons issued with each redemption, in the order they were issued."""
    found: dict[int, list[Coupon]] = defaultdict(list)
    ids = sorted(set(redemption_ids))
    for start in range(0, len(ids), PART):
        query = select(_coupon).where(_coupon.c.redemption_id.in_(ids[start : start + PART]))
        for row in connection.execute(query.order_by(_coupon.c.id)):
            found[row.redemption_id].append(_read(row))
    return found


def outstanding(connection: Connection, today: date) -> tuple[int, Money]:
    """Return how many coupons can still be used on ``today``, and what they are worth."""
    query = select(func.count(), func.coalesce(func.sum(_coupon.c.value_fen), 0)).where(
        _is_open(), _coupon.c.valid_until >= today
    )
    count, fen = connection.execute(query).one()
    return int(count), Money(int(fen))


def expiring(
    connection: Connection, first: date, last: date, limit: int = MOST_COUPONS
) -> tuple[Coupon, ...]:
    """Return the coupons not used whose last day lies from ``first`` to ``last``, by that day."""
    query = (
        select(_coupon)
        .where(_is_open(), _coupon.c.valid_until.between(first, last))
        .order_by(_coupon.c.valid_until, _coupon.c.id)
        .limit(limit)
    )
    return tuple(_read(row) for row in connection.execute(query))


def _is_open() -> ColumnElement[bool]:
    return _coupon.c.order_id.is_(None) & _coupon.c.void_at.is_(None)


def _first(connection: Connection, condition: ColumnElement[bool]) -> Coupon | None:
    row = connection.execute(select(_coupon).where(condition)).first()
    return None if row is None else _read(row)


def _read(row: Row[Any]) -> Coupon:
    return Coupon(
        id=row.id,
        redemption_id=row.redemption_id,
        member_id=row.member_id,
        code=row.code,
        value=Money(row.value_fen),
        threshold=Money(row.threshold_fen),
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        order_id=row.order_id,
        void=row.void_at is not None,
        version=row.version,
    )
