"""Who is missed, who is new, who is regular; reckoned once a day, written to once a month (R33)."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.members.consents.commands import give_consent, withdraw_consent
from lib.members.consents.rules import How, Purpose
from lib.members.habits.commands import add_tag, note_written, reckon_rhythm
from lib.members.habits.queries import due, glance, missed, newcomers, regulars
from lib.members.habits.rules import Kind
from lib.members.habits.seen import commands as seen
from lib.members.habits.texts import win_back_values
from lib.members.profiles.commands import merge_members, unmerge
from lib.shop.language import translator
from lib.shop.messages.member_events import WIN_BACK
from lib.shop.messages.wording import said
from lib.shop.shop import Shop
from tests.members.habits.cast import WEEKLY, bought, came, hand, rhythms, system
from tests.service.cast import TODAY, add_member, add_product


@pytest.fixture
def eggs(shop: Shop) -> int:
    return add_product(shop, "土鸡蛋", "盒", 1000)


@pytest.fixture
def zhao(shop: Shop, eggs: int) -> int:
    """Came every week until five weeks ago."""
    member = add_member(shop, "赵姨", building="3", room="201")
    came(shop, member, eggs, *WEEKLY)
    return member


def reckoned(shop: Shop) -> int:
    return reckon_rhythm(system(shop))


def journal(shop: Shop, action: str) -> int:
    rows = schema.journal
    with shop.read() as connection:
        query = select(func.count()).where(rows.c.action == action)
        return int(connection.execute(query).scalar_one())


def test_three_kinds_of_members(shop: Shop, zhao: int, eggs: int) -> None:
    regular = add_member(shop, "钱叔")
    came(shop, regular, eggs, 24, 17, 10, 3)
    new, again = add_member(shop, "新来的"), add_member(shop, "又来的")
    came(shop, new, eggs, 5)
    came(shop, again, eggs, 9, 2)
    gone = add_member(shop, "走了的")
    came(shop, gone, eggs, 300, 293, 286)
    add_member(shop, "只登记的")
    assert reckoned(shop) == 5
    (one,) = missed(shop)
    assert (one.member_id, one.last_on, one.gap_days) == (zhao, TODAY - timedelta(days=35), 7)
    assert (one.overdue, one.bought, one.a_month) == (28, ("土鸡蛋",), 5.0)
    assert [one.member_id for one in regulars(shop)] == [regular]
    found = {one.member_id: one.came_again for one in newcomers(shop)}
    assert found == {new: False, again: True, regular: True}
    counts = glance(shop)
    assert (counts.missed, counts.newcomers, counts.came_once, counts.regulars) == (1, 3, 1, 1)
    assert counts.as_of == TODAY
    assert due(shop).names == ("赵姨",)
    assert (due(shop).missed, due(shop).came_once) == (1, 1)


def test_before_the_first_reckoning_nothing_is_said(shop: Shop, zhao: int) -> None:
    assert glance(shop).as_of is None
    assert (missed(shop), newcomers(shop), regulars(shop)) == ((), (), ())
    assert due(shop).missed == 0
    assert zhao


def test_who_ordered_or_came_since_is_missed_no_more(shop: Shop, zhao: int, eggs: int) -> None:
    reckoned(shop)
    came(shop, zhao, eggs, -1, status="cancelled")
    assert len(missed(shop)) == 1
    came(shop, zhao, eggs, -1)  # to be collected tomorrow
    assert missed(shop) == ()
    assert glance(shop).missed == due(shop).missed == 0


def test_it_is_reckoned_once_a_day(shop: Shop, zhao: int, eggs: int, clock: FixedClock) -> None:
    assert reckoned(shop) == 1
    assert reckoned(shop) == 0
    assert journal(shop, "member.rhythm") == 1
    order, line = bought(shop, zhao, eggs, 0)
    hand(shop, order, line)
    assert reckoned(shop) == 0
    clock.forward(days=1)
    assert reckoned(shop) == 1
    row = rhythms(shop)[zhao]
    assert (row.visits, row.last_on) == (6, TODAY)
    assert row.reckoned_on == TODAY + timedelta(days=1)
    assert journal(shop, "member.rhythm") == 2


def test_a_changed_setting_is_reckoned_at_once_and_back(shop: Shop, zhao: int) -> None:
    reckoned(shop)
    patient = replace(shop, settings=replace(shop.settings, missed_after_gaps=10))
    assert reckoned(patient) == 1
    assert missed(patient) == ()
    assert reckoned(patient) == 0
    assert reckoned(shop) == 1
    assert len(missed(shop)) == 1
    assert zhao


def test_the_settings_say_who_is_missed_and_who_is_new(shop: Shop, zhao: int, eggs: int) -> None:
    reckoned(shop)
    for name, value in (("missed_until_days", 30), ("missed_from_visits", 6)):
        other = replace(shop, settings=replace(shop.settings, **{name: value}))
        reckoned(other)
        assert missed(other) == ()
    reckoned(shop)
    long = replace(shop, settings=replace(shop.settings, new_member_days=63))
    assert [one.member_id for one in newcomers(long)] == [zhao]
    assert newcomers(shop) == ()
    assert eggs


def test_many_members_are_reckoned_in_parts(
    shop: Shop, eggs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "CHUNK", 2)
    members = [add_member(shop, f"住户{number}") for number in range(5)]
    for member in members:
        came(shop, member, eggs, 9, 2)
    monkeypatch.setattr(seen, "PARTS_AT_ONCE", 2)
    assert reckoned(shop) == 4
    assert journal(shop, "member.rhythm") == 0
    assert reckoned(shop) == 1
    assert set(rhythms(shop)) == set(members)
    assert journal(shop, "member.rhythm") == 1


def test_a_reckoning_that_was_stopped_goes_on(
    shop: Shop, eggs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "CHUNK", 1)
    members = [add_member(shop, f"住户{number}") for number in range(3)]
    for member in members:
        came(shop, member, eggs, 9, 2)
    real, left = seen._replace, [2]

    def stopping(*given: object) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(seen, "_replace", stopping)
    with pytest.raises(KeyboardInterrupt):
        reckoned(shop)
    assert len(rhythms(shop)) == 2
    assert journal(shop, "member.rhythm") == 0
    left[0] = 99
    assert reckoned(shop) == 1
    assert len(rhythms(shop)) == 3
    assert journal(shop, "member.rhythm") == 1


def test_two_processes_at_once_do_no_harm(shop: Shop, zhao: int) -> None:
    faults: list[BaseException] = []

    def work() -> None:
        try:
            reckoned(shop)
        except BaseException as fault:  # noqa: BLE001 - told by the test
            faults.append(fault)

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert set(rhythms(shop)) == {zhao}
    assert journal(shop, "member.rhythm") == 1


def test_the_program_alone_reckons(shop: Shop, resident_shop: Shop) -> None:
    for one in (shop, resident_shop):
        with pytest.raises(Refused):
            reckon_rhythm(one)


def test_visits_that_vanish_take_the_rhythm_with_them(
    shop: Shop, zhao: int, clock: FixedClock
) -> None:
    reckoned(shop)
    with shop.store.write() as connection:
        connection.execute(schema.customer_order.update().values(status="cancelled"))
    clock.forward(days=1)
    reckoned(shop)
    assert rhythms(shop) == {}
    assert zhao


def test_an_erased_member_is_on_no_list(shop: Shop, zhao: int) -> None:
    reckoned(shop)
    members = schema.member
    with shop.store.write() as connection:
        gone = update(members).where(members.c.id == zhao)
        connection.execute(gone.values(erased_at=shop.clock.now()))
    assert missed(shop) == ()
    assert glance(shop).missed == 0


def test_a_merge_is_reckoned_at_the_next_look_and_so_is_taking_it_back(
    shop: Shop, zhao: int, eggs: int
) -> None:
    other = add_member(shop, "赵阿姨")
    came(shop, other, eggs, 28, 21, 14, 7)
    reckoned(shop)
    assert [one.member_id for one in missed(shop)] == [zhao]
    merge_id = merge_members(shop, zhao, other, (1, 1))
    assert reckoned(shop) == 1
    assert missed(shop) == ()
    row = rhythms(shop)[zhao]
    assert (row.visits, row.last_on) == (9, TODAY - timedelta(days=7))
    assert glance(shop).regulars == 1
    unmerge(shop, merge_id)
    assert reckoned(shop) == 2
    assert [one.member_id for one in missed(shop)] == [zhao]
    assert [one.member_id for one in regulars(shop)] == [other]
    assert reckoned(shop) == 0


def test_a_merge_into_a_file_without_visits_keeps_the_rhythm(shop: Shop, zhao: int) -> None:
    empty = add_member(shop, "空档案")
    reckoned(shop)
    merge_id = merge_members(shop, empty, zhao, (1, 1))
    assert [one.member_id for one in missed(shop)] == [empty]  # before it is reckoned anew
    reckoned(shop)
    assert [one.member_id for one in missed(shop)] == [empty]
    unmerge(shop, merge_id)
    reckoned(shop)
    assert [one.member_id for one in missed(shop)] == [zhao]
    assert empty not in rhythms(shop)


def test_nobody_is_written_to_twice_within_a_month(
    shop: Shop, zhao: int, clock: FixedClock
) -> None:
    reckoned(shop)
    with pytest.raises(Refused, match="not agreed to messages"):
        note_written(shop, zhao, "好久不见")
    give_consent(shop, zhao, Purpose.MESSAGES, How.CHAT)
    assert missed(shop)[0].may_write
    note_written(shop, zhao, "好久不见")
    assert missed(shop)[0].written_on == TODAY
    clock.forward(days=shop.settings.win_back_quiet_days - 1)
    with pytest.raises(Refused, match="Once in 30 days"):
        note_written(shop, zhao, "好久不见")
    clock.forward(days=1)
    note_written(shop, zhao, "好久不见")
    withdraw_consent(shop, zhao, Purpose.MESSAGES, How.CHAT)
    assert not missed(shop)[0].may_write


def test_a_merged_file_was_written_to_as_well(shop: Shop, zhao: int) -> None:
    other = add_member(shop, "赵阿姨")
    give_consent(shop, other, Purpose.MESSAGES, How.CHAT)
    note_written(shop, other, "好久不见")
    reckoned(shop)
    merge_members(shop, zhao, other, (1, 1))
    assert missed(shop)[0].written_on == TODAY
    with pytest.raises(Refused, match="Once in 30 days"):
        note_written(shop, zhao, "好久不见")


def test_the_text_names_likings_only_with_consent(shop: Shop, zhao: int) -> None:
    say = translator("zh_CN")
    known = [(Kind.PRODUCT, "土鸡蛋"), (Kind.TAG, "喝茶")]
    text = said(shop, WIN_BACK, **win_back_values("赵姨", known, shop.settings, say))
    assert "赵姨" in text
    assert "土鸡蛋，要不要给您留一份" in text
    assert "喝茶" not in text
    bare = said(shop, WIN_BACK, **win_back_values("赵姨", [], shop.settings, say))
    assert "留一份" not in bare
    assert "\n\n" not in bare
    add_tag(shop, zhao, "tea", How.CHAT)
