"""Decisions about birthdays: what one is, and on which days it is kept (R34). Pure.

A birthday of the lunar calendar moves through the Gregorian year and may fall in it twice or never,
so that years are counted in the calendar of the birthday: once per lunar year for a lunar one.
The named rules (facts 5) are a :class:`Rule` each; where one decided, the day says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from lib.kernel.lunar import (
    FIRST_DAY,
    LAST_DAY,
    LAST_YEAR,
    LunarDay,
    leap_month,
    lunar_of,
    month_days,
    solar_of,
)
from lib.kernel.months import months_later
from lib.kernel.words import N_
from lib.shop.settings import Settings

YOUNGEST = 14
"""The birthdays of children younger than this are never kept (PIPL 31)."""

OLDEST = 120
LONGEST_SAID = 40


class Calendar(StrEnum):
    """The calendar somebody keeps a birthday by."""

    SOLAR = "solar"
    LUNAR = "lunar"


class Leap(StrEnum):
    """Whether the month is the leap one: of a month nobody said more about it is unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Birthday:
    """A birthday as the resident keeps it. ``year`` is the lunar one of a lunar birthday.

    ``leap_too``: in a year that has the month twice both are kept. ``said_as`` is what was typed.
    """

    calendar: Calendar
    month: int
    day: int
    leap: Leap = Leap.NO
    leap_too: bool = False
    year: int | None = None
    said_as: str = ""


class Rule(StrEnum):
    """Why a birthday is kept on a day that its words alone do not say."""

    NO_LEAP_MONTH = "no_leap_month"
    LEAP_MONTH = "leap_month"
    FIRST_OF_TWO = "first_of_two"
    SECOND_OF_TWO = "second_of_two"
    BOTH_OF_TWO = "both_of_two"
    SHORT_MONTH = "short_month"
    NO_LEAP_DAY = "no_leap_day"


RULES = {
    Rule.NO_LEAP_MONTH: N_("that year has no such leap month: kept in the ordinary one"),
    Rule.LEAP_MONTH: N_("in the leap month"),
    Rule.FIRST_OF_TWO: N_("the month comes twice: kept in the first"),
    Rule.SECOND_OF_TWO: N_("the month comes twice: kept in the second"),
    Rule.BOTH_OF_TWO: N_("the month comes twice: kept in both"),
    Rule.SHORT_MONTH: N_("the month has 29 days: kept on the last"),
    Rule.NO_LEAP_DAY: N_("no 29 February that year"),
}


@dataclass(frozen=True)
class Occasion:
    """A day a birthday is kept. ``year`` counts it, in the calendar of the birthday."""

    day: date
    year: int
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Fit:
    """Which birthdays are kept ``on`` a day: month, day, and of a month that comes twice which.

    ``year`` is the occasion's, as in :class:`Occasion`.
    """

    calendar: Calendar
    month: int
    day: int
    leaps: frozenset[Leap]
    on: date
    year: int

    def holds(self, leap: str, leap_too: bool) -> bool:
        """Whether it is the day of a birthday of this month and day."""
        return leap_too or Leap(leap) in self.leaps


def occasion_year(birthday: Birthday, day: date) -> int:
    """Return the year that counts a birthday kept on ``day``: the lunar one of a lunar birthday.

    Once per person and such year there is a gift (R34). Raises ``ValueError`` for a lunar one
    outside of what is known, 1900 to 2100.
    """
    return lunar_of(day).year if birthday.calendar is Calendar.LUNAR else day.year


def next_dates(
    birthday: Birthday, today: date, settings: Settings, count: int = 2
) -> tuple[Occasion, ...]:
    """Return the next ``count`` days a birthday is kept, today included, the nearest first.

    Fewer where the lunar calendar is not known any further (2100).
    """
    coming = (one for one in _from(birthday, today, settings) if one.day >= today)
    return tuple(islice(coming, count))


def occasions_in(birthday: Birthday, year: int, settings: Settings) -> tuple[Occasion, ...]:
    """Return the days a birthday is kept in ``year``, counted in its own calendar: one, or two.

    Two only in the lunar year that has the month twice, for somebody who keeps both. Raises
    ``ValueError`` for a lunar year that is not known.
    """
    if birthday.calendar is Calendar.SOLAR:
        day = _solar_day(year, birthday.month, birthday.day, settings)
        moved = (day.month, day.day) != (birthday.month, birthday.day)
        return (Occasion(day, year, (Rule.NO_LEAP_DAY,) if moved else ()),)
    return tuple(
        _lunar_occasion(birthday, year, leap, rules)
        for leap, rules in _months(birthday, year, settings)
    )


def turns(birthday: Birthday, occasion: Occasion) -> int | None:
    """Return how old somebody becomes; None where no year was said, and nobody reckons then."""
    return None if birthday.year is None else occasion.year - birthday.year


