"""Reads of points: balances, what stands behind them, the rule, what Today should say (R36).

Rows of an order belong to whoever the order belongs to now, so that merging two files and taking
that back needs nothing here; all other rows are summed over a member and those merged into it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, text

from lib.db import schema
from lib.db.schema.points import TAKEN
from lib.kernel.clock import local_day
from lib.members.points.rules import Kind, Rule, Waits, available_on, rule_for
from lib.members.points.settling.queries import (
    case_open,
    goods_to_come,
    is_waiting,
    points_wait,
    soon,
    waiting,
)
from lib.members.profiles.queries import family_ids
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

MOST_ENTRIES = 300
MOST_WAITING = 1000
"""Today counts no further."""
PART = 400

_entry, _order, _line = schema.points_entry, schema.customer_order, schema.order_line
_member, _of, _rule = schema.member, schema.points_order, schema.points_rule


@dataclass(frozen=True)
class Balance:
    """Points of a member: ``available`` may be below zero (owed), ``pending`` wait."""

    available: int = 0
    pending: int = 0


@dataclass(frozen=True)
class Held:
    """Points of all members: positive balances, pending, and what members owe (positive)."""

    available: int
    pending: int
    owed: int


@dataclass(frozen=True)
class RuleRow:
    """A rule with who made it when; ``until`` is when the next one begins, None for the last."""

    rule: Rule
    by: str | None
    created_at: datetime
    until: datetime | None


@dataclass(frozen=True)
class Entry:
    """A row of the ledger; ``reason`` is a sentence of the program or typed by a person."""

    id: int
    at: datetime
    kind: Kind
    pending: int
    available: int
    reason: str
    order_id: int | None
    order_number: int | None
    pickup_day: date | None
    product: str | None
    case_id: int | None
    person: str | None

    @property
    def points(self) -> int:
        """What the row is about, wherever it was booked; settling moves what was earned."""
        return self.available if self.kind is Kind.SETTLED else self.pending + self.available


@dataclass(frozen=True)
class Waiting:
    """Pending points of one order. ``on`` is the day they become available, None while unknown.

    ``why`` says what is missing until then; ``late``: the window after the pickup day has closed.
    """

    order_id: int
    number: int
    pickup_day: date
    member_id: int
    name: str
    points: int
    on: date | None
    why: Waits | None
    late: bool


@dataclass(frozen=True)
class Standing:
    """A member's points: the balance, the newest rows, orders that wait (the oldest first)."""

    balance: Balance
    entries: tuple[Entry, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True)
class Owing:
    """A member whose balance is below zero; ``points`` is what is owed (positive)."""

    member_id: int
    name: str
    points: int


@dataclass(frozen=True)
class PointsDue:
    """What Today says of points (R36).

    Orders whose points become available today or tomorrow, orders that wait beyond their time, and
    how many members owe points; the first two are counted up to :data:`MOST_WAITING`.
    """

    settling_soon: int
    waiting: int
    owed_members: int


def rules_in(connection: Connection) -> tuple[Rule, ...]:
    """Return every rule, the first one in front; none before points began."""
    rows = connection.execute(select(_rule).order_by(_rule.c.from_at))
    return tuple(_rule_of(row) for row in rows)


def rule_at(connection: Connection, moment: datetime) -> Rule | None:
    """Return the rule for orders placed at ``moment``; None before points began."""
    return rule_for(rules_in(connection), moment)


