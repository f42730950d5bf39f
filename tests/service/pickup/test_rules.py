"""What may be handed over, when somebody is late, what was typed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.service.picking.rules import Line
from lib.service.pickup.rules import (
    Search,
    SlotState,
    is_late,
    read_search,
    slot_at,
    slot_state,
    to_hand_over,
)
from lib.shop.settings import DEFAULT_SLOTS, Settings
from tests.service.cast import line

DAY = date(2026, 9, 25)


def test_handing_over_all_leaves_out_what_was_paid_back() -> None:
    lines = [line(), line(id=2, refunded=Money(960)), line(id=3, handed=250)]
    assert to_hand_over(lines, None) == {1: 1000, 3: 750}


@pytest.mark.parametrize(
    ("wanted", "error", "sentence"),
    [
        ({1: 1001}, Refused, "only 2斤"),
        ({1: -1}, Refused, "negative"),
        ({1: 0}, Refused, "Choose"),
        ({}, Refused, "Choose"),
        ({9: 1}, NotFound, "another order"),
    ],
)
def test_what_cannot_be_handed_over(
    wanted: dict[int, int], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        to_hand_over([line()], wanted)


def test_nothing_left_is_refused() -> None:
    with pytest.raises(Refused, match="left"):
        to_hand_over([line(handed=1000)], None)


LINES = st.lists(
    st.builds(
        lambda number, quantity, handed, cancelled: line(
            id=number, quantity=quantity, handed=handed, cancelled=cancelled
        ),
        st.integers(1, 50),
        st.integers(0, 5000),
        st.integers(0, 6000),
        st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)


@given(LINES, st.dictionaries(st.integers(1, 50), st.integers(-10, 7000), max_size=8))
def test_never_more_than_outstanding(lines: list[Line], wanted: dict[int, int]) -> None:
    left = {one.id: one.outstanding for one in lines}
    for choice in (wanted, None):
        try:
            given_now = to_hand_over(lines, choice)
        except (Refused, NotFound):
            continue
        assert given_now
        assert all(0 < quantity <= left[key] for key, quantity in given_now.items())


def at(hour: int, minute: int = 0) -> datetime:
    """The moment the clock of the shop shows that on the day of the tests."""
    return datetime(2026, 9, 25, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (at(17, 59), SlotState.BEFORE),
        (at(18), SlotState.NOW),
        (at(20, 59), SlotState.NOW),
        (at(21), SlotState.OVER),
        (at(18) - timedelta(days=1), SlotState.BEFORE),
        (at(18) + timedelta(days=1), SlotState.OVER),
    ],
)
def test_the_state_of_the_evening_slot(moment: datetime, state: SlotState) -> None:
    assert slot_state(DEFAULT_SLOTS[2], DAY, moment, "Asia/Shanghai") is state


@pytest.mark.parametrize(
    ("slot", "moment", "late"),
    [
        ("noon", at(13, 59), False),
        ("noon", at(14), True),
        (None, at(20, 59), False),  # no slot chosen: until the last one ends
        (None, at(21), True),
        ("removed", at(14), False),
    ],
)
def test_who_is_late(slot: str | None, moment: datetime, late: bool) -> None:
    assert is_late(slot, DAY, moment, Settings()) is late


@pytest.mark.parametrize(
    ("moment", "key"),
    [
        (at(5), "morning"),
        (at(8, 59), "morning"),
        (at(9), "noon"),
        (at(14), "evening"),
        (at(23), "evening"),
    ],
)
def test_the_slot_that_counts_now(moment: datetime, key: str) -> None:
    assert slot_at(Settings(), moment).key == key


def test_the_slot_of_a_shop_with_odd_hours() -> None:
    slots = (DEFAULT_SLOTS[2], DEFAULT_SLOTS[0])
    assert slot_at(Settings(slots=slots), at(10)).key == "evening"
    assert DEFAULT_SLOTS[0].start == time(7)


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("", None),
        ("   ", None),
        ("12", Search(number=12, home=("12",))),
        ("#12", Search(number=12)),
        ("12号", Search(number=12, home=("12",))),
        ("0831", Search(number=831, tail="0831", home=("0831",))),
        ("尾号0831", Search(number=831, tail="0831", home=("0831",))),
        ("０８３１", Search(number=831, tail="0831", home=("0831",))),
        ("13800138000", Search(phone="13800138000", name="13800138000")),
        ("138 0013 8000", Search(phone="13800138000", name="13800138000")),
        ("3-201", Search(home=("3", "201"), name="3201")),
        ("3-", Search(home=("3", ""), name="3")),
        ("3号楼", Search(home=("3", ""), name="3号楼")),
        ("B栋2", Search(home=("B", "2"), name="b栋2")),
        ("3号楼2单元501", Search(home=("3", "2", "501"), name="3号楼2单元501")),
        ("3—201室", Search(home=("3", "201"), name="3201室")),
        ("小李", Search(name="小李")),
        ("xl", Search(name="xl", letters="xl")),
        ("XiaoLi", Search(name="xiaoli", letters="xiaoli")),
        ("🐱", Search(name="🐱")),
        ("M17", Search(name="m17", home=("M17",), member_id=17)),
        ("M-7CDFGHJK", Search(card="7CDFGHJK")),
        ("https://shop.cn/members?card=7CDFGHJK", Search(card="7CDFGHJK")),
    ],
)
def test_what_was_typed_is_read_every_way_it_may_mean(text: str, search: Search | None) -> None:
    assert read_search(text) == search


@given(st.text(max_size=80))
def test_reading_a_search_never_fails(text: str) -> None:
    read_search(text)
