"""What the books say of a stretch of days, on a real database (R20, E15)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.stock.rules import Kind
from lib.trust.books.queries import batch_shares, books
from lib.trust.books.rules import Cost, From, Scope, last_days, round_days
from tests.conftest import NOW
from tests.trust.books.cast import (
    TODAY,
    add_batch,
    add_line,
    add_member,
    add_order,
    add_product,
    add_round,
    leave,
    look,
    refund,
    with_settings,
)

DAY = timedelta(days=1)


def change(shop: Shop, table: Any, row_id: int, **values: Any) -> None:
    with shop.store.write() as connection:
        connection.execute(update(table).where(table.c.id == row_id).values(**values))


def price_from(shop: Shop, product_id: int, fen: int, at: Any) -> None:
    with shop.store.write() as connection:
        row = {"product_id": product_id, "kind": "sale", "price_fen": fen, "at": at}
        connection.execute(insert(schema.price_change).values(**row))


def test_revenue_is_what_standing_lines_come_to(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    _first, lines = add_order(shop, member, 1, (eggs, 1000), (eggs, 500))
    gone, _ = add_order(shop, member, 2, (eggs, 500), status="cancelled")
    add_order(shop, member, 3, (eggs, 500), pickup_day=TODAY + DAY)
    change(shop, schema.order_line, lines[0], quantity=900, amount_fen=864)
    found = look(shop)[eggs]
    assert (found.quantity, found.revenue, found.reckoned) == (1400, Money(864 + 480), Money(0))
    change(shop, schema.order_line, lines[1], cancelled_at=NOW)
    assert look(shop)[eggs].quantity == 900
    change(shop, schema.customer_order, gone, status="active")
    assert look(shop)[eggs].quantity == 1400


def test_the_purchase_price_is_weighted_by_what_left(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    add_order(shop, member, 1, (eggs, 4000))
    cheap = add_batch(shop, eggs, 5000, unit_price_fen=400)
    dear = add_batch(shop, eggs, 5000, unit_price_fen=500)
    leave(shop, eggs, 3000, cheap)
    leave(shop, eggs, 1000, dear)
    found = look(shop)[eggs]
    assert found.purchase_from is From.BATCHES
    assert found.unit_cost(Cost.PURCHASE) == Money(425)
    # 8 jin were ordered, 8 went over the counter: both at 4.25.
    assert (found.quantity, found.purchase) == (8000, Money(16 * 425))
    shares = batch_shares(shop, Scope(TODAY, TODAY), eggs)
    assert [(each.quantity, each.price) for each in shares] == [
        (1000, Money(500)), (3000, Money(400)),
    ]  # fmt: skip


def test_what_was_taken_back_counts_nothing(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 5000)
    sold, wasted = leave(shop, eggs, 1000, batch), leave(shop, eggs, 500, batch, Kind.WASTED)
    assert look(shop)[eggs].loss == Money(400)
    leave(shop, eggs, -1000, batch, reverses_id=sold)
    leave(shop, eggs, -500, batch, Kind.WASTED, reverses_id=wasted)
    found = look(shop)[eggs]
    assert (found.quantity, found.revenue, found.cost) == (0, Money(0), Money(0))
    assert found.unit_cost(Cost.LOSS) is None


def test_returned_goods_are_not_sold(shop: Shop) -> None:
    """What came back and was thrown away cost as much as if it had spoiled in the shop."""
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    _order, (line,) = add_order(shop, member, 1, (eggs, 2000))
    batch = add_batch(shop, eggs, 5000)
    leave(shop, eggs, 2000, batch, line_id=line)
    leave(shop, eggs, -500, batch, Kind.RETURNED, line_id=line)
    leave(shop, eggs, 500, batch, Kind.WASTED)
    found = look(shop)[eggs]
    assert (found.quantity, found.purchase, found.loss) == (1500, Money(1200), Money(400))


def test_goods_without_a_priced_batch_stand_at_the_usual_price(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    free = add_batch(shop, eggs, 5000, unit_price_fen=None)
    leave(shop, eggs, 1000, free)
    found = look(shop)[eggs]
    assert (found.purchase_from, found.unit_cost(Cost.PURCHASE)) == (From.USUAL, Money(399))
    priced = add_batch(shop, eggs, 5000, unit_price_fen=401)
    leave(shop, eggs, 1000, priced)
    found = look(shop)[eggs]
    assert (found.purchase_from, found.usual_quantity) == (From.BATCHES, 1000)
    assert found.unit_cost(Cost.PURCHASE) == Money(400)


def test_without_any_price_nothing_is_guessed(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    change(shop, schema.product, eggs, purchase_price_fen=None)
    assert look(shop)[eggs].purchase_from is From.NONE
    add_batch(shop, eggs, 5000, unit_price_fen=380, arrived_on=TODAY - DAY)
    add_batch(shop, eggs, 5000, unit_price_fen=410)
    found = look(shop)[eggs]
    assert (found.purchase_from, found.unit_cost(Cost.PURCHASE)) == (From.BATCHES, Money(410))
    yesterday = look(shop, Scope(TODAY - DAY, TODAY - DAY))[eggs]
    assert yesterday.unit_cost(Cost.PURCHASE) == Money(380)


def test_a_batch_corrected_later_changes_the_reading(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    batch = add_batch(shop, eggs, 5000, unit_price_fen=400)
    leave(shop, eggs, 1000, batch)
    change(shop, schema.batch, batch, unit_price_fen=450)
    assert look(shop)[eggs].purchase == Money(900)


def test_a_delivery_entered_late_is_what_the_goods_came_out_of(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")
    leave(shop, eggs, 1000)
    assert look(shop)[eggs].purchase_from is From.USUAL
    batch = add_batch(shop, eggs, 5000, unit_price_fen=410)
    leave(shop, eggs, -1000, None, Kind.ASSIGNED)
    leave(shop, eggs, 1000, batch, Kind.ASSIGNED)
    found = look(shop)[eggs]
    assert (found.purchase_from, found.usual_quantity) == (From.BATCHES, 0)
    assert found.purchase == Money(820)


def test_loss_is_what_was_thrown_away_or_missing(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    add_order(shop, member, 1, (eggs, 5000))
    batch = add_batch(shop, eggs, 9000, unit_price_fen=400, rejected=2000)
    leave(shop, eggs, 1000, batch, Kind.WASTED)
    leave(shop, eggs, 500, batch, Kind.COUNTED)
    found = look(shop)[eggs]
    assert (found.lost, found.loss) == (1500, Money(1200))
    assert found.unit_cost(Cost.LOSS) == Money(120)
    leave(shop, eggs, -2000, batch, Kind.COUNTED)
    found = look(shop)[eggs]
    assert (found.lost, found.loss) == (0, Money(0)), "what a count finds is never earned"


def test_counter_sales_are_reckoned_at_the_price_that_stood(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "瓶", 650)
    for ago in (3, 2, 1, 0):
        leave(shop, eggs, 500, on=TODAY - ago * DAY)
        leave(shop, milk, 2, on=TODAY - ago * DAY)
    price_from(shop, eggs, 400, NOW - timedelta(days=30))
    price_from(shop, eggs, 450, NOW - timedelta(days=2))
    price_from(shop, eggs, 480, NOW - timedelta(days=1))
    found = look(shop, Scope(TODAY - 3 * DAY, TODAY))
    assert found[eggs].reckoned == found[eggs].revenue == Money(400 + 450 + 480 + 480)
    assert (found[milk].counter, found[milk].revenue) == (8, Money(8 * 650))


def test_a_refund_counts_for_its_line_and_its_undoing_takes_it_back(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "瓶", 650)
    member = add_member(shop, "小李")
    order, lines = add_order(shop, member, 1, (eggs, 1000), (milk, 2))
    first = refund(shop, order, member, 200, lines[0], business_day=TODAY + 5 * DAY)
    assert look(shop)[eggs].pledge == Money(200)
    assert look(shop)[eggs].unit_cost(Cost.PLEDGE) == Money(100)
    refund(shop, order, member, -200, lines[0], kind="reversal", reverses_id=first)
    assert look(shop)[eggs].pledge == Money(0)


def test_a_refund_of_a_whole_order_is_shared_by_what_its_lines_cost(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "瓶", 650)
    member = add_member(shop, "小李")
    order, lines = add_order(shop, member, 1, (eggs, 1000), (milk, 2))
    refund(shop, order, member, 60, lines[0])
    refund(shop, order, member, 220)
    found = look(shop)
    assert (found[eggs].pledge, found[milk].pledge) == (Money(60 + 90), Money(130))
    refund(shop, order, member, 99_999)
    found = look(shop)
    assert (found[eggs].pledge, found[milk].pledge) == (Money(960), Money(1300))


def test_money_paid_too_much_is_no_cost(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    order, (line,) = add_order(shop, member, 1, (eggs, 1000))
    refund(shop, order, member, 300, line, forgiven_fen=0)
    refund(shop, order, member, -50, kind="payment", forgiven_fen=3, amount_fen=50)
    assert look(shop)[eggs].pledge == Money(0)


def test_a_bag_is_shared_by_the_goods_that_need_it(shop: Shop) -> None:
    shop = with_settings(shop, freshness_bag_cost=10, ice_pack_cost=30, bubble_wrap_cost=25)
    eggs = add_product(shop, "土鸡蛋", fresh=True, fragile=True)
    leek, pork = add_product(shop, "小葱", fresh=True), add_product(shop, "五花肉", fresh=True)
    rice, member = add_product(shop, "大米", "袋", 3280), add_member(shop, "小李")
    add_order(shop, member, 1, (eggs, 500), (leek, 500), (pork, 500), (rice, 1))
    _order, (none,) = add_order(shop, member, 2, (leek, 500))
    change(shop, schema.order_line, none, quantity=0, amount_fen=0)
    found = look(shop)
    assert [found[each].packaging.fen for each in (eggs, leek, pork)] == [13 + 25, 13, 14]
    assert found[rice].packaging == Money(0)
    assert sum(each.packaging.fen for each in found.values()) == 40 + 25
    add_order(shop, member, 3, (leek, 500), pickup_day=TODAY.replace(month=12))
    winter = look(shop, Scope(TODAY.replace(month=12), TODAY.replace(month=12)))
    assert winter[leek].packaging == Money(10), "no ice pack in December"
    plain = with_settings(shop, freshness_bag=False, ice_pack=False, bubble_wrap=False)
    assert sum(each.packaging.fen for each in look(plain).values()) == 0


def test_delivery_is_what_the_resident_did_not_pay_of_it(shop: Shop) -> None:
    shop = with_settings(shop, delivery_cost=500)
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "瓶", 650)
    member = add_member(shop, "小李")
    add_order(shop, member, 1, (eggs, 1000), (milk, 2), delivery=True, delivery_fee_fen=199)
    add_order(shop, member, 2, (eggs, 1000), delivery=True, delivery_fee_fen=800)
    add_order(shop, member, 3, (eggs, 1000))
    found = look(shop)
    assert (found[eggs].delivery, found[milk].delivery) == (Money(151), Money(150))


def test_a_round_has_its_own_lines_batches_and_the_loss_of_its_days(shop: Shop) -> None:
    eggs, member, round_id = add_product(shop, "土鸡蛋"), add_member(shop, "小李"), add_round(shop)
    old = add_batch(shop, eggs, 9000, unit_price_fen=300, arrived_on=TODAY - 3 * DAY)
    new = add_batch(shop, eggs, 9000, unit_price_fen=500)
    leave(shop, eggs, 1500, old, on=TODAY - 2 * DAY)
    leave(shop, eggs, 250, old, Kind.WASTED, on=TODAY - DAY)
    order, (line,) = add_order(shop, member, 1, (eggs, 1000), round_id=round_id)
    leave(shop, eggs, 1000, new, line_id=line)
    add_order(shop, member, 2, (eggs, 7500))
    refund(shop, order, member, 80, line)
    scope = round_days(round_id, TODAY, 30)
    found = look(shop, scope)[eggs]
    assert (found.quantity, found.revenue) == (1000, Money(960))
    assert found.unit_cost(Cost.PURCHASE) == Money(500)
    # 250 g at 3.00 were lost on 10 kg sold in these days: 0.075 a jin.
    assert found.loss == Money(15)
    assert found.pledge == Money(80)
    assert [each.price for each in batch_shares(shop, scope, eggs)] == [Money(500)]


def test_asked_for_one_product_its_unit_costs_are_the_same(shop: Shop) -> None:
    shop = with_settings(shop, freshness_bag_cost=10, delivery_cost=500)
    goods = [add_product(shop, name, fresh=True) for name in ("土鸡蛋", "小葱", "五花肉")]
    member = add_member(shop, "小李")
    add_order(shop, member, 1, *((each, 700) for each in goods), delivery=True)
    whole = look(shop)
    for each in goods:
        alone = look(shop, Scope(TODAY, TODAY, frozenset({each})))
        assert list(alone) == [each]
        for cost in Cost:
            assert alone[each].unit_cost(cost) == whole[each].unit_cost(cost)


def test_archived_goods_are_there_only_if_something_happened(shop: Shop) -> None:
    eggs, old = add_product(shop, "土鸡蛋"), add_product(shop, "旧货")
    member = add_member(shop, "小李")
    change(shop, schema.product, old, archived_at=NOW)
    assert list(look(shop)) == [eggs]
    order, _ = add_order(shop, member, 1)
    add_line(shop, order, old, 500)
    assert set(look(shop)) == {eggs, old}


def test_costs_leave_only_to_those_who_may_see_them(
    shop: Shop, staff_shop: Shop, resident_shop: Shop
) -> None:
    eggs = add_product(shop, "土鸡蛋")
    scope = last_days(TODAY, 30)
    for other in (staff_shop, resident_shop):
        with pytest.raises(Refused):
            books(other, scope)
        with pytest.raises(Refused):
            batch_shares(other, scope, eggs)
    assert [each.product_id for each in books(shop, scope)] == [eggs]
    trusted = with_settings(staff_shop, staff_may_see_cost=True)
    assert books(trusted, scope) == books(shop, scope)


def test_a_product_whose_unit_changed_keeps_what_its_batches_cost(shop: Shop) -> None:
    """Bought per jin, sold per kilogram since: 4.00 a jin are 8.00 a kilogram."""
    eggs = add_product(shop, "土鸡蛋")
    leave(shop, eggs, 1000, add_batch(shop, eggs, 5000, unit_price_fen=400))
    change(shop, schema.product, eggs, sale_unit="公斤", unit_grams=1000)
    found = look(shop)[eggs]
    assert (found.unit_cost(Cost.PURCHASE), found.purchase) == (Money(800), Money(800))


def test_empty_books_say_nothing(shop: Shop) -> None:
    assert look(shop) == {}
