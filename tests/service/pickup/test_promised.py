"""Owed goods at the pick list and the pickup desk: with the next order, or by themselves (R29)."""

import threading
from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.service.owed.commands import give_owed, undo_give
from lib.service.picking.commands import mark_picked, unmark_picked
from lib.service.picking.queries import (
    PickRow,
    Scope,
    owed_alone,
    pack_slips,
    pick_list,
    pickup_days,
)
from lib.service.pickup.commands import hand_over, undo_handover, undo_last_handover
from lib.service.pickup.promised.queries import (
    acts_of_today,
    meant_by,
    waiting_of,
    without_order,
)
from lib.service.pickup.queries import bag_of, desk_search, kept_bags, staying, waiting
from lib.shop.shop import Shop
from lib.supply.stock.checks.queries import check_sums
from tests.conftest import NOW
from tests.service.cast import TODAY
from tests.service.owed import cast
from tests.service.owed.cast import Owing, set_up
from tests.service.owed.test_commands import change
from tests.supply.cast import add_batch

DAY = timedelta(days=1)
TODAYS = Scope(day=TODAY)


@pytest.fixture
def owing(shop: Shop) -> Owing:
    """小李 and 王姐, eggs and greens in stock."""
    return set_up(shop)


def eggs_row(owing: Owing, scope: Scope = TODAYS) -> PickRow:
    return next(row for row in pick_list(owing.shop, scope) if row.product_id == owing.eggs)


def test_the_pick_list_adds_what_is_owed_and_marks_it(owing: Owing) -> None:
    owing.owe(2)
    owing.owe(1, member=owing.wang)
    owing.order(owing.li, 11)
    row = eggs_row(owing)
    assert (row.quantity, row.owed, row.to_pick, row.orders) == (4, 3, 4, 1)
    assert dict(row.buildings) == {"3": 2, "": 2}, "as one walks"


def test_a_tick_is_kept_for_owed_goods_too_and_taken_off_again(owing: Owing) -> None:
    owed = owing.owe(2)
    owing.order(owing.li, 11)
    assert mark_picked(owing.shop, TODAYS, owing.eggs) == 2
    assert cast.row(owing.shop, owed).picked == 2
    assert eggs_row(owing).done
    late = owing.owe(1, member=owing.wang)
    assert eggs_row(owing).to_pick == 1, "what was promised since shows up as still to put out"
    assert unmark_picked(owing.shop, TODAYS, owing.eggs) == 2
    assert [cast.row(owing.shop, one).picked for one in (owed, late)] == [0, 0]


def test_slots_and_rounds_have_only_what_goes_with_their_orders(owing: Owing) -> None:
    owing.owe(2)
    owing.owe(1, member=owing.wang)
    owing.order(owing.li, 11, pickup_slot="evening")
    assert eggs_row(owing, Scope(day=TODAY, slot="evening")).owed == 2
    assert pick_list(owing.shop, Scope(day=TODAY, slot="noon")) == []
    assert [one.member_id for one in owed_alone(owing.shop, TODAY)] == [owing.wang]


def test_a_day_of_owed_goods_only_can_be_picked(owing: Owing) -> None:
    owing.owe(planned_on=TODAY + 2 * DAY)
    assert pickup_days(owing.shop) == [(TODAY + 2 * DAY, 0)]
    assert eggs_row(owing, Scope(day=TODAY + 2 * DAY)).owed == 1


def test_slip_card_and_lists_show_them_with_the_order(owing: Owing) -> None:
    owed = owing.owe(2)
    order, _lines = owing.order(owing.li, 11)
    (slip,) = pack_slips(owing.shop, TODAYS)
    bag = bag_of(owing.shop, order)
    assert bag is not None
    for found in (slip, bag, *desk_search(owing.shop, "小李"), *waiting(owing.shop, TODAY)):
        assert [one.id for one in found.owed] == [owed]
    assert without_order(owing.shop, TODAY) == []


