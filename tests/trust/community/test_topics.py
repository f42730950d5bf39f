"""Topics through the books (R14): planned, asked, answered, made wishes in one step."""

from datetime import timedelta

import pytest

from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop.posts import note_post, posts, take_back_post
from lib.shop.quotas import Standing
from lib.shop.shop import Shop
from lib.trust.community.queries import due
from lib.trust.community.topics import commands, queries
from lib.trust.community.topics.rules import Details, NewAnswer
from lib.trust.demands import queries as demands
from tests.conftest import NOW
from tests.service.cast import TODAY, add_member
from tests.trust.community.cast import TOMORROW, YESTERDAY, add_topic, answer


def ask(shop: Shop, topic_id: int) -> int:
    this = queries.topic(shop, topic_id)
    return note_post(shop, "topic", f"topic:{topic_id}", queries.text_of(shop, this))


def test_an_answer_becomes_a_wish_in_one_step(shop: Shop, clock: FixedClock) -> None:
    """R14: several answers that mean the same go onto one wish, each resident counted once."""
    li = add_member(shop, "小李")
    topic = add_topic(shop)
    ask(shop, topic)
    ids = answer(
        shop, topic, ("小李", "草莓"), ("王姐", "大草莓"), ("小李", "草莓草莓"), ("", "荠菜")
    )
    clock.forward(hours=5)
    demand = commands.make_demand(shop, ids[:3], "草莓")
    one = demands.one(shop, demand)
    assert (one.card.title, one.card.people) == ("草莓", 2)
    assert one.card.first_asked_at == NOW, "the 72 hours begin with the answer, not with the click"
    assert {wish.member_id for wish in one.wishes} == {li, None}
    found = queries.answers(shop, topic)
    assert [each.demand_id for each in found] == [demand, demand, demand, None]
    assert found[0].demand == "草莓"
    assert (queries.topic(shop, topic).answers, queries.topic(shop, topic).wishes) == (4, 3)


def test_a_wish_that_stands_gets_the_answers_only_where_a_person_says_so(shop: Shop) -> None:
    topic = add_topic(shop)
    first, second, third = answer(shop, topic, ("小李", "草莓"), ("王姐", "大草莓"), ("老周", "莓"))
    kept = commands.make_demand(shop, [first], "草莓")
    other = commands.make_demand(shop, [second], "大草莓")
    assert other != kept, "written alike is not the same"
    assert commands.make_demand(shop, [third], "随便", demand_id=kept) == kept
    assert demands.one(shop, kept).card.people == 2


def test_an_answer_becomes_a_wish_once(shop: Shop, staff_shop: Shop) -> None:
    ids = answer(shop, add_topic(shop), ("小李", "草莓"), ("王姐", "荠菜"))
    commands.make_demand(staff_shop, ids[:1], "草莓")
    with pytest.raises(Refused):
        commands.make_demand(shop, ids, "草莓和荠菜")
    with pytest.raises(Refused):
        commands.remove_answer(shop, ids[0])
    with pytest.raises(Refused):
        commands.make_demand(shop, ids[1:], "  ")
    with pytest.raises(Refused):
        commands.make_demand(shop, [], "草莓")
    with pytest.raises(NotFound):
        commands.make_demand(shop, [*ids[1:], 999], "荠菜")
    assert [each.demand_id is None for each in queries.answers(shop, 1)] == [False, True]


def test_the_same_paste_twice_adds_nothing(shop: Shop) -> None:
    topic = add_topic(shop)
    said = [NewAnswer("小李", "草莓"), NewAnswer("小李", "草莓"), NewAnswer("", "草莓")]
    assert commands.add_answers(shop, topic, said) == 2
    assert commands.add_answers(shop, topic, said) == 0
    assert len(queries.answers(shop, topic)) == 2


def test_a_name_that_two_members_bear_is_nobodys(shop: Shop) -> None:
    add_member(shop, "小李", building="1", room="101")
    add_member(shop, "小李", building="2", room="202")
    topic = add_topic(shop)
    answer(shop, topic, ("小李", "草莓"))
    assert queries.answers(shop, topic)[0].member_id is None


def test_a_topic_is_asked_while_its_post_stands(shop: Shop, clock: FixedClock) -> None:
    topic = add_topic(shop)
    first = ask(shop, topic)
    clock.forward(hours=1)
    second = ask(shop, topic)
    assert queries.topic(shop, topic).asked_at == NOW
    take_back_post(shop, first)
    assert queries.topic(shop, topic).asked_at == NOW + timedelta(hours=1)
    take_back_post(shop, second)
    assert queries.topic(shop, topic).asked_at is None


