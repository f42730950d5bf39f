"""The lunar calendar against a second one, and against the days that libraries get wrong."""

from datetime import date, timedelta

import ephem
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.lunar import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_DAY,
    LAST_YEAR,
    LunarDay,
    day_name,
    leap_month,
    lunar_of,
    month_days,
    month_name,
    new_year,
    qingming,
    solar_of,
)
from tests.kernel.astronomy import china_day, months, sun_at

FIRST, LAST = date(1940, 1, 1), date(2060, 12, 31)

UNDECIDED = (date(2057, 9, 28), date(2057, 10, 27))
"""The one month of 1940 to 2060 in which two calendars differ, by a day.

Our astronomy has the new moon of September 2057 ten seconds before midnight in China, borax (and
lunar_python, tried by hand) after it. The Hong Kong Observatory says of this very date that nobody
can tell yet: how the earth will turn until then is known to seconds at best.
"""


def reckoned() -> dict[date, LunarDay]:
    """Every day from 1940 to 2060 as moon and sun have it."""
    found = {}
    for start, following, year, month, leap in months(1940, 2062):
        for count in range((following - start).days):
            found[start + timedelta(days=count)] = LunarDay(year, month, count + 1, leap)
    return found


def test_every_day_of_1940_to_2060_is_what_moon_and_sun_say() -> None:
    sky = reckoned()
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert len(days) == 44_196
    differing = [day for day in days if lunar_of(day) != sky[day]]
    first, last = UNDECIDED
    assert differing == [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_qingming_of_every_year_is_where_the_sun_stands_at_15_degrees() -> None:
    for year in range(1900, 2101):
        assert qingming(year) == china_day(sun_at(15, ephem.Date(f"{year}/4/5"))), year


@pytest.mark.parametrize(
    ("day", "lunar"),
    [
        # 1954: the new moon was at 20:30 of 25 November in China; lunardate begins a day early.
        (date(1954, 11, 24), LunarDay(1954, 10, 29)),
        (date(1954, 11, 25), LunarDay(1954, 11, 1)),
        (date(1954, 12, 24), LunarDay(1954, 11, 30)),
        # 1978: 00:09 of 3 September by China's time, 23:54 of the 2nd by the sun of Beijing, which
        # printed calendars outside the mainland still went by.
        (date(1978, 9, 2), LunarDay(1978, 7, 30)),
        (date(1978, 9, 3), LunarDay(1978, 8, 1)),
        (date(1978, 9, 17), LunarDay(1978, 8, 15)),
        # 2033: the leap month is the eleventh, which older tables put after the seventh.
        (date(2033, 8, 25), LunarDay(2033, 8, 1)),
        (date(2033, 12, 22), LunarDay(2033, 11, 1, leap=True)),
        (date(2034, 1, 20), LunarDay(2033, 12, 1)),
        (date(2057, 9, 28), LunarDay(2057, 8, 30)),
        (date(1900, 1, 31), LunarDay(1900, 1, 1)),
        (date(2101, 1, 28), LunarDay(2100, 12, 29)),
    ],
)
def test_days_that_calendars_got_wrong(day: date, lunar: LunarDay) -> None:
    assert lunar_of(day) == lunar
    assert solar_of(lunar) == day


def test_leap_months_of_the_years_ahead() -> None:
    leaps = {year: leap_month(year) for year in range(2023, 2040)}
    assert {year: month for year, month in leaps.items() if month} == {
        2023: 2, 2025: 6, 2028: 5, 2031: 3, 2033: 11, 2036: 6, 2039: 5,
    }  # fmt: skip


def test_a_leap_month_is_another_month() -> None:
    assert solar_of(LunarDay(2025, 6, 15)) == date(2025, 7, 9)
    assert solar_of(LunarDay(2025, 6, 15, leap=True)) == date(2025, 8, 8)
    assert month_days(2025, 6) == 30
    assert month_days(2025, 6, leap=True) == 29


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_there_and_back(day: date) -> None:
    lunar = lunar_of(day)
    assert solar_of(lunar) == day
    assert 1 <= lunar.day <= month_days(lunar.year, lunar.month, leap=lunar.leap)
    assert not lunar.leap or leap_month(lunar.year) == lunar.month
    assert new_year(lunar.year) <= day
    assert lunar.year == LAST_YEAR or day < new_year(lunar.year + 1)


def test_days_follow_one_another() -> None:
    day, lunar = date(2026, 1, 1), lunar_of(date(2026, 1, 1))
    while day < date(2029, 1, 1):
        day += timedelta(days=1)
        following = lunar_of(day)
        month = (lunar.year, lunar.month, lunar.leap)
        if following.day == 1:
            assert (following.year, following.month, following.leap) > month
        else:
            assert following == LunarDay(*month[:2], lunar.day + 1, lunar.leap)
        lunar = following


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1)])
def test_what_is_not_known_is_said(day: date) -> None:
    with pytest.raises(ValueError, match="no lunar calendar"):
        lunar_of(day)


@pytest.mark.parametrize(
    "wrong",
    [
        LunarDay(2025, 5, 1, leap=True),
        LunarDay(2025, 6, 30, leap=True),
        LunarDay(2025, 12, 30),
        LunarDay(2025, 1, 0),
        LunarDay(2025, 13, 1),
        LunarDay(2025, 0, 1),
        LunarDay(FIRST_YEAR - 1, 1, 1),
        LunarDay(LAST_YEAR + 1, 1, 1),
    ],
)
def test_days_that_are_not_there_are_errors(wrong: LunarDay) -> None:
    with pytest.raises(ValueError, match=r"."):
        solar_of(wrong)


def test_how_people_say_it() -> None:
    assert [month_name(month) for month in range(1, 13)] == [
        "正月", "二月", "三月", "四月", "五月", "六月",
        "七月", "八月", "九月", "十月", "冬月", "腊月",
    ]  # fmt: skip
    assert [day_name(day) for day in (1, 9, 10, 11, 19, 20, 21, 29, 30)] == [
        "初一", "初九", "初十", "十一", "十九", "二十", "廿一", "廿九", "三十",
    ]  # fmt: skip
    assert LunarDay(2025, 6, 2, leap=True).spoken == "闰六月初二"
    assert LunarDay(2025, 12, 29).spoken == "腊月廿九"
