"""Writes of stock. ``post`` books one movement with its sums; everything else is made of it.

Functions that take ``tx`` are steps of other commands: handing over, receiving, a recall.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.shop import Tx
from lib.supply.stock.queries import lots_in
from lib.supply.stock.rules import TO_RESIDENTS, Kind, Part, allocate

_movement, _level, _day = schema.stock_movement, schema.stock_level, schema.stock_day
_batch = schema.batch

_COLUMN = {
    Kind.RECEIVED: "received",
    Kind.SOLD: "sold",
    Kind.WASTED: "wasted",
    Kind.SENT_BACK: "sent_back",
    Kind.RETURNED: "returned",
    Kind.REDEEMED: "redeemed",
    Kind.COUNTED: "counted",
}
"""The column of ``stock_day`` a kind adds to; assigning moves nothing in or out."""

_LEAVES = frozenset({Kind.SOLD, Kind.WASTED, Kind.SENT_BACK, Kind.REDEEMED})


@dataclass(frozen=True)
class Move:
    """A movement to be booked; ``quantity`` is signed: positive in, negative out."""

    product_id: int
    kind: Kind
    quantity: int
    batch_id: int | None = None
    reason: str = ""
    line_id: int | None = None
    handover_id: int | None = None
    reverses_id: int | None = None
    photo: str | None = None
    on: date | None = field(default=None)


def post(tx: Tx, move: Move) -> int:
    """Book ``move`` with its sums and return the id of its row. The day is today unless said.

    Keeps the product's stock from now on if it was not kept before.
    """
    day = move.on or tx.today
    values = {
        "product_id": move.product_id,
        "batch_id": move.batch_id,
        "kind": move.kind.value,
        "quantity": move.quantity,
        "reason": move.reason,
        "line_id": move.line_id,
        "handover_id": move.handover_id,
        "reverses_id": move.reverses_id,
        "photo": move.photo,
        "business_day": day,
        "at": tx.now,
        "person_id": tx.actor.id,
    }
    row_id = tx.add(_movement, **values)
    if move.batch_id is not None:
        tx.execute(
            update(_batch)
            .where(_batch.c.id == move.batch_id)
            .values(on_hand=_batch.c.on_hand + move.quantity)
        )
    on_hand = _add_to_level(tx, move)
    _add_to_day(tx, move, day, on_hand)
    return row_id


def keeps_stock(tx: Tx, product_id: int) -> bool:
    """Whether the product's stock is kept: it had a movement before."""
    known = select(_level.c.product_id).where(_level.c.product_id == product_id)
    return tx.execute(known).first() is not None


def take_out(
    tx: Tx,
    product_id: int,
    quantity: int,
    kind: Kind,
    *,
    batch_id: int | None = None,
    **more: Any,
) -> tuple[Part, ...]:
    """Take ``quantity`` out of stock, earliest expiry first or ``batch_id`` first.

    Returns the parts taken; nothing when the product's stock is not kept. ``more`` are columns of
    the movement (``line_id``, ``handover_id``, ``reason``, ``photo``). Raises ``Refused`` when what
    is left may not go to residents: stopped, or past the date printed on it.
    """
    if not keeps_stock(tx, product_id):
        return ()
    lots = lots_in(tx.connection, product_id)
    found = allocate(lots, quantity, tx.today, first=batch_id, to_residents=kind in TO_RESIDENTS)
    if found.loose and found.blocked:
        raise Refused(
            N_(
                "What is left of {product} is of batch {batch}, which is stopped or past its date. "
                "It may not be given out."
            ),
            product=_name(tx, product_id),
            batch=found.blocked[0].code,
        )
    for part in found.parts:
        post(tx, Move(product_id, kind, -part.quantity, part.batch_id, **more))
    return found.parts


def put_back(tx: Tx, handover_id: int, undone_by: int) -> None:
    """Take back the movements of a handover that was undone; each is reversed once.

    ``handover_id`` is the handover taken back, ``undone_by`` the row that does it.
    """
    rows = tx.execute(select(_movement).where(_movement.c.handover_id == handover_id)).all()
    for row in rows:
        move = Move(
            row.product_id,
            Kind(row.kind),
            -row.quantity,
            row.batch_id,
            row.reason,
            row.line_id,
            undone_by,
            row.id,
        )
        post(tx, move)


def assign_loose(tx: Tx, product_id: int, batch_id: int, most: int) -> int:
    """Let a batch that just came in cover what left without a batch; return how much it did.

    Two movements that add up to nothing: the loose part grows towards zero, the batch shrinks.
    """
    loose = tx.execute(select(_level.c.loose).where(_level.c.product_id == product_id)).scalar()
    covered = min(most, -min(int(loose or 0), 0))
    if covered:
        post(tx, Move(product_id, Kind.ASSIGNED, covered))
        post(tx, Move(product_id, Kind.ASSIGNED, -covered, batch_id))
    return covered


def _add_to_level(tx: Tx, move: Move) -> int:
    loose = move.quantity if move.batch_id is None else 0
    changed = tx.execute(
        update(_level)
        .where(_level.c.product_id == move.product_id)
        .values(on_hand=_level.c.on_hand + move.quantity, loose=_level.c.loose + loose)
        .returning(_level.c.on_hand)
    ).scalar()
    if changed is not None:
        return int(changed)
    tx.execute(
        insert(_level).values(
            product_id=move.product_id, on_hand=move.quantity, loose=loose, since=tx.now
        )
    )
    return move.quantity


def _add_to_day(tx: Tx, move: Move, day: date, on_hand: int) -> None:
    column = _COLUMN.get(move.kind)
    amount = -move.quantity if move.kind in _LEAVES else move.quantity
    sums = {column: amount} if column else {}
    if move.kind is Kind.SOLD and move.line_id is None:
        sums["shelf_sold"] = amount
    changed = tx.execute(
        update(_day)
        .where(_day.c.product_id == move.product_id, _day.c.day == day)
        .values(closing=on_hand, **{name: _day.c[name] + value for name, value in sums.items()})
    )
    if changed.rowcount == 0:
        tx.execute(
            insert(_day).values(product_id=move.product_id, day=day, closing=on_hand, **sums)
        )


def _name(tx: Tx, product_id: int) -> str:
    products = schema.product
    query = select(products.c.name).where(products.c.id == product_id)
    return str(tx.execute(query).scalar_one())
