"""Reads bags into which something else went than the rule says: the few of them, always live."""

from collections import defaultdict

from sqlalchemy import (
    ColumnElement,
    Connection,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)

from lib.db import schema
from lib.shop.settings import Settings
from lib.trade.packaging.rules import FOR_FRAGILE, Packaging, cost_of, material_on
from lib.trust.books.rules import BAG

_packed, _order = schema.packed_material, schema.customer_order
_line, _product = schema.order_line, schema.product


def unlike_the_rule(
    connection: Connection, settings: Settings, of_scope: ColumnElement[bool]
) -> dict[int, int]:
    """Return per product what bags took beyond what the rule counts for them, less what below it.

    In fen times :data:`BAG`, in equal parts to the goods the material protects, to all of the bag
    where it has none. ``of_scope`` says which orders. Measured against the rule as the sums count
    it now: together they come to what was really used, also where a rule was switched since, or
    its season is over. A bag of which every line was cancelled bears nothing, as in the sums.
    """
    line = _lines(of_scope)
    bearing = case((line.c.protected > 0, line.c.protected), else_=line.c.goods)
    share = literal(BAG, literal_execute=True) // bearing
    of_rule = line.c.protected > 0
    query = (
        select(
            line.c.product_id,
            line.c.material,
            line.c.day,
            of_rule.label("of_rule"),
            func.sum(line.c.used * share).label("used"),
            func.sum(share).label("once"),
        )
        .where(or_(line.c.tagged == 1, line.c.protected == 0))
        .group_by(line.c.product_id, line.c.material, line.c.day, of_rule)
    )
    found: dict[int, int] = defaultdict(int)
    for row in connection.execute(query):
        material = Packaging(row.material)
        by_rule = row.of_rule and material in material_on(settings, row.day)
        shares = int(row.used) - (int(row.once) if by_rule else 0)
        found[row.product_id] += shares * cost_of(material, settings).fen
    return found


def _lines(of_scope: ColumnElement[bool]) -> Subquery:
    """Return the goods of such bags, once per material of which something else went in."""
    fragile = _packed.c.material.in_([material.value for material in FOR_FRAGILE])
    tagged = case(
        (and_(fragile, _product.c.is_fragile == true()), 1),
        (and_(~fragile, _product.c.is_fresh == true()), 1),
        else_=0,
    )
    of_bag = (_packed.c.order_id, _packed.c.material)
    return (
        select(
            _line.c.product_id,
            _packed.c.material,
            _packed.c.quantity.label("used"),
            _order.c.pickup_day.label("day"),
            tagged.label("tagged"),
            func.sum(tagged).over(partition_by=of_bag).label("protected"),
            func.count().over(partition_by=of_bag).label("goods"),
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
        .subquery("packed_line")
    )
