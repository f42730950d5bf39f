"""Reads of what somebody likes and how often they come (R33). Never used to set a price.

Files that were merged are read as one family; of two decisions about the same thing the newer one
counts, so that taking a merge back leaves each file what it had.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from lib.db import schema
from lib.members.consents.queries import agrees
from lib.members.consents.rules import Purpose
from lib.members.habits.purchases.queries import (
    MONTHS,
    Counted,
    Favourite,
    MonthSpent,
    counted,
    favourites,
    spending,
    visits_of,
)
from lib.members.habits.rules import (
    Kind,
    Rhythm,
    State,
    is_suggested,
    months_back,
    per_month,
    rhythm,
    visits_a_month,
)
from lib.members.habits.seen.queries import (
    Glance,
    HabitsDue,
    Missed,
    Newcomer,
    Regular,
    due,
    glance,
    missed,
    newcomers,
    regulars,
)
from lib.members.profiles.queries import family_ids
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

__all__ = [
    "Favourite",
    "Glance",
    "HabitsDue",
    "MemberRhythm",
    "Missed",
    "MonthSpent",
    "Newcomer",
    "Preference",
    "Regular",
    "Suggestion",
    "due",
    "favourites",
    "glance",
    "liked",
    "liked_by",
    "missed",
    "newcomers",
    "preferences_of",
    "regulars",
    "rhythm_of",
    "spending",
    "suggested",
]

MOST_SUGGESTED = 6
PART = 400

_preference, _member, _product = schema.preference, schema.member, schema.product


@dataclass(frozen=True)
class Suggestion:
    """Something a member orders often: in ``orders`` orders from ``from_on`` to ``until_on``.

    ``name`` is the product's or the category's. Reckoned from the orders, kept nowhere.
    """

    kind: Kind
    product_id: int | None
    name: str
    orders: int
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Preference:
    """What a person decided a member likes, or does not; ``orders`` of the days are the ground.

    ``product_id`` is None for a category and for a tag. ``member_id`` is the file that was kept.
    """

    id: int
    member_id: int
    kind: Kind
    product_id: int | None
    name: str
    state: State
    orders: int | None
    from_on: date | None
    until_on: date | None
    at: datetime
    version: int


@dataclass(frozen=True)
class MemberRhythm:
    """How often a member comes, reckoned just now. ``rhythm`` is None before the first visit.

    ``months`` are the visits of each of the last six months, this one last; ``overdue`` the days
    since they would have come again at their usual pace; ``missed`` as the settings say it;
    ``a_month`` the visits of a month on average, over the half-year before the last one.
    """

    rhythm: Rhythm | None
    a_month: float
    months: tuple[tuple[date, int], ...]
    overdue: int
    missed: bool


def rhythm_of(shop: Shop, member_id: int) -> MemberRhythm:
    """Return how often a member comes, from the orders as they stand now."""
    shop.require(DESK)
    with shop.read() as connection:
        kept = family_ids(connection, member_id)
        found = visits_of(connection, kept, shop.today)
    days = [day for visits in found.values() for day in visits]
    usual = rhythm(days, shop.settings)
    until = shop.settings.missed_until_days
    return MemberRhythm(
        usual,
        visits_a_month(days),
        per_month(days, months_back(shop.today, MONTHS)),
        usual.overdue(shop.today) if usual else 0,
        usual is not None and usual.missed(shop.today, until),
    )


def suggested(shop: Shop, member_id: int) -> tuple[Suggestion, ...]:
    """Return what a member orders often enough to ask whether they like it.

    Not what was accepted, nor what was rejected until its count has doubled.
    """
    shop.require(DESK)
    with shop.read() as connection:
        return suggested_in(connection, shop.settings, shop.today, member_id)[:MOST_SUGGESTED]


def suggested_in(
    connection: Connection, settings: Settings, today: date, member_id: int
) -> tuple[Suggestion, ...]:
    """Return all suggestions for a member as this transaction sees them, the most frequent first.

    Days to come do not count, as among the favourites: both stand on one page.
    """
    first = today - timedelta(days=settings.preference_days)
    often = counted(connection, member_id, first, today, settings.preference_orders)
    decided = {_what(one): one for one in _newest(_rows(connection, [member_id]))}
    return tuple(
        Suggestion(one.kind, one.product_id, one.name, one.orders, one.from_on, one.until_on)
        for one in often
        if _stands(one, decided.get(_what(one)), settings)
    )


def preferences_of(shop: Shop, member_id: int) -> tuple[Preference, ...]:
    """Return all that was decided about a member's likings, also what was rejected."""
    shop.require(DESK)
    with shop.read() as connection:
        return decided_in(connection, member_id)


def decided_in(connection: Connection, member_id: int) -> tuple[Preference, ...]:
    """Return the decisions about a member's likings as this transaction sees them."""
    return tuple(_newest(_rows(connection, [member_id])))


def liked(connection: Connection, member_ids: Collection[int]) -> dict[int, tuple[Preference, ...]]:
    """Return what each of ``member_ids`` likes: accepted suggestions and tags.

    Only of members whose consent stands: another way to take it back deletes the rows, too.
    """
    found: dict[int, list[Preference]] = defaultdict(list)
    for one in _newest(_rows(connection, member_ids, consenting=True)):
        if one.state is State.ACCEPTED:
            found[one.member_id].append(one)
    return {member_id: tuple(likings) for member_id, likings in found.items()}


def liked_by(shop: Shop, member_ids: Collection[int]) -> dict[int, tuple[Preference, ...]]:
    """Return :func:`liked` for a screen."""
    shop.require(DESK)
    with shop.read() as connection:
        return liked(connection, member_ids)


def _stands(one: Counted, before: Preference | None, settings: Settings) -> bool:
    if before is None:
        return is_suggested(one.orders, None, settings)
    if before.state is State.ACCEPTED:
        return False
    return is_suggested(one.orders, before.orders or 0, settings)


def _what(one: Counted | Preference) -> tuple[Kind, object]:
    """What a count or a decision is about: a product keeps its decision when it is renamed."""
    return one.kind, one.product_id if one.kind is Kind.PRODUCT else one.name


def _newest(rows: Sequence[Preference]) -> list[Preference]:
    """Of each thing the newest decision of a family; products first, then by age."""
    found: dict[tuple[int, Kind, object], Preference] = {}
    for one in sorted(rows, key=lambda one: (one.at, one.id)):
        found[(one.member_id, *_what(one))] = one
    order = list(Kind)
    return sorted(found.values(), key=lambda one: (order.index(one.kind), one.id))


def _rows(
    connection: Connection, member_ids: Collection[int], *, consenting: bool = False
) -> list[Preference]:
    root = func.coalesce(_member.c.merged_into, _member.c.id)
    name = func.coalesce(_product.c.name, _preference.c.name)
    query = (
        select(_preference, root.label("root"), name.label("said"))
        .join(_member, _member.c.id == _preference.c.member_id)
        .outerjoin(_product, _product.c.id == _preference.c.product_id)
    )
    if consenting:
        query = query.where(agrees(Purpose.PREFERENCES))
    ids, found = sorted(set(member_ids)), list[Preference]()
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        mine = _member.c.id.in_(part) | _member.c.merged_into.in_(part)
        found += [_read(row) for row in connection.execute(query.where(mine))]
    return found


def _read(row: Any) -> Preference:
    return Preference(
        row.id,
        row.root,
        Kind(row.kind),
        row.product_id,
        row.said,
        State(row.state),
        row.orders,
        row.from_on,
        row.until_on,
        row.at,
        row.version,
    )
