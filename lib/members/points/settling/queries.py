"""Reads of orders whose points become available, and of those that wait beyond their time (R36)."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.members.points.rules import OPEN_CASES
from lib.shop.settings import Settings

_of, _order, _line = schema.points_order, schema.customer_order, schema.order_line
_case, _handed, _entry = schema.after_sales_case, schema.handover, schema.points_entry
_payment = schema.payment


def ready(
    connection: Connection,
    today: date,
    settings: Settings,
    limit: int,
    members: Collection[int] | None = None,
) -> list[int]:
    """Return orders whose points may be settled, those handed over first in front.

    All standing goods were handed over, the after-sales window after the last handing over and
    after the pickup day has closed, and no case is open. ``members`` limits it to their orders.
    """
    window = today - timedelta(days=settings.after_sales_days)
    query = (
        _open()
        .where(
            _of.c.handed_at < day_bounds(window, settings.time_zone)[0],
            _order.c.pickup_day < window,
            ~goods_to_come(),
            ~case_open(),
        )
        .order_by(_of.c.handed_at)
        .limit(limit)
    )
    if members is not None:
        query = query.where(_order.c.member_id.in_(members))
    return [int(order_id) for order_id in connection.execute(query).scalars()]


def soon(connection: Connection, today: date, settings: Settings, limit: int) -> int:
    """Return of how many orders the points become available today or tomorrow, at most ``limit``.

    None of those whose goods are not all handed over, or about which a case is open.
    """
    window = today + timedelta(days=1) - timedelta(days=settings.after_sales_days)
    found = _open().where(
        _of.c.handed_at < day_bounds(window, settings.time_zone)[0],
        _order.c.pickup_day < window,
        ~goods_to_come(),
        ~case_open(),
        points_wait(),
    )
    return _counted(connection, found, limit)


def waiting(connection: Connection, today: date, settings: Settings, limit: int) -> int:
    """Return how many orders wait beyond their time, at most ``limit``; see :func:`is_waiting`."""
    return _counted(connection, _open().where(is_waiting(today, settings)), limit)


def is_waiting(today: date, settings: Settings) -> ColumnElement[bool]:
    """Whether an order's window has closed by its pickup day and yet its points must wait."""
    return (
        (_order.c.pickup_day < today - timedelta(days=settings.after_sales_days))
        & or_(goods_to_come(), case_open())
        & points_wait()
    )


def goods_to_come() -> ColumnElement[bool]:
    """Whether a standing line of a ``customer_order`` is not handed over in full.

    A line whose price was given back, or taken off before it was paid, is not handed over any more,
    as at the desk: the others do not wait for it. Goods given along for nothing are.
    """
    given = (
        select(func.coalesce(func.sum(_handed.c.quantity), 0))
        .where(_handed.c.line_id == _line.c.id)
        .correlate(_line)
        .scalar_subquery()
    )
    refunded = (
        select(func.coalesce(func.sum(_payment.c.forgiven_fen), 0))
        .where(_payment.c.order_id == _line.c.order_id, _payment.c.line_id == _line.c.id)
        .correlate(_line)
        .scalar_subquery()
    )
    return exists().where(
        _line.c.order_id == _order.c.id,
        _line.c.cancelled_at.is_(None),
        _line.c.quantity > given,
        ~and_(refunded > 0, refunded >= _line.c.amount_fen),
        ~and_(_line.c.amount_fen == 0, _line.c.unit_price_fen > 0),
    )


def case_open() -> ColumnElement[bool]:
    """Whether a solution is owed to a complaint about a ``customer_order``."""
    return exists().where(_case.c.order_id == _order.c.id, _case.c.status.in_(OPEN_CASES))


def points_wait() -> ColumnElement[bool]:
    """Whether points of a ``customer_order`` are pending."""
    pending = (
        select(func.coalesce(func.sum(_entry.c.pending), 0))
        .where(_entry.c.order_id == _order.c.id)
        .correlate(_order)
        .scalar_subquery()
    )
    return pending != 0


def _open() -> Select[Any]:
    return (
        select(_of.c.order_id)
        .join(_order, _order.c.id == _of.c.order_id)
        .where(_of.c.settled_at.is_(None), _order.c.status == "active")
    )


def _counted(connection: Connection, found: Select[Any], limit: int) -> int:
    count = select(func.count()).select_from(found.limit(limit).subquery())
    return int(connection.execute(count).scalar_one())
