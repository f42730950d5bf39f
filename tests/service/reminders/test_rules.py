"""When lists are due: table of moments, days looked at, clocks that jump (R22; E9)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.clock import at_local, local_day
from lib.service.reminders import rules
from lib.service.reminders.rules import Called, Kind
from lib.shop.settings import DEFAULT_SLOTS, Settings, Slot

DAY = date(2026, 9, 25)
SETTINGS = Settings()


def at(wall: str, day: date = DAY) -> datetime:
    return at_local(day, time.fromisoformat(wall), SETTINGS.time_zone)


def keys(found: list[rules.Occasion]) -> list[tuple[str, str]]:
    return [(one.slot.key, one.kind.value) for one in found]


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("05:59", []),
        ("06:00", [("morning", "before")]),
        ("09:29", [("morning", "before")]),
        ("09:30", [("morning", "before"), ("morning", "after")]),
        ("11:00", [("morning", "before"), ("morning", "after"), ("noon", "before")]),
    ],
)
def test_a_list_is_due_an_hour_before_its_slot_and_after_its_end(
    wall: str, expected: list[tuple[str, str]]
) -> None:
    assert keys(rules.due([DAY], at(wall), SETTINGS, (), set())) == expected


def test_what_was_made_is_not_due_and_closed_days_have_no_lists() -> None:
    made = {(DAY, "morning", Kind.BEFORE)}
    assert keys(rules.due([DAY], at("09:30"), SETTINGS, (), made)) == [("morning", "after")]
    assert rules.due([DAY], at("23:00"), SETTINGS, {DAY}, set()) == []


def test_the_settings_decide_how_long_before_and_after() -> None:
    settings = replace(SETTINGS, reminder_minutes=600, second_notice_minutes=0)
    tomorrow = DAY + timedelta(days=1)
    (one,) = rules.due([tomorrow], at("21:00"), settings, (), set())
    assert (one.day, one.slot.key, one.kind) == (tomorrow, "morning", Kind.BEFORE)
    found = rules.due([DAY], at("09:00"), settings, (), set())
    assert ("morning", "after") in keys(found)


def test_a_reminder_after_its_slot_is_missed_the_second_notice_never() -> None:
    before, after = (
        next(one for one in rules.occasions(DAY, SETTINGS) if one.kind is kind) for kind in Kind
    )
    assert not before.is_missed(at("08:59"))
    assert before.is_missed(at("09:00"))
    assert not after.is_missed(at("23:00"))


def test_a_shop_that_is_new_has_missed_nothing() -> None:
    now, tomorrow = at("10:30"), DAY + timedelta(days=1)
    yesterday, long_ago = DAY - timedelta(days=1), DAY - timedelta(days=90)
    assert rules.days_looked_at(now, SETTINGS, None) == [DAY, tomorrow]
    assert rules.days_looked_at(now, SETTINGS, yesterday) == [yesterday, DAY, tomorrow]
    assert rules.days_looked_at(now, SETTINGS, long_ago)[0] == DAY - rules.LOOK_BACK
    # A clock that stood ahead left lists of days to come.
    assert rules.days_looked_at(now, SETTINGS, tomorrow) == [DAY, tomorrow]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "America/Los_Angeles", "Europe/Berlin"])
def test_deadlines_are_the_shops_whatever_the_server_says(zone: str) -> None:
    settings = replace(SETTINGS, time_zone=zone)
    found = {(one.slot.key, one.kind): one for one in rules.occasions(DAY, settings)}
    evening = found["evening", Kind.BEFORE]
    assert evening.due_at.tzinfo is UTC
    assert evening.due_at == at_local(DAY, time(17), zone)
    assert evening.over_at == at_local(DAY, time(21), zone)


def test_clocks_that_change_in_the_night_move_no_slot() -> None:
    settings = replace(SETTINGS, time_zone="Europe/Berlin")
    night = date(2026, 10, 25)
    (before, *_others) = rules.occasions(night, settings)
    assert before.due_at == datetime(2026, 10, 25, 5, tzinfo=UTC)


def test_whoever_said_no_slot_is_called_with_the_last_one() -> None:
    turned = replace(SETTINGS, slots=tuple(reversed(DEFAULT_SLOTS)))
    assert rules.last_slot(turned).key == "evening"
    assert rules.slot_called(None, turned) == "evening"
    assert rules.slot_called("gone", turned) == "evening"
    assert rules.slot_called("noon", turned) == "noon"


def test_the_time_of_a_list_ends() -> None:
    week = DAY + rules.LOOK_BACK
    assert not rules.is_over(DAY, "noon", Kind.BEFORE, SETTINGS, at("13:59"))
    assert rules.is_over(DAY, "noon", Kind.BEFORE, SETTINGS, at("14:00"))
    assert rules.is_over(DAY, "gone", Kind.BEFORE, SETTINGS, at("06:00"))
    assert not rules.is_over(DAY, "noon", Kind.AFTER, SETTINGS, at("23:59", week))
    assert rules.is_over(DAY, "noon", Kind.AFTER, SETTINGS, at("00:00", week + timedelta(days=1)))


def test_a_list_says_what_changed_since() -> None:
    then = (Called(1, 11, "3-201"), Called(2, 12, "#12"))
    changed = rules.since(then, {2: "#12", 3: "5-1"})
    assert (changed.gone, changed.new) == ((then[0],), (3,))


hours = st.integers(0, 22)


@given(
    start=hours,
    length=st.integers(1, 60),
    ahead=st.integers(5, 600),
    later=st.integers(0, 600),
    minutes=st.integers(-2000, 4000),
)
def test_every_list_is_due_once_and_in_order(
    start: int, length: int, ahead: int, later: int, minutes: int
) -> None:
    ends = min(start * 60 + length, 23 * 60 + 59)
    slot = Slot("one", "one", time(start), time(ends // 60, ends % 60))
    settings = replace(SETTINGS, slots=(slot,), reminder_minutes=ahead, second_notice_minutes=later)
    now = at("00:00") + timedelta(minutes=minutes)
    days = rules.days_looked_at(now, settings, DAY - timedelta(days=90))
    found = rules.due(days, now, settings, (), set())
    assert len({one.key for one in found}) == len(found)
    assert all(one.due_at <= now for one in found)
    assert rules.due(days, now, settings, (), {one.key for one in found}) == []
    # Nothing that begins within the day is left out, however early its list is due.
    today = local_day(now, settings.time_zone)
    assert days[-1] == today + timedelta(days=1)
    assert all(one.due_at > now for one in rules.occasions(today + timedelta(days=2), settings))
