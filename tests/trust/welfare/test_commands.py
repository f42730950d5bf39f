"""Planning, offering and ending welfare items, on both databases (R19)."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.orders import commands as orders
from lib.trade.orders.rules import Booking, IncomingOrder, Source, Wanted
from lib.trade.products.commands import add_product, archive_product
from lib.trade.products.rules import Details as Product
from lib.trade.rounds import commands as rounds
from lib.trade.rounds import queries as round_queries
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Offered
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.rules import Cost, Part
from lib.trust.welfare import commands, queries
from lib.trust.welfare.rules import Reason, State
from tests.trust.welfare.cast import (
    JIN,
    TODAY,
    add_eggs,
    add_tofu,
    details,
    new_round,
    offered,
    order,
    times,
)


def test_an_item_is_planned_with_todays_cost(shop: Shop) -> None:
    eggs = add_eggs(shop, packaging="0.35")
    item = commands.plan_item(shop, details(eggs, note="中秋前", far_below=True))
    found = queries.item(shop, item)
    assert (found.state, found.month, found.note) == (State.PLANNED, TODAY.replace(day=1), "中秋前")
    assert (found.cost, found.added, found.most) == (Money(535), Money(55), Money(3300))
    assert found.parts == ((Part.PURCHASE, Money(500)), (Part.PACKAGING, Money(35)))
    assert found.given == Money(0)


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"price": "5.01"}, "no welfare item"),
        ({"reason": Reason.AT_COST}, "Choose why"),
        ({"price": "4.49"}, "Tick that it is meant"),
        ({"household_limit": 61 * JIN}, "more than there is in all"),
        ({"household_limit": 0}, "quantity above 0"),
        ({"planned_on": TODAY - timedelta(days=1)}, "day is over"),
        ({"budget": Money(1199)}, "more than its budget"),
        ({"price": "-0.01"}, "negative"),
    ],
)
def test_what_cannot_be_is_refused(shop: Shop, change: dict[str, object], because: str) -> None:
    eggs = add_eggs(shop)
    more = dict(change)
    price = str(more.pop("price", "4.80"))
    with pytest.raises(Refused, match=because):
        commands.plan_item(shop, details(eggs, price, **more))
    assert queries.history(shop) == ()


def test_goods_without_a_cost_or_off_the_shelf_are_none(shop: Shop) -> None:
    unknown = add_product(shop, Product("神秘果", "斤", Money(500)))
    with pytest.raises(Refused, match="Nobody knows what 神秘果 costs"):
        commands.plan_item(shop, details(unknown))
    eggs = add_eggs(shop)
    archive_product(shop, eggs)
    with pytest.raises(NotFound):
        commands.plan_item(shop, details(eggs))
    with pytest.raises(NotFound):
        commands.plan_item(shop, details(999))


def test_a_planned_item_is_changed_and_called_off(shop: Shop, clock: FixedClock) -> None:
    eggs = add_eggs(shop)
    item = commands.plan_item(shop, details(eggs))
    clock.forward(days=3)
    kept_day = details(eggs, "5.00", reason=Reason.FRESH)
    commands.change_item(shop, item, 1, kept_day)
    assert queries.item(shop, item).reason is Reason.AT_COST
    with pytest.raises(Conflict):
        commands.change_item(shop, item, 1, kept_day)
    commands.cancel_item(shop, item, 2)
    assert queries.item(shop, item).state is State.CANCELLED
    for again in (
        lambda: commands.cancel_item(shop, item, 3),
        lambda: commands.offer_item(shop, item, 3, Plan("", times(shop))),
    ):
        with pytest.raises(Refused, match="no longer planned"):
            again()


def test_staff_plan_nothing(staff_shop: Shop, shop: Shop) -> None:
    eggs = add_eggs(shop)
    with pytest.raises(Refused, match="Only the owner"):
        commands.plan_item(staff_shop, details(eggs))


# Offering


def test_it_is_offered_in_a_round_of_its_own_with_its_limits(shop: Shop) -> None:
    eggs = add_eggs(shop)
    _item, round_id = offered(shop, eggs)
    (offer,) = round_queries.offers(shop, round_id)
    assert (offer.price, offer.household_limit, offer.available) == (Money(480), 1000, 30_000)
    assert offer.welfare


def test_it_joins_a_round_that_runs(shop: Shop) -> None:
    eggs, tofu = add_eggs(shop), add_tofu(shop)
    round_id = new_round(shop, Offered(tofu, Money(300)))
    item = commands.plan_item(shop, details(eggs))
    assert commands.offer_item(shop, item, 1, round_id) == round_id
    found = {one.product_id: one.price for one in round_queries.offers(shop, round_id)}
    assert found == {tofu: Money(300), eggs: Money(480)}
    assert queries.item(shop, item).round_title == "周五团"


def test_a_round_that_has_the_goods_takes_the_price_unless_somebody_ordered(shop: Shop) -> None:
    eggs = add_eggs(shop)
    free, taken = (new_round(shop, Offered(eggs, Money(580)), title=t) for t in ("甲团", "乙团"))
    order(shop, taken, eggs, 1)
    item = commands.plan_item(shop, details(eggs))
    with pytest.raises(Refused, match=r"at 5.80 already and was ordered"):
        commands.offer_item(shop, item, 1, taken)
    commands.offer_item(shop, item, 1, free)
    (offer,) = round_queries.offers(shop, free)
    assert (offer.price, offer.household_limit) == (Money(480), 1000)


def test_a_round_that_is_over_takes_nothing(shop: Shop, clock: FixedClock) -> None:
    eggs, tofu = add_eggs(shop), add_tofu(shop)
    round_id = new_round(shop, Offered(tofu, Money(300)))
    item = commands.plan_item(shop, details(eggs))
    clock.forward(hours=9)
    with pytest.raises(Refused, match="no longer takes orders"):
        commands.offer_item(shop, item, 1, round_id)
    with pytest.raises(NotFound):
        commands.offer_item(shop, item, 1, 999)


def test_the_cost_is_frozen_when_it_is_offered(shop: Shop) -> None:
    eggs = add_eggs(shop)
    number = publish_sheet(shop, "公示", TODAY, [eggs])
    item, _round = offered(shop, eggs)
    set_costs(shop, eggs, {Part.PACKAGING: Cost(Money(99))}, {Part.PACKAGING: 1})
    found = queries.item(shop, item)
    assert (found.cost, found.sheet, found.sheet_cost) == (Money(500), number, Money(500))
    assert found.parts == ((Part.PURCHASE, Money(500)),)


def test_a_cost_that_changed_since_is_looked_at_again(shop: Shop) -> None:
    eggs = add_eggs(shop)
    item = commands.plan_item(shop, details(eggs))
    set_costs(shop, eggs, {Part.PACKAGING: Cost(Money(99))}, {Part.PACKAGING: 1})
    plan = Plan("", times(shop))
    with pytest.raises(Refused, match="Tick that it is meant"):
        commands.offer_item(shop, item, 1, plan)
    round_id = commands.offer_item(shop, item, 1, plan, far_below=True)
    assert queries.item(shop, item).cost == Money(599)
    assert round_id


def test_an_item_of_next_month_counts_when_it_is_offered(shop: Shop) -> None:
    eggs = add_eggs(shop)
    item = commands.plan_item(shop, details(eggs, planned_on=TODAY.replace(month=10)))
    assert queries.month(shop).quota.done == 0
    commands.offer_item(shop, item, 1, Plan("", times(shop)))
    assert queries.item(shop, item).month == TODAY.replace(day=1)
    assert queries.month(shop).quota.done == 1


# On offer: the item and its round never say different things


@pytest.mark.parametrize(
    "change",
    [
        Offered(1, Money(500), 1000, 30_000),
        Offered(1, Money(480), None, 30_000),
        Offered(1, Money(480), 1000, 40_000),
    ],
)
def test_the_rounds_page_does_not_change_it(shop: Shop, staff_shop: Shop, change: Offered) -> None:
    eggs = add_eggs(shop)
    item, round_id = offered(shop, eggs)
    with pytest.raises(Refused, match="土鸡蛋 is a welfare item"):
        rounds.change_offers(staff_shop, round_id, [change])
    assert (
        rounds.change_offers(staff_shop, round_id, [Offered(eggs, Money(480), 1000, 30_000)]) == 0
    )
    with pytest.raises(Refused, match="take it back"):
        rounds.remove_offer(staff_shop, round_id, eggs)
    found, (offer,) = queries.item(shop, item), round_queries.offers(shop, round_id)
    assert (found.price, found.household_limit, found.available) == (
        offer.price, offer.household_limit, offer.available,
    )  # fmt: skip


def test_limits_change_in_both_places_at_once(shop: Shop) -> None:
    eggs = add_eggs(shop)
    item, round_id = offered(shop, eggs, budget=Money(1300))
    order(shop, round_id, eggs, 2)
    commands.change_limits(shop, item, 2, 3 * JIN, 65 * JIN)
    (offer,) = round_queries.offers(shop, round_id)
    assert (offer.household_limit, offer.available) == (3 * JIN, 65 * JIN)
    assert queries.item(shop, item).available == 65 * JIN
    for limit, available, because in (
        (JIN, JIN, "2斤 are ordered already"),
        (5 * JIN, 4 * JIN, "more than there is"),
        (JIN, 66 * JIN, "more than its budget"),
    ):
        with pytest.raises(Refused, match=because):
            commands.change_limits(shop, item, 3, limit, available)
    with pytest.raises(Conflict):
        commands.change_limits(shop, item, 2, JIN, 9 * JIN)


def test_it_is_taken_back_while_nobody_ordered(shop: Shop) -> None:
    eggs, tofu = add_eggs(shop), add_tofu(shop)
    round_id = new_round(shop, Offered(tofu, Money(300)))
    item = commands.plan_item(shop, details(eggs))
    commands.offer_item(shop, item, 1, round_id)
    commands.take_back(shop, item, 2)
    assert [one.product_id for one in round_queries.offers(shop, round_id)] == [tofu]
    found = queries.item(shop, item)
    assert (found.state, found.round_id, found.offered_at) == (State.PLANNED, None, None)
    commands.offer_item(shop, item, 3, round_id)
    order(shop, round_id, eggs, 1)
    with pytest.raises(Refused, match="1 orders hold this product"):
        commands.take_back(shop, item, 4)


def test_alone_in_its_round_the_round_is_closed_instead(shop: Shop) -> None:
    item, round_id = offered(shop, add_eggs(shop))
    with pytest.raises(Refused, match="Close the round instead"):
        commands.take_back(shop, item, 2)
    rounds.close_round(shop, round_id, 1)
    assert queries.item(shop, item).state is State.OVER
    for late in (
        lambda: commands.take_back(shop, item, 2),
        lambda: commands.change_limits(shop, item, 2, JIN, JIN),
    ):
        with pytest.raises(Refused, match="round is over"):
            late()


def test_a_copy_of_its_round_offers_the_goods_like_any_other(shop: Shop) -> None:
    eggs = add_eggs(shop)
    _item, round_id = offered(shop, eggs)
    copy = rounds.copy_round(shop, round_id, Plan("", times(shop)), todays_prices=False)
    (offer,) = round_queries.offers(shop, copy)
    assert (offer.price, offer.household_limit, offer.available) == (Money(580), None, None)
    assert not offer.welfare
    assert [one.welfare for one in round_queries.copied_offers(shop, round_id)] == [True]


# Limits per household, and the last ones (reliability B11)


def test_two_people_of_one_home_share_the_limit_across_both_rounds(shop: Shop) -> None:
    eggs = add_eggs(shop)
    _first, one = offered(shop, eggs)
    _second, other = offered(shop, eggs, "4.70")
    order(shop, one, eggs, 1, room="201")
    order(shop, other, eggs, 1, "李太太", "201")
    with pytest.raises(Refused, match=r"this home has 2斤 already \(小李 1斤、李太太 1斤\)"):
        order(shop, other, eggs, 1, "李爷爷", "201")
    order(shop, other, eggs, 2, "王姐", "202")


def test_the_last_unit_of_a_welfare_item_goes_to_one_of_two(shop: Shop) -> None:
    eggs = add_eggs(shop)
    _item, round_id = offered(shop, eggs, household_limit=JIN, available=JIN)
    outcomes: list[str] = []

    def by_hand(name: str) -> None:
        try:
            order(shop, round_id, eggs, 1, name)
            outcomes.append("got")
        except Refused:
            outcomes.append("told")

    def by_chain(name: str) -> None:
        wanted = (Wanted(eggs, JIN),)
        one = IncomingOrder(name, name, wanted, body={"text": name})
        try:
            orders.book_intake(
                shop, round_id, Booking(Source.CHAIN, name, name, None, additions=[one])
            )
            outcomes.append("got")
        except Conflict:
            outcomes.append("told")

    threads = [threading.Thread(target=by_hand, args=("小李",)),
               threading.Thread(target=by_chain, args=("王姐",))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["got", "told"]
    assert queries.item(shop, 1).left == 0


def test_two_owners_offer_one_item_at_once_and_one_is_told(shop: Shop) -> None:
    item = commands.plan_item(shop, details(add_eggs(shop)))
    outcomes: list[str] = []

    def offer(title: str) -> None:
        try:
            commands.offer_item(shop, item, 1, Plan(title, times(shop)))
            outcomes.append("offered")
        except (Conflict, Refused):
            outcomes.append("told")

    threads = [threading.Thread(target=offer, args=(title,)) for title in ("甲团", "乙团")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["offered", "told"]
    with shop.read() as connection:
        assert len(connection.execute(select(schema.buying_round)).all()) == 1
