"""What a word in the search box may mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.codes import new_code
from lib.members.profiles.finding.rules import (
    LONGEST_SEARCH,
    LONGEST_SPLIT,
    MOST_SPLITS,
    MOST_WORDS,
    Word,
    card_in,
    read_word,
    read_words,
    splits,
)
from lib.members.profiles.rules import Home

CODE = "7CDFGHJK"


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("xl", [("x", "l")]),
        ("xli", [("x", "li")]),
        ("xiaol", [("xiao", "l"), ("xi", "ao", "l"), ("xia", "o", "l")]),
        ("wang", [("wang",), ("w", "ang"), ("wan", "g"), ("w", "a", "n", "g")]),
        ("zay", [("za", "y"), ("z", "a", "y")]),
        ("wf2", [("w", "f", "2")]),
        ("i", []),
        ("uvi", []),
        ("小李", []),
        ("", []),
        ("z" * (LONGEST_SPLIT + 1), []),
    ],
)
def test_letters_are_cut_into_beginnings_of_syllables(
    letters: str, ways: list[tuple[str, ...]]
) -> None:
    assert list(splits(letters)) == ways


@given(st.text("abcdeghilnouxyz2", max_size=LONGEST_SPLIT))
def test_every_cut_gives_the_letters_back(letters: str) -> None:
    ways = list(splits(letters))
    assert len(ways) <= MOST_SPLITS + 1
    assert all("".join(way) == letters for way in ways)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("小李", Word(name="小李")),
        ("M17", Word(name="m17", letters="m17", sounds=(("m", "1", "7"),), member_id=17)),
        ("m017", Word(name="m017", letters="m017", sounds=(("m", "0", "1", "7"),))),
        ("#12", Word(name="12", number=12)),
        ("12", Word(name="12", number=12, building="12", room="12")),
        ("0831", Word(name="0831", number=831, tail="0831", room="0831")),
        ("尾号0831", Word(name="0831", number=831, tail="0831", room="0831")),
        ("01380831", Word(name="01380831", tail="01380831")),
        ("3-201", Word(name="3201", home=Home(None, "3", None, "201"))),
        ("3栋2单元201", Word(name="3栋2单元201", home=Home(None, "3", "2", "201"))),
        ("3号楼", Word(name="3号楼", building="3")),
        ("201室", Word(name="201室", room="201")),
        ("１２０１", Word(name="1201", number=1201, tail="1201", room="1201")),
    ],
)
def test_every_reading_of_a_word_is_kept(typed: str, word: Word) -> None:
    assert read_word(typed) == word


@pytest.mark.parametrize(
    "typed",
    [
        CODE, CODE.lower(), f"M-{CODE}", f"m {CODE}", "M-7CDF GHJK", "Ｍ－7CDFGHJK", f"M{CODE}\n",
        f"https://shop.example.cn/members?card={CODE}",
        f"http://192.168.1.20:8501/members?a=1&card={CODE.lower()}#x",
        "HTTPS://SHOP.EXAMPLE.CN/MEMBERS?CARD=" + CODE,
        "https://" + "a" * 300 + f".example/members?card={CODE}",
    ],
)  # fmt: skip
def test_a_card_is_read_however_it_is_typed_or_scanned(typed: str) -> None:
    assert card_in(typed) == CODE
    assert read_words(typed)[0].card == CODE


@pytest.mark.parametrize("typed", ["", "M-", "7CDFGHJ", "7CDFGHJKK", "7CDFGHJ0", "小李", "?card=1"])
def test_what_is_no_card_is_none(typed: str) -> None:
    assert card_in(typed) is None


@pytest.mark.parametrize("typed", [f"M-{CODE}", f"https://x.cn/members?card={CODE}"])
def test_a_scanned_card_is_nothing_else(typed: str) -> None:
    assert read_words(typed) == (Word(card=CODE),)
    assert read_words(typed)[0].is_card


def test_a_new_code_is_read_back() -> None:
    for code in (new_code() for _each in range(50)):
        assert card_in(f"M-{code}") == code


@pytest.mark.parametrize("typed", ["138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００"])
def test_a_phone_in_groups_is_one_phone(typed: str) -> None:
    assert read_words(typed) == (Word(phone="13800138000"),)


def test_the_most_telling_word_is_looked_up_first() -> None:
    assert [word.name for word in read_words("王 王芳 8000 3-201")] == [
        "3201",
        "8000",
        "王芳",
        "王",
    ]


@given(st.text(max_size=200))
def test_whatever_is_typed_can_be_read(typed: str) -> None:
    words = read_words(typed)
    assert len(words) <= MOST_WORDS
    assert all(len(word.name) <= 4 * LONGEST_SEARCH for word in words)
