"""Who looks into a file is written down: once a day in the journal, counted beyond (PIPL 51)."""

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.members.profiles.commands import add_member, merge_members
from lib.members.profiles.openings.commands import note_list, note_opening
from lib.members.profiles.openings.queries import openings_of, recent_openings
from lib.members.profiles.openings.rules import What
from lib.shop.shop import Shop


def looks(shop: Shop) -> int:
    journal = schema.journal
    with shop.read() as connection:
        query = select(journal.c.id).where(journal.c.action == "member.look")
        return len(connection.execute(query).all())


def test_each_person_and_day_is_one_row_of_the_journal(
    shop: Shop, staff_shop: Shop, clock: FixedClock
) -> None:
    member = add_member(shop, "小李")
    for _time in range(3):
        note_opening(shop, member)
    note_opening(staff_shop, member)
    note_opening(shop, member, What.PRINTED)
    assert looks(shop) == 3
    clock.forward(days=1)
    note_opening(shop, member)
    assert looks(shop) == 4
    found = openings_of(shop, member)
    assert [(one.person, one.what, one.times) for one in found] == [
        ("芳姐", What.OPENED, 1),
        ("芳姐", What.PRINTED, 1),
        ("小吴", What.OPENED, 1),
        ("芳姐", What.OPENED, 3),
    ]


def test_of_merged_files_both_are_told(shop: Shop) -> None:
    keep, drop = add_member(shop, "小李"), add_member(shop, "李姐")
    note_opening(shop, drop)
    merge_members(shop, keep, drop, (1, 1))
    (one,) = openings_of(shop, keep)
    assert (one.member_id, one.nickname) == (keep, "小李")
    assert recent_openings(shop) == (one,)


def test_residents_and_unknown_files(shop: Shop, resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        note_opening(resident_shop, 1)
    with pytest.raises(NotFound):
        note_opening(shop, 404)


def test_only_the_owner_sees_all_looks(staff_shop: Shop) -> None:
    with pytest.raises(Refused):
        recent_openings(staff_shop)


def test_taking_out_the_list_is_written_down(shop: Shop) -> None:
    note_list(shop, 17)
    journal = schema.journal
    with shop.read() as connection:
        row = connection.execute(select(journal).order_by(journal.c.id.desc())).first()
    assert row is not None and row.action == "member.look_all"
    assert row.details["after"] == {"looked": "exported", "members": 17}
