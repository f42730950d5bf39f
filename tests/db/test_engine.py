"""A transaction that broke off leaves nothing that stands in the way of the next (B5, B14)."""

import pytest
from sqlalchemy import event, text

from lib.db.engine import Store


class Stopped(BaseException):
    """What a stopped script run looks like from inside: not an ``Exception``."""


@pytest.fixture
def numbers(sqlite_store: Store) -> Store:
    with sqlite_store.write() as connection:
        connection.execute(text("CREATE TABLE number (value INTEGER)"))
        connection.execute(text("INSERT INTO number VALUES (1), (2), (3)"))
    return sqlite_store


def broken_off(store: Store, side: str) -> BaseException:
    """Stop while a result is half read; what was raised keeps that result alive."""
    try:
        with getattr(store, side)() as connection:
            rows = connection.execute(text("SELECT value FROM number"))
            assert next(rows)
            raise Stopped
    except Stopped as stopped:
        return stopped


@pytest.mark.parametrize("side", ["write", "read"])
def test_a_result_half_read_locks_nobody_out(numbers: Store, side: str) -> None:
    stopped = broken_off(numbers, side)
    with numbers.write() as connection:
        connection.execute(text("INSERT INTO number VALUES (4)"))
    with numbers.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM number")).scalar() == 4
    assert isinstance(stopped, Stopped)


def test_a_statement_stopped_beside_a_result_half_read_keeps_no_lock(numbers: Store) -> None:
    def stop(*_: object) -> None:
        raise Stopped

    with pytest.raises(Stopped) as caught, numbers.write() as connection:
        rows = connection.execute(text("SELECT value FROM number"))
        assert next(rows)
        connection.execute(text("INSERT INTO number VALUES (6)"))
        event.listen(connection, "before_cursor_execute", stop)
        connection.execute(text("INSERT INTO number VALUES (7)"))
    with numbers.write() as connection:
        assert connection.execute(text("SELECT max(value) FROM number")).scalar() == 3
    assert caught.value


def test_what_a_broken_transaction_wrote_is_gone(numbers: Store) -> None:
    with pytest.raises(Stopped), numbers.write() as connection:
        connection.execute(text("INSERT INTO number VALUES (5)"))
        raise Stopped
    with numbers.write() as connection:
        assert connection.execute(text("SELECT max(value) FROM number")).scalar() == 3
