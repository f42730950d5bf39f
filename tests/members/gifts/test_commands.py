"""Gifts planned, changed, given once, taken back and given up (R34)."""

from datetime import timedelta

import pytest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.members.birthdays.commands import remove_birthday
from lib.members.consents.commands import withdraw_consent
from lib.members.consents.rules import How, Purpose
from lib.members.gifts import commands
from lib.members.gifts.commands import Why, plan_gift
from lib.members.gifts.rules import Present
from lib.members.profiles.commands import merge_members, unmerge
from lib.shop.shop import RESIDENT, Shop
from tests.conftest import NOW
from tests.members.gifts.cast import (
    NATIONAL,
    TODAY,
    TOMORROW,
    Folk,
    add_product,
    gift,
    on_hand,
    rows,
    with_settings,
)


def test_a_gift_is_planned_for_the_birthday_and_costs_what_lies_there(folk: Folk) -> None:
    planned = gift(folk.shop, folk.plan(folk.jar(), note="放在前台"))
    assert (planned.member_id, planned.occasion, planned.year) == (folk.li, "birthday", 2026)
    assert planned.key == f"birthday:{folk.li}:2026"
    assert (planned.day, planned.product_id, planned.quantity) == (TOMORROW, folk.honey, 1)
    assert (planned.cost_fen, planned.note, planned.given_at) == (1200, "放在前台", None)
    assert on_hand(folk.shop, folk.honey_batch) == 5, "nothing leaves before it is given"


def test_without_a_birthday_on_that_day_nothing_is_planned(folk: Folk) -> None:
    for member, day in ((folk.li, TODAY), (folk.chen, TOMORROW)):
        with pytest.raises(Refused, match="No birthday"):
            plan_gift(folk.shop, member, day, folk.jar())


def test_a_second_plan_of_the_same_year_is_refused(folk: Folk) -> None:
    folk.plan()
    with pytest.raises(Conflict, match="planned already"):
        folk.plan()
    assert len(rows(folk.shop, schema.gift)) == 1


def test_giving_takes_goods_out_of_the_batch_and_fixes_the_cost(folk: Folk) -> None:
    planned = folk.plan(folk.jar(2), over_budget=True)
    folk.shop.clock.forward(minutes=5)  # type: ignore[attr-defined]
    commands.give_gift(folk.shop, planned, 1)
    given = gift(folk.shop, planned)
    assert (given.cost_fen, given.given_at, given.version) == (2400, NOW + timedelta(minutes=5), 2)
    assert given.given_by == folk.shop.actor.id
    moved = rows(folk.shop, schema.stock_movement, gift_id=planned)
    assert [(row.kind, row.quantity, row.batch_id) for row in moved] == [
        ("redeemed", -2, folk.honey_batch)
    ]
    assert on_hand(folk.shop, folk.honey_batch) == 3


def test_two_browsers_give_the_same_gift_and_one_is_told_who_gave(
    folk: Folk, staff_shop: Shop
) -> None:
    planned = folk.plan()
    commands.give_gift(staff_shop, planned, 1)
    with pytest.raises(Conflict, match="小吴 gave this already, on 2026-09-25 at 10:30"):
        commands.give_gift(folk.shop, planned, 1)
    assert len(rows(folk.shop, schema.stock_movement, gift_id=planned)) == 1
    assert on_hand(folk.shop, folk.honey_batch) == 4


def test_undo_brings_goods_back_by_a_reversing_row_and_it_can_be_given_again(folk: Folk) -> None:
    planned = folk.plan()
    commands.give_gift(folk.shop, planned, 1)
    commands.undo_gift(folk.shop, planned, 2)
    first, back = rows(folk.shop, schema.stock_movement, gift_id=planned)
    assert (back.reverses_id, back.quantity, back.batch_id) == (first.id, 1, folk.honey_batch)
    assert on_hand(folk.shop, folk.honey_batch) == 5
    assert gift(folk.shop, planned).given_at is None
    with pytest.raises(Refused, match="already taken back"):
        commands.undo_gift(folk.shop, planned, 3)
    commands.give_gift(folk.shop, planned, 3)
    assert on_hand(folk.shop, folk.honey_batch) == 4
    commands.undo_gift(folk.shop, planned, 4)
    assert on_hand(folk.shop, folk.honey_batch) == 5


