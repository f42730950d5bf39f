"""Every command of member files and their cards, on books in which each can be done."""

from lib.members.profiles import commands
from lib.members.profiles.cards import commands as cards
from lib.members.profiles.rules import Home
from lib.shop.shop import Shop
from tests.once import Act, Stage, Topic


def set_the_stage(shop: Shop) -> Stage:
    """Three residents and one who was merged into the first."""
    known = {
        name: commands.add_member(shop, nickname, home=Home(building="3", room=room))
        for name, nickname, room in (
            ("lee", "小李", "201"), ("fang", "阿芳", "202"), ("wang", "老王", "203"),
            ("double", "小李子", "201"),
        )
    }  # fmt: skip
    known["merge"] = commands.merge_members(shop, known["lee"], known["double"], (1, 1))
    return Stage(known)


ACTS: dict[str, Act] = {
    "add_member": lambda shop, it: commands.add_member(shop, "新邻居", phone="13900001111"),
    "change_member": lambda shop, it: commands.change_member(
        shop, it.fang, 1, nickname="芳姐姐", home=Home(building="3", room="205")
    ),
    "set_usual_slot": lambda shop, it: commands.set_usual_slot(
        shop, it.wang, shop.settings.slots[0].key
    ),
    "merge_members": lambda shop, it: commands.merge_members(shop, it.fang, it.wang, (1, 1)),
    "unmerge": lambda shop, it: commands.unmerge(shop, it.merge),
    "decline_merge": lambda shop, it: commands.decline_merge(shop, it.fang, it.wang),
    "cards.give_card": lambda shop, it: cards.give_card(shop, it.fang),
    "cards.give_cards": lambda shop, it: cards.give_cards(shop, [it.lee, it.fang, it.wang]),
}

PROFILES = Topic(
    "lib.members.profiles",
    set_the_stage,
    ACTS,
    heavy=("change_member", "merge_members", "unmerge", "cards.give_cards"),
    both=("merge_members",),
)
