"""Points and rewards on screen: redeeming, undo, coupons where money is taken, the catalogue."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.members.points.commands import adjust_points, begin_points
from lib.members.rewards import commands, queries
from lib.members.rewards.rules import Kind
from lib.shop.shop import Shop
from lib.ui.member_rewards import qr
from tests.members.rewards.cast import Giving, rows, set_up
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_member, add_product


@pytest.fixture
def giving(shop: Shop) -> Giving:
    """小李 with 650 points, eggs and a coupon to be had for them."""
    return set_up(shop)


def at_counter(screen: Open, shop: Shop, member: int, language: str = "en") -> AppTest:
    at = screen(shop, "rewards", language)
    at.query_params["member"] = str(member)
    at.run()
    assert not at.exception
    return at


def press(at: AppTest, prefix: str) -> AppTest:
    button = next(one for one in at.button if one.key and one.key.startswith(prefix))
    button.click().run()
    assert not at.exception, at.exception
    return at


def write(at: AppTest, prefix: str, value: str) -> None:
    next(one for one in at.text_input if one.key and one.key.startswith(prefix)).set_value(value)


def group(at: AppTest, prefix: str) -> ButtonGroup[Any]:
    return next(one for one in at.button_group if (one.key or "").startswith(prefix))


def see_catalogue(at: AppTest) -> None:
    group(at, "rewards-view").set_value("catalogue").run()
    assert not at.exception, at.exception


def test_a_resident_is_found_and_eggs_are_given_with_one_touch(
    screen: Open, giving: Giving, staff_shop: Shop
) -> None:
    at = screen(staff_shop, "rewards")
    assert "Nothing was redeemed today." in text_of(at)
    at.text_input(key="who").set_value("小李").run()
    at.button(key=f"rewards-open-{giving.li}").click().run()
    shown = text_of(at)
    assert "650" in shown
    assert "550 points stay with the resident." in shown
    press(at, f"redeem-{giving.li}:save")
    assert giving.points() == 550
    (owed,) = rows(giving.shop, schema.owed_goods)
    assert (owed.source, owed.settled_at) == ("points", None)
    assert "to be handed over: 1斤" in "".join(one.label for one in at.get("badge")) + text_of(at)


def test_several_at_once_handed_over_now(screen: Open, giving: Giving) -> None:
    at = at_counter(screen, giving.shop, giving.li)
    at.number_input[0].set_value(6).run()
    assert "50 points stay with the resident." in text_of(at)
    at.checkbox[0].check().run()
    press(at, f"redeem-{giving.li}:save")
    assert giving.points() == 50
    assert rows(giving.shop, schema.batch, id=giving.batch)[0].on_hand == 7_000
    assert "50 points are missing" in text_of(at)


def test_in_chinese_a_coupon_shows_its_code_its_picture_and_the_text(
    screen: Open, giving: Giving, staff_shop: Shop
) -> None:
    at = at_counter(screen, staff_shop, giving.li, "zh_CN")
    at.radio[0].set_value(giving.for_coupon).run()
    press(at, f"redeem-{giving.li}:save")
    (coupon,) = queries.coupons_of(giving.shop, giving.li)
    shown = text_of(at)
    assert coupon.said_code in shown
    assert "10元券" in shown
    (text,) = [one.value for one in at.code]
    assert "@小李 您的邻里积分券" in text
    assert coupon.said_code in text
    assert "满 30 元可用" in text
    assert qr(coupon.code).startswith(b"\x89PNG")


def test_a_redemption_is_taken_back_where_it_stands(screen: Open, giving: Giving) -> None:
    redemption = commands.redeem(giving.shop, giving.li, giving.for_eggs, at_once=True)
    at = screen(giving.shop, "rewards")
    assert "小李" in text_of(at)
    write(at, f"unredeem-{redemption}:reason", "退回")
    press(at, f"unredeem-{redemption}:save")
    assert "handed over" in text_of(at)
    assert giving.points() == 550
    field = next(one for one in at.text_input if (one.key or "").startswith("unredeem-"))
    assert field.value == "退回", "a refusal keeps what was typed"
    at.checkbox[0].check()
    press(at, f"unredeem-{redemption}:save")
    assert giving.points() == 650
    assert "Nothing was redeemed today." in text_of(at)


def test_a_coupon_is_typed_at_the_desk_and_the_rest_is_paid(
    screen: Open, giving: Giving, staff_shop: Shop
) -> None:
    code = giving.coupon()[1][0]
    order = giving.order(7)
    at = screen(staff_shop, "pickup")
    at.query_params["order"] = str(order)
    at.run()
    assert "¥40.00" in text_of(at)
    write(at, f"coupon-code-{order}:code", "XXXX 3333")
    press(at, f"coupon-code-{order}:save")
    assert "No coupon has this code" in text_of(at)
    write(at, f"coupon-code-{order}:code", f" {code[:4].lower()}-{code[4:]} ")
    at.run()
    assert "It takes ¥10.00 off." in text_of(at)
    press(at, f"coupon-code-{order}:save")
    assert giving.money(order).due == Money(3000)
    assert "¥30.00" in text_of(at)
    press(at, f"hand_over_{order}:transfer")
    assert giving.money(order).net == Money(3000)
    assert giving.money(order).due == Money(0)


def test_one_touch_uses_the_residents_own_coupon_and_it_comes_off_again(
    screen: Open, giving: Giving
) -> None:
    """On the order's own page; what would be lost is said before."""
    giving.coupon()
    order = giving.order(7, pickup_slot=None)
    at = screen(giving.shop, "orders")
    at.query_params["order"] = str(order)
    at.run()
    press(at, f"coupon-own-{order}-")
    assert giving.money(order).coupon == Money(1000)
    assert "Coupon of points" in text_of(at)
    assert "¥-10.00" in text_of(at) or "-¥10.00" in text_of(at)
    press(at, f"coupon-off-{order}:save")
    assert giving.money(order).due == Money(4000)


