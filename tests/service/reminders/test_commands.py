"""Lists are made when they are due, once, late if need be, and never sent after their slot."""

import threading
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import insert

from lib.db import schema
from lib.db.engine import open_store
from lib.kernel.errors import Conflict, Refused
from lib.service.pickup.commands import hand_over, move_slot
from lib.service.reminders.commands import make_notices, put_aside, take_up
from lib.service.reminders.queries import due, notices
from lib.service.reminders.rules import How, Kind
from lib.shop.messages.channels.commands import add_channel
from lib.shop.messages.outbox.rules import Kind as RobotKind
from lib.shop.messages.templates.commands import change_wording
from lib.shop.opening import shop_for
from lib.shop.posts import note_post
from lib.shop.shop import SYSTEM, Shop
from tests.postgres import Cluster
from tests.robot import PATH
from tests.service.cast import TODAY, Street, add_order
from tests.service.reminders.cast import made, make_at, queued, set_clock
from tests.stopping import leaves_nothing_when_stopped

ROBOT = f"https://qyapi.weixin.qq.com{PATH}"
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def facts(shop: Shop) -> list[tuple[str, str, int, str]]:
    return [(row.slot, row.kind, row.waiting, row.done_how) for row in made(shop)]


def test_the_lists_of_a_day_are_made_as_they_become_due(street: Street) -> None:
    shop = street.shop
    assert make_at(shop, "05:59") == []
    assert len(make_at(shop, "06:00")) == 1
    assert len(make_at(shop, "11:00")) == 2
    assert len(make_at(shop, "17:00")) == 2
    assert len(make_at(shop, "21:30")) == 1
    assert facts(shop) == [
        ("morning", "before", 0, How.NOBODY),
        ("morning", "after", 0, How.NOBODY),
        ("noon", "before", 1, How.MISSED),
        ("noon", "after", 1, How.OPEN),
        ("evening", "before", 2, How.MISSED),
        ("evening", "after", 2, How.OPEN),
    ]
    assert all(row.made_at >= row.due_at for row in made(shop))


def test_looking_again_makes_nothing_twice_and_writes_nothing(street: Street) -> None:
    shop = street.shop
    assert len(make_at(shop, "17:00")) == 5
    with shop.read() as connection:
        before = connection.execute(schema.journal.select()).all()
    assert make_at(shop, "17:00") == []
    assert make_at(shop, "17:40") == []
    with shop.read() as connection:
        assert connection.execute(schema.journal.select()).all() == before


def test_the_text_calls_homes_and_numbers_only(street: Street) -> None:
    make_at(street.shop, "17:00")
    text = made(street.shop)[-1].body["text"]
    assert "3-201" in text
    assert "#14" in text  # 新邻居 said no slot and no home: called with the last slot, by number
    assert "小李" not in text
    assert "0831" not in text
    assert "B-2" not in text  # goods brought to the door are not called


def test_the_owners_own_wording_is_said(street: Street) -> None:
    change_wording(street.shop, "pickup", "来拿菜啦 {homes}", 0)
    make_at(street.shop, "17:00")
    assert made(street.shop)[-1].body["text"] == "来拿菜啦 3-201  #14"


def test_a_robot_gets_the_reminder_in_the_same_transaction_once(street: Street) -> None:
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    make_at(shop, "17:00")
    (message,) = queued(shop)
    evening = made(shop)[-1]
    assert (message.topic, message.subject) == ("pickup", "pickup:20260925-evening")
    assert message.text == evening.body["text"]
    assert evening.queued_at == shop.clock.now()
    make_at(shop, "17:30")
    assert len(queued(shop)) == 1
    assert due(shop) and all(one.kind is Kind.AFTER for one in due(shop))


def test_without_the_setting_or_a_robot_a_person_sends_it(street: Street) -> None:
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    by_hand = replace(shop, settings=replace(shop.settings, reminder_by_robot=False))
    make_at(by_hand, "17:00")
    assert queued(shop) == []
    assert ("evening", Kind.BEFORE) in {(one.slot, one.kind) for one in due(shop)}
    note_post(shop, "pickup", "pickup:20260925-evening", "来拿")
    assert ("evening", Kind.BEFORE) not in {(one.slot, one.kind) for one in due(shop)}


