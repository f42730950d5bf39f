"""What keeping the pledge cost: goods given, freight, refunds of no order (R10, R11, R20, E15)."""

from datetime import timedelta

from sqlalchemy import select

from lib.db import schema
from lib.kernel.money import Money, total
from lib.shop.shop import Shop
from lib.supply.stock.commands import assign_loose
from lib.supply.stock.rules import Kind
from lib.trust.books.queries import batch_shares, books
from lib.trust.books.rules import Cost, Scope, round_days
from lib.trust.books.sums.commands import settle
from lib.trust.costs.profit.queries import profit
from tests.conftest import NOW
from tests.trust.books.cast import (
    TODAY,
    add_batch,
    add_member,
    add_order,
    add_product,
    add_round,
    leave,
    look,
    make_case,
    promise,
    put,
    refund,
)

YESTERDAY = TODAY - timedelta(days=1)


class Sold:
    """Two jin of eggs for 9.60, bought at 3.00 a jin, sold in a round of yesterday."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.eggs, self.member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
        self.round = add_round(shop, day=YESTERDAY)
        self.batch = add_batch(shop, self.eggs, 50_000, unit_price_fen=300)
        self.order, (self.line,) = add_order(
            shop, self.member, 1, (self.eggs, 1000), pickup_day=YESTERDAY, round_id=self.round
        )
        leave(shop, self.eggs, 1000, self.batch, on=YESTERDAY, line_id=self.line)
        with shop.read() as connection:
            row = connection.execute(schema.order_line.select()).one()
        self.case = make_case(shop, self.eggs, self.member, row)

    def give(self, quantity: int, batch: int | None) -> int:
        given = promise(self.shop, self.case, self.eggs, self.member, quantity)
        return leave(
            self.shop, self.eggs, quantity, batch, Kind.REDEEMED,
            line_id=self.line, owed_handover_id=given,
        )  # fmt: skip

    def pledge(self, scope: Scope | None = None) -> Money:
        return look(self.shop, scope)[self.eggs].pledge


def test_goods_given_cost_what_their_batch_cost_on_the_day_they_were_given(shop: Shop) -> None:
    sold = Sold(shop)
    sold.give(500, sold.batch)
    assert sold.pledge() == Money(300)
    assert sold.pledge(Scope(YESTERDAY, YESTERDAY)) == Money(0)
    one = look(shop, Scope(YESTERDAY, TODAY))[sold.eggs]
    assert (one.quantity, one.purchase, one.pledge) == (1000, Money(600), Money(300))
    assert one.unit_cost(Cost.PLEDGE) == Money(150)
    assert one.kept == Money(960 - 600 - 300)


def test_in_a_round_they_belong_to_the_order_complained_about(shop: Shop) -> None:
    sold = Sold(shop)
    sold.give(500, sold.batch)
    other = add_round(shop, "周六团")
    assert sold.pledge(round_days(sold.round, YESTERDAY, 1)) == Money(300)
    of_other = look(shop, round_days(other, TODAY, 1)).get(sold.eggs)
    assert of_other is None or of_other.pledge == Money(0)


def test_without_a_priced_batch_they_stand_at_the_usual_price(shop: Shop) -> None:
    sold = Sold(shop)
    sold.give(500, None)
    assert sold.pledge() == Money(399)


def test_a_batch_found_out_later_says_what_they_cost(shop: Shop) -> None:
    sold = Sold(shop)
    sold.give(500, None)
    cheap = add_batch(shop, sold.eggs, 800, unit_price_fen=210)
    with shop.write("stock.test") as tx:
        assert assign_loose(tx, sold.eggs, cheap, 800) == 500
    assert sold.pledge() == Money(210)
    one = look(shop, Scope(YESTERDAY, TODAY))[sold.eggs]
    assert one.purchase == Money(600), "what was sold costs what it did"
    (share,) = batch_shares(shop, Scope(YESTERDAY, TODAY), sold.eggs)
    assert (share.quantity, share.price) == (1000, Money(300))


def test_what_was_taken_back_cost_nothing(shop: Shop) -> None:
    sold = Sold(shop)
    given = sold.give(500, sold.batch)
    with shop.read() as connection:
        table = schema.stock_movement
        row = connection.execute(table.select().where(table.c.id == given)).one()
    again = schema.owed_handover
    with shop.read() as connection:
        first = connection.execute(again.select().where(again.c.id == row.owed_handover_id)).one()
    undone = put(
        shop, again, owed_id=first.owed_id, quantity=-500, reverses_id=first.id, at=NOW
    )  # fmt: skip
    leave(
        shop, sold.eggs, -500, sold.batch, Kind.REDEEMED,
        line_id=sold.line, owed_handover_id=undone, reverses_id=given,
    )  # fmt: skip
    assert sold.pledge() == Money(0)


def test_points_are_no_pledge(shop: Shop) -> None:
    sold = Sold(shop)
    given = promise(shop, None, sold.eggs, sold.member, 500)
    leave(shop, sold.eggs, 500, sold.batch, Kind.REDEEMED, owed_handover_id=given)
    leave(shop, sold.eggs, 500, sold.batch, Kind.REDEEMED)
    assert sold.pledge() == Money(0)


def test_goods_given_for_points_count_once_as_points_at_what_they_cost(shop: Shop) -> None:
    """On the day they were given, whatever they would have sold for (R37); taken back: nothing."""
    sold = Sold(shop)
    given = promise(shop, None, sold.eggs, sold.member, 500)
    sold_before = look(shop)[sold.eggs].quantity
    row = leave(shop, sold.eggs, 500, sold.batch, Kind.REDEEMED, owed_handover_id=given)
    one = look(shop)[sold.eggs]
    assert (one.points, one.pledge, one.quantity) == (Money(300), Money(0), sold_before)
    assert look(shop, Scope(YESTERDAY, YESTERDAY))[sold.eggs].points == Money(0)
    with shop.read() as connection:
        table = schema.owed_handover
        first = connection.execute(table.select().where(table.c.id == given)).one()
    undone = put(
        shop, schema.owed_handover,
        owed_id=first.owed_id, quantity=-500, reverses_id=given, at=NOW,
    )  # fmt: skip
    leave(
        shop, sold.eggs, -500, sold.batch, Kind.REDEEMED, owed_handover_id=undone, reverses_id=row,
    )  # fmt: skip
    assert look(shop)[sold.eggs].points == Money(0)


def test_in_a_round_goods_for_points_count_where_they_went_with_its_orders(shop: Shop) -> None:
    sold = Sold(shop)
    given = promise(shop, None, sold.eggs, sold.member, 500)
    leave(shop, sold.eggs, 500, sold.batch, Kind.REDEEMED, owed_handover_id=given)
    scope = round_days(sold.round, YESTERDAY, 1)
    assert look(shop, scope)[sold.eggs].points == Money(0)
    with shop.read() as connection:
        order = connection.execute(
            select(schema.order_line.c.order_id).where(schema.order_line.c.id == sold.line)
        ).scalar_one()
    with_order = put(shop, schema.owed_handover, owed_id=1, order_id=order, quantity=250, at=NOW)
    leave(shop, sold.eggs, 250, sold.batch, Kind.REDEEMED, owed_handover_id=with_order)
    assert look(shop, scope)[sold.eggs].points == Money(150)


def test_freight_the_shop_bore_is_a_cost_until_it_is_taken_back(shop: Shop) -> None:
    sold = Sold(shop)
    row = {"case_id": sold.case, "turn": 1, "kind": "exchange", "freight_fen": 800}
    put(shop, schema.case_remedy, **row, at=NOW)
    put(shop, schema.case_remedy, **row, at=NOW, undone_at=NOW)
    assert sold.pledge() == Money(800)
    assert sold.pledge(Scope(YESTERDAY, YESTERDAY)) == Money(0)
    assert sold.pledge(round_days(sold.round, YESTERDAY, 1)) == Money(800)


def test_a_refund_of_no_order_is_a_cost_of_its_goods(shop: Shop) -> None:
    sold = Sold(shop)
    case = make_case(shop, sold.eggs, sold.member)
    stands = refund(shop, None, sold.member, 480, case_id=case)
    undone = refund(shop, None, sold.member, 70, case_id=case, business_day=YESTERDAY)
    refund(shop, None, sold.member, -70, case_id=case, kind="reversal", reverses_id=undone)
    assert stands
    assert sold.pledge() == Money(480)
    assert sold.pledge(Scope(YESTERDAY, YESTERDAY)) == Money(0), "undone, it counts on no day"
    assert sold.pledge(round_days(sold.round, YESTERDAY, 1)) == Money(0)


def test_profit_and_sheet_say_the_same_and_settled_days_stay_right(shop: Shop) -> None:
    sold = Sold(shop)
    sold.give(500, sold.batch)
    refund(shop, sold.order, sold.member, 96, sold.line)
    week = Scope(YESTERDAY, TODAY)
    before = books(shop, week)
    assert settle(shop.store, TODAY + timedelta(days=1)) > 0
    assert books(shop, week) == before
    assert total(one.pledge for one in before) == Money(396)
    report = profit(shop, week)
    assert report.kept == report.revenue - report.cost
    assert report.cost == total(one.cost for one in before)
    sold.give(500, sold.batch)
    assert total(one.pledge for one in books(shop, week)) == Money(696)


def test_goods_that_left_the_range_are_still_accounted_for(shop: Shop) -> None:
    sold = Sold(shop)
    sold.give(500, sold.batch)
    with shop.store.write() as connection:
        connection.execute(schema.product.update().values(archived_at=NOW))
    assert sold.pledge() == Money(300)
