"""Clearances: begun with what is expected, run until a day, measured afterwards (R7)."""

from datetime import timedelta

import pytest

from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.clearance import queries
from lib.supply.clearance.commands import Start, end_clearance, start_clearance
from lib.supply.clearance.offers import Kind, Plan
from lib.supply.clearance.running import queries as clearances
from lib.supply.stock.commands import Move, post
from lib.supply.stock.rules import Kind as Movement
from lib.trade.charged.rules import Lowest
from tests.conftest import NOW
from tests.service.cast import add_member, add_order, add_round
from tests.supply.cast import TODAY, add_batch, add_product


def grapes(shop: Shop) -> int:
    product = add_product(shop, "葡萄", "盒", 1990)
    add_batch(shop, product, 20, arrived_on=TODAY - timedelta(days=4), unit_price_fen=1200)
    for ago in (3, 2, 1):
        sell(shop, product, ago, 1)
    return product


def sell(shop: Shop, product: int, ago: int, quantity: int) -> None:
    with shop.write("stock.test") as tx:
        day = tx.today - timedelta(days=ago)
        post(tx, Move(product, Movement.SOLD, -quantity, on=day))


def begin(shop: Shop, product: int, **more: object) -> int:
    plan = Plan(Kind.DISCOUNT, Money(1390), 3, 9)
    asked = {"product_id": product, "plan": plan, "reason": "near_date",
             "ends_on": TODAY + timedelta(days=2), "text": "🛒 葡萄"}  # fmt: skip
    return start_clearance(shop, Start(**(asked | more)))  # type: ignore[arg-type]


def test_it_runs_and_is_measured_day_by_day(shop: Shop, clock: FixedClock) -> None:
    product = grapes(shop)
    begin(shop, product)
    sell(shop, product, 0, 4)
    clock.forward(days=1)
    sell(shop, product, 0, 5)
    [one] = clearances.clearances(shop)
    assert one.running
    assert (one.on_hand, one.starts_on, one.until) == (17, TODAY, TODAY + timedelta(days=1))
    result = one.result
    assert (result.sold, result.expected, result.before, result.left) == (9, 9, 2, 8)
    assert result.takings == Money(9 * 1390)
    assert result.saved == Money(7 * 1200)
    clock.forward(days=2)
    [one] = clearances.clearances(shop)
    assert not one.running
    assert one.until == TODAY + timedelta(days=2)


def test_orders_bring_what_they_really_cost(shop: Shop) -> None:
    product = grapes(shop)
    begin(shop, product)
    add_order(shop, add_member(shop, "阿芳"), 1, (product, 2))
    [one] = clearances.clearances(shop)
    assert one.result.takings == Money(2 * 1990)


def test_a_slow_mover_being_cleared_says_so(shop: Shop) -> None:
    product = grapes(shop)
    assert queries.slow_movers(shop)[0].clearance_id is None
    number = begin(shop, product)
    assert queries.slow_movers(shop)[0].clearance_id == number


def test_only_one_at_a_time_and_it_can_be_ended(shop: Shop) -> None:
    product = grapes(shop)
    number = begin(shop, product)
    with pytest.raises(Refused, match="running"):
        begin(shop, product)
    with pytest.raises(Conflict):
        end_clearance(shop, number, 7)
    end_clearance(shop, number, 1)
    assert not clearances.clearances(shop)[0].running
    with pytest.raises(Refused, match="over already"):
        end_clearance(shop, number, 2)
    assert begin(shop, product) == number + 1
    with pytest.raises(NotFound):
        end_clearance(shop, 99, 1)


def test_what_cannot_be_is_refused_and_leaves_nothing(shop: Shop) -> None:
    product = grapes(shop)
    for wrong in ({"reason": ""}, {"ends_on": TODAY - timedelta(days=1)},
                  {"plan": Plan(Kind.DISCOUNT, Money(1390), 3, 18)}):  # fmt: skip
        with pytest.raises(Refused):
            begin(shop, product, **wrong)
    with pytest.raises(NotFound):
        begin(shop, 99)
    assert clearances.clearances(shop) == ()


def test_staff_may_begin_one_and_read_no_cost(shop: Shop, staff_shop: Shop) -> None:
    product = grapes(shop)
    begin(staff_shop, product)
    assert clearances.clearances(staff_shop)[0].result.saved is None
    assert clearances.clearances(shop)[0].result.saved is not None
    assert clearances.clearances(shop)[0].by == "小吴"


def test_partners_are_what_orders_hold_together(shop: Shop) -> None:
    product = grapes(shop)
    yoghurt, salt = add_product(shop, "酸奶", "杯", 500), add_product(shop, "盐", "袋", 300)
    member = add_member(shop, "阿芳")
    add_order(shop, member, 1, (product, 1), (yoghurt, 1), (salt, 1))
    add_order(shop, member, 2, (product, 1), (yoghurt, 1))
    add_order(shop, member, 3, (salt, 1))
    add_order(shop, member, 4, (product, 1), (salt, 1), status="cancelled")
    add_order(shop, member, 5, (product, 1), (salt, 1), pickup_day=TODAY - timedelta(days=57))
    found = clearances.partners(shop, product)
    assert [(one.name, one.orders) for one in found] == [("酸奶", 2), ("盐", 1)]


def test_the_lowest_price_is_one_that_was_charged_in_seven_days(shop: Shop) -> None:
    product = grapes(shop)
    assert clearances.lowest_charged(shop, product) is None
    member = add_member(shop, "阿芳")
    add_order(shop, member, 1, (product, 1), placed_at=NOW - timedelta(days=9))
    charged = clearances.lowest_charged(shop, product)
    assert charged == Lowest(Money(1990), NOW - timedelta(days=9), is_recent=False)
    with shop.store.write() as connection:
        from lib.db import schema

        connection.execute(schema.product.update().values(price_fen=1590))
    before = NOW - timedelta(minutes=1)
    add_order(shop, member, 2, (product, 1), placed_at=before)
    assert clearances.lowest_charged(shop, product) == Lowest(Money(1590), before, True)
    gone = {"placed_at": before, "status": "cancelled"}
    add_order(shop, member, 3, (product, 1), round_id=add_round(shop), **gone)
    assert clearances.lowest_charged(shop, product) == Lowest(Money(1590), before, True)
