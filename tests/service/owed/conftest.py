"""Residents who are owed something."""

import pytest

from lib.shop.shop import Shop
from tests.service.owed.cast import Owing, set_up


@pytest.fixture
def owing(shop: Shop) -> Owing:
    """小李 and 王姐, eggs and greens in stock."""
    return set_up(shop)
