"""On which days birthdays are kept: the named rules, and what always holds (facts 5)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.lunar import LunarDay, leap_month, lunar_of, month_days
from lib.members.birthdays.rules import (
    Birthday,
    Calendar,
    Fit,
    Leap,
    Occasion,
    Rule,
    born_on,
    fits,
    fits_between,
    is_child,
    next_dates,
    occasion_year,
    occasions_in,
    turns,
)
from lib.shop.settings import Settings

SOLAR, LUNAR = Calendar.SOLAR, Calendar.LUNAR
PLAIN = Settings()
IN_LEAP = replace(PLAIN, leap_month_birthday="leap")
AFTER = replace(PLAIN, leap_day_birthday="after")


def lunar(month: int, day: int, leap: Leap = Leap.UNKNOWN, **more: object) -> Birthday:
    return Birthday(LUNAR, month, day, leap, **more)  # type: ignore[arg-type]


def days_of(birthday: Birthday, years: Iterable[int], settings: Settings = PLAIN) -> list[str]:
    """The days a birthday is kept in Gregorian ``years``."""
    return [
        str(one.day)
        for year in years
        for one in next_dates(birthday, date(year, 1, 1), settings, count=4)
        if one.day.year == year
    ]


def test_the_lunar_fifteenth_of_the_eighth_month() -> None:
    found = next_dates(lunar(8, 15), date(2026, 9, 25), PLAIN)
    assert found == (Occasion(date(2026, 9, 25), 2026), Occasion(date(2027, 9, 15), 2027))
    assert next_dates(lunar(8, 15), date(2026, 9, 26), PLAIN)[0].day == date(2027, 9, 15)


def test_a_leap_month_birthday_is_kept_in_the_ordinary_month_of_other_years() -> None:
    birthday = lunar(6, 15, Leap.YES)
    found = next_dates(birthday, date(2025, 1, 1), PLAIN, count=3)
    assert found == (
        Occasion(date(2025, 8, 8), 2025, (Rule.LEAP_MONTH,)),
        Occasion(date(2026, 7, 28), 2026, (Rule.NO_LEAP_MONTH,)),
        Occasion(date(2027, 7, 18), 2027, (Rule.NO_LEAP_MONTH,)),
    )
    assert next_dates(birthday, date(2025, 1, 1), IN_LEAP, count=3) == found


@pytest.mark.parametrize(
    ("leap", "settings", "day", "rule"),
    [
        (Leap.NO, PLAIN, date(2025, 7, 9), Rule.FIRST_OF_TWO),
        (Leap.NO, IN_LEAP, date(2025, 7, 9), Rule.FIRST_OF_TWO),
        (Leap.UNKNOWN, PLAIN, date(2025, 7, 9), Rule.FIRST_OF_TWO),
        (Leap.UNKNOWN, IN_LEAP, date(2025, 8, 8), Rule.SECOND_OF_TWO),
        (Leap.YES, PLAIN, date(2025, 8, 8), Rule.LEAP_MONTH),
    ],
)
def test_a_month_that_comes_twice(leap: Leap, settings: Settings, day: date, rule: Rule) -> None:
    assert occasions_in(lunar(6, 15, leap), 2025, settings) == (Occasion(day, 2025, (rule,)),)


@pytest.mark.parametrize("leap", list(Leap))
def test_who_keeps_both_months_has_two_days_in_one_lunar_year(leap: Leap) -> None:
    birthday = lunar(6, 15, leap, leap_too=True)
    assert [(one.day, one.year) for one in occasions_in(birthday, 2025, PLAIN)] == [
        (date(2025, 7, 9), 2025),
        (date(2025, 8, 8), 2025),
    ]
    assert [one.day for one in occasions_in(birthday, 2026, PLAIN)] == [date(2026, 7, 28)]


def test_day_30_of_a_month_of_29_days_is_kept_on_the_29th() -> None:
    found = next_dates(lunar(12, 30, Leap.NO), date(2025, 1, 1), PLAIN, count=5)
    assert [str(one.day) for one in found] == [
        "2025-01-28", "2026-02-16", "2027-02-05", "2028-01-25", "2029-02-12",
    ]  # fmt: skip
    assert [one.rules for one in found] == [(Rule.SHORT_MONTH,)] * 5
    assert lunar_of(found[0].day) == LunarDay(2024, 12, 29)


def test_day_30_of_a_leap_month_of_29_days() -> None:
    (only,) = occasions_in(lunar(6, 30, Leap.YES), 2025, PLAIN)
    assert (only.day, only.rules) == (date(2025, 8, 22), (Rule.LEAP_MONTH, Rule.SHORT_MONTH))


def test_twice_in_one_year_and_never_in_the_next() -> None:
    assert days_of(lunar(11, 25), (2024, 2025)) == ["2024-01-06", "2024-12-25"]
    assert days_of(lunar(12, 8), (2022, 2023)) == ["2022-01-10", "2022-12-30"]
    years = [one.year for one in next_dates(lunar(11, 25), date(2024, 1, 1), PLAIN, count=3)]
    assert years == [2023, 2024, 2025]


def test_one_that_falls_in_next_january_counts_for_this_lunar_year() -> None:
    first, second = next_dates(lunar(12, 8), date(2026, 9, 25), PLAIN)
    assert first == Occasion(date(2027, 1, 15), 2026)
    assert second.year == 2027
    assert occasion_year(lunar(12, 8), first.day) == 2026
    assert occasion_year(Birthday(SOLAR, 1, 15), first.day) == 2027


def test_29_february_by_setting() -> None:
    birthday = Birthday(SOLAR, 2, 29)
    assert days_of(birthday, range(2027, 2030)) == ["2027-02-28", "2028-02-29", "2029-02-28"]
    assert days_of(birthday, range(2027, 2030), AFTER) == [
        "2027-03-01", "2028-02-29", "2029-03-01",
    ]  # fmt: skip
    assert next_dates(birthday, date(2027, 1, 1), PLAIN)[0].rules == (Rule.NO_LEAP_DAY,)
    assert next_dates(birthday, date(2028, 1, 1), PLAIN)[0].rules == ()


def test_the_leap_eleventh_month_of_2033() -> None:
    assert [one.day for one in occasions_in(lunar(11, 1, Leap.YES), 2033, PLAIN)] == [
        date(2033, 12, 22)
    ]
    assert [one.day for one in occasions_in(lunar(11, 1, Leap.NO), 2033, PLAIN)] == [
        date(2033, 11, 22)
    ]


def test_where_the_lunar_calendar_ends_so_do_the_dates() -> None:
    assert len(next_dates(lunar(8, 15), date(2100, 1, 1), PLAIN)) == 1
    assert next_dates(lunar(8, 15), date(2150, 1, 1), PLAIN) == ()
    assert len(next_dates(Birthday(SOLAR, 8, 15), date(2150, 1, 1), PLAIN)) == 2


def test_nobody_reckons_an_age_without_a_year() -> None:
    occasion = Occasion(date(2026, 9, 25), 2026)
    assert turns(lunar(8, 15), occasion) is None
    assert turns(lunar(8, 15, year=1966), occasion) == 60
    assert born_on(lunar(8, 15)) is None
    assert born_on(lunar(12, 30, Leap.NO, year=2025)) == date(2026, 2, 16)


@pytest.mark.parametrize(
    ("birthday", "child"),
    [
        (Birthday(SOLAR, 9, 26, year=2012), True),
        (Birthday(SOLAR, 9, 25, year=2012), False),
        (Birthday(SOLAR, 9, 25), False),
        (lunar(8, 10, Leap.NO, year=2012), False),  # 25 September 2012
        (lunar(8, 11, Leap.NO, year=2012), True),
    ],
)
def test_from_14_years_on(birthday: Birthday, child: bool) -> None:
    assert is_child(birthday, date(2026, 9, 25)) is child


@st.composite
def birthdays(draw: st.DrawFn) -> Birthday:
    calendar = draw(st.sampled_from(list(Calendar)))
    if calendar is SOLAR:
        day = draw(st.dates(date(2000, 1, 1), date(2000, 12, 31)))
        return Birthday(SOLAR, day.month, day.day)
    return Birthday(
        LUNAR,
        draw(st.integers(1, 12)),
        draw(st.integers(1, 30)),
        draw(st.sampled_from(list(Leap))),
        draw(st.booleans()),
    )


DAYS = st.dates(date(1940, 1, 1), date(2060, 12, 31))
SETTINGS = st.builds(
    Settings,
    leap_month_birthday=st.sampled_from(["ordinary", "leap"]),
    leap_day_birthday=st.sampled_from(["before", "after"]),
)


@given(birthdays(), DAYS, SETTINGS)
def test_dates_lie_ahead_rise_and_come_once_a_year(
    birthday: Birthday, today: date, settings: Settings
) -> None:
    found = next_dates(birthday, today, settings, count=6)
    days = [one.day for one in found]
    assert len(days) == 6
    assert days[0] >= today
    assert all(one < other for one, other in pairwise(days))
    assert all(occasion_year(birthday, one.day) == one.year for one in found)
    years = [one.year for one in found]
    assert years == sorted(years)
    if not birthday.leap_too:
        assert years == list(range(years[0], years[0] + 6))
        assert max(b - a for a, b in pairwise(days)) <= timedelta(days=415)
    for one in found:
        assert_it_is_the_day(birthday, one.day)


def assert_it_is_the_day(birthday: Birthday, day: date) -> None:
    """A day kept is the one of the words, or the one a rule puts in its place."""
    if birthday.calendar is SOLAR:
        same = (day.month, day.day) == (birthday.month, birthday.day)
        assert same or (birthday.month, birthday.day) == (2, 29)
        return
    kept = lunar_of(day)
    length = month_days(kept.year, kept.month, leap=kept.leap)
    assert (kept.month, kept.day) == (birthday.month, min(birthday.day, length))
    twice = leap_month(kept.year) == birthday.month
    if twice and birthday.leap is Leap.YES and not birthday.leap_too:
        assert kept.leap
    assert not kept.leap or birthday.leap is not Leap.NO or birthday.leap_too


@given(birthdays(), DAYS, SETTINGS)
def test_looking_up_by_day_finds_what_the_dates_say(
    birthday: Birthday, first: date, settings: Settings
) -> None:
    last = first + timedelta(days=200)
    expected = [
        (one.day, one.year)
        for one in next_dates(birthday, first, settings, count=4)
        if one.day <= last
    ]
    found = [
        (fit.on, fit.year)
        for fit in fits_between(first, last, settings)
        if fit.calendar is birthday.calendar
        and (fit.month, fit.day) == (birthday.month, birthday.day)
        and fit.holds(birthday.leap, birthday.leap_too)
    ]
    assert found == expected


def test_a_day_is_looked_up_by_a_few_keys() -> None:
    assert [(fit.calendar, fit.month, fit.day) for fit in fits(date(2027, 2, 28), PLAIN)] == [
        (SOLAR, 2, 28), (SOLAR, 2, 29), (LUNAR, 1, 23),
    ]  # fmt: skip
    eve = fits(date(2027, 2, 5), PLAIN)
    assert [(fit.month, fit.day) for fit in eve] == [(2, 5), (12, 29), (12, 30)]
    assert fits(date(2150, 1, 1), PLAIN) == (
        Fit(SOLAR, 1, 1, frozenset(Leap), date(2150, 1, 1), 2150),
    )
