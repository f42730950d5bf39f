"""What is cheaper now, and the lowest price really charged before it began (R20, facts 3.3)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.shop import Shop
from lib.trade.charged.rules import Lowest
from lib.trade.rounds.commands import Plan, close_round, open_round
from lib.trade.rounds.queries import one_round, proposed
from lib.trade.rounds.rules import Offered, Times
from lib.trust.promotions import texts
from lib.trust.promotions.queries import promotions, running
from lib.trust.promotions.rules import Kind, Promotion, Terms
from tests.conftest import NOW
from tests.service.cast import TODAY, add_member, add_order, add_product, put
from tests.statements import statements_of

DAY = timedelta(days=1)
_numbers = iter(range(1, 10_000))


@pytest.fixture
def eggs(shop: Shop) -> int:
    product = add_product(shop, "土鸡蛋", "斤", 580)
    sell(shop, product, 580, NOW - 2 * DAY)
    return product


def sell(shop: Shop, product: int, fen: int, at: datetime, **values: Any) -> None:
    member = add_member(shop, f"邻居{next(_numbers)}")
    _order, (line,) = add_order(shop, member, next(_numbers), (product, 1), placed_at=at, **values)
    with shop.store.write() as connection:
        lines = schema.order_line
        connection.execute(update(lines).where(lines.c.id == line).values(unit_price_fen=fen))


def opened(shop: Shop, *offers: Offered, times: Times | None = None) -> int:
    return open_round(shop, Plan("周五团", times or proposed(shop)), offers)


def start_clearance(shop: Shop, product: int, fen: int, **values: Any) -> int:
    row = {
        "kind": "discount", "reason": "fresh", "starts_on": TODAY, "ends_on": TODAY + 2 * DAY,
        "on_hand": 9, "expected_sold": 6, "started_at": NOW, "unit_cost_fen": 399,
    }  # fmt: skip
    return put(shop, schema.clearance, product_id=product, price_fen=fen, **{**row, **values})


def offer_welfare(shop: Shop, product: int, round_id: int, **values: Any) -> int:
    row = {
        "month": date(2026, 9, 1), "price_fen": 480, "household_limit": 1000, "available": 30000,
        "reason": "thanks", "status": "offered", "offered_at": NOW, "created_at": NOW,
        "unit_cost_fen": 507,
    }  # fmt: skip
    return put(
        shop, schema.welfare_item, product_id=product, round_id=round_id, **{**row, **values}
    )


def only(shop: Shop) -> Promotion:
    (found,) = promotions(shop)
    return found


def test_an_offer_below_the_usual_price_is_one(shop: Shop, resident_shop: Shop, eggs: int) -> None:
    opened(shop, Offered(eggs, Money(480)))
    found = only(resident_shop)
    assert (found.kind, found.name, found.price) == (Kind.ROUND, "土鸡蛋", Money(480))
    assert (found.lowest, found.lowest_on, found.is_recent) == (Money(580), date(2026, 9, 23), True)
    assert (found.compared, found.from_day, found.to_day) == (None, TODAY, TODAY)


def test_an_offer_at_the_usual_price_is_none(shop: Shop, eggs: int) -> None:
    opened(shop, Offered(eggs, Money(580)))
    assert promotions(shop) == ()


def test_raised_first_and_lowered_then_shows(shop: Shop, eggs: int, clock: FixedClock) -> None:
    sell(shop, eggs, 700, NOW - DAY)
    with shop.store.write() as connection:
        connection.execute(schema.product.update().values(price_fen=700))
    opened(shop, Offered(eggs, Money(600)))
    assert only(shop).lowest == Money(580)


def test_sales_of_the_promotion_itself_do_not_count(
    shop: Shop, eggs: int, clock: FixedClock
) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    clock.forward(hours=1)
    sell(shop, eggs, 480, clock.now(), round_id=round_id)
    clock.forward(hours=1)
    assert only(shop).lowest == Money(580)


def test_a_compared_price_stands_with_what_it_is(shop: Shop, eggs: int) -> None:
    opened(shop, Offered(eggs, Money(480), compared=Money(580)))
    found = only(shop)
    assert (found.compared, found.compared_basis) == (Money(580), "")
    assert found.limit == Lowest(Money(580), NOW - 2 * DAY, True)


def test_a_compared_price_makes_an_offer_a_promotion_only_while_it_stands(
    shop: Shop, eggs: int
) -> None:
    with shop.store.write() as connection:
        connection.execute(schema.product.update().values(price_fen=480))
    opened(shop, Offered(eggs, Money(480), compared=Money(580)))
    assert only(shop).compared == Money(580)
    with shop.store.write() as connection:
        connection.execute(
            schema.customer_order.update().values(status="cancelled", cancelled_at=NOW)
        )
    assert promotions(shop) == ()


def test_a_written_basis_is_shown_as_it_was_written(shop: Shop, eggs: int) -> None:
    opened(shop, Offered(eggs, Money(580), compared=Money(690), basis="超市同款 2026-09-24"))
    assert (only(shop).compared, only(shop).compared_basis) == (Money(690), "超市同款 2026-09-24")


def test_planned_closed_and_cut_off_rounds_offer_nothing(
    shop: Shop, eggs: int, clock: FixedClock
) -> None:
    usual = proposed(shop)
    opened(shop, Offered(eggs, Money(470)), times=replace(usual, opens_at=NOW + timedelta(hours=1)))
    assert promotions(shop) == ()
    round_id = opened(shop, Offered(eggs, Money(480)))
    assert only(shop).price == Money(480)
    close_round(shop, round_id, one_round(shop, round_id).version)
    assert promotions(shop) == ()
    clock.forward(hours=2)
    assert only(shop).price == Money(470)
    clock.moment = usual.cut_off_at
    assert promotions(shop) == ()


def test_what_holds_until_a_round_opens_or_is_cut_off_says_so(shop: Shop, eggs: int) -> None:
    assert running(shop).until is None
    usual = proposed(shop)
    opened(shop, Offered(eggs, Money(480)))
    found = running(shop)
    assert found.until == usual.cut_off_at
    assert found.holds(usual.cut_off_at - timedelta(seconds=1))
    assert not found.holds(usual.cut_off_at)
    opens = NOW + timedelta(hours=1)
    opened(shop, Offered(eggs, Money(470)), times=replace(usual, opens_at=opens))
    assert running(shop).until == opens


def test_stopped_and_archived_products_are_left_out(shop: Shop, eggs: int) -> None:
    opened(shop, Offered(eggs, Money(480)))
    start_clearance(shop, eggs, 450)
    for column in ("stopped_at", "archived_at"):
        with shop.store.write() as connection:
            connection.execute(schema.product.update().values(**{column: NOW}))
        assert promotions(shop) == ()
        with shop.store.write() as connection:
            connection.execute(schema.product.update().values(**{column: None}))
    assert len(promotions(shop)) == 2


def test_a_running_clearance_is_one(shop: Shop, eggs: int) -> None:
    sell(shop, eggs, 560, NOW + timedelta(minutes=1))
    start_clearance(shop, eggs, 450)
    found = only(shop)
    assert (found.kind, found.price, found.reason) == (Kind.CLEARANCE, Money(450), "fresh")
    assert (found.lowest, found.to_day) == (Money(580), TODAY + 2 * DAY)


@pytest.mark.parametrize("over", [{"ended_at": NOW}, {"ends_on": TODAY - DAY,
                                                      "starts_on": TODAY - 3 * DAY}])  # fmt: skip
def test_a_clearance_that_is_over_is_none(shop: Shop, eggs: int, over: dict[str, Any]) -> None:
    start_clearance(shop, eggs, 450, **over)
    assert promotions(shop) == ()


def test_pairs_and_bundles_name_what_is_given_at_its_price_today(shop: Shop, eggs: int) -> None:
    milk = add_product(shop, "酸奶", "杯", 500)
    start_clearance(shop, eggs, 580, kind="buy_one_get_one")
    start_clearance(shop, eggs, 900, kind="bundle", partner_id=milk)
    bundle, pair = sorted(promotions(shop), key=lambda one: one.terms)
    assert (pair.terms, pair.now) == (Terms.PAIR, Money(580))
    assert (bundle.partner, bundle.partner_unit, bundle.partner_price) == ("酸奶", "杯", Money(500))
    say = str
    assert texts.price_line(pair, say, str) == "5.80 for 2 斤"
    assert texts.worth_line(pair, say, str).endswith("1 斤 costs 5.80 today")
    assert texts.price_line(bundle, say, str) == "9.00 for 1 斤 and 1 杯 酸奶"
    assert "5.80 and 5.00" in texts.worth_line(bundle, say, str)


def test_a_welfare_item_is_shown_once_and_first(shop: Shop, eggs: int) -> None:
    tofu = add_product(shop, "豆腐", "盒", 300)
    round_id = opened(shop, Offered(tofu, Money(250)), Offered(eggs, Money(480)))
    offer_welfare(shop, eggs, round_id)
    first, second = promotions(shop)
    assert (first.kind, first.name, first.price, first.reason) == (
        Kind.WELFARE, "土鸡蛋", Money(480), "thanks"
    )  # fmt: skip
    assert (second.kind, second.name, second.lowest) == (Kind.ROUND, "豆腐", None)


def test_the_cost_of_nothing_leaves(resident_shop: Shop, shop: Shop, eggs: int) -> None:
    round_id = opened(shop, Offered(eggs, Money(480)))
    offer_welfare(shop, eggs, round_id)
    start_clearance(shop, eggs, 450)
    assert "399" not in repr(promotions(resident_shop))
    assert "507" not in repr(promotions(resident_shop))


def test_many_promotions_cost_no_more_statements(shop: Shop) -> None:
    goods = [add_product(shop, f"菜{number}", "份", 300) for number in range(20)]
    for product in goods:
        sell(shop, product, 290, NOW - DAY)
    opened(shop, *(Offered(product, Money(250)) for product in goods[:2]))
    with statements_of(shop.store) as few:
        assert len(promotions(shop)) == 2
    opened(shop, *(Offered(product, Money(240)) for product in goods[2:]))
    with statements_of(shop.store) as many:
        assert len(promotions(shop)) == 20
    assert len(many) == len(few)


def one(**values: Any) -> Promotion:
    row: dict[str, Any] = {
        "product_id": 1, "name": "土鸡蛋", "unit": Unit.named("斤"), "kind": Kind.ROUND,
        "price": Money(480), "lowest": Money(580), "lowest_on": TODAY, "is_recent": True,
        "averaged": False, "compared": None, "compared_basis": "", "from_day": TODAY,
        "to_day": TODAY, "reason": "",
    }  # fmt: skip
    return Promotion(**{**row, **values})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Lowest price charged in the 7 days before: 5.80 on 2026-09-25"),
        ({"is_recent": False}, "Not sold in the 7 days before; last charged: 5.80 on 2026-09-25"),
        ({"averaged": True}, "before: 5.80, the average of 2026-09-25"),
        ({"lowest": None, "lowest_on": None}, "Not sold here before"),
    ],
)
def test_the_proof_is_a_sentence(values: dict[str, Any], said: str) -> None:
    assert said in texts.proof_line(one(**values), 7, str, str, str)


def test_the_other_lines(shop: Shop) -> None:
    assert texts.price_line(one(), str, str) == "4.80 / 斤"
    assert texts.worth_line(one(), str, str) == ""
    assert texts.compared_line(one(), 7, str, str) == ""
    assert texts.compared_line(one(compared=Money(690)), 7, str, str) == ""
    based = one(compared=Money(690), compared_basis="超市同款")
    assert texts.compared_line(based, 7, str, str) == "超市同款: 6.90"
    assert texts.time_line(one(to_day=None), str, str) == "Since 2026-09-25"
    assert texts.time_line(one(), str, str) == "Only 2026-09-25"
    longer = one(to_day=TODAY + DAY)
    assert texts.time_line(longer, str, str) == "2026-09-25 to 2026-09-26"
    for kind in (Kind.CLEARANCE, Kind.WELFARE):
        assert texts.reason_line(one(kind=kind, reason="fresh"), str).startswith("Why: ")
        assert texts.reason_line(one(kind=kind, reason="x"), str) == ""
    assert texts.reason_line(one(reason="fresh"), str) == ""


def test_a_welfare_item_of_a_round_still_to_open_begins_when_that_opens(
    shop: Shop, eggs: int, clock: FixedClock
) -> None:
    """What was charged between the planning and the opening is before it began, too."""
    opens = NOW + 2 * DAY
    times = Times(opens, opens + timedelta(hours=8), TODAY + 3 * DAY)
    offer_welfare(shop, eggs, opened(shop, Offered(eggs, Money(480)), times=times))
    sell(shop, eggs, 470, NOW + DAY)
    clock.forward(days=2, hours=1)
    found = only(shop)
    assert (found.lowest, found.from_day) == (Money(470), TODAY + 2 * DAY)
