"""Members of many orders at once are those that one order after the other would find."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.members.profiles import queries
from lib.members.profiles.commands import add_member, member_for, members_for
from lib.members.profiles.rules import Hint, Home
from lib.shop.shop import Shop, Tx

NAMES = ("小李", "王姐", "Sunny🌻", "sunny", "老陈", "小 李", "")
HOMES = (Home(), Home(None, "3", None, "501"), Home(None, "3", "2", "501"), Home(None, "5", None,
         "501"), Home(None, None, None, "501"))  # fmt: skip
PHONES = (None, "13800138000", "13900139000", "12345")


class _UndoneError(Exception):
    pass


def one_by_one(tx: Tx, hints: list[Hint]) -> list[int]:
    return [
        member_for(
            tx, hint.nickname, area=hint.home.area, building=hint.home.building,
            unit=hint.home.unit, room=hint.home.room, phone=hint.phone,
        )
        for hint in hints
    ]  # fmt: skip


def at_once(tx: Tx, hints: list[Hint]) -> list[int]:
    return members_for(tx, [(hint, None) for hint in hints])


def outcome(
    shop: Shop, hints: list[Hint], way: Callable[[Tx, list[Hint]], list[int]]
) -> tuple[list[int], list[tuple[object, ...]], set[tuple[int, str]]]:
    """Who each order went to, what stands in the files and their other names; then undo it."""
    members, aliases = schema.member, schema.member_alias
    found: tuple[list[int], list[tuple[object, ...]], set[tuple[int, str]]]
    try:
        with shop.write("test.members") as tx:
            ids = way(tx, hints)
            order = {member_id: place for place, member_id in enumerate(dict.fromkeys(ids))}
            rows = {row.id: row for row in tx.connection.execute(select(members))}
            files = [
                (rows[key].nickname, rows[key].phone, rows[key].phone_tail, rows[key].building,
                 rows[key].unit, rows[key].room, rows[key].initials)
                for key in order
            ]  # fmt: skip
            others = {
                (order[row.member_id], row.folded_nickname)
                for row in tx.connection.execute(select(aliases))
                if row.member_id in order
            }
            found = ([order[member_id] for member_id in ids], files, others)
            raise _UndoneError
    except _UndoneError:
        return found


@pytest.mark.parametrize("seed", range(12))
def test_many_at_once_is_one_after_the_other(shop: Shop, seed: int) -> None:
    chance = random.Random(seed)
    add_member(shop, "小李", home=Home(None, "3", None, "501"))
    add_member(shop, "老陈", phone="13900139000")
    hints = [
        Hint(chance.choice(NAMES) or "甲", chance.choice(HOMES), chance.choice(PHONES))
        for _ in range(14)
    ]
    assert outcome(shop, hints, at_once) == outcome(shop, hints, one_by_one)


def test_a_chosen_member_stands(shop: Shop) -> None:
    member_id = add_member(shop, "老陈")
    with shop.write("test.members") as tx:
        found = members_for(tx, [(Hint("小李"), member_id), (Hint("小李"), None)])
    assert found[0] == member_id
    assert found[1] != member_id


def test_nobody_is_nobody(shop: Shop) -> None:
    with shop.write("test.members") as tx:
        assert members_for(tx, []) == []


def test_a_preview_foresees_whom_booking_will_mean(shop: Shop) -> None:
    known = add_member(shop, "小李", home=Home(building="3", room="201"))
    asked = [
        (Hint("小李"), None),
        (Hint("李太太", Home(building="3", room="201")), None),
        (Hint("王姐"), None),
        (Hint("王姐", Home(building="5", room="303")), None),
        (Hint("王姐"), None),
        (Hint("李爷爷"), known),
    ]
    foreseen = [(one.id, str(one.home)) for one in queries.foreseen(shop, asked)]
    with shop.write("test") as tx:
        booked = members_for(tx, asked)
    alike = [[one == other for other in booked] for one in booked]
    assert [[one == other for other, _ in foreseen] for one, _ in foreseen] == alike
    assert booked[0] == booked[5] == foreseen[0][0] == known
    assert [home for _number, home in foreseen] == ["3-201"] * 2 + ["5-303"] * 3 + ["3-201"]
    assert all(number < 0 for number, _home in foreseen[1:5])
    written = [str(queries.member(shop, number).card.home) for number in booked]
    assert written == [home for _number, home in foreseen]
