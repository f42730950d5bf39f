"""Every command of the pickup desk, on books in which each can be done."""

from lib.service.pickup import commands
from lib.service.pickup.rules import Was
from lib.shop.shop import Shop
from tests.once import Act, Stage, Topic
from tests.service.cast import TODAY, add_member, add_order, add_product

WAS = Was(TODAY, "evening", False, 12)


def set_the_stage(shop: Shop) -> Stage:
    """An order nobody collected, one collected, and one that was moved to noon."""
    eggs, member = add_product(shop, "土鸡蛋", fresh=True), add_member(shop, "小李")
    known: dict[str, int] = {}
    for number, name in enumerate(("open", "moved", "given"), 11):
        known[name], _lines = add_order(shop, member, number, (eggs, 500))
    commands.move_slot(shop, known["moved"], "noon", TODAY, 1)
    known["handover"] = commands.hand_over(shop, known["given"])[0]
    return Stage(known)


ACTS: dict[str, Act] = {
    "hand_over": lambda shop, it: commands.hand_over(shop, it.open),
    "undo_handover": lambda shop, it: commands.undo_handover(shop, [it.handover]),
    "undo_last_handover": lambda shop, it: commands.undo_last_handover(shop, it.given),
    "move_slot": lambda shop, it: commands.move_slot(shop, it.open, "noon", TODAY, 1),
    "undo_move": lambda shop, it: commands.undo_move(shop, it.moved, 2, WAS),
}

PICKUP = Topic(
    "lib.service.pickup",
    set_the_stage,
    ACTS,
    heavy=tuple(ACTS),
    both=("move_slot",),
)
