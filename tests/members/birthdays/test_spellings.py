"""A hundred and more ways to say a birthday, and what each of them is (facts 5; D8)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.lunar import day_name, month_name
from lib.members.birthdays.forms import Ground
from lib.members.birthdays.reading import read_birthday
from lib.members.birthdays.rules import Birthday, Calendar, Leap

TODAY = date(2026, 9, 25)
SOLAR, LUNAR = Calendar.SOLAR, Calendar.LUNAR

# text, month, day, and the year where one was said
LUNAR_WAYS = [
    ("农历八月初九", 8, 9), ("农历八月十五", 8, 15), ("阴历腊月初八", 12, 8), ("正月初三", 1, 3),
    ("冬月廿一", 11, 21), ("旧历9.9", 9, 9), ("8月15（农历）", 8, 15), ("8月15(农历)", 8, 15),
    ("腊月三十", 12, 30), ("三十晚上生的", 12, 30), ("属兔 三月初七", 3, 7), ("8.15阴", 8, 15),
    ("二月廿九", 2, 29), ("大年初一", 1, 1), ("年初三", 1, 3), ("除夕", 12, 30),
    ("大年三十", 12, 30), ("年三十晚上", 12, 30), ("元宵节", 1, 15), ("元宵节 生日", 1, 15),
    ("生日是元宵节", 1, 15), ("端午节", 5, 5), ("端午", 5, 5), ("端阳", 5, 5), ("七夕", 7, 7),
    ("中秋", 8, 15), ("中秋节那天", 8, 15), ("重阳节", 9, 9), ("腊八", 12, 8), ("春节", 1, 1),
    ("七月半", 7, 15), ("中元节", 7, 15), ("龙抬头", 2, 2), ("農曆八月初九", 8, 9),
    ("陰曆臘月廿三", 12, 23), ("舊曆九月初九", 9, 9), ("农历 8 月 15", 8, 15),
    ("农历8-15", 8, 15), ("农历8/15", 8, 15), ("8/15（农历）", 8, 15), ("农历0815", 8, 15),
    ("农历815", 8, 15), ("农历八月十五日", 8, 15), ("农历8月15号", 8, 15),
    ("８月１５（农历）", 8, 15), ("阴8.15", 8, 15), ("农8.15", 8, 15), ("8.15农", 8, 15),
    ("老历四月初八", 4, 8), ("古历四月初八", 4, 8), ("夏历四月初八", 4, 8),
    ("我是阴历三月初三的", 3, 3), ("十月初十", 10, 10), ("十一月十一，农历", 11, 11),
    ("农历十二月二十九", 12, 29), ("腊月廿三", 12, 23), ("腊月23", 12, 23), ("冬月初八", 11, 8),
    ("冬月卅", 11, 30), ("正月十五", 1, 15), ("正月15", 1, 15), ("8月初八", 8, 8),
    ("八月初10", 8, 10), ("六月初六 早上生的", 6, 6), ("农历九月九", 9, 9),
    ("农历二月二十", 2, 20), ("农历二月廿", 2, 20), ("lunar 8/15", 8, 15), ("8.15 lunar", 8, 15),
    ("不是阳历，八月初一", 8, 1), ("农历：八月初九。", 8, 9), ("生日:农历三月廿二", 3, 22),
    ("【农历】7月7", 7, 7), ("阴历 八月 初九", 8, 9), ("属龙，八月二十", 8, 20),
    ("属鸡的 正月十二", 1, 12), ("2月30", 2, 30), ("正月初三日", 1, 3),
]  # fmt: skip

LUNAR_WITH_YEAR = [
    ("1965年农历八月十五", 8, 15, 1965), ("农历1965年八月十五", 8, 15, 1965),
    ("农历65年8月15", 8, 15, 1965), ("65年农历八月初九", 8, 9, 1965),
    ("一九六五年农历八月初九", 8, 9, 1965), ("六五年腊月初八", 12, 8, 1965),
    ("农历1965-8-15", 8, 15, 1965), ("1965.8.15阴历", 8, 15, 1965),
    ("19650815（农历）", 8, 15, 1965), ("1978年中秋", 8, 15, 1978), ("1988年除夕", 12, 30, 1988),
    ("农历二〇〇一年三月初三", 3, 3, 2001), ("1987年 属兔 三月初七", 3, 7, 1987),
    ("农历01年三月初三", 3, 3, 2001),
]  # fmt: skip

LEAP_WAYS = [
    ("闰六月初二", 6, 2, Leap.YES), ("闰四月十五", 4, 15, Leap.YES),
    ("閏四月十五", 4, 15, Leap.YES), ("农历闰六月十五", 6, 15, Leap.YES),
    ("润六月初二", 6, 2, Leap.YES), ("闰6月2", 6, 2, Leap.YES), ("闰4.15", 4, 15, Leap.YES),
    ("后六月初二", 6, 2, Leap.YES), ("第二个六月初二", 6, 2, Leap.YES),
    ("前六月初二", 6, 2, Leap.NO), ("平六月初二", 6, 2, Leap.NO),
    ("六月初二", 6, 2, Leap.UNKNOWN), ("正月初二", 1, 2, Leap.NO), ("腊月初二", 12, 2, Leap.NO),
    ("1987年闰六月初二", 6, 2, Leap.YES), ("1987年六月初二", 6, 2, Leap.UNKNOWN),
    ("1988年六月初二", 6, 2, Leap.NO),
]  # fmt: skip

SOLAR_WAYS = [
    ("3/8", 3, 8), ("0308", 3, 8), ("03/08", 3, 8), ("3-8", 3, 8), ("3.8", 3, 8), ("3·8", 3, 8),
    ("308", 3, 8), ("815", 8, 15), ("1231", 12, 31), ("8月15日", 8, 15), ("8月15号", 8, 15),
    ("８月１５日", 8, 15), ("０３０８", 3, 8), ("阳历8月15", 8, 15), ("公历八月十五", 8, 15),
    ("新历8.15", 8, 15), ("陽曆8月15", 8, 15), ("國曆8月15", 8, 15), ("8月15（公历）", 8, 15),
    ("8.15阳", 8, 15), ("公8.15", 8, 15), ("2月29日", 2, 29), ("0229", 2, 29), ("8月31", 8, 31),
    ("五月三十一", 5, 31), ("八月十五号", 8, 15), ("元月5日", 1, 5), ("元旦", 1, 1),
    ("国庆节", 10, 1), ("国庆", 10, 1), ("五一劳动节", 5, 1), ("六一儿童节", 6, 1),
    ("三八妇女节", 3, 8), ("教师节", 9, 10), ("圣诞节", 12, 25), ("情人节", 2, 14),
    ("生日 3月8日", 3, 8), ("Aug 15", 8, 15), ("15 August", 8, 15), ("March 8th", 3, 8),
    ("solar 8/15", 8, 15), ("不是农历，8月15", 8, 15), ("8 月 15 日", 8, 15),
    ("8月15日早上", 8, 15), ("不过农历，过阳历 8月15", 8, 15),
]  # fmt: skip

SOLAR_WITH_YEAR = [
    ("1965-08-15", 8, 15, 1965), ("1965/8/15", 8, 15, 1965), ("1965.8.15", 8, 15, 1965),
    ("1965年8月15日", 8, 15, 1965), ("65年8月15日", 8, 15, 1965), ("65-8-15", 8, 15, 1965),
    ("65.8.15", 8, 15, 1965), ("一九六五年八月十五日", 8, 15, 1965), ("15 Aug 1965", 8, 15, 1965),
    ("August 15, 1965", 8, 15, 1965), ("1964-02-29", 2, 29, 1964), ("阳历19650815", 8, 15, 1965),
    ("1965 8 15", 8, 15, 1965), ("2001年国庆节", 10, 1, 2001),
]  # fmt: skip

# Nobody said which calendar: both are shown, the likelier one first.
OPEN_WAYS = [
    ("8月15", SOLAR, 8, 15), ("八月十五", LUNAR, 8, 15), ("九月九", LUNAR, 9, 9),
    ("二月二十九", LUNAR, 2, 29), ("19650815", SOLAR, 8, 15), ("650815", SOLAR, 8, 15),
    ("身份证上是8月15日", SOLAR, 8, 15), ("身份证1965-08-15", SOLAR, 8, 15),
    ("1965年八月十五", LUNAR, 8, 15), ("1965年8月15", SOLAR, 8, 15), ("属兔 3月7日", LUNAR, 3, 7),
]  # fmt: skip

REFUSED = [
    ("", "Write the birthday"), ("   ", "Write the birthday"), ("不知道", "cannot be read"),
    ("tomorrow", "cannot be read"), ("明天", "cannot be read"), ("8", "cannot be read"),
    ("1/2/03", "in this order"), ("1/2/1965", "in this order"), ("8-15-65", "in this order"),
    ("01/02/03", "in this order"), ("2月30日", "at most 29 days"), ("0230", "at most 29 days"),
    ("4月31日", "30 days"), ("农历八月三十一", "at most 30 days"), ("13月5日", "no month 13"),
    ("农历十三月初一", "no month 13"), ("13/5", "no month 13"), ("0508年", "cannot be read"),
    ("1301", "no month 13"), ("8月0日", "no day 0"), ("8月32", "no day 32"),
    ("0月5日", "no month 0"), ("8.00", "no day 0"), ("八月", "say the day"),
    ("正月", "say the day"), ("农历八月", "say the day"), ("初三", "say the month"),
    ("农历十五", "say the month"), ("15号", "say the month"), ("三十", "say the month"),
    ("闰月初二", "say which month"), ("1965年", "month and day"), ("属兔", "month and day"),
    ("农历", "month and day"), ("115", "four digits"), ("123", "four digits"),
    ("1900-01-01", "120 years"), ("1900年农历八月初九", "120 years"), ("2026-09-26", "future"),
    ("2030-01-01", "future"), ("2026-09-25", "children"), ("2015年8月15日", "children"),
    ("2015年农历八月初九", "children"), ("女儿8月15", "children"),
    ("儿子 农历八月初九", "children"), ("宝宝0308", "children"),
    ("10年8月15日", "four digits of the year"), ("26-8-15", "in this order"),
    ("农历阳历8月15", "Both calendars"), ("农历国庆节", "Both calendars"),
    ("阳历正月初三", "lunar"), ("公历闰六月初二", "lunar"),
    ("清明节", "not on the same day"), ("母亲节", "not on the same day"),
    ("冬至", "not on the same day"), ("小年", "23rd or the 24th"),
    ("1965-02-29", "no 29 February"), ("1965年闰八月十五", "no leap"), ("闰正月初二", "leap"),
    ("闰冬月初二", "leap"), ("1965年农历八月三十", "29 days"),
    ("1965年 属兔 三月初七", "year of the"), ("110101196508150012", "number of an identity card"),
    ("8月15 农历七月十九", "cannot be read"), ("农历八月初九 电话", "cannot be read"),
    ("8月15日和9月1日", "cannot be read"), ("=1+1", "cannot be read"),
    ("8" * 400, "cannot be read"), ("八月初十一", "cannot be read"),
    ("妈妈八月初九", "cannot be read"),
]  # fmt: skip


def only(text: str) -> Birthday:
    """Read a text that means one thing."""
    reading = read_birthday(text, TODAY)
    assert len(reading.possible) == 1, reading
    assert reading.ground is not Ground.OPEN
    return reading.possible[0]


def test_there_are_a_hundred_spellings_and_more() -> None:
    ways = [
        *LUNAR_WAYS, *LUNAR_WITH_YEAR, *LEAP_WAYS, *SOLAR_WAYS, *SOLAR_WITH_YEAR, *OPEN_WAYS
    ]  # fmt: skip
    texts = [str(way[0]) for way in ways]
    assert len(set(texts)) == len(texts) > 150


@pytest.mark.parametrize(("text", "month", "day"), LUNAR_WAYS)
def test_lunar(text: str, month: int, day: int) -> None:
    found = only(text)
    assert (found.calendar, found.month, found.day, found.year) == (LUNAR, month, day, None)
    assert found.said_as


@pytest.mark.parametrize(("text", "month", "day", "year"), LUNAR_WITH_YEAR)
def test_lunar_with_a_year(text: str, month: int, day: int, year: int) -> None:
    found = only(text)
    assert (found.calendar, found.month, found.day, found.year) == (LUNAR, month, day, year)


@pytest.mark.parametrize(("text", "month", "day", "leap"), LEAP_WAYS)
def test_leap_months(text: str, month: int, day: int, leap: Leap) -> None:
    possible = [one for one in read_birthday(text, TODAY).possible if one.calendar is LUNAR]
    assert [(one.month, one.day, one.leap, one.leap_too) for one in possible] == [
        (month, day, leap, False)
    ]


@pytest.mark.parametrize("text", ["六月初二，闰月也过", "闰六月初二 两个都过", "六月初二 闰的也过"])
def test_both_months_are_kept_where_it_is_said(text: str) -> None:
    found = only(text)
    assert (found.month, found.day, found.leap_too) == (6, 2, True)


@pytest.mark.parametrize(("text", "month", "day"), SOLAR_WAYS)
def test_solar(text: str, month: int, day: int) -> None:
    assert only(text) == Birthday(SOLAR, month, day, said_as=" ".join(text.split()))


@pytest.mark.parametrize(("text", "month", "day", "year"), SOLAR_WITH_YEAR)
def test_solar_with_a_year(text: str, month: int, day: int, year: int) -> None:
    found = only(text)
    assert (found.calendar, found.month, found.day, found.year) == (SOLAR, month, day, year)


@pytest.mark.parametrize(("text", "first", "month", "day"), OPEN_WAYS)
def test_a_calendar_that_nobody_said_is_asked(
    text: str, first: Calendar, month: int, day: int
) -> None:
    reading = read_birthday(text, TODAY)
    assert reading.ground in (Ground.OPEN, Ground.PAPERS)
    assert [one.calendar for one in reading.possible] == [
        first, SOLAR if first is LUNAR else LUNAR
    ]  # fmt: skip
    assert {(one.month, one.day) for one in reading.possible} == {(month, day)}


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_what_cannot_be_is_refused_with_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_birthday(text, TODAY)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("农历八月十五", Ground.SAID), ("8月15（公历）", Ground.SAID),
        ("正月初三", Ground.LUNAR_WORDS), ("元宵节", Ground.FESTIVAL),
        ("国庆节", Ground.FESTIVAL), ("属兔 三月十七", Ground.ZODIAC), ("3/8", Ground.SOLAR_FORM),
        ("8月15日", Ground.SOLAR_FORM), ("8月31", Ground.ONLY_ONE), ("2月30", Ground.ONLY_ONE),
        ("8月15", Ground.OPEN), ("19650815", Ground.PAPERS),
    ],
)  # fmt: skip
def test_it_is_said_how_it_was_read(text: str, ground: Ground) -> None:
    assert read_birthday(text, TODAY).ground is ground


def test_the_zodiac_decides_between_two_calendars_and_is_not_kept() -> None:
    # 10 January 1988 lies in the year of the rabbit still; the lunar 1 October 1988 does not.
    found = only("1988年1月10 属兔")
    assert (found.calendar, found.year) == (SOLAR, 1988)
    assert only("屬兔 三月初七").said_as == only("三月初七 属兔").said_as == "三月初七"


def test_what_is_kept_of_the_text_is_short_and_clean() -> None:
    assert only("  农历\u202e八月\x00初九\n").said_as == "农历八月初九"
    assert len(only("我的生日是" + "农历 八月 初九 " + "。" * 100).said_as) <= 40


@given(st.integers(1, 12), st.integers(1, 30), st.booleans())
def test_every_lunar_day_is_read_as_it_is_spoken(month: int, day: int, traditional: bool) -> None:
    text = f"农历{month_name(month)}{day_name(day)}"
    if traditional:
        text = text.replace("农历", "農曆").replace("腊", "臘")
    found = only(text)
    assert (found.calendar, found.month, found.day) == (LUNAR, month, day)


@given(st.dates(date(1930, 1, 1), date(2005, 1, 1)))
def test_every_date_is_read_as_papers_have_it(day: date) -> None:
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"公历{day:%Y%m%d}"):
        found = only(text)
        assert (found.calendar, found.year, found.month, found.day) == (
            SOLAR, day.year, day.month, day.day
        )  # fmt: skip


@given(
    st.text(max_size=40)
    | st.text("农阴阳历年月日号初十一二三廿闰属兔0123456789.-/ 生", max_size=14)
)
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        reading = read_birthday(text, TODAY)
    except Refused as refused:
        assert refused.said()
    else:
        assert 1 <= len(reading.possible) <= 2
        for one in reading.possible:
            assert 1 <= one.month <= 12
            assert 1 <= one.day <= (31 if one.calendar is SOLAR else 30)
