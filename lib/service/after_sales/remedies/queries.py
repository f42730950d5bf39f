"""Reads of what the pledge promises for a case (R10, R11)."""

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row, func, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.service.after_sales.queries import family_of
from lib.service.after_sales.remedies import rules
from lib.service.after_sales.remedies.rules import Facts, Pledge
from lib.service.after_sales.rules import CountedIn, Defect
from lib.shop.shop import DESK, Shop
from lib.trade.payments.queries import money_in
from lib.trade.payments.rules import still_charged

_case, _remedy = schema.after_sales_case, schema.case_remedy
_line, _product = schema.order_line, schema.product
_owed, _given = schema.owed_goods, schema.owed_handover


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
        return _facts(connection, line_id, product_id, defect, counted, ())


def facts_in(connection: Connection, row: Row[Any]) -> Facts:
    """Return the facts of the case ``row``, inside an open transaction.

    What was let go for this very case, or a double of it, counts as still charged: the pledge stays
    the same when a solution is completed or taken back.
    """
    counted = (row.bad, row.of_total, CountedIn(row.counted_in) if row.counted_in else None)
    mine = family_of(connection, row.id)
    return _facts(connection, row.line_id, row.product_id, Defect(row.defect), counted, mine)


def _facts(
    connection: Connection,
    line_id: int | None,
    product_id: int | None,
    defect: Defect,
    counted: tuple[int | None, int | None, CountedIn | None],
    mine: Collection[int],
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
    charged, left, before = _charged(connection, line, mine)
    unit = Unit(line.sale_unit, line.unit_grams)
    return Facts(
        defect, fresh, daily, unit, line.quantity, charged, left, bad, of_total, counted_in, before
    )


def _charged(
    connection: Connection, line: Row[Any], mine: Collection[int]
) -> tuple[Money, Money, Fraction]:
    """Return what a line cost before complaints, what is still charged for it, and which part of
    it other complaints than ``mine`` were paid back for.
    """
    order = money_in(connection, [line.order_id])[line.order_id]
    rows = connection.execute(
        select(
            _remedy.c.case_id,
            _remedy.c.amount_fen,
            _remedy.c.taken_off_fen,
            _case.c.bad,
            _case.c.of_total,
        )
        .join(_case, _case.c.id == _remedy.c.case_id)
        .where(_case.c.line_id == line.id, _remedy.c.amount_fen > 0, _remedy.c.undone_at.is_(None))
    ).all()
    off = total(Money(row.taken_off_fen) for row in rows)
    given = total(Money(row.amount_fen) for row in rows if row.case_id in mine)
    parts = {
        row.case_id: Fraction(row.bad, row.of_total) if row.bad else Fraction(1)
        for row in rows
        if row.case_id not in mine
    }
    before = min(sum(parts.values(), Fraction(0)), Fraction(1))
    return Money(line.amount_fen) + off, still_charged(order, line.id) + given, before


def standing(connection: Connection, case_id: int) -> list[rules.Remedy]:
    """Return what was done about a case and its doubles and stands, in an open transaction.

    Of owed goods that are not owed any more counts what was given.
    """
    given = func.coalesce(
        select(func.sum(_given.c.quantity)).where(_given.c.owed_id == _owed.c.id).scalar_subquery(),
        0,
    )
    query = (
        select(
            _remedy.c.kind,
            _remedy.c.quantity,
            _remedy.c.amount_fen,
            _owed.c.cancelled_at,
            given.label("given"),
        )
        .outerjoin(_owed, _owed.c.id == _remedy.c.owed_id)
        .where(_remedy.c.case_id.in_(family_of(connection, case_id)), _remedy.c.undone_at.is_(None))
        .order_by(_remedy.c.id)
    )
    return [
        rules.Remedy(
            rules.Kind(row.kind),
            int(row.given) if row.cancelled_at is not None else row.quantity,
            Money(row.amount_fen),
        )
        for row in connection.execute(query)
    ]
