"""Every command of welfare items, on books in which each can be done."""

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Offered
from lib.trust.welfare import commands
from tests.once import Act, Stage, Topic
from tests.trust.welfare.cast import JIN, add_eggs, add_tofu, details, new_round, times


def set_the_stage(shop: Shop) -> Stage:
    """A planned item of eggs, and one on offer beside tofu."""
    eggs, tofu = add_eggs(shop), add_tofu(shop)
    round_id = new_round(shop, Offered(tofu, Money(300)))
    planned = commands.plan_item(shop, details(eggs))
    offered = commands.plan_item(shop, details(eggs))
    commands.offer_item(shop, offered, 1, round_id)
    return Stage({"eggs": eggs, "planned": planned, "offered": offered})


ACTS: dict[str, Act] = {
    "plan_item": lambda shop, it: commands.plan_item(shop, details(it.eggs)),
    "change_item": lambda shop, it: commands.change_item(
        shop, it.planned, 1, details(it.eggs, "4.90")
    ),
    "cancel_item": lambda shop, it: commands.cancel_item(shop, it.planned, 1),
    "offer_item": lambda shop, it: commands.offer_item(
        shop, it.planned, 1, Plan("福利团", times(shop))
    ),
    "change_limits": lambda shop, it: commands.change_limits(shop, it.offered, 2, JIN, 9 * JIN),
    "take_back": lambda shop, it: commands.take_back(shop, it.offered, 2),
}

WELFARE = Topic(
    "lib.trust.welfare",
    set_the_stage,
    ACTS,
    heavy=("offer_item", "change_limits", "take_back"),
    both=("offer_item",),
    owner_only=frozenset(ACTS),
)