def test_more_than_the_budget_asks_first(folk: Folk) -> None:
    with pytest.raises(Refused, match="more than the 15"):
        folk.plan(Present(folk.tea, 1))
    with pytest.raises(Refused, match="more than the 15"):
        folk.plan(Present(what="花", cost=Money(1501)))
    folk.plan(Present(folk.tea, 1), over_budget=True)
    assert rows(folk.shop, schema.gift)[0].cost_fen == 4000


def test_the_budget_is_the_setting(folk: Folk) -> None:
    shop = with_settings(folk.shop, birthday_gift_budget=Money(1199))
    with pytest.raises(Refused, match="the 11"):
        plan_gift(shop, folk.li, TOMORROW, folk.jar())


def test_a_gift_in_words_has_the_cost_that_was_typed(folk: Folk) -> None:
    planned = folk.plan(Present(what=" 一束 花 ", cost=Money(990)))
    assert (gift(folk.shop, planned).what, gift(folk.shop, planned).cost_fen) == ("一束 花", 990)
    commands.give_gift(folk.shop, planned, 1)
    assert gift(folk.shop, planned).cost_fen == 990
    assert rows(folk.shop, schema.stock_movement, gift_id=planned) == []


def test_good_wishes_alone_are_a_gift(folk: Folk) -> None:
    planned = folk.plan(Present())
    commands.note_wish(folk.shop, planned, 1)
    assert gift(folk.shop, planned).wished_at == NOW
    commands.note_wish(folk.shop, planned, 2, sent=False)
    assert gift(folk.shop, planned).wished_at is None
    with pytest.raises(Conflict):
        commands.note_wish(folk.shop, planned, 1)


def test_goods_whose_stock_is_not_kept_stand_at_the_usual_price(folk: Folk) -> None:
    soap = add_product(folk.shop, "肥皂", "块", 800)
    planned = folk.plan(Present(soap, 2))
    commands.give_gift(folk.shop, planned, 1)
    assert gift(folk.shop, planned).cost_fen == 798
    assert rows(folk.shop, schema.stock_movement, gift_id=planned) == []


def test_what_is_not_there_is_given_without_a_batch_and_covered_later(folk: Folk) -> None:
    planned = folk.plan(folk.jar(7), over_budget=True)
    commands.give_gift(folk.shop, planned, 1)
    parts = rows(folk.shop, schema.stock_movement, gift_id=planned)
    assert sorted(row.quantity for row in parts) == [-5, -2]
    assert gift(folk.shop, planned).cost_fen == 5 * 1200 + 2 * 399
    commands.undo_gift(folk.shop, planned, 2)
    assert on_hand(folk.shop, folk.honey_batch) == 5


def test_goods_of_a_stopped_batch_are_not_given(folk: Folk) -> None:
    planned = folk.plan()
    with folk.shop.store.write() as connection:
        batches = schema.batch
        change = batches.update().where(batches.c.id == folk.honey_batch)
        connection.execute(change.values(stopped_at=NOW))
    with pytest.raises(Refused, match="may not be given out"):
        commands.give_gift(folk.shop, planned, 1)
    assert gift(folk.shop, planned).given_at is None


def test_a_plan_is_changed_and_given_up(folk: Folk) -> None:
    planned = folk.plan()
    commands.change_gift(folk.shop, planned, 1, folk.mooncakes(), Why(note="要热的"))
    changed = gift(folk.shop, planned)
    assert (changed.what, changed.product_id, changed.quantity) == ("月饼一个", None, None)
    assert (changed.cost_fen, changed.note, changed.version) == (300, "要热的", 2)
    with pytest.raises(Conflict):
        commands.change_gift(folk.shop, planned, 1, folk.jar())
    commands.cancel_gift(folk.shop, planned, 2)
    for again in (
        lambda: commands.cancel_gift(folk.shop, planned, 3),
        lambda: commands.give_gift(folk.shop, planned, 3),
        lambda: commands.note_wish(folk.shop, planned, 3),
    ):
        with pytest.raises(Refused, match="given up"):
            again()
    folk.plan()
    assert len(rows(folk.shop, schema.gift)) == 2, "another one may be planned"


def test_what_was_given_is_neither_changed_nor_given_up(folk: Folk) -> None:
    planned = folk.plan()
    commands.give_gift(folk.shop, planned, 1)
    for change in (
        lambda: commands.change_gift(folk.shop, planned, 2, folk.mooncakes()),
        lambda: commands.cancel_gift(folk.shop, planned, 2),
    ):
        with pytest.raises(Conflict, match="芳姐 gave this already"):
            change()


