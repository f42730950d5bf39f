"""Which wishes are written alike (R15)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.trust.demands.merging.likeness import SAME, Titles, likeness, pairs, shape

USUAL = 60
TITLE = st.text(alphabet="草莓新鲜奶油牛羊肉卷的 a1", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("草莓", "新鲜草莓"),
        ("草莓", "奶油草莓"),
        ("草莓", "想要草莓"),
        ("芝麻酱", "现磨芝麻酱"),
        ("纯牛奶", "蒙牛纯牛奶"),
        ("蒙牛纯牛奶", "纯牛奶蒙牛"),
        ("大米 10斤装", "五常大米"),
        ("苹果 红富士", "苹果"),
        ("车厘子", "车离子"),
        ("鳳梨酥", "凤梨酥"),
        ("ＡＢＣ饼干", "abc 饼干"),
        ("羽衣甘蓝", "羽衣甘兰"),
    ],
)
def test_suggested_as_the_same(one: str, other: str) -> None:
    assert likeness(one, other) >= USUAL


@pytest.mark.parametrize(
    ("one", "other"),
    [("草莓", "草莓酱"), ("鸡蛋", "鸡蛋糕"), ("牛肉卷", "羊肉卷"), ("酸奶", "酸菜"),
     ("苹果", "芒果"), ("黑木耳", "白木耳"), ("草莓", "车厘子"), ("", "草莓"), ("！", "？")],
)  # fmt: skip
def test_other_goods_are_not_suggested(one: str, other: str) -> None:
    assert likeness(one, other) < USUAL


def test_words_of_no_weight_do_not_count() -> None:
    assert shape("好吃的草莓 500g装") == "草莓"
    assert shape("新鲜") == "新鲜"


@settings(max_examples=80)
@given(TITLE, TITLE)
def test_likeness_is_symmetric_and_a_title_is_like_itself(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= SAME
    assert likeness(one, one) in (0, SAME)


@settings(max_examples=40)
@given(st.lists(TITLE, max_size=8))
def test_the_index_finds_what_comparing_each_with_each_finds(titles: list[str]) -> None:
    named = dict(enumerate(titles))
    slow = {
        (one, other)
        for one in named
        for other in named
        if one < other and likeness(named[one], named[other]) >= USUAL
    }
    assert {(pair.first, pair.second) for pair in pairs(named, USUAL, [])} == slow


def test_pairs_kept_apart_do_not_come_back() -> None:
    named = {1: "草莓", 2: "奶油草莓", 3: "新鲜草莓"}
    left = pairs(named, USUAL, [(2, 1)])
    assert [(pair.first, pair.second) for pair in left] == [(1, 3), (2, 3)]
    assert left[0].percent == SAME


def test_the_most_alike_come_first() -> None:
    found = Titles({1: "奶油草莓", 2: "草莓", 3: "草莓酱"}).like("草莓", USUAL)
    assert [place for place, _percent in found] == [2, 1]
