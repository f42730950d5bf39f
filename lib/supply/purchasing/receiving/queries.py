"""Reads of the batches that receiving made. Prices leave only for those who may see cost (E14)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.shop import DESK, Shop

_batch, _delivery = schema.batch, schema.delivery

MOST = 500


@dataclass(frozen=True)
class Batch:
    """One product of one delivery with its purchase record (facts of the field, 3.1).

    Quantities are grams or sale units; ``unit_price`` is None for those who may not see cost.
    ``on_hand`` is what is left of it; ``ordered`` what was still to come of the order then.
    """

    id: int
    code: str
    token: str
    delivery_id: int
    supplier_id: int
    product_id: int
    product_name: str
    unit: Unit
    arrived_on: date
    produced_on: date | None
    lot: str
    shelf_life_days: int | None
    best_before: date | None
    best_before_printed: bool
    ordered: int | None
    received: int
    rejected: int
    reject_reason: str
    photo: str | None
    unit_price: Money | None
    specification: str
    certificate_number: str
    supplier_name: str
    supplier_address: str
    supplier_contact: str
    keep_until: date
    on_hand: int
    stopped_at: datetime | None
    stop_reason: str
    undone_at: datetime | None
    created_at: datetime
    version: int
    voucher: str | None
    purchase_order_id: int | None

    @property
    def may_go(self) -> bool:
        """Whether nobody stopped it."""
        return self.stopped_at is None


def batch(shop: Shop, batch_id: int) -> Batch:
    """Return one batch, also one whose receiving was taken back; raises ``NotFound``."""
    found = _read_batches(shop, _batches().where(_batch.c.id == batch_id))
    if not found:
        raise NotFound(N_("This batch does not exist."))
    return found[0]


def batches(
    shop: Shop,
    *,
    product_id: int | None = None,
    supplier_id: int | None = None,
    delivery_id: int | None = None,
    purchase_order_id: int | None = None,
    arrived: tuple[date, date] | None = None,
    limit: int = 200,
) -> tuple[Batch, ...]:
    """Return batches, newest arrival first; those taken back are left out.

    ``arrived`` are the first and last day of arrival.
    """
    chosen: list[ColumnElement[bool]] = [_batch.c.undone_at.is_(None)]
    for column, wanted in (
        (_batch.c.product_id, product_id),
        (_batch.c.supplier_id, supplier_id),
        (_batch.c.delivery_id, delivery_id),
        (_delivery.c.purchase_order_id, purchase_order_id),
    ):
        if wanted is not None:
            chosen.append(column == wanted)
    if arrived is not None:
        chosen.append(_batch.c.arrived_on.between(*arrived))
    query = _batches().where(*chosen).order_by(_batch.c.arrived_on.desc(), _batch.c.id.desc())
    return _read_batches(shop, query.limit(min(limit, MOST)))


def shown_cost(fen: int | None, shop: Shop) -> Money | None:
    """Return a price paid to a supplier, None for those who may not see it. For queries."""
    return None if fen is None or not shop.may_see_cost else Money(fen)


def _batches() -> Select[Any]:
    return select(_batch, _delivery.c.voucher, _delivery.c.purchase_order_id).join(
        _delivery, _delivery.c.id == _batch.c.delivery_id
    )


def _read_batches(shop: Shop, query: Select[Any]) -> tuple[Batch, ...]:
    shop.require(DESK)
    with shop.read() as connection:
        rows = connection.execute(query).mappings().all()
    left_out = ("sale_unit", "unit_grams", "unit_price_fen", "person_id")
    return tuple(
        Batch(
            **{name: value for name, value in row.items() if name not in left_out},
            unit=Unit(row["sale_unit"], row["unit_grams"]),
            unit_price=shown_cost(row["unit_price_fen"], shop),
        )
        for row in rows
    )
