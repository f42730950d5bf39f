"""Long texts in pieces: bytes, order, and what is never cut (E17)."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.shop.messages.cutting import pieces

MARK = re.compile(r"^\((\d+)/(\d+)\) ")
FAMILY = "👨‍👩‍👧"
NAMES = ["小李", "Amy 王", "3-201王姐👍🏽", "a"]
WORDS = [
    "土鸡蛋",
    "4.80元/斤",
    "，",
    "。",
    " ",
    "\n",
    "好" * 30,
    "x" * 50,
    FAMILY,
    "🇨🇳",
    "⬆️",
    "👍🏽",
]
LINES = st.lists(st.sampled_from([*WORDS, *(f"@{name} " for name in NAMES)]), max_size=60)


def bare(text: str) -> str:
    return "".join(text.split())


@given(LINES.map("".join), st.integers(60, 300))
@settings(max_examples=80)
def test_pieces_fit_keep_everything_and_cut_no_name_and_no_sign(text: str, most: int) -> None:
    cut = pieces(text, most, NAMES)
    assert all(len(part.encode()) <= most for part in cut)
    plain = [MARK.sub("", part) for part in cut] if len(cut) > 1 else cut
    assert bare("".join(plain)) == bare(text)
    assert all(part.strip() for part in cut)
    for number, part in enumerate(cut, 1):
        if len(cut) > 1:
            assert part.startswith(f"({number}/{len(cut)}) ")
    for whole in [FAMILY, "🇨🇳", "⬆️", "👍🏽", *(f"@{name}" for name in NAMES)]:
        assert sum(part.count(whole) for part in plain) == text.count(whole)


def test_a_text_that_fits_is_left_as_it_is() -> None:
    assert pieces("两行\n\n好", 200) == ["两行\n\n好"]
    assert pieces("好" * 66 + "ab", 200) == ["好" * 66 + "ab"]
    assert pieces("  \n ", 200) == []
    assert len(pieces("好" * 67, 200)) == 2


def test_cuts_fall_at_line_ends_then_at_pauses() -> None:
    lines = "\n".join("好" * 20 for _number in range(4))
    assert pieces(lines, 140) == [
        f"(1/2) {'好' * 20}\n{'好' * 20}",
        f"(2/2) {'好' * 20}\n{'好' * 20}",
    ]
    assert pieces("好" * 20 + "，" + "吃" * 30, 100)[0] == f"(1/2) {'好' * 20}，"


def test_ten_pieces_have_room_for_their_marks() -> None:
    cut = pieces("好" * 400, 100)
    assert len(cut) > 9
    assert all(len(part.encode()) <= 100 for part in cut)
    assert cut[-1].startswith(f"({len(cut)}/{len(cut)}) ")


def test_what_is_longer_than_a_message_is_cut_where_it_must_be() -> None:
    name = "@" + "长" * 60
    cut = pieces(name, 100)
    assert bare("".join(MARK.sub("", part) for part in cut)) == name


def test_a_message_without_room_is_a_fault() -> None:
    with pytest.raises(ValueError, match="no room"):
        pieces("好" * 100, 20)
