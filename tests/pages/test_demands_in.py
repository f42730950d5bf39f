"""Wishes come in on screen: pasted, merged, read from residents' notes (R15)."""

import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.shop import drafts
from lib.shop.shop import RESIDENT, Shop
from lib.trust.demands.chat.rules import read_paste
from lib.trust.demands.merging.commands import merge_demands
from lib.trust.demands.notes.commands import leave_note
from lib.trust.demands.notes.rules import Written
from lib.ui import demands_in, demands_notes
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.trust.demands.cast import add_wish, row, wishes

CHAT = (
    "3-201 小李:\n能不能进点草莓，电话13800001111\n\n王姐:\n+1\n\n"
    "老周:\n鸡蛋坏了\n\n阿敏:\n有豆腐吗"
)


def at_part(screen: Open, shop: Shop, part: str, language: str = "en") -> AppTest:
    at = screen(shop, "demands", language)
    at.query_params["view"] = part
    at.run()
    assert not at.exception
    return at


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    at.run()
    assert not at.exception
    return at


def paste(at: AppTest, text: str = CHAT) -> AppTest:
    at.text_area[0].set_value(text)
    at.run()
    assert not at.exception
    return at


def titles(shop: Shop) -> dict[str, int]:
    with shop.read() as connection:
        return {one.title: one.id for one in connection.execute(select(schema.demand))}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_paste_is_read_confirmed_and_known_again(
    screen: Open, staff_shop: Shop, language: str
) -> None:
    at = paste(at_part(screen, staff_shop, "in", language))
    assert titles(staff_shop) == {}
    kept = drafts.kept(staff_shop, demands_in.DRAFT)
    assert kept is not None
    assert kept.text == CHAT
    button = {"en": "Take 2 wishes", "zh_CN": "登记 2 条心愿"}[language]
    press(at, button)
    assert [one.name for one in wishes(staff_shop, titles(staff_shop)["草莓"])] == [
        "3-201 小李",
        "王姐",
    ]
    assert drafts.kept(staff_shop, demands_in.DRAFT) is None
    assert at.text_area[0].value == ""
    paste(at)
    known = {"en": "nothing is added", "zh_CN": "不会再加"}[language]
    assert known in text_of(at)
    assert button not in [one.label for one in at.button]
    assert len(wishes(staff_shop, titles(staff_shop)["草莓"])) == 2


def test_an_unfinished_paste_is_back(screen: Open, staff_shop: Shop) -> None:
    drafts.keep(staff_shop, demands_in.DRAFT, CHAT)
    at = at_part(screen, staff_shop, "in")
    assert at.text_area[0].value == CHAT
    assert "is back" in text_of(at)


def test_what_was_left_out_is_said(screen: Open, staff_shop: Shop) -> None:
    at = paste(at_part(screen, staff_shop, "in"))
    assert "left out of 1 messages" in text_of(at)
    shown = pd.concat([one.value for one in at.dataframe])
    assert "13800001111" not in shown.to_csv()


def test_an_exact_wish_is_proposed_to_count_at(screen: Open, staff_shop: Shop) -> None:
    demand = add_wish(staff_shop, "草莓", "老周")
    at = paste(at_part(screen, staff_shop, "in"))
    press(at, "Take 2 wishes")
    assert set(titles(staff_shop)) == {"草莓"}
    assert len(wishes(staff_shop, demand)) == 3


def test_a_text_without_messages(screen: Open, staff_shop: Shop) -> None:
    at = paste(at_part(screen, staff_shop, "in"), "[图片]\n昨天 19:03")
    assert "No message was found" in text_of(at)


def test_a_changed_wish_changes_those_who_join_it() -> None:
    rows = read_paste(CHAT, NOW, "Asia/Shanghai").wishes
    frame = pd.DataFrame({"title": ["草莓", "草莓", "豆腐"], "onto": [None, None, None]})
    edited = frame.copy()
    edited.loc[0, "title"] = "奶油草莓"
    assert demands_in._let_follow(rows, frame, edited)
    assert list(edited["title"]) == ["奶油草莓", "奶油草莓", "豆腐"]
    assert not demands_in._let_follow(rows, edited, edited.copy())


