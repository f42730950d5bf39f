"""Steps about pickup slots while an order is booked or moved; they only read and refuse.

One writer at a time holds the books, so of two people who move an order into the last place of a
slot at the same moment one gets it and the other is asked (reliability B11).
"""

from collections.abc import Iterable
from datetime import date

from lib.kernel.words import N_
from lib.shop.shop import Tx
from lib.trade.orders.slots.queries import orders_in, usual_slots
from lib.trade.orders.slots.rules import Fullness, SlotFull, fullness, usable


def refuse_full(tx: Tx, day: date, slot: str | None, order_id: int) -> None:
    """Raise ``SlotFull`` when ``slot`` of ``day`` has no place for one more order (R21)."""
    here = tx.settings.slot(slot)
    if here is None or not tx.settings.slot_capacity:
        return
    orders = orders_in(tx.connection, day, here.key, besides=order_id)
    if fullness(orders, tx.settings.slot_capacity) is Fullness.FULL:
        raise SlotFull(
            N_("{slot} is full: {orders} orders, and it can take {capacity}."),
            slot=here.hours,
            orders=orders,
            capacity=tx.settings.slot_capacity,
        )


def usual_on(tx: Tx, member_ids: Iterable[int], day: date) -> dict[int, str]:
    """Return the usual slot of members for an order of ``day`` without one (R21).

    A slot that no longer exists, or is over on ``day``, is left out: nobody can come in it.
    """
    found = usual_slots(tx.connection, member_ids)
    return {
        member_id: slot
        for member_id, slot in found.items()
        if usable(slot, day, tx.settings, tx.now)
    }
