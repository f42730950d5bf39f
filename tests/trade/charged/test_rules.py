"""The lowest price really charged, and what may stand beside a price (facts 3.3 §16, §17)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.trade.charged.rules import (
    Charge,
    Lowest,
    check_compared,
    checked_basis,
    given_back,
    lowest_before,
    lowest_for_offer,
    stands,
)
from lib.trade.charged.texts import meaning
from lib.trade.payments.rules import LineMoney, OrderMoney
from tests.conftest import NOW

WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


def charge(fen: int, *, days: float = 0, seconds: float = 0) -> Charge:
    """A price charged so long before NOW."""
    return Charge(NOW - timedelta(days=days, seconds=seconds), Money(fen))


def lowest(*charges: Charge, days: int = 7) -> int | None:
    found = lowest_before(charges, NOW, days)
    return None if found is None else found.price.fen


def test_80_then_100_then_90_compares_with_80() -> None:
    charges = [charge(8000, days=6), charge(10000, days=1)]
    found = lowest_before(charges, NOW, 7)
    assert found == Lowest(Money(8000), charges[0].at, is_recent=True)
    with pytest.raises(Refused, match="really charged in"):
        check_compared(Money(9000), Money(10000), "", found, 7)
    with pytest.raises(Refused, match="not above"):
        check_compared(Money(9000), Money(8000), "", found, 7)
    check_compared(Money(7000), Money(8000), "", found, 7)


def test_without_a_sale_in_the_window_the_last_price_counts() -> None:
    charges = [charge(500, days=30), charge(650, days=9)]
    found = lowest_before(charges, NOW, 7)
    assert found == Lowest(Money(650), charges[1].at, is_recent=False)
    check_compared(Money(600), Money(650), "", found, 7)
    with pytest.raises(Refused, match="last price really charged"):
        check_compared(Money(600), Money(651), "", found, 7)


def test_what_was_never_sold_compares_with_nothing() -> None:
    assert lowest_before([], NOW, 7) is None
    with pytest.raises(Refused, match="Nobody was ever charged"):
        check_compared(Money(600), Money(700), "", None, 7)
    check_compared(Money(600), Money(700), "超市同款 2026-09-20", None, 7)


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (NOW - WEEK, True),
        (NOW - WEEK - SECOND, False),
        (NOW - WEEK + SECOND, True),
        (NOW - SECOND, True),
        (NOW, False),
        (NOW + SECOND, False),
    ],
)
def test_the_window_is_half_open_to_the_second(at: datetime, counts: bool) -> None:
    found = lowest_before([Charge(at, Money(1)), charge(900, days=3)], NOW, 7)
    assert found is not None
    assert (found.price == Money(1)) is counts


def test_of_one_moment_before_the_window_the_lower_price_counts() -> None:
    assert lowest(charge(700, days=8), charge(600, days=8), charge(100, days=9)) == 600


def test_the_newest_sale_at_the_lowest_price_is_named() -> None:
    found = lowest_before([charge(500, days=5), charge(500, days=2), charge(600, days=1)], NOW, 7)
    assert found is not None
    assert found.at == NOW - timedelta(days=2)


def test_an_averaged_day_says_so() -> None:
    past = Charge(NOW - timedelta(days=2), Money(400), averaged=True)
    found = lowest_before([past, charge(500, days=1)], NOW, 7)
    assert found is not None
    assert found.averaged


def brute(charges: Sequence[Charge], at: datetime, days: int) -> int | None:
    start = at - timedelta(days=days)
    inside = [one.price.fen for one in charges if start <= one.at < at]
    if inside:
        return min(inside)
    before = sorted(((one.at, -one.price.fen) for one in charges if one.at < start), reverse=True)
    return -before[0][1] if before else None


CHARGES = st.lists(
    st.builds(
        lambda hours, fen: Charge(NOW - timedelta(hours=hours), Money(fen)),
        st.integers(-30, 400),
        st.integers(1, 9),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(CHARGES, st.integers(1, 10))
def test_the_rule_agrees_with_counting_by_hand(charges: list[Charge], days: int) -> None:
    found = lowest_before(charges, NOW, days)
    assert (None if found is None else found.price.fen) == brute(charges, NOW, days)


@settings(max_examples=60)
@given(CHARGES, st.integers(0, 30), st.integers(1, 9))
def test_an_offer_is_never_allowed_more_than_the_rule_at_its_beginning(
    charges: list[Charge], hours: int, own: int
) -> None:
    began = NOW - timedelta(hours=hours)
    strict = lowest_for_offer(charges, began, Money(own), NOW, 7)
    plain = lowest_before(charges, began, 7)
    if plain is not None and plain.is_recent:
        assert strict is not None
        assert strict.price <= plain.price


def test_sales_at_the_offers_own_price_are_the_offer_itself() -> None:
    began = NOW - timedelta(days=2)
    charges = [charge(580, days=4), charge(480, days=1)]
    found = lowest_for_offer(charges, began, Money(480), NOW, 7)
    assert found is not None
    assert found.price == Money(580)


def test_a_price_raised_within_a_round_does_not_compare_with_before_the_round() -> None:
    began = NOW - timedelta(days=2)
    charges = [charge(700, days=20), charge(500, days=1)]
    found = lowest_for_offer(charges, began, Money(600), NOW, 7)
    assert found is not None
    assert (found.price, found.is_recent) == (Money(500), True)


def test_a_round_not_yet_open_is_judged_by_the_days_before_now() -> None:
    ahead = NOW + timedelta(days=3)
    found = lowest_for_offer([charge(580, days=6)], ahead, Money(480), NOW, 7)
    assert found is not None
    assert (found.price, found.is_recent) == (Money(580), True)
    assert lowest_for_offer([], ahead, Money(480), NOW, 7) is None


def test_an_offer_without_sales_in_its_days_compares_with_the_last_price() -> None:
    found = lowest_for_offer([charge(580, days=30)], NOW - timedelta(days=1), Money(480), NOW, 7)
    assert found is not None
    assert (found.price, found.is_recent) == (Money(580), False)


def order(
    *lines: tuple[int, int], forgiven: int = 0, round_off: int = 0, active: bool = True
) -> OrderMoney:
    """An order of lines (amount, forgiven) in fen, ids from 1."""
    return OrderMoney(
        lines={
            number: LineMoney(Money(amount), Money(back))
            for number, (amount, back) in enumerate(lines, start=1)
        },
        delivery_fee=Money(500),
        round_off=Money(round_off),
        forgiven=Money(forgiven),
        paid=Money(0),
        refunded=Money(0),
        active=active,
    )


@pytest.mark.parametrize(
    ("money", "back"),
    [
        (order((1000, 0)), set()),
        (order((1000, 999)), set()),
        (order((1000, 1000)), {1}),
        (order((1000, 1000), (300, 0)), {1}),
        (order((1000, 0), (300, 0), forgiven=1300), {1, 2}),
        (order((1000, 1000), (300, 0), forgiven=300), {1, 2}),
        (order((1000, 0), (300, 0), forgiven=1299), set()),
        (order((1000, 0), forgiven=990, round_off=10), {1}),
        (order((1000, 990), round_off=10), {1}),
        (order((1000, 0), round_off=10), set()),
        (order((0, 0)), set()),
        (order(), set()),
    ],
)
def test_what_was_given_back_in_full_was_charged_to_nobody(
    money: OrderMoney, back: set[int]
) -> None:
    assert given_back(money) == back


@pytest.mark.parametrize("basis", ["原价", "我们的原价 9.9", "划线价", "Original price", "x"])
def test_a_basis_that_says_nothing_is_refused(basis: str) -> None:
    with pytest.raises(Refused):
        checked_basis(basis)


def test_a_basis_with_a_phone_number_is_refused() -> None:
    with pytest.raises(Refused, match="phone number"):
        checked_basis("问老王 138-1234-5678")
    assert checked_basis("超市同款 2026-09-20") == "超市同款 2026-09-20"


def test_a_basis_stands_on_one_line() -> None:
    assert checked_basis("  超市\n同款 ") == "超市 同款"
    assert checked_basis(" ") == ""


@pytest.mark.parametrize("compared", [480, 479, 1])
def test_a_compared_price_not_above_the_price_is_no_comparison(compared: int) -> None:
    with pytest.raises(Refused, match="no comparison"):
        check_compared(Money(480), Money(compared), "超市同款", None, 7)
    assert not stands(Money(480), Money(compared), "超市同款", None)


def test_what_is_kept_stands_only_while_the_rule_allows_it() -> None:
    found = Lowest(Money(580), NOW, True)
    assert stands(Money(480), Money(580), "", found)
    assert not stands(Money(480), Money(581), "", found)
    assert not stands(Money(480), Money(580), "", None)
    assert stands(Money(480), Money(900), "超市同款", None)


def say(text: str) -> str:
    return text


def test_a_compared_price_is_said_with_what_it_is() -> None:
    recent, last = Lowest(Money(580), NOW, True), Lowest(Money(580), NOW, False)
    assert meaning(Money(580), "", recent, 7, say) == "lowest price charged in the 7 days before"
    assert "never charged below" in meaning(Money(570), "", recent, 14, say)
    assert meaning(Money(580), "", last, 7, say) == "last price charged"
    assert "not below" in meaning(Money(570), "", last, 7, say)
    assert meaning(Money(900), "超市同款", recent, 7, say) == "超市同款"
    assert meaning(Money(900), "", None, 7, say) == ""
