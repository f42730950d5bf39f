"""The step that books what an order's points differ by, for every cause alike (R36)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert

from lib.db import schema
from lib.members.points import rules
from lib.members.points.following.queries import Changed, changed_orders, handed_over
from lib.members.points.queries import rules_in
from lib.members.points.rules import Kind, Rule
from lib.shop.shop import Tx

_due, _entry, _of = schema.points_due, schema.points_entry, schema.points_order


def follow(tx: Tx) -> None:
    """Step: book per line what the changed orders should have given and the ledger does not say.

    Called through ``tx.at_end(follow)`` by whoever writes payments, lines, status, rounding, coupon
    or fee of an order. It reckons from the state of the books, so that nothing counts twice and
    whatever is undone comes back by itself.
    """
    in_force = rules_in(tx.connection)
    if in_force:
        _book(tx, changed_orders(tx.connection, tx.now), in_force)
    tx.execute(delete(_due))


def _book(tx: Tx, changed: Sequence[Changed], in_force: Sequence[Rule]) -> None:
    ruled = [(order, _rule_of(order, in_force)) for order in changed if not order.lapsed]
    _begin(tx, [(order, rule) for order, rule in ruled if rule and order.paid and not order.known])
    rows = [row for order, rule in ruled if rule for row in _rows(tx, order, rule)]
    if rows:
        tx.execute(insert(_entry), rows)


def _rule_of(order: Changed, in_force: Sequence[Rule]) -> Rule | None:
    """The rule the order was placed under; what it was first reckoned by stays with it."""
    if order.known:
        return next(rule for rule in in_force if rule.id == order.rule_id)
    return rules.rule_for(in_force, order.placed_at)


def _begin(tx: Tx, new: Sequence[tuple[Changed, Rule]]) -> None:
    """Write down which orders give points: those that something was paid for."""
    if not new:
        return
    handed = handed_over(tx.connection)
    tx.execute(
        insert(_of),
        [
            {
                "order_id": order.order_id,
                "rule_id": rule.id,
                "handed_at": handed.get(order.order_id),
            }
            for order, rule in new
        ],
    )


def _rows(tx: Tx, order: Changed, rule: Rule) -> list[dict[str, Any]]:
    wanted = rules.points_by_line(order.bill, rule)
    booked = {line_id: one.points for line_id, one in order.booked.items()}
    reason = _reason(order, sum(wanted.values()))
    payment_id = order.new_payments[-1].id if order.new_payments else None
    return [
        {
            "member_id": order.member_id,
            "kind": Kind.EARNED if points > 0 else Kind.REVERSED,
            "pending": 0 if order.settled else points,
            "available": points if order.settled else 0,
            "order_id": order.order_id,
            "line_id": line_id,
            "payment_id": payment_id,
            "event_key": event_key(line_id, _count(order, line_id)),
            "reason": reason,
            "at": tx.now,
            "person_id": tx.actor.id,
        }
        for line_id, points in rules.difference(wanted, booked).items()
    ]


def event_key(line_id: int, rows: int) -> str:
    """Return the key of the next row of a line that has ``rows`` already."""
    return f"line:{line_id}:{rows + 1}"


def _count(order: Changed, line_id: int) -> int:
    known = order.booked.get(line_id)
    return known.rows if known else 0


def _reason(order: Changed, points: int) -> str:
    """Say what made the difference, as far as this transaction tells."""
    if order.new_payments:
        return _of_payment(order.new_payments[-1])
    if not order.bill.active:
        return rules.CANCELLED
    if order.weighed:
        return rules.WEIGHED
    if order.left_out:
        return rules.LEFT_OUT
    if order.booked and not order.points_before and points:
        return rules.RESTORED
    return rules.CHANGED


def _of_payment(row: Any) -> str:
    if row.kind == "payment":
        return rules.PAYMENT
    if row.kind == "refund":
        return rules.REFUND if row.case_id is None else rules.REFUND_OF_CASE
    return rules.UNDONE
