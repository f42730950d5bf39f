"""Reads of door delivery: the walk of a day, what is to be decided, what was brought (R23).

Bounded by a day and the week before it. Of a phone the last four digits leave this module, never a
reason why goods are brought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, func, select, true

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.kernel.money import Money
from lib.members.profiles.rules import Home
from lib.service.delivery.health import neutral
from lib.service.delivery.needs.queries import Standing, ending_soon, need_on, standing
from lib.service.delivery.rules import (
    Choice,
    LeftWith,
    Place,
    Verdict,
    place_of,
    verdict,
    walking_key,
)
from lib.service.picking.queries import Bag, bags_of, progress, with_money, with_owed
from lib.service.pickup.rules import is_late
from lib.shop.settings import Settings
from lib.shop.settings.homes import read_homes
from lib.shop.shop import DESK, Shop

LOOK_BACK = timedelta(days=7)
"""What was not brought stands on the list of today for a week."""

_order, _done, _decision = (
    schema.customer_order,
    schema.delivery_done,
    schema.delivery_decision,
)
_member, _person = schema.member, schema.person


@dataclass(frozen=True)
class Stop:
    """One order to be brought: ``bag`` with its money, ``hint`` how to hand over.

    ``note`` is the order's note without words about health. ``need_until``: the last day of the
    need; ``decided_by``: who decided to bring it without one. ``late``: its time is over.
    """

    bag: Bag
    verdict: Verdict
    hint: str
    note: str
    need_until: date | None
    decided_by: str
    late: bool

    @property
    def due(self) -> Money:
        """What is to be collected at the door."""
        return self.bag.money.due if self.bag.money else Money(0)


@dataclass(frozen=True)
class Brought:
    """An order that was brought to the door, and by whom. ``id`` takes it back."""

    id: int
    order_id: int
    number: int
    name: str
    home: Home
    left_with: LeftWith
    note: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Declined:
    """An order whose resident collects it instead of having it brought; ``by`` decided so."""

    order_id: int
    number: int
    name: str
    home: Home
    slot: str | None
    by: str


@dataclass(frozen=True)
class Walk:
    """A day's deliveries: ``stops`` in walking order, what is ``undecided``, what was ``brought``.

    ``proposed`` are orders of residents with a need that nobody marked yet.
    """

    day: date
    slot: str | None
    stops: tuple[Stop, ...]
    undecided: tuple[Stop, ...]
    proposed: tuple[Bag, ...]
    brought: tuple[Brought, ...]
    declined: tuple[Declined, ...]

    @property
    def due(self) -> Money:
        """What is to be collected on the whole walk."""
        return Money(sum(stop.due.fen for stop in self.stops))


@dataclass(frozen=True)
class DeliveryDue:
    """What Today says of delivery: orders ``open`` to bring today, ``late`` ones, to decide, to
    mark, and needs that end soon."""

    open: int
    late: int
    to_decide: int
    proposed: int
    ending: int


def walk(shop: Shop, day: date, slot: str | None = None) -> Walk:
    """Return the deliveries of ``day`` (of a ``slot`` of it), in walking order (R23).

    What was not brought in the week before stands on the list of today, too.
    """
    shop.require(DESK)
    with shop.read() as connection:
        found = standing(connection, min(day, shop.today) - LOOK_BACK, day)
        marked = _marked(connection, shop, day, slot)
        chosen = _choices(connection, [bag.order_id for bag in marked])
        stops = [_stop(shop, bag, found, chosen.get(bag.order_id)) for bag in marked]
        proposed = _proposed(connection, shop, day, slot, found)
        open_again = {bag.order_id for bag in marked}
        brought = [one for one in _brought(connection, shop, day) if one.order_id not in open_again]
        declined = _declined(connection, day, slot)
    return Walk(
        day,
        slot,
        tuple(stop for stop in stops if stop.verdict is Verdict.BRING),
        tuple(stop for stop in stops if stop.verdict is not Verdict.BRING),
        tuple(proposed),
        tuple(brought),
        tuple(declined),
    )


def stop_of(connection: Connection, settings: Settings, bag: Bag) -> tuple[Verdict, str]:
    """Return what becomes of a marked order and how it is handed over, in an open transaction."""
    found = need_on(standing(connection, bag.day, bag.day), bag.member_id, bag.day)
    row = _choices(connection, [bag.order_id]).get(bag.order_id)
    choice = Choice(row.choice) if row is not None else None
    lies = place_of(bag.home, read_homes(settings.delivery_homes))
    return verdict(lies, choice, has_need=found is not None), found.hint if found else ""


def hints_of(shop: Shop, bags: Sequence[Bag]) -> dict[int, str]:
    """Return how orders that are to be brought are handed over, by order; for slips and cards."""
    shop.require(DESK)
    marked = [bag for bag in bags if bag.delivery]
    if not marked:
        return {}
    days = [bag.day for bag in marked]
    with shop.read() as connection:
        found = standing(connection, min(days), max(days))
    needs = {bag.order_id: need_on(found, bag.member_id, bag.day) for bag in marked}
    return {order_id: need.hint for order_id, need in needs.items() if need and need.hint}


def due(shop: Shop) -> DeliveryDue:
    """Return what is due of delivery, for Today; bounded by a week and read by index."""
    shop.require(DESK)
    today, settings = shop.today, shop.settings
    with shop.read() as connection:
        found = standing(connection, today - LOOK_BACK, today)
        rows = _open_rows(connection, today)
        chosen = _choices(connection, [row.order_id for row in rows])
        proposed = len(_proposed_ids(connection, settings, today, None, found))
        ending = ending_soon(connection, today, settings.delivery_need_warning_days)
    community = read_homes(settings.delivery_homes)
    count = {"open": 0, "late": 0, "to_decide": 0}
    for row in rows:
        lies = place_of(_home(row), community)
        need = need_on(found, row.member_id, row.pickup_day)
        row_choice = chosen.get(row.order_id)
        choice = Choice(row_choice.choice) if row_choice is not None else None
        if verdict(lies, choice, has_need=need is not None) is not Verdict.BRING:
            count["to_decide"] += 1
            continue
        count["open"] += 1
        count["late"] += is_late(row.pickup_slot, row.pickup_day, shop.clock.now(), settings)
    return DeliveryDue(count["open"], count["late"], count["to_decide"], proposed, ending)


def proposed_in(connection: Connection, settings: Settings, day: date) -> list[int]:
    """Return the orders of ``day`` that could be marked because a need stands, by id."""
    return _proposed_ids(connection, settings, day, None, standing(connection, day, day))


def _days(shop: Shop, day: date) -> ColumnElement[bool]:
    if day == shop.today:
        return _order.c.pickup_day.between(day - LOOK_BACK, day)
    return _order.c.pickup_day == day


def _marked(connection: Connection, shop: Shop, day: date, slot: str | None) -> list[Bag]:
    parts = [_order.c.status == "active", _order.c.delivery == true(), _days(shop, day)]
    if slot is not None:
        parts.append(_order.c.pickup_slot == slot)
    bags = [bag for bag in bags_of(connection, and_(*parts)) if bag.open_lines]
    bags.sort(key=lambda bag: (walking_key(bag.home), bag.day, bag.number))
    return with_owed(connection, with_money(connection, bags), shop.today)


def _stop(shop: Shop, bag: Bag, found: Sequence[Standing], row: Row[Any] | None) -> Stop:
    need = need_on(found, bag.member_id, bag.day)
    choice = Choice(row.choice) if row is not None else None
    lies = place_of(bag.home, read_homes(shop.settings.delivery_homes))
    return Stop(
        bag=bag,
        verdict=verdict(lies, choice, has_need=need is not None),
        hint=need.hint if need else "",
        note=neutral(bag.note),
        need_until=need.until_on if need else None,
        decided_by=row.by if row is not None and choice is Choice.BRING else "",
        late=is_late(bag.slot, bag.day, shop.clock.now(), shop.settings),
    )


def _choices(connection: Connection, order_ids: Sequence[int]) -> dict[int, Row[Any]]:
    if not order_ids:
        return {}
    query: Select[Any] = (
        select(
            _decision.c.order_id, _decision.c.choice, func.coalesce(_person.c.name, "").label("by")
        )
        .outerjoin(_person, _person.c.id == _decision.c.person_id)
        .where(_decision.c.order_id.in_(order_ids))
    )
    return {row.order_id: row for row in connection.execute(query)}


def _proposed(
    connection: Connection, shop: Shop, day: date, slot: str | None, found: Sequence[Standing]
) -> list[Bag]:
    ids = _proposed_ids(connection, shop.settings, day, slot, found)
    if not ids:
        return []
    bags = bags_of(connection, _order.c.id.in_(ids))
    return sorted(bags, key=lambda bag: (walking_key(bag.home), bag.number))


def _proposed_ids(
    connection: Connection,
    settings: Settings,
    day: date,
    slot: str | None,
    found: Sequence[Standing],
) -> list[int]:
    members = [one.member_id for one in found if one.from_on <= day <= one.until_on]
    if not members:
        return []
    parts = [
        _order.c.status == "active",
        _order.c.delivery == false(),
        _order.c.pickup_day == day,
        _order.c.member_id.in_(members),
        _order.c.id.not_in(select(_decision.c.order_id).where(_decision.c.choice == "collect")),
    ]
    if slot is not None:
        parts.append(_order.c.pickup_slot == slot)
    community = read_homes(settings.delivery_homes)
    rows = _with_homes(connection, and_(*parts))
    return [row.order_id for row in rows if place_of(_home(row), community) is Place.INSIDE]


def _open_rows(connection: Connection, today: date) -> Sequence[Row[Any]]:
    marked = and_(
        _order.c.status == "active",
        _order.c.delivery == true(),
        _order.c.pickup_day.between(today - LOOK_BACK, today),
    )
    return _with_homes(connection, marked)


def _with_homes(connection: Connection, condition: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Orders that meet ``condition`` with goods still to hand over: where and whose."""
    found = progress(condition).subquery("found")
    columns = ("member_id", "pickup_day", "pickup_slot", "area", "building", "unit", "room")
    query = (
        select(found.c.order_id, *(_order.c[name] for name in columns))
        .join(_order, _order.c.id == found.c.order_id)
        .where(found.c.open_lines > 0)
    )
    return connection.execute(query).all()


