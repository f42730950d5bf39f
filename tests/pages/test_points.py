"""Points on screen: the member's ledger and statement, the rule, who owes and what waits (R36)."""

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.kernel.clock import day_bounds
from lib.members.points import queries
from lib.shop.shop import Shop
from lib.trade.payments.commands import refund_line
from tests.members.points.cast import Story, begin, entries, redeem, settle, yuan
from tests.pages.conftest import Open, text_of
from tests.trade.payments.books import somebody


@pytest.fixture
def story(shop: Shop) -> Story:
    """小李 has 40 points available and 10 that wait."""
    story = begin(shop)
    story.collected(4000)
    settle(shop)
    story.paid(480, 520)
    return story


def file_of(screen: Open, shop: Shop, member: int, language: str = "en") -> AppTest:
    at = screen(shop, "members", language)
    at.query_params["member"] = str(member)
    at.query_params["part"] = "points"
    at.run()
    assert not at.exception, at.exception
    return at


def rule_page(screen: Open, shop: Shop, language: str = "en") -> AppTest:
    at = screen(shop, "rewards", language)
    views = next(one for one in at.button_group if str(one.key).startswith("rewards-view"))
    views.set_value("points").run()
    assert not at.exception, at.exception
    return at


def keyed(found: Any, prefix: str, name: str) -> Any:
    return next(one for one in found if str(one.key).startswith(f"{prefix}:{name}"))


def press(at: AppTest, prefix: str) -> AppTest:
    keyed(at.button, prefix, "save").click().run()
    assert not at.exception, at.exception
    return at


def test_the_file_shows_where_points_come_from(screen: Open, story: Story) -> None:
    at = file_of(screen, story.shop, story.member)
    frame = at.dataframe[-1].value
    assert list(frame["points"].dropna()) == [40]
    assert sorted(frame["pending"].dropna()) == [-40, 4, 6, 40]
    assert "payment" in set(frame["reason"])
    said = text_of(at)
    assert "10 points" in said
    assert "goods not ticked as handed over" in said


def test_the_statement_is_in_the_shops_language(screen: Open, story: Story) -> None:
    at = file_of(screen, story.shop, story.member)
    text = at.code[-1].value
    assert "@小李 您在邻里的可用积分：40" in text
    assert "待生效 +10" in text
    assert "+10 付款" in text


def test_staff_see_points_but_enter_none(screen: Open, story: Story, staff_shop: Shop) -> None:
    at = file_of(screen, staff_shop, story.member, "zh_CN")
    assert "积分明细" in text_of(at)
    assert not [one for one in at.button if str(one.key).startswith("points_adjust")]


def test_points_of_a_paper_card_are_entered_once_with_a_reason(screen: Open, story: Story) -> None:
    at = file_of(screen, story.shop, story.member)
    form = f"points_adjust_{story.member}"
    keyed(at.number_input, form, "points").set_value(120).run()
    press(at, form)
    assert "Say why" in text_of(at)
    assert keyed(at.number_input, form, "points").value == 120
    keyed(at.text_input, form, "reason").set_value("纸质积分卡转入").run()
    press(at, form)
    (row,) = entries(story.shop, kind="adjusted")
    assert (row.available, row.reason) == (120, "纸质积分卡转入")


def test_the_owner_begins_points_with_the_effect_shown(screen: Open, shop: Shop) -> None:
    at = rule_page(screen, shop, "zh_CN")
    assert "积分还没有开始" in text_of(at)
    assert "付 ¥36.50 的订单得 36 分。" in [one.value for one in at.info]
    press(at, "points_begin")
    (row,) = queries.rules(shop)
    assert (row.rule.points, row.rule.per_fen) == (1, 100)


def test_the_rule_is_changed_for_a_day_to_come(screen: Open, story: Story) -> None:
    shop = story.shop
    at = rule_page(screen, shop)
    keyed(at.number_input, "points_change", "points").set_value(2).run()
    assert "An order of ¥36.50 gives 73 points." in [one.value for one in at.info]
    press(at, "points_change")
    newest = queries.rules(shop)[0].rule
    tomorrow = shop.today + timedelta(days=1)
    assert newest.from_at == day_bounds(tomorrow, shop.settings.time_zone)[0]
    assert newest.points == 2
    assert "begins later" in text_of(at)


def test_who_owes_points_is_named_and_nothing_is_clamped(screen: Open, story: Story) -> None:
    redeem(story.shop, story.member, 40)
    (first,) = {row.line_id for row in entries(story.shop, kind="settled")}
    refund_line(story.shop, first, yuan(1500), "退货")
    at = rule_page(screen, story.shop)
    assert [one.value for one in at.metric][:3] == ["0", "10", "15"]
    assert "小李" in text_of(at)
    at = file_of(screen, story.shop, story.member)
    assert "15 points are owed" in text_of(at)


def test_orders_that_wait_beyond_their_time_say_why(screen: Open, story: Story) -> None:
    story.shop.clock.forward(days=20)  # type: ignore[attr-defined]
    at = rule_page(screen, story.shop)
    said = text_of(at)
    assert "Points that wait beyond their time" in said
    assert "goods not ticked as handed over" in said


def test_before_points_begin_the_file_says_so(screen: Open, staff_shop: Shop, shop: Shop) -> None:
    at = file_of(screen, staff_shop, somebody(shop))
    assert "Points have not begun." in text_of(at)
