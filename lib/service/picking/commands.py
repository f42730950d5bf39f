"""Writes of picking: a product is ticked off the pick list, or the tick is taken off again."""

from collections.abc import Sequence

from sqlalchemy import delete

from lib.db import schema
from lib.service.owed.commands import set_picked
from lib.service.owed.rules import Owed
from lib.service.picking.queries import Scope, lines_of, owed_in
from lib.service.picking.rules import Line
from lib.shop.shop import Shop, Tx

_picked = schema.picked_line


def mark_picked(shop: Shop, scope: Scope, product_id: int) -> int:
    """Tick a product off the pick list: all of it in ``scope`` is put out. Returns lines ticked.

    What is owed of it is put out with it and counts as a line (R29). Shared by everybody who
    picks. Orders that come in later show up as still to pick.
    """
    with shop.write("pickup.mark_picked") as tx:
        lines = [line for line in _product_lines(tx, scope, product_id) if line.to_pick]
        for line in lines:
            tx.execute(delete(_picked).where(_picked.c.line_id == line.id))
            tx.execute(
                _picked.insert().values(
                    line_id=line.id, quantity=line.quantity, at=tx.now, person_id=tx.actor.id
                )
            )
        owed = [one for one in _product_owed(tx, scope, product_id) if one.to_pick]
        set_picked(tx, [one.id for one in owed], picked=True)
        tx.result = _note_picking(tx, product_id, lines, owed, picked=True)
    return int(tx.result)


def unmark_picked(shop: Shop, scope: Scope, product_id: int) -> int:
    """Take the tick of a product off again in ``scope``. Returns the number of lines."""
    with shop.write("pickup.unmark_picked") as tx:
        lines = [line for line in _product_lines(tx, scope, product_id) if line.picked]
        tx.execute(delete(_picked).where(_picked.c.line_id.in_([line.id for line in lines])))
        owed = [one for one in _product_owed(tx, scope, product_id) if one.picked]
        set_picked(tx, [one.id for one in owed], picked=False)
        tx.result = _note_picking(tx, product_id, lines, owed, picked=False)
    return int(tx.result)


def _product_lines(tx: Tx, scope: Scope, product_id: int) -> list[Line]:
    lines = lines_of(tx.connection, scope.condition)
    return [line for line in lines if line.product_id == product_id]


def _product_owed(tx: Tx, scope: Scope, product_id: int) -> list[Owed]:
    owed = owed_in(tx.connection, scope, tx.today)
    return [one for one in owed if one.product_id == product_id]


def _note_picking(
    tx: Tx, product_id: int, lines: Sequence[Line], owed: Sequence[Owed], *, picked: bool
) -> int:
    quantity = sum(line.quantity for line in lines) + sum(one.quantity for one in owed)
    count = len(lines) + len(owed)
    tx.note(
        f"product:{product_id}",
        before=None if picked else quantity,
        after=quantity if picked else None,
        lines=count,
    )
    return count
