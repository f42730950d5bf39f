"""Money on a real database: paying, refunding, undoing, balances, weighing, the till."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.members.profiles.commands import add_member, merge_members
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trade.payments import commands, queries
from lib.trade.payments.rules import LineMoney, OrderMoney, PayState, still_charged
from tests.trade.payments.books import book, somebody


def state(shop: Shop, order_id: int) -> OrderMoney:
    return queries.money_of(shop, [order_id])[order_id]


def at_once(works: list[Callable[[], object]]) -> list[Exception]:
    """Run ``works`` in threads started together; return what they raised."""
    raised: list[Exception] = []
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            work()
        except Refused as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_an_order_is_paid_in_parts_and_ways(shop: Shop) -> None:
    member = somebody(shop)
    order = book(shop, member, 1000, 500, fee=300)
    assert state(shop, order.id).state is PayState.UNPAID
    commands.pay_order(shop, order.id, "cash", Money(800))
    assert state(shop, order.id).state is PayState.PART
    commands.top_up_balance(shop, member, Money(1500))
    commands.pay_order(shop, order.id, "balance", Money(600))
    commands.pay_order(shop, order.id)
    assert state(shop, order.id).state is PayState.PAID
    assert queries.balance(shop, member) == Money(900)
    with pytest.raises(Refused, match="Nothing"):
        commands.pay_order(shop, order.id)
    assert [row.method for row in queries.payments(shop, order_id=order.id)] == [
        "transfer", "balance", "cash",
    ]  # fmt: skip


def test_the_balance_pays_only_what_it_holds(shop: Shop) -> None:
    member = somebody(shop)
    order = book(shop, member, 1000)
    commands.top_up_balance(shop, member, Money(999), "cash")
    with pytest.raises(Refused, match="balance"):
        commands.pay_order(shop, order.id, "balance")
    with pytest.raises(Refused, match="balance"):
        commands.pay_out_balance(shop, member, Money(1000))
    commands.pay_out_balance(shop, member, Money(999), "cash")
    assert queries.balance(shop, member) == Money(0)
    for wrong in ("balance", "platform", "bitcoin"):
        with pytest.raises(Refused):
            commands.top_up_balance(shop, member, Money(1), wrong)
    for wrong in (Money(0), Money(-5)):
        with pytest.raises(Refused):
            commands.top_up_balance(shop, member, wrong)
        with pytest.raises(Refused):
            commands.pay_out_balance(shop, member, wrong)


def test_cash_is_rounded_off_and_the_rounding_is_undone_with_it(shop: Shop) -> None:
    order = book(shop, somebody(shop), 1057)
    jiao = replace(shop, settings=replace(shop.settings, round_off="jiao"))
    payment = commands.pay_order(jiao, order.id, "cash", round_off=Money(7))
    assert state(shop, order.id).paid == Money(1050)
    assert state(shop, order.id).round_off == Money(7)
    assert state(shop, order.id).state is PayState.PAID
    assert queries.day_money(shop, shop.today).rounded_off == Money(7)
    commands.reverse_payment(shop, payment)
    assert state(shop, order.id).round_off == Money(0)
    assert state(shop, order.id).due == Money(1057)
    assert queries.day_money(shop, shop.today).rounded_off == Money(0)
    with pytest.raises(Refused, match="that much"):
        commands.pay_order(shop, order.id, "cash", round_off=Money(7))


def test_too_much_is_taken_only_when_said_and_shown_to_give_back(shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000)
    with pytest.raises(Refused, match="due"):
        commands.pay_order(shop, order.id, "transfer", Money(1500))
    commands.pay_order(shop, order.id, "transfer", Money(1500), more_than_due=True)
    assert state(shop, order.id).overpaid == Money(500)
    commands.refund_order(shop, order.id, Money(500), "多付", "balance")
    assert state(shop, order.id).state is PayState.PAID
    assert state(shop, order.id).allowance == Money(0)


def test_one_transfer_pays_several_orders(shop: Shop) -> None:
    member = somebody(shop)
    orders = [book(shop, member, 1000).id, book(shop, member, 500).id, book(shop, member, 300).id]
    commands.pay_several(shop, orders[:2])
    assert [state(shop, order).due.fen for order in orders] == [0, 0, 300]
    with pytest.raises(Refused, match="more than is due"):
        commands.pay_several(shop, orders, "transfer", Money(400))
    commands.pay_several(shop, orders, "transfer", Money(400), rest_to_balance=True)
    assert queries.balance(shop, member) == Money(100)
    assert state(shop, orders[2]).state is PayState.PAID
    with pytest.raises(Refused):
        commands.pay_several(shop, orders)
    with pytest.raises(Refused):
        commands.pay_several(shop, [])
    other = book(shop, somebody(shop, "王姐"), 100)
    with pytest.raises(Refused, match="different"):
        commands.pay_several(shop, [book(shop, member, 100).id, other.id])


def test_part_of_several_goes_to_the_first(shop: Shop) -> None:
    member = somebody(shop)
    orders = [book(shop, member, 1000).id, book(shop, member, 500).id]
    commands.pay_several(shop, [*orders, orders[0]], "cash", Money(1200))
    assert [state(shop, order).due.fen for order in orders] == [0, 300]


def test_bad_goods_are_refunded_and_not_owed_again(shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000, 500)
    commands.pay_order(shop, order.id)
    commands.refund_line(shop, order.lines[1], Money(200), "坏了两个")
    assert state(shop, order.id).state is PayState.PAID
    assert state(shop, order.id).net == Money(1300)
    with pytest.raises(Refused, match=r"3\.00"):
        commands.refund_line(shop, order.lines[1], Money(301), "坏了")
    with pytest.raises(Refused, match="reason"):
        commands.refund_order(shop, order.id, Money(1), " \n ")
    with pytest.raises(NotFound):
        commands.refund_line(shop, 999, Money(1), "坏了")
    rows = queries.payments(shop, order_id=order.id)
    assert (rows[0].reason, rows[0].product, rows[0].forgiven) == ("坏了两个", "苹果", Money(200))


def test_a_refund_undone_is_owed_as_before(shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000)
    payment = commands.pay_order(shop, order.id)
    refund = commands.refund_line(shop, order.lines[0], Money(400), "坏了", "balance")
    member = queries.payments(shop, order_id=order.id)[0].member_id
    assert queries.balance(shop, member) == Money(400)
    with pytest.raises(Refused, match="refund first"):
        commands.reverse_payment(shop, payment)
    undone = commands.reverse_payment(shop, refund)
    assert queries.balance(shop, member) == Money(0)
    assert state(shop, order.id) == replace(state(shop, order.id), refunded=Money(0))
    assert state(shop, order.id).allowance == Money(0)
    for again in (refund, undone):
        with pytest.raises(Refused):
            commands.reverse_payment(shop, again)
    commands.reverse_payment(shop, payment, "付错了")
    assert state(shop, order.id).state is PayState.UNPAID
    with pytest.raises(NotFound):
        commands.reverse_payment(shop, 999)


def test_a_top_up_that_was_spent_cannot_be_undone(shop: Shop) -> None:
    member = somebody(shop)
    order = book(shop, member, 600)
    top_up = commands.top_up_balance(shop, member, Money(1000))
    payment = commands.pay_order(shop, order.id, "balance")
    with pytest.raises(Refused, match="balance"):
        commands.reverse_payment(shop, top_up)
    commands.reverse_payment(shop, payment)
    assert queries.balance(shop, member) == Money(1000)
    commands.reverse_payment(shop, top_up)
    assert queries.balance(shop, member) == Money(0)
    paid_out = commands.top_up_balance(shop, member, Money(50))
    out = commands.pay_out_balance(shop, member, Money(50))
    with pytest.raises(Refused):
        commands.reverse_payment(shop, paid_out)
    commands.reverse_payment(shop, out)
    assert queries.balance(shop, member) == Money(50)


def test_what_a_platform_booked_is_left_to_its_next_file(shop: Shop) -> None:
    order = book(shop, somebody(shop), 600)
    with shop.write("test.platform") as tx:
        member = tx.execute(select(schema.customer_order.c.member_id)).scalar_one()
        row = tx.add(
            schema.payment, member_id=member, order_id=order.id, kind="payment",
            method="platform", amount_fen=600, reason="快团团", business_day=tx.today, at=tx.now,
        )  # fmt: skip
    assert state(shop, order.id).state is PayState.PAID
    with pytest.raises(Refused, match="platform"):
        commands.reverse_payment(shop, row)
    day = queries.day_money(shop, shop.today)
    assert (day.platform, day.transfer, day.cash) == (Money(600), Money(0), Money(0))


def test_the_scale_decides_what_a_line_costs(shop: Shop) -> None:
    order = book(shop, somebody(shop), 555, grams=500)
    commands.pay_order(shop, order.id)
    assert commands.weigh_line(shop, order.lines[0], 250) == Money(278 - 555)
    assert state(shop, order.id).overpaid == Money(277)
    commands.refund_order(shop, order.id, Money(277), "少称退差", "cash")
    assert state(shop, order.id).state is PayState.PAID
    assert commands.weigh_line(shop, order.lines[0], 600) == Money(666 - 278)
    assert state(shop, order.id).due == Money(388)
    pieces = book(shop, somebody(shop, "王姐"), 500, grams=None)
    with pytest.raises(Refused, match="piece"):
        commands.weigh_line(shop, pieces.lines[0], 500)
    with pytest.raises(NotFound):
        commands.weigh_line(shop, 999, 500)


def test_weighing_makes_an_open_edit_stale_and_refuses_one(shop: Shop) -> None:
    order = book(shop, somebody(shop), 500)
    commands.weigh_line(shop, order.lines[0], 600, version=1)
    with pytest.raises(Conflict):
        commands.weigh_line(shop, order.lines[0], 700, version=1)
    cancel(shop, order.id)
    with pytest.raises(Refused, match="cancelled"):
        commands.weigh_line(shop, order.lines[0], 700)


def cancel(shop: Shop, order_id: int) -> None:
    orders = schema.customer_order
    with shop.write("test.cancel") as tx:
        tx.execute(update(orders).where(orders.c.id == order_id).values(status="cancelled"))


def test_a_cancelled_order_is_given_back_in_full(shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000, fee=300)
    commands.pay_order(shop, order.id)
    commands.refund_line(shop, order.lines[0], Money(200), "坏了")
    cancel(shop, order.id)
    assert state(shop, order.id).overpaid == Money(1100)
    commands.refund_order(shop, order.id, Money(1100), "取消")
    assert state(shop, order.id).net == Money(0)
    with pytest.raises(Refused):
        commands.refund_order(shop, order.id, Money(1), "取消")
    with pytest.raises(Refused, match="Nothing"):
        commands.pay_order(shop, order.id)


def test_many_refunds_at_once_never_exceed_what_was_paid(shop: Shop, staff_shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000)
    commands.pay_order(shop, order.id)

    def refund(who: Shop) -> Callable[[], object]:
        return lambda: commands.refund_order(who, order.id, Money(300), "坏果")

    raised = at_once([refund(who) for who in [shop, staff_shop] * 5])
    assert len(raised) == 7
    assert all(isinstance(error, Refused) for error in raised)
    assert state(shop, order.id).refunded == Money(900)


def test_one_payment_is_undone_once_and_the_balance_spent_once(
    shop: Shop, staff_shop: Shop
) -> None:
    member = somebody(shop)
    commands.top_up_balance(shop, member, Money(1000))
    orders = [book(shop, member, 700).id for _ in range(4)]

    def pay(order: int) -> Callable[[], object]:
        return lambda: commands.pay_order(shop, order, "balance")

    raised = at_once([pay(order) for order in orders])
    assert len(raised) == 3
    assert queries.balance(shop, member) == Money(300)
    (payment,) = [row for row in queries.payments(shop, member_id=member) if row.order_id]

    def undo(who: Shop) -> Callable[[], object]:
        return lambda: commands.reverse_payment(who, payment.id)

    raised = at_once([undo(who) for who in [shop, staff_shop] * 3])
    assert len(raised) == 5
    assert queries.balance(shop, member) == Money(1000)


def test_two_staff_paying_in_full_book_it_once(shop: Shop, staff_shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000)

    def pay(who: Shop) -> Callable[[], object]:
        return lambda: commands.pay_order(who, order.id)

    assert len(at_once([pay(shop), pay(staff_shop)])) == 1
    assert state(shop, order.id).paid == Money(1000)


def test_a_double_click_is_one_row(shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000)
    form = FormKey.of("click", [order.id])
    first = commands.pay_order(shop.once(form), order.id, "cash", Money(100))
    with pytest.raises(Repeated) as repeated:
        commands.pay_order(shop.once(form), order.id, "cash", Money(100))
    assert repeated.value.result == first
    assert state(shop, order.id).paid == Money(100)


def test_residents_touch_no_money(shop: Shop, resident_shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000)
    works: list[Callable[[], object]] = [
        lambda: commands.pay_order(resident_shop, order.id),
        lambda: commands.cash_up(resident_shop, shop.today, Money(0)),
        lambda: queries.money_of(resident_shop, [order.id]),
        lambda: queries.unpaid_orders(resident_shop),
        lambda: queries.payments(resident_shop),
        lambda: queries.balance(resident_shop, 1),
        lambda: queries.balances_held(resident_shop),
        lambda: queries.member_money(resident_shop, 1),
        lambda: queries.day_money(resident_shop, shop.today),
        lambda: queries.cash_ups(resident_shop),
    ]
    for work in works:
        with pytest.raises(Refused):
            work()


def test_unpaid_orders_come_oldest_first_without_those_settled(shop: Shop) -> None:
    member = somebody(shop)
    paid, old = book(shop, member, 1000), book(shop, member, 900, days=3)
    refunded = book(shop, member, 800)
    bad_and_gone = book(shop, member, 500, 500)
    for order in (paid, refunded, bad_and_gone):
        commands.pay_order(shop, order.id)
    commands.refund_line(shop, refunded.lines[0], Money(800), "坏了")
    commands.refund_line(shop, bad_and_gone.lines[0], Money(500), "坏了")
    book(shop, member, 100, days=400)
    cancelled = book(shop, member, 700)
    cancel(shop, cancelled.id)
    new = book(shop, member, 600)
    found = queries.unpaid_orders(shop)
    assert [one.order_id for one in found] == [old.id, new.id]
    assert [one.money.due for one in found] == [Money(900), Money(600)]
    assert [one.order_id for one in queries.unpaid_orders(shop, limit=1)] == [old.id]
    assert [one.order_id for one in queries.unpaid_orders(shop, until=shop.today)] == [old.id]
    year = shop.today - timedelta(days=500)
    assert len(queries.unpaid_orders(shop, since=year, member_id=member)) == 3
    assert queries.unpaid_orders(shop, member_id=999) == []


def test_a_members_money_counts_those_merged_into_it(shop: Shop) -> None:
    keep, drop = somebody(shop), add_member(shop, "李小姐")
    commands.top_up_balance(shop, drop, Money(500))
    order = book(shop, drop, 1000)
    book(shop, keep, 200)
    commands.pay_order(shop, order.id)
    merge_members(shop, keep, drop, (1, 1))
    money = queries.member_money(shop, keep)
    assert (money.orders, money.spent, money.due) == (2, Money(1000), Money(200))
    assert (money.balance, money.last_pickup) == (Money(500), shop.today)
    assert len(queries.payments(shop, member_id=keep)) == 2
    commands.pay_out_balance(shop, drop, Money(500))
    assert queries.balance(shop, keep) == Money(0)
    assert queries.balances_held(shop) == Money(0)


def test_a_day_is_counted_by_method_and_person(
    shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    member = somebody(shop)
    first, second = book(shop, member, 1000), book(shop, member, 500)
    commands.pay_order(shop, first.id, "cash")
    slip = commands.pay_order(staff_shop, second.id, "cash")
    commands.reverse_payment(staff_shop, slip)
    commands.pay_order(staff_shop, second.id)
    commands.refund_order(shop, first.id, Money(200), "坏了", "cash")
    commands.top_up_balance(staff_shop, member, Money(5000))
    day = queries.day_money(shop, shop.today)
    assert (day.cash_in, day.cash_out, day.cash) == (Money(1000), Money(200), Money(800))
    assert (day.transfer_in, day.transfer_out) == (Money(5500), Money(0))
    assert day.expected_cash == shop.settings.till_float + Money(800)
    assert {one.name: (one.cash.fen, one.transfer.fen) for one in day.people} == {
        "芳姐": (800, 0),
        "小吴": (0, 5500),
    }
    assert queries.day_money(shop, shop.today + timedelta(days=1)).rows == 0
    clock.forward(days=1)
    commands.reverse_payment(shop, slip + 2)
    assert queries.day_money(shop, shop.today).transfer == Money(-500)


def test_the_till_is_counted_against_the_books(shop: Shop, staff_shop: Shop) -> None:
    order = book(shop, somebody(shop), 1050)
    commands.pay_order(shop, order.id, "cash")
    commands.cash_up(staff_shop, shop.today, Money(21000), note="少了五毛")
    commands.cash_up(shop, shop.today, Money(21050), Money(0), opening=Money(20100))
    newest, earlier = queries.cash_ups(shop)
    assert earlier.till.difference == Money(-50)
    assert (earlier.note, earlier.person, earlier.transfer_difference) == ("少了五毛", "小吴", None)
    assert newest.till.difference == Money(-100)
    assert newest.transfer_difference == Money(0)
    with pytest.raises(Refused, match="not come"):
        commands.cash_up(shop, shop.today + timedelta(days=1), Money(0))
    for wrong in ((Money(-1), None), (Money(0), Money(-1))):
        with pytest.raises(Refused, match="negative"):
            commands.cash_up(shop, shop.today, *wrong)


def make_case(shop: Shop, member: int, line: int | None) -> int:
    """A complaint about a line, straight into the books."""
    row = {
        "member_id": member, "line_id": line, "source": "counter", "defect": "damaged",
        "reported_at": shop.clock.now(), "reply_due_at": shop.clock.now(), "status": "working",
        "created_at": shop.clock.now(),
    }  # fmt: skip
    with shop.store.write() as connection:
        table = schema.after_sales_case
        done = connection.execute(table.insert().values(**row).returning(table.c.id))
        return int(done.scalar_one())


def test_a_refund_for_a_complaint_makes_the_goods_cheaper_and_leaves_what_was_paid_too_much(
    shop: Shop,
) -> None:
    member = somebody(shop)
    order = book(shop, member, 1000)
    commands.pay_order(shop, order.id, "transfer", Money(1300), more_than_due=True)
    case = make_case(shop, member, order.lines[0])
    with shop.write("payment.test") as tx:
        refund = commands.refund_in(
            tx, order.id, order.lines[0], Money(200), "A0001", "cash", case
        )  # fmt: skip
    money = state(shop, order.id)
    assert (money.owed, money.overpaid, money.refunded) == (Money(800), Money(300), Money(200))
    (row, _paid) = queries.payments(shop, order_id=order.id)
    assert (row.case_id, row.can_be_undone) == (case, False)
    with pytest.raises(Refused, match="solved a case"):
        commands.reverse_payment(shop, refund)
    with shop.write("payment.test") as tx:
        commands.reverse_in(tx, refund)
    assert state(shop, order.id).overpaid == Money(300)


def test_without_a_case_what_was_paid_too_much_goes_back_first(shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000)
    commands.pay_order(shop, order.id, "transfer", Money(1300), more_than_due=True)
    commands.refund_line(shop, order.lines[0], Money(200), "坏了")
    assert state(shop, order.id).overpaid == Money(100)


def test_a_line_not_paid_yet_becomes_cheaper_and_dear_again(shop: Shop) -> None:
    order = book(shop, somebody(shop), 1000)
    with shop.write("payment.test") as tx:
        commands.take_off(tx, order.lines[0], Money(300))
    assert state(shop, order.id).due == Money(700)
    with pytest.raises(Refused, match=r"costs only ¥7\.00"), shop.write("payment.test") as tx:
        commands.take_off(tx, order.lines[0], Money(701))
    with shop.write("payment.test") as tx:
        commands.take_off(tx, order.lines[0], Money(-300))
    assert state(shop, order.id).due == Money(1000)


def test_what_was_bought_without_an_order_is_paid_out_and_undone(shop: Shop) -> None:
    member = somebody(shop)
    case = make_case(shop, member, None)
    with shop.write("payment.test") as tx:
        cash = commands.refund_without_order(tx, member, Money(500), "A0001", "cash", case)
        commands.refund_without_order(tx, member, Money(70), "A0001", "balance", case)
    assert queries.balance(shop, member) == Money(70)
    assert queries.day_money(shop, shop.today).cash_out == Money(500)
    with shop.write("payment.test") as tx:
        commands.reverse_in(tx, cash)
    assert queries.day_money(shop, shop.today).cash == Money(0)
    for amount, reason in ((Money(0), "A0001"), (Money(1), " ")):
        with pytest.raises(Refused), shop.write("payment.test") as tx:
            commands.refund_without_order(tx, member, amount, reason, "cash", case)


def test_what_a_complaint_can_still_make_good() -> None:
    lines = {1: LineMoney(Money(1000), Money(300)), 2: LineMoney(Money(500))}
    money = OrderMoney(lines, Money(0), Money(0), Money(0), Money(0), Money(0))
    assert still_charged(money, 1) == Money(700)
    assert still_charged(money, 3) == Money(0)
    rounded = replace(money, lines={1: lines[1]}, round_off=Money(50))
    assert still_charged(rounded, 1) == Money(650), "no more than the order costs"
    assert still_charged(replace(money, active=False), 1) == Money(0)
