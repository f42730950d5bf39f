"""A coupon makes one order cheaper, once; it is no money and never comes out as cash (R37)."""

import threading

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.members.points.queries import balance_in
from lib.members.rewards import commands, queries
from lib.members.rewards.rules import Kind, Terms
from lib.service.pickup.commands import hand_over
from lib.service.pickup.queries import bag_of
from lib.shop.shop import Shop
from lib.trade.charged.rules import given_back
from lib.trade.orders.commands import cancel_order, change_lines, put_quantities, restore_order
from lib.trade.orders.queries import order
from lib.trade.orders.rules import Wanted
from lib.trade.payments.commands import pay_order, refund_order, take_off, weigh_line
from lib.trade.payments.queries import day_money, unpaid_orders
from lib.trade.payments.rules import PayState
from tests.conftest import NOW
from tests.members.rewards.cast import Giving, change, rows
from tests.service.cast import TODAY, add_order


def used_on(giving: Giving, code: str) -> int | None:
    return rows(giving.shop, schema.coupon, code=code)[0].order_id


def test_it_takes_its_value_off_and_the_rest_is_paid(giving: Giving) -> None:
    """On the order, its money, the unpaid list, the desk and the slip alike."""
    code, at = giving.coupon()[1][0], giving.order(1)
    assert commands.use_coupon(giving.shop, at, code) == Money(1000)
    assert giving.money(at).due == Money(3000)
    assert order(giving.shop, at).comes_to == Money(3000)
    (unpaid,) = unpaid_orders(giving.shop)
    assert unpaid.money.due == Money(3000)
    bag = bag_of(giving.shop, at)
    assert bag is not None
    assert bag.money is not None
    assert bag.money.due == Money(3000)
    pay_order(giving.shop, at, "cash")
    assert giving.money(at).state is PayState.PAID
    assert unpaid_orders(giving.shop) == []
    money = day_money(giving.shop, TODAY)
    assert (money.cash, money.rounded_off) == (Money(3000), Money(0))


def test_points_are_given_for_what_was_paid_not_for_the_coupon(giving: Giving) -> None:
    code, at = giving.coupon()[1][0], giving.order(1)
    commands.use_coupon(giving.shop, at, code)
    pay_order(giving.shop, at)
    with giving.shop.read() as connection:
        assert balance_in(connection, giving.li).pending == 30


def test_a_coupon_is_used_once(giving: Giving) -> None:
    code, first, second = giving.coupon()[1][0], giving.order(1), giving.order(2)
    commands.use_coupon(giving.shop, first, code)
    with pytest.raises(Refused, match="was used before"):
        commands.use_coupon(giving.shop, second, code)
    with pytest.raises(Refused, match="one order takes one"):
        commands.use_coupon(giving.shop, first, giving.coupon()[1][0])
    assert giving.money(second).due == Money(4000)


def test_two_browsers_use_one_coupon_at_once_and_one_wins(giving: Giving) -> None:
    code, orders = giving.coupon()[1][0], [giving.order(1), giving.order(2)]
    barrier, refused = threading.Barrier(2), []

    def use(order_id: int) -> None:
        barrier.wait()
        try:
            commands.use_coupon(giving.shop, order_id, code)
        except Refused as error:
            refused.append(error.sentence)

    threads = [threading.Thread(target=use, args=(one,)) for one in orders]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(refused) == 1
    assert sorted(giving.money(one).due.fen for one in orders) == [3000, 4000]


