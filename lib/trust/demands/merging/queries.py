"""Which wishes may be the same, and what was merged. Every list is bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from lib.db import schema
from lib.shop.shop import DESK, Shop
from lib.trust.demands.merging import likeness
from lib.trust.demands.merging.commands import MERGEABLE
from lib.trust.demands.rules import Status, folded_title, leaves_after

MOST_COMPARED = 500
"""Open wishes that are compared with each other, the newest first."""
MOST_PAIRS = 20
MOST_NAMES = 8
MOST_NEAR = 5
MOST_MERGES = 30
MOST_APART = 50

_demand, _wish, _merge, _apart = (
    schema.demand,
    schema.demand_wish,
    schema.demand_merge,
    schema.not_same_demand,
)


@dataclass(frozen=True)
class Side:
    """One of two wishes: ``people`` counts who asked, ``names`` are the first of them."""

    id: int
    version: int
    title: str
    note: str
    status: Status
    first_asked_at: datetime
    people: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two wishes that may be the same: ``keep`` is proposed to stay."""

    keep: Side
    drop: Side
    percent: int


@dataclass(frozen=True)
class Suggestions:
    """Pairs to decide, the most alike first; ``more`` were left out."""

    pairs: tuple[Pair, ...]
    more: int


@dataclass(frozen=True)
class Merge:
    """A merge that stands: ``dropped`` went into ``kept``; ``both`` had wished both."""

    id: int
    keep_id: int
    kept: str
    dropped: str
    at: datetime
    by: str
    moved: int
    both: int


@dataclass(frozen=True)
class Apart:
    """Two wishes somebody said are not the same."""

    first_id: int
    first: str
    second_id: int
    second: str
    at: datetime


@dataclass(frozen=True)
class Near:
    """A wish that stands and is ``percent`` like a title."""

    id: int
    title: str
    status: Status
    people: int
    percent: int


def suggestions(shop: Shop) -> Suggestions:
    """Return the pairs of open wishes that may be the same, by the setting ``similar_percent``."""
    shop.require(DESK)
    with shop.read() as connection:
        rows = {row.id: row for row in connection.execute(_open())}
        apart = connection.execute(
            select(_apart.c.first_id, _apart.c.second_id).where(_apart.c.first_id.in_(list(rows)))
        )
        found = likeness.pairs(
            {key: row.title for key, row in rows.items()},
            shop.settings.similar_percent,
            [(row.first_id, row.second_id) for row in apart],
        )
        shown = found[:MOST_PAIRS]
        ids = {place for pair in shown for place in (pair.first, pair.second)}
        sides = _sides(connection, [rows[place] for place in ids])
    pairs = tuple(_pair(sides[pair.first], sides[pair.second], pair.percent) for pair in shown)
    return Suggestions(pairs, len(found) - len(shown))


def mergeable(shop: Shop) -> tuple[Side, ...]:
    """Return the open wishes, for merging two that nobody suggested; by title."""
    shop.require(DESK)
    with shop.read() as connection:
        sides = _sides(connection, connection.execute(_open()).all())
    return tuple(sorted(sides.values(), key=lambda side: (side.title, side.id)))


def merges(shop: Shop) -> tuple[Merge, ...]:
    """Return the last merges that stand, newest first."""
    shop.require(DESK)
    kept, dropped, people = _demand.alias("kept"), _demand.alias("dropped"), schema.person
    query = (
        select(
            _merge, kept.c.title.label("kept"), dropped.c.title.label("dropped"),
            people.c.name.label("by"),
        )
        .join(kept, kept.c.id == _merge.c.keep_id)
        .join(dropped, dropped.c.id == _merge.c.drop_id)
        .outerjoin(people, people.c.id == _merge.c.person_id)
        .where(_merge.c.undone_at.is_(None))
        .order_by(_merge.c.id.desc())
        .limit(MOST_MERGES)
    )  # fmt: skip
    with shop.read() as connection:
        return tuple(
            Merge(
                row.id,
                row.keep_id,
                row.kept,
                row.dropped,
                row.at,
                row.by or "",
                len(row.moved["wishes"]),
                row.moved["both"],
            )
            for row in connection.execute(query)
        )


def kept_apart(shop: Shop) -> tuple[Apart, ...]:
    """Return the last pairs that somebody said are not the same, newest first."""
    shop.require(DESK)
    one, two = _demand.alias("one"), _demand.alias("two")
    query = (
        select(_apart, one.c.title.label("first"), two.c.title.label("second"))
        .join(one, one.c.id == _apart.c.first_id)
        .join(two, two.c.id == _apart.c.second_id)
        .where(one.c.merged_into.is_(None), two.c.merged_into.is_(None))
        .order_by(_apart.c.at.desc(), _apart.c.first_id)
        .limit(MOST_APART)
    )
    with shop.read() as connection:
        return tuple(
            Apart(row.first_id, row.first, row.second_id, row.second, row.at)
            for row in connection.execute(query)
        )


