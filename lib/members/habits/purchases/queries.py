"""Reads of purchases. Cancelled orders and lines given back in full do not count.

Orders always stand under the file that was kept; what follows from payments is summed over the
family. This topic stands below trade, so it reads the tables of orders by the schema.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
)

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.kernel.quantity import Unit
from lib.members.habits.rules import Kind, months_back
from lib.members.profiles.queries import family_ids
from lib.shop.shop import DESK, Shop

MOST_FAVOURITES = 8
MONTHS = 6
PART = 400

_order, _line, _product = schema.customer_order, schema.order_line, schema.product
_payment, _handover, _member = schema.payment, schema.handover, schema.member


@dataclass(frozen=True)
class Favourite:
    """Goods a member buys: in how many orders, how much in all (grams or sale units), and what
    was charged for it after refunds."""

    product_id: int
    name: str
    unit: Unit
    times: int
    quantity: int
    spent: Money
    last_on: date


@dataclass(frozen=True)
class Counted:
    """In how many orders of which days a product or a category was bought."""

    kind: Kind
    product_id: int | None
    name: str
    orders: int
    from_on: date
    until_on: date


@dataclass(frozen=True)
class MonthSpent:
    """What a member paid for orders in a month and did not get back."""

    month: date
    spent: Money


def favourites(shop: Shop, member_id: int) -> tuple[Favourite, ...]:
    """Return what a member buys most often, over all time; with equal counts the latest first.

    Orders of days to come do not count yet.
    """
    shop.require(DESK)
    times = func.count(func.distinct(_order.c.id))
    last = func.max(_order.c.pickup_day)
    query = (
        select(
            _product.c.id,
            _product.c.name,
            _product.c.sale_unit,
            _product.c.unit_grams,
            times.label("times"),
            func.sum(_line.c.quantity).label("quantity"),
            func.sum(_line.c.amount_fen - _forgiven()).label("fen"),
            last.label("last_on"),
        )
        .select_from(_bought())
        .group_by(_product.c.id, _product.c.name, _product.c.sale_unit, _product.c.unit_grams)
        .order_by(times.desc(), last.desc(), _product.c.id)
        .limit(MOST_FAVOURITES)
    )
    with shop.read() as connection:
        mine = _order.c.member_id.in_(family_ids(connection, member_id))
        past = _order.c.pickup_day <= shop.today
        rows = connection.execute(query.where(mine, past, _counts())).all()
    return tuple(
        Favourite(
            row.id,
            row.name,
            Unit(row.sale_unit, row.unit_grams),
            row.times,
            int(row.quantity),
            Money(int(row.fen)),
            row.last_on,
        )
        for row in rows
    )


def counted(
    connection: Connection, member_id: int, first: date, last: date, least: int
) -> list[Counted]:
    """Return the products and categories a member bought in at least ``least`` orders.

    Of the pickup days ``first`` to ``last``; the most frequent first, products before categories.
    """
    family = family_ids(connection, member_id)
    window = and_(
        _order.c.member_id.in_(family), _order.c.pickup_day.between(first, last), _counts()
    )
    times = func.count(func.distinct(_order.c.id))
    days = (func.min(_order.c.pickup_day), func.max(_order.c.pickup_day))
    products = (
        select(_product.c.id, _product.c.name, times, *days)
        .select_from(_bought())
        .where(window)
        .group_by(_product.c.id, _product.c.name)
    )
    categories = (
        select(_product.c.category, times, *days)
        .select_from(_bought())
        .where(window, _product.c.category != "")
        .group_by(_product.c.category)
    )
    enough = times >= least
    found = [
        *(Counted(Kind.PRODUCT, *row) for row in connection.execute(products.having(enough))),
        *(
            Counted(Kind.CATEGORY, None, *row)
            for row in connection.execute(categories.having(enough))
        ),
    ]
    return sorted(found, key=lambda one: (-one.orders, one.kind is Kind.CATEGORY, one.name))


def favourite_names(
    connection: Connection, member_ids: Collection[int], since: date, most: int = 3
) -> dict[int, tuple[str, ...]]:
    """Return the names of what each of ``member_ids`` bought most often from ``since`` on."""
    times = func.count(func.distinct(_order.c.id))
    query = (
        select(_order.c.member_id, _product.c.name)
        .select_from(_bought())
        .where(_order.c.pickup_day >= since, _counts())
        .group_by(_order.c.member_id, _product.c.id, _product.c.name)
        .order_by(_order.c.member_id, times.desc(), func.max(_order.c.pickup_day).desc())
    )
    found: dict[int, list[str]] = defaultdict(list)
    ids = sorted(set(member_ids))
    for start in range(0, len(ids), PART):
        part = _order.c.member_id.in_(ids[start : start + PART])
        for row in connection.execute(query.where(part)):
            if len(found[row.member_id]) < most:
                found[row.member_id].append(row.name)
    return {member_id: tuple(names) for member_id, names in found.items()}


def visits_of(
    connection: Connection, member_ids: Collection[int], today: date, since: date | None = None
) -> dict[int, list[date]]:
    """Return the days each of ``member_ids`` was here, as :func:`was_here` tells them.

    ``since`` leaves out earlier days. One statement per 400 members.
    """
    query = select(_order.c.member_id, _order.c.pickup_day).where(was_here(today))
    if since is not None:
        query = query.where(_order.c.pickup_day >= since)
    found: dict[int, list[date]] = defaultdict(list)
    ids = sorted(set(member_ids))
    for start in range(0, len(ids), PART):
        part = _order.c.member_id.in_(ids[start : start + PART])
        for row in connection.execute(query.where(part).distinct()):
            found[row.member_id].append(row.pickup_day)
    return found


def spending(shop: Shop, member_id: int, months: int = MONTHS) -> tuple[MonthSpent, ...]:
    """Return what a member spent in each of the last ``months`` months, this one last."""
    shop.require(DESK)
    firsts = months_back(shop.today, months)
    query = select(_payment.c.business_day, func.sum(_payment.c.amount_fen).label("fen")).where(
        _payment.c.order_id.is_not(None),
        _payment.c.business_day >= firsts[0],
        _payment.c.business_day < months_later(firsts[-1], 1),
    )
    with shop.read() as connection:
        mine = _payment.c.member_id.in_(family_ids(connection, member_id))
        rows = connection.execute(query.where(mine).group_by(_payment.c.business_day)).all()
    spent = dict.fromkeys(firsts, 0)
    for row in rows:
        spent[row.business_day.replace(day=1)] += int(row.fen)
    return tuple(MonthSpent(month, Money(fen)) for month, fen in spent.items())


def was_here(today: date) -> ColumnElement[bool]:
    """Return the condition on ``customer_order`` that its resident came on its pickup day.

    Something of it was handed over; or, of a day that is over, nobody ever ticked anything of it:
    not every shop ticks. Orders that were cancelled or given back in full count as no visit.
    """
    undone = _handover.alias("undone")
    given = exists().where(
        _handover.c.order_id == _order.c.id,
        _handover.c.quantity > 0,
        not_(exists().where(undone.c.reverses_id == _handover.c.id).correlate(_handover)),
    )
    ticked = exists().where(_handover.c.order_id == _order.c.id)
    goods = exists().where(_line.c.order_id == _order.c.id, _line_counts()).correlate(_order)
    return and_(
        _order.c.pickup_day <= today,
        _order.c.status == "active",
        or_(given.correlate(_order), and_(_order.c.pickup_day < today, ~ticked.correlate(_order))),
        goods,
        not_(_order_given_back()),
    )


def _bought() -> FromClause:
    return _order.join(_line, _line.c.order_id == _order.c.id).join(
        _product, _product.c.id == _line.c.product_id
    )


def _counts() -> ColumnElement[bool]:
    """Whether a line of a join of orders and lines was bought and kept, in part at least."""
    return and_(_order.c.status == "active", _line_counts(), not_(_order_given_back()))


def _line_counts() -> ColumnElement[bool]:
    forgiven = _forgiven()
    kept = or_(not_(_has_refund(_line.c.order_id)), forgiven == 0, forgiven < _line.c.amount_fen)
    return and_(_line.c.cancelled_at.is_(None), _line.c.quantity > 0, kept)


def _forgiven() -> ColumnElement[int]:
    """What refunds took off the price of a line, in fen."""
    return (
        select(func.coalesce(func.sum(_payment.c.forgiven_fen), 0))
        .where(_payment.c.order_id == _line.c.order_id, _payment.c.line_id == _line.c.id)
        .correlate(_line)
        .scalar_subquery()
    )


def _order_given_back() -> ColumnElement[bool]:
    """Whether refunds of an order as a whole took off all its goods cost."""
    goods = _line.alias("all_goods")
    is_refund = or_(
        _payment.c.kind == "refund",
        and_(_payment.c.kind == "reversal", _payment.c.amount_fen > 0),
    )
    forgiven = (
        select(func.coalesce(func.sum(_payment.c.forgiven_fen), 0))
        .where(_payment.c.order_id == _order.c.id, _payment.c.line_id.is_(None), is_refund)
        .correlate(_order)
        .scalar_subquery()
    )
    cost = (
        select(func.coalesce(func.sum(goods.c.amount_fen), 0))
        .where(goods.c.order_id == _order.c.id, goods.c.cancelled_at.is_(None))
        .correlate(_order)
        .scalar_subquery()
    ) - (_order.c.round_off_fen + _order.c.coupon_fen)
    return and_(_has_refund(_order.c.id), forgiven > 0, forgiven >= cost)


def _has_refund(order_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether anything of an order was let go: few are, and they are found by an index alone."""
    let_go = _payment.alias("let_go")
    return exists().where(let_go.c.order_id == order_id, let_go.c.forgiven_fen != 0)
