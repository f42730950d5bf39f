"""Reads what was let go of the orders of a scope: of the few payments and coupons that did so."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from lib.db import schema
from lib.trade.orders.queries import is_order_refunded, is_taken_off, sum_refunded
from lib.trust.books.refunds.rules import LetGo, Line, share

_order, _line, _payment = schema.customer_order, schema.order_line, schema.payment
_coupon, _handover = schema.coupon, schema.handover

PART = 5000
"""Orders named in one statement at most."""


@dataclass(frozen=True)
class Given:
    """What was let go in a scope, in fen.

    ``refunded``, ``rounded`` and ``coupons`` are per product, ``fees`` are delivery fees per
    product, in the parts of :mod:`lib.trust.books.rules` that a delivery is shared in.
    """

    refunded: Mapping[int, int] = field(default_factory=dict)
    rounded: Mapping[int, int] = field(default_factory=dict)
    fees: Mapping[int, int] = field(default_factory=dict)
    coupons: Mapping[int, int] = field(default_factory=dict)


def never_brought(connection: Connection, of_scope: ColumnElement[bool]) -> frozenset[int]:
    """Return orders to the door of which nothing was handed over, and nothing is to be any more.

    All of it was paid back, or taken off before it was paid: nobody went there.
    """
    over = or_(is_taken_off(), and_(sum_refunded() > 0, sum_refunded() >= _line.c.amount_fen))
    still = exists(_line.c.id).where(
        _line.c.order_id == _order.c.id,
        _line.c.cancelled_at.is_(None),
        _line.c.quantity > 0,
        not_(over),
    )
    gone = (
        select(func.coalesce(func.sum(_handover.c.quantity), 0))
        .where(_handover.c.order_id == _order.c.id)
        .scalar_subquery()
    )
    query = select(_order.c.id).where(
        of_scope,
        _order.c.delivery == true(),
        _order.c.status == "active",
        or_(not_(still), is_order_refunded()),
        gone == 0,
    )
    return frozenset(connection.execute(query).scalars())


def given(
    connection: Connection,
    of_scope: ColumnElement[bool],
    cost: int,
    parts: int,
    idle: Collection[int] = (),
) -> Given:
    """Return what was let go of the active orders that ``of_scope`` says.

    ``cost`` is what bringing an order costs the shop (fen); of a fee given back counts what it paid
    of that, in ``parts`` of a fen shared equally by the goods of the order. ``idle`` orders were
    :func:`never_brought` and cost nothing of it.
    """
    refunded: dict[int, int] = defaultdict(int)
    rounded: dict[int, int] = defaultdict(int)
    fees: dict[int, int] = defaultdict(int)
    coupons: dict[int, int] = defaultdict(int)
    found = _let_go(connection, of_scope)
    for order_id, lines in _lines(connection, list(found)).items():
        let_go = found[order_id]
        shared = share(lines, let_go)
        parts_of = zip(lines, shared.refunded, shared.rounded, shared.coupon, strict=True)
        for one, back, off, coupon in parts_of:
            refunded[one.product_id] += back
            rounded[one.product_id] += off
            coupons[one.product_id] += coupon
        bears = min(let_go.fee, cost) - min(let_go.fee - shared.fee, cost)
        some = [one.product_id for one in lines if one.is_some]
        for product_id in some if bears > 0 and order_id not in idle else ():
            fees[product_id] += bears * parts // len(some)
    return Given(refunded, rounded, fees, coupons)


def _let_go(connection: Connection, of_scope: ColumnElement[bool]) -> dict[int, LetGo]:
    ids = select(func.min(_order.c.id), func.max(_order.c.id)).where(of_scope)
    first, last = connection.execute(ids).one()
    if first is None:
        return {}
    forgiven = _payment.c.forgiven_fen
    query = (
        select(
            _payment.c.order_id,
            _payment.c.line_id,
            forgiven,
            _gives_back().label("is_back"),
            _order.c.delivery,
            _order.c.delivery_fee_fen,
        )
        .join(_order, _order.c.id == _payment.c.order_id)
        .where(
            forgiven != literal(0, literal_execute=True),  # in the words of its index
            _payment.c.order_id.between(first, last),
            of_scope,
            _order.c.status == "active",
        )
    )
    found: dict[int, LetGo] = {}
    for row in connection.execute(query):
        fee = row.delivery_fee_fen if row.delivery else 0
        before, fen = found.get(row.order_id, LetGo(fee=fee)), row.forgiven_fen
        found[row.order_id] = before.more(fen, row.line_id, is_back=bool(row.is_back))
    for row in connection.execute(_with_coupon(of_scope)):
        fee = row.delivery_fee_fen if row.delivery else 0
        before = found.get(row.id, LetGo(fee=fee))
        found[row.id] = replace(before, coupon=row.coupon_fen)
    return found


def _with_coupon(of_scope: ColumnElement[bool]) -> Select[Any]:
    """Orders with a coupon, by way of the coupons: few orders have one (R37)."""
    return (
        select(_order.c.id, _order.c.delivery, _order.c.delivery_fee_fen, _order.c.coupon_fen)
        .join(_coupon, _coupon.c.order_id == _order.c.id)
        .where(of_scope, _order.c.status == "active", _order.c.coupon_fen > 0)
    )


def _gives_back() -> ColumnElement[bool]:
    """Whether a payment is a refund or takes one back; others that let go are rounded off."""
    undone = and_(_payment.c.kind == "reversal", _payment.c.amount_fen > 0)
    return or_(_payment.c.kind == "refund", undone)


def _lines(connection: Connection, order_ids: list[int]) -> dict[int, list[Line]]:
    lines: dict[int, list[Line]] = defaultdict(list)
    for start in range(0, len(order_ids), PART):
        query = (
            select(
                _line.c.id,
                _line.c.order_id,
                _line.c.product_id,
                _line.c.amount_fen,
                _line.c.quantity,
            )
            .where(
                _line.c.order_id.in_(order_ids[start : start + PART]),
                _line.c.cancelled_at.is_(None),
            )
            .order_by(_line.c.id)
        )
        for row in connection.execute(query):
            lines[row.order_id].append(
                Line(row.id, row.product_id, row.amount_fen, row.quantity > 0)
            )
    return lines
