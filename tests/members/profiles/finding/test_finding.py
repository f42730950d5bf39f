"""Residents found by whatever is typed, on both databases, the likeliest first (R33)."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from lib.db import schema
from lib.db.functions import begins
from lib.kernel.text import folded
from lib.members.profiles.commands import add_member, change_member, merge_members
from lib.members.profiles.finding import queries as finding
from lib.members.profiles.queries import find_members, member
from lib.members.profiles.rules import Home, reading
from lib.shop.shop import Shop

PHONE = "13800138000"


def names(shop: Shop, text: str, limit: int = 20) -> list[str]:
    return [card.nickname for card in find_members(shop, text, limit)]


def order(
    shop: Shop, member_id: int, number: int, *, days: int = 0, status: str = "active"
) -> None:
    with shop.write("test.order") as tx:
        tx.add(
            schema.customer_order, member_id=member_id, source="counter", number=number,
            pickup_day=tx.today + timedelta(days=days), delivery=False, status=status,
            placed_at=tx.now,
        )  # fmt: skip


def many(shop: Shop, named: list[str]) -> None:
    """Write files at once, as a first chain does."""
    with shop.write("test.fill") as tx:
        for name in named:
            sound = reading(name)
            values = {"nickname": name, "folded_nickname": folded(name), "created_at": tx.now}
            tx.execute(insert(schema.member).values(
                **values, initials=sound.initials, pinyin=sound.pinyin))  # fmt: skip


def card(shop: Shop, member_id: int, code: str) -> None:
    with shop.write("test.card") as tx:
        mine = schema.member.c.id == member_id
        tx.execute(update(schema.member).where(mine).values(card_code=code))


def test_a_resident_is_found_by_everything(shop: Shop) -> None:
    lee = add_member(shop, "小李", phone=PHONE, home=Home.of(None, "3栋", "2单元", "201"))
    zeng = add_member(shop, "曾老师", home=Home(building="12", room="1203"))
    change_member(shop, zeng, 1, nickname="曾阿姨", home=Home(building="12", room="1203"))
    order(shop, zeng, 7)
    card(shop, lee, "7CDFGHJK")
    for text in ("小李", "李", "xiaoli", "XL", "xl", "xli", "xiaol", "xiao li", "xi", "8000",
                 "38000", "138 0013 8000", PHONE, "201", "201室", "3-201", "3栋",
                 "3栋2单元201", f"M{lee}", f"m{lee}", "M-7CDFGHJK", "7cdfghjk", "M-7CDF GHJK",
                 "https://shop.cn/members?card=7CDFGHJK", "3-201 小李", "李 8000"):  # fmt: skip
        assert names(shop, text) == ["小李"], text
    for text in ("曾阿姨", "阿姨", "zay", "cay", "zengay", "曾老师", "#7", "7号", "12-1203",
                 "12-2-1203", "1203", "12栋", f"M{zeng}", "老师 7"):  # fmt: skip
        assert names(shop, text) == ["曾阿姨"], text


def test_what_is_meant_by_nobody_finds_nobody(shop: Shop) -> None:
    add_member(shop, "小李", phone=PHONE, home=Home(building="3", room="201"))
    for text in ("%", "_", "%_%", "/", "\\", "'", '"; --', "🌸", "M999", "M0", "3-202", "9999",
                 "lx", "iaol", "13800138001", "380013", "M-7CDFGHJK", "小李 9999", "长" * 5000,
                 "x" * 5000, "1" * 5000, "\ud800%"):  # fmt: skip
        assert names(shop, text) == [], text
    for text in ("", "  ", "\x00", "\u200e"):
        assert names(shop, text) == ["小李"], text


def test_names_of_signs_are_found_by_their_signs(shop: Shop) -> None:
    many(shop, ["🌸", "***", "100%果汁", "a_b", "Ünal", "🌸妈妈"])
    assert names(shop, "🌸")[0] == "🌸"
    assert names(shop, "***") == ["***"]
    assert names(shop, "100%") == ["100%果汁"]
    assert names(shop, "a_b") == ["a_b"]
    assert names(shop, "ünal") == ["Ünal"]


def test_exact_comes_before_beginning_before_inside(shop: Shop) -> None:
    many(shop, ["快乐的李芳", "李芳妈妈", "李芳", "李芳姐", "阿李芳"])
    assert names(shop, "李芳") == ["李芳", "李芳姐", "李芳妈妈", "阿李芳", "快乐的李芳"]
    assert names(shop, "lf")[:2] == ["李芳", "李芳姐"]
    assert names(shop, "李芳", limit=2) == ["李芳", "李芳姐"]


def test_who_has_an_order_today_comes_first_among_equals(shop: Shop) -> None:
    older, newer = add_member(shop, "王芳"), add_member(shop, "王芳", home=Home(room="9"))
    assert [one.id for one in find_members(shop, "王芳")] == [newer, older]
    order(shop, newer, 1, days=1)
    order(shop, newer, 2, status="cancelled")
    order(shop, older, 3)
    assert [one.id for one in find_members(shop, "王芳")] == [older, newer]


def test_a_number_means_the_order_of_today_only(shop: Shop) -> None:
    today, other = add_member(shop, "小李"), add_member(shop, "阿芳")
    order(shop, today, 12)
    order(shop, other, 12, days=1)
    order(shop, other, 13, status="cancelled")
    assert names(shop, "12") == ["小李"]
    assert names(shop, "13") == []


def test_a_merged_file_is_found_as_the_one_it_became(shop: Shop) -> None:
    keep, drop = add_member(shop, "小李"), add_member(shop, "李小姐")
    card(shop, drop, "7CDFGHJK")
    merge_members(shop, keep, drop, (1, 1))
    for text in ("李小姐", "M-7CDFGHJK", f"M{drop}", f"M{keep}"):
        assert [one.id for one in find_members(shop, text)] == [keep], text


def test_a_full_list_is_not_searched_inside(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    many(shop, [f"王芳{number}" for number in range(25)])

    def never(*_said: object) -> None:
        raise AssertionError("searched inside")

    monkeypatch.setattr(finding, "_by_scan", never)
    assert len(find_members(shop, "王")) == 20
    for text in (PHONE, "3-201", "M-7CDFGHJK"):
        assert find_members(shop, text) == []


def test_beginnings_are_found_as_they_are_written(shop: Shop) -> None:
    many(shop, ["ab", "aB", "abc", "b", "a", "中文", "中"])
    column = schema.member.c.folded_nickname
    with shop.read() as connection:
        for start, wanted in (
            ("a", 4),
            ("ab", 3),
            ("中", 2),
            ("中文", 1),
            ("%", 0),
            ("\U0010ffff", 0),
        ):
            query = schema.member.select().where(begins(column, start))
            assert len(connection.execute(query).all()) == wanted, start


def test_staff_find_as_the_owner_and_see_masked_phones(shop: Shop, staff_shop: Shop) -> None:
    lee = add_member(shop, "小李", phone=PHONE)
    found = find_members(staff_shop, PHONE)
    assert [(one.id, one.phone) for one in found] == [(lee, "138****8000")]
    assert member(staff_shop, lee).card == found[0]
