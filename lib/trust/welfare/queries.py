"""Reads of welfare items (R19): a month with its money, a year, what residents see, what is due.

What an offered item costs the shop and gives back is public, it is why it is offered; what a
planned one would cost is the owner's.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, case, func, or_, select

from lib.db import schema
from lib.kernel.clock import local_day
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money, total
from lib.kernel.months import months_later
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.language import translator
from lib.shop.messages import wording
from lib.shop.messages.events import WELFARE
from lib.shop.settings import Settings
from lib.shop.shop import DESK, OWNER_ONLY, Shop
from lib.trade.orders.queries import is_order_refunded, sum_refunded
from lib.trust.costs.draft.queries import draft, usual_scope
from lib.trust.costs.rules import Line, Part
from lib.trust.welfare import rules, texts
from lib.trust.welfare.items import (
    Due,
    Item,
    Month,
    PublicItem,
    PublicWelfare,
    Running,
    Sold,
    Waiting,
    Year,
)
from lib.trust.welfare.rules import Reason, State, Status

__all__ = [
    "Due",
    "Item",
    "Month",
    "PublicItem",
    "PublicWelfare",
    "Running",
    "Sold",
    "Waiting",
    "Year",
    "announcement",
    "cost_now",
    "due",
    "history",
    "item",
    "month",
    "public_welfare",
    "year",
]

MOST = 200
"""Items of one list at most: some eight years of them."""
NEAR_DAYS = 3
"""A planned item is pointed out so many days before its day."""

_item, _round, _product = schema.welfare_item, schema.buying_round, schema.product
_order, _line = schema.customer_order, schema.order_line


def month(shop: Shop, day: date | None = None) -> Month:
    """Return the welfare of the month of ``day`` (None: today's), called-off items last. Owner."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return _month(connection, shop, rules.month_of(day or shop.today))


def year(shop: Shop, number: int) -> Year:
    """Return every item of a year, newest first, with what each month gave back. Owner only."""
    shop.require(OWNER_ONLY)
    first = date(number, 1, 1)
    with shop.read() as connection:
        found = _items(connection, shop, _in_months(first, months_later(first, 12)))
    months = [date(number, each, 1) for each in range(1, 13)]
    by_month = [(each, total(one.given for one in found if one.month == each)) for each in months]
    newest_first = sorted(found, key=lambda one: (one.month, one.day, one.id), reverse=True)
    return Year(number, tuple(newest_first), tuple(by_month))


def history(shop: Shop) -> tuple[Item, ...]:
    """Return all items ever planned, newest first. Owner only."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return tuple(
            _items(connection, shop, _all().order_by(_item.c.month.desc(), _item.c.id.desc()))
        )


def item(shop: Shop, item_id: int) -> Item:
    """Return one item; raises ``NotFound``. Owner only."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        found = _items(connection, shop, _all().where(_item.c.id == item_id))
    if not found:
        raise NotFound(N_("This welfare item does not exist."))
    return found[0]


def announcement(shop: Shop, one: Item, address: str) -> str:
    """Return the text for the group about an item on offer; empty for any other. Owner only.

    ``address`` is that of the price page. Raises ``Refused`` when the shop's own wording claims
    what is not proven: an original price, or "at cost" without a sheet that shows it.
    """
    shop.require(OWNER_ONLY)
    if one.state is not State.RUNNING or one.cost is None or one.ends_at is None:
        return ""
    assert one.pickup_day is not None
    offer = texts.Offer(
        one.product, one.unit, one.price, one.purchase or one.cost, one.cost, one.reason,
        one.household_limit, one.available, one.ends_at, one.pickup_day,
        one.sheet if one.says_at_cost else None,
    )  # fmt: skip
    say = translator(shop.settings.language)
    values = texts.values(offer, shop.settings, shop.clock.now(), address, say)
    text = wording.said(shop, WELFARE, **values)
    claims = rules.unproven(text, at_cost=one.says_at_cost)
    if claims:
        raise Refused(
            N_("The text says {words}, and nothing proves it. Change the wording of this message."),
            words="、".join(claims),
        )
    return text


def cost_now(shop: Shop, product_id: int) -> Line | None:
    """Return the line a product would have on the next sheet; None while its cost is not known."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        found = lines_now(connection, shop.settings, shop.clock.now(), [product_id])
    return found.get(product_id)


def lines_now(
    connection: Connection, settings: Settings, now: datetime, product_ids: Collection[int]
) -> dict[int, Line]:
    """Return the lines products would have on the next sheet; without those nobody knows."""
    if not product_ids:
        return {}
    scope = replace(usual_scope(settings, now), product_ids=frozenset(product_ids))
    return {line.product_id: line for line in draft(connection, settings, now, scope).lines}


def public_welfare(shop: Shop, number: int) -> PublicWelfare:
    """Return what welfare items were really offered in a year and gave back. Public."""
    first = date(number, 1, 1)
    query = _in_months(first, months_later(first, 12)).where(_item.c.status == Status.OFFERED)
    with shop.read() as connection:
        rows = connection.execute(query).all()
        sold = _sold(connection, rows)
    zone = shop.settings.time_zone
    found = [
        _public(_read(row, sold, None, shop.clock.now()), local_day(row.offered_at, zone))
        for row in rows
        if row.unit_cost_fen is not None
    ]
    found.sort(key=lambda one: one.day, reverse=True)
    return PublicWelfare(tuple(found), total(one.given for one in found))


def due(shop: Shop) -> Due:
    """Return what is due about welfare items today. Staff see no cost and no budget."""
    shop.require(DESK)
    with shop.read() as connection:
        this = _month(connection, shop, rules.month_of(shop.today))
    found = (*this.others, *this.items)
    soon = shop.today + timedelta(days=NEAR_DAYS)
    near = [one for one in found if one.state is State.PLANNED and one.day <= soon]
    return Due(
        this.quota,
        tuple(_waiting(one, shop.today) for one in sorted(near, key=lambda one: (one.day, one.id))),
        tuple(_running(one) for one in found if one.state is State.RUNNING),
        this.meter if shop.may_see_cost else None,
    )


def _month(connection: Connection, shop: Shop, first: date) -> Month:
    is_running = and_(
        _item.c.status == Status.OFFERED,
        _round.c.cut_off_at > shop.clock.now(),
        _round.c.closed_at.is_(None),
    )
    concerns = or_(_item.c.month == first, _item.c.status == Status.PLANNED, is_running)
    everything = _items(connection, shop, _all().where(concerns))
    everything.sort(key=lambda one: (one.state is State.CANCELLED, one.day, one.id))
    found = [one for one in everything if one.month == first]
    offered = sum(one.status is Status.OFFERED for one in found)
    planned = sum(one.status is Status.PLANNED for one in found)
    return Month(
        first,
        tuple(found),
        rules.standing_of(offered, planned, first, shop.today, shop.settings),
        rules.meter(
            shop.settings.welfare_budget, [(one.state, one.given, one.most) for one in found]
        ),
        tuple(one for one in everything if one.month != first),
    )


def _all() -> Select[Any]:
    return (
        select(
            _item,
            _product.c.name.label("product"),
            _product.c.sale_unit,
            _product.c.unit_grams,
            _round.c.title.label("round_title"),
            _round.c.opens_at,
            _round.c.cut_off_at,
            _round.c.closed_at,
            _round.c.pickup_day,
        )
        .join(_product, _product.c.id == _item.c.product_id)
        .outerjoin(_round, _round.c.id == _item.c.round_id)
        .limit(MOST)
    )


def _in_months(first: date, after: date) -> Select[Any]:
    return _all().where(_item.c.month >= first, _item.c.month < after).order_by(_item.c.id)


def _items(connection: Connection, shop: Shop, query: Select[Any]) -> list[Item]:
    rows = connection.execute(query).all()
    now = shop.clock.now()
    planned = {row.product_id for row in rows if row.status == Status.PLANNED}
    costs = lines_now(connection, shop.settings, now, planned if shop.may_see_cost else ())
    sold = _sold(connection, rows)
    return [_read(row, sold, costs.get(row.product_id), now) for row in rows]


def _sold(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[int, int], Sold]:
    """Return what was ordered of offered items, by round and product."""
    offered = [row for row in rows if row.round_id is not None]
    if not offered:
        return {}
    back = sum_refunded()
    whole_line = (back > 0) & (back >= _line.c.amount_fen)
    kept = case((or_(whole_line, is_order_refunded()), 0), else_=_line.c.quantity)
    # Added to nothing, so that lines are found by the orders of the round: by the product a planner
    # would read every line that was ever ordered of it.
    same_product = _line.c.product_id + 0 == _item.c.product_id
    one_by_one = (
        select(
            _order.c.round_id,
            _line.c.product_id,
            _order.c.id.label("order_id"),
            _line.c.quantity,
            kept.label("kept"),
        )
        .select_from(_item)
        .join(_order, _order.c.round_id == _item.c.round_id)
        .join(_line, and_(_line.c.order_id == _order.c.id, same_product))
        .where(
            _item.c.id.in_({row.id for row in offered}),
            _order.c.status == "active",
            _line.c.cancelled_at.is_(None),
        )
        .subquery()
    )
    query = select(
        one_by_one.c.round_id,
        one_by_one.c.product_id,
        func.count(one_by_one.c.order_id.distinct()).label("orders"),
        func.sum(one_by_one.c.quantity).label("ordered"),
        func.sum(one_by_one.c.kept).label("kept"),
    ).group_by(one_by_one.c.round_id, one_by_one.c.product_id)
    return {
        (row.round_id, row.product_id): Sold(row.orders, int(row.ordered), int(row.kept))
        for row in connection.execute(query)
    }


def _read(
    row: Row[Any], sold: dict[tuple[int, int], Sold], today: Line | None, now: datetime
) -> Item:
    status = Status(row.status)
    body = row.body or {}
    parts = tuple((Part(name), Money(fen)) for name, fen in body.get("parts", ()))
    cost = None if row.unit_cost_fen is None else Money(row.unit_cost_fen)
    if status is Status.PLANNED and today is not None:
        parts, cost = parts_of(today), today.cost
    sheet_cost = body.get("sheet_cost")
    return Item(
        id=row.id,
        version=row.version,
        product_id=row.product_id,
        product=row.product,
        unit=Unit(*body.get("unit", (row.sale_unit, row.unit_grams))),
        month=row.month,
        planned_on=row.planned_on,
        price=Money(row.price_fen),
        household_limit=row.household_limit,
        available=row.available,
        budget=None if row.budget_fen is None else Money(row.budget_fen),
        reason=Reason(row.reason),
        note=row.note,
        status=status,
        state=rules.state_of(status, row.opens_at, row.cut_off_at, row.closed_at, now),
        round_id=row.round_id,
        round_title=row.round_title or "",
        ends_at=_ends_at(row),
        pickup_day=row.pickup_day,
        offered_at=row.offered_at,
        cost=cost,
        parts=parts,
        sheet=body.get("sheet"),
        sheet_cost=None if sheet_cost is None else Money(sheet_cost),
        sold=sold.get((row.round_id, row.product_id), Sold()),
        line=today if status is Status.PLANNED else None,
    )


def parts_of(line: Line) -> tuple[tuple[Part, Money], ...]:
    """Return what one sale unit costs, part by part, without what the shop keeps."""
    return tuple((part, amount) for part, amount in line.parts if part is not Part.KEPT)


def _ends_at(row: Row[Any]) -> datetime | None:
    ends: datetime | None = row.cut_off_at
    return min(ends, row.closed_at) if ends is not None and row.closed_at is not None else ends


def _public(one: Item, day: date) -> PublicItem:
    assert one.cost is not None
    return PublicItem(
        one.product, one.unit, one.month, day, one.price, one.cost, one.sold.kept, one.given,
        one.reason,
    )  # fmt: skip


def _waiting(one: Item, today: date) -> Waiting:
    return Waiting(one.id, one.product, one.unit, one.price, one.day, one.day < today)


def _running(one: Item) -> Running:
    assert one.round_id is not None
    assert one.ends_at is not None
    return Running(
        one.id, one.round_id, one.product, one.unit, one.price, one.household_limit, one.left,
        one.ends_at,
    )  # fmt: skip
