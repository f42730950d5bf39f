"""Reads of member files. Staff see phone numbers masked; the last four digits always find."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    case,
    false,
    func,
    or_,
    select,
)

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.text import clean, folded
from lib.kernel.words import N_
from lib.members.profiles.rules import (
    Hint,
    Home,
    Known,
    Match,
    Suspect,
    masked,
    read_home,
    resolve,
    why_one,
)
from lib.shop.shop import DESK, Role, Shop

MOST_WORDS = 4
LONGEST_SEARCH = 60
MOST_PAIRS = 500
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


@dataclass(frozen=True)
class Suggestion:
    """Two members that may be one; ``reason`` is a sentence to translate."""

    first: Card
    second: Card
    reason: str


def find_members(shop: Shop, text: str, limit: int = 20) -> list[Card]:
    """Return members that fit every word of ``text``, best first; the newest for no text.

    A word finds by nickname or another name (contained), pinyin or its initials, the whole phone
    number or its last four digits, a home (``3-201``, ``3栋201``), a building or a room.
    """
    shop.require(DESK)
    members = schema.member
    words = clean(text, LONGEST_SEARCH).split()[:MOST_WORDS]
    query = select(members).where(members.c.merged_into.is_(None))
    for word in words:
        query = query.where(_fits(word))
    rank = [_rank(words[0]), func.length(members.c.folded_nickname)] if words else []
    with shop.read() as connection:
        rows = connection.execute(query.order_by(*rank, members.c.id.desc()).limit(limit)).all()
        return _cards(shop, connection, rows)


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
        merges = _merges(connection, row.id)
    return Profile(card, row.note, row.usual_slot, row.created_at, merges)


def household(shop: Shop, home: Home) -> list[Card]:
    """Return the members behind one door; nobody for a home without a room."""
    shop.require(DESK)
    if not home.room:
        return []
    members = schema.member
    query = select(members).where(
        members.c.merged_into.is_(None),
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


def merge_suggestions(shop: Shop, limit: int = 50) -> list[Suggestion]:
    """Return pairs that may be one person, for a person to decide; declined pairs stay away."""
    shop.require(DESK)
    one, other = schema.member.alias("one"), schema.member.alias("other")
    with shop.read() as connection:
        pairs: dict[tuple[int, int], str] = {}
        for condition, known_names in _near(one, other):
            for first, second in _pairs(connection, one, other, condition):
                reason = why_one(_suspect(first), _suspect(second), known_names=known_names)
                if reason:
                    pairs.setdefault((first["id"], second["id"]), reason)
        chosen = dict(list(pairs.items())[:limit])
        members = schema.member
        ids = sorted({member_id for pair in chosen for member_id in pair})
        rows = connection.execute(select(members).where(members.c.id.in_(ids))).all()
        cards = {card.id: card for card in _cards(shop, connection, rows)}
    return [Suggestion(cards[a], cards[b], reason) for (a, b), reason in chosen.items()]


def member_list(shop: Shop, limit: int = 20_000) -> pd.DataFrame:
    """Return all members for export, newest first; full phone numbers for the owner only."""
    shop.require(DESK)
    members = schema.member
    query = select(members).where(members.c.merged_into.is_(None))
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
    rooms = {hint.home.room for hint in hints if hint.home.room}
    ids: set[int] = set()
    for column, wanted in (
        (members.c.folded_nickname, names),
        (members.c.phone, phones),
        (members.c.room, rooms),
    ):
        for part in _parts(sorted(wanted)):
            found = select(members.c.id).where(column.in_(part), members.c.merged_into.is_(None))
            ids.update(connection.execute(found).scalars())
    for part in _parts(sorted(names)):
        named = select(aliases.c.member_id).where(aliases.c.folded_nickname.in_(part))
        ids.update(connection.execute(named).scalars())
    return _known(connection, sorted(ids))


def _known(connection: Connection, ids: Sequence[int]) -> list[Known]:
    members, found = schema.member, []
    for part in _parts(ids):
        names = _other_names(connection, part)
        query = select(members).where(members.c.id.in_(part), members.c.merged_into.is_(None))
        for row in connection.execute(query.order_by(members.c.id)):
            others = {folded(name) for name in names.get(row.id, ())}
            called = frozenset({row.folded_nickname, *others})
            found.append(Known(row.id, called, _home(row), row.phone))
    return found


def _fits(word: str) -> ColumnElement[bool]:
    members, aliases = schema.member, schema.member_alias
    name = folded(word)
    if not name:
        return false()
    called = select(aliases.c.member_id).where(
        aliases.c.folded_nickname.contains(name, autoescape=True)
    )
    ways = [members.c.folded_nickname.contains(name, autoescape=True), members.c.id.in_(called)]
    if name.isascii() and name.isalnum():
        ways += [
            members.c.initials.contains(name, autoescape=True),
            members.c.pinyin.contains(name, autoescape=True),
        ]
    if name.isdecimal():
        ways += _numbers(name)
    home = read_home(word)
    if home:
        ways.append(_lives_at(home))
    return or_(*ways)


def _numbers(digits: str) -> list[ColumnElement[bool]]:
    members = schema.member
    ways = [members.c.room == digits]
    if len(digits) <= 3:
        ways.append(members.c.building == digits)
    elif len(digits) == 4:
        ways.append(members.c.phone_tail == digits)
    elif len(digits) >= 11:
        ways.append(members.c.phone == digits[-11:])
    return ways


def _lives_at(home: Home) -> ColumnElement[bool]:
    members = schema.member
    same = and_(members.c.building == home.building, members.c.room == home.room)
    return and_(same, members.c.unit == home.unit) if home.unit else same


def _rank(word: str) -> ColumnElement[int]:
    members, name = schema.member, folded(word)
    home = read_home(word)
    return case(
        (members.c.folded_nickname == name, 0),
        (_lives_at(home) if home else members.c.phone_tail == name, 0),
        (members.c.initials == name, 1),
        (members.c.folded_nickname.startswith(name, autoescape=True), 2),
        (members.c.initials.startswith(name, autoescape=True), 3),
        (members.c.pinyin.startswith(name, autoescape=True), 3),
        else_=4,
    )


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


def _near(one: FromClause, other: FromClause) -> list[tuple[ColumnElement[bool], bool]]:
    """The ways two members come near enough to be compared; True where a known name says so."""
    aliases = schema.member_alias
    renamed = select(aliases.c.member_id).where(
        aliases.c.member_id == one.c.id, aliases.c.folded_nickname == other.c.folded_nickname
    )
    return [
        (and_(one.c.phone_tail == other.c.phone_tail, one.c.id < other.c.id), False),
        (
            and_(
                one.c.building == other.c.building,
                one.c.room == other.c.room,
                one.c.id < other.c.id,
            ),
            False,
        ),
        (and_(one.c.folded_nickname == other.c.folded_nickname, one.c.id < other.c.id), False),
        (and_(one.c.id != other.c.id, renamed.exists()), True),
    ]


def _pairs(
    connection: Connection, one: FromClause, other: FromClause, condition: ColumnElement[bool]
) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    declined = schema.not_same_member
    pair, turned = (one.c.id, other.c.id), (other.c.id, one.c.id)
    refused = select(declined.c.first_id).where(
        or_(
            *(
                and_(declined.c.first_id == first, declined.c.second_id == second)
                for first, second in (pair, turned)
            )
        )
    )
    fields = ("id", "nickname", "area", "building", "unit", "room", "phone")
    columns = [
        table.c[name].label(f"{side}_{name}")
        for side, table in (("a", one), ("b", other))
        for name in fields
    ]
    query: Select[Any] = (
        select(*columns)
        .select_from(one.join(other, condition))
        .where(one.c.merged_into.is_(None), other.c.merged_into.is_(None), ~refused.exists())
        .order_by(one.c.id.desc())
        .limit(MOST_PAIRS)
    )
    for row in connection.execute(query).mappings():
        sides = [{name: row[f"{side}_{name}"] for name in fields} for side in "ab"]
        first, second = sorted(sides, key=lambda side: side["id"])
        yield first, second


def _suspect(row: dict[str, Any]) -> Suspect:
    home = Home(row["area"], row["building"], row["unit"], row["room"])
    return Suspect(row["nickname"], home, row["phone"])


def _home(row: Row[Any]) -> Home:
    return Home(row.area, row.building, row.unit, row.room)


def _phone(shop: Shop, phone: str | None) -> str | None:
    return phone if shop.actor.role in (Role.OWNER, Role.SYSTEM) else masked(phone)


def _parts(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(items), PART):
        yield items[start : start + PART]
