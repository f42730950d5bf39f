"""Reads what was sold and delivered in a month, by product and by supplier (R32).

Sums that the books keep per product and day (``demand_day``, ``stock_day``) say what was sold, so
that a month costs the same whatever lies in the books beside it. Only goods that came from several
suppliers are looked up in the ledger of stock.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, case, func, select

from lib.db import schema
from lib.service.ledger.rules import month_before, month_of
from lib.service.ledger.trade.rules import shared

_TO_RESIDENTS = ("sold", "returned", "assigned")

_product, _batch, _movement = schema.product, schema.batch, schema.stock_movement
_term, _demand, _shelf = schema.supply_term, schema.demand_day, schema.stock_day


@dataclass(frozen=True)
class Trade:
    """What was sold and delivered in a month and the one before it.

    ``sold`` per product and ``by_supplier`` per supplier and product are sale units;
    ``suppliers_of`` names who delivered a product. The keys of all are (month's first day, …).
    """

    sold: Mapping[tuple[date, int], Fraction]
    by_supplier: Mapping[tuple[date, int], Fraction]
    by_goods: Mapping[tuple[date, int, int], Fraction]
    deliveries: Mapping[tuple[date, int], int]
    suppliers_of: Mapping[tuple[date, int], tuple[int, ...]]

    def sole(self, month: date, product_id: int | None) -> int | None:
        """Return the only supplier of a product in a month; None where there are several."""
        found = self.suppliers_of.get((month, product_id), ()) if product_id else ()
        return found[0] if len(found) == 1 else None


def trade(connection: Connection, month: date, supplier_id: int | None = None) -> Trade:
    """Return what was sold and delivered in ``month`` (a first day) and in the month before.

    With ``supplier_id`` of the goods alone that this supplier delivered.
    """
    months = (month, month_before(month))
    came = _came(connection, month, supplier_id)
    product_ids = {product_id for _month, _one, product_id in came} if supplier_id else None
    if supplier_id is not None:
        product_ids = {*(product_ids or ()), *_termed(connection, supplier_id)}
        came = _came(connection, month, None, product_ids)
    terms = _terms(connection)
    sold = _sold(connection, months, product_ids)
    suppliers_of: dict[tuple[date, int], tuple[int, ...]] = {}
    for each in months:
        around = {each, month_before(each)}
        by_goods: dict[int, set[int]] = defaultdict(set)
        for arrived, source, product_id in came:
            if arrived in around:
                by_goods[product_id].add(source)
        for product_id in {product for _month, product in sold} | by_goods.keys():
            known = by_goods.get(product_id) or terms.get(product_id, set())
            suppliers_of[each, product_id] = tuple(sorted(known))
    several = {product for (_month, product), who in suppliers_of.items() if len(who) > 1}
    taken = _taken(connection, months, several)
    by_supplier: dict[tuple[date, int], Fraction] = defaultdict(Fraction)
    by_goods_of: dict[tuple[date, int, int], Fraction] = {}
    for (each, product_id), who in suppliers_of.items():
        parts = shared(
            sold.get((each, product_id), Fraction()), taken.get((each, product_id), {}), who
        )
        for source, part in parts.items():
            by_supplier[each, source] += part
            by_goods_of[each, source, product_id] = part
    deliveries: Counter[tuple[date, int]] = Counter()
    for (arrived, source, _product_id), count in came.items():
        deliveries[arrived, source] += count
    return Trade(sold, by_supplier, by_goods_of, deliveries, suppliers_of)


def _came(
    connection: Connection,
    month: date,
    supplier_id: int | None,
    product_ids: Collection[int] | None = None,
) -> dict[tuple[date, int, int], int]:
    """Return how many batches came, by month, supplier and product, in ``month`` and two before."""
    before = month_before(month)
    firsts = (month, before, month_before(before))
    query = (
        select(
            _batch.c.supplier_id,
            _batch.c.product_id,
            *(
                func.sum(case((_batch.c.arrived_on.between(*month_of(each)), 1), else_=0))
                for each in firsts
            ),
        )
        .where(
            _batch.c.arrived_on.between(firsts[-1], month_of(month)[1]),
            _batch.c.undone_at.is_(None),
        )
        .group_by(_batch.c.supplier_id, _batch.c.product_id)
    )
    if supplier_id is not None:
        query = query.where(_batch.c.supplier_id == supplier_id)
    if product_ids is not None:
        query = query.where(_batch.c.product_id.in_(product_ids))
    return {
        (first, source, product_id): int(count)
        for source, product_id, *counts in connection.execute(query)
        for first, count in zip(firsts, counts, strict=True)
        if count
    }


def _termed(connection: Connection, supplier_id: int) -> set[int]:
    query = select(_term.c.product_id).where(
        _term.c.supplier_id == supplier_id, _term.c.ended_at.is_(None)
    )
    return set(connection.execute(query).scalars())


def _terms(connection: Connection) -> dict[int, set[int]]:
    """Return who delivers a product by the terms: for goods of which no batch was entered."""
    query = select(_term.c.product_id, _term.c.supplier_id).where(_term.c.ended_at.is_(None))
    found: dict[int, set[int]] = defaultdict(set)
    for product_id, source in connection.execute(query):
        found[product_id].add(source)
    return found


def _sold(
    connection: Connection, months: tuple[date, ...], product_ids: Collection[int] | None
) -> dict[tuple[date, int], Fraction]:
    """Return the sale units sold, by month and product."""
    goods: Any = select(_product.c.id) if product_ids is None else product_ids
    units = dict(
        connection.execute(
            select(_product.c.id, _product.c.unit_grams).where(_product.c.unit_grams.is_not(None))
        )
        .tuples()
        .all()
    )
    found: dict[tuple[date, int], Fraction] = defaultdict(Fraction)
    for table, column in ((_demand, _demand.c.ordered), (_shelf, _shelf.c.shelf_sold)):
        for first in months:
            query = (
                select(table.c.product_id, func.sum(column))
                .where(table.c.product_id.in_(goods), table.c.day.between(*month_of(first)))
                .group_by(table.c.product_id)
            )
            for product_id, quantity in connection.execute(query):
                if quantity:
                    found[first, product_id] += Fraction(int(quantity), units.get(product_id, 1))
    return found


def _taken(
    connection: Connection, months: tuple[date, ...], product_ids: Collection[int]
) -> dict[tuple[date, int], dict[int, int]]:
    """Return what left out of the batches of each supplier, by month and product."""
    found: dict[tuple[date, int], dict[int, int]] = defaultdict(dict)
    for first in months if product_ids else ():
        query = (
            select(_movement.c.product_id, _batch.c.supplier_id, func.sum(-_movement.c.quantity))
            .join(_batch, _batch.c.id == _movement.c.batch_id)
            .where(
                _movement.c.product_id.in_(product_ids),
                _movement.c.business_day.between(*month_of(first)),
                _movement.c.kind.in_(_TO_RESIDENTS),
            )
            .group_by(_movement.c.product_id, _batch.c.supplier_id)
        )
        for product_id, source, quantity in connection.execute(query):
            found[first, product_id][source] = int(quantity)
    return found
