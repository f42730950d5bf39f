"""Reads of birthdays: a member's own, and whose are kept on the days of a window (R34).

Nobody is found whose consent does not stand, whatever rows there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select

from lib.db import schema
from lib.members.birthdays.rules import Birthday, Calendar, Fit, Leap, fits_between
from lib.members.consents.queries import agreeing, agrees
from lib.members.consents.rules import Purpose
from lib.members.profiles.queries import family_ids
from lib.members.profiles.rules import Home
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

MOST_UPCOMING = 20_000
"""Rows read of a window: a whole month of a shop of 20,000 members is less than 2,000."""

_birthday, _member = schema.birthday, schema.member
# Made once: an alias of a table costs more than the look-up it stands in.
_own, _theirs = _member.alias("own"), _member.alias("theirs")
_roots, _other = _birthday.alias("roots"), _birthday.alias("other")


@dataclass(frozen=True)
class Kept:
    """A birthday as it stands in the books; ``version`` counts its changes."""

    birthday: Birthday
    version: int


@dataclass(frozen=True)
class Upcoming:
    """A birthday in a window: whose, and the ``day`` it is kept.

    ``year`` counts it in its own calendar: with the member the key of the gift.
    """

    member_id: int
    name: str
    home: Home
    day: date
    year: int
    birthday: Birthday


def birthday_of(shop: Shop, member_id: int) -> Kept | None:
    """Return a member's birthday; None when none is kept, or no consent stands."""
    shop.require(DESK)
    with shop.read() as connection:
        return birthday_in(connection, member_id)


def birthday_in(connection: Connection, member_id: int) -> Kept | None:
    """Return a member's birthday in an open transaction; see :func:`birthday_of`.

    Of merged files the one of the file that was kept counts, else that of the newest other one.
    """
    if not agreeing(connection, Purpose.BIRTHDAY, [member_id]):
        return None
    row = family_row(connection, family_ids(connection, member_id))
    return None if row is None else Kept(_read(row), row.version)


def family_row(connection: Connection, family: Sequence[int]) -> Row[Any] | None:
    """Return the row that counts for a family of files, whose first is the one that was kept."""
    query = (
        select(_birthday)
        .where(_birthday.c.member_id.in_(family))
        .order_by((_birthday.c.member_id == family[0]).desc(), _birthday.c.member_id.desc())
        .limit(1)
    )
    return connection.execute(query).first()


def birthdays_between(shop: Shop, first: date, last: date) -> tuple[Upcoming, ...]:
    """Return whose birthday is kept in a window; see :func:`upcoming`."""
    shop.require(DESK)
    with shop.read() as connection:
        return upcoming(connection, first, last, shop.settings)


def upcoming(
    connection: Connection, first: date, last: date, settings: Settings
) -> tuple[Upcoming, ...]:
    """Return whose birthday is kept from ``first`` to ``last``, both included, by day and name.

    Looked up by calendar, month and day through the index: no date is converted per member. A
    merged member is the file that was kept.
    """
    by_day: dict[tuple[str, int, int], list[Fit]] = defaultdict(list)
    for fit in fits_between(first, last, settings):
        by_day[fit.calendar.value, fit.month, fit.day].append(fit)
    if not by_day:
        return ()
    rows = connection.execute(_candidates(by_day)).all()
    found = [
        _upcoming(row, fit)
        for row in rows
        for fit in by_day[row.calendar, row.month, row.day]
        if fit.holds(row.leap, row.leap_too)
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.name, one.member_id)))


def _candidates(keys: Iterable[tuple[str, int, int]]) -> Any:
    root = func.coalesce(_own.c.merged_into, _own.c.id)
    return (
        select(
            _birthday,
            _member.c.id.label("root_id"),
            _member.c.nickname,
            _member.c.area,
            _member.c.building,
            _member.c.unit,
            _member.c.room,
        )
        .join(_own, _own.c.id == _birthday.c.member_id)
        .join(_member, _member.c.id == root)
        .where(
            _on_days(keys),
            _member.c.erased_at.is_(None),
            or_(_own.c.merged_into.is_(None), ~_better()),
            agrees(Purpose.BIRTHDAY),
        )
        .limit(MOST_UPCOMING)
    )


def _on_days(keys: Iterable[tuple[str, int, int]]) -> ColumnElement[bool]:
    days: dict[tuple[str, int], list[int]] = defaultdict(list)
    for calendar, month, day in keys:
        days[calendar, month].append(day)
    return or_(
        *(
            and_(
                _birthday.c.calendar == calendar,
                _birthday.c.month == month,
                _birthday.c.day.in_(sorted(numbers)),
            )
            for (calendar, month), numbers in sorted(days.items())
        )
    )


def _better() -> ColumnElement[bool]:
    """Whether another file of the family has a birthday that counts instead of this one."""
    kept = select(_roots.c.member_id).where(_roots.c.member_id == _member.c.id)
    newer = (
        select(_other.c.member_id)
        .join(_theirs, _theirs.c.id == _other.c.member_id)
        .where(_theirs.c.merged_into == _member.c.id, _other.c.member_id > _birthday.c.member_id)
    )
    return or_(exists(kept.correlate(_member)), exists(newer.correlate(_birthday, _member)))


def _upcoming(row: Row[Any], fit: Fit) -> Upcoming:
    home = Home(row.area, row.building, row.unit, row.room)
    return Upcoming(row.root_id, row.nickname, home, fit.on, fit.year, _read(row))


def _read(row: Row[Any]) -> Birthday:
    return Birthday(
        Calendar(row.calendar),
        row.month,
        row.day,
        Leap(row.leap),
        row.leap_too,
        row.year,
        row.said_as,
    )
