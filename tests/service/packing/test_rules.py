"""Packaging material: what a bag takes, how long what is left will do, when to buy (R25)."""

from dataclasses import replace
from datetime import date

import pytest

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.service.packing import rules
from lib.service.packing.rules import MaterialStock
from lib.service.packing.texts import proposed
from lib.shop.settings import Settings
from lib.trade.packaging.rules import Packaging
from tests.service.cast import line

BAG, ICE, WRAP = Packaging.FRESHNESS_BAG, Packaging.ICE_PACK, Packaging.BUBBLE_WRAP
SUMMER, WINTER = date(2026, 7, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("lines", "day", "expected"),
    [
        ([line(fresh=True)], SUMMER, (1, 1, 0)),
        ([line(fresh=True)], WINTER, (1, 0, 0)),
        ([line(fresh=True), line(id=2, fresh=True)], SUMMER, (1, 1, 0)),
        ([line(fragile=True)], SUMMER, (0, 0, 1)),
        ([line(fresh=True, fragile=True)], WINTER, (1, 0, 1)),
        ([line()], SUMMER, (0, 0, 0)),
        ([line(fresh=True, handed=1000)], SUMMER, (0, 0, 0)),
        ([line(fresh=True, cancelled=True)], SUMMER, (0, 0, 0)),
    ],
)
def test_one_of_each_that_is_needed(
    lines: list[rules.Line], day: date, expected: tuple[int, int, int]
) -> None:
    found = rules.ruled(lines, Settings(), day)
    assert (found[BAG], found[ICE], found[WRAP]) == expected


def stands(**values: object) -> MaterialStock:
    plain = MaterialStock(BAG, 100, 56, 28, 20, True, True, Money(8))
    return replace(plain, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "lasts"),
    [
        ({}, 50),
        ({"on_hand": 1}, 0),
        ({"on_hand": 0}, 0),
        ({"on_hand": -5}, 0),
        ({"on_hand": None}, None),
        ({"used": 0}, None),
    ],
)
def test_how_long_it_lasts(values: dict[str, object], lasts: int | None) -> None:
    assert stands(**values).lasts == lasts


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({"on_hand": 21}, False),
        ({"on_hand": 20}, True),
        ({"on_hand": -1}, True),
        ({"on_hand": None}, False),
        ({"on_hand": 1, "in_season": False}, False),
        ({"on_hand": 1, "in_use": False}, False),
        ({"on_hand": 0, "reorder_at": 0}, True),
    ],
)
def test_when_it_is_to_be_bought(values: dict[str, object], due: bool) -> None:
    assert stands(**values).is_due is due


def test_only_ice_packs_have_a_season() -> None:
    settings = Settings()
    assert not rules.in_season(ICE, settings, WINTER)
    assert rules.in_season(ICE, settings, SUMMER)
    assert rules.in_season(BAG, settings, WINTER)


def test_what_is_ordered_lasts_eight_weeks_and_beyond_the_reorder_point() -> None:
    assert proposed(stands(used=280)) == 600
    assert proposed(stands(used=0, reorder_at=100)) == 200
    assert proposed(stands(used=0, reorder_at=0)) == 100


@pytest.mark.parametrize("pieces", [None, 0, -1, rules.MOST_PIECES + 1])
def test_a_number_of_pieces_is_needed(pieces: int | None) -> None:
    with pytest.raises(Refused):
        rules.checked_pieces(pieces)


def test_a_count_may_be_zero() -> None:
    assert rules.checked_pieces(0, zero=True) == 0


def test_a_bag_holds_only_so_many() -> None:
    assert rules.checked_packed({ICE: rules.MOST_IN_A_BAG}) == {ICE: rules.MOST_IN_A_BAG}
    with pytest.raises(Refused):
        rules.checked_packed({ICE: rules.MOST_IN_A_BAG + 1})


def test_a_piece_is_rounded_half_up() -> None:
    assert rules.piece_cost(Money(905), 100) == Money(9)
    assert rules.piece_cost(Money(950), 100) == Money(10)
