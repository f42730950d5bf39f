"""What bringing costs follows the mark, through every turn a delivery takes (R20, R24)."""

from dataclasses import replace

import pytest

from lib.kernel.money import Money
from lib.service.delivery import commands
from lib.shop.shop import Shop
from lib.trade.orders.commands import cancel_order, restore_order
from lib.trust.books.queries import books
from lib.trust.books.rules import Scope
from tests.service.cast import TODAY
from tests.service.delivery.cast import Lane, lane, version


@pytest.fixture
def here(shop: Shop) -> Lane:
    return lane(shop)


def cost(shop: Shop) -> str:
    """What the day's deliveries cost the shop, at 5 yuan a walk."""
    priced = replace(shop, settings=replace(shop.settings, delivery_cost=Money(500)))
    return str(sum((one.delivery for one in books(priced, Scope(TODAY, TODAY))), Money(0)))


def test_brought_and_taken_back_is_one_walk(shop: Shop, here: Lane) -> None:
    assert cost(shop) == "6.00", "three marked orders, each with a fee of 3 yuan"
    commands.bring_anyway(shop, here.orders["小陈"])
    done = commands.mark_brought(shop, here.orders["王奶奶"], "hand")
    assert cost(shop) == "6.00"
    commands.undo_brought(shop, done)
    assert cost(shop) == "6.00"


def test_collected_instead_costs_no_walk_and_taken_back_it_does(shop: Shop, here: Lane) -> None:
    order = here.orders["小陈"]
    commands.collect_instead(shop, order, version(shop, order))
    assert cost(shop) == "4.00"
    commands.undo_decision(shop, order)
    assert cost(shop) == "6.00"


def test_a_cancelled_order_costs_no_walk(shop: Shop, here: Lane) -> None:
    order = here.orders["小陈"]
    cancel_order(shop, order, version(shop, order), "改天")
    assert cost(shop) == "4.00"
    restore_order(shop, order, version(shop, order))
    assert cost(shop) == "6.00"


def test_marked_with_one_touch_costs_a_walk(shop: Shop, here: Lane) -> None:
    commands.mark_for_delivery(shop, [here.orders["李叔"]])
    assert cost(shop) == "8.00"
