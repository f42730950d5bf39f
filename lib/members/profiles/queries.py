"""Reads of member files. Staff see phone numbers masked; the last four digits always find."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any

import pandas as pd
from sqlalchemy import (
    Column,
    Connection,
    Row,
    Select,
    and_,
    func,
    select,
    tuple_,
)

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.members.profiles.finding.queries import STANDING, rows_found
from lib.members.profiles.register import Register, bare, filled
from lib.members.profiles.rules import (
    Hint,
    Home,
    Known,
    Match,
    Suspect,
    masked,
    resolve,
    why_one,
)
from lib.shop.shop import DESK, Role, Shop

MOST_GROUPS = 60
MOST_IN_GROUP = 12
PART = 400


@dataclass(frozen=True)
class Card:
    """A member in a list. ``phone`` is masked unless the owner looks."""

    id: int
    version: int
    nickname: str
    home: Home
    phone: str | None
    phone_tail: str | None
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class MergeDone:
    """A member that was merged into this one, and can be taken out again."""

    id: int
    nickname: str
    at: datetime
    orders: int


@dataclass(frozen=True)
class Profile:
    """A member's file."""

    card: Card
    note: str
    usual_slot: str | None
    created_at: datetime
    merges: tuple[MergeDone, ...]
    erased_at: datetime | None = None


@dataclass(frozen=True)
class Suggestion:
    """Two members that may be one; ``reason`` is a sentence to translate."""

    first: Card
    second: Card
    reason: str


def find_members(shop: Shop, text: str, limit: int = 20) -> list[Card]:
    """Return members that fit every word of ``text``, best first; the newest for no text (R33).

    A word finds by nickname or another name, pinyin (``xiaoli``, ``xl``, ``xli``), the whole phone
    number or its last four digits and more, a home (``3-201``, ``3栋201``), a building or a room,
    the number called at the desk today, the number of the file (``M17``) or the code of a card.
    """
    shop.require(DESK)
    with shop.read() as connection:
        return _cards(shop, connection, rows_found(connection, text, shop.today, limit))


def member(shop: Shop, member_id: int) -> Profile:
    """Return a member's file; of a merged one the file it became. Raises ``NotFound``."""
    shop.require(DESK)
    members = schema.member
    with shop.read() as connection:
        row = connection.execute(select(members).where(members.c.id == member_id)).first()
        if row is not None and row.merged_into:
            kept = select(members).where(members.c.id == row.merged_into)
            row = connection.execute(kept).first()
        if row is None:
            raise NotFound(N_("This member does not exist."))
        card = _cards(shop, connection, [row])[0]
        merges = _merges(connection, row.id) if row.erased_at is None else ()
    return Profile(card, row.note, row.usual_slot, row.created_at, merges, row.erased_at)


def household(shop: Shop, home: Home) -> list[Card]:
    """Return the members behind one door; nobody for a home without a room."""
    shop.require(DESK)
    if not home.room:
        return []
    members = schema.member
    query = select(members).where(
        STANDING,
        members.c.room == home.room,
        members.c.building == home.building if home.building else members.c.building.is_(None),
    )
    with shop.read() as connection:
        rows = connection.execute(query.order_by(members.c.id).limit(50)).all()
        fitting = [row for row in rows if not _home(row).contradicts(home)]
        return _cards(shop, connection, fitting)


def matches(shop: Shop, hints: Sequence[Hint]) -> list[Match]:
    """Return whom each hint means, in order; a chain of 500 entries takes a few queries."""
    shop.require(DESK)
    with shop.read() as connection:
        known = candidates_of(connection, hints)
    by_name: dict[str, list[Known]] = {}
    by_door: dict[tuple[str | None, str | None], list[Known]] = {}
    by_phone: dict[str, list[Known]] = {}
    for one in known:
        for name in one.names:
            by_name.setdefault(name, []).append(one)
        by_door.setdefault((one.home.building, one.home.room), []).append(one)
        if one.phone:
            by_phone.setdefault(one.phone, []).append(one)
    found = []
    for hint in hints:
        near = [
            *by_name.get(folded(hint.nickname), []),
            *(by_door.get((hint.home.building, hint.home.room), []) if hint.home.room else []),
            *by_phone.get(hint.phone or "", []),
        ]
        found.append(resolve(hint, list({one.id: one for one in near}.values())))
    return found


