"""Too little came: the split adds up, nobody gets more than ordered, money follows (E6)."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select, text

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.service.pickup.commands import hand_over
from lib.shop.language import translator
from lib.shop.settings import Settings, about
from lib.shop.settings_effects import effect
from lib.shop.shop import Shop
from lib.supply.purchasing.commands import (
    Arrival,
    ArrivalLine,
    WantedLine,
    WantedOrder,
    add_orders,
    receive,
)
from lib.supply.purchasing.shortage import queries
from lib.supply.purchasing.shortage.commands import apply_split
from lib.supply.purchasing.shortage.queries import Shortage
from lib.supply.purchasing.shortage.rules import Way, Wish, check_shares, share_out, step_of
from lib.supply.purchasing.shortage.texts import shortage_text
from lib.trade.orders.commands import cancel_order
from lib.trade.payments.commands import pay_order, weigh_line
from lib.trade.payments.queries import money_of
from tests.service.cast import add_member, add_order, refund_line
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier

BOX = Unit("盒")


def wishes(*pairs: tuple[int, int]) -> list[Wish]:
    return [Wish(*pair) for pair in pairs]


@pytest.mark.parametrize(
    ("way", "available", "asked", "step", "shares"),
    [
        (Way.PROPORTIONAL, 5, [(4, 0), (4, 0), (2, 0)], 1, [2, 2, 1]),
        (Way.PROPORTIONAL, 7, [(4, 0), (4, 0), (2, 0)], 1, [3, 3, 1]),
        (Way.PROPORTIONAL, 4, [(4, 4), (4, 0)], 1, [4, 0]),
        (Way.PROPORTIONAL, 100, [(4, 0), (2, 0)], 1, [4, 2]),
        (Way.PROPORTIONAL, 0, [(4, 0), (2, 0)], 1, [0, 0]),
        (Way.EQUAL, 7, [(5, 0), (1, 0), (5, 0)], 1, [3, 1, 3]),
        (Way.EQUAL, 8, [(5, 0), (1, 0), (5, 0)], 1, [4, 1, 3]),
        (Way.EQUAL, 5, [(5, 4), (5, 0)], 1, [4, 1]),
        (Way.FIRST_COME, 5, [(4, 0), (4, 0), (2, 0)], 1, [4, 1, 0]),
        (Way.FIRST_COME, 5, [(4, 0), (4, 2), (2, 0)], 1, [3, 2, 0]),
        (Way.PROPORTIONAL, 1000, [(1000, 0), (500, 0), (500, 0)], 50, [500, 250, 250]),
        (Way.PROPORTIONAL, 1030, [(1000, 0), (500, 0), (500, 0)], 50, [530, 250, 250]),
        (Way.EQUAL, 1030, [(1000, 0), (500, 0), (500, 0)], 50, [350, 350, 330]),
        (Way.BY_HAND, 6, [(6, 0), (6, 0)], 1, [3, 3]),
        (Way.EQUAL, 3, [], 1, []),
    ],
)
def test_ways_to_share_out(
    way: Way, available: int, asked: list[tuple[int, int]], step: int, shares: list[int]
) -> None:
    assert share_out(available, wishes(*asked), way, step) == shares


some_wishes = some.lists(
    some.integers(1, 3000).flatmap(
        lambda ordered: some.tuples(some.just(ordered), some.integers(0, ordered))
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=80)
@given(some_wishes, some.integers(0, 20_000), some.sampled_from(Way), some.sampled_from([1, 50]))
def test_shortage_splits_add_up_to_what_was_received(
    asked: list[tuple[int, int]], more: int, way: Way, step: int
) -> None:
    everybody = wishes(*asked)
    available = sum(wish.given for wish in everybody) + more
    shares = share_out(available, everybody, way, step)
    assert sum(shares) == min(available, sum(wish.ordered for wish in everybody))
    for wish, share in zip(everybody, shares, strict=True):
        assert wish.given <= share <= wish.ordered
    check_shares(available, everybody, shares, BOX)


@settings(max_examples=30)
@given(some.lists(some.integers(1, 40), min_size=2, max_size=8), some.integers(0, 200))
def test_who_ordered_the_same_gets_the_same_but_for_one_step(
    ordered: list[int], available: int
) -> None:
    everybody = [Wish(one) for one in ordered]
    for way in (Way.PROPORTIONAL, Way.EQUAL):
        shares = share_out(available, everybody, way)
        for wish, share in zip(everybody, shares, strict=True):
            same = [shares[i] for i, other in enumerate(everybody) if other == wish]
            assert max(same) - min(same) <= 1
            assert share in same


def test_no_split_of_less_than_was_handed_over() -> None:
    with pytest.raises(Refused, match="More was handed over"):
        share_out(3, wishes((4, 4)), Way.EQUAL)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([3, 1], "more than was ordered"),
        ([0, 3], "1盒 was already handed over"),
        ([1, 1], "1盒 is not given"),
        ([2, 3], "2盒 too much"),
    ],
)
def test_shares_by_hand_are_checked(shares: list[int], said: str) -> None:
    with pytest.raises(Refused, match=said):
        check_shares(3, wishes((2, 1), (4, 0)), shares, BOX)


def test_weights_are_shared_in_liang_pieces_whole() -> None:
    assert (step_of(Unit.named("斤")), step_of(BOX)) == (50, 1)


class Street:
    """Three homes that ordered 4, 4 and 2 boxes of tofu at 3.50; five boxes came."""

    def __init__(self, shop: Shop, came: int = 5) -> None:
        self.shop = shop
        self.tofu = add_product(shop, "豆腐", "盒", 350)
        self.supplier = add_supplier(shop)
        self.orders, self.lines = [], []
        for number, amount in enumerate((4, 4, 2), start=1):
            member = add_member(shop, f"邻居{number}")
            order, lines = add_order(
                shop, member, number, (self.tofu, amount), home=("3", None, f"20{number}")
            )
            self.orders.append(order)
            self.lines += lines
        if came:
            self.bring(came)

    def bring(self, amount: int) -> None:
        receive(self.shop, Arrival(self.supplier, (ArrivalLine(self.tofu, amount),)))

    def short(self) -> Shortage:
        found = queries.shortage(self.shop, TODAY, self.tofu)
        assert found is not None
        return found

    def split(self, way: Way = Way.PROPORTIONAL, short: Shortage | None = None) -> int:
        short = short or self.short()
        shares = share_out(short.available, [one.wish for one in short.claimants], way, short.step)
        by_line = {one.line_id: share for one, share in zip(short.claimants, shares, strict=True)}
        versions = {one.order_id: one.version for one in short.claimants}
        return apply_split(self.shop, TODAY, self.tofu, by_line, short.available, versions, way)

    def quantities(self) -> list[tuple[int, int, int]]:
        table = schema.order_line
        with self.shop.read() as connection:
            query = select(table.c.ordered, table.c.quantity, table.c.amount_fen)
            return [tuple(row) for row in connection.execute(query.order_by(table.c.id))]


def test_a_split_changes_quantity_and_money_and_leaves_what_was_ordered(shop: Shop) -> None:
    street = Street(shop)
    (short,) = queries.shortages(shop, TODAY)
    assert (short.ordered, short.available, short.missing) == (10, 5, 5)
    pay_order(shop, street.orders[0])
    assert street.split() == 3
    assert street.quantities() == [(4, 2, 700), (4, 2, 700), (2, 1, 350)]
    assert money_of(shop, street.orders)[street.orders[0]].overpaid == Money(700)
    demand = schema.demand_day
    with shop.read() as connection:
        assert connection.execute(select(func.sum(demand.c.ordered))).scalar() == 10
    (after,) = queries.shortages(shop, TODAY)
    assert after.shared_out


def test_a_split_is_undone_by_another(shop: Shop) -> None:
    street = Street(shop)
    street.split(Way.FIRST_COME)
    assert [row[1] for row in street.quantities()] == [4, 1, 0]
    street.bring(5)
    (short,) = queries.shortages(shop, TODAY)
    assert short.can_give_more
    street.split()
    assert street.quantities() == [(4, 4, 1400), (4, 4, 1400), (2, 2, 700)]
    assert queries.shortages(shop, TODAY) == ()


def test_a_split_counts_what_was_handed_over(shop: Shop) -> None:
    street = Street(shop)
    hand_over(shop, street.orders[1])
    short = street.short()
    assert (short.available, short.claimants[1].given) == (5, 4)
    street.split()
    assert [row[1] for row in street.quantities()] == [1, 4, 0]


def test_an_order_that_changed_meanwhile_stops_the_split(shop: Shop) -> None:
    street = Street(shop)
    seen = street.short()
    cancel_order(shop, street.orders[2], 1, "不要了")
    with pytest.raises(Conflict):
        street.split(short=seen)
    assert [row[1] for row in street.quantities()] == [4, 4, 2]


def test_a_split_leaves_one_journal_row_without_names(shop: Shop) -> None:
    Street(shop).split()
    query = text("SELECT details, subject FROM journal WHERE action = 'purchase.share_out'")
    with shop.read() as connection:
        (row,) = connection.execute(query).all()
    assert "邻居" not in str(row.details)
    assert row.subject.startswith("product:")


def test_lines_paid_back_or_weighed_take_no_part(shop: Shop) -> None:
    street = Street(shop)
    with shop.read() as connection:
        order = schema.customer_order
        query = select(order.c.member_id).where(order.c.id == street.orders[0])
        member = connection.execute(query).scalar_one()
    refund_line(shop, street.orders[0], street.lines[0], member, 1400)
    assert [one.number for one in street.short().claimants] == [2, 3]
    greens = add_product(shop, "青菜")
    order, (line,) = add_order(shop, add_member(shop, "小李"), 9, (greens, 1000))
    _other, _lines = add_order(shop, add_member(shop, "小王"), 10, (greens, 1000))
    add_batch(shop, greens, 1500)
    weigh_line(shop, line, 980)
    found = queries.shortage(shop, TODAY, greens)
    assert found is not None
    assert ([one.number for one in found.claimants], found.available) == ([10], 520)


def test_goods_of_earlier_days_that_wait_are_not_shared_out(shop: Shop) -> None:
    street = Street(shop)
    add_order(
        shop, add_member(shop, "昨天的"), 1, (street.tofu, 2),
        pickup_day=TODAY - timedelta(days=1),
    )  # fmt: skip
    assert street.short().available == 3


def test_what_is_still_expected_is_not_short_yet(shop: Shop, clock: FixedClock) -> None:
    street = Street(shop, came=0)
    add_batch(shop, street.tofu, 1, arrived_on=TODAY - timedelta(days=9))
    wanted = WantedOrder(street.supplier, TODAY, (WantedLine(street.tofu, 10, 10),))
    order = add_orders(shop, [wanted])[0]
    assert queries.shortages(shop, TODAY) == ()
    receive(
        shop,
        Arrival(street.supplier, (ArrivalLine(street.tofu, 4),), purchase_order_id=order),
    )
    assert [one.missing for one in queries.shortages(shop, TODAY)] == [5]


def test_a_product_whose_stock_is_not_kept_is_never_short(shop: Shop) -> None:
    Street(shop, came=0)
    assert queries.shortages(shop, TODAY) == ()


def test_the_text_names_homes_and_money_and_nobody(shop: Shop) -> None:
    street = Street(shop)
    pay_order(shop, street.orders[0])
    street.split()
    cuts = queries.cuts_of(shop, street.short())
    said = shortage_text("豆腐", BOX, cuts, translator("zh_CN"))
    assert "3-201 豆腐 4盒→2盒，退7元" in said
    assert "3-202 豆腐 4盒→2盒，少付7元" in said
    assert "邻居" not in said
    assert shortage_text("豆腐", BOX, (), str) == ""


def test_who_gets_nothing_and_paid_nothing_pays_less(shop: Shop) -> None:
    street = Street(shop)
    street.split(Way.FIRST_COME)
    said = shortage_text("豆腐", BOX, queries.cuts_of(shop, street.short()), translator("zh_CN"))
    assert "3-203 豆腐 2盒→0盒，少付7元" in said


@pytest.mark.parametrize("way", [Way.PROPORTIONAL, Way.EQUAL, Way.FIRST_COME])
def test_the_setting_says_what_the_rule_does(way: Way) -> None:
    found = effect(Settings(shortage_split=way.value), "shortage_split")
    assert found is not None
    shares = share_out(6, [Wish(6), Wish(3), Wish(1)], way)
    assert list(found[1].values()) == shares


def test_every_way_of_the_setting_is_a_way() -> None:
    assert {Way(key) for key in dict(about("shortage_split").choices)} <= set(Way)
