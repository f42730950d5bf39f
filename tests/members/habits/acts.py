"""Every command of habits, on books in which each can be done."""

from lib.members.consents.commands import give_consent
from lib.members.consents.rules import How, Purpose
from lib.members.habits import commands
from lib.members.habits.rules import Kind
from lib.shop.shop import Shop
from tests.members.habits.cast import came
from tests.once import Act, Stage, Topic
from tests.service.cast import add_member, add_product


def set_the_stage(shop: Shop) -> Stage:
    """One who orders eggs often and agreed to everything, one who was never asked."""
    eggs = add_product(shop, "土鸡蛋", "盒", 1000, category="蛋")
    lee, wang = add_member(shop, "小李"), add_member(shop, "王姐")
    for member in (lee, wang):
        came(shop, member, eggs, 30, 20, 10)
    for purpose in (Purpose.PREFERENCES, Purpose.MESSAGES):
        give_consent(shop, lee, purpose, How.CHAT)
    return Stage(
        {"lee": lee, "wang": wang, "eggs": eggs, "tag": commands.add_tag(shop, lee, "tea")}
    )


ACTS: dict[str, Act] = {
    "accept_preference": lambda shop, it: commands.accept_preference(
        shop, it.wang, Kind.PRODUCT, it.eggs, "土鸡蛋", How.SPOKEN
    ),
    "reject_preference": lambda shop, it: commands.reject_preference(
        shop, it.lee, Kind.CATEGORY, None, "蛋"
    ),
    "forget_preference": lambda shop, it: commands.forget_preference(shop, it.tag, 1),
    "add_tag": lambda shop, it: commands.add_tag(shop, it.wang, "爱喝咖啡", How.PAPER),
    "seen.note_written": lambda shop, it: commands.note_written(shop, it.lee, "好久不见"),
}

OTHERWISE = {
    "seen.reckon_rhythm": "tests/members/habits/test_seen.py::test_it_is_reckoned_once_a_day",
}

HABITS = Topic(
    "lib.members.habits",
    set_the_stage,
    ACTS,
    heavy=tuple(ACTS),
    both=("accept_preference", "seen.note_written"),
    otherwise=OTHERWISE,
)
