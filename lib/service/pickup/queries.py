"""Reads of picking and the pickup desk. All bounded by a day, a round or a limit.

No purchase cost and no full phone number leaves this module: pick lists and slips lie about in the
shop.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
from sqlalchemy.sql.selectable import ScalarSelect, Subquery

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.profiles.rules import Home
from lib.service.pickup import rules
from lib.service.pickup.rules import Collected, Line, Search, walking_order
from lib.shop.shop import DESK, Shop
from lib.trade.payments.queries import money_in
from lib.trade.payments.rules import OrderMoney

MOST_ORDERS = 1000
"""No day of a neighbourhood shop has more; a list never grows beyond it."""

SEARCH_DAYS = timedelta(days=14)
"""How far back and ahead the desk looks for an order that was not collected on its day."""

LEFT_OVER_DAYS = timedelta(days=7)
"""How long goods nobody came for are looked for as left over."""

_order, _line, _handover = schema.customer_order, schema.order_line, schema.handover
_payment, _member, _product = schema.payment, schema.member, schema.product


@dataclass(frozen=True)
class Scope:
    """Which orders: those of a pickup ``day``, of a round, of a slot; None leaves a part open.

    At least one of ``day`` and ``round_id`` must be given.
    """

    day: date | None = None
    round_id: int | None = None
    slot: str | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        """The scope as a condition on active orders."""
        if self.day is None and self.round_id is None:
            raise ValueError("a scope needs a day or a round")
        parts = [_order.c.status == "active"]
        if self.day is not None:
            parts.append(_order.c.pickup_day == self.day)
        if self.round_id is not None:
            parts.append(_order.c.round_id == self.round_id)
        if self.slot is not None:
            parts.append(_order.c.pickup_slot == self.slot)
        return and_(*parts)


@dataclass(frozen=True)
class Bag:
    """One order as the desk sees it. ``phone_tail`` is the last four digits, never more.

    ``money`` is what it costs and what was paid; not read for lists of who is still to come.
    """

    order_id: int
    number: int
    round_id: int | None
    round_title: str
    member_id: int
    name: str
    phone_tail: str
    home: Home
    day: date
    slot: str | None
    delivery: bool
    note: str
    check_reason: str | None
    version: int
    lines: tuple[Line, ...]
    money: OrderMoney | None = None

    @property
    def state(self) -> Collected:
        """How far it was collected."""
        return rules.collected(self.lines)

    @property
    def open_lines(self) -> tuple[Line, ...]:
        """The lines of which something is still to be handed over."""
        return tuple(line for line in self.lines if line.outstanding)


@dataclass(frozen=True)
class PickRow:
    """One product of a pick list. ``buildings`` are (building, quantity) as one walks them."""

    product_id: int
    product: str
    category: str
    unit: Unit
    quantity: int
    to_pick: int
    handed: int
    orders: int
    fresh: bool
    fragile: bool
    buildings: tuple[tuple[str, int], ...]

    @property
    def done(self) -> bool:
        """Whether everything was put out."""
        return self.to_pick == 0


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
    """One handing over: everything of one order given at one moment. ``ids`` undo it."""

    ids: tuple[int, ...]
    order_id: int
    number: int
    name: str
    home: Home
    at: datetime
    by: str
    goods: tuple[str, ...]


def pick_list(shop: Shop, scope: Scope) -> list[PickRow]:
    """Return how much of each product to put out for ``scope`` (E7), by category and name.

    Cancelled and paid-back lines do not count; goods already handed over are not picked again.
    """
    shop.require(DESK)
    with shop.read() as connection:
        rows = connection.execute(_lines(scope.condition).limit(MOST_ORDERS * 20)).all()
    grouped: dict[tuple[Any, ...], list[tuple[Row[Any], Line]]] = defaultdict(list)
    for row in rows:
        line = _line_of(row)
        if line.live and line.quantity:
            grouped[(row.product_id, row.sale_unit, row.unit_grams)].append((row, line))
    picks = [_pick_row(group) for group in grouped.values()]
    return sorted(picks, key=lambda pick: (pick.category == "", pick.category, pick.product))


def pack_slips(shop: Shop, scope: Scope) -> list[Bag]:
    """Return one bag per order of ``scope`` as one walks the community, with the amount due (E7).

    Orders of which nothing is to be collected (all lines cancelled or paid back) have no slip.
    """
    shop.require(DESK)
    with shop.read() as connection:
        bags = _with_money(connection, _bags(connection, scope.condition))
    return [bag for bag in bags if bag.state is not Collected.NOTHING]


def bag_of(shop: Shop, order_id: int) -> Bag | None:
    """Return order ``order_id`` as the desk sees it; None for none or a cancelled one."""
    shop.require(DESK)
    chosen = and_(_order.c.id == order_id, _order.c.status == "active")
    with shop.read() as connection:
        bags = _with_money(connection, _bags(connection, chosen))
    return bags[0] if bags else None


def waiting(shop: Shop, day: date, slot: str | None = None) -> list[Bag]:
    """Return who is still to come on ``day`` (in ``slot``), without those delivered (R21, R22).

    The amounts due are not read: this list is for calling out numbers.
    """
    shop.require(DESK)
    chosen = and_(Scope(day=day, slot=slot).condition, _order.c.delivery == false())
    with shop.read() as connection:
        return [bag for bag in _bags(connection, chosen) if bag.open_lines]


def left_over(shop: Shop, limit: int = 200) -> list[Bag]:
    """Return orders of the last :data:`LEFT_OVER_DAYS` that were never collected completely."""
    shop.require(DESK)
    found = progress(left_over_condition(shop.today)).subquery("found")
    chosen = select(found.c.order_id).where(found.c.open_lines > 0)
    newest = chosen.order_by(found.c.pickup_day.desc(), found.c.order_id).limit(limit)
    with shop.read() as connection:
        ids = connection.execute(newest).scalars().all()
        bags = _bags(connection, _order.c.id.in_(ids))
    return sorted(bags, key=lambda bag: (bag.day, bag.number))


def left_over_condition(day: date) -> ColumnElement[bool]:
    """Return which orders could be left over on ``day``: to collect, on one of the days before.

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
        _order.c.pickup_day.between(day - LEFT_OVER_DAYS, day - timedelta(days=1)),
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
        .limit(limit * 10)
    )
    with shop.read() as connection:
        ids = connection.execute(likely).scalars().all()
        found = _bags(connection, _order.c.id.in_(ids))
        useful = [bag for bag in found if bag.open_lines or bag.day == today]
        useful.sort(key=lambda bag: _likelihood(bag, search, today))
        return _with_money(connection, useful[:limit])


