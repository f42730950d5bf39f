"""Reads of needs for delivery. Few rows: those that stand, and what a member's file tells of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from lib.db import schema
from lib.kernel.clock import local_day
from lib.members.profiles.rules import Home
from lib.service.delivery.needs.rules import CONSENT_KEPT, ConsentHow, State, state_of
from lib.shop.shop import DESK, Shop

MOST_NEEDS = 500

_need, _member, _person = schema.delivery_need, schema.member, schema.person


@dataclass(frozen=True)
class Need:
    """One need. ``hint`` is how to hand over; empty after its end.

    ``last_on`` is the day it really stood until, ``by`` who wrote it down.
    """

    id: int
    member_id: int
    name: str
    home: Home
    from_on: date
    until_on: date
    last_on: date
    hint: str
    consent_on: date
    consent_how: ConsentHow
    consent_text: str
    by: str
    state: State
    followed: bool
    version: int


@dataclass(frozen=True)
class Standing:
    """A need that was not ended, as far as it decides about bringing: for whom, when, how."""

    id: int
    member_id: int
    from_on: date
    until_on: date
    hint: str

    def covers(self, member_id: int, day: date) -> bool:
        """Whether it is this member's and stands on ``day``."""
        return self.member_id == member_id and self.from_on <= day <= self.until_on


def needs(shop: Shop) -> list[Need]:
    """Return the needs that stand or come, and those that ran out lately, the first to end first.

    How lately is the setting ``delivery_need_warning_days``: long enough to ask again.
    """
    shop.require(DESK)
    since = shop.today - timedelta(days=shop.settings.delivery_need_warning_days)
    chosen = and_(_need.c.ended_at.is_(None), _need.c.until_on >= since)
    with shop.read() as connection:
        rows = connection.execute(_needs(chosen).limit(MOST_NEEDS)).all()
    found = _read(shop, rows)
    return [one for one in found if one.state is not State.OVER or not one.followed]


def needs_of(shop: Shop, member_id: int) -> list[Need]:
    """Return all that is kept of a member's needs, the newest first; merged files are included."""
    shop.require(DESK)
    mine = or_(_need.c.member_id == member_id, _member.c.merged_into == member_id)
    with shop.read() as connection:
        rows = connection.execute(_needs(mine).limit(50)).all()
    return sorted(_read(shop, rows), key=lambda one: (one.from_on, one.id), reverse=True)


def standing(connection: Connection, first: date, last: date) -> list[Standing]:
    """Return the needs that stand on some day from ``first`` to ``last``, in an open transaction.

    The member is the file that was kept, where files were merged.
    """
    kept = func.coalesce(_member.c.merged_into, _need.c.member_id).label("kept_id")
    query = (
        select(_need.c.id, _need.c.from_on, _need.c.until_on, _need.c.hint, kept)
        .join(_member, _member.c.id == _need.c.member_id)
        .where(_need.c.ended_at.is_(None), _need.c.from_on <= last, _need.c.until_on >= first)
        .order_by(_need.c.id)
        .limit(MOST_NEEDS)
    )
    return [
        Standing(row.id, row.kept_id, row.from_on, row.until_on, row.hint)
        for row in connection.execute(query)
    ]


def need_on(found: Iterable[Standing], member_id: int, day: date) -> Standing | None:
    """Return the need of a member on ``day`` among those ``found``."""
    return next((one for one in found if one.covers(member_id, day)), None)


def ending_soon(connection: Connection, today: date, days: int) -> int:
    """Return how many needs end within ``days`` and are not followed by another one."""
    later = _need.alias("later")
    followed = (
        select(later.c.id)
        .where(
            later.c.member_id == _need.c.member_id,
            later.c.ended_at.is_(None),
            later.c.from_on > _need.c.from_on,
        )
        .exists()
    )
    query = select(func.count()).where(
        _need.c.ended_at.is_(None),
        _need.c.from_on <= today,
        _need.c.until_on.between(today, today + timedelta(days=days)),
        ~followed,
    )
    return int(connection.execute(query).scalar_one())


def to_forget(connection: Connection, today: date) -> bool:
    """Whether a need ran out whose hint still stands, or one is past all keeping."""
    query = select(_need.c.id).where(or_(hint_is_over(today), proof_is_over(today))).limit(1)
    return connection.execute(query).first() is not None


def hint_is_over(today: date) -> ColumnElement[bool]:
    """The condition on needs that ran out before ``today`` and still say how to hand over."""
    return and_(_need.c.until_on < today, _need.c.hint != "")


def proof_is_over(today: date) -> ColumnElement[bool]:
    """The condition on needs whose last day is past the keeping of proof."""
    return _need.c.until_on < today - CONSENT_KEPT


def _needs(condition: ColumnElement[bool]) -> Select[Any]:
    kept = _member.alias("kept")
    owner = func.coalesce(_member.c.merged_into, _member.c.id)
    return (
        select(
            _need,
            kept.c.id.label("kept_id"),
            kept.c.nickname,
            kept.c.area,
            kept.c.building,
            kept.c.unit,
            kept.c.room,
            func.coalesce(_person.c.name, "").label("by"),
        )
        .join(_member, _member.c.id == _need.c.member_id)
        .join(kept, kept.c.id == owner)
        .outerjoin(_person, _person.c.id == _need.c.created_by)
        .where(condition)
        .order_by(_need.c.until_on, _need.c.id)
    )


def _read(shop: Shop, rows: Sequence[Row[Any]]) -> list[Need]:
    return [_one(shop, row, rows) for row in rows]


def _one(shop: Shop, row: Row[Any], rows: Sequence[Row[Any]]) -> Need:
    followed = any(
        other.kept_id == row.kept_id and other.from_on > row.from_on and other.ended_at is None
        for other in rows
    )
    last = row.until_on
    if row.ended_at is not None:
        last = min(last, local_day(row.ended_at, shop.settings.time_zone))
    state = state_of(
        row.from_on,
        row.until_on,
        shop.today,
        shop.settings.delivery_need_warning_days,
        ended=row.ended_at is not None,
        followed=followed,
    )
    over = state in (State.OVER, State.ENDED)
    return Need(
        id=row.id,
        member_id=row.kept_id,
        name=row.nickname,
        home=Home(row.area, row.building, row.unit, row.room),
        from_on=row.from_on,
        until_on=row.until_on,
        last_on=last,
        hint="" if over else row.hint,
        consent_on=row.consent_on,
        consent_how=ConsentHow(row.consent_how),
        consent_text=row.consent_text,
        by=row.by,
        state=state,
        followed=followed,
        version=row.version,
    )
