"""Reads what keeping a promise cost, beside what refunds took off orders (R10, R11, R20, E15).

Goods count on the day they were given, freight on the day it was agreed, a refund of something
bought without an order on the day it was paid; in a round all that the complaints about its orders
led to. Goods given for points (R37) count likewise, in a round those handed over with its orders.
Both are few: everything is read from its own rows, also of settled days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    exists,
    func,
    literal,
    select,
    union_all,
)

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.shop.settings import Settings
from lib.trust.books.rules import Promised, Scope

_movement, _given, _owed = schema.stock_movement, schema.owed_handover, schema.owed_goods
_case, _remedy, _payment = schema.after_sales_case, schema.case_remedy, schema.payment
_order, _product, _batch = schema.customer_order, schema.product, schema.batch

_OF_CASE = literal("case")
_PARTS = ("value", "loose", "fen")
"""The fields of :class:`Promised` as the statement names them."""


@dataclass(frozen=True)
class GivenAway:
    """What was given per product: to keep promises (``pledge``), and for ``points`` (R37)."""

    pledge: Mapping[int, Promised]
    points: Mapping[int, Promised]


def given_away(connection: Connection, settings: Settings, scope: Scope) -> GivenAway:
    """Return what keeping promises and goods for points cost per product in ``scope``.

    Products of which nothing was given are left out.
    """
    of_cases = _owed.c.case_id.in_(_cases_of_round(scope))
    of_orders = _given.c.order_id.in_(
        select(_order.c.id).where(_order.c.round_id == scope.round_id)
    )
    part = union_all(
        _goods(scope, "case", of_cases),
        _freight(settings, scope),
        _without_order(scope),
        _goods(scope, "points", of_orders),
    ).subquery("part")
    query = select(
        part.c.product_id, part.c.source, *(func.sum(part.c[name]) for name in _PARTS)
    ).group_by(part.c.product_id, part.c.source)
    found: dict[str, dict[int, Promised]] = {"case": {}, "points": {}}
    for product_id, source, *amounts in connection.execute(query):
        if scope.product_ids is None or product_id in scope.product_ids:
            found[source][product_id] = Promised(*(int(amount) for amount in amounts))
    return GivenAway(found["case"], found["points"])


def _goods(scope: Scope, source: str, of_round: ColumnElement[bool]) -> Select[Any]:
    """What was given of owed goods. What is taken back has the day of its giving."""
    out = -_movement.c.quantity
    per = func.coalesce(_product.c.unit_grams, 1), func.coalesce(_batch.c.unit_grams, 1)
    value = case(
        (per[0] == per[1], out * _batch.c.unit_price_fen),
        else_=out * _batch.c.unit_price_fen * per[0] // per[1],
    )
    priced = _batch.c.unit_price_fen.is_not(None)
    query = (
        select(
            _movement.c.product_id,
            literal(source).label("source"),
            case((priced, value), else_=0).label("value"),
            case((priced, 0), else_=out).label("loose"),
            literal(0).label("fen"),
        )
        .select_from(_given)
        .join(_owed, _owed.c.id == _given.c.owed_id)
        .join(_movement, _movement.c.owed_handover_id == _given.c.id)
        .join(_product, _product.c.id == _movement.c.product_id)
        .outerjoin(_batch, _batch.c.id == _movement.c.batch_id)
        .where(_owed.c.source == source, _movement.c.owed_handover_id.is_not(None))
    )
    if scope.round_id is None:
        return query.where(_movement.c.business_day.between(scope.first, scope.last))
    return query.where(of_round)


def _freight(settings: Settings, scope: Scope) -> Select[Any]:
    query = (
        select(_case.c.product_id, _OF_CASE, literal(0), literal(0), _remedy.c.freight_fen)
        .join(_case, _case.c.id == _remedy.c.case_id)
        .where(
            _remedy.c.freight_fen > 0,
            _remedy.c.undone_at.is_(None),
            _case.c.product_id.is_not(None),
        )
    )
    if scope.round_id is not None:
        return query.where(_case.c.id.in_(_cases_of_round(scope)))
    begins = day_bounds(scope.first, settings.time_zone)[0]
    ends = day_bounds(scope.last, settings.time_zone)[1]
    return query.where(_remedy.c.at >= begins, _remedy.c.at < ends)


def _without_order(scope: Scope) -> Select[Any]:
    """Refunds that no order lessens; one that was undone counts on no day."""
    later = _payment.alias("undoing")
    in_scope: ColumnElement[bool] = _payment.c.business_day.between(scope.first, scope.last)
    if scope.round_id is not None:
        in_scope = _case.c.id.in_(_cases_of_round(scope))
    return (
        select(_case.c.product_id, _OF_CASE, literal(0), literal(0), -_payment.c.amount_fen)
        .join(_case, _case.c.id == _payment.c.case_id)
        .where(
            _payment.c.case_id.is_not(None),
            _payment.c.order_id.is_(None),
            _payment.c.kind == "refund",
            ~exists(later.c.id).where(later.c.reverses_id == _payment.c.id),
            _case.c.product_id.is_not(None),
            in_scope,
        )
    )


def _cases_of_round(scope: Scope) -> Select[Any]:
    return (
        select(_case.c.id)
        .join(_order, _order.c.id == _case.c.order_id)
        .where(_order.c.round_id == scope.round_id)
    )
