"""Every command of the group calendar twice, and stopped half way (reliability B1, B2, B5, B11)."""

import inspect
import pkgutil
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

import lib.trust.community
from lib.db.engine import open_store
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict
from lib.kernel.money import Money
from lib.shop.files import intake
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Actor, FormKey, Repeated, Role, Shop
from lib.trust.community.activities import commands as activities
from lib.trust.community.activities.queries import tasks
from lib.trust.community.photos import commands as photos
from lib.trust.community.photos.rules import Details as Photo
from lib.trust.community.tips import commands as tips
from lib.trust.community.tips.rules import Details as Tip
from lib.trust.community.tips.rules import Kind
from lib.trust.community.topics import commands as topics
from lib.trust.community.topics.rules import Details as Topic
from lib.trust.community.topics.rules import NewAnswer
from tests.conftest import NOW, add_person
from tests.service.cast import TODAY, add_member, add_product
from tests.shop.files import samples
from tests.supply.test_once import everything
from tests.trade.orders.test_atomic import Stopped, stopping_at
from tests.trust.community.cast import YESTERDAY, add_activity, add_photo, add_topic, answer, plan


@dataclass(frozen=True)
class Stage:
    """Ids of what stands in the books, by a word; ``taken`` is a photo put in place, unbooked."""

    ids: Mapping[str, int]
    taken: intake.Taken

    def __getattr__(self, name: str) -> int:
        return self.ids[name]


Act = Callable[[Shop, Stage], object]

ACTS: dict[str, Act] = {
    "activities.add_activity": lambda s, on: activities.add_activity(s, plan(), [on.eggs]),
    "activities.change_activity": lambda s, on: activities.change_activity(
        s, on.activity, 1, plan(title="换个名字"), [on.eggs]
    ),
    "activities.set_tasks": lambda s, on: activities.set_tasks(s, on.activity, 1, ["一", "二"]),
    "activities.tick_task": lambda s, on: activities.tick_task(s, on.task, 1, done=True),
    "activities.hold_activity": lambda s, on: activities.hold_activity(
        s, on.activity, 1, 12, Money(900)
    ),
    "activities.cancel_activity": lambda s, on: activities.cancel_activity(
        s, on.activity, 1, "下雨"
    ),
    "activities.plan_again": lambda s, on: activities.plan_again(s, on.cancelled, 2),
    "activities.add_guests": lambda s, on: activities.add_guests(s, on.activity, [on.wang]),
    "activities.remove_guest": lambda s, on: activities.remove_guest(s, on.activity, on.li),
    "photos.add_photo": lambda s, on: photos.add_photo(s, on.activity, on.taken, Photo(False)),
    "photos.change_photo": lambda s, on: photos.change_photo(
        s, on.photo, 1, Photo(True, "灯笼", "妈妈，微信")
    ),
    "photos.publish_photo": lambda s, on: photos.publish_photo(s, on.agreed, 1),
    "photos.withdraw_photo": lambda s, on: photos.withdraw_photo(s, on.published, 2),
    "photos.remove_photo": lambda s, on: photos.remove_photo(s, on.photo, 1),
    "tips.fill_bank": lambda s, on: tips.fill_bank(s),
    "tips.add_tip": lambda s, on: tips.add_tip(s, Tip(Kind.COOKING, "又一条")),
    "tips.change_tip": lambda s, on: tips.change_tip(s, on.tip, 1, Tip(Kind.SEASON, "改", 3, 5)),
    "tips.archive_tip": lambda s, on: tips.archive_tip(s, on.tip, 1),
    "tips.send_tip": lambda s, on: tips.send_tip(s, on.tip, "【今日小贴士】"),
    "topics.plan_topic": lambda s, on: topics.plan_topic(s, Topic("又问？", TODAY)),
    "topics.change_topic": lambda s, on: topics.change_topic(s, on.topic, 1, Topic("改？", TODAY)),
    "topics.drop_topic": lambda s, on: topics.drop_topic(s, on.unasked, 1),
    "topics.close_topic": lambda s, on: topics.close_topic(s, on.topic, 1),
    "topics.add_answers": lambda s, on: topics.add_answers(
        s, on.topic, [NewAnswer("小李", "榴莲"), NewAnswer("", "山竹")]
    ),
    "topics.remove_answer": lambda s, on: topics.remove_answer(s, on.answer),
    "topics.make_demand": lambda s, on: topics.make_demand(s, [on.answer, on.other], "草莓"),
}
HEAVY = (
    "activities.add_activity",
    "activities.set_tasks",
    "tips.send_tip",
    "topics.make_demand",
    "photos.add_photo",
)
"""Commands of many statements, which could leave a half behind."""


