"""Booking a chain or a file is all or nothing, wherever it stops (E1; reliability B5, E3)."""

import pytest

from lib.db.engine import Store
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.orders import commands
from lib.trade.orders.rules import Cancellation, Change, Wanted
from tests.stopping import leaves_nothing_when_stopped
from tests.trade.orders.cast import EGGS, GREENS, TOFU, open_friday
from tests.trade.orders.test_orders import chain, keyed


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """The statements are the same on both databases; stopping at each of them is slow enough."""
    return sqlite_store


def test_an_intake_stopped_at_any_statement_leaves_nothing(shop: Shop) -> None:
    round_id = open_friday(shop, household_limit=1000)
    first = commands.book_intake(
        shop,
        round_id,
        chain([keyed("a", "小李", Wanted(EGGS, 1000)), keyed("b", "王姐", Wanted(TOFU, 1))]),
    )
    booking = chain(
        [
            keyed("c", "老陈", Wanted(GREENS, 1), phone="13800138000"),
            keyed("d", "小李", Wanted(EGGS, 500), gross=Money(300), refunded=Money(100)),
        ],
        "b",
        basis=first.intake_id,
        changes=[Change(first.added[0], 1, keyed("a", "小李", Wanted(TOFU, 2)))],
        cancellations=[Cancellation(first.added[1], 1, "no longer in the chain")],
    )
    count = leaves_nothing_when_stopped(
        shop, lambda shop: commands.book_intake(shop, round_id, booking)
    )
    assert count > 15
