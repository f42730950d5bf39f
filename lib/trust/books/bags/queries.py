"""Reads bags into which something else went than the rule says: the few of them, always live."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from lib.db import schema
from lib.shop.settings import Settings
from lib.trade.packaging.rules import FOR_FRAGILE, Packaging, cost_of, material_on
from lib.trust.books.rules import BAG

_packed, _order = schema.packed_material, schema.customer_order
_line, _product = schema.order_line, schema.product


def unlike_the_rule(
    connection: Connection, settings: Settings, of_scope: ColumnElement[bool]
) -> dict[int, int]:
    """Return per product what bags took beyond the rule, less what they took below it.

    In fen times :data:`BAG`, in equal parts to the goods the material protects, to all of the bag
    where it has none. ``of_scope`` says which orders. Material whose rule is switched off costs
    nothing here either.
    """
    query = (
        select(
            _packed.c.order_id,
            _packed.c.material,
            (_packed.c.quantity - _packed.c.ruled).label("more"),
            _order.c.pickup_day,
            _line.c.product_id,
            _product.c.is_fresh,
            _product.c.is_fragile,
        )
        .join(_order, _order.c.id == _packed.c.order_id)
        .join(_line, _line.c.order_id == _order.c.id)
        .join(_product, _product.c.id == _line.c.product_id)
        .where(
            _packed.c.quantity != _packed.c.ruled,
            of_scope,
            _order.c.status == "active",
            _line.c.cancelled_at.is_(None),
            _line.c.quantity > 0,
        )
        .order_by(_packed.c.order_id, _packed.c.material, _line.c.id)
    )
    bags: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        bags[(row.order_id, row.material)].append(row)
    found: dict[int, int] = defaultdict(int)
    for (_order_id, material), rows in bags.items():
        if Packaging(material) in material_on(settings, rows[0].pickup_day):
            fen = rows[0].more * cost_of(Packaging(material), settings).fen
            bearing = _bearing(Packaging(material), rows)
            for row in bearing:
                found[row.product_id] += fen * BAG // len(bearing)
    return found


def _bearing(material: Packaging, rows: Sequence[Any]) -> Sequence[Any]:
    name = "is_fragile" if material in FOR_FRAGILE else "is_fresh"
    return [row for row in rows if getattr(row, name)] or rows
