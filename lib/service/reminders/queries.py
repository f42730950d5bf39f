"""Reads of the lists before and after slots (R22): what is due, what was made, what became of it.

The functions that take a connection join an open transaction and are for the program itself; the
others are for the desk. No phone number and no purchase cost leaves this module.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, func, or_, select

from lib.db import schema
from lib.service.picking.queries import Bag, bags_of, progress
from lib.service.pickup.queries import closed_from
from lib.service.pickup.texts import subject_of
from lib.service.reminders import rules
from lib.service.reminders.rules import Called, How, Key, Kind, Occasion
from lib.shop.messages.service_events import PICKUP_AFTER
from lib.shop.messages.trade_events import PICKUP
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

MOST = 400
MOST_DUE = 12
EVENTS = {Kind.BEFORE: PICKUP, Kind.AFTER: PICKUP_AFTER}

_notice, _order = schema.pickup_notice, schema.customer_order
_post, _delivery = schema.group_post, schema.message_delivery


@dataclass(frozen=True)
class Notice:
    """One list as it was made.

    ``name`` and ``hours`` are the slot's of that time, ``orders`` who was on the list, ``text``
    what was to be said. ``posted_at`` is when it was last sent, by hand or by ``robot``.
    """

    id: int
    version: int
    day: date
    slot: str
    name: str
    hours: str
    kind: Kind
    due_at: datetime
    made_at: datetime
    orders: tuple[Called, ...]
    text: str
    how: How
    queued_at: datetime | None
    done_at: datetime | None
    done_by: str
    posted_at: datetime | None
    robot: str

    @property
    def waiting(self) -> int:
        """How many orders were on the list."""
        return len(self.orders)

    @property
    def late(self) -> bool:
        """Whether it was made late."""
        return rules.is_late(self.due_at, self.made_at)

    @property
    def subject(self) -> str:
        """What its text is filed under in the log of what was sent."""
        return subject_of(self.day, self.slot)

    @property
    def open(self) -> bool:
        """Whether somebody is still to send it: neither sent, on its way, nor settled."""
        return self.how is How.OPEN and self.queued_at is None and self.posted_at is None


@dataclass(frozen=True)
class Open:
    """A list somebody is to see to, for Today: ``waiting`` orders are still to come now."""

    id: int
    day: date
    slot: str
    kind: Kind
    due_at: datetime
    made_at: datetime
    waiting: int


def notices(shop: Shop, first: date, last: date) -> tuple[Notice, ...]:
    """Return the lists of the days ``first`` to ``last``, the newest day first, as they were due.

    One is only read with its text; who is to come now is asked of :func:`coming`.
    """
    shop.require(DESK)
    wanted = (
        _with_sender()
        .where(_notice.c.day.between(first, last))
        .order_by(_notice.c.day.desc(), _notice.c.due_at, _notice.c.id)
        .limit(MOST)
    )
    with shop.read() as connection:
        rows = connection.execute(wanted).all()
        sent = _sent(connection, rows)
    return tuple(_read(row, sent.get(row.id)) for row in rows)


def coming(shop: Shop, day: date) -> dict[str, list[Bag]]:
    """Return who is still to come on ``day`` by slot, as the lists call them: now.

    Whoever said no slot is called with the last one.
    """
    shop.require(DESK)
    with shop.read() as connection:
        return still_to_come(connection, day, shop.settings)


def due(shop: Shop) -> tuple[Open, ...]:
    """Return the lists that somebody is to see to, the oldest first; for Today.

    A list on which nobody is left to come is none, and neither is one that was sent or that a robot
    has. A few statements, all bounded, and one while there is none.
    """
    shop.require(DESK)
    wanted = (
        select(_notice)
        .where(
            _notice.c.done_at.is_(None),
            _notice.c.queued_at.is_(None),
            _notice.c.day >= shop.today - rules.LOOK_BACK,
        )
        .order_by(_notice.c.due_at)
        .limit(MOST)
    )
    with shop.read() as connection:
        rows = connection.execute(wanted).all()
        sent = _sent(connection, rows)
        rows = [row for row in rows if row.id not in sent][:MOST_DUE]
        left = _left(connection, {row.day for row in rows}, shop.settings)
    return tuple(
        Open(row.id, row.day, row.slot, Kind(row.kind), row.due_at, row.made_at, waiting)
        for row in rows
        if (waiting := left.get((row.day, row.slot), 0))
    )


def due_now(connection: Connection, settings: Settings, now: datetime) -> list[Occasion]:
    """Return the lists that are due and not made, in order; nearly always none.

    Two indexed reads while all are made. A day without orders has no lists; what was sold at the
    counter after a reminder was due is no reason to remind the group.
    """
    days = rules.days_looked_at(now, settings, _first_day(connection))
    made = _made(connection, days[0])
    found = rules.due(days, now, settings, (), made)
    if not found:
        return []
    closed = closed_from(connection, days[0])
    known = {day: _known_since(connection, day) for day in {one.day for one in found} - closed}
    return [
        one
        for one in found
        if (since := known.get(one.day)) and (one.kind is Kind.AFTER or since <= one.due_at)
    ]


def still_to_come(
    connection: Connection, day: date, settings: Settings, reminded_at: datetime | None = None
) -> dict[str, list[Bag]]:
    """Return who is still to come on ``day`` by the slot that calls them, inside a transaction.

    With ``reminded_at`` without what was sold at the counter after that moment.
    """
    chosen = _to_collect(day)
    if reminded_at is not None:
        chosen = and_(chosen, _known_at(reminded_at))
    found: dict[str, list[Bag]] = defaultdict(list)
    for bag in bags_of(connection, chosen):
        if bag.open_lines:
            found[rules.slot_called(bag.slot, settings)].append(bag)
    return found


def posted_since(connection: Connection, kind: Kind, subject: str, since: datetime) -> bool:
    """Whether the text of a list was sent since a moment, by hand or by a robot."""
    sent = select(_post.c.id).where(
        _post.c.subject == subject, _post.c.topic == EVENTS[kind].key, _post.c.at >= since
    )
    return connection.execute(sent.limit(1)).first() is not None


def is_leaving(connection: Connection, topic: str, subject: str) -> bool:
    """Whether a robot is sending a text of ``topic`` about ``subject`` right now."""
    leaving = select(_delivery.c.id).where(
        _delivery.c.status == "waiting",
        _delivery.c.subject == subject,
        _delivery.c.topic == topic,
        _delivery.c.leased_until.is_not(None),
    )
    return connection.execute(leaving.limit(1)).first() is not None


def unsettled(connection: Connection) -> list[Row[Any]]:
    """Return the lists that nobody settled yet, the oldest first."""
    wanted = select(_notice).where(_notice.c.done_at.is_(None)).order_by(_notice.c.due_at)
    return list(connection.execute(wanted.limit(MOST)))


def _first_day(connection: Connection) -> date | None:
    first: date | None = connection.execute(select(func.min(_notice.c.day))).scalar()
    return first


def _made(connection: Connection, first: date) -> set[Key]:
    wanted = select(_notice.c.day, _notice.c.slot, _notice.c.kind).where(_notice.c.day >= first)
    return {(row.day, row.slot, Kind(row.kind)) for row in connection.execute(wanted)}


def _known_since(connection: Connection, day: date) -> datetime | None:
    """Return since when there are orders to collect on ``day``, None when there are none.

    What came in by chain or file was known to the residents long before: since ever.
    """
    since = (
        select(_order.c.source, func.min(_order.c.placed_at))
        .where(_to_collect(day))
        .group_by(_order.c.source)
    )
    moments = [
        at if source == "counter" else datetime.min.replace(tzinfo=UTC)
        for source, at in connection.execute(since)
    ]
    return min(moments, default=None)


def _to_collect(day: date) -> ColumnElement[bool]:
    return and_(
        _order.c.pickup_day == day, _order.c.status == "active", _order.c.delivery == false()
    )


def _known_at(moment: datetime) -> ColumnElement[bool]:
    return or_(_order.c.source != "counter", _order.c.placed_at <= moment)


def _left(
    connection: Connection, days: Iterable[date], settings: Settings
) -> dict[tuple[date, str], int]:
    """Return how many orders are still to come by day and slot."""
    counts: dict[tuple[date, str], int] = defaultdict(int)
    for day in sorted(days):
        for row in connection.execute(progress(_to_collect(day))):
            if row.open_lines:
                counts[day, rules.slot_called(row.pickup_slot, settings)] += 1
    return counts


def _with_sender() -> Select[Any]:
    people = schema.person
    return select(_notice, people.c.name.label("done_name")).outerjoin(
        people, people.c.id == _notice.c.done_by
    )


def _sent(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, tuple[datetime, str]]:
    """Return when the text of each list was last sent and by which robot, for those it was."""
    if not rows:
        return {}
    robots = schema.message_channel
    subjects = sorted({subject_of(row.day, row.slot) for row in rows})
    posts = (
        select(_post.c.topic, _post.c.subject, _post.c.at, robots.c.name)
        .outerjoin(robots, robots.c.id == _post.c.channel_id)
        .where(_post.c.subject.in_(subjects))
        .order_by(_post.c.id)
    )
    last = {(post.topic, post.subject): post for post in connection.execute(posts)}
    found = {}
    for row in rows:
        post = last.get((EVENTS[Kind(row.kind)].key, subject_of(row.day, row.slot)))
        if post is not None and post.at >= row.due_at - rules.COUNTS_BEFORE:
            found[row.id] = (post.at, post.name or "")
    return found


def _read(row: Row[Any], sent: tuple[datetime, str] | None) -> Notice:
    body = row.body
    return Notice(
        id=row.id,
        version=row.version,
        day=row.day,
        slot=row.slot,
        name=body["name"],
        hours=body["hours"],
        kind=Kind(row.kind),
        due_at=row.due_at,
        made_at=row.made_at,
        orders=tuple(Called(*one) for one in body["orders"]),
        text=body["text"],
        how=How(row.done_how),
        queued_at=row.queued_at,
        done_at=row.done_at,
        done_by=row.done_name or "",
        posted_at=sent[0] if sent else None,
        robot=sent[1] if sent else "",
    )
