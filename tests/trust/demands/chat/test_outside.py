"""Chat written by somebody who had not read the reader (R15): what is found, and nothing lost."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lib.kernel.text import clean, folded
from lib.trust.demands.chat.layout import read_talk
from lib.trust.demands.chat.model import Reason
from lib.trust.demands.chat.rules import Paste, read_paste
from lib.trust.demands.chat.wishes import ANSWERS, IN_CHAIN, MAYBE_ORDER, wishes_in, words_of

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
OUTSIDE = Path(__file__).parents[3] / "samples" / "chat" / "outside.json"
CORPUS = json.loads(OUTSIDE.read_text(encoding="utf-8"))["snippets"]


def read(text: str) -> Paste:
    return read_paste(text, NOW, "Asia/Shanghai")


def proposed(text: str) -> list[tuple[str, str, bool, str]]:
    return [(row.name, row.title, row.sure, row.why) for row in read(text).wishes]


def compared(snippet: dict[str, Any]) -> tuple[int, list[tuple[str, str, bool, str]]]:
    """Return how many of the wishes are found, and what else is proposed."""
    rest, found = proposed(snippet["paste"]), 0
    for who, goods in snippet["wishes"]:
        hits = [one for one in rest if one[0] == who and folded(goods) in folded(one[1])]
        found += bool(hits)
        rest = [one for one in rest if one not in hits[:1]]
    return found, rest


def test_what_an_outsider_wrote_is_found_and_nothing_else_is_ticked() -> None:
    read_as = [compared(snippet) for snippet in CORPUS]
    wishes = sum(len(snippet["wishes"]) for snippet in CORPUS)
    assert len(CORPUS) >= 100
    assert wishes >= 90
    assert sum(found for found, _rest in read_as) / wishes >= 0.95
    assert [one for _found, rest in read_as for one in rest if one[2]] == []
    assert sum(len(rest) for _found, rest in read_as) <= 6


@pytest.mark.parametrize("snippet", CORPUS, ids=[one["name"] for one in CORPUS])
def test_no_line_of_it_is_lost(snippet: dict[str, Any]) -> None:
    talk = read_talk(snippet["paste"], NOW, "Asia/Shanghai")
    taken = sorted(place for one in (*talk.messages, *talk.aside) for place in one.lines)
    lines = snippet["paste"].splitlines()
    assert taken == [place for place, line in enumerate(lines) if clean(line)]


def test_a_chain_that_asks_what_people_wish_for_is_wishes() -> None:
    text = "#接龙\n想吃什么水果\n\n1. 张三 草莓\n2. 3-201 李四 车厘子\n3. Lily 蓝莓、树莓\n4. 王姐"
    assert proposed(text) == [
        ("张三", "草莓", False, ANSWERS),
        ("3-201 李四", "车厘子", False, ANSWERS),
        ("Lily", "蓝莓", False, ANSWERS),
        ("Lily", "树莓", False, ANSWERS),
        ("", "王姐", False, ANSWERS),
    ]


def test_a_wish_inside_a_chain_of_orders_is_offered_without_a_tick() -> None:
    text = "店主:\n#接龙\n草莓 25元\n1. 张三 2盒\n2. 3栋王阿姨 一盒，有蓝莓吗\n3. 李四 1盒"
    assert proposed(text) == [("3栋王阿姨", "蓝莓", False, IN_CHAIN)]
    assert {one.reason for one in read(text).aside} == {Reason.CHAIN}


def test_a_numbered_list_below_a_wish_is_the_wishes_of_one() -> None:
    assert [one[:2] for one in proposed("方方:\n求团\n1. 牛肉丸\n2. 鱼豆腐")] == [
        ("方方", "牛肉丸"),
        ("方方", "鱼豆腐"),
    ]


def test_also_two_boxes_below_a_wish_joins_it_without_a_tick() -> None:
    text = "甲:\n想要车厘子\n\n乙:\n我家也要两盒"
    assert proposed(text)[1] == ("乙", "车厘子", False, MAYBE_ORDER)
    assert proposed("店:\n草莓25元一盒\n\n乙:\n我家也要两盒") == []


def test_an_address_of_the_web_is_no_goods() -> None:
    found = wishes_in(words_of("能团这个吗 https://item.jd.com/100012043978.html 德国的洗碗块"))
    assert [one.title for one in found] == ["德国的洗碗块"]


@pytest.mark.parametrize(
    "line", ["能不能" * 20_000, "想要" + "草莓、" * 19_000, "求" * 60_000, "a " * 30_000,
             "1. " * 20_000, "：" * 60_000, "「甲：" * 15_000, "#接龙\n" + "1. 甲 有\n" * 1_400,
             "有没有" + "的" * 59_000]
)  # fmt: skip
def test_a_hostile_paste_is_read_at_all(line: str) -> None:
    found = read(line)  # a pattern that runs away never ends
    assert found.wishes or found.others or found.aside
