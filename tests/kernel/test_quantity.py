"""Quantities: jin and grams, pieces, price per 500 g."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lib.kernel.money import Money
from lib.kernel.quantity import Measure, Unit, price_per_jin


@pytest.mark.parametrize(
    ("word", "count", "amount"),
    [
        ("斤", "1.5", 750),
        ("公斤", "2", 2000),
        ("两", "3", 150),
        ("kg", "0.25", 250),
        ("盒", "3", 3),
    ],
)
def test_amounts_are_whole(word: str, count: str, amount: int) -> None:
    unit = Unit.named(word)
    assert unit.amount(count) == amount
    assert unit.count(amount) == Decimal(count)


@pytest.mark.parametrize(
    ("word", "count"), [("盒", "1.5"), ("斤", "0"), ("盒", "-1"), ("斤", "0.001")]
)
def test_half_a_box_is_refused(word: str, count: str) -> None:
    with pytest.raises(ValueError, match="whole"):
        Unit.named(word).amount(count)


def test_what_a_quantity_costs_and_how_it_is_said() -> None:
    jin, box = Unit.named("斤"), Unit.named("盒")
    assert jin.price_of(Money.of("5.55"), 250) == Money(278)
    assert box.price_of(Money.of("19.90"), 3) == Money.of("59.70")
    assert jin.said(750) == "1.5斤"
    assert jin.said(50_000) == "100斤"
    assert box.said(3) == "3盒"
    assert (jin.measure, box.measure) == (Measure.WEIGHT, Measure.PIECE)


@pytest.mark.parametrize(
    ("price", "grams", "expected"),
    [("12.00", 400, "15.00"), ("4.80", 500, "4.80"), ("9.99", 1000, "5.00"), ("1.00", None, None)],
)
def test_price_per_500_grams(price: str, grams: int | None, expected: str | None) -> None:
    per_jin = price_per_jin(Money.of(price), grams)
    assert per_jin == (Money.of(expected) if expected else None)


@given(some.integers(1, 10**7), some.sampled_from(["斤", "公斤", "两", "盒"]))
def test_counting_and_back(amount: int, word: str) -> None:
    unit = Unit.named(word)
    assert unit.amount(unit.count(amount)) == amount
