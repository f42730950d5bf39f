"""The page of messages: what did not arrive, the log, the wordings, the robots (E17)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.shop.messages.channels.commands import add_channel
from lib.shop.messages.outbox.commands import send_by_robot
from lib.shop.messages.outbox.queries import channels, open_messages
from lib.shop.messages.outbox.rules import Kind, Status
from lib.shop.messages.outbox.sending import send_due
from lib.shop.messages.templates.commands import change_wording
from lib.shop.messages.templates.queries import templates
from lib.shop.posts import note_post, posts
from lib.shop.shop import SYSTEM, Shop
from lib.ui import navigation
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.robot import KEY, Mood, Robot, running_robot
from tests.service.cast import add_product, add_round, put


@pytest.fixture
def robot(clock: FixedClock) -> Iterator[Robot]:
    with running_robot(clock) as running:
        yield running


def look(at: AppTest, view: str) -> AppTest:
    next(one for one in at.get("button_group") if one.key == "messages-view").set_value(view)
    return ran(at)


def ran(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, at.exception
    return at


def widget(at: AppTest, kind: str, start: str) -> Any:
    return next(one for one in at.get(kind) if (one.key or "").startswith(start))


def press(at: AppTest, start: str) -> AppTest:
    widget(at, "button", start).click()
    return ran(at)


def test_an_empty_page_says_how_it_fills(screen: Open, staff_shop: Shop) -> None:
    at = screen(staff_shop, "messages", "zh_CN")
    assert "这几天没有发过消息" in text_of(at)
    assert "机器人" not in [str(one) for one in at.get("button_group")[-1].options]


def test_what_was_sent_is_listed_by_kind(
    screen: Open, shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    note_post(staff_shop, "pickup", "pickup:20260925-noon", "还有3单未取")
    clock.forward(hours=1)
    note_post(shop, "round", "buying_round:1", "开团啦")
    at = screen(staff_shop, "messages")
    listed = at.dataframe[0].value
    assert listed["Text"].tolist() == ["开团啦", "还有3单未取"]
    assert listed["By"].tolist() == ["芳姐", "小吴"]
    assert listed["Sent with"].tolist() == ["by hand", "by hand"]
    at.get_by_key("messages-topic").set_value("pickup")
    ran(at)
    assert at.dataframe[0].value["Text"].tolist() == ["还有3单未取"]
    assert {one.label: one.value for one in at.metric}["of them adverts"] == "1"


def test_what_did_not_arrive_waits_for_a_person(
    screen: Open, shop: Shop, staff_shop: Shop, robot: Robot
) -> None:
    channel = add_channel(shop, "小团", Kind.WECOM, robot.address)
    program = shop.acting(SYSTEM)
    robot.moods = [93000, Mood.DROPS_AFTER_READING, 93000]
    for number in range(3):
        send_by_robot(staff_shop, channel, "round", f"buying_round:{number}", f"第{number}条")
        send_due(program)
    first, second, third = open_messages(shop)
    at = screen(staff_shop, "messages", "zh_CN")
    assert {one.label: one.value for one in at.metric}["要处理"] == "3"
    assert "可能已发" in text_of(at)
    assert KEY not in text_of(at)
    by_text = {one.text: one for one in (first, second, third)}
    press(at, f"message-confirm-{by_text['第1条'].id}")
    press(at, f"message-retry-{by_text['第0条'].id}")
    press(at, f"message-cancel-{by_text['第2条'].id}")
    assert [one.status for one in open_messages(shop)] == [Status.WAITING]
    send_due(program)
    assert sorted(one.text for one in posts(shop, "round")) == ["第0条", "第1条"]


def test_the_owner_words_a_text_and_sees_it_before(
    screen: Open, shop: Shop, staff_shop: Shop
) -> None:
    at = screen(shop, "messages", "zh_CN")
    look(at, "wording")
    at.get_by_key("choose-event-").set_value("发群：快截单了")
    ran(at)
    field = widget(at, "text_area", "wording-cut_off:text")
    assert field.value.startswith("⏰{title}")
    field.set_value("{when}截单 {gone}")
    ran(at)
    assert "这里没有占位符" in text_of(at)
    press(at, "wording-cut_off:save")
    assert templates(shop) == {}
    field = widget(at, "text_area", "wording-cut_off:text")
    assert field.value == "{when}截单 {gone}"
    field.set_value("最后{when}！{left}")
    ran(at)
    assert "最后今晚20:00！老豆腐：只剩3盒" in [one.value for one in at.code]
    press(at, "wording-cut_off:save")
    assert templates(shop)["cut_off"].text == "最后{when}！{left}"
    press(at, "wording-cut_off:reset")
    assert templates(shop) == {}
    at = screen(staff_shop, "messages", "en")
    look(at, "wording")
    assert not at.text_area
    assert "own wording" in text_of(at)


def test_a_wording_changed_by_somebody_else_meanwhile_is_not_overwritten(
    screen: Open, shop: Shop
) -> None:
    at = screen(shop, "messages")
    look(at, "wording")
    at.get_by_key("choose-event-").set_value("For the group: Orders close soon")
    ran(at)
    change_wording(shop, "cut_off", "{when} one", 0)
    widget(at, "text_area", "wording-cut_off:text").set_value("{when} two")
    press(at, "wording-cut_off:save")
    assert "芳姐" in text_of(at)
    assert templates(shop)["cut_off"].text == "{when} one"
    assert widget(at, "text_area", "wording-cut_off:text").value == "{when} two"


def test_a_robot_is_added_tested_and_its_address_never_shown(
    screen: Open, shop: Shop, robot: Robot
) -> None:
    at = screen(shop, "messages", "zh_CN")
    look(at, "robots")
    widget(at, "text_input", "robot-new:name").set_value("小团")
    widget(at, "text_input", "robot-new:address").set_value("https://example.cn/?key=1")
    press(at, "robot-new:save")
    assert "企业微信机器人的地址形如" in text_of(at)
    assert widget(at, "text_input", "robot-new:name").value == "小团"
    widget(at, "text_input", "robot-new:address").set_value(robot.address)
    press(at, "robot-new:save")
    [one] = channels(shop)
    assert widget(at, "text_input", "robot-new:address").value == ""
    press(at, f"robot-test-{one.id}")
    assert robot.texts == ["本店测试：机器人已接通。"]
    robot.moods = [93000]
    press(at, f"robot-test-{one.id}")
    assert "机器人已被移除" in text_of(at)
    everything = text_of(at) + str([each.value for each in at.text_input])
    assert KEY not in everything
    assert KEY[-4:] in everything
    press(at, f"robot-switch-{one.id}")
    assert not channels(shop)[0].active
    widget(at, "checkbox", f"robot-gone-{one.id}").set_value(True)
    ran(at)
    press(at, f"robot-gone-{one.id}:go")
    assert channels(shop)[0].archived_at is not None


@pytest.fixture
def round_id(shop: Shop) -> int:
    found = add_round(shop, cut_off=NOW + timedelta(hours=9))
    offer = {"round_id": found, "product_id": add_product(shop, "土鸡蛋"), "price_fen": 480}
    put(shop, schema.round_offer, **offer, position=0)
    return found


def test_a_text_is_sent_by_robot_from_where_it_stands(
    screen: Open, shop: Shop, staff_shop: Shop, robot: Robot, round_id: int
) -> None:
    channel = add_channel(shop, "小团", Kind.WECOM, robot.address)
    at = screen(staff_shop)
    at.query_params["round"] = str(round_id)
    at.switch_page(navigation.page("rounds"))
    ran(at)
    press(at, f"robot-{channel}-announcement:send")
    assert "On its way by 小团" in text_of(at)
    press(at, f"robot-{channel}-announcement:send")
    assert "on its way to this robot already" in text_of(at)
    send_due(shop.acting(SYSTEM))
    ran(at)
    assert "by 小团" in text_of(at)
    assert "Sent today 10:30" in text_of(at)
    [post] = posts(shop, "round", subjects=[f"buying_round:{round_id}"])
    assert robot.texts == [post.text]
    assert not [one for one in at.button if (one.key or "").startswith("unposted")]
