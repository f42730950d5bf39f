"""Reads what happened to every product: settled days from their sums, others from the ledgers.

Three statements over the ledgers (order lines, movements, counter), each by product and day; what
they find is what :mod:`lib.trust.books.sums.commands` settles.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)

from lib.db import schema
from lib.trust.books.rules import BAG, Sums

_order, _line, _product = schema.customer_order, schema.order_line, schema.product
_movement, _batch, _counter = schema.stock_movement, schema.batch, schema.stock_day
_day, _sum = schema.settled_day, schema.settled_sum

Stretch = tuple[date, date]
"""Days from the first to the last, both included."""

TRADE = ("sold", "amount_fen", "bags", "wraps")
COUNTER = ("counter", "returned")
STOCK = ("gone", "gone_value", "loose", "lost", "lost_value", "lost_loose")
COLUMNS = (*TRADE, *COUNTER, *STOCK)
_WARM = "warm_bags"
_FIELDS = ("sold", "amount_fen", "bags", _WARM, "wraps", *COUNTER, *STOCK)
"""The fields of :class:`Sums` as the statements name them."""

_TO_RESIDENTS = ("sold", "returned", "assigned")
_LOST = ("wasted", "counted")


@dataclass(frozen=True)
class Kept:
    """How the days of a window are kept: stretches that are settled, and those that are not."""

    first: date
    last: date
    settled: tuple[Stretch, ...]
    open: tuple[Stretch, ...]


def sums(
    connection: Connection,
    first: date,
    last: date,
    warm: Collection[Stretch],
    product_ids: Collection[int] | None = None,
) -> dict[int, Sums]:
    """Return the sums of every product something happened to from ``first`` to ``last``.

    ``warm`` are the days in whose bags an ice pack lies; ``product_ids`` None means every product.
    """
    kept = how_kept(connection, first, last)
    found: dict[int, list[int]] = defaultdict(lambda: [0] * len(_FIELDS))
    if kept.settled:
        of_days: ColumnElement[bool] = _sum.c.day.between(kept.settled[0][0], kept.settled[-1][1])
        if len(kept.settled) > 1:
            of_days &= _sum.c.day.not_in([day for each in kept.open for day in days_of(each)])
        settled = (
            select(_sum.c.product_id, *_added(_sum.c, COLUMNS), _warm_bags(_sum.c, warm, kept))
            .where(_sum.c.product_id.in_(_asked(product_ids)), of_days)
            .group_by(_sum.c.product_id)
        )
        _join(found, connection, settled)
    if kept.open:
        for source, columns in _sources(kept.open, product_ids):
            part = source.subquery("part")
            more = [_warm_bags(part.c, warm, kept)] if "bags" in columns else []
            query = select(part.c.product_id, *_added(part.c, columns), *more)
            _join(found, connection, query.group_by(part.c.product_id))
    return {product_id: Sums(*values) for product_id, values in found.items()}


def how_kept(connection: Connection, first: date, last: date) -> Kept:
    """Return which days from ``first`` to ``last`` are settled, as stretches."""
    days = set(
        connection.execute(select(_day.c.day).where(_day.c.day.between(first, last))).scalars()
    )
    settled: list[Stretch] = []
    open_: list[Stretch] = []
    for day in days_of((first, last)):
        stretches = settled if day in days else open_
        joins = bool(stretches) and stretches[-1][1] + timedelta(days=1) == day
        stretches.append((stretches.pop()[0] if joins else day, day))
    return Kept(first, last, tuple(settled), tuple(open_))


def days_of(stretch: Stretch) -> list[date]:
    """Return every day of a stretch."""
    first, last = stretch
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def day_rows(stretch: Stretch) -> list[tuple[Select[Any], tuple[str, ...]]]:
    """Return the statements that read one stretch from the ledgers, by product and day."""
    return _sources((stretch,), None)


def trade(wanted: ColumnElement[bool], product_ids: Collection[int] | None = None) -> Select[Any]:
    """Return the statement that adds up the standing lines of active orders, per product and day.

    A bag belongs in equal parts to the goods of its order that need it; a line of which nothing
    came needs none.
    """
    some = _line.c.quantity > 0
    fresh = case((and_(some, _product.c.is_fresh == true()), 1), else_=0)
    fragile = case((and_(some, _product.c.is_fragile == true()), 1), else_=0)
    lines = (
        select(
            _line.c.product_id,
            _order.c.pickup_day.label("day"),
            _line.c.quantity,
            _line.c.amount_fen,
            fresh.label("fresh"),
            fragile.label("fragile"),
            func.sum(fresh).over(partition_by=_line.c.order_id).label("fresh_goods"),
            func.sum(fragile).over(partition_by=_line.c.order_id).label("fragile_goods"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .join(_product, _product.c.id == _line.c.product_id)
        .where(wanted, _order.c.status == "active", _line.c.cancelled_at.is_(None))
        .subquery("line")
    )
    share = literal(BAG, literal_execute=True)
    query = select(
        lines.c.product_id,
        lines.c.day,
        func.sum(lines.c.quantity).label("sold"),
        func.sum(lines.c.amount_fen).label("amount_fen"),
        func.sum(case((lines.c.fresh == 1, share // lines.c.fresh_goods), else_=0)).label("bags"),
        func.sum(case((lines.c.fragile == 1, share // lines.c.fragile_goods), else_=0)).label(
            "wraps"
        ),
    )
    if product_ids is not None:
        query = query.where(lines.c.product_id.in_(product_ids))
    return query.group_by(lines.c.product_id, lines.c.day)


def stock(*wanted: ColumnElement[bool], of_lines: bool = False) -> Select[Any]:
    """Return the statement that values what left, per product and day.

    Reversals have the kind and the day of what they take back, so they cancel it. The price of a
    batch is per its own sale unit; it is brought to that of the product. What keeps a promise or
    is a gift is no sale, also when it is assigned to a batch later. ``of_lines`` joins the order
    lines and orders for ``wanted`` to name.
    """
    out = -_movement.c.quantity
    per = func.coalesce(_product.c.unit_grams, 1), func.coalesce(_batch.c.unit_grams, 1)
    value = case(
        (per[0] == per[1], out * _batch.c.unit_price_fen),
        else_=out * _batch.c.unit_price_fen * per[0] // per[1],
    )
    priced = _batch.c.unit_price_fen.is_not(None)
    left = _movement.c.kind.in_(_TO_RESIDENTS)
    kinds = (*_TO_RESIDENTS, *_LOST) if not of_lines else _TO_RESIDENTS
    columns = {
        "gone": (and_(left, priced), out),
        "gone_value": (and_(left, priced), value),
        "loose": (and_(left, ~priced), out),
        "lost": (and_(~left, priced), out),
        "lost_value": (and_(~left, priced), value),
        "lost_loose": (and_(~left, ~priced), out),
    }
    if of_lines:
        columns["came_back"] = (_movement.c.kind == "returned", _movement.c.quantity)
    query = (
        select(
            _movement.c.product_id,
            _movement.c.business_day.label("day"),
            *(func.sum(case(chosen, else_=0)).label(name) for name, chosen in columns.items()),
        )
        .join(_product, _product.c.id == _movement.c.product_id)
        .outerjoin(_batch, _batch.c.id == _movement.c.batch_id)
        .where(
            _movement.c.kind.in_(kinds),
            _movement.c.owed_handover_id.is_(None),
            _movement.c.gift_id.is_(None),
            *wanted,
        )
    )
    if of_lines:
        query = query.join(_line, _line.c.id == _movement.c.line_id).join(
            _order, _order.c.id == _line.c.order_id
        )
    return query.group_by(_movement.c.product_id, _movement.c.business_day)


def _sources(
    days: Sequence[Stretch], product_ids: Collection[int] | None
) -> list[tuple[Select[Any], tuple[str, ...]]]:
    moved = (
        _movement.c.product_id.in_(_asked(product_ids)),
        _within(_movement.c.business_day, days),
    )
    counter = select(
        _counter.c.product_id,
        _counter.c.day,
        _counter.c.shelf_sold.label("counter"),
        _counter.c.returned,
    ).where(_counter.c.product_id.in_(_asked(product_ids)), _within(_counter.c.day, days))
    return [
        (trade(_within(_order.c.pickup_day, days), product_ids), TRADE),
        (stock(*moved), STOCK),
        (counter, COUNTER),
    ]


def _asked(product_ids: Collection[int] | None) -> Any:
    """Return the products to read, named so that their days are read from the index in one go."""
    return select(_product.c.id) if product_ids is None else product_ids


def _within(day: ColumnElement[Any], stretches: Sequence[Stretch]) -> ColumnElement[bool]:
    """Return whether ``day`` lies in ``stretches``, so that an index is read from day to day."""
    if len(stretches) == 1:
        return day.between(*stretches[0])
    return day.in_([each for stretch in stretches for each in days_of(stretch)])


def _added(columns: Any, names: Iterable[str]) -> list[ColumnElement[Any]]:
    return [func.sum(columns[name]).label(name) for name in names]


def _warm_bags(columns: Any, warm: Collection[Stretch], kept: Kept) -> ColumnElement[Any]:
    """Return the sum of the bags of ``warm`` days; a window warm throughout asks no day."""
    if not warm:
        return literal(0).label(_WARM)
    if any(first <= kept.first and kept.last <= last for first, last in warm):
        return func.sum(columns.bags).label(_WARM)
    days = or_(*(columns.day.between(*stretch) for stretch in warm))
    return func.sum(case((days, columns.bags), else_=0)).label(_WARM)


def _join(found: dict[int, list[int]], connection: Connection, query: Select[Any]) -> None:
    """Add what ``query`` says of each product to the fields its columns name."""
    rows = connection.execute(query)
    places = [_FIELDS.index(name) for name in list(rows.keys())[1:]]
    for product_id, *values in rows.all():
        mine = found[product_id]
        for place, value in zip(places, values, strict=True):
            mine[place] += int(value or 0)
