"""The language of a screen is looked up once a run, and belongs to one session only."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.shop.shop import Shop
from lib.ui import words
from tests.pages.conftest import Open

_SWITCH = """
import streamlit as st
from lib.ui.words import _, choose

@st.fragment
def part():
    st.caption(_("Today"))

st.button("zh", on_click=choose, args=("zh_CN",))
st.text(_("Today"))
part()
if st.button("here"):
    choose("en")
    st.text(_("Today"))
"""


def test_a_switch_is_read_in_the_same_run() -> None:
    at = AppTest.from_string(_SWITCH)
    at.session_state["language"] = "en"
    at.run()
    assert (at.text[0].value, at.caption[0].value) == ("Today", "Today")
    at.button[0].click().run()
    assert (at.text[0].value, at.caption[0].value) == ("今日", "今日")
    at.button[1].click().run()
    assert [each.value for each in at.text] == ["今日", "Today"]
    assert at.session_state["language"] == "en"


def test_two_sessions_read_their_own_language(screen: Open, staff_shop: Shop) -> None:
    english = screen(staff_shop, "account", "en")
    chinese = screen(staff_shop, "account", "zh_CN")
    english.run()
    assert (english.title[0].value, chinese.title[0].value) == ("My account", "我的账号")


def test_a_page_asks_for_its_language_once(
    screen: Open, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = screen(shop, "settings", "en")
    asked = []
    found = words._asked

    def counted() -> str:
        asked.append(found())
        return asked[-1]

    monkeypatch.setattr(words, "_asked", counted)
    at.run()
    assert asked == ["en"]
