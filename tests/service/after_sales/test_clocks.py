"""The clocks of after-sales: boundaries, service hours, pauses, and 500 cases minute by minute."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from lib.service.after_sales import clocks
from lib.service.after_sales.clocks import Clock, Pause, State
from lib.service.after_sales.rules import ClockName
from lib.shop.settings import Settings, Slot
from tests.conftest import NOW
from tests.service.after_sales.minutes import runs_out

ROUND_THE_CLOCK = Settings()
TWO_PERIODS = (
    Slot("morning", "", time(8), time(12)),
    Slot("evening", "", time(14, 30), time(20)),
)
IN_HOURS = replace(Settings(), service_hours_on=True, service_hours=TWO_PERIODS)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WARNING = timedelta(minutes=15)


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of September 2026 on the shop's clock."""
    return datetime(2026, 9, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("reported", "due"),
    [
        (shanghai(25, 10), shanghai(25, 11)),  # inside a period
        (shanghai(25, 11, 30), shanghai(25, 15)),  # over the break at noon
        (shanghai(25, 11), shanghai(25, 12)),  # exactly to the end of a period
        (shanghai(25, 19, 30), shanghai(26, 8, 30)),  # over the night
        (shanghai(25, 20), shanghai(26, 9)),  # at the very end of the day
        (shanghai(25, 3), shanghai(25, 9)),  # at night
        (shanghai(26, 19, 30), shanghai(28, 8, 30)),  # the 27th is a closed day
        (shanghai(27, 9), shanghai(28, 9)),  # on the closed day itself
    ],
)
def test_the_first_reply_is_due_after_an_hour_of_service(reported: datetime, due: datetime) -> None:
    closed = {date(2026, 9, 27)}

    assert clocks.reply_due(reported, IN_HOURS, closed) == due


def test_around_the_clock_an_hour_is_an_hour() -> None:
    assert clocks.reply_due(NOW, ROUND_THE_CLOCK, {date(2026, 9, 25)}) == NOW + HOUR


@pytest.mark.parametrize(
    ("pause", "moved"),
    [
        ((1, 4), 3),
        ((0, 1), 1),  # from the very start
        ((23, 30), 7),  # over the moment at which it would have run out
        ((24, 26), 2),  # begun at exactly that moment
        ((25, 30), 0),  # begun too late: it had run out
        ((5, 5), 0),
    ],
)
def test_a_pause_moves_the_solution_by_what_it_took(pause: tuple[int, int], moved: int) -> None:
    begun, ended = (NOW + each * HOUR for each in pause)
    due = clocks.solve_due(NOW, [Pause(begun, ended)], ROUND_THE_CLOCK, (), NOW + 9 * DAY)

    assert due == NOW + DAY + moved * HOUR


def test_an_open_pause_moves_it_on_with_now() -> None:
    asked = [Pause(NOW + HOUR)]
    for hours in (1, 2, 30, 300):
        now = NOW + hours * HOUR
        due = clocks.solve_due(NOW, asked, ROUND_THE_CLOCK, (), now)
        assert due - now == 23 * HOUR


def test_pauses_that_overlap_count_once() -> None:
    twice = [Pause(NOW + HOUR, NOW + 3 * HOUR), Pause(NOW + 2 * HOUR, NOW + 4 * HOUR)]

    due = clocks.solve_due(NOW, twice, ROUND_THE_CLOCK, (), NOW + DAY)

    assert due == NOW + DAY + 3 * HOUR


def test_a_pause_in_the_night_costs_no_service_hours() -> None:
    """Asked at 21:00, come at 7:00: nobody would have worked on it."""
    night = [Pause(shanghai(25, 21), shanghai(26, 7))]

    without = clocks.solve_due(shanghai(25, 9), (), IN_HOURS, (), NOW)
    assert clocks.solve_due(shanghai(25, 9), night, IN_HOURS, (), NOW) == without


def test_a_promise_moved_by_a_pause_is_never_earlier_when_hours_were_set_meanwhile() -> None:
    """Promised around the clock for 3:00; then service hours came; the photo came at 23:00."""
    due = shanghai(26, 3)

    moved = clocks.after_pause(
        due, Pause(shanghai(26, 2), shanghai(26, 23)), IN_HOURS, (), shanghai(26, 23)
    )

    assert moved == shanghai(26, 23)


def test_nothing_is_late_at_its_very_moment() -> None:
    clock = Clock(ClockName.REPLY, NOW)

    assert clock.state(NOW, WARNING) is State.SOON
    assert clock.state(NOW + timedelta(microseconds=1), WARNING) is State.LATE
    assert clock.state(NOW - WARNING, WARNING) is State.SOON
    assert clock.state(NOW - WARNING - timedelta(microseconds=1), WARNING) is State.IN_ORDER


def test_late_is_how_late_not_how_old() -> None:
    """Reported two days ago, due yesterday: one day late, not two days old."""
    clock = Clock(ClockName.SOLUTION, NOW - DAY)

    assert clock.left(NOW) == -DAY


def test_a_met_clock_says_how_late_it_was_met_whatever_time_it_is() -> None:
    clock = Clock(ClockName.SOLUTION, NOW, met_at=NOW + HOUR)

    assert {clock.left(NOW + days * DAY) for days in range(9)} == {-HOUR}
    assert clock.state(NOW + 9 * DAY, WARNING) is State.MET_LATE
    assert Clock(ClockName.SOLUTION, NOW, met_at=NOW).state(NOW + DAY, WARNING) is State.MET


