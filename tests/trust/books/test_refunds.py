"""What was let go of an order counts once, and comes off what it was let go of (R20, E9, E10)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.kernel.money import Money, total
from lib.service.pickup.commands import hand_over
from lib.shop.shop import Shop
from lib.supply.stock.rules import Kind
from lib.trade.payments.commands import take_off
from lib.trust.books.queries import books
from lib.trust.books.refunds.rules import LetGo, Line, share
from lib.trust.books.rules import Cost, Scope, round_days
from lib.trust.costs.commands import set_costs
from lib.trust.costs.profit.queries import profit
from lib.trust.costs.rules import Cost as Typed
from lib.trust.costs.rules import Part
from tests.trust.books.cast import (
    TODAY,
    add_batch,
    add_member,
    add_order,
    add_product,
    add_round,
    leave,
    look,
    put_coupon,
    refund,
    with_settings,
)


def change(shop: Shop, table: Any, row_id: int, **values: Any) -> None:
    with shop.store.write() as connection:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))


def test_what_was_rounded_off_was_not_taken(shop: Shop) -> None:
    """抹零 makes the goods so much cheaper; undone with its payment, it is paid after all."""
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "瓶", 650)
    member = add_member(shop, "小李")
    order, _lines = add_order(shop, member, 1, (eggs, 505), (milk, 2))
    refund(shop, order, member, 4, kind="payment", amount_fen=1780)
    found = look(shop)
    assert total(each.revenue for each in found.values()) == Money(484 + 1300 - 4)
    assert found[eggs].pledge == found[milk].pledge == Money(0)
    report = profit(shop, Scope(TODAY, TODAY))
    assert report.revenue == Money(1780)
    assert report.kept == report.revenue - report.cost
    refund(shop, order, member, -4, kind="reversal", amount_fen=-1780)
    assert total(each.revenue for each in look(shop).values()) == Money(1784)


def test_a_round_counts_goods_that_came_back_as_its_days_do(shop: Shop) -> None:
    eggs, member, round_id = add_product(shop, "土鸡蛋"), add_member(shop, "小李"), add_round(shop)
    _order, (line,) = add_order(shop, member, 1, (eggs, 2000), round_id=round_id)
    batch = add_batch(shop, eggs, 5000)
    leave(shop, eggs, 2000, batch, line_id=line)
    leave(shop, eggs, -500, batch, Kind.RETURNED, line_id=line)
    leave(shop, eggs, 500, batch, Kind.WASTED)
    of_days, of_round = look(shop)[eggs], look(shop, round_days(round_id, TODAY, 1))[eggs]
    assert of_round.quantity == of_days.quantity == 1500
    assert (of_round.purchase, of_round.loss) == (Money(1200), Money(400))
    for cost in Cost:
        assert of_round.unit_cost(cost) == of_days.unit_cost(cost)


def test_a_delivery_fee_given_back_is_borne_by_the_shop(shop: Shop) -> None:
    shop = with_settings(shop, delivery_cost=500)
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    order, _ = add_order(shop, member, 1, (eggs, 1000), delivery=True, delivery_fee_fen=300)
    assert look(shop)[eggs].delivery == Money(200)
    hand_over(shop, order)
    refund(shop, order, member, 960 + 300)
    found = look(shop)[eggs]
    assert (found.pledge, found.delivery) == (Money(960), Money(500))


def test_nobody_went_for_an_order_that_was_paid_back_before(shop: Shop) -> None:
    shop = with_settings(shop, delivery_cost=500)
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    milk = add_product(shop, "牛奶", "瓶", 650)
    whole, _lines = add_order(shop, member, 1, (eggs, 1000), delivery=True, delivery_fee_fen=300)
    line_by_line, (first, second) = add_order(
        shop, member, 2, (eggs, 1000), (milk, 2), delivery=True
    )
    refund(shop, whole, member, 960 + 300)
    refund(shop, line_by_line, member, 960, first)
    assert look(shop)[eggs].delivery == Money(250)
    with shop.write("test.take_off") as tx:
        take_off(tx, second, Money(1300))
    found = look(shop)
    assert (found[eggs].delivery, found[milk].delivery) == (Money(0), Money(0))
    assert found[eggs].pledge == Money(1920)


def test_the_newest_batch_is_priced_by_the_unit_of_today(shop: Shop) -> None:
    """Bought at 4.00 a jin, sold by the kilogram since, and nothing sold yet: 8.00."""
    eggs = add_product(shop, "土鸡蛋")
    add_batch(shop, eggs, 5000, unit_price_fen=400)
    change(shop, schema.product, eggs, sale_unit="公斤", unit_grams=1000, purchase_price_fen=None)
    assert look(shop)[eggs].unit_cost(Cost.PURCHASE) == Money(800)


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]
)
@pytest.mark.parametrize("month", [3, 4, 10, 11])
def test_a_price_changed_at_the_shops_midnight_counts_from_the_right_day(
    shop: Shop, zone: str, month: int
) -> None:
    """Also where clocks are put forward or back: one second before midnight is the day before."""
    shop = with_settings(shop, time_zone=zone)
    eggs = add_product(shop, "土鸡蛋")
    first = TODAY.replace(month=month, day=1)
    before = first - timedelta(days=1)
    for day in (before, first):
        leave(shop, eggs, 500, on=day)
    midnight = day_bounds(first, zone)[0]
    rows = [(datetime(2026, 1, 1, tzinfo=UTC), 400), (midnight - timedelta(seconds=1), 500),
            (midnight, 600)]  # fmt: skip
    with shop.store.write() as connection:
        for at, fen in rows:
            row = {"product_id": eggs, "kind": "sale", "price_fen": fen, "at": at}
            connection.execute(insert(schema.price_change).values(**row))
    change(shop, schema.product, eggs, price_fen=600)
    assert [one.reckoned.fen for one in books(shop, Scope(before, before))] == [500]
    assert [one.reckoned.fen for one in books(shop, Scope(first, first))] == [600]
    assert [one.reckoned.fen for one in books(shop, Scope(before, first))] == [1100]


@pytest.mark.parametrize(
    ("found", "refunded", "rounded", "fee"),
    [
        (LetGo({1: 60}, 220), (150, 130), (0, 0), 0),
        (LetGo({1: 9999}), (960, 0), (0, 0), 0),
        (LetGo({}, 99_999, 5, fee=300), (960, 1300), (0, 0), 300),
        (LetGo({}, 0, 9, fee=300), (0, 0), (4, 5), 0),
        (LetGo({1: -5}, -7, -3, fee=300), (0, 0), (0, 0), 0),
        (LetGo({7: 100}), (0, 0), (0, 0), 0),
    ],
)
def test_never_more_is_let_go_than_an_order_costs(
    found: LetGo, refunded: tuple[int, ...], rounded: tuple[int, ...], fee: int
) -> None:
    lines = [Line(1, 11, 960, is_some=True), Line(2, 12, 1300, is_some=True)]
    shared = share(lines, found)
    assert (shared.refunded, shared.rounded, shared.fee) == (refunded, rounded, fee)


@pytest.mark.parametrize(
    ("found", "refunded", "rounded", "coupon", "fee"),
    [
        (LetGo(coupon=1000), (0, 0), (0, 0), (425, 575), 0),
        (LetGo(coupon=9999, fee=300), (0, 0), (0, 0), (960, 1300), 0),
        (LetGo({1: 960}, 0, 0, coupon=1000), (960, 0), (0, 0), (0, 1000), 0),
        (LetGo({}, 2260, 0, 300, 1000), (960, 1300), (0, 0), (0, 0), 0),
        (LetGo({}, 0, 60, 300, 2230), (0, 0), (25, 35), (935, 1265), 0),
    ],
)
def test_a_coupon_comes_off_what_the_goods_still_cost_and_never_off_the_fee(
    found: LetGo,
    refunded: tuple[int, ...],
    rounded: tuple[int, ...],
    coupon: tuple[int, ...],
    fee: int,
) -> None:
    lines = [Line(1, 11, 960, is_some=True), Line(2, 12, 1300, is_some=True)]
    shared = share(lines, found)
    assert (shared.refunded, shared.rounded) == (refunded, rounded)
    assert (shared.coupon, shared.fee) == (coupon, fee)


def test_a_coupon_is_a_cost_of_points_and_leaves_the_revenue_alone(shop: Shop) -> None:
    """What it took off is shared by what the goods cost; a cancelled order took nothing (R37)."""
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "瓶", 650)
    member = add_member(shop, "小李")
    order, _lines = add_order(shop, member, 1, (eggs, 505), (milk, 2))
    put_coupon(shop, order, member, 1000)
    found = look(shop)
    assert total(each.revenue for each in found.values()) == Money(1784)
    assert (found[eggs].points, found[milk].points) == (Money(271), Money(729))
    report = profit(shop, Scope(TODAY, TODAY))
    assert report.totals[Part.POINTS] == Money(1000)
    assert report.kept == report.revenue - report.cost
    change(shop, schema.customer_order, order, status="cancelled")
    assert total(each.points for each in look(shop).values()) == Money(0)


def test_a_points_cost_typed_by_hand_stands_instead_of_the_books(shop: Shop) -> None:
    """Nothing counts twice: what the owner typed replaces what coupons took off."""
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    order, _lines = add_order(shop, member, 1, (eggs, 1000))
    put_coupon(shop, order, member, 300)
    assert profit(shop, Scope(TODAY, TODAY)).totals[Part.POINTS] == Money(300)
    set_costs(shop, eggs, {Part.POINTS: Typed(Money(5))}, {})
    assert profit(shop, Scope(TODAY, TODAY)).totals[Part.POINTS] == Money(10)
