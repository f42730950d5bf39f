"""Two browsers give the same gift at the same moment, on both databases (R34, R35)."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from lib.db import schema
from lib.kernel.errors import Conflict
from lib.members.gifts.commands import give_gift
from lib.members.gifts.festivals.commands import give_festival_gift
from lib.members.gifts.rules import Present
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.members.gifts.cast import MOON, TODAY, Folk, on_hand, rows


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all ``acts`` at the same moment; return what each returned, or the conflict it met."""
    said: list[object] = []
    ready = threading.Barrier(len(acts))

    def do(act: Callable[[], object]) -> None:
        ready.wait()
        try:
            said.append(act())
        except Conflict as error:
            said.append(error)

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return said


def conflict(said: list[object]) -> str:
    """What the one who came second was told; exactly one was."""
    (error,) = [one for one in said if isinstance(one, Conflict)]
    return str(error)


def test_two_browsers_giving_one_gift_give_one(folk: Folk, staff_shop: Shop) -> None:
    planned = folk.plan()
    said = at_once(
        lambda: give_gift(folk.shop, planned, 1), lambda: give_gift(staff_shop, planned, 1)
    )
    given = rows(folk.shop, schema.gift)[0]
    giver = {folk.shop.actor.id: "芳姐", staff_shop.actor.id: "小吴"}[given.given_by]
    assert f"{giver} gave this already" in conflict(said)
    assert len(rows(folk.shop, schema.stock_movement, gift_id=planned)) == 1
    assert on_hand(folk.shop, folk.honey_batch) == 4


def test_two_browsers_at_two_members_of_one_household_give_one(
    folk: Folk, staff_shop: Shop
) -> None:
    folk.plan_moon(Present(folk.eggs, 250))
    said = at_once(
        lambda: give_festival_gift(folk.shop, MOON, 2026, folk.li),
        lambda: give_festival_gift(staff_shop, MOON, 2026, folk.wang),
    )
    assert "gave this already" in conflict(said)
    assert len(rows(folk.shop, schema.gift)) == 1
    assert len(rows(folk.shop, schema.stock_movement, kind="redeemed")) == 1


def test_two_browsers_planning_one_gift_plan_one(folk: Folk, staff_shop: Shop) -> None:
    said = at_once(folk.plan, folk.plan)
    assert "planned already" in conflict(said)
    assert len(rows(folk.shop, schema.gift)) == 1


def test_the_database_itself_refuses_a_second_gift_of_one_key(folk: Folk) -> None:
    planned = folk.plan()
    row = rows(folk.shop, schema.gift, id=planned)[0]
    second = {"member_id": folk.wang, "occasion": "birthday", "year": 2026, "key": row.key,
              "day": TODAY, "planned_at": NOW}  # fmt: skip
    with pytest.raises(IntegrityError), folk.shop.store.write() as connection:
        connection.execute(insert(schema.gift).values(**second))
