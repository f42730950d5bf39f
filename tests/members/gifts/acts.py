"""Every command of gifts, on books in which each can be done."""

from lib.kernel.festivals import Festival
from lib.members.gifts import commands
from lib.members.gifts.commands import Why
from lib.members.gifts.festivals import commands as festivals
from lib.shop.shop import Shop
from tests.members.gifts.cast import MOON, NATIONAL, set_up
from tests.once import Act, Stage, Topic


def set_the_stage(shop: Shop) -> Stage:
    """小李's gift is planned, and Mid-Autumn; 老陈 has his mooncake and 王姐 no gift yet."""
    folk = set_up(shop)
    known = {"wang": folk.wang, "li": folk.li, "planned": folk.plan(), "jar": folk.jar()}
    known["cakes"] = folk.mooncakes()
    folk.plan_moon(folk.mooncakes())
    known["given"] = festivals.give_festival_gift(shop, MOON, 2026, folk.chen)
    return Stage(known)


ACTS: dict[str, Act] = {
    "plan_gift": lambda shop, it: commands.plan_gift(shop, it.wang, NATIONAL, it.jar),
    "change_gift": lambda shop, it: commands.change_gift(
        shop, it.planned, 1, it.cakes, Why(note="要热的")
    ),
    "give_gift": lambda shop, it: commands.give_gift(shop, it.planned, 1),
    "undo_gift": lambda shop, it: commands.undo_gift(shop, it.given, 2),
    "cancel_gift": lambda shop, it: commands.cancel_gift(shop, it.planned, 1),
    "note_wish": lambda shop, it: commands.note_wish(shop, it.planned, 1),
    "festivals.plan_festival": lambda shop, it: festivals.plan_festival(
        shop, Festival.NATIONAL, 2026, it.cakes, Why()
    ),
    "festivals.skip_festival": lambda shop, it: festivals.skip_festival(
        shop, Festival.NATIONAL, 2026
    ),
    "festivals.give_festival_gift": lambda shop, it: festivals.give_festival_gift(
        shop, MOON, 2026, it.li
    ),
}

GIFTS = Topic(
    "lib.members.gifts",
    set_the_stage,
    ACTS,
    heavy=("give_gift", "undo_gift", "festivals.give_festival_gift"),
    both=("give_gift",),
)
