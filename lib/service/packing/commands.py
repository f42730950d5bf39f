"""Writes of packaging material (R25): ticked on a slip, bought, counted, thrown away, taken back.

The ledger is append-only. A bag is packed once: by whoever ticks its slip, else by the rule when
its first goods are handed over. Taking goods back does not bring a used bag back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.service.owed.queries import open_owed
from lib.service.owed.rules import Owed
from lib.service.packing import rules
from lib.service.packing.queries import (
    counted_since,
    is_known_without,
    left_of,
    on_hand,
    packed_in,
)
from lib.service.packing.rules import Kind
from lib.service.picking.queries import lines_of
from lib.service.picking.rules import Line
from lib.shop.shop import Shop, Tx
from lib.trade.packaging.rules import Packaging

_entry, _packed, _order = schema.packaging_entry, schema.packed_material, schema.customer_order


def tick(shop: Shop, order_id: int, typed: Mapping[Packaging, int]) -> None:
    """Say what really went into the bag of an order; it may be said again.

    What is not ``typed`` stays as it was, and is as the rule says where nothing was packed. Raises
    ``NotFound`` for an unknown order, ``Refused`` for a cancelled one and for a number that cannot
    be in one bag.
    """
    with shop.write("packaging.tick") as tx:
        order = tx.execute(select(_order).where(_order.c.id == order_id)).first()
        if order is None:
            raise NotFound(N_("This order no longer exists."))
        if order.status != "active":
            raise Refused(N_("This order was cancelled; nothing is packed."))
        wanted = rules.checked_packed(typed)
        before = packed_in(tx.connection, [order_id]).get(order_id, {})
        lines = lines_of(tx.connection, _order.c.id == order_id)
        ruled = rules.ruled(lines, tx.settings, order.pickup_day)
        if not before:
            found = open_owed(tx.connection, tx.today)
            owed = [one for one in found if one.order_id == order_id]
            wanted = rules.ruled(lines, tx.settings, order.pickup_day, owed) | wanted
        for material, quantity in wanted.items():
            said = before[material].ruled if material in before else ruled[material]
            was = before[material].quantity if material in before else None
            _keep(tx, order_id, material, quantity, said, was)
        tx.note(
            f"customer_order:{order_id}",
            before={material.value: one.quantity for material, one in before.items()} or None,
            after={material.value: quantity for material, quantity in wanted.items()},
        )


def pack(tx: Tx, order_id: int, lines: Sequence[Line], owed: Sequence[Owed] = ()) -> None:
    """Step: book what the rule puts into the bag of an order whose goods are being handed over.

    ``lines`` are its lines as they stood before, ``owed`` the goods that go with them. An order
    that was packed before needs no other bag: who gives out a second one ticks it.

    The books count the rule for the lines alone: what only owed goods needed is beyond it, and is
    counted as such.
    """
    if packed_in(tx.connection, [order_id]):
        return
    day = tx.row(_order, order_id).pickup_day
    ruled = rules.ruled(lines, tx.settings, day)
    used = {key: one for key, one in rules.ruled(lines, tx.settings, day, owed).items() if one}
    if not used:
        return
    rows = [
        {"order_id": order_id, "material": material.value, "quantity": count,
         "ruled": ruled[material], "at": tx.now, "person_id": tx.actor.id}
        for material, count in used.items()
    ]  # fmt: skip
    tx.execute(insert(_packed), rows)
    moves = {material: -count for material, count in used.items()}
    tx.execute(insert(_entry), _used(tx, moves, order_id))


def buy(
    shop: Shop, material: Packaging, pieces: int | None, cost: Money | None = None, note: str = ""
) -> int:
    """Book material that was bought and return the entry's id; ``cost`` is for all of it.

    Of material nobody ever counted nothing is taken to have been left before. Raises ``Refused``
    for no number and for a negative cost.
    """
    with shop.write("packaging.buy") as tx:
        count = rules.checked_pieces(pieces)
        if cost is not None and cost.fen < 0:
            raise Refused(N_("An amount cannot be negative."))
        before = left_of(tx.connection, material) or 0
        fen = None if cost is None else cost.fen
        words = rules.checked_note(note)
        tx.result = _add(tx, material, Kind.BOUGHT, count, before + count, words, cost_fen=fen)
        after = {"material": material.value, "pieces": count, "cost": cost}
        tx.note(f"packaging_entry:{tx.result}", after=after)
    return int(tx.result)


def count(shop: Shop, material: Packaging, pieces: int | None) -> int:
    """Book what was counted of a material with the difference; return the entry's id.

    Raises ``Refused`` for no number.
    """
    with shop.write("packaging.count") as tx:
        counted = rules.checked_pieces(pieces, zero=True)
        before = left_of(tx.connection, material)
        tx.result = _add(tx, material, Kind.COUNTED, counted - (before or 0), counted)
        tx.note(
            f"packaging_entry:{tx.result}",
            before={"material": material.value, "pieces": before},
            after={"material": material.value, "pieces": counted},
        )
    return int(tx.result)


def throw_away(shop: Shop, material: Packaging, pieces: int | None, note: str = "") -> int:
    """Book material that was spoiled or torn and return the entry's id. Raises ``Refused``."""
    with shop.write("packaging.throw_away") as tx:
        gone = rules.checked_pieces(pieces)
        left = rules.after(left_of(tx.connection, material), -gone)
        words = rules.checked_note(note)
        tx.result = _add(tx, material, Kind.THROWN_AWAY, -gone, left, words)
        after = {"material": material.value, "pieces": gone}
        tx.note(f"packaging_entry:{tx.result}", after=after)
    return int(tx.result)


