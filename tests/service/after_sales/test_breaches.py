"""Promises that ran out are written down once, whoever looks and whenever (R26, R27, R29)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.service.after_sales import commands, queries
from lib.service.after_sales.breaches.queries import breached
from lib.service.after_sales.merging.commands import merge_cases
from tests.conftest import NOW
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, breaches, opened, record, rows, version
from tests.service.cast import put

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_nothing_is_written_while_nothing_ran_out(bought: Bought, clock: FixedClock) -> None:
    """Exactly at its moment a promise is still kept; a look without a find leaves no trace."""
    case_id = opened(bought)
    written = len(rows(bought.shop, schema.journal))
    for forward in (timedelta(0), HOUR):
        clock.forward(seconds=forward.total_seconds())
        assert record(bought.shop) == 0

    assert breaches(bought.shop, case_id) == []
    assert len(rows(bought.shop, schema.journal)) == written


def test_a_promise_that_ran_out_is_written_though_nobody_looks(
    bought: Bought, clock: FixedClock
) -> None:
    case_id = opened(bought)
    clock.forward(minutes=60, seconds=1)
    assert record(bought.shop) == 1
    clock.forward(days=3)
    assert record(bought.shop) == 1
    assert record(bought.shop) == 0

    kept = rows(bought.shop, schema.case_breach, case_id=case_id)
    assert [(each.clock, each.due_at) for each in kept] == [
        ("reply", NOW + HOUR),
        ("solution", NOW + DAY),
    ]
    assert cast.kinds(bought.shop, case_id).count("breach") == 2


def test_a_clock_met_late_between_two_looks_is_written_by_what_met_it(
    bought: Bought, clock: FixedClock
) -> None:
    """The program looked at 10:30, the reply came at 11:31, the next look is at noon."""
    case_id = opened(bought)
    record(bought.shop)
    clock.forward(minutes=61)
    cast.reply(bought.shop, case_id)
    clock.forward(minutes=29)

    assert record(bought.shop) == 0
    assert breaches(bought.shop, case_id) == [("reply", 1)]


def test_a_solution_that_came_late_broke_both_promises(bought: Bought, clock: FixedClock) -> None:
    case_id = opened(bought)
    clock.forward(hours=25)
    cast.solve(bought.shop, case_id)

    assert record(bought.shop) == 0
    assert breaches(bought.shop, case_id) == [("reply", 1), ("solution", 1)]


def test_a_late_report_typed_in_afterwards_is_late_at_once(bought: Bought) -> None:
    """The resident wrote two hours ago: the hour was over before anybody typed it in."""
    case_id = opened(bought, minutes_ago=120)

    assert breaches(bought.shop, case_id) == [("reply", 1)]


def test_while_a_photo_is_awaited_the_solution_does_not_run_out(
    bought: Bought, clock: FixedClock
) -> None:
    case_id = opened(bought)
    clock.forward(hours=23)
    cast.ask(bought.shop, case_id)
    for _ in range(5):
        clock.forward(days=1)
        record(bought.shop)
    assert ("solution", 1) not in breaches(bought.shop, case_id)

    commands.resume(bought.shop, case_id, version(bought.shop, case_id))
    clock.forward(hours=1)
    record(bought.shop)
    assert ("solution", 1) not in breaches(bought.shop, case_id)
    clock.forward(seconds=1)
    assert record(bought.shop) == 1


def test_a_breach_before_the_pause_stays_and_is_written_although_it_waits(
    bought: Bought, clock: FixedClock
) -> None:
    case_id = opened(bought)
    clock.forward(hours=25)
    cast.ask(bought.shop, case_id)
    assert breaches(bought.shop, case_id) == [("reply", 1), ("solution", 1)]

    clock.forward(days=2)
    record(bought.shop)
    assert cast.turn(bought.shop, case_id).solve_due_at == NOW + DAY
    assert len(breaches(bought.shop, case_id)) == 2
    case = queries.case_of(bought.shop, case_id)
    assert case is not None
    assert case.solution.left(clock.now()) == DAY - timedelta(hours=73)


def owe(bought: Bought, case_id: int, **values: object) -> int:
    """Promise a tray of eggs within a week."""
    plain = {
        "member_id": bought.li,
        "case_id": case_id,
        "product_id": bought.eggs,
        "product_name": "土鸡蛋",
        "sale_unit": "板",
        "source": "case",
        "quantity": 1,
        "due_at": NOW + 7 * DAY,
        "created_at": NOW,
    }
    return put(bought.shop, schema.owed_goods, **{**plain, **values})


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ({}, True),
        ({"settled_at": NOW + 7 * DAY}, False),
        ({"settled_at": NOW + 7 * DAY + HOUR}, True),
        ({"cancelled_at": NOW + DAY, "cancel_reason": "不要了"}, False),
        ({"cancelled_at": NOW + 8 * DAY, "cancel_reason": "没货"}, True),
    ],
)
def test_owed_goods_have_a_clock_of_their_own(
    bought: Bought, clock: FixedClock, values: dict[str, object], written: bool
) -> None:
    """Given late between two looks counts; given or given up in time does not."""
    case_id = opened(bought)
    cast.solve(bought.shop, case_id)
    owed_id = owe(bought, case_id, **values)
    clock.forward(days=9)
    record(bought.shop)
    record(bought.shop)

    kept = rows(bought.shop, schema.case_breach, case_id=case_id)
    assert [(each.clock, each.owed_id) for each in kept] == (
        [("delivery", owed_id)] if written else []
    )


def test_owed_goods_are_late_a_minute_after_their_moment(bought: Bought, clock: FixedClock) -> None:
    """Also on the same day: moments are compared as moments, not as text."""
    case_id = opened(bought)
    cast.solve(bought.shop, case_id)
    owe(bought, case_id, due_at=clock.now() + timedelta(minutes=5))
    clock.forward(minutes=5)
    assert record(bought.shop) == 0
    clock.forward(minutes=1)
    assert record(bought.shop) == 1


def test_a_double_of_another_complaint_told_at_the_same_minute_hides_nothing(
    bought: Bought, clock: FixedClock
) -> None:
    other, keep, drop = opened(bought, 50), opened(bought, 40), opened(bought, 50)
    merge_cases(bought.shop, keep, drop)
    clock.forward(minutes=11)
    cast.reply(bought.shop, keep)
    cast.solve(bought.shop, other)

    assert breaches(bought.shop, other) == [("reply", 1)]
    assert breaches(bought.shop, drop) == [("reply", 1)]


def test_doubles_of_doubles_of_doubles_are_looked_through_to_the_last(
    bought: Bought, clock: FixedClock
) -> None:
    """Seven reports of one thing, each joined with the next: one promise, put down once."""
    first = opened(bought, 70)
    record(bought.shop)
    assert breaches(bought.shop, first) == [("reply", 1)]
    chain = [first, *(opened(bought, 5) for _each in range(6))]
    for drop, keep in pairwise(chain):
        merge_cases(bought.shop, keep, drop)
    assert record(bought.shop) == 0
    clock.forward(minutes=30)
    assert record(bought.shop) == 0
    assert [breaches(bought.shop, case_id) for case_id in chain[1:]] == [[]] * 6
    assert breaches(bought.shop, first) == [("reply", 1)]


def test_two_processes_that_look_at_once_write_each_promise_once(
    bought: Bought, clock: FixedClock
) -> None:
    cases = [opened(bought) for _ in range(4)]
    clock.forward(days=2)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _each: record(bought.shop), range(4)))

    assert sum(counts) == 8
    for case_id in cases:
        assert breaches(bought.shop, case_id) == [("reply", 1), ("solution", 1)]


def test_only_the_program_itself_writes_them(bought: Bought, clock: FixedClock) -> None:
    opened(bought)
    clock.forward(days=2)
    with pytest.raises(Refused):
        commands.record_breaches(bought.shop)


def test_breaches_of_many_cases_are_read_at_once(bought: Bought, clock: FixedClock) -> None:
    one, two = opened(bought), opened(bought)
    cast.reply(bought.shop, two)
    clock.forward(days=2)
    record(bought.shop)
    with bought.shop.read() as connection:
        found = breached(connection, [one, two])

    assert [each.clock for each in found[one]] == ["reply", "solution"]
    assert [each.clock for each in found[two]] == ["solution"]
