"""The member file in parts, likings, who is missed, merging with a preview (R33)."""

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.money import Money
from lib.members.consents.commands import give_consent, withdraw_consent
from lib.members.consents.queries import consents_of
from lib.members.consents.rules import How, Purpose
from lib.members.habits.commands import add_tag, reckon_rhythm
from lib.members.habits.queries import missed, preferences_of
from lib.members.habits.rules import State
from lib.members.profiles.queries import member
from lib.service.after_sales.commands import open_case
from lib.service.after_sales.rules import Defect, NewCase
from lib.service.after_sales.rules import Source as ToldBy
from lib.shop.messages.member_events import WIN_BACK
from lib.shop.posts import posts
from lib.shop.shop import Shop
from lib.trade.payments.commands import top_up_balance
from lib.ui import members_file
from lib.ui.members_file import Part
from tests.members.habits.cast import WEEKLY, came, system
from tests.pages.conftest import Open, text_of
from tests.pages.test_members import opened
from tests.pages.test_orders import button, field
from tests.service.cast import add_member, add_product
from tests.service.owed.cast import Owing, set_up

SAYS = {
    "en": {
        Part.OVERVIEW: ("Last visit", "What they like", "Buys most often", "土鸡蛋"),
        Part.MONEY: ("By month", "Orders", "Due"),
        Part.CASES: ("Still to be given", "A0001", "Complaints"),
        Part.POINTS: ("Points", "Gifts"),
        Part.DATA: ("Change the file", "Consents", "Merge with another file"),
    },
    "zh_CN": {
        Part.OVERVIEW: ("最近到店", "喜好", "最常买", "土鸡蛋"),
        Part.MONEY: ("按月", "订单", "待付"),
        Part.CASES: ("还要补给", "A0001"),
        Part.POINTS: ("积分", "礼物"),
        Part.DATA: ("改档案", "与另一份档案合并"),
    },
}


@pytest.fixture
def eggs(shop: Shop) -> int:
    return add_product(shop, "土鸡蛋", "盒", 1000, category="蛋")


@pytest.fixture
def zhao(shop: Shop, eggs: int) -> int:
    """Came every week until five weeks ago."""
    found = add_member(shop, "赵姨", building="3", room="201")
    came(shop, found, eggs, *WEEKLY)
    return found


def seen(at: AppTest) -> str:
    """Return what is written, with labels of what can be touched and cells of tables."""
    touched = [str(one.label) for kind in ("button", "expander") for one in at.get(kind)]
    cells = [one.value.to_csv() for one in at.dataframe]
    return "\n".join((text_of(at), *touched, *cells))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_part_is_drawn_in_both_languages(
    screen: Open, shop: Shop, staff_shop: Shop, language: str
) -> None:
    here: Owing = set_up(shop)
    new = NewCase(ToldBy.CHAT, Defect.ROTTEN, "散黄", member_id=here.li, line_id=here.line)
    case = open_case(shop, new)
    here.owe(1, case_id=case)
    came(shop, here.li, here.eggs, 9, 2)
    at = screen(shop if language == "en" else staff_shop, "members", language)
    for part, words in SAYS[language].items():
        at.query_params["member"], at.query_params["part"] = str(here.li), part.value
        at.run()
        assert not at.exception, (part, at.exception)
        shown = seen(at)
        assert [word for word in words if word not in shown] == [], (part, shown)


def test_only_the_open_part_is_read(
    screen: Open, shop: Shop, zhao: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_given: object, **_more: object) -> None:
        raise AssertionError("another part was read")

    for name in ("orders", "payments", "money_of"):
        monkeypatch.setattr(members_file, name, read)
    at = opened(screen, shop, zhao)
    assert "Buys most often" in text_of(at)


def test_opening_a_file_is_written_down_once(screen: Open, shop: Shop, zhao: int) -> None:
    at = opened(screen, shop, zhao)
    at.query_params["part"] = "cases"
    at.run()
    openings = schema.member_opening
    with shop.read() as connection:
        times = connection.execute(select(func.sum(openings.c.times))).scalar_one()
    assert times == 1


def test_a_suggestion_is_kept_with_the_consent_given_then(
    screen: Open, shop: Shop, staff_shop: Shop, zhao: int
) -> None:
    at = opened(screen, staff_shop, zhao)
    assert "in 5 orders" in text_of(at)
    at = button(at, "Likes it")
    assert "Ask first" in text_of(at)
    assert preferences_of(shop, zhao) == ()
    assert not any("Not this" in one.label for one in at.button)
    field(at, "selectbox", f"likings-how-{zhao}").set_value(How.SPOKEN)
    at = button(at, "Likes it")
    (kept,) = preferences_of(shop, zhao)
    assert (kept.name, kept.orders, kept.state) == ("土鸡蛋", 5, State.ACCEPTED)
    assert consents_of(shop, zhao).state(Purpose.PREFERENCES).stands
    at = button(at, "Not this")
    assert {one.state for one in preferences_of(shop, zhao)} == set(State)
    assert "Nothing suggested" in text_of(at)
    button(at, "Forget it")
    assert [one.state for one in preferences_of(shop, zhao)] == [State.REJECTED]


