"""Every command of wishes twice, and stopped half way (reliability B1, B2, B5, B11).

The sub-packages of bringing wishes in have a table of their own.
"""

import inspect
from collections.abc import Callable
from datetime import date, timedelta
from types import ModuleType

import pytest

from lib.kernel.errors import Conflict
from lib.kernel.money import Money
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Times
from lib.trust.demands import commands
from lib.trust.demands.launch import commands as launch
from lib.trust.demands.launch.commands import NewProduct, Place
from lib.trust.demands.rules import Status
from lib.trust.demands.sources import commands as sources
from lib.trust.demands.sources.rules import Answer, SourceDetails
from tests.conftest import NOW
from tests.service.cast import add_member, add_product
from tests.shop.files import samples
from tests.supply.cast import add_supplier
from tests.supply.test_once import everything
from tests.trade.orders.test_atomic import Stopped, stopping_at
from tests.trust.demands.cast import add_wish, row, wish, wishes

NEW = NewProduct(Details("现磨芝麻酱", "瓶", Money(1880), purchase_price=Money(1450)))
PLACE = Place(plan=Plan("", Times(NOW, NOW + timedelta(hours=9), date(2026, 9, 26))))
PHOTO = samples.photo((40, 30))
STANDING, ON_OFFER, SUPPLIER = 1, 2, 1
FIRST, UNTOLD = 1, 4
"""Ids that :func:`set_the_stage` makes."""


@pytest.fixture
def store(sqlite_store):
    """On SQLite: the keys are tested on both databases in tests/shop."""
    return sqlite_store


@pytest.fixture
def stage(shop: Shop) -> Shop:
    """An open wish with a source, and one on offer of which one resident was told."""
    add_member(shop, "张阿姨")
    assert add_supplier(shop, "磨坊") == SUPPLIER
    assert add_wish(shop, "现磨芝麻酱", "张阿姨", "李姐") == STANDING
    assert add_wish(shop, "草莓", "王叔", "小吴") == ON_OFFER
    sources.add_source(shop, STANDING, SourceDetails("老王"))
    launch.offer_product(shop, ON_OFFER, 1, add_product(shop, "草莓"), Place())
    launch.tell(shop, ON_OFFER, [wishes(shop, ON_OFFER)[0].id], "@王叔 草莓来了")
    return shop


def _launch(shop: Shop) -> None:
    new = NewProduct(NEW.details, SUPPLIER)
    launch.launch_product(shop, STANDING, 1, new, PLACE, PHOTO, "a.jpg")


ACTS: dict[str, Callable[[Shop], object]] = {
    "add_demand": lambda shop: commands.add_demand(shop, "羊奶", [wish("李姐"), wish("")]),
    "add_wishes": lambda shop: commands.add_wishes(shop, STANDING, [wish("王叔", 90)]),
    "change_demand": lambda shop: commands.change_demand(shop, STANDING, 1, "芝麻酱", "瓶装"),
    "move_demand": lambda shop: commands.move_demand(shop, STANDING, 1, Status.CHECKING),
    "remove_wish": lambda shop: commands.remove_wish(shop, FIRST),
    "add_source": lambda shop: sources.add_source(shop, STANDING, SourceDetails("老李")),
    "change_source": lambda shop: sources.change_source(
        shop, 1, 1, SourceDetails("老王", answer=Answer.CAN, cost=Money(1450))
    ),
    "remove_source": lambda shop: sources.remove_source(shop, 1),
    "launch_product": _launch,
    "offer_product": lambda shop: launch.offer_product(shop, STANDING, 1, 1, PLACE),
    "tell": lambda shop: launch.tell(shop, ON_OFFER, [UNTOLD], "@小吴 草莓来了"),
    "take_back_tell": lambda shop: launch.take_back_tell(shop, ON_OFFER, NOW),
}
HEAVY = ("add_demand", "add_wishes", "launch_product", "offer_product", "tell")


def writes_of(module: ModuleType) -> set[str]:
    """The commands of a module: what owns a transaction."""
    return {
        name
        for name, made in vars(module).items()
        if inspect.isfunction(made)
        and made.__module__ == module.__name__
        and next(iter(inspect.signature(made).parameters), "") == "shop"
    }


def test_every_command_stands_in_the_table() -> None:
    assert {name for module in (commands, sources, launch) for name in writes_of(module)} == set(
        ACTS
    )


@pytest.mark.parametrize("name", ACTS)
def test_the_same_form_saved_twice_changes_the_books_once(stage: Shop, name: str) -> None:
    does = ACTS[name]
    bound = stage.once(FormKey.of("form", name))
    before = everything(stage)
    does(bound)
    after = everything(stage)
    assert after != before
    with pytest.raises(Repeated):
        does(bound)
    assert everything(stage) == after
    with pytest.raises(Conflict):
        does(stage.once(FormKey.of("form", "other values")))
    assert everything(stage) == after


@pytest.mark.parametrize("name", HEAVY)
def test_a_command_stopped_at_any_statement_leaves_nothing(stage: Shop, name: str) -> None:
    bound = stage.once(FormKey.of("form", name))
    before = everything(stage)
    for number in range(1, 200):
        with stopping_at(stage, number) as count:
            try:
                ACTS[name](bound)
                break
            except Stopped:
                pass
        assert everything(stage) == before, f"stopped at statement {number}"
    assert count[0] > 5
    assert everything(stage) != before
    assert row(stage, STANDING) is not None


def test_the_answer_of_a_repeated_save_is_the_first_one(stage: Shop) -> None:
    bound = stage.once(FormKey.of("form", "add"))
    first = commands.add_demand(bound, "羊奶", [wish("李姐"), wish("王叔")])
    with pytest.raises(Repeated) as again:
        commands.add_demand(bound, "羊奶", [wish("李姐"), wish("王叔")])
    assert again.value.result["demand_id"] == first.demand_id
    assert again.value.result["added"] == 2
