"""Reads of the pickup desk: search, who is to come, load, handovers. All bounded.

No purchase cost and no full phone number leaves this module.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
)

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.kernel.quantity import Unit
from lib.members.profiles.finding.queries import sounds_like
from lib.members.profiles.finding.rules import splits
from lib.members.profiles.rules import Home
from lib.service.owed.queries import open_owed
from lib.service.owed.rules import Owed
from lib.service.picking.queries import Bag, Scope, bags_of, progress, with_money, with_owed
from lib.service.picking.rules import walking_order
from lib.service.pickup import rules
from lib.service.pickup.keeping import LEAST_LEFT_OVER, keep_until, left_over_days
from lib.service.pickup.rules import Search
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

SEARCH_DAYS = timedelta(days=14)
"""How far back and ahead the desk looks for an order that was not collected on its day."""

_order, _line, _handover = schema.customer_order, schema.order_line, schema.handover
_member = schema.member


@dataclass(frozen=True)
class SlotLoad:
    """The orders of one slot of a day; ``slot`` None collects those without one."""

    slot: str | None
    orders: int
    done: int
    part: int

    @property
    def waiting(self) -> int:
        """Orders of which something is still to be collected."""
        return self.orders - self.done


@dataclass(frozen=True)
class DayLoad:
    """One pickup day: load per slot (delivered orders apart), in the order of the slots."""

    day: date
    slots: tuple[SlotLoad, ...]
    delivery: SlotLoad

    @property
    def orders(self) -> int:
        """All orders of the day with goods in them."""
        return sum(load.orders for load in (*self.slots, self.delivery))

    @property
    def done(self) -> int:
        """Orders handed over completely."""
        return sum(load.done for load in (*self.slots, self.delivery))

    def of(self, slot: str | None) -> SlotLoad:
        """Return the load of ``slot``; an empty one when no order chose it."""
        found = (load for load in self.slots if load.slot == slot)
        return next(found, SlotLoad(slot, 0, 0, 0))


@dataclass(frozen=True)
class Act:
    """One handing over: everything of one order given at one moment. ``ids`` undo it.

    ``owed`` are owed goods that went along. Where nothing but those was given, ``owed_ids`` undo it
    and there is no order.
    """

    ids: tuple[int, ...]
    order_id: int | None
    number: int | None
    name: str
    home: Home
    at: datetime
    by: str
    goods: tuple[str, ...]
    owed: tuple[str, ...] = ()
    owed_ids: tuple[int, ...] = ()


def bag_of(shop: Shop, order_id: int) -> Bag | None:
    """Return order ``order_id`` as the desk sees it; None for none or a cancelled one."""
    shop.require(DESK)
    chosen = and_(_order.c.id == order_id, _order.c.status == "active")
    with shop.read() as connection:
        bags = with_money(connection, bags_of(connection, chosen))
        bags = with_owed(connection, bags, shop.today)
    return bags[0] if bags else None


def staying(shop: Shop, bag: Bag) -> tuple[Owed, ...]:
    """Return what of the owed goods that ``bag`` showed is still owed now (R29).

    After all of an order was handed over that is what may not be given out: its batch is stopped,
    or past its date.
    """
    shop.require(DESK)
    if not bag.owed:
        return ()
    shown = {one.id for one in bag.owed}
    with shop.read() as connection:
        return tuple(one for one in open_owed(connection, shop.today) if one.id in shown)


def waiting(shop: Shop, day: date, slot: str | None = None) -> list[Bag]:
    """Return who is still to come on ``day`` (in ``slot``), without those delivered (R21, R22).

    The amounts due are not read: this list is for calling out numbers.
    """
    shop.require(DESK)
    chosen = and_(Scope(day=day, slot=slot).condition, _order.c.delivery == false())
    with shop.read() as connection:
        bags = [bag for bag in bags_of(connection, chosen) if bag.open_lines]
        return with_owed(connection, bags, shop.today)


def left_over(shop: Shop, limit: int = 200) -> list[Bag]:
    """Return orders of days before that were never collected completely, by keep-until (R22)."""
    return [bag for bag, _until in kept_bags(shop, limit)]


def kept_bags(shop: Shop, limit: int = 200) -> list[tuple[Bag, date]]:
    """Return what nobody came for on days before and until when it is kept, the first to go first.

    How far back is decided by :func:`keeping.left_over_days`.
    """
    shop.require(DESK)
    found = progress(left_over_condition(shop.today, left_over_days(shop.settings)))
    found_orders = found.subquery("found")
    columns = found_orders.c
    chosen = select(columns.order_id).where(columns.open_lines > 0)
    newest = chosen.order_by(columns.pickup_day.desc(), columns.order_id).limit(limit)
    with shop.read() as connection:
        ids = connection.execute(newest).scalars().all()
        bags = with_owed(connection, bags_of(connection, _order.c.id.in_(ids)), shop.today)
        kept = kept_until(connection, shop.settings, bags)
    return sorted(
        ((bag, kept[bag.order_id]) for bag in bags if bag.order_id in kept),
        key=lambda found: (found[1], found[0].day, found[0].number),
    )


def keep_until_of(shop: Shop, bags: Sequence[Bag]) -> dict[int, date]:
    """Return until when what is outstanding of ``bags`` is kept, by order (R22)."""
    shop.require(DESK)
    with shop.read() as connection:
        return kept_until(connection, shop.settings, bags)


def kept_until(connection: Connection, settings: Settings, bags: Sequence[Bag]) -> dict[int, date]:
    """Return until when what is outstanding of ``bags`` is kept, inside an open transaction."""
    if not bags:
        return {}
    closed = closed_from(connection, min(bag.day for bag in bags))
    found = {bag.order_id: keep_until(bag.lines, bag.day, settings, closed) for bag in bags}
    return {order_id: until for order_id, until in found.items() if until is not None}


def closed_days_of(shop: Shop) -> frozenset[date]:
    """Return the closed days from today on."""
    shop.require(DESK)
    with shop.read() as connection:
        return closed_from(connection, shop.today)


def closed_from(connection: Connection, day: date) -> frozenset[date]:
    """Return the closed days from ``day`` on."""
    closed = schema.closed_day
    wanted = select(closed.c.day).where(closed.c.day >= day).order_by(closed.c.day).limit(400)
    return frozenset(connection.execute(wanted).scalars())


def left_over_condition(day: date, days: timedelta = LEAST_LEFT_OVER) -> ColumnElement[bool]:
    """Return which orders could be left over on ``day``: to collect, of the ``days`` before it.

    What was handed over in full, nearly everything, is left out by one look at each line.
    """
    line = _line.alias("not_all_given")
    given = (
        select(func.coalesce(func.sum(_handover.c.quantity), 0))
        .where(_handover.c.line_id == line.c.id)
        .scalar_subquery()
    )
    missing = exists(line.c.id).where(
        line.c.order_id == _order.c.id, line.c.cancelled_at.is_(None), line.c.quantity > given
    )
    return and_(
        _order.c.status == "active",
        _order.c.delivery == false(),
        _order.c.pickup_day.between(day - days, day - timedelta(days=1)),
        missing,
    )


def desk_search(shop: Shop, text: str, limit: int = 12) -> list[Bag]:
    """Return the orders that ``text`` may mean, the likeliest first (E8).

    Found by number, last four digits or whole phone, room or address, nickname (also former ones),
    pinyin and initials. Today's uncollected orders come first, then uncollected ones of other days
    within :data:`SEARCH_DAYS`, then what was collected today.
    """
    shop.require(DESK)
    search = rules.read_search(text)
    if search is None:
        return []
    today = shop.today
    near = _order.c.pickup_day.between(today - SEARCH_DAYS, today + SEARCH_DAYS)
    when = case((_order.c.pickup_day == today, 0), (_order.c.pickup_day < today, 1), else_=2)
    likely = (
        select(_order.c.id)
        .where(_order.c.status == "active", near, _meant(search))
        .order_by(when, _order.c.pickup_day.desc(), _order.c.number)
        .limit(limit * 4)
    )
    with shop.read() as connection:
        ids = connection.execute(likely).scalars().all()
        found = bags_of(connection, _order.c.id.in_(ids))
        useful = [bag for bag in found if bag.open_lines or bag.day == today]
        useful.sort(key=lambda bag: _likelihood(bag, search, today))
        return with_owed(connection, with_money(connection, useful[:limit]), today)


def residents_meant(shop: Shop, text: str, since: date, limit: int = 12) -> list[int]:
    """Return the members whose orders since ``since`` ``text`` may mean, the latest order first.

    As :func:`desk_search`, but of orders that were collected, too: for what comes afterwards.
    """
    shop.require(DESK)
    search = rules.read_search(text)
    if search is None:
        return []
    latest = func.max(_order.c.pickup_day)
    query = (
        select(_order.c.member_id)
        .where(_order.c.status == "active", _order.c.pickup_day >= since, _meant(search))
        .group_by(_order.c.member_id)
        .order_by(latest.desc(), _order.c.member_id)
        .limit(limit)
    )
    with shop.read() as connection:
        return list(connection.execute(query).scalars())


def slot_load(shop: Shop, day: date) -> DayLoad:
    """Return how many orders each slot of ``day`` has and how many were collected (R21)."""
    shop.require(DESK)
    with shop.read() as connection:
        return day_load(connection, day, [slot.key for slot in shop.settings.slots])


def loads_ahead(shop: Shop, days: Sequence[date]) -> list[DayLoad]:
    """Return the load of each of ``days``, read at once (R21)."""
    shop.require(DESK)
    slots = [slot.key for slot in shop.settings.slots]
    coming = and_(_order.c.status == "active", _order.c.pickup_day.in_(days))
    found: dict[date, list[Row[Any]]] = defaultdict(list)
    with shop.read() as connection:
        for row in connection.execute(progress(coming)):
            found[row.pickup_day].append(row)
    return [_load(day, found[day], slots) for day in days]


def day_load(connection: Connection, day: date, slots: Sequence[str]) -> DayLoad:
    """Return the load of ``day`` for the slots with keys ``slots``; a slot unknown now is none."""
    return _load(day, connection.execute(progress(Scope(day=day).condition)).all(), slots)


def _load(day: date, rows: Sequence[Row[Any]], slots: Sequence[str]) -> DayLoad:
    counts: dict[str | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        if not row.open_lines and not row.handed_lines:
            continue
        known = row.pickup_slot if row.pickup_slot in slots else None
        count = counts["delivery:" if row.delivery else known]
        count[0] += 1
        count[1] += row.open_lines == 0
        count[2] += row.open_lines > 0 and row.handed_lines > 0
    delivery = SlotLoad(None, *counts.pop("delivery:", [0, 0, 0]))
    keys = [*slots, *([None] if None in counts else [])]
    return DayLoad(day, tuple(SlotLoad(key, *counts[key]) for key in keys), delivery)


def recent_acts(shop: Shop, limit: int = 5) -> list[Act]:
    """Return what was handed over last today and not taken back, newest first."""
    shop.require(DESK)
    start, end = day_bounds(shop.today, shop.settings.time_zone)
    highest = select(func.max(_handover.c.id)).scalar_subquery()
    newest = _handover.c.id > highest - limit * 100  # a ledger grows for years; look at its end
    with shop.read() as connection:
        rows = connection.execute(
            _given()
            .where(newest, _handover.c.at >= start, _handover.c.at < end)
            .order_by(_handover.c.id.desc())
            .limit(limit * 20)
        ).all()
    grouped: dict[tuple[int, datetime], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[(row.order_id, row.at)].append(row)
    return [_act(group[::-1]) for group in list(grouped.values())[:limit]]


def last_given(connection: Connection, order_id: int) -> Row[Any] | None:
    """Return the newest handover row of an order that was not taken back: ``at``, ``by``."""
    newest = _given().where(_handover.c.order_id == order_id).order_by(_handover.c.id.desc())
    return connection.execute(newest.limit(1)).first()


def _meant(search: Search) -> ColumnElement[bool]:
    # "+ 0": the few days searched are the way in, never all orders somebody ever made.
    readings: list[ColumnElement[bool]] = [(_order.c.member_id + 0).in_(members_meant(search))]
    if search.number is not None:
        readings.append(_order.c.number == search.number)
    if search.home:
        readings.append(lives_at(search.home, _order))
    return or_(*readings)


def members_meant(search: Search) -> Select[Any]:
    """Return the statement that finds the members a search may mean by name or phone."""
    aliases = schema.member_alias
    readings: list[ColumnElement[bool]] = [false()]
    if search.tail:
        readings.append(_member.c.phone_tail == search.tail)
    if search.phone:
        readings.append(_member.c.phone == search.phone)
    if search.letters:
        readings.append(sounds_like(tuple(splits(search.letters))))
    if search.card:
        readings.append(_member.c.card_code == search.card)
    if search.member_id:
        readings.append(_member.c.id == search.member_id)
    if search.name:
        former = aliases.c.folded_nickname.contains(search.name, autoescape=True)
        readings.append(_member.c.folded_nickname.contains(search.name, autoescape=True))
        readings.append(_member.c.id.in_(select(aliases.c.member_id).where(former)))
    return select(_member.c.id).where(or_(*readings))


def lives_at(parts: tuple[str, ...], table: Any) -> ColumnElement[bool]:
    """Return whether the home in a row of ``table`` (orders, members) is the one typed so far.

    Building, unit, room: with a building named, a room's beginning will do.
    """
    building, unit, home = (func.lower(table.c[name]) for name in ("building", "unit", "room"))
    *outer, room = (part.casefold() for part in parts)
    if not outer:
        return home == room
    starts = home.startswith(room, autoescape=True)
    if len(outer) == 1:
        return and_(building == outer[0], or_(starts, unit == room))
    return and_(building == outer[-2], unit == outer[-1], starts)


def _likelihood(bag: Bag, search: Search, today: date) -> tuple[object, ...]:
    group = 2 if not bag.open_lines else 0 if bag.day == today else 1
    if search.number == bag.number and search.number is not None:
        reading = 0
    elif search.tail and search.tail == bag.phone_tail:
        reading = 1
    elif search.home and search.home[-1].casefold() == (bag.home.room or "").casefold():
        reading = 2
    else:
        reading = 3
    return group, reading, abs((bag.day - today).days), walking_order(bag.home), bag.number


def _given() -> Select[Any]:
    reversal, person = _handover.alias("reversal"), schema.person
    return (
        select(
            _handover.c.id,
            _handover.c.order_id,
            _handover.c.quantity,
            _handover.c.at,
            func.coalesce(person.c.name, "").label("by"),
            _order.c.number,
            _order.c.area,
            _order.c.building,
            _order.c.unit,
            _order.c.room,
            _member.c.nickname,
            _line.c.product_name,
            _line.c.sale_unit,
            _line.c.unit_grams,
        )
        .join(_order, _order.c.id == _handover.c.order_id)
        .join(_line, _line.c.id == _handover.c.line_id)
        .join(_member, _member.c.id == _order.c.member_id)
        .outerjoin(person, person.c.id == _handover.c.person_id)
        .where(
            _handover.c.quantity > 0,
            ~exists().where(reversal.c.reverses_id == _handover.c.id),
        )
    )


def _act(rows: Sequence[Row[Any]]) -> Act:
    first = rows[0]
    units = [(row.product_name, Unit(row.sale_unit, row.unit_grams), row.quantity) for row in rows]
    return Act(
        ids=tuple(row.id for row in rows),
        order_id=first.order_id,
        number=first.number,
        name=first.nickname,
        home=Home(first.area, first.building, first.unit, first.room),
        at=first.at,
        by=first.by,
        goods=tuple(f"{name} {unit.said(quantity)}" for name, unit, quantity in units),
    )
