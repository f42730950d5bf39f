"""Limits per household on the pages where orders come in: marked, decided, never silent (E4)."""

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.shop.shop import Shop
from lib.trade.orders import queries
from tests.pages.conftest import Open, text_of
from tests.pages.test_chain_page import orders, paste
from tests.pages.test_sheet_page import upload
from tests.trade.orders.cast import open_friday
from tests.trade.orders.sheet_cast import open_round

CHAIN = """#接龙
周五团：鸡蛋4.8/斤

1. 3-201 小李 鸡蛋2斤
2. 3-201 李太太 鸡蛋1斤 豆腐1盒
3. 5-303 小雅 鸡蛋5斤
"""


def press(at: AppTest, key: str) -> None:
    next(one for one in at.button if one.key and one.key.startswith(key)).click()
    at.run()
    assert not at.exception, at.exception


def keys(at: AppTest) -> list[str]:
    return [one.key for one in at.button if (one.key or "").startswith("beyond-")]


def test_staff_decide_each_entry_before_anything_is_booked(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    open_friday(shop, household_limit=1000)
    at = paste(screen(staff_shop, "chain", "zh_CN"), CHAIN)
    shown = text_of(at)
    assert "超出限购，请先决定（2）" in shown
    assert "土鸡蛋：要 1斤，能订 0。" in shown
    assert "每户限 2斤，这一户已经订了 2斤（小李 2斤）。" in shown
    assert "土鸡蛋：要 5斤，能订 2斤。" in shown
    assert {one.label: one.value for one in at.metric}["还没定的"] == "2"
    assert "beyond-go-1" not in keys(at)
    press(at, "chain:book")
    assert "有 2 单超出限购，请先逐个决定。" in text_of(at)
    assert orders(shop) == {}
    assert at.text_area[0].value == CHAIN
    press(at, "beyond-keep-1")
    press(at, "beyond-leave-2")
    assert keys(at) == []
    press(at, "chain:book")
    assert orders(shop) == {"小李": ["土鸡蛋 2斤"], "李太太": ["老豆腐 1盒"]}
    assert len(queries.orders(shop, to_check=True)) == 1


def test_all_are_kept_to_the_limit_with_one_button(
    screen: Open, staff_shop: Shop, shop: Shop
) -> None:
    open_friday(shop, household_limit=1000)
    at = paste(screen(staff_shop, "chain"), CHAIN)
    press(at, "beyond-all")
    press(at, "chain:book")
    assert orders(shop)["小雅"] == ["土鸡蛋 2斤"]


def test_the_owner_lets_one_go_beyond_with_a_reason(screen: Open, shop: Shop) -> None:
    open_friday(shop, household_limit=1000)
    at = paste(screen(shop, "chain"), CHAIN)
    press(at, "beyond-go-2")
    assert "Say why this order may go beyond" in text_of(at)
    at.text_input(key="beyond-why-2").set_value("家里办酒席").run()
    press(at, "beyond-go-2")
    press(at, "beyond-keep-1")
    press(at, "chain:book")
    assert orders(shop)["小雅"] == ["土鸡蛋 5斤"]
    (marked,) = queries.orders(shop, text="小雅")
    assert marked.check_reason == "more than the household limit"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_file_beyond_a_limit_is_decided_too(screen: Open, shop: Shop, language: str) -> None:
    round_id = open_round(shop)
    with shop.store.write() as connection:
        connection.execute(update(schema.round_offer).values(household_limit=1))
    at = upload(screen(shop, "sheet", language), "weidian_orders.xlsx")
    assert {"zh_CN": "超出限购，请先决定", "en": "Beyond a limit"}[language] in text_of(at)
    press(at, "sheet:book")
    assert queries.orders(shop, round_id=round_id) == []
    press(at, "beyond-all")
    assert keys(at) == []
    press(at, "sheet:book")
    booked = queries.orders(shop, round_id=round_id)
    grams = {line.unit.grams for one in booked for line in one.standing}
    assert all(
        line.quantity == 1 for one in booked for line in one.standing if line.unit.grams is None
    ), grams
    assert [one for one in booked if one.check_reason]
