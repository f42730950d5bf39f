"""Every command of points, on books in which each can be done."""

from datetime import timedelta

from lib.members.points import commands
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.members.points.cast import Story, begin
from tests.once import Act, Stage, Topic

TOMORROW = NOW + timedelta(days=1)


def set_the_stage(shop: Shop) -> Stage:
    """Points have begun; 小李 paid for something."""
    story: Story = begin(shop)
    story.collected(1000)
    return Stage({"member": story.member})


ACTS: dict[str, Act] = {
    "change_rule": lambda shop, it: commands.change_rule(shop, 2, 100, TOMORROW),
    "adjust_points": lambda shop, it: commands.adjust_points(shop, it.member, 50, "老卡转入"),
}

POINTS = Topic(
    "lib.members.points",
    set_the_stage,
    ACTS,
    heavy=tuple(ACTS),
    both=("adjust_points",),
    owner_only=frozenset(ACTS),
    otherwise={
        "begin_points": "tests/members/points/test_following.py::test_the_same_form_begins_once",
        "settling.settle_points": "tests/members/points/test_settling.py"
        "::test_two_processes_that_look_at_once_settle_each_order_once",
    },
)
