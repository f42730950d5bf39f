"""Every command of picking, on books in which each can be done."""

from lib.service.picking import commands
from lib.service.picking.queries import Scope
from lib.shop.shop import Shop
from tests.once import Act, Stage, Topic
from tests.service.cast import TODAY, add_member, add_order, add_product

DAY = Scope(day=TODAY)


def set_the_stage(shop: Shop) -> Stage:
    """Eggs to be put out, noodles put out already."""
    eggs, noodles = add_product(shop, "土鸡蛋"), add_product(shop, "挂面", "包", 650)
    add_order(shop, add_member(shop, "小李"), 11, (eggs, 500), (noodles, 2))
    commands.mark_picked(shop, DAY, noodles)
    return Stage({"eggs": eggs, "noodles": noodles})


ACTS: dict[str, Act] = {
    "mark_picked": lambda shop, it: commands.mark_picked(shop, DAY, it.eggs),
    "unmark_picked": lambda shop, it: commands.unmark_picked(shop, DAY, it.noodles),
}

PICKING = Topic("lib.service.picking", set_the_stage, ACTS, heavy=tuple(ACTS))
