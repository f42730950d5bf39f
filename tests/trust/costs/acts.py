"""Every command of costs and sheets, on books in which each can be done."""

from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.rules import Cost, Part
from tests.once import Act, Stage, Topic
from tests.trust.costs.test_publishing import add_product


def set_the_stage(shop: Shop) -> Stage:
    """Eggs with one part typed by hand, and a sheet that shows them."""
    eggs = add_product(shop)
    set_costs(shop, eggs, {Part.LOSS: Cost(Money(3))}, {})
    return Stage({"eggs": eggs, "sheet": publish_sheet(shop, "一", shop.today, [eggs])})


ACTS: dict[str, Act] = {
    "set_costs": lambda shop, it: set_costs(
        shop, it.eggs, {Part.PACKAGING: Cost(Money(12)), Part.LOSS: None}, {Part.LOSS: 1}
    ),
    "publish_sheet": lambda shop, it: publish_sheet(
        shop, "二", shop.today, [it.eggs], corrects=it.sheet, correction="损耗写少了"
    ),
}

COSTS = Topic(
    "lib.trust.costs",
    set_the_stage,
    ACTS,
    heavy=("set_costs", "publish_sheet"),
    both=("publish_sheet",),
    owner_only=frozenset(ACTS),
)
