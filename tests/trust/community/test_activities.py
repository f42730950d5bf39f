"""Activities through the books (R12): checklist, heads, who came, what they ordered."""

from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.members.profiles.commands import merge_members
from lib.shop.posts import note_post
from lib.shop.quotas import Standing
from lib.shop.shop import Shop
from lib.trust.community.activities import commands, queries
from lib.trust.community.activities.rules import Orders, Status
from lib.trust.community.queries import due
from lib.trust.community.tips import commands as tips
from lib.trust.community.tips import queries as tip_queries
from lib.trust.community.week.queries import week
from tests.conftest import NOW
from tests.service.cast import TODAY, add_member, add_order, add_product, add_round
from tests.trust.community.cast import TOMORROW, YESTERDAY, add_activity, add_topic, plan


def test_an_activity_begins_with_the_checklist_of_its_kind(shop: Shop, staff_shop: Shop) -> None:
    this = add_activity(shop)
    found = queries.tasks(shop, this)
    assert found[0].text == "定好日期、时间、地点"
    commands.tick_task(staff_shop, found[0].id, 1, done=True)
    ticked = queries.tasks(shop, this)[0]
    assert (ticked.done_by, ticked.done_at) == ("小吴", NOW)
    assert queries.activity(shop, this).tasks_open == len(found) - 1
    with pytest.raises(Conflict):
        commands.tick_task(shop, found[0].id, 1, done=True)
    commands.tick_task(shop, found[0].id, 2, done=False)
    assert queries.tasks(shop, this)[0].done_at is None


def test_a_changed_checklist_keeps_the_ticks_of_lines_that_stay(shop: Shop) -> None:
    this = add_activity(shop)
    first = queries.tasks(shop, this)[0]
    commands.tick_task(shop, first.id, 1, done=True)
    commands.set_tasks(shop, this, 1, ["带音箱", "", first.text, "带音箱"])
    found = queries.tasks(shop, this)
    assert [(task.text, task.done_at is not None) for task in found] == [
        ("带音箱", False),
        (first.text, True),
    ]
    with pytest.raises(Conflict):
        commands.set_tasks(shop, this, 1, [])
    commands.set_tasks(shop, this, 2, [])
    assert queries.tasks(shop, this) == ()


def test_heads_and_cost_give_the_cost_per_head(shop: Shop) -> None:
    this = add_activity(shop)
    commands.hold_activity(shop, this, 1, 16, Money(10000))
    found = queries.activity(shop, this)
    assert (found.status, found.heads, found.per_head) == (Status.HELD, 16, Money(625))
    commands.hold_activity(shop, this, 2, 17, None)
    assert queries.activity(shop, this).per_head is None


def test_what_is_still_to_come_or_cancelled_was_not_held(shop: Shop) -> None:
    coming, off = add_activity(shop, TOMORROW), add_activity(shop)
    with pytest.raises(Refused):
        commands.hold_activity(shop, coming, 1, 3, None)
    with pytest.raises(Refused):
        commands.cancel_activity(shop, off, 1, "  ")
    commands.cancel_activity(shop, off, 1, "下雨")
    with pytest.raises(Refused):
        commands.hold_activity(shop, off, 2, 3, None)
    commands.plan_again(shop, off, 2)
    assert queries.activity(shop, off).cancel_reason == ""
    commands.hold_activity(shop, off, 3, 3, None)
    with pytest.raises(Refused):
        commands.cancel_activity(shop, off, 4, "下雨")
    with pytest.raises(Refused):
        commands.change_activity(shop, off, 4, plan(TOMORROW))