def rules(shop: Shop) -> tuple[RuleRow, ...]:
    """Return the history of rules, the newest first; those that are to come included."""
    shop.require(DESK)
    people = schema.person
    query = (
        select(_rule, people.c.name.label("by"))
        .outerjoin(people, people.c.id == _rule.c.created_by)
        .order_by(_rule.c.from_at.desc())
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    ends = [None, *(row.from_at for row in rows)]
    return tuple(
        RuleRow(_rule_of(row), row.by, row.created_at, until)
        for row, until in zip(rows, ends, strict=False)
    )


def balance_in(connection: Connection, member_id: int) -> Balance:
    """Return the points of a member as this transaction sees them."""
    return balances_in(connection, [member_id])[member_id]


def balances_in(connection: Connection, member_ids: Iterable[int]) -> dict[int, Balance]:
    """Return the points of each member, with those merged into it; three reads per 400 members."""
    found: dict[int, Balance] = {}
    wanted = sorted(set(member_ids))
    for start in range(0, len(wanted), PART):
        found.update(_balances(connection, wanted[start : start + PART]))
    return found


def standing(shop: Shop, member_id: int) -> Standing:
    """Return how a member's points stand and why: newest rows, and orders that wait."""
    shop.require(DESK)
    with shop.read() as connection:
        family = family_ids(connection, member_id)
        return Standing(
            balance_in(connection, member_id),
            _entries(connection, family),
            _waiting_of(connection, shop, _order.c.member_id.in_(family) & points_wait()),
        )


def held(connection: Connection) -> Held:
    """Return the points of all members together, for what they stand for in money."""
    query = select(
        func.coalesce(func.sum(_entry.c.available), 0),
        func.coalesce(func.sum(_entry.c.pending), 0),
    )
    available, pending = (int(points) for points in connection.execute(query).one())
    owed = -sum(owing_in(connection).values())
    return Held(available + owed, pending, owed)


def held_now(shop: Shop) -> Held:
    """Return the points of all members together; see :func:`held`."""
    shop.require(DESK)
    with shop.read() as connection:
        return held(connection)


def owing_in(connection: Connection) -> dict[int, int]:
    """Return the balance of every member below zero, by id.

    Only who spent points can owe them, and only where some were taken away afterwards: by a late
    return, by hand, or because two files that spent together were taken apart.
    """
    taken = _taken_from(connection)
    some = taken & _spenders(connection, taken)
    sums = balances_in(connection, some) if some else {}
    return {key: one.available for key, one in sorted(sums.items()) if one.available < 0}


def owing(shop: Shop) -> tuple[Owing, ...]:
    """Return the members whose balance is below zero, who owes most first."""
    shop.require(DESK)
    with shop.read() as connection:
        found = owing_in(connection)
        names = _names(connection, list(found))
    rows = [Owing(key, names[key], -points) for key, points in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.points, row.member_id)))


def overdue(shop: Shop, limit: int = 100) -> tuple[Waiting, ...]:
    """Return orders whose points wait beyond their time, with the reason; the oldest first."""
    shop.require(DESK)
    with shop.read() as connection:
        late = is_waiting(shop.today, shop.settings)
        return _waiting_of(connection, shop, late, limit)


def due(shop: Shop) -> PointsDue:
    """Return what Today says of points; a few bounded reads."""
    shop.require(DESK)
    with shop.read() as connection:
        return PointsDue(
            soon(connection, shop.today, shop.settings, MOST_WAITING),
            waiting(connection, shop.today, shop.settings, MOST_WAITING),
            len(owing_in(connection)),
        )


def _rule_of(row: Row[Any]) -> Rule:
    return Rule(row.id, row.points, row.per_fen, row.from_at)


def _balances(connection: Connection, ids: Sequence[int]) -> dict[int, Balance]:
    merged = select(_member.c.id, _member.c.merged_into).where(_member.c.merged_into.in_(ids))
    kept = {row.id: row.merged_into for row in connection.execute(merged)}
    kept.update({member_id: member_id for member_id in ids})
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for query in (_own(list(kept)), _of_orders(list(kept))):
        for member_id, available, pending in connection.execute(query):
            sums[kept[member_id]][0] += int(available)
            sums[kept[member_id]][1] += int(pending)
    return {member_id: Balance(*sums[member_id]) for member_id in ids}


def _own(ids: Collection[int]) -> Select[Any]:
    return (
        select(_entry.c.member_id, func.sum(_entry.c.available), func.sum(_entry.c.pending))
        .where(_entry.c.member_id.in_(ids), _entry.c.order_id.is_(None))
        .group_by(_entry.c.member_id)
    )


def _of_orders(ids: Collection[int]) -> Select[Any]:
    return (
        select(_order.c.member_id, func.sum(_entry.c.available), func.sum(_entry.c.pending))
        .join(_entry, _entry.c.order_id == _order.c.id)
        .where(_order.c.member_id.in_(ids))
        .group_by(_order.c.member_id)
    )


def _taken_from(connection: Connection) -> set[int]:
    """Members points were taken away from otherwise than by redeeming them."""
    merges = schema.member_merge
    taken = (
        select(func.coalesce(_order.c.member_id, _entry.c.member_id))
        .outerjoin(_order, _order.c.id == _entry.c.order_id)
        .where(text(TAKEN))
        .distinct()
    )
    apart = select(merges.c.keep_id, merges.c.drop_id).where(merges.c.undone_at.is_not(None))
    found = set(connection.execute(taken).scalars())
    for pair in connection.execute(apart):
        found.update(pair)
    return _roots(connection, found)