def test_what_somebody_sent_just_before_is_not_sent_again(street: Street) -> None:
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    set_clock(shop, "16:40")
    note_post(shop, "pickup", "pickup:20260925-evening", "来拿")
    make_at(shop, "17:00")
    assert queued(shop) == []
    assert made(shop)[-1].slot == "evening"


def test_a_reminder_whose_hour_passed_while_the_program_was_off(street: Street) -> None:
    """Mission, faults: shown late, sent while its slot is not over, never lost."""
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    make_at(shop, "17:40")
    evening = next(one for one in notices(shop, TODAY, TODAY) if one.slot == "evening")
    assert evening.late
    assert evening.made_at - evening.due_at == timedelta(minutes=40)
    assert [row.subject for row in queued(shop)] == ["pickup:20260925-evening"]
    noon = next(row for row in made(shop) if (row.slot, row.kind) == ("noon", "before"))
    assert noon.done_how == How.MISSED
    assert noon.queued_at is None


def test_after_its_slot_a_reminder_is_missed_and_the_second_list_takes_over(
    street: Street,
) -> None:
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    make_at(shop, "21:40")
    assert queued(shop) == []
    assert facts(shop)[-2:] == [("evening", "before", 2, How.MISSED), ("evening", "after", 2, "")]
    text = made(shop)[-1].body["text"]
    assert "3-201" in text and "9/26" in text


def test_several_days_off_flood_nobody(street: Street) -> None:
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    make_at(shop, "08:00", YESTERDAY)
    for ahead in (1, 2):
        add_order(
            shop, street.members["小李"], 11, (street.milk, 1), home=("3", None, "201"),
            pickup_day=TODAY + timedelta(days=ahead), source="chain",
        )  # fmt: skip
    make_at(shop, "17:10", TODAY + timedelta(days=2))
    sent = [row.subject for row in queued(shop)]
    assert sent == ["pickup:20260927-evening"]
    late = [row for row in made(shop) if (row.slot, row.kind) == ("evening", "after")]
    assert [row.day for row in late] == [YESTERDAY, TODAY, TODAY + timedelta(days=1)]


def test_what_a_robot_could_not_send_in_time_is_called_off(street: Street) -> None:
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    make_at(shop, "17:00")
    assert [row.status for row in queued(shop)] == ["waiting"]
    make_at(shop, "20:59")
    assert [row.status for row in queued(shop)] == ["waiting"]
    make_at(shop, "21:00")
    assert [row.status for row in queued(shop)] == ["cancelled"]
    before = next(row for row in made(shop) if (row.slot, row.kind) == ("evening", "before"))
    assert before.done_how == How.MISSED


def test_what_was_sent_is_settled_as_sent(street: Street) -> None:
    shop = street.shop
    make_at(shop, "17:00")
    note_post(shop, "pickup", "pickup:20260925-evening", "来拿")
    make_at(shop, "21:00")
    before = next(row for row in made(shop) if (row.slot, row.kind) == ("evening", "before"))
    assert before.done_how == How.SENT
    make_at(shop, "21:30")
    make_at(shop, "00:01", TODAY + timedelta(days=8))
    after = next(row for row in made(shop) if (row.slot, row.kind) == ("evening", "after"))
    assert after.done_how == How.OVER


def test_an_empty_list_sends_nothing_and_says_so(street: Street) -> None:
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    for name in ("小李", "新邻居"):
        hand_over(shop, street.orders[name])
    make_at(shop, "17:00")
    evening = made(shop)[-1]
    assert (evening.waiting, evening.done_how, evening.body["text"]) == (0, How.NOBODY, "")
    assert queued(shop) == []


def test_a_day_without_orders_has_no_lists_and_a_sale_at_the_counter_reminds_nobody(
    shop: Shop, street: Street
) -> None:
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    later = TODAY + timedelta(days=3)
    set_clock(shop, "17:30", later)
    assert make_notices(shop.acting(SYSTEM)) == made_ids_before(shop, later)
    add_order(
        shop, street.members["小李"], 1, (street.milk, 1), home=("3", None, "201"),
        pickup_day=later, placed_at=shop.clock.now(),
    )  # fmt: skip
    make_at(shop, "17:31", later)
    today = [row for row in made(shop) if row.day == later]
    assert [(row.kind, row.waiting) for row in today] == [("after", 0), ("after", 0)]
    assert queued(shop) == []


def made_ids_before(shop: Shop, day: object) -> list[int]:
    return [row.id for row in made(shop) if row.day != day]


