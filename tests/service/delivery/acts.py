"""Every command of door delivery, on books in which each can be done."""

from lib.db import schema
from lib.members.profiles.rules import Home
from lib.service.delivery import commands
from lib.service.delivery.needs import commands as needs
from lib.shop.shop import Shop
from tests.once import Act, Stage, Topic
from tests.service.cast import add_member, add_order
from tests.service.delivery.cast import lane, new_need, rows, version


def set_the_stage(shop: Shop) -> Stage:
    """A day of deliveries, one brought, one that is collected after all, one without a building."""
    here = lane(shop)
    zhou = add_member(shop, "周伯", building="7", room="301")
    done, _lines = add_order(
        shop, here.members["王奶奶"], 31, (here.eggs, 500), home=("3", "1", "1203"), delivery=True
    )
    declined, _lines = add_order(
        shop, here.members["小陈"], 32, (here.eggs, 500), home=("5", None, "101"), delivery=True
    )
    commands.collect_instead(shop, declined, version(shop, declined))
    return Stage(
        {
            "wang": here.orders["王奶奶"],
            "li": here.orders["李叔"],
            "chen": here.orders["小陈"],
            "far": here.orders["远客"],
            "zhou": zhou,
            "need": rows(shop, schema.delivery_need)[0]["id"],
            "declined": declined,
            "done": commands.mark_brought(shop, done, "hand"),
        }
    )


ACTS: dict[str, Act] = {
    "mark_for_delivery": lambda shop, it: commands.mark_for_delivery(shop, [it.li]),
    "bring_anyway": lambda shop, it: commands.bring_anyway(shop, it.chen),
    "collect_instead": lambda shop, it: commands.collect_instead(shop, it.chen, 1),
    "undo_decision": lambda shop, it: commands.undo_decision(shop, it.declined),
    "set_home": lambda shop, it: commands.set_home(shop, it.far, 1, Home.of(building="9")),
    "mark_brought": lambda shop, it: commands.mark_brought(shop, it.wang, "neighbour", "给 1204"),
    "undo_brought": lambda shop, it: commands.undo_brought(shop, it.done),
    "needs.add_need": lambda shop, it: needs.add_need(shop, new_need(it.zhou)),
    "needs.change_hint": lambda shop, it: needs.change_hint(shop, it.need, 1, "放鞋柜上"),
    "needs.end_need": lambda shop, it: needs.end_need(shop, it.need, 1),
}

OTHERWISE = {
    "needs.forget_ended": "tests/service/delivery/needs/test_needs.py"
    "::test_hints_of_needs_that_ran_out_are_forgotten_by_themselves",
}

DELIVERY = Topic(
    "lib.service.delivery",
    set_the_stage,
    ACTS,
    heavy=("mark_for_delivery", "collect_instead", "mark_brought", "undo_brought",
           "needs.end_need"),
    both=("mark_brought", "undo_brought"),
    otherwise=OTHERWISE,
)  # fmt: skip
