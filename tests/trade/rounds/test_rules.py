"""When a round takes orders, what it proposes, what it may offer: boundary tables."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.trade.rounds import rules
from lib.trade.rounds.rules import Offered, State, Times

SHANGHAI = "Asia/Shanghai"
OPENS = datetime(2026, 9, 25, 1, tzinfo=UTC)
CUT_OFF = datetime(2026, 9, 25, 12, tzinfo=UTC)
"""20:00 in the shop."""
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("closed_at", "now", "expected"),
    [
        (None, OPENS - TICK, State.PLANNED),
        (None, OPENS, State.OPEN),
        (None, CUT_OFF - TICK, State.OPEN),
        (None, CUT_OFF, State.CUT_OFF),
        (OPENS + timedelta(hours=1), OPENS + timedelta(hours=1), State.CLOSED_EARLY),
        (OPENS + timedelta(hours=1), CUT_OFF + timedelta(days=9), State.CLOSED_EARLY),
        (OPENS - timedelta(hours=1), OPENS - TICK, State.CLOSED_EARLY),
    ],
)
def test_the_state_of_a_round(closed_at: datetime | None, now: datetime, expected: State) -> None:
    assert rules.state_of(OPENS, CUT_OFF, closed_at, now) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (CUT_OFF - timedelta(hours=2), timedelta(hours=2)),
        (CUT_OFF, timedelta(0)),
        (CUT_OFF + timedelta(days=1), timedelta(0)),
    ],
)
def test_the_time_left(now: datetime, expected: timedelta) -> None:
    assert rules.time_left(CUT_OFF, now) == expected


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("now", "closed", "cut_off", "pickup"),
    [
        ("2026-09-25T10:30", [], "2026-09-25T20:00", "2026-09-26"),
        ("2026-09-25T19:00", [], "2026-09-25T20:00", "2026-09-26"),
        ("2026-09-25T19:01", [], "2026-09-26T20:00", "2026-09-27"),
        ("2026-09-25T20:00", [], "2026-09-26T20:00", "2026-09-27"),
        ("2026-09-25T23:59", [], "2026-09-26T20:00", "2026-09-27"),
        ("2026-09-25T10:30", ["2026-09-26"], "2026-09-25T20:00", "2026-09-27"),
        ("2026-09-30T10:30", ["2026-10-01", "2026-10-02"], "2026-09-30T20:00", "2026-10-03"),
        ("2026-12-31T20:00", ["2027-01-01"], "2027-01-01T20:00", "2027-01-02"),
        ("2026-02-28T10:00", [], "2026-02-28T20:00", "2026-03-01"),
    ],
)
def test_what_a_new_round_proposes(now: str, closed: list[str], cut_off: str, pickup: str) -> None:
    days = {date.fromisoformat(day) for day in closed}
    found = rules.proposed_times(at(now), 20, SHANGHAI, days)
    assert found == Times(at(now), at(cut_off), date.fromisoformat(pickup))


@given(
    st.integers(0, 15 * 366 * 24 * 60),
    st.integers(0, 23),
    st.sampled_from([SHANGHAI, "Europe/Berlin", "America/New_York"]),
    st.sets(st.integers(0, 20), max_size=15),
)
def test_what_is_proposed_may_be_opened(
    minutes: int, hour: int, zone_name: str, closed: set[int]
) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    days = {now.date() + timedelta(days=ahead) for ahead in closed}
    times = rules.proposed_times(now, hour, zone_name, days)
    assert rules.check_times(times, now, zone_name, days) == times
    assert timedelta(hours=1) <= times.cut_off_at - now <= timedelta(hours=26)


@pytest.mark.parametrize(
    ("opens", "cut_off", "pickup", "sentence"),
    [
        ("2026-09-25T10:00", "2026-09-25T10:00", "2026-09-25", "after the opening"),
        ("2026-09-25T09:00", "2026-09-25T10:00", "2026-09-25", "already passed"),
        ("2026-09-25T09:00", "2026-09-25T20:00", "2026-09-24", "before the day"),
        ("2026-09-25T09:00", "2026-09-26T00:00", "2026-09-25", "before the day"),
        ("2026-09-25T09:00", "2026-09-25T20:00", "2026-09-26", "closed on 2026-09-26.*2026-09-27"),
        ("2026-09-25T09:00", "2026-11-25T20:00", "2026-11-26", "more than 60 days"),
    ],
)
def test_times_a_round_cannot_have(opens: str, cut_off: str, pickup: str, sentence: str) -> None:
    times = Times(at(opens), at(cut_off), date.fromisoformat(pickup))
    with pytest.raises(Refused, match=sentence):
        rules.check_times(times, at("2026-09-25T10:00"), SHANGHAI, {date(2026, 9, 26)})


def test_a_round_may_be_collected_on_the_day_of_its_cut_off() -> None:
    times = Times(at("2026-09-25T09:00"), at("2026-09-25T23:59"), date(2026, 9, 25))
    assert rules.check_times(times, at("2026-09-25T10:00"), SHANGHAI, ()) == times


@pytest.mark.parametrize(
    ("offer", "fits"),
    [
        (Offered(1, Money(0)), True),
        (Offered(1, Money(480), 1000, 1000), True),
        (Offered(1, Money(480), 1001, 1000), False),
        (Offered(1, Money(480), None, 1), True),
        (Offered(1, Money(480), 0), False),
        (Offered(1, Money(480), None, 0), False),
        (Offered(1, Money(-1)), False),
    ],
)
def test_what_may_be_offered(offer: Offered, fits: bool) -> None:
    if fits:
        assert rules.checked_offers([offer]) == (offer,)
    else:
        with pytest.raises(Refused):
            rules.checked_offers([offer])


def test_a_round_needs_products_each_once() -> None:
    with pytest.raises(Refused, match="at least one"):
        rules.checked_offers([])
    with pytest.raises(Refused, match="once"):
        rules.checked_offers([Offered(1, Money(1)), Offered(1, Money(2))])
    with pytest.raises(Refused, match="At most"):
        rules.checked_offers([Offered(number, Money(1)) for number in range(101)])


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (None, "斤", None),
        (float("nan"), "斤", None),
        (2.0, "斤", 1000),
        (0.5, "斤", 250),
        (2.35, "斤", 1175),
        (3.0, "盒", 3),
    ],
)
def test_a_typed_quantity(count: float | None, unit: str, expected: int | None) -> None:
    assert rules.amount_of(count, Unit.named(unit)) == expected


@pytest.mark.parametrize(
    ("count", "unit"), [(1.5, "盒"), (0.0, "斤"), (-1.0, "盒"), (float("inf"), "盒"), (0.001, "斤")]
)
def test_a_typed_quantity_that_is_none(count: float, unit: str) -> None:
    with pytest.raises(Refused):
        rules.amount_of(count, Unit.named(unit))


@pytest.mark.parametrize("title", ["", "  ", "\u202e", "很" * 41])
def test_titles_that_are_none(title: str) -> None:
    with pytest.raises(Refused):
        rules.checked_title(title)
