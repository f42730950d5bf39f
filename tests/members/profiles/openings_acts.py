"""Every command of openings, on books in which each can be done."""

from lib.members.profiles.openings import commands
from lib.shop.shop import Shop
from tests.once import Act, Stage, Topic


def set_the_stage(_shop: Shop) -> Stage:
    """Nothing is needed."""
    return Stage({})


ACTS: dict[str, Act] = {"note_list": lambda shop, _it: commands.note_list(shop, 3)}

OPENINGS = Topic(
    "lib.members.profiles.openings",
    set_the_stage,
    ACTS,
    heavy=(),
    otherwise={
        "note_opening": "tests/members/profiles/test_openings.py"
        "::test_each_person_and_day_is_one_row_of_the_journal",
    },
)
