"""What an order gives in points, and how its lines share them."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.members.points import rules
from lib.members.points.rules import Bill, Line, Rule, points_by_line
from lib.service.after_sales.rules import OPEN

BEGAN = datetime(2026, 9, 1, tzinfo=UTC)
ONE = Rule(1, 1, 100, BEGAN)


def bill(*lines: tuple[int, int] | int, net: int, **values: object) -> Bill:
    made = tuple(
        Line(number, *(one if isinstance(one, tuple) else (one,)))
        for number, one in enumerate(lines, 1)
    )
    return Bill(made, net, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "base", "given_"),
    [
        (bill(480, 520, net=1000), 1000, [4, 6]),  # 4.80 + 5.20 are 10 points, not 4 + 5
        (bill(480, 520, net=999), 999, [4, 5]),
        (bill(99, net=99), 99, [0]),
        (bill(100, net=100), 100, [1]),
        (bill(3650, net=3650), 3650, [36]),
        (bill(1000, net=1500), 1000, [10]),  # paid too much: never more than the goods cost
        (bill(1000, net=0), 0, [0]),
        (bill(1000, net=-100), 0, [0]),
        (bill(1000, net=1300, fee=300), 1000, [10]),
        (bill(1000, net=700, fee=300), 400, [4]),  # of a part payment the fee is paid first
        (bill(1000, net=300, fee=300), 0, [0]),
        (bill(1050, net=1000, off=50), 1000, [10]),  # rounding and coupons are not money
        (bill(1000, 1000, net=1000, off=1000), 1000, [5, 5]),
        (bill(1000, net=1000, off=1500), 0, [0]),
        (bill((1000, 300), 1000, net=1700), 1700, [7, 10]),  # a refund lowers its line
        (bill((1000, 1000), 1000, net=1000), 1000, [0, 10]),
        (bill((1000, 1200), 1000, net=1000), 1000, [0, 10]),  # weighed lighter since
        (bill((500, 300), 500, net=300), 300, [0, 3]),  # part paid: the line loses first
        (bill((500, 500), 500, net=300), 300, [0, 3]),
        (bill(1000, 0, net=1000), 1000, [10, 0]),
        (bill(0, net=0), 0, [0]),
        (bill(net=500), 0, []),
        (bill(1000, net=1000, active=False), 0, [0]),  # cancelled
    ],
)
def test_what_an_order_gives(case: Bill, base: int, given_: list[int]) -> None:
    assert case.base == base
    assert list(points_by_line(case, ONE).values()) == given_


def test_what_a_line_does_not_hold_is_taken_from_the_others() -> None:
    """10 off the order, then all of the first line is given back: half of the 10 was its own."""
    case = bill((500, 500), 500, net=490, off=10)
    assert case.base == 490
    assert points_by_line(case, ONE) == {1: 0, 2: 4}


@pytest.mark.parametrize(
    ("points", "per_fen", "fen", "expected"),
    [(1, 100, 3650, 36), (2, 100, 150, 3), (1, 1000, 9999, 9), (0, 100, 5000, 0), (3, 200, 199, 2)],
)
def test_a_rule_rounds_down_for_the_whole_order(
    points: int, per_fen: int, fen: int, expected: int
) -> None:
    assert Rule(1, points, per_fen, BEGAN).gives(Money(fen)) == expected


LINES = st.lists(
    st.builds(Line, st.integers(1, 10**6), st.integers(0, 5000), st.integers(0, 6000)),
    max_size=6,
    unique_by=lambda line: line.id,
)
BILLS = st.builds(
    Bill,
    LINES.map(tuple),
    st.integers(-500, 30_000),
    st.integers(0, 800),
    st.integers(0, 2000),
    st.booleans(),
)
RULES = st.builds(Rule, st.just(1), st.integers(0, 50), st.integers(1, 3000), st.just(BEGAN))


@given(BILLS, RULES)
def test_the_lines_add_up_to_what_the_order_gives(case: Bill, rule: Rule) -> None:
    given_ = points_by_line(case, rule)
    assert sum(given_.values()) == int(Fraction(case.base * rule.points, rule.per_fen))
    for line in case.lines:
        assert 0 <= given_[line.id] <= -(-line.left * rule.points // rule.per_fen)


@given(BILLS)
def test_the_base_is_no_more_than_what_was_paid_and_what_goods_cost(case: Bill) -> None:
    goods = sum(line.left for line in case.lines)
    assert 0 <= case.base <= max(0, goods)
    assert case.base <= max(0, case.net - case.fee)


def test_an_order_keeps_the_rule_it_was_placed_under() -> None:
    later = Rule(2, 2, 100, BEGAN + timedelta(days=10))
    at = (BEGAN - timedelta(microseconds=1), BEGAN, later.from_at - timedelta(1), later.from_at)
    assert [rules.rule_for([later, ONE], moment) for moment in at] == [None, ONE, ONE, later]
    assert rules.rule_for([], BEGAN) is None


def test_points_are_available_the_day_after_the_window() -> None:
    """Purchases of 7 days ago still stand in the list for complaints; those of 8 do not."""
    assert rules.available_on(date(2026, 9, 1), 7) == date(2026, 9, 9)
    assert rules.available_on(date(2026, 9, 1), 0) == date(2026, 9, 2)


def test_cases_that_keep_points_pending_are_the_open_ones() -> None:
    assert set(rules.OPEN_CASES) == {status.value for status in OPEN}


@pytest.mark.parametrize(("points", "per"), [(-1, 100), (1, 0), (1, -5), (10**7, 100)])
def test_a_rule_that_cannot_be_meant_is_refused(points: int, per: int) -> None:
    with pytest.raises(Refused):
        rules.checked_rule(points, per)


@pytest.mark.parametrize(("points", "held"), [(0, 5), (-6, 5), (-1, 0), (-1, -3), (10**7, 0)])
def test_an_entry_by_hand_never_makes_somebody_owe(points: int, held: int) -> None:
    with pytest.raises(Refused):
        rules.checked_adjustment(points, held)


def test_an_entry_by_hand_may_let_off_what_is_owed() -> None:
    rules.checked_adjustment(3, -3)
    rules.checked_adjustment(-5, 5)


def test_a_reason_is_asked_for() -> None:
    with pytest.raises(Refused):
        rules.checked_reason(" \u200e ")
    assert rules.checked_reason(" 老卡  转入 ") == "老卡 转入"


def test_only_differences_are_booked() -> None:
    assert rules.difference({1: 3, 2: 4}, {2: 4, 3: 2}) == {1: 3, 3: -2}
