"""Reads of what was really charged; they take a ``connection`` and serve reads and writes alike.

Lines of a product lie side by side in the order of their orders, whose ids rise with time
(``ix_order_line_product_id_order_id``), so a window is one range of ids for any number of products.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from lib.db import schema
from lib.kernel.clock import day_bounds, local_day
from lib.kernel.money import Money, half_up
from lib.shop.settings import Settings
from lib.trade.charged import rules
from lib.trade.charged.rules import Charge, Lowest
from lib.trade.payments.queries import money_in

_product, _line, _order = schema.product, schema.order_line, schema.customer_order
_payment, _past = schema.payment, schema.past_day
_ZONE = Settings().time_zone
LOOKED_BACK = 40
"""Lines looked at together when the newest sale of a product was given back."""
NEWEST_LOOKED_AT = 200
"""Orders looked at to find the last id before a moment."""


@dataclass(frozen=True)
class Standing:
    """An offer of ``product_id`` at ``price`` per sale unit, begun at ``started`` (UTC)."""

    product_id: int
    price: Money
    started: datetime


def charged_before(
    connection: Connection,
    product_ids: Iterable[int],
    at: datetime,
    days: int,
    zone_name: str = _ZONE,
) -> dict[int, Lowest]:
    """Return per product the lowest price charged in the ``days`` before ``at``, else the last one.

    See :func:`lib.trade.charged.rules.lowest_before`. Prices are per sale unit as the product is
    sold now. Products that were never sold are not in the answer.
    """
    wanted = _sold_by(connection, product_ids)
    found = _charges(connection, wanted, at - timedelta(days=days), at, zone_name)
    without = [product_id for product_id in wanted if product_id not in found]
    found |= _last_before(connection, wanted, without, at - timedelta(days=days), zone_name)
    lowest = {each: rules.lowest_before(charges, at, days) for each, charges in found.items()}
    return {each: one for each, one in lowest.items() if one is not None}


def charged_for_offers(
    connection: Connection,
    offers: Iterable[Standing],
    now: datetime,
    days: int,
    zone_name: str = _ZONE,
) -> dict[Standing, Lowest]:
    """Return for each offer what a price beside it may be at most; missing: never charged.

    See :func:`lib.trade.charged.rules.lowest_for_offer`.
    """
    found: dict[Standing, Lowest] = {}
    by_start: dict[datetime, list[Standing]] = {}
    for offer in offers:
        by_start.setdefault(min(offer.started, now), []).append(offer)
    for began, group in by_start.items():
        wanted = _sold_by(connection, [offer.product_id for offer in group])
        earliest = began - timedelta(days=days)
        before = _charges(connection, wanted, earliest, began, zone_name)
        since = _charges(connection, wanted, began, now, zone_name) if began < now else {}
        without = [each for each in wanted if each not in before]
        last = _last_before(connection, wanted, without, earliest, zone_name)
        for offer in group:
            charges = [
                one for part in (before, since, last) for one in part.get(offer.product_id, ())
            ]
            lowest = rules.lowest_for_offer(charges, began, offer.price, now, days)
            if lowest is not None:
                found[offer] = lowest
    return found


def _sold_by(connection: Connection, product_ids: Iterable[int]) -> dict[int, int | None]:
    """Return the grams of the sale unit of each product; None for goods sold by the piece."""
    query = select(_product.c.id, _product.c.unit_grams).where(
        _product.c.id.in_(sorted(set(product_ids)))
    )
    return {row.id: row.unit_grams for row in connection.execute(query)}


def _charges(
    connection: Connection,
    wanted: Mapping[int, int | None],
    start: datetime,
    end: datetime,
    zone_name: str,
) -> dict[int, list[Charge]]:
    """Return what was charged in the half-open window, each price once with its last moment."""
    found: dict[int, list[Charge]] = {}
    if not wanted:
        return found
    span = connection.execute(orders_placed(start, end)).one()
    if span.first is not None:
        without = _given_back(connection, span.first, span.last)
        query = prices_charged(wanted, (span.first, span.last), start, end, without)
        for row in connection.execute(query):
            price = _per_unit(row, wanted[row.product_id])
            found.setdefault(row.product_id, []).append(Charge(row.last_at, price))
    days = (_past.c.day >= local_day(start, zone_name)) & (_past.c.day <= local_day(end, zone_name))
    for row in connection.execute(_past_days(wanted, days)):
        charge = _average(row, wanted[row.product_id], end, zone_name)
        if charge is not None and start <= charge.at:
            found.setdefault(row.product_id, []).append(charge)
    return found


def orders_placed(start: datetime, end: datetime) -> Select[Any]:
    """Return the query for the first and last order placed in a half-open window."""
    return select(func.min(_order.c.id).label("first"), func.max(_order.c.id).label("last")).where(
        _order.c.placed_at >= start, _order.c.placed_at < end
    )


def prices_charged(
    wanted: Collection[int],
    span: tuple[int, int],
    start: datetime,
    end: datetime,
    without: Collection[int] = (),
) -> Select[Any]:
    """Return the query for the prices charged of ``wanted`` products in a window of order ids."""
    query = (
        select(
            _line.c.product_id,
            _line.c.unit_price_fen,
            _line.c.unit_grams,
            func.max(_order.c.placed_at).label("last_at"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .where(
            _line.c.product_id.in_(sorted(wanted)),
            _line.c.order_id.between(*span),
            _order.c.placed_at >= start,
            _order.c.placed_at < end,
            *_was_charged(),
        )
        .group_by(_line.c.product_id, _line.c.unit_price_fen, _line.c.unit_grams)
    )
    return query.where(_line.c.id.not_in(sorted(without))) if without else query


def _was_charged() -> tuple[ColumnElement[bool], ...]:
    return (
        _order.c.status == "active",
        _line.c.cancelled_at.is_(None),
        _line.c.quantity > 0,
        _line.c.unit_price_fen > 0,
    )


def _given_back(connection: Connection, first: int, last: int) -> set[int]:
    """Return the lines of orders ``first`` to ``last`` whose money was given back in full."""
    refunded = (
        select(_payment.c.order_id)
        .where(
            _payment.c.order_id.between(first, last),
            _payment.c.kind == "refund",
            _payment.c.forgiven_fen > 0,
        )
        .distinct()
    )
    return _lines_given_back(connection, connection.execute(refunded).scalars().all())


def _lines_given_back(connection: Connection, order_ids: Collection[int]) -> set[int]:
    if not order_ids:
        return set()
    money = money_in(connection, sorted(order_ids))
    return {line for each in money.values() for line in rules.given_back(each)}


def _last_before(
    connection: Connection,
    wanted: Mapping[int, int | None],
    product_ids: Collection[int],
    before: datetime,
    zone_name: str,
) -> dict[int, list[Charge]]:
    """Return the last thing charged of each product before a moment, from books and past."""
    found: dict[int, list[Charge]] = {}
    if not product_ids:
        return found
    for product_id, row in _last_lines(connection, product_ids, before).items():
        price = _per_unit(row, wanted[product_id])
        found.setdefault(product_id, []).append(Charge(row.placed_at, price))
    newest = (
        select(_past.c.product_id, func.max(_past.c.day).label("day"))
        .where(
            _past.c.product_id.in_(sorted(product_ids)),
            _past.c.day < local_day(before, zone_name),
            _past.c.sold > 0,
            _past.c.amount_fen > 0,
        )
        .group_by(_past.c.product_id)
        .subquery("newest")
    )
    same = (_past.c.product_id == newest.c.product_id) & (_past.c.day == newest.c.day)
    for row in connection.execute(select(_past).join(newest, same)):
        charge = _average(row, wanted[row.product_id], before, zone_name)
        if charge is not None:
            found.setdefault(row.product_id, []).append(charge)
    return found


def _last_lines(
    connection: Connection, product_ids: Collection[int], before: datetime
) -> dict[int, Row[Any]]:
    """Return the last charged line of each product placed before a moment."""
    last = connection.execute(_newest_before(before)).scalar()
    if last is None:
        return {}
    newest = _lines_before(_line.c.product_id == _product.c.id, before, last).limit(1)
    query = select(_product.c.id, newest.with_only_columns(_line.c.id).scalar_subquery()).where(
        _product.c.id.in_(sorted(product_ids))
    )
    ids = [row[1] for row in connection.execute(query) if row[1] is not None]
    if not ids:
        return {}
    rows = connection.execute(_lines().where(_line.c.id.in_(ids))).all()
    back = _lines_given_back(connection, {row.order_id for row in rows})
    found = {row.product_id: row for row in rows if row.id not in back}
    for row in rows:
        if row.id in back:
            last = _last_kept(connection, row.product_id, before, row.order_id)
            if last is not None:
                found[row.product_id] = last
    return found


def _last_kept(
    connection: Connection, product_id: int, before: datetime, below: int
) -> Row[Any] | None:
    """Return the last line of a product in orders below ``below`` that was not given back."""
    while True:
        query = _lines_before(_line.c.product_id == product_id, before, below)
        rows = connection.execute(query.limit(LOOKED_BACK)).all()
        back = _lines_given_back(connection, {row.order_id for row in rows})
        kept = next((row for row in rows if row.id not in back), None)
        if kept is not None or len(rows) < LOOKED_BACK:
            return kept
        below = rows[-1].order_id - 1


def _lines() -> Select[Any]:
    return select(
        _line.c.id,
        _line.c.order_id,
        _line.c.product_id,
        _line.c.unit_price_fen,
        _line.c.unit_grams,
        _order.c.placed_at,
    ).join(_order, _order.c.id == _line.c.order_id)


def _newest_before(before: datetime) -> Select[Any]:
    """Return the query for the last id of the orders placed before a moment.

    Ids rise with time; looking at the newest few is proof against a clock that was put back.
    """
    newest = (
        select(_order.c.id)
        .where(_order.c.placed_at < before)
        .order_by(_order.c.placed_at.desc())
        .limit(NEWEST_LOOKED_AT)
        .subquery("newest")
    )
    return select(func.max(newest.c.id))


def _lines_before(which: ColumnElement[bool], before: datetime, last: int) -> Select[Any]:
    return (
        _lines()
        .where(which, _line.c.order_id <= last, _order.c.placed_at < before, *_was_charged())
        .order_by(_line.c.order_id.desc(), _line.c.unit_price_fen)
    )


def _past_days(wanted: Collection[int], when: ColumnElement[bool]) -> Select[Any]:
    return select(_past).where(_past.c.product_id.in_(sorted(wanted)), when)


def _average(row: Row[Any], grams: int | None, end: datetime, zone_name: str) -> Charge | None:
    """Return what a sale unit came to on a past day, at its last moment before ``end``.

    None where the file gave no amount or nothing was sold.
    """
    if row.sold <= 0 or not row.amount_fen or row.amount_fen < 0:
        return None
    starts, ends = day_bounds(row.day, zone_name)
    if starts >= end:
        return None
    price = Money(half_up(Decimal(row.amount_fen) * (grams or 1) / row.sold))
    if not price:
        return None
    return Charge(min(ends, end) - timedelta(microseconds=1), price, averaged=True)


def _per_unit(row: Row[Any], grams: int | None) -> Money:
    """Return the price of a line for the unit the product is sold by now."""
    price = Money(row.unit_price_fen)
    if not grams or not row.unit_grams or grams == row.unit_grams:
        return price
    return Money(half_up(Decimal(price.fen) * grams / row.unit_grams))
