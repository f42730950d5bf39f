"""Texts for the group: @names spread over messages that fit, the reason, the day (R17, R18)."""

from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.shop.language import translator
from lib.trust.demands.texts import (
    Called,
    at_names,
    declined_values,
    names_of,
    not_yet_values,
    spread,
    without_full_stop,
)

NAMES = st.lists(
    st.text(alphabet="张王李阿姨💚 3-201小", min_size=1, max_size=12).filter(str.strip),
    max_size=60,
    unique=True,
)


@settings(max_examples=60)
@given(names=NAMES, most=st.integers(60, 400))
def test_everybody_is_called_once_whole_and_in_order(names: list[str], most: int) -> None:
    called = [Called(name, (number,)) for number, name in enumerate(names)]
    pieces = spread(called, lambda said: f"上架了\n{said}\n接龙", most)
    assert [one for piece in pieces for one in piece.called] == called
    assert [wish for piece in pieces for wish in piece.wish_ids] == list(range(len(names)))
    for piece in pieces:
        assert at_names(one.name for one in piece.called) in piece.text
        assert len(piece.text.encode()) <= most or len(piece.called) == 1
    for piece, following in pairwise(pieces):
        both = [*piece.called, following.called[0]]
        text = f"上架了\n{at_names(one.name for one in both)}\n接龙"
        assert len(text.encode()) > most  # no message is sent that was not needed


def test_names_are_called_once() -> None:
    assert at_names(["张阿姨", "", "李姐", "张阿姨"]) == "@张阿姨 @李姐"


def test_names_as_people_type_them() -> None:
    assert names_of("@张阿姨 ，李姐、王叔;@小吴\n张阿姨") == ("张阿姨", "李姐", "王叔", "小吴")
    assert names_of(" ,、") == ()


def test_the_answers() -> None:
    say = translator("zh_CN")
    values = not_yet_values(
        "羊奶", ["张阿姨"], "起订50箱。", date(2026, 9, 28), date(2026, 9, 25), say
    )
    assert values == {
        "names": "@张阿姨",
        "wish": "羊奶",
        "reason": "起订50箱",
        "day": "周一9月28日",
    }
    assert declined_values("活鸡", [], "没有许可")["names"] == ""
    assert without_full_stop("没货。. ") == "没货"
