"""The clean-up, on books in which something is past its time."""

from lib.members.clean_up import commands
from lib.members.clean_up.rules import month_of
from lib.shop.shop import Shop
from tests.members.clean_up.cast import OLD, old_birthday, old_opening, old_post
from tests.once import Act, Stage, Topic


def set_the_stage(shop: Shop) -> Stage:
    """A birthday, a text and a look that are past their time; nobody to make anonymous."""
    member = old_birthday(shop)
    old_opening(shop, member)
    old_post(shop)
    return Stage({"member": member, "old": OLD})


ACTS: dict[str, Act] = {
    "clean_up": lambda shop, _it: commands.clean_up(shop, month_of(shop.today)),
}

CLEAN_UP = Topic(
    "lib.members.clean_up",
    set_the_stage,
    ACTS,
    heavy=tuple(ACTS),
    both=tuple(ACTS),
    owner_only=frozenset(ACTS),
)
