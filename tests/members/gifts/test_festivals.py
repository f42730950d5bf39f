"""Festivals: planned for every household, left out, given door by door, once (R35)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.festivals import Festival
from lib.kernel.money import Money
from lib.members.gifts.commands import Why, undo_gift
from lib.members.gifts.festivals.commands import (
    give_festival_gift,
    plan_festival,
    skip_festival,
)
from lib.members.gifts.festivals.queries import FestivalList, festival_list, festivals_ahead
from lib.members.gifts.rules import Present, State
from lib.members.profiles.commands import merge_members
from lib.shop.shop import Shop
from tests.members.gifts.cast import (
    MOON,
    TODAY,
    Folk,
    add_member,
    add_order,
    gift,
    like,
    on_hand,
    rows,
    with_settings,
)


def moon(shop: Shop) -> FestivalList:
    return festival_list(shop, MOON, 2026)


def names(found: FestivalList) -> list[str]:
    return [one.names for one in found.households]


def move(shop: Shop, member_id: int, **home: str | None) -> None:
    members = schema.member
    with shop.store.write() as connection:
        connection.execute(update(members).where(members.c.id == member_id).values(**home))


def test_a_household_counts_once_and_those_without_orders_do_not(folk: Folk) -> None:
    folk.plan_moon()
    found = moon(folk.shop)
    assert names(found) == ["小李、王姐", "老陈"], "in walking order; 路人 never ordered"
    assert (found.ahead.households, found.ahead.given, found.ahead.state) == (2, 0, State.PLANNED)
    assert found.cost == Money(600)


def test_members_without_a_room_count_alone(folk: Folk) -> None:
    for number, name in enumerate(("甲", "乙"), 50):
        member = add_member(folk.shop, name, building="3")
        add_order(folk.shop, member, number, (folk.honey, 1))
    assert names(moon(folk.shop)) == ["甲", "乙", "小李、王姐", "老陈"]


def test_the_same_room_of_another_unit_is_another_household(folk: Folk) -> None:
    other = add_member(folk.shop, "隔壁", building="3", unit="2", room="201")
    add_order(folk.shop, other, 50, (folk.honey, 1))
    assert len(moon(folk.shop).households) == 3


def test_households_that_ordered_longer_ago_do_not_count(folk: Folk) -> None:
    shop = with_settings(folk.shop, festival_household_days=5)
    assert names(moon(shop)) == ["小李、王姐"]
    assert names(moon(with_settings(folk.shop, festival_household_days=20)))[-1] == "老陈"


def test_who_collects_on_the_day_is_marked(folk: Folk) -> None:
    add_order(folk.shop, folk.chen, 60, (folk.honey, 1), pickup_day=TODAY)
    assert [one.orders_then for one in moon(folk.shop).households] == [False, True]


def test_a_gift_is_given_once_per_household_whoever_comes(folk: Folk, staff_shop: Shop) -> None:
    folk.plan_moon()
    given = give_festival_gift(staff_shop, MOON, 2026, folk.li)
    with pytest.raises(Conflict, match="小吴 gave this already"):
        give_festival_gift(folk.shop, MOON, 2026, folk.wang)
    row = gift(folk.shop, given)
    assert (row.cost_fen, row.occasion, row.year, row.day) == (300, "mid_autumn", 2026, TODAY)
    assert "201" not in row.key, "the key tells no address"
    assert [one.gift is not None for one in moon(folk.shop).households] == [True, False]
    give_festival_gift(folk.shop, MOON, 2026, folk.chen)
    assert moon(folk.shop).ahead.state is State.GIVEN


def test_moving_brings_no_second_gift(folk: Folk) -> None:
    folk.plan_moon()
    give_festival_gift(folk.shop, MOON, 2026, folk.li)
    move(folk.shop, folk.li, building="5", room="102")
    with pytest.raises(Conflict):
        give_festival_gift(folk.shop, MOON, 2026, folk.chen)
    with pytest.raises(Conflict):
        give_festival_gift(folk.shop, MOON, 2026, folk.wang)
    assert all(one.gift for one in moon(folk.shop).households)


def test_a_gift_of_a_merged_file_counts(folk: Folk) -> None:
    folk.plan_moon()
    give_festival_gift(folk.shop, MOON, 2026, folk.walker)
    merge_members(folk.shop, folk.chen, folk.walker, (1, 1))
    with pytest.raises(Conflict):
        give_festival_gift(folk.shop, MOON, 2026, folk.chen)
    with pytest.raises(Conflict):
        give_festival_gift(folk.shop, MOON, 2026, folk.walker)


def test_goods_leave_the_stock_and_come_back_with_undo(folk: Folk) -> None:
    folk.plan_moon(Present(folk.eggs, 250))
    given = give_festival_gift(folk.shop, MOON, 2026, folk.li)
    moved = rows(folk.shop, schema.stock_movement, gift_id=given)
    assert [(row.kind, row.quantity) for row in moved] == [("redeemed", -250)]
    assert gift(folk.shop, given).cost_fen == 300
    undo_gift(folk.shop, given, gift(folk.shop, given).version)
    assert on_hand(folk.shop, moved[0].batch_id) == 5000
    assert gift(folk.shop, given).cancelled_at is not None
    again = give_festival_gift(folk.shop, MOON, 2026, folk.wang)
    assert again != given, "the household has one again"


def test_one_that_costs_too_much_asks_first(folk: Folk) -> None:
    with pytest.raises(Refused, match="more than the 5"):
        folk.plan_moon(folk.jar())
    plan_festival(folk.shop, MOON, 2026, folk.jar(), Why(over_budget=True))
    assert moon(folk.shop).cost == Money(2400)


def test_nothing_is_given_without_a_plan_or_when_it_is_left_out(folk: Folk) -> None:
    with pytest.raises(Refused, match="Plan it first"):
        give_festival_gift(folk.shop, MOON, 2026, folk.li)
    plan = folk.plan_moon()
    skip_festival(folk.shop, MOON, 2026, 1)
    with pytest.raises(Refused, match="Plan it first"):
        give_festival_gift(folk.shop, MOON, 2026, folk.li)
    assert moon(folk.shop).ahead.state is State.SKIPPED
    skip_festival(folk.shop, MOON, 2026, 2, skip=False)
    assert rows(folk.shop, schema.festival_plan, id=plan)[0].what == "月饼一个"
    assert moon(folk.shop).ahead.state is State.PLANNED


def test_two_who_plan_at_once_are_told(folk: Folk) -> None:
    folk.plan_moon()
    with pytest.raises(Conflict, match="芳姐 changed this"):
        folk.plan_moon()
    plan_festival(folk.shop, MOON, 2026, folk.mooncakes(400), Why(note="五仁"), 1)
    plan = moon(folk.shop).ahead.plan
    assert plan is not None
    assert (plan.present.cost, plan.note, plan.version) == (Money(400), "五仁", 2)


def test_an_unknown_year_is_refused(folk: Folk) -> None:
    with pytest.raises(Refused, match="not known"):
        plan_festival(folk.shop, MOON, 2200, folk.mooncakes(), Why())
    with pytest.raises(NotFound):
        festival_list(folk.shop, MOON, 1800)


def test_children_get_something_only_where_a_parent_asked_for_the_tag(folk: Folk) -> None:
    day = Festival.CHILDREN
    plan_festival(folk.shop, day, 2027, Present(what="贴纸", cost=Money(100)), Why())
    shop = with_settings(folk.shop, festival_household_days=400)
    assert festival_list(shop, day, 2027).households == ()
    with pytest.raises(Refused, match="家有儿童"):
        give_festival_gift(folk.shop, day, 2027, folk.li)
    like(folk.shop, folk.wang, "tag", "家有儿童")
    assert names(festival_list(shop, day, 2027)) == ["小李、王姐"]
    give_festival_gift(folk.shop, day, 2027, folk.li)


def test_a_rejected_tag_asks_for_nothing(folk: Folk) -> None:
    like(folk.shop, folk.li, "tag", "家有儿童", "rejected")
    shop = with_settings(folk.shop, festival_household_days=400)
    assert festival_list(shop, Festival.CHILDREN, 2027).households == ()


def test_what_lies_ahead_and_what_is_still_open_behind(folk: Folk, clock: FixedClock) -> None:
    ahead = festivals_ahead(folk.shop, 7)
    assert [(one.festival_day.festival, one.state) for one in ahead] == [
        (MOON, State.NOT_READY), (Festival.NATIONAL, State.NOTHING),
    ]  # fmt: skip
    folk.plan_moon()
    clock.moment += timedelta(days=3)
    behind, national = festivals_ahead(folk.shop, 7)
    assert (behind.festival_day.festival, behind.state, behind.left) == (MOON, State.PLANNED, 2)
    for member in (folk.li, folk.chen):
        give_festival_gift(folk.shop, MOON, 2026, member)
    assert [one.festival_day.festival for one in festivals_ahead(folk.shop, 7)] == [
        national.festival_day.festival
    ]
    clock.moment += timedelta(days=2)
    assert festivals_ahead(folk.shop, 1)[0].state is State.NOT_READY


def test_too_little_for_all_households_is_not_ready(folk: Folk) -> None:
    plan_festival(folk.shop, MOON, 2026, Present(folk.honey, 3), Why(over_budget=True))
    found = moon(folk.shop)
    assert (found.ahead.state, found.free) == (State.NOT_READY, 5)


def test_staff_see_no_cost(folk: Folk, staff_shop: Shop) -> None:
    folk.plan_moon()
    assert moon(staff_shop).cost is None
