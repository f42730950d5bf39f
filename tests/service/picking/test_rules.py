"""What is outstanding, how homes are walked, what goes into the bag."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.money import Money
from lib.members.profiles.rules import Home
from lib.service.picking.rules import (
    Collected,
    Line,
    collected,
    natural,
    packaging,
    walking_order,
)
from lib.shop.settings import Settings
from lib.trade.packaging.rules import Packaging
from tests.service.cast import TODAY, line


@pytest.mark.parametrize(
    ("values", "outstanding"),
    [
        ({}, 1000),
        ({"handed": 400}, 600),
        ({"handed": 1000}, 0),
        ({"handed": 1200}, 0),  # weighed down after it was handed over
        ({"quantity": 0}, 0),  # the grower sent nothing
        ({"cancelled": True}, 0),
        ({"refunded": Money(960)}, 0),
        ({"refunded": Money(959)}, 1000),  # a share was paid back, the goods are kept
        ({"amount": Money(0)}, 1000),  # a gift costs nothing and is still handed over
    ],
)
def test_outstanding(values: dict[str, object], outstanding: int) -> None:
    assert line(**values).outstanding == outstanding


@pytest.mark.parametrize(
    ("values", "to_pick"),
    [
        ({}, 1000),
        ({"picked": 1000}, 0),
        ({"picked": 800}, 200),  # the quantity grew after the tick
        ({"handed": 300, "picked": 0}, 700),
        ({"handed": 1000}, 0),
        ({"cancelled": True}, 0),
    ],
)
def test_to_pick(values: dict[str, object], to_pick: int) -> None:
    assert line(**values).to_pick == to_pick


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([], Collected.NOTHING),
        ([line()], Collected.OPEN),
        ([line(handed=1)], Collected.PART),
        ([line(handed=1000), line(id=2)], Collected.PART),
        ([line(handed=1000)], Collected.DONE),
        ([line(handed=1000), line(id=2, cancelled=True)], Collected.DONE),
        ([line(cancelled=True)], Collected.NOTHING),
        ([line(refunded=Money(960))], Collected.NOTHING),
    ],
)
def test_how_far_an_order_was_collected(lines: list[Line], state: Collected) -> None:
    assert collected(lines) is state


def test_homes_are_walked_in_order() -> None:
    homes = [
        Home(),
        Home(None, "12", None, "101"),
        Home(None, "3", "2", "501"),
        Home(None, "B", None, "2"),
        Home(None, "3", "2", "1201"),
        Home(None, "3", "1", "501"),
        Home("东区", "1", None, "1"),
        Home(None, "３", "1", "5"),
    ]
    said = [str(home) for home in sorted(homes, key=walking_order)]
    assert said == ["３-1-5", "3-1-501", "3-2-501", "3-2-1201", "12-101", "B-2", "东区 1-1", ""]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_text_can_be_sorted(texts: list[str]) -> None:
    assert len(sorted(texts, key=natural)) == len(texts)


def test_leading_zeros_and_huge_numbers_sort() -> None:
    assert natural("007") == natural("7")
    assert natural("9") < natural("1" + "0" * 6000)
    assert natural("") < natural("1") < natural("A")


def test_packaging_follows_tags_and_settings() -> None:
    lines = [
        line(fresh=True),
        line(id=2, product="玻璃罐", fragile=True),
        line(id=3, product="面条"),
        line(id=4, product="牛奶", fresh=True, handed=1000),
    ]
    ticks = {tick.material: tick.products for tick in packaging(lines, Settings(), TODAY)}
    assert ticks == {
        Packaging.FRESHNESS_BAG: ("土鸡蛋",),
        Packaging.ICE_PACK: ("土鸡蛋",),
        Packaging.BUBBLE_WRAP: ("玻璃罐",),
    }
    winter = packaging(lines, Settings(bubble_wrap=False), date(2026, 12, 1))
    assert [tick.material for tick in winter] == [Packaging.FRESHNESS_BAG]
    assert packaging([line(id=3)], Settings(), TODAY) == []
