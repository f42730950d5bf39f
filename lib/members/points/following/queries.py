"""Reads of orders whose money or goods changed: what each of their lines should have given (R36).

All of them are read together, joined with the list of changed orders, so that a chain of a thousand
orders costs as many statements as one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from lib.db import schema
from lib.members.points.rules import Bill, Kind, Line

_due, _order, _line = schema.points_due, schema.customer_order, schema.order_line
_payment, _entry, _of = schema.payment, schema.points_entry, schema.points_order


@dataclass(frozen=True)
class Booked:
    """What the ledger says of one line: its points, and how many rows there are."""

    points: int
    rows: int


@dataclass(frozen=True)
class Changed:
    """An order to be reckoned anew. ``known``: it gave points before, by ``rule_id``.

    ``written`` is what happened to it in this very transaction: its new payment rows and whether a
    line was weighed or left out. ``lapsed``: its member's data was erased, nothing counts any more.
    """

    order_id: int
    member_id: int
    placed_at: datetime
    bill: Bill
    booked: dict[int, Booked]
    new_payments: tuple[Row[Any], ...]
    weighed: bool
    left_out: bool
    paid: bool
    known: bool
    rule_id: int | None
    settled: bool
    lapsed: bool

    @property
    def points_before(self) -> int:
        """What the ledger says of the whole order."""
        return sum(one.points for one in self.booked.values())


def changed_orders(connection: Connection, now: datetime) -> tuple[Changed, ...]:
    """Return the orders changed in this transaction; ``now`` is its moment."""
    heads = connection.execute(_heads()).all()
    if not heads:
        return ()
    lines, payments = _grouped(connection, _lines()), _grouped(connection, _payments())
    ledger = _grouped(connection, _ledger())
    return tuple(
        _changed(head, lines[head.id], payments[head.id], ledger[head.id], now) for head in heads
    )


def handed_over(connection: Connection) -> dict[int, datetime]:
    """Return when goods of the changed orders were handed over last."""
    handed = schema.handover
    query = (
        select(handed.c.order_id, func.max(handed.c.at).label("at"))
        .join(_due, _due.c.order_id == handed.c.order_id)
        .group_by(handed.c.order_id)
    )
    return {row.order_id: row.at for row in connection.execute(query)}


def _heads() -> Select[Any]:
    members = schema.member
    return (
        select(
            _order.c.id,
            _order.c.member_id,
            _order.c.placed_at,
            _order.c.status,
            _order.c.delivery_fee_fen,
            (_order.c.round_off_fen + _order.c.coupon_fen).label("off"),
            members.c.erased_at,
            _of.c.order_id.label("known"),
            _of.c.rule_id,
            _of.c.settled_at,
        )
        .join(_due, _due.c.order_id == _order.c.id)
        .join(members, members.c.id == _order.c.member_id)
        .outerjoin(_of, _of.c.order_id == _order.c.id)
        .order_by(_order.c.id)
    )


def _lines() -> Select[Any]:
    return (
        select(
            _line.c.order_id,
            _line.c.id,
            _line.c.amount_fen,
            _line.c.weighed_at,
            _line.c.cancelled_at,
        )
        .join(_due, _due.c.order_id == _line.c.order_id)
        .order_by(_line.c.id)
    )


def _payments() -> Select[Any]:
    columns = ("order_id", "id", "line_id", "case_id", "kind", "amount_fen", "forgiven_fen", "at")
    query: Select[Any] = select(*(_payment.c[name] for name in columns))
    return query.join(_due, _due.c.order_id == _payment.c.order_id).order_by(_payment.c.id)


def _ledger() -> Select[Any]:
    """What the lines were given, less what was taken back; settling only moves it."""
    given = _entry.c.kind.in_((Kind.EARNED, Kind.REVERSED))
    points = func.coalesce(func.sum(_entry.c.pending + _entry.c.available).filter(given), 0)
    return (
        select(
            _entry.c.order_id,
            _entry.c.line_id,
            points.label("points"),
            func.count().label("rows"),
            func.max(_entry.c.payment_id).label("payment_id"),
        )
        .join(_due, _due.c.order_id == _entry.c.order_id)
        .group_by(_entry.c.order_id, _entry.c.line_id)
    )


def _grouped(connection: Connection, query: Select[Any]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.order_id].append(row)
    return found


def _changed(
    head: Row[Any],
    lines: Sequence[Row[Any]],
    payments: Sequence[Row[Any]],
    ledger: Sequence[Row[Any]],
    now: datetime,
) -> Changed:
    last_known = max((row.payment_id or 0 for row in ledger), default=0)
    return Changed(
        order_id=head.id,
        member_id=head.member_id,
        placed_at=head.placed_at,
        bill=_bill(head, lines, payments),
        booked={row.line_id: Booked(int(row.points), int(row.rows)) for row in ledger},
        new_payments=tuple(row for row in payments if row.at == now and row.id > last_known),
        weighed=any(row.weighed_at == now for row in lines),
        left_out=any(row.cancelled_at == now for row in lines),
        paid=bool(payments),
        known=head.known is not None,
        rule_id=head.rule_id,
        settled=head.settled_at is not None,
        lapsed=head.erased_at is not None,
    )


def _bill(head: Row[Any], lines: Sequence[Row[Any]], payments: Sequence[Row[Any]]) -> Bill:
    forgiven: dict[int | None, int] = defaultdict(int)
    for row in payments:
        if _is_refund(row):
            forgiven[row.line_id] += row.forgiven_fen
    return Bill(
        lines=tuple(
            Line(row.id, row.amount_fen, forgiven[row.id])
            for row in lines
            if row.cancelled_at is None
        ),
        net=sum(row.amount_fen for row in payments),
        fee=head.delivery_fee_fen,
        off=head.off + forgiven[None],
        active=head.status == "active",
    )


def _is_refund(row: Row[Any]) -> bool:
    """A refund, or the undoing of one: the only reversal by which an order's money comes in."""
    return bool(row.kind == "refund" or (row.kind == "reversal" and row.amount_fen > 0))
