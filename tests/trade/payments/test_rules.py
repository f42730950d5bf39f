"""What an order owes; what may be paid, rounded, refunded; what a scale makes of a line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.settings import Settings
from lib.trade.payments.rules import (
    LineMoney,
    Method,
    OrderMoney,
    PayState,
    TillCount,
    change_for,
    check_payment,
    check_refund,
    forgiven_by,
    refundable,
    round_off,
    spread,
    weighed,
)

JIN = Unit("斤", 500)


def money(
    *lines: int,
    paid: int = 0,
    refunded: int = 0,
    fee: int = 0,
    rounded: int = 0,
    forgiven: int = 0,
    of_lines: tuple[int, ...] = (),
    active: bool = True,
    coupon: int = 0,
) -> OrderMoney:
    pairs = zip(lines, (*of_lines, *[0] * len(lines)), strict=False)
    return OrderMoney(
        {place: LineMoney(Money(fen), Money(less)) for place, (fen, less) in enumerate(pairs)},
        Money(fee),
        Money(rounded),
        Money(forgiven),
        Money(paid),
        Money(refunded),
        active,
        Money(coupon),
    )


@pytest.mark.parametrize(
    ("order", "due", "overpaid", "state"),
    [
        (money(1000, 500), 1500, 0, PayState.UNPAID),
        (money(1000, 500, paid=500), 1000, 0, PayState.PART),
        (money(1000, 500, paid=1500), 0, 0, PayState.PAID),
        (money(1000, 500, paid=1501), 0, 1, PayState.OVERPAID),
        (money(1000, fee=300), 1300, 0, PayState.UNPAID),
        (money(1050, rounded=50, paid=1000), 0, 0, PayState.PAID),
        (money(), 0, 0, PayState.PAID),
        # Paid 20, refunded 5 because something was bad: nothing is owed again.
        (money(2000, paid=2000, refunded=500, of_lines=(500,)), 0, 0, PayState.PAID),
        (money(2000, paid=2000, refunded=500, forgiven=500), 0, 0, PayState.PAID),
        # Weighed down to 15 and given back, then weighed up again: 5 are owed.
        (money(2000, paid=2000, refunded=500), 500, 0, PayState.PART),
        # Refunded for a line that was then taken out of the order: counted once.
        (money(1000, paid=2000, refunded=1000), 0, 0, PayState.PAID),
        # Cancelled: everything kept is to be given back, whatever was forgiven.
        (money(2000, paid=2000, refunded=500, forgiven=500, active=False),
         0, 1500, PayState.OVERPAID),
        (money(2000, active=False), 0, 0, PayState.PAID),
        # Forgiven more than a line costs since it was weighed: not below zero.
        (money(300, 1000, paid=1000, of_lines=(500,)), 0, 0, PayState.PAID),
    ],
)  # fmt: skip
def test_what_an_order_owes(order: OrderMoney, due: int, overpaid: int, state: PayState) -> None:
    assert (order.due, order.overpaid, order.state) == (Money(due), Money(overpaid), state)


@pytest.mark.parametrize(
    ("rule", "due", "less"),
    [("none", 1057, 0), ("jiao", 1057, 7), ("yuan", 1057, 57), ("yuan", 1000, 0), ("yuan", 99, 99),
     ("jiao", 0, 0), ("jiao", -57, 0)],
)  # fmt: skip
def test_rounding_goes_down_only_and_as_the_setting_says(rule: str, due: int, less: int) -> None:
    assert round_off(Money(due), replace(Settings(), round_off=rule)) == Money(less)


def pay(order: OrderMoney, amount: int, rounding: int = 0, method: Method = Method.CASH,
        rule: str = "jiao", **more: bool) -> None:  # fmt: skip
    settings = replace(Settings(), round_off=rule)
    check_payment(order, Money(amount), Money(rounding), method, settings, **more)


@pytest.mark.parametrize(
    ("amount", "rounding", "method", "message"),
    [
        (0, 0, Method.CASH, "above zero"),
        (-1, 0, Method.CASH, "above zero"),
        (1058, 0, Method.CASH, "due"),
        (1058, 0, Method.BALANCE, "due"),
        (1050, 7, Method.TRANSFER, "cash"),
        (1050, -7, Method.CASH, "downwards"),
        (1047, 10, Method.CASH, "that much"),
        (1000, 7, Method.CASH, "all that is due"),
    ],
)
def test_a_wrong_payment_is_refused(
    amount: int, rounding: int, method: Method, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        pay(money(1057), amount, rounding, method)


def test_a_right_payment_is_taken() -> None:
    pay(money(1057), 1057)
    pay(money(1057), 1050, 7)
    pay(money(1057), 1)
    pay(money(1057), 2000, 0, Method.TRANSFER, more_than_due=True)
    for method in (Method.CASH, Method.BALANCE):
        with pytest.raises(Refused, match="due"):
            pay(money(1057), 2000, 0, method, more_than_due=True)
    with pytest.raises(Refused, match="Nothing"):
        pay(money(1000, paid=1000), 1)


@pytest.mark.parametrize(
    ("order", "line", "most"),
    [
        (money(1000, 500, paid=1500), None, 1500),
        (money(1000, 500, paid=1500, refunded=400), None, 1100),
        (money(1000, 500), None, 0),
        (money(1000, 500, paid=1500), 1, 500),
        (money(1000, 500, paid=300), 1, 300),
        (money(1000, 500, paid=1600), 1, 600),
        (money(1000, 500, paid=1500, refunded=500, of_lines=(0, 500)), 1, 0),
        (money(1000, paid=1000), 7, 0),
    ],
)
def test_never_more_is_refunded_than_was_paid(
    order: OrderMoney, line: int | None, most: int
) -> None:
    assert refundable(order, line) == Money(most)
    if most:
        check_refund(order, Money(most), "坏果", line)
    with pytest.raises(Refused):
        check_refund(order, Money(most + 1), "坏果", line)
    with pytest.raises(Refused):
        check_refund(order, Money(0), "坏果", line)


def test_a_refund_needs_a_reason() -> None:
    with pytest.raises(Refused, match="reason"):
        check_refund(money(1000, paid=1000), Money(1), "")


def test_money_paid_too_much_is_given_back_before_goods_become_cheaper() -> None:
    assert forgiven_by(money(1000, paid=1300), Money(300)) == Money(0)
    assert forgiven_by(money(1000, paid=1300), Money(500)) == Money(200)
    assert forgiven_by(money(1000, paid=1000), Money(500)) == Money(500)


@pytest.mark.parametrize(
    ("price", "grams", "fen"),
    [(480, 1175, 1128), (1880, 750, 2820), (555, 250, 278), (350, 1500, 1050), (999, 1, 2)],
)
def test_a_weighed_line_costs_its_weight_half_up(price: int, grams: int, fen: int) -> None:
    result = weighed(JIN, Money(price), Money(1000), grams)
    assert (result.amount, result.difference) == (Money(fen), Money(fen - 1000))


@pytest.mark.parametrize("grams", [0, -1, 500_001])
def test_a_weight_that_cannot_be_meant_is_refused(grams: int) -> None:
    with pytest.raises(Refused):
        weighed(JIN, Money(500), Money(500), grams)


def test_goods_by_the_piece_are_not_weighed() -> None:
    with pytest.raises(Refused, match="piece"):
        weighed(Unit("盒"), Money(500), Money(500), 400)


AMOUNTS = st.integers(0, 100_000).map(Money)


@given(AMOUNTS, st.lists(AMOUNTS, max_size=6))
def test_one_transfer_over_several_orders_adds_up(amount: Money, dues: list[Money]) -> None:
    parts, rest = spread(amount, dues)
    assert sum(part.fen for part in parts) + rest.fen == amount.fen
    assert all(Money(0) <= part <= due for part, due in zip(parts, dues, strict=True))
    assert not rest or parts == dues


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=4), AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_due_and_overpaid_exclude_each_other(
    lines: list[tuple[Money, Money]], fee: Money, forgiven: Money, paid: Money, back: Money
) -> None:
    kept = {place: LineMoney(*pair) for place, pair in enumerate(lines)}
    order = OrderMoney(kept, fee, Money(0), forgiven, paid, min(paid, back))
    assert not (order.due and order.overpaid)
    assert order.owed - order.net == order.due - order.overpaid
    assert order.owed >= Money(0)
    assert order.owed <= order.goods + fee


def test_change_and_till() -> None:
    assert change_for(Money(1050), Money(2000)) == Money(950)
    assert change_for(Money(1050), Money(1000)) is None
    till = TillCount(Money(20000), Money(4500), Money(24400))
    assert (till.expected, till.difference) == (Money(24500), Money(-100))


@pytest.mark.parametrize(
    ("order", "used", "due", "overpaid"),
    [
        (money(3000, coupon=1000), 1000, 2000, 0),
        (money(3000, coupon=1000, paid=2000), 1000, 0, 0),
        (money(3000, coupon=1000, paid=3000), 1000, 0, 1000),
        (money(800, coupon=1000), 800, 0, 0),
        # It never pays for delivery.
        (money(800, coupon=1000, fee=300), 800, 300, 0),
        (money(3000, coupon=1000, fee=300), 1000, 2300, 0),
        # Rounding and refunds come off first, the coupon off what is left.
        (money(3050, coupon=3000, rounded=50), 3000, 0, 0),
        (money(3050, coupon=3050, rounded=50), 3000, 0, 0),
        (money(3000, 500, coupon=1000, paid=2500, refunded=500, of_lines=(0, 500)), 1000, 0, 0),
        (money(3000, coupon=1000, paid=2000, refunded=2000, forgiven=2000), 1000, 0, 0),
        # A refund of goods and fee leaves nothing for a coupon to take off.
        (money(3000, coupon=1000, fee=300, paid=3300, refunded=3300, forgiven=3300), 0, 0, 0),
        # Cancelled: only what was paid is to be given back.
        (money(3000, coupon=1000, paid=2000, active=False), 0, 0, 2000),
        (money(coupon=1000), 0, 0, 0),
    ],
)
def test_what_a_coupon_takes_off(order: OrderMoney, used: int, due: int, overpaid: int) -> None:
    assert order.coupon_used == Money(used)
    assert (order.due, order.overpaid) == (Money(due), Money(overpaid))


@given(
    lines=st.lists(st.integers(0, 5000), max_size=4),
    fee=st.integers(0, 800),
    paid=st.integers(0, 9000),
    refunded=st.integers(0, 9000),
    forgiven=st.integers(0, 3000),
    coupon=st.integers(0, 4000),
)
def test_a_coupon_is_never_paid_out_and_never_pays_for_delivery(
    lines: list[int], fee: int, paid: int, refunded: int, forgiven: int, coupon: int
) -> None:
    values = {"fee": fee, "paid": paid, "refunded": min(refunded, paid), "forgiven": forgiven}
    without, order = money(*lines, **values), money(*lines, **values, coupon=coupon)
    assert Money(0) <= order.coupon_used <= Money(coupon)
    assert without.owed - order.owed == order.coupon_used
    assert order.owed >= min(without.owed, order.delivery_fee)
    assert refundable(order) <= max(Money(0), order.net)
    assert order.coupon_room <= order.due
    assert money(*lines, **values, coupon=without.coupon_room.fen).overpaid == without.overpaid
