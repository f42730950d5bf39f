"""The five sample exports come out to the fen and the piece."""

import json
from pathlib import Path

import pytest

from lib.trade.orders import count_export
from lib.trade.orders.sheets import PasswordNeeded, WrongPassword, propose, read_workbook

SAMPLES = Path(__file__).parents[3] / "samples" / "orders"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
LOCKED = SAMPLES / "kuaituantuan_orders_password_8888.xlsx"


@pytest.mark.parametrize("name", EXPECTED)
def test_counts_are_exact(name: str) -> None:
    found = count_export(SAMPLES / name)
    assert found == {key: EXPECTED[name][key] for key in found}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_order_is_read_without_doubt(name: str) -> None:
    reading = propose(read_workbook(SAMPLES / name))
    assert len(reading.orders) == EXPECTED[name]["rows_orders"]
    assert not reading.problems
    assert not [order for order in reading.orders if order.doubts]


def test_password_opens_the_same_orders() -> None:
    assert count_export(LOCKED, "8888") == count_export(SAMPLES / "kuaituantuan_orders.xlsx")


def test_password_is_asked_for_and_checked() -> None:
    with pytest.raises(PasswordNeeded):
        count_export(LOCKED)
    with pytest.raises(WrongPassword):
        count_export(LOCKED, "0000")


def test_bytes_are_read_like_a_path() -> None:
    path = SAMPLES / "weidian_orders.xlsx"
    assert read_workbook(path.read_bytes()) == read_workbook(path)
