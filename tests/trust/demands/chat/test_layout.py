"""Pasted chat in every form it comes in; no line is lost (R15)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.text import clean
from lib.trust.demands.chat.layout import read_talk
from lib.trust.demands.chat.model import Quote, Reason, Talk

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""Wednesday 25 November 2026, 20:00 in the shop."""


def talk(text: str) -> Talk:
    return read_talk(text, NOW, "Asia/Shanghai")


def said(text: str) -> list[tuple[str, str]]:
    return [(message.name, message.text) for message in talk(text).messages]


def at(hour: int, minute: int, day: int = 25, month: int = 11) -> datetime:
    """Return the moment when the shop's clock shows this."""
    return datetime(2026, month, day, hour - 8, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "name", "moment"),
    [
        ("3-201 小李:\n想要草莓", "3-201 小李", None),
        ("小李：\n想要草莓", "小李", None),
        ("小李 2026/11/25 19:03\n想要草莓", "小李", at(19, 3)),
        ("小李 2026-11-25 19:03:00\n想要草莓", "小李", at(19, 3)),
        ("小李 2026年11月25日 下午7:03\n想要草莓", "小李", at(19, 3)),
        ("小李(2026/11/25 19:03)\n想要草莓", "小李", at(19, 3)),
        ("2026-11-25 19:03:00 小李\n想要草莓", "小李", at(19, 3)),
        ("小李 11-25 19:03:00\n想要草莓", "小李", at(19, 3)),
        ("小李 11月24日 19:03\n想要草莓", "小李", at(19, 3, 24)),
        ("小李  19:03\n想要草莓", "小李", at(19, 3)),
        ("小李 昨天 19:03\n想要草莓", "小李", at(19, 3, 24)),
        ("小李 星期三 08:10\n想要草莓", "小李", at(8, 10, 18)),
        ("[19:03] 小李: 想要草莓", "小李", at(19, 3)),
        ("【2026/11/25 19:03】小李：想要草莓", "小李", at(19, 3)),
        ("小李: 想要草莓", "小李", None),
        ("小李：想要草莓", "小李", None),
        ("想要草莓", "", None),
        ("🌻 3-201 小李 🌻:\n想要草莓", "🌻 3-201 小李 🌻", None),
        ("Tom 2026/11/25 7:03 PM\n想要草莓", "Tom", at(19, 3)),
        ("小李 23:59\n想要草莓", "小李", at(23, 59, 24)),
    ],
)
def test_every_form_gives_name_time_and_words(
    text: str, name: str, moment: datetime | None
) -> None:
    (message,) = talk(text).messages
    assert (message.name, message.text, message.at) == (name, "想要草莓", moment)


def test_a_day_in_the_future_is_not_known() -> None:
    (message,) = talk("小李 2026/12/25 19:03\n想要草莓").messages
    assert (message.name, message.at) == ("小李", None)


def test_separators_give_the_day() -> None:
    text = "———— 2026年11月23日 ————\n\n小李  19:03\n\n想要草莓\n\n— 2026-11-24 —\n王姐 08:00\n+1"
    found = talk(text)
    assert [message.at for message in found.messages] == [at(19, 3, 23), at(8, 0, 24)]
    assert [one.reason for one in found.aside] == [Reason.DAY, Reason.DAY]


def test_a_message_of_several_lines_stays_one() -> None:
    assert said("小李:\n芳姐\n能不能进点草莓\n\n天冷了\n\n王姐:\n+1") == [
        ("小李", "芳姐\n能不能进点草莓\n天冷了"),
        ("王姐", "+1"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "王姐:\n「小李：想要草莓」\n- - - - - - - - - - - - - - -\n+1",
        "「小李：想要草莓」\n- - - - - - - - - - - - - - -\n+1",
        "王姐:\n+1\n引用 小李 的消息：想要草莓",
    ],
)
def test_a_quotation_is_not_what_was_said(text: str) -> None:
    (message,) = talk(text).messages
    assert message.text == "+1"
    assert message.quote == Quote("小李", "想要草莓")
    assert "想要草莓" in message.raw


