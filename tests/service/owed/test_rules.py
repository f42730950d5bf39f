"""Decisions on owed goods: which order they join, how late they are, what may be given."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.quantity import Unit
from lib.members.profiles.rules import Home
from lib.service.owed import rules
from lib.service.owed.rules import Age, Coming, Owed, Source, next_order
from lib.service.owed.texts import ready_values
from lib.shop.settings import Settings
from tests.conftest import NOW

TODAY = date(2026, 9, 25)
DAY = timedelta(days=1)


def owed(**values: object) -> Owed:
    """Three boxes of eggs, owed since today."""
    plain = {
        "id": 1, "member_id": 1, "name": "小李", "home": Home("", "3", None, "201"),
        "phone_tail": "0831", "initials": "xl", "case_id": 1, "product_id": 1,
        "product": "土鸡蛋", "category": "蛋", "fresh": True, "fragile": True, "unit": Unit("盒"),
        "quantity": 3, "given": 0, "picked": 0, "due_at": NOW + 7 * DAY, "pick_day": TODAY,
        "order_id": None, "slot": None, "round_id": None, "source": Source.CASE, "note": "",
        "version": 1,
    }  # fmt: skip
    return Owed(**{**plain, **values})  # type: ignore[arg-type]


def coming(order_id: int, days: int) -> Coming:
    return Coming(order_id, TODAY + days * DAY, "evening", None)


def test_they_join_the_earliest_order_ahead() -> None:
    orders = [coming(7, 2), coming(5, 0), coming(4, 0), coming(3, -1)]
    assert next_order(orders, TODAY) == coming(4, 0)
    assert next_order([coming(7, 2), coming(3, -1)], TODAY) == coming(7, 2)


def test_else_the_latest_that_waits_uncollected() -> None:
    assert next_order([coming(3, -3), coming(6, -1), coming(5, -1)], TODAY) == coming(5, -1)
    assert next_order([], TODAY) is None


@pytest.mark.parametrize(
    ("left", "age"),
    [
        (2 * DAY, Age.IN_ORDER),
        (DAY + timedelta(seconds=1), Age.IN_ORDER),
        (DAY, Age.SOON),
        (timedelta(0), Age.SOON),
        (-timedelta(seconds=1), Age.LATE),
    ],
)
def test_how_they_stand_with_their_promise(left: timedelta, age: Age) -> None:
    assert owed(due_at=NOW + left).age(NOW, Settings()) is age


def test_the_promise_is_a_setting() -> None:
    assert rules.due_at(NOW, Settings()) == NOW + 7 * DAY
    assert rules.due_at(NOW, replace(Settings(), owed_days=3)) == NOW + 3 * DAY
    assert owed(due_at=NOW + 2 * DAY).age(NOW, replace(Settings(), owed_warning_days=2)) is Age.SOON


@given(st.integers(1, 50), st.integers(0, 60), st.integers(0, 50))
def test_never_less_than_nothing_is_open_or_to_pick(
    quantity: int, given_: int, picked: int
) -> None:
    one = owed(quantity=quantity, given=given_, picked=min(picked, quantity))
    assert 0 <= one.to_pick <= one.open <= quantity


@pytest.mark.parametrize("quantity", [0, -1, 4])
def test_no_more_is_given_than_is_owed_and_not_nothing(quantity: int) -> None:
    with pytest.raises(Refused):
        rules.checked_give("土鸡蛋", Unit("盒"), 3, quantity)
    with pytest.raises(Refused, match="Nothing of these owed goods"):
        rules.checked_give("土鸡蛋", Unit("盒"), 0, 1)
    rules.checked_give("土鸡蛋", Unit("盒"), 3, 3)


def test_a_day_is_planned_from_today_to_two_months_ahead() -> None:
    for day in (None, TODAY, TODAY + 60 * DAY):
        assert rules.checked_day(day, TODAY) == day
    for day in (TODAY - DAY, TODAY + 61 * DAY):
        with pytest.raises(Refused):
            rules.checked_day(day, TODAY)


def test_what_is_not_owed_any_more_needs_a_reason() -> None:
    assert rules.checked_reason("  已退款 ") == "已退款"
    with pytest.raises(Refused):
        rules.checked_reason(" ")


def test_the_text_names_goods_and_place() -> None:
    settings = replace(Settings(), pickup_point="3号门")
    values = ready_values("小李", [owed(given=1), owed(product="挂面", quantity=1)], settings)
    assert values == {"who": "@小李 ", "goods": "土鸡蛋 2盒、挂面 1盒", "place": "3号门"}
    assert ready_values("", [owed()], settings)["who"] == ""
