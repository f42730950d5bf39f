"""The chain page: paste, decide, confirm; repeat and change (E1)."""

import pytest
from sqlalchemy import text as sql
from streamlit.testing.v1 import AppTest

from lib.shop.shop import Shop
from lib.trade.orders import queries
from lib.trade.orders.commands import cancel_order
from tests.pages.conftest import Open, text_of
from tests.trade.orders.cast import open_friday

CHAIN = """#接龙
周五团：鸡蛋4.8/斤 白菜3.5/份 豆腐3元/盒

1. 3-201 小李 鸡蛋2斤 晚上拿
2. 5-303 小雅 白菜2份 香菜1把
3. 6-704 方老师 豆腐
"""


def paste(at: AppTest, chain: str) -> AppTest:
    at.text_area[0].set_value(chain).run()
    assert not at.exception
    return at


def button(at: AppTest, label: str) -> object:
    return next(one for one in at.button if one.label.startswith(label))


def orders(shop: Shop) -> dict[str, list[str]]:
    return {one.nickname: [line.said for line in one.standing] for one in queries.orders(shop)}


def decide(at: AppTest, choice: str, count: float | None = None) -> None:
    next(one for one in at.selectbox if one.key.startswith("phrase-")).select(choice).run()
    if count is not None:
        next(one for one in at.number_input if one.key.startswith("count-")).set_value(count).run()
    button(at, "Take").click().run()
    assert not at.exception


def test_without_a_round_it_says_what_to_do(screen: Open, shop: Shop) -> None:
    assert "There is no round yet" in text_of(screen(shop, "chain"))


def test_a_doubtful_phrase_keeps_the_chain_from_being_booked(screen: Open, shop: Shop) -> None:
    open_friday(shop)
    at = paste(screen(shop, "chain"), CHAIN)
    assert "香菜1把" in text_of(at)
    assert ":orange-background[" in text_of(at)
    button(at, "Book 3").click().run()
    assert "1 doubtful phrases are still open" in text_of(at)
    assert orders(shop) == {}
    assert at.text_area[0].value == CHAIN


def test_decided_by_clicking_and_booked_once(screen: Open, shop: Shop) -> None:
    open_friday(shop)
    at = paste(screen(shop, "chain"), CHAIN)
    decide(at, "老豆腐", 2.0)
    button(at, "Book 3").click().run()
    assert not at.exception
    assert orders(shop) == {
        "小李": ["土鸡蛋 2斤"],
        "小雅": ["小白菜 2份", "老豆腐 2盒"],
        "方老师": ["老豆腐 1盒"],
    }
    (assumed,) = queries.orders(shop, to_check=True, text="方老师")
    assert "No quantity" in (assumed.check_reason or "")


def test_a_phrase_can_be_a_note(screen: Open, shop: Shop) -> None:
    open_friday(shop)
    at = paste(screen(shop, "chain"), CHAIN)
    decide(at, "only a note")
    button(at, "Book 3").click().run()
    (order,) = queries.orders(shop, text="小雅")
    assert "香菜1把" in order.note


def test_a_whole_entry_can_be_left_out(screen: Open, shop: Shop) -> None:
    open_friday(shop)
    at = paste(screen(shop, "chain"), CHAIN)
    button(at, "Leave the whole entry out").click().run()
    button(at, "Book 2").click().run()
    assert set(orders(shop)) == {"小李", "方老师"}


def test_cells_of_the_table_can_be_corrected(screen: Open, shop: Shop) -> None:
    open_friday(shop)
    at = screen(shop, "chain")
    at.session_state["chain-table-0"] = {
        "edited_rows": {
            0: {"goods": "鸡蛋3斤 豆腐1盒", "note": "放门口"},
            1: {"goods": "白菜 2份"},
            2: {"take": False},
        },
        "added_rows": [],
        "deleted_rows": [],
    }
    at = paste(at, CHAIN)
    button(at, "Book 2").click().run()
    assert orders(shop) == {"小李": ["土鸡蛋 3斤", "老豆腐 1盒"], "小雅": ["小白菜 2份"]}


def test_the_same_chain_again_says_that_nothing_is_added(screen: Open, shop: Shop) -> None:
    open_friday(shop)
    at = paste(screen(shop, "chain"), CHAIN)
    decide(at, "nothing, leave it out")
    button(at, "Book 3").click().run()
    at = paste(screen(shop, "chain"), CHAIN + "\n")
    assert "nothing is added" in text_of(at)
    assert len(orders(shop)) == 3


