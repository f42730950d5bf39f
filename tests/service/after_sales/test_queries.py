"""What the desk reads of cases: board, one case, purchases, what is due, what a search finds."""

from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.service.after_sales import commands, queries
from lib.service.after_sales.clocks import State
from lib.service.after_sales.rules import CountedIn, Defect, EntryKind, Result, Source
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, new, opened, version
from tests.service.cast import TODAY, put, refund_line

DAY = timedelta(days=1)
WARNING = timedelta(minutes=15)


def test_a_card_says_whose_what_and_how_long(bought: Bought, clock: FixedClock) -> None:
    case_id = opened(bought)
    clock.forward(minutes=50)
    (card,) = queries.board(bought.shop)

    assert (card.id, card.number, card.name, card.home) == (case_id, "A0001", "小李", "3-201")
    assert (card.product, card.unit) == ("土鸡蛋", Unit("板"))
    assert (card.bad, card.of_total, card.counted_in) == (3, 60, CountedIn.PIECES)
    assert card.reply.left(clock.now()) == timedelta(minutes=10)
    assert card.reply.state(clock.now(), WARNING) is State.SOON
    assert card.next_clock is card.reply


def test_the_board_has_the_least_time_left_first_and_what_waits_behind(bought: Bought) -> None:
    young, waits, old, done, closed, gone = (opened(bought, ago) for ago in (1, 2, 30, 4, 5, 6))
    cast.ask(bought.shop, waits)
    cast.solve(bought.shop, done)
    cast.solve(bought.shop, closed)
    commands.follow_up(bought.shop, closed, version(bought.shop, closed), Result.SATISFIED)
    commands.withdraw(bought.shop, gone, version(bought.shop, gone), "看错了")

    assert [card.id for card in queries.board(bought.shop)] == [old, young, waits, done]


def test_while_a_photo_is_awaited_what_is_left_stands_still(
    bought: Bought, clock: FixedClock
) -> None:
    opened(bought)
    cast.ask(bought.shop, 1)
    for _ in range(3):
        clock.forward(days=2)
        (card,) = queries.board(bought.shop)
        assert card.solution.left(clock.now()) == DAY
        assert card.solution.state(clock.now(), WARNING) is State.PAUSED


def test_a_residents_report_shows_what_was_typed_until_it_is_matched(bought: Bought) -> None:
    commands.open_case(
        bought.shop, new(source=Source.PAGE, reporter_name="楼下小陈", reporter_home="8-1")
    )
    (card,) = queries.board(bought.shop)

    assert (card.name, card.home, card.matched, card.by_resident) == (
        "楼下小陈",
        "8-1",
        False,
        True,
    )


def test_what_is_due_is_told_by_kind(bought: Bought, clock: FixedClock) -> None:
    waits, answered, done, unknown = (
        opened(bought, 1),
        opened(bought, 2),
        opened(bought, 3),
        commands.open_case(bought.shop, new(source=Source.PAGE, reporter_name="小陈")),
    )
    cast.reply(bought.shop, answered)
    cast.solve(bought.shop, done)
    due = queries.due(bought.shop)
    assert [card.id for card in due.replies] == [waits, unknown]
    assert [card.id for card in due.solutions] == [answered, waits, unknown]
    assert [card.id for card in due.unmatched] == [unknown]
    assert due.follow_ups == ()

    clock.forward(days=1)
    assert [card.id for card in queries.due(bought.shop).follow_ups] == [done]


def test_purchases_are_the_last_days_newest_first_with_their_batches(bought: Bought) -> None:
    shop = bought.shop
    refund_line(shop, bought.order, bought.line, bought.li, 500)
    case_id = opened(bought)
    weighed, eggs = queries.purchases(shop, bought.li)

    assert (eggs.line_id, eggs.day, eggs.quantity, eggs.handed) == (
        bought.line,
        TODAY - DAY,
        2,
        2,
    )
    assert (eggs.amount, eggs.refunded, eggs.fresh) == (Money(5760), Money(500), True)
    assert [batch.id for batch in eggs.batches] == [bought.batch]
    assert [batch.id for batch in weighed.batches] == [bought.second, bought.third]
    assert eggs.cases == (case_id,)


def test_older_purchases_are_found_by_searching(bought: Bought, clock: FixedClock) -> None:
    clock.forward(days=30)
    assert queries.purchases(bought.shop, bought.li) == ()

    assert [each.line_id for each in queries.purchases(bought.shop, bought.li, "鸡蛋")] == [
        bought.line
    ]


def test_a_batch_taken_back_and_given_anew_counts_once(bought: Bought) -> None:
    """A handover that was undone leaves no trace in what a complaint is put down to."""
    cast.sell(bought.shop, bought.line, bought.eggs, bought.batch, 1)
    move = cast.rows(bought.shop, schema.stock_movement, line_id=bought.line)[-1]
    put(
        bought.shop,
        schema.stock_movement,
        product_id=bought.eggs,
        batch_id=bought.batch,
        kind="sold",
        quantity=3,
        line_id=bought.line,
        handover_id=move.handover_id,
        business_day=TODAY,
        at=NOW,
    )

    assert queries.purchases(bought.shop, bought.li, "鸡蛋")[0].batches == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A0001", 1),
        ("a1", 1),
        ("1", 1),
        ("小李", 1),
        ("土鸡蛋", 1),
        ("三个坏", 1),
        ("芒果", 0),
        ("", 1),
    ],
)
def test_a_case_is_found_by_number_resident_product_and_words(
    bought: Bought, text: str, found: int
) -> None:
    opened(bought)

    assert len(queries.find_cases(bought.shop, text)) == found


def test_a_case_tells_all_that_happened_in_order(bought: Bought, clock: FixedClock) -> None:
    shop, case_id = bought.shop, opened(bought)
    clock.forward(minutes=1)
    cast.reply(shop, case_id, "收到，抱歉")
    commands.add_note(shop, case_id, "老顾客")
    cast.solve(shop, case_id)
    commands.follow_up(shop, case_id, version(shop, case_id), Result.NOT_SATISFIED, "还坏")
    case = queries.case_of(shop, case_id)

    assert case is not None
    assert [entry.kind for entry in case.entries] == [
        EntryKind.REPORTED,
        EntryKind.REPLY,
        EntryKind.NOTE,
        EntryKind.FOLLOW_UP,
        EntryKind.REOPENED,
    ]
    note = case.entries[2]
    assert (note.text, note.for_resident, note.person) == ("老顾客", False, "芳姐")
    assert [each.turn for each in case.turns] == [1, 2]
    assert [each.result for each in case.follow_ups] == [Result.NOT_SATISFIED]
    assert case.first_reply_by == "芳姐"
    assert case.line is not None
    assert (case.supplier, case.batch and case.batch.id) == ("青禾合作社", bought.batch)
    assert queries.case_of(shop, 999) is None


def test_nobody_but_the_desk_reads_cases(bought: Bought, resident_shop: Shop) -> None:
    opened(bought, defect=Defect.WRONG)
    for read in (
        queries.board,
        queries.due,
        queries.find_cases,
        lambda shop: queries.case_of(shop, 1),
        lambda shop: queries.purchases(shop, bought.li),
        lambda shop: queries.similar_open(shop, bought.li, None),
    ):
        with pytest.raises(Refused):
            read(resident_shop)
