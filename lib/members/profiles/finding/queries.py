"""Reads that find members by what was typed; conditions for other searches, too."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from lib.db import schema
from lib.db.functions import begins
from lib.members.profiles.finding.rules import Word, read_words
from lib.members.profiles.rules import Home

_member, _alias, _order = schema.member, schema.member_alias, schema.customer_order

_ALONE = _member.c.merged_into.is_(None)
STANDING = and_(_ALONE, _member.c.erased_at.is_(None))
"""Files that are a person's own and name one: not part of another, not made anonymous."""

# "+ 0": nearly all files stand by themselves, so that the index on it is never the way in.
_STANDS = and_((_member.c.merged_into + 0).is_(None), _member.c.erased_at.is_(None))
_KEPT: ColumnElement[Any] = func.coalesce(_member.c.merged_into, _member.c.id)

CANDIDATES = 60
"""Rows of which the best are shown: whoever has an order today goes first among equals."""


def rows_found(connection: Connection, text: str, today: date, limit: int) -> list[Row[Any]]:
    """Return rows of the members that fit every word of ``text``, the likeliest first.

    Exact before beginning before inside; among equals who has an order ``today``, then the
    shortest name, then the newest file. The newest files for no text.
    """
    words = read_words(text)
    if not words:
        newest = select(_member).where(STANDING).order_by(_member.c.id.desc())
        return list(connection.execute(newest.limit(limit)))
    rows = _by_key(connection, words, today)
    if len(rows) < limit and not (words[0].is_narrow or (rows and words[0].is_number)):
        rows += _by_scan(connection, words, today, [row.id for row in rows])
    here = _with_order(connection, [row.id for row in rows], today)
    rows.sort(key=lambda row: (row.rank, row.id not in here, len(row.folded_nickname), -row.id))
    return rows[:limit]


