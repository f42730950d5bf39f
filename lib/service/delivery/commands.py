"""Writes of door delivery: marking, deciding, the touch at the door and its undo (R23).

Where goods may be brought is decided inside the transaction, so that a need ended a moment ago, or
an order that a neighbour collected meanwhile, is not brought after all.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.members.profiles.rules import Home
from lib.service.delivery.queries import proposed_in, stop_of
from lib.service.delivery.rules import WHY_NOT, Choice, LeftWith, Verdict, checked_note
from lib.service.picking.queries import Bag, bags_of
from lib.service.pickup.commands import give, take_back
from lib.shop.shop import Shop, Tx
from lib.trade.orders.delivery.commands import refresh_fee

_order, _done, _decision = (
    schema.customer_order,
    schema.delivery_done,
    schema.delivery_decision,
)
_handover = schema.handover


def mark_for_delivery(shop: Shop, order_ids: Sequence[int]) -> list[int]:
    """Mark orders of residents with a need to be brought; returns those that were (R23).

    An order that changed meanwhile so that it is not proposed any more is left out. Raises
    ``Refused`` when none is left.
    """
    with shop.write("delivery.mark") as tx:
        rows = tx.execute(select(_order).where(_order.c.id.in_(order_ids))).all()
        open_ids = {
            order_id
            for day in {row.pickup_day for row in rows}
            for order_id in proposed_in(tx.connection, tx.settings, day)
        }
        marked = [row for row in rows if row.id in open_ids]
        if not marked:
            raise Refused(N_("None of these orders is to be brought any more. Look again."))
        for row in marked:
            _mark(tx, row, row.version, delivery=True)
        tx.result = [row.id for row in marked]
    return list(tx.result)


def bring_anyway(shop: Shop, order_id: int) -> None:
    """Decide that an order is brought though no need stands; who did stays with it.

    Raises ``Refused`` for a home outside the community or without a building, and for an order
    that is not marked or has nothing left to hand over.
    """
    with shop.write("delivery.bring_anyway") as tx:
        bag = _marked_bag(tx, order_id)
        found, _hint = stop_of(tx.connection, tx.settings, bag)
        if found in (Verdict.OUTSIDE, Verdict.ASK_HOME):
            raise _refusal(found, bag)
        if found is Verdict.BRING:
            raise Refused(N_("This order is brought already; nothing is to be decided."))
        _decide(tx, order_id, Choice.BRING, was_marked=True)
        tx.note(f"customer_order:{order_id}", after={"choice": Choice.BRING})


def collect_instead(shop: Shop, order_id: int, version: int) -> None:
    """Let the resident collect an order that was to be brought, or that was proposed for it.

    The fee goes with it. Raises ``Refused`` for a cancelled or collected order, ``Conflict`` when
    it changed since ``version``.
    """
    with shop.write("delivery.collect") as tx:
        bag = _open_bag(tx, order_id)
        row = tx.row(_order, order_id)
        _mark(tx, row, version, delivery=False)
        _decide(tx, order_id, Choice.COLLECT, was_marked=bag.delivery)


def undo_decision(shop: Shop, order_id: int) -> None:
    """Take back what was decided about bringing an order: it stands as before (E11).

    Raises ``Refused`` when nothing was decided or the order is no longer open.
    """
    with shop.write("delivery.undo_decision") as tx:
        _open_bag(tx, order_id)
        row = tx.execute(select(_decision).where(_decision.c.order_id == order_id)).first()
        if row is None:
            raise Refused(N_("Nothing was decided about this order."))
        tx.execute(delete(_decision).where(_decision.c.order_id == order_id))
        order = tx.row(_order, order_id)
        _mark(tx, order, order.version, delivery=row.was_marked, before={"choice": row.choice})


def set_home(shop: Shop, order_id: int, version: int, home: Home) -> None:
    """Write down where an order is brought. Raises ``Refused`` without a building, ``Conflict``."""
    with shop.write("delivery.home") as tx:
        bag = _open_bag(tx, order_id)
        if not home.building:
            raise Refused(WHY_NOT[Verdict.ASK_HOME])
        values = dict(zip(("area", "building", "unit", "room"), home.parts, strict=True))
        tx.change(_order, order_id, version, **values)
        tx.note(
            f"customer_order:{order_id}", before={"home": str(bag.home)}, after={"home": str(home)}
        )


def mark_brought(shop: Shop, order_id: int, left_with: str, note: str = "") -> int:
    """Say that an order was brought: everything outstanding is handed over; returns the id.

    ``note`` says more about where it was left, never why. Raises ``Refused`` when nothing is left
    to hand over, the order is not to be brought, or the note tells of health.
    """
    kept = checked_note(note)
    if left_with not in set(LeftWith):
        raise Refused(N_("Say who got the goods, or where they were left."))
    with shop.write("delivery.done") as tx:
        bag = _marked_bag(tx, order_id)
        found, _hint = stop_of(tx.connection, tx.settings, bag)
        if found is not Verdict.BRING:
            raise _refusal(found, bag)
        _close_taken_back(tx, order_id)
        given = give(tx, order_id)
        tx.result = tx.add(
            _done,
            order_id=order_id,
            left_with=LeftWith(left_with),
            note=kept,
            handover_ids=given,
            at=tx.now,
            person_id=tx.actor.id,
        )
        tx.note(f"delivery_done:{tx.result}", after={"left_with": left_with, "order": order_id})
    return int(tx.result)


def undo_brought(shop: Shop, done_id: int) -> None:
    """Take back that an order was brought: its goods are in the shop again; money stays booked.

    Goods that were taken back at the desk before stay so. Raises ``Refused`` when it was taken back
    before, ``NotFound``.
    """
    with shop.write("delivery.undo") as tx:
        row = tx.execute(select(_done).where(_done.c.id == done_id)).first()
        if row is None:
            raise NotFound(N_("This delivery is not in the books."))
        if row.undone_at is not None:
            raise Refused(N_("This was already taken back."))
        _undo(tx, done_id)
        left = _not_taken_back(tx, row.handover_ids)
        if left:
            take_back(tx, left)
        tx.note(f"delivery_done:{done_id}", before={"left_with": row.left_with}, after=None)


def _mark(
    tx: Tx, row: Row[Any], version: int, *, delivery: bool, before: dict[str, Any] | None = None
) -> None:
    tx.change(_order, row.id, version, delivery=delivery)
    refresh_fee(tx, row.id, was_delivery=row.delivery)
    tx.note(
        f"customer_order:{row.id}",
        before={"to_deliver": row.delivery, **(before or {})},
        after={"to_deliver": delivery},
    )


def _decide(tx: Tx, order_id: int, choice: Choice, *, was_marked: bool) -> None:
    before = tx.execute(select(_decision).where(_decision.c.order_id == order_id)).first()
    if before is not None and before.choice == choice:
        raise Refused(N_("This was decided already."))
    tx.execute(delete(_decision).where(_decision.c.order_id == order_id))
    values = {"choice": choice, "was_marked": was_marked, "at": tx.now, "person_id": tx.actor.id}
    tx.execute(insert(_decision).values(order_id=order_id, **values))


def _open_bag(tx: Tx, order_id: int) -> Bag:
    found = bags_of(tx.connection, _order.c.id == order_id)
    if not found:
        raise NotFound(N_("This order no longer exists."))
    if tx.row(_order, order_id).status != "active":
        raise Refused(N_("This order was cancelled; nothing is handed over."))
    if not found[0].open_lines:
        raise Refused(N_("Nothing of this order is left to hand over."))
    return found[0]


def _marked_bag(tx: Tx, order_id: int) -> Bag:
    bag = _open_bag(tx, order_id)
    if not bag.delivery:
        raise Refused(N_("This order is collected, not brought."))
    return bag


def _refusal(found: Verdict, bag: Bag) -> Refused:
    return Refused(WHY_NOT[found], home=str(bag.home))


def _undo(tx: Tx, done_id: int) -> None:
    gone = {"undone_at": tx.now, "undone_by": tx.actor.id}
    tx.execute(update(_done).where(_done.c.id == done_id).values(**gone))


def _close_taken_back(tx: Tx, order_id: int) -> None:
    """End a delivery whose goods were taken back at the desk, before the order is brought again."""
    query = select(_done.c.id).where(_done.c.order_id == order_id, _done.c.undone_at.is_(None))
    for done_id in tx.execute(query).scalars().all():
        _undo(tx, done_id)


def _not_taken_back(tx: Tx, handover_ids: Sequence[int]) -> list[int]:
    reversed_ids = select(_handover.c.reverses_id).where(_handover.c.reverses_id.in_(handover_ids))
    taken = set(tx.execute(reversed_ids).scalars())
    return [one for one in handover_ids if one not in taken]
