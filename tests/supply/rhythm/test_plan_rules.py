"""How much to buy: the reckoning, cases, spoiling, and what always holds (R5)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.supply.rhythm.back_test.rules import replay
from lib.supply.rhythm.plan.rules import (
    Limit,
    Lot,
    Outlook,
    Suggestion,
    Terms,
    delivery_days,
    forecast,
    lot_size,
    suggest,
)
from lib.supply.rhythm.rules import DayDemand, weekday_means

MONDAY = date(2026, 9, 28)
WEDNESDAY, FRIDAY, NEXT = (MONDAY + timedelta(days=number) for number in (2, 4, 7))


def every_day(quantity: int | Fraction, days: int = 40) -> dict[date, Fraction]:
    return {MONDAY + timedelta(days=number): Fraction(quantity) for number in range(days)}


def one(
    expected: Mapping[date, Fraction],
    *,
    lots: tuple[Lot, ...] = (),
    arrivals: Mapping[date, int] | None = None,
    terms: Terms | None = None,
    safety: int = 15,
    until: date = WEDNESDAY,
) -> Suggestion:
    outlook = Outlook(MONDAY, expected, lots, arrivals or {})
    (found,) = suggest(outlook, (MONDAY, until), terms or Terms(), safety)
    return found


def test_the_sentence_of_the_mission() -> None:
    """Expected 84 + safety 13 - on hand 20 - on the way 0 = 77, cases of 10: 80."""
    found = one(every_day(42), lots=(Lot(Fraction(20)),), terms=Terms(case=10))
    assert (found.expected, found.safety, found.on_hand, found.on_way) == (84, 13, 20, 0)
    assert (found.needed, found.quantity, found.limit) == (77, 80, None)
    assert found.until == WEDNESDAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("needed", "sellable", "terms", "expected"),
    [
        (0, None, Terms(10), (0, None)),
        (1, None, Terms(10), (10, None)),
        (10, None, Terms(10), (10, None)),
        (11, None, Terms(10), (20, None)),
        (11, None, Terms(1), (11, None)),
        (11, 20, Terms(10), (20, None)),
        (11, 19, Terms(10), (10, Limit.SPOILS)),
        (25, 20, Terms(10), (20, Limit.SPOILS)),
        (25, 21, Terms(10), (20, Limit.SPOILS)),
        (8, 9, Terms(10), (10, Limit.CASE_SPOILS)),
        (8, 0, Terms(10), (0, Limit.SPOILS)),
        (8, None, Terms(1, minimum=20), (20, Limit.MINIMUM)),
        (8, None, Terms(6, minimum=20), (24, Limit.MINIMUM)),
        (20, None, Terms(1, minimum=20), (20, None)),
        (0, None, Terms(1, minimum=20), (0, None)),
    ],
)
def test_cases_spoiling_and_the_least_quantity(
    needed: int, sellable: int | None, terms: Terms, expected: tuple[int, Limit | None]
) -> None:
    assert lot_size(needed, sellable, terms) == expected


@pytest.mark.parametrize(
    ("lots", "arrivals", "on_hand", "on_way"),
    [
        ((), {}, 0, 0),
        ((Lot(Fraction(15)),), {}, 15, 0),
        ((Lot(Fraction(15), MONDAY),), {}, 10, 0),
        ((Lot(Fraction(15), MONDAY - timedelta(days=1)),), {}, 0, 0),
        ((Lot(Fraction(30), MONDAY + timedelta(days=1)),), {}, 30, 0),
        ((), {MONDAY: 7}, 0, 7),
        ((), {WEDNESDAY: 7}, 0, 0),
    ],
)
def test_goods_that_spoil_before_they_are_needed_are_gone(
    lots: tuple[Lot, ...], arrivals: Mapping[date, int], on_hand: int, on_way: int
) -> None:
    found = one(every_day(10), lots=lots, arrivals=arrivals)
    assert (found.on_hand, found.on_way) == (on_hand, on_way)
    assert found.needed == max(20 + 3 - on_hand - on_way, 0)


def test_a_lot_is_not_larger_than_what_sells_before_it_spoils() -> None:
    weekend = one(every_day(10), terms=Terms(shelf_life=1), until=MONDAY + timedelta(days=3))
    assert (weekend.needed, weekend.sellable, weekend.quantity) == (35, 20, 20)
    assert weekend.limit is Limit.SPOILS
    longer = one(every_day(10), terms=Terms(shelf_life=29), until=MONDAY + timedelta(days=3))
    assert (longer.sellable, longer.quantity) == (None, 35)


def test_the_second_delivery_counts_on_the_first() -> None:
    outlook = Outlook(MONDAY, every_day(10), (Lot(Fraction(50)),))
    first, second, third = suggest(outlook, (MONDAY, WEDNESDAY, FRIDAY, NEXT), Terms(10), 10)
    assert (first.needed, first.quantity) == (0, 0)
    assert (second.on_hand, second.quantity) == (30, 0)
    assert (third.expected, third.on_hand, third.needed, third.quantity) == (30, 10, 23, 30)


def test_the_second_delivery_counts_on_what_was_decided_for_the_first() -> None:
    outlook = Outlook(MONDAY, every_day(10), decided={MONDAY: 60})
    first, second = suggest(outlook, (MONDAY, WEDNESDAY, FRIDAY), Terms(), 0)
    assert (first.quantity, second.on_hand, second.quantity) == (20, 40, 0)


def test_weights_are_told_in_tenths_of_the_unit_and_bought_whole() -> None:
    found = one(every_day(Fraction(10333, 2)), terms=Terms(case=500, step=50))
    assert (found.expected, found.safety, found.quantity) == (10350, 1600, 12000)


@pytest.mark.parametrize(
    ("today", "closed", "expected"),
    [
        (MONDAY, (), [MONDAY, WEDNESDAY, FRIDAY]),
        (MONDAY + timedelta(days=1), (), [WEDNESDAY, FRIDAY, NEXT]),
        (MONDAY, (WEDNESDAY,), [MONDAY, FRIDAY, NEXT]),
    ],
)
def test_goods_come_on_the_weekdays_of_the_setting(
    today: date, closed: tuple[date, ...], expected: list[date]
) -> None:
    assert delivery_days(today, (0, 2, 4), closed, 3) == expected


def history(weeks: int, quantity: int, recent: int | None = None) -> list[DayDemand]:
    first = MONDAY - timedelta(weeks=weeks)
    return [
        DayDemand(
            first + timedelta(days=number),
            recent if recent is not None and number >= 7 * (weeks - 2) else quantity,
        )
        for number in range(7 * weeks)
    ]


def test_sold_out_and_closed_days_are_no_part_of_the_forecast() -> None:
    days = [
        DayDemand(one.day, 1, sold_out=one.day.weekday() == 0, closed=one.day.weekday() == 1)
        if one.day.weekday() < 2
        else one
        for one in history(8, 10)
    ]
    found = forecast(days, 4)
    assert found.of(MONDAY) == 10, "no Monday counts: the mean of the other days stands for it"
    assert found.counted == 40


@pytest.mark.parametrize(
    ("recent", "level_weeks", "expected"),
    [
        (10, 4, 10),
        (20, 2, 20),
        (20, 4, 15),
        (20, 1, 20),
        (0, 2, 0),
        (0, 4, 5),
        (20, 8, Fraction(25, 2)),
        (20, 26, Fraction(25, 2)),
        (None, 4, 10),
    ],
)
def test_the_level_is_that_of_the_last_weeks(
    recent: int | None, level_weeks: int, expected: Fraction
) -> None:
    """Eight weeks of ten a day, the last two of ``recent``; all of them are the plain mean."""
    assert forecast(history(8, 10, recent), level_weeks).of(MONDAY) == expected


def test_the_days_of_the_week_keep_their_share_when_the_level_moves() -> None:
    """A Saturday sells twice a Monday; the last four weeks sell half more of everything."""
    days = [
        DayDemand(one.day, one.quantity * (2 if one.day.weekday() == 5 else 1))
        for one in history(12, 20)
    ]
    days = [
        DayDemand(one.day, one.quantity * 3 // 2 if number >= 7 * 8 else one.quantity)
        for number, one in enumerate(days)
    ]
    found = forecast(days, 4)
    assert (found.of(MONDAY), found.of(MONDAY + timedelta(days=5))) == (30, 60)


@pytest.mark.parametrize(("counted", "lifted"), [(6, False), (7, True)])
def test_fewer_than_seven_days_say_nothing_of_the_level(counted: int, lifted: bool) -> None:
    """The last four weeks were closed but for ``counted`` days, which sold twice the usual."""
    days = [
        DayDemand(
            one.day, 18 if number >= 7 * 12 else 9, closed=7 * 12 <= number < 7 * 16 - counted
        )
        for number, one in enumerate(history(16, 9))
    ]
    assert (forecast(days, 4).factor > 1) is lifted


def test_nothing_known_is_nothing_expected() -> None:
    found = forecast([DayDemand(MONDAY, 5, known=False)], 4)
    assert (found.of(MONDAY), found.counted) == (0, 0)


HISTORIES = st.lists(
    st.tuples(st.integers(0, 60), st.booleans(), st.booleans()), min_size=1, max_size=70
).map(
    lambda rows: [
        DayDemand(MONDAY - timedelta(days=len(rows) - number), quantity, sold_out, closed)
        for number, (quantity, sold_out, closed) in enumerate(rows)
    ]
)


@settings(max_examples=80)
@given(days=HISTORIES, level_weeks=st.integers(1, 26), times=st.integers(1, 4))
def test_what_holds_of_every_forecast(days: list[DayDemand], level_weeks: int, times: int) -> None:
    """Never negative, blind to days that do not count, in proportion to what was sold."""
    found = forecast(days, level_weeks)
    assert found.factor >= 0
    blind = [one if one.counts else replace(one, quantity=999) for one in days]
    assert forecast(blind, level_weeks) == found
    more = [replace(one, quantity=one.quantity * times) for one in days]
    every = [MONDAY + timedelta(days=number) for number in range(7)]
    grown = forecast(more, level_weeks)
    assert [grown.of(day) for day in every] == [found.of(day) * times for day in every]
    plain = forecast(days, 10)
    assert plain.factor == 1, "all the weeks are the plain mean"
    assert dict(plain.weekdays) == weekday_means(days)


AMOUNTS = st.fractions(0, 60, max_denominator=8)
EXPECTED = st.lists(AMOUNTS, min_size=8, max_size=12).map(
    lambda amounts: {MONDAY + timedelta(days=n): amount for n, amount in enumerate(amounts)}
)
LOTS = st.lists(
    st.builds(
        Lot,
        st.integers(0, 90).map(Fraction),
        st.none() | st.integers(-1, 6).map(lambda n: MONDAY + timedelta(days=n)),
    ),
    max_size=3,
).map(tuple)
TERMS = st.builds(
    Terms,
    case=st.integers(1, 24),
    minimum=st.just(0) | st.integers(0, 30),
    shelf_life=st.none() | st.integers(0, 8),
    step=st.sampled_from((1, 5)),
)


@settings(max_examples=150)
@given(
    expected=EXPECTED,
    lots=LOTS,
    terms=TERMS,
    way=st.integers(0, 30),
    more=st.integers(0, 11),
    by=AMOUNTS,
    safety=st.integers(0, 40),
)
def test_what_holds_of_every_suggestion(
    expected: dict[date, Fraction],
    lots: tuple[Lot, ...],
    terms: Terms,
    way: int,
    more: int,
    by: Fraction,
    safety: int,
) -> None:
    """Never negative, whole cases, adds up, covers demand and safety, grows with the demand."""
    arrivals = {MONDAY: way}
    found = one(expected, lots=lots, arrivals=arrivals, terms=terms, safety=safety, until=FRIDAY)
    assert found.needed == max(found.expected + found.safety - found.on_hand - found.on_way, 0)
    assert found.quantity >= 0
    assert found.quantity % terms.case == 0
    if found.sellable is None or found.needed <= found.sellable - terms.case:
        assert found.quantity >= found.needed, "covers demand and safety"
    elif found.limit is Limit.SPOILS:
        assert found.quantity <= found.sellable, "sells before it spoils"
    if terms.minimum == 0:
        assert found.quantity < max(found.needed, 1) + terms.case
    changed = dict(expected)
    day = MONDAY + timedelta(days=more)
    changed[day] = changed.get(day, Fraction()) + by
    grown = one(changed, lots=lots, arrivals=arrivals, terms=terms, safety=safety, until=FRIDAY)
    assert grown.quantity >= found.quantity, "more demand never buys less"


@settings(max_examples=60)
@given(
    actual=st.lists(st.integers(0, 40), min_size=7, max_size=7),
    expected=AMOUNTS,
    terms=TERMS,
)
def test_a_replay_accounts_for_every_piece(
    actual: list[int], expected: Fraction, terms: Terms
) -> None:
    days = {MONDAY + timedelta(days=n): amount for n, amount in enumerate(actual)}
    done = replay(
        (MONDAY, WEDNESDAY, FRIDAY, NEXT), lambda _day: every_day(expected), days, terms, 15
    )
    assert done.bought == done.sold + done.spoiled + done.left
    assert sum(actual) == done.sold + done.missed
    assert min(done.sold, done.spoiled, done.left, done.missed) >= 0
