"""Festivals: the published table of 2025 to 2030, and what follows from the rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.festivals import (
    FESTIVAL_NAMES,
    Festival,
    FestivalDay,
    festival_day,
    festivals_between,
    is_lunar,
)
from lib.kernel.lunar import LAST_DAY, lunar_of, new_year

TABLE = """
| | 除夕 | 春节 | 元宵 | 端午 | 七夕 | 中秋 | 重阳 | 母亲节 | 腊八 |
| 2025 | 01-28 | 01-29 | 02-12 | 05-31 | 08-29 | 10-06 | 10-29 | 05-11 | 01-07 |
| 2026 | 02-16 | 02-17 | 03-03 | 06-19 | 08-19 | 09-25 | 10-18 | 05-10 | 01-26 |
| 2027 | 02-05 | 02-06 | 02-20 | 06-09 | 08-08 | 09-15 | 10-08 | 05-09 | 01-15 |
| 2028 | 01-25 | 01-26 | 02-09 | 05-28 | 08-26 | 10-03 | 10-26 | 05-14 | 01-04 |
| 2029 | 02-12 | 02-13 | 02-27 | 06-16 | 08-16 | 09-22 | 10-16 | 05-13 | 01-22 |
| 2030 | 02-02 | 02-03 | 02-17 | 06-05 | 08-05 | 09-12 | 10-05 | 05-12 | 01-11 |
"""
CALLED = {
    "除夕": Festival.NEW_YEARS_EVE,
    "春节": Festival.SPRING_FESTIVAL,
    "元宵": Festival.LANTERN,
    "端午": Festival.DRAGON_BOAT,
    "七夕": Festival.DOUBLE_SEVENTH,
    "中秋": Festival.MID_AUTUMN,
    "重阳": Festival.DOUBLE_NINTH,
    "母亲节": Festival.MOTHERS,
    "腊八": Festival.LABA,
}


def table() -> list[tuple[int, Festival, date]]:
    """The rows above as year, festival and day."""
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TABLE.split("\n") if line]
    return [
        (int(year), CALLED[name], date.fromisoformat(f"{year}-{day}"))
        for year, *days in lines[1:]
        for name, day in zip(lines[0][1:], days, strict=True)
    ]


@pytest.mark.parametrize(("year", "festival", "day"), table())
def test_the_table_of_2025_to_2030(year: int, festival: Festival, day: date) -> None:
    in_year = festivals_between(date(year, 1, 1), date(year, 12, 31))
    assert [one.day for one in in_year if one.festival is festival] == [day]


@pytest.mark.parametrize(
    ("festival", "days"),
    [
        (Festival.NEW_YEAR, "2026-01-01"),
        (Festival.WOMEN, "2026-03-08"),
        (Festival.QINGMING, "2026-04-05"),
        (Festival.QINGMING, "2025-04-04"),
        (Festival.LABOUR, "2026-05-01"),
        (Festival.CHILDREN, "2026-06-01"),
        (Festival.FATHERS, "2026-06-21"),
        (Festival.FATHERS, "2025-06-15"),
        (Festival.TEACHERS, "2026-09-10"),
        (Festival.NATIONAL, "2026-10-01"),
    ],
)
def test_those_with_a_date_a_week_or_the_sun(festival: Festival, days: str) -> None:
    day = date.fromisoformat(days)
    assert festival_day(festival, day.year) == day
    assert FestivalDay(festival, day, day.year) in festivals_between(day, day)


def test_lunar_festivals_carry_the_lunar_year() -> None:
    laba, eve, spring = festivals_between(date(2026, 1, 2), date(2026, 2, 17))
    assert laba == FestivalDay(Festival.LABA, date(2026, 1, 26), 2025)
    assert eve == FestivalDay(Festival.NEW_YEARS_EVE, date(2026, 2, 16), 2025)
    assert spring == FestivalDay(Festival.SPRING_FESTIVAL, date(2026, 2, 17), 2026)


def test_laba_twice_in_2022_and_never_in_2023() -> None:
    in_2022 = festivals_between(date(2022, 1, 1), date(2022, 12, 31))
    laba = [one for one in in_2022 if one.festival is Festival.LABA]
    assert [(one.day, one.year) for one in laba] == [
        (date(2022, 1, 10), 2021),
        (date(2022, 12, 30), 2022),
    ]
    in_2023 = festivals_between(date(2023, 1, 1), date(2023, 12, 31))
    assert Festival.LABA not in {one.festival for one in in_2023}


def test_new_years_eve_is_the_day_before_also_of_a_short_month() -> None:
    for year in range(2000, 2050):
        day = festival_day(Festival.NEW_YEARS_EVE, year)
        assert day == new_year(year + 1) - timedelta(days=1)
    assert lunar_of(date(2025, 1, 28)).day == 29


def test_in_a_month_that_comes_twice_the_first_counts() -> None:
    assert festival_day(Festival.DRAGON_BOAT, 2028) == date(2028, 5, 28)
    in_2028 = festivals_between(date(2028, 1, 1), date(2028, 12, 31))
    assert [one.festival for one in in_2028].count(Festival.DRAGON_BOAT) == 1


def test_the_edges_of_what_is_known() -> None:
    assert festival_day(Festival.NEW_YEARS_EVE, 2100) == LAST_DAY
    assert festival_day(Festival.SPRING_FESTIVAL, 2101) is None
    assert festival_day(Festival.WOMEN, 1899) is None
    assert festivals_between(date(2100, 12, 31), date(2102, 1, 1))


def test_every_festival_has_a_name_and_a_calendar() -> None:
    assert set(FESTIVAL_NAMES) == set(Festival)
    assert {one for one in Festival if is_lunar(one)} == {
        Festival.SPRING_FESTIVAL, Festival.LANTERN, Festival.DRAGON_BOAT,
        Festival.DOUBLE_SEVENTH, Festival.MID_AUTUMN, Festival.DOUBLE_NINTH,
        Festival.LABA, Festival.NEW_YEARS_EVE,
    }  # fmt: skip


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_two_windows_say_what_one_says(first: date, length: int, more: int) -> None:
    middle = first + timedelta(days=length)
    last = middle + timedelta(days=1 + more)
    parts = festivals_between(first, middle) + festivals_between(middle + timedelta(days=1), last)
    assert parts == festivals_between(first, last)
