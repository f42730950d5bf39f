"""The page of slots and reminders, and moving with one touch, as people use them (R21, R22)."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.members.profiles.commands import set_usual_slot
from lib.service.pickup.commands import hand_over, move_slot
from lib.service.pickup.queries import bag_of
from lib.service.pickup.usual.queries import habits_of
from lib.service.reminders.queries import due
from lib.shop.messages.channels.commands import add_channel
from lib.shop.messages.outbox.rules import Kind
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from tests.pages.conftest import Open, text_of
from tests.robot import PATH
from tests.service.cast import TODAY, Street, add_order
from tests.service.conftest import street
from tests.service.reminders.cast import made, make_at, queued, set_clock

__all__ = ["street"]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh_CN"])


@pytest.fixture
def evening(street: Street) -> Street:
    """The street with orders of a chain; the reminder of the evening was made on time."""
    with street.shop.store.write() as connection:
        connection.execute(update(schema.customer_order).values(source="chain"))
    make_at(street.shop, "17:00")
    return street


def press(at: AppTest, label: str, nth: int = 0) -> AppTest:
    found = [one for one in at.button if label in one.label]
    assert len(found) > nth, f"{label} not in {[one.label for one in at.button]}"
    found[nth].click().run()
    assert not at.exception, at.exception
    return at


def place_of(shop: Shop, order: int) -> tuple[object, str | None]:
    bag = bag_of(shop, order)
    assert bag is not None
    return bag.day, bag.slot


@LANGUAGES
def test_an_empty_day_says_what_will_come(screen: Open, staff_shop: Shop, language: str) -> None:
    shown = text_of(screen(staff_shop, "slots", language))
    assert ("No list was made yet" if language == "en" else "还没有名单") in shown


@LANGUAGES
def test_load_in_counts_and_words(
    screen: Open, shop: Shop, staff_shop: Shop, evening: Street, language: str
) -> None:
    save_settings(shop, {"slot_capacity": 1}, {})
    shown = text_of(screen(staff_shop, "slots", language))
    words = {
        "en": ("1 of 1 orders · full", "0 of 1 orders · room left", "brought to the door"),
        "zh_CN": ("1 / 1单 · 已满", "0 / 1单 · 有空位", "送上门"),
    }
    for word in words[language]:
        assert word in shown


def test_a_list_waits_is_sent_by_hand_and_taken_back(
    screen: Open, staff_shop: Shop, evening: Street
) -> None:
    at = screen(staff_shop, "slots")
    shown = text_of(at)
    assert "ready, to be sent" in shown
    assert "3-201  #14" in shown
    assert "小李" not in "".join(str(one.value) for one in at.code)
    press(at, "Posted to the group")
    assert "sent today 17:00" in text_of(at)
    assert [one.slot for one in due(staff_shop)] == ["noon"]
    press(at, "Undo")
    assert "ready, to be sent" in text_of(at)


def test_a_list_is_put_aside_and_taken_up_again(
    screen: Open, staff_shop: Shop, evening: Street
) -> None:
    at = screen(staff_shop, "slots")
    press(at, "No text needed")
    assert "put aside · 小吴" in text_of(at)
    press(at, "Undo")
    assert "ready, to be sent" in text_of(at)


def test_the_list_as_it_is_now_stands_beside_what_was_made(
    screen: Open, staff_shop: Shop, evening: Street
) -> None:
    hand_over(staff_shop, evening.orders["小李"])
    shown = text_of(screen(staff_shop, "slots"))
    assert "2 orders on the list · 1 collected or moved since" in shown
    assert "Still to come: 1" in shown
    assert "3-201  #14" not in shown


def test_a_robot_sent_it(screen: Open, shop: Shop, staff_shop: Shop, street: Street) -> None:
    add_channel(shop, "小团", Kind.WECOM, f"https://qyapi.weixin.qq.com{PATH}")
    with shop.store.write() as connection:
        connection.execute(update(schema.customer_order).values(source="chain"))
    make_at(shop, "17:00")
    assert "on its way by robot" in text_of(screen(staff_shop, "slots"))
    (message,) = queued(shop)
    with shop.store.write() as connection:
        connection.execute(
            update(schema.message_delivery).values(status="sent", sent_at=shop.clock.now())
        )
        connection.execute(
            insert(schema.group_post).values(
                topic=message.topic, subject=message.subject, text=message.text,
                at=shop.clock.now(), channel_id=message.channel_id,
            )
        )  # fmt: skip
    assert "sent by 小团 today 17:00" in text_of(screen(staff_shop, "slots"))


@LANGUAGES
def test_late_and_missed_are_said(
    screen: Open, shop: Shop, staff_shop: Shop, street: Street, language: str
) -> None:
    with shop.store.write() as connection:
        connection.execute(update(schema.customer_order).values(source="chain"))
    make_at(shop, "17:40")
    shown = text_of(screen(staff_shop, "slots", language))
    late = {
        "en": "was due today 17:00, made today 17:40",
        "zh_CN": "应在今天 17:00，今天 17:40才生成",
    }
    assert late[language] in shown
    at = screen(staff_shop, "slots", language)
    at.query_params["slot"] = "noon"
    at.run()
    missed = {"en": "not sent before the slot was over", "zh_CN": "时段结束前没发出"}
    assert missed[language] in text_of(at)
    result = next(row for row in made(shop) if (row.slot, row.kind) == ("noon", "before"))
    assert result.done_how == "missed"


def test_one_touch_moves_and_undo_takes_it_back(
    screen: Open, staff_shop: Shop, evening: Street
) -> None:
    order = evening.orders["新邻居"]
    at = screen(staff_shop, "slots")
    press(at, "tomorrow Noon")
    assert place_of(staff_shop, order) == (TODAY + timedelta(days=1), "noon")
    press(at, "Undo")
    bag = bag_of(staff_shop, order)
    assert bag is not None
    assert (bag.day, bag.slot, bag.number) == (TODAY, None, 14)


def test_one_touch_at_the_desk_and_the_next_one_steps_up(
    screen: Open, staff_shop: Shop, street: Street
) -> None:
    order = street.orders["小李"]
    at = screen(staff_shop, "pickup")
    at.text_input[0].set_value("0831").run()
    press(at, "tomorrow Morning")
    assert place_of(staff_shop, order) == (TODAY + timedelta(days=1), "morning")
    assert at.text_input[0].value == ""
    press(at, "Undo")
    bag = bag_of(staff_shop, order)
    assert bag is not None
    assert (bag.day, bag.slot, bag.number) == (TODAY, "evening", 11)


def test_somebody_elses_move_is_told(screen: Open, staff_shop: Shop, street: Street) -> None:
    order = street.orders["小李"]
    at = screen(staff_shop, "pickup")
    at.text_input[0].set_value("0831").run()
    move_slot(staff_shop, order, "noon", TODAY, 1)
    press(at, "tomorrow Morning")
    assert any("小吴" in one.value for one in at.error)
    assert place_of(staff_shop, order) == (TODAY, "noon")


def test_a_members_file_suggests_the_usual_slot(
    screen: Open, shop: Shop, staff_shop: Shop, street: Street
) -> None:
    member = street.members["小李"]
    for age in range(2, 5):
        day = TODAY - timedelta(days=age)
        add_order(shop, member, 50, (street.milk, 1), pickup_day=day, pickup_slot="evening")
    at = screen(staff_shop, "members")
    at.query_params["member"] = str(member)
    at.run()
    press(at, "Remember as usual slot")
    assert "Usual slot: Evening 18:00-21:00" in text_of(at)


@LANGUAGES
def test_a_full_slot_is_asked_about(
    screen: Open, shop: Shop, staff_shop: Shop, evening: Street, language: str
) -> None:
    save_settings(shop, {"slot_capacity": 1}, {})
    order = evening.orders["新邻居"]
    full, anyway, leave = {
        "en": ("Evening (full)", "Move all the same", "Leave it"),
        "zh_CN": ("晚上（满）", "仍然改到这里", "算了"),
    }[language]
    at = screen(staff_shop, "slots", language)
    press(at, full)
    assert place_of(staff_shop, order) == (TODAY, None)
    assert at.warning
    press(at, leave)
    assert not at.warning
    press(at, full)
    press(at, anyway)
    assert place_of(staff_shop, order) == (TODAY, "evening")


def test_a_row_opens_the_ways_to_move_it(screen: Open, staff_shop: Shop, evening: Street) -> None:
    at = screen(staff_shop, "slots")
    press(at, "**11**")
    press(at, "tomorrow Morning")
    assert place_of(staff_shop, evening.orders["小李"]) == (TODAY + timedelta(days=1), "morning")


def test_a_habit_is_remembered_with_one_touch(
    screen: Open, shop: Shop, staff_shop: Shop, evening: Street
) -> None:
    member = evening.members["新邻居"]
    for age in range(1, 4):
        day = TODAY - timedelta(days=age)
        add_order(shop, member, 50, (evening.milk, 1), pickup_day=day, pickup_slot="noon")
    at = screen(staff_shop, "slots")
    assert "Usually Noon 12:00-14:00 (3 of the last 4 orders)" in text_of(at)
    press(at, "Remember as usual slot")
    assert habits_of(staff_shop, [member]) == {}


def test_a_closed_day_is_said(
    screen: Open, shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    with shop.store.write() as connection:
        connection.execute(insert(schema.closed_day).values(day=TODAY, reason="中秋"))
    assert "Closed today." in text_of(screen(staff_shop, "slots"))


def test_the_desk_shows_keep_until_and_what_is_past_it(
    screen: Open, staff_shop: Shop, street: Street, clock: FixedClock
) -> None:
    set_clock(staff_shop, "22:00")
    at = screen(staff_shop, "pickup")
    at.text_input[0].set_value("3-201").run()
    assert "kept until tomorrow" in text_of(at)
    assert "kept until today" in text_of(at)
    clock.forward(days=3)
    at.run()
    assert "that is over" in text_of(at)


def test_the_usual_slot_is_marked_where_orders_are_read(
    screen: Open, shop: Shop, staff_shop: Shop, street: Street
) -> None:
    orders = schema.customer_order
    with shop.store.write() as connection:
        mine = orders.c.id == street.orders["小李"]
        connection.execute(update(orders).where(mine).values(slot_usual=True))
    at = screen(staff_shop, "pickup")
    at.text_input[0].set_value("11").run()
    assert r"Evening 18\:00\-21\:00 \(usual\)" in text_of(at)


def test_a_walk_in_sees_the_usual_slot_and_its_load(
    screen: Open, shop: Shop, staff_shop: Shop, street: Street
) -> None:
    set_usual_slot(shop, street.members["小李"], "evening")
    at = screen(staff_shop, "counter")
    at.text_input[0].set_value("3-201 小李 土鸡蛋1斤").run()
    shown = text_of(at)
    assert "Evening 18:00-21:00 (usual)" in shown
    assert "1 of 40 orders · room left" in shown


def test_changing_an_order_into_a_full_slot_keeps_what_was_typed(
    screen: Open, shop: Shop, staff_shop: Shop, street: Street
) -> None:
    save_settings(shop, {"slot_capacity": 1}, {})
    order = street.orders["小李"]
    at = screen(staff_shop, "orders", "zh_CN")
    at.query_params["order"] = str(order)
    at.run()
    next(one for one in at.selectbox if ":slot:" in str(one.key)).set_value("noon")
    next(one for one in at.text_area if one.label == "备注").set_value("要大的")
    press(at, "保存")
    assert place_of(staff_shop, order) == (TODAY, "evening")
    assert any("已满" in one.value for one in at.warning)
    press(at, "仍然保存")
    assert place_of(staff_shop, order) == (TODAY, "noon")
    bag = bag_of(staff_shop, order)
    assert bag is not None and bag.note == "要大的"