def test_all_of_it_goes_in_one_touch_and_comes_back_in_one(owing: Owing) -> None:
    owed = owing.owe(2)
    order, _lines = owing.order(owing.li, 11)
    ids = hand_over(owing.shop, order)
    assert cast.row(owing.shop, owed).settled_at == NOW
    assert cast.on_hand(owing.shop, owing.batch) == 27
    (act,) = acts_of_today(owing.shop)
    assert (act.goods, act.owed, act.number) == (("土鸡蛋 1盒",), ("土鸡蛋 2盒",), 11)
    undo_handover(owing.shop, ids)
    assert cast.seen(owing.shop, owed).open == 2
    assert cast.on_hand(owing.shop, owing.batch) == 30
    assert acts_of_today(owing.shop) == []
    assert check_sums(owing.shop) == ()


def test_a_part_leaves_them_unless_they_are_chosen(owing: Owing) -> None:
    owed = owing.owe(2)
    order, (line,) = owing.order(owing.li, 11)
    greens = owing.owe_greens(500)
    hand_over(owing.shop, order, {line: 0}, {owed: 1})
    assert cast.seen(owing.shop, owed).open == 1
    hand_over(owing.shop, order, {line: 1})
    assert cast.seen(owing.shop, greens).order_id is None, "they wait for the next order again"
    with pytest.raises(Refused, match="already handed this over"):
        hand_over(owing.shop, order, {line: 1}, {owed: 1})


def test_they_may_be_left_out_of_all(owing: Owing) -> None:
    owed = owing.owe(2)
    order, _lines = owing.order(owing.li, 11)
    hand_over(owing.shop, order, None, {})
    assert cast.seen(owing.shop, owed).open == 2


def test_what_goes_with_another_order_is_refused(owing: Owing) -> None:
    others = owing.owe(member=owing.wang)
    order, (line,) = owing.order(owing.li, 11)
    with pytest.raises(Refused, match="do not go with this order"):
        hand_over(owing.shop, order, {line: 1}, {others: 1})
    with pytest.raises(Refused):
        hand_over(owing.shop, order, {line: 0}, {others: 0})
    assert cast.rows(owing.shop, schema.handover) == []


def test_undoing_one_of_two_givings_at_one_moment_takes_back_its_own(owing: Owing) -> None:
    """The clock stands still: what was given at the same moment by itself stays given."""
    first, second = owing.owe(1), owing.owe(2)
    order, (line,) = owing.order(owing.li, 11)
    hand_over(owing.shop, order, {line: 0}, {first: 1})
    ids = hand_over(owing.shop, order)
    assert cast.open_ids(owing.shop) == []
    undo_handover(owing.shop, ids)
    assert cast.open_ids(owing.shop) == [second]
    (alone,) = acts_of_today(owing.shop)
    assert (alone.ids, alone.owed, alone.number) == ((), ("土鸡蛋 1盒",), None)
    undo_give(owing.shop, alone.owed_ids)
    assert cast.open_ids(owing.shop) == [first, second]
    hand_over(owing.shop, order)
    undo_last_handover(owing.shop, order)
    assert cast.open_ids(owing.shop) == [first, second]


def test_owed_goods_of_a_stopped_batch_stay_and_hold_nothing_else_up(owing: Owing) -> None:
    greens, eggs = owing.owe_greens(500), owing.owe(1)
    order, _lines = owing.order(owing.li, 11)
    bag = bag_of(owing.shop, order)
    assert bag is not None
    change(owing, schema.batch, owing.greens_batch, stopped_at=NOW)
    hand_over(owing.shop, order)
    assert [one.id for one in staying(owing.shop, bag)] == [greens]
    assert cast.open_ids(owing.shop) == [greens]
    assert cast.on_hand(owing.shop, owing.batch) == 28
    undo_last_handover(owing.shop, order)
    assert sorted(cast.open_ids(owing.shop)) == sorted([greens, eggs])


