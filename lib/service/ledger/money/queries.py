"""Reads of money: refunds, goods given at what they cost, freight, accepted claims.

Goods given are valued as in the books (lib/trust/books): at the price of the batch they came out
of, where none is known at the product's usual purchase price. Every batch of a case is rounded
half-up to the fen, and sums are sums of those.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, Connection, Row, Select, case, cast, func, or_, select

from lib.db import schema
from lib.db.types import Whole
from lib.kernel.clock import day_bounds
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.service.ledger.rules import month_of
from lib.shop.shop import Shop
from lib.supply.statements.rules import ClaimStatus

_case, _remedy, _owed = schema.after_sales_case, schema.case_remedy, schema.owed_goods
_movement, _batch, _product = schema.stock_movement, schema.batch, schema.product
_handed = schema.owed_handover
_claim, _letter = schema.supplier_claim, schema.supplier_letter


@dataclass(frozen=True)
class Given:
    """Goods given for one complaint: ``quantity`` of ``unit`` out of one batch, what they cost.

    ``cost`` is None where no price is known (``unpriced``), and for those who may not see it.
    """

    product: str
    unit: Unit
    quantity: int
    cost: Money | None
    unpriced: bool


@dataclass(frozen=True)
class Lost:
    """What a stretch of days cost, by the days on which it happened, and what came back.

    ``goods`` is None for those who may not see cost; ``recovered`` are claims on suppliers about
    complaints that were accepted in those days, None for those who may not see them.
    """

    first: date
    last: date
    refunds: Money
    freight: Money
    goods: Money | None
    recovered: Money | None
    unpriced: int = 0

    @property
    def lost(self) -> Money:
        """Refunds, freight, and the goods given as far as they may be seen."""
        return self.refunds + self.freight + (self.goods or Money())


@dataclass(frozen=True)
class Bill:
    """What goods given come to; ``unpriced`` counts those without a known price."""

    cost: Money
    unpriced: int


def given_by_case(connection: Connection, family: CTE) -> dict[int, tuple[Given, ...]]:
    """Return what was given for the complaints of ``family``, by the case that was kept."""
    query = _given(family.c.root.label("root")).join(family, family.c.id == _owed.c.case_id)
    found: dict[int, list[Given]] = defaultdict(list)
    for row in connection.execute(query.group_by(family.c.root, *_OF_GOODS)):
        if row.quantity:
            cost = cost_of(row)
            unit = Unit(row.sale_unit, row.unit_grams)
            found[row.root].append(Given(row.name, unit, int(row.quantity), cost, cost is None))
    return {root: tuple(each) for root, each in found.items()}


def refunds_and_freight(connection: Connection, family: CTE) -> tuple[Money, Money]:
    """Return what residents got in money and what freight the shop bore, of ``family``."""
    query = (
        select(func.sum(_remedy.c.amount_fen), func.sum(_remedy.c.freight_fen))
        .join(family, family.c.id == _remedy.c.case_id)
        .where(_remedy.c.undone_at.is_(None))
    )
    amount, freight = connection.execute(query).one()
    return Money(int(amount or 0)), Money(int(freight or 0))


def lost(shop: Shop, first: date, last: date) -> Lost:
    """Return what complaints cost from ``first`` to ``last``, and what suppliers gave back.

    Refunds and freight count on the day they were agreed, goods on the day they were given, claims
    on the day they were accepted.
    """
    begins = day_bounds(first, shop.settings.time_zone)[0]
    ends = day_bounds(last, shop.settings.time_zone)[1]
    paid = select(func.sum(_remedy.c.amount_fen), func.sum(_remedy.c.freight_fen)).where(
        _remedy.c.at >= begins, _remedy.c.at < ends, _remedy.c.undone_at.is_(None)
    )
    with shop.read() as connection:
        amount, freight = connection.execute(paid).one()
        bill = _bill(connection, first, last) if shop.may_see_cost else None
        back = _recovered(connection, first, last) if shop.may_see_cost else None
    return Lost(
        first,
        last,
        Money(int(amount or 0)),
        Money(int(freight or 0)),
        bill.cost if bill else None,
        back,
        bill.unpriced if bill else 0,
    )


def lost_of_month_and_year(shop: Shop, month: date) -> tuple[Lost, Lost]:
    """Return what the month of ``month`` cost, and its year up to the end of that month."""
    first, last = month_of(month)
    return lost(shop, first, last), lost(shop, first.replace(month=1), last)


def cost_of(row: Row[Any]) -> Money | None:
    """Return what the goods of a row of :func:`_given` cost; None where no price is known."""
    if row.unit_price_fen is not None:
        unit = Unit(row.sale_unit, row.batch_grams)
        return unit.price_of(Money(row.unit_price_fen), int(row.quantity))
    if row.purchase_price_fen is not None:
        unit = Unit(row.sale_unit, row.product_grams)
        return unit.price_of(Money(row.purchase_price_fen), int(row.quantity))
    return None


_OF_GOODS = (
    _owed.c.case_id,
    _owed.c.product_name,
    _owed.c.sale_unit,
    _owed.c.unit_grams,
    _batch.c.id,
    _batch.c.unit_price_fen,
    _batch.c.unit_grams,
    _product.c.purchase_price_fen,
    _product.c.unit_grams,
)


def _given(*columns: Any) -> Select[Any]:
    """Return the statement of goods that left for a complaint, per case and batch."""
    return (
        select(
            *columns,
            _owed.c.case_id,
            _owed.c.product_name.label("name"),
            _owed.c.sale_unit,
            _owed.c.unit_grams,
            _batch.c.unit_price_fen,
            _batch.c.unit_grams.label("batch_grams"),
            _product.c.purchase_price_fen,
            _product.c.unit_grams.label("product_grams"),
            func.sum(-_movement.c.quantity).label("quantity"),
        )
        .select_from(_owed)
        .join(_handed, _handed.c.owed_id == _owed.c.id)
        .join(_movement, _movement.c.owed_handover_id == _handed.c.id)
        .join(_product, _product.c.id == _owed.c.product_id)
        .outerjoin(_batch, _batch.c.id == _movement.c.batch_id)
    )


def _bill(connection: Connection, first: date, last: date) -> Bill:
    query = _given().where(
        _movement.c.owed_handover_id.is_not(None),
        _movement.c.business_day.between(first, last),
        _owed.c.case_id.is_not(None),
    )
    return _added_up(connection, query)


def bill(connection: Connection, family: CTE) -> Bill:
    """Return what the goods given for the complaints of ``family`` cost."""
    return _added_up(connection, _given().join(family, family.c.id == _owed.c.case_id))


def _added_up(connection: Connection, query: Select[Any]) -> Bill:
    """Add up in the database what :func:`cost_of` says of every row, rounded as it rounds."""
    part = query.group_by(*_OF_GOODS).subquery("part")
    price = func.coalesce(part.c.unit_price_fen, part.c.purchase_price_fen)
    grams = case(
        (part.c.unit_price_fen.is_not(None), func.coalesce(part.c.batch_grams, 1)),
        else_=func.coalesce(part.c.product_grams, 1),
    )
    exact = cast(part.c.quantity, Whole) * price
    rounded = case(
        (exact >= 0, (2 * exact + grams) // (2 * grams)),
        else_=-((grams - 2 * exact) // (2 * grams)),
    )
    unpriced = case((price.is_(None), 1), else_=0)
    added = select(func.coalesce(func.sum(rounded), 0), func.coalesce(func.sum(unpriced), 0)).where(
        part.c.quantity != 0
    )
    cost, unknown = connection.execute(added).one()
    return Bill(Money(int(cost)), int(unknown))


def _recovered(connection: Connection, first: date, last: date) -> Money:
    """Return what suppliers gave back for complaints: claims that a case or a letter points at."""
    of_case = select(_case.c.id).where(_case.c.claim_id == _claim.c.id).exists()
    of_letter = select(_letter.c.id).where(_letter.c.claim_id == _claim.c.id).exists()
    query = select(func.sum(_claim.c.amount_fen)).where(
        _claim.c.status == ClaimStatus.ACCEPTED.value,
        _claim.c.decided_on.between(first, last),
        or_(of_case, of_letter),
    )
    return Money(int(connection.execute(query).scalar() or 0))