def test_goods_shown_stand_in_the_announcement(shop: Shop) -> None:
    eggs, rice = add_product(shop, "土鸡蛋"), add_product(shop, "大米", "袋")
    this = commands.add_activity(
        shop, plan(TOMORROW, starts="15", place="店门口", materials="竹条 30 根"), [eggs, rice]
    )
    text = queries.announcement_of(shop, queries.activity(shop, this))
    for said in ("亲子灯笼", "明天", "15:00", "店门口", "土鸡蛋"):
        assert said in text
    assert "竹条" not in text, "materials are the shop's own list"
    commands.change_activity(shop, this, 1, plan(TOMORROW), [rice])
    assert [one.name for one in queries.goods(shop, this)] == ["大米"]
    commands.change_activity(shop, this, 2, plan(TOMORROW))
    assert len(queries.goods(shop, this)) == 1
    with pytest.raises(NotFound):
        commands.change_activity(shop, this, 3, plan(TOMORROW), [999])


def test_orders_of_those_who_came_before_and_after(shop: Shop, clock: FixedClock) -> None:
    """Seven days on both sides to the minute, active orders, no cancelled lines, nobody else."""
    eggs = add_product(shop, "土鸡蛋", "盒", 1000)
    came, other = add_member(shop, "小李"), add_member(shop, "老周")
    this = add_activity(shop, TODAY, starts="10:30")
    commands.add_guests(shop, this, [came])
    span = 7 * 24 * 60
    edges = (-span - 1, -span, -1, 0, span - 1, span)
    for number, minutes in enumerate(edges, start=1):
        add_order(shop, came, number, (eggs, 1), placed_at=NOW + timedelta(minutes=minutes))
    add_order(shop, came, 10, (eggs, 5), status="cancelled", placed_at=NOW)
    add_order(shop, other, 11, (eggs, 5), placed_at=NOW)
    _half, lines = add_order(shop, came, 12, (eggs, 2), (eggs, 1), placed_at=NOW)
    with shop.store.write() as connection:
        line = schema.order_line
        gone = line.update().where(line.c.id == lines[0])
        connection.execute(gone.values(cancelled_at=NOW))
    found = queries.effect(shop, this)
    assert found.before == Orders(2, 1, Money(2000))
    assert found.after == Orders(3, 1, Money(3000))
    assert (found.over, found.is_complete) == (0, False)
    clock.forward(days=7)
    assert queries.effect(shop, this).is_complete


def test_a_merged_guest_is_one_guest_with_all_orders(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "盒", 1000)
    keep, drop = add_member(shop, "小李"), add_member(shop, "李姐")
    this = add_activity(shop, YESTERDAY)
    commands.add_guests(shop, this, [keep, drop])
    add_order(shop, drop, 1, (eggs, 1), placed_at=NOW)
    merge_members(shop, keep, drop, (1, 1))
    assert [guest.nickname for guest in queries.guests(shop, this)] == ["小李"]
    assert queries.effect(shop, this).after == Orders(1, 1, Money(1000))
    commands.remove_guest(shop, this, keep)
    assert queries.guests(shop, this) == ()
    with pytest.raises(NotFound):
        commands.remove_guest(shop, this, keep)


def test_pasted_names_are_matched_and_the_others_are_said(shop: Shop) -> None:
    li = add_member(shop, "小李")
    twins = {
        add_member(shop, "王姐", building="1", room="101"),
        add_member(shop, "王姐", building="2", room="202"),
    }
    found = queries.matched(shop, ["小李", "王姐", "新邻居"])
    assert [match.member.member_id if match.member else None for match in found] == [li, None, None]
    assert {guest.member_id for guest in found[1].candidates} == twins
    assert found[2].candidates == ()


def test_guests_are_noted_once(shop: Shop) -> None:
    this, li = add_activity(shop), add_member(shop, "小李")
    assert commands.add_guests(shop, this, [li, li]) == 1
    assert commands.add_guests(shop, this, [li]) == 0
    for wrong, error in (([], Refused), ([999], NotFound)):
        with pytest.raises(error):
            commands.add_guests(shop, this, wrong)


