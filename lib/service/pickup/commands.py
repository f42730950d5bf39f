"""Writes of the pickup desk: hand over, take back, move to another time.

Goods handed over are a ledger; taking back adds a negative row and removes nothing. What may be
handed over is decided inside the transaction, so that two people at the counter never give the
same goods twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from lib.db import schema
from lib.kernel.clock import local
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.service.owed import commands as owed
from lib.service.owed.queries import open_owed
from lib.service.owed.rules import Owed
from lib.service.packing.commands import pack
from lib.service.picking.queries import lines_of
from lib.service.picking.rules import Line
from lib.service.pickup import rules
from lib.service.pickup.queries import last_given
from lib.shop.shop import Shop, Tx
from lib.supply.stock.commands import Out, blocked_outs, put_back_all, take_out_all
from lib.supply.stock.rules import Kind
from lib.trade.orders.slots.steps import refuse_full

_order, _handover = schema.customer_order, schema.handover


def hand_over(
    shop: Shop,
    order_id: int,
    quantities: Mapping[int, int] | None = None,
    owed_quantities: Mapping[int, int] | None = None,
) -> list[int]:
    """Hand over goods of an order: all that is outstanding, or ``quantities`` by line id (E8).

    With all of it goes what the resident is owed besides (R29), but for what may not be given out:
    that stays owed (:func:`queries.staying` names it) and holds nothing else up.
    ``owed_quantities`` by its number says how much of what is owed goes, none of it with a part
    unless it is said. Quantities are grams or sale units. Returns the ids of the handover rows,
    which undo it with what was owed. Raises ``NotFound`` for an unknown order or line, ``Refused``
    for a cancelled order, for more than is outstanding, or when somebody else was faster (their
    name and time are said).
    """
    with shop.write("pickup.hand_over") as tx:
        tx.result = give(tx, order_id, quantities, owed_quantities)
    return list(tx.result)


def give(
    tx: Tx,
    order_id: int,
    quantities: Mapping[int, int] | None = None,
    owed_quantities: Mapping[int, int] | None = None,
) -> list[int]:
    """Step: hand over goods of an order and note it, as :func:`hand_over` says; returns the ids."""
    _active_order(tx, order_id)
    lines = lines_of(tx.connection, _order.c.id == order_id)
    _refuse_if_all_given(tx, order_id, lines)
    joining = _joining(tx, order_id, quantities, owed_quantities)
    given = rules.to_hand_over(lines, quantities, nothing=bool(joining))
    products = {line.id: line.product_id for line in lines}
    if given and quantities is None and owed_quantities is None:
        joining = _may_go(tx, given, products, joining)
    pack(tx, order_id, lines, [one for one, _quantity in joining])
    ids = _give(tx, order_id, given, products)
    before = {line.product: line.unit.said(line.handed) for line in lines if line.id in given}
    after = {
        line.product: line.unit.said(line.handed + given[line.id])
        for line in lines
        if line.id in given
    }
    tx.note(f"customer_order:{order_id}", before=before, after=after)
    with_it = {one.id: quantity for one, quantity in joining}
    owed.give(tx, with_it, order_id, ids[0] if ids else None)
    return ids


def _joining(
    tx: Tx,
    order_id: int,
    quantities: Mapping[int, int] | None,
    wanted: Mapping[int, int] | None,
) -> list[tuple[Owed, int]]:
    """Return what is owed and how much goes with an order now, asked before its goods are given."""
    if wanted is None and quantities is not None:
        return []
    joining = [one for one in open_owed(tx.connection, tx.today) if one.order_id == order_id]
    if wanted is None:
        return [(one, one.open) for one in joining]
    chosen = {owed_id: quantity for owed_id, quantity in wanted.items() if quantity}
    if not chosen.keys() <= {one.id for one in joining}:
        raise Refused(N_("These owed goods do not go with this order any more. Look again."))
    return [(one, chosen[one.id]) for one in joining if one.id in chosen]


def _may_go(
    tx: Tx,
    given: Mapping[int, int],
    products: Mapping[int, int],
    joining: Sequence[tuple[Owed, int]],
) -> list[tuple[Owed, int]]:
    """Return what may be given of owed goods once the goods of the order have left the shelf."""
    sold = [Out(products[line_id], amount, line_id=line_id) for line_id, amount in given.items()]
    besides = [Out(one.product_id, amount) for one, amount in joining]
    stays = blocked_outs(tx, [*sold, *besides], Kind.SOLD)[len(sold) :]
    return [pair for pair, stay in zip(joining, stays, strict=True) if not stay]


def undo_handover(shop: Shop, handover_ids: Sequence[int]) -> list[int]:
    """Take back handovers: the goods are in the shop again (E11). Returns the new rows' ids.

    Raises ``NotFound`` for an unknown id and ``Refused`` when one was taken back before.
    """
    with shop.write("pickup.undo_handover") as tx:
        tx.result = take_back(tx, handover_ids)
    return list(tx.result)


def undo_last_handover(shop: Shop, order_id: int) -> list[int]:
    """Take back what was handed over last of an order: all rows of that one moment.

    Raises ``Refused`` when nothing of the order is handed over.
    """
    with shop.write("pickup.undo_handover") as tx:
        newest = last_given(tx.connection, order_id)
        if newest is None:
            raise Refused(N_("Nothing of this order was handed over."))
        reversed_ids = select(_handover.c.reverses_id).where(_handover.c.reverses_id.is_not(None))
        same_moment = select(_handover.c.id).where(
            _handover.c.order_id == order_id,
            _handover.c.at == newest.at,
            _handover.c.quantity > 0,
            _handover.c.id.not_in(reversed_ids.where(_handover.c.order_id == order_id)),
        )
        tx.result = take_back(tx, list(tx.execute(same_moment).scalars()))
    return list(tx.result)


def move_slot(
    shop: Shop,
    order_id: int,
    slot: str | None,
    day: date,
    version: int,
    *,
    into_full: bool = False,
) -> int:
    """Let a resident collect at another slot or day; returns the order's number, new on a new day.

    Raises ``SlotFull`` when the slot has no place left, unless ``into_full`` says that somebody
    decided so (R21); ``Refused`` for a cancelled or collected order, an unknown slot, a day in the
    past or a closed day; ``Conflict`` when the order was changed since ``version`` was shown.
    """
    with shop.write("pickup.move_slot") as tx:
        order = _active_order(tx, order_id)
        _refuse_bad_time(tx, slot, day)
        if not any(line.outstanding for line in lines_of(tx.connection, _order.c.id == order_id)):
            raise Refused(N_("Nothing of this order is left to hand over."))
        moves = (slot, day) != (order.pickup_slot, order.pickup_day)
        if moves and not order.delivery and not into_full:
            refuse_full(tx, day, slot, order_id)
        number = order.number if day == order.pickup_day else _next_number(tx, day)
        _put(tx, order, version, rules.Was(day, slot, False, number))
        tx.result = number
    return int(tx.result)


def undo_move(shop: Shop, order_id: int, version: int, was: rules.Was) -> int:
    """Take a move back: the order stands where it ``was``; returns its number (E11).

    It is the number of before unless another order of that day got it meanwhile. Raises
    ``Refused`` for a cancelled order, ``Conflict`` when the order was changed since ``version``.
    """
    with shop.write("pickup.undo_move") as tx:
        order = _active_order(tx, order_id)
        taken = select(_order.c.id).where(
            _order.c.pickup_day == was.day, _order.c.number == was.number, _order.c.id != order_id
        )
        free = tx.execute(taken).first() is None
        number = was.number if free else _next_number(tx, was.day)
        _put(tx, order, version, replace(was, number=number))
        tx.result = number
    return int(tx.result)


def _put(tx: Tx, order: Row[Any], version: int, to: rules.Was) -> None:
    tx.change(
        _order,
        order.id,
        version,
        pickup_day=to.day,
        pickup_slot=to.slot,
        slot_usual=to.usual,
        number=to.number,
    )
    tx.note(
        f"customer_order:{order.id}",
        before={"day": order.pickup_day, "slot": order.pickup_slot, "number": order.number},
        after={"day": to.day, "slot": to.slot, "number": to.number},
    )


def _active_order(tx: Tx, order_id: int) -> Row[Any]:
    order = tx.execute(select(_order).where(_order.c.id == order_id)).first()
    if order is None:
        raise NotFound(N_("This order no longer exists."))
    if order.status != "active":
        raise Refused(N_("This order was cancelled; nothing is handed over."))
    return order


def _refuse_if_all_given(tx: Tx, order_id: int, lines: Sequence[Line]) -> None:
    last = last_given(tx.connection, order_id)
    if last is None or any(line.outstanding for line in lines):
        return
    raise Refused(
        N_("{name} already handed this over at {time}."),
        name=last.by or "—",
        time=f"{local(last.at, tx.settings.time_zone):%m-%d %H:%M}",
    )


def _give(
    tx: Tx, order_id: int, given: Mapping[int, int], products: Mapping[int, int]
) -> list[int]:
    """Book the handovers, and the goods out of the stock of their batches (R8, E4)."""
    rows = [_handover_row(tx, order_id, line_id, amount) for line_id, amount in given.items()]
    ids = tx.add_all(_handover, rows)
    outs = [
        Out(products[line_id], amount, line_id=line_id, handover_id=handover_id)
        for handover_id, (line_id, amount) in zip(ids, given.items(), strict=True)
    ]
    take_out_all(tx, outs, Kind.SOLD)
    return ids


def _handover_row(
    tx: Tx, order_id: int, line_id: int, quantity: int, reverses_id: int | None = None
) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_id": line_id,
        "quantity": quantity,
        "reverses_id": reverses_id,
        "at": tx.now,
        "person_id": tx.actor.id,
    }


def take_back(tx: Tx, handover_ids: Sequence[int]) -> list[int]:
    """Step: take handovers back and note it, as :func:`undo_handover` says."""
    wanted = sorted(set(handover_ids))
    rows = tx.execute(
        select(_handover).where(_handover.c.id.in_(wanted), _handover.c.quantity > 0)
    ).all()
    if not wanted or len(rows) != len(wanted):
        raise NotFound(N_("This handing over is not in the books."))
    taken = select(_handover.c.id).where(_handover.c.reverses_id.in_(wanted)).limit(1)
    if tx.execute(taken).first() is not None:
        raise Refused(N_("This was already taken back."))
    undone = [_handover_row(tx, row.order_id, row.line_id, -row.quantity, row.id) for row in rows]
    ids = tx.add_all(_handover, undone)
    put_back_all(tx, {row.id: undone_by for row, undone_by in zip(rows, ids, strict=True)})
    for order_id in sorted({row.order_id for row in rows}):
        before = {str(row.line_id): row.quantity for row in rows if row.order_id == order_id}
        tx.note(f"customer_order:{order_id}", before=before, after=None)
    with_it = owed.given_with(tx, wanted)
    if with_it:
        owed.take_back(tx, with_it)
    return ids


def _refuse_bad_time(tx: Tx, slot: str | None, day: date) -> None:
    if slot is not None and tx.settings.slot(slot) is None:
        raise Refused(N_("This pickup slot does not exist. Choose one of the offered."))
    if day < tx.today:
        raise Refused(N_("That day is over. Choose today or a later day."))
    closed = schema.closed_day
    if tx.execute(select(closed.c.day).where(closed.c.day == day)).first() is not None:
        raise Refused(N_("The shop is closed on that day. Choose another."))


def _next_number(tx: Tx, day: date) -> int:
    highest = select(func.max(_order.c.number)).where(_order.c.pickup_day == day)
    return int(tx.execute(highest).scalar() or 0) + 1
