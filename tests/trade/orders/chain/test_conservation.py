"""Nothing is lost: any text parses, every visible character has a part, every number surfaces."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.trade.orders.chain.contract import catalogue_from_dicts
from lib.trade.orders.chain.glyphs import is_invisible
from lib.trade.orders.chain.model import Chain, Part
from lib.trade.orders.chain.parser import parse_chain
from tests.trade.orders.chain.shelves import SHELVES
from tests.trade.orders.chain.table import chains, rows

HERE = Path(__file__).parent
SAMPLES = json.loads((HERE.parents[2] / "samples" / "jielong.json").read_text(encoding="utf-8"))
PASTES = [case["input"] for case in SAMPLES["cases"]] + [
    paste for _n, _s, paste, _w in chains((HERE / "chains.txt").read_text(encoding="utf-8"))
]
WORDS = sorted(
    {w for _s, text, _w in rows((HERE / "entries.txt").read_text("utf-8")) for w in text.split()}
)
MARKET = catalogue_from_dicts(SHELVES["market"])
EGGS = catalogue_from_dicts(SHELVES["eggs"])
ALPHABET = st.sampled_from(
    [
        *list(
            "#接龙例\n\n 0123456789.。、，:：()（）-+×x*/斤两份盒半一二三十"
            "改成不要了取消同上各都来全"
        ),
        "鸡蛋",
        "白菜",
        "豆腐",
        "3-201 ",
        "3栋",
        "晚上",
        "8点",
        "元",
        "\u200b",
        "️",
        "1️⃣",
        "½",
        "😀",
        "\x00",
        "�",
        "\r",
        "\t",
        "\u3000",
        "A",
        "k",
        "送上门",
        "更正",
        "- - - - - -",
        "「",
        "」",
    ]
)


def visible(text: str, start: int, end: int) -> set[int]:
    return {
        place
        for place in range(start, end)
        if not text[place].isspace() and not is_invisible(text[place]) and text[place] not in "\x00"
    }


def assert_conserved(text: str, chain: Chain) -> None:
    for entry in chain.entries:
        covered: set[int] = set()
        unmatched = {p for d in entry.unmatched for p in range(*d.span)}
        for part, (start, end) in entry.parts:
            places = visible(text, start, end)
            covered |= places
            if part is Part.UNMATCHED:
                assert places <= unmatched, (text, entry)
            if part is Part.ITEM:
                counted = entry.items or entry.unmatched
                assert counted, (text, entry)
        assert visible(text, *entry.span) <= covered, (text, entry)
        name = [span for part, span in entry.parts if part is Part.NICKNAME]
        for item in entry.items:
            assert item.quantity > 0
            for start, end in item.spans:
                assert all(end <= a or start >= b for a, b in name), (text, entry)


@settings(max_examples=150, deadline=None)
@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_any_text_is_conserved(text):
    for shelf in (MARKET, EGGS):
        assert_conserved(text, parse_chain(text, shelf))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_unicode_text_is_conserved(text):
    paste = f"#接龙\n标题\n\n1. {text}\n2. 小李 2斤"
    assert_conserved(paste, parse_chain(paste, EGGS))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.sampled_from([" ", "，", "", "\n"])
)
def test_mixed_phrases_are_conserved(words, joint):
    text = f"#接龙\n今日\n\n1. 小李 {joint.join(words)}"
    for shelf in (MARKET, EGGS):
        assert_conserved(text, parse_chain(text, shelf))


@pytest.mark.parametrize("paste", PASTES, ids=lambda paste: paste[:12])
def test_mutated_samples_are_conserved(paste):
    shuffle = random.Random(7)
    for _round in range(12):
        letters = list(paste)
        for _change in range(shuffle.randint(1, 6)):
            place = shuffle.randrange(len(letters))
            kind = shuffle.randrange(3)
            if kind == 0:
                del letters[place]
            elif kind == 1:
                letters.insert(place, shuffle.choice(paste))
            else:
                letters[place] = shuffle.choice("  \n.、0123456789斤份改")
        text = "".join(letters)
        for shelf in (MARKET, EGGS):
            assert_conserved(text, parse_chain(text, shelf))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
def test_no_quantity_ends_in_silence(words):
    """A number with a sales unit is in an item, in unmatched, or told apart as a remark."""
    text = f"#接龙\n今日\n\n1. 小李 {' '.join(words)}"
    (entry, *_rest) = parse_chain(text, MARKET).entries
    if entry.status != "active" or entry.flags:
        return
    for part, (start, end) in entry.parts:
        if part in (Part.NOTE, Part.SEPARATOR):
            loose = re.search(r"[0-9一两三](?:斤|盒|把)(?![0-9以装的])", text[start:end])
            assert not loose, (text, entry)


@pytest.mark.parametrize(
    "letter", ["1", "一", "鸡", "鸡蛋", "x", "(", "1. ", "1.\n", "3-", "各", "改", "2斤", "\n", " "]
)
def test_a_long_run_of_one_sign_is_read(letter):
    text = "#接龙\n\n1. 小李 " + letter * (20_000 // len(letter))
    assert parse_chain(text, MARKET).entries