def test_a_closed_day_is_not_called(street: Street) -> None:
    with street.shop.store.write() as connection:
        connection.execute(insert(schema.closed_day).values(day=TODAY, reason="盘点"))
    assert make_at(street.shop, "23:00") == []


def test_slots_changed_during_the_day(street: Street) -> None:
    """An earlier slot is reminded of at once and called late; a later one not twice."""
    shop = street.shop
    make_at(shop, "16:30")
    earlier = tuple(
        replace(slot, start=time(17), end=time(20)) if slot.key == "evening" else slot
        for slot in shop.settings.slots
    )
    changed = replace(shop, settings=replace(shop.settings, slots=earlier))
    make_at(changed, "16:30")
    assert (made(shop)[-1].slot, made(shop)[-1].body["hours"]) == ("evening", "17:00-20:00")
    assert made(shop)[-1].made_at - made(shop)[-1].due_at == timedelta(minutes=30)
    count = len(made(shop))
    later = tuple(
        replace(slot, start=time(19), end=time(22)) if slot.key == "evening" else slot
        for slot in shop.settings.slots
    )
    again = replace(shop, settings=replace(shop.settings, slots=later))
    assert make_at(again, "18:00") == []
    assert len(made(shop)) == count


def test_a_clock_that_is_turned_back_makes_nothing_twice(street: Street) -> None:
    """E9: back an hour, and forward a day and back again."""
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    make_at(shop, "17:00")
    assert make_at(shop, "16:00") == []
    assert make_at(shop, "17:00") == []
    make_at(shop, "10:30", TOMORROW)
    make_at(shop, "17:05")
    assert [row.subject for row in queued(shop)] == ["pickup:20260925-evening"]


def test_people_settle_a_list_and_take_that_back(street: Street) -> None:
    shop = street.shop
    make_at(shop, "14:30")
    after = next(one for one in notices(shop, TODAY, TODAY) if one.open)
    assert (after.slot, after.kind) == ("noon", Kind.AFTER)
    put_aside(shop, after.id, after.version)
    assert due(shop) == ()
    with pytest.raises(Refused):
        put_aside(shop, after.id, after.version + 1)
    with pytest.raises(Conflict):
        take_up(shop, after.id, after.version)
    take_up(shop, after.id, after.version + 1)
    assert [one.id for one in due(shop)] == [after.id]
    with pytest.raises(Refused):
        take_up(shop, after.id, after.version + 2)


def test_collected_or_moved_meanwhile_it_is_nobodys_task_any_more(street: Street) -> None:
    shop = street.shop
    make_at(shop, "14:30")
    assert [one.waiting for one in due(shop)] == [1]
    move_slot(shop, street.orders["王阿姨"], "evening", TODAY, 1)
    assert due(shop) == ()


def both_at_once(first: Shop, second: Shop) -> list[list[int]]:
    """Let two processes look at the same moment; each has its own connection to the books."""
    ready, found = threading.Barrier(2), []

    def look(shop: Shop) -> None:
        ready.wait(20)
        found.append(make_notices(shop.acting(SYSTEM)))

    threads = [threading.Thread(target=look, args=(shop,)) for shop in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_two_that_look_at_the_same_moment_send_one_reminder(street: Street) -> None:
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    set_clock(shop, "17:00")
    found = both_at_once(shop, shop)
    assert sorted(map(len, found)) == [0, 5]
    assert len(queued(shop)) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_two_processes_on_postgresql_send_one_reminder(
    postgres_cluster: Cluster, street: Street
) -> None:
    """Two processes never share a SQLite file; here each has a store of its own."""
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    set_clock(shop, "17:00")
    other = open_store(postgres_cluster.url)
    try:
        second = shop_for(other, shop.place, shop.clock)
        found = both_at_once(shop, second)
    finally:
        other.close()
    assert sorted(map(len, found)) == [0, 5]
    assert len(made(shop)) == 5
    assert len(queued(shop)) == 1


def test_stopped_at_any_statement_it_leaves_nothing(street: Street) -> None:
    shop = street.shop
    add_channel(shop, "小团", RobotKind.WECOM, ROBOT)
    set_clock(shop, "17:00")
    assert leaves_nothing_when_stopped(shop.acting(SYSTEM), make_notices) > 10
    assert len(queued(shop)) == 1


def test_only_the_program_makes_lists(street: Street) -> None:
    set_clock(street.shop, "17:00")
    with pytest.raises(Refused):
        make_notices(street.shop)
