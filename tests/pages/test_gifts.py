"""Birthdays and festivals on screen, as owner and staff use them (R34, R35)."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.members.consents.rules import Purpose
from lib.members.gifts.commands import give_gift, plan_gift
from lib.members.gifts.festivals.commands import give_festival_gift
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.members.gifts.cast import (
    MOON,
    NATIONAL,
    TOMORROW,
    Folk,
    gift,
    on_hand,
    rows,
    set_up,
)
from tests.pages.conftest import Open, text_of
from tests.pages.test_pickup_pages import LANGUAGES


@pytest.fixture
def folk(shop: Shop) -> Folk:
    return set_up(shop)


def press(at: AppTest, label: str, which: int = 0) -> AppTest:
    found = [one for one in at.button if label in one.label]
    at = found[which].click().run()
    assert not at.exception, at.exception
    return at


def opened(screen: Open, shop: Shop, language: str = "en", **asked: str) -> AppTest:
    at = screen(shop, "gifts", language)
    for name, value in asked.items():
        at.query_params[name] = value
    at = at.run()
    assert not at.exception, at.exception
    return at


@LANGUAGES
def test_what_comes_with_its_state(
    screen: Open, staff_shop: Shop, folk: Folk, language: str
) -> None:
    plan_gift(folk.shop, folk.wang, NATIONAL, folk.jar())
    text = text_of(opened(screen, staff_shop, language))
    said = {
        "en": ("Not ready", "Mid-Autumn Festival", "National Day", "planned"),
        "zh_CN": ("没准备好", "中秋节", "国庆节", "已计划"),
    }
    for word in ("小李", "王姐", "蜂蜜 1瓶", *said[language]):
        assert word in text, word
    assert "12.00" not in text, "staff see no cost"


def test_a_suggestion_says_why_and_is_planned_in_one_touch(
    screen: Open, shop: Shop, folk: Folk
) -> None:
    at = press(opened(screen, shop), "Choose a gift")
    assert "bought 2 times in 180 days, 5瓶 left, within the budget" in text_of(at)
    assert "¥12.00" in text_of(at)
    at = press(at, "Plan this")
    (planned,) = rows(shop, schema.gift)
    assert (planned.product_id, planned.quantity, planned.cost_fen) == (folk.honey, 1, 1200)
    assert "The gift for 小李 is planned" in text_of(at)


def test_staff_see_that_it_is_within_the_budget_and_nothing_of_the_cost(
    screen: Open, staff_shop: Shop, folk: Folk
) -> None:
    at = press(opened(screen, staff_shop), "Choose a gift")
    assert "within the budget" in text_of(at)
    assert "12.00" not in text_of(at)


def test_more_than_the_budget_asks_first_and_loses_nothing(
    screen: Open, shop: Shop, folk: Folk
) -> None:
    at = press(opened(screen, shop), "Choose a gift")
    at.text_input[0].set_value("一束花")
    at.number_input[0].set_value(20.0)
    at = press(at, "Plan it")
    assert "more than the 15" in text_of(at)
    assert rows(shop, schema.gift) == []
    assert at.text_input[0].value == "一束花", "what was typed stays"
    at.checkbox[0].check()
    press(at, "Plan it")
    assert [(row.what, row.cost_fen) for row in rows(shop, schema.gift)] == [("一束花", 2000)]


def test_given_taken_back_and_given_up(screen: Open, staff_shop: Shop, folk: Folk) -> None:
    planned = folk.plan()
    at = press(opened(screen, staff_shop), "Given")
    assert gift(staff_shop, planned).given_by == staff_shop.actor.id
    assert on_hand(staff_shop, folk.honey_batch) == 4
    assert "小吴 gave it today 10:30" in text_of(at)
    at = press(at, "Undo")
    assert on_hand(staff_shop, folk.honey_batch) == 5
    press(at, "Give it up")
    assert gift(staff_shop, planned).cancelled_at == NOW


def test_who_comes_second_is_told_who_gave(
    screen: Open, shop: Shop, staff_shop: Shop, folk: Folk
) -> None:
    planned = folk.plan()
    at = opened(screen, shop)
    give_gift(staff_shop, planned, 1)
    at = press(at, "Given")
    assert "小吴 gave it today 10:30" in text_of(at)
    assert len(rows(shop, schema.stock_movement, gift_id=planned)) == 1


def test_another_gift_is_chosen_with_what_stood_before(
    screen: Open, shop: Shop, folk: Folk
) -> None:
    planned = folk.plan(folk.mooncakes(), note="要热的")
    at = press(opened(screen, shop), "Choose something else")
    assert [one.value for one in at.text_input][:2] == ["月饼一个", "要热的"]
    at.selectbox[0].set_value(folk.eggs).run()
    at.number_input[0].set_value(1.5)
    at = press(at, "Save changes")
    changed = gift(shop, planned)
    assert (changed.product_id, changed.quantity, changed.note) == (folk.eggs, 750, "要热的")
    at = press(at, "Given")
    assert gift(shop, planned).given_at == NOW, "the button knew of our own change"


def test_good_wishes_only_where_the_member_agrees(
    screen: Open, staff_shop: Shop, folk: Folk
) -> None:
    folk.plan()
    assert "did not agree to offers and good wishes" in text_of(opened(screen, staff_shop))
    folk.agree(folk.li, Purpose.MESSAGES)
    at = opened(screen, staff_shop)
    assert "小李，生日快乐" in text_of(at)
    assert "蜂蜜 1瓶" in at.code[0].value
    at = press(at, "Wished")
    assert "Wished today 10:30" in text_of(at)
    assert rows(staff_shop, schema.group_post) == [], "a birthday goes to no log of the group"
    press(at, "Given")
    assert rows(staff_shop, schema.gift)[0].given_at == NOW


def test_a_festival_is_left_out_in_one_touch(screen: Open, staff_shop: Shop, folk: Folk) -> None:
    at = press(opened(screen, staff_shop), "Leave it out")
    (plan,) = rows(staff_shop, schema.festival_plan)
    assert (plan.festival, plan.year, plan.skipped) == ("mid_autumn", 2026, True)
    press(at, "Take it in again")
    assert rows(staff_shop, schema.festival_plan)[0].skipped is False


@LANGUAGES
def test_a_festival_is_planned_and_given_door_by_door(
    screen: Open, shop: Shop, folk: Folk, language: str
) -> None:
    at = opened(screen, shop, language, festival="mid_autumn", year="2026")
    at.text_input[0].set_value("月饼一个")
    at.number_input[0].set_value(3.0)
    at = press(at, {"en": "Plan it", "zh_CN": "计划"}[language])
    text = text_of(at)
    assert "¥6.00" in text, "3.00 for each of two households"
    assert "小李、王姐" in text
    assert "是中秋节，祝家家户户平安喜乐" in text, "the group reads Chinese"
    at = press(at, {"en": "Given", "zh_CN": "已送"}[language])
    assert [row.member_id for row in rows(shop, schema.gift)] == [folk.li]
    at = press(at, {"en": "Undo", "zh_CN": "撤销"}[language])
    assert rows(shop, schema.gift)[0].given_at is None


def test_the_second_at_the_door_is_told_who_gave(
    screen: Open, shop: Shop, staff_shop: Shop, folk: Folk
) -> None:
    folk.plan_moon()
    at = opened(screen, shop, festival="mid_autumn", year="2026")
    give_festival_gift(staff_shop, MOON, 2026, folk.wang)
    at = press(at, "Given")
    assert "小吴 gave it today 10:30" in text_of(at)
    assert len(rows(shop, schema.gift)) == 1


def test_what_is_missing_is_bought_in_time(
    screen: Open, shop: Shop, staff_shop: Shop, folk: Folk
) -> None:
    plan_gift(
        folk.shop,
        folk.li,
        TOMORROW,
        folk.jar(),
    )
    assert "Everything planned is there" in text_of(opened(screen, shop, view="buy"))
    with shop.store.write() as connection:
        connection.execute(schema.stock_level.update().values(on_hand=0))
    text = text_of(opened(screen, staff_shop, view="buy"))
    assert "1瓶 missing" in text
    assert "Purchase orders" not in text


def test_what_was_given_in_a_month(screen: Open, shop: Shop, staff_shop: Shop, folk: Folk) -> None:
    give_gift(shop, folk.plan(), 1)
    owners = opened(screen, shop, view="spent")
    assert "¥12.00" in text_of(owners)
    assert "12.00" not in text_of(opened(screen, staff_shop, view="spent"))


def test_late_gifts_stand_first(
    screen: Open, staff_shop: Shop, folk: Folk, clock: FixedClock
) -> None:
    folk.plan()
    clock.moment = clock.moment.replace(day=28)
    at = opened(screen, staff_shop)
    assert "Their day is over" in text_of(at)
    press(at, "Given")
    assert rows(staff_shop, schema.gift)[0].given_at is not None


def test_an_empty_shop_says_so(screen: Open, staff_shop: Shop, clock: FixedClock) -> None:
    clock.moment = clock.moment.replace(month=11, day=20)
    text = text_of(opened(screen, staff_shop))
    assert "No birthday in these days" in text
    assert "No festival in these days" in text


@pytest.mark.parametrize("asked", [("x", "2026"), ("mid_autumn", "x"), ("mid_autumn", "9" * 30)])
def test_an_unknown_festival_in_the_address(
    screen: Open, staff_shop: Shop, folk: Folk, asked: tuple[str, str]
) -> None:
    opened(screen, staff_shop, festival=asked[0], year=asked[1])


@LANGUAGES
def test_the_member_file_shows_gifts_and_an_idea_for_the_next_birthday(
    screen: Open, staff_shop: Shop, folk: Folk, language: str
) -> None:
    at = screen(staff_shop, "members", language)
    at.query_params["member"], at.query_params["part"] = str(folk.li), "points"
    text = text_of(at.run())
    assert not at.exception, at.exception
    said = {
        "en": ("No gift yet", "Next birthday: tomorrow", "bought 2 times in 180 days"),
        "zh_CN": ("还没有送过礼物", "下一个生日：明天", "180天里买过2次"),
    }
    for word in said[language]:
        assert word in text, word
    folk.plan()
    press(at.run(), {"en": "Given", "zh_CN": "已送"}[language])
    assert rows(staff_shop, schema.gift)[0].given_by == staff_shop.actor.id
