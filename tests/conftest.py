"""The cast and the stage of all tests.

``shop`` is the owner's shop on a real database: every test that takes it runs on SQLite and again
on PostgreSQL. ``staff_shop`` and ``resident_shop`` are the same books seen by others. Time stands
still at :data:`NOW` until a test moves ``clock``.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import insert

from lib.db import migrations, schema
from lib.db.engine import Store, open_store
from lib.kernel.clock import FixedClock
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import RESIDENT, Actor, Role, Shop
from tests.postgres import Cluster, empty, find_server, start_cluster

NOW = datetime(2026, 9, 25, 2, 30, tzinfo=UTC)
"""Friday 25 September 2026, 10:30 in the shop."""

# How fast a busy machine finds and tries examples says nothing about the program.
settings.register_profile(
    "linli", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("linli")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what drives a browser last: its event loop stays in the main thread until the end."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "shop.db"
    store = open_store(f"sqlite:///{path}")
    migrations.upgrade(store, NOW)
    store.checkpoint()
    store.close()
    return path


@pytest.fixture(scope="session")
def postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if find_server() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no PostgreSQL server programs on this machine")
        pytest.skip("no PostgreSQL server programs on this machine")
    cluster = start_cluster()
    store = open_store(cluster.url)
    migrations.upgrade(store, NOW)
    store.close()
    yield cluster
    cluster.stop()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    here = Place.at(tmp_path / "data")
    here.prepare()
    return here


@pytest.fixture
def sqlite_store(place: Place, sqlite_template: Path) -> Iterator[Store]:
    shutil.copy(sqlite_template, place.folder / "shop.db")
    store = open_store(place.database_url)
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres_books(postgres_cluster: Cluster) -> Iterator[Store]:
    """One store for all tests: connecting and compiling every statement anew would cost most."""
    store = open_store(postgres_cluster.url)
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres_books: Store) -> Store:
    with postgres_books.write() as connection:
        empty(connection)
    return postgres_books


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store(request: pytest.FixtureRequest) -> Store:
    """The same test on both databases."""
    name = "sqlite_store" if request.param == "sqlite" else "postgres_store"
    return request.getfixturevalue(name)


def add_person(store: Store, login: str, name: str, role: Role) -> Actor:
    """Put a person into the books without a usable password."""
    with store.write() as connection:
        row = connection.execute(
            insert(schema.person)
            .values(
                login=login,
                name=name,
                role=role,
                password_hash="-",
                must_change_password=False,
                active=True,
                created_at=NOW,
                password_changed_at=NOW,
            )
            .returning(schema.person.c.id)
        )
        return Actor(row.scalar_one(), name, role)


@pytest.fixture
def owner(store: Store) -> Actor:
    return add_person(store, "fang", "芳姐", Role.OWNER)


@pytest.fixture
def staff(store: Store) -> Actor:
    return add_person(store, "xiaowu", "小吴", Role.STAFF)


@pytest.fixture
def shop(store: Store, place: Place, clock: FixedClock, owner: Actor) -> Shop:
    return shop_for(store, place, clock, owner)


@pytest.fixture
def staff_shop(shop: Shop, staff: Actor) -> Shop:
    return shop.acting(staff)


@pytest.fixture
def resident_shop(shop: Shop) -> Shop:
    return shop.acting(RESIDENT)
