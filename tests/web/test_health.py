"""Whether the shop works: a backup of the last day is part of it (reliability E12, R19)."""

from datetime import timedelta

import pytest

from lib.kernel.clock import FixedClock
from lib.shop import backup
from lib.shop.opening import Premises
from lib.shop.upkeep import FIRST_BACKUP, OLDEST_BACKUP, examine


def look(books: Premises, clock: FixedClock, **later: float) -> tuple[bool, int | None]:
    clock.forward(seconds=timedelta(**later).total_seconds())
    found = examine(books)
    assert found.good is found.parts["backup"]
    return found.parts["backup"], found.backup_hours


def test_a_backup_older_than_26_hours_is_named(books: Premises, clock: FixedClock) -> None:
    assert look(books, clock) == (True, None)  # the program just began
    backup.keep(books.place, clock.now())
    assert look(books, clock, hours=2) == (True, 2)
    assert look(books, clock, hours=24) == (True, 26)
    assert look(books, clock, seconds=6) == (False, 26)
    backup.keep(books.place, clock.now())
    assert look(books, clock, seconds=6) == (True, 0)


def test_a_shop_that_never_made_one_is_named_an_hour_after_the_start(
    books: Premises, clock: FixedClock
) -> None:
    assert look(books, clock) == (True, None)
    assert look(books, clock, seconds=FIRST_BACKUP.total_seconds() - 1) == (True, None)
    assert look(books, clock, seconds=6) == (False, None)


def test_a_shop_that_was_off_has_time_to_make_one(books: Premises, clock: FixedClock) -> None:
    backup.keep(books.place, clock.now())
    clock.forward(seconds=3 * OLDEST_BACKUP.total_seconds())
    assert look(books, clock) == (True, 78)
    assert look(books, clock, hours=1) == (False, 79)


def test_postgresql_has_tools_of_its_own(
    books: Premises, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "is_own", lambda _place: False)
    look(books, clock)
    assert look(books, clock, hours=30) == (True, None)