def set_the_stage(shop: Shop) -> Stage:
    ids = {"eggs": add_product(shop, "土鸡蛋"), "li": add_member(shop, "小李")}
    ids["wang"] = add_member(shop, "王姐")
    ids["activity"] = this = add_activity(shop, YESTERDAY)
    ids["task"] = tasks(shop, this)[0].id
    activities.add_guests(shop, this, [ids["li"]])
    ids["cancelled"] = add_activity(shop)
    activities.cancel_activity(shop, ids["cancelled"], 1, "下雨")
    ids["photo"] = add_photo(shop, this, side=80)
    ids["agreed"] = add_photo(shop, this, consent="妈妈，微信", side=90)
    ids["published"] = add_photo(shop, this, children=False, side=100)
    photos.publish_photo(shop, ids["published"], 1)
    ids["tip"] = tips.add_tip(shop, Tip(Kind.COOKING, "一条"))
    ids["topic"], ids["unasked"] = add_topic(shop), add_topic(shop, "没问过？")
    ids["answer"], ids["other"] = answer(shop, ids["topic"], ("小李", "草莓"), ("王姐", "大草莓"))
    return Stage(ids, intake.put(shop, samples.photo((110, 60)), "b.jpg"))


@dataclass(frozen=True)
class Made:
    """Books made once: their folder, the stage they hold, and the owner."""

    folder: Path
    stage: Stage
    owner: Actor


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Made:
    place = Place.at(tmp_path_factory.mktemp("group") / "data")
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


def commands() -> set[str]:
    """Return every write of the group calendar by module and name."""
    found = set()
    root = "lib.trust.community."
    for module in pkgutil.walk_packages(lib.trust.community.__path__, root):
        if module.name.endswith(".commands"):
            for name, made_ in vars(import_module(module.name)).items():
                own = inspect.isfunction(made_) and made_.__module__ == module.name
                if own and not name.startswith("_"):
                    topic = module.name.removeprefix(root).removesuffix(".commands")
                    if next(iter(inspect.signature(made_).parameters), "") == "shop":
                        found.add(f"{topic}.{name}")
    return found


def test_every_command_stands_in_the_table() -> None:
    assert commands() == set(ACTS)


@pytest.mark.parametrize("name", ACTS)
def test_the_same_form_saved_twice_changes_the_books_once(
    shop: Shop, made: Made, name: str
) -> None:
    bound = shop.once(FormKey.of("form", name))
    before = everything(shop)
    ACTS[name](bound, made.stage)
    after = everything(shop)
    assert after != before
    with pytest.raises(Repeated):
        ACTS[name](bound, made.stage)
    with pytest.raises(Conflict):
        ACTS[name](shop.once(FormKey.of("form", "other values")), made.stage)
    assert everything(shop) == after


@pytest.mark.parametrize("name", HEAVY)
def test_a_command_stopped_at_any_statement_leaves_nothing(
    shop: Shop, made: Made, name: str
) -> None:
    bound = shop.once(FormKey.of("form", name))
    before = everything(shop)
    for number in range(1, 120):
        with stopping_at(shop, number) as count:
            try:
                ACTS[name](bound, made.stage)
                break
            except Stopped:
                pass
        assert everything(shop) == before, f"stopped at statement {number}"
    assert count[0] > 5
    assert everything(shop) != before
