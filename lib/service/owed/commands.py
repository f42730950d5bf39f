"""Writes of owed goods: promised, given, taken back, planned, not owed any more (R29).

What was given is a ledger; taking back adds a negative row. The goods leave the stock of their
batches as *given without payment*, and name the order line they make good: a recall finds them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.service.owed import rules
from lib.service.owed.queries import STILL_OPEN, sum_given
from lib.service.owed.rules import Source
from lib.shop.shop import Shop, Tx
from lib.supply.stock.commands import Out, put_back_owed, take_out_all
from lib.supply.stock.rules import Kind

_owed, _given = schema.owed_goods, schema.owed_handover


@dataclass(frozen=True)
class Promise:
    """What is promised to whom: ``quantity`` in grams or sale units of ``unit``.

    ``line_id`` is the order line it makes good. ``planned_on`` None waits for the next order.
    ``due_at`` (UTC) None is the setting ``owed_days`` from now.
    """

    member_id: int
    product_id: int
    product_name: str
    unit: Unit
    quantity: int
    source: Source = Source.CASE
    case_id: int | None = None
    line_id: int | None = None
    planned_on: date | None = None
    due_at: datetime | None = None
    note: str = ""


def promise(tx: Tx, what: Promise) -> int:
    """Step: promise goods and return the id of the row. Raises ``Refused`` for a bad day."""
    owed_id = tx.add(
        _owed,
        member_id=what.member_id,
        case_id=what.case_id,
        line_id=what.line_id,
        product_id=what.product_id,
        product_name=what.product_name,
        sale_unit=what.unit.word,
        unit_grams=what.unit.grams,
        source=Source(what.source).value,
        quantity=what.quantity,
        planned_on=rules.checked_day(what.planned_on, tx.today),
        due_at=what.due_at or rules.due_at(tx.now, tx.settings),
        note=what.note,
        created_at=tx.now,
        created_by=tx.actor.id,
    )
    after = {"product": what.product_name, "quantity": what.unit.said(what.quantity)}
    tx.note(subject_of(owed_id), after=after, case=what.case_id)
    return owed_id


def give(
    tx: Tx,
    quantities: Mapping[int, int],
    order_id: int | None = None,
    handover_id: int | None = None,
) -> list[int]:
    """Step: give owed goods, by id → quantity, with ``order_id``; return the ledger's ids.

    ``handover_id`` is the handing over of that order's goods in the same touch, which takes them
    back with it (:func:`given_with`). Raises ``Refused`` for more than is open (whoever gave the
    rest) and for goods that may not go to residents, ``NotFound`` for what is not owed. Nothing to
    give changes nothing.
    """
    if not quantities:
        return []
    rows = [_open_row(tx, owed_id) for owed_id in sorted(quantities)]
    for row in rows:
        rules.checked_give(row.product_name, _unit(row), _still(row), quantities[row.id])
    given = [
        {"owed_id": row.id, "order_id": order_id, "handover_id": handover_id,
         "quantity": quantities[row.id], "at": tx.now, "person_id": tx.actor.id}
        for row in rows
    ]  # fmt: skip
    ids = tx.add_all(_given, given)
    outs = [
        Out(row.product_id, quantities[row.id], line_id=row.line_id, owed_handover_id=given_id)
        for row, given_id in zip(rows, ids, strict=True)
    ]
    take_out_all(tx, outs, Kind.REDEEMED)
    for row in rows:
        left = _still(row) - quantities[row.id]
        if not left:
            _set(tx, row.id, settled_at=tx.now)
        _note(tx, row, {"left": _unit(row).said(_still(row))}, {"left": _unit(row).said(left)})
    return ids


def take_back(tx: Tx, given_ids: Iterable[int]) -> list[int]:
    """Step: take owed goods back that were given; they are owed again. Returns the new rows' ids.

    Raises ``NotFound`` for an unknown id and ``Refused`` when one was taken back before.
    """
    wanted = sorted(set(given_ids))
    rows = tx.execute(select(_given).where(_given.c.id.in_(wanted), _given.c.quantity > 0)).all()
    if not wanted or len(rows) != len(wanted):
        raise NotFound(N_("This handing over is not in the books."))
    before = select(_given.c.id).where(_given.c.reverses_id.in_(wanted)).limit(1)
    if tx.execute(before).first() is not None:
        raise Refused(N_("This was already taken back."))
    undone = [
        {"owed_id": row.owed_id, "order_id": row.order_id, "quantity": -row.quantity,
         "reverses_id": row.id, "at": tx.now, "person_id": tx.actor.id}
        for row in rows
    ]  # fmt: skip
    ids = tx.add_all(_given, undone)
    put_back_owed(tx, {row.id: undone_by for row, undone_by in zip(rows, ids, strict=True)})
    for row in rows:
        _set(tx, row.owed_id, settled_at=None)
        tx.note(subject_of(row.owed_id), before={"given": row.quantity}, after={"given": 0})
    return ids


def given_with(tx: Tx, handover_ids: Sequence[int]) -> list[int]:
    """Step: return what was given in one touch with handovers of orders and not taken back."""
    later = _given.alias("taking_back")
    query = select(_given.c.id).where(
        _given.c.handover_id.in_(handover_ids),
        ~select(later.c.id).where(later.c.reverses_id == _given.c.id).exists(),
    )
    return list(tx.execute(query).scalars())


def cancel(tx: Tx, owed_id: int, why: str) -> None:
    """Step: what is open of it is not owed any more; what was given stays given.

    Raises ``Refused`` when nothing is open.
    """
    row = _open_row(tx, owed_id)
    _set(tx, owed_id, cancelled_at=tx.now, cancel_reason=why)
    _note(tx, row, {"left": _unit(row).said(_still(row))}, {"cancelled": why})


def owe_again(tx: Tx, owed_id: int) -> None:
    """Step: a cancelled promise stands again."""
    _set(tx, owed_id, cancelled_at=None, cancel_reason="")
    tx.note(subject_of(owed_id), after={"cancelled": None})


def give_owed(shop: Shop, owed_id: int, quantity: int | None = None) -> list[int]:
    """Give owed goods to a resident who has no order to take them with; all that is open, or less.

    Returns the ids that undo it. Raises what :func:`give` raises.
    """
    with shop.write("owed.give") as tx:
        row = _open_row(tx, owed_id)
        tx.result = give(tx, {owed_id: _still(row) if quantity is None else quantity})
    return list(tx.result)


def give_several(shop: Shop, quantities: Mapping[int, int]) -> list[int]:
    """Give several owed goods of a resident without an order, by number → quantity.

    Zero leaves one out. Returns the ids that undo it. Raises what :func:`give` raises, and
    ``Refused`` when nothing was chosen.
    """
    with shop.write("owed.give") as tx:
        chosen = {owed_id: quantity for owed_id, quantity in quantities.items() if quantity}
        if not chosen:
            raise Refused(N_("Choose what is handed over first."))
        tx.result = give(tx, chosen)
    return list(tx.result)


def undo_give(shop: Shop, given_ids: Sequence[int]) -> list[int]:
    """Take owed goods back that were given by mistake; see :func:`take_back` (E11)."""
    with shop.write("owed.undo") as tx:
        tx.result = take_back(tx, given_ids)
    return list(tx.result)


def plan_owed(shop: Shop, owed_id: int, version: int, day: date | None) -> None:
    """Plan the day on which owed goods wait for a resident without an order; None: the next order.

    The promise itself does not move. Raises ``Refused`` for a day that is over, ``Conflict``.
    """
    with shop.write("owed.plan") as tx:
        row = _open_row(tx, owed_id)
        planned = rules.checked_day(day, tx.today)
        tx.change(_owed, owed_id, version, planned_on=planned)
        _note(tx, row, {"planned_on": row.planned_on}, {"planned_on": planned})


def cancel_owed(shop: Shop, owed_id: int, version: int, why: str) -> None:
    """Say that something is not owed any more and why. Raises ``Refused``, ``Conflict``.

    Goods given for points are refused: there the redemption is taken back, with its points (R37).
    """
    with shop.write("owed.cancel") as tx:
        kept = rules.checked_reason(why)
        if _open_row(tx, owed_id).source == Source.POINTS:
            raise Refused(
                N_("These goods were given for points. Take the redemption back instead: then the "
                   "points return.")
            )  # fmt: skip
        tx.change(_owed, owed_id, version)
        cancel(tx, owed_id, kept)


def set_picked(tx: Tx, owed_ids: Iterable[int], *, picked: bool) -> None:
    """Step: all of these owed goods are put out, or none of them is."""
    value = _owed.c.quantity if picked else 0
    tx.execute(update(_owed).where(_owed.c.id.in_(list(owed_ids))).values(picked=value))


def subject_of(owed_id: int) -> str:
    """Return how the journal names owed goods."""
    return f"{_owed.name}:{owed_id}"


def _open_row(tx: Tx, owed_id: int) -> Row[Any]:
    query = select(_owed, sum_given().label("given")).where(_owed.c.id == owed_id)
    row = tx.execute(query.where(STILL_OPEN)).first()
    if row is not None:
        return row
    if tx.execute(query).first() is None:
        raise NotFound(N_("These goods are not owed."))
    raise Refused(N_("Nothing of these owed goods is left to give."))


def _still(row: Row[Any]) -> int:
    return max(int(row.quantity) - int(row.given), 0)


def _unit(row: Row[Any]) -> Unit:
    return Unit(row.sale_unit, row.unit_grams)


def _set(tx: Tx, owed_id: int, **values: Any) -> None:
    tx.execute(
        update(_owed).where(_owed.c.id == owed_id).values(**values, version=_owed.c.version + 1)
    )


def _note(tx: Tx, row: Row[Any], before: Any, after: Any) -> None:
    tx.note(subject_of(row.id), before=before, after={**after, "product": row.product_name})
