"""Promising, giving, taking back, planning and cancelling owed goods, on both databases (R29)."""

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.service.owed import commands
from lib.shop.shop import FormKey, Repeated
from lib.supply.recall.queries import reached_in
from lib.supply.stock.checks.queries import check_sums
from tests.conftest import NOW
from tests.service.cast import TODAY
from tests.service.owed import cast
from tests.service.owed.cast import Owing


def change(owing: Owing, table: object, row_id: int, **values: object) -> None:
    with owing.shop.store.write() as connection:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))  # type: ignore[attr-defined,arg-type]


def test_a_promise_stands_with_its_day_and_goods(owing: Owing) -> None:
    owed = owing.owe(2)
    row = cast.row(owing.shop, owed)
    assert (row.quantity, row.picked, row.settled_at, row.source) == (2, 0, None, "case")
    assert row.due_at == NOW + timedelta(days=owing.shop.settings.owed_days)
    with pytest.raises(Refused, match="That day is over"):
        owing.owe(planned_on=TODAY - timedelta(days=1))


def test_given_goods_leave_the_stock_of_their_batch_and_name_the_line(owing: Owing) -> None:
    owed = owing.owe(2)
    commands.give_owed(owing.shop, owed)
    assert cast.row(owing.shop, owed).settled_at == NOW
    assert cast.open_ids(owing.shop) == []
    assert cast.on_hand(owing.shop, owing.batch) == 28
    (moved,) = cast.rows(owing.shop, schema.stock_movement, kind="redeemed")
    assert (moved.quantity, moved.batch_id, moved.line_id) == (-2, owing.batch, owing.line)
    (giving,) = cast.rows(owing.shop, schema.owed_handover)
    assert moved.owed_handover_id == giving.id
    assert check_sums(owing.shop) == ()


def test_a_recall_reaches_who_got_replaced_goods(owing: Owing) -> None:
    commands.give_owed(owing.shop, owing.owe(2))
    with owing.shop.read() as connection:
        (reached,) = reached_in(connection, owing.batch)
    assert (reached.line_id, reached.quantity, reached.certain) == (owing.line, 2, True)


def test_in_parts_by_weight_and_never_more_than_is_owed(owing: Owing) -> None:
    owed = owing.owe_greens(750)
    commands.give_owed(owing.shop, owed, 500)
    assert cast.seen(owing.shop, owed).open == 250
    with pytest.raises(Refused, match=r"Of 青菜 only 0\.5斤"):
        commands.give_owed(owing.shop, owed, 251)
    commands.give_owed(owing.shop, owed)
    with pytest.raises(Refused, match="Nothing of these owed goods"):
        commands.give_owed(owing.shop, owed)
    assert [row.quantity for row in cast.rows(owing.shop, schema.owed_handover)] == [500, 250]


def test_taken_back_exactly_it_is_owed_again(owing: Owing) -> None:
    owed = owing.owe(3)
    first = commands.give_owed(owing.shop, owed, 1)
    commands.give_owed(owing.shop, owed, 2)
    commands.undo_give(owing.shop, first)
    assert cast.seen(owing.shop, owed).open == 1
    assert cast.on_hand(owing.shop, owing.batch) == 28
    with pytest.raises(Refused, match="already taken back"):
        commands.undo_give(owing.shop, first)
    for unknown in ([], [99]):
        with pytest.raises(NotFound):
            commands.undo_give(owing.shop, unknown)
    assert check_sums(owing.shop) == ()


def test_several_go_in_one_touch_or_none(owing: Owing) -> None:
    eggs, greens = owing.owe(2), owing.owe_greens(500)
    with pytest.raises(Refused):
        commands.give_several(owing.shop, {eggs: 1, greens: 501})
    assert cast.rows(owing.shop, schema.owed_handover) == []
    with pytest.raises(Refused, match="Choose what is handed over"):
        commands.give_several(owing.shop, {eggs: 0})
    commands.give_several(owing.shop, {eggs: 1, greens: 500})
    assert cast.open_ids(owing.shop) == [eggs]
    with pytest.raises(NotFound):
        commands.give_owed(owing.shop, 99)


def test_stopped_or_expired_goods_do_not_go_out(owing: Owing) -> None:
    owed = owing.owe(2)
    change(owing, schema.batch, owing.batch, stopped_at=NOW)
    with pytest.raises(Refused, match="may not be given out"):
        commands.give_owed(owing.shop, owed)
    over = {"best_before": TODAY - timedelta(days=1), "best_before_printed": True}
    change(owing, schema.batch, owing.batch, stopped_at=None, **over)
    with pytest.raises(Refused, match="may not be given out"):
        commands.give_owed(owing.shop, owed)
    assert cast.seen(owing.shop, owed).open == 2