@pytest.mark.parametrize("days", [0, 90, 91])
def test_it_is_valid_through_its_last_day_in_the_shops_time(
    giving: Giving, clock: FixedClock, days: int
) -> None:
    """A minute before midnight in Shanghai it still holds, at midnight it does not."""
    code, at = giving.coupon()[1][0], giving.order(1)
    clock.forward(days=days, hours=13, minutes=29)
    if days <= 90:
        commands.use_coupon(giving.shop, at, code)
        return
    clock.forward(days=-1)
    commands.use_coupon(giving.shop, at, code)
    commands.take_coupon_off(giving.shop, at)
    clock.forward(minutes=1)
    with pytest.raises(Refused, match="ran out"):
        commands.use_coupon(giving.shop, at, code)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type or scan"),
        ("123", "not the code"),
        ("OOOO1111", "not the code"),
        ("CCCC3333", "No coupon has this code"),
    ],
)
def test_what_is_no_code_is_said(giving: Giving, typed: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        commands.use_coupon(giving.shop, giving.order(1), typed)


def test_below_its_threshold_it_does_not_hold(giving: Giving) -> None:
    code = giving.coupon()[1][0]
    with pytest.raises(Refused, match="holds from"):
        commands.use_coupon(giving.shop, giving.order(1, bags=1), code)
    exact = giving.order(2, bags=1)
    (line,) = rows(giving.shop, schema.order_line, order_id=exact)
    change(giving.shop, schema.order_line, line.id, amount_fen=3000)
    assert commands.use_coupon(giving.shop, exact, code) == Money(1000)


def test_the_delivery_fee_neither_counts_nor_is_paid_with_it(giving: Giving) -> None:
    code = giving.coupon()[1][0]
    low = giving.order(1, bags=1, delivery=True, delivery_fee_fen=1500)
    with pytest.raises(Refused, match="holds from"):
        commands.use_coupon(giving.shop, low, code)
    free = commands.add_reward(
        giving.shop,
        Terms(Kind.COUPON, 10, value=Money(9900), threshold=Money(0), valid_days=1),
    )
    commands.redeem(giving.shop, giving.li, free)
    big = rows(giving.shop, schema.coupon)[-1].code
    assert commands.use_coupon(giving.shop, low, big) == Money(2000)
    assert giving.money(low).due == Money(1500)
    assert [one.money.due for one in unpaid_orders(giving.shop)] == [Money(1500)]


def test_at_most_what_is_due_comes_off_and_a_paid_order_keeps_it_unused(giving: Giving) -> None:
    codes, at = giving.coupon(2)[1], giving.order(1)
    pay_order(giving.shop, at, amount=Money(3400))
    found = queries.coupon_for(giving.shop, at, codes[0])
    assert found is not None
    assert found.off == Money(600), "said before"
    assert commands.use_coupon(giving.shop, at, codes[0]) == Money(600)
    assert giving.money(at).state is PayState.PAID
    paid = giving.order(2)
    pay_order(giving.shop, paid)
    with pytest.raises(Refused, match="Nothing is left to pay"):
        commands.use_coupon(giving.shop, paid, codes[1])
    assert used_on(giving, codes[1]) is None


def test_it_is_for_the_member_and_the_household(giving: Giving, staff_shop: Shop) -> None:
    """Another home's is refused to staff; the owner may accept it."""
    codes = giving.coupon(3)[1]
    commands.use_coupon(staff_shop, giving.order(1, member=giving.sister), codes[0])
    of_wang = giving.order(2, member=giving.wang)
    for act in (
        lambda: commands.use_coupon(staff_shop, of_wang, codes[1]),
        lambda: commands.use_coupon(staff_shop, of_wang, codes[1], of_others=True),
        lambda: commands.use_coupon(giving.shop, of_wang, codes[1]),
    ):
        with pytest.raises(Refused, match="another resident"):
            act()
    commands.use_coupon(giving.shop, of_wang, codes[1], of_others=True)
    assert giving.money(of_wang).due == Money(3000)


def test_a_cancelled_order_frees_it_and_restored_it_comes_without(giving: Giving) -> None:
    code, at = giving.coupon()[1][0], giving.order(1)
    commands.use_coupon(giving.shop, at, code)
    pay_order(giving.shop, at)
    cancel_order(giving.shop, at, 1, "不要了")
    assert used_on(giving, code) is None
    money = giving.money(at)
    assert (money.overpaid, money.coupon) == (Money(3000), Money(0)), "what was paid, no more"
    with pytest.raises(Refused, match="was cancelled"):
        commands.use_coupon(giving.shop, at, code)
    restore_order(giving.shop, at, 2)
    assert giving.money(at).due == Money(1000)
    commands.use_coupon(giving.shop, at, code)
    assert giving.money(at).state is PayState.PAID


def test_left_out_goods_release_it_a_shortage_and_the_scale_do_not(giving: Giving) -> None:
    """What the resident leaves out counts; what the shop brings less does not (as R24)."""
    codes = giving.coupon(2)[1]
    at, (line,) = add_order(giving.shop, giving.li, 1, (giving.eggs, 2500))
    commands.use_coupon(giving.shop, at, codes[0])
    weigh_line(giving.shop, line, 2000)
    assert giving.money(at).owed == Money(1720)
    two = giving.order(2)
    (bags,) = rows(giving.shop, schema.order_line, order_id=two)
    commands.use_coupon(giving.shop, two, codes[1])
    with giving.shop.write("order.test") as tx:
        put_quantities(tx, {bags.id: 1}, {two: 1})
    assert giving.money(two).owed == Money(1000), "20 yuan came, the coupon still holds"
    change_lines(giving.shop, two, 2, [Wanted(giving.rice, 1)])
    assert giving.money(two).owed == Money(2000), "the resident left a bag out"
    assert used_on(giving, codes[1]) is None
    assert used_on(giving, codes[0]) == at


def test_what_a_complaint_takes_off_does_not_release_it(giving: Giving) -> None:
    code, at = giving.coupon()[1][0], giving.order(1)
    (line,) = rows(giving.shop, schema.order_line, order_id=at)
    commands.use_coupon(giving.shop, at, code)
    with giving.shop.write("order.test") as tx:
        take_off(tx, line.id, Money(3500))
    assert giving.money(at).owed == Money(0), "5 yuan are left of the goods; never below zero"
    assert used_on(giving, code) == at


def test_refunds_never_give_it_out_as_cash(giving: Giving) -> None:
    code, at = giving.coupon()[1][0], giving.order(1)
    commands.use_coupon(giving.shop, at, code)
    pay_order(giving.shop, at)
    with pytest.raises(Refused, match="At most"):
        refund_order(giving.shop, at, Money(3001), "坏了")
    refund_order(giving.shop, at, Money(3000), "坏了")
    money = giving.money(at)
    assert (money.net, money.due, money.overpaid) == (Money(0), Money(0), Money(0))


def test_a_slip_is_taken_off_and_said_when_there_is_none(giving: Giving) -> None:
    code, at = giving.coupon()[1][0], giving.order(1)
    commands.use_coupon(giving.shop, at, code)
    commands.take_coupon_off(giving.shop, at)
    assert giving.money(at).due == Money(4000)
    with pytest.raises(Refused, match="no coupon on this order"):
        commands.take_coupon_off(giving.shop, at)
    assert commands.use_coupon(giving.shop, at, code) == Money(1000)
    with pytest.raises(NotFound):
        commands.use_coupon(giving.shop, 99, giving.coupon()[1][0])


def test_where_a_coupon_paid_for_all_goods_a_refund_is_of_the_fee(giving: Giving) -> None:
    """The goods are still to be handed over, and their price was charged."""
    shop, at = giving.shop, giving.order(1, delivery=True, delivery_fee_fen=600)
    big = Terms(Kind.COUPON, 10, value=Money(4000), threshold=Money(0), valid_days=1)
    commands.redeem(shop, giving.li, commands.add_reward(shop, big))
    commands.use_coupon(shop, at, rows(shop, schema.coupon)[-1].code)
    pay_order(shop, at)
    refund_order(shop, at, Money(300), "送晚了")
    assert not given_back(giving.money(at))
    bag = bag_of(shop, at)
    assert bag is not None
    assert [line.outstanding for line in bag.lines] == [2]
    hand_over(shop, at)


def test_of_an_erased_file_no_coupon_is_ever_free_again(giving: Giving) -> None:
    shop, at = giving.shop, giving.order(1)
    code = giving.coupon()[1][0]
    commands.use_coupon(shop, at, code)
    change(shop, schema.member, giving.li, erased_at=NOW)
    commands.take_coupon_off(shop, at)
    (coupon,) = rows(shop, schema.coupon, code=code)
    assert (coupon.order_id, coupon.void_at) == (None, NOW)
    assert queries.liability(shop).coupons == 0
    assert giving.money(at).due == Money(4000)


def test_today_names_coupons_that_run_out_and_goods_that_wait(
    giving: Giving, clock: FixedClock
) -> None:
    shop = giving.shop
    code = giving.coupon(2)[1][0]
    commands.redeem(shop, giving.li, giving.for_eggs)
    assert (queries.due(shop).coupons, queries.due(shop).goods) == (0, 1)
    clock.forward(days=90 - shop.settings.coupon_notice_days - 1)
    assert queries.due(shop).coupons == 0
    clock.forward(days=1)
    due = queries.due(shop)
    assert (due.coupons, due.value, due.goods) == (2, Money(2000), 1)
    assert {(one.member_id, one.name) for one in due.expiring} == {(giving.li, "小李")}
    commands.use_coupon(shop, giving.order(1), code)
    assert queries.due(shop).coupons == 1
    clock.forward(days=8)
    assert queries.due(shop).coupons == 0, "what ran out is over"


def test_what_is_promised_in_yuan_follows_what_is_held(giving: Giving) -> None:
    """650 points by the dearest reward, eggs: 44.20; coupons in full; goods at the shelf."""
    found = queries.liability(giving.shop)
    assert (found.points, found.point_value) == (650, Money(4420))
    assert found.by is not None
    assert found.by.terms.kind is Kind.PRODUCT
    commands.redeem(giving.shop, giving.li, giving.for_eggs, 2)
    giving.coupon()
    found = queries.liability(giving.shop)
    assert (found.points, found.point_value) == (250, Money(1700))
    assert (found.coupons, found.coupon_value, found.goods) == (1, Money(1000), Money(1360))
    assert found.value == Money(1700 + 1000 + 1360)
    commands.end_reward(giving.shop, giving.for_eggs, 1)
    assert queries.liability(giving.shop).point_value == Money(1250), "200 points are 10 yuan"
    commands.end_reward(giving.shop, giving.for_coupon, 1)
    assert queries.liability(giving.shop).point_value == Money(0)


def test_a_used_or_expired_coupon_is_promised_no_more(giving: Giving, clock: FixedClock) -> None:
    codes = giving.coupon(2)[1]
    commands.use_coupon(giving.shop, giving.order(1), codes[0])
    assert queries.liability(giving.shop).coupons == 1
    clock.forward(days=91)
    found = queries.liability(giving.shop)
    assert (found.coupons, found.coupon_value) == (0, Money(0))
