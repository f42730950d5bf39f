"""Every command of packaging material, on books in which each can be done."""

from lib.kernel.money import Money
from lib.service.packing import commands
from lib.shop.shop import Shop
from lib.trade.packaging.rules import Packaging
from tests.once import Act, Stage, Topic
from tests.service.cast import add_member, add_order, add_product


def set_the_stage(shop: Shop) -> Stage:
    """An order of eggs that nobody packed, and bags that were bought."""
    eggs = add_product(shop, "土鸡蛋", fresh=True)
    order, _lines = add_order(shop, add_member(shop, "小李"), 11, (eggs, 500))
    entry = commands.buy(shop, Packaging.FRESHNESS_BAG, 100, Money(800))
    return Stage({"order": order, "entry": entry})


ACTS: dict[str, Act] = {
    "tick": lambda shop, it: commands.tick(
        shop, it.order, {Packaging.FRESHNESS_BAG: 1, Packaging.ICE_PACK: 2}
    ),
    "buy": lambda shop, _it: commands.buy(shop, Packaging.ICE_PACK, 50, Money(1000), "批发"),
    "count": lambda shop, _it: commands.count(shop, Packaging.FRESHNESS_BAG, 90),
    "throw_away": lambda shop, _it: commands.throw_away(shop, Packaging.FRESHNESS_BAG, 3, "破"),
    "undo_entry": lambda shop, it: commands.undo_entry(shop, it.entry),
}

PACKING = Topic("lib.service.packing", set_the_stage, ACTS, heavy=("tick", "buy"), both=("tick",))
