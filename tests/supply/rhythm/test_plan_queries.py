"""The plan from the books: what counts as expected, on hand, on the way, done (R5)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.purchasing.commands import add_orders
from lib.supply.purchasing.rules import WantedLine, WantedOrder
from lib.supply.rhythm.back_test.queries import back_test
from lib.supply.rhythm.plan import queries
from lib.supply.rhythm.plan.commands import add_staples, choose, remove_staple
from lib.supply.rhythm.plan.queries import PlanLine, plan, plan_due
from tests.service.cast import add_member, add_order
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, add_term
from tests.supply.rhythm.cast import YESTERDAY, add_past, add_staple, close

MONDAY, WEDNESDAY = TODAY + timedelta(days=3), TODAY + timedelta(days=5)
"""TODAY is a Friday, itself a delivery day of the usual three."""


@pytest.fixture
def eggs(shop: Shop) -> int:
    """A staple that sells ten a day."""
    product = add_product(shop, "土鸡蛋", "份")
    add_past(shop, product, lambda day: 10)
    add_staple(shop, product)
    add_term(shop, add_supplier(shop), product)
    return product


def lines(shop: Shop) -> list[PlanLine]:
    return [line for day in plan(shop).days for line in day.lines]


def order(shop: Shop, product: int, quantity: int, *, on: int = 0, planned: bool = True) -> int:
    day = TODAY + timedelta(days=on)
    line = WantedLine(product, quantity, quantity)
    (made,) = add_orders(shop, [WantedOrder(1, day, (line,), plan_day=day if planned else None)])
    return made


def test_three_delivery_days_are_planned_and_add_up(shop: Shop, eggs: int) -> None:
    found = plan(shop)
    assert [day.day for day in found.days] == [TODAY, MONDAY, WEDNESDAY]
    assert [day.until for day in found.days] == [
        MONDAY - timedelta(days=1),
        WEDNESDAY - timedelta(days=1),
        WEDNESDAY + timedelta(days=1),
    ]
    assert [(line.suggestion.expected, line.quantity) for line in lines(shop)] == [
        (30, 35), (20, 18), (20, 20),
    ]  # fmt: skip


def test_the_plan_follows_its_settings(shop: Shop, eggs: int) -> None:
    settings = replace(shop.settings, plan_weekdays=(1,), plan_safety_percent=50)
    found = plan(replace(shop, settings=settings))
    assert [day.day for day in found.days] == [TODAY + timedelta(days=4)]
    (line,) = found.days[0].lines
    assert (line.suggestion.expected, line.suggestion.safety) == (70, 35)


@pytest.mark.parametrize(
    ("weeks", "level_weeks", "expected"), [(16, 4, 60), (16, 8, 45), (16, 26, 38), (4, 4, 60)]
)
def test_the_level_and_the_look_back_are_settings(
    shop: Shop, weeks: int, level_weeks: int, expected: int
) -> None:
    """Ten a day for twelve weeks, twenty for the last four; Friday to Sunday are three days."""
    product = add_product(shop, "土鸡蛋", "份")
    risen = YESTERDAY - timedelta(weeks=4)
    add_past(shop, product, lambda day: 20 if day > risen else 10, weeks=16)
    add_staple(shop, product)
    settings = replace(shop.settings, plan_weeks=weeks, plan_level_weeks=level_weeks)
    assert lines(replace(shop, settings=settings))[0].suggestion.expected == expected


def test_booked_orders_are_the_least_that_is_expected(shop: Shop, eggs: int) -> None:
    member = add_member(shop, "小李")
    add_order(shop, member, 1, (eggs, 45), pickup_day=TODAY + timedelta(days=1))
    add_order(shop, member, 2, (eggs, 4), pickup_day=TODAY + timedelta(days=2))
    assert lines(shop)[0].suggestion.expected == 10 + 45 + 10


def test_a_closed_day_expects_nothing_and_brings_nothing(shop: Shop, eggs: int) -> None:
    close(shop, TODAY + timedelta(days=1), MONDAY)
    found = plan(shop)
    assert [day.day for day in found.days][:2] == [TODAY, WEDNESDAY]
    assert found.days[0].lines[0].suggestion.expected == 10 + 0 + 10 + 0 + 10


def test_on_hand_is_what_is_good_and_what_is_left_of_today(shop: Shop, eggs: int) -> None:
    add_batch(shop, eggs, 12)
    add_batch(shop, eggs, 40, best_before=YESTERDAY, best_before_printed=True)
    add_batch(shop, eggs, 25, stopped_at=shop.clock.now(), stop_reason="检测不合格")
    add_batch(shop, eggs, 30, best_before=TODAY, best_before_printed=True)
    first = lines(shop)[0]
    assert first.stock == 42, "neither what is past its date nor what was stopped"
    assert first.suggestion.on_hand == 22, "of the batch that ends today only today's ten count"


def test_what_was_sold_today_is_not_expected_again(shop: Shop, eggs: int) -> None:
    add_batch(shop, eggs, 12)
    put_day = schema.stock_day
    with shop.store.write() as connection:
        connection.execute(put_day.update().where(put_day.c.product_id == eggs).values(sold=8))
    assert lines(shop)[0].suggestion.expected == 2 + 10 + 10


@pytest.mark.parametrize(("late", "counted"), [(0, 15), (3, 15), (4, 0)])
def test_what_is_on_the_way_counts_unless_it_was_forgotten(
    shop: Shop, eggs: int, late: int, counted: int
) -> None:
    order(shop, eggs, 15, on=-late, planned=False)
    assert lines(shop)[0].suggestion.on_way == counted


def test_an_order_made_is_done_and_the_next_delivery_counts_on_it(shop: Shop, eggs: int) -> None:
    order(shop, eggs, 60)
    first, second, _third = lines(shop)
    assert first.ordered is not None
    assert (first.ordered.quantity, first.is_open) == (60, False)
    assert plan(shop).days[0].is_done
    assert second.suggestion.on_hand == 30


def test_without_terms_or_when_stopped_a_staple_is_named(shop: Shop, eggs: int) -> None:
    bread, milk = add_product(shop, "馒头", "袋"), add_product(shop, "牛奶", "瓶")
    add_staple(shop, bread)
    add_staple(shop, milk)
    table = schema.product
    with shop.store.write() as connection:
        connection.execute(
            table.update().where(table.c.id == milk).values(stopped_at=shop.clock.now())
        )
    found = plan(shop)
    assert [one.name for one in found.without_term] == ["馒头"]
    assert [one.name for one in found.stopped] == ["牛奶"]
    assert milk not in {line.staple.product_id for line in found.days[0].lines}


def test_a_choice_stands_until_it_is_taken_back(shop: Shop, eggs: int) -> None:
    choose(shop, TODAY, {eggs: 50})
    assert [line.quantity for line in lines(shop)][:2] == [50, 3]
    choose(shop, TODAY, {eggs: None})
    assert lines(shop)[0].quantity == 35


def test_impossible_choices_are_refused(shop: Shop, staff_shop: Shop, eggs: int) -> None:
    for day, quantities, match in (
        (YESTERDAY, {eggs: 5}, "is over"),
        (TODAY, {eggs: -1}, "cannot be right"),
        (TODAY, {eggs: 10**9}, "cannot be right"),
    ):
        with pytest.raises(Refused, match=match):
            choose(shop, day, quantities)
    with pytest.raises(NotFound, match="not in the plan"):
        choose(shop, TODAY, {999: 5})
    with pytest.raises(Refused, match="owner"):
        choose(staff_shop, TODAY, {eggs: 5})


def test_staples_are_added_once_and_taken_out_with_their_choices(shop: Shop, eggs: int) -> None:
    greens = add_product(shop, "小白菜", "份")
    add_staples(shop, [greens, eggs, greens])
    assert [one.name for one in queries.staples(shop)] == ["土鸡蛋", "小白菜"]
    choose(shop, MONDAY, {eggs: 1})
    remove_staple(shop, eggs)
    add_staples(shop, [eggs])
    assert lines(shop)[1].decided is None
    with pytest.raises(NotFound):
        remove_staple(shop, 999)
    with pytest.raises(Refused, match="at least one"):
        add_staples(shop, [])


@pytest.mark.parametrize(("weeks", "proposed"), [(5, True), (4, False)])
def test_what_is_wanted_in_most_weeks_is_proposed(shop: Shop, weeks: int, proposed: bool) -> None:
    """Five of eight weeks is most of them, four are half."""
    greens = add_product(shop, "小白菜", "份")
    monday = TODAY - timedelta(days=TODAY.weekday())
    first = monday - timedelta(weeks=weeks)
    add_past(shop, greens, lambda day: 3 if first <= day < monday else 0)
    found = queries.proposals(shop)
    assert [(one.name, one.weeks) for one in found] == ([("小白菜", weeks)] if proposed else [])


def test_the_plan_is_due_a_day_ahead_until_something_is_decided(
    shop: Shop, clock: FixedClock, eggs: int
) -> None:
    due = plan_due(shop)
    assert due is not None
    assert (due.day, due.is_late, due.staples) == (TODAY, True, 1)
    choose(shop, TODAY, {eggs: 0})
    assert plan_due(shop) is None, "Monday is three days away"
    clock.forward(days=2)
    found = plan_due(shop)
    assert found is not None
    assert (found.day, found.is_late) == (MONDAY, False)
    order(shop, eggs, 20, on=3)
    assert plan_due(shop) is None


def test_the_lead_is_a_setting(shop: Shop, eggs: int) -> None:
    choose(shop, TODAY, {eggs: 0})
    save_settings(shop, {"plan_lead_days": 3}, {})
    due = plan_due(replace(shop, settings=replace(shop.settings, plan_lead_days=3)))
    assert due is not None
    assert due.day == MONDAY


def test_nothing_is_due_without_staples(shop: Shop) -> None:
    assert plan_due(shop) is None
    assert plan(shop).days[0].lines == ()


def test_last_week_is_tried_from_what_was_known_before_it(shop: Shop, staff_shop: Shop) -> None:
    """Ten a day were known; then twenty were wanted on three days, and they were missed."""
    eggs = add_product(shop, "土鸡蛋", "份", 700)
    monday = TODAY - timedelta(days=TODAY.weekday())
    start = monday - timedelta(days=7)
    add_past(shop, eggs, lambda day: 20 if start <= day < start + timedelta(days=3) else 10)
    add_staple(shop, eggs)
    add_term(shop, add_supplier(shop), eggs, price_fen=400)
    found = back_test(shop)
    assert found is not None
    assert (found.first, found.last, len(found.deliveries)) == (
        start, monday - timedelta(days=1), 3,
    )  # fmt: skip
    (row,) = found.rows
    # 23 + 23 + 23 come until Thursday, 35 on Friday; 20 + 20 | 20 + 10 | 10 + 10 + 10 are wanted
    assert (row.outcome.bought, row.outcome.missed, row.outcome.left) == (81, 24, 5)
    assert (row.left_money, row.missed_money) == (Money(2000), Money(7200))
    assert (found.left_money, found.missed_money) == (Money(2000), Money(7200))
    hidden = back_test(staff_shop)
    assert hidden is not None
    assert (hidden.left_money, hidden.rows[0].missed_money) == (None, None)


def test_the_back_test_does_not_know_the_week_it_is_tried_on(shop: Shop) -> None:
    """However much was wanted in it: what was bought comes of the ten a day before it."""
    eggs = add_product(shop, "土鸡蛋", "份")
    monday = TODAY - timedelta(days=TODAY.weekday())
    add_past(shop, eggs, lambda day: 10, weeks=2, last=monday - timedelta(days=8))
    add_past(shop, eggs, lambda day: 300, weeks=1, last=monday - timedelta(days=1))
    add_staple(shop, eggs)
    found = back_test(shop)
    assert found is not None
    assert found.rows[0].outcome.bought == 23 + 23 + 35


def test_staff_do_not_learn_what_goods_cost(staff_shop: Shop, eggs: int) -> None:
    assert [line.term.price for line in lines(staff_shop) if line.term] == [None] * 3