def test_due_names_what_is_near_and_what_nobody_counted(shop: Shop) -> None:
    near, far = add_activity(shop, TOMORROW), add_activity(shop, TODAY + timedelta(days=8))
    gone, counted = add_activity(shop, YESTERDAY), add_activity(shop, YESTERDAY)
    commands.hold_activity(shop, counted, 1, 5, None)
    off = add_activity(shop, YESTERDAY)
    commands.cancel_activity(shop, off, 1, "下雨")
    found = due(shop)
    assert [one.id for one in found.near] == [near]
    assert [one.id for one in found.uncounted] == [gone]
    assert far not in {one.id for one in found.near}
    commands.hold_activity(shop, gone, 1, None, None)
    assert [one.id for one in due(shop).uncounted] == [gone], "held, and still nobody counted"


def test_a_month_without_an_activity_is_a_nudge_by_two_thirds(
    shop: Shop, clock: FixedClock
) -> None:
    assert due(shop).activity_meter.standing is Standing.NUDGE
    clock.forward(days=-6)
    assert due(shop).activity_meter.standing is Standing.OPEN, "the 19th of 30 days"
    clock.forward(days=1)
    assert due(shop).activity_meter.standing is Standing.NUDGE, "the 20th"
    this = add_activity(shop, YESTERDAY)
    assert due(shop).activity_meter.standing is Standing.OPEN
    clock.forward(days=5)
    assert due(shop).activity_meter.standing is Standing.NUDGE, "gone by, nobody said it was held"
    commands.hold_activity(shop, this, 1, 5, None)
    assert due(shop).activity_meter.standing is Standing.REACHED
    for _number in range(2):
        add_activity(shop, TODAY)
    assert due(shop).activity_meter.standing is Standing.BEYOND


def test_the_spanshows_each_day_what_is_planned_sent_and_missing(shop: Shop) -> None:
    tips.fill_bank(shop)
    topic = add_topic(shop, day=TOMORROW)
    asked = add_topic(shop, "今天的？", TOMORROW)
    note_post(shop, "topic", f"topic:{asked}", "今天的？")
    this = add_activity(shop, TODAY + timedelta(days=2), starts="9")
    add_round(shop, "周六团", cut_off=NOW + timedelta(days=1))
    found = week(shop, TODAY)
    assert (found.first.weekday(), found.last.weekday(), len(found.days)) == (0, 6, 7)
    friday, saturday, sunday = found.days[4:]
    assert friday.day == TODAY
    assert [one.id for one in friday.topics] == [asked], "it belongs to the day it was asked"
    assert [one.id for one in saturday.topics] == [topic]
    assert [one.title for one in saturday.cut_offs] == ["周六团"]
    assert [one.id for one in sunday.activities] == [this]
    assert all(day.tip is None and not day.sent for day in found.days[:4]), "gone by: missing"
    first = tip_queries.today(shop).tip
    assert friday.tip == first
    assert len({day.tip.id for day in found.days[4:] if day.tip}) == 3
    assert first is not None
    tips.send_tip(shop, first.id, "x")
    assert [one.tip_id for one in week(shop, TODAY).days[4].sent] == [first.id]
    assert week(shop, TODAY).days[4].tip is None
    later = week(shop, TODAY + timedelta(days=7))
    assert later.days[0].tip is not None
    assert later.topics.quota.done == 0


def test_residents_see_nothing_of_guests(shop: Shop, resident_shop: Shop) -> None:
    this = add_activity(shop)
    for see in (
        lambda: queries.activities(resident_shop),
        lambda: queries.activity(resident_shop, this),
        lambda: queries.guests(resident_shop, this),
        lambda: queries.tasks(resident_shop, this),
        lambda: queries.effect(resident_shop, this),
        lambda: queries.goods(resident_shop, this),
        lambda: queries.matched(resident_shop, ["小李"]),
        lambda: week(resident_shop, TODAY),
        lambda: due(resident_shop),
    ):
        with pytest.raises(Refused):
            see()