def undo_entry(shop: Shop, entry_id: int) -> int:
    """Take back what was entered by mistake and return the id of the row that does it (E11).

    Where nothing else says what there is, nobody knows it again. Raises ``Refused`` for what went
    into a bag, when it was taken back before, and when the material was counted since, as the
    count says what there is; ``NotFound``.
    """
    with shop.write("packaging.undo") as tx:
        row = tx.row(_entry, entry_id)
        if Kind(row.kind) not in rules.UNDOABLE or row.reverses_id is not None:
            raise Refused(N_("What went into a bag is changed on its slip."))
        again = select(_entry.c.id).where(_entry.c.reverses_id == entry_id)
        if tx.execute(again).first() is not None:
            raise Refused(N_("This was already taken back."))
        material, kind = Packaging(row.material), Kind(row.kind)
        if counted_since(tx.connection, material, entry_id):
            raise Refused(N_("It was counted since. Count it again instead."))
        left = None
        if is_known_without(tx.connection, material, entry_id):
            left = rules.after(left_of(tx.connection, material), -row.quantity)
        tx.result = _add(tx, material, kind, -row.quantity, left, reverses_id=entry_id)
        said = {"material": row.material, "pieces": row.quantity}
        tx.note(f"packaging_entry:{entry_id}", before=said, after=None)
    return int(tx.result)


def _keep(
    tx: Tx, order_id: int, material: Packaging, quantity: int, ruled: int, was: int | None
) -> None:
    """Keep what is in a bag, and book the difference to before."""
    values = {"quantity": quantity, "at": tx.now, "person_id": tx.actor.id}
    if was is None:
        values |= {"order_id": order_id, "material": material.value, "ruled": ruled}
        tx.execute(insert(_packed).values(**values))
    else:
        mine = (_packed.c.order_id == order_id, _packed.c.material == material.value)
        tx.execute(update(_packed).where(*mine).values(**values))
    more = quantity - (was or 0)
    if more:
        tx.execute(insert(_entry), _used(tx, {material: -more}, order_id))


def _used(tx: Tx, moves: Mapping[Packaging, int], order_id: int) -> list[dict[str, Any]]:
    """Return the rows of what went into the bag of an order, or came out of it again."""
    left = on_hand(tx.connection)
    return [
        {"material": material.value, "kind": Kind.USED.value, "quantity": quantity,
         "left_after": rules.after(left.get(material), quantity), "order_id": order_id,
         "business_day": tx.today, "at": tx.now, "person_id": tx.actor.id}
        for material, quantity in moves.items()
    ]  # fmt: skip


def _add(
    tx: Tx,
    material: Packaging,
    kind: Kind,
    quantity: int,
    left: int | None,
    note: str = "",
    *,
    cost_fen: int | None = None,
    reverses_id: int | None = None,
) -> int:
    return tx.add(
        _entry,
        material=material.value,
        kind=kind.value,
        quantity=quantity,
        left_after=left,
        cost_fen=cost_fen,
        note=note,
        reverses_id=reverses_id,
        business_day=tx.today,
        at=tx.now,
        person_id=tx.actor.id,
    )
