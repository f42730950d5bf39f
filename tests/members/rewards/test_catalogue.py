"""What points give is a promise: changed by a new version, for the future only (R37)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, Refused
from lib.kernel.money import Money
from lib.members.rewards import commands, queries
from lib.members.rewards.rules import Kind, Terms
from lib.shop.shop import Shop
from lib.trade.products.commands import change_product
from lib.trade.products.rules import Details
from tests.conftest import NOW
from tests.members.rewards.cast import COUPON, EGGS, Giving, rows


def offered(shop: Shop) -> dict[Kind, int]:
    return {one.terms.kind: one.terms.points for one in queries.rewards_now(shop)}


def test_a_change_holds_at_once_and_the_old_terms_stay_readable(giving: Giving) -> None:
    shop = giving.shop
    dearer = replace(COUPON, points=250)
    new = commands.change_reward(shop, giving.for_coupon, 1, dearer)
    assert offered(shop) == {Kind.PRODUCT: 100, Kind.COUPON: 250}
    before, after = (
        next(one for one in queries.all_rewards(shop) if one.id == number)
        for number in (giving.for_coupon, new)
    )
    assert before.series == after.series
    assert (before.terms.points, before.until_at, after.from_at) == (200, NOW, NOW)


def test_a_change_from_a_day_on_begins_then_and_can_be_taken_back(
    giving: Giving, clock: FixedClock
) -> None:
    shop, later = giving.shop, NOW + timedelta(days=3)
    new = commands.change_reward(shop, giving.for_coupon, 1, replace(COUPON, points=250), later)
    assert offered(shop)[Kind.COUPON] == 200
    with pytest.raises(Refused, match="planned already"):
        commands.change_reward(shop, giving.for_coupon, 2, COUPON)
    with pytest.raises(Refused, match="not begun"):
        commands.change_reward(shop, new, 1, COUPON)
    commands.end_reward(shop, new, 1)
    clock.forward(days=4)
    assert offered(shop)[Kind.COUPON] == 200, "what stood goes on"
    commands.change_reward(shop, giving.for_coupon, 3, replace(COUPON, points=300))
    assert offered(shop)[Kind.COUPON] == 300


def test_the_planned_change_is_in_force_from_its_moment(giving: Giving, clock: FixedClock) -> None:
    shop, later = giving.shop, NOW + timedelta(days=3)
    commands.change_reward(shop, giving.for_coupon, 1, replace(COUPON, points=250), later)
    clock.forward(days=3, seconds=-1)
    assert offered(shop)[Kind.COUPON] == 200
    clock.forward(seconds=1)
    assert offered(shop)[Kind.COUPON] == 250


def test_the_past_is_not_changed(giving: Giving) -> None:
    with pytest.raises(Refused, match="for the future only"):
        commands.change_reward(
            giving.shop, giving.for_coupon, 1, COUPON, NOW - timedelta(seconds=1)
        )
    with pytest.raises(Conflict):
        commands.change_reward(giving.shop, giving.for_coupon, 7, COUPON)


def test_coupons_that_were_given_keep_their_terms(giving: Giving) -> None:
    shop = giving.shop
    code = giving.coupon()[1][0]
    poorer = replace(COUPON, value=Money(500), threshold=Money(9900), valid_days=3)
    commands.change_reward(shop, giving.for_coupon, 1, poorer)
    assert commands.use_coupon(shop, giving.order(1), code) == Money(1000)
    (row,) = rows(shop, schema.coupon)
    assert (row.threshold_fen, (row.valid_until - shop.today).days) == (3000, 90)


def test_ended_it_is_offered_no_more_and_ends_once(giving: Giving) -> None:
    commands.end_reward(giving.shop, giving.for_eggs, 1)
    assert offered(giving.shop) == {Kind.COUPON: 200}
    with pytest.raises(Refused, match="has ended"):
        commands.end_reward(giving.shop, giving.for_eggs, 2)


def test_without_a_threshold_a_coupon_is_not_offered(giving: Giving) -> None:
    before = len(rows(giving.shop, schema.reward))
    with pytest.raises(Refused, match="Without that it cannot be offered"):
        commands.add_reward(giving.shop, replace(COUPON, threshold=None))
    assert len(rows(giving.shop, schema.reward)) == before
    any_order = commands.add_reward(giving.shop, replace(COUPON, threshold=Money(0)))
    assert rows(giving.shop, schema.reward, id=any_order)[0].threshold_fen == 0


def test_goods_need_a_product_of_the_shop(giving: Giving) -> None:
    for product_id in (None, 99):
        terms = Terms(Kind.PRODUCT, 100, product_id=product_id, quantity=500)
        with pytest.raises(Refused, match="Choose the product"):
            commands.add_reward(giving.shop, terms)
    named = commands.add_reward(giving.shop, replace(giving.terms(EGGS), name=" "))
    assert rows(giving.shop, schema.reward, id=named)[0].name == "土鸡蛋 1斤"


def test_a_product_promised_for_points_keeps_its_measure(giving: Giving) -> None:
    """500 g of eggs must not become 500 boxes; another weight says the same grams."""
    eggs, price = giving.eggs, Money(680)
    with pytest.raises(Refused, match="would mean something else"):
        change_product(giving.shop, eggs, 1, Details("土鸡蛋", "份", price))
    change_product(giving.shop, eggs, 1, Details("土鸡蛋", "公斤", price))
    (reward,) = [one for one in queries.rewards_now(giving.shop) if one.goods]
    assert reward.worth == Money(340), "half a kilogram"