def test_a_changed_chain_shows_exactly_what_changed(screen: Open, shop: Shop) -> None:
    open_friday(shop)
    at = paste(screen(shop, "chain"), CHAIN)
    decide(at, "nothing, leave it out")
    button(at, "Book 3").click().run()
    newer = CHAIN.replace("鸡蛋2斤", "鸡蛋5斤").replace(
        "3. 6-704 方老师 豆腐\n", "3. 王姐 白菜1份\n"
    )
    at = paste(screen(shop, "chain"), newer)
    shown = text_of(at)
    assert "鸡蛋2斤" in shown
    assert "鸡蛋5斤" in shown
    assert "土鸡蛋 2斤 → 5斤" in shown
    assert "方老师" in shown
    button(at, "Book 1 orders, change 1, cancel 1").click().run()
    assert not at.exception
    assert orders(shop) == {
        "小李": ["土鸡蛋 5斤"],
        "小雅": ["小白菜 2份"],
        "王姐": ["小白菜 1份"],
    }
    with shop.read() as connection:
        assert connection.execute(sql("SELECT count(*) FROM intake")).scalar() == 2


def test_entries_of_one_person_shift_swap_and_come_back(screen: Open, shop: Shop) -> None:
    """Keys count somebody's entries: removing, swapping and bringing back must not collide."""
    open_friday(shop)
    pastes = [
        "1. 小李 鸡蛋1斤\n2. 小李 白菜1份\n3. 王姐 豆腐1盒",
        "1. 小李 白菜1份\n2. 王姐 豆腐1盒",
        "1. 王姐 豆腐1盒\n2. 小李 白菜1份\n3. 小李 鸡蛋1斤",
        "1. 小李 鸡蛋1斤\n2. 小李 白菜1份",
    ]
    for entries in pastes:
        at = paste(screen(shop, "chain"), f"#接龙\n周五团\n\n{entries}")
        button(at, "Book").click().run()
        assert not at.exception
        wanted = sorted(line.split(" ", 2)[2] for line in entries.split("\n"))
        found = sorted(
            line.said.removeprefix("土").removeprefix("小").removeprefix("老").replace(" ", "")
            for one in queries.orders(shop)
            for line in one.standing
        )
        assert found == wanted
    assert len(queries.orders(shop, cancelled=True)) == 3


def test_an_order_cancelled_by_hand_is_not_brought_back_by_a_paste(
    screen: Open, shop: Shop
) -> None:
    open_friday(shop)
    chain = "#接龙\n周五团\n\n1. 小李 鸡蛋1斤"
    button(paste(screen(shop, "chain"), chain), "Book").click().run()
    (order,) = queries.orders(shop)
    cancel_order(shop, order.id, order.version, "不要了")
    at = paste(screen(shop, "chain"), f"{chain}\n2. 王姐 豆腐1盒")
    button(at, "Book 1 orders").click().run()
    assert set(orders(shop)) == {"王姐"}


@pytest.mark.parametrize("text", ["大家好", "#接龙\n\n没有人", "![x](http://evil/?d)"])
def test_text_that_is_no_chain_is_answered_kindly(screen: Open, shop: Shop, text: str) -> None:
    open_friday(shop)
    at = paste(screen(shop, "chain"), text)
    assert not at.exception
    assert orders(shop) == {}


def test_in_chinese(screen: Open, shop: Shop) -> None:
    open_friday(shop)
    at = paste(screen(shop, "chain", "zh_CN"), CHAIN)
    assert not at.exception


def test_a_phrase_without_a_quantity_is_asked_again(screen: Open, shop: Shop) -> None:
    open_friday(shop)
    at = paste(screen(shop, "chain"), CHAIN)
    decide(at, "老豆腐")
    assert "Enter how much it is" in text_of(at)
    decide(at, "老豆腐", 1.5)
    assert "cannot be counted" in text_of(at)


def test_an_unfinished_paste_comes_back_in_a_new_browser(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    open_friday(shop)
    paste(screen(shop, "chain"), CHAIN)
    assert screen(staff_shop, "chain").text_area[0].value == ""
    again = screen(shop, "chain")
    assert again.text_area[0].value == CHAIN
    assert "is back" in text_of(again)
    decide(again, "nothing, leave it out")
    button(again, "Book 3").click().run()
    assert again.text_area[0].value == ""
    assert screen(shop, "chain").text_area[0].value == ""
