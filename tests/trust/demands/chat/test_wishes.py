"""What of a chat looks like a wish: a corpus written by hand, with hard negatives (R15)."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lib.kernel.text import folded
from lib.trust.demands.chat.layout import read_talk
from lib.trust.demands.chat.wishes import FAR, JOINS, goods_of, joins, propose, wishes_in, words_of

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CORPUS = json.loads(
    (Path(__file__).parents[3] / "samples" / "chat" / "wishes.json").read_text(encoding="utf-8")
)["snippets"]


def proposed(paste: str) -> list[tuple[str, str, bool]]:
    messages = read_talk(paste, NOW, "Asia/Shanghai").messages
    return [(messages[one.message].name, folded(one.title or "?"), one.sure)
            for one in propose(messages)]  # fmt: skip


def expected(snippet: dict[str, Any], kind: str) -> list[tuple[str, str]]:
    return [(who, folded(title or "?")) for who, title in snippet[kind]]


@pytest.mark.parametrize("snippet", CORPUS, ids=[one["name"] for one in CORPUS])
def test_nothing_is_ticked_that_is_no_wish(snippet: dict[str, Any]) -> None:
    ticked = [(who, title) for who, title, sure in proposed(snippet["paste"]) if sure]
    for one in expected(snippet, "wishes"):
        if one in ticked:
            ticked.remove(one)
    assert ticked == []


@pytest.mark.parametrize("snippet", CORPUS, ids=[one["name"] for one in CORPUS])
def test_every_wish_is_proposed_and_little_else(snippet: dict[str, Any]) -> None:
    rest = [(who, title) for who, title, _sure in proposed(snippet["paste"])]
    for one in expected(snippet, "wishes"):
        assert one in rest
        rest.remove(one)
    assert set(rest) <= set(expected(snippet, "maybe"))


def test_the_corpus_is_large_and_nearly_all_of_it_is_ticked() -> None:
    wishes = [one for snippet in CORPUS for one in snippet["wishes"]]
    assert len(CORPUS) >= 100
    assert len(wishes) >= 130
    assert sum(not snippet["wishes"] for snippet in CORPUS) >= 25
    ticked = sum(sure for snippet in CORPUS for *_one, sure in proposed(snippet["paste"]))
    assert ticked / len(wishes) > 0.95


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("能不能进点草莓", "草莓"),
        ("草莓能不能进点呀", "草莓"),
        ("想要点心", "点心"),
        ("能不能上上海青", "上海青"),
        ("可以团进口奶粉吗", "进口奶粉"),
        ("开心果什么时候再有", "开心果"),
        ("酸奶有没有无糖的", "无糖酸奶"),
        ("求五常大米", "五常大米"),
        ("想買鳳梨酥", "鳳梨酥"),
        ("想要１０斤装的大米", "大米"),
    ],
)
def test_the_goods_are_read_without_the_words_around(text: str, goods: str) -> None:
    assert [one.title for one in wishes_in(words_of(text))] == [goods]


@pytest.mark.parametrize("text", ["不想要草莓", "想吃饭了", "能不能便宜点", "什么时候到",
                                  "求助", "谢谢", "鸡蛋2斤", "", "👍", "有没有人帮忙"])  # fmt: skip
def test_talk_wishes_for_nothing(text: str) -> None:
    assert not [one for one in wishes_in(words_of(text)) if one.title]


@pytest.mark.parametrize(
    ("text", "goods"),
    [("+1", ""), ("＋１", ""), ("➕1", ""), ("加一！", ""), ("同求～", ""), ("我也要", ""),
     ("我也想要一份", ""), ("哈哈我也想吃", ""), ("🙋‍♀️", ""), ("+1 草莓", "草莓"),
     ("同求！小时候的味道", ""), ("+1份", None), ("+2", None), ("我要2斤", None),
     ("好的", None), ("草莓", None)],
)  # fmt: skip
def test_joining_a_wish(text: str, goods: str | None) -> None:
    assert joins(words_of(text)) == goods


def test_who_joins_points_at_the_wish_and_bears_its_title() -> None:
    paste = "甲:\n想要草莓\n\n乙:\n+1\n\n丙:\n同求"
    first, second, third = propose(read_talk(paste, NOW, "Asia/Shanghai").messages)
    assert (first.follows, second.follows, third.follows) == (None, 0, 0)
    assert {second.title, third.title} == {"草莓"}
    assert second.why == JOINS


def test_other_talk_between_makes_joining_unsure() -> None:
    paste = "甲:\n想要草莓\n\n乙:\n昨天的鱼真新鲜\n\n丙:\n+1"
    _first, last = propose(read_talk(paste, NOW, "Asia/Shanghai").messages)
    assert (last.title, last.sure, last.why) == ("草莓", False, FAR)


def test_nothing_to_join_is_no_wish() -> None:
    assert propose(read_talk("甲:\n+1\n\n乙:\n同求", NOW, "Asia/Shanghai").messages) == ()


def test_names_of_goods_keep_what_begins_like_a_verb() -> None:
    assert goods_of("来伊份麻薯") == "来伊份麻薯"
    assert goods_of("吗") == ""
