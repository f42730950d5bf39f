"""Welfare items on their page: plan with the reckoning beside, offer, post, look back (R19)."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.kernel.money import Money
from lib.shop import posts
from lib.shop.shop import Shop
from lib.trade.rounds import queries as rounds
from lib.trust.welfare import commands, queries
from lib.trust.welfare.rules import Reason, State
from tests.pages.conftest import Open, text_of
from tests.trust.welfare.cast import JIN, add_eggs, details, offered, order


def widget(at: AppTest, kind: str, name: str) -> Any:
    return next(one for one in at.get(kind) if name in (one.key or ""))


def press(at: AppTest, name: str) -> None:
    widget(at, "button", name).click()
    at.run()
    assert not at.exception, at.exception


def fill(at: AppTest, eggs: int, price: str, household: float = 2, available: float = 60) -> None:
    widget(at, "selectbox", "welfare_plan:product").set_value(eggs).run()
    widget(at, "text_input", f"welfare_plan:price-{eggs}").set_value(price)
    widget(at, "number_input", f"welfare_plan:household-{eggs}").set_value(household)
    widget(at, "number_input", f"welfare_plan:available-{eggs}").set_value(available).run()
    assert not at.exception, at.exception


def figures(at: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in at.metric}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_an_empty_month_says_what_to_do(screen: Open, shop: Shop, language: str) -> None:
    add_eggs(shop)
    shown = text_of(screen(shop, "welfare", language))
    words = {
        "zh_CN": ("本月还没有福利品", "本月还没上福利品，日子不多了", "还没有计划过"),
        "en": (
            "No welfare item this month yet",
            "the month is nearly over",
            "begins with the first",
        ),
    }
    assert [word for word in words[language] if word not in shown] == []


def test_the_reckoning_follows_what_is_typed_and_the_item_is_planned(
    screen: Open, shop: Shop
) -> None:
    eggs = add_eggs(shop, packaging="0.20")
    at = screen(shop, "welfare", "zh_CN")
    fill(at, eggs, "4.80")
    shown = text_of(at)
    assert "一斤成本 **¥5.20**" in shown
    assert "进价 ¥5.00，卖 ¥4.80。" in shown
    assert "每斤贴 ¥0.40，比成本低 7.7%" in shown
    assert (figures(at)["最多让利"], figures(at)["之后预算还剩"]) == ("¥24.00", "¥176.00")
    widget(at, "radio", f"reason-{eggs}").set_value(Reason.OVERSTOCK)
    press(at, "welfare_plan:save")
    (found,) = queries.history(shop)
    assert (found.product, found.price, found.reason) == ("土鸡蛋", Money(480), Reason.OVERSTOCK)
    assert (found.household_limit, found.available) == (2 * JIN, 60 * JIN)
    assert "积压" in text_of(at)


def test_a_price_above_cost_is_refused_and_keeps_what_was_typed(screen: Open, shop: Shop) -> None:
    eggs = add_eggs(shop)
    at = screen(shop, "welfare")
    fill(at, eggs, "5.10")
    assert "¥0.10 above cost" in text_of(at)
    press(at, "welfare_plan:save")
    assert "that is no welfare item" in text_of(at)
    assert widget(at, "text_input", f"welfare_plan:price-{eggs}").value == "5.10"
    assert queries.history(shop) == ()
    fill(at, eggs, "5.00")
    assert "exactly at cost" in text_of(at)
    press(at, "welfare_plan:save")
    assert queries.history(shop)[0].reason is Reason.AT_COST


def test_far_below_cost_needs_a_tick(screen: Open, shop: Shop) -> None:
    eggs = add_eggs(shop)
    at = screen(shop, "welfare")
    fill(at, eggs, "4.00")
    press(at, "welfare_plan:save")
    assert "Tick that it is meant so" in text_of(at)
    widget(at, "checkbox", f"welfare_plan:far-{eggs}").check()
    press(at, "welfare_plan:save")
    assert queries.history(shop)[0].price == Money(400)


def test_offered_in_a_new_round_posted_and_counted(screen: Open, shop: Shop) -> None:
    eggs = add_eggs(shop)
    item = commands.plan_item(shop, details(eggs))
    at = screen(shop, "welfare", "zh_CN")
    press(at, f"welfare_offer_{item}:save")
    found = queries.item(shop, item)
    assert found.state is State.RUNNING
    assert found.round_id is not None
    assert len(rounds.offers(shop, found.round_id)) == 1
    assert any("💚" in block.value for block in at.code)
    press(at, f"posted-welfare-{item}")
    assert len(posts.posts(shop, "welfare", subjects=[f"welfare_item:{item}"])) == 1
    order(shop, found.round_id, eggs, 2)
    at.run()
    assert (figures(at)["本月让利"], figures(at)["今年已让利"]) == ("¥0.40", "¥0.40")
    assert figures(at)["已订"] == "2斤 / 60斤"
    assert len(at.get("vega_lite_chart")) == 1
    table = next(one.value for one in at.dataframe if "计划日期" in one.value.columns)
    assert table["让利"].tolist() == [0.40]


def test_limits_are_changed_where_the_item_is(screen: Open, shop: Shop) -> None:
    eggs = add_eggs(shop)
    item, round_id = offered(shop, eggs)
    at = screen(shop, "welfare")
    widget(at, "number_input", f"welfare_limits_{item}:available").set_value(80.0)
    press(at, f"welfare_limits_{item}:save")
    assert rounds.offers(shop, round_id)[0].available == 80 * JIN
    press(at, f"welfare_back_{item}:save")
    assert "A round needs at least one product" in text_of(at)


def test_a_planned_item_is_changed_and_called_off(screen: Open, shop: Shop) -> None:
    eggs = add_eggs(shop)
    item = commands.plan_item(shop, details(eggs))
    at = screen(shop, "welfare")
    widget(at, "text_input", f"welfare_change_{item}:price-{eggs}").set_value("4.90")
    press(at, f"welfare_change_{item}:save")
    assert queries.item(shop, item).price == Money(490)
    press(at, f"welfare_cancel_{item}:save")
    assert queries.item(shop, item).state is State.CANCELLED


def test_the_rounds_page_names_it_and_tells_staff_no_cost(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    offered(shop, add_eggs(shop, packaging="0.37"), "5.00")
    at = screen(staff_shop, "rounds")
    shown = text_of(at) + str([one.value for one in at.dataframe])
    assert "Its price and limits are kept where welfare items are planned." in shown
    assert "5.37" not in shown
    assert "0.37" not in shown
