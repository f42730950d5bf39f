"""Every command of consents, on books in which each can be done."""

from lib.members.consents import commands
from lib.members.consents.rules import How, Purpose
from lib.members.profiles.commands import add_member
from lib.shop.shop import Shop
from tests.members.consents.cast import keep_birthday
from tests.once import Act, Stage, Topic


def set_the_stage(shop: Shop) -> Stage:
    """One resident who agreed to a birthday, and nothing else."""
    member = add_member(shop, "小李")
    commands.give_consent(shop, member, Purpose.BIRTHDAY, How.CHAT)
    keep_birthday(shop, member)
    return Stage({"member": member})


ACTS: dict[str, Act] = {
    "give_consent": lambda shop, it: commands.give_consent(
        shop, it.member, Purpose.MESSAGES, How.PAPER
    ),
    "withdraw_consent": lambda shop, it: commands.withdraw_consent(
        shop, it.member, Purpose.BIRTHDAY, How.SPOKEN
    ),
}

CONSENTS = Topic(
    "lib.members.consents", set_the_stage, ACTS, heavy=tuple(ACTS), both=("withdraw_consent",)
)
