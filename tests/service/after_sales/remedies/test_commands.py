"""Agreeing a solution and taking it back: money, goods, stock and clocks, on both databases."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.service.after_sales import commands
from lib.service.after_sales.merging.commands import merge_cases
from lib.service.after_sales.queries import case_of
from lib.service.after_sales.remedies.commands import solve, undo_remedy
from lib.service.after_sales.remedies.queries import facts_for, facts_of, pledge_of
from lib.service.after_sales.remedies.rules import (
    Disposal,
    Kind,
    Remedy,
    Solution,
    pledge_from,
)
from lib.service.after_sales.rules import Cause, CountedIn, Defect, Result, Status
from lib.service.owed.commands import cancel_owed, give_owed, undo_give
from lib.service.pickup.commands import hand_over
from lib.service.pickup.queries import bag_of
from lib.shop.shop import SYSTEM, FormKey, Repeated, Shop
from lib.supply.recall.queries import reached_in
from lib.supply.stock.shelf.commands import undo as undo_at_the_shelf
from lib.trade.payments.commands import pay_order, refund_order, reverse_payment
from lib.trade.payments.queries import balance, day_money, money_of
from lib.trade.payments.rules import OrderMoney, PayState
from tests.conftest import NOW
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, new, opened, rows, version
from tests.service.cast import TODAY, add_member, add_order, add_product
from tests.supply.cast import add_batch

SHARE = Money(288)
"""3 of 60 eggs of two trays for 57.60."""
BACK = (Remedy(Kind.REFUND, None, SHARE),)
MORE = (Remedy(Kind.ONE_MORE, 1),)


def agree(shop: Shop, case_id: int, *remedies: Remedy, **values: Any) -> None:
    """Solve a case as it stands."""
    solve(shop, case_id, version(shop, case_id), Solution(remedies, **values))


def order_money(bought: Bought) -> OrderMoney:
    return money_of(bought.shop, [bought.order])[bought.order]


def paid(bought: Bought) -> Bought:
    """小李 paid the order: two trays and 1 500 g of tomatoes."""
    pay_order(bought.shop, bought.order)
    return bought


def remedies(bought: Bought) -> list[Any]:
    return list(rows(bought.shop, schema.case_remedy))


def test_a_refund_is_a_row_of_money_with_its_case(bought: Bought) -> None:
    case = opened(paid(bought))
    agree(bought.shop, case, *BACK, method="cash", text="退2.88元", cause=Cause.GROWER)
    (refund,) = rows(bought.shop, schema.payment, kind="refund")
    assert (refund.amount_fen, refund.forgiven_fen, refund.line_id) == (-288, 288, bought.line)
    assert (refund.case_id, refund.method, refund.reason) == (case, "cash", f"A{case:04}")
    (row,) = remedies(bought)
    assert (row.amount_fen, row.taken_off_fen, row.payment_id) == (288, 0, refund.id)
    assert order_money(bought).state is PayState.PAID
    seen = case_of(bought.shop, case)
    assert seen is not None
    assert (seen.status, seen.cause) == (Status.SOLVED, Cause.GROWER)
    assert [entry.kind for entry in seen.entries] == ["reported", "cause", "solved"]
    assert seen.entries[-1].text == "退2.88元"
    assert seen.first_reply_by, "a solution is an answer, too"
    assert seen.follow_up_on == TODAY + timedelta(days=1)


def test_what_was_offered_and_what_was_accepted_are_both_kept(bought: Bought) -> None:
    case = opened(paid(bought))
    with pytest.raises(Refused, match="less than what the shop promises"):
        agree(bought.shop, case, Remedy(Kind.REFUND, None, Money(100)))
    assert cast.row(bought.shop, case).status == "new"
    agree(bought.shop, case, Remedy(Kind.REFUND, None, Money(100)), below_pledge="一块钱就行")
    turn = cast.turn(bought.shop, case)
    first, second = pledge_from(turn.offered).options
    assert (first.remedies[0].amount, second.remedies[0].quantity) == (SHARE, 1)
    (row,) = remedies(bought)
    assert (row.amount_fen, row.below_pledge) == (100, "一块钱就行")


def test_of_an_unpaid_order_it_is_taken_off_the_price(bought: Bought) -> None:
    case = opened(bought)
    due = order_money(bought).due
    agree(bought.shop, case, *BACK)
    assert order_money(bought).due == due - SHARE
    assert rows(bought.shop, schema.payment) == []
    (row,) = remedies(bought)
    assert (row.amount_fen, row.taken_off_fen, row.payment_id) == (288, 288, None)
    undo_remedy(bought.shop, row.id)
    assert order_money(bought).due == due


def test_of_a_part_paid_order_what_is_open_is_taken_off_first(bought: Bought) -> None:
    due = order_money(bought).due
    pay_order(bought.shop, bought.order, "cash", due - Money(100))
    agree(bought.shop, opened(bought), *BACK)
    (row,) = remedies(bought)
    assert (row.amount_fen, row.taken_off_fen) == (288, 100)
    (refund,) = rows(bought.shop, schema.payment, kind="refund")
    assert refund.amount_fen == -188
    assert order_money(bought).state is PayState.PAID


def test_money_paid_too_much_is_still_given_back_besides(bought: Bought) -> None:
    due = order_money(bought).due
    pay_order(bought.shop, bought.order, "transfer", due + Money(500), more_than_due=True)
    agree(bought.shop, opened(bought), *BACK)
    assert order_money(bought).overpaid == Money(500)


def test_never_more_than_the_line_still_costs(bought: Bought) -> None:
    case = opened(paid(bought))
    with pytest.raises(Refused, match=r"Only ¥57\.60"):
        agree(bought.shop, case, Remedy(Kind.REFUND, None, Money(5761)))
    refund_order(bought.shop, bought.order, Money(2000), "少送")
    left = order_money(bought).owed
    facts = facts_of(bought.shop, case)
    assert facts.left == min(Money(5760), left)
    assert remedies(bought) == []


def test_of_a_rounded_order_what_was_paid_goes_back_and_no_more(bought: Bought) -> None:
    shop, due = bought.shop, order_money(bought).due
    with shop.store.write() as connection:
        of = schema.customer_order.c.id == bought.order
        connection.execute(update(schema.customer_order).where(of).values(round_off_fen=60))
        connection.execute(
            update(schema.order_line)
            .where(schema.order_line.c.id == bought.by_weight)
            .values(cancelled_at=NOW)
        )
    pay_order(shop, bought.order)
    case = opened(bought, bad=60)
    assert facts_of(shop, case).share == Money(5700)
    agree(shop, case, Remedy(Kind.REFUND, None, Money(5700)), Remedy(Kind.ONE_MORE, 2))
    assert order_money(bought).net == Money(0)
    assert due > Money(5700)


def test_pickup_of_an_order_with_one_refunded_line(bought: Bought) -> None:
    """The other line is still handed over, and nobody pays for it twice."""
    shop = bought.shop
    order, (line, other) = add_order(
        shop, bought.li, 30, (bought.eggs, 1), (bought.tomatoes, 500), placed_at=NOW
    )
    pay_order(shop, order)
    case = commands.open_case(shop, new(line, bad=None, counted_in=None, defect=Defect.MISSING))
    agree(shop, case, Remedy(Kind.REFUND, None, Money(2880)))
    bag = bag_of(shop, order)
    assert bag is not None
    assert bag.money is not None
    assert [each.id for each in bag.open_lines] == [other]
    assert (bag.money.due, bag.money.overpaid) == (Money(0), Money(0))
    hand_over(shop, order)
    (given,) = rows(shop, schema.handover, order_id=order)
    assert given.line_id == other
    assert line != other


def test_owed_goods_join_the_next_order_and_go_out_with_it(bought: Bought) -> None:
    shop, case = bought.shop, opened(paid(bought))
    agree(shop, case, *MORE)
    (owed,) = rows(shop, schema.owed_goods)
    assert (owed.quantity, owed.line_id, owed.case_id) == (1, bought.line, case)
    order, _lines = add_order(shop, bought.li, 31, (bought.tomatoes, 500))
    seen = case_of(shop, case)
    assert seen is not None
    assert seen.owed_open
    hand_over(shop, order)
    seen = case_of(shop, case)
    assert seen is not None
    assert not seen.owed_open
    with shop.read() as connection:
        reached = {one.line_id: one.quantity for one in reached_in(connection, bought.batch)}
    assert reached[bought.line] == 3, "a recall asks for the replaced tray, too"


def test_rotten_trays_are_paid_back_and_given_anew_in_one_transaction(bought: Bought) -> None:
    case = opened(paid(bought), bad=30)
    with pytest.raises(Refused):
        agree(bought.shop, case, Remedy(Kind.REFUND, None, Money(2880)))
    agree(bought.shop, case, Remedy(Kind.REFUND, None, Money(2880)), *MORE)
    assert [row.kind for row in remedies(bought)] == ["refund", "one_more"]
    assert order_money(bought).refunded == Money(2880)


def test_shares_of_three_cases_on_one_line_add_up_to_the_fen(shop: Shop) -> None:
    tea, member = add_product(shop, "茶叶", "罐", 1000), add_member(shop, "小周")
    order, (line,) = add_order(shop, member, 50, (tea, 3), placed_at=NOW - timedelta(days=1))
    with shop.store.write() as connection:
        connection.execute(
            update(schema.order_line).where(schema.order_line.c.id == line).values(amount_fen=1000)
        )
    pay_order(shop, order)
    given_back = []
    for _ in range(3):
        case = commands.open_case(
            shop, new(line, bad=1, counted_in=CountedIn.UNITS, defect=Defect.DAMAGED)
        )
        share = facts_of(shop, case).share
        assert share is not None
        agree(shop, case, Remedy(Kind.REFUND, None, share))
        given_back.append(share.fen)
    assert given_back == [333, 334, 333]
    assert money_of(shop, [order])[order].net == Money(0)


def test_the_balance_takes_a_refund(bought: Bought) -> None:
    agree(bought.shop, opened(paid(bought)), *BACK, method="balance")
    assert balance(bought.shop, bought.li) == SHARE
    (row,) = remedies(bought)
    undo_remedy(bought.shop, row.id)
    assert balance(bought.shop, bought.li) == Money(0)


def test_something_bought_without_an_order_is_paid_from_the_till(bought: Bought) -> None:
    shop = bought.shop
    case = commands.open_case(shop, new(said="柜台买的鸡蛋坏了", product_id=bought.eggs))
    with pytest.raises(Refused, match="whose case"):
        agree(shop, case, Remedy(Kind.REFUND, None, Money(500)), *MORE)
    commands.match_case(shop, case, version(shop, case), bought.wang, None)
    agree(shop, case, Remedy(Kind.REFUND, None, Money(500)), *MORE, method="cash")
    (refund,) = rows(shop, schema.payment)
    assert (refund.kind, refund.amount_fen, refund.order_id) == ("refund", -500, None)
    assert (refund.member_id, refund.case_id) == (bought.wang, case)
    assert day_money(shop, TODAY).cash_out == Money(500)
    undo_remedy(shop, remedies(bought)[0].id)
    assert day_money(shop, TODAY).cash == Money(0)


def test_daily_goods_come_back_and_the_shop_pays_the_way(shop: Shop, bought: Bought) -> None:
    line, batch = _soap(shop, bought)
    case = commands.open_case(
        shop, new(line, bad=1, counted_in=CountedIn.UNITS, defect=Defect.QUALITY)
    )
    agree(
        shop, case, Remedy(Kind.RETURN, 1, Money(1500), freight_by_shop=True),
        freight=Money(800), disposal=Disposal.THROWN_AWAY,
    )  # fmt: skip
    (row,) = remedies(bought)
    assert (row.quantity, row.freight_fen, row.disposal) == (1, 800, "thrown_away")
    moves = [(m.kind, m.quantity, m.batch_id, m.line_id) for m in _moves(shop, row.id)]
    assert moves == [("returned", 1, batch, line), ("wasted", -1, batch, None)]
    with shop.read() as connection:
        (reached,) = reached_in(connection, batch)
    assert reached.quantity == 1, "what came back is not asked for in a recall"
    undo_remedy(shop, row.id)
    with shop.read() as connection:
        (reached,) = reached_in(connection, batch)
    assert reached.quantity == 2
    (stock,) = rows(shop, schema.batch, id=batch)
    assert stock.on_hand == 8


def _soap(shop: Shop, bought: Bought) -> tuple[int, int]:
    soap = add_product(shop, "手工皂", "块", 1500)
    with shop.store.write() as connection:
        of = schema.product.c.id == soap
        connection.execute(update(schema.product).where(of).values(is_daily=True))
    batch = add_batch(shop, soap, 10)
    order, (line,) = add_order(
        shop, bought.wang, 40, (soap, 2), placed_at=NOW - timedelta(days=1)
    )  # fmt: skip
    pay_order(shop, order)
    hand_over(shop, order)
    return line, batch


def _moves(shop: Shop, remedy_id: int) -> list[Any]:
    return list(rows(shop, schema.stock_movement, remedy_id=remedy_id))


def test_unopened_daily_goods_lie_on_the_shelf_again(shop: Shop, bought: Bought) -> None:
    line, batch = _soap(shop, bought)
    case = commands.open_case(
        shop, new(line, bad=1, counted_in=CountedIn.UNITS, defect=Defect.WRONG)
    )
    agree(shop, case, Remedy(Kind.EXCHANGE, 1), disposal=Disposal.TO_SHELF)
    (row,) = rows(shop, schema.batch, id=batch)
    assert row.on_hand == 9
    (moved,) = _moves(shop, remedies(bought)[0].id)
    with pytest.raises(Refused, match="entered elsewhere"):
        undo_at_the_shelf(shop, moved.id)


def test_an_undone_solution_opens_the_case_and_its_clock_runs_on(
    bought: Bought, clock: FixedClock
) -> None:
    shop, case = bought.shop, opened(paid(bought))
    agree(shop, case, *BACK)
    (row,) = remedies(bought)
    clock.moment += timedelta(hours=30)
    undo_remedy(shop, row.id)
    assert order_money(bought).refunded == Money(0)
    seen = case_of(shop, case)
    assert seen is not None
    assert (seen.status, seen.solution.met_at, seen.follow_up_on) == (Status.WORKING, None, None)
    assert seen.solution.left(clock.now()) < timedelta(0), "as if it had never been met"
    commands.record_breaches(shop.acting(SYSTEM))
    assert ("solution", 1) in cast.breaches(shop, case)
    with pytest.raises(Refused, match="already taken back"):
        undo_remedy(shop, row.id)
    agree(shop, case, *BACK)
    assert order_money(bought).refunded == SHARE


def test_an_undone_promise_is_owed_no_more_unless_it_was_given(bought: Bought) -> None:
    shop, case = bought.shop, opened(paid(bought))
    agree(shop, case, *MORE)
    (owed,), (row,) = rows(shop, schema.owed_goods), remedies(bought)
    (given_id,) = give_owed(shop, owed.id)
    with pytest.raises(Refused, match="given already"):
        undo_remedy(shop, row.id)
    undo_give(shop, [given_id])
    undo_remedy(shop, row.id)
    (owed,) = rows(shop, schema.owed_goods)
    assert owed.cancelled_at is not None


def test_a_refund_of_a_case_is_not_undone_at_the_till(bought: Bought) -> None:
    agree(bought.shop, opened(paid(bought)), *BACK)
    (refund,) = rows(bought.shop, schema.payment, kind="refund")
    with pytest.raises(Refused, match="case"):
        reverse_payment(bought.shop, refund.id)


def test_what_was_given_before_counts_when_a_case_is_opened_again(bought: Bought) -> None:
    shop, case = bought.shop, opened(paid(bought))
    agree(shop, case, Remedy(Kind.REFUND, None, Money(200)), below_pledge="够了")
    commands.reopen(shop, case, version(shop, case), "想想还是不对")
    agree(shop, case, Remedy(Kind.REFUND, None, Money(88)))
    assert order_money(bought).refunded == SHARE
    commands.reopen(shop, case, version(shop, case), "再来")
    agree(shop, case, Remedy(Kind.WORD))


def test_goods_not_owed_any_more_do_not_count(bought: Bought) -> None:
    shop, case = bought.shop, opened(paid(bought))
    agree(shop, case, *MORE)
    (owed,) = rows(shop, schema.owed_goods)
    cancel_owed(shop, owed.id, owed.version, "不想等")
    commands.reopen(shop, case, version(shop, case), "不想等了")
    with pytest.raises(Refused):
        agree(shop, case, Remedy(Kind.WORD))
    agree(shop, case, *BACK)


def test_a_closed_case_is_opened_before_anything_is_taken_back(bought: Bought) -> None:
    shop, case = bought.shop, opened(paid(bought))
    agree(shop, case, *BACK)
    commands.follow_up(shop, case, version(shop, case), Result.SATISFIED)
    (row,) = remedies(bought)
    with pytest.raises(Refused, match="closed"):
        undo_remedy(shop, row.id)
    commands.reopen(shop, case, version(shop, case), "退错了")
    undo_remedy(shop, row.id)
    assert order_money(bought).refunded == Money(0)


def test_of_a_double_that_was_joined_it_is_taken_back_in_the_one_that_was_kept(
    bought: Bought,
) -> None:
    shop, keep, drop = bought.shop, opened(paid(bought)), opened(bought)
    agree(shop, drop, *BACK)
    merge_cases(shop, keep, drop, remedies_too=True)
    agree(shop, keep, Remedy(Kind.WORD), text="已退过")
    undo_remedy(shop, remedies(bought)[0].id)
    seen = case_of(shop, keep)
    assert seen is not None
    assert seen.status is Status.WORKING
    assert order_money(bought).refunded == Money(0)


def test_two_staff_refund_one_case_at_once_and_it_is_refunded_once(bought: Bought) -> None:
    """B9: the second is told who was faster."""
    case, said = opened(paid(bought)), list[object]()

    def act() -> None:
        try:
            solve(bought.shop, case, 1, Solution(BACK))
            said.append(None)
        except (Refused, Conflict) as error:
            said.append(error)

    both = [threading.Thread(target=act) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len([each for each in said if each is None]) == 1
    assert len(rows(bought.shop, schema.payment, kind="refund")) == 1


def test_a_double_click_solves_once(bought: Bought) -> None:
    case, shop = opened(paid(bought)), bought.shop.once(FormKey.of("k", 1))
    solve(shop, case, 1, Solution(BACK))
    with pytest.raises(Repeated):
        solve(shop, case, 1, Solution(BACK))
    assert len(remedies(bought)) == 1


@pytest.mark.parametrize("status", ["solved", "closed", "withdrawn"])
def test_only_an_open_case_is_solved(bought: Bought, status: str) -> None:
    shop, case = bought.shop, opened(paid(bought))
    if status == "withdrawn":
        commands.withdraw(shop, case, 1, "看错了")
    else:
        agree(shop, case, *BACK)
    if status == "closed":
        commands.follow_up(shop, case, version(shop, case), Result.SATISFIED)
    with pytest.raises(Refused):
        agree(shop, case, *BACK)


def test_what_is_not_there_is_said(bought: Bought) -> None:
    for act in (
        lambda: solve(bought.shop, 99, 1, Solution(BACK)),
        lambda: undo_remedy(bought.shop, 99),
        lambda: pledge_of(bought.shop, 99),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_facts_of_a_case_that_is_being_typed(bought: Bought) -> None:
    counted = (3, 60, CountedIn.PIECES)
    facts = facts_for(bought.shop, bought.line, None, Defect.ROTTEN, counted)
    assert (facts.share, facts.one_more) == (SHARE, 1)
    by_product = facts_for(bought.shop, None, bought.eggs, Defect.ROTTEN)
    assert (by_product.share, by_product.one_more, by_product.fresh) == (None, 1, True)


def test_every_step_stands_in_the_journal(bought: Bought) -> None:
    shop, case = bought.shop, opened(paid(bought))
    agree(shop, case, *BACK)
    undo_remedy(shop, remedies(bought)[0].id)
    actions = [row.action for row in rows(shop, schema.journal)]
    assert actions[-2:] == ["case.solve", "case.undo_remedy"]


WAYS: list[Callable[[], Remedy]] = [
    lambda: Remedy(Kind.REFUND, None, SHARE),
    lambda: Remedy(Kind.ONE_MORE, 1),
    lambda: Remedy(Kind.REFUND, None, Money(500)),
]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(["solve", "undo"]), st.integers(0, 5)), max_size=8))
def test_whatever_is_agreed_and_taken_back_every_fen_is_accounted_for(
    bought: Bought, steps: list[tuple[str, int]]
) -> None:
    shop = bought.shop
    if order_money(bought).state is PayState.UNPAID:
        pay_order(shop, bought.order)
    for act, which in steps:
        if act == "solve":
            case = opened(bought)
            try:
                agree(shop, case, WAYS[which % 3]())
            except Refused:
                assert order_money(bought).lines[bought.line].left < Money(500)
        else:
            standing = [row for row in remedies(bought) if row.undone_at is None]
            if standing:
                undo_remedy(shop, standing[which % len(standing)].id)
    standing = [row for row in remedies(bought) if row.undone_at is None]
    given_back = sum(row.amount_fen for row in standing)
    money = order_money(bought)
    assert money.refunded.fen == given_back
    assert (money.due, money.overpaid) == (Money(0), Money(0))
    owed = [row for row in rows(shop, schema.owed_goods) if row.cancelled_at is None]
    assert len(owed) == sum(row.kind == "one_more" for row in standing)
