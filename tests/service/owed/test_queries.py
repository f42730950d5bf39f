"""What is owed, with the order it joins: read in the words of the desk (R29)."""

from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.members.profiles.commands import merge_members
from lib.service.owed import commands, queries
from lib.service.pickup.commands import hand_over
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.cast import TODAY, refund_line
from tests.service.owed import cast
from tests.service.owed.cast import Owing
from tests.service.owed.test_commands import change

DAY = timedelta(days=1)


def test_they_wait_for_today_or_their_day_while_there_is_no_order(owing: Owing) -> None:
    friday = TODAY + 3 * DAY
    now, later = owing.owe(), owing.owe(planned_on=friday)
    one = cast.seen(owing.shop, now)
    assert (one.order_id, one.pick_day, str(one.home), one.name) == (None, TODAY, "3-201", "小李")
    assert cast.seen(owing.shop, later).pick_day == friday


def test_they_join_the_next_order_by_themselves(owing: Owing) -> None:
    owed = owing.owe(planned_on=TODAY + 9 * DAY)
    tomorrow, _lines = owing.order(owing.li, 12, pickup_day=TODAY + DAY, pickup_slot="noon")
    one = cast.seen(owing.shop, owed)
    assert (one.order_id, one.pick_day, one.slot) == (tomorrow, TODAY + DAY, "noon")
    today, _lines = owing.order(owing.li, 11)
    assert cast.seen(owing.shop, owed).order_id == today
    assert cast.seen(owing.shop, owing.owe(member=owing.wang)).order_id is None


def test_an_order_that_is_collected_cancelled_or_paid_back_takes_nothing_along(
    owing: Owing,
) -> None:
    owed = owing.owe()
    done, _lines = owing.order(owing.li, 11)
    hand_over(owing.shop, done, {_lines[0]: 1})
    assert cast.seen(owing.shop, owed).order_id is None
    gone, _lines = owing.order(owing.li, 12)
    change(owing, schema.customer_order, gone, status="cancelled")
    assert cast.seen(owing.shop, owed).order_id is None
    back, (line,) = owing.order(owing.li, 13)
    assert cast.seen(owing.shop, owed).order_id == back
    refund_line(owing.shop, back, line, owing.li, 1980)
    assert cast.seen(owing.shop, owed).order_id is None


def test_an_order_that_waits_from_yesterday_takes_them_along_today(owing: Owing) -> None:
    owed = owing.owe()
    late, _lines = owing.order(owing.li, 11, pickup_day=TODAY - DAY)
    one = cast.seen(owing.shop, owed)
    assert (one.order_id, one.pick_day, one.slot) == (late, TODAY, None)
    change(owing, schema.customer_order, late, pickup_day=TODAY - 15 * DAY)
    assert cast.seen(owing.shop, owed).order_id is None


def test_of_merged_members_they_join_the_order_of_the_one_that_is_kept(owing: Owing) -> None:
    owed = owing.owe(member=owing.wang)
    order, _lines = owing.order(owing.li, 11)
    merge_members(owing.shop, owing.li, owing.wang, (1, 1))
    one = cast.seen(owing.shop, owed)
    assert (one.order_id, one.member_id, one.name) == (order, owing.li, "小李")
    assert [past.id for past in queries.owed_of(owing.shop, owing.li)] == [owed]


def test_the_past_says_what_became_of_it(owing: Owing) -> None:
    given, gone = owing.owe(2), owing.owe()
    commands.give_owed(owing.shop, given)
    commands.cancel_owed(owing.shop, gone, 1, "不要了")
    second, first = queries.owed_of(owing.shop, owing.li)
    assert (first.given, first.settled_at, first.cancelled_at) == (2, NOW, None)
    assert (second.cancelled_at, second.cancel_reason) == (NOW, "不要了")
    assert queries.owed_for_case(owing.shop, 1) == ()


def test_by_age_for_today(owing: Owing, clock: FixedClock) -> None:
    owing.owe()
    clock.moment += 6 * DAY
    owing.owe()
    due = queries.due(owing.shop)
    assert (due.count, len(due.late), len(due.soon)) == (2, 0, 1)
    clock.moment += DAY + timedelta(seconds=1)
    due = queries.due(owing.shop)
    assert (due.count, len(due.late), len(due.soon)) == (2, 1, 0)


def test_only_the_desk_reads_it(resident_shop: Shop) -> None:
    for read in (
        lambda: queries.open_now(resident_shop),
        lambda: queries.owed_of(resident_shop, 1),
        lambda: queries.due(resident_shop),
    ):
        with pytest.raises(Refused):
            read()
