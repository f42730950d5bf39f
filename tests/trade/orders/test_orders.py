"""Booking, changing and cancelling orders, on both databases."""

import threading

import pytest
from sqlalchemy import text

from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.members.profiles.rules import Home
from lib.service.pickup.commands import hand_over
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trade.orders import commands, queries
from lib.trade.orders.rules import (
    Booking,
    Cancellation,
    Change,
    IncomingOrder,
    Source,
    Wanted,
)
from tests.trade.orders.cast import EGGS, GREENS, TOFU, open_friday, stock_up

LI = Home(building="3", room="201")


def incoming(*wanted: Wanted, nickname: str = "小李", **more: object) -> IncomingOrder:
    return IncomingOrder(key=None, nickname=nickname, wanted=wanted, home=LI, **more)  # type: ignore[arg-type]


def keyed(key: str, nickname: str, *wanted: Wanted, **more: object) -> IncomingOrder:
    return IncomingOrder(key=key, nickname=nickname, wanted=wanted, body={"text": key}, **more)  # type: ignore[arg-type]


def chain(additions: list[IncomingOrder], fingerprint: str = "a", **more: object) -> Booking:
    values = {"basis": None, "content": "#接龙", **more}
    return Booking(Source.CHAIN, "周五团", fingerprint, additions=additions, **values)  # type: ignore[arg-type]


def count(shop: Shop, table: str) -> int:
    with shop.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_walk_in_pays_todays_price(shop: Shop) -> None:
    stock_up(shop)
    number = commands.add_order(shop, incoming(Wanted(EGGS, 750), Wanted(TOFU, 2)))
    order = queries.order(shop, number)
    assert [line.said for line in order.lines] == ["土鸡蛋 1.5斤", "老豆腐 2盒"]
    assert [line.money for line in order.lines] == [Money.of("7.20"), Money.of("6.00")]
    assert (order.comes_to, order.number, order.pickup_day) == (Money.of("13.20"), 1, shop.today)
    assert (order.nickname, str(order.home)) == ("小李", "3-201")


def test_the_same_product_twice_is_one_line(shop: Shop) -> None:
    stock_up(shop)
    number = commands.add_order(shop, incoming(Wanted(EGGS, 500), Wanted(EGGS, 250)))
    assert [line.ordered for line in queries.order(shop, number).lines] == [750]


@pytest.mark.parametrize("wanted", [[], [Wanted(EGGS, 0)], [Wanted(99, 1)]])
def test_nothing_is_booked_for_nothing(shop: Shop, wanted: list[Wanted]) -> None:
    stock_up(shop)
    with pytest.raises(Refused):
        commands.add_order(shop, incoming(*wanted))
    assert count(shop, "customer_order") == 0
    assert count(shop, "member") == 0


@pytest.mark.parametrize(
    ("goods", "mode", "fee"),
    [
        (6, "free_from", "3.00"),
        (10, "free_from", "0.00"),
        (9, "free_from", "3.00"),
        (1, "shop_pays", "0.00"),
    ],
)
def test_delivery_is_free_from_thirty_yuan(shop: Shop, goods: int, mode: str, fee: str) -> None:
    from dataclasses import replace

    stock_up(shop)
    shop = replace(shop, settings=replace(shop.settings, delivery_fee_mode=mode))
    number = commands.add_order(shop, incoming(Wanted(TOFU, goods), delivery=True))
    assert queries.order(shop, number).delivery_fee == Money.of(fee)


def test_a_limit_per_household_counts_across_orders_and_people(shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000)
    commands.add_order(shop, incoming(Wanted(EGGS, 1000)), round_id=round_id)
    with pytest.raises(Refused, match=r"limited to 2斤 per household; this home has 2斤"):
        commands.add_order(shop, incoming(Wanted(EGGS, 500), nickname="李太太"), round_id=round_id)
    other = IncomingOrder(None, "王姐", (Wanted(EGGS, 1000),), Home(building="5", room="1"))
    commands.add_order(shop, other, round_id=round_id)


