"""Reads what was sold and delivered in a month, by product and by supplier (R32).

Sums that the books keep per product and day (``demand_day``, ``stock_day``) say what was sold, so
that a month costs the same whatever lies in the books beside it. Only goods that came from several
suppliers are looked up in the ledger of stock.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
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

    ``sold`` per product and ``by_supplier`` per supplier are sale units, by the first day of their
    month; ``deliveries`` counts batches likewise. ``suppliers_of`` names who delivered a product in
    either month.
    """

    sold: Mapping[tuple[date, int], Fraction]
    by_supplier: Mapping[tuple[date, int], Fraction]
    deliveries: Mapping[tuple[date, int], int]
    suppliers_of: Mapping[int, tuple[int, ...]]

    def sole(self, product_id: int | None) -> int | None:
        """Return the only supplier of a product; None where there are several, or none."""
        found = self.suppliers_of.get(product_id, ()) if product_id else ()
        return found[0] if len(found) == 1 else None


def trade(connection: Connection, month: date, supplier_id: int | None = None) -> Trade:
    """Return what was sold and delivered in ``month`` (a first day) and in the month before.

    With ``supplier_id`` of the goods alone that this supplier delivered.
    """
    months = (month, month_before(month))
    came = _came(connection, months, supplier_id)
    product_ids = None
    if supplier_id is not None:
        product_ids = {product_id for _month, _source, product_id in came}
        product_ids |= _termed(connection, supplier_id)
        came = _came(connection, months, None, product_ids)
    sold = _sold(connection, months, product_ids)
    suppliers_of = _suppliers_of(connection, came, {product for _month, product in sold})
    several = {product for product, who in suppliers_of.items() if len(who) > 1}
    taken = _taken(connection, months, several)
    by_supplier: dict[tuple[date, int], Fraction] = defaultdict(Fraction)
    for (each, product_id), amount in sold.items():
        who = suppliers_of[product_id]
        for source, part in shared(amount, taken.get((each, product_id), {}), who).items():
            by_supplier[each, source] += part
    deliveries: Counter[tuple[date, int]] = Counter()
    for (arrived, source, _product_id), count in came.items():
        deliveries[arrived, source] += count
    return Trade(sold, by_supplier, deliveries, suppliers_of)


def _suppliers_of(
    connection: Connection, came: Iterable[tuple[date, int, int]], sold: Iterable[int]
) -> dict[int, tuple[int, ...]]:
    """Return who delivered each product in the two months, else who does so by the terms."""
    found: dict[int, set[int]] = defaultdict(set)
    for _month, source, product_id in came:
        found[product_id].add(source)
    missing = set(sold) - found.keys()
    terms = _terms(connection) if missing else {}
    for product_id in missing:
        found[product_id] = terms.get(product_id, set())
    return {product_id: tuple(sorted(who)) for product_id, who in found.items()}


def _came(
    connection: Connection,
    months: tuple[date, date],
    supplier_id: int | None,
    product_ids: Collection[int] | None = None,
) -> dict[tuple[date, int, int], int]:
    """Return how many batches came, by month, supplier and product, in the two ``months``."""
    this, before = months
    here = case((_batch.c.arrived_on >= this, 1), else_=0)
    query = (
        select(_batch.c.supplier_id, _batch.c.product_id, func.count(), func.sum(here))
        .where(
            _batch.c.arrived_on.between(before, month_of(this)[1]),
            _batch.c.undone_at.is_(None),
        )
        .group_by(_batch.c.supplier_id, _batch.c.product_id)
    )
    if supplier_id is not None:
        query = query.where(_batch.c.supplier_id == supplier_id)
    if product_ids is not None:
        query = query.where(_batch.c.product_id.in_(product_ids))
    found: dict[tuple[date, int, int], int] = {}
    for source, product_id, count, now in connection.execute(query):
        for month, some in ((this, int(now)), (before, count - int(now))):
            if some:
                found[month, source, product_id] = some
    return found


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
    weighed = select(_product.c.id, _product.c.unit_grams).where(_product.c.unit_grams.is_not(None))
    units: dict[int, int] = {row.id: row.unit_grams for row in connection.execute(weighed)}
    sums: Counter[tuple[date, int]] = Counter()
    for table, column in ((_demand, _demand.c.ordered), (_shelf, _shelf.c.shelf_sold)):
        for first in months:
            query = (
                select(table.c.product_id, func.sum(column))
                .where(table.c.product_id.in_(goods), table.c.day.between(*month_of(first)))
                .group_by(table.c.product_id)
            )
            for product_id, quantity in connection.execute(query).all():
                sums[first, product_id] += int(quantity)
    return {key: Fraction(sums[key], units.get(key[1], 1)) for key in sums if sums[key]}


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
