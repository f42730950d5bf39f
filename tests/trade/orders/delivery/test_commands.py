"""The delivery fee follows every change of an order, on both databases (R24)."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from lib.db import schema
from lib.kernel.money import Money
from lib.members.profiles.rules import Home
from lib.shop.shop import Shop
from lib.trade.orders import commands, queries
from lib.trade.orders.delivery.queries import missing_of
from lib.trade.orders.rules import Booking, Change, IncomingOrder, Source, Wanted
from lib.trade.payments.commands import pay_order, refund_line, weigh_line
from lib.trade.payments.queries import money_of
from tests.trade.orders.cast import EGGS, TOFU, open_friday, stock_up

LI = Home(building="3", room="201")


def walk_in(shop: Shop, *wanted: Wanted, delivery: bool = True) -> int:
    stock_up(shop)
    return commands.add_order(
        shop, IncomingOrder(None, "小李", wanted, LI, delivery=delivery, slot="evening")
    )


def fee(shop: Shop, order_id: int) -> str:
    return str(queries.order(shop, order_id).delivery_fee)


def version(shop: Shop, order_id: int) -> int:
    return queries.order(shop, order_id).version


def change(shop: Shop, order_id: int, *wanted: Wanted) -> None:
    commands.change_lines(shop, order_id, version(shop, order_id), wanted)


def mark(shop: Shop, order_id: int, *, delivery: bool) -> None:
    commands.change_pickup(
        shop, order_id, version(shop, order_id), slot="evening", delivery=delivery, note=""
    )


def test_goods_taken_out_and_put_in_again(shop: Shop) -> None:
    order = walk_in(shop, Wanted(TOFU, 10))
    assert fee(shop, order) == "0.00"
    change(shop, order, Wanted(TOFU, 9))
    assert fee(shop, order) == "3.00"
    assert missing_of(shop, [order]) == {order: Money.of("3.00")}
    change(shop, order, Wanted(TOFU, 9), Wanted(EGGS, 500))
    assert fee(shop, order) == "0.00"
    assert missing_of(shop, [order]) == {}


def test_brought_after_all_and_collected_after_all(shop: Shop) -> None:
    order = walk_in(shop, Wanted(TOFU, 2), delivery=False)
    assert (fee(shop, order), missing_of(shop, [order])) == ("0.00", {})
    mark(shop, order, delivery=True)
    assert (fee(shop, order), missing_of(shop, [order])) == ("3.00", {order: Money.of("24.00")})
    mark(shop, order, delivery=False)
    assert fee(shop, order) == "0.00"


def test_a_note_leaves_the_fee_as_it_is(shop: Shop) -> None:
    order = walk_in(shop, Wanted(TOFU, 2))
    pay_order(shop, order)
    with shop.store.write() as connection:
        lower = update(schema.customer_order).values(delivery_fee_fen=100)
        connection.execute(lower)
    mark(shop, order, delivery=True)
    assert fee(shop, order) == "1.00"


def test_a_fee_is_never_raised_after_it_was_paid(shop: Shop) -> None:
    order = walk_in(shop, Wanted(TOFU, 10))
    pay_order(shop, order)
    change(shop, order, Wanted(TOFU, 4))
    assert fee(shop, order) == "0.00"
    assert money_of(shop, [order])[order].overpaid == Money.of("18.00")


def test_a_paid_fee_is_given_back_when_more_is_ordered(shop: Shop) -> None:
    order = walk_in(shop, Wanted(TOFU, 9))
    pay_order(shop, order)
    change(shop, order, Wanted(TOFU, 11))
    assert fee(shop, order) == "0.00"
    assert money_of(shop, [order])[order].due == Money.of("3.00")


def test_a_partial_refund_of_bad_goods_keeps_delivery_free(shop: Shop) -> None:
    order = walk_in(shop, Wanted(TOFU, 10))
    pay_order(shop, order)
    line = queries.order(shop, order).lines[0].id
    refund_line(shop, line, Money.of("6.00"), "两盒碎了")
    mark(shop, order, delivery=True)
    assert fee(shop, order) == "0.00"
    assert money_of(shop, [order])[order].balance == Money(0)


def test_a_partial_refund_before_anything_else_changes_keeps_the_fee(shop: Shop) -> None:
    order = walk_in(shop, Wanted(TOFU, 9))
    pay_order(shop, order)
    refund_line(shop, queries.order(shop, order).lines[0].id, Money.of("3.00"), "碎了")
    assert fee(shop, order) == "3.00"


def test_the_scale_gives_free_delivery_and_never_takes_it(shop: Shop) -> None:
    order = walk_in(shop, Wanted(EGGS, 3100))
    assert fee(shop, order) == "3.00"
    line = queries.order(shop, order).lines[0].id
    weigh_line(shop, line, 3200)
    assert fee(shop, order) == "0.00"
    other = walk_in_again(shop, Wanted(EGGS, 3200))
    weigh_line(shop, queries.order(shop, other).lines[0].id, 3000)
    assert fee(shop, other) == "0.00"


def walk_in_again(shop: Shop, *wanted: Wanted) -> int:
    return commands.add_order(shop, IncomingOrder(None, "王姐", wanted, LI, delivery=True))


def test_a_shortage_that_is_shared_out_keeps_delivery_free(shop: Shop) -> None:
    order = walk_in(shop, Wanted(TOFU, 10))
    line = queries.order(shop, order).lines[0].id
    with shop.write("order.share_out") as tx:
        commands.put_quantities(tx, {line: 6}, {order: version(shop, order)})
    mark(shop, order, delivery=True)
    assert fee(shop, order) == "0.00"


@pytest.mark.parametrize(
    ("parts", "delivery", "goods", "then"),
    [
        (frozenset({"slot"}), False, 2, "0.00"),
        (frozenset({"goods"}), False, 10, "0.00"),
        (frozenset({"goods"}), False, 9, "3.00"),
        (frozenset({"note"}), False, 10, "3.00"),
        (None, False, 2, "0.00"),
    ],
    ids=["no longer brought", "more goods", "still too few", "only a note", "all of it"],
)
def test_a_newer_paste_of_the_chain(
    shop: Shop, parts: frozenset[str] | None, delivery: bool, goods: int, then: str
) -> None:
    round_id = open_friday(shop)
    first = IncomingOrder("a", "小李", (Wanted(TOFU, 2),), LI, delivery=True, body={"t": 1})
    booking = Booking(Source.CHAIN, "周五团", "1", None, "#接龙", additions=[first])
    booked = commands.book_intake(shop, round_id, booking)
    (order,) = booked.added
    assert fee(shop, order) == "3.00"
    newer = replace(first, wanted=(Wanted(TOFU, goods),), delivery=delivery, body={"t": 2})
    changes = [Change(order, version(shop, order), newer, parts)]
    again = Booking(Source.CHAIN, "周五团", "2", booked.intake_id, "#接龙", changes=changes)
    commands.book_intake(shop, round_id, again)
    assert fee(shop, order) == then


def test_what_a_platform_charged_gets_no_fee(shop: Shop) -> None:
    round_id = open_friday(shop)
    first = IncomingOrder(
        "a", "小李", (Wanted(TOFU, 2),), LI, delivery=True, body={"t": 1}, gross=Money.of("8.00")
    )
    booking = Booking(Source.SHEET, "快团团", "1", None, "", additions=[first], platform="快团团")
    (order,) = commands.book_intake(shop, round_id, booking).added
    mark(shop, order, delivery=False)
    mark(shop, order, delivery=True)
    assert (fee(shop, order), missing_of(shop, [order])) == ("0.00", {})
    with shop.read() as connection:
        payment = schema.payment
        rows = connection.execute(select(payment.c.amount_fen)).scalars().all()
    assert rows == [800]
