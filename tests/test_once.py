"""Every command of supply, trust, service and messages: twice, stopped half way, and by whom.

A double click, a second tab and a retry bring the same form key: the second save changes nothing
(reliability B1, B2, B3, B7). A program that stops between two statements of a save leaves nothing
of it (B5). What is the owner's is refused to staff, everything is refused to residents (C12); the
rest is done by staff here.
"""

import ast
import inspect
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lib.db.engine import open_store
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, Refused
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import RESIDENT, Actor, FormKey, Repeated, Role, Shop
from tests.conftest import NOW, add_person
from tests.members.birthdays.acts import BIRTHDAYS
from tests.members.clean_up.acts import CLEAN_UP
from tests.members.consents.acts import CONSENTS
from tests.members.erasure.acts import ERASURE
from tests.members.gifts.acts import GIFTS
from tests.members.habits.acts import HABITS
from tests.members.points.acts import POINTS
from tests.members.profiles.acts import PROFILES
from tests.members.profiles.openings_acts import OPENINGS
from tests.members.rewards.acts import REWARDS
from tests.once import Topic
from tests.service.after_sales.acts import CASES
from tests.service.delivery.acts import DELIVERY
from tests.service.ledger.acts import LEDGER
from tests.service.owed.acts import OWED
from tests.service.packing.acts import PACKING
from tests.service.picking.acts import PICKING
from tests.service.pickup.acts import PICKUP
from tests.service.reminders.acts import REMINDERS
from tests.shop.messages.acts import MESSAGES, POSTS
from tests.stopping import everything, leaves_nothing_when_stopped
from tests.supply.acts import SUPPLY
from tests.trust.community.acts import COMMUNITY
from tests.trust.costs.acts import COSTS
from tests.trust.demands.acts import DEMANDS
from tests.trust.welfare.acts import WELFARE

ROOT = Path(__file__).parents[1]
TOPICS = (
    SUPPLY, COSTS, DEMANDS, WELFARE, COMMUNITY, MESSAGES, POSTS,
    CASES, REMINDERS, PACKING, PICKUP, PICKING, DELIVERY, LEDGER, OWED, POINTS, REWARDS,
    BIRTHDAYS, CONSENTS, OPENINGS, PROFILES, CLEAN_UP,
    ERASURE, GIFTS, HABITS,
)  # fmt: skip
WALKED = ("lib.supply", "lib.trust", "lib.service", "lib.members", "lib.shop.messages")
"""Packages of which every command stands in the table of a topic."""


def each(names: Callable[[Topic], Any]) -> pytest.MarkDecorator:
    """Run a test with each of the ``names`` of every topic."""
    found = [(topic, name) for topic in TOPICS for name in sorted(names(topic))]
    ids = [f"{topic.root.removeprefix('lib.')}.{name}" for topic, name in found]
    return pytest.mark.parametrize(("topic", "name"), found, ids=ids)


@dataclass(frozen=True)
class Made:
    """Books made once: their folder, the stage they hold, and who works in the shop."""

    folder: Path
    stage: Any
    owner: Actor
    staff: Actor


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Callable[[Topic], Made]:
    """Return the books of a topic, which are made when first asked for."""

    def make(root: str) -> Made:
        topic = next(each for each in TOPICS if each.root == root)
        place = Place.at(tmp_path_factory.mktemp("stage") / "data")
        place.prepare()
        shutil.copy(sqlite_template, place.folder / "shop.db")
        store = open_store(place.database_url)
        owner = add_person(store, "fang", "芳姐", Role.OWNER)
        staff = add_person(store, "xiaowu", "小吴", Role.STAFF)
        stage = topic.set_the_stage(shop_for(store, place, FixedClock(NOW), owner))
        store.checkpoint()
        store.close()
        return Made(place.folder, stage, owner, staff)

    kept = cache(make)
    return lambda topic: kept(topic.root)


@dataclass(frozen=True)
class Set:
    """A copy of the books of a topic, before the owner."""

    shop: Shop
    stage: Any
    staff: Actor


