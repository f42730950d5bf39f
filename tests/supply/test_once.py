"""Every command of supply twice, and stopped half way (reliability B1, B2, B5, B11).

A double click, a second tab and a retry bring the same form key: the second save changes nothing.
A program that stops between two statements of a save leaves nothing of it.
"""

import inspect
import pkgutil
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

import lib.supply
from lib.db import schema
from lib.db.engine import open_store
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Actor, FormKey, Repeated, Role, Shop
from tests.conftest import NOW, add_person
from tests.supply.acts import ACTS, Stage, set_the_stage
from tests.trade.orders.test_atomic import Stopped, stopping_at

HEAVY = (
    "purchasing.add_orders",
    "purchasing.receiving.receive",
    "purchasing.receiving.undo_receiving",
    "purchasing.shortage.apply_split",
    "statements.close_statement",
    "recall.start_recall",
    "past.import_past",
    "stock.shelf.take_return",
    "stock.shelf.count",
    "labels.add_label",
)
"""Commands of many statements, which could leave a half behind."""


@dataclass(frozen=True)
class Made:
    """Books made once: their folder, the stage they hold, and the owner."""

    folder: Path
    stage: Stage
    owner: Actor


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Made:
    place = Place.at(tmp_path_factory.mktemp("stage") / "data")
    place.prepare()
    shutil.copy(sqlite_template, place.folder / "shop.db")
    store = open_store(place.database_url)
    owner = add_person(store, "fang", "芳姐", Role.OWNER)
    stage = set_the_stage(shop_for(store, place, FixedClock(NOW), owner))
    store.checkpoint()
    store.close()
    return Made(place.folder, stage, owner)


@pytest.fixture
def shop(made: Made, tmp_path: Path) -> Iterator[Shop]:
    """A copy of the books. On SQLite: the keys are tested on both databases in tests/shop."""
    place = Place.at(tmp_path / "data")
    shutil.copytree(made.folder, place.folder)
    store = open_store(place.database_url)
    yield shop_for(store, place, FixedClock(NOW + timedelta(hours=1)), made.owner)
    store.close()


@pytest.fixture
def stage(made: Made) -> Stage:
    return made.stage


def everything(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    with closing(sqlite3.connect(shop.place.folder / "shop.db")) as database:
        return {
            table.name: database.execute(f"SELECT * FROM {table}").fetchall()
            for table in schema.metadata.sorted_tables
        }


def commands() -> set[str]:
    """Return every write of supply by module and name."""
    found = set()
    for module in pkgutil.walk_packages(lib.supply.__path__, "lib.supply."):
        if module.name.endswith(".commands"):
            for name, made in vars(import_module(module.name)).items():
                own = inspect.isfunction(made) and made.__module__ == module.name
                if own and not name.startswith("_"):
                    topic = module.name.removeprefix("lib.supply.").removesuffix(".commands")
                    if next(iter(inspect.signature(made).parameters), "") == "shop":
                        found.add(f"{topic}.{name}")
    return found


def test_every_command_stands_in_the_table() -> None:
    assert commands() == set(ACTS)


@pytest.mark.parametrize("name", ACTS)
def test_the_same_form_saved_twice_changes_the_books_once(
    shop: Shop, stage: Stage, name: str
) -> None:
    bound = shop.once(FormKey.of("form", name))
    before = everything(shop)
    ACTS[name](bound, stage)
    after = everything(shop)
    assert after != before
    with pytest.raises(Repeated):
        ACTS[name](bound, stage)
    assert everything(shop) == after
    with pytest.raises(Conflict):
        ACTS[name](shop.once(FormKey.of("form", "other values")), stage)
    assert everything(shop) == after


@pytest.mark.parametrize("name", HEAVY)
def test_a_command_stopped_at_any_statement_leaves_nothing(
    shop: Shop, stage: Stage, name: str
) -> None:
    bound = shop.once(FormKey.of("form", name))
    before = everything(shop)
    for number in range(1, 200):
        with stopping_at(shop, number) as count:
            try:
                ACTS[name](bound, stage)
                break
            except Stopped:
                pass
        assert everything(shop) == before, f"stopped at statement {number}"
    assert count[0] > 5
    assert everything(shop) != before
