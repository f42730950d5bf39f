"""Writes of receiving: count goods in, put a mistake right, or take the whole of it back (E6).

One transaction makes delivery, batches and stock movements. A batch keeps what the law asks to be
recorded as it was on that day, whatever happens to the supplier's file later.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.shop import OWNER_ONLY, Role, Shop, Tx
from lib.supply.purchasing.receiving.rules import (
    LONGEST_REASON,
    LONGEST_WORDS,
    Arrival,
    ArrivalLine,
    Dates,
    Received,
    checked_arrival,
    dates_of,
    next_number,
    refuse_expired,
)
from lib.supply.purchasing.records.rules import is_produce, keep_until
from lib.supply.purchasing.rules import LARGEST_QUANTITY, OPEN, Status, still_to_come
from lib.supply.stock.commands import (
    COVERED,
    Move,
    assign_loose,
    post,
    post_all,
    thrown_away,
)
from lib.supply.stock.rules import Kind
from lib.supply.suppliers.commands import supplier_row
from lib.trade.products.commands import put_purchase_price

_order, _line = schema.purchase_order, schema.purchase_line
_delivery, _batch, _movement = schema.delivery, schema.batch, schema.stock_movement
_product, _term, _supplier = schema.product, schema.supply_term, schema.supplier

TOKEN_BYTES = 16
"""Of randomness in the public address of a batch; nobody guesses another one."""


@dataclass(frozen=True)
class _Coming:
    """What the books know when goods arrive: who, what, on which terms, ordered how much."""

    supplier: Row[Any]
    arrived_on: date
    products: Mapping[int, Row[Any]]
    terms: Mapping[int, Row[Any]]
    ordered: Mapping[int, Row[Any]]
    missing: dict[int, int]


def receive(shop: Shop, arrival: Arrival) -> Received:
    """Book a delivery: its batches with their purchase record, and the stock that came in.

    Goods sold before the delivery was entered are covered by it. The price is the agreed one (of
    the order, else of the terms, else the last); the owner may say another, which becomes the
    product's purchase price. An order all of which came closes itself. Raises ``Refused`` for
    quantities, dates or a price that cannot be meant, for a finished order, and ``Conflict`` when
    somebody received the same order meanwhile.
    """
    lines = checked_arrival(arrival.lines)
    with shop.write("purchase.receive") as tx:
        if any(line.unit_price is not None for line in lines):
            _refuse_unless_owner(tx)
        coming = _coming(tx, arrival, lines)
        order = _order_of(tx, arrival)
        delivery_id = tx.add(
            _delivery,
            supplier_id=arrival.supplier_id,
            purchase_order_id=arrival.purchase_order_id,
            arrived_on=coming.arrived_on,
            voucher=arrival.voucher,
            note=clean(arrival.note, LONGEST_REASON),
            at=tx.now,
            person_id=tx.actor.id,
        )
        tx.note(f"delivery:{delivery_id}", after=_said(coming, order, lines))
        made = tuple(_take_in(tx, delivery_id, coming, line) for line in lines)
        if order is not None:
            _settle_order(tx, order, arrival)
        tx.result = {"delivery_id": delivery_id, "batch_ids": list(made)}
    return Received(delivery_id, made)


def correct_batch(shop: Shop, batch_id: int, version: int, line: ArrivalLine) -> None:
    """Put right what was typed when a batch was received: quantities, dates, lot, papers.

    The difference is a movement of its own. Raises ``Conflict`` when somebody changed the batch,
    ``Refused`` when more of it has left the shop than was received, or when it was undone.
    """
    checked = checked_arrival([line])[0]
    with shop.write("purchase.correct_batch") as tx:
        row = _batch_row(tx, batch_id)
        if checked.unit_price is not None:
            _refuse_unless_owner(tx)
        values = _corrected(tx, row, checked)
        before = {name: row._mapping[name] for name in values}
        _move_received(tx, row, checked.received)
        tx.change(_batch, batch_id, version, **values)
        if checked.unit_price is not None:
            put_purchase_price(tx, row.product_id, checked.unit_price)
        tx.note(f"batch:{batch_id}", before=before, after=values, code=row.code)


def undo_receiving(shop: Shop, delivery_id: int, reason: str) -> None:
    """Take a whole receiving back, as if it had not come; the order is open again.

    The rows stay for the journal. Raises ``Refused`` without a reason, when it was undone before,
    and when goods of it were sold, wasted or counted since.
    """
    reason = clean(reason, LONGEST_REASON)
    if not reason:
        raise Refused(N_("Say why the receiving is taken back."))
    with shop.write("purchase.undo_receiving") as tx:
        delivery = tx.execute(select(_delivery).where(_delivery.c.id == delivery_id)).first()
        if delivery is None:
            raise NotFound(N_("This delivery does not exist."))
        batches = tx.execute(
            select(_batch).where(_batch.c.delivery_id == delivery_id, _batch.c.undone_at.is_(None))
        ).all()
        if not batches:
            raise Refused(N_("This receiving was already taken back."))
        tx.note(
            f"delivery:{delivery_id}",
            before={"lines": [_batch_said(row) for row in batches]},
            after={"lines": []},
            reason=reason,
        )
        for row in batches:
            _empty(tx, row)
        _reopen(tx, delivery.purchase_order_id)


def _refuse_unless_owner(tx: Tx) -> None:
    if tx.actor.role not in (OWNER_ONLY | {Role.SYSTEM}):
        raise Refused(N_("Only the owner changes the agreed price."))


def _coming(tx: Tx, arrival: Arrival, lines: Sequence[ArrivalLine]) -> _Coming:
    supplier = supplier_row(tx, arrival.supplier_id)
    arrived_on = arrival.arrived_on or tx.today
    if arrived_on > tx.today:
        raise Refused(N_("This day has not come yet."))
    ids = [line.product_id for line in lines]
    products = {row.id: row for row in tx.execute(select(_product).where(_product.c.id.in_(ids)))}
    if set(ids) - products.keys():
        raise NotFound(N_("This product does not exist."))
    terms = tx.execute(
        select(_term).where(
            _term.c.supplier_id == arrival.supplier_id,
            _term.c.product_id.in_(ids),
            _term.c.ended_at.is_(None),
        )
    )
    ordered = tx.execute(select(_line).where(_line.c.order_id == arrival.purchase_order_id)).all()
    came = received_of(tx, arrival.purchase_order_id)
    return _Coming(
        supplier,
        arrived_on,
        products,
        {row.product_id: row for row in terms},
        {row.product_id: row for row in ordered},
        {row.product_id: still_to_come(row.quantity, came.get(row.product_id, 0))
         for row in ordered},
    )  # fmt: skip


def received_of(tx: Tx, order_id: int | None) -> dict[int, int]:
    """Return what was received of an order so far, good goods only, per product."""
    if order_id is None:
        return {}
    sums = (
        select(_batch.c.product_id, func.sum(_batch.c.received).label("came"))
        .join(_delivery, _delivery.c.id == _batch.c.delivery_id)
        .where(_delivery.c.purchase_order_id == order_id)
        .group_by(_batch.c.product_id)
    )
    return {row.product_id: int(row.came) for row in tx.execute(sums)}


def _order_of(tx: Tx, arrival: Arrival) -> Row[Any] | None:
    if arrival.purchase_order_id is None:
        return None
    order = tx.execute(select(_order).where(_order.c.id == arrival.purchase_order_id)).first()
    if order is None:
        raise NotFound(N_("This purchase order does not exist."))
    if order.supplier_id != arrival.supplier_id:
        raise Refused(N_("Order {number} is of another supplier."), number=order.number)
    if order.status not in OPEN:
        raise Refused(
            N_("Order {number} is finished. Receive without an order."), number=order.number
        )
    return order


def _take_in(tx: Tx, delivery_id: int, coming: _Coming, line: ArrivalLine) -> int:
    product = coming.products[line.product_id]
    term = coming.terms.get(line.product_id)
    dates = dates_of(line, coming.arrived_on, term.shelf_life_days if term else None)
    refuse_expired(dates, line.received, coming.arrived_on, product.name)
    price = _price(coming, line)
    batch_id = tx.add(
        _batch,
        code=_code(tx, coming.arrived_on),
        token=secrets.token_urlsafe(TOKEN_BYTES),
        delivery_id=delivery_id,
        supplier_id=coming.supplier.id,
        product_id=line.product_id,
        product_name=product.name,
        sale_unit=product.sale_unit,
        unit_grams=product.unit_grams,
        arrived_on=coming.arrived_on,
        ordered=coming.missing.pop(line.product_id, None),
        unit_price_fen=None if price is None else price.fen,
        supplier_name=coming.supplier.name,
        supplier_address=coming.supplier.address,
        supplier_contact=" ".join(
            part for part in (coming.supplier.contact_name, coming.supplier.phone) if part
        ),
        created_at=tx.now,
        person_id=tx.actor.id,
        **_typed(line),
        **_dated(tx, dates, coming.arrived_on, product.is_fresh, coming.supplier.kind),
    )
    if line.received:
        on = coming.arrived_on
        post(tx, Move(line.product_id, Kind.RECEIVED, line.received, batch_id, on=on))
        assign_loose(tx, line.product_id, batch_id, line.received)
    if line.received and price is not None:
        put_purchase_price(tx, line.product_id, price)
    return batch_id


def _typed(line: ArrivalLine) -> dict[str, Any]:
    return {
        "received": line.received,
        "rejected": line.rejected,
        "reject_reason": clean(line.reject_reason, LONGEST_REASON) if line.rejected else "",
        "photo": line.photo,
        "lot": clean(line.lot, LONGEST_WORDS),
        "specification": clean(line.specification, LONGEST_WORDS),
        "certificate_number": clean(line.certificate_number, LONGEST_WORDS),
    }


def _dated(
    tx: Tx, dates: Dates, arrived_on: date, is_fresh: bool, supplier_kind: str
) -> dict[str, Any]:
    produce = is_produce(is_fresh=is_fresh, supplier_kind=supplier_kind)
    return {
        "produced_on": dates.produced_on,
        "shelf_life_days": dates.shelf_life_days,
        "best_before": dates.best_before,
        "best_before_printed": dates.printed,
        "keep_until": keep_until(
            arrived_on, dates.best_before, tx.settings, produce=produce, printed=dates.printed
        ),
    }


def _price(coming: _Coming, line: ArrivalLine) -> Money | None:
    if line.unit_price is not None:
        return line.unit_price
    known = (
        getattr(coming.ordered.get(line.product_id), "unit_price_fen", None),
        getattr(coming.terms.get(line.product_id), "price_fen", None),
        coming.products[line.product_id].purchase_price_fen,
    )
    return next((Money(fen) for fen in known if fen is not None), None)


def _code(tx: Tx, day: date) -> str:
    """Return what the batch is called: month and day of its arrival, and a number: 0925-3.

    The numbers of a day go on where those of the same day of earlier years ended.
    """
    prefix = f"{day:%m%d}"
    taken = select(_batch.c.code).where(_batch.c.code.like(f"{prefix}-%"))
    return next_number(list(tx.execute(taken).scalars()), prefix)


def _settle_order(tx: Tx, order: Row[Any], arrival: Arrival) -> None:
    """Let the order go on, or close it: all of it came, or a reason says nothing more will."""
    came = received_of(tx, order.id)
    lines = tx.execute(select(_line).where(_line.c.order_id == order.id)).all()
    complete = all(not still_to_come(row.quantity, came.get(row.product_id, 0)) for row in lines)
    reason = clean(arrival.rest_reason, LONGEST_REASON)
    values: dict[str, Any] = {"status": Status.SENT, "sent_at": order.sent_at or tx.now}
    if complete or reason:
        values |= {"status": Status.CLOSED, "closed_at": tx.now, "close_reason": reason}
    seen = order.version if arrival.order_version is None else arrival.order_version
    tx.change(_order, order.id, seen, **values)
    if values["status"] != order.status:
        tx.note(
            f"purchase_order:{order.id}",
            before={"status": order.status},
            after={"status": values["status"], "reason": reason},
        )


def _reopen(tx: Tx, order_id: int | None) -> None:
    if order_id is None:
        return
    tx.execute(
        update(_order)
        .where(_order.c.id == order_id, _order.c.status == Status.CLOSED)
        .values(status=Status.SENT, closed_at=None, close_reason="", version=_order.c.version + 1)
    )


def _batch_row(tx: Tx, batch_id: int) -> Row[Any]:
    row = tx.execute(select(_batch).where(_batch.c.id == batch_id)).first()
    if row is None:
        raise NotFound(N_("This batch does not exist."))
    if row.undone_at is not None:
        raise Refused(N_("The receiving of this batch was taken back."))
    return row


def _corrected(tx: Tx, row: Row[Any], line: ArrivalLine) -> dict[str, Any]:
    product = tx.execute(select(_product).where(_product.c.id == row.product_id)).one()
    kind = tx.execute(select(_supplier.c.kind).where(_supplier.c.id == row.supplier_id)).scalar()
    dates = dates_of(line, row.arrived_on, None)
    refuse_expired(dates, line.received, row.arrived_on, row.product_name)
    values = _typed(line) | _dated(tx, dates, row.arrived_on, product.is_fresh, str(kind))
    values["photo"] = line.photo or row.photo
    if line.unit_price is not None:
        values["unit_price_fen"] = line.unit_price.fen
    return values


def _move_received(tx: Tx, row: Row[Any], received: int) -> None:
    """Book the difference to what was received; goods that already left stay covered."""
    difference = received - row.received
    if not difference:
        return
    left = row.on_hand + difference
    if left < 0:
        left += _unassign(tx, row, -left)
    if left < 0:
        raise Refused(
            N_("{amount} of this batch has already left the shop. Count the stock instead."),
            amount=Unit(row.sale_unit, row.unit_grams).said(received - left),
        )
    on = row.arrived_on
    post(tx, Move(row.product_id, Kind.RECEIVED, difference, row.id, N_("corrected"), on=on))
    if difference > 0:
        assign_loose(tx, row.product_id, row.id, difference)


def _sums(tx: Tx, batch_id: int) -> dict[str, int]:
    sums = (
        select(_movement.c.kind, func.sum(_movement.c.quantity).label("total"))
        .where(_movement.c.batch_id == batch_id)
        .group_by(_movement.c.kind)
    )
    return {row.kind: int(row.total) for row in tx.execute(sums)}


def _unassign(tx: Tx, row: Row[Any], most: int) -> int:
    """Give back what the batch covered of goods that left before it came; return how much."""
    given = max(0, min(most, -_sums(tx, row.id).get(Kind.ASSIGNED, 0)))
    moves = []
    if given:
        moves = [Move(row.product_id, Kind.ASSIGNED, given, row.id),
                 Move(row.product_id, Kind.ASSIGNED, -given)]  # fmt: skip
    for day, thrown in _covered_waste(tx, row.id).items():
        part = min(most - given, thrown)
        if part > 0:
            moves += thrown_away(row.product_id, part, row.id, None, day)
            given += part
    post_all(tx, moves)
    return given


def _covered_waste(tx: Tx, batch_id: int) -> dict[date, int]:
    """Return what the batch covers of goods thrown away before it came, by day."""
    total = func.sum(-_movement.c.quantity)
    query = (
        select(_movement.c.business_day, total.label("thrown"))
        .where(
            _movement.c.batch_id == batch_id,
            _movement.c.kind == Kind.WASTED,
            _movement.c.reason == COVERED,
        )
        .group_by(_movement.c.business_day)
        .having(total > 0)
        .order_by(_movement.c.business_day)
    )
    return {row.business_day: int(row.thrown) for row in tx.execute(query)}


def _empty(tx: Tx, row: Row[Any]) -> None:
    sums = _sums(tx, row.id)
    sums[Kind.WASTED] = sums.get(Kind.WASTED, 0) + sum(_covered_waste(tx, row.id).values())
    others = {kind for kind, total in sums.items() if total} - {Kind.RECEIVED, Kind.ASSIGNED}
    if others:
        raise Refused(
            N_("Goods of batch {code} have left the shop. Correct the batch instead."),
            code=row.code,
        )
    _unassign(tx, row, LARGEST_QUANTITY)
    came = sums.get(Kind.RECEIVED, 0)
    if came:
        on = row.arrived_on
        post(tx, Move(row.product_id, Kind.RECEIVED, -came, row.id, N_("taken back"), on=on))
    tx.change(_batch, row.id, row.version, received=0, rejected=0, undone_at=tx.now)


def _said(coming: _Coming, order: Row[Any] | None, lines: Sequence[ArrivalLine]) -> dict[str, Any]:
    return {
        "supplier": coming.supplier.name,
        "number": order.number if order is not None else "",
        "day": coming.arrived_on,
        "lines": [_line_said(coming.products[line.product_id], line) for line in lines],
    }


def _line_said(product: Row[Any], line: ArrivalLine) -> str:
    unit = Unit(product.sale_unit, product.unit_grams)
    rejected = f" -{unit.said(line.rejected)}" if line.rejected else ""
    return f"{product.name} {unit.said(line.received)}{rejected}"


def _batch_said(row: Row[Any]) -> str:
    unit = Unit(row.sale_unit, row.unit_grams)
    return f"{row.code} {row.product_name} {unit.said(row.received)}"
