"""Every command of erasure, on books in which it can be done."""

from lib.members.erasure import commands
from lib.shop.shop import Shop
from tests.members.erasure.cast import live
from tests.once import Act, Stage, Topic


def set_the_stage(shop: Shop) -> Stage:
    """A resident who left something in every corner, with nothing open."""
    lived = live(shop)
    return Stage({"member": lived.member, "version": lived.version})


ACTS: dict[str, Act] = {
    "erase_member": lambda shop, it: commands.erase_member(shop, it.member, it.version),
}

ERASURE = Topic(
    "lib.members.erasure",
    set_the_stage,
    ACTS,
    heavy=(),
    owner_only=frozenset(ACTS),
    otherwise={
        "keep_up": "tests/members/erasure/test_restore.py::test_an_older_backup_forgets_her_again",
    },
)
