"""The purchase record of a period, with what is missing in it (facts of the field, 3.1)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.shop import DESK, Shop
from lib.supply.purchasing.records.rules import Fields, Gap, gaps, is_produce

MOST = 5000
"""Records one list and one export hold at most; a busy quarter of a small shop has fewer."""

_batch, _delivery = schema.batch, schema.delivery


@dataclass(frozen=True)
class Record:
    """One line of the purchase record as it was when the goods came.

    ``quantity`` is what was accepted, in grams or sale units. ``produce``: farm produce, which has
    the shorter form. ``unit_price`` is None for those who may not see cost.
    """

    batch_id: int
    code: str
    name: str
    unit: Unit
    quantity: int
    rejected: int
    reject_reason: str
    bought_on: date
    specification: str
    produced_on: date | None
    lot: str
    shelf_life_days: int | None
    best_before: date | None
    supplier_name: str
    supplier_address: str
    supplier_contact: str
    certificate_number: str
    voucher: str | None
    keep_until: date
    unit_price: Money | None
    produce: bool
    gaps: tuple[Gap, ...]


def purchase_records(shop: Shop, first: date, last: date) -> tuple[Record, ...]:
    """Return what was bought from ``first`` to ``last``, both included, oldest first.

    Raises ``Refused`` when the period is turned round or holds more than :data:`MOST` records:
    half a record would be worse than none.
    """
    shop.require(DESK)
    if first > last:
        raise Refused(N_("The first day is after the last one."))
    suppliers, products = schema.supplier, schema.product
    query = (
        select(
            _batch,
            _delivery.c.voucher,
            suppliers.c.kind.label("supplier_kind"),
            products.c.is_fresh,
        )
        .join(_delivery, _delivery.c.id == _batch.c.delivery_id)
        .join(suppliers, suppliers.c.id == _batch.c.supplier_id)
        .join(products, products.c.id == _batch.c.product_id)
        .where(_batch.c.arrived_on.between(first, last), _batch.c.undone_at.is_(None))
        .order_by(_batch.c.arrived_on, _batch.c.id)
        .limit(MOST + 1)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    if len(rows) > MOST:
        raise Refused(
            N_("More than {count} records. Choose a shorter period and export it in parts."),
            count=MOST,
        )
    return tuple(_record(row, with_cost=shop.may_see_cost) for row in rows)


def _record(row: Row[Any], *, with_cost: bool) -> Record:
    produce = is_produce(is_fresh=row.is_fresh, supplier_kind=row.supplier_kind)
    produce = produce and not row.best_before_printed
    fields = Fields(
        row.supplier_address,
        row.supplier_contact,
        row.specification,
        row.produced_on,
        row.lot,
        row.shelf_life_days,
        row.best_before,
        row.certificate_number,
        row.voucher,
    )
    price = row.unit_price_fen
    return Record(
        row.id,
        row.code,
        row.product_name,
        Unit(row.sale_unit, row.unit_grams),
        row.received,
        row.rejected,
        row.reject_reason,
        row.arrived_on,
        row.specification,
        row.produced_on,
        row.lot,
        row.shelf_life_days,
        row.best_before,
        row.supplier_name,
        row.supplier_address,
        row.supplier_contact,
        row.certificate_number,
        row.voucher,
        row.keep_until,
        Money(price) if with_cost and price is not None else None,
        produce,
        gaps(fields, produce=produce),
    )
