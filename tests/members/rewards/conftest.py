"""Residents with points."""

import pytest

from lib.shop.shop import Shop
from tests.members.rewards.cast import Giving, set_up


@pytest.fixture
def giving(shop: Shop) -> Giving:
    """小李 with 650 points, eggs and a coupon to be had for them."""
    return set_up(shop)
