"""What months, years and residents see of welfare items, and what is due (R19)."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money, total
from lib.shop.quotas import Standing
from lib.shop.shop import Shop
from lib.trade.orders.commands import cancel_order
from lib.trust.costs.commands import publish_sheet
from lib.trust.welfare import commands, queries
from lib.trust.welfare.queries import Sold
from lib.trust.welfare.rules import Reason, State
from tests.plant import plant
from tests.service.cast import put, refund_line
from tests.trust.welfare.cast import JIN, TODAY, add_eggs, add_tofu, details, offered, order

PAGE = "https://shop.example.cn/p/prices"


def test_what_was_given_is_what_was_ordered_and_not_refunded(shop: Shop) -> None:
    eggs = add_eggs(shop)
    item, round_id = offered(shop, eggs)
    order(shop, round_id, eggs, 2)
    back = order(shop, round_id, eggs, 2, "王姐")
    part = order(shop, round_id, eggs, 1, "老陈")
    gone = order(shop, round_id, eggs, 1, "小赵")
    refund_line(shop, back, 2, 2, 960)
    refund_line(shop, part, 3, 3, 100)
    cancel_order(shop, gone, 1, "不要了")
    found = queries.item(shop, item)
    assert found.sold == Sold(orders=3, ordered=5 * JIN, kept=3 * JIN)
    assert (found.given, found.most, found.left) == (Money(60), Money(1200), 55 * JIN)


def test_an_order_refunded_as_a_whole_gives_nothing(shop: Shop) -> None:
    eggs = add_eggs(shop)
    item, round_id = offered(shop, eggs)
    number = order(shop, round_id, eggs, 2)
    put(
        shop, schema.payment, member_id=1, order_id=number, kind="refund", method="cash",
        amount_fen=-960, forgiven_fen=960, reason="全退", business_day=TODAY, at=shop.clock.now(),
    )  # fmt: skip
    assert queries.item(shop, item).given == Money(0)


def test_the_month_adds_up_and_names_what_else_is_open(shop: Shop, clock: FixedClock) -> None:
    eggs, tofu = add_eggs(shop), add_tofu(shop)
    _item, round_id = offered(shop, eggs)
    order(shop, round_id, eggs, 2)
    commands.plan_item(shop, details(tofu, "1.90", household_limit=2, available=40))
    later = commands.plan_item(shop, details(eggs, planned_on=date(2026, 10, 9)))
    found = queries.month(shop)
    assert [one.product for one in found.items] == ["土鸡蛋", "老豆腐"]
    assert [one.id for one in found.others] == [later]
    assert found.given == total(one.given for one in found.items) == Money(40)
    assert found.meter.possible == Money(1200 - 40) + Money(400)
    assert found.meter.left == Money(20000) - Money(1600)
    assert (found.quota.done, found.quota.standing) == (1, Standing.REACHED)
    clock.forward(days=10)
    assert queries.month(shop).quota.done == 0
    assert [one.state for one in queries.month(shop, TODAY).items] == [State.OVER, State.PLANNED]


def test_the_year_is_the_sum_of_its_months(shop: Shop, clock: FixedClock) -> None:
    eggs = add_eggs(shop)
    for jin in (1, 2):
        _item, round_id = offered(shop, eggs, planned_on=shop.today)
        order(shop, round_id, eggs, jin)
        clock.forward(days=31)
    found = queries.year(shop, 2026)
    assert [amount.fen for _month, amount in found.by_month] == [0] * 8 + [20, 40, 0, 0]
    assert found.given == Money(60)
    assert queries.year(shop, 2025).given == Money(0)
    public = queries.public_welfare(shop, 2026)
    assert [one.month for one in public.items] == [date(2026, 10, 1), date(2026, 9, 1)]
    assert public.given == found.given == total(one.given for one in public.items)


def test_residents_see_what_was_offered_and_nothing_personal(
    shop: Shop, resident_shop: Shop
) -> None:
    eggs = add_eggs(shop)
    _item, round_id = offered(shop, eggs, note="李大妈要的")
    commands.plan_item(shop, details(eggs, "4.70"))
    commands.cancel_item(shop, commands.plan_item(shop, details(eggs, "4.60")), 1)
    order(shop, round_id, eggs, 2, "小李", "201")
    (found,) = queries.public_welfare(resident_shop, 2026).items
    assert (found.product, found.day, found.price, found.unit_cost) == (
        "土鸡蛋", TODAY, Money(480), Money(500),
    )  # fmt: skip
    assert (found.sold, found.given, found.reason) == (2 * JIN, Money(40), Reason.THANKS)
    said = json.dumps(found.__dict__, default=str, ensure_ascii=False)
    assert not [word for word in ("小李", "李大妈", "201", "芳姐") if word in said]


def test_no_secret_of_the_books_leaves_by_the_public_door(shop: Shop, resident_shop: Shop) -> None:
    plant(shop)
    assert queries.public_welfare(resident_shop, 2026).items == ()


@pytest.mark.parametrize("ask", ["month", "year", "history", "item", "cost_now"])
def test_costs_of_plans_are_the_owners(shop: Shop, staff_shop: Shop, ask: str) -> None:
    calls = {
        "month": lambda: queries.month(staff_shop),
        "year": lambda: queries.year(staff_shop, 2026),
        "history": lambda: queries.history(staff_shop),
        "item": lambda: queries.item(staff_shop, 1),
        "cost_now": lambda: queries.cost_now(staff_shop, 1),
    }
    with pytest.raises(Refused):
        calls[ask]()
    with pytest.raises(NotFound):
        queries.item(shop, 1)


# Due


def test_due_names_near_plans_running_items_and_the_nudge(
    shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    eggs = add_eggs(shop)
    assert queries.due(shop).quota.standing is Standing.NUDGE
    assert queries.due(shop).count == 1
    near = commands.plan_item(shop, details(eggs, planned_on=TODAY + timedelta(days=3)))
    commands.plan_item(shop, details(eggs, planned_on=TODAY + timedelta(days=4)))
    found = queries.due(shop)
    assert [(one.item_id, one.is_late) for one in found.waiting] == [(near, False)]
    assert (found.quota.standing, found.count) == (Standing.OPEN, 1)
    item, round_id = offered(shop, eggs)
    order(shop, round_id, eggs, 2)
    (running,) = queries.due(shop).running
    assert (running.item_id, running.left, running.round_id) == (item, 58 * JIN, round_id)
    seen = queries.due(staff_shop)
    assert (seen.meter, len(seen.running), len(seen.waiting)) == (None, 1, 1)
    clock.forward(days=4)
    assert [one.is_late for one in queries.due(shop).waiting] == [True, False]
    assert queries.due(shop).running == ()


def test_a_budget_that_is_exceeded_is_due(shop: Shop) -> None:
    tight = replace(shop, settings=replace(shop.settings, welfare_budget=Money(1199)))
    offered(tight, add_eggs(tight))
    found = queries.due(tight)
    assert found.meter is not None
    assert (found.meter.is_exceeded, found.count) == (True, 1)


def test_an_item_of_last_month_still_runs_into_this_one(shop: Shop, clock: FixedClock) -> None:
    clock.moment += timedelta(days=5, hours=13)
    offered(shop, add_eggs(shop), planned_on=shop.today)
    clock.forward(hours=2)
    assert shop.today == date(2026, 10, 1)
    assert queries.month(shop).items == ()
    assert len(queries.due(shop).running) == 1


# The text for the group


def text(shop: Shop, item: int) -> str:
    return queries.announcement(shop, queries.item(shop, item), PAGE)


def chinese(shop: Shop) -> Shop:
    return replace(shop, settings=replace(shop.settings, language="zh_CN"))


def test_the_text_says_price_cost_gift_limits_and_proof(shop: Shop) -> None:
    shop = chinese(shop)
    item, _round = offered(shop, add_eggs(shop, packaging="0.20"))
    assert text(shop, item).split("\n") == [
        "💚本月社区福利品 土鸡蛋 4.8元/斤｜截单:今晚18:30｜自提:明天（周六）",
        "进价5元，连损耗、包装、配送共5.2元，每斤贴0.4元",
        "不赚钱，感谢大家",
        "限前60斤，每户2斤",
        f"价格和成本👉 {PAGE}",
        "要的接龙👇 例 3-201 小李 土鸡蛋1斤 晚上拿",
    ]


def test_the_example_of_the_field(shop: Shop) -> None:
    shop = chinese(shop)
    item, _round = offered(shop, add_eggs(shop))
    assert "进价5元，每斤贴0.2元" in text(shop, item)


def test_at_cost_is_said_only_with_a_published_sheet(shop: Shop) -> None:
    shop = chinese(shop)
    eggs = add_eggs(shop, packaging="0.20")
    without, _round = offered(shop, eggs, "5.20")
    assert "进价5元，连损耗、包装、配送共5.2元" in text(shop, without)
    assert "成本价" not in text(shop, without)
    publish_sheet(shop, "公示", TODAY, [eggs])
    proven, _round = offered(shop, eggs, "5.20")
    assert "成本价：进价5元，连损耗、包装、配送共5.2元（见第1期公示）" in text(shop, proven)


def test_a_wording_that_claims_what_is_not_proven_is_refused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, _round = offered(shop, add_eggs(shop))
    monkeypatch.setattr(queries.wording, "said", lambda *_, **__: "原价6元，成本价4.8元")
    with pytest.raises(Refused, match="成本价、原价"):
        text(shop, item)


def test_only_an_item_on_offer_has_a_text(shop: Shop, clock: FixedClock) -> None:
    eggs = add_eggs(shop)
    assert text(shop, commands.plan_item(shop, details(eggs))) == ""
    item, _round = offered(shop, eggs)
    assert "4.8" in text(shop, item)
    clock.forward(hours=9)
    assert text(shop, item) == ""


def test_a_unit_that_changes_later_changes_nothing_that_was_given(
    shop: Shop, clock: FixedClock
) -> None:
    """Given back at 0.20 a jin; sold by the kilogram since, it is still 0.20 a jin."""
    eggs = add_eggs(shop)
    item, round_id = offered(shop, eggs)
    order(shop, round_id, eggs, 2)
    before = queries.public_welfare(shop, 2026)
    assert before.given == Money(40)
    clock.forward(hours=9)
    with shop.store.write() as connection:
        connection.execute(
            schema.product.update().values(sale_unit="公斤", unit_grams=1000, price_fen=1160)
        )
    assert queries.public_welfare(shop, 2026) == before
    one = queries.item(shop, item)
    assert (one.given, one.unit.word, one.unit.grams) == (Money(40), "斤", JIN)
    assert queries.year(shop, 2026).given == Money(40)
