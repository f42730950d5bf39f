"""The group calendar as owner and staff use it, in both languages (R12-R14)."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.kernel.clock import FixedClock
from lib.shop.posts import note_post, posts
from lib.shop.shop import Shop
from lib.trust.community.activities import commands as activities
from lib.trust.community.activities import queries as activity_queries
from lib.trust.community.activities.rules import Status
from lib.trust.community.photos import commands as photos
from lib.trust.community.photos import queries as photo_queries
from lib.trust.community.tips import commands as tips
from lib.trust.community.tips import queries as tip_queries
from lib.trust.community.topics import queries as topic_queries
from lib.trust.demands import queries as demands
from tests.pages.conftest import Open, text_of
from tests.pages.test_products_page import press, widget
from tests.service.cast import TODAY, add_member, add_order, add_product
from tests.trust.community.cast import (
    TOMORROW,
    YESTERDAY,
    add_activity,
    add_photo,
    add_topic,
    answer,
)


def open_page(screen: Open, shop: Shop, language: str = "en", **query: object) -> AppTest:
    at = screen(shop, "community", language)
    for name, value in query.items():
        at.query_params[name] = str(value)
    at.run()
    assert not at.exception, at.exception
    return at


def shown(at: AppTest) -> str:
    return text_of(at).replace("\\", "")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh_CN",
            ("群日历", "还没发出", "还没有，该安排了", "0 条贴士 : 0 条推销", "没有发小贴士"),
        ),
        ("en", ("Group calendar", "not sent yet", "none yet: time to plan one", "no tip was sent")),
    ],
)
def test_the_week_comes_first_with_the_quotas(
    screen: Open, staff_shop: Shop, language: str, said: tuple[str, ...]
) -> None:
    text = shown(open_page(screen, staff_shop, language))
    for sentence in said:
        assert sentence in text


def test_the_bank_is_filled_by_the_first_look_and_only_then(screen: Open, shop: Shop) -> None:
    open_page(screen, shop)
    first = tip_queries.tips(shop)
    assert len(first) >= 60
    open_page(screen, shop)
    assert tip_queries.tips(shop) == first


def test_todays_tip_is_skipped_ticked_and_taken_back(screen: Open, staff_shop: Shop) -> None:
    at = open_page(screen, staff_shop, "zh_CN")
    first = tip_queries.today(staff_shop).tip
    assert first is not None
    press(at, "tip-skip")
    second = tip_queries.today(staff_shop, [first.id]).tip
    assert second is not None
    press(at, f"posted-tip-{second.id}:save")
    (sent,) = tip_queries.today(staff_shop).sent
    assert sent.tip_id == second.id
    assert posts(staff_shop, "tip")[0].text == tip_queries.text_of(staff_shop, second)
    assert "小吴" in shown(at)
    press(at, f"tip-back-{sent.post_id}:go")
    assert tip_queries.today(staff_shop).sent == ()
    assert posts(staff_shop, "tip") == ()


def test_a_tip_sent_lately_says_when_and_has_no_tick(
    screen: Open, shop: Shop, clock: FixedClock
) -> None:
    tips.fill_bank(shop)
    this = tip_queries.tips(shop)[0]
    tips.send_tip(shop, this.id, this.text)
    clock.forward(days=3)
    at = open_page(screen, shop, view="tips")
    at.session_state["tip-open"] = this.id
    at.run()
    assert "It may come again" in shown(at)
    assert not [each for each in at.button if (each.key or "").startswith("posted-tip")]


def test_an_own_tip_is_kept_and_a_refused_one_stays_typed(screen: Open, shop: Shop) -> None:
    at = open_page(screen, shop, view="tips")
    press(at, "tip-add:save")
    assert "Write the tip." in shown(at)
    widget(at, "text_area", "tip-add:text").set_value("葱根泡水能再长一茬")
    widget(at, "selectbox", "tip-add:from").set_value(3)
    press(at, "tip-add:save")
    assert "Give both months" in shown(at)
    assert widget(at, "text_area", "tip-add:text").value == "葱根泡水能再长一茬"
    widget(at, "selectbox", "tip-add:to").set_value(5)
    press(at, "tip-add:save")
    kept = tip_queries.tips(shop)[-1]
    assert (kept.text, kept.from_month, kept.to_month) == ("葱根泡水能再长一茬", 3, 5)


def test_other_weeks_are_a_step_away(screen: Open, shop: Shop) -> None:
    add_topic(shop, "下周问什么？", TODAY + timedelta(days=7))
    at = open_page(screen, shop)
    assert "下周问什么" not in shown(at)
    press(at, "week-step-:material/chevron_right:")
    assert at.query_params["week"] == "2026-09-28"
    assert "下周问什么" in shown(at)
    for wrong in ("", "2026-99-99", "9999-12-31", "<b>"):
        assert "9/21" in shown(open_page(screen, shop, week=wrong))


def test_a_topic_from_plan_to_wish(screen: Open, staff_shop: Shop) -> None:
    """R14 on screen: plan, ask, paste the answers, one step to the board."""
    at = open_page(screen, staff_shop, "zh_CN", view="topics")
    press(at, "topic-plan:save")
    assert "请写问题" in shown(at)
    widget(at, "text_area", "topic-plan:question").set_value("想吃什么水果？")
    press(at, "topic-plan:save")
    (topic,) = topic_queries.topics(staff_shop)
    at = open_page(screen, staff_shop, "zh_CN", topic=topic.id)
    press(at, f"posted-topic-{topic.id}:save")
    assert topic_queries.topic(staff_shop, topic.id).asked_at is not None
    paste = "小李: 草莓\n王姐: 要大草莓\n老周: 荠菜\n"
    widget(at, "text_area", f"topic-answers-{topic.id}:text").set_value(paste)
    at.run()
    press(at, f"topic-answers-{topic.id}:save")
    found = topic_queries.answers(staff_shop, topic.id)
    assert [one.name for one in found] == ["小李", "王姐", "老周"]
    pills = widget(at, "button_group", f"topic-wish-{topic.id}:answers")
    pills.set_value([found[0].id, found[1].id])
    at.run()
    assert widget(at, "text_input", f"topic-wish-{topic.id}:title").value == "草莓"
    press(at, f"topic-wish-{topic.id}:save")
    (demand,) = {one.demand_id for one in topic_queries.answers(staff_shop, topic.id)[:2]}
    assert demand is not None
    assert demands.one(staff_shop, demand).card.people == 2
    assert "草莓 (2)" in str([each.label for each in at.get("page_link")])


def test_a_wish_written_alike_is_proposed_and_never_taken_silently(
    screen: Open, shop: Shop
) -> None:
    from lib.trust.community.topics.commands import make_demand

    topic = add_topic(shop)
    note_post(shop, "topic", f"topic:{topic}", "问")
    first, second = answer(shop, topic, ("小李", "大草莓"), ("王姐", "草莓"))
    kept = make_demand(shop, [first], "大草莓")
    at = open_page(screen, shop, topic=topic)
    widget(at, "button_group", f"topic-wish-{topic}:answers").set_value([second])
    at.run()
    near = widget(at, "radio", f"topic-wish-{topic}:near")
    assert near.value == 0, "a new wish unless somebody says otherwise"
    near.set_value(kept)
    at.run()
    press(at, f"topic-wish-{topic}:save")
    assert topic_queries.answers(shop, topic)[1].demand_id == kept


def test_an_activity_from_plan_to_thanks(screen: Open, staff_shop: Shop) -> None:
    """R12 on screen: plan with a refused time, tick, hold, note who came."""
    add_member(staff_shop, "小李")
    at = open_page(screen, staff_shop, view="activities")
    widget(at, "text_input", "activity-plan:title").set_value("邻里换物")
    widget(at, "text_input", "activity-plan:starts").set_value("下午")
    press(at, "activity-plan:save")
    assert "is not a time of the day" in shown(at)
    assert widget(at, "text_input", "activity-plan:title").value == "邻里换物"
    widget(at, "text_input", "activity-plan:starts").set_value("9:30")
    press(at, "activity-plan:save")
    (this,) = activity_queries.activities(staff_shop)
    assert (this.title, this.details.starts) == ("邻里换物", "09:30")
    at = open_page(screen, staff_shop, activity=this.id)
    task = activity_queries.tasks(staff_shop, this.id)[0]
    press(at, f"task-{task.id}:tick")
    assert activity_queries.tasks(staff_shop, this.id)[0].done_by == "小吴"
    press(at, f"posted-activity-{this.id}:save")
    assert "邻里换物" in posts(staff_shop, "activity")[0].text
    widget(at, "number_input", f"activity-hold-{this.id}:heads").set_value(12)
    widget(at, "number_input", f"activity-hold-{this.id}:cost").set_value(30)
    press(at, f"activity-hold-{this.id}:save")
    held = activity_queries.activity(staff_shop, this.id)
    assert (held.status, held.heads, str(held.per_head)) == (Status.HELD, 12, "2.50")
    widget(at, "text_area", f"guests-{this.id}:names").set_value("1. 小李 +1\n新邻居")
    at.run()
    assert "新邻居" in shown(at)
    press(at, f"guests-{this.id}:save")
    assert [guest.nickname for guest in activity_queries.guests(staff_shop, this.id)] == ["小李"]


def test_orders_before_and_after_are_shown_without_a_claim(screen: Open, shop: Shop) -> None:
    eggs, li = add_product(shop, "土鸡蛋", "盒", 1000), add_member(shop, "小李")
    this = add_activity(shop, YESTERDAY)
    activities.add_guests(shop, this, [li])
    add_order(shop, li, 1, (eggs, 2))
    text = shown(open_page(screen, shop, activity=this))
    assert "1 orders · ¥20.00" in text
    assert "nobody knows" in text
    assert "1 of 7 days after it are over" in text


def test_children_are_published_only_after_consent(screen: Open, staff_shop: Shop) -> None:
    this = add_activity(staff_shop)
    number = add_photo(staff_shop, this)
    at = open_page(screen, staff_shop, "zh_CN", activity=this)
    assert "有孩子，先问家长" in shown(at)
    press(at, f"photo-publish-{number}:publish")
    assert "先问家长" in shown(at)
    assert not photo_queries.photos(staff_shop, this)[0].is_published
    widget(at, "text_input", f"photo-edit-{number}:consent").set_value("妈妈，微信")
    press(at, f"photo-edit-{number}:save")
    press(at, f"photo-publish-{number}:publish")
    (photo,) = photo_queries.photos(staff_shop, this)
    assert photo.is_published
    press(at, f"photo-publish-{number}:withdraw")
    assert not photo_queries.photos(staff_shop, this)[0].is_published
    photos.publish_photo(staff_shop, number, 4)
    at = open_page(screen, staff_shop, "zh_CN", activity=this)
    widget(at, "text_input", f"photo-edit-{number}:consent").set_value("")
    at.run()
    assert "马上撤下" in shown(at)
    press(at, f"photo-edit-{number}:save")
    assert not photo_queries.photos(staff_shop, this)[0].is_published


def test_no_photo_chosen_is_said(screen: Open, shop: Shop) -> None:
    this = add_activity(shop)
    at = open_page(screen, shop, activity=this)
    press(at, f"photo-add-{this}:save")
    assert "is empty" in shown(at)


def test_cancelling_asks_why_and_can_be_taken_back(screen: Open, shop: Shop) -> None:
    this = add_activity(shop, TOMORROW)
    at = open_page(screen, shop, activity=this)
    press(at, f"activity-cancel-{this}:save")
    assert "Say why it is cancelled" in shown(at)
    widget(at, "text_input", f"activity-cancel-{this}:reason").set_value("下雨")
    press(at, f"activity-cancel-{this}:save")
    assert "下雨" in shown(at)
    press(at, f"activity-again-{this}:save")
    assert activity_queries.activity(shop, this).status is Status.PLANNED


def test_what_is_not_there_leads_to_the_list(screen: Open, shop: Shop) -> None:
    assert "No activity was planned yet" in shown(open_page(screen, shop, activity=99))
    assert "No topic was planned yet" in shown(open_page(screen, shop, topic="x"))


def test_typed_text_is_shown_as_typed(screen: Open, shop: Shop) -> None:
    add_topic(shop, "**粗** [链接](http://x) :red[x]？")
    text = text_of(open_page(screen, shop))
    assert r"\*\*粗\*\*" in text
    assert r"\[链接\]" in text
