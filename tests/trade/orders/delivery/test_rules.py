"""The delivery fee at its boundaries (R24)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.settings import Settings
from lib.trade.orders.delivery.rules import (
    Charged,
    Ordered,
    delivery_fee,
    fee_now,
    goods_of,
    missing_for_free_delivery,
    still_missing,
)

SETTINGS = Settings()
SHOP_PAYS = replace(SETTINGS, delivery_fee_mode="shop_pays")
NO_FEE = replace(SETTINGS, delivery_fee=Money(0))
JIN, BOX = Unit.named("斤"), Unit.named("盒")


def order(goods: str, **more: object) -> Charged:
    values = {"delivery": True, "was_delivery": True, **more}
    return Charged(Money.of(goods), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("goods", "fee", "missing"),
    [
        ("0", "3.00", "30.00"),
        ("25.80", "3.00", "4.20"),
        ("29.99", "3.00", "0.01"),
        ("30.00", "0", "0"),
        ("30.01", "0", "0"),
        ("1000", "0", "0"),
    ],
)
def test_free_from_thirty_yuan(goods: str, fee: str, missing: str) -> None:
    amount = Money.of(goods)
    assert delivery_fee(amount, True, SETTINGS) == Money.of(fee)
    assert delivery_fee(amount, False, SETTINGS) == Money(0)
    assert missing_for_free_delivery(amount, SETTINGS) == Money.of(missing)
    charged = order(goods, fee=Money.of(fee))
    assert still_missing(charged, SETTINGS) == Money.of(missing)


@pytest.mark.parametrize("goods", ["0", "29.99", "30.00", "30.01"])
@pytest.mark.parametrize("rules", [SHOP_PAYS, NO_FEE], ids=["shop pays", "fee of nothing"])
def test_nothing_to_pay_and_nothing_missing(goods: str, rules: Settings) -> None:
    assert delivery_fee(Money.of(goods), True, rules) == Money(0)
    assert missing_for_free_delivery(Money.of(goods), rules) == Money(0)


@pytest.mark.parametrize(
    ("before", "fee"),
    [
        (order("25", fee=Money(0), paid=True), 0),
        (order("25", fee=Money(200), paid=True), 200),
        (order("25", fee=Money(500), paid=True), 300),
        (order("31", fee=Money(300), paid=True), 0),
        (order("25", fee=Money(0), paid=False), 300),
        (order("25", fee=Money(0), paid=True, was_delivery=False), 300),
        (order("25", fee=Money(300), paid=True, delivery=False), 0),
        (order("25", by_platform=True), 0),
        (order("25", by_platform=True, was_delivery=False), 0),
    ],
    ids=[
        "free and paid stays free", "paid at a lower fee", "the fee became lower", "became free",
        "not paid yet", "newly to be brought", "collected after all", "a platform charged",
        "a platform charged, newly brought",
    ],
)  # fmt: skip
def test_after_money_came_in_a_fee_only_falls(before: Charged, fee: int) -> None:
    assert fee_now(before, SETTINGS) == Money(fee)


def test_what_an_order_that_does_not_pay_misses_is_not_said() -> None:
    assert still_missing(order("25", fee=Money(0), paid=True), SETTINGS) == Money(0)
    assert still_missing(order("25", fee=Money(300), delivery=False), SETTINGS) == Money(0)
    assert still_missing(order("25", fee=Money(300), by_platform=True), SETTINGS) == Money(0)


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        (Ordered(JIN, Money(480), 1000, 1000, Money(960)), "9.60"),
        (Ordered(JIN, Money(480), 1000, 950, Money(912)), "9.60"),
        (Ordered(JIN, Money(480), 1000, 1050, Money(1008)), "10.08"),
        (Ordered(BOX, Money(300), 3, 0, Money(0)), "9.00"),
        (Ordered(BOX, Money(300), 4, 2, Money(500)), "10.00"),
    ],
    ids=[
        "as ordered",
        "weighed less",
        "weighed more",
        "none came",
        "a price of its own, half came",
    ],
)
def test_what_the_shop_brings_less_takes_nothing_away(line: Ordered, counts: str) -> None:
    assert line.counts == Money.of(counts)
    assert goods_of([line, line]) == Money.of(counts) + Money.of(counts)


@given(goods=st.integers(0, 10_000), fee=st.integers(0, 900), more=st.integers(0, 5_000))
@settings(max_examples=60)
def test_what_is_missing_makes_it_free_and_a_fen_less_does_not(
    goods: int, fee: int, more: int
) -> None:
    rules = replace(SETTINGS, delivery_fee=Money(fee))
    missing = missing_for_free_delivery(Money(goods), rules)
    assert delivery_fee(Money(goods) + missing, True, rules) == Money(0)
    if missing:
        assert delivery_fee(Money(goods) + missing - Money(1), True, rules) == Money(fee)
    paid = Charged(Money(goods), True, Money(more), was_delivery=True, paid=True)
    assert fee_now(paid, rules) <= paid.fee
