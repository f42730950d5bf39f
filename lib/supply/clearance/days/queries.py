"""Days of every product out of the stock ledger and past figures, for the slow-mover rule.

Two statements whatever the window: one over ``stock_day`` (with the last closing before the
window), one over ``past_day``.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, func, literal, select

from lib.db import schema
from lib.kernel.money import Money, half_up
from lib.kernel.quantity import Unit
from lib.supply.clearance.rules import DayFigure, Goods, filled

_stock, _past = schema.stock_day, schema.past_day
_OUT_OF = 10_000

Ledger = dict[date, tuple[int, int, int]]


def days_of(
    connection: Connection,
    first: date,
    last: date,
    product_ids: Collection[int] | None = None,
) -> dict[int, list[DayFigure]]:
    """Return the days of each product from ``first`` to ``last``, in grams or sale units.

    Without ``product_ids`` of all products that have any.
    """
    openings, ledgers = _ledger(connection, first, last, product_ids)
    past = _past_days(connection, first, last, product_ids)
    return {
        product_id: filled(
            first,
            last,
            ledgers.get(product_id, {}),
            openings.get(product_id),
            past.get(product_id, {}),
        )
        for product_id in openings.keys() | ledgers.keys() | past.keys()
    }


def _of(column: ColumnElement[int], product_ids: Collection[int] | None) -> ColumnElement[bool]:
    return literal(True) if product_ids is None else column.in_(set(product_ids))


def _ledger(
    connection: Connection, first: date, last: date, product_ids: Collection[int] | None
) -> tuple[dict[int, int], dict[int, Ledger]]:
    """Return what lay there before ``first``, and the ledger's days, by product."""
    products = schema.product
    before = (
        select(_stock.c.closing)
        .where(_stock.c.product_id == products.c.id, _stock.c.day < first)
        .order_by(_stock.c.day.desc())
        .limit(1)
        .scalar_subquery()
    )
    lay = select(products.c.id, before).where(_of(products.c.id, product_ids))
    found = {row[0]: row[1] for row in connection.execute(lay)}
    query = select(
        _stock.c.product_id,
        _stock.c.day,
        _stock.c.received,
        (_stock.c.sold - _stock.c.returned).label("sold"),
        _stock.c.closing,
    ).where(_stock.c.product_id.in_(found), _stock.c.day.between(first, last))
    openings = {key: closing for key, closing in found.items() if closing is not None}
    ledgers: dict[int, Ledger] = defaultdict(dict)
    for product_id, day, received, sold, closing in connection.execute(query):
        ledgers[product_id][day] = (received, sold, closing)
    return openings, ledgers


def _past_days(
    connection: Connection, first: date, last: date, product_ids: Collection[int] | None
) -> dict[int, dict[date, DayFigure]]:
    query = select(
        _past.c.product_id,
        _past.c.day,
        _past.c.prepared,
        _past.c.sold,
        _past.c.sold_out,
        _past.c.loss_per_10000,
    ).where(_past.c.day.between(first, last), _of(_past.c.product_id, product_ids))
    found: dict[int, dict[date, DayFigure]] = defaultdict(dict)
    for product_id, day, prepared, sold, sold_out, loss in connection.execute(query):
        reckoned = loss is not None and _is_reckoned(prepared, sold, loss)
        found[product_id][day] = DayFigure(day, prepared, sold, sold_out, reckoned)
    return found


def _is_reckoned(prepared: int | None, sold: int, loss: int) -> bool:
    """Whether what was prepared is just what the loss rate makes of what was sold."""
    if prepared is None or loss >= _OUT_OF:
        return False
    return abs(prepared - half_up(Decimal(sold * _OUT_OF) / (_OUT_OF - loss))) <= 1


def goods_of(connection: Connection, product_ids: Collection[int]) -> dict[int, Goods]:
    """Return name, category, unit and worth of each product, archived ones too.

    Worth is the purchase price, the sale price where that is not known: it weighs a category's
    products against each other and is not shown.
    """
    products = schema.product
    query = select(
        products.c.id,
        products.c.name,
        products.c.category,
        products.c.sale_unit,
        products.c.unit_grams,
        func.coalesce(products.c.purchase_price_fen, products.c.price_fen).label("worth_fen"),
    ).where(products.c.id.in_(set(product_ids)))
    return {
        row.id: Goods(
            row.id, row.name, row.category, Unit(row.sale_unit, row.unit_grams),
            Money(row.worth_fen),
        )
        for row in connection.execute(query)
    }  # fmt: skip


def closed_days(connection: Connection, first: date, last: date) -> frozenset[date]:
    """Return the days from ``first`` to ``last`` on which the shop was closed."""
    closed = schema.closed_day
    query = select(closed.c.day).where(closed.c.day.between(first, last))
    return frozenset(connection.execute(query).scalars())


def with_past_days(connection: Connection, first: date, last: date) -> frozenset[int]:
    """Return the products of which past figures tell of a day from ``first`` to ``last``."""
    query = select(_past.c.product_id).where(_past.c.day.between(first, last)).distinct()
    return frozenset(connection.execute(query).scalars())