def _spenders(connection: Connection, among: Collection[int]) -> set[int]:
    """Members ``among`` these with a redemption that stands, or points taken away by hand."""
    redemptions, found, ids = schema.redemption, set[int](), sorted(among)
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        family = select(_member.c.id).where(
            _member.c.id.in_(part) | _member.c.merged_into.in_(part)
        )
        spent = select(redemptions.c.member_id).where(
            redemptions.c.member_id.in_(family), redemptions.c.undone_at.is_(None)
        )
        by_hand = select(_entry.c.member_id).where(
            _entry.c.member_id.in_(family),
            _entry.c.available < 0,
            _entry.c.kind != Kind.REDEEMED,
            _entry.c.order_id.is_(None),
        )
        for query in (spent, by_hand):
            found.update(connection.execute(query.distinct()).scalars())
    return _roots(connection, found)


def _roots(connection: Connection, ids: set[int]) -> set[int]:
    merged = select(_member.c.id, _member.c.merged_into).where(_member.c.merged_into.is_not(None))
    kept = {row.id: row.merged_into for row in connection.execute(merged)}
    return {kept.get(member_id, member_id) for member_id in ids}


def _names(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        query = select(_member.c.id, _member.c.nickname).where(_member.c.id.in_(part))
        found.update({row.id: row.nickname for row in connection.execute(query)})
    return found


def _entries(connection: Connection, family: Sequence[int]) -> tuple[Entry, ...]:
    payments, people = schema.payment, schema.person
    theirs = select(_order.c.id).where(_order.c.member_id.in_(family))
    query: Select[Any] = (
        select(
            _entry,
            _order.c.number,
            _order.c.pickup_day,
            _line.c.product_name,
            payments.c.case_id,
            people.c.name.label("person"),
        )
        .outerjoin(_order, _order.c.id == _entry.c.order_id)
        .outerjoin(_line, _line.c.id == _entry.c.line_id)
        .outerjoin(payments, payments.c.id == _entry.c.payment_id)
        .outerjoin(people, people.c.id == _entry.c.person_id)
        .where(
            or_(
                and_(_entry.c.member_id.in_(family), _entry.c.order_id.is_(None)),
                _entry.c.order_id.in_(theirs),
            )
        )
        .order_by(_entry.c.id.desc())
        .limit(MOST_ENTRIES)
    )
    return tuple(_entry_of(row) for row in connection.execute(query))


def _entry_of(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        kind=Kind(row.kind),
        pending=row.pending,
        available=row.available,
        reason=row.reason,
        order_id=row.order_id,
        order_number=row.number,
        pickup_day=row.pickup_day,
        product=row.product_name,
        case_id=row.case_id,
        person=row.person,
    )


def _waiting_of(
    connection: Connection, shop: Shop, which: ColumnElement[bool], limit: int = 100
) -> tuple[Waiting, ...]:
    pending = (
        select(func.coalesce(func.sum(_entry.c.pending), 0))
        .where(_entry.c.order_id == _order.c.id)
        .correlate(_order)
        .scalar_subquery()
    )
    query = (
        select(
            _order.c.id,
            _order.c.number,
            _order.c.pickup_day,
            _order.c.member_id,
            _member.c.nickname,
            _of.c.handed_at,
            pending.label("points"),
            goods_to_come().label("to_come"),
            case_open().label("case_open"),
        )
        .join(_of, _of.c.order_id == _order.c.id)
        .join(_member, _member.c.id == _order.c.member_id)
        .where(_of.c.settled_at.is_(None), which)
        .order_by(_order.c.pickup_day, _order.c.id)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    return tuple(_waiting(row, shop.today, shop.settings) for row in rows)


def _waiting(row: Row[Any], today: date, settings: Settings) -> Waiting:
    why, days = _why(row), settings.after_sales_days
    last = row.pickup_day
    if row.handed_at is not None:
        last = max(last, local_day(row.handed_at, settings.time_zone))
    return Waiting(
        order_id=row.id,
        number=row.number,
        pickup_day=row.pickup_day,
        member_id=row.member_id,
        name=row.nickname,
        points=int(row.points),
        on=None if why else available_on(last, days),
        why=why,
        late=why is not None and today >= available_on(row.pickup_day, days),
    )


def _why(row: Row[Any]) -> Waits | None:
    if row.case_open:
        return Waits.CASE
    if row.to_come:
        return Waits.NOT_HANDED if row.handed_at is None else Waits.PARTLY
    return None
