"""The people and goods of the tests of gifts."""

import pytest

from lib.shop.shop import Shop
from tests.members.gifts.cast import Folk, set_up


@pytest.fixture
def folk(shop: Shop) -> Folk:
    """小李 and 王姐 behind one door, 老陈 and 路人; honey, tea and eggs."""
    return set_up(shop)