def _brought(connection: Connection, shop: Shop, day: date) -> list[Brought]:
    start, end = day_bounds(day, shop.settings.time_zone)
    query: Select[Any] = (
        select(
            _done.c.id,
            _done.c.order_id,
            _done.c.left_with,
            _done.c.note,
            _done.c.at,
            *(_order.c[name] for name in ("number", "area", "building", "unit", "room")),
            _member.c.nickname,
            func.coalesce(_person.c.name, "").label("by"),
        )
        .join(_order, _order.c.id == _done.c.order_id)
        .join(_member, _member.c.id == _order.c.member_id)
        .outerjoin(_person, _person.c.id == _done.c.person_id)
        .where(_done.c.at >= start, _done.c.at < end, _done.c.undone_at.is_(None))
        .order_by(_done.c.id.desc())
        .limit(200)
    )
    return [
        Brought(
            row.id, row.order_id, row.number, row.nickname, _home(row), LeftWith(row.left_with),
            row.note, row.at, row.by,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def _declined(connection: Connection, day: date, slot: str | None) -> list[Declined]:
    parts = [
        _decision.c.choice == "collect",
        _order.c.pickup_day == day,
        _order.c.status == "active",
    ]
    if slot is not None:
        parts.append(_order.c.pickup_slot == slot)
    query: Select[Any] = (
        select(
            *(_order.c[name] for name in ("id", "number", "pickup_slot")),
            *(_order.c[name] for name in ("area", "building", "unit", "room")),
            _member.c.nickname,
            func.coalesce(_person.c.name, "").label("by"),
        )
        .select_from(_decision)
        .join(_order, _order.c.id == _decision.c.order_id)
        .join(_member, _member.c.id == _order.c.member_id)
        .outerjoin(_person, _person.c.id == _decision.c.person_id)
        .where(and_(*parts))
        .order_by(_order.c.number)
        .limit(100)
    )
    return [
        Declined(row.id, row.number, row.nickname, _home(row), row.pickup_slot, row.by)
        for row in connection.execute(query)
    ]


def _home(row: Row[Any]) -> Home:
    return Home(row.area, row.building, row.unit, row.room)
