"""Days of the shop, and text as people type it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lib.kernel.clock import day_bounds, local_day, monday_of
from lib.kernel.text import clean, folded, hide_phones


def test_the_shops_day_is_not_the_servers() -> None:
    late = datetime(2026, 9, 24, 16, 30, tzinfo=UTC)
    assert local_day(late, "Asia/Shanghai") == date(2026, 9, 25)
    start, end = day_bounds(date(2026, 9, 25), "Asia/Shanghai")
    assert (start.hour, (end - start).days) == (16, 1)


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 9, 14), date(2026, 9, 14)),
        (date(2026, 9, 20), date(2026, 9, 14)),
        (date(2026, 9, 21), date(2026, 9, 21)),
        (date(2026, 1, 1), date(2025, 12, 29)),
    ],
)
def test_a_week_begins_on_monday(day: date, monday: date) -> None:
    assert monday_of(day) == monday


@given(day=some.dates(min_value=date(1, 1, 8)))
def test_a_week_holds_its_day(day: date) -> None:
    assert 0 <= (day - monday_of(day)).days < 7
    assert monday_of(day).weekday() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  小李\u202e ", "小李"),
        ("a\x00b\x0bc", "abc"),
        ("x\ud800y", "xy"),
        ("👨‍👩‍👧 一家", "👨‍👩‍👧 一家"),
        ("两\n行", "两 行"),
        ("长" * 300, "长" * 200),
    ],
)
def test_cleaning(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_line_breaks_stay_where_wanted() -> None:
    assert clean("一\r\n二", lines=True) == "一\n二"


@pytest.mark.parametrize(
    ("one", "other"),
    [("小 李", "小李"), ("ＡＭＹ", "amy"), ("小太阳☀️", "小太阳☀"), ("3-201", "3201")],
)
def test_names_that_compare_equal(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_names_of_emoji_alone_stay_different() -> None:
    assert folded("🌸") != folded("🍀") != ""


@given(some.text())
def test_cleaning_never_fails_and_is_stable(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800138000", "138****8000"),
        ("+86 138-0013-8000", "138****8000"),
        ("小李 １３８００１３８０００ 晚上", "小李 138****8000 晚上"),
        ("0571-8888 8888", "0571-8888 8888"),
        ("0571-88888888", "057****8888"),
        ("3-201 2斤", "3-201 2斤"),
        ("订单 2026092500017", "订单 2026092500017"),
    ],
)
def test_a_phone_number_in_a_text_is_cut(text: str, shown: str) -> None:
    assert hide_phones(text) == shown
