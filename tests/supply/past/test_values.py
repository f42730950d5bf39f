"""Cells of daily figures: read exactly, or not at all (reliability A19)."""

from datetime import date
from typing import Any

import pytest

from lib.supply.past import values
from lib.trade.orders.sheets.tables import Fault


@pytest.mark.parametrize(
    ("cell", "millionths"),
    [
        (3, 3_000_000),
        (0.396, 396_000),
        (0.1 + 0.2, 300_000),
        ("0.396", 396_000),
        ("1,234.5", 1_234_500_000),
        ("１２．５", 12_500_000),
        ("-0.5", -500_000),
        ("", None),
        ("—", None),
        (None, None),
    ],
)
def test_numbers_are_exact(cell: Any, millionths: int | None) -> None:
    assert values.number(cell) == millionths


@pytest.mark.parametrize(
    "cell",
    ["1.2E+3", "1?0", "12 斤 3 两", "1.2.3", "12,34", "nan kg", Fault("#REF!"), True, float("inf"),
     10**12, "3\ufffd", "0x10", "１２万", date(2023, 1, 1)],
)  # fmt: skip
def test_what_is_no_number_is_never_guessed(cell: Any) -> None:
    with pytest.raises(ValueError, match="not a"):
        values.number(cell)


def test_a_quantity_may_repeat_the_unit_of_its_column_and_no_other() -> None:
    assert values.quantity("3.5斤", "斤") == 3_500_000
    with pytest.raises(ValueError, match="not a number"):
        values.quantity("3.5斤", "千克")


@pytest.mark.parametrize(
    ("cell", "millionths"), [("￥7.60", 7_600_000), ("7.6元/斤", 7_600_000), (7.654, 7_654_000)]
)
def test_prices_keep_what_stands_there(cell: Any, millionths: int) -> None:
    assert values.price(cell) == millionths


def test_a_rate_says_whether_it_was_a_percentage() -> None:
    assert values.rate("9.43%") == (9_430_000, True)
    assert values.rate(0.0943) == (94_300, False)


def test_yes_no_and_returns_are_words_that_are_known() -> None:
    assert values.flag("是") is True
    assert values.flag("0") is False
    assert values.flag(None) is None
    assert values.is_return("退货") is True
    assert values.is_return("销售") is False
    for read in (values.flag, values.is_return):
        with pytest.raises(ValueError, match="neither"):
            read("也许")


def test_days_are_read_in_every_spelling() -> None:
    for cell in ("2023-06-28", "2023/6/28", "2023年6月28日", 45105):
        assert values.day_of(cell) == date(2023, 6, 28)
    with pytest.raises(ValueError, match="year"):
        values.day_of("6月28日")
