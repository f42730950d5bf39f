"""What is due now."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.service.picking.commands import mark_picked
from lib.service.picking.queries import Scope
from lib.service.pickup.commands import hand_over
from lib.service.pickup.queries import left_over
from lib.service.today.queries import today
from lib.shop.shop import Shop
from lib.trade.payments.commands import pay_order
from tests.conftest import NOW
from tests.service.cast import TODAY, add_member, add_order, add_product, add_round


def test_a_fresh_shop_has_four_steps_to_go(shop: Shop) -> None:
    due = today(shop)
    assert due.quiet
    assert due.steps.done == (False, False, False, False)
    assert not due.steps.complete


def test_steps_are_ticked_as_the_shop_grows(shop: Shop) -> None:
    products = [add_product(shop, f"商品{number}") for number in range(4)]
    assert today(shop).steps.products == 4
    add_product(shop, "第五样")
    round_id = add_round(shop)
    assert today(shop).steps.done == (False, True, True, False)
    add_order(shop, add_member(shop, "小李"), 1, (products[0], 500), round_id=round_id)
    assert today(shop).steps.done == (False, True, True, True)


def test_open_rounds_count_down_and_closed_ones_are_to_pick(shop: Shop, clock: FixedClock) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    soon = add_round(shop, "今晚团", cut_off=NOW + timedelta(hours=1))
    add_order(shop, member, 1, (eggs, 500), round_id=soon)
    due = today(shop)
    assert [(one.title, one.orders) for one in due.rounds] == [("今晚团", 1)]
    assert due.to_pick == (), "an open round still grows"
    clock.forward(hours=1)
    due = today(shop)
    assert due.rounds == ()
    assert [(one.day, one.orders, one.lines) for one in due.to_pick] == [(TODAY, 1, 1)]
    mark_picked(shop, Scope(day=TODAY), eggs)
    assert today(shop).to_pick == ()


def test_a_round_closed_early_is_no_longer_open(shop: Shop) -> None:
    round_id = add_round(shop, cut_off=NOW + timedelta(hours=1))
    rounds = schema.buying_round
    with shop.store.write() as connection:
        connection.execute(update(rounds).where(rounds.c.id == round_id).values(closed_at=NOW))
    assert today(shop).rounds == ()


def test_what_stands_open_with_residents(shop: Shop, clock: FixedClock) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    add_order(shop, member, 1, (eggs, 500), check_reason="看不懂")
    paid, _ = add_order(shop, member, 2, (eggs, 500))
    pay_order(shop, paid)
    yesterday, _ = add_order(shop, member, 1, (eggs, 500), pickup_day=TODAY - timedelta(days=1))
    old, _ = add_order(shop, member, 1, (eggs, 1000), pickup_day=TODAY - timedelta(days=3))
    add_order(shop, member, 2, (eggs, 500), pickup_day=TODAY - timedelta(days=2), delivery=True)
    due = today(shop)
    assert (due.to_check, due.load.orders, due.left_over) == (1, 2, 2)
    assert (due.unpaid, due.unpaid_due) == (1, Money(960)), "from the third day on"
    assert [bag.order_id for bag in left_over(shop)] == [old, yesterday]
    hand_over(shop, old)
    assert today(shop).left_over == 1
    clock.forward(days=1)
    assert today(shop).unpaid == 2


def test_closed_days_within_a_week(shop: Shop) -> None:
    day = TODAY + timedelta(days=2)
    with shop.store.write() as connection:
        for ahead in (-1, 2, 8):
            closed = {"day": TODAY + timedelta(days=ahead), "reason": "盘点"}
            connection.execute(insert(schema.closed_day).values(closed))
    add_order(shop, add_member(shop, "小李"), 1, (add_product(shop, "土鸡蛋"), 1), pickup_day=day)
    assert [(one.day, one.reason, one.orders) for one in today(shop).closed] == [(day, "盘点", 1)]


def test_residents_see_nothing(resident_shop: Shop) -> None:
    for read in (today, left_over):
        with pytest.raises(Refused):
            read(resident_shop)
