"""Every command of owed goods, on books in which each can be done."""

from lib.service.owed import commands
from lib.shop.shop import Shop
from tests.once import Act, Stage, Topic
from tests.service.cast import TODAY
from tests.service.owed.cast import set_up


def set_the_stage(shop: Shop) -> Stage:
    """Something owed in boxes and by weight, and something given already."""
    owing = set_up(shop)
    known = {"eggs": owing.owe(3), "greens": owing.owe_greens(750), "given": owing.owe(1)}
    known["giving"] = commands.give_owed(shop, known["given"])[0]
    return Stage(known)


ACTS: dict[str, Act] = {
    "give_owed": lambda shop, it: commands.give_owed(shop, it.eggs, 2),
    "give_several": lambda shop, it: commands.give_several(shop, {it.eggs: 1, it.greens: 250}),
    "undo_give": lambda shop, it: commands.undo_give(shop, [it.giving]),
    "plan_owed": lambda shop, it: commands.plan_owed(shop, it.eggs, 1, TODAY),
    "cancel_owed": lambda shop, it: commands.cancel_owed(shop, it.eggs, 1, "已退款"),
}

OWED = Topic(
    "lib.service.owed",
    set_the_stage,
    ACTS,
    heavy=tuple(ACTS),
    both=("give_several",),
)
