"""What a reward asks and gives, what a point is worth, what stays with the resident (R37)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.rewards import rules
from lib.members.rewards.rules import Goods, Kind, Reward, Terms
from lib.shop.language import translator
from lib.shop.settings import Settings

NOW = datetime(2026, 9, 25, tzinfo=UTC)
EGGS = Goods(1, "土鸡蛋", Unit("斤", 500), Money(680))
TRAY = Goods(2, "鸡蛋", Unit("板"), Money(2580))
FOR_EGGS = Terms(Kind.PRODUCT, 100, "蛋", 1, 500)
COUPON = Terms(Kind.COUPON, 200, "券", value=Money(1000), threshold=Money(3000), valid_days=90)


def reward(terms: Terms, number: int = 1, goods: Goods | None = None) -> Reward:
    return Reward(number, number, terms, NOW, None, 1, goods)


def test_the_settings_propose_500_grams_for_100_and_ten_yuan_for_200() -> None:
    eggs, coupon = (rules.proposed(kind, Settings(), EGGS) for kind in Kind)
    assert (eggs.points, eggs.quantity) == (100, 500)
    assert (coupon.points, coupon.value, coupon.valid_days) == (200, Money(1000), 90)
    assert coupon.threshold is None, "the owner says it at first use"
    assert rules.proposed(Kind.PRODUCT, Settings(), TRAY).quantity == 1


@pytest.mark.parametrize(
    ("points", "one", "times"),
    [
        (0, FOR_EGGS, 0), (99, FOR_EGGS, 0), (100, FOR_EGGS, 1), (199, FOR_EGGS, 1),
        (650, FOR_EGGS, 6), (650, COUPON, 3), (-40, FOR_EGGS, 0),
        (1_000_000, FOR_EGGS, rules.MOST_TIMES),
    ],
)  # fmt: skip
def test_how_often_points_suffice(points: int, one: Terms, times: int) -> None:
    assert rules.most_times(points, reward(one)) == times


@given(points=st.integers(-100, 10_000), asked=st.integers(1, 500))
@settings(max_examples=50)
def test_redeemed_as_often_as_possible_less_than_one_reward_remains(
    points: int, asked: int
) -> None:
    times = rules.most_times(points, reward(replace(COUPON, points=asked)))
    rest = points - times * asked
    assert rest <= points
    assert rest < asked or times == rules.MOST_TIMES
    assert times == 0 or rest >= 0


def test_what_a_point_is_worth_and_where_it_is_worth_most() -> None:
    eggs, coupon = reward(FOR_EGGS, 1, EGGS), reward(COUPON, 2)
    assert (eggs.worth, coupon.worth) == (Money(680), Money(1000))
    assert rules.worth_of(650, eggs) == Money(4420)
    assert rules.worth_of(650, coupon) == Money(3250)
    assert rules.worth_of(-5, coupon) == Money(0)
    assert rules.dearest([coupon, eggs]) is eggs
    assert rules.dearest([]) is None
    assert rules.dearest([reward(FOR_EGGS, 1, None)]) is None, "nobody knows what it is worth"


@pytest.mark.parametrize(
    ("terms", "goods", "sentence"),
    [
        (replace(FOR_EGGS, points=0), EGGS, "for how many points"),
        (replace(FOR_EGGS, points=1_000_001), EGGS, "for how many points"),
        (replace(FOR_EGGS, product_id=None), None, "Choose the product"),
        (replace(FOR_EGGS, quantity=0), EGGS, "how much of it"),
        (replace(FOR_EGGS, quantity=None), EGGS, "how much of it"),
        (replace(COUPON, value=None), None, "what the coupon is worth"),
        (replace(COUPON, value=Money(0)), None, "what the coupon is worth"),
        (replace(COUPON, value=Money(100_001)), None, "what the coupon is worth"),
        (replace(COUPON, threshold=None), None, "from what order on"),
        (replace(COUPON, threshold=Money(-1)), None, "cannot be negative"),
        (replace(COUPON, valid_days=None), None, "how many days"),
        (replace(COUPON, valid_days=0), None, "how many days"),
        (replace(COUPON, valid_days=1001), None, "how many days"),
    ],
)
def test_what_cannot_be_meant_is_refused(terms: Terms, goods: Goods | None, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        rules.checked(terms, goods, str)


def test_what_is_left_unnamed_is_called_by_what_it_gives() -> None:
    assert rules.checked(replace(FOR_EGGS, name=" "), EGGS, str).name == "土鸡蛋 1斤"
    assert rules.checked(replace(COUPON, name=""), None, str).name == "Coupon of ¥10"
    chinese = rules.checked(replace(COUPON, name=""), None, translator("zh_CN"))
    assert chinese.name == "10 元优惠券"
    kept = rules.checked(replace(COUPON, product_id=7, quantity=5), None, str)
    assert (kept.product_id, kept.quantity) == (None, None), "nothing of the other kind"


def test_a_coupon_runs_through_its_last_day() -> None:
    assert rules.last_day(date(2026, 9, 25), 90) == date(2026, 12, 24)


def test_in_force_is_half_open() -> None:
    one = replace(reward(COUPON), until_at=datetime(2026, 9, 26, tzinfo=UTC))
    assert one.in_force(NOW)
    assert not one.in_force(datetime(2026, 9, 24, 23, 59, 59, tzinfo=UTC))
    assert not one.in_force(datetime(2026, 9, 26, tzinfo=UTC))
