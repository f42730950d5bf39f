"""Residents who bought something, for the tests of after-sales."""

import pytest

from lib.shop.shop import Shop
from tests.service.after_sales.cast import Bought, buy


@pytest.fixture
def bought(shop: Shop) -> Bought:
    """Two residents with purchases of yesterday."""
    return buy(shop)
