"""What cannot be a birthday, and what is never kept: refused with what to do. Pure."""

from datetime import date

from lib.kernel.errors import Refused
from lib.kernel.lunar import LONGEST_MONTH, leap_month, month_days
from lib.kernel.months import months_later
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.birthdays.rules import (
    LONGEST_SAID,
    OLDEST,
    Birthday,
    Calendar,
    Leap,
    born_on,
    is_child,
)
from lib.members.birthdays.vocabulary import CHILD, plain

_SOLAR_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EVE = (12, 30)


def checked(birthday: Birthday, today: date) -> Birthday:
    """Return ``birthday`` as it can be kept on ``today``; raises ``Refused`` when it cannot be.

    New Year's Eve is called the 30th of the twelfth month in years, too, whose month has 29 days.
    """
    refuse_children(birthday.said_as)
    lunar = birthday.calendar is Calendar.LUNAR
    if not 1 <= birthday.month <= 12:
        raise Refused(
            N_("There is no month {month}. The month comes first: 8/15."), month=birthday.month
        )
    _refuse_long(birthday, LONGEST_MONTH if lunar else _SOLAR_DAYS[birthday.month - 1])
    if birthday.leap is Leap.YES:
        _refuse_leap(birthday, today)
    if birthday.year is not None:
        _refuse_year(birthday, birthday.year, today)
    return Birthday(
        birthday.calendar,
        birthday.month,
        birthday.day,
        birthday.leap if lunar else Leap.NO,
        birthday.leap_too and lunar,
        birthday.year,
        clean(birthday.said_as, LONGEST_SAID),
    )


def comes_twice(month: int, year: int | None, today: date) -> bool:
    """Whether a lunar month came twice in ``year``; without a year in any of the last 120."""
    years = range(today.year - OLDEST, today.year + 1) if year is None else (year,)
    return any(leap_month(one) == month for one in years)


def refuse_children(text: str) -> None:
    """Raise ``Refused`` when ``text`` names a child: their birthdays are never kept (PIPL 31)."""
    if CHILD.search(plain(text)):
        raise _child()


def _refuse_long(birthday: Birthday, most: int) -> None:
    if 1 <= birthday.day <= most:
        return
    if not 1 <= birthday.day <= 31:
        raise Refused(N_("There is no day {day}. The month comes first: 8/15."), day=birthday.day)
    raise Refused(
        N_("Month {month} has at most {days} days in this calendar. Ask for the day once more."),
        month=birthday.month,
        days=most,
    )


def _refuse_leap(birthday: Birthday, today: date) -> None:
    year, month = birthday.year, birthday.month
    if birthday.calendar is Calendar.SOLAR or comes_twice(month, year, today):
        return
    if year is None:
        raise Refused(
            N_("In the last 120 years month {month} never came twice: it is no leap month."),
            month=month,
        )
    raise Refused(
        N_("{year} had no leap month {month}. Leave the leap or the year out."),
        year=year,
        month=month,
    )


def _refuse_year(birthday: Birthday, year: int, today: date) -> None:
    if year > today.year:
        raise _future(year)
    if year < today.year - OLDEST:
        raise _too_long_ago(year)
    _refuse_missing_day(birthday, year)
    born = born_on(birthday) or today
    if born > today:
        raise _future(year)
    if months_later(born, 12 * OLDEST) < today:
        raise _too_long_ago(year)
    if is_child(birthday, today):
        raise _child()


def _refuse_missing_day(birthday: Birthday, year: int) -> None:
    month, day = birthday.month, birthday.day
    if birthday.calendar is Calendar.SOLAR:
        try:
            date(year, month, day)
        except ValueError:
            raise Refused(
                N_("{year} had no 29 February. Check or leave out the year."), year=year
            ) from None
    elif day > month_days(year, month, leap=birthday.leap is Leap.YES) and (month, day) != _EVE:
        raise Refused(
            N_("That month had 29 days in {year}. Check the day, or leave out the year."),
            year=year,
        )


def _child() -> Refused:
    return Refused(
        N_("Birthdays of children are not kept, only those of members from 14 years on.")
    )


def _future(year: int) -> Refused:
    return Refused(
        N_("{year} lies in the future. Write the year of birth, or leave it out."), year=year
    )


def _too_long_ago(year: int) -> Refused:
    return Refused(N_("{year} is more than 120 years ago. Check or leave out the year."), year=year)