def near(shop: Shop, titles: Sequence[str]) -> dict[str, tuple[Near, ...]]:
    """Return per title the wishes that stand (open, waiting, or answered lately) and are like it.

    The most alike first, at most :data:`MOST_NEAR` each. A title that was merged before is as
    like as can be to what it was merged into.
    """
    shop.require(DESK)
    since = leaves_after(shop.clock.now(), shop.settings.demand_bought_days)
    stands = or_(_demand.c.status.in_(MERGEABLE), _demand.c.status_at > since)
    with shop.read() as connection:
        rows = {row.id: row for row in connection.execute(_newest().where(stands))}
        ready = likeness.Titles({key: row.title for key, row in rows.items()})
        found = {
            title: ready.like(title, shop.settings.similar_percent)[:MOST_NEAR]
            for title in dict.fromkeys(titles)
            if title.strip()
        }
        for title, place in _merged_before(connection, list(found)).items():
            if place in rows and all(percent < likeness.SAME for _place, percent in found[title]):
                others = [pair for pair in found[title] if pair[0] != place]
                found[title] = [(place, likeness.SAME), *others][:MOST_NEAR]
        people = _people(connection, [place for pairs in found.values() for place, _p in pairs])
    return {
        title: tuple(
            Near(
                place, rows[place].title, Status(rows[place].status), people.get(place, 0), percent
            )
            for place, percent in pairs
        )
        for title, pairs in found.items()
    }


def _merged_before(connection: Connection, titles: Sequence[str]) -> dict[str, int]:
    """Return per title that a merged wish bears the wish that it has become part of."""
    by_fold: dict[str, list[str]] = {}
    for title in titles:
        by_fold.setdefault(folded_title(title), []).append(title)
    query = (
        select(_demand.c.folded_title, _merge.c.keep_id)
        .join(_merge, _merge.c.drop_id == _demand.c.id)
        .where(_merge.c.undone_at.is_(None), _demand.c.folded_title.in_(list(by_fold)))
        .order_by(_merge.c.id)
    )
    became = {row.folded_title: row.keep_id for row in connection.execute(query)}
    onward = select(_merge.c.drop_id, _merge.c.keep_id).where(_merge.c.undone_at.is_(None))
    current = set(became.values())
    while current:
        step = {
            row.drop_id: row.keep_id
            for row in connection.execute(onward.where(_merge.c.drop_id.in_(list(current))))
        }
        became = {fold: step.get(place, place) for fold, place in became.items()}
        current = set(step.values())
    return {title: place for fold, place in became.items() for title in by_fold[fold]}


def _newest() -> Select[Any]:
    return (
        select(_demand)
        .where(_demand.c.merged_into.is_(None))
        .order_by(_demand.c.first_asked_at.desc(), _demand.c.id.desc())
        .limit(MOST_COMPARED)
    )


def _open() -> Select[Any]:
    return _newest().where(_demand.c.status.in_(MERGEABLE))


def _sides(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, Side]:
    ids = [row.id for row in rows]
    people, names = _people(connection, ids), _names(connection, ids)
    return {
        row.id: Side(
            row.id,
            row.version,
            row.title,
            row.note,
            Status(row.status),
            row.first_asked_at,
            people.get(row.id, 0),
            tuple(names.get(row.id, ())),
        )
        for row in rows
    }


def _people(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    query = select(_wish.c.demand_id, func.count()).where(_wish.c.demand_id.in_(ids))
    return {row[0]: row[1] for row in connection.execute(query.group_by(_wish.c.demand_id))}


def _names(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    number = func.row_number().over(
        partition_by=_wish.c.demand_id, order_by=(_wish.c.asked_at, _wish.c.id)
    )
    numbered = (
        select(_wish.c.demand_id, _wish.c.name, number.label("place"))
        .where(_wish.c.demand_id.in_(ids), _wish.c.name != "")
        .subquery()
    )
    query = select(numbered).where(numbered.c.place <= MOST_NAMES)
    names: dict[int, list[str]] = {}
    for row in connection.execute(query.order_by(numbered.c.demand_id, numbered.c.place)):
        names.setdefault(row.demand_id, []).append(row.name)
    return names


def _pair(one: Side, other: Side, percent: int) -> Pair:
    """Propose to keep the one that is further along, then the one more people asked for."""
    drop, keep = sorted((one, other), key=_weight)
    return Pair(keep, drop, percent)


def _weight(side: Side) -> tuple[bool, int, float]:
    return (side.status is not Status.NEW, side.people, -side.first_asked_at.timestamp())
