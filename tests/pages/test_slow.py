"""Slow movers: the list, one clearance from warning to result, a period of past figures."""

from datetime import date, timedelta
from typing import Any

from streamlit.testing.v1 import AppTest

from lib.kernel.clock import FixedClock
from lib.shop import posts
from lib.shop.shop import Shop
from lib.supply.clearance.offers import Kind
from lib.supply.clearance.running import queries as clearances
from lib.trade.rounds.queries import offers
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.service.cast import add_member, add_order, add_round
from tests.supply.cast import add_product
from tests.supply.clearance.test_queries import move, past, slow


def widget(at: AppTest, kind: str, name: str) -> Any:
    return next(one for one in at.get(kind) if f":{name}" in (one.key or ""))


def press(at: AppTest, name: str) -> None:
    widget(at, "button", name).click()
    at.run()
    assert not at.exception, at.exception


def look_at(at: AppTest, view: str) -> None:
    next(one for one in at.get("button_group") if one.key == "slow-view").set_value(view)
    at.run()
    assert not at.exception, at.exception


def table(at: AppTest, column: str) -> Any:
    return next(one.value for one in at.dataframe if column in one.value.columns)


def test_the_owner_sees_what_is_slow_with_money_and_rule(screen: Open, shop: Shop) -> None:
    slow(shop, "葡萄", category="水果")
    slow(shop, "梨", days=2)
    at = screen(shop, "slow", "zh_CN")
    figures = {one.label: one.value for one in at.metric}
    assert (figures["滞销预警"], figures["提前提醒"]) == ("1", "1")
    assert figures["可能损失的钱"] == "¥1,128.00"
    assert "正好 50% 不算" in text_of(at)
    rows = table(at, "滞销天数")
    assert rows["商品"].tolist() == ["葡萄", "梨"]
    assert list(rows["每天"][0]) == [2, 2, 2]
    assert table(at, "按什么算")["分类"].tolist() == ["水果"]


def test_staff_see_no_cost(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    slow(shop)
    at = screen(staff_shop, "slow")
    assert "At risk" not in table(at, "Slow days").columns
    labels = {one.label for one in at.metric}
    assert not labels & {"Money at risk", "Loss without it", "Loss with it", "Loss avoided"}
    assert "below what the goods cost" in text_of(at)
    assert "12.00" not in text_of(at)


def test_nothing_slow_is_said(screen: Open, shop: Shop) -> None:
    at = screen(shop, "slow")
    assert "Nothing is slow" in text_of(at)


def test_a_clearance_from_the_warning_to_the_result(
    screen: Open, shop: Shop, clock: FixedClock
) -> None:
    product = slow(shop)
    round_id = add_round(shop, cut_off=NOW + timedelta(hours=5))
    add_order(shop, add_member(shop, "阿芳"), 1, (add_product(shop, "酸奶", "杯", 500), 1))
    at = screen(shop, "slow")
    widget(at, "button_group", "kind").set_value(Kind.DISCOUNT)
    at.run()
    widget(at, "text_input", "price-discount").set_value("9.9")
    at.run()
    figures = {one.label: one.value for one in at.metric}
    assert figures["Loss without it"] == "¥1,056.00"
    assert "¥2.10 below cost" in text_of(at)
    assert "现价9.90元/盒" in at.code[0].value
    press(at, "start")
    [one] = clearances.clearances(shop)
    assert (one.kind, one.price.fen, one.reason, one.on_hand) == (
        Kind.DISCOUNT, 990, "near_date", 94,
    )  # fmt: skip
    look_at(at, "clearances")
    next(each for each in at.button if each.key.startswith("posted-clearance-")).click().run()
    assert posts.posts(shop, "clearance")[0].text == one.text
    press(at, "offer")
    assert [(each.product_id, each.price.fen) for each in offers(shop, round_id)] == [
        (product, 990)
    ]
    move(shop, product, 0, -30)
    press(at, "end")
    done = table(at, "Loss avoided")
    assert done["Sold"].tolist() == ["30盒"]
    assert done["Takings"].tolist() == [297.0]


def test_a_refused_price_keeps_what_was_typed(screen: Open, shop: Shop) -> None:
    slow(shop)
    at = screen(shop, "slow")
    widget(at, "text_input", "price-").set_value("九块九")
    at.run()
    assert "not a price" in at.error[0].value
    assert widget(at, "text_input", "price-").value == "九块九"
    assert clearances.clearances(shop) == ()


def test_a_bundle_takes_the_partner_orders_hold_together(screen: Open, shop: Shop) -> None:
    product = slow(shop)
    yoghurt = add_product(shop, "酸奶", "杯", 500)
    add_order(shop, add_member(shop, "阿芳"), 1, (product, 1), (yoghurt, 1))
    at = screen(shop, "slow")
    widget(at, "button_group", "kind").set_value(Kind.BUNDLE)
    at.run()
    assert "酸奶 (in 1 orders together)" in widget(at, "selectbox", "partner").options[0]
    assert "1盒搭1杯酸奶" in at.code[0].value
    press(at, "start")
    assert clearances.clearances(shop)[0].partner == "酸奶"


def test_a_period_lists_every_run_of_past_figures(screen: Open, shop: Shop) -> None:
    product = add_product(shop, "生菜", "公斤", category="叶菜")
    past(shop, product, date(2023, 6, 1), *[(1000, 400)] * 4, (1000, 900), *[(1000, 100)] * 3)
    at = screen(shop, "slow")
    look_at(at, "period")
    rows = table(at, "First day")
    assert rows["First day"].tolist() == ["2023-06-01", "2023-06-06"]
    assert rows["Slow days"].tolist() == [4, 3]
    assert rows["Sold / prepared of each day"][1] == "0.1公斤/1公斤 · 0.1公斤/1公斤 · 0.1公斤/1公斤"
    figures = {one.label: one.value for one in at.metric}
    assert (figures["Runs"], figures["Slow days in runs"]) == ("2", "7")
