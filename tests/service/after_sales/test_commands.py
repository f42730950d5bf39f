"""Opening, answering, waiting, solving, asking afterwards; and the faults of after-sales clocks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.service.after_sales import commands, queries
from lib.service.after_sales.rules import Cause, CountedIn, Defect, Result, Source, Status
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, new, opened, reply, row, turn, version
from tests.service.cast import put

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_case_knows_line_batch_supplier_and_both_moments(bought: Bought) -> None:
    case_id = commands.open_case(bought.shop, new(bought.line, minutes_ago=60))

    kept = row(bought.shop, case_id)
    assert (kept.member_id, kept.order_id, kept.product_id) == (
        bought.li,
        bought.order,
        bought.eggs,
    )
    assert (kept.batch_id, kept.supplier_id) == (bought.batch, bought.supplier)
    assert (kept.bad, kept.of_total, kept.counted_in) == (3, 60, "pieces")
    assert (kept.reported_at, kept.reply_due_at) == (NOW - HOUR, NOW)
    assert turn(bought.shop, case_id).solve_due_at == NOW + 23 * HOUR
    assert (kept.status, kept.first_reply_at) == ("new", None)
    assert cast.breaches(bought.shop, case_id) == []


def test_goods_of_several_batches_are_left_open_to_be_chosen(bought: Bought) -> None:
    case_id = commands.open_case(
        bought.shop, new(bought.by_weight, bad=300, counted_in=CountedIn.GRAMS)
    )
    case = queries.case_of(bought.shop, case_id)

    assert case is not None
    assert case.batch is None
    assert [each.id for each in case.choosable] == [bought.second, bought.third]

    commands.change_case(
        bought.shop, case_id, case.version, Defect.ROTTEN, 300, None, CountedIn.GRAMS, "烂了",
        bought.third, None,
    )  # fmt: skip
    kept = row(bought.shop, case_id)
    assert (kept.batch_id, kept.of_total) == (bought.third, 1500)
    assert kept.supplier_id is not None


def test_a_batch_of_other_goods_is_refused(bought: Bought) -> None:
    with pytest.raises(Refused, match="other goods"):
        opened(bought, batch_id=bought.second)


def test_what_was_bought_at_the_counter_needs_no_line(bought: Bought) -> None:
    case_id = commands.open_case(
        bought.shop,
        new(product_id=bought.eggs, bad=2, of_total=10, counted_in=CountedIn.PIECES),
    )

    kept = row(bought.shop, case_id)
    assert (kept.line_id, kept.product_name, kept.of_total) == (None, "土鸡蛋", 10)
    service = commands.open_case(bought.shop, new(defect=Defect.SERVICE, said="等了半小时"))
    assert row(bought.shop, service).product_id is None


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [(-1, "later than now"), (3 * 24 * 60, "before the purchase"), (31 * 24 * 60, "days ago")],
)
def test_a_report_lies_neither_ahead_nor_before_the_purchase(
    bought: Bought, minutes: int, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        opened(bought, minutes)


def test_the_purchase_of_somebody_else_is_refused(bought: Bought) -> None:
    with pytest.raises(Refused, match="Another resident"):
        opened(bought, member_id=bought.wang)


def test_a_case_of_a_merged_member_is_that_of_the_kept_one(bought: Bought) -> None:
    old = put(
        bought.shop,
        schema.member,
        nickname="李姐",
        folded_nickname="李姐",
        created_at=NOW,
        merged_into=bought.li,
    )

    assert row(bought.shop, opened(bought, member_id=old)).member_id == bought.li


def test_a_first_reply_meets_the_first_clock_only(bought: Bought, clock: FixedClock) -> None:
    case_id = opened(bought)
    clock.forward(minutes=10)
    reply(bought.shop, case_id)

    kept = row(bought.shop, case_id)
    assert (kept.first_reply_at, kept.first_reply_by) == (
        NOW + timedelta(minutes=10),
        bought.shop.actor.id,
    )
    assert kept.status == "working"
    assert turn(bought.shop, case_id).solved_at is None
    assert turn(bought.shop, case_id).solve_due_at == NOW + DAY


def test_a_second_reply_is_no_first_one(bought: Bought, clock: FixedClock) -> None:
    case_id = opened(bought)
    reply(bought.shop, case_id)
    clock.forward(hours=3)
    reply(bought.shop, case_id)

    assert row(bought.shop, case_id).first_reply_at == NOW


@pytest.mark.parametrize("status", [Status.WORKING, Status.WAITING_PHOTO])
def test_a_reply_and_a_new_state_in_one_step_still_record_the_first_reply(
    bought: Bought, status: Status
) -> None:
    case_id = opened(bought)
    reply(bought.shop, case_id, status=status)

    assert (row(bought.shop, case_id).first_reply_at, row(bought.shop, case_id).status) == (
        NOW,
        status.value,
    )


def test_solving_a_case_nobody_answered_records_the_first_reply_too(bought: Bought) -> None:
    case_id = opened(bought)
    cast.solve(bought.shop, case_id)

    kept = row(bought.shop, case_id)
    assert (kept.status, kept.first_reply_at) == ("solved", NOW)
    assert kept.follow_up_on == bought.shop.today + DAY
    assert turn(bought.shop, case_id).solved_at == NOW


def test_pausing_never_moves_the_first_clock(bought: Bought, clock: FixedClock) -> None:
    """Asked for the photo in the chat before anybody typed it in: the hour goes on all the same."""
    case_id = opened(bought)
    before = row(bought.shop, case_id).reply_due_at
    cast.ask(bought.shop, case_id)
    clock.forward(hours=5)
    commands.resume(bought.shop, case_id, version(bought.shop, case_id))

    assert row(bought.shop, case_id).reply_due_at == before
    assert turn(bought.shop, case_id).solve_due_at == NOW + DAY + 5 * HOUR


def test_pausing_twice_does_not_count_twice(bought: Bought, clock: FixedClock) -> None:
    case_id = opened(bought)
    cast.ask(bought.shop, case_id)
    clock.forward(hours=1)
    cast.ask(bought.shop, case_id)
    clock.forward(hours=2)
    commands.resume(bought.shop, case_id, version(bought.shop, case_id))

    assert turn(bought.shop, case_id).solve_due_at == NOW + DAY + 3 * HOUR
    with pytest.raises(Refused, match="No photo is awaited"):
        commands.resume(bought.shop, case_id, version(bought.shop, case_id))


def test_a_later_setting_rewrites_no_promise(bought: Bought, clock: FixedClock) -> None:
    case_id = opened(bought)
    cast.ask(bought.shop, case_id)
    shop = cast.set_to(bought.shop, solve_hours=2, reply_minutes=5)
    clock.forward(hours=1)
    commands.resume(shop, case_id, version(shop, case_id))

    assert row(shop, case_id).reply_due_at == NOW + HOUR
    assert turn(shop, case_id).solve_due_at == NOW + 25 * HOUR


def test_a_reply_while_the_photo_is_awaited_may_let_the_clock_go_on(
    bought: Bought, clock: FixedClock
) -> None:
    case_id = opened(bought)
    cast.ask(bought.shop, case_id)
    clock.forward(hours=1)
    reply(bought.shop, case_id)
    assert row(bought.shop, case_id).status == "waiting_photo"
    reply(bought.shop, case_id, status=Status.WORKING)

    assert turn(bought.shop, case_id).solve_due_at == NOW + 25 * HOUR


def test_service_hours_and_closed_days_count_when_they_are_set(
    bought: Bought, clock: FixedClock
) -> None:
    """Reported 20:30; service ends at 21:00, tomorrow is closed: answered by 7:30 the day after."""
    shop = cast.set_to(bought.shop, service_hours_on=True)
    put_closed(shop)
    clock.forward(hours=10)
    case_id = commands.open_case(shop, new(bought.line))

    assert row(shop, case_id).reply_due_at == NOW + timedelta(hours=45)
    assert turn(shop, case_id).solve_due_at > NOW + 3 * DAY


def put_closed(shop: Shop) -> None:
    """Nobody works tomorrow."""
    with shop.store.write() as connection:
        connection.execute(schema.closed_day.insert().values(day=shop.today + DAY, reason="盘点"))


def test_asked_afterwards_content_closes(bought: Bought) -> None:
    case_id = solved(bought)
    commands.follow_up(
        bought.shop, case_id, version(bought.shop, case_id), Result.SATISFIED, "很满意"
    )

    kept = row(bought.shop, case_id)
    assert (kept.status, kept.closed_at, kept.follow_up_on) == ("closed", NOW, None)


def test_no_answer_is_asked_again_or_closed(bought: Bought, clock: FixedClock) -> None:
    case_id = solved(bought)
    clock.forward(days=1)
    commands.follow_up(bought.shop, case_id, version(bought.shop, case_id), Result.NO_ANSWER)
    assert row(bought.shop, case_id).follow_up_on == bought.shop.today + DAY
    assert row(bought.shop, case_id).status == "solved"

    commands.follow_up(
        bought.shop, case_id, version(bought.shop, case_id), Result.NO_ANSWER, close=True
    )
    assert row(bought.shop, case_id).status == "closed"
    with pytest.raises(Refused, match="closed"):
        commands.follow_up(bought.shop, case_id, version(bought.shop, case_id), Result.SATISFIED)


@pytest.mark.parametrize("closed", [False, True])
def test_not_content_opens_the_same_case_again_with_its_history(
    bought: Bought, clock: FixedClock, closed: bool
) -> None:
    case_id = solved(bought)
    if closed:
        commands.follow_up(bought.shop, case_id, version(bought.shop, case_id), Result.SATISFIED)
    clock.forward(days=2)
    commands.follow_up(
        bought.shop, case_id, version(bought.shop, case_id), Result.NOT_SATISFIED, "还是坏的"
    )

    kept = row(bought.shop, case_id)
    assert (kept.status, kept.turn, kept.closed_at) == ("working", 2, None)
    assert (kept.first_reply_at, kept.reply_due_at) == (NOW, NOW + HOUR)
    assert turn(bought.shop, case_id, 1).solved_at == NOW
    again = turn(bought.shop, case_id, 2)
    assert (again.started_at, again.solve_due_at) == (NOW + 2 * DAY, NOW + 3 * DAY)
    assert "reported" in cast.kinds(bought.shop, case_id)


def test_opening_again_erases_no_breach(bought: Bought, clock: FixedClock) -> None:
    case_id = opened(bought)
    clock.forward(hours=30)
    cast.record(bought.shop)
    cast.solve(bought.shop, case_id)
    commands.reopen(bought.shop, case_id, version(bought.shop, case_id), "又坏了")
    assert cast.breaches(bought.shop, case_id) == [("reply", 1), ("solution", 1)]

    clock.forward(hours=25)
    cast.record(bought.shop)
    assert cast.breaches(bought.shop, case_id)[2:] == [("solution", 2)]


def test_withdrawn_cases_leave_the_overdue_list_but_what_ran_out_stays(
    bought: Bought, clock: FixedClock
) -> None:
    in_time, late = opened(bought), opened(bought, defect=Defect.WRONG)
    commands.withdraw(bought.shop, in_time, version(bought.shop, in_time), "看错了")
    clock.forward(hours=2)
    commands.withdraw(bought.shop, late, version(bought.shop, late), "不用了")
    clock.forward(days=9)

    assert cast.record(bought.shop) == 0
    assert (cast.breaches(bought.shop, in_time), cast.breaches(bought.shop, late)) == (
        [],
        [("reply", 1)],
    )
    due = queries.due(bought.shop)
    assert (due.replies, due.solutions, due.follow_ups, due.unmatched) == ((), (), (), ())


def test_a_withdrawn_case_opened_again_gets_a_first_reply_of_its_own(
    bought: Bought, clock: FixedClock
) -> None:
    """Nobody asked for the reply while it was withdrawn: it is due an hour after the opening."""
    case_id = opened(bought)
    commands.withdraw(bought.shop, case_id, version(bought.shop, case_id), "看错了")
    clock.forward(days=1)
    commands.reopen(bought.shop, case_id, version(bought.shop, case_id), "没看错")

    assert cast.record(bought.shop) == 0
    assert row(bought.shop, case_id).reply_due_at == NOW + DAY + HOUR


def test_a_case_for_which_something_was_given_is_not_withdrawn(bought: Bought) -> None:
    case_id = opened(bought)
    remedy = {"case_id": case_id, "turn": 1, "kind": "refund", "amount_fen": 288, "at": NOW}
    put(bought.shop, schema.case_remedy, **remedy)

    with pytest.raises(Refused, match="Take that back first"):
        commands.withdraw(bought.shop, case_id, version(bought.shop, case_id), "算了")


def test_a_solution_that_was_a_slip_never_met_the_clock(bought: Bought, clock: FixedClock) -> None:
    case_id = solved(bought)
    with bought.shop.write("case.undo_remedy") as tx:
        commands.take_back_solution(tx, commands.case_row(tx, case_id))
    clock.forward(hours=25)
    cast.record(bought.shop)

    assert row(bought.shop, case_id).status == "working"
    assert cast.breaches(bought.shop, case_id) == [("solution", 1)]


def test_a_residents_report_is_matched_with_its_purchase(bought: Bought) -> None:
    """Three of ten, they typed; the tray holds thirty, and they bought two."""
    case_id = commands.open_case(
        bought.shop,
        new(
            source=Source.PAGE,
            reporter_name="@小李",
            reporter_home="3-201",
            bad=3,
            of_total=10,
            counted_in=CountedIn.PIECES,
        ),
    )
    assert [card.id for card in queries.due(bought.shop).unmatched] == [case_id]
    commands.match_case(bought.shop, case_id, version(bought.shop, case_id), bought.li, bought.line)

    kept = row(bought.shop, case_id)
    assert (kept.member_id, kept.line_id, kept.batch_id) == (bought.li, bought.line, bought.batch)
    assert (kept.bad, kept.of_total) == (3, 60)
    assert queries.due(bought.shop).unmatched == ()


def test_a_purchase_smaller_than_what_was_counted_is_refused(bought: Bought) -> None:
    case_id = commands.open_case(bought.shop, new(bad=70, of_total=90, counted_in=CountedIn.PIECES))
    with pytest.raises(Refused, match="bought 60, not 90"):
        commands.match_case(bought.shop, case_id, version(bought.shop, case_id), None, bought.line)
    with pytest.raises(NotFound):
        commands.match_case(bought.shop, case_id, version(bought.shop, case_id), None, 999)


def test_a_cause_is_found_and_taken_back(bought: Bought) -> None:
    case_id = opened(bought)
    commands.set_cause(
        bought.shop, case_id, version(bought.shop, case_id), Cause.TRANSPORT, "车上没冰"
    )
    assert (row(bought.shop, case_id).cause, row(bought.shop, case_id).cause_note) == (
        "transport",
        "车上没冰",
    )
    commands.set_cause(bought.shop, case_id, version(bought.shop, case_id), None)
    assert row(bought.shop, case_id).cause == ""


SECOND: dict[str, Callable[[Shop, int, int], Any]] = {
    "reply": lambda shop, case, seen: commands.reply(shop, case, seen, "收到"),
    "ask_photo": lambda shop, case, seen: commands.ask_photo(shop, case, seen, "请拍照"),
    "withdraw": lambda shop, case, seen: commands.withdraw(shop, case, seen, "算了"),
    "cause": lambda shop, case, seen: commands.set_cause(shop, case, seen, Cause.GROWER),
    "match": lambda shop, case, seen: commands.match_case(shop, case, seen, None, None),
    "follow_up": lambda shop, case, seen: commands.follow_up(shop, case, seen, Result.SATISFIED),
    "reopen": lambda shop, case, seen: commands.reopen(shop, case, seen, "又坏"),
}


@pytest.mark.parametrize("command", sorted(SECOND))
def test_the_second_of_two_is_told_who_did_what_and_when(
    bought: Bought, staff_shop: Shop, command: str
) -> None:
    """B8: nothing is overwritten."""
    case_id = opened(bought)
    seen = version(bought.shop, case_id)
    reply(bought.shop, case_id)

    with pytest.raises(Conflict, match="芳姐 answered this case at 10:30"):
        SECOND[command](staff_shop, case_id, seen)


def test_residents_open_no_case_by_these_commands(bought: Bought, resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        commands.open_case(resident_shop, new(bought.line))


def solved(bought: Bought) -> int:
    """A case that was answered and solved now."""
    case_id = opened(bought)
    cast.solve(bought.shop, case_id)
    return case_id
