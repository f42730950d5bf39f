"""Steps that take bad goods back into stock and out of it again, and their undo.

What came back is a movement of the batch it had come from, so that a recall does not ask for it;
thrown away it is a loss of that batch, sent back it leaves for the supplier.
"""

from typing import Any

from sqlalchemy import Row, func, select

from lib.db import schema
from lib.service.after_sales.remedies.rules import Disposal
from lib.service.after_sales.rules import number
from lib.shop.shop import Tx
from lib.supply.stock.commands import Move, kept_of, post_all, reversal
from lib.supply.stock.queries import is_live
from lib.supply.stock.rules import Kind, Part

_movement = schema.stock_movement
_WENT = {Disposal.THROWN_AWAY: Kind.WASTED, Disposal.TO_SUPPLIER: Kind.SENT_BACK}


def take_in(tx: Tx, case: Row[Any], quantity: int, disposal: Disposal, remedy_id: int) -> None:
    """Step: book ``quantity`` that came back for ``case``, and what became of it.

    Nothing moves for a product whose stock is not kept, or of which nobody knows what it was.
    """
    if case.product_id is None or not quantity or not kept_of(tx, [case.product_id]):
        return
    why: dict[str, Any] = {"reason": number(case.id), "remedy_id": remedy_id}
    parts = _came_from(tx, case, quantity)
    moves = [
        Move(case.product_id, Kind.RETURNED, part.quantity, part.batch_id,
             line_id=case.line_id, **why)
        for part in parts
    ]  # fmt: skip
    if disposal in _WENT:
        moves += [
            Move(case.product_id, _WENT[disposal], -part.quantity, part.batch_id, **why)
            for part in parts
        ]
    post_all(tx, moves)


def take_out(tx: Tx, remedy_id: int) -> None:
    """Step: take back the movements of goods that came back with a remedy that was a mistake."""
    rows = tx.execute(
        select(_movement)
        .where(_movement.c.remedy_id == remedy_id, is_live(_movement))
        .order_by(_movement.c.id)
    ).all()
    post_all(tx, [reversal(row, None) for row in rows])


def _came_from(tx: Tx, case: Row[Any], quantity: int) -> list[Part]:
    """Return the batches that goods came back from: that of the case first, then what it left of.

    Never more of a batch than the line still holds; the rest is of no batch.
    """
    if case.line_id is None:
        return [Part(case.batch_id, quantity)]
    held = (-func.sum(_movement.c.quantity)).label("held")
    query = (
        select(_movement.c.batch_id, held)
        .where(_movement.c.line_id == case.line_id, _movement.c.owed_handover_id.is_(None))
        .group_by(_movement.c.batch_id)
    )
    rows = [row for row in tx.execute(query) if row.batch_id is not None and row.held > 0]
    rows.sort(key=lambda row: (row.batch_id != case.batch_id, -row.held, row.batch_id))
    parts, missing = [], quantity
    for row in rows:
        taken = min(int(row.held), missing)
        if taken:
            parts.append(Part(row.batch_id, taken))
            missing -= taken
    if missing:
        parts.append(Part(None, missing))
    return parts
