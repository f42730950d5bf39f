"""Two cases of one complaint joined as one, and taken apart again (R28)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.service.after_sales import commands, queries
from lib.service.after_sales.breaches.queries import breached
from lib.service.after_sales.merging.commands import merge_cases, undo_merge
from lib.service.after_sales.merging.rules import Clocks, as_kept, as_read, joined, restored
from lib.shop.files import photos
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, breaches, opened, row, turn, version
from tests.service.cast import put

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOOKED_AT = ("status", "reported_at", "reply_due_at", "first_reply_at", "first_reply_by", "turn")


def stands(shop: Shop, case_id: int) -> tuple[Any, ...]:
    """All of a case that joining may touch."""
    kept, now = row(shop, case_id), turn(shop, case_id, row(shop, case_id).turn)
    pauses = cast.rows(shop, schema.case_pause, case_id=case_id)
    return (
        *(kept._mapping[name] for name in LOOKED_AT),
        now.started_at,
        now.solve_due_at,
        tuple((each.from_at, each.to_at) for each in pauses),
    )


def test_the_kept_case_has_the_earlier_report_promises_and_first_reply(bought: Bought) -> None:
    later, earlier = opened(bought, 10), opened(bought, 50)
    cast.reply(bought.shop, earlier)
    merge_cases(bought.shop, later, earlier)

    kept = row(bought.shop, later)
    assert (kept.reported_at, kept.reply_due_at) == (
        NOW - timedelta(minutes=50),
        NOW + timedelta(minutes=10),
    )
    assert kept.first_reply_at == NOW
    assert turn(bought.shop, later).solve_due_at == NOW + DAY - timedelta(minutes=50)
    gone = row(bought.shop, earlier)
    assert (gone.status, gone.merged_into) == ("merged", later)


def test_the_one_that_was_joined_leaves_the_overdue_list(bought: Bought, clock: FixedClock) -> None:
    keep, drop = opened(bought), opened(bought)
    merge_cases(bought.shop, keep, drop)
    clock.forward(days=2)
    cast.record(bought.shop)

    assert [card.id for card in queries.board(bought.shop)] == [keep]
    assert [card.id for card in queries.due(bought.shop).solutions] == [keep]
    with bought.shop.read() as connection:
        found = breached(connection, [keep])[keep]
    assert [each.clock for each in found] == ["reply", "solution"]


def test_breaches_of_both_stay_visible_and_are_not_doubled(
    bought: Bought, clock: FixedClock
) -> None:
    late, young = opened(bought, 120), opened(bought)
    merge_cases(bought.shop, young, late)
    clock.forward(hours=3)
    cast.record(bought.shop)

    case = queries.case_of(bought.shop, young)
    assert case is not None
    assert [(each.case_id, each.clock) for each in case.breaches] == [(late, "reply")]
    assert case.reply.left(clock.now()) == timedelta(hours=-4)


def test_all_of_both_is_read_as_one_case(bought: Bought) -> None:
    keep, drop = opened(bought, said="坏了三个"), opened(bought, said="鸡蛋坏了")
    commands.add_note(bought.shop, drop, "电话里说的")
    merge_cases(bought.shop, keep, drop)

    case, same = queries.case_of(bought.shop, keep), queries.case_of(bought.shop, drop)
    assert case is not None
    assert case == same
    said = {entry.text for entry in case.entries}
    assert {"坏了三个", "鸡蛋坏了", "电话里说的"} <= said
    assert [each.id for each in case.merged] == [drop]


@pytest.mark.parametrize("paused", ["neither", "the kept", "the other"])
def test_taken_apart_both_stand_as_before(bought: Bought, clock: FixedClock, paused: str) -> None:
    keep, drop = opened(bought, 5), opened(bought, 30)
    if paused != "neither":
        cast.ask(bought.shop, keep if paused == "the kept" else drop)
    clock.forward(minutes=5)
    before = stands(bought.shop, keep), stands(bought.shop, drop)
    merge_id = merge_cases(bought.shop, keep, drop)
    clock.forward(hours=2)
    undo_merge(bought.shop, merge_id)

    assert (stands(bought.shop, keep), stands(bought.shop, drop)) == before
    assert queries.case_of(bought.shop, keep) != queries.case_of(bought.shop, drop)


def test_a_promise_that_ran_out_while_joined_belongs_to_whose_it_was(
    bought: Bought, clock: FixedClock
) -> None:
    """Joined for two hours by mistake: the older one's hour was over, the younger one's not."""
    young, old = opened(bought), opened(bought, 50)
    merge_id = merge_cases(bought.shop, young, old)
    clock.forward(minutes=20)
    cast.record(bought.shop)
    undo_merge(bought.shop, merge_id)
    cast.record(bought.shop)
    assert (breaches(bought.shop, young), breaches(bought.shop, old)) == ([], [("reply", 1)])

    clock.forward(minutes=45)
    cast.record(bought.shop)
    assert breaches(bought.shop, young) == [("reply", 1)]


def test_a_reply_given_while_joined_stays_with_the_kept_one(
    bought: Bought, clock: FixedClock
) -> None:
    keep, drop = opened(bought), opened(bought)
    cast.reply(bought.shop, drop)
    merge_id = merge_cases(bought.shop, keep, drop)
    clock.forward(minutes=5)
    cast.reply(bought.shop, keep)
    undo_merge(bought.shop, merge_id)

    assert row(bought.shop, keep).first_reply_at == NOW + timedelta(minutes=5)
    assert row(bought.shop, drop).first_reply_at == NOW


def test_a_reply_while_joined_that_came_too_late_is_a_broken_promise_of_both(
    bought: Bought, clock: FixedClock
) -> None:
    keep, drop = opened(bought, 40), opened(bought, 50)
    merge = merge_cases(bought.shop, keep, drop)
    clock.forward(minutes=21)
    cast.reply(bought.shop, keep)
    undo_merge(bought.shop, merge)
    cast.solve(bought.shop, keep)

    assert (breaches(bought.shop, keep), breaches(bought.shop, drop)) == (
        [("reply", 1)],
        [("reply", 1)],
    )


def test_the_photo_that_was_awaited_may_have_come_with_the_other(
    bought: Bought, clock: FixedClock
) -> None:
    keep, drop = opened(bought), opened(bought)
    cast.ask(bought.shop, keep)
    clock.forward(hours=1)
    commands.add_photo(bought.shop, drop, photos.put(bought.shop.place, cast.photo(1)))
    merge_cases(bought.shop, keep, drop)

    assert row(bought.shop, keep).status == "working"
    assert turn(bought.shop, keep).solve_due_at == NOW + DAY
    card = queries.board(bought.shop)[0]
    assert card.photos == 1


def test_a_case_for_which_something_was_given_is_not_silently_joined(bought: Bought) -> None:
    keep, drop = opened(bought), opened(bought)
    remedy = {"case_id": drop, "turn": 1, "kind": "refund", "amount_fen": 288, "at": NOW}
    put(bought.shop, schema.case_remedy, **remedy)
    with pytest.raises(Refused, match="Something was given for"):
        merge_cases(bought.shop, keep, drop)
    merge_cases(bought.shop, keep, drop, remedies_too=True)

    case = queries.case_of(bought.shop, keep)
    assert case is not None
    assert [(each.case_id, each.amount.fen) for each in case.remedies] == [(drop, 288)]


def test_a_solution_the_other_had_is_no_promise_that_runs_out(
    bought: Bought, clock: FixedClock
) -> None:
    """Solved the day before yesterday; today the same person writes again."""
    old = opened(bought)
    cast.solve(bought.shop, old)
    clock.forward(days=2)
    young = opened(bought)
    merge_cases(bought.shop, young, old)

    assert turn(bought.shop, young).solve_due_at == NOW + 3 * DAY
    assert cast.record(bought.shop) == 0


def test_what_cannot_be_joined(bought: Bought) -> None:
    one, two = opened(bought), opened(bought)
    hers = commands.open_case(bought.shop, cast.new(bought.others))
    with pytest.raises(Refused, match="two different"):
        merge_cases(bought.shop, one, one)
    with pytest.raises(Refused, match="different residents"):
        merge_cases(bought.shop, one, hers)
    with pytest.raises(NotFound):
        merge_cases(bought.shop, one, 999)
    seen = version(bought.shop, one), version(bought.shop, two)
    cast.reply(bought.shop, two)
    with pytest.raises(Conflict, match="answered this case"):
        merge_cases(bought.shop, one, two, versions=seen)
    cast.solve(bought.shop, one)
    with pytest.raises(Refused, match="solved already"):
        merge_cases(bought.shop, one, two)


def test_what_cannot_be_taken_apart(bought: Bought) -> None:
    keep, one, two = (opened(bought) for _ in range(3))
    first, second = merge_cases(bought.shop, keep, one), merge_cases(bought.shop, keep, two)
    with pytest.raises(Refused, match="joined with it later"):
        undo_merge(bought.shop, first)
    undo_merge(bought.shop, second)
    with pytest.raises(Refused, match="apart already"):
        undo_merge(bought.shop, second)
    with pytest.raises(NotFound):
        undo_merge(bought.shop, 999)
    cast.solve(bought.shop, keep)
    with pytest.raises(Refused, match="stays one case"):
        undo_merge(bought.shop, first)


def test_nothing_more_is_done_to_a_case_that_is_part_of_another(bought: Bought) -> None:
    keep, drop = opened(bought), opened(bought)
    merge_cases(bought.shop, keep, drop)

    with pytest.raises(Conflict, match="part of A0001"):
        cast.reply(bought.shop, drop)


def test_doubles_are_suggested_by_purchase_and_by_day(bought: Bought, clock: FixedClock) -> None:
    same = opened(bought)
    hers = commands.open_case(bought.shop, cast.new(bought.others))
    other = commands.open_case(bought.shop, cast.new(bought.by_weight, counted_in=None, bad=None))
    found = queries.similar_open(bought.shop, bought.li, bought.line, besides=same)
    assert [card.id for card in found] == [other]
    clock.forward(days=2)
    found = queries.similar_open(bought.shop, bought.li, bought.line)
    assert [card.id for card in found] == [same]
    assert hers not in {card.id for card in found}
    assert queries.similar_open(bought.shop, None, None) == ()


moments = st.integers(0, 5000).map(lambda minutes: NOW + timedelta(minutes=minutes))
replies = st.one_of(st.none(), moments)
clocks = st.builds(
    Clocks, moments, moments, replies, st.one_of(st.none(), st.integers(1, 3)), moments, moments
)


@effort(max_examples=50)
@given(clocks, clocks)
def test_joining_delays_no_promise_and_is_taken_back_exactly(keep: Clocks, drop: Clocks) -> None:
    merged = joined(keep, drop)

    assert merged.reply_due_at == min(keep.reply_due_at, drop.reply_due_at)
    assert merged.solve_due_at <= keep.solve_due_at
    given_replies = [each.first_reply_at for each in (keep, drop) if each.first_reply_at]
    assert merged.first_reply_at == min(given_replies, default=None)
    assert as_read(as_kept(merged)) == merged
    assert restored(keep, merged, merged) == keep


def test_a_promise_moved_while_joined_stays_moved() -> None:
    keep = Clocks(NOW, NOW + HOUR, None, None, NOW, NOW + DAY)
    merged = joined(keep, replace(keep, solve_due_at=NOW + HOUR))
    moved = replace(merged, solve_due_at=NOW + 2 * HOUR)

    assert restored(keep, merged, moved).solve_due_at == NOW + 2 * HOUR
