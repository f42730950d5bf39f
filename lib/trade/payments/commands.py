"""Writes of money. Each command is one transaction and one journal row.

A write holds the database's writer lock from its first read to its commit, so that two people who
refund, pay or undo at the same moment see each other's rows; ``reverses_id`` is unique besides.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.points.commands import follow
from lib.shop.shop import Shop, Tx
from lib.trade.orders.couponed.commands import keep_coupon
from lib.trade.orders.delivery.commands import refresh_fee
from lib.trade.orders.reductions.queries import taken_off
from lib.trade.orders.reductions.rules import charged
from lib.trade.payments.queries import balance_in, day_cash_in, money_in
from lib.trade.payments.rules import (
    HAND_METHODS,
    Kind,
    Method,
    OrderMoney,
    check_payment,
    check_refund,
    forgiven_by,
    spread,
    weighed,
)

LONGEST_REASON = 300


def pay_order(
    shop: Shop,
    order_id: int,
    method: str = Method.TRANSFER,
    amount: Money | None = None,
    round_off: Money | None = None,
    *,
    more_than_due: bool = False,
) -> int:
    """Book what was paid for an order and return the id of the payment.

    ``amount`` None is all that is due less ``round_off``. Raises ``Refused`` when nothing is due,
    when more is paid than is due without saying so, for rounding the settings do not allow, and
    when the balance does not suffice.
    """
    way = _method(method)
    with shop.write("payment.pay") as tx:
        order, money = _order(tx, order_id)
        rounding = round_off or Money(0)
        paid = money.due - rounding if amount is None else amount
        check_payment(money, paid, rounding, way, tx.settings, more_than_due=more_than_due)
        payment_id = _take(tx, order, way, paid, rounding)
        after = {"paid": paid, "method": way, "rounded_off": rounding}
        tx.note(f"customer_order:{order_id}", before={"due": money.due}, after=after)
        tx.result = payment_id
    return payment_id


def pay_several(
    shop: Shop,
    order_ids: Sequence[int],
    method: str = Method.TRANSFER,
    amount: Money | None = None,
    *,
    rest_to_balance: bool = False,
) -> list[int]:
    """Book one sum for several orders of one member, first ones first; return the payment ids.

    ``amount`` None is all that is due. What is left over goes to the balance if
    ``rest_to_balance``, else it is ``Refused``; so are orders of different members.
    """
    way = _method(method)
    with shop.write("payment.pay_several") as tx:
        found = [_order(tx, order_id) for order_id in dict.fromkeys(order_ids)]
        dues = [money.due for _, money in found]
        given = total(dues) if amount is None else amount
        parts, rest = spread(given, dues)
        _check_several([order for order, _ in found], given, rest, rest_to_balance)
        ids = []
        for (order, money), part in zip(found, parts, strict=True):
            if part:
                ids.append(_take(tx, order, way, part, Money(0)))
                after = {"paid": part, "method": way}
                tx.note(f"customer_order:{order.id}", before={"due": money.due}, after=after)
        if rest:
            ids.append(_move_balance(tx, found[0][0].member_id, Kind.TOP_UP, way, rest, ""))
        tx.result = ids
    return ids


def top_up_balance(
    shop: Shop, member_id: int, amount: Money, method: str = Method.TRANSFER, note: str = ""
) -> int:
    """Take money in advance for a member; return the id of the payment."""
    way = _cash_or_transfer(method)
    with shop.write("balance.top_up") as tx:
        kept = _member(tx, member_id)
        _positive(amount)
        tx.result = _move_balance(tx, kept, Kind.TOP_UP, way, amount, _reason(note))
        tx.note(f"member:{kept}", after={"topped_up": amount, "method": way})
    return int(tx.result)


def pay_out_balance(
    shop: Shop, member_id: int, amount: Money, method: str = Method.TRANSFER, note: str = ""
) -> int:
    """Give a member's balance back; ``Refused`` beyond what is held. Returns the payment id."""
    way = _cash_or_transfer(method)
    with shop.write("balance.pay_out") as tx:
        kept = _member(tx, member_id)
        _positive(amount)
        tx.result = _move_balance(tx, kept, Kind.PAY_OUT, way, -amount, _reason(note))
        tx.note(f"member:{kept}", after={"paid_out": amount, "method": way})
    return int(tx.result)


def refund_order(
    shop: Shop, order_id: int, amount: Money, reason: str, method: str = Method.TRANSFER
) -> int:
    """Give back money of an order and return the id of the refund.

    Raises ``Refused`` without a reason and beyond what was paid and not yet given back, whoever
    else refunds at the same moment.
    """
    return _refund(shop, order_id, None, amount, reason, method)


