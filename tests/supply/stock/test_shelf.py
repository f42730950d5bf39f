"""Throwing away, sending back, taking back, selling over the counter, counting, undoing (E4)."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.service.pickup.commands import hand_over, undo_last_handover
from lib.shop.shop import FormKey, Repeated, Shop
from lib.supply.stock import queries
from lib.supply.stock.checks.queries import check_sums
from lib.supply.stock.commands import assign_loose
from lib.supply.stock.rules import MARK_BACK_DAYS, Kind, Lot, Waste, settle, waste_reason
from lib.supply.stock.shelf import commands
from lib.supply.stock.shelf.commands import Counted
from lib.supply.stock.shelf.queries import handed_out, own_entries, sold_out, to_count
from tests.service.cast import add_member, add_order
from tests.statements import statements_of
from tests.supply.cast import TODAY, add_batch, add_product
from tests.supply.stock.test_ledger import lot


def left(shop: Shop, product: int) -> dict[int | None, int]:
    """What lies in each batch, and without one under None; the sums are checked on the way."""
    assert check_sums(shop) == ()
    found = {one.batch_id: one.on_hand for one in queries.batches_left(shop, product)}
    loose = queries.stock_of(shop, [product])[product].loose
    return {**found, **({None: loose} if loose else {})}


def day_of(shop: Shop, product: int) -> Any:
    days = schema.stock_day
    with shop.read() as connection:
        wanted = days.select().where(days.c.product_id == product, days.c.day == TODAY)
        return connection.execute(wanted).one()


@pytest.mark.parametrize(
    ("lots", "loose", "difference", "newest", "expected"),
    [
        ([lot(1, 5, 3), lot(2, 5, 1)], 0, -6, 2, [(2, -5), (1, -1)]),
        ([lot(1, 5, 3, stopped=True)], 0, -2, 1, [(1, -2)]),
        ([lot(1, 1, 3)], 0, -3, 1, [(1, -1), (None, -2)]),
        ([lot(1, 5, 3)], 0, 4, 9, [(9, 4)]),
        ([], -3, 4, 9, [(None, 3), (9, 1)]),
        ([], -3, 2, 9, [(None, 2)]),
        ([], 0, 4, None, [(None, 4)]),
        ([], 0, 0, None, []),
    ],
)
def test_where_a_difference_goes(
    lots: list[Lot],
    loose: int,
    difference: int,
    newest: int | None,
    expected: list[tuple[int | None, int]],
) -> None:
    parts = settle(lots, loose, difference, newest, TODAY)
    assert [(part.batch_id, part.quantity) for part in parts] == expected


@given(
    on_hand=st.lists(st.integers(1, 50), max_size=4),
    loose=st.integers(-60, 60),
    difference=st.integers(-90, 90),
    newest=st.none() | st.integers(1, 9),
)
def test_a_difference_always_goes_somewhere(
    on_hand: list[int], loose: int, difference: int, newest: int | None
) -> None:
    lots = [lot(number, amount, number) for number, amount in enumerate(on_hand, start=1)]
    parts = settle(lots, loose, difference, newest, TODAY)
    assert sum(part.quantity for part in parts) == difference


def test_something_else_must_be_said() -> None:
    assert waste_reason(Waste.BROKEN, "") == "broken"
    assert waste_reason(Waste.OTHER, " 停电 ") == "停电"
    with pytest.raises(Refused, match="few words"):
        waste_reason(Waste.OTHER, "  ")


def test_waste_leaves_earliest_expiry_first_or_the_batch_that_is_named(
    shop: Shop, staff_shop: Shop
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    later = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=9))
    soon = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=1))
    assert commands.waste(staff_shop, eggs, 300, Waste.SPOILED).negative == ()
    assert left(shop, eggs) == {later: 1000, soon: 700}
    commands.waste(shop, eggs, 300, Waste.BROKEN, batch_id=later)
    assert left(shop, eggs) == {later: 700, soon: 700}
    assert day_of(shop, eggs).wasted == 600
    newest = queries.movements(shop, TODAY, TODAY)[0]
    assert (newest.kind, newest.reason) == (Kind.WASTED, "broken")


def test_waste_of_a_stopped_batch_is_no_gift_to_a_resident(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 1000, stopped_at=shop.clock.now(), stop_reason="检测")
    commands.waste(shop, eggs, 1000, Waste.SPOILED, batch_id=batch)
    assert left(shop, eggs) == {}


def test_more_waste_than_is_booked_says_that_it_is_below_zero(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 1000)
    assert commands.waste(shop, eggs, 1200, Waste.SPOILED).negative == ("土鸡蛋",)
    assert left(shop, eggs) == {None: -200}


def test_waste_needs_a_quantity_and_a_stock(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒")
    other = add_batch(shop, milk, 3)
    with pytest.raises(Refused, match="Count it first"):
        commands.waste(shop, eggs, 5, Waste.SPOILED)
    add_batch(shop, eggs, 100)
    with pytest.raises(Refused, match="more than zero"):
        commands.waste(shop, eggs, 0, Waste.SPOILED)
    with pytest.raises(NotFound):
        commands.waste(shop, eggs, 5, Waste.SPOILED, batch_id=other)


def test_goods_go_back_to_the_supplier_and_never_more_than_is_left(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 1000)
    commands.send_back(shop, batch, 400, "破损")
    assert left(shop, eggs) == {batch: 600}
    assert day_of(shop, eggs).sent_back == 400
    with pytest.raises(Refused, match=r"only 1.2斤 are left"):
        commands.send_back(shop, batch, 601, "破损")
    with pytest.raises(Refused, match="Say why"):
        commands.send_back(shop, batch, 1, " ")
    with pytest.raises(NotFound):
        commands.send_back(shop, 99, 1, "破损")


def test_returned_goods_lie_in_the_batch_they_came_from(shop: Shop) -> None:
    """Fault: returned goods turned up in another batch, or a second time when undone."""
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=2))
    other = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=9))
    order, (line,) = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1000))
    (handover,) = hand_over(shop, order)
    (goods,) = handed_out(shop, eggs)
    assert (goods.handover_id, goods.batch_id, goods.quantity) == (handover, batch, 1000)
    commands.take_return(shop, handover, batch, 400, "买多了", sellable=True)
    assert left(shop, eggs) == {batch: 400, other: 1000}
    assert handed_out(shop, eggs)[0].quantity == 600
    with shop.read() as connection:
        assert queries.got_from(connection, batch) == {line: 600}
    with pytest.raises(Refused, match="were handed over"):
        commands.take_return(shop, handover, batch, 601, "买多了", sellable=True)
    undo_last_handover(shop, order)
    assert left(shop, eggs) == {batch: 1000, other: 1000}
    assert handed_out(shop, eggs) == ()


def test_returned_goods_nobody_can_sell_are_thrown_away_at_once(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 1000)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1000))
    (handover,) = hand_over(shop, order)
    commands.take_return(shop, handover, batch, 400, "坏了", sellable=False)
    assert left(shop, eggs) == {}
    day = day_of(shop, eggs)
    assert (day.sold, day.returned, day.wasted, day.closing) == (1000, 400, 400, 0)
    undo_last_handover(shop, order)
    assert left(shop, eggs) == {batch: 600}


def test_sales_over_the_counter_are_many_products_in_one_entry(
    shop: Shop, staff_shop: Shop
) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒")
    first = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=1))
    second = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=5))
    add_batch(shop, milk, 2)
    sold = {eggs: 1200, milk: 3}
    key = FormKey.of("a-form", sold)
    booked = commands.sell_from_shelf(staff_shop.once(key), sold)
    assert booked.negative == ("牛奶",)
    assert left(shop, eggs) == {second: 800}
    assert first not in left(shop, eggs)
    day = day_of(shop, eggs)
    assert (day.sold, day.shelf_sold) == (1200, 1200)
    with pytest.raises(Repeated):
        commands.sell_from_shelf(staff_shop.once(key), sold)
    assert left(shop, milk) == {None: -1}


def test_yesterdays_sales_can_still_be_entered(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 1000, arrived_on=TODAY - timedelta(days=3))
    commands.sell_from_shelf(shop, {eggs: 300}, TODAY - timedelta(days=1))
    with shop.read() as connection:
        rows = connection.execute(schema.stock_day.select().order_by(schema.stock_day.c.day)).all()
    assert [(row.day.day, row.shelf_sold, row.closing) for row in rows] == [
        (22, 0, 1000),
        (24, 300, 700),
    ]
    for wrong in (TODAY + timedelta(days=1), TODAY - timedelta(days=8)):
        with pytest.raises(Refused, match="last seven days"):
            commands.sell_from_shelf(shop, {eggs: 300}, wrong)


def test_nothing_of_a_refused_sale_is_booked(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒")
    add_batch(shop, eggs, 1000)
    add_batch(shop, milk, 5, stopped_at=shop.clock.now(), stop_reason="检测")
    with pytest.raises(Refused, match="stopped or past its date"):
        commands.sell_from_shelf(shop, {eggs: 300, milk: 1})
    with pytest.raises(Refused, match="at least one"):
        commands.sell_from_shelf(shop, {eggs: 0})
    assert queries.stock_of(shop, [eggs])[eggs].on_hand == 1000


def test_a_count_books_the_difference_and_keeps_agreement_too(shop: Shop) -> None:
    eggs, milk, tofu = (
        add_product(shop, "土鸡蛋"),
        add_product(shop, "牛奶", "盒"),
        add_product(shop, "豆腐", "盒"),
    )
    soon = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=1))
    later = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=5))
    box = add_batch(shop, milk, 5)
    different = commands.count(
        shop, [Counted(eggs, 1800, 2000), Counted(milk, 5, 5), Counted(tofu, 4)], "月底"
    )
    assert different == 2
    assert left(shop, eggs) == {soon: 800, later: 1000}
    assert left(shop, milk) == {box: 5}
    assert left(shop, tofu) == {None: 4}
    with shop.read() as connection:
        kept = connection.execute(select(func.count()).select_from(schema.stock_count)).scalar()
    assert kept == 3


def test_what_a_count_finds_besides_lies_in_the_newest_batch(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 500, arrived_on=TODAY - timedelta(days=4))
    newest = add_batch(shop, eggs, 500, arrived_on=TODAY - timedelta(days=1))
    commands.sell_from_shelf(shop, {eggs: 1000})
    commands.count(shop, [Counted(eggs, 300, 0)])
    assert left(shop, eggs) == {newest: 300}


def test_a_batch_is_counted_by_itself(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    one, two = add_batch(shop, eggs, 500), add_batch(shop, eggs, 500)
    commands.count(shop, [Counted(eggs, 450, 500, two)])
    assert left(shop, eggs) == {one: 500, two: 450}
    for wrong in (
        [Counted(eggs, 1, 950), Counted(eggs, 1, 450, two)],
        [Counted(eggs, 1, 950), Counted(eggs, 1, 950)],
        [],
        [Counted(eggs, -1, 950)],
    ):
        with pytest.raises(Refused):
            commands.count(shop, wrong)


def test_a_count_of_nothing_begins_the_stock(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    assert to_count(shop)[0].on_hand is None
    commands.count(shop, [Counted(eggs, 0)])
    assert to_count(shop)[0].on_hand == 0
    assert left(shop, eggs) == {}


def test_goods_that_moved_during_a_count_are_counted_again(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 1000)
    commands.sell_from_shelf(shop, {eggs: 200})
    with pytest.raises(Conflict, match=r"went from 2斤 to 1\.6斤"):
        commands.count(shop, [Counted(eggs, 1000, 1000)])
    assert left(shop, eggs) == {batch: 800}


def test_another_batch_is_named_and_a_recall_follows(shop: Shop) -> None:
    """Changeable FEFO: the trace of the order line moves with the goods, and so does undo."""
    eggs = add_product(shop, "土鸡蛋")
    soon = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=1))
    later = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=5))
    order, (line,) = add_order(shop, add_member(shop, "小李"), 1, (eggs, 600))
    (handover,) = hand_over(shop, order)
    commands.change_batch(shop, handover, soon, later)
    assert left(shop, eggs) == {soon: 1000, later: 400}
    with shop.read() as connection:
        assert queries.got_from(connection, soon) == {}
        assert queries.got_from(connection, later) == {line: 600}
    with pytest.raises(Refused, match="handed over"):
        commands.change_batch(shop, handover, soon, later, 1)
    with pytest.raises(Refused, match="already"):
        commands.change_batch(shop, handover, later, later)
    undo_last_handover(shop, order)
    assert left(shop, eggs) == {soon: 1000, later: 1000}


def test_a_batch_cannot_have_given_more_than_it_has(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    soon = add_batch(shop, eggs, 1000, best_before=TODAY + timedelta(days=1))
    later = add_batch(shop, eggs, 100, best_before=TODAY + timedelta(days=5))
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 600))
    (handover,) = hand_over(shop, order)
    with pytest.raises(Refused, match=r"only 0\.2斤"):
        commands.change_batch(shop, handover, soon, later)
    commands.change_batch(shop, handover, soon, later, 100)
    assert left(shop, eggs) == {soon: 500}


def test_a_delivery_entered_late_is_traced_to_whom_its_goods_went(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    commands.count(shop, [Counted(eggs, 500)])
    one, (first,) = add_order(shop, add_member(shop, "小李"), 1, (eggs, 800))
    two, (second,) = add_order(shop, add_member(shop, "老周"), 2, (eggs, 400))
    hand_over(shop, one)
    hand_over(shop, two)
    batch = add_batch(shop, eggs, 2000)
    with shop.write("stock.test") as tx:
        assert assign_loose(tx, eggs, batch, 2000) == 700
    assert left(shop, eggs) == {batch: 1300}
    with shop.read() as connection:
        assert queries.got_from(connection, batch) == {second: 400, first: 300}
    undo_last_handover(shop, two)
    assert left(shop, eggs) == {batch: 1700}


def test_an_entry_is_taken_back_once_and_as_a_whole(shop: Shop, clock: FixedClock) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒")
    batch, box = add_batch(shop, eggs, 1000), add_batch(shop, milk, 5)
    clock.forward(minutes=1)
    commands.sell_from_shelf(shop, {eggs: 300, milk: 2})
    (entry,) = own_entries(shop)
    assert set(entry.goods) == {"土鸡蛋 -0.6斤", "牛奶 -2盒"}
    clock.forward(days=1)
    assert commands.undo(shop, entry.movement_id) == 2
    assert left(shop, eggs) == {batch: 1000}
    assert left(shop, milk) == {box: 5}
    assert day_of(shop, eggs).shelf_sold == 0, "on the day it was said to happen"
    assert own_entries(shop) == ()
    with pytest.raises(Refused, match="already"):
        commands.undo(shop, entry.movement_id)


def test_staff_take_back_their_own_and_the_owner_everybodys(
    shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 1000)
    clock.forward(minutes=1)
    commands.waste(shop, eggs, 100, Waste.SPOILED)
    assert own_entries(staff_shop) == ()
    owners = queries.movements(shop, TODAY, TODAY)[0].id
    with pytest.raises(Refused, match="Somebody else"):
        commands.undo(staff_shop, owners)
    clock.forward(minutes=1)
    commands.waste(staff_shop, eggs, 50, Waste.GIVEN)
    assert [entry.by for entry in own_entries(shop)] == ["小吴", "芳姐"]
    commands.undo(shop, own_entries(shop)[0].movement_id)
    assert left(shop, eggs) == {batch: 900}


def test_deliveries_handovers_and_old_entries_are_not_taken_back_here(
    shop: Shop, clock: FixedClock
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 1000)
    came = queries.movements(shop, TODAY, TODAY)[0].id
    clock.forward(minutes=1)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 100))
    hand_over(shop, order)
    gone = queries.movements(shop, TODAY, TODAY)[0].id
    for other in (came, gone):
        with pytest.raises(Refused, match="entered elsewhere"):
            commands.undo(shop, other)
    clock.forward(minutes=1)
    commands.waste(shop, eggs, 100, Waste.SPOILED)
    wasted = own_entries(shop)[0].movement_id
    clock.forward(days=8)
    with pytest.raises(Refused, match="too long ago"):
        commands.undo(shop, wasted)
    with pytest.raises(NotFound):
        commands.undo(shop, 9999)
    assert own_entries(shop) == ()


def test_a_return_taken_back_is_no_return_when_the_handover_is_undone_too(
    shop: Shop, clock: FixedClock
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 1000)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 600))
    (handover,) = hand_over(shop, order)
    clock.forward(minutes=1)
    commands.take_return(shop, handover, batch, 200, "买多了", sellable=True)
    commands.undo(shop, own_entries(shop)[0].movement_id)
    assert left(shop, eggs) == {batch: 400}
    assert handed_out(shop, eggs)[0].quantity == 600
    undo_last_handover(shop, order)
    assert left(shop, eggs) == {batch: 1000}


def test_a_product_is_marked_sold_out_and_the_mark_comes_off(shop: Shop, staff_shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    for _twice in range(2):
        commands.mark_sold_out(staff_shop, eggs, TODAY)
    assert sold_out(shop, TODAY) == {eggs}
    assert sold_out(shop, TODAY - timedelta(days=1)) == frozenset()
    commands.unmark_sold_out(shop, eggs, TODAY)
    assert sold_out(shop, TODAY) == frozenset()
    with pytest.raises(NotFound, match="not marked"):
        commands.unmark_sold_out(shop, eggs, TODAY)
    with pytest.raises(NotFound, match="does not exist"):
        commands.mark_sold_out(shop, eggs + 1, TODAY)


@pytest.mark.parametrize("ago", [-1, MARK_BACK_DAYS + 1])
def test_only_the_last_two_weeks_can_be_marked(shop: Shop, ago: int) -> None:
    eggs = add_product(shop, "土鸡蛋")
    with pytest.raises(Refused, match="Mark today"):
        commands.mark_sold_out(shop, eggs, TODAY - timedelta(days=ago))


def test_two_people_hand_over_the_last_one_at_once(shop: Shop, staff_shop: Shop) -> None:
    """Concurrent last-unit handovers: both are booked, one without a batch, and the sums hold."""
    milk = add_product(shop, "牛奶", "盒")
    batch = add_batch(shop, milk, 1)
    orders = [add_order(shop, add_member(shop, name), n, (milk, 1))[0] for n, name in
              ((1, "小李"), (2, "老周"))]  # fmt: skip
    ready = threading.Barrier(2)
    failed: list[BaseException] = []

    def work(who: Shop, order: int) -> None:
        try:
            ready.wait()
            hand_over(who, order)
        except BaseException as error:  # noqa: BLE001 - told to the main thread
            failed.append(error)

    threads = [
        threading.Thread(target=work, args=pair)
        for pair in zip((shop, staff_shop), orders, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert left(shop, milk) == {None: -1}
    taken = {one.batch_id for one in queries.movements(shop, TODAY, TODAY) if one.quantity < 0}
    assert taken == {batch, None}


def test_ten_goods_are_handed_over_in_as_many_statements_as_two(shop: Shop) -> None:
    goods = [add_product(shop, f"商品{n}", "盒") for n in range(12)]
    for product in goods:
        add_batch(shop, product, 5)
    said: list[int] = []
    for number, some in enumerate((goods[:2], goods[2:]), start=1):
        order, _ = add_order(
            shop, add_member(shop, f"邻居{number}"), number, *((each, 1) for each in some)
        )
        with statements_of(shop.store, writing=True) as statements:
            hand_over(shop, order)
        said.append(len(statements))
    assert said[0] == said[1]
