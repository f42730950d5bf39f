"""Purchase orders: cases, minimums, sending, and never the same one twice (E3, E5)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.language import translator
from lib.shop.shop import FormKey, Repeated, Shop
from lib.supply.purchasing import queries, texts
from lib.supply.purchasing.commands import (
    Arrival,
    ArrivalLine,
    WantedLine,
    WantedOrder,
    add_orders,
    cancel_order,
    change_order,
    close_order,
    move_order,
    receive,
    send_order,
    unsend_order,
)
from lib.supply.purchasing.rules import Cases, RoundNeed, Status, below_amount, in_cases
from tests.conftest import NOW
from tests.service.cast import add_member, add_order, add_round
from tests.supply.cast import TODAY, add_batch, add_product, add_supplier, add_term, put

TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("needed", "case", "down", "quantity", "left_over", "missing"),
    [
        (47, 10, False, 50, 3, 0),
        (47, 10, True, 40, 0, 7),
        (50, 10, False, 50, 0, 0),
        (50, 10, True, 50, 0, 0),
        (1, 10, False, 10, 9, 0),
        (9, 10, True, 0, 0, 9),
        (0, 10, False, 0, 0, 0),
        (47, None, False, 47, 0, 0),
        (23_500, 5_000, False, 25_000, 1_500, 0),
    ],
)
def test_rounded_to_cases_with_the_remainder(
    needed: int, case: int | None, down: bool, quantity: int, left_over: int, missing: int
) -> None:
    rounded = in_cases(needed, case, down=down)
    assert (rounded.quantity, rounded.left_over, rounded.missing) == (
        quantity, left_over, missing,
    )  # fmt: skip


@given(some.integers(0, 10_000), some.integers(1, 500), some.booleans())
def test_rounding_is_whole_cases_and_off_by_less_than_one(
    needed: int, case: int, down: bool
) -> None:
    rounded = in_cases(needed, case, down=down)
    assert rounded.quantity % case == 0
    assert rounded.count == rounded.quantity // case
    assert (rounded.left_over, rounded.missing)[down] < case
    assert rounded.quantity + rounded.missing - rounded.left_over == needed


def test_a_quantity_changed_by_hand_need_not_be_whole_cases() -> None:
    assert Cases(47, 48, 10).count is None


@pytest.mark.parametrize(
    ("free", "coming", "subtract", "needed"),
    [(5, 10, True, 32), (5, 10, False, 47), (60, 0, True, 0), (-3, 0, True, 47)],
)
def test_what_is_there_or_coming_may_be_subtracted(
    free: int, coming: int, subtract: bool, needed: int
) -> None:
    assert RoundNeed(1, 47, free, coming, subtract=subtract).needed == needed


@pytest.mark.parametrize(
    ("amount", "minimum", "missing"), [(0, 10000, 0), (9999, 10000, 1), (10000, 10000, 0)]
)
def test_below_the_minimum_by_how_much(amount: int, minimum: int, missing: int) -> None:
    assert below_amount(Money(amount), Money(minimum)) == Money(missing)
    assert below_amount(Money(amount), None) == Money(0)


@pytest.fixture
def eggs(shop: Shop) -> int:
    return add_product(shop, "土鸡蛋", fresh=True)


@pytest.fixture
def grower(shop: Shop, eggs: int) -> int:
    supplier = add_supplier(shop)
    add_term(shop, supplier, eggs, 420, case_quantity=5000, minimum_quantity=30_000)
    return supplier


def wanted(supplier: int, *lines: WantedLine, **values: object) -> WantedOrder:
    return WantedOrder(supplier, TOMORROW, lines, **values)  # type: ignore[arg-type]


def make(shop: Shop, supplier: int, *lines: WantedLine, **values: object) -> int:
    return add_orders(shop, [wanted(supplier, *lines, **values)])[0]


def test_an_order_rounds_up_and_warns_below_the_minimum(shop: Shop, eggs: int, grower: int) -> None:
    put(
        shop, schema.agreement, supplier_id=grower, starts_on=date(2026, 1, 1), cycle="weekly",
        minimum_order_fen=50_000, spoilage_by="shop", created_at=NOW,
    )  # fmt: skip
    order = queries.order(shop, make(shop, grower, WantedLine(eggs, 23_500)))
    assert order.number == "P260925-1"
    (line,) = order.lines
    assert (line.quantity, line.cases.left_over, line.cases.count) == (25_000, 1_500, 5)
    assert (line.below, line.amount) == (5_000, Money(21_000))
    assert (order.amount, order.below) == (Money(21_000), Money(29_000))


def test_staff_sees_no_price_and_makes_no_order(
    shop: Shop, staff_shop: Shop, eggs: int, grower: int
) -> None:
    number = make(shop, grower, WantedLine(eggs, 5_000))
    order = queries.order(staff_shop, number)
    assert (order.amount, order.minimum, order.lines[0].unit_price) == (None, None, None)
    with pytest.raises(Refused):
        make(staff_shop, grower, WantedLine(eggs, 5_000))


def test_numbers_count_up_within_a_day(shop: Shop, eggs: int, grower: int) -> None:
    first = add_orders(shop, [wanted(grower, WantedLine(eggs, 5_000)) for _ in range(2)])
    numbers = [queries.order(shop, one).number for one in first]
    assert numbers == ["P260925-1", "P260925-2"]


def test_a_second_order_for_the_same_round_or_plan_day_says_so(
    shop: Shop, eggs: int, grower: int
) -> None:
    friday = add_round(shop)
    line = WantedLine(eggs, 5_000)
    made = make(shop, grower, line, round_id=friday)
    with pytest.raises(Refused, match="already order P260925-1"):
        make(shop, grower, line, round_id=friday)
    assert [one.id for one in queries.orders_like(shop, grower, round_id=friday)] == [made]
    again = make(shop, grower, line, round_id=friday, again=True)
    make(shop, grower, line, plan_day=TOMORROW)
    with pytest.raises(Refused, match="already order"):
        make(shop, grower, line, plan_day=TOMORROW)
    for one in (made, again):
        cancel_order(shop, one, queries.order(shop, one).version, "改单")
    make(shop, grower, line, round_id=friday)


def test_orders_are_made_all_or_none(shop: Shop, eggs: int, grower: int) -> None:
    with pytest.raises(NotFound):
        add_orders(shop, [wanted(grower, WantedLine(eggs, 5_000)),
                          wanted(grower, WantedLine(999, 1))])  # fmt: skip
    assert queries.orders(shop) == ()


def test_a_double_click_orders_once(shop: Shop, eggs: int, grower: int) -> None:
    once = shop.once(FormKey.of("k", [1]))
    make(once, grower, WantedLine(eggs, 5_000))
    with pytest.raises(Repeated):
        make(once, grower, WantedLine(eggs, 5_000))
    assert len(queries.orders(shop)) == 1


@pytest.mark.parametrize(
    "lines", [(), (WantedLine(1, 0),), (WantedLine(1, 2), WantedLine(1, 3)), (WantedLine(1, -1),)]
)
def test_orders_that_cannot_be_meant(
    shop: Shop, eggs: int, grower: int, lines: tuple[WantedLine, ...]
) -> None:
    with pytest.raises(Refused):
        make(shop, grower, *lines)


def test_a_draft_is_changed_a_sent_order_is_not(shop: Shop, eggs: int, grower: int) -> None:
    number = make(shop, grower, WantedLine(eggs, 5_000, suggested=4_000, why={"rule": "x"}))
    change_order(shop, number, 1, [WantedLine(eggs, 8_000, 8_000)], TODAY, "轻放")
    order = queries.order(shop, number)
    line = order.lines[0]
    assert (line.quantity, line.suggested, line.why) == (8_000, 4_000, {"rule": "x"})
    assert (order.expected_on, order.note) == (TODAY, "轻放")
    with pytest.raises(Conflict):
        change_order(shop, number, 1, [WantedLine(eggs, 1, 1)], TODAY)
    send_order(shop, number, order.version)
    with pytest.raises(Refused, match="was sent"):
        change_order(shop, number, order.version + 1, [WantedLine(eggs, 1, 1)], TODAY)
    move_order(shop, number, order.version + 1, TOMORROW)
    unsend_order(shop, number, order.version + 2)
    assert queries.order(shop, number).status is Status.DRAFT


def test_an_order_of_which_goods_came_is_not_cancelled_but_closed(
    shop: Shop, eggs: int, grower: int
) -> None:
    number = make(shop, grower, WantedLine(eggs, 10_000))
    receive(shop, Arrival(grower, (ArrivalLine(eggs, 5_000),), purchase_order_id=number))
    version = queries.order(shop, number).version
    for act in (
        lambda: cancel_order(shop, number, version, "不要"),
        lambda: unsend_order(shop, number, version),
        lambda: close_order(shop, number, version, " "),
    ):
        with pytest.raises(Refused):
            act()
    close_order(shop, number, version, "不来了")
    assert queries.orders(shop) == ()
    (closed,) = queries.orders(shop, statuses=[Status.CLOSED])
    assert closed.close_reason == "不来了"


def test_what_is_on_the_way_by_day(shop: Shop, eggs: int, grower: int) -> None:
    make(shop, grower, WantedLine(eggs, 5_000))
    sent = make(shop, grower, WantedLine(eggs, 10_000))
    send_order(shop, sent, 1)
    add_orders(shop, [WantedOrder(grower, TODAY, (WantedLine(eggs, 5_000),))])
    assert queries.on_the_way(shop, [eggs], TOMORROW) == {eggs: {TODAY: 5_000, TOMORROW: 15_000}}
    assert queries.on_the_way(shop, [eggs], TODAY) == {eggs: {TODAY: 5_000}}
    assert queries.on_the_way(shop, [], TODAY) == {}


def test_what_is_due(shop: Shop, eggs: int, grower: int) -> None:
    days = [TODAY, TODAY - timedelta(days=2), TOMORROW, TODAY - timedelta(days=90)]
    for day in days:
        add_orders(shop, [WantedOrder(grower, day, (WantedLine(eggs, 5_000),))])
    due = queries.due(shop)
    assert [one.expected_on for one in due.today] == [TODAY]
    assert [one.expected_on for one in due.late] == [TODAY - timedelta(days=2)]


def test_what_a_round_needs_less_what_is_there_and_coming(
    shop: Shop, eggs: int, grower: int
) -> None:
    friday = add_round(shop, day=TOMORROW)
    tofu = add_product(shop, "豆腐", "盒", 300)
    add_order(
        shop, add_member(shop, "小李"), 1, (eggs, 20_000), (tofu, 3),
        round_id=friday, pickup_day=TOMORROW,
    )  # fmt: skip
    add_order(shop, add_member(shop, "小王"), 2, (eggs, 3_000))
    add_batch(shop, eggs, 8_000, supplier_id=grower)
    make(shop, grower, WantedLine(eggs, 5_000))
    needs = {need.name: need for need in queries.round_needs(shop, friday)}
    need = needs["土鸡蛋"]
    assert (need.ordered, need.free, need.coming) == (20_000, 5_000, 5_000)
    assert need.needed(subtract=True) == 10_000
    assert need.needed(subtract=False) == 20_000
    assert (need.supplier_id, need.case) == (grower, 5_000)
    assert needs["豆腐"].supplier_id is None


def test_what_comes_for_others_is_not_counted_for_the_round(
    shop: Shop, eggs: int, grower: int
) -> None:
    saturday = add_round(shop, day=TOMORROW)
    add_order(
        shop, add_member(shop, "小李"), 1, (eggs, 20_000), round_id=saturday, pickup_day=TOMORROW
    )
    add_order(shop, add_member(shop, "小王"), 2, (eggs, 3_000))
    make(shop, grower, WantedLine(eggs, 10_000))
    (need,) = queries.round_needs(shop, saturday)
    assert (need.free, need.coming, need.needed(subtract=True)) == (0, 7_000, 13_000)


def test_the_text_says_cases_and_no_resident() -> None:
    goods = [
        texts.Goods("土鸡蛋", Unit.named("斤"), 25_000, 5_000),
        texts.Goods("豆腐", Unit("盒"), 47, 10),
    ]
    said = texts.order_text(
        "邻里小店", "P260925-1", "青禾合作社", "周六 9月26日", goods, translator("zh_CN"),
        note="轻放", place="东门 3 号",
    )  # fmt: skip
    assert said == (
        "【邻里小店】采购单 P260925-1\n"
        "青禾合作社，请周六 9月26日送：\n"
        "· 土鸡蛋 50斤（5件，每件10斤）\n"
        "· 豆腐 47盒\n"
        "送到：东门 3 号\n"
        "轻放\n"
        "能送齐请回个话，谢谢！"
    )


def test_goods_of_several_orders_add_up() -> None:
    eggs = texts.Goods("土鸡蛋", Unit.named("斤"), 500)
    assert texts.merged([eggs, eggs, texts.Goods("梨", Unit("箱"), 2)]) == (
        texts.Goods("土鸡蛋", Unit.named("斤"), 1_000),
        texts.Goods("梨", Unit("箱"), 2),
    )
