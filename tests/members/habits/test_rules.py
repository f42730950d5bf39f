"""Rhythm, suggestions, tags: decisions without a database (R33)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.members.habits.rules import (
    INTERESTS,
    LATEST_VISITS,
    Rhythm,
    checked_tag,
    is_suggested,
    months_back,
    per_month,
    rhythm,
    visits_a_month,
    written_since,
)
from lib.shop.language import translator
from lib.shop.settings import Settings

TODAY = date(2026, 9, 25)
SETTINGS = Settings()


def on(*days_ago: int) -> list[date]:
    return [TODAY - timedelta(days=ago) for ago in days_ago]


@pytest.mark.parametrize(
    ("days", "gap"),
    [
        (on(1), None),
        (on(8, 1), None),  # two visits are no habit yet
        (on(15, 8, 1), 7),
        (on(30, 15, 8, 1), 7),  # one long gap does not change what is usual
        (on(10, 4, 1), 5),  # 6 and 3 days: half a day rounds up
        (on(8, 8, 8, 1), None),  # two orders on one day are one visit
        (on(2, 1, 0), 1),
    ],
)
def test_the_usual_gap_is_the_median_from_three_visits_on(
    days: list[date], gap: int | None
) -> None:
    found = rhythm(days, SETTINGS)
    assert found is not None
    assert found.gap_days == gap
    assert (found.expected_on is None) == (gap is None)


def test_nobody_who_never_came_has_a_rhythm() -> None:
    assert rhythm([], SETTINGS) is None
    assert visits_a_month([]) == 0


@pytest.mark.parametrize(
    ("last", "missed"),
    [(13, False), (14, False), (15, True), (180, True), (181, False)],
)
def test_missed_is_more_than_twice_the_gap_and_not_gone_for_good(last: int, missed: bool) -> None:
    found = rhythm(on(last + 14, last + 7, last), SETTINGS)
    assert found is not None
    assert found.missed(TODAY, SETTINGS.missed_until_days) is missed
    assert found.overdue(TODAY) == last - 7


def test_an_old_habit_gives_way_to_the_latest_visits() -> None:
    daily = [ago + 7 * LATEST_VISITS for ago in range(100)]
    weekly = [7 * week for week in range(LATEST_VISITS)]
    found = rhythm(on(*daily, *weekly), SETTINGS)
    assert found is not None
    assert found.gap_days == 7


@given(st.lists(st.integers(0, 900), min_size=1, max_size=40))
def test_a_rhythm_stands_on_its_visits(ago: list[int]) -> None:
    found = rhythm(on(*ago), SETTINGS)
    assert found == rhythm(on(*reversed(ago), *ago), SETTINGS)
    assert isinstance(found, Rhythm)
    assert found.visits == len(set(ago))
    assert found.first_on <= found.last_on
    if found.gap_days is not None:
        assert 1 <= found.gap_days <= 900
        assert found.expected_on == found.last_on + timedelta(
            days=found.gap_days * SETTINGS.missed_after_gaps
        )
    assert 0 < visits_a_month(on(*ago)) <= 31


def test_months_end_with_this_one_and_count_days() -> None:
    months = months_back(date(2026, 2, 28), 3)
    assert months == (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))
    days = [date(2025, 12, 31), date(2026, 2, 1), date(2026, 2, 1), date(2026, 2, 28)]
    assert [count for _month, count in per_month(days, months)] == [1, 0, 2]


@pytest.mark.parametrize(
    ("orders", "rejected_at", "again"),
    [(2, None, False), (3, None, True), (3, 3, False), (5, 3, False), (6, 3, True), (1, 0, False)],
)
def test_a_rejected_suggestion_comes_back_when_its_count_has_doubled(
    orders: int, rejected_at: int | None, again: bool
) -> None:
    assert is_suggested(orders, rejected_at, SETTINGS) is again


@pytest.mark.parametrize(
    "tag", ["糖尿病", "怀孕了", "孩子对牛奶过敏", "diabetic", "儿子叫小明", "高血压", "pregnant"]
)
def test_words_about_health_or_children_are_refused(tag: str) -> None:
    with pytest.raises(Refused, match="health or a child"):
        checked_tag(tag, translator("zh_CN"))


@pytest.mark.parametrize("tag", ["", "  ", "…", "\u200b"])
def test_a_tag_says_something(tag: str) -> None:
    with pytest.raises(Refused, match="word or two"):
        checked_tag(tag, translator("zh_CN"))


def test_a_phone_number_is_no_tag() -> None:
    with pytest.raises(Refused, match="phone number"):
        checked_tag("打13800138000", translator("zh_CN"))


def test_every_offered_interest_is_neutral_in_both_languages() -> None:
    for language in ("en", "zh_CN"):
        say = translator(language)
        kept = [checked_tag(tag, say) for tag in INTERESTS]
        assert kept == [say(tag) for tag in INTERESTS]
        assert len(set(kept)) == len(INTERESTS)


def test_free_words_are_kept_as_typed() -> None:
    assert checked_tag("  爱喝  手冲咖啡 ", translator("zh_CN")) == "爱喝 手冲咖啡"


def test_the_days_of_quiet_are_a_setting() -> None:
    assert (TODAY - written_since(TODAY, Settings())).days == 29
    assert (TODAY - written_since(TODAY, Settings(win_back_quiet_days=7))).days == 6
