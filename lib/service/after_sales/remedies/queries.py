"""Reads of what the pledge promises for a case (R10, R11)."""

from typing import Any

from sqlalchemy import Connection, Row, func, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.service.after_sales.remedies import rules
from lib.service.after_sales.remedies.rules import Facts, Pledge
from lib.service.after_sales.rules import CountedIn, Defect
from lib.shop.shop import DESK, Shop
from lib.trade.payments.queries import money_in

_case, _remedy = schema.after_sales_case, schema.case_remedy
_line, _product = schema.order_line, schema.product


def pledge_of(shop: Shop, case_id: int) -> Pledge:
    """Return what is promised at least for a case as it stands. Raises ``NotFound``."""
    return rules.pledge_for(facts_of(shop, case_id), shop.settings)


def facts_of(shop: Shop, case_id: int) -> Facts:
    """Return what the pledge of a case is worked out from. Raises ``NotFound``."""
    shop.require(DESK)
    with shop.read() as connection:
        row = connection.execute(select(_case).where(_case.c.id == case_id)).first()
        if row is None:
            raise NotFound(N_("This case does not exist."))
        return facts_in(connection, row)


def facts_for(
    shop: Shop,
    line_id: int | None,
    product_id: int | None,
    defect: Defect,
    counted: tuple[int | None, int | None, CountedIn | None] = (None, None, None),
) -> Facts:
    """Return the facts of a case that is still being typed: "n bad of m" is ``counted``."""
    shop.require(DESK)
    with shop.read() as connection:
        return _facts(connection, line_id, product_id, defect, counted, None)


def facts_in(connection: Connection, row: Row[Any]) -> Facts:
    """Return the facts of the case ``row``, inside an open transaction.

    What was let go for this very case counts as still charged: the pledge stays the same when a
    solution is completed or taken back.
    """
    counted = (row.bad, row.of_total, CountedIn(row.counted_in) if row.counted_in else None)
    return _facts(connection, row.line_id, row.product_id, Defect(row.defect), counted, row.id)


def _facts(
    connection: Connection,
    line_id: int | None,
    product_id: int | None,
    defect: Defect,
    counted: tuple[int | None, int | None, CountedIn | None],
    case_id: int | None,
) -> Facts:
    bad, of_total, counted_in = counted
    line = None
    if line_id is not None:
        line = connection.execute(select(_line).where(_line.c.id == line_id)).one()
        product_id = line.product_id
    product = None
    if product_id is not None:
        query = select(_product).where(_product.c.id == product_id)
        product = connection.execute(query).one()
    fresh = bool(product and product.is_fresh)
    daily = bool(product and product.is_daily)
    if line is None:
        unit = Unit(product.sale_unit, product.unit_grams) if product else None
        return Facts(defect, fresh, daily, unit, bad=bad, of_total=of_total, counted_in=counted_in)
    charged, left = _charged(connection, line, case_id)
    unit = Unit(line.sale_unit, line.unit_grams)
    return Facts(
        defect, fresh, daily, unit, line.quantity, charged, left, bad, of_total, counted_in
    )


def _charged(connection: Connection, line: Row[Any], case_id: int | None) -> tuple[Money, Money]:
    """Return what a line cost before complaints, and what is still charged for it."""
    money = money_in(connection, [line.order_id])[line.order_id].lines.get(line.id)
    left = money.left if money else Money(0)
    of_line = select(_case.c.id).where(_case.c.line_id == line.id)
    rows = connection.execute(
        select(_remedy.c.case_id, _remedy.c.amount_fen, _remedy.c.taken_off_fen).where(
            _remedy.c.case_id.in_(of_line), _remedy.c.undone_at.is_(None)
        )
    ).all()
    off = total(Money(row.taken_off_fen) for row in rows)
    mine = total(Money(row.amount_fen) for row in rows if row.case_id == case_id)
    return Money(line.amount_fen) + off, left + mine


def standing(connection: Connection, case_id: int) -> list[rules.Remedy]:
    """Return what was done about a case and not taken back, inside an open transaction."""
    query = select(_remedy).where(_remedy.c.case_id == case_id, _remedy.c.undone_at.is_(None))
    return [
        rules.Remedy(rules.Kind(row.kind), row.quantity, Money(row.amount_fen))
        for row in connection.execute(query.order_by(_remedy.c.id))
    ]


def still_charged(connection: Connection, line_id: int) -> Money:
    """Return what is still charged for a line, inside an open transaction."""
    order_id = connection.execute(
        select(func.max(_line.c.order_id)).where(_line.c.id == line_id)
    ).scalar_one()
    money = money_in(connection, [order_id])[order_id].lines.get(line_id)
    return money.left if money else Money(0)