def test_two_wishes_are_merged_and_come_apart(screen: Open, staff_shop: Shop) -> None:
    many = add_wish(staff_shop, "草莓", "小李", "王姐")
    few = add_wish(staff_shop, "奶油草莓", "王姐")
    at = at_part(screen, staff_shop, "same")
    assert "小李、王姐" in text_of(at)
    press(at, "Merge into 草莓")
    assert row(staff_shop, few).merged_into == many
    press(at, "Take apart")
    assert row(staff_shop, few).merged_into is None
    press(at, "Not the same")
    assert "Merge into 草莓" not in [one.label for one in at.button]
    press(at, "Suggest again")
    assert "Merge into 草莓" in [one.label for one in at.button]


def test_merging_what_somebody_else_merged_is_told(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    many, few = add_wish(shop, "草莓", "小李", "王姐"), add_wish(shop, "奶油草莓", "老周")
    third = add_wish(shop, "土豆")
    at = at_part(screen, staff_shop, "same")
    merge_demands(shop, third, row(shop, third).version, few, row(shop, few).version)
    next(one for one in at.button if one.label == "Merge into 草莓").click()
    at.run()
    assert row(shop, many).merged_into is None
    assert row(shop, few).merged_into == third


def leave(shop: Shop, text: str = "能不能进点草莓🍓", number: int = 0) -> None:
    leave_note(shop.acting(RESIDENT), f"{number:032x}", Written(text, "小李"), "local")


def test_a_note_is_taken_as_a_wish(screen: Open, staff_shop: Shop) -> None:
    leave(staff_shop)
    at = at_part(screen, staff_shop, "notes")
    assert "能不能进点草莓" in text_of(at)
    assert [one.value for one in at.text_input if one.label == "Wish"] == ["草莓"]
    press(at, "Take as a wish")
    (asked,) = wishes(staff_shop, titles(staff_shop)["草莓"])
    assert (asked.name, asked.source) == ("小李", "page")
    assert "Nobody's wish waits" in text_of(at)


def test_the_label_of_the_part_says_how_many_wait(screen: Open, staff_shop: Shop) -> None:
    leave(staff_shop)
    leave(staff_shop, "想要米", 1)
    at = screen(staff_shop, "demands", "zh_CN")
    assert any("居民留言（2）" in str(one.options) for one in at.segmented_control)


def test_a_note_goes_onto_a_wish_that_stands(screen: Open, staff_shop: Shop) -> None:
    demand = add_wish(staff_shop, "草莓", "王姐")
    leave(staff_shop)
    at = at_part(screen, staff_shop, "notes")
    assert "草莓" in str(next(one for one in at.selectbox if one.label == "Count at").options)
    press(at, "Take as a wish")
    assert [one.name for one in wishes(staff_shop, demand)] == ["王姐", "小李"]


def test_a_note_is_put_aside_and_waits_again(screen: Open, staff_shop: Shop) -> None:
    leave(staff_shop)
    at = press(at_part(screen, staff_shop, "notes"), "Put aside")
    assert titles(staff_shop) == {}
    press(at, "Let it wait again")
    assert "Take as a wish" in [one.label for one in at.button]


def test_a_refused_note_keeps_what_was_typed(screen: Open, staff_shop: Shop) -> None:
    leave(staff_shop, "那个那个", 1)
    at = at_part(screen, staff_shop, "notes")
    next(one for one in at.text_input if one.label == "Who").set_value("3-201 小李")
    next(one for one in at.text_input if one.label == "Wish").set_value(" ")
    press(at, "Take as a wish")
    assert at.error
    assert "3-201 小李" in [one.value for one in at.text_input]
    assert titles(staff_shop) == {}


def test_markup_in_a_note_is_shown_as_typed(screen: Open, staff_shop: Shop) -> None:
    leave(staff_shop, "![x](http://evil) **想要** :red[草莓] $x$")
    at = at_part(screen, staff_shop, "notes")
    shown = next(one.value for one in at.markdown if "evil" in one.value)
    assert "\\!\\[x\\]\\(http" in shown
    assert "\\:red\\[" in shown


@pytest.mark.parametrize(
    ("text", "title"),
    [("能不能进点草莓🍓", "草莓"), ("现磨芝麻酱", "现磨芝麻酱"), ("🍓", ""), ("", "")],
)
def test_the_goods_of_a_note_are_proposed(text: str, title: str) -> None:
    assert demands_notes.proposal(text) == title
