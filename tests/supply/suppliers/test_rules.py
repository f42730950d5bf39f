"""Distance, the local radius, terms as people type them, ends and their warnings (R1, R9)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.position import Position
from lib.kernel.quantity import Unit
from lib.supply.suppliers import rules
from lib.supply.suppliers.rules import Details, Kind, Share, Stage, TermDetails

SHOP = Position.parse("30.27415, 120.15515")
TODAY = date(2026, 9, 25)


@pytest.mark.parametrize(
    ("metres", "local"),
    [(0, True), (29_999, True), (30_000, True), (30_001, False), (None, False)],
)
def test_exactly_the_radius_is_local(metres: int | None, local: bool) -> None:
    assert rules.is_local(metres, 30) is local


@pytest.mark.parametrize(
    ("metres", "said"),
    [(0, "0"), (1, "0.1"), (400, "0.4"), (12_450, "12.5"), (30_000, "30"), (30_001, "30.1")],
)
def test_what_lies_beyond_the_radius_never_reads_as_the_radius(metres: int, said: str) -> None:
    assert rules.said_km(metres) == said


@pytest.mark.parametrize(
    ("typed", "metres"),
    [("", None), ("12.5", 12_500), ("12.5 km", 12_500), ("30公里", 30_000), ("0", 0)],
)
def test_a_typed_distance(typed: str, metres: int | None) -> None:
    assert rules.typed_distance(typed) == metres


@pytest.mark.parametrize("typed", ["far", "-3", "NaN", "1e9", "12,5,1"])
def test_a_distance_is_never_guessed(typed: str) -> None:
    with pytest.raises(Refused):
        rules.typed_distance(typed)


def test_a_typed_distance_stands_before_the_straight_line() -> None:
    there = Position.parse("30.40000 120.15515")
    assert rules.distance(there, None, SHOP) == SHOP.metres_to(there)
    assert rules.distance(there, 41_000, SHOP) == 41_000
    assert rules.distance(there, None, None) is None
    assert rules.distance(None, None, SHOP) is None


def test_a_reason_is_asked_beyond_the_radius_only() -> None:
    def details(metres: int | None, reason: str = "") -> Details:
        how = "地图" if metres is not None else ""
        return Details(
            "合作社", Kind.GROWER, typed_metres=metres, distance_how=how, far_reason=reason
        )

    rules.checked(details(30_000), SHOP, 30)
    rules.checked(details(None), SHOP, 30)
    rules.checked(details(30_001, "附近没人种"), SHOP, 30)
    with pytest.raises(Refused, match=r"30\.1 km is beyond the 30 km"):
        rules.checked(details(30_001), SHOP, 30)


def test_a_typed_distance_says_how_it_was_measured() -> None:
    with pytest.raises(Refused, match="how the distance was measured"):
        rules.checked(Details("合作社", Kind.GROWER, typed_metres=900), SHOP, 30)


def test_a_supplier_has_a_name_of_fair_length() -> None:
    for name in ("  ", "社" * 41):
        with pytest.raises(Refused):
            rules.checked(Details(name, Kind.GROWER), SHOP, 30)


@pytest.mark.parametrize(
    ("typed", "unit", "quantity"),
    [
        ("", "个", None),
        ("30", "个", 30),
        ("30个", "个", 30),
        ("10斤", "斤", 5000),
        ("2公斤", "斤", 2000),
        ("1.5 斤", "斤", 750),
        ("2箱", "个", 60),
    ],
)
def test_a_quantity_as_people_type_it(typed: str, unit: str, quantity: int | None) -> None:
    assert rules.typed_quantity(typed, Unit.named(unit), {"箱": 30}) == quantity


@pytest.mark.parametrize(
    ("typed", "unit"),
    [("10斤", "个"), ("1.5个", "个"), ("many", "个"), ("0斤", "斤"), ("3盒", "斤")],
)
def test_a_quantity_is_never_guessed(typed: str, unit: str) -> None:
    with pytest.raises(Refused):
        rules.typed_quantity(typed, Unit.named(unit))


@pytest.mark.parametrize(
    "details",
    [
        TermDetails(Money(-1)),
        TermDetails(Money(1), case_quantity=0),
        TermDetails(Money(1), minimum_quantity=-5),
        TermDetails(Money(1), shelf_life_days=4000),
    ],
)
def test_terms_that_cannot_be(details: TermDetails) -> None:
    with pytest.raises(Refused):
        rules.checked_terms(details)


def test_the_cheapest_takes_over_and_of_equals_the_older() -> None:
    assert rules.preferred_after([]) is None
    assert rules.preferred_after([(4, Money(500)), (7, Money(450)), (3, Money(450))]) == 3


@pytest.mark.parametrize(
    ("left", "stage", "step"),
    [
        (61, Stage.FINE, None),
        (60, Stage.SOON, 60),
        (31, Stage.SOON, 60),
        (30, Stage.SOON, 30),
        (8, Stage.SOON, 30),
        (7, Stage.SOON, 7),
        (1, Stage.SOON, 7),
        (0, Stage.LAST_DAY, 0),
        (-1, Stage.OVER, None),
    ],
)
def test_warnings_before_an_end(left: int, stage: Stage, step: int | None) -> None:
    end = TODAY + timedelta(days=left)
    assert rules.stage_of(end, TODAY, (60, 30, 7)) is stage
    assert rules.step_of(end, TODAY, (60, 30, 7)) == step


def test_what_does_not_end_is_fine() -> None:
    assert rules.stage_of(None, TODAY, (60, 30, 7)) is Stage.FINE


def test_nothing_bought_is_no_share() -> None:
    """Fault: a supplier created on the last day of a month; 100 % must not come from nothing."""
    assert rules.share_of([], 30).percent is None
    assert rules.share_of([(100, None), (None, Money(0))], 30).percent is None


def test_the_share_says_the_unknown_separately() -> None:
    share = rules.share_of(
        [(30_000, Money(6000)), (30_001, Money(3000)), (None, Money(1000)), (5, None)], 30
    )
    assert share == Share(Money(6000), Money(3000), Money(1000), 1)
    assert share.percent == Decimal("60.0")


@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 60_000), st.none() | st.integers(0, 10**7).map(Money)),
        max_size=12,
    )
)
def test_the_share_adds_up_and_is_whole_for_all_only(
    bought: list[tuple[int | None, Money | None]],
) -> None:
    share = rules.share_of(bought, 30)
    assert share.total.fen == sum(amount.fen for _metres, amount in bought if amount is not None)
    assert share.unpriced == sum(amount is None for _metres, amount in bought)
    if share.percent is not None:
        assert 0 <= share.percent <= 100
        assert (share.percent == 100) == (share.local == share.total)