def test_two_people_never_give_the_same_goods(owing: Owing) -> None:
    owed = owing.owe(3)
    said: list[object] = []

    def give() -> None:
        try:
            said.append(commands.give_owed(owing.shop, owed, 2))
        except Refused as error:
            said.append(error)

    both = [threading.Thread(target=give) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(isinstance(each, Refused) for each in said) == [False, True]
    assert [row.quantity for row in cast.rows(owing.shop, schema.owed_handover)] == [2]


def test_a_double_click_gives_once(owing: Owing) -> None:
    owed, shop = owing.owe(3), owing.shop.once(FormKey.of("k", 1))
    commands.give_owed(shop, owed, 1)
    with pytest.raises(Repeated):
        commands.give_owed(shop, owed, 1)
    assert cast.seen(owing.shop, owed).open == 2


def test_a_day_is_planned_and_the_promise_does_not_move(owing: Owing) -> None:
    owed = owing.owe()
    friday = TODAY + timedelta(days=3)
    commands.plan_owed(owing.shop, owed, 1, friday)
    one = cast.seen(owing.shop, owed)
    assert (one.pick_day, one.due_at) == (friday, NOW + timedelta(days=7))
    with pytest.raises(Conflict):
        commands.plan_owed(owing.shop, owed, 1, TODAY)
    with pytest.raises(Refused):
        commands.plan_owed(owing.shop, owed, 2, TODAY - timedelta(days=1))
    commands.plan_owed(owing.shop, owed, 2, None)
    assert cast.seen(owing.shop, owed).pick_day == TODAY


def test_cancelled_it_is_owed_no_more_and_says_why(owing: Owing, clock: FixedClock) -> None:
    owed = owing.owe(3)
    commands.give_owed(owing.shop, owed, 1)
    with pytest.raises(Refused, match="Say why"):
        commands.cancel_owed(owing.shop, owed, 1, " ")
    with pytest.raises(Conflict):
        commands.cancel_owed(owing.shop, owed, 9, "不要了")
    commands.cancel_owed(owing.shop, owed, 1, "不要了")
    row = cast.row(owing.shop, owed)
    assert (row.cancelled_at, row.cancel_reason) == (NOW, "不要了")
    assert cast.open_ids(owing.shop) == []
    for act in (
        lambda: commands.give_owed(owing.shop, owed),
        lambda: commands.cancel_owed(owing.shop, owed, 3, "再来"),
    ):
        with pytest.raises((Refused, Conflict)):
            act()
    with owing.shop.write("owed.test") as tx:
        commands.owe_again(tx, owed)
    assert cast.seen(owing.shop, owed).open == 2


def test_staff_may_and_residents_may_not(owing: Owing, resident_shop: object) -> None:
    owed = owing.owe()
    with pytest.raises(Refused):
        commands.give_owed(resident_shop, owed)  # type: ignore[arg-type]
    assert cast.seen(owing.shop, owed).open == 1


STEPS = st.lists(st.tuples(st.sampled_from(("give", "back")), st.integers(1, 5)), max_size=12)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(1, 8), STEPS)
def test_the_ledger_is_the_balance_whatever_happens(
    owing: Owing, quantity: int, steps: list[tuple[str, int]]
) -> None:
    shop, owed, standing = owing.shop, owing.owe(quantity), dict[int, int]()
    for act, number in steps:
        if act == "give" and number <= quantity - sum(standing.values()):
            (given_id,) = commands.give_owed(shop, owed, number)
            standing[given_id] = number
        elif act == "give":
            with pytest.raises(Refused):
                commands.give_owed(shop, owed, number)
        elif standing:
            given_id = sorted(standing)[number % len(standing)]
            commands.undo_give(shop, [given_id])
            del standing[given_id]
        left = quantity - sum(standing.values())
        assert (cast.row(shop, owed).settled_at is not None) == (left == 0)
    moved = [row.quantity for row in cast.rows(shop, schema.stock_movement, line_id=owing.line)]
    given_in_all = sum(row.quantity for row in cast.rows(shop, schema.owed_handover))
    assert -sum(moved) == given_in_all
    assert check_sums(shop) == ()
