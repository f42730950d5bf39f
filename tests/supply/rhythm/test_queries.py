"""What was wanted of a product on a day, and what that figure says (R4)."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.errors import NotFound, Refused
from lib.shop.shop import Shop
from lib.supply.rhythm import queries
from lib.supply.rhythm.queries import FILE, OFFER, SEEN, SHORTAGE, daily_demand
from lib.supply.rhythm.rules import DayDemand, Trend
from lib.supply.stock.commands import Move, post
from lib.supply.stock.rules import MARK_BACK_DAYS, Kind
from lib.supply.stock.shelf.commands import mark_sold_out, unmark_sold_out
from tests.service.cast import add_member, add_order, add_round
from tests.statements import statements_of
from tests.supply.cast import TODAY, add_batch, add_product, put
from tests.supply.rhythm.cast import YESTERDAY, add_past, close


def on(shop: Shop, product: int, day: date) -> DayDemand:
    return daily_demand(shop, [product], day, day)[product][0]


def change(shop: Shop, table: Any, row_id: int, **values: Any) -> None:
    with shop.store.write() as connection:
        connection.execute(table.update().where(table.c.id == row_id).values(**values))


def test_orders_and_the_shelf_are_added_and_a_file_fills_the_rest(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    add_past(shop, eggs, lambda day: 7, weeks=1)
    add_order(shop, add_member(shop, "小李"), 1, (eggs, 3), pickup_day=YESTERDAY)
    add_batch(shop, eggs, 50)
    with shop.write("stock.test") as tx:
        post(tx, Move(eggs, Kind.SOLD, -2, on=YESTERDAY))
    assert on(shop, eggs, YESTERDAY).quantity == 5, "the file is not added to the books"
    assert on(shop, eggs, YESTERDAY - timedelta(days=1)).quantity == 7


def test_a_delivery_alone_is_no_sale_and_leaves_the_file_its_day(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    add_past(shop, eggs, lambda day: 7, weeks=1)
    add_batch(shop, eggs, 50, arrived_on=YESTERDAY)
    assert on(shop, eggs, YESTERDAY).quantity == 7


def test_before_the_product_existed_nothing_is_known(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    assert [day.known for day in daily_demand(shop, [eggs], YESTERDAY, TODAY)[eggs]] == [
        False,
        True,
    ]
    add_past(shop, eggs, lambda day: 4 if day.weekday() == 0 else None, weeks=2)
    days = daily_demand(shop, [eggs], TODAY - timedelta(days=12), YESTERDAY)[eggs]
    known = {day.day: day.known for day in days}
    monday = TODAY - timedelta(days=TODAY.weekday())
    assert known[monday - timedelta(days=3)], "between two figures of a file: nothing was sold"
    assert not known[monday + timedelta(days=1)], "after the file and before the product"


def test_what_is_still_to_come_is_a_lower_bound_and_not_known(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    tomorrow = TODAY + timedelta(days=1)
    add_order(shop, add_member(shop, "小李"), 1, (eggs, 3), pickup_day=tomorrow)
    assert on(shop, eggs, tomorrow) == DayDemand(tomorrow, 3, known=False)


def test_a_closed_day_does_not_count(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    add_past(shop, eggs, lambda day: 7)
    close(shop, YESTERDAY)
    assert on(shop, eggs, YESTERDAY).closed
    assert not on(shop, eggs, YESTERDAY).counts


@pytest.mark.parametrize(
    ("available", "ordered", "elsewhere", "sold_out"),
    [(10, 10, 0, True), (10, 9, 0, False), (10, 9, 5, False), (None, 50, 0, False)],
)
def test_a_round_that_had_no_more_is_sold_out(
    shop: Shop, available: int | None, ordered: int, elsewhere: int, sold_out: bool
) -> None:
    """What walk-ins ordered for that day is no part of the round."""
    eggs, member = add_product(shop, "土鸡蛋", "份"), add_member(shop, "小李")
    this = add_round(shop)
    put(
        shop, schema.round_offer, round_id=this, product_id=eggs, price_fen=480,
        available=available, position=1,
    )  # fmt: skip
    add_order(shop, member, 1, (eggs, ordered), round_id=this)
    if elsewhere:
        add_order(shop, member, 2, (eggs, elsewhere))
    assert on(shop, eggs, TODAY).sold_out is sold_out


@pytest.mark.parametrize(
    ("line", "order", "sold_out"),
    [
        ({"quantity": 2}, {}, True),
        ({"quantity": 2, "weighed": True}, {}, False),
        ({"quantity": 2, "cancelled": True}, {}, False),
        ({"quantity": 3}, {}, False),
        ({"quantity": 2}, {"status": "cancelled"}, False),
    ],
)
def test_lines_cut_by_a_shortage_mark_the_day(
    shop: Shop, line: dict[str, Any], order: dict[str, Any], sold_out: bool
) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    order_id, (line_id,) = add_order(shop, add_member(shop, "小李"), 1, (eggs, 3))
    now = shop.clock.now()
    change(
        shop, schema.order_line, line_id, quantity=line["quantity"],
        weighed_at=now if line.get("weighed") else None,
        cancelled_at=now if line.get("cancelled") else None,
    )  # fmt: skip
    if order:
        change(shop, schema.customer_order, order_id, **order)
    assert on(shop, eggs, TODAY).sold_out is sold_out
    assert on(shop, eggs, TODAY).quantity in (0, 3), "a shortage lowers no demand"


def test_it_is_said_how_a_day_is_known_to_be_sold_out(shop: Shop, staff_shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    add_past(shop, eggs, lambda day: 7, sold_out=lambda day: day == YESTERDAY)
    mark_sold_out(staff_shop, eggs, YESTERDAY)
    mark_sold_out(staff_shop, eggs, YESTERDAY)
    found = queries.rhythm(shop, eggs, 4)
    assert found.why == {YESTERDAY: (SEEN, FILE)}
    assert found.line.sold_out == 1
    assert queries.marked_days(shop, eggs) == (YESTERDAY,)
    unmark_sold_out(staff_shop, eggs, YESTERDAY)
    assert queries.rhythm(shop, eggs, 4).why == {YESTERDAY: (FILE,)}
    assert {OFFER, SHORTAGE, SEEN, FILE} == {*queries.REASONS}


def test_every_day_that_can_be_marked_can_be_unmarked(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    oldest = TODAY - timedelta(days=MARK_BACK_DAYS)
    mark_sold_out(shop, eggs, oldest)
    assert queries.marked_days(shop, eggs) == (oldest,)


def test_the_rhythm_of_a_product_leaves_today_and_sold_out_days_out(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋", "份")
    thursday = YESTERDAY
    add_past(
        shop,
        eggs,
        lambda day: 1 if day == thursday else 10,
        sold_out=lambda day: day == thursday,
    )
    add_order(shop, add_member(shop, "小李"), 1, (eggs, 500))
    found = queries.rhythm(shop, eggs, 8)
    assert found.line.week == 70
    assert found.line.trend.trend is Trend.STABLE
    assert found.days[-1].day == TODAY
    assert found.days[-1].quantity == 500
    assert len(found.weeks) == 9


def test_the_list_says_the_same_as_the_product(shop: Shop, staff_shop: Shop) -> None:
    eggs, greens = add_product(shop, "土鸡蛋"), add_product(shop, "小白菜", "份")
    add_past(shop, eggs, lambda day: 5000 if day > TODAY - timedelta(days=15) else 2500)
    add_past(shop, greens, lambda day: 3)
    listed = queries.rhythms(staff_shop, 4)
    assert [row.name for row in listed] == ["土鸡蛋", "小白菜"], "most wanted first"
    assert listed[0] == queries.rhythm(staff_shop, eggs, 4).line
    assert [row.trend.trend for row in listed] == [Trend.RISING, Trend.STABLE]
    with pytest.raises(NotFound):
        queries.rhythm(shop, 999, 4)


def test_a_resident_sees_no_rhythm(resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        queries.rhythms(resident_shop, 8)


def test_more_products_take_no_more_statements(shop: Shop) -> None:
    """Job 2 of the measured jobs: one query over roll-ups, not one per product."""
    counts = []
    for number in (1, 20):
        with shop.store.write() as connection:
            connection.execute(
                insert(schema.product),
                [
                    {
                        "name": f"{number}-{each}", "folded_name": f"{number}-{each}",
                        "is_fresh": True, "is_daily": False, "is_fragile": False,
                        "sale_unit": "份", "price_fen": 1, "created_at": shop.clock.now(),
                    }
                    for each in range(number)
                ],
            )  # fmt: skip
        with statements_of(shop.store) as said:
            queries.rhythms(shop, 52)
        counts.append(len(said))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("weeks", [4, 8])
def test_sums_of_the_database_say_the_same_as_days(shop: Shop, weeks: int) -> None:
    chance = random.Random(weeks)
    products = [add_product(shop, f"商品{number}", "份") for number in range(6)]
    old = shop.clock.now() - timedelta(days=400)
    for number, product in enumerate(products):
        if number:  # the first was known for a few days only
            change(shop, schema.product, product, created_at=old)
    rows: dict[Any, list[dict[str, Any]]] = {schema.demand_day: [], schema.stock_day: []}
    for product in products:
        for day in (TODAY - timedelta(days=ago) for ago in range(1, 64)):
            about = {"product_id": product, "day": day}
            ordered, sold = chance.randint(0, 9), chance.randint(-1, 5)
            if chance.random() < 0.7:
                more = {"ordered": ordered, "amount_fen": 0, "lines": 1}
                rows[schema.demand_day].append(about | more)
            if chance.random() < 0.7:
                rows[schema.stock_day].append(about | {"shelf_sold": sold, "closing": 0})
    for ago in (3, 9, 20):
        close(shop, TODAY - timedelta(days=ago))
    with shop.store.write() as connection:
        for table, several in rows.items():
            connection.execute(insert(table), several)
        for product in products[2:5]:
            for ago in chance.sample(range(1, 50), 5):
                day = TODAY - timedelta(days=ago)
                mark = {"product_id": product, "day": day, "at": shop.clock.now()}
                connection.execute(insert(schema.sold_out_mark).values(mark))
    add_past(shop, products[5], lambda day: 7, weeks=3)
    first, last = queries.window(shop.today, max(weeks, 6))
    with shop.read() as connection:
        named = queries._products(connection)
        books = queries.books(connection, shop, list(named), first, last)
    plain = {key: queries._line(shop, books, key, *about, weeks) for key, about in named.items()}
    assert {row.product_id: row for row in queries.rhythms(shop, weeks)} == plain


def test_a_sold_out_offer_is_looked_for_within_its_round(sqlite_store: Store) -> None:
    found = queries.Books(YESTERDAY, TODAY, TODAY, frozenset())
    query = queries._reached(found, [1])
    with sqlite_store.read() as connection:
        said = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}").all()
    steps = [row[3] for row in plan]
    assert any("ix_order_line_product_id_order_id (product_id=? AND order_id" in s for s in steps)
    assert not any(step.startswith("SCAN") for step in steps), steps
