"""What a clean-up would do, whether one is due, and what the last ones did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.members.clean_up.past.queries import TABLES, gone, held, past
from lib.members.clean_up.rules import MOST_MEMBERS, Borders, Kind, borders, month_of
from lib.members.profiles.rules import Home
from lib.shop.shop import OWNER_ONLY, Shop
from lib.trade.payments.queries import money_in

MOST_COUNTED = 2000
MOST_DUE = 100
"""Today need not know how many more there are."""
MOST_DONE = 24

_member, _order, _done = schema.member, schema.customer_order, schema.clean_up


@dataclass(frozen=True)
class Leaving:
    """A member whose file is made anonymous: who, the day of the last pickup, what is unpaid."""

    member_id: int
    nickname: str
    home: Home
    last_on: date | None
    due: Money


@dataclass(frozen=True)
class CleanUp:
    """What a clean-up of ``month`` would do now.

    ``counts`` go up to 2000 of a kind; ``members`` are the files made anonymous by the next touch.
    ``held_back`` members have not come either, but the shop is not finished with them.
    """

    month: date
    limit: Borders
    counts: Mapping[Kind, int]
    members: tuple[Leaving, ...]
    held_back: int

    @property
    def total(self) -> int:
        """How many rows in all; 0 when there is nothing to do."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class CleanUpDue:
    """The clean-up of this month for Today: how many files and other rows wait.

    Of each kind no more than 100 are counted.
    """

    month: date
    members: int
    others: int

    @property
    def total(self) -> int:
        """How many rows wait in all."""
        return self.members + self.others


@dataclass(frozen=True)
class Done:
    """A clean-up that was done: what went, in numbers."""

    id: int
    month: date
    counts: Mapping[Kind, int]
    at: datetime
    by: str


def preview(shop: Shop) -> CleanUp:
    """Return what a clean-up would do now; for the owner."""
    shop.require(OWNER_ONLY)
    limit = borders(shop.settings, shop.today)
    with shop.read() as connection:
        counts = {kind: _count(connection, kind, limit) for kind in Kind}
        members = _leaving(connection, limit)
        waiting = select(_member.c.id).where(gone(limit), held(limit)).limit(MOST_COUNTED)
        held_back = _size(connection, waiting)
    return CleanUp(month_of(shop.today), limit, counts, members, held_back)


def due(shop: Shop) -> CleanUpDue | None:
    """Return what this month's clean-up waits for; None once it was done, or with nothing to do."""
    shop.require(OWNER_ONLY)
    month = month_of(shop.today)
    with shop.read() as connection:
        done = select(_done.c.id).where(_done.c.month == month).limit(1)
        if connection.execute(done).first() is not None:
            return None
        limit = borders(shop.settings, shop.today)
        counts = {kind: _count(connection, kind, limit, MOST_DUE) for kind in Kind}
    members = counts.pop(Kind.MEMBERS)
    found = CleanUpDue(month, members, sum(counts.values()))
    return found if found.total else None


def newest_done(shop: Shop) -> int:
    """Return the number of the clean-up done last, 0 before the first; for the owner."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return int(connection.execute(select(func.coalesce(func.max(_done.c.id), 0))).scalar_one())


def done_before(shop: Shop) -> tuple[Done, ...]:
    """Return the last clean-ups, the newest first; for the owner."""
    shop.require(OWNER_ONLY)
    people = schema.person
    query = (
        select(_done, func.coalesce(people.c.name, "").label("by"))
        .outerjoin(people, people.c.id == _done.c.person_id)
        .order_by(_done.c.id.desc())
        .limit(MOST_DONE)
    )
    with shop.read() as connection:
        return tuple(
            Done(
                row.id,
                row.month,
                {Kind(kind): count for kind, count in row.counts.items() if count},
                row.at,
                row.by,
            )
            for row in connection.execute(query)
        )


def leaving_ids(connection: Connection, limit: Borders) -> list[int]:
    """Return the members whose files the next clean-up makes anonymous, the oldest first."""
    query = select(_member.c.id).where(past(Kind.MEMBERS, limit))
    ordered = query.order_by(_member.c.id).limit(MOST_MEMBERS)
    return [int(member_id) for member_id in connection.execute(ordered).scalars()]


def _count(connection: Connection, kind: Kind, limit: Borders, most: int = MOST_COUNTED) -> int:
    key = next(iter(TABLES[kind].primary_key))
    return _size(connection, select(key).where(past(kind, limit)).limit(most))


def _size(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def _leaving(connection: Connection, limit: Borders) -> tuple[Leaving, ...]:
    ids = leaving_ids(connection, limit)
    last = (
        select(func.max(_order.c.pickup_day))
        .where(_order.c.member_id == _member.c.id)
        .correlate(_member)
        .scalar_subquery()
    )
    query = select(
        _member.c.id,
        _member.c.nickname,
        _member.c.area,
        _member.c.building,
        _member.c.unit,
        _member.c.room,
        last.label("last_on"),
    ).where(_member.c.id.in_(ids))
    due = _due(connection, ids)
    return tuple(
        Leaving(
            row.id,
            row.nickname,
            Home(row.area, row.building, row.unit, row.room),
            row.last_on,
            due.get(row.id, Money(0)),
        )
        for row in connection.execute(query.order_by(_member.c.id))
    )


def _due(connection: Connection, member_ids: list[int]) -> dict[int, Money]:
    """Return what is still to be paid for the orders of ``member_ids``."""
    query = select(_order.c.id, _order.c.member_id).where(_order.c.member_id.in_(member_ids))
    owner = {row.id: row.member_id for row in connection.execute(query)}
    found: dict[int, Money] = {}
    for order_id, money in money_in(connection, list(owner)).items():
        found[owner[order_id]] = found.get(owner[order_id], Money(0)) + money.due
    return found
