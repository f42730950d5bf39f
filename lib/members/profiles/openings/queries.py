"""Reads of who looked into which file."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from lib.db import schema
from lib.members.profiles.openings.rules import What
from lib.members.profiles.queries import family_ids
from lib.shop.shop import DESK, OWNER_ONLY, Shop

MOST_OF_MEMBER = 50
MOST_RECENT = 200

_opening, _member, _person = schema.member_opening, schema.member, schema.person


@dataclass(frozen=True)
class Opening:
    """One person looked at one file on one day, so many times, the last time at ``last_at``."""

    member_id: int
    nickname: str
    person: str
    day: date
    what: What
    times: int
    last_at: datetime


def openings_of(shop: Shop, member_id: int) -> tuple[Opening, ...]:
    """Return who looked into a member's file, the newest first; merged files are included."""
    shop.require(DESK)
    with shop.read() as connection:
        mine = _opening.c.member_id.in_(family_ids(connection, member_id))
        rows = connection.execute(_openings().where(mine).limit(MOST_OF_MEMBER)).all()
    return tuple(map(_read, rows))


def recent_openings(shop: Shop) -> tuple[Opening, ...]:
    """Return the newest looks into any file; for the owner."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return tuple(map(_read, connection.execute(_openings().limit(MOST_RECENT)).all()))


def _openings() -> Select[Any]:
    kept = _member.alias("kept")
    return (
        select(_opening, kept.c.id.label("kept_id"), kept.c.nickname, _person.c.name)
        .join(_member, _member.c.id == _opening.c.member_id)
        .join(kept, kept.c.id == func.coalesce(_member.c.merged_into, _member.c.id))
        .join(_person, _person.c.id == _opening.c.person_id)
        .order_by(_opening.c.day.desc(), _opening.c.id.desc())
    )


def _read(row: Any) -> Opening:
    return Opening(
        row.kept_id, row.nickname, row.name, row.day, What(row.what), row.times, row.last_at
    )
