"""Wishes: states, clocks, outcomes (R16, R17)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.shop.settings import Settings
from lib.shop.settings_effects import effect
from lib.trust.demands import rules
from lib.trust.demands.rules import Clock, Move, NewWish, Outcome, Pace, Source, Status

NOW = datetime(2026, 9, 25, 2, 30, tzinfo=UTC)
TODAY = date(2026, 9, 25)
ZONE = "Asia/Shanghai"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
MOMENTS = st.integers(0, 400).map(lambda hours: NOW + hours * HOUR)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(0), Pace.IN_ORDER),
        (48 * HOUR - SECOND, Pace.IN_ORDER),
        (48 * HOUR, Pace.SOON),  # exactly 24 hours are left
        (72 * HOUR, Pace.SOON),  # exactly 72 hours: not late yet
        (72 * HOUR + SECOND, Pace.LATE),
        (2000 * HOUR, Pace.LATE),
    ],
)
def test_the_clock_of_a_wish(after: timedelta, expected: Pace) -> None:
    assert rules.pace(rules.due_at(NOW, 72), NOW + after, 24) is expected


@pytest.mark.parametrize(
    ("offered", "answered", "now", "expected"),
    [
        (None, None, 72 * HOUR, Outcome.OPEN),
        (None, None, 72 * HOUR + SECOND, Outcome.OPEN_LATE),
        (72 * HOUR, 72 * HOUR, 80 * HOUR, Outcome.OFFERED_IN_TIME),
        (72 * HOUR + SECOND, 72 * HOUR + SECOND, 80 * HOUR, Outcome.OFFERED_LATE),
        (None, 72 * HOUR, 80 * HOUR, Outcome.ANSWERED_IN_TIME),
        (None, 72 * HOUR + SECOND, 80 * HOUR, Outcome.ANSWERED_LATE),
        # "Not yet" in time, on offer a fortnight later: the promise was kept by the answer.
        (400 * HOUR, 10 * HOUR, 500 * HOUR, Outcome.ANSWERED_IN_TIME),
        # Answered late and offered later still: the breach stands.
        (400 * HOUR, 100 * HOUR, 500 * HOUR, Outcome.ANSWERED_LATE),
        # "Not yet" first, on offer within the hours all the same.
        (70 * HOUR, 10 * HOUR, 80 * HOUR, Outcome.OFFERED_IN_TIME),
    ],
)
def test_what_became_of_the_promise(
    offered: timedelta | None, answered: timedelta | None, now: timedelta, expected: Outcome
) -> None:
    moments = [None if each is None else NOW + each for each in (offered, answered)]
    assert rules.outcome(NOW, moments[0], moments[1], 72, NOW + now) is expected


@given(first=MOMENTS, answered=st.none() | MOMENTS, later=st.integers(0, 300))
def test_time_never_turns_late_into_in_time(
    first: datetime, answered: datetime | None, later: int
) -> None:
    late = {Outcome.OPEN_LATE, Outcome.ANSWERED_LATE}
    now = NOW + 401 * HOUR
    if rules.outcome(first, None, answered, 72, now) in late:
        after = now + later * HOUR
        assert rules.outcome(first, None, answered or after, 72, after) in late
        assert rules.outcome(first, after, answered or after, 72, after) in {
            Outcome.OFFERED_LATE,
            Outcome.ANSWERED_LATE,
        }


def test_what_is_owed_next() -> None:
    def due(status: Status, answered: bool = False, promised: date | None = None):
        clock = Clock(status, NOW, NOW if answered else None, promised)
        return rules.next_due(clock, 72, ZONE)

    assert due(Status.NEW) == NOW + 72 * HOUR
    assert due(Status.CHECKING) == NOW + 72 * HOUR
    assert due(Status.OFFERED, True) is None
    assert due(Status.DECLINED, True) is None
    midnight = datetime(2026, 9, 28, 16, tzinfo=UTC)  # the end of the 28th in the shop
    assert due(Status.NOT_YET, True, date(2026, 9, 28)) == midnight
    assert due(Status.CHECKING, True, date(2026, 9, 28)) == midnight
    assert due(Status.CHECKING, True) == NOW + 72 * HOUR


@pytest.mark.parametrize(
    ("day", "back"), [(TODAY, True), (date(2026, 9, 24), True), (date(2026, 9, 26), False)]
)
def test_not_yet_comes_back_on_its_day(day: date, back: bool) -> None:
    assert rules.has_come_back(Status.NOT_YET, day, TODAY) is back
    assert not rules.has_come_back(Status.CHECKING, day, TODAY)


@pytest.mark.parametrize(
    ("move", "sentence"),
    [
        (Move(Status.NOT_YET, "", date(2026, 9, 28)), "Write the reason"),
        (Move(Status.NOT_YET, "  ", date(2026, 9, 28)), "Write the reason"),
        (Move(Status.NOT_YET, "没货"), "on which day"),
        (Move(Status.NOT_YET, "没货", TODAY), "after today"),
        (Move(Status.NOT_YET, "没货", date(2026, 9, 24)), "after today"),
        (Move(Status.NOT_YET, "没货", date(2027, 9, 26)), "more than a year"),
        (Move(Status.DECLINED), "Write the reason"),
        (Move(Status.OFFERED), "Choose the product"),
        (Move(Status.NEW), "stands elsewhere"),
    ],
)
def test_an_answer_without_what_residents_are_owed_is_refused(move: Move, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        rules.checked_move(Status.NEW, move, TODAY)


def test_tomorrow_and_a_year_are_days_that_may_be_promised() -> None:
    for day in (date(2026, 9, 26), date(2027, 9, 25)):
        kept = rules.checked_move(Status.CHECKING, Move(Status.NOT_YET, " 没 货 ", day), TODAY)
        assert kept == Move(Status.NOT_YET, "没 货", day)


def test_every_state_can_be_left_and_reached() -> None:
    assert set(rules.MOVES) == set(Status)
    assert {target for targets in rules.MOVES.values() for target in targets} == set(Status)
    assert set(Status) == rules.OPEN | rules.ANSWERED


@pytest.mark.parametrize(
    ("answered", "told", "slip"),
    [(NOW, False, True), (NOW, True, False), (NOW - 24 * HOUR, False, False), (None, False, False)],
)
def test_what_nobody_heard_of_on_the_same_day_is_a_slip(
    answered: datetime | None, told: bool, slip: bool
) -> None:
    assert rules.is_slip(answered, NOW, ZONE, told=told) is slip


def test_opened_again_a_wish_has_its_hours_anew_or_the_promised_day() -> None:
    assert rules.promised_after(Status.DECLINED, NOW, 72, ZONE) == date(2026, 9, 28)
    assert rules.promised_after(Status.OFFERED, NOW, 72, ZONE) == date(2026, 9, 28)
    assert rules.promised_after(Status.NOT_YET, NOW, 72, ZONE) is None


def test_a_wish_is_cleaned_and_never_lies_ahead() -> None:
    kept = rules.checked_wish(NewWish(" @张阿姨 ", " 有\r\n吗 ", Source.CHAT, NOW + HOUR), NOW)
    assert kept == NewWish("张阿姨", "有\n吗", Source.CHAT, NOW)


@pytest.mark.parametrize("title", ["", "  ", "\n", "长" * 41])
def test_a_title_is_needed_and_short(title: str) -> None:
    with pytest.raises(Refused):
        rules.checked_title(title)


def test_two_spellings_fold_to_one_title() -> None:
    assert rules.folded_title("现磨 芝麻酱！") == rules.folded_title("现磨芝麻酱")
    assert rules.folded_title("ＡＢ 奶") == rules.folded_title("ab奶")


def test_settings_say_what_they_do() -> None:
    def said(name: str, **values: int) -> str:
        found = effect(replace(Settings(), **values), name)
        assert found is not None
        return found[0].format(**found[1])

    assert "within 3 days and 0 hours" in said("demand_hours")
    assert "within 1 days and 6 hours" in said("demand_hours", demand_hours=30)
    assert "48 hours after" in said("demand_warning_hours")
    assert "from its first hour" in said("demand_warning_hours", demand_warning_hours=72)
    assert "after 14 days" in said("demand_bought_days")