def test_only_a_topic_that_was_never_asked_is_dropped(shop: Shop) -> None:
    topic, other, answered = add_topic(shop), add_topic(shop, "别的？"), add_topic(shop, "第三？")
    ask(shop, topic)
    answer(shop, answered, ("小李", "草莓"))
    for kept in (topic, answered):
        with pytest.raises(Refused):
            commands.drop_topic(shop, kept, 1)
    commands.drop_topic(shop, other, 1)
    with pytest.raises(NotFound):
        queries.topic(shop, other)


def test_asked_words_stay_as_they_were_asked(shop: Shop) -> None:
    topic = add_topic(shop)
    commands.change_topic(shop, topic, 1, Details("换个问题？", TOMORROW, "周末"))
    ask(shop, topic)
    with pytest.raises(Refused):
        commands.change_topic(shop, topic, 2, Details("又换？", TOMORROW))
    commands.change_topic(shop, topic, 2, Details("换个问题？", TODAY))
    with pytest.raises(Conflict):
        commands.change_topic(shop, topic, 2, Details("换个问题？", TOMORROW))


def test_what_cannot_be_planned_is_refused(shop: Shop) -> None:
    for wrong in (Details("  ", TODAY), Details("问？", YESTERDAY)):
        with pytest.raises(Refused):
            commands.plan_topic(shop, wrong)
    with pytest.raises(Refused):
        commands.add_answers(shop, add_topic(shop), [])


def test_the_thanks_name_wishes_and_nobody(shop: Shop) -> None:
    topic = add_topic(shop)
    ask(shop, topic)
    ids = answer(shop, topic, ("小李", "草莓"), ("王姐", "荠菜"))
    commands.make_demand(shop, ids[:1], "草莓")
    text = queries.thanks_of(shop, queries.topic(shop, topic))
    assert "草莓（1 人）" in text
    assert "2 条回答" in text
    assert "小李" not in text
    assert "王姐" not in text


def test_the_question_says_how_long_a_wish_takes(shop: Shop) -> None:
    text = queries.text_of(shop, queries.topic(shop, add_topic(shop)))
    assert text.startswith("💬 想吃什么水果？")
    assert "72 小时" in text


def test_suggestions_come_longest_unused_first(shop: Shop) -> None:
    first = queries.suggestions(shop)[0]
    add_topic(shop, first.text)
    again = queries.suggestions(shop)
    assert again[0].text != first.text
    assert (again[-1].text, again[-1].last) == (first.text, TODAY)


def test_due_names_topics_to_ask_and_answers_to_read(shop: Shop, clock: FixedClock) -> None:
    topic, later = add_topic(shop), add_topic(shop, "明天的？", TOMORROW)
    assert [one.id for one in due(shop).topics] == [topic]
    ask(shop, topic)
    assert due(shop).topics == ()
    (answered,) = answer(shop, topic, ("小李", "草莓"))
    assert [one.id for one in due(shop).answered] == [topic]
    commands.make_demand(shop, [answered], "草莓")
    assert due(shop).answered == ()
    clock.forward(days=2)
    assert [one.id for one in due(shop).topics] == [later]
    commands.close_topic(shop, later, 1)
    assert due(shop).topics == ()


def test_a_week_without_a_topic_is_a_nudge_from_friday_on(shop: Shop, clock: FixedClock) -> None:
    assert TODAY.weekday() == 4
    assert due(shop).topic_meter.standing is Standing.NUDGE
    clock.forward(days=-1)
    assert due(shop).topic_meter.standing is Standing.OPEN
    clock.forward(days=1)
    topic = add_topic(shop, day=TOMORROW)
    assert due(shop).topic_meter.standing is Standing.OPEN
    ask(shop, topic)
    assert due(shop).topic_meter.standing is Standing.REACHED
    assert len(posts(shop, "topic")) == 1


def test_residents_see_no_answers(shop: Shop, resident_shop: Shop) -> None:
    topic = add_topic(shop)
    answer(shop, topic, ("小李", "草莓"))
    for see in (
        lambda: queries.topics(resident_shop),
        lambda: queries.topic(resident_shop, topic),
        lambda: queries.answers(resident_shop, topic),
        lambda: queries.suggestions(resident_shop),
        lambda: queries.thanks_of(resident_shop, queries.topic(shop, topic)),
    ):
        with pytest.raises(Refused):
            see()