def sounds_like(sounds: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    """Whether a name sounds like letters cut in one of these ways: ``xl``, ``xiaoli``, ``xli``.

    Each piece begins a syllable, one after the other; nobody for no way.
    """
    ways: list[ColumnElement[bool]] = [false()]
    for pieces in sounds:
        firsts = _member.c.initials.contains("".join(piece[0] for piece in pieces), autoescape=True)
        # Pieces are letters and digits: nothing in them is a sign of a pattern.
        spoken = _member.c.pinyin.like(f"%{'%'.join(pieces)}%")
        ways.append(firsts if all(len(piece) == 1 for piece in pieces) else and_(firsts, spoken))
    return or_(*ways)


def ends_with(tail: str) -> ColumnElement[bool]:
    """Whether a phone number ends with ``tail``, four digits or more."""
    short = _member.c.phone_tail == tail[-4:]
    return short if len(tail) == 4 else and_(short, _member.c.phone.like(f"%{tail}"))


def _by_key(connection: Connection, words: Sequence[Word], today: date) -> list[Row[Any]]:
    """Return what an index finds for the first word, of those that fit the others as well."""
    keys = union_all(*_keys(words[0], today)).subquery("keys")
    best = (
        select(keys.c.member_id, func.min(keys.c.rank).label("rank"))
        .group_by(keys.c.member_id)
        .subquery("best")
    )
    query = (
        select(_member, best.c.rank)
        .join(best, best.c.member_id == _member.c.id)
        .where(_STANDS, *(_fits(word, today) for word in words[1:]))
        .order_by(best.c.rank, func.length(_member.c.folded_nickname), _member.c.id.desc())
        .limit(CANDIDATES)
    )
    return list(connection.execute(query))


def _keys(word: Word, today: date) -> list[Select[Any]]:
    """Return statements that find by an index what ``word`` may be, each with its rank."""
    letters, ways = word.letters, _ways(word)
    if not word.is_narrow:
        ways += [
            (2, begins(_member.c.folded_nickname, word.name)),
            (3, begins(_member.c.initials, letters) if letters else None),
            (3, begins(_member.c.pinyin, letters) if letters else None),
        ]
    found = [
        select(_member.c.id.label("member_id"), literal(rank).label("rank")).where(way)
        for rank, way in ways
        if way is not None
    ]
    return [*found, *_marks(word), *_names(word), *_numbers(word, today)]


def _ways(word: Word) -> list[tuple[int, ColumnElement[bool] | None]]:
    """What ``word`` may be as a whole, each with its rank; None where it cannot be that."""
    own, letters = _member.c.folded_nickname, word.letters
    return [
        (0, and_(_member.c.phone == word.phone, _ALONE) if word.phone else None),
        (0, ends_with(word.tail) if word.tail else None),
        (0, _lives_at(word.home) if word.home else None),
        (0, own == word.name if word.name else None),
        (1, _member.c.room == word.room if word.room else None),
        (1, or_(_member.c.initials == letters, _member.c.pinyin == letters) if letters else None),
        (2, _member.c.building == word.building if word.building else None),
    ]


def _marks(word: Word) -> list[Select[Any]]:
    """Whose card or file it is, of a merged one who it became."""
    mark = _marked(word)
    return (
        []
        if mark is None
        else [select(_KEPT.label("member_id"), literal(0).label("rank")).where(mark)]
    )


def _marked(word: Word) -> ColumnElement[bool] | None:
    marks = [
        *([_member.c.card_code == word.card] if word.card else []),
        *([_member.c.id == word.member_id] if word.member_id else []),
    ]
    return or_(*marks) if marks else None


def _names(word: Word) -> list[Select[Any]]:
    if not word.name:
        return []
    former = _alias.c.folded_nickname
    rank = case((former == word.name, 1), else_=3)
    called = former == word.name if word.is_narrow else begins(former, word.name)
    return [select(_alias.c.member_id, rank.label("rank")).where(called)]


def _numbers(word: Word, today: date) -> list[Select[Any]]:
    """Whose order is called by that number at the desk today."""
    if word.number is None:
        return []
    return [select(_order.c.member_id, literal(0).label("rank")).where(_called(word.number, today))]


def _by_scan(
    connection: Connection, words: Sequence[Word], today: date, known: Sequence[int]
) -> list[Row[Any]]:
    """Return who fits all words anywhere inside, without those known already."""
    query = (
        select(_member, literal(4).label("rank"))
        .where(*(_fits(word, today) for word in words), _STANDS)
        .order_by(func.length(_member.c.folded_nickname), _member.c.id.desc())
        .limit(CANDIDATES)
    )
    if known:
        query = query.where(_member.c.id.not_in(known))
    return list(connection.execute(query))


def _fits(word: Word, today: date) -> ColumnElement[bool]:
    """Whether a member may be meant by ``word``; names that contain it included."""
    own, former = _member.c.folded_nickname, _alias.c.folded_nickname
    ways = [way for _rank, way in _ways(word) if way is not None]
    if word.name and not word.is_narrow:
        inside = select(_alias.c.member_id).where(former.contains(word.name, autoescape=True))
        ways += [own.contains(word.name, autoescape=True), _member.c.id.in_(inside)]
        ways.append(sounds_like(word.sounds))
    elif word.name:
        ways.append(_member.c.id.in_(select(_alias.c.member_id).where(former == word.name)))
    if (mark := _marked(word)) is not None:
        ways.append(_member.c.id.in_(select(_KEPT).where(mark)))
    if word.number is not None:
        ways.append(_member.c.id.in_(select(_order.c.member_id).where(_called(word.number, today))))
    return or_(false(), *ways)


def _called(number: int, today: date) -> ColumnElement[bool]:
    active = _order.c.status == "active"
    return and_(_order.c.pickup_day == today, _order.c.number == number, active)


def _lives_at(home: Home) -> ColumnElement[bool]:
    """Whether somebody lives there; an entrance the file does not name speaks against nothing."""
    same = and_(_member.c.building == home.building, _member.c.room == home.room)
    unit = _member.c.unit
    return and_(same, or_(unit == home.unit, unit.is_(None))) if home.unit else same


def _with_order(connection: Connection, ids: Sequence[int], today: date) -> frozenset[int]:
    theirs = and_(_order.c.pickup_day == today, _order.c.member_id.in_(ids))
    coming = select(_order.c.member_id).where(theirs, _order.c.status == "active")
    return frozenset(connection.execute(coming).scalars()) if ids else frozenset()
