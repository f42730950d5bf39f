"""Who somebody is: phones, homes, pinyin, matching, suspicion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.text import folded
from lib.members.profiles.rules import (
    Certainty,
    Hint,
    Home,
    Known,
    Reason,
    Suspect,
    alike,
    masked,
    phone_number,
    read_home,
    reading,
    resolve,
    why_one,
)

PHONE = "13800138000"
OTHER = "13900139000"
DOOR = Home(building="3", room="201")


@pytest.mark.parametrize(
    "text",
    ["13800138000", " 138 0013 8000", "+86 138-0013-8000", "86 13800138000",
     "１３８００１３８０００", "008613800138000", "\t13800138000"],
)  # fmt: skip
def test_a_phone_is_read_in_all_its_spellings(text: str) -> None:
    assert phone_number(text) == PHONE


@pytest.mark.parametrize(
    "text",
    ["12800138000", "1380013800", "138001380000", "1.38E+10", "abc", "١٣٨٠٠١٣٨٠٠٠0", "8613800138"],
)
def test_a_wrong_phone_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="mobile"):
        phone_number(text)


def test_no_phone_is_none() -> None:
    assert phone_number("  ") is None
    assert masked(None) is None
    assert masked(PHONE) == "138****8000"


@given(st.text(max_size=30))
def test_no_text_makes_the_phone_check_stumble(text: str) -> None:
    try:
        number = phone_number(text)
    except Refused:
        return
    assert number is None or (len(number) == 11 and number.isascii() and number.isdigit())


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("3-201", "3-201"),
        ("3栋201", "3-201"),
        ("3号楼2单元501室", "3-2-501"),
        ("12-1-302", "12-1-302"),
        ("b座1203", "B-1203"),
        ("３—２０１", "3-201"),
        ("小李", None),
        (PHONE, None),
    ],
)
def test_a_home_is_read_as_people_type_it(text: str, home: str | None) -> None:
    found = read_home(text)
    assert (str(found) if found else None) == home


def test_a_home_is_bared_of_its_suffix_words() -> None:
    assert Home.of("翠湖小区", "3号楼", "2单元", "501室") == Home("翠湖", "3", "2", "501")
    assert Home.of(building="b座", room=" ") == Home(building="B")
    assert not Home.of("", "", None, "")


@pytest.mark.parametrize(
    ("nickname", "initials", "pinyin"),
    [
        ("小李", "xl", "xiaoli"),
        ("重庆小面", "cqxm", "chongqingxiaomian"),
        ("曾阿姨", "zay cay", "zengayi cengayi"),
        ("小单", "xs xd", "xiaoshan xiaodan"),
        ("3栋小李🌸Amy", "3dxla", "3dongxiaoliamy"),
        ("🌸", "", ""),
    ],
)
def test_a_name_is_found_by_its_sound(nickname: str, initials: str, pinyin: str) -> None:
    assert reading(nickname).initials == initials
    assert reading(nickname).pinyin == pinyin


def known(number: int, name: str, home: Home | None = None, phone: str | None = None) -> Known:
    return Known(number, frozenset({folded(name)}), home or Home(), phone)


@pytest.mark.parametrize(
    ("hint", "members", "certainty", "reason", "attaches"),
    [
        (Hint("小李"), [], Certainty.NONE, Reason.NOBODY, False),
        (Hint("小李", DOOR), [known(1, "小李", DOOR)], Certainty.SAME, Reason.NAME_AND_HOME, True),
        (Hint("阿芳", phone=PHONE), [known(1, "小李", DOOR, PHONE)],
         Certainty.SAME, Reason.PHONE, True),
        (Hint("小李"), [known(1, "小李", DOOR)], Certainty.LIKELY, Reason.NAME_ALONE, True),
        (Hint("小李", DOOR), [known(1, "小李")], Certainty.LIKELY, Reason.NAME_ALONE, True),
        (Hint("小李妈妈", DOOR), [known(1, "小李", DOOR)],
         Certainty.LIKELY, Reason.HOME_ALONE, False),
        (Hint("小李", Home(building="5", room="302")), [known(1, "小李", DOOR)],
         Certainty.AMBIGUOUS, Reason.OTHER_HOME, False),
        (Hint("小李", phone=OTHER), [known(1, "小李", phone=PHONE)],
         Certainty.AMBIGUOUS, Reason.OTHER_PHONE, False),
        (Hint("小李", DOOR, OTHER), [known(1, "小李", DOOR, PHONE)],
         Certainty.AMBIGUOUS, Reason.OTHER_PHONE, False),
        (Hint("小李"), [known(1, "小李"), known(2, "小李")],
         Certainty.AMBIGUOUS, Reason.SEVERAL, False),
        (Hint("小李"), [known(1, "小李", DOOR), known(2, "小李", Home(building="5", room="302"))],
         Certainty.AMBIGUOUS, Reason.SEVERAL, False),
        (Hint("小李", DOOR),
         [known(1, "小李", DOOR), known(2, "小李", Home(building="5", room="302"))],
         Certainty.SAME, Reason.NAME_AND_HOME, True),
        (Hint("小李", DOOR, PHONE), [known(1, "阿芳", phone=PHONE), known(2, "小李", DOOR)],
         Certainty.AMBIGUOUS, Reason.PHONE_ELSEWHERE, False),
    ],
)  # fmt: skip
def test_whom_a_hint_means(
    hint: Hint, members: list[Known], certainty: Certainty, reason: Reason, attaches: bool
) -> None:
    match = resolve(hint, members)
    assert (match.certainty, match.reason, match.attaches) == (certainty, reason, attaches)
    assert (match.member_id is None) == (certainty is Certainty.NONE)


NAMES = st.sampled_from(["小李", "阿芳", "王姐"])
HOMES = st.builds(
    Home, building=st.sampled_from([None, "3", "5"]), room=st.sampled_from([None, "201", "302"])
)
PHONES = st.sampled_from([None, PHONE, OTHER])


@given(
    NAMES,
    HOMES,
    PHONES,
    st.lists(st.tuples(NAMES, HOMES, PHONES), max_size=5),
)
def test_an_order_never_goes_to_somebody_the_hint_speaks_against(
    name: str, home: Home, phone: str | None, people: list[tuple[str, Home, str | None]]
) -> None:
    taken: set[str] = set()
    members = []
    for number, (called, lives, rings) in enumerate(people):
        members.append(known(number, called, lives, None if rings in taken else rings))
        taken.add(rings or "")
    match = resolve(Hint(name, home, phone), members)
    if not match.attaches:
        return
    chosen = next(one for one in members if one.id == match.member_id)
    if chosen.phone and chosen.phone == phone:
        return
    assert folded(name) in chosen.names
    assert not chosen.home.contradicts(home)
    assert not (chosen.phone and phone)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("小李", "小李🌸", True),
        ("小李", "小李妈妈", True),
        ("李小明", "李晓明", True),
        ("小李", "小王", False),
        ("李小明", "李小", True),
        ("王大锤子", "王锤子", True),
        ("李", "李小明", False),
    ],
)
def test_names_that_may_be_one(one: str, other: str, expected: bool) -> None:
    assert alike(one, other) is expected
    assert alike(other, one) is expected


def test_two_are_suspected_to_be_one_only_with_a_reason() -> None:
    lee = Suspect("小李", DOOR, PHONE)
    assert why_one(lee, Suspect("小李妈妈", DOOR, None))
    assert why_one(lee, Suspect("小李", Home(), None))
    assert why_one(lee, Suspect("阿芳", DOOR, "13900008000"))
    assert why_one(Suspect("阿芳", Home(), None), lee, known_names=True)
    assert not why_one(lee, Suspect("小李", Home(building="5", room="302"), OTHER))
    assert not why_one(lee, Suspect("小李", Home(), OTHER))
    assert not why_one(lee, Suspect("王姐", DOOR, None))