def test_two_residents_want_the_last_ones_and_one_gets_them(shop: Shop) -> None:
    round_id, outcomes = open_friday(shop, available=500), []

    def order(name: str) -> None:
        try:
            commands.add_order(
                shop, IncomingOrder(None, name, (Wanted(EGGS, 500),)), round_id=round_id
            )
            outcomes.append("got")
        except Refused:
            outcomes.append("sold out")

    threads = [threading.Thread(target=order, args=(f"邻居{index}",)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["got"] + ["sold out"] * 5


def test_a_double_click_books_one_order(shop: Shop) -> None:
    stock_up(shop)
    form = FormKey.of("walk-in", "x")
    commands.add_order(shop.once(form), incoming(Wanted(EGGS, 500)))
    with pytest.raises(Repeated):
        commands.add_order(shop.once(form), incoming(Wanted(EGGS, 500)))
    assert count(shop, "customer_order") == 1


def test_a_chain_is_booked_whole_and_numbered(shop: Shop) -> None:
    round_id = open_friday(shop)
    booked = commands.book_intake(
        shop,
        round_id,
        chain([keyed("a", "小李", Wanted(EGGS, 1000)), keyed("b", "王姐", Wanted(GREENS, 2))]),
    )
    orders = queries.orders(shop, round_id=round_id)
    assert [(order.number, order.nickname) for order in orders] == [(1, "小李"), (2, "王姐")]
    assert booked.added == tuple(order.id for order in orders)
    assert {order.pickup_day for order in orders} == {queries.order(shop, 1).pickup_day}


def test_the_same_chain_again_adds_nothing_and_says_so(shop: Shop) -> None:
    round_id = open_friday(shop)
    booking = chain([keyed("a", "小李", Wanted(EGGS, 1000))])
    commands.book_intake(shop, round_id, booking)
    with pytest.raises(Refused, match="booked before"):
        commands.book_intake(shop, round_id, booking)
    assert count(shop, "customer_order") == 1
    assert queries.booked_before(shop, round_id, "a") == shop.clock.now()


def test_an_intake_is_all_or_nothing(shop: Shop) -> None:
    round_id = open_friday(shop)
    bad = chain([keyed("a", "小李", Wanted(EGGS, 1000)), keyed("b", "王姐", Wanted(99, 1))])
    with pytest.raises(Refused, match="not offered"):
        commands.book_intake(shop, round_id, bad)
    assert count(shop, "customer_order") == count(shop, "intake") == count(shop, "member") == 0


def test_a_newer_paste_changes_adds_and_cancels(shop: Shop) -> None:
    round_id = open_friday(shop)
    first = commands.book_intake(
        shop,
        round_id,
        chain([keyed("a", "小李", Wanted(EGGS, 1000)), keyed("b", "王姐", Wanted(TOFU, 1))]),
    )
    before = queries.booked_entries(shop, round_id, "周五团")
    newer = chain(
        [keyed("c", "老陈", Wanted(GREENS, 1))],
        "b",
        basis=first.intake_id,
        changes=[
            Change(before[0].order_id, 1, keyed("a2", "小李", Wanted(EGGS, 500), Wanted(TOFU, 3)))
        ],
        cancellations=[Cancellation(before[1].order_id, 1, "no longer in the chain")],
    )
    done = commands.book_intake(shop, round_id, newer)
    assert (len(done.added), done.changed, done.cancelled) == (1, 1, 1)
    orders = {
        order.nickname: order for order in queries.orders(shop, round_id=round_id, cancelled=True)
    }
    assert [line.said for line in orders["小李"].standing] == ["土鸡蛋 1斤", "老豆腐 3盒"]
    assert not orders["王姐"].active
    assert orders["王姐"].comes_to == Money(0)
    assert orders["老陈"].goods == Money.of("3.50")


def test_two_people_paste_at_once_and_the_second_is_told(shop: Shop, staff_shop: Shop) -> None:
    round_id = open_friday(shop)
    commands.book_intake(shop, round_id, chain([keyed("a", "小李", Wanted(EGGS, 500))]))
    with pytest.raises(Conflict, match="newer paste"):
        commands.book_intake(
            staff_shop, round_id, chain([keyed("b", "王姐", Wanted(EGGS, 500))], "b")
        )


def test_goods_handed_over_are_not_taken_back_by_a_paste(shop: Shop) -> None:
    round_id = open_friday(shop)
    first = commands.book_intake(
        shop, round_id, chain([keyed("a", "小李", Wanted(EGGS, 1000), Wanted(TOFU, 1))])
    )
    hand_over(shop, first.added[0])
    for wanted in ([Wanted(EGGS, 500), Wanted(TOFU, 1)], [Wanted(EGGS, 1000)]):
        change = Change(first.added[0], 1, keyed("a", "小李", *wanted))
        with pytest.raises(Refused, match="already handed over"):
            commands.book_intake(
                shop, round_id, chain([], "b", basis=first.intake_id, changes=[change])
            )
    with pytest.raises(Refused, match="handed over"):
        commands.cancel_order(shop, first.added[0], 1, "不要了")


def test_a_platforms_money_is_booked_to_the_fen(shop: Shop) -> None:
    round_id = open_friday(shop)
    order = keyed(
        "k", "小李", Wanted(EGGS, 500), Wanted(TOFU, 2), gross=Money(1081), refunded=Money(300)
    )
    booking = Booking(Source.SHEET, "f", "x", None, additions=[order], platform="快团团")
    (number,) = commands.book_intake(shop, round_id, booking).added
    lines = queries.order(shop, number).lines
    assert sum(line.money.fen for line in lines) == 1081
    with shop.read() as connection:
        rows = connection.execute(text("SELECT kind, amount_fen FROM payment ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("payment", 1081), ("refund", -300)]


def test_unusually_many_asks_back(shop: Shop) -> None:
    round_id = open_friday(shop)
    booked = commands.book_intake(
        shop,
        round_id,
        chain([keyed("a", "小李", Wanted(TOFU, 50)), keyed("b", "王姐", Wanted(TOFU, 49))]),
    )
    reasons = [queries.order(shop, number).check_reason for number in booked.added]
    assert reasons == ["unusually many", None]
    commands.mark_checked(shop, booked.added[0], 1)
    assert queries.order(shop, booked.added[0]).check_reason is None


def test_changing_lines_keeps_the_agreed_price(shop: Shop) -> None:
    round_id = open_friday(shop)
    number = commands.add_order(shop, incoming(Wanted(EGGS, 500)), round_id=round_id)
    with shop.store.write() as connection:
        connection.execute(text("UPDATE round_offer SET price_fen = 990 WHERE product_id = 1"))
    commands.change_lines(shop, number, 1, [Wanted(EGGS, 1000), Wanted(GREENS, 1)])
    order = queries.order(shop, number)
    assert order.goods == Money.of("9.60") + Money.of("3.50")
    with pytest.raises(Conflict):
        commands.change_lines(shop, number, 1, [Wanted(EGGS, 500)])


def test_cancelling_needs_a_reason_and_can_be_taken_back(shop: Shop) -> None:
    stock_up(shop)
    number = commands.add_order(shop, incoming(Wanted(EGGS, 500)))
    with pytest.raises(Refused, match="why"):
        commands.cancel_order(shop, number, 1, "  ")
    commands.cancel_order(shop, number, 1, "不要了")
    assert queries.orders(shop) == []
    commands.restore_order(shop, number, 2)
    assert [order.id for order in queries.orders(shop)] == [number]
    with pytest.raises(NotFound):
        commands.cancel_order(shop, 999, 1, "x")


def test_pickup_changes_move_the_fee(shop: Shop) -> None:
    stock_up(shop)
    number = commands.add_order(shop, incoming(Wanted(EGGS, 500)))
    commands.change_pickup(shop, number, 1, slot="evening", delivery=True, note="放门口")
    order = queries.order(shop, number)
    assert (order.slot, order.delivery, order.note) == ("evening", True, "放门口")
    assert order.comes_to == Money.of("7.80")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("小李", 1),
        ("xl", 1),
        ("xiaol", 1),
        ("3-201", 1),
        ("8000", 1),
        ("1", 1),
        ("%", 0),
        ("']", 0),
        ("王", 0),
    ],
)
def test_orders_are_found_by_what_people_say(shop: Shop, typed: str, found: int) -> None:
    stock_up(shop)
    commands.add_order(shop, incoming(Wanted(EGGS, 500), phone="13800138000"))
    assert len(queries.orders(shop, text=typed)) == found


def test_residents_see_no_orders(resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        queries.orders(resident_shop)
    with pytest.raises(Refused):
        queries.order(resident_shop, 1)
