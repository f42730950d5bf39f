"""Taking wishes out of a paste: once, nobody twice, nothing personal (R15)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.shop.shop import Shop
from lib.trust.demands.chat.commands import take_chat
from lib.trust.demands.chat.queries import heard
from lib.trust.demands.chat.rules import LONGEST_PASTE, Paste, Pick, Row, fingerprint, read_paste
from lib.trust.demands.personal import without_numbers, without_personal
from tests.conftest import NOW
from tests.trust.demands.cast import add_wish, journal, row, wishes

CHAT = """3-201 小李 2026-09-24 19:03
能不能进点草莓，我家5栋1单元302，电话13800001111
王姐 2026-09-24 19:05
+1
老周 2026-09-24 19:10
草莓什么时候再有
阿敏 2026-09-25 09:00
有没有羽衣甘蓝
刘 2026-09-25 09:01
2斤鸡蛋
小何 2026-09-25 09:02
还有豆腐吗
"""


def read(shop: Shop, text: str = CHAT) -> Paste:
    return read_paste(text, shop.clock.now(), shop.settings.time_zone)


def pick(one: Row, **values: object) -> Pick:
    plain = {"fingerprint": one.fingerprint, "title": one.title, "name": one.name,
             "said": one.said, "asked_at": one.at}  # fmt: skip
    return Pick(**{**plain, **values})  # type: ignore[arg-type]


def sure(paste: Paste) -> list[Pick]:
    return [pick(one) for one in paste.wishes if one.sure]


def rest(paste: Paste) -> list[str]:
    return [one.fingerprint for one in paste.wishes if not one.sure]


def titles(shop: Shop) -> dict[str, int]:
    with shop.read() as connection:
        return {one.title: one.id for one in connection.execute(select(schema.demand))}


def test_one_confirm_takes_all_that_is_ticked(shop: Shop) -> None:
    paste = read(shop)
    found = take_chat(shop, sure(paste), rest(paste))
    assert (found.new, found.others, found.added, found.known) == (2, 0, 4, 0)
    stands = titles(shop)
    assert set(stands) == {"草莓", "羽衣甘蓝"}
    asked = wishes(shop, stands["草莓"])
    assert [one.name for one in asked] == ["3-201 小李", "王姐", "老周"]
    assert {one.source for one in asked} == {"chat"}
    assert row(shop, stands["草莓"]).first_asked_at == paste.wishes[0].at
    assert len(journal(shop, "demand.take_chat")) == 1


def test_the_same_paste_again_adds_nothing(shop: Shop, clock: FixedClock) -> None:
    paste = read(shop)
    take_chat(shop, sure(paste), rest(paste))
    clock.forward(days=2)
    again = read(shop)
    known = heard(shop, [one.fingerprint for one in again.wishes])
    assert set(known) == {one.fingerprint for one in again.wishes}
    assert {one.title for one in known.values()} == {"草莓", "羽衣甘蓝", ""}
    found = take_chat(shop, sure(again))
    assert (found.new, found.added, found.passed_over) == (0, 0, 4)
    assert len(wishes(shop, titles(shop)["草莓"])) == 3


def test_a_known_line_can_be_taken_again_on_purpose(shop: Shop) -> None:
    paste = read(shop)
    take_chat(shop, [], [one.fingerprint for one in paste.wishes])
    assert titles(shop) == {}
    found = take_chat(shop, [pick(paste.wishes[0], again=True)])
    assert (found.new, found.passed_over) == (1, 0)


def test_two_staff_with_one_paste_count_once(shop: Shop, staff_shop: Shop) -> None:
    paste = read(shop)
    take_chat(shop, sure(paste))
    assert take_chat(staff_shop, sure(paste)).passed_over == 4
    assert len(wishes(shop, titles(shop)["草莓"])) == 3


def test_nameless_plus_ones_all_count_and_only_once(shop: Shop) -> None:
    text = "能不能进点草莓\n+1\n+1\n+1"
    paste = read(shop, text)
    assert len({one.fingerprint for one in paste.wishes}) == 4
    assert take_chat(shop, sure(paste)).added == 4
    assert take_chat(shop, sure(read(shop, text))).added == 0


def test_plus_one_under_another_wish_is_another_line(shop: Shop) -> None:
    take_chat(shop, sure(read(shop, "小李:\n想要草莓\n\n王姐:\n+1")))
    found = take_chat(shop, sure(read(shop, "老周:\n想要蓝莓\n\n王姐:\n+1")))
    assert (found.new, found.added, found.passed_over) == (1, 2, 0)


def test_nothing_personal_is_kept(shop: Shop) -> None:
    paste = read(shop)
    assert paste.wishes[0].stripped
    everything = [pick(one, said=CHAT[:120], title=one.title or "豆腐") for one in paste.wishes]
    take_chat(shop, everything)
    with shop.read() as connection:
        kept = str([
            tuple(one)
            for table in (schema.demand, schema.demand_wish, schema.heard_line, schema.journal)
            for one in connection.execute(select(table))
        ])  # fmt: skip
    assert "13800001111" not in kept
    assert "1单元302" not in kept


def test_rows_go_onto_a_wish_that_stands(shop: Shop) -> None:
    demand = add_wish(shop, "奶油草莓", "王姐")
    paste = read(shop)
    found = take_chat(shop, [pick(one, demand_id=demand) for one in paste.wishes[:3]])
    assert (found.new, found.others, found.added, found.known) == (0, 1, 2, 1)
    assert [one.name for one in wishes(shop, demand)] == ["王姐", "3-201 小李", "老周"]


def test_one_wrong_row_takes_nothing(shop: Shop) -> None:
    paste = read(shop)
    for wrong in (pick(paste.wishes[0], title=" "), pick(paste.wishes[0], demand_id=99)):
        with pytest.raises((Refused, NotFound)):
            take_chat(shop, [*sure(paste)[1:], wrong])
        assert titles(shop) == {}
        assert heard(shop, [one.fingerprint for one in paste.wishes]) == {}


def test_a_time_that_was_not_copied_is_now(shop: Shop) -> None:
    take_chat(shop, sure(read(shop, "小李:\n想要草莓")))
    assert row(shop, titles(shop)["草莓"]).first_asked_at == NOW


def test_residents_take_nothing(resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        take_chat(resident_shop, [])
    with pytest.raises(Refused):
        heard(resident_shop, ["x"])


def test_a_far_too_long_paste_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused):
        read(shop, "想" * (LONGEST_PASTE + 1))
    with pytest.raises(Refused):
        read(shop, "想要草莓\n" * 2000)


def test_a_fingerprint_knows_a_line_by_who_what_when() -> None:
    one = fingerprint("小李", "想要草莓", "19:03", "草莓")
    assert one == fingerprint(" 小李", "想要 草莓！", " 19:03", "草莓")
    others = [("小王", "想要草莓", "19:03", "草莓"), ("小李", "想要", "19:03", "草莓"),
              ("小李", "想要草莓", "19:04", "草莓"), ("小李", "想要草莓", "19:03", "")]  # fmt: skip
    assert len({one, *(fingerprint(*other) for other in others)}) == 5


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("想要米，电话13800001111", "想要米"),
        ("想要米 138-0000-1111", "想要米"),
        ("想要米 +86 138 0000 1111 谢谢", "想要米  谢谢"),
        ("想要米 １３８００００１１１１", "想要米"),
        ("0571-88881234 想要米", "想要米"),
        ("想要米，5栋1单元302", "想要米"),
        ("我住3号楼201，想要米", "想要米"),
        ("微信号：abc_12345，想要米", "想要米"),
        ("想要10斤装的米 2026-11-25", "想要10斤装的米 2026-11-25"),
        ("想要3-5斤的鸡", "想要3-5斤的鸡"),
    ],
)
def test_numbers_and_doors_are_left_out(text: str, left: str) -> None:
    assert without_personal(text) == left
    assert without_numbers("3-201 小李") == "3-201 小李"


def test_the_clock_of_a_wish_starts_when_it_was_said(shop: Shop) -> None:
    text = "小李 2026-09-20 08:00\n想要草莓"
    take_chat(shop, sure(read(shop, text)))
    assert row(shop, titles(shop)["草莓"]).first_asked_at == NOW - timedelta(days=5, hours=2.5)
