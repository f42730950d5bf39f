"""Cards of members: a code that says nothing, finds one file, and is replaced when lost."""

import json

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.codes import is_code
from lib.kernel.errors import NotFound, Refused
from lib.members.profiles.cards import commands
from lib.members.profiles.cards.queries import cards_of, member_by_card
from lib.members.profiles.cards.rules import MOST_AT_ONCE, scanned
from lib.members.profiles.commands import add_member, merge_members
from lib.members.profiles.queries import find_members
from lib.shop.shop import Shop


@pytest.fixture
def lee(shop: Shop) -> int:
    return add_member(shop, "小李")


def test_a_card_finds_its_member_however_it_is_read(shop: Shop, lee: int) -> None:
    code = commands.give_card(shop, lee)
    assert is_code(code)
    for text in (code, f"M-{code}", code.lower(), scanned(code, "https://shop.example"),
                 scanned(code, "")):  # fmt: skip
        assert member_by_card(shop, text) == lee
        assert [one.id for one in find_members(shop, text)] == [lee]


def test_a_lost_card_finds_nothing(shop: Shop, lee: int) -> None:
    lost = commands.give_card(shop, lee)
    code = commands.give_card(shop, lee)
    assert code != lost
    assert member_by_card(shop, lost) is None
    assert find_members(shop, lost) == []
    assert member_by_card(shop, code) == lee


def test_both_cards_of_merged_files_find_one_until_one_is_lost(shop: Shop, lee: int) -> None:
    double = add_member(shop, "小李子")
    first, second = commands.give_card(shop, lee), commands.give_card(shop, double)
    merge_members(shop, lee, double, (2, 2))
    assert member_by_card(shop, first) == member_by_card(shop, second) == lee
    code = commands.give_card(shop, double)
    assert member_by_card(shop, code) == lee
    assert member_by_card(shop, first) is member_by_card(shop, second) is None


@pytest.mark.parametrize(
    "text", ["", "小李", "M-", "7CDFGHJK", "%", "https://x.cn/?card=", "x" * 5000]
)
def test_what_is_no_card_of_ours_finds_nobody(shop: Shop, lee: int, text: str) -> None:
    assert member_by_card(shop, text) is None


def test_the_journal_never_holds_a_code(shop: Shop, lee: int) -> None:
    codes = [commands.give_card(shop, lee) for _each in range(2)]
    with shop.read() as connection:
        rows = [dict(row) for row in connection.execute(select(schema.journal)).mappings()]
        kept = connection.execute(select(schema.form_key)).all()
    said = json.dumps([rows, [tuple(row) for row in kept]], default=str, ensure_ascii=False)
    assert [row["action"] for row in rows].count("member.card") == 2
    assert not any(code in said for code in codes)


def test_several_get_a_card_who_have_none(shop: Shop, lee: int) -> None:
    fang, wang = add_member(shop, "阿芳"), add_member(shop, "老王")
    code = commands.give_card(shop, fang)
    assert commands.give_cards(shop, [lee, fang, wang]) == 2
    found = cards_of(shop, [wang, fang, lee, 999])
    assert [one.member_id for one in found] == [wang, fang, lee]
    assert found[1].code == code
    assert len({one.code for one in found}) == 3
    with pytest.raises(Refused, match="already"):
        commands.give_cards(shop, [lee, fang, wang])
    with pytest.raises(Refused, match="60"):
        commands.give_cards(shop, range(MOST_AT_ONCE + 1))


def test_cards_are_the_shops_business(
    shop: Shop, staff_shop: Shop, resident_shop: Shop, lee: int
) -> None:
    code = commands.give_card(staff_shop, lee)
    for act in (
        lambda: member_by_card(resident_shop, code),
        lambda: cards_of(resident_shop, [lee]),
        lambda: commands.give_card(resident_shop, lee),
        lambda: commands.give_cards(resident_shop, [lee]),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(NotFound):
        commands.give_card(shop, 999)


def test_what_is_scanned_holds_the_code_and_nothing_else() -> None:
    assert scanned("7CDFGHJK", "") == "M-7CDFGHJK"
    address = scanned("7CDFGHJK", "https://shop.example.cn")
    assert address == "https://shop.example.cn/members?card=7CDFGHJK"