def refund_line(
    shop: Shop, line_id: int, amount: Money, reason: str, method: str = Method.TRANSFER
) -> int:
    """Give back money of one order line, at most what the line costs; see :func:`refund_order`."""
    lines = schema.order_line
    with shop.read() as connection:
        order_id = connection.execute(
            select(lines.c.order_id).where(lines.c.id == line_id)
        ).scalar()
    if order_id is None:
        raise NotFound(N_("This order line does not exist."))
    return _refund(shop, order_id, line_id, amount, reason, method)


def reverse_payment(shop: Shop, payment_id: int, reason: str = "") -> int:
    """Undo a payment, refund, top-up or pay-out by a row that points at it; return that row's id.

    A payment gives its rounding back, too. Raises ``Refused`` when it was undone before, when the
    money was already given back or spent, for what a platform booked and for what solved a case.
    """
    table = schema.payment
    with shop.write("payment.undo") as tx:
        of_case = select(table.c.case_id).where(table.c.id == payment_id)
        if tx.execute(of_case).scalar() is not None:
            raise Refused(N_("This refund solved a case. Take the solution back there."))
        tx.result = reverse_in(tx, payment_id, reason)
    return int(tx.result)


def reverse_in(tx: Tx, payment_id: int, reason: str = "") -> int:
    """Step: undo what :func:`reverse_payment` says; return the id of the row that does it."""
    table = schema.payment
    row = tx.execute(select(table).where(table.c.id == payment_id)).first()
    if row is None:
        raise NotFound(N_("This payment does not exist."))
    _check_reversal(tx, row)
    if row.order_id is not None and row.kind == Kind.PAYMENT and row.forgiven_fen:
        _change_round_off(tx, row.order_id, -row.forgiven_fen)
    same = ("member_id", "order_id", "line_id", "case_id")
    undone = _add(
        tx,
        **{name: row._mapping[name] for name in same},
        kind=Kind.REVERSAL,
        method=row.method,
        amount_fen=-row.amount_fen,
        forgiven_fen=-row.forgiven_fen,
        reason=_reason(reason),
        reverses_id=row.id,
    )
    if row.method == Method.BALANCE or row.kind in (Kind.TOP_UP, Kind.PAY_OUT):
        moved = row.amount_fen if row.method == Method.BALANCE else -row.amount_fen
        _enter_balance(tx, row.member_id, Money(moved), undone)
    subject = f"customer_order:{row.order_id}" if row.order_id else f"member:{row.member_id}"
    before = {"kind": row.kind, "method": row.method, "amount": row.amount_fen}
    tx.note(subject, before=before, after="undone", payment=payment_id)
    return undone


def weigh_line(shop: Shop, line_id: int, grams: int, version: int | None = None) -> Money:
    """Set a line to the weight on the scale; return the difference to before.

    Positive: to be paid; negative: to be given back (多退少补). ``version`` is the order's as the
    person saw it, None at the scale where only the weight matters. Raises ``Refused`` for goods
    sold by the piece, a cancelled line or order and a weight that cannot be meant.
    """
    lines = schema.order_line
    with shop.write("order.weigh") as tx:
        line = tx.execute(select(lines).where(lines.c.id == line_id)).first()
        if line is None:
            raise NotFound(N_("This order line does not exist."))
        order, _ = _order(tx, line.order_id)
        if line.cancelled_at is not None or order.status != "active":
            raise Refused(N_("This was cancelled; there is nothing to weigh."))
        unit = Unit(line.sale_unit, line.unit_grams)
        off = taken_off(tx.connection, [line_id]).get(line_id, 0)
        before = Money(line.amount_fen + off)
        result = weighed(unit, Money(line.unit_price_fen), before, grams)
        now = charged(result.amount, off, line.product_name)
        tx.change(schema.customer_order, order.id, order.version if version is None else version)
        values = {"quantity": grams, "amount_fen": now.fen, "weighed_at": tx.now}
        tx.execute(update(lines).where(lines.c.id == line_id).values(**values))
        tx.at_end(follow)
        refresh_fee(tx, order.id)
        keep_coupon(tx, order.id)
        tx.note(
            f"customer_order:{order.id}",
            before={"product": line.product_name, "g": line.quantity, "amount": line.amount_fen},
            after={"g": grams, "amount": now},
        )
        tx.result = result.difference.fen
    return result.difference


