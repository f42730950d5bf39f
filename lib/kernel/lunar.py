"""The Chinese lunar calendar as it is kept in China, from 1900-01-31 to 2101-01-28.

Pure look-ups over the tables of borax, which agree with an astronomical reckoning of our own on
every day of 1940 to 2060 (tests/kernel/test_lunar.py) and with the printed calendars where other
libraries differ. A lunar year begins with the Spring Festival and carries the number of the
Gregorian year this falls in; a leap month follows the ordinary month of the same number.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils

FIRST_YEAR = 1900
LAST_YEAR = 2100
"""The first and the last lunar year that is known."""

FIRST_DAY = date(1900, 1, 31)
LAST_DAY = date(2101, 1, 28)
"""The days these years begin and end with."""

LONGEST_MONTH = 30
"""Days of a lunar month: 29 or 30."""

_MONTHS = "正二三四五六七八九十冬腊"
_DIGITS = "一二三四五六七八九十"
_QINGMING = "清明"


@dataclass(frozen=True)
class LunarDay:
    """A day of the lunar calendar; ``leap`` says that ``month`` is the leap one of ``year``."""

    year: int
    month: int
    day: int
    leap: bool = False

    @property
    def spoken(self) -> str:
        """Month and day as people say them: 闰六月初二, 腊月三十."""
        return month_name(self.month, leap=self.leap) + day_name(self.day)


@lru_cache(maxsize=4096)
def lunar_of(day: date) -> LunarDay:
    """Return the lunar day of a Gregorian one; raises ``ValueError`` outside of what is known."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"no lunar calendar is known for {day}")
    found = LunarDate.from_solar_date(day.year, day.month, day.day)
    return LunarDay(found.year, found.month, found.day, bool(found.leap))


def solar_of(day: LunarDay) -> date:
    """Return the Gregorian day of a lunar one; raises ``ValueError`` for one that is not there."""
    if not 1 <= day.day <= month_days(day.year, day.month, leap=day.leap):
        raise ValueError(f"{day} does not exist")
    return _first_of(day.year, day.month, day.leap) + timedelta(days=day.day - 1)


@lru_cache(maxsize=4096)
def _first_of(year: int, month: int, leap: bool) -> date:
    first: date = LunarDate(year, month, 1, int(leap)).to_solar_date()
    return first


@lru_cache(maxsize=4096)
def month_days(year: int, month: int, *, leap: bool = False) -> int:
    """Return 29 or 30; raises ``ValueError`` for a month or year that is not there."""
    if not 1 <= month <= 12:
        raise ValueError(f"there is no lunar month {month}")
    return int(LCalendars.ndays(year, month, int(leap)))


@lru_cache(maxsize=256)
def leap_month(year: int) -> int | None:
    """Return which month a lunar year has twice, None if none; ``ValueError`` if unknown."""
    return int(LCalendars.leap_month(year)) or None


def new_year(year: int) -> date:
    """Return the day of the Spring Festival; raises ``ValueError`` for a year that is unknown."""
    return solar_of(LunarDay(year, 1, 1))


def qingming(year: int) -> date:
    """Return Qingming of a Gregorian year, 1900 to 2100: the sun at 15 degrees, 4 to 6 April."""
    found: date = TermUtils.nth_term_day(year, term_name=_QINGMING)
    return found


def month_name(month: int, *, leap: bool = False) -> str:
    """Return a lunar month as people say it: 正月, 八月, 冬月, 腊月, 闰六月."""
    return f"{'闰' if leap else ''}{_MONTHS[month - 1]}月"


def day_name(day: int) -> str:
    """Return a lunar day as people say it: 初一, 初十, 十五, 二十, 廿一, 三十."""
    tens, ones = divmod(day, 10)
    if ones == 0:
        return {1: "初十", 2: "二十", 3: "三十"}[tens]
    return "初十廿"[tens] + _DIGITS[ones - 1]
