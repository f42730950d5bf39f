"""What lies there, what of it is promised, and whether the sums are those of the ledger."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.kernel.money import Money
from lib.service.pickup.commands import hand_over, undo_last_handover
from lib.shop.shop import Shop
from lib.supply.stock import queries
from lib.supply.stock.checks.queries import check_sums
from lib.supply.stock.commands import Move, post, post_all
from lib.supply.stock.rules import Kind
from lib.supply.stock.shelf.commands import Counted, count
from tests.service.cast import add_member, add_order, refund_line
from tests.supply.cast import TODAY, add_batch, add_product


def stored(shop: Shop, table: Any, where: Any, **values: Any) -> None:
    with shop.store.write() as connection:
        connection.execute(update(table).where(where).values(**values))


def of(shop: Shop, product: int) -> tuple[int, int, int]:
    found = queries.stock_of(shop, [product])[product]
    return found.on_hand, found.reserved, found.free


def test_what_is_ordered_and_not_collected_is_reserved(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000)
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1500))
    add_order(shop, add_member(shop, "老周"), 2, (eggs, 500))
    assert of(shop, eggs) == (5000, 2000, 3000)
    hand_over(shop, order)
    assert of(shop, eggs) == (3500, 500, 3000)
    undo_last_handover(shop, order)
    assert of(shop, eggs) == (5000, 2000, 3000)


@pytest.mark.parametrize(("days", "reserved"), [(-8, 0), (-7, 500), (0, 500), (13, 500)])
def test_goods_nobody_came_for_stay_reserved_for_a_week(
    shop: Shop, days: int, reserved: int
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000)
    day = TODAY + timedelta(days=days)
    add_order(shop, add_member(shop, "小李"), 1, (eggs, 500), pickup_day=day)
    assert of(shop, eggs) == (5000, reserved, 5000 - reserved)


def test_cancelled_and_paid_back_goods_are_free_again(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000)
    li, zhou = add_member(shop, "小李"), add_member(shop, "老周")
    order, lines = add_order(shop, li, 1, (eggs, 500))
    add_order(shop, zhou, 2, (eggs, 1000), status="cancelled", cancelled_at=shop.clock.now())
    refund_line(shop, order, lines[0], li, 100)
    assert of(shop, eggs) == (5000, 500, 4500)
    refund_line(shop, order, lines[0], li, 380)
    assert of(shop, eggs) == (5000, 0, 5000)


def test_pickup_of_an_order_with_one_refunded_line_leaves_stock_right(shop: Shop) -> None:
    """Fault: the refunded goods were handed over on paper, or stayed reserved for ever."""
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒", 600)
    add_batch(shop, eggs, 5000)
    add_batch(shop, milk, 10)
    li = add_member(shop, "小李")
    order, (_egg_line, milk_line) = add_order(shop, li, 1, (eggs, 1000), (milk, 2))
    refund_line(shop, order, milk_line, li, 1200)
    assert of(shop, milk) == (10, 0, 10)
    hand_over(shop, order)
    assert of(shop, eggs) == (4000, 0, 4000)
    assert of(shop, milk) == (10, 0, 10)
    assert check_sums(shop) == ()


def test_cost_is_for_those_who_may_see_it(shop: Shop, staff_shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000, unit_price_fen=410)
    (seen,) = queries.stock(shop)
    assert (seen.unit_cost, seen.value) == (Money(410), Money(4100))
    (hidden,) = queries.stock(staff_shop)
    assert (hidden.unit_cost, hidden.value) == (None, None)
    assert queries.batches_left(staff_shop)[0].unit_cost is None
    assert queries.batches_left(shop, eggs)[0].value == Money(4100)


def test_stopped_and_expired_goods_are_not_free(shop: Shop) -> None:
    milk = add_product(shop, "牛奶", "盒", 600)
    add_batch(shop, milk, 4, stopped_at=shop.clock.now(), stop_reason="检测")
    yesterday = TODAY - timedelta(days=1)
    add_batch(shop, milk, 3, best_before=yesterday, best_before_printed=True)
    add_batch(shop, milk, 2, best_before=TODAY, best_before_printed=True)
    (seen,) = queries.stock(shop)
    assert (seen.on_hand, seen.blocked, seen.free, seen.batches) == (9, 7, 2, 3)
    assert seen.best_before == TODAY


def test_what_is_below_zero_comes_first_and_is_due(shop: Shop) -> None:
    apples, eggs = add_product(shop, "苹果"), add_product(shop, "土鸡蛋")
    soon = shop.settings.spoil_warning_days
    add_batch(shop, apples, 5000, best_before=TODAY + timedelta(days=soon))
    add_batch(shop, eggs, 500, best_before=TODAY + timedelta(days=soon + 1))
    assert queries.due(shop).negative == ()
    order, _ = add_order(shop, add_member(shop, "小李"), 1, (eggs, 1500))
    hand_over(shop, order)
    assert [each.name for each in queries.stock(shop)] == ["土鸡蛋", "苹果"]
    due = queries.due(shop)
    assert [each.name for each in due.negative] == ["土鸡蛋"]
    assert [(one.product, one.days_left(TODAY)) for one in due.ending] == [("苹果", soon)]


def test_movements_name_batch_order_and_person(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 5000)
    order, _ = add_order(shop, add_member(shop, "小李"), 7, (eggs, 1500))
    hand_over(shop, order)
    sold, came = queries.movements(shop, TODAY, TODAY, product_id=eggs)
    assert (sold.kind, sold.quantity, sold.order_number, sold.by) == (Kind.SOLD, -1500, 7, "芳姐")
    assert (came.kind, came.batch_id, came.batch) == (Kind.RECEIVED, batch, sold.batch)
    undo_last_handover(shop, order)
    back, sold, _came = queries.movements(shop, TODAY, TODAY, batch_id=batch)
    assert back.is_reversal
    assert sold.undone
    assert queries.movements(shop, TODAY - timedelta(days=9), TODAY - timedelta(days=1)) == ()


def test_a_movement_of_an_earlier_day_moves_every_closing_after_it(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒")
    batch = add_batch(shop, eggs, 5000, arrived_on=TODAY - timedelta(days=5))
    with shop.write("stock.test") as tx:
        post_all(
            tx,
            [
                Move(eggs, Kind.SOLD, -1000, batch),
                Move(milk, Kind.COUNTED, 5, on=TODAY - timedelta(days=2)),
                Move(eggs, Kind.SOLD, -200, batch, on=TODAY - timedelta(days=2)),
                Move(eggs, Kind.WASTED, -300, batch, on=TODAY - timedelta(days=4)),
                Move(eggs, Kind.RECEIVED, 700, on=TODAY - timedelta(days=9)),
                Move(milk, Kind.SOLD, -1),
            ],
        )
    assert check_sums(shop) == ()
    with shop.read() as connection:
        days = schema.stock_day
        query = days.select().where(days.c.product_id == eggs).order_by(days.c.day)
        closings = [row.closing for row in connection.execute(query)]
    assert closings == [700, 5700, 5400, 5200, 4200]


@pytest.mark.parametrize(
    ("what", "table", "values"),
    [
        ("batch", "batch", {"on_hand": 4999}),
        ("level", "stock_level", {"on_hand": 1}),
        ("loose", "stock_level", {"loose": 3}),
        ("closing", "stock_day", {"closing": 7}),
        ("received", "stock_day", {"received": 7}),
        ("sold", "stock_day", {"sold": 7}),
        ("shelf_sold", "stock_day", {"shelf_sold": 7}),
        ("wasted", "stock_day", {"wasted": 7}),
        ("counted", "stock_day", {"counted": -7}),
    ],
)
def test_every_sum_that_differs_from_the_ledger_is_found(
    shop: Shop, what: str, table: str, values: dict[str, int]
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000)
    count(shop, [Counted(eggs, 4000, 5000)])
    assert check_sums(shop) == ()
    target = schema.metadata.tables[table]
    stored(shop, target, target.c.product_id == eggs, **values)
    (found,) = check_sums(shop)
    assert found.what == what
    assert found.booked == next(iter(values.values()))


def test_a_missing_or_an_invented_day_is_found(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000)
    stored(shop, schema.stock_day, schema.stock_day.c.product_id == eggs, day=TODAY.replace(day=1))
    found = check_sums(shop)
    assert {(one.what, one.day) for one in found} >= {
        ("closing", TODAY),
        ("received", TODAY.replace(day=1)),
    }


def test_a_recall_finds_whom_the_goods_of_a_batch_went_to(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    first = add_batch(shop, eggs, 1000, arrived_on=TODAY - timedelta(days=1))
    second = add_batch(shop, eggs, 5000)
    _, (one,) = add_order(shop, add_member(shop, "小李"), 1, (eggs, 700))
    _, (two,) = add_order(shop, add_member(shop, "老周"), 2, (eggs, 700))
    for order_id in (1, 2):
        hand_over(shop, order_id)
    with shop.read() as connection:
        assert queries.got_from(connection, first) == {one: 700, two: 300}
        assert queries.got_from(connection, second) == {two: 400}
    undo_last_handover(shop, 2)
    with shop.read() as connection:
        assert queries.got_from(connection, first) == {one: 700}
        assert queries.got_from(connection, second) == {}


def test_archived_goods_stay_in_view_while_something_is_left(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 500)
    stored(shop, schema.product, schema.product.c.id == eggs, archived_at=shop.clock.now())
    assert [each.name for each in queries.stock(shop)] == ["土鸡蛋"]
    with shop.write("stock.test") as tx:
        post(tx, Move(eggs, Kind.WASTED, -500, batch))
    assert queries.stock(shop) == ()
    assert queries.stock_of(shop, []) == {}
