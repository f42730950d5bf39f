"""The rhythm of the week: what counts, and when it rises or falls (R4)."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.supply.rhythm.rules import (
    DayDemand,
    Trend,
    TrendFound,
    sums_of,
    trend_between,
    trend_windows,
    weekday_means,
    weeks_of,
)

LAST = date(2026, 9, 24)
"""A Thursday: the weeks compared need not be calendar weeks."""


def six_weeks(of: Callable[[int], DayDemand | int]) -> list[DayDemand]:
    """Make 42 days up to LAST; ``of`` gets how many days ago a day was (0 = LAST)."""
    days = []
    for ago in range(41, -1, -1):
        made = of(ago)
        day = LAST - timedelta(days=ago)
        days.append(made if isinstance(made, DayDemand) else DayDemand(day, made))
    return days


def trend_of(days: Sequence[DayDemand], percent: int, last: date) -> TrendFound:
    """The trend from the days themselves, as the query reads it from their sums."""
    before_from, recent_from = trend_windows(last)
    recent = sums_of(day for day in days if recent_from <= day.day <= last)
    before = sums_of(day for day in days if before_from <= day.day < recent_from)
    return trend_between(recent, before, percent)


def trend(recent: int, before: int, percent: int = 15) -> Trend:
    return trend_of(six_weeks(lambda ago: recent if ago < 14 else before), percent, LAST).trend


@pytest.mark.parametrize(
    ("recent", "before", "expected"),
    [
        (115, 100, Trend.RISING),
        (114, 100, Trend.STABLE),
        (86, 100, Trend.STABLE),
        (85, 100, Trend.FALLING),
        (100, 100, Trend.STABLE),
        (1, 0, Trend.RISING),
        (0, 1, Trend.FALLING),
        (0, 0, Trend.TOO_LITTLE),
    ],
)
def test_exactly_the_percent_is_rising_or_falling(
    recent: int, before: int, expected: Trend
) -> None:
    assert trend(recent, before) is expected


@pytest.mark.parametrize(("percent", "expected"), [(10, Trend.RISING), (11, Trend.STABLE)])
def test_the_percent_is_the_setting(percent: int, expected: Trend) -> None:
    assert trend(110, 100, percent) is expected


def test_the_figures_are_a_weeks() -> None:
    found = trend_of(six_weeks(lambda ago: 12 if ago < 14 else 10), 15, LAST)
    assert (found.recent, found.before, found.percent) == (84, 70, 20)


def test_selling_out_is_not_low_demand() -> None:
    """A sold-out Saturday is left out of both sides, not read as a fall."""
    saturday = LAST - timedelta(days=5)

    def of(ago: int) -> DayDemand:
        day = LAST - timedelta(days=ago)
        usual = 50 if day.weekday() == 5 else 10
        out = saturday - timedelta(days=7) <= day <= saturday and day.weekday() == 5
        return DayDemand(day, 2 if out else usual, sold_out=out)

    days = six_weeks(of)
    assert trend_of(days, 15, LAST).trend is Trend.STABLE
    assert trend_of(days, 15, LAST).weekdays == (0, 1, 2, 3, 4, 6)
    assert weekday_means(days)[5] == 50


@pytest.mark.parametrize(
    ("known_recent", "known_before", "enough"),
    [(7, 14, True), (6, 14, False), (7, 13, False), (14, 28, True)],
)
def test_half_of_the_days_must_count(known_recent: int, known_before: int, enough: bool) -> None:
    def of(ago: int) -> DayDemand:
        known = ago < known_recent or 14 <= ago < 14 + known_before
        return DayDemand(LAST - timedelta(days=ago), 10, known=known)

    found = trend_of(six_weeks(of), 15, LAST).trend
    assert found is (Trend.STABLE if enough else Trend.TOO_LITTLE)


def test_closed_and_unknown_days_are_no_zeros() -> None:
    days = [
        DayDemand(date(2026, 9, 7), 0, closed=True),
        DayDemand(date(2026, 9, 14), 0, known=False),
        DayDemand(date(2026, 9, 21), 8),
        DayDemand(date(2026, 9, 22), 0),
    ]
    assert weekday_means(days) == {0: 8, 1: 0}


def test_weeks_begin_on_monday_and_say_what_is_missing() -> None:
    days = [DayDemand(date(2026, 9, 20) + timedelta(days=n), n) for n in range(4)]
    first, second = weeks_of(days)
    assert (first.monday, second.monday) == (date(2026, 9, 14), date(2026, 9, 21))
    assert [day.quantity if day else None for day in second.days] == [1, 2, 3, *[None] * 4]
    assert (first.total, second.total, second.whole) == (0, 6, False)


DAYS = st.lists(
    st.builds(
        DayDemand,
        day=st.dates(date(2026, 8, 1), LAST),
        quantity=st.integers(0, 5000),
        sold_out=st.booleans(),
        closed=st.booleans(),
        known=st.booleans(),
    ),
    max_size=60,
    unique_by=lambda one: one.day,
)


@settings(max_examples=60)
@given(days=DAYS, percent=st.integers(1, 100))
def test_days_that_do_not_count_never_matter(days: list[DayDemand], percent: int) -> None:
    counted = [day for day in days if day.counts]
    assert weekday_means(days) == weekday_means(counted)
    assert trend_of(days, percent, LAST) == trend_of(counted, percent, LAST)
    means = weekday_means(days)
    assert all(min(d.quantity for d in counted) <= mean for mean in means.values())