def foreseen(shop: Shop, asked: Sequence[tuple[Hint, int | None]]) -> list[Known]:
    """Return who would be the member behind each of many orders, booked one after the other.

    As ``commands.members_for`` does it, a member a person chose included, but nothing is written:
    somebody new has a number below zero. What is known of them is as it would be after the last.
    """
    shop.require(DESK)
    hints = [bare(hint) for hint, _chosen in asked]
    chosen = sorted({number for _hint, number in asked if number is not None})
    with shop.read() as connection:
        register = Register(candidates_of(connection, hints))
        named = {one.id: one for one in _known(connection, chosen)}
    found = []
    for hint, (_hint, number) in zip(hints, asked, strict=True):
        if number is None or number not in named:
            found.append(register.settle(hint)[0])
            continue
        known = register.members.get(number, named[number])
        register.put(replace(known, home=filled(known.home, hint.home)), hint.nickname)
        found.append(number)
    return [register.members[number] for number in found]


def merge_suggestions(shop: Shop, limit: int = 50) -> list[Suggestion]:
    """Return pairs that may be one person, for a person to decide; declined pairs stay away.

    Members are compared where they share a name, a former name, a door or the end of the phone
    number; of each kind the newest 60 such groups.
    """
    shop.require(DESK)
    with shop.read() as connection:
        declined = _declined(connection)
        pairs: dict[tuple[int, int], str] = {}
        for first, second, renamed in _near_pairs(connection):
            reason = why_one(_suspect(first), _suspect(second), known_names=renamed)
            if reason and (first.id, second.id) not in declined:
                pairs.setdefault((first.id, second.id), reason)
            if len(pairs) == limit:
                break
        members = schema.member
        ids = sorted({member_id for pair in pairs for member_id in pair})
        rows = connection.execute(select(members).where(members.c.id.in_(ids))).all()
        cards = {card.id: card for card in _cards(shop, connection, rows)}
    return [Suggestion(cards[a], cards[b], reason) for (a, b), reason in pairs.items()]


def member_list(shop: Shop, limit: int = 20_000) -> pd.DataFrame:
    """Return all members for export, newest first; full phone numbers for the owner only."""
    shop.require(DESK)
    members = schema.member
    query = select(members).where(STANDING)
    with shop.read() as connection:
        rows = connection.execute(query.order_by(members.c.id.desc()).limit(limit)).all()
    return pd.DataFrame(
        [
            {
                "id": row.id,
                "nickname": row.nickname,
                "phone": _phone(shop, row.phone),
                "area": row.area,
                "building": row.building,
                "unit": row.unit,
                "room": row.room,
                "usual_slot": row.usual_slot,
                "note": row.note,
                "since": row.created_at,
            }
            for row in rows
        ]
    )


def family_ids(connection: Connection, member_id: int) -> list[int]:
    """Return the ids a member's ledgers stand under: its own and those merged into it."""
    members = schema.member
    query = select(members.c.id).where(members.c.merged_into == member_id)
    return [member_id, *connection.execute(query).scalars()]


def candidates_of(connection: Connection, hints: Sequence[Hint]) -> list[Known]:
    """Return every member that shares a name, a phone or a room with one of ``hints``."""
    members, aliases = schema.member, schema.member_alias
    names = {folded(hint.nickname) for hint in hints} - {""}
    phones = {hint.phone for hint in hints if hint.phone}
    doors = {(hint.home.building, hint.home.room) for hint in hints if hint.home.room}
    bare = {room for building, room in doors if not building}
    standing = STANDING
    ids: set[int] = set()
    for column, wanted in (
        (members.c.folded_nickname, names),
        (members.c.phone, phones),
        (tuple_(members.c.building, members.c.room), {door for door in doors if door[0]}),
    ):
        for part in _parts(sorted(wanted)):
            ids.update(
                connection.execute(select(members.c.id).where(column.in_(part), standing)).scalars()
            )
    for part in _parts(sorted(bare)):
        alone = select(members.c.id).where(members.c.building.is_(None), members.c.room.in_(part))
        ids.update(connection.execute(alone.where(standing)).scalars())
    for part in _parts(sorted(names)):
        named = select(aliases.c.member_id).where(aliases.c.folded_nickname.in_(part))
        ids.update(connection.execute(named).scalars())
    return _known(connection, sorted(ids))


def _known(connection: Connection, ids: Sequence[int]) -> list[Known]:
    members, found = schema.member, []
    for part in _parts(ids):
        names = _other_names(connection, part)
        query = select(members).where(members.c.id.in_(part), STANDING)
        for row in connection.execute(query.order_by(members.c.id)):
            others = {folded(name) for name in names.get(row.id, ())}
            called = frozenset({row.folded_nickname, *others})
            found.append(Known(row.id, called, _home(row), row.phone))
    return found


def _cards(shop: Shop, connection: Connection, rows: Sequence[Row[Any]]) -> list[Card]:
    names: dict[int, tuple[str, ...]] = {}
    for part in _parts([row.id for row in rows]):
        names.update(_other_names(connection, part))
    return [
        Card(
            row.id,
            row.version,
            row.nickname,
            _home(row),
            _phone(shop, row.phone),
            row.phone_tail,
            names.get(row.id, ()),
        )
        for row in rows
    ]


