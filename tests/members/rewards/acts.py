"""Every command of rewards, on books in which each can be done."""

from dataclasses import replace

from lib.kernel.money import Money
from lib.members.rewards import commands
from lib.shop.shop import Shop
from tests.members.rewards.cast import COUPON, set_up
from tests.once import Act, Stage, Topic


def set_the_stage(shop: Shop) -> Stage:
    """Eggs given for points, a coupon that is free and one that is on an order."""
    giving = set_up(shop)
    eggs = commands.redeem(shop, giving.li, giving.for_eggs)
    free = giving.coupon()[1][0]
    order, used_on = giving.order(1), giving.order(2)
    commands.use_coupon(shop, used_on, giving.coupon()[1][0])
    return Stage(
        {
            "li": giving.li, "for_eggs": giving.for_eggs, "for_coupon": giving.for_coupon,
            "redeemed": eggs, "code": free, "order": order, "used_on": used_on,
        }
    )  # fmt: skip


def _dearer(shop: Shop, it: Stage) -> int:
    terms = replace(COUPON, points=250, value=Money(1200))
    return commands.change_reward(shop, it.for_coupon, 1, terms)


ACTS: dict[str, Act] = {
    "add_reward": lambda shop, it: commands.add_reward(shop, COUPON),
    "change_reward": _dearer,
    "end_reward": lambda shop, it: commands.end_reward(shop, it.for_eggs, 1),
    "redeem": lambda shop, it: commands.redeem(shop, it.li, it.for_eggs, at_once=True),
    "undo_redemption": lambda shop, it: commands.undo_redemption(shop, it.redeemed, 1, "点错"),
    "use_coupon": lambda shop, it: commands.use_coupon(shop, it.order, it.code),
    "take_coupon_off": lambda shop, it: commands.take_coupon_off(shop, it.used_on),
}

REWARDS = Topic(
    "lib.members.rewards",
    set_the_stage,
    ACTS,
    heavy=("change_reward", "redeem", "undo_redemption", "use_coupon", "take_coupon_off"),
    both=("redeem", "undo_redemption"),
    owner_only=frozenset({"add_reward", "change_reward", "end_reward"}),
)
"""Offering, redeeming, taking back, coupons on orders, on both databases (R37)."""
