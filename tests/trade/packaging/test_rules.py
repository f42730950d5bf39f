"""Which material a bag needs and what it costs (R25)."""

from datetime import date

import pytest

from lib.kernel.money import Money
from lib.shop.settings import Settings
from lib.trade.packaging.rules import Packaging, cost_of, is_warm, material_on


@pytest.mark.parametrize(
    ("month", "first", "last", "warm"),
    [
        (4, 5, 10, False),
        (5, 5, 10, True),
        (10, 5, 10, True),
        (11, 5, 10, False),
        (12, 11, 2, True),  # a southern season over the new year
        (2, 11, 2, True),
        (3, 11, 2, False),
        (7, 7, 7, True),
    ],
)
def test_warm_months(month: int, first: int, last: int, warm: bool) -> None:
    assert is_warm(month, first, last) is warm


def test_material_follows_season_and_settings() -> None:
    summer, winter = date(2026, 7, 1), date(2026, 12, 1)
    assert material_on(Settings(), summer) == tuple(Packaging)
    assert Packaging.ICE_PACK not in material_on(Settings(), winter)
    none = Settings(freshness_bag=False, ice_pack=False, bubble_wrap=False)
    assert material_on(none, summer) == ()


def test_each_material_has_its_own_cost() -> None:
    settings = Settings(
        freshness_bag_cost=Money(10), ice_pack_cost=Money(35), bubble_wrap_cost=Money(20)
    )
    assert [cost_of(material, settings).fen for material in Packaging] == [10, 35, 20]
