"""What may be called a welfare item, and what it gives back (R19)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.shop.quotas import Standing
from lib.shop.settings import Settings
from lib.trust.welfare import rules
from lib.trust.welfare.rules import Details, Reason, State, Status
from tests.conftest import NOW

JIN = Unit.named("斤")
YUAN = Money.of


@pytest.mark.parametrize(
    ("price", "chosen", "found"),
    [
        ("5.00", Reason.AT_COST, Reason.AT_COST),
        ("5.00", Reason.THANKS, Reason.AT_COST),
        ("4.80", Reason.THANKS, Reason.THANKS),
        ("4.99", Reason.OVERSTOCK, Reason.OVERSTOCK),
        ("0", Reason.FRESH, Reason.FRESH),
    ],
)
def test_at_cost_is_its_own_reason_and_below_needs_one(
    price: str, chosen: Reason, found: Reason
) -> None:
    assert rules.reason_for(YUAN(price), YUAN("5.00"), chosen) is found


@pytest.mark.parametrize(
    ("price", "chosen", "because"),
    [
        ("5.01", Reason.THANKS, "no welfare item"),
        ("4.99", Reason.AT_COST, "Choose why"),
    ],
)
def test_above_cost_is_none_and_below_without_reason_is_refused(
    price: str, chosen: Reason, because: str
) -> None:
    with pytest.raises(Refused, match=because):
        rules.reason_for(YUAN(price), YUAN("5.00"), chosen)


@pytest.mark.parametrize(
    ("price", "percent", "far"),
    [("4.50", 10, False), ("4.49", 10, True), ("5.00", 0, False), ("4.99", 0, True),
     ("0", 100, False), ("6.00", 10, False)],
)  # fmt: skip
def test_far_below_begins_a_fen_beyond_the_setting(price: str, percent: int, far: bool) -> None:
    assert rules.is_far_below(YUAN(price), YUAN("5.00"), percent) is far
    if far:
        with pytest.raises(Refused, match="Tick that it is meant"):
            rules.check_far_below(YUAN(price), YUAN("5.00"), percent, ticked=False)
    rules.check_far_below(YUAN(price), YUAN("5.00"), percent, ticked=True)


def test_how_far_below_is_said_to_one_decimal() -> None:
    assert rules.percent_below(YUAN("4.80"), YUAN("5.35")) == Decimal("10.3")
    assert rules.percent_below(YUAN("6"), YUAN("5")) == Decimal("0.0")
    assert rules.percent_below(YUAN("0"), YUAN("0")) == 0


def test_the_example_of_the_field_gives_twelve_yuan() -> None:
    assert rules.added(YUAN("4.80"), YUAN("5.00")) == YUAN("0.20")
    assert rules.given(JIN, YUAN("4.80"), YUAN("5.00"), 60 * 500) == YUAN("12.00")
    assert rules.given(JIN, YUAN("4.85"), YUAN("5.00"), 750) == YUAN("0.23")


@settings(max_examples=60)
@cases(st.integers(0, 1000), st.integers(0, 1000), st.integers(-5000, 90_000))
def test_what_is_given_is_never_below_zero(price: int, cost: int, quantity: int) -> None:
    found = rules.given(JIN, Money(price), Money(cost), quantity)
    assert found.fen >= 0
    assert bool(found.fen) <= (cost > price and quantity > 0)


def test_a_budget_of_its_own_bounds_the_quantity() -> None:
    def item(budget: str) -> Details:
        return Details(1, YUAN("4.80"), 1000, 30_000, Reason.THANKS, date(2026, 9, 26),
                       budget=YUAN(budget))  # fmt: skip

    rules.check_budget(JIN, item("12.00"), YUAN("5.00"))
    with pytest.raises(Refused, match=r"could give 12.00 yuan, more than its budget of 11.99"):
        rules.check_budget(JIN, item("11.99"), YUAN("5.00"))


@pytest.mark.parametrize("days", [-1, 367])
def test_a_planned_day_is_in_the_coming_year(days: int) -> None:
    today = date(2026, 9, 25)
    rules.check_day(today, today)
    rules.check_day(today + timedelta(days=366), today)
    with pytest.raises(Refused):
        rules.check_day(today + timedelta(days=days), today)


@pytest.mark.parametrize(
    ("status", "cut_off", "closed", "state"),
    [
        (Status.PLANNED, None, None, State.PLANNED),
        (Status.CANCELLED, None, None, State.CANCELLED),
        (Status.OFFERED, 1, None, State.RUNNING),
        (Status.OFFERED, 0, None, State.OVER),
        (Status.OFFERED, 1, 0, State.OVER),
        (Status.OFFERED, None, None, State.OVER),
    ],
)
def test_an_offered_item_ends_with_its_round(
    status: Status, cut_off: int | None, closed: int | None, state: State
) -> None:
    opens = None if cut_off is None else NOW - timedelta(hours=1)
    ends = None if cut_off is None else NOW + timedelta(hours=cut_off)
    shut = None if closed is None else NOW
    assert rules.state_of(status, opens, ends, shut, NOW) is state


@pytest.mark.parametrize(
    ("price", "sheet", "says"),
    [
        ("5.00", "5.00", True),
        ("5.00", None, False),
        ("5.00", "4.90", False),
        ("4.80", "5.00", False),
    ],
)
def test_at_cost_is_said_only_where_a_sheet_shows_just_this_cost(
    price: str, sheet: str | None, says: bool
) -> None:
    shown = None if sheet is None else YUAN(sheet)
    assert rules.says_at_cost(YUAN(price), YUAN("5.00"), shown) is says


@pytest.mark.parametrize(
    ("text", "at_cost", "found"),
    [
        ("土鸡蛋 4.8元", False, ()),
        ("成本价 5元", True, ()),
        ("成本价 5元", False, ("成本价",)),
        ("原价6元 现价5元", True, ("原价",)),
        ("划线价6元 成本价5元", False, ("成本价", "划线价")),
    ],
)
def test_claims_without_proof_are_found(text: str, at_cost: bool, found: tuple[str, ...]) -> None:
    assert rules.unproven(text, at_cost=at_cost) == found


def test_the_meter_counts_what_is_planned_once_and_what_was_given() -> None:
    gifts = [
        (State.PLANNED, Money(0), Money(1000)),
        (State.RUNNING, Money(300), Money(1200)),
        (State.OVER, Money(500), Money(9000)),
        (State.CANCELLED, Money(0), Money(7000)),
        (State.RUNNING, Money(800), Money(700)),
    ]
    found = rules.meter(Money(3500), gifts)
    assert (found.given, found.possible, found.expected) == (Money(1600), Money(1900), Money(3500))
    assert not found.is_exceeded
    assert rules.meter(Money(3499), gifts).is_exceeded


@settings(max_examples=50)
@cases(
    st.lists(
        st.tuples(st.sampled_from(State), st.integers(0, 999), st.integers(0, 999)), max_size=6
    )
)
def test_the_meter_never_says_less_than_was_given(gifts: list[tuple[State, int, int]]) -> None:
    found = rules.meter(Money(0), [(state, Money(a), Money(b)) for state, a, b in gifts])
    gave = total(Money(a) for state, a, _b in gifts if state is not State.CANCELLED)
    assert found.given == gave
    assert found.expected.fen >= gave.fen


@pytest.mark.parametrize(
    ("done", "planned", "day", "standing"),
    [
        (0, 0, 19, Standing.OPEN),
        (0, 0, 20, Standing.NUDGE),
        (0, 1, 20, Standing.OPEN),
        (1, 0, 20, Standing.REACHED),
        (2, 0, 1, Standing.REACHED),
        (3, 0, 1, Standing.BEYOND),
    ],
)
def test_none_by_two_thirds_is_a_nudge_unless_one_is_planned(
    done: int, planned: int, day: int, standing: Standing
) -> None:
    first, today = date(2026, 9, 1), date(2026, 9, day)
    found = rules.standing_of(done, planned, first, today, Settings())
    assert (found.standing, found.last) == (standing, date(2026, 9, 30))