def test_a_word_about_health_is_refused_and_what_was_typed_stays(
    screen: Open, shop: Shop, zhao: int
) -> None:
    give_consent(shop, zhao, Purpose.PREFERENCES, How.CHAT)
    at = opened(screen, shop, zhao, language="zh_CN")
    field(at, "text_input", f"interest-{zhao}:typed").set_value("高血压")
    at = button(at, "记下兴趣")
    assert "血压" in at.error[0].value
    assert field(at, "text_input", f"interest-{zhao}:typed").value == "高血压"
    assert preferences_of(shop, zhao) == ()
    field(at, "text_input", f"interest-{zhao}:typed").set_value("爱喝茶")
    button(at, "记下兴趣")
    assert [one.name for one in preferences_of(shop, zhao)] == ["爱喝茶"]


def test_who_took_the_consent_back_is_not_asked_here_again(
    screen: Open, shop: Shop, zhao: int
) -> None:
    add_tag(shop, zhao, "tea", How.CHAT)
    withdraw_consent(shop, zhao, Purpose.PREFERENCES, How.CHAT)
    at = opened(screen, shop, zhao)
    assert "They want nothing noted" in text_of(at)
    assert not any("Likes it" in one.label for one in at.button)


def test_who_is_missed_stands_first_and_is_written_to_once(
    screen: Open, shop: Shop, staff_shop: Shop, zhao: int
) -> None:
    at = screen(staff_shop, "members")
    assert "Reckoned for the first time" in text_of(at)
    reckon_rhythm(system(shop))
    at = screen(staff_shop, "members")
    assert "As of today" in text_of(at)
    assert [one.value for one in at.metric[:1]] == ["1"]
    assert "赵姨" in at.dataframe[0].value.to_csv()
    assert "have not agreed to messages" in text_of(at)
    give_consent(shop, zhao, Purpose.MESSAGES, How.CHAT)
    add_tag(shop, zhao, "tea", How.CHAT)
    at.run()
    assert "好一阵没见到您了" in text_of(at)
    at = button(at, "Sent by hand")
    assert len(posts(shop, WIN_BACK.key)) == 1
    assert missed(shop)[0].written_on == shop.today
    assert "Nobody to write to now" in text_of(at)
    at = opened(screen, staff_shop, zhao, language="zh_CN")
    assert "写过了，先等等" in text_of(at)
    assert not any("已手动发出" in one.label for one in at.button)


@pytest.mark.parametrize(
    ("view", "says"), [("new", "Nobody is new"), ("regular", "No regulars yet")]
)
def test_empty_lists_say_so(screen: Open, shop: Shop, view: str, says: str) -> None:
    at = screen(shop, "members")
    at.query_params["view"] = view
    assert says in text_of(at.run())


def test_lists_of_the_new_and_the_regular(screen: Open, shop: Shop, eggs: int) -> None:
    came(shop, add_member(shop, "新来的"), eggs, 5)
    came(shop, add_member(shop, "钱叔"), eggs, 50, 43, 36, 29, 22, 15, 8, 1)
    reckon_rhythm(system(shop))
    at = screen(shop, "members")
    for view, name in (("new", "新来的"), ("regular", "钱叔")):
        at.query_params["view"] = view
        at.run()
        assert [name in one.value.to_csv() for one in at.dataframe] == [True]


def test_a_merge_is_shown_before_it_is_done(
    screen: Open, shop: Shop, staff_shop: Shop, zhao: int
) -> None:
    other = add_member(shop, "赵阿姨", building="5", room="101")
    top_up_balance(shop, other, Money(500))
    at = opened(screen, staff_shop, zhao, "data")
    field(at, "text_input", f"double-{zhao}").set_value("赵阿姨").run()
    assert "赵阿姨" in text_of(at)
    at.query_params["with"] = str(other)
    at.run()
    table = at.dataframe[0].value.to_csv()
    assert "¥5.00" in table
    assert "赵阿姨" in table
    assert "Two homes" in text_of(at)
    assert "can no longer be taken back" in text_of(at)
    at = button(at, "keep 赵姨")
    assert member(shop, other).card.id == zhao
    assert "赵姨" in text_of(at)
    at.query_params["with"] = str(other)
    assert "one file already" in text_of(at.run())