def test_what_the_order_takes_is_not_left_for_owed_goods(owing: Owing) -> None:
    """The last good box goes to who ordered; the owed one of the stopped batch stays."""
    owed = owing.owe(30)
    order, _lines = owing.order(owing.li, 11)
    stopped = add_batch(owing.shop, owing.eggs, 5, stopped_at=NOW)
    hand_over(owing.shop, order)
    assert cast.open_ids(owing.shop) == [owed]
    assert cast.on_hand(owing.shop, owing.batch) == 29
    assert cast.on_hand(owing.shop, stopped) == 5


def test_stopped_goods_that_were_ordered_or_chosen_are_refused(owing: Owing) -> None:
    owed = owing.owe_greens(500)
    order, (line,) = owing.order(owing.li, 11)
    change(owing, schema.batch, owing.greens_batch, stopped_at=NOW)
    with pytest.raises(Refused, match="青菜"):
        hand_over(owing.shop, order, {line: 1}, {owed: 500})
    change(owing, schema.batch, owing.batch, stopped_at=NOW)
    with pytest.raises(Refused, match="土鸡蛋"):
        hand_over(owing.shop, order)
    assert cast.rows(owing.shop, schema.handover) == []


def test_who_has_no_order_is_found_and_expected_today(owing: Owing) -> None:
    owed, later = owing.owe(2), owing.owe(1, member=owing.wang, planned_on=TODAY + DAY)
    (one,) = without_order(owing.shop, TODAY)
    assert (one.name, str(one.home), one.phone_tail) == ("小李", "3-201", "0831")
    assert [each.id for each in one.owed] == [owed]
    for text in ("小李", "xl", "xiaoli", "0831", "13800000831", "3-201", "201"):
        assert [each.member_id for each in meant_by(owing.shop, text)] == [owing.li], text
    assert [each.owed[0].id for each in meant_by(owing.shop, "王姐")] == [later]
    assert meant_by(owing.shop, "nobody") == meant_by(owing.shop, "") == []
    found = waiting_of(owing.shop, owing.li)
    assert found is not None
    assert found.day == TODAY
    assert waiting_of(owing.shop, 99) is None


def test_with_an_order_they_have_no_card_of_their_own(owing: Owing) -> None:
    owing.owe(2)
    owing.order(owing.li, 11, pickup_day=TODAY + DAY)
    assert without_order(owing.shop, TODAY) == meant_by(owing.shop, "小李") == []


def test_they_are_expected_every_day_until_they_are_given(owing: Owing, clock: FixedClock) -> None:
    owed = owing.owe(planned_on=TODAY)
    clock.moment += 3 * DAY
    (one,) = without_order(owing.shop, owing.shop.today)
    assert one.day == TODAY + 3 * DAY
    give_owed(owing.shop, owed)
    assert without_order(owing.shop, owing.shop.today) == []


def test_what_waits_from_yesterday_takes_them_along(owing: Owing) -> None:
    owed = owing.owe(1)
    owing.order(owing.li, 11, pickup_day=TODAY - DAY)
    ((bag, _until),) = kept_bags(owing.shop)
    assert [one.id for one in bag.owed] == [owed]
    assert eggs_row(owing).owed == 1, "it is put out today"


def test_two_at_the_counter_never_give_owed_goods_twice(owing: Owing) -> None:
    owed = owing.owe(1)
    order, _lines = owing.order(owing.li, 11)
    done: list[object] = []

    def give() -> None:
        try:
            done.append(hand_over(owing.shop, order))
        except Refused as error:
            done.append(error)

    def alone() -> None:
        try:
            done.append(give_owed(owing.shop, owed))
        except Refused as error:
            done.append(error)

    both = [threading.Thread(target=one) for one in (give, alone, give)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [row.quantity for row in cast.rows(owing.shop, schema.owed_handover)] == [1]
    assert cast.on_hand(owing.shop, owing.batch) in (28, 29)
    assert check_sums(owing.shop) == ()


def test_only_the_desk_reads_it(resident_shop: Shop) -> None:
    for read in (
        lambda: without_order(resident_shop, TODAY),
        lambda: waiting_of(resident_shop, 1),
        lambda: meant_by(resident_shop, "小李"),
        lambda: acts_of_today(resident_shop),
    ):
        with pytest.raises(Refused):
            read()