@pytest.fixture
def books(made: Callable[[Topic], Made], topic: Topic, tmp_path: Path) -> Iterator[Set]:
    """A copy of the books. On SQLite: the keys are tested on both databases in tests/shop."""
    of = made(topic)
    place = Place.at(tmp_path / "copy")
    shutil.copytree(of.folder, place.folder)
    store = open_store(place.database_url)
    shop = shop_for(store, place, FixedClock(NOW + timedelta(hours=1)), of.owner)
    yield Set(shop, of.stage, of.staff)
    store.close()


def commands(root: str) -> set[str]:
    """Return every write of a package by module and name."""
    found = set()
    for module in pkgutil.walk_packages(import_module(root).__path__, f"{root}."):
        if not module.name.endswith(".commands"):
            continue
        for name, does in vars(import_module(module.name)).items():
            own = inspect.isfunction(does) and does.__module__ == module.name
            if own and not name.startswith("_") and _first(does) == "shop":
                found.add(f"{module.name.removesuffix('.commands')}.{name}")
    return found


def _first(does: Callable[..., object]) -> str:
    return next(iter(inspect.signature(does).parameters), "")


def test_every_command_stands_in_a_table() -> None:
    listed = {
        f"{topic.root}.{name}"
        for topic in TOPICS
        if topic.root.startswith(WALKED)
        for name in (*topic.acts, *(topic.otherwise or {}))
    }
    assert set().union(*map(commands, WALKED)) == listed


def test_what_stands_in_no_table_has_a_test_of_its_own() -> None:
    for topic in TOPICS:
        for test in (topic.otherwise or {}).values():
            path, name = test.split("::")
            tree = ast.parse((ROOT / path).read_text("utf-8"))
            assert name in {each.name for each in ast.walk(tree) if hasattr(each, "name")}


@each(lambda topic: topic.acts)
def test_the_same_form_saved_twice_changes_the_books_once(
    books: Set, topic: Topic, name: str
) -> None:
    act = topic.acts[name]
    shop = books.shop if name in topic.owner_only else books.shop.acting(books.staff)
    bound = shop.once(FormKey.of("form", name))
    before = everything(shop)
    act(bound, books.stage)
    after = everything(shop)
    assert after != before
    with pytest.raises(Repeated):
        act(bound, books.stage)
    with pytest.raises(Conflict):
        act(shop.once(FormKey.of("form", "other values")), books.stage)
    assert everything(shop) == after


@each(lambda topic: topic.heavy)
def test_a_command_stopped_at_any_statement_leaves_nothing(
    books: Set, topic: Topic, name: str
) -> None:
    bound = books.shop.once(FormKey.of("form", name))
    assert leaves_nothing_when_stopped(bound, lambda shop: topic.acts[name](shop, books.stage)) > 3


@pytest.mark.postgresql
@each(lambda topic: topic.both)
def test_stopped_on_postgresql_it_leaves_nothing_either(
    request: pytest.FixtureRequest, place: Place, topic: Topic, name: str
) -> None:
    store = request.getfixturevalue("postgres_store")
    owner = add_person(store, "fang", "芳姐", Role.OWNER)
    shop = shop_for(store, place, FixedClock(NOW), owner)
    stage = topic.set_the_stage(shop)
    bound = shop.once(FormKey.of("form", name))
    assert leaves_nothing_when_stopped(bound, lambda shop: topic.acts[name](shop, stage)) > 3


@pytest.mark.parametrize("who", ["staff", "residents"])
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.root)
def test_who_may_not_is_refused_and_nothing_changes(books: Set, topic: Topic, who: str) -> None:
    shop = books.shop.acting(books.staff if who == "staff" else RESIDENT)
    before = everything(shop)
    for name in topic.owner_only if who == "staff" else topic.acts:
        with pytest.raises(Refused):
            topic.acts[name](shop, books.stage)
        assert everything(shop) == before, name
