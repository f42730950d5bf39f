"""Every command of welfare items twice, and stopped half way (reliability B1, B5)."""

import inspect
from collections.abc import Callable

import pytest

from lib.db.engine import Store
from lib.kernel.errors import Conflict
from lib.kernel.money import Money
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Offered
from lib.trust.welfare import commands
from tests.trade.orders.test_atomic import Stopped, everything, stopping_at
from tests.trust.welfare.cast import JIN, add_eggs, add_tofu, details, new_round, times

Act = Callable[[Shop], object]
ACTS: dict[str, Act] = {
    "plan_item": lambda shop: commands.plan_item(shop, details(1)),
    "change_item": lambda shop: commands.change_item(shop, 1, 1, details(1, "4.90")),
    "cancel_item": lambda shop: commands.cancel_item(shop, 1, 1),
    "offer_item": lambda shop: commands.offer_item(shop, 1, 1, Plan("福利团", times(shop))),
    "change_limits": lambda shop: commands.change_limits(shop, 2, 2, JIN, 9 * JIN),
    "take_back": lambda shop: commands.take_back(shop, 2, 2),
}


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """The keys are tested on both databases in tests/shop."""
    return sqlite_store


@pytest.fixture
def stage(shop: Shop) -> Shop:
    """A planned item of eggs, and one of tofu on offer beside other goods."""
    eggs, tofu = add_eggs(shop), add_tofu(shop)
    round_id = new_round(shop, Offered(tofu, Money(300)))
    commands.plan_item(shop, details(eggs))
    commands.plan_item(shop, details(eggs))
    commands.offer_item(shop, 2, 1, round_id)
    return shop


def test_every_command_stands_in_the_table() -> None:
    found = {
        name
        for name, made in vars(commands).items()
        if inspect.isfunction(made)
        and made.__module__ == commands.__name__
        and not name.startswith("_")
    }
    assert found == set(ACTS)


@pytest.mark.parametrize("name", ACTS)
def test_the_same_form_saved_twice_changes_the_books_once(stage: Shop, name: str) -> None:
    bound = stage.once(FormKey.of("form", name))
    before = everything(stage)
    ACTS[name](bound)
    after = everything(stage)
    assert after != before
    with pytest.raises(Repeated):
        ACTS[name](bound)
    with pytest.raises(Conflict):
        ACTS[name](stage.once(FormKey.of("form", "other values")))
    assert everything(stage) == after


@pytest.mark.parametrize("name", ["offer_item", "change_limits", "take_back"])
def test_a_command_stopped_at_any_statement_leaves_nothing(stage: Shop, name: str) -> None:
    before = everything(stage)
    for number in range(1, 200):
        with stopping_at(stage, number) as count:
            try:
                ACTS[name](stage)
                break
            except Stopped:
                pass
        assert everything(stage) == before, f"stopped at statement {number}"
    assert count[0] > 5
    assert everything(stage) != before
