"""Visiting the shop's doors while its books are open."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.shop import opening
from lib.shop.opening import Premises
from lib.shop.place import Place
from lib.web.headers import SecurityHeaders


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """Doors are opened on SQLite; what differs between databases is tested below them."""
    return sqlite_store


@pytest.fixture
def books(store: Store, place: Place, clock: FixedClock) -> Iterator[Premises]:
    """The open books of this process, closed afterwards."""
    opening.move_into(Premises(place, store, clock))
    yield opening.premises()
    opening.move_into(None)


@contextmanager
def visiting(routes: Sequence[BaseRoute]) -> Iterator[TestClient]:
    """Visit ``routes`` as a Chinese browser that takes nothing compressed."""
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
    with TestClient(app) as client:
        client.headers["accept-language"] = "zh-CN"
        client.headers["accept-encoding"] = "identity"
        yield client
