"""Every command of reminders, on books in which each can be done."""

from sqlalchemy import update

from lib.db import schema
from lib.service.reminders import commands
from lib.shop.shop import Shop
from tests.once import Act, Stage, Topic
from tests.service.cast import add_member, add_order, add_product
from tests.service.reminders.cast import made, make_at


def set_the_stage(shop: Shop) -> Stage:
    """An order of the noon slot and one of the evening, both lists of noon made, one put aside."""
    eggs = add_product(shop, "土鸡蛋", fresh=True)
    for number, slot in enumerate(("noon", "evening"), 11):
        member = add_member(shop, f"邻居{number}")
        add_order(shop, member, number, (eggs, 500), pickup_slot=slot, source="chain")
    make_at(shop, "11:10")
    before = made(shop)[-1].id
    with shop.store.write() as connection:
        connection.execute(
            update(schema.pickup_notice)
            .where(schema.pickup_notice.c.done_how == "nobody")
            .values(done_how="aside")
        )
    aside = made(shop)[0].id
    return Stage({"open": before, "aside": aside})


ACTS: dict[str, Act] = {
    "put_aside": lambda shop, it: commands.put_aside(shop, it.open, 1),
    "take_up": lambda shop, it: commands.take_up(shop, it.aside, 1),
}

OTHERWISE = {
    "make_notices": "tests/service/reminders/test_commands.py"
    "::test_looking_again_makes_nothing_twice_and_writes_nothing",
}

REMINDERS = Topic(
    "lib.service.reminders",
    set_the_stage,
    ACTS,
    heavy=("put_aside", "take_up"),
    both=("put_aside",),
    otherwise=OTHERWISE,
)
