"""Every command of birthdays, on books in which each can be done."""

from lib.members.birthdays import commands
from lib.members.consents.rules import How
from lib.shop.shop import Shop
from tests.members.birthdays.cast import resident, said
from tests.once import Act, Stage, Topic
from tests.service.cast import add_member


def set_the_stage(shop: Shop) -> Stage:
    """One member with a birthday, and one without."""
    return Stage(
        {"kept": resident(shop, "王奶奶", "农历八月十五"), "new": add_member(shop, "李姐")}
    )


ACTS: dict[str, Act] = {
    "set_birthday": lambda shop, it: commands.set_birthday(
        shop, it.new, said(shop, "闰六月初二"), How.CHAT
    ),
    "remove_birthday": lambda shop, it: commands.remove_birthday(shop, it.kept, 1),
}

BIRTHDAYS = Topic("lib.members.birthdays", set_the_stage, ACTS, heavy=tuple(ACTS))
