"""Notes of residents come in within limits and become something only by a person (R15)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop import upkeep
from lib.shop.people.rules import LOCAL
from lib.shop.settings import Settings
from lib.shop.settings_effects import effect
from lib.shop.shop import Shop
from lib.trust.demands.notes import queries
from lib.trust.demands.notes.commands import (
    leave_note,
    put_note_aside,
    take_note,
    take_note_back,
)
from lib.trust.demands.notes.rules import LONGEST_WISH, Written, bucket, checked, is_key
from lib.trust.demands.rules import Source, Status
from tests.conftest import NOW
from tests.trust.demands.cast import add_wish, journal, move, row, wishes

NETWORK = "203.0.113.0/24"
HOUR = timedelta(hours=1)


def key(number: int = 0) -> str:
    return f"{number:032x}"


def leave(shop: Shop, text: str = "想要草莓", name: str = "小李", number: int = 0) -> bool:
    return leave_note(shop, key(number), Written(text, name), NETWORK)


def stored(shop: Shop) -> Sequence[Row[Any]]:
    with shop.read() as connection:
        return connection.execute(select(schema.wish_note).order_by(schema.wish_note.c.id)).all()


def with_setting(shop: Shop, **values: Any) -> Shop:
    return replace(shop, settings=replace(shop.settings, **values))


def test_a_note_waits_and_nothing_else_happens(resident_shop: Shop, shop: Shop) -> None:
    assert leave(resident_shop)
    (note,) = queries.notes(shop)
    assert (note.text, note.name, note.at) == ("想要草莓", "小李", NOW)
    assert queries.waiting_notes(shop) == 1
    with shop.read() as connection:
        assert connection.execute(select(schema.demand)).first() is None
    (noted,) = journal(shop, "demand.leave_note")
    assert "草莓" not in str(noted.details)
    assert "小李" not in str(noted.details)


def test_the_same_form_twice_is_one_note(resident_shop: Shop, shop: Shop) -> None:
    assert [leave(resident_shop), leave(resident_shop)] == [True, False]
    assert len(stored(shop)) == 1
    with pytest.raises(Conflict):
        leave(resident_shop, "想要车厘子")


def test_no_address_is_kept(resident_shop: Shop, shop: Shop) -> None:
    leave(resident_shop)
    with shop.read() as connection:
        kept = [
            str(tuple(one))
            for table in (schema.wish_note, schema.rate_bucket, schema.journal, schema.form_key)
            for one in connection.execute(select(table))
        ]
    assert kept
    assert "203.0.113" not in "".join(kept)


def test_too_many_from_one_network_are_told_when_to_try_again(
    resident_shop: Shop, clock: FixedClock
) -> None:
    most = resident_shop.settings.wishes_per_hour
    for number in range(most):
        leave(resident_shop, number=number)
    with pytest.raises(Refused, match=f"{60 // most} minutes"):
        leave(resident_shop, number=most)
    assert not leave(resident_shop, number=0)  # a retry of one that came is no new try
    leave_note(resident_shop, key(90), Written("想要米", ""), "198.51.100.0/24")
    clock.forward(hours=1)
    assert leave(resident_shop, number=most)


def test_the_setting_says_how_many(resident_shop: Shop) -> None:
    few = with_setting(resident_shop, wishes_per_hour=1)
    leave(few, number=1)
    with pytest.raises(Refused, match="60 minutes"):
        leave(few, number=2)


def test_behind_a_proxy_nobody_is_locked_out_by_others(resident_shop: Shop) -> None:
    for number in range(20):
        assert leave_note(resident_shop, key(number), Written(f"想要{number}", ""), LOCAL)


def test_the_key_of_a_network_tells_nothing_and_changes_daily() -> None:
    today, secret = date(2026, 9, 25), b"secret"
    one = bucket(NETWORK, today, secret)
    assert one is not None
    assert "203" not in one
    assert one != bucket(NETWORK, date(2026, 9, 26), secret)
    assert one != bucket("198.51.100.0/24", today, secret)
    assert one != bucket(NETWORK, today, b"another")
    assert bucket(LOCAL, today, secret) is None


def test_a_full_box_asks_to_write_in_the_group(resident_shop: Shop, shop: Shop) -> None:
    small = with_setting(resident_shop, most_waiting_wishes=2)
    assert queries.is_open(small)
    leave(small, number=1), leave(small, number=2)
    assert not queries.is_open(small)
    with pytest.raises(Refused, match="in the group"):
        leave(small, number=3)
    put_note_aside(shop, stored(shop)[0].id)
    assert queries.is_open(small)
    assert leave(small, number=4)


def test_a_closed_box_takes_nothing(resident_shop: Shop, shop: Shop) -> None:
    closed = with_setting(resident_shop, wish_box=False)
    assert not queries.is_open(closed)
    with pytest.raises(Refused):
        leave(closed)
    assert not stored(shop)


@pytest.mark.parametrize(
    "text", ["", "   ", "！！！", "🍓🍓", "想要草莓 13800001111", "电话 １３８ ００００ １１１１",
             "想" * (LONGEST_WISH + 1), "\u200b\u202e", "0571-88881234 想要米",
             "微信号 abc_12345"],
)  # fmt: skip
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        checked(text, "小李")


def test_a_name_is_short_and_no_number() -> None:
    for name in ("李" * 21, "13800001111"):
        with pytest.raises(Refused):
            checked("想要草莓", name)


def test_what_is_written_is_cleaned_and_stays_text() -> None:
    found = checked("  想要\n<b>草莓</b>\x00\u202e\ufffd 🍓 ", " 3-201 小李 ")
    assert found == Written("想要 <b>草莓</b> 🍓", "3-201 小李")
    assert checked("想" * LONGEST_WISH, "").text == "想" * LONGEST_WISH


@pytest.mark.parametrize("text", ["", "x", "A" * 32, "0" * 31, "0" * 33, "../etc", "0" * 31 + "\n"])
def test_keys_of_others_are_no_keys(text: str) -> None:
    assert not is_key(text)
    assert is_key(key(1))


def test_a_note_becomes_a_wish_that_counts_from_when_it_was_sent(
    resident_shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    leave(resident_shop, "能不能进点草莓，送到5栋1单元302")
    clock.forward(hours=20)
    found = take_note(staff_shop, stored(staff_shop)[0].id, "草莓")
    assert (found.created, found.added) == (True, 1)
    assert row(staff_shop, found.demand_id).first_asked_at == NOW
    (asked,) = wishes(staff_shop, found.demand_id)
    assert (asked.name, asked.source) == ("小李", Source.PAGE.value)
    assert "302" not in asked.said
    assert queries.waiting_notes(staff_shop) == 0
    (noted,) = stored(staff_shop)
    assert (noted.status, noted.demand_id) == ("taken", found.demand_id)


def test_a_note_onto_a_wish_that_stands(resident_shop: Shop, shop: Shop) -> None:
    demand = add_wish(shop, "草莓", "王姐")
    leave(resident_shop), leave(resident_shop, number=1)
    one, two = stored(shop)
    assert not take_note(shop, one.id, "", demand).created
    again = take_note(shop, two.id, "", demand)
    assert (again.added, again.known) == (0, 1)
    assert [asked.name for asked in wishes(shop, demand)] == ["王姐", "小李"]


def test_the_name_can_be_corrected(resident_shop: Shop, shop: Shop) -> None:
    leave(resident_shop, name="李")
    found = take_note(shop, stored(shop)[0].id, "草莓", None, "3-201 小李")
    assert wishes(shop, found.demand_id)[0].name == "3-201 小李"


def test_putting_aside_can_be_taken_back(resident_shop: Shop, shop: Shop) -> None:
    leave(resident_shop)
    note = stored(shop)[0].id
    put_note_aside(shop, note)
    assert queries.notes(shop) == ()
    (aside,) = queries.put_aside(shop)
    assert (aside.id, aside.by) == (note, "芳姐")
    take_note_back(shop, note)
    assert [one.id for one in queries.notes(shop)] == [note]
    with pytest.raises(Conflict):
        take_note_back(shop, note)


def test_two_staff_deciding_at_once_are_told(
    resident_shop: Shop, shop: Shop, staff_shop: Shop
) -> None:
    leave(resident_shop)
    note = stored(shop)[0].id
    take_note(staff_shop, note, "草莓")
    with pytest.raises(Conflict):
        put_note_aside(shop, note)
    with pytest.raises(Conflict):
        take_note(shop, note, "草莓")
    with pytest.raises(Conflict):
        take_note_back(shop, note)
    with pytest.raises(NotFound):
        put_note_aside(shop, 99)


def test_a_title_is_needed(resident_shop: Shop, shop: Shop) -> None:
    leave(resident_shop)
    with pytest.raises(Refused):
        take_note(shop, stored(shop)[0].id, " ")
    assert queries.waiting_notes(shop) == 1


def test_notes_are_for_the_shop_only(resident_shop: Shop) -> None:
    leave(resident_shop)
    for query in (queries.notes, queries.waiting_notes, queries.put_aside):
        with pytest.raises(Refused):
            query(resident_shop)
    for act in (put_note_aside, take_note_back):
        with pytest.raises(Refused):
            act(resident_shop, 1)


def test_decided_notes_go_after_their_time_and_waiting_ones_stay(
    resident_shop: Shop, shop: Shop, clock: FixedClock
) -> None:
    for number in range(3):
        leave(resident_shop, number=number)
    first, second, third = stored(shop)
    put_note_aside(shop, first.id)
    demand = take_note(shop, second.id, "草莓").demand_id
    clock.forward(days=29)
    assert upkeep.sweep(shop.store, clock.now())["wish_note"] == 0
    clock.forward(days=1)
    assert upkeep.sweep(shop.store, clock.now())["wish_note"] == 2
    assert [note.id for note in stored(shop)] == [third.id]
    assert wishes(shop, demand)[0].said == "想要草莓"


def test_a_wish_on_offer_says_so(resident_shop: Shop, shop: Shop) -> None:
    demand = add_wish(shop, "草莓", "王姐")
    move(shop, demand, Status.DECLINED, "没有货源")
    leave(resident_shop)
    assert take_note(shop, stored(shop)[0].id, "草莓").status is Status.DECLINED


@pytest.mark.parametrize(
    ("values", "name", "shown"),
    [
        ({"similar_percent": 60}, "similar_percent", {"count": 3}),
        ({"similar_percent": 61}, "similar_percent", {"count": 4}),
        ({"wishes_per_hour": 5}, "wishes_per_hour", {"count": 5, "minutes": 12}),
        ({"wishes_per_hour": 100}, "wishes_per_hour", {"count": 100, "minutes": 1}),
        ({"most_waiting_wishes": 200}, "most_waiting_wishes", {"minutes": 67}),
        ({"wish_box": True}, "wish_box", {"address": "/p/wishes"}),
        ({"wish_box": False}, "wish_box", {}),
    ],
)
def test_what_the_settings_mean(
    values: dict[str, Any], name: str, shown: dict[str, object]
) -> None:
    said = effect(replace(Settings(), **values), name)
    assert said is not None
    assert said[1] == shown
