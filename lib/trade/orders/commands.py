"""Writes of orders. Each function is one transaction and one journal row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.coupons.commands import release
from lib.members.points.commands import follow
from lib.members.profiles.commands import member_for, members_for
from lib.members.profiles.rules import Hint
from lib.shop.sensitive import refuse_unconfirmed, sensitive_words
from lib.shop.shop import Shop, Tx
from lib.trade.orders.allowance.steps import (
    permitted_beyond,
    place_of_addition,
    place_of_change,
    refuse_beyond,
)
from lib.trade.orders.couponed.commands import keep_coupon
from lib.trade.orders.delivery.commands import refresh_fee
from lib.trade.orders.delivery.rules import delivery_fee
from lib.trade.orders.reductions.queries import taken_off
from lib.trade.orders.reductions.rules import charged
from lib.trade.orders.rules import (
    MOVED,
    Booking,
    Change,
    IncomingOrder,
    OfferTerms,
    PricedLine,
    Source,
    Wanted,
    amount_for,
    priced,
    unusually_many,
)
from lib.trade.orders.slots.steps import refuse_full, usual_on

LONGEST_NOTE = 500

TELLS_TOO_MUCH = N_("The note may tell of health or a child: shorten it")
"""Why somebody should look at an order that came in with such words; it is booked all the same."""


@dataclass(frozen=True)
class Booked:
    """What a booking did: ids of the orders added, and how many changed or were cancelled."""

    intake_id: int
    added: tuple[int, ...]
    changed: int
    cancelled: int


def add_order(
    shop: Shop,
    incoming: IncomingOrder,
    *,
    round_id: int | None = None,
    pickup_day: date | None = None,
) -> int:
    """Book one order typed at the counter and return its id.

    ``round_id`` None sells from the shelf at today's price, to be collected today unless
    ``pickup_day`` says otherwise. Raises ``Refused`` for goods not offered, sold out, or beyond the
    household's limit (E4).
    """
    with shop.write("order.add") as tx:
        terms = _terms(tx, round_id, [item.product_id for item in incoming.wanted])
        day = pickup_day or _pickup_day(tx, round_id)
        member_id = _member(tx, incoming)
        lines = priced(incoming.wanted, terms)
        refuse_beyond(tx, round_id, member_id, lines)
        order_id = _insert(
            tx, [_Ready(incoming, member_id, lines)], Source.COUNTER, round_id, day, None
        )[0]
        tx.note(f"customer_order:{order_id}", after=_summary(incoming, lines))
        tx.result = order_id
    return order_id


def book_intake(shop: Shop, round_id: int, booking: Booking) -> Booked:
    """Book a checked chain or order file into a round, all of it or nothing.

    Raises ``Refused`` when exactly this content was booked before, and ``Conflict`` when a newer
    paste of the same chain was booked since the preview, one of the orders changed meanwhile, or
    an order goes beyond a limit and nobody decided about it (E4).
    """
    with shop.write("order.intake") as tx:
        day = _pickup_day(tx, round_id)
        _refuse_known(tx, round_id, booking)
        intake_id = _insert_intake(tx, round_id, booking)
        if booking.kind is Source.CHAIN:
            _free_keys(tx, booking)
        member_ids = members_for(tx, [_who(one) for one in booking.additions])
        reasons = permitted_beyond(tx, round_id, booking, member_ids)
        added = _book_additions(tx, round_id, day, intake_id, booking, member_ids, reasons)
        for change in booking.changes:
            beyond = reasons.get(place_of_change(change), [])
            _apply_change(tx, change, beyond, booking.platform)
        for gone in booking.cancellations:
            _cancel(tx, gone.order_id, gone.version, gone.reason)
            _settle_platform(tx, gone.order_id, None, gone.refunded, booking.platform)
        for order_id, key in booking.kept:
            orders = schema.customer_order
            tx.execute(update(orders).where(orders.c.id == order_id).values(source_key=key))
        counts = (len(booking.changes), len(booking.cancellations))
        tx.note(
            f"intake:{intake_id}",
            after={"added": len(added), "changed": counts[0], "cancelled": counts[1]},
            orders=added,
            **_beyond_said(booking),
        )
        booked = Booked(intake_id, tuple(added), *counts)
        tx.result = {"intake_id": intake_id, "added": len(added)}
    return booked


def cancel_order(shop: Shop, order_id: int, version: int, reason: str) -> None:
    """Cancel an order that nobody collected; what was paid stays visible and is to be refunded.

    Raises ``Refused`` without a reason or when goods were handed over.
    """
    with shop.write("order.cancel") as tx:
        _cancel(tx, order_id, version, reason)


def restore_order(shop: Shop, order_id: int, version: int) -> None:
    """Take back a cancellation; raises ``Refused`` when its goods went to others meanwhile."""
    with shop.write("order.restore") as tx:
        _refuse_restoring(tx, order_id)
        tx.change(
            schema.customer_order,
            order_id,
            version,
            status="active",
            cancelled_at=None,
            cancel_reason=None,
        )
        tx.at_end(follow)
        tx.note(f"customer_order:{order_id}", before="cancelled", after="active")


def change_lines(shop: Shop, order_id: int, version: int, wanted: Sequence[Wanted]) -> None:
    """Replace what an order wants; lines it no longer has are cancelled, not deleted.

    Raises ``Refused`` when less is wanted of a line than was already handed over, and when more is
    wanted than the household may have (E4).
    """
    with shop.write("order.change_lines") as tx:
        row = _order_row(tx, order_id)
        before = _lines_said(tx, order_id)
        terms = _terms(tx, row["round_id"], [item.product_id for item in wanted], order_id)
        lines = priced(wanted, terms)
        if row["status"] == "active":
            refuse_beyond(tx, row["round_id"], row["member_id"], lines, order_id)
        tx.change(schema.customer_order, order_id, version)
        _replace_lines(tx, order_id, lines)
        refresh_fee(tx, order_id)
        keep_coupon(tx, order_id)
        tx.note(f"customer_order:{order_id}", before=before, after=_lines_said(tx, order_id))


def put_quantities(tx: Tx, shares: Mapping[int, int], versions: Mapping[int, int]) -> None:
    """Step of sharing out a shortage: order lines get the quantities in ``shares`` (by line id).

    What was ordered stays; the money of a line follows its quantity, half-up. ``versions`` are the
    orders' as the person saw them. Raises ``Conflict`` when an order changed since, ``Refused`` for
    more than was ordered, less than was handed over, and goods that were weighed.
    """
    lines, handed = schema.order_line, schema.handover
    sums = (
        select(handed.c.line_id, func.sum(handed.c.quantity).label("given"))
        .where(handed.c.line_id.in_(list(shares)))
        .group_by(handed.c.line_id)
    )
    given = {row.line_id: int(row.given) for row in tx.execute(sums)}
    rows = tx.execute(select(lines).where(lines.c.id.in_(list(shares)))).all()
    if len(rows) != len(shares):
        raise NotFound(N_("This order line does not exist."))
    off = taken_off(tx.connection, shares)
    for row in rows:
        unit, share = Unit(row.sale_unit, row.unit_grams), shares[row.id]
        if row.cancelled_at is not None or row.weighed_at is not None or share > row.ordered:
            raise Refused(N_("A line that was weighed or cancelled is not shared out."))
        _refuse_below_handed(row.product_name, share, given.get(row.id, 0), unit)
        less = off.get(row.id, 0)
        before = Money(row.amount_fen + less)
        amount = amount_for(unit, Money(row.unit_price_fen), row.quantity, before, share)
        amount = charged(amount, less, row.product_name)
        tx.execute(
            update(lines).where(lines.c.id == row.id).values(quantity=share, amount_fen=amount.fen)
        )
    tx.at_end(follow)
    for order_id in sorted({row.order_id for row in rows}):
        tx.change(schema.customer_order, order_id, versions[order_id])


def change_pickup(
    shop: Shop,
    order_id: int,
    version: int,
    *,
    slot: str | None,
    delivery: bool,
    note: str,
    into_full: bool = False,
    confirmed: bool = False,
) -> None:
    """Change when and how an order is collected, and its note.

    Raises ``SlotFull`` when it comes to a slot that has no place left, unless ``into_full`` says
    that somebody decided so (R21), and ``Refused`` when the note tells of health or a child,
    unless a person ``confirmed`` that it does not. A usual slot that stays is still one that
    nobody said.
    """
    with shop.write("order.change_pickup") as tx:
        row = _order_row(tx, order_id)
        refuse_unconfirmed(note, confirmed, row["note"])
        comes = (slot, delivery) != (row["pickup_slot"], row["delivery"])
        if comes and not delivery and not into_full:
            refuse_full(tx, row["pickup_day"], slot, order_id)
        after = {"pickup_slot": slot, "delivery": delivery, "note": clean(note, LONGEST_NOTE)}
        tx.change(
            schema.customer_order,
            order_id,
            version,
            **after,
            slot_usual=row["slot_usual"] and slot == row["pickup_slot"],
        )
        refresh_fee(tx, order_id, was_delivery=row["delivery"])
        tx.note(
            f"customer_order:{order_id}",
            before={name: row[name] for name in after},
            after=after,
        )


def _refuse_restoring(tx: Tx, order_id: int) -> None:
    row, lines = _order_row(tx, order_id), schema.order_line
    if row["status"] == "active":
        return
    standing = select(lines).where(lines.c.order_id == order_id, lines.c.cancelled_at.is_(None))
    goods = [
        PricedLine(
            one.product_id, one.product_name, Unit(one.sale_unit, one.unit_grams), one.quantity,
            Money(one.unit_price_fen), Money(one.amount_fen),
        )
        for one in tx.execute(standing)
    ]  # fmt: skip
    refuse_beyond(tx, row["round_id"], row["member_id"], goods)


def mark_checked(shop: Shop, order_id: int, version: int) -> None:
    """Say that a doubtful order was looked at and is right."""
    with shop.write("order.checked") as tx:
        row = _order_row(tx, order_id)
        tx.change(schema.customer_order, order_id, version, check_reason=None)
        tx.note(f"customer_order:{order_id}", before=row["check_reason"])


@dataclass(frozen=True)
class _Ready:
    incoming: IncomingOrder
    member_id: int
    lines: list[PricedLine]
    check: list[str] = field(default_factory=list)

    @property
    def without_slot(self) -> bool:
        """Whether nobody said when it is collected, and it is not brought."""
        return self.incoming.slot is None and not self.incoming.delivery


def _terms(
    tx: Tx, round_id: int | None, product_ids: Sequence[int], order_id: int | None = None
) -> dict[int, OfferTerms]:
    """Prices in force; of an order that exists, the prices it was made at."""
    products, offers = schema.product, schema.round_offer
    query = select(
        products.c.id, products.c.name, products.c.sale_unit, products.c.unit_grams,
        products.c.price_fen, products.c.stopped_at, products.c.stop_reason,
    ).where(products.c.id.in_(set(product_ids)))  # fmt: skip
    found = {
        row.id: OfferTerms(
            row.id,
            row.name,
            Unit(row.sale_unit, row.unit_grams),
            Money(row.price_fen),
            stopped=None if row.stopped_at is None else row.stop_reason,
        )
        for row in tx.execute(query)
    }
    if round_id is not None:
        rows = tx.execute(select(offers).where(offers.c.round_id == round_id)).all()
        offered = {row.product_id: row for row in rows}
        found = {
            key: replace(item, price=Money(offered[key].price_fen))
            for key, item in found.items()
            if key in offered
        }
    return _at_order_prices(tx, found, order_id) if order_id is not None else found


def _at_order_prices(tx: Tx, found: dict[int, OfferTerms], order_id: int) -> dict[int, OfferTerms]:
    lines = schema.order_line
    agreed = tx.execute(
        select(
            lines.c.product_id, lines.c.product_name, lines.c.sale_unit, lines.c.unit_grams,
            lines.c.unit_price_fen, lines.c.ordered,
        ).where(lines.c.order_id == order_id, lines.c.cancelled_at.is_(None))
    )  # fmt: skip
    kept = {
        row.product_id: OfferTerms(
            row.product_id,
            row.product_name,
            Unit(row.sale_unit, row.unit_grams),
            Money(row.unit_price_fen),
            stopped=found[row.product_id].stopped if row.product_id in found else None,
            ordered_before=row.ordered,
        )
        for row in agreed
    }
    return {**found, **kept}


def _pickup_day(tx: Tx, round_id: int | None) -> date:
    if round_id is None:
        return tx.today
    rounds = schema.buying_round
    day = tx.execute(select(rounds.c.pickup_day).where(rounds.c.id == round_id)).scalar()
    if day is None:
        raise NotFound(N_("This round no longer exists."))
    found: date = day
    return found


def _member(tx: Tx, incoming: IncomingOrder) -> int:
    home = incoming.home
    return member_for(
        tx,
        incoming.nickname,
        area=home.area,
        building=home.building,
        unit=home.unit,
        room=home.room,
        phone=incoming.phone,
        member_id=incoming.member_id,
    )


def _next_number(tx: Tx, day: date) -> int:
    orders = schema.customer_order
    query = select(func.coalesce(func.max(orders.c.number), 0)).where(orders.c.pickup_day == day)
    return int(tx.execute(query).scalar_one()) + 1


def _insert(
    tx: Tx,
    ready: Sequence[_Ready],
    source: Source,
    round_id: int | None,
    day: date,
    intake_id: int | None,
) -> list[int]:
    """Insert orders with their lines in two statements; return the ids in the order given."""
    if not ready:
        return []
    first = _next_number(tx, day)
    usual = usual_on(tx, [item.member_id for item in ready if item.without_slot], day)
    rows = [
        {
            "round_id": round_id,
            "intake_id": intake_id,
            "source": source,
            "number": first + index,
            "pickup_day": day,
            "placed_at": tx.now,
            "status": "active",
            **_order_values(tx, item, usual.get(item.member_id)),
        }
        for index, item in enumerate(ready)
    ]
    ids = tx.add_all(schema.customer_order, rows)
    _insert_lines(tx, list(zip(ids, [item.lines for item in ready], strict=True)))
    return ids


def _order_values(tx: Tx, item: _Ready, usual: str | None) -> dict[str, Any]:
    incoming = item.incoming
    usual = usual if item.without_slot else None
    home = incoming.home
    goods = total(line.money for line in item.lines)
    note = clean(incoming.note, LONGEST_NOTE)
    reasons = [*item.check, *([incoming.check_reason] if incoming.check_reason else [])]
    reasons += [TELLS_TOO_MUCH] if sensitive_words(note) else []
    # A platform's total already holds whatever it charged for delivery.
    charged = incoming.gross is not None
    fee = Money(0) if charged else delivery_fee(goods, incoming.delivery, tx.settings)
    return {
        "member_id": item.member_id,
        "source_key": incoming.key,
        "source_body": dict(incoming.body) if incoming.body is not None else None,
        "pickup_slot": incoming.slot or usual,
        "slot_usual": usual is not None,
        "delivery": incoming.delivery,
        "area": home.area,
        "building": home.building,
        "unit": home.unit,
        "room": home.room,
        "note": note,
        "check_reason": "; ".join(reasons) or None,
        "delivery_fee_fen": fee.fen,
    }


def _insert_lines(tx: Tx, orders: Sequence[tuple[int, Sequence[PricedLine]]]) -> None:
    rows = [
        {
            "order_id": order_id,
            "product_id": line.product_id,
            "product_name": line.name,
            "sale_unit": line.unit.word,
            "unit_grams": line.unit.grams,
            "ordered": line.amount,
            "quantity": line.amount,
            "unit_price_fen": line.unit_price.fen,
            "amount_fen": line.money.fen,
        }
        for order_id, lines in orders
        for line in lines
    ]
    tx.execute(insert(schema.order_line), rows)


def _refuse_known(tx: Tx, round_id: int, booking: Booking) -> None:
    intakes = schema.intake
    same = select(intakes.c.id).where(
        intakes.c.round_id == round_id, intakes.c.fingerprint == booking.fingerprint
    )
    if tx.execute(same).first() is not None:
        raise Refused(N_("Exactly this was booked before; nothing was added."))
    newest = select(func.max(intakes.c.id)).where(
        intakes.c.round_id == round_id, intakes.c.identity == booking.identity
    )
    if tx.execute(newest).scalar() != booking.basis:
        if booking.kind is Source.SHEET:
            raise Conflict(
                N_("A file of this kind was booked meanwhile. Look at the preview again.")
            )
        raise Conflict(
            N_("A newer paste of this chain was booked meanwhile. Look at the preview again.")
        )


def _free_keys(tx: Tx, booking: Booking) -> None:
    """Take the keys from orders whose place in the chain changes, before they are given anew.

    A chain key counts somebody's entries: when the first of two is removed, the second gets its
    key, and two may swap theirs.
    """
    moving = [change.order_id for change in booking.changes]
    moving += [gone.order_id for gone in booking.cancellations]
    moving += [order_id for order_id, _key in booking.kept]
    orders = schema.customer_order
    for order_id in (*moving, *booking.freed):
        values = {"source_key": f"{MOVED}{order_id}"}
        tx.execute(update(orders).where(orders.c.id == order_id).values(**values))


def _insert_intake(tx: Tx, round_id: int, booking: Booking) -> int:
    return tx.add(
        schema.intake,
        kind=booking.kind,
        round_id=round_id,
        identity=booking.identity,
        fingerprint=booking.fingerprint,
        file_name=clean(booking.file_name, 100),
        content=booking.content,
        at=tx.now,
        person_id=tx.actor.id,
        summary={
            "added": len(booking.additions),
            "changed": len(booking.changes),
            "cancelled": len(booking.cancellations),
        },
    )


def _who(incoming: IncomingOrder) -> tuple[Hint, int | None]:
    return Hint(incoming.nickname, incoming.home, incoming.phone), incoming.member_id


def _beyond_said(booking: Booking) -> dict[str, Any]:
    """How the journal keeps what the owner let go beyond a limit, and why."""
    coming = [*booking.additions, *(change.incoming for change in booking.changes)]
    said = [clean(one.beyond, LONGEST_NOTE) for one in coming if one.beyond]
    return {"beyond": said} if said else {}


def _book_additions(
    tx: Tx,
    round_id: int,
    day: date,
    intake_id: int,
    booking: Booking,
    member_ids: Sequence[int],
    reasons: Mapping[str, list[str]],
) -> list[int]:
    product_ids = {item.product_id for order in booking.additions for item in order.wanted}
    terms = _terms(tx, round_id, sorted(product_ids))
    ready = []
    for index, (incoming, member_id) in enumerate(zip(booking.additions, member_ids, strict=True)):
        lines = priced(incoming.wanted, terms, incoming.for_goods)
        many = any(unusually_many(line, tx.settings) for line in lines)
        check = [N_("unusually many")] if many else []
        check += reasons.get(place_of_addition(index), [])
        ready.append(_Ready(incoming, member_id, lines, check))
    ids = _insert(tx, ready, booking.kind, round_id, day, intake_id)
    _insert_platform_payments(tx, list(zip(ids, ready, strict=True)), booking.platform)
    return ids


def _insert_platform_payments(tx: Tx, booked: Sequence[tuple[int, _Ready]], platform: str) -> None:
    """Book what a platform collected and gave back, so that the order is not asked for again."""
    rows: list[dict[str, Any]] = []
    for order_id, item in booked:
        for kind, amount in (("payment", item.incoming.gross), ("refund", item.incoming.refunded)):
            if amount:
                fen = amount.fen if kind == "payment" else -amount.fen
                rows.append(_payment_row(tx, order_id, item.member_id, kind, fen, platform))
    if rows:
        tx.execute(insert(schema.payment), rows)
        tx.at_end(follow)


def _settle_platform(
    tx: Tx, order_id: int, gross: Money | None, refunded: Money | None, platform: str
) -> None:
    """Book what a newer export says was collected or given back beyond what is booked.

    A platform gives back what it collected and no more: an order paid at the shop is refunded
    there.
    """
    payments, member_id = schema.payment, _order_row(tx, order_id)["member_id"]
    sums = (
        select(payments.c.kind, func.sum(payments.c.amount_fen).label("fen"))
        .where(payments.c.order_id == order_id, payments.c.method == "platform")
        .group_by(payments.c.kind)
    )
    booked = {row.kind: int(row.fen) for row in tx.execute(sums)}
    collected = max(booked.get("payment", 0), gross.fen if gross else 0)
    more = collected - booked.get("payment", 0)
    back = min(refunded.fen if refunded else 0, collected) + booked.get("refund", 0)
    for kind, fen in (("payment", more), ("refund", -back)):
        if fen and (kind == "payment" or back > 0):
            values = _payment_row(tx, order_id, member_id, kind, fen, platform)
            tx.execute(insert(payments).values(**values))
            tx.at_end(follow)


def _payment_row(
    tx: Tx, order_id: int, member_id: int, kind: str, fen: int, platform: str
) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "order_id": order_id,
        "kind": kind,
        "method": "platform",
        "amount_fen": fen,
        "forgiven_fen": max(0, -fen),  # what a platform refunds, the resident does not owe again
        "reason": platform or N_("ordering platform"),
        "business_day": tx.today,
        "at": tx.now,
        "person_id": tx.actor.id,
    }


_PART_COLUMNS = {
    "slot": ("pickup_slot", "slot_usual", "delivery"),
    "home": ("area", "building", "unit", "room"),
    "note": ("note",),
}
"""Part of a :class:`Change` → the columns of the order it takes over."""


def _apply_change(tx: Tx, change: Change, reasons: list[str], platform: str) -> None:
    incoming = change.incoming
    said = "; ".join(filter(None, [*reasons, incoming.check_reason]))
    change = replace(change, incoming=replace(incoming, check_reason=said or None))
    row = _order_row(tx, change.order_id)
    before = _lines_said(tx, change.order_id)
    lines = _changed_lines(tx, row, change)
    tx.change(
        schema.customer_order,
        change.order_id,
        change.version,
        **_changed_values(tx, row, change, lines),
        status="active",
        cancelled_at=None,
        cancel_reason=None,
    )
    tx.at_end(follow)
    if lines is not None:
        _replace_lines(tx, change.order_id, lines)
    _settle_platform(tx, change.order_id, incoming.gross, incoming.refunded, platform)
    refresh_fee(tx, change.order_id, was_delivery=row["delivery"])
    keep_coupon(tx, change.order_id)
    tx.note(
        f"customer_order:{change.order_id}", before=before, after=_lines_said(tx, change.order_id)
    )


def _changed_lines(tx: Tx, row: Mapping[str, Any], change: Change) -> list[PricedLine] | None:
    """Return the new lines of an order at the prices of its own round; None when they stay."""
    if change.parts is not None and "goods" not in change.parts:
        return None
    wanted = change.incoming.wanted
    terms = _terms(tx, row["round_id"], [item.product_id for item in wanted], change.order_id)
    return priced(wanted, terms, change.incoming.for_goods)


def _changed_values(
    tx: Tx, row: Mapping[str, Any], change: Change, lines: list[PricedLine] | None
) -> dict[str, Any]:
    ready = _Ready(change.incoming, row["member_id"], lines or [])
    usual = usual_on(tx, [ready.member_id] if ready.without_slot else [], row["pickup_day"])
    values = _order_values(tx, ready, usual.get(ready.member_id))
    for name in ("member_id", "delivery_fee_fen"):
        values.pop(name)
    if change.parts is None:
        return values
    taken = {"source_key", "source_body"}
    for part in change.parts:
        taken.update(_PART_COLUMNS.get(part, ()))
    if change.incoming.check_reason or ("note" in taken and sensitive_words(values["note"])):
        taken.add("check_reason")
    return {name: value for name, value in values.items() if name in taken}


def _replace_lines(tx: Tx, order_id: int, wanted: Sequence[PricedLine]) -> None:
    lines, handed = schema.order_line, schema.handover
    sums = (
        select(handed.c.line_id, func.sum(handed.c.quantity).label("given"))
        .where(handed.c.order_id == order_id)
        .group_by(handed.c.line_id)
    )
    given = {row.line_id: int(row.given) for row in tx.execute(sums)}
    current = {
        row.product_id: row
        for row in tx.execute(
            select(lines).where(lines.c.order_id == order_id, lines.c.cancelled_at.is_(None))
        )
    }
    off = taken_off(tx.connection, [row.id for row in current.values()])
    new = []
    for line in wanted:
        row = current.pop(line.product_id, None)
        if row is None:
            new.append(line)
            continue
        _refuse_below_handed(row.product_name, line.amount, given.get(row.id, 0), line.unit)
        # What was weighed stays weighed while the same amount is ordered.
        if row.ordered == line.amount and row.weighed_at is not None:
            continue
        amount = charged(line.money, off.get(row.id, 0), row.product_name)
        if row.ordered != line.amount or row.amount_fen != amount.fen:
            values = {"ordered": line.amount, "quantity": line.amount, "weighed_at": None}
            tx.execute(
                update(lines)
                .where(lines.c.id == row.id)
                .values(**values, amount_fen=amount.fen, unit_price_fen=line.unit_price.fen)
            )
    for row in current.values():
        _refuse_below_handed(
            row.product_name, 0, given.get(row.id, 0), Unit(row.sale_unit, row.unit_grams)
        )
        tx.execute(update(lines).where(lines.c.id == row.id).values(cancelled_at=tx.now))
    if new:
        _insert_lines(tx, [(order_id, new)])
    tx.at_end(follow)


def _refuse_below_handed(name: str, amount: int, handed: int, unit: Unit) -> None:
    if amount < handed:
        raise Refused(
            N_("{given} of {product} was already handed over. Undo the handover first."),
            given=unit.said(handed),
            product=name,
        )


def _cancel(tx: Tx, order_id: int, version: int, reason: str) -> None:
    reason = clean(reason, LONGEST_NOTE)
    if not reason:
        raise Refused(N_("Say why the order is cancelled."))
    handed = schema.handover
    given = select(func.coalesce(func.sum(handed.c.quantity), 0)).where(
        handed.c.order_id == order_id
    )
    if int(tx.execute(given).scalar_one()) > 0:
        raise Refused(
            N_("Goods of this order were handed over. Undo the handover first, or refund instead.")
        )
    tx.change(
        schema.customer_order,
        order_id,
        version,
        status="cancelled",
        cancelled_at=tx.now,
        cancel_reason=reason,
    )
    tx.at_end(follow)
    tx.note(f"customer_order:{order_id}", before="active", after="cancelled", reason=reason)
    release(tx, order_id)


def _order_row(tx: Tx, order_id: int) -> dict[str, Any]:
    orders = schema.customer_order
    row = tx.execute(select(orders).where(orders.c.id == order_id)).mappings().first()
    if row is None:
        raise NotFound(N_("This order does not exist."))
    return dict(row)


def _lines_said(tx: Tx, order_id: int) -> list[str]:
    lines = schema.order_line
    rows = tx.execute(
        select(lines)
        .where(lines.c.order_id == order_id, lines.c.cancelled_at.is_(None))
        .order_by(lines.c.id)
    )
    return [
        f"{row.product_name} {Unit(row.sale_unit, row.unit_grams).said(row.ordered)}"
        for row in rows
    ]


def _summary(incoming: IncomingOrder, lines: Sequence[PricedLine]) -> dict[str, Any]:
    return {
        "lines": [f"{line.name} {line.unit.said(line.amount)}" for line in lines],
        "total": total(line.money for line in lines),
        "slot": incoming.slot,
    }


def save_mapping(shop: Shop, header_fingerprint: str, mapping: Mapping[str, Any]) -> None:
    """Remember how the columns of an order file with these headers are read."""
    with shop.write("sheet.mapping") as tx:
        table = schema.sheet_mapping
        values = {"mapping": dict(mapping), "saved_at": tx.now, "person_id": tx.actor.id}
        known = tx.execute(
            update(table).where(table.c.header_fingerprint == header_fingerprint).values(**values)
        )
        if known.rowcount == 0:
            tx.execute(insert(table).values(header_fingerprint=header_fingerprint, **values))
        tx.note("sheet_mapping", after=dict(mapping))
