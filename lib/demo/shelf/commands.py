"""Keeping an invented past in the books, a month in one transaction.

Living 700 days through one command a delivery would take a newcomer minutes. The rows are those
that receiving and the shelf write, the sums are kept by the ledger's own step.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import insert, select

from lib.db import schema
from lib.demo.shelf.simulation import Arrived, Period
from lib.kernel.clock import at_local
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.supply.purchasing.receiving.rules import next_number
from lib.supply.purchasing.records.rules import is_produce, keep_until
from lib.supply.stock.commands import Move, post_all
from lib.supply.stock.rules import Kind, Waste

_batch, _delivery = schema.batch, schema.delivery
MORNING = time(6, 30)


@dataclass(frozen=True)
class Known:
    """Ids of products and suppliers by name."""

    products: Mapping[str, int]
    suppliers: Mapping[str, int]


def keep_period(shop: Shop, known: Known, period: Period, batches: dict[int, int]) -> None:
    """Keep what came and went in ``period``.

    ``batches`` tells the batch of every arrival so far by its number, and learns the new ones.
    """
    with shop.write("demo.past", by=OWNER_ONLY) as tx:
        batches.update(_take_in(tx, known, period))
        names = {each.number: each.name for each in period.arrived}
        products = _products_of(tx, batches, names, known)
        post_all(tx, _moves(period, batches, products))
        marks = [
            {"product_id": known.products[name], "day": day, "at": tx.now, "person_id": tx.actor.id}
            for name, day in period.sold_out
        ]
        if marks:
            tx.execute(insert(schema.sold_out_mark), marks)
        tx.note("batch", after={"batches": len(period.arrived), "until": period.until})


def _take_in(tx: Tx, known: Known, period: Period) -> dict[int, int]:
    trips = sorted({(each.day, each.supplier) for each in period.arrived})
    deliveries = tx.add_all(
        _delivery,
        [
            {
                "supplier_id": known.suppliers[name],
                "arrived_on": day,
                "at": at_local(day, MORNING, tx.settings.time_zone),
                "person_id": tx.actor.id,
            }
            for day, name in trips
        ],
    )
    of_trip = dict(zip(trips, deliveries, strict=True))
    suppliers = {row.id: row for row in tx.execute(select(schema.supplier))}
    products = {row.id: row for row in tx.execute(select(schema.product))}
    codes = _codes(tx, period)
    rows = [
        {
            "code": codes[each.number],
            "delivery_id": of_trip[each.day, each.supplier],
            **_batch_row(
                tx,
                each,
                suppliers[known.suppliers[each.supplier]],
                products[known.products[each.name]],
            ),
        }
        for each in period.arrived
    ]
    ids = tx.add_all(_batch, rows)
    return dict(zip((each.number for each in period.arrived), ids, strict=True))


def _codes(tx: Tx, period: Period) -> dict[int, str]:
    taken: dict[str, list[str]] = {}
    for code in tx.execute(select(_batch.c.code)).scalars():
        taken.setdefault(code.partition("-")[0], []).append(code)
    codes = {}
    for each in period.arrived:
        prefix = f"{each.day:%m%d}"
        of_day = taken.setdefault(prefix, [])
        codes[each.number] = next_number(of_day, prefix)
        of_day.append(codes[each.number])
    return codes


def _batch_row(tx: Tx, each: Arrived, supplier: Any, product: Any) -> dict[str, Any]:
    produce = is_produce(is_fresh=product.is_fresh, supplier_kind=supplier.kind)
    return {
        "token": secrets.token_urlsafe(16),
        "supplier_id": supplier.id,
        "product_id": product.id,
        "product_name": product.name,
        "sale_unit": product.sale_unit,
        "unit_grams": product.unit_grams,
        "arrived_on": each.day,
        "produced_on": each.day,
        "shelf_life_days": each.shelf_life,
        "best_before": each.best_before,
        "best_before_printed": False,
        "ordered": each.quantity + each.rejected,
        "received": each.quantity,
        "rejected": each.rejected,
        "reject_reason": "磕碰、打蔫" if each.rejected else "",
        "unit_price_fen": round(product.purchase_price_fen * each.price_share),
        "supplier_name": supplier.name,
        "supplier_address": supplier.address,
        "supplier_contact": f"{supplier.contact_name} {supplier.phone}".strip(),
        "keep_until": keep_until(each.day, each.best_before, tx.settings, produce=produce),
        "created_at": at_local(each.day, MORNING, tx.settings.time_zone),
        "person_id": tx.actor.id,
    }


def _products_of(
    tx: Tx, batches: Mapping[int, int], names: Mapping[int, str], known: Known
) -> dict[int, int]:
    """The product of every arrival that is named in this period, also of earlier ones."""
    found = {number: known.products[name] for number, name in names.items()}
    rows = tx.execute(select(_batch.c.id, _batch.c.product_id).where(_batch.c.on_hand != 0))
    numbers = {batch: number for number, batch in batches.items()}
    standing = {numbers[row.id]: row.product_id for row in rows if row.id in numbers}
    return {**standing, **found}


def _moves(period: Period, batches: Mapping[int, int], products: Mapping[int, int]) -> list[Move]:
    """All movements in the order of their days: what came in before what left."""
    found: list[tuple[date, int, Move]] = []
    for each in period.arrived:
        move = Move(
            products[each.number], Kind.RECEIVED, each.quantity, batches[each.number], on=each.day
        )
        found.append((each.day, 1, move))
    for gone in period.left:
        reason = Waste.PAST_DATE.value if gone.kind is Kind.WASTED else ""
        move = Move(
            products[gone.number], gone.kind, -gone.quantity, batches[gone.number], reason,
            on=gone.day,
        )  # fmt: skip
        found.append((gone.day, 0 if gone.kind is Kind.WASTED else 2, move))
    return [move for _day, _turn, move in sorted(found, key=lambda item: item[:2])]
