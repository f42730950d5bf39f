"""What a clearance costs and saves (R7), to the fen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.supply.clearance import offers
from lib.supply.clearance.offers import Kind, Plan, Stock, measured, outlook

TODAY = date(2026, 9, 25)
BOX, JIN = Unit.named("盒"), Unit.named("斤")
GRAPES = Stock(BOX, 9, Decimal(1), Money(1990), Money(1200))


def test_the_loss_without_and_with_it() -> None:
    found = outlook(GRAPES, Plan(Kind.DISCOUNT, Money(1490), 2, 8))
    assert (found.sold_without, found.left_without, found.left_with) == (2, 7, 1)
    assert (found.loss_without, found.loss_with) == (Money(8400), Money(1200))
    assert (found.saved, found.takings, found.below_cost) == (Money(7200), Money(11920), Money(0))


def test_below_cost_is_said_by_how_much_and_counts_as_lost() -> None:
    found = outlook(GRAPES, Plan(Kind.BUY_ONE_GET_ONE, Money(1990), 2, 8))
    assert found.below_cost == Money(205)
    assert found.loss_with == Money(1200 + 8 * 205)


def test_a_bundle_earns_what_it_costs_beyond_its_partner() -> None:
    plan = Plan(Kind.BUNDLE, Money(2500), 2, 4, partner_price=Money(1000))
    assert plan.earned == Money(1500)
    assert outlook(GRAPES, plan).takings == Money(6000)


def test_without_a_cost_nothing_is_claimed() -> None:
    unknown = Stock(JIN, 5000, Decimal(500), Money(480), None)
    found = outlook(unknown, Plan(Kind.DISCOUNT, Money(400), 3, 3000))
    assert (found.loss_without, found.loss_with, found.saved, found.below_cost) == (None,) * 4
    assert (found.left_without, found.left_with, found.takings) == (3500, 2000, Money(2400))


@pytest.mark.parametrize(
    ("left", "percent"), [(0, 50), (1, 50), (2, 40), (4, 30), (9, 20), (None, 20)]
)
def test_the_nearer_its_date_the_more_is_taken_off(left: int | None, percent: int) -> None:
    assert offers.proposed_discount(left) == percent


def test_proposed_prices_are_round_and_never_above_the_price() -> None:
    assert offers.discounted(Money(1990), 30) == Money(1390)
    assert offers.discounted(Money(9), 50) == Money(5)


def test_what_is_assumed_to_sell_is_the_pace_lifted_and_at_most_what_lies_there() -> None:
    pace = Decimal("1.5")
    assert offers.proposed_sold(Kind.BUY_ONE_GET_ONE, pace, 2, 20) == 9
    assert offers.proposed_sold(Kind.BUNDLE, pace, 2, 20) == 6
    assert offers.proposed_sold(Kind.DISCOUNT, pace, 2, 20, 40) == 9
    assert offers.proposed_sold(Kind.DISCOUNT, pace, 2, 4, 40) == 4
    assert offers.proposed_sold(Kind.DISCOUNT, pace, 2, -4, 40) == 0


def test_the_result_is_held_against_what_was_expected_and_the_days_before() -> None:
    found = measured(
        BOX, on_hand=9, expected=8, sold=7, before=2, takings=Money(10430),
        unit_cost=Money(1200), earned=Money(1490),
    )  # fmt: skip
    assert (found.sold, found.expected, found.before, found.left) == (7, 8, 2, 2)
    assert found.saved == Money(7 * 1200 - 2 * 1200)


def test_sold_below_cost_lowers_what_was_saved() -> None:
    found = measured(
        BOX, on_hand=9, expected=8, sold=9, before=3, takings=Money(8955),
        unit_cost=Money(1200), earned=Money(995),
    )  # fmt: skip
    assert found.saved == Money(6 * 1200 - 9 * 205)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.decimals(0, 20, places=2),
    st.integers(1, 30),
    st.integers(1, 5000),
    st.integers(0, 5000),
)
def test_what_is_left_and_sold_is_what_lies_there(
    on_hand: int, expected: int, pace: Decimal, days: int, price: int, cost: int
) -> None:
    stock = Stock(BOX, on_hand, pace, Money(price), Money(cost))
    found = outlook(stock, Plan(Kind.DISCOUNT, Money(price), days, min(expected, on_hand)))
    assert found.sold_without + found.left_without == on_hand
    assert 0 <= found.left_with <= on_hand
    assert found.saved is not None
    if price >= cost:
        assert found.loss_with == BOX.price_of(Money(cost), found.left_with)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": ""}, "Say why"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends before"),
        ({"ends_on": TODAY + timedelta(days=30)}, "at most 30 days"),
        ({"plan": Plan(Kind.DISCOUNT, Money(0), 1, 1)}, "Write the price"),
        ({"plan": Plan(Kind.BUNDLE, Money(900), 1, 1)}, "Choose the product"),
        ({"plan": Plan(Kind.BUNDLE, Money(900), 1, 1, Money(1000))}, "less than its partner"),
        ({"plan": Plan(Kind.DISCOUNT, Money(900), 1, 10)}, "At most what lies there"),
    ],
)
def test_a_clearance_that_cannot_be_is_refused(change: dict[str, object], words: str) -> None:
    asked: dict[str, object] = {
        "plan": Plan(Kind.DISCOUNT, Money(900), 1, 1),
        "reason": "stock",
        "starts_on": TODAY,
        "ends_on": TODAY,
        "on_hand": 9,
    }
    offers.checked(**asked)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=words):
        offers.checked(**(asked | change))  # type: ignore[arg-type]
