"""Reads of owed goods at the desk, for residents without an order (R29).

Whoever has an order sees them on its card (:attr:`lib.service.picking.queries.Bag.owed`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.members.profiles.rules import Home
from lib.service.owed.queries import Giving, given_between, open_owed
from lib.service.owed.rules import Owed
from lib.service.picking.rules import walking_order
from lib.service.pickup import rules
from lib.service.pickup.queries import Act, lives_at, members_meant, recent_acts
from lib.shop.shop import DESK, Shop

MOST_ACTS = 100

_member = schema.member


@dataclass(frozen=True)
class Waiting:
    """A resident with owed goods and no order to take them with; ``day`` is when they are ready."""

    member_id: int
    name: str
    home: Home
    phone_tail: str
    day: date
    owed: tuple[Owed, ...]


def without_order(shop: Shop, day: date) -> list[Waiting]:
    """Return who may come for owed goods on ``day`` without an order, as one walks."""
    shop.require(DESK)
    with shop.read() as connection:
        return _waiting(one for one in open_owed(connection, shop.today) if one.pick_day <= day)


def waiting_of(shop: Shop, member_id: int) -> Waiting | None:
    """Return what a resident has coming without an order; None where that is nothing."""
    shop.require(DESK)
    with shop.read() as connection:
        found = _waiting(_of(open_owed(connection, shop.today), {member_id}))
    return found[0] if found else None


def order_with_owed(shop: Shop, member_id: int) -> int | None:
    """Return the order that what is owed to a resident joins; None where nothing joins one."""
    shop.require(DESK)
    with shop.read() as connection:
        mine = _of(open_owed(connection, shop.today), {member_id})
    return next((one.order_id for one in mine if one.order_id is not None), None)


def meant_by(shop: Shop, text: str, limit: int = 12) -> list[Waiting]:
    """Return residents with owed goods and no order that ``text`` may mean (E8).

    Found by name, pinyin, initials, phone and home, as orders are.
    """
    shop.require(DESK)
    search = rules.read_search(text)
    if search is None:
        return []
    with shop.read() as connection:
        alone = [one for one in open_owed(connection, shop.today) if one.order_id is None]
        if not alone:
            return []
        ids = {one.member_id for one in alone}
        found = _meant(connection, search, ids)
        return _waiting(_of(alone, found))[:limit]


def acts_of_today(shop: Shop, limit: int = 5) -> list[Act]:
    """Return what was handed over last today, owed goods with the order they went with."""
    acts = recent_acts(shop, limit)
    start, end = day_bounds(shop.today, shop.settings.time_zone)
    with shop.read() as connection:
        given = given_between(connection, start, end, MOST_ACTS)
    went_with: dict[int, list[Giving]] = defaultdict(list)
    alone: dict[tuple[Any, ...], list[Giving]] = defaultdict(list)
    for one in given:
        if one.handover_id is not None:
            went_with[one.handover_id].append(one)
        else:
            alone[(one.member_id, one.at)].append(one)
    found = [_with(act, [one for key in act.ids for one in went_with[key]]) for act in acts]
    found += [_act(group) for group in alone.values()]
    return sorted(found, key=lambda act: act.at, reverse=True)[:limit]


def _waiting(owed: Iterable[Owed]) -> list[Waiting]:
    grouped: dict[int, list[Owed]] = defaultdict(list)
    for one in owed:
        if one.order_id is None:
            grouped[one.member_id].append(one)
    found = [
        Waiting(
            key,
            mine[0].name,
            mine[0].home,
            mine[0].phone_tail,
            min(one.pick_day for one in mine),
            tuple(mine),
        )
        for key, mine in grouped.items()
    ]
    return sorted(found, key=lambda one: (one.day, walking_order(one.home), one.member_id))


def _of(owed: Iterable[Owed], member_ids: set[int]) -> list[Owed]:
    return [one for one in owed if one.member_id in member_ids]


def _meant(connection: Connection, search: rules.Search, among: set[int]) -> set[int]:
    """Return those of the members ``among`` that a search may mean, also by former names."""
    kept = func.coalesce(_member.c.merged_into, _member.c.id)
    readings: list[ColumnElement[bool]] = [_member.c.id.in_(members_meant(search))]
    if search.home:
        readings.append(lives_at(search.home, _member))
    found: set[int] = set()
    for reading in readings:
        query = select(kept).where(kept.in_(among), reading)
        found |= set(connection.execute(query).scalars())
    return found


def _with(act: Act, owed: Sequence[Giving]) -> Act:
    return replace(act, owed=tuple(one.goods for one in owed)) if owed else act


def _act(given: Sequence[Giving]) -> Act:
    first = given[0]
    return Act(
        ids=(),
        order_id=None,
        number=None,
        name=first.name,
        home=first.home,
        at=first.at,
        by=first.by,
        goods=(),
        owed=tuple(one.goods for one in given),
        owed_ids=tuple(one.id for one in given),
    )
