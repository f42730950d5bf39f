"""Writes of purchase orders; ``receive`` and what follows it stand in ``receiving.commands``."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.shop import OWNER_ONLY, Role, Shop, Tx
from lib.supply.purchasing import rules
from lib.supply.purchasing.receiving.commands import (
    correct_batch,
    receive,
    undo_receiving,
)
from lib.supply.purchasing.receiving.rules import Arrival, ArrivalLine, Received, next_number
from lib.supply.purchasing.rules import OPEN, Status, WantedLine, WantedOrder, in_cases
from lib.supply.suppliers.commands import supplier_row

_order, _line = schema.purchase_order, schema.purchase_line
_product, _term = schema.product, schema.supply_term

BUYERS = OWNER_ONLY | {Role.SYSTEM}


def add_orders(shop: Shop, wanted: Sequence[WantedOrder]) -> list[int]:
    """Make purchase orders, all of them or none, and return their ids in the order given.

    A line without ``quantity`` is rounded up to the supplier's cases; the price is the agreed one.
    Raises ``Refused`` for an order without goods, and when a round or a plan day already has an
    order from this supplier unless ``again`` is said (E3).
    """
    if not wanted:
        raise Refused(N_("There is nothing to order."))
    with shop.write("purchase.add", by=BUYERS) as tx:
        tx.result = [_add(tx, one) for one in wanted]
    return [int(one) for one in tx.result]


def change_order(
    shop: Shop,
    order_id: int,
    version: int,
    lines: Sequence[WantedLine],
    expected_on: date,
    note: str = "",
) -> None:
    """Replace lines, day and note of an order that was not sent yet.

    Raises ``Refused`` for a sent or finished one, ``Conflict`` when somebody changed it.
    """
    kept = rules.checked_lines(lines)
    with shop.write("purchase.change", by=BUYERS) as tx:
        row = _row(tx, order_id)
        _refuse_unless(row, Status.DRAFT)
        before = _said(tx, row)
        tx.change(
            _order, order_id, version, expected_on=expected_on,
            note=clean(note, rules.LONGEST_NOTE, lines=True),
        )  # fmt: skip
        explained = {
            each.product_id: (each.suggested, each.why)
            for each in tx.execute(select(_line).where(_line.c.order_id == order_id))
        }
        tx.execute(delete(_line).where(_line.c.order_id == order_id))
        _insert_lines(tx, order_id, row.supplier_id, kept, explained)
        tx.note(f"purchase_order:{order_id}", before=before, after=_said(tx, _row(tx, order_id)))


def send_order(shop: Shop, order_id: int, version: int) -> None:
    """Say that the supplier has the order; from now on its lines stay as they were sent."""
    with shop.write("purchase.send", by=BUYERS) as tx:
        _refuse_unless(_row(tx, order_id), Status.DRAFT)
        _set_status(tx, order_id, version, Status.SENT, sent_at=tx.now)


def unsend_order(shop: Shop, order_id: int, version: int) -> None:
    """Take the sending back, to change the order again. Refused once goods of it came."""
    with shop.write("purchase.unsend", by=BUYERS) as tx:
        _refuse_unless(_row(tx, order_id), Status.SENT)
        _refuse_if_arrived(tx, order_id)
        _set_status(tx, order_id, version, Status.DRAFT, sent_at=None)


def move_order(shop: Shop, order_id: int, version: int, expected_on: date) -> None:
    """Expect an open order on another day: the supplier comes later."""
    with shop.write("purchase.move", by=BUYERS) as tx:
        row = _row(tx, order_id)
        _refuse_unless(row, *OPEN)
        tx.change(_order, order_id, version, expected_on=expected_on)
        tx.note(
            f"purchase_order:{order_id}",
            before={"expected_on": row.expected_on},
            after={"expected_on": expected_on},
        )


def close_order(shop: Shop, order_id: int, version: int, reason: str) -> None:
    """Say why nothing more of an open order will come."""
    with shop.write("purchase.close", by=BUYERS) as tx:
        _end(tx, order_id, version, Status.CLOSED, reason)


def cancel_order(shop: Shop, order_id: int, version: int, reason: str) -> None:
    """Call an order off. Raises ``Refused`` without a reason or once goods of it came."""
    with shop.write("purchase.cancel", by=BUYERS) as tx:
        _refuse_if_arrived(tx, order_id)
        _end(tx, order_id, version, Status.CANCELLED, reason)


def _add(tx: Tx, wanted: WantedOrder) -> int:
    lines = rules.checked_lines(wanted.lines)
    supplier = supplier_row(tx, wanted.supplier_id)
    if supplier.archived_at is not None:
        raise Refused(N_("{name} is no longer a supplier. Restore it first."), name=supplier.name)
    if not wanted.again:
        _refuse_twice(tx, wanted, supplier.name)
    order_id = tx.add(
        _order,
        number=_number(tx),
        supplier_id=wanted.supplier_id,
        round_id=wanted.round_id,
        plan_day=wanted.plan_day,
        expected_on=wanted.expected_on,
        status=Status.DRAFT,
        note=clean(wanted.note, rules.LONGEST_NOTE, lines=True),
        created_at=tx.now,
        created_by=tx.actor.id,
    )
    _insert_lines(tx, order_id, wanted.supplier_id, lines, {})
    tx.note(f"purchase_order:{order_id}", after=_said(tx, _row(tx, order_id)))
    return order_id


def _refuse_twice(tx: Tx, wanted: WantedOrder, supplier: str) -> None:
    if wanted.round_id is None and wanted.plan_day is None:
        return
    same = select(_order.c.number).where(
        _order.c.supplier_id == wanted.supplier_id, _order.c.status != Status.CANCELLED
    )
    if wanted.round_id is not None:
        same = same.where(_order.c.round_id == wanted.round_id)
    if wanted.plan_day is not None:
        same = same.where(_order.c.plan_day == wanted.plan_day)
    number = tx.execute(same.order_by(_order.c.id.desc())).scalar()
    if number is not None:
        raise Refused(
            N_(
                "There is already order {number} from {supplier} for this. "
                "Look at it first, or say that you want another one."
            ),
            number=number,
            supplier=supplier,
        )


def _number(tx: Tx) -> str:
    prefix = f"P{tx.today:%y%m%d}"
    taken = select(_order.c.number).where(_order.c.number.like(f"{prefix}-%"))
    return next_number(list(tx.execute(taken).scalars()), prefix)


def _insert_lines(
    tx: Tx,
    order_id: int,
    supplier_id: int,
    lines: Sequence[WantedLine],
    explained: Mapping[int, tuple[int | None, Any]],
) -> None:
    ids = [line.product_id for line in lines]
    products = {row.id: row for row in tx.execute(select(_product).where(_product.c.id.in_(ids)))}
    if set(ids) - products.keys():
        raise NotFound(N_("This product does not exist."))
    terms = {
        row.product_id: row
        for row in tx.execute(
            select(_term).where(
                _term.c.supplier_id == supplier_id,
                _term.c.product_id.in_(ids),
                _term.c.ended_at.is_(None),
            )
        )
    }
    rows = [
        _line_values(order_id, line, products[line.product_id], terms.get(line.product_id))
        for line in lines
    ]
    for row in rows:
        suggested, why = explained.get(row["product_id"], (None, None))
        row["suggested"] = suggested if row["suggested"] is None else row["suggested"]
        row["why"] = why if row["why"] is None else row["why"]
    tx.execute(insert(_line), rows)


def _line_values(
    order_id: int, line: WantedLine, product: Row[Any], term: Row[Any] | None
) -> dict[str, Any]:
    case = term.case_quantity if term is not None else None
    rounded = in_cases(line.needed, case).quantity
    price = term.price_fen if term is not None else product.purchase_price_fen
    return {
        "order_id": order_id,
        "product_id": line.product_id,
        "product_name": product.name,
        "sale_unit": product.sale_unit,
        "unit_grams": product.unit_grams,
        "needed": line.needed,
        "quantity": rounded if line.quantity is None else line.quantity,
        "case_quantity": case,
        "unit_price_fen": price,
        "suggested": line.suggested,
        "why": dict(line.why) if line.why is not None else None,
    }


def _row(tx: Tx, order_id: int) -> Row[Any]:
    row = tx.execute(select(_order).where(_order.c.id == order_id)).first()
    if row is None:
        raise NotFound(N_("This purchase order does not exist."))
    return row


_NOT_NOW: dict[Status, str] = {
    Status.DRAFT: N_("Order {number} was not sent yet."),
    Status.SENT: N_("Order {number} was sent. Take the sending back to change it."),
    Status.CLOSED: N_("Order {number} is closed."),
    Status.CANCELLED: N_("Order {number} is cancelled."),
}


def _refuse_unless(row: Row[Any], *allowed: Status) -> None:
    status = Status(row.status)
    if status not in allowed:
        raise Refused(_NOT_NOW[status], number=row.number)


def _refuse_if_arrived(tx: Tx, order_id: int) -> None:
    deliveries, batches = schema.delivery, schema.batch
    came = (
        select(func.count())
        .select_from(batches)
        .join(deliveries, deliveries.c.id == batches.c.delivery_id)
        .where(deliveries.c.purchase_order_id == order_id, batches.c.undone_at.is_(None))
    )
    if tx.execute(came).scalar_one():
        raise Refused(
            N_("Goods of this order came already. Close the rest of it, or undo the receiving.")
        )


def _set_status(tx: Tx, order_id: int, version: int, status: Status, **values: Any) -> None:
    before = _row(tx, order_id).status
    tx.change(_order, order_id, version, status=status, **values)
    tx.note(
        f"purchase_order:{order_id}",
        before={"status": before},
        after={"status": status, **({"reason": values["close_reason"]} if "close_reason" in values
                                    else {})},
    )  # fmt: skip


def _end(tx: Tx, order_id: int, version: int, status: Status, reason: str) -> None:
    reason = clean(reason, rules.LONGEST_NOTE)
    if not reason:
        raise Refused(N_("Say why nothing more of this order will come."))
    _refuse_unless(_row(tx, order_id), *OPEN)
    _set_status(tx, order_id, version, status, closed_at=tx.now, close_reason=reason)


def _said(tx: Tx, row: Row[Any]) -> dict[str, Any]:
    lines = tx.execute(select(_line).where(_line.c.order_id == row.id).order_by(_line.c.id))
    return {
        "number": row.number,
        "expected_on": row.expected_on,
        "lines": [
            f"{line.product_name} {Unit(line.sale_unit, line.unit_grams).said(line.quantity)}"
            for line in lines
        ],
        "note": row.note,
    }


__all__ = [
    "Arrival",
    "ArrivalLine",
    "Received",
    "WantedLine",
    "WantedOrder",
    "add_orders",
    "cancel_order",
    "change_order",
    "close_order",
    "correct_batch",
    "move_order",
    "receive",
    "send_order",
    "undo_receiving",
    "unsend_order",
]