def test_what_keeps_a_coupon_from_an_order_is_said_before_it_is_used(
    screen: Open, giving: Giving
) -> None:
    """Below the threshold its button cannot be pressed; of a used one no discount is promised."""
    used, _free = giving.coupon(2)[1]
    commands.use_coupon(giving.shop, giving.order(1), used)
    small = giving.order(7, bags=1, pickup_slot=None)
    at = screen(giving.shop, "orders")
    at.query_params["order"] = str(small)
    at.run()
    (own,) = (one for one in at.button if (one.key or "").startswith(f"coupon-own-{small}-"))
    assert own.disabled
    assert "This coupon holds from" in text_of(at)
    write(at, f"coupon-code-{small}:code", used)
    at.run()
    assert "This coupon was used before" in text_of(at)
    assert "It takes" not in text_of(at)


def test_a_walk_in_paid_with_a_coupon_opens_its_order(screen: Open, giving: Giving) -> None:
    at = screen(giving.shop, "counter")
    at.text_input[0].set_value("3-201 小李 大米2袋").run()
    group(at, "walk_in:paid").set_value("coupon").run()
    press(at, "walk_in:book")
    (order,) = rows(giving.shop, schema.customer_order)
    assert giving.money(order.id).due == Money(4000)
    assert any((one.key or "").startswith(f"coupon-code-{order.id}") for one in at.text_input)


def test_the_owner_offers_what_the_settings_propose(screen: Open, shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "斤", 680)
    begin_points(shop, 1, 100)
    adjust_points(shop, add_member(shop, "小李"), 1000, "纸质积分卡")
    at = screen(shop, "rewards")
    see_catalogue(at)
    assert "Points count nothing while nothing is offered for them." in text_of(at)
    at.selectbox[0].set_value(eggs).run()
    assert "100 points give ¥6.80: a hundred points are worth ¥6.80." in text_of(at)
    press(at, "reward_add:save")
    (reward,) = queries.rewards_now(shop)
    assert (reward.terms.points, reward.terms.quantity, reward.name) == (100, 500, "土鸡蛋 1斤")
    assert "¥68.00" in text_of(at)


def test_a_coupon_without_its_threshold_is_not_offered_and_the_form_asks(
    screen: Open, shop: Shop
) -> None:
    at = screen(shop, "rewards")
    see_catalogue(at)
    group(at, "reward_add:kind").set_value(Kind.COUPON).run()
    press(at, "reward_add:save")
    assert "Say from what order on the coupon holds." in text_of(at)
    assert queries.rewards_now(shop) == ()
    field = next(one for one in at.number_input if "threshold" in (one.key or ""))
    field.set_value(30.0)
    press(at, "reward_add:save")
    (reward,) = queries.rewards_now(shop)
    assert (reward.terms.points, reward.terms.value) == (200, Money(1000))
    assert (reward.terms.threshold, reward.terms.valid_days) == (Money(3000), 90)


def test_terms_change_for_the_future_and_what_was_promised_stays(
    screen: Open, giving: Giving, clock: FixedClock
) -> None:
    at = screen(giving.shop, "rewards")
    see_catalogue(at)
    field = next(
        one for one in at.number_input
        if (one.key or "").startswith(f"reward-{giving.for_coupon}:points")
    )  # fmt: skip
    field.set_value(250)
    press(at, f"reward-{giving.for_coupon}:save")
    now = {one.terms.kind: one for one in queries.rewards_now(giving.shop)}
    assert now[Kind.COUPON].terms.points == 250
    assert "What was promised before (1)" in [one.label for one in at.expander]
    press(at, f"reward-end-{giving.for_eggs}:save")
    clock.forward(seconds=1)
    assert [one.terms.kind for one in queries.rewards_now(giving.shop)] == [Kind.COUPON]


def test_staff_see_no_catalogue_and_no_sum(screen: Open, giving: Giving, staff_shop: Shop) -> None:
    at = screen(staff_shop, "rewards")
    assert not [one for one in at.button_group if one.key == "rewards-view"]
    assert "Promised for points" not in text_of(at)


def test_the_liability_stands_beside_the_margin(screen: Open, giving: Giving) -> None:
    order = giving.order(1)
    assert order
    at = screen(giving.shop, "profit")
    assert "Promised for points: ¥44.20" in text_of(at)
    assert "650 points = ¥44.20" in text_of(at)


def test_goods_of_points_wait_at_the_desk_and_are_given_up_only_with_the_redemption(
    screen: Open, giving: Giving, staff_shop: Shop
) -> None:
    commands.redeem(giving.shop, giving.li, giving.for_eggs)
    at = screen(staff_shop, "pickup")
    at.query_params["owed"] = str(giving.li)
    at.run()
    assert not at.exception
    shown = text_of(at)
    assert "for points, no charge" in shown
    assert "take the redemption back" in shown
    assert not [one for one in at.button if (one.key or "").startswith("owed-cancel-")]
    press(at, f"owed-give-{giving.li}:all")
    assert rows(giving.shop, schema.batch, id=giving.batch)[0].on_hand == 9_500
