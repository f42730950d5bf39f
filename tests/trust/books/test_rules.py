"""Sharing, weighing and rounding of what the books know (R20); pure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.money import Money, half_up, ratio, total
from lib.kernel.quantity import Unit
from lib.shop.settings import Settings
from lib.trust.books.rules import (
    BAG,
    NO_SUMS,
    Cost,
    Exact,
    From,
    Givens,
    Goods,
    Scope,
    Sums,
    loss,
    measure,
    month_of,
    purchase_price,
    warm_days,
)

JIN = Unit("斤", 500)


def goods(product_id: int = 1, usual: int | None = 399, newest: int | None = None) -> Goods:
    return Goods(
        product_id, "土鸡蛋", JIN, Money(480),
        None if usual is None else Money(usual), None if newest is None else Money(newest),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sums", "usual", "newest", "price", "source"),
    [
        (Sums(gone=1000, gone_value=400_000), 399, None, 400, From.BATCHES),
        (Sums(gone=3000, gone_value=1_200_000, loose=1000), 500, None, 425, From.BATCHES),
        (Sums(gone=3000, gone_value=1_200_000, loose=1000), None, None, 400, From.BATCHES),
        (Sums(gone=500, gone_value=0), 399, None, 0, From.BATCHES),  # a gift of the grower
        (Sums(loose=1000), 399, 410, 399, From.USUAL),
        (NO_SUMS, 399, 410, 399, From.USUAL),
        (NO_SUMS, None, 410, 410, From.BATCHES),
        (NO_SUMS, None, None, None, From.NONE),
        (Sums(gone=-5, gone_value=-2000), 399, None, 399, From.USUAL),
        # More was assigned to batches than left in these days: it left before.
        (Sums(gone=2000, gone_value=800_000, loose=-1000), 399, None, 400, From.BATCHES),
    ],
)
def test_what_a_sale_unit_was_bought_for(
    sums: Sums, usual: int | None, newest: int | None, price: int | None, source: From
) -> None:
    found = purchase_price(goods(usual=usual, newest=newest), sums)
    assert found.source is source
    one = measure([goods(usual=usual, newest=newest)], {1: sums}, {}, Settings(), whole=True)[0]
    assert one.unit_cost("purchase") == (None if price is None else Money(price))


@pytest.mark.parametrize(
    ("sums", "fen"),
    [
        (Sums(lost=500, lost_value=200_000), 400),
        (Sums(lost=-500, lost_value=-200_000), 0),
        (Sums(lost_loose=500), 399),
        (Sums(lost=500, lost_value=200_000, lost_loose=-250), 201),  # 4.00 less half of 3.99
    ],
)
def test_loss_is_never_below_nothing(sums: Sums, fen: int) -> None:
    assert loss(goods(), sums, purchase_price(goods(), sums)).money == Money(fen)


@pytest.mark.parametrize(
    ("first", "last", "months", "found"),
    [
        (date(2026, 9, 1), date(2026, 9, 30), (5, 10), [(date(2026, 9, 1), date(2026, 9, 30))]),
        (date(2026, 4, 20), date(2026, 5, 3), (5, 10), [(date(2026, 5, 1), date(2026, 5, 3))]),
        (date(2026, 11, 1), date(2026, 11, 30), (5, 10), []),
        (date(2026, 8, 31), date(2026, 9, 1), (5, 10), [(date(2026, 8, 31), date(2026, 9, 1))]),
        (
            date(2026, 1, 1), date(2026, 12, 31), (11, 2),
            [(date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 11, 1), date(2026, 12, 31))],
        ),
    ],
)  # fmt: skip
def test_ice_packs_lie_in_the_bags_of_warm_days(
    first: date, last: date, months: tuple[int, int], found: list[tuple[date, date]]
) -> None:
    settings = Settings(ice_pack_from_month=months[0], ice_pack_to_month=months[1])
    assert warm_days(Scope(first, last), settings) == found
    assert warm_days(Scope(first, last), Settings(ice_pack=False)) == []


def test_a_month_that_has_not_begun_is_its_first_day() -> None:
    ahead = month_of(date(2026, 12, 5), date(2026, 9, 25))
    assert (ahead.first, ahead.last) == (date(2026, 12, 1), date(2026, 12, 1))
    assert month_of(date(2028, 2, 5)).last == date(2028, 2, 29)


@given(
    bags=st.lists(st.integers(1, 30), max_size=60),
    deliveries=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 30)), max_size=20),
    cost=st.integers(0, 99),
)
def test_what_was_paid_is_shared_to_the_fen(
    bags: list[int], deliveries: list[tuple[int, int]], cost: int
) -> None:
    """Each bag and each delivery is shared by so many goods, counted from the first on."""
    shares, brought = [0] * 30, [0] * 30
    for count in bags:
        for number in range(count):
            shares[number] += BAG // count
    for fen, count in deliveries:
        for number in range(count):
            brought[number] += fen * BAG // count
    settings = Settings(freshness_bag_cost=Money(cost), ice_pack_cost=Money(0))
    found = measure(
        [goods(number) for number in range(30)],
        {number: Sums(sold=500, bags=share) for number, share in enumerate(shares)},
        {number: Givens(delivery=share) for number, share in enumerate(brought)},
        settings,
        whole=True,
    )
    assert total(one.packaging for one in found) == Money(len(bags) * cost)
    assert total(one.delivery for one in found) == Money(sum(fen for fen, _ in deliveries))
    for one in found:
        exact = one.exact[Cost.PACKAGING]
        assert abs(one.packaging.fen * exact.parts - exact.fen) <= exact.parts


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_a_ratio_is_rounded_as_half_up_does(numerator: int, denominator: int) -> None:
    rest = abs(numerator) % denominator
    expected = abs(numerator) // denominator + (2 * rest >= denominator)
    assert ratio(numerator, denominator) == (expected if numerator >= 0 else -expected)


@pytest.mark.parametrize("fen", [-25, -15, -5, 0, 5, 15, 25, 24, 26])
def test_halves_go_away_from_zero(fen: int) -> None:
    assert ratio(fen, 10) == half_up(Money(fen).yuan * 10) == Exact(fen, 10).money.fen
