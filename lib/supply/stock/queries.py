"""Reads of stock. Every list is bounded by the number of products or a window of days."""

from sqlalchemy import Connection, select

from lib.db import schema
from lib.supply.stock.rules import Lot

_batch = schema.batch


def lots_in(connection: Connection, product_id: int) -> list[Lot]:
    """Return what is left of the product's batches; for steps inside a write."""
    query = select(
        _batch.c.id,
        _batch.c.code,
        _batch.c.on_hand,
        _batch.c.arrived_on,
        _batch.c.best_before,
        _batch.c.best_before_printed,
        _batch.c.stopped_at,
    ).where(_batch.c.product_id == product_id, _batch.c.on_hand != 0)
    return [
        Lot(
            row.id,
            row.code,
            row.on_hand,
            row.arrived_on,
            row.best_before,
            row.best_before_printed,
            row.stopped_at is not None,
        )
        for row in connection.execute(query)
    ]
