"""Writes of points (R36). The ledger is the balance; nothing in it is ever changed.

What orders give is booked by the step :func:`follow`, as a consequence of what happened to their
money and goods. Here stand the promise itself, what is entered by hand, and the steps by which
points are spent, given back and lapse.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.members.points import rules
from lib.members.points.following.commands import event_key, follow
from lib.members.points.queries import balance_in, rules_in
from lib.members.points.rules import Kind
from lib.members.points.settling.commands import MOST_AT_ONCE, settle, settle_points
from lib.members.points.settling.queries import ready
from lib.members.profiles.queries import family_ids
from lib.shop.shop import OWNER_ONLY, Shop, Tx

__all__ = [
    "adjust_points", "begin_points", "change_rule", "follow", "give_back", "holder", "lapse",
    "settle_points", "spend",
]  # fmt: skip

_entry, _of, _order = schema.points_entry, schema.points_order, schema.customer_order
_rule = schema.points_rule


def begin_points(shop: Shop, points: int, per_fen: int) -> int:
    """Begin to give ``points`` for each ``per_fen`` really paid, for orders placed from now on.

    Returns the id of the rule. Orders placed before give none. Raises ``Refused`` when points began
    before, for no points and for an amount that is not above zero.
    """
    with shop.write("points.begin", by=OWNER_ONLY) as tx:
        if rules_in(tx.connection):
            raise Refused(N_("Points have begun already. Change their rule instead."))
        if points < 1:
            raise Refused(N_("Enter at least one point."))
        tx.result = _add_rule(tx, points, per_fen, tx.now)
    return int(tx.result)


def change_rule(shop: Shop, points: int, per_fen: int, from_at: datetime) -> int:
    """Promise otherwise for orders placed from ``from_at`` (UTC) on; returns the id of the rule.

    What was placed before keeps its rule; no points at all ends them. A rule that is to begin at
    the same moment is replaced. Raises ``Refused`` for a moment that is not to come, before points
    began, and for amounts that cannot be meant.
    """
    with shop.write("points.change_rule", by=OWNER_ONLY) as tx:
        known = {rule.from_at for rule in rules_in(tx.connection)}
        if not known:
            raise Refused(N_("Points have not begun yet."))
        if from_at <= tx.now:
            raise Refused(N_("A promise is changed for the future only. Choose a later day."))
        while from_at in known:
            from_at += timedelta(microseconds=1)
        tx.result = _add_rule(tx, points, per_fen, from_at)
    return int(tx.result)


def adjust_points(shop: Shop, member_id: int, points: int, reason: str) -> int:
    """Enter points by hand, such as those of a paper card; returns the id of the row.

    ``points`` below zero takes some away, never more than are available. Raises ``Refused`` without
    a reason and for a file made anonymous, ``NotFound`` for a member that is not there.
    """
    with shop.write("points.adjust", by=OWNER_ONLY) as tx:
        why = rules.checked_reason(reason)
        kept = holder(tx, member_id)
        settle_of(tx, kept)
        before = balance_in(tx.connection, kept).available
        rules.checked_adjustment(points, before)
        entered = select(func.count()).where(
            _entry.c.member_id == kept, _entry.c.kind == Kind.ADJUSTED
        )
        key = f"adjusted:{kept}:{int(tx.execute(entered).scalar_one()) + 1}"
        row_id = _enter(tx, kept, Kind.ADJUSTED, points, key, why)
        tx.note(
            f"member:{kept}",
            before={"points_available": before},
            after={"points_available": before + points},
            reason=why,
        )
        tx.result = row_id
    return row_id


def spend(tx: Tx, member_id: int, points: int, redemption_id: int, reason: str) -> int:
    """Step: take ``points`` for a redemption; returns the id of the row.

    What is due of the member's orders is made available first. Raises ``Refused`` when the
    available balance does not suffice. ``reason`` is what they are given for.
    """
    if points < 1:
        raise Refused(N_("Enter at least one point."))
    kept = holder(tx, member_id)
    settle_of(tx, kept)
    balance = balance_in(tx.connection, kept)
    if balance.available < points:
        raise Refused(
            N_("{available} points are available, {points} are needed; {pending} still wait."),
            available=balance.available,
            points=points,
            pending=balance.pending,
        )
    key = f"redemption:{redemption_id}"
    return _enter(tx, kept, Kind.REDEEMED, -points, key, reason, redemption_id=redemption_id)


def give_back(tx: Tx, redemption_id: int, reason: str) -> int:
    """Step: give the points of a redemption back, once; returns the id of the row.

    Raises ``Refused`` when they were given back before or none were taken, and for a file that was
    made anonymous: its points lapsed.
    """
    query = select(_entry).where(_entry.c.redemption_id == redemption_id).order_by(_entry.c.id)
    rows = tx.execute(query).all()
    if len(rows) != 1:
        raise Refused(N_("The points of this redemption were given back already."))
    taken = rows[0]
    holder(tx, taken.member_id)
    return _enter(
        tx,
        taken.member_id,
        Kind.RETURNED,
        -taken.available,
        f"redemption:{redemption_id}:returned",
        reason,
        redemption_id=redemption_id,
        reverses_id=taken.id,
    )


def lapse(tx: Tx, member_id: int, reason: str) -> int:
    """Step: let all points of a member go whose data is erased; returns how many were available.

    What waits lapses with its orders, what is owed is owed no more, and nothing that happens to
    those orders afterwards counts (see :func:`follow`).
    """
    kept = _kept(tx, member_id)
    _lapse_pending(tx, kept, reason)
    available = balance_in(tx.connection, kept).available
    if available:
        key = f"lapsed:{kept}:{tx.now.isoformat()}"
        _enter(tx, kept, Kind.LAPSED, -available, key, reason)
    return available


def settle_of(tx: Tx, member_id: int) -> None:
    """Step: make available what is due of a member's orders, before it is spent."""
    family = family_ids(tx.connection, member_id)
    settle(tx, ready(tx.connection, tx.today, tx.settings, MOST_AT_ONCE, family))


