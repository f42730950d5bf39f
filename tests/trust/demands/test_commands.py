"""Wishes come in, each resident once; moves ask for what residents are owed (R15-R17)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop.posts import note_post
from lib.shop.shop import FormKey, Repeated, Shop
from lib.trust.demands import commands
from lib.trust.demands.rules import Source, Status
from tests.conftest import NOW
from tests.service.cast import add_member, add_product
from tests.trust.demands.cast import add_wish, journal, move, row, wish, wishes

HOUR = timedelta(hours=1)
TOMORROW = date(2026, 9, 26)


def test_a_wish_starts_its_clock_with_the_first_who_asked(shop: Shop) -> None:
    came = [wish("张阿姨", 3), wish("李姐", 20), wish("")]
    found = commands.add_demand(shop, " 现磨  芝麻酱 ", came, "石磨的")
    assert (found.added, found.known, found.created) == (3, 0, True)
    stands = row(shop, found.demand_id)
    assert (stands.title, stands.note, stands.status) == ("现磨 芝麻酱", "石磨的", "new")
    assert stands.first_asked_at == NOW - 20 * HOUR
    assert [one.name for one in wishes(shop, found.demand_id)] == ["张阿姨", "李姐", ""]
    (noted,) = journal(shop, "demand.add")
    assert noted.subject == f"demand:{found.demand_id}"
    assert "张阿姨" not in str(noted.details)


def test_a_wish_without_anybody_starts_now(shop: Shop) -> None:
    found = commands.add_demand(shop, "草莓")
    assert row(shop, found.demand_id).first_asked_at == NOW
    assert not wishes(shop, found.demand_id)


def test_the_same_title_is_the_same_wish_and_a_requester_counts_once(shop: Shop) -> None:
    first = commands.add_demand(shop, "现磨芝麻酱", [wish("@张阿姨", 1)])
    again = commands.add_demand(shop, "现磨 芝麻酱!", [wish("张阿姨", 5), wish("王叔", 2)])
    assert again.demand_id == first.demand_id
    assert (again.added, again.known, again.created) == (1, 1, False)
    assert row(shop, first.demand_id).first_asked_at == NOW - 5 * HOUR
    assert wishes(shop, first.demand_id)[0].asked_at == NOW - 5 * HOUR


def test_nameless_wishes_are_all_counted(shop: Shop) -> None:
    demand = add_wish(shop, "草莓", "")
    found = commands.add_wishes(shop, demand, [wish(""), wish("")])
    assert (found.added, len(wishes(shop, demand))) == (2, 3)


def test_a_name_that_one_member_bears_is_that_member(shop: Shop) -> None:
    zhang = add_member(shop, "张阿姨")
    add_member(shop, "小李")
    add_member(shop, "小李", room="201")
    demand = add_wish(shop, "草莓", "张阿姨", "小李")
    assert [one.member_id for one in wishes(shop, demand)] == [zhang, None]
    under_another_name = wish("老张家", member_id=zhang)
    assert commands.add_wishes(shop, demand, [under_another_name]).known == 1


def test_a_chosen_member_fills_the_name_that_stood_there(shop: Shop) -> None:
    first, second = add_member(shop, "小李"), add_member(shop, "小李", room="201")
    demand = add_wish(shop, "草莓", "小李")
    assert commands.add_wishes(shop, demand, [wish("小李", member_id=first)]).known == 1
    # Two members of one name are two residents.
    assert commands.add_wishes(shop, demand, [wish("小李", member_id=second)]).added == 1
    assert commands.add_wishes(shop, demand, [wish("小李", member_id=second)]).known == 1
    assert [one.member_id for one in wishes(shop, demand)] == [first, second]


def test_a_name_that_turns_out_to_be_a_member_counts_once_with_the_member(shop: Shop) -> None:
    member = add_member(shop, "王姐")
    came = [wish("老王", 3), wish("老王", 2, member_id=member), wish("王姐", 1)]
    done = commands.add_demand(shop, "荠菜", came)
    assert (done.added, done.known) == (1, 2)
    (kept,) = wishes(shop, done.demand_id)
    assert (kept.name, kept.member_id) == ("老王", member)


def test_one_save_with_a_resident_twice_counts_once(shop: Shop) -> None:
    found = commands.add_demand(shop, "草莓", [wish("张阿姨", 1), wish(" 张阿姨 ", 4)])
    assert (found.added, found.known) == (1, 1)
    assert row(shop, found.demand_id).first_asked_at == NOW - 4 * HOUR


@pytest.mark.parametrize("status", [Status.NOT_YET, Status.DECLINED, Status.OFFERED])
def test_a_wish_for_what_was_answered_counts_there_and_is_told(shop: Shop, status: Status) -> None:
    demand = add_wish(shop)
    answer(shop, demand, status)
    found = commands.add_demand(shop, "现磨芝麻酱", [wish("李姐")])
    assert (found.demand_id, found.created, found.status) == (demand, False, status)
    assert found.since == NOW
    assert row(shop, demand).status == status


def answer(shop: Shop, demand: int, status: Status) -> None:
    if status is Status.OFFERED:
        product = add_product(shop, "芝麻酱", "瓶")
        values = {"status": "offered", "product_id": product, "version": 2}
        moments = {"offered_at": NOW, "answered_at": NOW, "status_at": NOW}
        with shop.store.write() as connection:
            table = schema.demand
            connection.execute(
                update(table).where(table.c.id == demand).values(**values, **moments)
            )
    else:
        move(shop, demand, status, "没货", TOMORROW if status is Status.NOT_YET else None)


def test_what_left_the_board_long_ago_begins_anew(shop: Shop, clock: FixedClock) -> None:
    old = add_wish(shop)
    move(shop, old, Status.DECLINED, "没货")
    clock.moment = NOW + timedelta(days=15)
    assert add_wish(shop) != old
    waiting = add_wish(shop, "草莓")
    move(shop, waiting, Status.NOT_YET, "没到季", date(2027, 3, 1))
    clock.moment = NOW + timedelta(days=60)
    assert add_wish(shop, "草莓") == waiting


def test_a_merged_wish_passes_on_who_comes_late(shop: Shop) -> None:
    keep, drop = add_wish(shop, "草莓"), add_wish(shop, "丹东草莓")
    with shop.store.write() as connection:
        table = schema.demand
        connection.execute(update(table).where(table.c.id == drop).values(merged_into=keep))
    found = commands.add_wishes(shop, drop, [wish("王叔", 30)])
    assert found.demand_id == keep
    assert row(shop, keep).first_asked_at == NOW - 30 * HOUR
    assert add_wish(shop, "丹东草莓") not in (keep, drop)


def test_what_cannot_be_taken_in(shop: Shop, resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        commands.add_demand(shop, " ")
    with pytest.raises(Refused):
        commands.add_wishes(shop, add_wish(shop), [])
    with pytest.raises(NotFound):
        commands.add_wishes(shop, 99, [wish()])
    with pytest.raises(Refused):
        commands.add_demand(shop, "草莓", [wish(str(number)) for number in range(501)])
    with pytest.raises(Refused):
        commands.add_demand(resident_shop, "草莓")


def test_not_yet_keeps_reason_and_day(staff_shop: Shop) -> None:
    demand = add_wish(staff_shop)
    for reason, day in (("", TOMORROW), ("没货", None), ("没货", date(2026, 9, 25))):
        with pytest.raises(Refused):
            move(staff_shop, demand, Status.NOT_YET, reason, day)
    move(staff_shop, demand, Status.NOT_YET, "经销商起订50箱", TOMORROW)
    stands = row(staff_shop, demand)
    assert (stands.reason, stands.next_on, stands.answered_at) == ("经销商起订50箱", TOMORROW, NOW)
    with pytest.raises(Refused):
        move(staff_shop, demand, Status.OFFERED)


def test_two_who_move_one_card_the_second_is_told_who_and_where(
    shop: Shop, staff_shop: Shop
) -> None:
    demand = add_wish(shop)
    version = row(shop, demand).version
    commands.move_demand(staff_shop, demand, version, Status.CHECKING)
    with pytest.raises(Conflict) as told:
        commands.move_demand(shop, demand, version, Status.DECLINED, "没货")
    assert str(told.value) == ("小吴 moved this wish to checking at 10:30. Nothing was saved.")
    assert row(shop, demand).status == "checking"
    commands.change_demand(shop, demand, 2, "芝麻酱", "")
    commands.add_wishes(staff_shop, demand, [wish("李姐")])  # no move: it is not named
    with pytest.raises(Conflict, match="芳姐 changed this"):
        commands.move_demand(staff_shop, demand, 2, Status.NEW)


def test_wishes_that_come_in_meanwhile_do_not_stop_a_move(shop: Shop) -> None:
    demand = add_wish(shop)
    version = row(shop, demand).version
    commands.add_wishes(shop, demand, [wish("李姐", 50)])
    commands.move_demand(shop, demand, version, Status.CHECKING)
    assert row(shop, demand).first_asked_at == NOW - 50 * HOUR


def test_reopening_erases_no_breach(shop: Shop, clock: FixedClock) -> None:
    demand = add_wish(shop, hours_ago=100)
    move(shop, demand, Status.DECLINED, "没货")
    late = row(shop, demand).answered_at
    clock.moment = NOW + timedelta(days=2)
    move(shop, demand, Status.NEW)
    stands = row(shop, demand)
    assert (stands.answered_at, stands.first_asked_at) == (late, NOW - 100 * HOUR)
    assert stands.next_on == date(2026, 9, 30)  # the hours of the setting anew
    move(shop, demand, Status.CHECKING)
    assert row(shop, demand).next_on == date(2026, 9, 30)
    move(shop, demand, Status.NOT_YET, "没货", date(2026, 10, 9))
    assert row(shop, demand).answered_at == late
    move(shop, demand, Status.CHECKING)
    assert row(shop, demand).next_on == date(2026, 10, 9)  # what residents were promised


def test_a_slip_of_the_same_day_that_nobody_heard_of_is_no_answer(shop: Shop) -> None:
    demand = add_wish(shop)
    move(shop, demand, Status.DECLINED, "点错了")
    move(shop, demand, Status.NEW)
    assert (row(shop, demand).answered_at, row(shop, demand).next_on) == (None, None)
    move(shop, demand, Status.DECLINED, "没货")
    note_post(shop, "demand_declined", f"demand:{demand}", "@张阿姨 …")
    move(shop, demand, Status.NEW)
    assert row(shop, demand).answered_at == NOW


def test_a_mistyped_resident_goes_and_the_clock_with_them(shop: Shop) -> None:
    found = commands.add_demand(shop, "草莓", [wish("张阿姨", 40), wish("李姐", 3)])
    first, second = wishes(shop, found.demand_id)
    commands.remove_wish(shop, first.id)
    assert row(shop, found.demand_id).first_asked_at == NOW - 3 * HOUR
    assert journal(shop, "demand.remove_wish")[0].subject == f"demand:{found.demand_id}"
    with pytest.raises(NotFound):
        commands.remove_wish(shop, first.id)
    with pytest.raises(Refused, match="Nobody else"):
        commands.remove_wish(shop, second.id)
    assert len(wishes(shop, found.demand_id)) == 1


def test_a_title_may_be_written_otherwise(shop: Shop) -> None:
    demand = add_wish(shop)
    commands.change_demand(shop, demand, 1, "石磨芝麻酱", "要瓶装")
    assert (row(shop, demand).title, row(shop, demand).note) == ("石磨芝麻酱", "要瓶装")
    assert add_wish(shop, "石磨芝麻酱") == demand
    with pytest.raises(Conflict):
        commands.change_demand(shop, demand, 1, "芝麻酱", "")


def test_the_hours_of_the_setting_are_read(shop: Shop, clock: FixedClock) -> None:
    demand = add_wish(shop)
    move(shop, demand, Status.DECLINED, "没货")
    clock.moment = NOW + timedelta(days=1)
    patient = replace(shop, settings=replace(shop.settings, demand_hours=240))
    move(patient, demand, Status.NEW)
    assert row(shop, demand).next_on == date(2026, 10, 6)


def test_every_source_is_kept(shop: Shop) -> None:
    came = [wish(str(source), source=source) for source in Source]
    found = commands.add_demand(shop, "草莓", came)
    kept = {one.source for one in wishes(shop, found.demand_id)}
    assert kept == {source.value for source in Source}
    with shop.store.write() as connection, pytest.raises(Exception, match="source"):
        connection.execute(
            insert(schema.demand_wish).values(
                demand_id=found.demand_id, source="dream", asked_at=NOW
            )
        )


def test_the_answer_of_a_repeated_save_is_the_first_one(shop: Shop) -> None:
    bound = shop.once(FormKey.of("form", "add"))
    first = commands.add_demand(bound, "羊奶", [wish("李姐"), wish("王叔")])
    with pytest.raises(Repeated) as again:
        commands.add_demand(bound, "羊奶", [wish("李姐"), wish("王叔")])
    assert again.value.result["demand_id"] == first.demand_id
    assert again.value.result["added"] == 2
