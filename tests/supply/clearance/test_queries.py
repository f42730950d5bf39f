"""What is slow now and in any period, out of the ledger and of past figures (R6)."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Measure
from lib.shop.opening import shop_for
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.clearance import queries, rules
from lib.supply.clearance.days import queries as day_reads
from lib.supply.clearance.rules import DayFigure, Run
from lib.supply.stock.commands import Move, post
from lib.supply.stock.rules import Kind
from tests.service.cast import put
from tests.statements import statements_of
from tests.supply.cast import TODAY, add_batch, add_product

YESTERDAY = TODAY - timedelta(days=1)


def move(shop: Shop, product: int, ago: int, quantity: int, kind: Kind = Kind.SOLD) -> None:
    """Book a movement ``ago`` days ago; goods sold and thrown away are negative."""
    with shop.write("stock.test") as tx:
        post(tx, Move(product, kind, quantity, on=TODAY - timedelta(days=ago)))


def slow(shop: Shop, name: str = "葡萄", days: int = 3, **more: object) -> int:
    """Let 100 boxes come in ``days`` + 1 days ago and hardly sell."""
    product = add_product(shop, name, "盒", 1990, **more)  # type: ignore[arg-type]
    arrived = TODAY - timedelta(days=days)
    add_batch(
        shop, product, 100, arrived_on=arrived, unit_price_fen=1200,
        best_before=TODAY + timedelta(days=2),
    )  # fmt: skip
    for ago in range(1, days + 1):
        move(shop, product, ago, -2)
    return product


def close(shop: Shop, day: date) -> None:
    with shop.store.write() as connection:
        connection.execute(insert(schema.closed_day).values(day=day, reason=""))


def past(shop: Shop, product: int, first: date, *figures: tuple[int | None, int]) -> None:
    imported = put(
        shop, schema.past_import, fingerprint=f"{product}-{first}", rows=len(figures),
        first_day=first, last_day=first + timedelta(days=len(figures) - 1), summary={},
        at=shop.clock.now(),
    )  # fmt: skip
    with shop.store.write() as connection:
        for number, (prepared, sold) in enumerate(figures):
            connection.execute(
                insert(schema.past_day).values(
                    product_id=product, day=first + timedelta(days=number), import_id=imported,
                    prepared=prepared, sold=sold, sold_out=False,
                )
            )  # fmt: skip


def test_three_slow_days_are_a_slow_mover_with_money_at_risk(shop: Shop) -> None:
    product = slow(shop, category="水果")
    [mover] = queries.slow_movers(shop)
    assert (mover.product_id, mover.run.length, mover.run.sold) == (product, 3, 6)
    assert [day.prepared for day in mover.run.days] == [100, 98, 96]
    assert (mover.on_hand, mover.at_risk) == (94, Money(94 * 1200))
    assert mover.days_left(TODAY) == 2
    assert queries.early_notices(shop) == ()
    [category] = queries.watch(shop).categories
    assert (category.category, category.measure, category.run.length) == (
        "水果", Measure.PIECE, 3,
    )  # fmt: skip


def test_two_slow_days_are_an_early_notice(shop: Shop) -> None:
    slow(shop, days=2)
    assert queries.slow_movers(shop) == ()
    assert [one.run.length for one in queries.early_notices(shop)] == [2]


def test_the_settings_decide(shop: Shop) -> None:
    slow(shop, days=2)
    save_settings(shop, {"slow_days": 2}, {})
    again = shop_for(shop.store, shop.place, shop.clock, shop.actor)
    assert [one.run.length for one in queries.slow_movers(again)] == [2]


def test_today_counts_once_the_last_slot_is_over(shop: Shop, clock: FixedClock) -> None:
    slow(shop, days=2)
    assert queries.last_full_day(shop) == YESTERDAY
    clock.forward(hours=11)
    assert queries.last_full_day(shop) == TODAY
    assert [one.run.length for one in queries.slow_movers(shop)] == [3]


def test_goods_that_lie_there_untouched_are_slow(shop: Shop) -> None:
    product = add_product(shop, "冬瓜", "盒")
    add_batch(shop, product, 10, arrived_on=TODAY - timedelta(days=4))
    [mover] = queries.slow_movers(shop)
    assert (mover.run.length, mover.run.sold, mover.run.prepared) == (4, 0, 40)


def test_returned_goods_come_off_what_was_sold(shop: Shop) -> None:
    product = add_product(shop, "梨", "盒")
    for ago in (3, 2, 1):
        move(shop, product, ago, 10, Kind.RECEIVED)
        move(shop, product, ago, -5)
        move(shop, product, ago, -5, Kind.WASTED)
    assert queries.slow_movers(shop) == ()
    for ago in (3, 2, 1):
        move(shop, product, ago, 1, Kind.RETURNED)
        move(shop, product, ago, -1, Kind.WASTED)
    assert [one.run.length for one in queries.slow_movers(shop)] == [3]


def test_sold_out_at_49_percent_is_slow(shop: Shop) -> None:
    product = add_product(shop, "草莓", "盒")
    for ago in (3, 2, 1):
        move(shop, product, ago, 100, Kind.RECEIVED)
        move(shop, product, ago, -49)
        move(shop, product, ago, -51, Kind.WASTED)
    [mover] = queries.slow_movers(shop)
    assert (mover.run.length, mover.on_hand) == (3, 0)


def test_a_closed_day_inside_the_run(shop: Shop) -> None:
    slow(shop, days=3)
    close(shop, TODAY - timedelta(days=2))
    assert queries.slow_movers(shop) == ()
    assert [one.run.length for one in queries.early_notices(shop)] == [2]


def test_what_was_sold_well_since_is_slow_no_more(shop: Shop) -> None:
    product = slow(shop, days=5)
    move(shop, product, 1, -60)
    assert queries.slow_movers(shop) == ()
    [run] = queries.period(shop, TODAY - timedelta(days=9), YESTERDAY).runs
    assert (run.run.length, run.run.is_open) == (4, False)


def test_cost_leaves_only_for_those_who_may_see_it(shop: Shop, staff_shop: Shop) -> None:
    slow(shop)
    assert queries.slow_movers(staff_shop)[0].at_risk is None
    assert queries.watch(staff_shop).at_risk is None
    assert queries.watch(shop).at_risk == Money(94 * 1200)


def test_past_figures_are_judged_in_their_period_and_are_no_warning(shop: Shop) -> None:
    product = add_product(shop, "生菜", "公斤", category="叶菜")
    past(shop, product, date(2023, 6, 1), (1000, 400), (1000, 500), (1000, 100), (0, 0),
         (1000, 499), (1000, 0), (None, 10), (1000, 1))  # fmt: skip
    found = queries.period(shop, date(2023, 1, 1), date(2023, 12, 31))
    assert [(one.run.first.day, one.run.last.day, one.run.length) for one in found.runs] == [
        (3, 6, 3),
    ]  # fmt: skip
    assert [one.name for one in found.categories] == ["叶菜"]
    assert (found.products, found.product_days, found.unknown) == (1, 8, 1)
    assert queries.slow_movers(shop) == ()
    assert queries.past_span(shop) == (date(2023, 6, 1), date(2023, 6, 8))


def test_the_ledger_wins_on_a_day_that_has_both(shop: Shop) -> None:
    product = slow(shop)
    past(shop, product, TODAY - timedelta(days=3), (10, 9), (10, 9), (10, 9))
    assert [one.run.length for one in queries.slow_movers(shop)] == [3]


def test_figures_reckoned_from_the_loss_rate_are_marked(shop: Shop) -> None:
    product = add_product(shop, "生菜", "公斤")
    past(shop, product, date(2023, 6, 1), *[(1000, 400)] * 3)
    with shop.store.write() as connection:
        connection.execute(schema.past_day.update().values(loss_per_10000=6000))
    [run] = queries.period(shop, date(2023, 6, 1), date(2023, 6, 30)).runs
    assert run.run.is_reckoned


def test_archived_products_are_no_warning(shop: Shop) -> None:
    product = slow(shop)
    with shop.store.write() as connection:
        table = schema.product
        connection.execute(
            table.update().where(table.c.id == product).values(archived_at=shop.clock.now())
        )
    assert queries.slow_movers(shop) == ()


def test_a_period_that_cannot_be_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused):
        queries.period(shop, TODAY, YESTERDAY)
    with pytest.raises(Refused):
        queries.period(shop, date(2000, 1, 1), TODAY)


def test_residents_see_nothing_of_it(resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        queries.watch(resident_shop)


def test_the_number_of_statements_does_not_grow(shop: Shop) -> None:
    slow(shop, "葡萄")
    with statements_of(shop.store) as few:
        queries.watch(shop)
    for name in "一二三四":
        slow(shop, name)
    with statements_of(shop.store) as statements:
        queries.watch(shop)
    assert len(statements) == len(few)
    assert sum("stock_day" in one for one in statements) <= 8
    assert sum("past_day" in one for one in statements) <= 5


def test_what_is_read_of_the_last_days_says_the_same_as_all_days(shop: Shop) -> None:
    chance = random.Random(6)
    for number in range(12):
        product = add_product(shop, f"商品{number}", "盒", 1990, category=f"类{number % 3}")
        lying, until = 0, chance.randint(0, 12)
        with shop.store.write() as connection:
            for ago in range(40, until, -1):
                if chance.random() < 0.4:
                    continue
                received = chance.choice((0, 0, 20))
                sold = chance.randint(0, lying + received)
                lying += received - sold
                connection.execute(
                    insert(schema.stock_day).values(
                        product_id=product, day=TODAY - timedelta(days=ago), received=received,
                        sold=sold, closing=lying,
                    )
                )  # fmt: skip
    found = queries.watch(shop, YESTERDAY)
    first = YESTERDAY - timedelta(days=queries.LOOK_BACK_DAYS)
    least = found.early_days
    with shop.read() as connection:
        days = day_reads.days_of(connection, first, YESTERDAY)
        goods = day_reads.goods_of(connection, days.keys())
    open_runs = {
        key: run for key, figures in days.items() if (run := _open(figures, found.percent, least))
    }
    of_categories = {
        each.category: run
        for each in rules.category_days(goods, days)
        if (run := _open(each.days, found.percent, least))
    }
    assert {one.product_id: one.run for one in (*found.movers, *found.early)} == open_runs
    both = (*found.categories, *found.early_categories)
    assert {one.category: one.run for one in both} == of_categories
    assert open_runs


def _open(figures: list[DayFigure], percent: int, least: int) -> Run | None:
    runs = rules.runs(figures, percent, least)
    fresh = runs and runs[-1].is_open
    return runs[-1] if fresh and (YESTERDAY - runs[-1].last).days <= queries.STALE_DAYS else None
