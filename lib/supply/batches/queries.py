"""Reads around batches for owner and staff; no purchase cost is read here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, func, select, true

from lib.db import schema
from lib.kernel.clock import day_bounds, monday_of
from lib.shop import posts
from lib.shop.messages.supply_events import ORIGIN
from lib.shop.shop import DESK, Shop
from lib.supply.stock.rules import Kind
from lib.supply.traceability.rules import Kind as Evidence

POSTED = ORIGIN.key
"""The topic of group texts about where a batch comes from."""

MOST_UNPOSTED = 50

_batch, _evidence, _movement = schema.batch, schema.evidence, schema.stock_movement
_product, _supplier = schema.product, schema.supplier


@dataclass(frozen=True)
class Proof:
    """How much evidence a batch itself has; ``tested_on`` is the day of its last test report."""

    pieces: int = 0
    published: int = 0
    tested_on: date | None = None


@dataclass(frozen=True)
class Moved:
    """What became of a batch, in grams or sale units: positive in, negative out."""

    kind: Kind
    quantity: int
    last_day: date


@dataclass(frozen=True)
class Unposted:
    """A fresh supplier of whom the group saw nothing this week, with the batch to post."""

    supplier_id: int
    supplier: str
    batch_id: int
    product: str
    arrived_on: date


def subject(batch_id: int) -> str:
    """Return how the log of group texts names a batch."""
    return f"batch:{batch_id}"


def proofs(shop: Shop, batch_ids: Iterable[int]) -> dict[int, Proof]:
    """Return the evidence of each batch itself, one without any too; bounded by ``batch_ids``."""
    shop.require(DESK)
    ids = list(batch_ids)
    is_test = _evidence.c.kind == Evidence.TEST_REPORT.value
    query = (
        select(
            _evidence.c.batch_id,
            func.count().label("pieces"),
            func.count(_evidence.c.published_at).label("published"),
            func.max(case((is_test, _evidence.c.made_on))).label("tested_on"),
        )
        .where(_evidence.c.batch_id.in_(ids), _evidence.c.removed_at.is_(None))
        .group_by(_evidence.c.batch_id)
    )
    with shop.read() as connection:
        found = {
            row.batch_id: Proof(row.pieces, row.published, row.tested_on)
            for row in connection.execute(query)
        }
    return {batch_id: found.get(batch_id, Proof()) for batch_id in ids}


def moved(shop: Shop, batch_id: int) -> tuple[Moved, ...]:
    """Return what became of a batch, summed per kind; what was taken back is taken out."""
    shop.require(DESK)
    query = (
        select(
            _movement.c.kind,
            func.sum(_movement.c.quantity).label("quantity"),
            func.max(_movement.c.business_day).label("last_day"),
        )
        .where(_movement.c.batch_id == batch_id)
        .group_by(_movement.c.kind)
        .having(func.sum(_movement.c.quantity) != 0)
        .order_by(func.min(_movement.c.id))
    )
    with shop.read() as connection:
        return tuple(
            Moved(Kind(row.kind), int(row.quantity), row.last_day)
            for row in connection.execute(query)
        )


def posted_this_week(shop: Shop) -> tuple[posts.Post, ...]:
    """Return what was posted about batches since Monday, newest first (R8)."""
    monday, _ = day_bounds(monday_of(shop.today), shop.settings.time_zone)
    return posts.posts(shop, POSTED, since=monday)


def unposted(shop: Shop) -> tuple[Unposted, ...]:
    """Return the suppliers of fresh goods that came this week and were not shown to the group.

    Each with its newest batch of the week; a supplier of whom any batch was posted this week is
    done.
    """
    done = {post.subject for post in posted_this_week(shop)}
    query = (
        select(
            _batch.c.id,
            _batch.c.supplier_id,
            _batch.c.product_name,
            _batch.c.arrived_on,
            _supplier.c.name,
        )
        .join(_product, _product.c.id == _batch.c.product_id)
        .join(_supplier, _supplier.c.id == _batch.c.supplier_id)
        .where(
            and_(_batch.c.arrived_on >= monday_of(shop.today), _batch.c.arrived_on <= shop.today),
            _batch.c.undone_at.is_(None),
            _batch.c.stopped_at.is_(None),
            _batch.c.received > 0,
            _product.c.is_fresh == true(),
        )
        .order_by(_batch.c.arrived_on.desc(), _batch.c.id.desc())
        .limit(500)
    )
    newest: dict[int, Unposted] = {}
    shown: set[int] = set()
    with shop.read() as connection:
        for row in connection.execute(query):
            if subject(row.id) in done:
                shown.add(row.supplier_id)
            one = Unposted(row.supplier_id, row.name, row.id, row.product_name, row.arrived_on)
            newest.setdefault(row.supplier_id, one)
    found = [one for supplier_id, one in newest.items() if supplier_id not in shown]
    return tuple(sorted(found, key=lambda one: one.supplier))[:MOST_UNPOSTED]
