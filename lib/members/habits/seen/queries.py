"""Who is missed, who is new and who comes regularly, from the rhythm reckoned once a day (R33).

``member_rhythm`` is a short cut: it is as of the day it was reckoned. Whoever was here or ordered
since is missed no more, whatever it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select

from lib.db import schema
from lib.kernel.clock import local_day
from lib.members.consents.queries import agreeing
from lib.members.consents.rules import Purpose
from lib.members.habits.purchases.queries import favourite_names, visits_of
from lib.members.habits.rules import subject_of, visits_a_month, written_since
from lib.members.profiles.joining.commands import LONG_AGO
from lib.members.profiles.rules import Home
from lib.shop.messages.member_events import WIN_BACK
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

MOST_LISTED = 200
MOST_NAMED = 5
HALF_YEAR_DAYS = 184
"""Visits a month are counted over the half-year before the last visit."""

_rhythm, _member = schema.member_rhythm, schema.member
_order, _post = schema.customer_order, schema.group_post


@dataclass(frozen=True)
class Seen:
    """A member with their rhythm as it was reckoned last. ``a_month`` are the visits of a month,
    on average over the half-year before the last one; ``bought`` what they buy most often.

    ``may_write``: they agreed to messages. ``written_on`` is when somebody wrote to win them back
    in the last month, None otherwise.
    """

    member_id: int
    nickname: str
    home: Home
    visits: int
    first_on: date
    last_on: date
    gap_days: int | None
    expected_on: date | None
    a_month: float
    bought: tuple[str, ...]
    may_write: bool
    written_on: date | None


@dataclass(frozen=True)
class Missed(Seen):
    """A member who has stayed away: ``overdue`` days longer than they usually do."""

    overdue: int = 0


@dataclass(frozen=True)
class Newcomer(Seen):
    """A member who was here first lately."""

    @property
    def came_again(self) -> bool:
        """Whether there was a second visit."""
        return self.visits > 1


Regular = Seen
"""A member who comes at their usual pace."""


@dataclass(frozen=True)
class Glance:
    """How many members are missed, new, new without a second visit, and come regularly.

    ``as_of`` is the day it was reckoned, None before the first time.
    """

    missed: int
    newcomers: int
    came_once: int
    regulars: int
    as_of: date | None


@dataclass(frozen=True)
class HabitsDue:
    """For Today: members missed for the first few of whom names are given, newcomers who were
    here once only, and the day all that was reckoned."""

    missed: int
    names: tuple[str, ...]
    came_once: int
    as_of: date | None


def glance(shop: Shop) -> Glance:
    """Return how many members are missed, new and regular."""
    shop.require(DESK)
    with shop.read() as connection:
        return _glance(connection, shop.settings, shop.today)


def missed(shop: Shop, limit: int = MOST_LISTED) -> tuple[Missed, ...]:
    """Return who is missed, those first who came most often: they are missed the most."""
    shop.require(DESK)
    query = _members(is_missed(shop.settings, shop.today)).order_by(
        _rhythm.c.gap_days, _rhythm.c.visits.desc(), _member.c.id
    )
    with shop.read() as connection:
        found = _seen(shop, connection, connection.execute(query.limit(limit)).all())
    return tuple(Missed(**vars(one), overdue=_overdue(one, shop.today)) for one in found)


def newcomers(shop: Shop, limit: int = MOST_LISTED) -> tuple[Newcomer, ...]:
    """Return who was here first within ``new_member_days``, the newest first."""
    shop.require(DESK)
    query = _members(_is_new(shop.settings, shop.today)).order_by(
        _rhythm.c.first_on.desc(), _member.c.id.desc()
    )
    with shop.read() as connection:
        found = _seen(shop, connection, connection.execute(query.limit(limit)).all())
    return tuple(Newcomer(**vars(one)) for one in found)


def regulars(shop: Shop, limit: int = MOST_LISTED) -> tuple[Regular, ...]:
    """Return who comes at their usual pace, the most frequent first."""
    shop.require(DESK)
    query = _members(_is_regular(shop.today)).order_by(
        _rhythm.c.gap_days, _rhythm.c.visits.desc(), _member.c.id
    )
    with shop.read() as connection:
        return tuple(_seen(shop, connection, connection.execute(query.limit(limit)).all()))


def due(shop: Shop) -> HabitsDue:
    """Return what Today says of members who stay away; one or two statements."""
    shop.require(DESK)
    gone = is_missed(shop.settings, shop.today)
    once = and_(_is_new(shop.settings, shop.today), _rhythm.c.visits == 1)
    names = _members(gone).order_by(_rhythm.c.gap_days, _rhythm.c.visits.desc(), _member.c.id)
    as_of = select(func.max(_rhythm.c.reckoned_on)).scalar_subquery()
    with shop.read() as connection:
        counts = connection.execute(
            select(_count(gone).label("gone"), _count(once).label("once"), as_of.label("as_of"))
        ).one()
        rows = connection.execute(names.limit(MOST_NAMED)).all() if counts.gone else ()
    called = tuple(row.nickname for row in rows)
    return HabitsDue(counts.gone, called, counts.once, counts.as_of)


@dataclass(frozen=True)
class WinBack:
    """Whether a member may be written to, and when somebody last wrote within a month."""

    may_write: bool
    written_on: date | None


def win_back_state(shop: Shop, member_id: int) -> WinBack:
    """Return whether a member may be written to, and whether somebody did within a month."""
    shop.require(DESK)
    with shop.read() as connection:
        return WinBack(
            bool(agreeing(connection, Purpose.MESSAGES, [member_id])),
            _written(shop, connection, [member_id]).get(member_id),
        )


def is_missed(settings: Settings, today: date) -> ColumnElement[bool]:
    """Return the condition on ``member_rhythm`` that somebody is missed on ``today``.

    Longer away than the settings wait, not gone for good, and neither here since the rhythm was
    reckoned nor expected with an order.
    """
    known = _rhythm.alias("known")
    newest = select(func.max(known.c.reckoned_on)).where(known.c.reckoned_on > LONG_AGO)
    reckoned = newest.scalar_subquery()
    # Few orders are of today or ahead: they are read once, not once per member.
    back = select(_order.c.member_id).where(
        _order.c.status == "active", _order.c.pickup_day >= reckoned
    )
    return and_(
        _rhythm.c.expected_on < today,
        _rhythm.c.last_on >= today - timedelta(days=settings.missed_until_days),
        _rhythm.c.member_id.not_in(back),
    )


def _is_new(settings: Settings, today: date) -> ColumnElement[bool]:
    return _rhythm.c.first_on >= today - timedelta(days=settings.new_member_days)


def _is_regular(today: date) -> ColumnElement[bool]:
    return _rhythm.c.expected_on >= today


def _glance(connection: Connection, settings: Settings, today: date) -> Glance:
    new = _is_new(settings, today)
    once = and_(new, _rhythm.c.visits == 1)

    row = connection.execute(
        select(
            _count(is_missed(settings, today)).label("missed"),
            _count(new).label("new"),
            _count(once).label("once"),
            _count(_is_regular(today)).label("regular"),
            select(func.max(_rhythm.c.reckoned_on)).scalar_subquery().label("as_of"),
        )
    ).one()
    return Glance(row.missed, row.new, row.once, row.regular, row.as_of)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    standing = _rhythm.join(_member, _member.c.id == _rhythm.c.member_id)
    counted = select(func.count()).select_from(standing).where(condition, *_standing())
    return counted.scalar_subquery()


def _standing() -> tuple[ColumnElement[bool], ...]:
    return (_member.c.merged_into.is_(None), _member.c.erased_at.is_(None))


def _members(condition: ColumnElement[bool]) -> Select[Any]:
    parts = ("nickname", "area", "building", "unit", "room")
    return (
        select(_rhythm, *(_member.c[name] for name in parts))
        .join(_member, _member.c.id == _rhythm.c.member_id)
        .where(condition, *_standing())
    )


def _seen(shop: Shop, connection: Connection, rows: Sequence[Row[Any]]) -> list[Seen]:
    ids = [row.member_id for row in rows]
    if not ids:
        return []
    half_year = shop.today - timedelta(days=shop.settings.missed_until_days + HALF_YEAR_DAYS)
    visits = visits_of(connection, ids, shop.today, half_year)
    bought = favourite_names(connection, ids, half_year)
    agreed = agreeing(connection, Purpose.MESSAGES, ids)
    written = _written(shop, connection, ids)
    return [
        Seen(
            row.member_id,
            row.nickname,
            Home(row.area, row.building, row.unit, row.room),
            row.visits,
            row.first_on,
            row.last_on,
            row.gap_days,
            row.expected_on,
            visits_a_month(visits.get(row.member_id, [])),
            bought.get(row.member_id, ()),
            row.member_id in agreed,
            written.get(row.member_id),
        )
        for row in rows
    ]


def _overdue(one: Seen, today: date) -> int:
    return (today - one.last_on).days - (one.gap_days or 0)


def _written(shop: Shop, connection: Connection, ids: Sequence[int]) -> dict[int, date]:
    """Return when each member, or a file merged into it, was written to in the month of quiet."""
    subjects = {subject_of(member_id): member_id for member_id in ids}
    merged = select(_member.c.id, _member.c.merged_into).where(_member.c.merged_into.in_(ids))
    subjects |= {subject_of(row.id): row.merged_into for row in connection.execute(merged)}
    newest = select(_post.c.subject, func.max(_post.c.at).label("at")).where(
        _post.c.topic == WIN_BACK.key, _post.c.subject.in_(list(subjects))
    )
    first = written_since(shop.today, shop.settings)
    days: dict[int, date] = {}
    for row in connection.execute(newest.group_by(_post.c.subject)):
        day, member_id = local_day(row.at, shop.settings.time_zone), subjects[row.subject]
        if day >= first:
            days[member_id] = max(day, days.get(member_id, day))
    return days