def test_a_quotation_of_several_lines() -> None:
    text = "王姐:\n「小李：想要草莓\n还有蓝莓」\n- - - - - - - - -\n同求"
    (message,) = talk(text).messages
    assert message.quote == Quote("小李", "想要草莓\n还有蓝莓")
    assert message.text == "同求"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('"小李" 撤回了一条消息', Reason.NOTICE),
        ("你撤回了一条消息", Reason.NOTICE),
        ('"王姐"邀请"3-502 陈"加入了群聊', Reason.NOTICE),
        ("小李通过扫描你分享的二维码加入群聊", Reason.NOTICE),
        ("芳姐修改群名为“邻里团”", Reason.NOTICE),
        ('"小李" 拍了拍 "芳姐"', Reason.NOTICE),
        ("群聊的聊天记录", Reason.HEADING),
        ("[聊天记录]", Reason.HEADING),
        ("昨天 19:03", Reason.DAY),
        ("2026年11月25日", Reason.DAY),
        ("小李:\n[图片]", Reason.PICTURE),
        ("小李:\n[动画表情]\n[表情]", Reason.PICTURE),
        ('小李:\n[语音] 3"', Reason.PICTURE),
        ("小李:\n[微笑][强]", Reason.PICTURE),
        ("#接龙\n周三\n\n1. 小李 鸡蛋2斤\n2. 王姐 豆腐1盒", Reason.CHAIN),
        ("芳姐:\n#接龙\n1. 小李 鸡蛋2斤", Reason.CHAIN),
        ("芳姐:\n1、小李 鸡蛋2斤\n2、王姐 豆腐1盒", Reason.CHAIN),
    ],
)
def test_lines_nobody_said_are_put_aside_with_a_reason(text: str, reason: Reason) -> None:
    found = talk(text)
    assert found.messages == ()
    assert {one.reason for one in found.aside} == {reason}


def test_a_picture_beside_words_is_remembered() -> None:
    (message,) = talk("小李:\n[图片]\n这个能团吗").messages
    assert (message.text, message.picture) == ("这个能团吗", True)


@pytest.mark.parametrize(
    "line", ["取货时间 19:00", "截止 11-26 20:00", "地址：3-201", "今天的菜：白菜", "温馨提示："]
)
def test_labels_are_no_names(line: str) -> None:
    (message,) = talk(f"芳姐:\n{line}\n有问题问我").messages
    assert message.name == "芳姐"
    assert line in message.text


def test_the_stamp_is_the_same_whenever_it_is_pasted() -> None:
    text = "小李 19:03\n想要草莓"
    later = read_talk(text, datetime(2026, 11, 28, 13, tzinfo=UTC), "Asia/Shanghai")
    assert talk(text).messages[0].stamp == later.messages[0].stamp != ""
    assert talk(text).messages[0].at != later.messages[0].at


PIECES = st.sampled_from(
    ["小李:", "王姐：", "小李 2026/11/25 19:03", "小李 19:03", "[19:03] 小李: 想要草莓", "想要草莓",
     "+1", "", "  ", "「小李：想要草莓」", "- - - - - - - -", "#接龙", "1. 小李 鸡蛋2斤", "2. 王姐",
     "昨天 19:03", "—— 2026年11月25日 ——", "[图片]", "你撤回了一条消息", "[聊天记录]", "\u200b",
     "引用 小李: 草莓", "😀", "地址：3-201", "小李: +1", "2026-02-30", "小李 99:99"]
)  # fmt: skip
PASTES = st.one_of(
    st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=25).map("\n".join),
    st.text(max_size=200),
)


@settings(max_examples=300)
@given(PASTES)
def test_every_line_is_in_one_message_or_put_aside(text: str) -> None:
    found = talk(text)
    lines = text.splitlines()
    taken = [place for one in (*found.messages, *found.aside) for place in one.lines]
    assert sorted(taken) == sorted(set(taken))
    assert set(taken) >= {place for place, line in enumerate(lines) if clean(line)}
    for one in (*found.messages, *found.aside):
        assert one.raw == "\n".join(lines[place] for place in one.lines)
    assert all(message.text for message in found.messages)


def test_a_day_of_a_large_group_is_read_quickly_enough_to_be_read_at_all() -> None:
    lines = []
    for number in range(1200):
        lines += [f"{number % 9}-{number} 邻居{number}:", f"能不能进点草莓{number}", ""]
    assert len(talk("\n".join(lines)).messages) == 1200
