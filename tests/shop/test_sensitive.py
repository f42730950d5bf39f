"""Nothing about health, pregnancy or children can be stored (PIPL 28 to 32; facts 3.5)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.db import schema
from lib.kernel.errors import Refused
from lib.shop.sensitive import refuse_sensitive, refuse_unconfirmed, sensitive_words

NEVER = re.compile(
    r"health|disease|illness|medic|pregnan|maternity|child|baby|infant|disab|allerg|"
    r"blood|diagnos|religio|ethnic|id_card|school|kinder"
)
ALLOWED = {("activity_photo", "shows_children")}
"""A photo is not published without the parents' consent; whose child it is stands nowhere."""


@pytest.mark.parametrize(
    "text",
    [
        "孕妇", "糖尿病", "女儿叫小美", "儿子的生日五月三号", "孙子今年上小学", "娃属龙",
        "外孙在读3年级", "二年级", "满月酒", "宝宝在睡", "daughter's name is Mei",
        "her son is in kindergarten", "kid is called Tom", "对花生过敏",
    ],
)  # fmt: skip
def test_health_and_children_are_found(text: str) -> None:
    assert sensitive_words(text)
    with pytest.raises(Refused, match="never noted"):
        refuse_sensitive(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "清淡口味", "母婴用品", "家有儿童", "不吃香菜", "少油少盐", "低糖", "爱喝酸奶",
        "交给儿子", "女儿来拿", "孩子放学后取", "叫孩子来拿", "儿子叫他来拿", "中秋满月",
        "幼儿园对面", "likes it mild", "goods for mother and child", "her son collects",
    ],
)  # fmt: skip
def test_neutral_words_pass(text: str) -> None:
    assert sensitive_words(text) == ()


def test_each_word_is_named_once_in_order() -> None:
    assert sensitive_words("孕妇，孕妇，血糖高, pregnant") == ("孕", "血糖", "pregnant")


@given(st.text(max_size=80))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert sensitive_words(text) == sensitive_words(f" {text} ")


def test_a_note_is_kept_once_somebody_confirms() -> None:
    note = "药材：治咳嗽的梨膏"
    with pytest.raises(Refused, match="咳嗽"):
        refuse_unconfirmed(note, False)
    refuse_unconfirmed(note, True)
    refuse_unconfirmed(f"{note}，要两瓶", False, before=note)
    with pytest.raises(Refused, match="糖尿"):
        refuse_unconfirmed(f"{note}，糖尿病", False, before=note)


def test_no_column_is_there_for_it() -> None:
    found = {
        (table.name, column.name)
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if NEVER.search(f"{table.name}.{column.name}")
    }
    assert found == ALLOWED
