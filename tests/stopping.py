"""Looking at all books at once, and stopping a save at any statement (reliability B1, B5)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from lib.db import schema
from lib.shop.shop import Shop

MOST_STATEMENTS = 200


class Stopped(BaseException):
    """What a stopped script run looks like from inside: not an ``Exception``."""


def everything(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables, as the database keeps them."""
    with shop.read() as connection:
        cursor = connection.connection.cursor()
        found = {}
        for table in schema.metadata.sorted_tables:
            cursor.execute(f"SELECT * FROM {table.name}")
            found[table.name] = list(cursor.fetchall())
        cursor.close()
    return found


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


def leaves_nothing_when_stopped(shop: Shop, act: Callable[[Shop], object]) -> int:
    """Stop ``act`` before each of its statements in turn; return how many it has.

    Each time the books are as before; at last it is done to its end.
    """
    before = everything(shop)
    for number in range(1, MOST_STATEMENTS):
        with stopping_at(shop, number) as count:
            try:
                act(shop)
                break
            except Stopped:
                pass
        assert everything(shop) == before, f"stopped at statement {number}"
    assert everything(shop) != before
    return count[0]
