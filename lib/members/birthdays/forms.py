"""The forms in which people say a day: what month, day and year they hold. Pure.

A form may leave no doubt about the calendar (正月初三, 3/8, 8月15日) or only make one likelier
(八月十五, 8月15); :mod:`lib.members.birthdays.reading` decides.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.members.birthdays import vocabulary as words
from lib.members.birthdays.rules import OLDEST, Calendar, Leap


class Ground(StrEnum):
    """Why a birthday was read in a calendar."""

    SAID = "said"
    LUNAR_WORDS = "lunar_words"
    FESTIVAL = "festival"
    ZODIAC = "zodiac"
    SOLAR_FORM = "solar_form"
    ONLY_ONE = "only_one"
    OPEN = "open"
    PAPERS = "papers"


GROUNDS = {
    Ground.SAID: N_("The calendar was named."),
    Ground.LUNAR_WORDS: N_("Only lunar days are said like this (初, 廿, 正月, 腊月, 闰)."),
    Ground.FESTIVAL: N_("It is the day of a festival."),
    Ground.ZODIAC: N_("Who names the animal of the year means the lunar calendar."),
    Ground.SOLAR_FORM: N_(
        "Written like this (3/8, 0308, 8月15日) it is a solar date. If they mean the lunar one, "
        "write 农历 before it."
    ),
    Ground.ONLY_ONE: N_("Only this calendar has such a day."),
    Ground.OPEN: N_("Nobody said which calendar. Ask, then choose."),
    Ground.PAPERS: N_("On identity cards the date of many is the lunar one. Ask, then choose."),
}
ASKS = frozenset({Ground.OPEN, Ground.PAPERS})
"""Grounds that leave a question to the resident."""


@dataclass(frozen=True)
class Found:
    """A day read out of the core. ``form`` is the calendar its form points to, None for neither.

    ``sure`` says that it leaves no doubt; without it ``form`` is only the likelier one.
    """

    month: int
    day: int
    year: int | None = None
    leap: Leap | None = None
    form: Calendar | None = None
    sure: bool = True
    ground: Ground = Ground.OPEN


def day_of(core: str, plain: str, today: date) -> Found | None:
    """Return the day said in ``core``, a text freed of what stands around the day; None for none.

    ``plain`` is the text with its spaces, for English dates. Raises ``Refused`` for half a day, for
    a festival without a fixed date, and for years and orders that may mean two things.
    """
    return _english(plain) or _festival(core, today) or _numbered(core, today)


_NOUGHT_TO_NINE = "[〇零○一二三四五六七八九]"
_YEAR = (
    "(?P<year>(?:19|20)[0-9]{2}|[0-9]{2}"
    f"|[一二]{_NOUGHT_TO_NINE}{{3}}|{_NOUGHT_TO_NINE}{{2}})年"
)
_FESTIVAL = re.compile(f"(?:{_YEAR})?(?P<name>.+?)节?")
_BEFORE = f"(?:{_YEAR}-?)?"
_LEAP = "(?P<leap>闰|润|后|第二个|下|平|前|头一个|第一个|上)?"
_MONTH = "(?P<month>[0-9]{1,2}|[正元冬腊]|十[一二三四五六七八九]?|[一二三四五六七八九])"
_DAY = (
    "(?P<day>初(?:十|10|0?[1-9]|[一二三四五六七八九])|[0-9]{1,2}"
    "|[二三]?十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?|[一二三四五六七八九])"
)
_SPOKEN = re.compile(f"{_BEFORE}{_LEAP}{_MONTH}月(?:份)?-?{_DAY}(?P<unit>[日号])?")
_NUMBERS = re.compile(f"{_BEFORE}{_LEAP}(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}})[日号]?")
_BARE = re.compile(f"{_BEFORE}{_LEAP}(?P<digits>[0-9]{{3,4}})[日号]?")
_WHOLE = re.compile(r"(?P<year>(?:19|20)\d\d|\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})[日号]?")
_CARD = re.compile(r"(?P<year>(?:19|20)\d\d|\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_BACKWARDS = re.compile(r"\d{1,2}-\d{1,2}-\d{2,4}")
_NEW_YEAR_DAYS = re.compile("大?年(?P<day>初[一二三四五六七八九十])")
_LEAP_WORDS = {
    **dict.fromkeys(("闰", "润", "后", "第二个", "下"), Leap.YES),
    **dict.fromkeys(("平", "前", "头一个", "第一个", "上"), Leap.NO),
}


def _english(plain: str) -> Found | None:
    bare = " ".join(re.sub(r"\b(?:solar|lunar|birthday|born|on|is)\b|[:()]", " ", plain).split())
    for pattern in words.ENGLISH:
        if match := pattern.fullmatch(bare):
            year = int(match["year"]) if match["year"] else None
            month = words.ENGLISH_MONTHS[match["month"]]
            return _solar_form(month, int(match["day"]), year)
    return None


def _festival(core: str, today: date) -> Found | None:
    match = _FESTIVAL.fullmatch(core)
    if match is None:
        return None
    name = match["name"]
    year = _year(match["year"], today) if match["year"] else None
    if name in words.MOVING:
        raise Refused(N_("That is not on the same day every year. Write the date itself."))
    if name in words.TWO_DAYS:
        raise Refused(N_("That is kept on the 23rd or the 24th. Write 腊月廿三 or 腊月廿四."))
    for days, calendar in (
        (words.LUNAR_FESTIVALS, Calendar.LUNAR),
        (words.SOLAR_FESTIVALS, Calendar.SOLAR),
    ):
        if name in days:
            month, day = days[name]
            leap = Leap.NO if calendar is Calendar.LUNAR else None
            return Found(month, day, year, leap, calendar, ground=Ground.FESTIVAL)
    return None


def _numbered(core: str, today: date) -> Found | None:
    if not core or re.fullmatch(_YEAR, core):
        raise Refused(N_("Write month and day as well, such as 农历八月初九 or 3/8."))
    if match := _NEW_YEAR_DAYS.fullmatch(core):
        day = words.number(match["day"][1:])
        return Found(1, day, None, Leap.NO, Calendar.LUNAR, ground=Ground.LUNAR_WORDS)
    for pattern, read in (
        (_SPOKEN, _spoken),
        (_WHOLE, _whole),
        (_CARD, _card),
        (_NUMBERS, _numbers),
        (_BARE, _bare),
    ):
        if match := pattern.fullmatch(core):
            return read(match.groupdict(), today)
    _refuse_half(core)
    return None


def _refuse_half(core: str) -> None:
    """Say what is missing of a day that was only half said, or said in an order nobody knows."""
    if _BACKWARDS.fullmatch(core):
        raise _wrong_order()
    if re.fullmatch("闰月.*", core):
        raise Refused(N_("In a leap month: say which month, such as 闰六月初二."))
    if re.fullmatch(f"{_LEAP}{_MONTH}月(?:份)?", core):
        raise Refused(N_("The month alone is not enough: say the day as well."))
    day_alone = re.fullmatch(f"{_DAY}(?P<unit>[日号])?", core)
    if day_alone and (day_alone["unit"] or not core.isdecimal()):
        raise Refused(N_("The day alone is not enough: say the month as well."))


def _spoken(part: Mapping[str, str | None], today: date) -> Found:
    month, day = part["month"] or "", part["day"] or ""
    year = _year(part["year"], today) if part["year"] else None
    leap = _LEAP_WORDS.get(part["leap"] or "")
    numbers = words.number(month), words.number(day.removeprefix("初"))
    if numbers[1] < 31 and (leap or month in "正冬腊" or day[0] in "初廿卅"):
        return Found(
            *numbers, year, leap, Calendar.LUNAR, ground=Ground.LUNAR_WORDS
        )  # fmt: skip
    if part["unit"] or month == "元":
        return _solar_form(*numbers, year)
    likelier = Calendar.LUNAR if not (month + day).isdecimal() else Calendar.SOLAR
    return Found(*numbers, year, leap, likelier, sure=False)


def _whole(part: Mapping[str, str | None], today: date) -> Found:
    year, month, day = (part[name] or "" for name in ("year", "month", "day"))
    if len(year) == 2 and int(year) <= 31:
        raise _wrong_order()
    return _solar_form(int(month), int(day), _year(year, today))


def _card(part: Mapping[str, str | None], today: date) -> Found:
    return replace(_whole(part, today), sure=False, ground=Ground.PAPERS)


def _numbers(part: Mapping[str, str | None], today: date) -> Found:
    year = _year(part["year"], today) if part["year"] else None
    month, day = int(part["month"] or 0), int(part["day"] or 0)
    if leap := _LEAP_WORDS.get(part["leap"] or ""):
        return Found(month, day, year, leap, Calendar.LUNAR, ground=Ground.LUNAR_WORDS)
    return _solar_form(month, day, year)


def _bare(part: Mapping[str, str | None], today: date) -> Found:
    digits = part["digits"] or ""
    pairs = [(int(digits[:-2]), int(digits[-2:]))]
    if len(digits) == 3:
        pairs.append((int(digits[:2]), int(digits[2:])))
        pairs = [(month, day) for month, day in pairs if 1 <= month <= 12 and 1 <= day <= 31]
        if len(pairs) != 1:
            raise Refused(
                N_("{text} may be two dates. Write four digits, such as 0308."), text=digits
            )
    month, day = pairs[0]
    return _numbers({**part, "month": str(month), "day": str(day)}, today)


def _solar_form(month: int, day: int, year: int | None) -> Found:
    return Found(month, day, year, None, Calendar.SOLAR, ground=Ground.SOLAR_FORM)


def _year(text: str | None, today: date) -> int:
    """Return a year in four digits; of two digits only where one century comes in question."""
    digits = words.year_digits(text or "")
    if len(digits) == 4:
        return int(digits)
    near = [
        century + int(digits)
        for century in (1900, 2000)
        if today.year - OLDEST <= century + int(digits) <= today.year
    ]
    if len(near) != 1:
        raise Refused(N_("Write all four digits of the year, or leave the year out."))
    return near[0]


def _wrong_order() -> Refused:
    return Refused(
        N_("Write year, month and day in this order: 1965-8-15, or 8/15 without a year.")
    )
