"""Birthdays and lunar days in words, in the reader's language."""

from datetime import date

from babel.dates import format_date

from lib.kernel.lunar import FIRST_DAY, LAST_DAY, LunarDay, day_name, lunar_of, month_name
from lib.members.birthdays.rules import RULES, Birthday, Calendar, Leap, Occasion, turns
from lib.shop.language import locale
from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.words import _, language

_ANY_LEAP_YEAR = 2000


def said(birthday: Birthday) -> str:
    """Return a birthday as people say it: 农历八月十五, 3月8日; lunar 8/15, 8 March."""
    if birthday.calendar is Calendar.LUNAR:
        leap = birthday.leap is Leap.YES
        words = _("lunar {day}").format(day=lunar(birthday.month, birthday.day, leap=leap))
    else:
        pattern = "M月d日" if language() == "zh_CN" else "d MMMM"
        day = date(_ANY_LEAP_YEAR, birthday.month, birthday.day)
        words = format_date(day, pattern, locale=locale(language()))
    if birthday.year is None:
        return words
    return _("{day} of {year}").format(day=words, year=birthday.year)


def told_apart(birthday: Birthday) -> str:
    """Return a birthday with its calendar named, solar or lunar, for choosing between the two."""
    if birthday.calendar is Calendar.LUNAR:
        return said(birthday)
    return _("solar {day}").format(day=said(birthday))


def lunar(month: int, day: int, *, leap: bool) -> str:
    """Return a lunar month and day: 闰六月初二; leap 6/2."""
    if language() == "zh_CN":
        return month_name(month, leap=leap) + day_name(day)
    return _("leap {day}").format(day=f"{month}/{day}") if leap else f"{month}/{day}"


def in_cell(day: date) -> str:
    """Return the lunar day as calendars print it: the day, on the first the month instead."""
    found = _lunar_of(day)
    if found is None:
        return ""
    if found.day == 1:
        if language() == "zh_CN":
            return month_name(found.month, leap=found.leap)
        return lunar(found.month, 1, leap=found.leap)
    return day_name(found.day) if language() == "zh_CN" else str(found.day)


def on(shop: Shop, day: date) -> str:
    """Return a day as people say it, with its weekday also where it lies in another year."""
    said_day = show.day(day, shop)
    if day.year == shop.today.year or abs((day - shop.today).days) <= 1:
        return said_day
    return f"{show.weekday(day.weekday())} {said_day}"


def occasion(shop: Shop, birthday: Birthday, one: Occasion) -> str:
    """Return a day a birthday is kept, with its lunar day, the age if a year is known, the rule."""
    parts = [on(shop, one.day)]
    parts += [words for words in (lunar_of_day(one.day),) if words]
    age = turns(birthday, one)
    if age is not None:
        parts.append(_("turns {age}").format(age=age))
    parts += [_(RULES[rule]) for rule in one.rules]
    return " · ".join(parts)


def lunar_of_day(day: date) -> str:
    """Return the lunar day of a Gregorian one: 农历八月十八; empty where none is known."""
    found = _lunar_of(day)
    if found is None:
        return ""
    return _("lunar {day}").format(day=lunar(found.month, found.day, leap=found.leap))


def _lunar_of(day: date) -> LunarDay | None:
    return lunar_of(day) if FIRST_DAY <= day <= LAST_DAY else None
