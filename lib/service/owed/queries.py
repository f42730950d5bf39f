"""Reads of owed goods. What is open is tens of rows: each list is one statement, orders a second.

No purchase cost and no full phone number leaves this module.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, not_, or_, select

from lib.db import schema
from lib.kernel.quantity import Unit
from lib.members.profiles.rules import Home
from lib.service.owed import rules
from lib.service.owed.rules import Coming, Owed, Source
from lib.shop.shop import DESK, Shop
from lib.trade.orders.queries import is_order_refunded, is_taken_off, sum_handed, sum_refunded

MOST_OPEN = 500
MOST_PAST = 200
AHEAD, BEHIND = timedelta(days=30), timedelta(days=14)
"""How far ahead an order is looked for that owed goods join, and for one that waits uncollected."""

_owed, _given, _case = schema.owed_goods, schema.owed_handover, schema.after_sales_case
_order, _line = schema.customer_order, schema.order_line
_member, _product = schema.member, schema.product

STILL_OPEN = and_(_owed.c.settled_at.is_(None), _owed.c.cancelled_at.is_(None))


@dataclass(frozen=True)
class Past:
    """Owed goods of a resident or case as they stand, also given or cancelled ones."""

    id: int
    case_id: int | None
    product: str
    unit: Unit
    quantity: int
    given: int
    due_at: datetime
    created_at: datetime
    settled_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str


@dataclass(frozen=True)
class Giving:
    """Owed goods given at one moment; ``id`` undoes it. ``goods`` is what, as people say it.

    ``handover_id`` is the handing over of an order's goods they went with; None: by themselves.
    """

    id: int
    member_id: int
    name: str
    home: Home
    handover_id: int | None
    goods: str
    at: datetime
    by: str


@dataclass(frozen=True)
class OwedDue:
    """What is owed, for the Today page: how many in all, and those late or soon, oldest first."""

    count: int
    late: tuple[Owed, ...]
    soon: tuple[Owed, ...]


def open_owed(connection: Connection, today: date) -> list[Owed]:
    """Return everything owed on ``today``, the oldest promise first, with the order it joins."""
    return owed_where(connection, today, STILL_OPEN)


def owed_where(connection: Connection, today: date, condition: ColumnElement[bool]) -> list[Owed]:
    """Return the owed goods that meet ``condition``, the oldest promise first."""
    typed = _member.alias("promised_to")
    query = (
        select(
            _owed,
            _member.c.id.label("kept_id"),
            _member.c.nickname,
            _member.c.phone_tail,
            _member.c.initials,
            *(_member.c[part] for part in ("area", "building", "unit", "room")),
            _product.c.category,
            _product.c.is_fresh,
            _product.c.is_fragile,
            sum_given().label("given"),
        )
        .join(typed, typed.c.id == _owed.c.member_id)
        .join(_member, _member.c.id == func.coalesce(typed.c.merged_into, typed.c.id))
        .join(_product, _product.c.id == _owed.c.product_id)
        .where(condition)
        .order_by(_owed.c.due_at, _owed.c.id)
        .limit(MOST_OPEN)
    )
    rows = connection.execute(query).all()
    coming = _coming(connection, today, {row.kept_id for row in rows})
    return [_owed_of(row, today, rules.next_order(coming[row.kept_id], today)) for row in rows]


def sum_given() -> Any:
    """Return what of a row of ``owed_goods`` was given, as a scalar subquery."""
    return func.coalesce(
        select(func.sum(_given.c.quantity)).where(_given.c.owed_id == _owed.c.id).scalar_subquery(),
        0,
    )


def open_now(shop: Shop) -> tuple[Owed, ...]:
    """Return everything the shop owes, the oldest promise first (R29)."""
    shop.require(DESK)
    with shop.read() as connection:
        return tuple(open_owed(connection, shop.today))


def owed_of(shop: Shop, member_id: int) -> tuple[Past, ...]:
    """Return what a resident has or had coming, the newest first, also under former names."""
    family = select(_member.c.id).where(
        or_(_member.c.id == member_id, _member.c.merged_into == member_id)
    )
    return _past(shop, _owed.c.member_id.in_(family))


def owed_for_case(shop: Shop, case_id: int) -> tuple[Past, ...]:
    """Return what is or was owed because of a case, the newest first."""
    return _past(shop, _owed.c.case_id == case_id)


def given_between(
    connection: Connection, start: datetime, end: datetime, limit: int
) -> list[Giving]:
    """Return what was given from ``start`` to ``end`` and not taken back, the newest first."""
    people, later, typed = schema.person, _given.alias("taking_back"), _member.alias("promised_to")
    query = (
        select(
            _given,
            _owed.c.product_name,
            _owed.c.sale_unit,
            _owed.c.unit_grams,
            _member.c.id.label("kept_id"),
            _member.c.nickname,
            *(_member.c[part] for part in ("area", "building", "unit", "room")),
            people.c.name.label("by"),
        )
        .join(_owed, _owed.c.id == _given.c.owed_id)
        .join(typed, typed.c.id == _owed.c.member_id)
        .join(_member, _member.c.id == func.coalesce(typed.c.merged_into, typed.c.id))
        .outerjoin(people, people.c.id == _given.c.person_id)
        .where(
            _given.c.quantity > 0,
            _given.c.at >= start,
            _given.c.at < end,
            ~exists(later.c.id).where(later.c.reverses_id == _given.c.id),
        )
        .order_by(_given.c.id.desc())
        .limit(limit)
    )
    return [_giving(row) for row in connection.execute(query)]


def _giving(row: Row[Any]) -> Giving:
    said = Unit(row.sale_unit, row.unit_grams).said(row.quantity)
    return Giving(
        row.id,
        row.kept_id,
        row.nickname,
        Home(row.area, row.building, row.unit, row.room),
        row.handover_id,
        f"{row.product_name} {said}",
        row.at,
        row.by or "",
    )


def due(shop: Shop) -> OwedDue:
    """Return what is owed by age, for Today; two statements, one while nothing is."""
    found, now = open_now(shop), shop.clock.now()
    by_age: dict[rules.Age, list[Owed]] = defaultdict(list)
    for one in found:
        by_age[one.age(now, shop.settings)].append(one)
    return OwedDue(len(found), tuple(by_age[rules.Age.LATE]), tuple(by_age[rules.Age.SOON]))


def _past(shop: Shop, condition: ColumnElement[bool]) -> tuple[Past, ...]:
    shop.require(DESK)
    query = (
        select(_owed, sum_given().label("given"))
        .where(condition)
        .order_by(_owed.c.id.desc())
        .limit(MOST_PAST)
    )
    with shop.read() as connection:
        return tuple(_past_of(row) for row in connection.execute(query))


def _coming(
    connection: Connection, today: date, member_ids: Collection[int]
) -> dict[int, list[Coming]]:
    """Return the orders that residents are still to collect, of lately and of the days ahead.

    Lines that were cancelled or paid back in full are not to be collected.
    """
    found: dict[int, list[Coming]] = defaultdict(list)
    if not member_ids:
        return found
    kept = func.coalesce(_member.c.merged_into, _member.c.id)
    family = select(_member.c.id).where(
        or_(_member.c.id.in_(member_ids), _member.c.merged_into.in_(member_ids))
    )
    query = (
        select(
            _order.c.id,
            kept.label("kept_id"),
            _order.c.pickup_day,
            _order.c.pickup_slot,
            _order.c.round_id,
        )
        .join(_member, _member.c.id == _order.c.member_id)
        .where(
            _order.c.member_id.in_(family),
            _order.c.status == "active",
            _order.c.pickup_day.between(today - BEHIND, today + AHEAD),
            _is_to_collect(),
        )
    )
    for row in connection.execute(query):
        one = Coming(row.id, row.pickup_day, row.pickup_slot, row.round_id)
        found[row.kept_id].append(one)
    return found


def _is_to_collect() -> ColumnElement[bool]:
    """Whether something of an order is outstanding, as :mod:`lib.service.picking.rules` says."""
    paid_back = and_(sum_refunded() > 0, sum_refunded() >= _line.c.amount_fen)
    not_charged = or_(paid_back, is_taken_off())
    missing = exists(_line.c.id).where(
        _line.c.order_id == _order.c.id,
        _line.c.cancelled_at.is_(None),
        _line.c.quantity > sum_handed(),
        not_(not_charged),
    )
    return and_(missing, not_(is_order_refunded()))


def _owed_of(row: Row[Any], today: date, order: Coming | None) -> Owed:
    waits = max(row.planned_on or today, today)
    ahead = order is not None and order.day >= today
    return Owed(
        id=row.id,
        member_id=row.kept_id,
        name=row.nickname,
        home=Home(row.area, row.building, row.unit, row.room),
        phone_tail=row.phone_tail or "",
        initials=row.initials,
        case_id=row.case_id,
        product_id=row.product_id,
        product=row.product_name,
        category=row.category,
        fresh=row.is_fresh,
        fragile=row.is_fragile,
        unit=Unit(row.sale_unit, row.unit_grams),
        quantity=row.quantity,
        given=int(row.given),
        picked=row.picked,
        due_at=row.due_at,
        pick_day=order.day if order is not None and ahead else waits,
        order_id=order.order_id if order else None,
        slot=order.slot if order is not None and ahead else None,
        round_id=order.round_id if order else None,
        source=Source(row.source),
        note=row.note,
        version=row.version,
    )


def _past_of(row: Row[Any]) -> Past:
    return Past(
        row.id,
        row.case_id,
        row.product_name,
        Unit(row.sale_unit, row.unit_grams),
        row.quantity,
        int(row.given),
        row.due_at,
        row.created_at,
        row.settled_at,
        row.cancelled_at,
        row.cancel_reason,
    )