def cash_up(
    shop: Shop,
    day: date,
    counted_cash: Money,
    counted_transfer: Money | None = None,
    note: str = "",
    *,
    opening: Money | None = None,
) -> int:
    """Keep what the till and the account really hold beside what the books say; return the id.

    ``opening`` is the change the till started with (the setting unless given). A day may be
    counted again; the newest count is the one that stands. Raises ``Refused`` for a day to come
    and for negative amounts.
    """
    with shop.write("cash_up.count") as tx:
        start = tx.settings.till_float if opening is None else opening
        if day > tx.today:
            raise Refused(N_("This day has not come yet."))
        if min(counted_cash.fen, start.fen, counted_transfer.fen if counted_transfer else 0) < 0:
            raise Refused(N_("An amount cannot be negative."))
        cash, transfer = day_cash_in(tx.connection, day)
        values = {
            "opening_fen": start.fen,
            "expected_cash_fen": (start + cash).fen,
            "counted_cash_fen": counted_cash.fen,
            "transfer_fen": transfer.fen,
            "counted_transfer_fen": None if counted_transfer is None else counted_transfer.fen,
        }
        count_id = tx.add(
            schema.cash_up,
            business_day=day,
            **values,
            note=_reason(note),
            at=tx.now,
            person_id=tx.actor.id,
        )
        tx.note(f"cash_up:{count_id}", after={"day": day, **values})
        tx.result = count_id
    return count_id


def _refund(
    shop: Shop, order_id: int, line_id: int | None, amount: Money, reason: str, method: str
) -> int:
    with shop.write("payment.refund") as tx:
        tx.result = refund_in(tx, order_id, line_id, amount, reason, method)
    return int(tx.result)


def refund_in(
    tx: Tx,
    order_id: int,
    line_id: int | None,
    amount: Money,
    reason: str,
    method: str = Method.TRANSFER,
    case_id: int | None = None,
) -> int:
    """Step: give back money as :func:`refund_order` says (E10).

    With a ``case_id`` all of it makes the goods cheaper: they were bad, and money paid too much is
    still to be given back besides. Else that is given back first.
    """
    way, why = _method(method), _reason(reason)
    order, money = _order(tx, order_id)
    check_refund(money, amount, why, line_id)
    refund_id = _add(
        tx,
        member_id=order.member_id,
        order_id=order.id,
        line_id=line_id,
        case_id=case_id,
        kind=Kind.REFUND,
        method=way,
        amount_fen=-amount.fen,
        forgiven_fen=(forgiven_by(money, amount) if case_id is None else amount).fen,
        reason=why,
    )
    if way is Method.BALANCE:
        _enter_balance(tx, order.member_id, amount, refund_id)
    after = {"refunded": amount, "method": way, "reason": why}
    tx.note(f"customer_order:{order_id}", before={"paid": money.net}, after=after)
    return refund_id


def refund_without_order(
    tx: Tx, member_id: int, amount: Money, reason: str, method: str, case_id: int
) -> int:
    """Step: give money back for something bought over the counter, of which no order tells.

    The books have no payment it could be held against: the case says why (E10). Raises ``Refused``
    without a reason or an amount.
    """
    way, why = _method(method), _reason(reason)
    _positive(amount)
    if not why:
        raise Refused(N_("A refund needs a reason."))
    kept = _member(tx, member_id)
    refund_id = _add(
        tx,
        member_id=kept,
        case_id=case_id,
        kind=Kind.REFUND,
        method=way,
        amount_fen=-amount.fen,
        forgiven_fen=amount.fen,
        reason=why,
    )
    if way is Method.BALANCE:
        _enter_balance(tx, kept, amount, refund_id)
    tx.note(f"member:{kept}", after={"refunded": amount, "method": way, "reason": why})
    return refund_id


def take_off(tx: Tx, line_id: int, amount: Money) -> None:
    """Step: make a line that is not paid yet cheaper by ``amount``; a negative one takes that back.

    Like weighing it changes what the line costs, and uses the version of its order up.
    """
    lines = schema.order_line
    line = tx.row(lines, line_id)
    order, _ = _order(tx, line.order_id)
    left = line.amount_fen - amount.fen
    if left < 0:
        raise Refused(N_("The line costs only ¥{left}."), left=Money(line.amount_fen))
    tx.change(schema.customer_order, order.id, order.version)
    tx.execute(update(lines).where(lines.c.id == line_id).values(amount_fen=left))
    tx.at_end(follow)
    tx.note(
        f"customer_order:{order.id}",
        before={"product": line.product_name, "amount": line.amount_fen},
        after={"amount": left},
    )