@pytest.mark.parametrize(
    ("present", "message"),
    [
        (Present(what="给怀孕的", cost=Money(100)), "health or a child"),
        (Present(what="花", cost=Money(-1)), "zero or more"),
        (Present(cost=Money(100)), "what is given"),
        (Present(1, 0), "how much"),
        (Present(1, None), "how much"),
        (Present(1, 10**10), "how much"),
    ],
)
def test_what_cannot_be_given_is_refused(folk: Folk, present: Present, message: str) -> None:
    with pytest.raises(Refused, match=message):
        folk.plan(present)


def test_a_note_about_health_is_refused(folk: Folk) -> None:
    with pytest.raises(Refused, match="health or a child"):
        folk.plan(note="糖尿病，别给甜的")


def test_an_unknown_product_is_not_given(folk: Folk) -> None:
    with pytest.raises(NotFound):
        folk.plan(Present(999, 1))


def test_the_reason_is_kept_only_with_a_consent_to_likings(folk: Folk) -> None:
    assert gift(folk.shop, folk.plan(reason="买过5次")).reason == ""
    commands.cancel_gift(folk.shop, 1, 1)
    folk.agree(folk.li, Purpose.PREFERENCES)
    assert gift(folk.shop, folk.plan(reason="买过5次")).reason == "买过5次"
    withdraw_consent(folk.shop, folk.li, Purpose.PREFERENCES, How.SPOKEN)
    assert {row.reason for row in rows(folk.shop, schema.gift)} == {""}


def test_merged_files_are_one_person_and_get_one_gift(folk: Folk) -> None:
    """王姐's file turns out to be 小李's second one: what either got counts for both."""
    ours, theirs = folk.plan(), plan_gift(folk.shop, folk.wang, NATIONAL, folk.jar())
    commands.give_gift(folk.shop, theirs, 1)
    merged = merge_members(folk.shop, folk.li, folk.wang, (1, 1))
    with pytest.raises(Conflict, match="gave this already"):
        commands.give_gift(folk.shop, ours, 1)
    commands.cancel_gift(folk.shop, ours, 1)
    with pytest.raises(Conflict, match="gave this already"):
        folk.plan()
    unmerge(folk.shop, merged)
    commands.give_gift(folk.shop, folk.plan(), 1)
    assert gift(folk.shop, theirs).member_id == folk.wang


def test_a_withdrawn_consent_gives_the_plan_up_and_undo_brings_none_back(folk: Folk) -> None:
    planned = folk.plan()
    commands.give_gift(folk.shop, planned, 1)
    withdraw_consent(folk.shop, folk.li, Purpose.BIRTHDAY, How.CHAT)
    version = gift(folk.shop, planned).version
    assert gift(folk.shop, planned).day == TODAY, "no row tells the birthday any more"
    commands.undo_gift(folk.shop, planned, version)
    assert gift(folk.shop, planned).cancelled_at == NOW
    assert on_hand(folk.shop, folk.honey_batch) == 5


def test_a_removed_birthday_gives_the_plan_up(folk: Folk) -> None:
    planned = folk.plan()
    remove_birthday(folk.shop, folk.li, 1)
    with pytest.raises(Refused, match="given up"):
        commands.give_gift(folk.shop, planned, 2)


def test_an_anonymous_file_gets_nothing(folk: Folk) -> None:
    planned = folk.plan()
    with folk.shop.store.write() as connection:
        members = schema.member
        gone = members.update().where(members.c.id == folk.li)
        connection.execute(gone.values(erased_at=NOW))
    with pytest.raises(NotFound, match="anonymous"):
        commands.give_gift(folk.shop, planned, 1)


def test_residents_may_do_none_of_it(folk: Folk) -> None:
    with pytest.raises(Refused):
        plan_gift(folk.shop.acting(RESIDENT), folk.li, TOMORROW, folk.jar())


def test_staff_may_give(folk: Folk, staff_shop: Shop, clock: FixedClock) -> None:
    planned = plan_gift(staff_shop, folk.li, TOMORROW, folk.jar())
    clock.forward(minutes=1)
    commands.give_gift(staff_shop, planned, 1)
    assert gift(folk.shop, planned).given_by == staff_shop.actor.id