def test_what_was_withdrawn_in_time_is_never_late() -> None:
    clock = Clock(ClockName.REPLY, NOW, stopped_at=NOW - MINUTE)

    assert clock.state(NOW + 9 * DAY, WARNING) is State.STOPPED
    late = Clock(ClockName.REPLY, NOW, stopped_at=NOW + MINUTE)
    assert late.state(NOW + 9 * DAY, WARNING) is State.LATE
    assert late.left(NOW + 9 * DAY) == -MINUTE


def test_while_a_photo_is_awaited_the_clock_stands_still_but_late_stays_late() -> None:
    waits = Clock(ClockName.SOLUTION, NOW + MINUTE, paused=True)
    was_late = Clock(ClockName.SOLUTION, NOW - MINUTE, paused=True)

    assert waits.state(NOW, WARNING) is State.PAUSED
    assert was_late.state(NOW, WARNING) is State.LATE


def generated(number: int) -> tuple[datetime, int, list[Pause], Settings, set[date], datetime]:
    """Case ``number``: whole minutes, any of three zones, hours, closed days, pauses."""
    dice = random.Random(number)
    zone = dice.choice(["Asia/Shanghai", "Europe/Berlin", "America/New_York"])
    start = datetime(2026, dice.choice([3, 9, 10, 11]), dice.randint(1, 28), tzinfo=UTC)
    start += timedelta(minutes=dice.randrange(1440))
    walls = sorted(dice.sample(range(5 * 60, 23 * 60), 2 * dice.randint(1, 3)))
    pairs = zip(walls[::2], walls[1::2], strict=True)
    slots = tuple(Slot(str(a), "", time(*divmod(a, 60)), time(*divmod(b, 60))) for a, b in pairs)
    closed = {start.date() + timedelta(days=dice.randint(0, 8)) for _ in range(dice.randint(0, 3))}
    pauses, at = [], start
    for _ in range(dice.randint(0, 3)):
        at += timedelta(minutes=dice.randint(0, 900))
        end = at + timedelta(minutes=dice.randint(0, 2000))
        pauses.append(Pause(at, end))
        at = at + (end - at) * dice.choice([0, 1]) if dice.random() < 0.3 else end
    now = at + timedelta(minutes=dice.randint(0, 3000))
    if pauses and dice.random() < 0.4:
        pauses[-1] = Pause(pauses[-1].from_at)
    settings = replace(
        Settings(),
        time_zone=zone,
        service_hours_on=dice.random() < 0.75,
        service_hours=slots,
        solve_hours=dice.choice([1, 2, 3, 4, 6, 24]),
        reply_minutes=dice.choice([5, 30, 60, 90]),
    )
    return start, settings.solve_hours * 60, pauses, settings, closed, now


@pytest.mark.parametrize("block", range(5))
def test_500_cases_agree_with_a_clock_that_walks_minute_by_minute(block: int) -> None:
    """F-12: states x service hours x pauses x reopenings x closed days, 0 differences.

    A case that was opened again begins a clock of its own where the first one ended.
    """
    different = []
    for number in range(block * 100, block * 100 + 100):
        start, minutes, pauses, settings, closed, now = generated(number)
        again = start + timedelta(minutes=number * 7 % 1440)
        for begun in (start, again) if number % 4 == 0 else (start,):
            mine = [each for each in pauses if each.from_at >= begun]
            expected = runs_out(begun, minutes, mine, settings, closed, now)
            if clocks.solve_due(begun, mine, settings, closed, now) != expected:
                different.append((number, "solution"))
        reply = runs_out(start, settings.reply_minutes, (), settings, closed, now)
        if clocks.reply_due(start, settings, closed) != reply:
            different.append((number, "reply"))

    assert different == []


moments = st.integers(0, 270 * 1440).map(lambda minutes: NOW - 200 * DAY + minutes * MINUTE)
spans = st.timedeltas(timedelta(0), timedelta(hours=40))


@effort(max_examples=60)
@given(moments, st.lists(st.tuples(spans, spans), max_size=4), st.booleans())
def test_pauses_one_by_one_move_as_all_at_once_and_never_back(
    start: datetime, lengths: list[tuple[timedelta, timedelta]], hours: bool
) -> None:
    """The books move a promise pause by pause; the rule works it out at once."""
    settings = replace(IN_HOURS, service_hours_on=hours)
    due = clocks.solve_due(start, (), settings, (), start)
    at, pauses = start, []
    for gap, length in lengths:
        pauses.append(Pause(at + gap, at + gap + length))
        at = at + gap + length
        moved = clocks.after_pause(due, pauses[-1], settings, (), at)
        assert moved >= due
        due = moved

    assert due == clocks.solve_due(start, pauses, settings, (), at)
    assert clocks.counted(start, due, settings, ()) >= timedelta(hours=settings.solve_hours)


@effort(max_examples=60)
@given(moments, st.timedeltas(timedelta(0), timedelta(hours=60)))
def test_what_was_added_is_what_is_counted(start: datetime, amount: timedelta) -> None:
    reached = clocks.later(start, amount, IN_HOURS, ())

    assert clocks.counted(start, reached, IN_HOURS, ()) == amount
