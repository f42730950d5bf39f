"""Quotas (mission, ambiguous part 6): none by two thirds is a nudge, more than the most is beyond.

The nudge begins on the day on which two thirds of the period are over, that day included.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.shop.quotas import Standing, quota

SEPTEMBER = date(2026, 9, 1), date(2026, 9, 30)
WEEK = date(2026, 9, 21), date(2026, 9, 27)
"""Monday to Sunday."""


def on(day: date, done: int = 0, *, first: date, last: date, least: int = 1, most: int = 2):
    return quota(done, least, most, first, last, day, 66).standing


@pytest.mark.parametrize(
    ("first", "last", "nudged_from"),
    [
        (*SEPTEMBER, 20),
        (date(2026, 8, 1), date(2026, 8, 31), 21),
        (date(2026, 2, 1), date(2026, 2, 28), 19),
        (date(2028, 2, 1), date(2028, 2, 29), 20),
        (*WEEK, 5),
    ],
    ids=["30 days", "31 days", "28 days", "29 days", "week: Friday"],
)
def test_none_by_two_thirds_is_a_nudge(first: date, last: date, nudged_from: int) -> None:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    nudged = [day for day in days if on(day, first=first, last=last) is Standing.NUDGE]
    assert nudged == days[nudged_from - 1 :]
    # Two thirds exactly, not 66 percent: the same day with fractions.
    assert (nudged_from - 1) * 3 < len(days) * 2 <= nudged_from * 3


@pytest.mark.parametrize(
    ("done", "standing"),
    [
        (0, Standing.NUDGE),
        (1, Standing.REACHED),
        (2, Standing.REACHED),
        (3, Standing.BEYOND),
        (40, Standing.BEYOND),
    ],
)
def test_one_or_two_are_the_plan_and_more_is_beyond_it(done: int, standing: Standing) -> None:
    first, last = SEPTEMBER
    assert on(last, done, first=first, last=last) is standing
    early = Standing.OPEN if done == 0 else standing
    assert on(first, done, first=first, last=last) is early


def test_some_but_too_few_is_open_and_no_nudge() -> None:
    first, last = SEPTEMBER
    assert on(last, 1, first=first, last=last, least=2, most=3) is Standing.OPEN


def test_nothing_asked_for_is_reached_at_once() -> None:
    first, last = SEPTEMBER
    assert on(last, 0, first=first, last=last, least=0) is Standing.REACHED


def test_a_period_to_come_is_open_and_one_gone_by_without_any_stays_a_nudge() -> None:
    first, last = SEPTEMBER
    assert on(first - timedelta(days=40), first=first, last=last) is Standing.OPEN
    assert on(last + timedelta(days=40), first=first, last=last) is Standing.NUDGE


@given(
    done=st.integers(0, 9),
    least=st.integers(0, 5),
    more=st.integers(0, 4),
    length=st.integers(1, 40),
    today=st.integers(-5, 50),
    percent=st.integers(1, 100),
)
def test_every_period_stands_somewhere_and_never_falls_back_to_open(
    done: int, least: int, more: int, length: int, today: int, percent: int
) -> None:
    first = date(2026, 1, 1)
    last = first + timedelta(days=length - 1)
    now, later = first + timedelta(days=today), first + timedelta(days=today + 1)
    this = quota(done, least, least + more, first, last, now, percent)
    assert (this.standing is Standing.BEYOND) == (done > least + more)
    assert (this.standing is Standing.REACHED) == (least <= done <= least + more)
    if this.standing is Standing.NUDGE:
        assert done == 0
        next_ = quota(done, least, least + more, first, last, later, percent)
        assert next_.standing is Standing.NUDGE