def fits(day: date, settings: Settings) -> tuple[Fit, ...]:
    """Return which birthdays are kept on ``day``: the other way round than :func:`occasions_in`.

    Two to four of them, for looking them up by month and day.
    """
    every = frozenset(Leap)
    found = [Fit(Calendar.SOLAR, day.month, day.day, every, day, day.year)]
    if _replaces_leap_day(day, settings):
        found.append(Fit(Calendar.SOLAR, 2, 29, every, day, day.year))
    if FIRST_DAY <= day <= LAST_DAY:
        lunar = lunar_of(day)
        leaps = _leaps(lunar, settings)
        last = lunar.day == 29 == month_days(lunar.year, lunar.month, leap=lunar.leap)
        found += [
            Fit(Calendar.LUNAR, lunar.month, number, leaps, day, lunar.year)
            for number in ((29, 30) if last else (lunar.day,))
        ]
    return tuple(found)


def fits_between(first: date, last: date, settings: Settings) -> tuple[Fit, ...]:
    """Return which birthdays are kept from ``first`` to ``last``, both included."""
    length = (last - first).days + 1
    days = (first + timedelta(days=n) for n in range(length))
    return tuple(fit for day in days for fit in fits(day, settings))


def without_year(birthday: Birthday) -> Birthday:
    """Return ``birthday`` as the consent speaks of it: month and day, no year, no text with one."""
    if birthday.year is None:
        return birthday
    return replace(birthday, year=None, said_as="")


def born_on(birthday: Birthday) -> date | None:
    """Return the day of birth in the Gregorian calendar; None where no year was said.

    The first day it may have been, where a month came twice; New Year's Eve in a short month.
    Raises ``ValueError`` when there was no such month, or no 29 February.
    """
    year, month, day = birthday.year, birthday.month, birthday.day
    if year is None:
        return None
    if birthday.calendar is Calendar.SOLAR:
        return date(year, month, day)
    leap = birthday.leap is Leap.YES
    return solar_of(LunarDay(year, month, min(day, month_days(year, month, leap=leap)), leap))


def is_child(birthday: Birthday, today: date) -> bool:
    """Whether the year makes the person younger than 14; False where no year was said."""
    born = born_on(birthday)
    return born is not None and months_later(born, 12 * YOUNGEST) > today


def _from(birthday: Birthday, today: date, settings: Settings) -> Iterator[Occasion]:
    lunar = birthday.calendar is Calendar.LUNAR
    if lunar and not FIRST_DAY <= today <= LAST_DAY:
        return
    first = occasion_year(birthday, today)
    for year in range(first, (LAST_YEAR if lunar else date.max.year) + 1):
        yield from occasions_in(birthday, year, settings)


def _solar_day(year: int, month: int, day: int, settings: Settings) -> date:
    try:
        return date(year, month, day)
    except ValueError:  # 29 February is the only day that some years lack
        if settings.leap_day_birthday == "after":
            return date(year, 3, 1)
        return date(year, 2, 28)


def _replaces_leap_day(day: date, settings: Settings) -> bool:
    return (day.month, day.day) in ((2, 28), (3, 1)) and (
        _solar_day(day.year, 2, 29, settings) == day
    )


def _months(
    birthday: Birthday, year: int, settings: Settings
) -> tuple[tuple[bool, tuple[Rule, ...]], ...]:
    """Which of the months of this number count, True for the leap one, and by which rule."""
    if leap_month(year) != birthday.month:
        lacks = birthday.leap is Leap.YES
        return ((False, (Rule.NO_LEAP_MONTH,) if lacks else ()),)
    if birthday.leap_too:
        return (False, (Rule.BOTH_OF_TWO,)), (True, (Rule.BOTH_OF_TWO,))
    if birthday.leap is Leap.YES:
        return ((True, (Rule.LEAP_MONTH,)),)
    if birthday.leap is Leap.UNKNOWN and settings.leap_month_birthday == "leap":
        return ((True, (Rule.SECOND_OF_TWO,)),)
    return ((False, (Rule.FIRST_OF_TWO,)),)


def _leaps(lunar: LunarDay, settings: Settings) -> frozenset[Leap]:
    """Which birthdays are kept in this very month, where it comes twice."""
    if leap_month(lunar.year) != lunar.month:
        return frozenset(Leap)
    unknown_in_leap = settings.leap_month_birthday == "leap"
    said = Leap.YES if lunar.leap else Leap.NO
    return frozenset({said, Leap.UNKNOWN} if lunar.leap is unknown_in_leap else {said})


def _lunar_occasion(birthday: Birthday, year: int, leap: bool, rules: tuple[Rule, ...]) -> Occasion:
    length = month_days(year, birthday.month, leap=leap)
    if birthday.day > length:
        rules = (*rules, Rule.SHORT_MONTH)
    day = LunarDay(year, birthday.month, min(birthday.day, length), leap)
    return Occasion(solar_of(day), year, rules)