def _other_names(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    aliases = schema.member_alias
    query = select(aliases.c.member_id, aliases.c.nickname).where(aliases.c.member_id.in_(ids))
    found: dict[int, list[str]] = {}
    for row in connection.execute(query.order_by(aliases.c.nickname)):
        found.setdefault(row.member_id, []).append(row.nickname)
    return {member_id: tuple(names) for member_id, names in found.items()}


def _merges(connection: Connection, member_id: int) -> tuple[MergeDone, ...]:
    merges, members = schema.member_merge, schema.member
    query = (
        select(merges.c.id, merges.c.at, merges.c.moved, members.c.nickname)
        .join(members, members.c.id == merges.c.drop_id)
        .where(merges.c.keep_id == member_id, merges.c.undone_at.is_(None))
        .order_by(merges.c.id.desc())
    )
    return tuple(
        MergeDone(row.id, row.nickname, row.at, len(row.moved["orders"]))
        for row in connection.execute(query)
    )


def _declined(connection: Connection) -> set[tuple[int, int]]:
    pairs = schema.not_same_member
    rows = connection.execute(select(pairs.c.first_id, pairs.c.second_id))
    return {(row.first_id, row.second_id) for row in rows}


def _near_pairs(connection: Connection) -> Iterable[tuple[Row[Any], Row[Any], bool]]:
    """Members that come near enough to be compared; True where one bore the other's name."""
    members = schema.member
    for columns in (
        (members.c.phone_tail,),
        (members.c.building, members.c.room),
        (members.c.folded_nickname,),
    ):
        for first, second in _sharing(connection, columns):
            yield first, second, False
    for first, second in _renamed(connection):
        yield first, second, True


def _sharing(
    connection: Connection, columns: tuple[Column[Any], ...]
) -> Iterable[tuple[Row[Any], Row[Any]]]:
    members = schema.member
    standing = STANDING
    known = and_(*(column.is_not(None) for column in columns))
    shared = (
        select(*columns)
        .where(standing, known)
        .group_by(*columns)
        .having(func.count() > 1)
        .order_by(func.max(members.c.id).desc())
        .limit(MOST_GROUPS)
    )
    keys = [tuple(row) for row in connection.execute(shared)]
    groups: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for part in _parts(keys):
        for row in connection.execute(_newest_of(columns, part)):
            key = tuple(row._mapping[column.name] for column in columns)
            groups.setdefault(key, []).append(row)
    for key in keys:
        for second, first in combinations(groups.get(key, []), 2):
            yield first, second


def _newest_of(columns: tuple[Column[Any], ...], keys: Sequence[tuple[Any, ...]]) -> Select[Any]:
    """The newest members of each group: many share a name like 小李, and few of them are read."""
    members = schema.member
    place = func.row_number().over(partition_by=columns, order_by=members.c.id.desc())
    ranked = select(members.c.id.label("member_id"), place.label("place")).where(
        STANDING, tuple_(*columns).in_(keys)
    ).subquery("ranked")  # fmt: skip
    return (
        select(members)
        .join(ranked, ranked.c.member_id == members.c.id)
        .where(ranked.c.place <= MOST_IN_GROUP)
        .order_by(members.c.id.desc())
    )


def _renamed(connection: Connection) -> Iterable[tuple[Row[Any], Row[Any]]]:
    members, aliases = schema.member, schema.member_alias
    bearer = members.alias("bearer")
    pairs = (
        select(aliases.c.member_id, bearer.c.id.label("bearer_id"))
        .join(bearer, bearer.c.folded_nickname == aliases.c.folded_nickname)
        .join(members, members.c.id == aliases.c.member_id)
        .where(
            STANDING,
            bearer.c.merged_into.is_(None),
            bearer.c.erased_at.is_(None),
            bearer.c.id != aliases.c.member_id,
        )
        .order_by(bearer.c.id.desc())
        .limit(MOST_GROUPS)
    )
    found = [sorted(row) for row in connection.execute(pairs)]
    rows: dict[int, Row[Any]] = {}
    for part in _parts(sorted({member_id for pair in found for member_id in pair})):
        for row in connection.execute(select(members).where(members.c.id.in_(part))):
            rows[row.id] = row
    for first, second in found:
        yield rows[first], rows[second]


def _suspect(row: Row[Any]) -> Suspect:
    return Suspect(row.nickname, _home(row), row.phone)


def _home(row: Row[Any]) -> Home:
    return Home(row.area, row.building, row.unit, row.room)


def _phone(shop: Shop, phone: str | None) -> str | None:
    return phone if shop.actor.role in (Role.OWNER, Role.SYSTEM) else masked(phone)


def _parts(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(items), PART):
        yield items[start : start + PART]
