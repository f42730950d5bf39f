"""What was really charged, asked of the books: each case is a fault that other shops shipped."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text, update

from lib.db import schema
from lib.kernel.clock import FixedClock, at_local
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.charged import queries
from lib.trade.charged.queries import Standing
from lib.trade.charged.rules import Lowest
from lib.trade.payments.commands import pay_order, refund_line, refund_order, reverse_payment
from lib.trade.products.commands import set_price
from tests.conftest import NOW
from tests.service.cast import add_member, add_order, add_product, add_round, put
from tests.statements import statements_of

ZONE = "Asia/Shanghai"


@pytest.fixture
def eggs(shop: Shop) -> int:
    return add_product(shop, "土鸡蛋", "斤", 580)


@pytest.fixture
def member(shop: Shop) -> int:
    return add_member(shop, "阿芳")


_numbers = iter(range(1, 10_000))


def sell(
    shop: Shop, product: int, member: int, fen: int, at: datetime, **values: Any
) -> tuple[int, int]:
    """Order 2 units of a product at ``fen`` each; return the ids of order and line."""
    order, (line,) = add_order(
        shop, member, next(_numbers), (product, 1000), placed_at=at, **values
    )
    with shop.store.write() as connection:
        lines = schema.order_line
        connection.execute(
            update(lines).where(lines.c.id == line)
            .values(unit_price_fen=fen, amount_fen=2 * fen)
        )  # fmt: skip
    return order, line


def ago(**amount: float) -> datetime:
    return NOW - timedelta(**amount)


def lowest(shop: Shop, product: int, days: int = 7, at: datetime = NOW) -> Lowest | None:
    with shop.read() as connection:
        return queries.charged_before(connection, [product], at, days, ZONE).get(product)


def price(shop: Shop, product: int, **asked: Any) -> int | None:
    found = lowest(shop, product, **asked)
    return None if found is None else found.price.fen


def test_nothing_sold_is_nothing_charged(shop: Shop, eggs: int) -> None:
    assert lowest(shop, eggs) is None
    assert lowest(shop, 9999) is None


def test_80_100_90(shop: Shop, eggs: int, member: int) -> None:
    sell(shop, eggs, member, 8000, ago(days=6))
    sell(shop, eggs, member, 10000, ago(days=1))
    assert lowest(shop, eggs) == Lowest(Money(8000), ago(days=6), is_recent=True)


def test_no_sale_in_the_window_gives_the_last_price(shop: Shop, eggs: int, member: int) -> None:
    sell(shop, eggs, member, 500, ago(days=40))
    sell(shop, eggs, member, 650, ago(days=8))
    assert lowest(shop, eggs) == Lowest(Money(650), ago(days=8), is_recent=False)
    assert price(shop, eggs, days=90) == 500


def test_a_price_merely_saved_is_nothing_charged(
    shop: Shop, eggs: int, member: int, clock: FixedClock
) -> None:
    sell(shop, eggs, member, 650, ago(days=2))
    set_price(shop, eggs, Money(300))
    set_price(shop, eggs, Money(300))
    clock.forward(hours=1)
    set_price(shop, eggs, Money(650))
    assert price(shop, eggs, at=clock.now()) == 650


def test_a_refunded_sale_was_charged_to_nobody(shop: Shop, eggs: int, member: int) -> None:
    sell(shop, eggs, member, 600, ago(days=3))
    order, line = sell(shop, eggs, member, 400, ago(days=2))
    pay_order(shop, order)
    assert price(shop, eggs) == 400
    refund_line(shop, line, Money(300), "坏了一半")
    assert price(shop, eggs) == 400
    refund = refund_line(shop, line, Money(500), "全坏了")
    assert price(shop, eggs) == 600
    reverse_payment(shop, refund)
    assert price(shop, eggs) == 400


def test_an_order_refunded_whole_was_charged_to_nobody(shop: Shop, eggs: int, member: int) -> None:
    order, _line = sell(shop, eggs, member, 400, ago(days=2), delivery_fee_fen=300)
    pay_order(shop, order)
    refund_order(shop, order, Money(800), "没送到")
    assert price(shop, eggs) is None


def test_the_last_price_is_not_one_that_was_given_back(shop: Shop, eggs: int, member: int) -> None:
    sell(shop, eggs, member, 700, ago(days=30))
    for days in (20, 15):
        order, line = sell(shop, eggs, member, 400, ago(days=days))
        pay_order(shop, order)
        refund_line(shop, line, Money(800), "坏了")
    assert lowest(shop, eggs) == Lowest(Money(700), ago(days=30), is_recent=False)


def test_cancelled_orders_and_lines_empty_ones_and_gifts_charge_nobody(
    shop: Shop, eggs: int, member: int
) -> None:
    sell(shop, eggs, member, 650, ago(days=1))
    sell(shop, eggs, member, 100, ago(days=1), status="cancelled")
    _order, cancelled = sell(shop, eggs, member, 200, ago(days=1))
    _order, empty = sell(shop, eggs, member, 300, ago(days=1))
    sell(shop, eggs, member, 0, ago(days=1))
    with shop.store.write() as connection:
        lines = schema.order_line
        for line, values in ((cancelled, {"cancelled_at": NOW}), (empty, {"quantity": 0})):
            connection.execute(update(lines).where(lines.c.id == line).values(**values))
    assert price(shop, eggs) == 650


def test_counter_welfare_and_clearance_prices_are_prices(
    shop: Shop, eggs: int, member: int
) -> None:
    sell(shop, eggs, member, 580, ago(days=5), round_id=add_round(shop), source="chain")
    sell(shop, eggs, member, 520, ago(days=4), source="counter")
    assert price(shop, eggs) == 520
    welfare = add_round(shop, "福利团")
    put(
        shop, schema.welfare_item, product_id=eggs, month=date(2026, 9, 1), price_fen=480,
        household_limit=1000, available=30000, reason="thanks", status="offered",
        round_id=welfare, offered_at=ago(days=3), created_at=ago(days=3),
    )  # fmt: skip
    sell(shop, eggs, member, 480, ago(days=3), round_id=welfare)
    assert price(shop, eggs) == 480


def test_the_borders_are_half_open_to_the_second(shop: Shop, eggs: int, member: int) -> None:
    sell(shop, eggs, member, 100, NOW)
    sell(shop, eggs, member, 200, ago(days=7, seconds=1))
    assert lowest(shop, eggs) == Lowest(Money(200), ago(days=7, seconds=1), is_recent=False)
    sell(shop, eggs, member, 650, ago(days=7))
    assert lowest(shop, eggs) == Lowest(Money(650), ago(days=7), is_recent=True)
    sell(shop, eggs, member, 600, ago(seconds=1))
    assert price(shop, eggs) == 600


def test_prices_of_another_weight_unit_are_turned_into_the_present_one(
    shop: Shop, eggs: int, member: int
) -> None:
    sell(shop, eggs, member, 580, ago(days=2))
    with shop.store.write() as connection:
        connection.execute(schema.product.update().values(sale_unit="公斤", unit_grams=1000))
    assert price(shop, eggs) == 1160


def past(shop: Shop, product: int, day: date, sold: int, fen: int | None) -> None:
    with shop.store.write() as connection:
        found = connection.execute(text("SELECT id FROM past_import")).scalar()
    number = found or put(
        shop, schema.past_import, file_name="x.csv", fingerprint="x", rows=1, first_day=day,
        last_day=day, at=NOW, summary={},
    )  # fmt: skip
    with shop.store.write() as connection:
        connection.execute(
            insert(schema.past_day).values(
                product_id=product, day=day, import_id=number, sold=sold, sold_out=False,
                amount_fen=fen,
            )
        )  # fmt: skip


def test_a_shop_that_moved_here_brings_its_history(shop: Shop, eggs: int, member: int) -> None:
    past(shop, eggs, date(2026, 9, 22), 3000, 3300)  # 6 jin for 33.00
    past(shop, eggs, date(2026, 9, 23), 3000, None)
    past(shop, eggs, date(2026, 9, 10), 500, 100)
    found = lowest(shop, eggs)
    assert found is not None
    assert (found.price, found.is_recent, found.averaged) == (Money(550), True, True)
    sell(shop, eggs, member, 540, ago(hours=1))
    found = lowest(shop, eggs)
    assert found is not None
    assert (found.price, found.averaged) == (Money(540), False)


def test_past_days_begin_and_end_on_the_shops_clock(shop: Shop, eggs: int) -> None:
    past(shop, eggs, date(2026, 9, 18), 500, 500)
    midnight = at_local(date(2026, 9, 26), time(0), ZONE)
    found = lowest(shop, eggs, at=midnight)
    assert found is not None
    assert not found.is_recent  # the 18th ended when the window began
    found = lowest(shop, eggs, at=midnight - timedelta(seconds=1))
    assert found is not None
    assert found.is_recent
    today = at_local(date(2026, 9, 18), time(0), ZONE)
    assert lowest(shop, eggs, at=today) is None
    assert price(shop, eggs, at=today + timedelta(seconds=1)) == 500


def test_the_last_day_of_the_past_counts_where_nothing_is_recent(shop: Shop, eggs: int) -> None:
    past(shop, eggs, date(2026, 8, 1), 500, 500)
    past(shop, eggs, date(2026, 8, 2), 500, 620)
    past(shop, eggs, date(2026, 8, 3), 0, 0)
    found = lowest(shop, eggs)
    assert found is not None
    assert (found.price, found.is_recent, found.averaged) == (Money(620), False, True)


def test_many_products_are_one_question(shop: Shop, member: int) -> None:
    goods = [add_product(shop, f"菜{number}", "份", 300) for number in range(12)]
    for number, product in enumerate(goods):
        sell(shop, product, member, 300 + number, ago(days=1 if number % 2 else 20))
    with statements_of(shop.store) as few, shop.read() as connection:
        queries.charged_before(connection, goods[:2], NOW, 7, ZONE)
    with statements_of(shop.store) as many, shop.read() as connection:
        found = queries.charged_before(connection, goods, NOW, 7, ZONE)
    assert len(many) == len(few)
    assert {each: one.price.fen for each, one in found.items()} == {
        product: 300 + number for number, product in enumerate(goods)
    }
    assert [found[product].is_recent for product in goods] == [False, True] * 6


def test_an_offer_compares_with_before_it_began(shop: Shop, eggs: int, member: int) -> None:
    sell(shop, eggs, member, 580, ago(days=5))
    sell(shop, eggs, member, 480, ago(hours=3))
    sell(shop, eggs, member, 450, ago(hours=2))
    asked = [
        Standing(eggs, Money(480), ago(days=1)),
        Standing(eggs, Money(450), ago(hours=2, minutes=30)),
        Standing(eggs, Money(600), NOW + timedelta(hours=1)),
    ]
    with shop.read() as connection:
        found = queries.charged_for_offers(connection, asked, NOW, 7, ZONE)
    assert [found[each].price.fen for each in asked] == [450, 480, 450]