def _order(tx: Tx, order_id: int) -> tuple[Row[Any], OrderMoney]:
    orders = schema.customer_order
    row = tx.execute(select(orders).where(orders.c.id == order_id)).first()
    if row is None:
        raise NotFound(N_("This order does not exist."))
    return row, money_in(tx.connection, [order_id])[order_id]


def _member(tx: Tx, member_id: int) -> int:
    members = schema.member
    row = tx.execute(select(members).where(members.c.id == member_id)).first()
    if row is None:
        raise NotFound(N_("This member does not exist."))
    return int(row.merged_into or row.id)


def _take(tx: Tx, order: Row[Any], method: Method, amount: Money, rounding: Money) -> int:
    payment_id = _add(
        tx,
        member_id=order.member_id,
        order_id=order.id,
        kind=Kind.PAYMENT,
        method=method,
        amount_fen=amount.fen,
        forgiven_fen=rounding.fen,
    )
    if rounding:
        _change_round_off(tx, order.id, rounding.fen)
    if method is Method.BALANCE:
        _enter_balance(tx, order.member_id, -amount, payment_id)
    return payment_id


def _change_round_off(tx: Tx, order_id: int, fen: int) -> None:
    """Rounding is money, not an edit of the order: its version stays, so no edit is refused."""
    orders = schema.customer_order
    tx.execute(
        update(orders)
        .where(orders.c.id == order_id)
        .values(round_off_fen=orders.c.round_off_fen + fen)
    )
    tx.at_end(follow)


def _move_balance(
    tx: Tx, member_id: int, kind: Kind, method: Method, amount: Money, note: str
) -> int:
    payment_id = _add(
        tx, member_id=member_id, kind=kind, method=method, amount_fen=amount.fen, reason=note
    )
    _enter_balance(tx, member_id, amount, payment_id)
    return payment_id


def _enter_balance(tx: Tx, member_id: int, amount: Money, payment_id: int) -> None:
    kept = _member(tx, member_id)
    held = balance_in(tx.connection, kept)
    if (held + amount).fen < 0:
        raise Refused(N_("The balance is ¥{held}; that does not suffice."), held=held)
    tx.execute(
        insert(schema.balance_entry).values(
            member_id=kept, amount_fen=amount.fen, payment_id=payment_id, at=tx.now
        )
    )


def _add(tx: Tx, **values: Any) -> int:
    if values.get("order_id") is not None:
        tx.at_end(follow)
    return tx.add(schema.payment, **values, business_day=tx.today, at=tx.now, person_id=tx.actor.id)


def _check_reversal(tx: Tx, row: Row[Any]) -> None:
    table = schema.payment
    if row.kind == Kind.REVERSAL:
        raise Refused(N_("An undoing cannot be undone. Book the payment anew."))
    if row.method == Method.PLATFORM:
        raise Refused(N_("The ordering platform booked this; its next file corrects it."))
    again = select(table.c.id).where(table.c.reverses_id == row.id)
    if tx.execute(again).first() is not None:
        raise Refused(N_("This was undone already."))
    if row.kind == Kind.PAYMENT:
        _, money = _order(tx, row.order_id)
        if money.net.fen < row.amount_fen:
            raise Refused(N_("Money of this payment was given back. Undo the refund first."))


def _check_several(
    orders: Sequence[Row[Any]], given: Money, rest: Money, rest_to_balance: bool
) -> None:
    if not orders:
        raise Refused(N_("Choose at least one order."))
    if len({order.member_id for order in orders}) > 1:
        raise Refused(N_("These orders belong to different members."))
    if given == rest:
        raise Refused(N_("Nothing is due for this order."))
    if given.fen <= 0:
        raise Refused(N_("Enter an amount above zero."))
    if rest and not rest_to_balance:
        raise Refused(N_("That is ¥{rest} more than is due."), rest=rest)


def _positive(amount: Money) -> None:
    if amount.fen <= 0:
        raise Refused(N_("Enter an amount above zero."))


def _method(name: str) -> Method:
    if name not in HAND_METHODS:
        raise Refused(N_("Choose transfer, cash or balance."))
    return Method(name)


def _cash_or_transfer(name: str) -> Method:
    method = _method(name)
    if method is Method.BALANCE:
        raise Refused(N_("Choose transfer or cash."))
    return method


def _reason(text: str) -> str:
    return clean(text, LONGEST_REASON)