def _lapse_pending(tx: Tx, member_id: int, reason: str) -> None:
    family = family_ids(tx.connection, member_id)
    theirs = (
        select(_of.c.order_id)
        .join(_order, _order.c.id == _of.c.order_id)
        .where(_order.c.member_id.in_(family), _of.c.settled_at.is_(None))
    )
    query = (
        select(
            _entry.c.order_id,
            _entry.c.line_id,
            func.sum(_entry.c.pending).label("pending"),
            func.count().label("rows"),
        )
        .where(_entry.c.order_id.in_(theirs))
        .group_by(_entry.c.order_id, _entry.c.line_id)
    )
    rows = [
        {
            "member_id": member_id,
            "kind": Kind.LAPSED,
            "pending": -int(row.pending),
            "order_id": row.order_id,
            "line_id": row.line_id,
            "event_key": event_key(row.line_id, int(row.rows)),
            "reason": reason,
            "at": tx.now,
            "person_id": tx.actor.id,
        }
        for row in tx.execute(query)
        if row.pending
    ]
    if rows:
        tx.execute(insert(_entry), rows)
    tx.execute(update(_of).where(_of.c.order_id.in_(theirs)).values(settled_at=tx.now))


def _add_rule(tx: Tx, points: int, per_fen: int, from_at: datetime) -> int:
    rules.checked_rule(points, per_fen)
    before = rules.rule_for(rules_in(tx.connection), from_at)
    rule_id = tx.add(
        _rule,
        points=points,
        per_fen=per_fen,
        from_at=from_at,
        created_at=tx.now,
        created_by=tx.actor.id,
    )
    tx.note(
        f"points_rule:{rule_id}",
        before={"points": before.points, "per_amount": Money(before.per_fen)} if before else None,
        after={"points": points, "per_amount": Money(per_fen), "from_at": from_at},
    )
    return rule_id


def _enter(
    tx: Tx,
    member_id: int,
    kind: Kind,
    points: int,
    key: str,
    reason: str,
    *,
    redemption_id: int | None = None,
    reverses_id: int | None = None,
) -> int:
    return tx.add(
        _entry,
        member_id=member_id,
        kind=kind,
        available=points,
        redemption_id=redemption_id,
        reverses_id=reverses_id,
        event_key=key,
        reason=reason,
        at=tx.now,
        person_id=tx.actor.id,
    )


def holder(tx: Tx, member_id: int) -> int:
    """Step: return the member whose file holds the points of ``member_id``, also after a merge.

    Raises ``NotFound``, and ``Refused`` for a file that was made anonymous.
    """
    row = tx.row(schema.member, member_id)
    if row.erased_at is not None:
        raise Refused(N_("This file was made anonymous; it has no points any more."))
    return _kept(tx, member_id)


def _kept(tx: Tx, member_id: int) -> int:
    """Return the member a file became; raises ``NotFound``."""
    row = tx.row(schema.member, member_id)
    return int(row.merged_into or row.id)
