"""The demo shop, filled once for all tests here: they only look at it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lib import demo
from lib.kernel.clock import FixedClock
from lib.shop.opening import Premises, open_books
from lib.shop.place import Place
from lib.shop.shop import Actor, Role, Shop

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OWNER = Actor(1, "芳姐", Role.OWNER)
STAFF = Actor(2, "小吴", Role.STAFF)

Fill = Callable[[Path], Premises]


def filled(folder: Path, now: datetime = NOW) -> Premises:
    """Return the demo shop filled in ``folder`` as it stands at ``now``; its store is open."""
    place, clock = Place.at(folder, demo=True), FixedClock(now)
    premises = Premises(place, open_books(place, clock), clock)
    demo.fill(premises)
    return premises


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    """The demo shop of a Sunday afternoon."""
    premises = filled(tmp_path_factory.mktemp("demo"))
    yield premises
    premises.store.close()


@pytest.fixture
def owner(books: Premises) -> Shop:
    """The demo shop as its owner sees it."""
    return books.shop(OWNER)
