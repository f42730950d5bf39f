"""Tips through the books (R13): the bank, today's, the tick that counts in log and bank at once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop.opening import shop_for
from lib.shop.posts import note_post, posts, take_back_post
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.trust.community.queries import due
from lib.trust.community.tips import commands, queries
from lib.trust.community.tips.bank import SUPPLIED
from lib.trust.community.tips.rules import Details, Kind
from tests.service.cast import TODAY


def send(shop: Shop, tip_id: int) -> int:
    this = next(one for one in queries.tips(shop) if one.id == tip_id)
    return commands.send_tip(shop, tip_id, queries.text_of(shop, this))


def own(shop: Shop, text: str = "自己的窍门") -> int:
    return commands.add_tip(shop, Details(Kind.COOKING, text))


def test_the_bank_is_filled_once_and_a_changed_tip_stays(shop: Shop) -> None:
    assert not queries.is_filled(shop)
    assert commands.fill_bank(shop) == len(SUPPLIED)
    first = queries.tips(shop)[0]
    commands.change_tip(shop, first.id, 1, Details(first.kind, "改过的话"))
    commands.archive_tip(shop, queries.tips(shop)[1].id, 1)
    assert commands.fill_bank(shop) == 0
    found = queries.tips(shop)
    assert len(found) == len(SUPPLIED)
    assert found[0].text == "改过的话"
    assert found[1].archived
    assert queries.is_filled(shop)


def test_supplied_tips_are_read_in_the_shops_language(shop: Shop) -> None:
    commands.fill_bank(shop)
    chinese = queries.tips(shop)[0].text
    assert "鸡蛋" in chinese
    save_settings(shop, {"language": "en"}, {})
    english = shop_for(shop.store, shop.place, shop.clock, shop.actor)
    assert queries.tips(english)[0].text == SUPPLIED[0].text


def test_a_tick_counts_in_the_log_and_in_the_bank_and_is_taken_back_in_both(
    shop: Shop, staff_shop: Shop
) -> None:
    tip = own(shop)
    post = send(staff_shop, tip)
    (sent,) = queries.today(shop).sent
    assert (sent.tip_id, sent.person, sent.post_id) == (tip, "小吴", post)
    (kept,) = posts(shop, "tip")
    assert "自己的窍门" in kept.text
    assert kept.subject == f"tip:{tip}"
    take_back_post(shop, post)
    assert queries.today(shop).sent == ()
    assert posts(shop, "tip") == ()
    with shop.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.tip_sent)).scalar() == 0
    send(shop, tip)


def test_a_tip_is_not_repeated_within_the_days_of_the_setting(
    shop: Shop, clock: FixedClock
) -> None:
    tip = own(shop)
    send(shop, tip)
    clock.forward(days=59)
    with pytest.raises(Refused, match=r"2026-09-25.*2026-11-24"):
        send(shop, tip)
    assert queries.today(shop).tip is None
    clock.forward(days=1)
    assert queries.today(shop).tip is not None
    send(shop, tip)
    assert queries.tips(shop)[0].sent == 2


def test_two_people_who_tick_the_same_tip_count_it_once(shop: Shop, staff_shop: Shop) -> None:
    tip = own(shop)
    send(shop, tip)
    with pytest.raises(Refused):
        send(staff_shop, tip)
    assert len(posts(shop, "tip")) == 1


def test_a_tip_that_a_robot_sent_counts_as_sent(shop: Shop) -> None:
    """Whatever writes the log, the bank follows; text about anything else does not."""
    tip = own(shop)
    note_post(shop, "tip", "tip:999999", "nobody")
    note_post(shop, "tip", "batch:1", "else")
    note_post(shop, "welfare", f"tip:{tip}", "else")
    assert queries.today(shop).sent == ()
    note_post(shop, "tip", f"tip:{tip}", "自己的窍门")
    note_post(shop, "tip", f"tip:{tip}", "again")
    assert [one.tip_id for one in queries.today(shop).sent] == [tip]


def test_an_archived_tip_is_neither_proposed_nor_sent(shop: Shop) -> None:
    tip = own(shop)
    commands.archive_tip(shop, tip, 1)
    assert queries.today(shop).tip is None
    with pytest.raises(NotFound):
        commands.send_tip(shop, tip, "text")
    commands.archive_tip(shop, tip, 2, archived=False)
    assert queries.today(shop).tip is not None


def test_a_stale_change_is_told(shop: Shop, staff_shop: Shop) -> None:
    tip = own(shop)
    commands.change_tip(staff_shop, tip, 1, Details(Kind.STORING, "先改"))
    with pytest.raises(Conflict):
        commands.change_tip(shop, tip, 1, Details(Kind.STORING, "后改"))
    assert queries.tips(shop)[0].text == "先改"


def test_the_same_tip_twice_is_refused(shop: Shop) -> None:
    own(shop)
    with pytest.raises(Refused):
        own(shop)


def test_tips_to_offers_over_seven_and_thirty_days(shop: Shop, clock: FixedClock) -> None:
    first, second = own(shop, "一"), own(shop, "二")
    send(shop, first)
    note_post(shop, "clearance", "clearance:1", "促清")
    clock.forward(days=7)
    send(shop, second)
    note_post(shop, "welfare", "welfare_item:1", "福利")
    note_post(shop, "recall", "recall:1", "召回")
    week, month = queries.ratios(shop)
    assert (week.days, week.tips, week.offers, week.others) == (7, 1, 1, 1)
    assert (month.days, month.tips, month.offers) == (30, 2, 2)


def test_today_has_its_tip_until_one_was_sent(shop: Shop) -> None:
    found = due(shop)
    assert (found.tip_sent, found.tip) == (False, None)
    tip = own(shop)
    assert due(shop).tip is not None
    send(shop, tip)
    found = due(shop)
    assert (found.tip_sent, found.tip) == (True, None)


def test_skipping_proposes_another_and_writes_nothing(shop: Shop, clock: FixedClock) -> None:
    commands.fill_bank(shop)
    first = queries.today(shop).tip
    assert first is not None
    second = queries.today(shop, [first.id]).tip
    assert second not in (None, first)
    assert queries.today(shop).tip == first
    clock.forward(hours=3)
    assert queries.today(shop).tip == first
    assert queries.sent(shop, TODAY - timedelta(days=9), TODAY) == ()


def test_residents_see_nothing_of_the_bank(resident_shop: Shop) -> None:
    for ask in (queries.tips, queries.today, queries.ratios, queries.is_filled, due):
        with pytest.raises(Refused):
            ask(resident_shop)
