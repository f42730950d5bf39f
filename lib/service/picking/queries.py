"""Reads of picking: pick list, pack slips, and how far each order is. Bounded by day or round.

No purchase cost and no full phone number leaves this module: pick lists and slips lie about in the
shop.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select
from sqlalchemy.sql.selectable import Subquery

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.profiles.rules import Home
from lib.service.owed.queries import open_owed
from lib.service.owed.rules import Owed
from lib.service.picking import rules
from lib.service.picking.rules import Collected, Line, walking_order
from lib.shop.shop import DESK, Shop
from lib.trade.orders.queries import is_order_refunded, is_taken_off, sum_handed, sum_refunded
from lib.trade.payments.queries import money_in
from lib.trade.payments.rules import OrderMoney

MOST_ORDERS = 1000
"""No day of a neighbourhood shop has more; a list never grows beyond it."""

DAYS_AHEAD = timedelta(days=14)
"""How far ahead a pickup day can be chosen."""

_order, _line = schema.customer_order, schema.order_line
_member, _product = schema.member, schema.product


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
    ``slot_usual``: nobody said the slot, it is the one the resident usually comes in. ``owed`` are
    goods the resident has coming besides; read where they are given out (R29).
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
    slot_usual: bool = False
    owed: tuple[Owed, ...] = ()

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
    """One product of a pick list. ``buildings`` are (building, quantity) as one walks them.

    ``owed`` of ``quantity`` is no order's: goods promised to make something good (R29).
    """

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
    owed: int = 0

    @property
    def done(self) -> bool:
        """Whether everything was put out."""
        return self.to_pick == 0


def pick_list(shop: Shop, scope: Scope) -> list[PickRow]:
    """Return how much of each product to put out for ``scope`` (E7), by category and name.

    Cancelled and paid-back lines do not count; goods already handed over are not picked again.
    """
    shop.require(DESK)
    with shop.read() as connection:
        rows = connection.execute(_lines(scope.condition).limit(MOST_ORDERS * 20)).all()
        owed = owed_in(connection, scope, shop.today)
    grouped: dict[tuple[Any, ...], list[_Wanted]] = defaultdict(list)
    for row in rows:
        line = _line_of(row)
        if line.live and line.quantity:
            key = (row.product_id, row.sale_unit, row.unit_grams)
            grouped[key].append(_Wanted.ordered(row, line))
    for one in owed:
        grouped[(one.product_id, one.unit.word, one.unit.grams)].append(_Wanted.owed(one))
    picks = [_pick_row(group) for group in grouped.values()]
    return sorted(picks, key=lambda pick: (pick.category == "", pick.category, pick.product))


def owed_in(connection: Connection, scope: Scope, today: date) -> list[Owed]:
    """Return the owed goods that are put out for ``scope``: with an order of it, or by themselves.

    Those without an order belong to their day as a whole, to no slot and no round.
    """
    return [one for one in open_owed(connection, today) if _belongs(one, scope)]


def _belongs(one: Owed, scope: Scope) -> bool:
    return (
        scope.day in (None, one.pick_day)
        and scope.slot in (None, one.slot)
        and scope.round_id in (None, one.round_id)
    )


def owed_alone(shop: Shop, day: date) -> list[Owed]:
    """Return the owed goods of ``day`` that no order takes along, as one walks (R29)."""
    shop.require(DESK)
    with shop.read() as connection:
        found = owed_in(connection, Scope(day=day), shop.today)
    alone = [one for one in found if one.order_id is None]
    return sorted(alone, key=lambda one: (walking_order(one.home), one.id))


def pack_slips(shop: Shop, scope: Scope) -> list[Bag]:
    """Return one bag per order of ``scope`` as one walks the community, with the amount due (E7).

    Orders of which nothing is to be collected (all lines cancelled or paid back) have no slip.
    """
    shop.require(DESK)
    with shop.read() as connection:
        bags = with_money(connection, bags_of(connection, scope.condition))
        bags = with_owed(connection, bags, shop.today)
    return [bag for bag in bags if bag.state is not Collected.NOTHING]


def pickup_days(shop: Shop, ahead: timedelta = DAYS_AHEAD) -> list[tuple[date, int]]:
    """Return the days with active orders from a week ago on, with their number of orders.

    A day for which only owed goods are put out is among them, with none.
    """
    shop.require(DESK)
    first, last = shop.today - timedelta(days=7), shop.today + ahead
    query = (
        select(_order.c.pickup_day, func.count())
        .where(_order.c.status == "active", _order.c.pickup_day.between(first, last))
        .group_by(_order.c.pickup_day)
    )
    with shop.read() as connection:
        days = {row[0]: row[1] for row in connection.execute(query)}
        for one in open_owed(connection, shop.today):
            if one.pick_day <= last:
                days.setdefault(one.pick_day, 0)
    return sorted(days.items())


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


def progress(condition: ColumnElement[bool]) -> Select[Any]:
    """Return a statement with one row per order that meets ``condition``.

    Columns: ``order_id``, ``pickup_day``, ``pickup_slot``, ``delivery``, ``round_id`` and the
    numbers of lines still ``open_lines``, ``handed_lines`` and ``unpicked_lines``. The same
    decision as :attr:`rules.Line.outstanding`, made in the database for days of many orders.
    """
    line = _facts(condition)
    paid_back = and_(line.c.refunded_fen > 0, line.c.refunded_fen >= line.c.amount_fen)
    over = or_(paid_back, line.c.taken_off, line.c.order_refunded)
    live = and_(line.c.cancelled_at.is_(None), ~over)
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


def lines_of(connection: Connection, condition: ColumnElement[bool]) -> list[Line]:
    """Return the lines of the orders that meet ``condition``, inside an open transaction."""
    return [_line_of(row) for row in connection.execute(_lines(condition))]


def bags_of(connection: Connection, condition: ColumnElement[bool]) -> list[Bag]:
    """Return the orders that meet ``condition`` as bags in walking order, without their money."""
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


def with_money(connection: Connection, bags: Sequence[Bag]) -> list[Bag]:
    """Return ``bags`` with what each costs and what was paid, read at once."""
    money = money_in(connection, [bag.order_id for bag in bags])
    return [replace(bag, money=money[bag.order_id]) for bag in bags]


def with_owed(connection: Connection, bags: Sequence[Bag], today: date) -> list[Bag]:
    """Return ``bags`` with the owed goods that join them; nothing is read for none."""
    if not bags:
        return []
    joining: dict[int | None, list[Owed]] = defaultdict(list)
    for one in open_owed(connection, today):
        joining[one.order_id].append(one)
    return [replace(bag, owed=tuple(joining[bag.order_id])) for bag in bags]


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
            sum_handed().label("handed"),
            sum_refunded().label("refunded_fen"),
            is_taken_off().label("taken_off"),
            is_order_refunded().label("order_refunded"),
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
            sum_handed().label("handed"),
            sum_refunded().label("refunded_fen"),
            is_taken_off().label("taken_off"),
            is_order_refunded().label("order_refunded"),
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
        taken_off=bool(row.taken_off),
        order_refunded=bool(row.order_refunded),
        cancelled=row.cancelled_at is not None,
        fresh=row.is_fresh,
        fragile=row.is_fragile,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one order line, or one promise, adds to a row of the pick list."""

    product_id: int
    product: str
    category: str
    unit: Unit
    quantity: int
    to_pick: int
    handed: int
    order_id: int | None
    fresh: bool
    fragile: bool
    building: Home
    is_owed: bool = False

    @classmethod
    def ordered(cls, row: Row[Any], line: Line) -> "_Wanted":
        return cls(
            line.product_id,
            line.product,
            row.category,
            line.unit,
            line.quantity,
            line.to_pick,
            min(line.handed, line.quantity),
            row.order_id,
            line.fresh,
            line.fragile,
            Home(area=row.area, building=row.building),
        )

    @classmethod
    def owed(cls, one: Owed) -> "_Wanted":
        return cls(
            one.product_id,
            one.product,
            one.category,
            one.unit,
            one.quantity,
            one.to_pick,
            min(one.given, one.quantity),
            one.order_id,
            one.fresh,
            one.fragile,
            Home(area=one.home.area, building=one.home.building),
            is_owed=True,
        )


def _pick_row(group: Sequence[_Wanted]) -> PickRow:
    first = group[0]
    buildings: dict[Home, int] = defaultdict(int)
    for one in group:
        buildings[one.building] += one.quantity
    return PickRow(
        product_id=first.product_id,
        product=first.product,
        category=first.category,
        unit=first.unit,
        quantity=sum(one.quantity for one in group),
        to_pick=sum(one.to_pick for one in group),
        handed=sum(one.handed for one in group),
        orders=len({one.order_id for one in group if one.order_id is not None}),
        fresh=first.fresh,
        fragile=first.fragile,
        buildings=tuple(
            (str(home), buildings[home]) for home in sorted(buildings, key=walking_order)
        ),
        owed=sum(one.quantity for one in group if one.is_owed),
    )


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
        slot_usual=row.slot_usual,
    )
