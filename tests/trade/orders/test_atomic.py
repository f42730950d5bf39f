"""Booking a chain or a file is all or nothing, wherever it stops (E1; reliability B5, E3)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.orders import commands
from lib.trade.orders.rules import Cancellation, Change, Wanted
from tests.trade.orders.cast import EGGS, GREENS, TOFU, open_friday
from tests.trade.orders.test_orders import chain, keyed


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """The statements are the same on both databases; stopping at each of them is slow enough."""
    return sqlite_store


class Stopped(BaseException):
    """What a stopped script run looks like from inside: not an ``Exception``."""


def everything(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    with shop.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]
            for table in schema.metadata.sorted_tables
        }


@contextmanager
def stopping_at(shop: Shop, number: int) -> Iterator[list[int]]:
    """Raise before the ``number``-th statement of the writer; yields the running count."""
    count = [0]

    def before(*_: object) -> None:
        count[0] += 1
        if count[0] == number:
            raise Stopped

    event.listen(shop.store.writer, "before_cursor_execute", before)
    try:
        yield count
    finally:
        event.remove(shop.store.writer, "before_cursor_execute", before)


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
    before = everything(shop)
    for number in range(1, 200):
        with stopping_at(shop, number) as count:
            try:
                commands.book_intake(shop, round_id, booking)
                break
            except Stopped:
                pass
        assert everything(shop) == before, f"stopped at statement {number}"
    assert count[0] > 15
    assert everything(shop) != before
