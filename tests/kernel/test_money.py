"""Money: parsing, rounding, splitting (facts of the field 4.2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lib.kernel.money import Money, split, total


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("￥1,234.50", 123450),
        ("¥12", 1200),
        ("12.5元", 1250),
        ("１２．５", 1250),
        ("-", 0),
        ("——", 0),
        ("", 0),
        ("  8 ", 800),
        ("-3.20", -320),
        ("(12.00)", -1200),
        ("3块", 300),
        ("RMB 1,000.00", 100000),
        ("0.1", 10),
        (".5", 50),
        ("+7", 700),
    ],
)
def test_amounts_as_people_write_them(text: str, fen: int) -> None:
    assert Money.parse(text) == Money(fen)


@pytest.mark.parametrize(
    "text",
    [
        "五元",
        "0.005",
        "1e308",
        "nan",
        "inf",
        "1,23",
        "12.5.0",
        "abc",
        "¥",
        "--5",
        "1 2 a",
        "9" * 40,
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"fen|money"):
        Money.parse(text)


@pytest.mark.parametrize(
    ("price", "times", "expected"),
    [
        ("4.80", "2.35", "11.28"),
        ("18.80", "1.5", "28.20"),
        ("5.55", "0.5", "2.78"),
        ("28.80", "0.0333333333333333333", "0.96"),
    ],
)
def test_half_up(price: str, times: str, expected: str) -> None:
    assert Money.of(price).times(Decimal(times)) == Money.of(expected)


def test_a_freight_of_100_over_three_lines() -> None:
    assert split(Money.of(100), [1, 1, 1]) == [Money(3334), Money(3333), Money(3333)]


def test_floats_never_become_money() -> None:
    for make in (lambda: Money(1.5), lambda: Money.of(1.5), lambda: Money(1).times(0.5)):  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            make()


@given(some.integers(-(10**9), 10**9), some.lists(some.integers(0, 10**6), min_size=1, max_size=40))
def test_a_split_adds_up(fen: int, weights: list[int]) -> None:
    parts = split(Money(fen), weights)
    assert total(parts) == Money(fen)
    assert len(parts) == len(weights)
    if sum(weights):
        for part, weight in zip(parts, weights, strict=True):
            exact = Decimal(fen) * weight / sum(weights)
            assert abs(part.fen - exact) < 1


@given(some.integers(-(10**11), 10**11))
def test_what_is_shown_is_read_back(fen: int) -> None:
    assert Money.parse(str(Money(fen))) == Money(fen)
