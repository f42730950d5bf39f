"""A month's complaints on what was sold: by product, by supplier, against the month before."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.db import schema
from lib.kernel.errors import Refused
from lib.service.after_sales.rules import Cause
from lib.service.ledger.causes.queries import OfSupplier, month_causes
from lib.service.ledger.causes.rules import (
    FEW_SOLD,
    Rate,
    Scored,
    Trend,
    goods_rate,
    supplier_rate,
    trend,
)
from lib.service.ledger.trade.rules import shared
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.service.after_sales.cast import set_to
from tests.service.cast import add_product, put
from tests.service.ledger.cast import add_case, at, order
from tests.supply.cast import add_batch, add_supplier, add_term

SEPTEMBER, AUGUST = date(2026, 9, 1), date(2026, 8, 1)
LAST = date(2026, 9, 30)


def rate(cases: int, sold: int) -> Rate:
    return goods_rate(cases, Fraction(sold))


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        ((10, 100), (10, 100), Trend.SAME),
        ((109, 1000), (10, 100), Trend.SAME),
        ((11, 100), (10, 100), Trend.WORSE),
        ((91, 1000), (10, 100), Trend.SAME),
        ((9, 100), (10, 100), Trend.BETTER),
        ((0, 100), (10, 100), Trend.BETTER),
        ((3, 100), (0, 100), Trend.WORSE),
        ((0, 100), (0, 100), Trend.SAME),
        ((2, 100), (0, 100), Trend.FEW),
        ((1, 3), (0, 100), Trend.FEW),
        ((1, 3), (2, 4), Trend.FEW),
        ((5, 0), (5, 100), Trend.NONE),
        ((5, 100), (5, 0), Trend.NONE),
    ],
)
def test_better_same_or_worse(now: tuple[int, int], before: tuple[int, int], found: Trend) -> None:
    assert trend(rate(*now), rate(*before), 10) is found


def test_without_a_margin_any_change_counts() -> None:
    assert trend(rate(101, 1000), rate(100, 1000), 0) is Trend.WORSE
    assert trend(rate(100, 1000), rate(100, 1000), 0) is Trend.SAME


@given(st.integers(0, 50), st.integers(1, 500), st.integers(0, 50), st.integers(1, 500))
def test_better_one_way_is_worse_the_other(a: int, b: int, c: int, d: int) -> None:
    one, other = trend(rate(a, b), rate(c, d), 0), trend(rate(c, d), rate(a, b), 0)
    turned = {Trend.BETTER: Trend.WORSE, Trend.WORSE: Trend.BETTER}
    assert other is turned.get(one, one)


def test_a_rate_is_said_with_one_decimal() -> None:
    assert rate(1, 3).per_100 == Decimal("33.3")
    assert rate(1, 800).per_100 == Decimal("0.1")  # 0.125
    assert rate(0, 800).per_100 == Decimal("0.0")
    assert rate(1, 0).per_100 is None
    assert rate(1, FEW_SOLD - 1).is_few
    assert not rate(1, FEW_SOLD).is_few


def test_a_month_without_deliveries_is_said_not_scored() -> None:
    found = supplier_rate(3, Fraction(200), 0, date(2026, 1, 1), LAST)
    assert (found.scored, found.per_100, found.cases) == (Scored.NOTHING_DELIVERED, None, 3)
    nothing_sold = supplier_rate(0, Fraction(), 4, None, LAST)
    assert nothing_sold.scored is Scored.NOTHING_SOLD


def test_created_on_the_last_day_of_a_month() -> None:
    assert supplier_rate(0, Fraction(), 0, LAST, LAST).scored is Scored.NOTHING_DELIVERED
    assert supplier_rate(0, Fraction(), 0, LAST, date(2026, 8, 31)).scored is Scored.NOT_YET
    scored = supplier_rate(0, Fraction(30), 1, LAST, LAST)
    assert trend(scored, supplier_rate(0, Fraction(), 0, LAST, date(2026, 8, 31)), 10) is Trend.NONE


@given(
    st.fractions(0, 1000),
    st.dictionaries(st.integers(1, 5), st.integers(-50, 50), max_size=5),
    st.sets(st.integers(1, 5), min_size=1),
)
def test_parts_of_what_was_sold_add_up_to_it(
    sold: Fraction, taken: dict[int, int], suppliers: set[int]
) -> None:
    parts = shared(sold, taken, tuple(sorted(suppliers)))
    assert sum(parts.values()) == sold
    assert parts.keys() == suppliers
    assert min(parts.values()) >= 0


def of(found: tuple[OfSupplier, ...], supplier_id: int | None) -> OfSupplier:
    return next(each for each in found if each.supplier_id == supplier_id)


def test_complaints_on_what_was_ordered_and_went_over_the_counter(shop: Shop) -> None:
    eggs = add_product(shop, "土鸡蛋")  # 斤: 500 g
    grower = add_supplier(shop, created_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    for day in (date(2026, 8, 5), date(2026, 9, 5)):
        add_batch(shop, eggs, 90_000, supplier_id=grower, arrived_on=day)
    order(shop, eggs, 20_000, date(2026, 8, 31), 1)  # 40 斤
    order(shop, eggs, 15_000, SEPTEMBER, 2)  # 30 斤
    cancelled, _line = order(shop, eggs, 50_000, SEPTEMBER, 3)
    with shop.store.write() as connection:
        orders = schema.customer_order
        connection.execute(
            orders.update().where(orders.c.id == cancelled).values(
                status="cancelled", cancelled_at=NOW, cancel_reason="不要了"
            )
        )  # fmt: skip
        shelf = schema.stock_day
        day = date(2026, 9, 5)
        found = shelf.update().where(shelf.c.product_id == eggs, shelf.c.day == day)
        connection.execute(found.values(shelf_sold=5_000))  # 10 斤
    for number in range(4):
        add_case(shop, at(date(2026, 9, 2 + number)), product_id=eggs, supplier_id=grower,
                 cause="grower" if number else "")  # fmt: skip
    add_case(shop, at(date(2026, 8, 2)), product_id=eggs, supplier_id=grower)
    month = month_causes(shop, LAST)
    (goods,) = month.goods
    assert (goods.rate.cases, goods.rate.sold, goods.rate.per_100) == (4, 40, Decimal("10.0"))
    assert (goods.before.cases, goods.before.sold) == (1, 40)
    assert goods.trend is Trend.WORSE
    assert goods.causes == ((Cause.GROWER, 3), (None, 1))
    supplier = of(month.suppliers, grower)
    assert (supplier.rate, supplier.before) == (goods.rate, goods.before)
    assert (supplier.deliveries, month.cases, month.cases_before) == (1, 4, 1)


def test_what_was_our_own_doing_is_not_theirs(shop: Shop) -> None:
    eggs, grower = add_product(shop, "土鸡蛋"), add_supplier(shop)
    add_batch(shop, eggs, 90_000, supplier_id=grower)
    order(shop, eggs, 50_000, SEPTEMBER, 1)
    told = at(date(2026, 9, 2))
    for cause in ("storage", "resident", "unknown", "transport", ""):
        add_case(shop, told, product_id=eggs, supplier_id=grower, cause=cause)
    add_case(shop, told, product_id=eggs, supplier_id=grower, defect="service")
    add_case(shop, told, product_id=eggs, status="withdrawn", closed_at=told)
    month = month_causes(shop, SEPTEMBER)
    supplier = of(month.suppliers, grower)
    assert (supplier.rate.cases, supplier.not_theirs) == (3, 3)
    assert month.goods[0].rate.cases == 6


def test_goods_of_one_supplier_are_put_down_to_it_and_others_to_nobody(shop: Shop) -> None:
    eggs, milk = add_product(shop, "土鸡蛋"), add_product(shop, "牛奶", "盒")
    one, two = add_supplier(shop, "一号"), add_supplier(shop, "二号")
    add_batch(shop, eggs, 9000, supplier_id=one)
    add_batch(shop, milk, 90, supplier_id=one)
    add_batch(shop, milk, 90, supplier_id=two)
    told = at(date(2026, 9, 2))
    add_case(shop, told, product_id=eggs)
    add_case(shop, told, product_id=milk)
    found = month_causes(shop, SEPTEMBER).suppliers
    assert of(found, one).rate.cases == 1
    assert of(found, two).rate.cases == 0
    assert of(found, None).rate.cases == 1


def test_what_two_delivered_is_shared_by_what_left_of_their_batches(shop: Shop) -> None:
    milk = add_product(shop, "牛奶", "盒")
    one, two = add_supplier(shop, "一号"), add_supplier(shop, "二号")
    batches = [add_batch(shop, milk, 90, supplier_id=each) for each in (one, two)]
    order(shop, milk, 60, SEPTEMBER, 1)
    for batch, quantity in zip(batches, (30, 10), strict=True):
        put(shop, schema.stock_movement, product_id=milk, batch_id=batch, kind="sold",
            quantity=-quantity, business_day=SEPTEMBER, at=NOW)  # fmt: skip
    add_case(shop, at(date(2026, 9, 2)), product_id=milk, supplier_id=one)
    found = month_causes(shop, SEPTEMBER).suppliers
    assert (of(found, one).rate.sold, of(found, two).rate.sold) == (45, 15)


def test_without_batches_the_terms_say_whose_goods_they_are(shop: Shop) -> None:
    milk, one = add_product(shop, "牛奶", "盒"), add_supplier(shop, "一号")
    add_term(shop, one, milk)
    order(shop, milk, 60, SEPTEMBER, 1)
    add_case(shop, at(date(2026, 9, 2)), product_id=milk)
    found = of(month_causes(shop, SEPTEMBER).suppliers, one)
    assert (found.rate.cases, found.rate.sold) == (1, 60)
    assert found.rate.scored is Scored.NOTHING_DELIVERED


def test_a_supplier_entered_after_the_month_is_not_in_it(shop: Shop) -> None:
    late = add_supplier(shop, created_at=at(date(2026, 9, 30), 23))
    assert [each.supplier_id for each in month_causes(shop, SEPTEMBER).suppliers] == [late]
    assert month_causes(shop, AUGUST).suppliers == ()
    found = of(month_causes(shop, SEPTEMBER).suppliers, late)
    assert found.rate.scored is Scored.NOTHING_DELIVERED
    assert (found.known_since, found.trend) == (LAST, Trend.NONE)


def test_the_margin_is_that_of_the_settings(shop: Shop) -> None:
    eggs, grower = add_product(shop, "土鸡蛋", "盒"), add_supplier(shop)
    for month in (8, 9):
        day = date(2026, month, 5)
        add_batch(shop, eggs, 900, supplier_id=grower, arrived_on=day)
        order(shop, eggs, 100, day, month)
        for number in range(10 if month == 8 else 12):
            add_case(shop, at(day, 10, number), product_id=eggs, supplier_id=grower)
    assert month_causes(shop, SEPTEMBER).goods[0].trend is Trend.WORSE
    wide = set_to(shop, complaint_trend_percent=25)
    assert month_causes(wide, SEPTEMBER).goods[0].trend is Trend.SAME


def test_residents_see_no_causes(resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        month_causes(resident_shop, SEPTEMBER)
