"""When pending points become available, and which wait (R36)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from lib.members.points import queries
from lib.members.points.commands import settle_points
from lib.members.points.queries import MOST_WAITING
from lib.members.points.rules import Waits
from lib.members.points.settling import commands as settling
from lib.service.after_sales.commands import open_case, withdraw
from lib.service.pickup.commands import hand_over, undo_last_handover
from lib.shop.shop import Shop
from lib.trade.payments.commands import pay_order, refund_line, take_off
from tests.members.points.cast import Story, begin, by_clock, entries, moves, settle, yuan
from tests.members.points.reckoning import check
from tests.service.after_sales.cast import new


@pytest.fixture
def story(shop: Shop) -> Story:
    return begin(shop)


def clock_on(story: Story, **amount: float) -> int:
    """Let time pass and the clock look; returns how many orders it settled."""
    story.shop.clock.forward(**amount)  # type: ignore[attr-defined]
    return settle_points(by_clock(story.shop))


def test_points_are_available_when_the_window_has_closed(story: Story) -> None:
    """Bought on Friday the 25th, seven days: on Saturday of the next week, at midnight."""
    booked = story.collected(480, 520)
    assert clock_on(story, days=7) == 0
    assert clock_on(story, hours=13) == 0  # 23:30 of the last day
    assert clock_on(story, hours=1) == 1
    assert story.numbers == (10, 0)
    assert moves(story.shop, booked)[2:] == [
        ("settled", -4, 4, "after-sales time is over"),
        ("settled", -6, 6, "after-sales time is over"),
    ]
    assert clock_on(story, days=1) == 0
    check(story.shop)


def test_a_look_without_a_find_writes_nothing(story: Story) -> None:
    story.collected(1000)
    said: list[str] = []

    def note(*values: object) -> None:
        said.append(str(values[2]))

    event.listen(story.shop.store.writer, "before_cursor_execute", note)
    try:
        assert settle_points(by_clock(story.shop)) == 0
    finally:
        event.remove(story.shop.store.writer, "before_cursor_execute", note)
    assert said == []


def test_the_window_counts_from_the_last_handing_over(story: Story) -> None:
    booked = story.paid(500, 500)
    hand_over(story.shop, booked.id, {booked.lines[0]: 500})
    assert clock_on(story, days=5) == 0
    hand_over(story.shop, booked.id, {booked.lines[1]: 500})
    assert clock_on(story, days=7) == 0
    assert clock_on(story, days=1) == 1
    check(story.shop)


def test_goods_not_handed_over_keep_points_waiting_with_the_reason(story: Story) -> None:
    never, partly = story.paid(1000), story.paid(500, 500)
    hand_over(story.shop, partly.id, {partly.lines[0]: 500})
    assert clock_on(story, days=30) == 0
    shown = {one.order_id: one for one in queries.overdue(story.shop)}
    assert shown[never.id].why is Waits.NOT_HANDED
    assert shown[partly.id].why is Waits.PARTLY
    assert all(one.late and one.on is None for one in shown.values())
    assert queries.due(story.shop).waiting == 2
    assert queries.standing(story.shop, story.member).waiting == queries.overdue(story.shop)


def test_a_line_paid_back_in_full_lets_the_others_settle(story: Story) -> None:
    """It is not handed over any more (pickup with one refunded line); paid back in part it is."""
    short, partly = story.paid(500, 700), story.paid(500, 700)
    for booked in (short, partly):
        hand_over(story.shop, booked.id, {booked.lines[0]: 500})
    refund_line(story.shop, short.lines[1], yuan(700), "没货")
    refund_line(story.shop, partly.lines[1], yuan(600), "少了")
    assert clock_on(story, days=8) == 1
    assert story.numbers == (5, 6)
    (row,) = queries.overdue(story.shop)
    assert (row.order_id, row.why) == (partly.id, Waits.PARTLY)
    check(story.shop)


def test_a_line_taken_off_before_it_was_paid_lets_the_others_settle(story: Story) -> None:
    booked = story.order(500, 700)
    with story.shop.write("test.take_off") as tx:
        take_off(tx, booked.lines[1], yuan(700))
    pay_order(story.shop, booked.id)
    hand_over(story.shop, booked.id)
    assert clock_on(story, days=8) == 1
    assert story.numbers == (5, 0)
    check(story.shop)


def test_paid_after_the_handing_over_it_is_settled_all_the_same(story: Story) -> None:
    booked = story.order(1000)
    hand_over(story.shop, booked.id)
    assert clock_on(story, days=3) == 0
    pay_order(story.shop, booked.id)
    assert clock_on(story, days=5) == 1
    assert story.numbers == (10, 0)
    check(story.shop)


def test_an_open_case_keeps_points_pending(story: Story) -> None:
    booked = story.collected(1000)
    case = open_case(story.shop, new(booked.lines[0], bad=None, counted_in=None))
    assert clock_on(story, days=30) == 0
    (row,) = queries.overdue(story.shop)
    assert (row.why, row.points, row.order_id) == (Waits.CASE, 10, booked.id)
    withdraw(story.shop, case, 1, "看错了")
    assert clock_on(story, minutes=1) == 1
    assert story.numbers == (10, 0)


def test_an_undone_handover_waits_again_but_settled_stays_settled(story: Story) -> None:
    first, second = story.collected(1000), story.collected(2000)
    undo_last_handover(story.shop, first.id)
    assert clock_on(story, days=8) == 1
    assert story.numbers == (20, 10)
    undo_last_handover(story.shop, second.id)
    assert clock_on(story, days=8) == 0
    assert story.numbers == (20, 10)
    hand_over(story.shop, first.id)
    assert clock_on(story, days=8) == 1
    assert story.numbers == (30, 0)
    check(story.shop)


def test_what_happens_after_settling_moves_what_is_available(story: Story) -> None:
    booked = story.collected(1000)
    settle(story.shop)
    refund_line(story.shop, booked.lines[0], yuan(300), "晚了才说")
    assert story.numbers == (7, 0)
    assert moves(story.shop, booked)[-1][:3] == ("reversed", 0, -3)
    check(story.shop)


def test_the_day_stands_beside_what_waits(story: Story) -> None:
    booked = story.collected(1000)
    coming = story.paid(500)
    shown = {one.order_id: one for one in queries.standing(story.shop, story.member).waiting}
    assert shown[booked.id].on == story.shop.today + timedelta(days=8)
    assert (shown[booked.id].why, shown[booked.id].late) == (None, False)
    assert (shown[coming.id].why, shown[coming.id].late) == (Waits.NOT_HANDED, False)


def test_today_counts_what_becomes_available_by_tomorrow(story: Story) -> None:
    story.collected(1000)
    story.paid(1000)
    assert queries.due(story.shop) == queries.PointsDue(0, 0, 0)
    story.shop.clock.forward(days=7)  # type: ignore[attr-defined]
    assert queries.due(story.shop) == queries.PointsDue(1, 0, 0)
    assert MOST_WAITING == 1000


def test_the_window_is_the_setting(story: Story) -> None:
    story.collected(1000)
    shop = by_clock(story.shop)
    short = replace(shop, settings=replace(shop.settings, after_sales_days=2))
    shop.clock.forward(days=2)  # type: ignore[attr-defined]
    assert settle_points(short) == 0
    shop.clock.forward(days=1)  # type: ignore[attr-defined]
    assert settle_points(short) == 1


def test_one_look_settles_so_many_and_the_next_goes_on(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST_AT_ONCE", 2)
    for _ in range(3):
        story.collected(1000)
    assert [clock_on(story, days=8), clock_on(story), clock_on(story)] == [2, 1, 0]
    assert story.numbers == (30, 0)
    assert len(entries(story.shop, kind="settled")) == 3
    check(story.shop)


def test_two_processes_that_look_at_once_settle_each_order_once(story: Story) -> None:
    for _ in range(4):
        story.collected(1000)
    story.shop.clock.forward(days=8)  # type: ignore[attr-defined]
    shop = by_clock(story.shop)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: settle_points(shop), range(4)))
    assert sum(found) == 4
    assert len(entries(story.shop, kind="settled")) == 4
    assert story.numbers == (40, 0)
