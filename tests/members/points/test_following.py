"""What happens to an order's money and goods, and what the ledger says of it (R36)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.members.points import commands, queries
from lib.members.points.rules import (
    CANCELLED,
    PAYMENT,
    REFUND,
    REFUND_OF_CASE,
    RESTORED,
    UNDONE,
    WEIGHED,
)
from lib.members.profiles.commands import add_member, merge_members, unmerge
from lib.service.after_sales.commands import open_case
from lib.service.after_sales.remedies.commands import solve
from lib.service.after_sales.remedies.rules import Kind, Remedy, Solution
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trade.orders.commands import cancel_order, change_lines, restore_order
from lib.trade.orders.rules import Wanted
from lib.trade.payments.commands import (
    pay_order,
    refund_line,
    refund_order,
    reverse_payment,
    top_up_balance,
    weigh_line,
)
from tests.members.points.cast import (
    Story,
    begin,
    entries,
    give_back,
    moves,
    redeem,
    settle,
    version,
    yuan,
)
from tests.members.points.reckoning import check
from tests.service.after_sales.cast import new
from tests.trade.payments.books import book, somebody


@pytest.fixture
def story(shop: Shop) -> Story:
    return begin(shop)


def test_the_order_gives_whole_points_and_its_lines_share_them(story: Story) -> None:
    booked = story.paid(480, 520)
    assert story.numbers == (0, 10)
    rows = entries(story.shop, order_id=booked.id)
    assert [(row.line_id, row.pending) for row in rows] == list(
        zip(booked.lines, [4, 6], strict=True)
    )
    assert {row.kind for row in rows} == {"earned"}
    assert {row.reason for row in rows} == {PAYMENT}
    assert len({row.payment_id for row in rows}) == 1
    check(story.shop)


def test_the_same_order_event_twice_counts_once(story: Story) -> None:
    """Whatever marks an order twice, the ledger is brought up to what should stand, not added."""
    booked = story.paid(1000)
    before = moves(story.shop, booked)
    for _ in range(2):
        with story.shop.write("test.again") as tx:
            row = tx.row(queries.schema.customer_order, booked.id)
            tx.connection.execute(queries.schema.points_due.insert().values(order_id=row.id))
            tx.at_end(commands.follow)
            tx.at_end(commands.follow)
    assert moves(story.shop, booked) == before
    check(story.shop)


def test_a_part_payment_pays_the_delivery_first(story: Story) -> None:
    booked = story.order(1000, fee=300)
    pay_order(story.shop, booked.id, amount=yuan(250))
    assert story.numbers == (0, 0)
    pay_order(story.shop, booked.id, amount=yuan(450))
    assert story.numbers == (0, 4)
    pay_order(story.shop, booked.id)
    assert story.numbers == (0, 10)
    check(story.shop)


def test_rounding_off_is_not_money(story: Story) -> None:
    rounding = replace(story.shop, settings=replace(story.shop.settings, round_off="jiao"))
    booked = story.order(1005)
    payment = pay_order(rounding, booked.id, "cash", round_off=yuan(5))
    assert story.numbers == (0, 10)
    reverse_payment(rounding, payment)
    assert story.numbers == (0, 0)
    pay_order(rounding, booked.id, "cash", amount=yuan(402))
    assert story.numbers == (0, 4)
    pay_order(rounding, booked.id, "cash", round_off=yuan(3))
    assert story.numbers == (0, 10)
    check(story.shop)


def test_topping_up_gives_nothing_paying_from_the_balance_does(story: Story) -> None:
    top_up_balance(story.shop, story.member, yuan(5000))
    assert story.numbers == (0, 0)
    booked = story.order(2000)
    payment = pay_order(story.shop, booked.id, "balance")
    assert story.numbers == (0, 20)
    reverse_payment(story.shop, payment)
    assert story.numbers == (0, 0)
    assert moves(story.shop, booked)[-1] == ("reversed", -20, 0, UNDONE)
    check(story.shop)


def test_paid_too_much_is_not_paid_for_goods(story: Story) -> None:
    booked = story.order(1000)
    pay_order(story.shop, booked.id, amount=yuan(1500), more_than_due=True)
    assert story.numbers == (0, 10)
    refund_order(story.shop, booked.id, yuan(500), "多付")
    assert story.numbers == (0, 10)
    check(story.shop)


def test_two_partial_returns_of_one_order(story: Story) -> None:
    booked = story.paid(1000, 1000)
    refund_line(story.shop, booked.lines[0], yuan(350), "坏了")
    refund_line(story.shop, booked.lines[0], yuan(250), "又坏了")
    assert story.numbers == (0, 14)
    by_line = dict.fromkeys(booked.lines, 0)
    for row in entries(story.shop, order_id=booked.id):
        by_line[row.line_id] += row.pending
    assert list(by_line.values()) == [4, 10]
    assert [row[3] for row in moves(story.shop, booked)][-1] == REFUND
    check(story.shop)


def test_cancelled_then_refunded_takes_the_points_once(story: Story) -> None:
    booked = story.paid(1000, 550)
    cancel_order(story.shop, booked.id, version(story.shop, booked.id), "不要了")
    assert story.numbers == (0, 0)
    refund_order(story.shop, booked.id, yuan(1550), "取消")
    assert story.numbers == (0, 0)
    assert [row[3] for row in moves(story.shop, booked)[2:]] == [CANCELLED, CANCELLED]
    check(story.shop)


def test_a_cancellation_taken_back_gives_them_again(story: Story) -> None:
    booked = story.paid(1000)
    cancel_order(story.shop, booked.id, version(story.shop, booked.id), "不要了")
    restore_order(story.shop, booked.id, version(story.shop, booked.id))
    assert story.numbers == (0, 10)
    assert moves(story.shop, booked)[-1] == ("earned", 10, 0, RESTORED)
    check(story.shop)


def test_weighing_moves_what_was_paid_for_goods(story: Story) -> None:
    booked = story.paid(1000)
    weigh_line(story.shop, booked.lines[0], 250)  # 10.00 a jin: 5.00 now, 5.00 paid too much
    assert story.numbers == (0, 5)
    assert moves(story.shop, booked)[-1] == ("reversed", -5, 0, WEIGHED)
    weigh_line(story.shop, booked.lines[0], 600)
    assert story.numbers == (0, 10)
    check(story.shop)


def test_a_line_added_to_an_order_that_was_paid_takes_what_is_left_over(story: Story) -> None:
    """One line is left out, another comes for the same money, and nothing is paid anew."""
    booked = book(story.shop, story.member, 500, 500)
    pay_order(story.shop, booked.id)
    wanted = [Wanted(_product(story, booked.lines[0]), 500)]
    change_lines(story.shop, booked.id, version(story.shop, booked.id), wanted)
    assert story.numbers == (0, 5)
    wanted.append(Wanted(story.apples, 500))
    change_lines(story.shop, booked.id, version(story.shop, booked.id), wanted)
    assert story.numbers == (0, 10)
    check(story.shop)


def test_a_refund_by_a_case_says_so(story: Story) -> None:
    booked = story.collected(1000)
    case = open_case(story.shop, new(booked.lines[0], bad=None, counted_in=None))
    solve(story.shop, case, 1, _refund(yuan(1000)))
    assert story.numbers == (0, 0)
    assert moves(story.shop, booked)[-1] == ("reversed", -10, 0, REFUND_OF_CASE)
    shown = queries.standing(story.shop, story.member).entries
    assert shown[0].case_id == case
    check(story.shop)


def test_return_after_the_points_were_spent_is_owed_and_never_clamped(story: Story) -> None:
    booked = story.collected(10_000)
    settle(story.shop)
    redeem(story.shop, story.member, 100)
    assert story.numbers == (0, 0)
    refund_line(story.shop, booked.lines[0], yuan(4000), "退货")
    assert story.numbers == (-40, 0)
    with story.shop.read() as connection:
        assert queries.held(connection) == queries.Held(0, 0, 40)
    (row,) = queries.owing(story.shop)
    assert (row.member_id, row.points) == (story.member, 40)
    assert queries.due(story.shop).owed_members == 1
    later = story.collected(5000)
    assert later
    settle(story.shop)
    assert story.numbers == (10, 0)
    assert not queries.owing(story.shop)
    check(story.shop)


def test_redeeming_leaves_the_remainder(story: Story) -> None:
    story.collected(25_000)
    settle(story.shop)
    first = redeem(story.shop, story.member, 100)
    redeem(story.shop, story.member, 100)
    assert story.numbers == (50, 0)
    with pytest.raises(Refused, match="are needed"):
        redeem(story.shop, story.member, 100)
    give_back(story.shop, first)
    assert story.numbers == (150, 0)
    with pytest.raises(Refused):
        give_back(story.shop, first)
    assert story.numbers == (150, 0)


def test_pending_points_cannot_be_spent(story: Story) -> None:
    story.collected(20_000)
    with pytest.raises(Refused, match="still wait"):
        redeem(story.shop, story.member, 100)


def test_spending_settles_what_is_due_first(story: Story) -> None:
    """Nobody at the counter waits for the clock."""
    story.collected(20_000)
    story.shop.clock.forward(days=8)  # type: ignore[attr-defined]
    redeem(story.shop, story.member, 100)
    assert story.numbers == (100, 0)


def test_orders_placed_before_points_began_gave_none(shop: Shop) -> None:
    member = somebody(shop)
    before = book(shop, member, 1000)
    shop.clock.forward(minutes=1)  # type: ignore[attr-defined]
    commands.begin_points(shop, 1, 100)
    pay_order(shop, before.id)
    assert moves(shop, before) == []
    check(shop)


def test_an_order_placed_before_a_change_keeps_its_rule(story: Story) -> None:
    shop = story.shop
    old = story.order(1000)
    commands.change_rule(shop, 2, 100, shop.clock.now() + timedelta(days=1))
    same_day = story.order(1000)
    shop.clock.forward(days=1)  # type: ignore[attr-defined]
    new_one = story.order(1000)
    for booked in (old, same_day, new_one):
        pay_order(shop, booked.id)
    given = [sum(row.pending for row in entries(shop, order_id=one.id)) for one in (
        old, same_day, new_one)]  # fmt: skip
    assert given == [10, 10, 20]
    check(shop)


def test_the_rule_changes_for_the_future_only(story: Story) -> None:
    shop = story.shop
    with pytest.raises(Refused):
        commands.change_rule(shop, 2, 100, shop.clock.now())
    with pytest.raises(Refused):
        commands.begin_points(shop, 1, 100)
    tomorrow = shop.clock.now() + timedelta(days=1)
    commands.change_rule(shop, 100, 100, tomorrow)  # a slip of the finger
    commands.change_rule(shop, 2, 100, tomorrow)  # put right before anybody ordered under it
    with shop.read() as connection:
        found = queries.rule_at(connection, tomorrow + timedelta(seconds=1))
        assert found is not None and found.points == 2
        now = queries.rule_at(connection, shop.clock.now())
        assert now is not None and now.points == 1
    history = queries.rules(shop)
    assert [row.rule.points for row in history] == [2, 100, 1]
    assert [row.until for row in history] == [None, *(row.rule.from_at for row in history[:2])]


def test_the_same_form_begins_once(shop: Shop) -> None:
    bound = shop.once(FormKey.of("begin", 1))
    commands.begin_points(bound, 1, 100)
    with pytest.raises(Repeated):
        commands.begin_points(bound, 1, 100)
    assert len(queries.rules(shop)) == 1


def test_only_the_owner_makes_promises(staff_shop: Shop) -> None:
    tomorrow = staff_shop.clock.now() + timedelta(days=1)
    for act in (
        lambda: commands.begin_points(staff_shop, 1, 100),
        lambda: commands.change_rule(staff_shop, 1, 100, tomorrow),
        lambda: commands.adjust_points(staff_shop, 1, 5, "老卡"),
    ):
        with pytest.raises(Refused):
            act()


def test_no_points_at_all_end_them(story: Story) -> None:
    shop = story.shop
    story.paid(1000)
    commands.change_rule(shop, 0, 100, shop.clock.now() + timedelta(days=1))
    shop.clock.forward(days=2)  # type: ignore[attr-defined]
    story.paid(1000)
    assert story.numbers == (0, 10)
    check(shop)


def test_before_points_begin_there_is_no_rule(shop: Shop) -> None:
    with pytest.raises(Refused):
        commands.change_rule(shop, 2, 100, shop.clock.now() + timedelta(days=1))
    for points in (0, -1):
        with pytest.raises(Refused):
            commands.begin_points(shop, points, 100)
    with shop.read() as connection:
        assert queries.rule_at(connection, shop.clock.now()) is None
    assert queries.rules(shop) == ()


def test_points_of_an_order_follow_its_member(story: Story) -> None:
    shop = story.shop
    other = add_member(shop, "小李的号")
    commands.adjust_points(shop, other, 7, "老卡")
    theirs = book(shop, other, 500)
    pay_order(shop, theirs.id)
    story.paid(1000)
    merge = merge_members(shop, story.member, other, (1, 1))
    assert story.numbers == (7, 15)
    refund_line(shop, theirs.lines[0], yuan(200), "坏了")
    assert story.numbers == (7, 13)
    unmerge(shop, merge)
    assert story.numbers == (0, 10)
    with shop.read() as connection:
        balance = queries.balance_in(connection, other)
    assert (balance.available, balance.pending) == (7, 3)
    check(shop)


def test_taken_apart_one_may_owe_what_both_had_spent(story: Story) -> None:
    shop = story.shop
    other = add_member(shop, "小李的号")
    commands.adjust_points(shop, other, 100, "老卡")
    merge = merge_members(shop, story.member, other, (1, 1))
    redeem(shop, story.member, 80)
    unmerge(shop, merge)
    assert story.numbers == (-80, 0)
    assert [row.points for row in queries.owing(shop)] == [80]


def test_entries_by_hand_need_a_reason_and_never_make_somebody_owe(story: Story) -> None:
    shop = story.shop
    with pytest.raises(Refused):
        commands.adjust_points(shop, story.member, 10, "  ")
    commands.adjust_points(shop, story.member, 120, "纸质积分卡转入")
    commands.adjust_points(shop, story.member, 30, "纸质积分卡转入")
    with pytest.raises(Refused, match="cannot be taken away"):
        commands.adjust_points(shop, story.member, -151, "记错了")
    commands.adjust_points(shop, story.member, -50, "记错了")
    assert story.numbers == (100, 0)
    assert [row.reason for row in entries(shop, kind="adjusted")][-1] == "记错了"


def test_what_lapsed_is_gone_for_good(story: Story) -> None:
    """An erased file has no points, and what happens to its orders later gives and owes none."""
    shop = story.shop
    story.collected(3000)
    settle(shop)
    waiting = story.paid(2000)
    with shop.write("test.erase") as tx:
        assert commands.lapse(tx, story.member, "已删除") == 30
        tx.change(queries.schema.member, story.member, 1, erased_at=tx.now)
    assert story.numbers == (0, 0)
    refund_line(shop, waiting.lines[0], yuan(1000), "坏了")
    assert story.numbers == (0, 0)
    settle(shop)
    assert story.numbers == (0, 0)
    assert not queries.owing(shop)


def test_a_write_that_touches_no_order_asks_nothing(story: Story) -> None:
    said: list[str] = []

    def note(*values: object) -> None:
        said.append(str(values[2]))

    event.listen(story.shop.store.writer, "before_cursor_execute", note)
    try:
        top_up_balance(story.shop, story.member, yuan(1000))
    finally:
        event.remove(story.shop.store.writer, "before_cursor_execute", note)
    assert said and not [one for one in said if "points" in one]


def test_a_payment_that_stops_half_way_gives_no_points(story: Story) -> None:
    booked = story.order(1000)
    with pytest.raises(Refused):
        pay_order(story.shop, booked.id, amount=yuan(2000))
    assert moves(story.shop, booked) == []


def _refund(amount: Money) -> Solution:
    return Solution((Remedy(Kind.REFUND, None, amount),), text="退款", below_pledge="顾客只要退款")


def _product(story: Story, line_id: int) -> int:
    with story.shop.write("test.look") as tx:
        return int(tx.row(queries.schema.order_line, line_id).product_id)