def slot_load(shop: Shop, day: date) -> DayLoad:
    """Return how many orders each slot of ``day`` has and how many were collected (R21)."""
    shop.require(DESK)
    with shop.read() as connection:
        return day_load(connection, day, [slot.key for slot in shop.settings.slots])


def day_load(connection: Connection, day: date, slots: Sequence[str]) -> DayLoad:
    """Return the load of ``day`` for the slots with keys ``slots``; a slot unknown now is none."""
    counts: dict[str | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in connection.execute(progress(Scope(day=day).condition)):
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


def progress(condition: ColumnElement[bool]) -> Select[Any]:
    """Return a statement with one row per order that meets ``condition``.

    Columns: ``order_id``, ``pickup_day``, ``pickup_slot``, ``delivery``, ``round_id`` and the
    numbers of lines still ``open_lines``, ``handed_lines`` and ``unpicked_lines``. The same
    decision as :attr:`rules.Line.outstanding`, made in the database for days of many orders.
    """
    line = _facts(condition)
    paid_back = and_(line.c.refunded_fen > 0, line.c.refunded_fen >= line.c.amount_fen)
    live = and_(line.c.cancelled_at.is_(None), ~paid_back, ~line.c.order_refunded)
    is_open = and_(live, line.c.quantity > line.c.handed)
    unpicked = and_(is_open, line.c.quantity > line.c.picked)
    keys = [line.c[name] for name in ("order_id", "pickup_day", "pickup_slot", "delivery")]
    return select(
        *keys,
        line.c.round_id,
        _count(is_open).label("open_lines"),
        _count(line.c.handed > 0).label("handed_lines"),
        _count(unpicked).label("unpicked_lines"),
    ).group_by(*keys, line.c.round_id)


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


def pickup_days(shop: Shop, ahead: timedelta = SEARCH_DAYS) -> list[tuple[date, int]]:
    """Return the days with active orders from a week ago on, with their number of orders."""
    shop.require(DESK)
    first, last = shop.today - timedelta(days=7), shop.today + ahead
    days = (
        select(_order.c.pickup_day, func.count())
        .where(_order.c.status == "active", _order.c.pickup_day.between(first, last))
        .group_by(_order.c.pickup_day)
        .order_by(_order.c.pickup_day)
    )
    with shop.read() as connection:
        return [(row[0], row[1]) for row in connection.execute(days)]


def rounds_of(shop: Shop, day: date) -> list[tuple[int, str]]:
    """Return id and title of the rounds with active orders on ``day``."""
    shop.require(DESK)
    rounds = schema.buying_round
    titles = (
        select(rounds.c.id, rounds.c.title)
        .where(
            rounds.c.id.in_(
                select(_order.c.round_id).where(
                    _order.c.pickup_day == day, _order.c.status == "active"
                )
            )
        )
        .order_by(rounds.c.id)
        .limit(50)
    )
    with shop.read() as connection:
        return [(row.id, row.title) for row in connection.execute(titles)]


def lines_of(connection: Connection, condition: ColumnElement[bool]) -> list[Line]:
    """Return the lines of the orders that meet ``condition``, inside an open transaction."""
    return [_line_of(row) for row in connection.execute(_lines(condition))]


def last_given(connection: Connection, order_id: int) -> Row[Any] | None:
    """Return the newest handover row of an order that was not taken back: ``at``, ``by``."""
    newest = _given().where(_handover.c.order_id == order_id).order_by(_handover.c.id.desc())
    return connection.execute(newest.limit(1)).first()


def _handed() -> ScalarSelect[Any]:
    return (
        select(func.coalesce(func.sum(_handover.c.quantity), 0))
        .where(_handover.c.line_id == _line.c.id)
        .scalar_subquery()
    )


def _refunded() -> ScalarSelect[Any]:
    # Only refunds, and the undoing of one (with the opposite sign), name a line. Found by way of
    # the order: nearly all payments name no line, so a planner with statistics reads them all.
    return (
        select(func.coalesce(func.sum(_payment.c.forgiven_fen), 0))
        .where(_payment.c.order_id == _line.c.order_id, _payment.c.line_id == _line.c.id)
        .scalar_subquery()
    )


def _order_refunded() -> ColumnElement[bool]:
    """Whether refunds of the order as a whole took off all that its goods cost."""
    line = _line.alias("goods")
    is_refund = or_(
        _payment.c.kind == "refund",
        and_(_payment.c.kind == "reversal", _payment.c.amount_fen > 0),
    )
    forgiven = (
        select(func.coalesce(func.sum(_payment.c.forgiven_fen), 0))
        .where(_payment.c.order_id == _order.c.id, _payment.c.line_id.is_(None), is_refund)
        .scalar_subquery()
    )
    goods = (
        select(func.coalesce(func.sum(line.c.amount_fen), 0))
        .where(line.c.order_id == _order.c.id, line.c.cancelled_at.is_(None))
        .scalar_subquery()
    )
    return and_(forgiven > 0, forgiven >= goods)


def _picked() -> ColumnElement[int]:
    picks = schema.picked_line
    return func.coalesce(
        select(picks.c.quantity).where(picks.c.line_id == _line.c.id).scalar_subquery(), 0
    )


def _facts(condition: ColumnElement[bool]) -> Subquery:
    return (
        select(
            _line.c.order_id,
            _line.c.quantity,
            _line.c.amount_fen,
            _line.c.cancelled_at,
            _order.c.pickup_day,
            _order.c.pickup_slot,
            _order.c.delivery,
            _order.c.round_id,
            _handed().label("handed"),
            _refunded().label("refunded_fen"),
            _order_refunded().label("order_refunded"),
            _picked().label("picked"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .where(condition)
        .offset(0)  # keeps a planner from working every sum out again for each use of it
        .subquery("line")
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _lines(condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            _line,
            _product.c.category,
            _product.c.is_fresh,
            _product.c.is_fragile,
            _order.c.area,
            _order.c.building,
            _handed().label("handed"),
            _refunded().label("refunded_fen"),
            _order_refunded().label("order_refunded"),
            _picked().label("picked"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .join(_product, _product.c.id == _line.c.product_id)
        .where(condition)
        .order_by(_line.c.order_id, _line.c.id)
    )


def _line_of(row: Row[Any]) -> Line:
    return Line(
        id=row.id,
        order_id=row.order_id,
        product_id=row.product_id,
        product=row.product_name,
        unit=Unit(row.sale_unit, row.unit_grams),
        quantity=row.quantity,
        amount=Money(row.amount_fen),
        handed=int(row.handed),
        picked=int(row.picked),
        refunded=Money(int(row.refunded_fen)),
        order_refunded=bool(row.order_refunded),
        cancelled=row.cancelled_at is not None,
        fresh=row.is_fresh,
        fragile=row.is_fragile,
    )


def _pick_row(group: Sequence[tuple[Row[Any], Line]]) -> PickRow:
    first, line = group[0]
    buildings: dict[Home, int] = defaultdict(int)
    for row, one in group:
        buildings[Home(area=row.area, building=row.building)] += one.quantity
    return PickRow(
        product_id=line.product_id,
        product=line.product,
        category=first.category,
        unit=line.unit,
        quantity=sum(one.quantity for _, one in group),
        to_pick=sum(one.to_pick for _, one in group),
        handed=sum(min(one.handed, one.quantity) for _, one in group),
        orders=len({one.order_id for _, one in group}),
        fresh=line.fresh,
        fragile=line.fragile,
        buildings=tuple(
            (str(home), buildings[home]) for home in sorted(buildings, key=walking_order)
        ),
    )


def _bags(
    connection: Connection,
    condition: ColumnElement[bool],
) -> list[Bag]:
    rounds = schema.buying_round
    orders = (
        select(_order, _member.c.nickname, _member.c.phone_tail, rounds.c.title)
        .join(_member, _member.c.id == _order.c.member_id)
        .outerjoin(rounds, rounds.c.id == _order.c.round_id)
        .where(condition)
        .limit(MOST_ORDERS)
    )
    rows = connection.execute(orders).all()
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in lines_of(connection, _order.c.id.in_([row.id for row in rows])):
        lines[line.order_id].append(line)
    bags = [_bag(row, lines[row.id]) for row in rows]
    return sorted(bags, key=lambda bag: (walking_order(bag.home), bag.day, bag.number))


def _bag(row: Row[Any], lines: Iterable[Line]) -> Bag:
    return Bag(
        order_id=row.id,
        number=row.number,
        round_id=row.round_id,
        round_title=row.title or "",
        member_id=row.member_id,
        name=row.nickname,
        phone_tail=row.phone_tail or "",
        home=Home(row.area, row.building, row.unit, row.room),
        day=row.pickup_day,
        slot=row.pickup_slot,
        delivery=row.delivery,
        note=row.note,
        check_reason=row.check_reason,
        version=row.version,
        lines=tuple(lines),
    )


def _meant(search: Search) -> ColumnElement[bool]:
    # "+ 0": the few days searched are the way in, never all orders somebody ever made.
    readings: list[ColumnElement[bool]] = [(_order.c.member_id + 0).in_(_members_meant(search))]
    if search.number is not None:
        readings.append(_order.c.number == search.number)
    if search.home:
        readings.append(_lives_at(search.home))
    return or_(*readings)


def _members_meant(search: Search) -> Select[Any]:
    aliases = schema.member_alias
    readings: list[ColumnElement[bool]] = [false()]
    if search.tail:
        readings.append(_member.c.phone_tail == search.tail)
    if search.phone:
        readings.append(_member.c.phone == search.phone)
    if search.letters:
        readings.append(_member.c.initials.contains(search.letters, autoescape=True))
        readings.append(_member.c.pinyin.contains(search.letters, autoescape=True))
    if search.name:
        former = aliases.c.folded_nickname.contains(search.name, autoescape=True)
        readings.append(_member.c.folded_nickname.contains(search.name, autoescape=True))
        readings.append(_member.c.id.in_(select(aliases.c.member_id).where(former)))
    return select(_member.c.id).where(or_(*readings))


def _lives_at(parts: tuple[str, ...]) -> ColumnElement[bool]:
    """Building, unit, room as typed so far: with a building named, a room's beginning will do."""
    building, unit, home = (func.lower(_order.c[name]) for name in ("building", "unit", "room"))
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


def _with_money(connection: Connection, bags: Sequence[Bag]) -> list[Bag]:
    money = money_in(connection, [bag.order_id for bag in bags])
    return [replace(bag, money=money[bag.order_id]) for bag in bags]
