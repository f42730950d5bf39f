"""What was earned: totals, months, rounds, and what cannot be known (E15)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.kernel.money import Money, total
from lib.shop.shop import Shop
from lib.trust.books.rules import last_days, month_of
from lib.trust.costs.commands import set_costs
from lib.trust.costs.profit.queries import months, profit, rounds
from lib.trust.costs.profit.rules import COSTS, share_of
from lib.trust.costs.rules import Cost, Part
from tests.trust.books.cast import (
    TODAY,
    add_batch,
    add_member,
    add_order,
    add_product,
    add_round,
    leave,
    refund,
)

MONTH = month_of(TODAY, TODAY)


def test_revenue_less_every_cost_is_kept(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "瓶", 650)
    member = add_member(shop, "小李")
    order, (line, _milk) = add_order(shop, member, 1, (eggs, 1000), (milk, 2))
    leave(shop, eggs, 1000, add_batch(shop, eggs, 5000, unit_price_fen=410), line_id=line)
    refund(shop, order, member, 60, line)
    set_costs(shop, milk, {Part.OTHER: Cost(Money(25))}, {})
    found = profit(shop, MONTH)
    lines = {each.product_id: each for each in found.lines}
    assert lines[eggs].revenue == Money(960)
    assert lines[eggs].totals[Part.PLEDGE] == Money(60)
    assert lines[milk].totals[Part.OTHER] == Money(50)
    assert found.revenue == Money(960 + 1300)
    assert found.cost == total(found.totals.values())
    assert found.kept == found.revenue - found.cost == total(each.kept for each in found.lines)
    for each in found.lines:
        assert each.kept == each.revenue - total(each.totals[part] for part in COSTS)


def test_loss_makers_stand_first(shop: Shop) -> None:
    good, bad, worse = (add_product(shop, name) for name in ("甲", "乙", "丙"))
    member = add_member(shop, "小李")
    add_order(shop, member, 1, (good, 500), (bad, 500), (worse, 500))
    set_costs(shop, bad, {Part.OTHER: Cost(Money(100))}, {})
    set_costs(shop, worse, {Part.OTHER: Cost(Money(300))}, {})
    assert [line.name for line in profit(shop, MONTH).lines] == ["丙", "乙", "甲"]


def test_goods_whose_cost_nobody_knows_are_named(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    add_order(shop, member, 1, (eggs, 500))
    set_costs(shop, eggs, {Part.OTHER: Cost(Money(5)), Part.LOSS: Cost(rate=100)}, {})
    with shop.store.write() as connection:
        connection.execute(update(schema.product).values(purchase_price_fen=None))
    found = profit(shop, MONTH)
    assert found.unknown == ("土鸡蛋",)
    assert found.totals[Part.OTHER] == Money(5)
    assert (found.totals[Part.LOSS], found.kept) == (Money(0), Money(475))


def test_what_was_not_sold_is_left_out(shop: Shop) -> None:
    add_product(shop, "土鸡蛋")
    found = profit(shop, MONTH)
    assert (found.lines, found.share, found.kept) == ((), None, Money(0))


def test_twelve_months_each_with_its_own_figures(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    for day in (TODAY, date(2026, 8, 31), date(2025, 10, 1), date(2025, 9, 30)):
        add_order(shop, member, 1, (eggs, 500), pickup_day=day)
    stages = months(shop)
    assert [stage.first for stage in stages][:: len(stages) - 1] == [
        date(2025, 10, 1), date(2026, 9, 1),
    ]  # fmt: skip
    earned = {stage.first: stage.profit.revenue for stage in stages if stage.profit.revenue}
    assert earned == dict.fromkeys(
        (date(2025, 10, 1), date(2026, 8, 1), date(2026, 9, 1)), Money(480)
    )
    assert stages[-1].profit == profit(shop, MONTH)


def test_rounds_of_the_days_newest_first(shop: Shop) -> None:
    eggs, member = add_product(shop, "土鸡蛋"), add_member(shop, "小李")
    early = add_round(shop, "周一团", day=TODAY - timedelta(days=4))
    late, other = add_round(shop, "周五团"), add_round(shop, "上月团", day=date(2026, 8, 1))
    for number, (round_id, amount) in enumerate(((early, 500), (late, 1000), (other, 500))):
        add_order(shop, member, number + 1, (eggs, amount), round_id=round_id)
    found = rounds(shop, MONTH.first, MONTH.last)
    assert [(stage.title, stage.profit.revenue) for stage in found] == [
        ("周五团", Money(960)), ("周一团", Money(480)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(1, 3, 33), (2, 3, 67), (1, 200, 1), (-1, 200, -1), (5, 0, None), (0, 10, 0)],
)
def test_shares_are_rounded_half_up(part: int, whole: int, percent: int | None) -> None:
    assert share_of(Money(part), Money(whole)) == percent


def test_a_month_ends_today_and_the_last_days_hold_today() -> None:
    assert (MONTH.first, MONTH.last) == (date(2026, 9, 1), TODAY)
    august = month_of(date(2026, 8, 9), TODAY)
    assert (august.first, august.last) == (date(2026, 8, 1), date(2026, 8, 31))
    assert last_days(TODAY, 1).first == TODAY
