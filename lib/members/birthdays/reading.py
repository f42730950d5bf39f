"""Reading a birthday the way people say it (R34): 农历八月初九, 闰四月十五, 8月15（农历）, 0308.

Nothing is guessed in silence. What came out says on what ground a calendar was taken; where nobody
said one and the form does not tell, both are given and a person asks. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from lib.kernel.errors import Refused
from lib.kernel.lunar import FIRST_YEAR, LONGEST_MONTH, leap_month, lunar_of, month_days
from lib.kernel.months import months_later
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.birthdays import vocabulary as words
from lib.members.birthdays.forms import Found, Ground, day_of
from lib.members.birthdays.rules import (
    LONGEST_SAID,
    OLDEST,
    Birthday,
    Calendar,
    Leap,
    born_on,
    is_child,
)

_SOLAR_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Reading:
    """What a text means: one birthday, or two of which a person chooses, the likelier one first."""

    possible: tuple[Birthday, ...]
    ground: Ground


@dataclass(frozen=True)
class _Said:
    """What was found in a text besides the day: which calendar was named, and the like."""

    core: str
    calendar: Calendar | None
    animal: str | None
    papers: bool
    leap_too: bool


def read_birthday(text: str, today: date) -> Reading:
    """Return what ``text`` says, read on ``today``.

    Raises ``Refused`` with what to do for what cannot be read or cannot be: the 30th of February, a
    13th month, a year to come or more than 120 years ago, a child younger than 14.
    """
    kept = clean(text, 1000)
    if not kept:
        raise Refused(N_("Write the birthday, such as 农历八月初九, 正月初三, 3/8 or 1965-08-15."))
    said, found = _understood(kept, today)
    calendars, ground = _calendars(said, found)
    possible = _possible(calendars, said, found, today)
    if ground is Ground.ZODIAC and possible[0].calendar is Calendar.LUNAR:
        del possible[1:]
    elif len(possible) < len(calendars):
        ground = Ground.ONLY_ONE
    shown = clean(words.ZODIAC.sub("", words.plain(kept)) if said.animal else kept, LONGEST_SAID)
    return Reading(tuple(replace(one, said_as=shown) for one in possible), ground)


def _understood(kept: str, today: date) -> tuple[_Said, Found]:
    plain = words.plain(kept)
    if words.CHILD.search(plain):
        raise _child()
    if re.fullmatch(r"\d{17}[\dx]|\d{15}", words.joined(plain)):
        raise Refused(N_("This is the number of an identity card. Write only the birthday."))
    said = _stripped(plain)
    found = day_of(said.core, plain, today)
    if found is None:
        raise _unreadable(kept)
    return said, found


def _stripped(plain: str) -> _Said:
    """Take out of a text what is said around the day."""
    core = words.EVE.sub("除夕", words.joined(words.LEAP_WORD.sub("闰", plain)))
    named = set()
    for pattern, calendar in (
        (words.NOT_LUNAR, Calendar.SOLAR),
        (words.NOT_SOLAR, Calendar.LUNAR),
        (words.LUNAR_NAMED, Calendar.LUNAR),
        (words.SOLAR_NAMED, Calendar.SOLAR),
    ):
        core, count = pattern.subn("", core)
        named |= {calendar} if count else set()
    core, both = words.BOTH_KEPT.subn("", core)
    core, papers = words.PAPERS.subn("", core)
    animals = {one or other for one, other in words.ZODIAC.findall(core)}
    core = words.NOISE.sub("", words.ZODIAC.sub("", core))
    for pattern, calendar in (
        (words.LUNAR_MARK, Calendar.LUNAR),
        (words.SOLAR_MARK, Calendar.SOLAR),
    ):
        core, count = pattern.subn("", core)
        named |= {calendar} if count else set()
    if len(named) > 1:
        raise _both_named()
    if len(animals) > 1:
        raise Refused(N_("Two animals of the year are named. Write one, or none."))
    return _Said(
        core,
        next(iter(named), None),
        next(iter(animals), None),
        papers=bool(papers),
        leap_too=bool(both),
    )


def _calendars(said: _Said, found: Found) -> tuple[tuple[Calendar, ...], Ground]:
    """Return the calendars that come in question, the likelier one first, and why."""
    lunar, solar = Calendar.LUNAR, Calendar.SOLAR
    certain_lunar = found.form is lunar and found.sure
    if said.calendar is solar and certain_lunar and found.ground is Ground.LUNAR_WORDS:
        raise Refused(
            N_("The solar calendar is named, but the day is said as lunar days are. Write 8/15 if "
               "it is solar.")
        )  # fmt: skip
    if found.ground is Ground.FESTIVAL and said.calendar not in (None, found.form):
        raise _both_named()
    if said.calendar is not None:
        return (said.calendar,), Ground.SAID
    if certain_lunar or found.ground is Ground.FESTIVAL:
        return (found.form or lunar,), found.ground
    if said.papers or found.ground is Ground.PAPERS:
        return (solar, lunar), Ground.PAPERS
    if said.animal:
        return (lunar, solar), Ground.OPEN if found.sure else Ground.ZODIAC
    if found.sure and found.form is not None:
        return (found.form,), found.ground
    return ((lunar, solar) if found.form is lunar else (solar, lunar)), Ground.OPEN


def _birthday(calendar: Calendar, said: _Said, found: Found, today: date) -> Birthday:
    """Return the birthday in one calendar; raises ``Refused`` when there can be no such day."""
    if not 1 <= found.month <= 12:
        raise Refused(
            N_("There is no month {month}. The month comes first: 8/15."), month=found.month
        )
    if calendar is Calendar.SOLAR:
        one = Birthday(calendar, found.month, found.day, year=found.year)
        _refuse_long(found, _SOLAR_DAYS[found.month - 1])
    else:
        leap = _leap(found, today)
        one = Birthday(calendar, found.month, found.day, leap, said.leap_too, found.year)
        _refuse_long(found, LONGEST_MONTH)
    if one.year is not None:
        _refuse_year(one, found, today)
        _refuse_animal(one, said.animal, found)
    return one


def _possible(
    calendars: Iterable[Calendar], said: _Said, found: Found, today: date
) -> list[Birthday]:
    """Return the birthdays there can be; raises what speaks against the likeliest if none."""
    possible, refusals = [], []
    for calendar in calendars:
        try:
            possible.append(_birthday(calendar, said, found, today))
        except Refused as refused:
            refusals.append(refused)
    if not possible:
        raise refusals[0]
    return possible


def _leap(found: Found, today: date) -> Leap:
    """Return whether the month is the leap one; raises ``Refused`` where it cannot be."""
    year, month = found.year, found.month
    years: Iterable[int] = (
        [year] if year is not None else range(today.year - OLDEST, today.year + 1)
    )
    twice = any(leap_month(one) == month for one in years if FIRST_YEAR <= one <= today.year)
    if found.leap is Leap.YES and not twice:
        if year is None:
            raise Refused(
                N_("In the last 120 years month {month} never came twice: it is no leap month."),
                month=month,
            )
        raise Refused(
            N_("{year} had no leap month {month}. Leave the leap or the year out."),
            year=year, month=month,
        )  # fmt: skip
    if found.leap is not None:
        return found.leap
    return Leap.UNKNOWN if twice else Leap.NO


def _refuse_long(found: Found, most: int) -> None:
    if 1 <= found.day <= most:
        return
    if not 1 <= found.day <= 31:
        raise Refused(N_("There is no day {day}. The month comes first: 8/15."), day=found.day)
    raise Refused(
        N_("Month {month} has at most {days} days in this calendar. Ask for the day once more."),
        month=found.month, days=most,
    )  # fmt: skip


def _refuse_year(one: Birthday, found: Found, today: date) -> None:
    year = one.year or today.year
    if year < today.year - OLDEST:
        raise Refused(
            N_("{year} is more than 120 years ago. Check or leave out the year."), year=year
        )
    if year > today.year:
        raise _future(year)
    if found.ground is not Ground.FESTIVAL:
        _refuse_missing_day(one, year)
    born = born_on(one)
    if born is not None and born > today:
        raise _future(year)
    if born is not None and months_later(born, 12 * OLDEST) < today:
        raise Refused(
            N_("{year} is more than 120 years ago. Check or leave out the year."), year=year
        )
    if is_child(one, today):
        raise _child()


def _refuse_missing_day(one: Birthday, year: int) -> None:
    if one.calendar is Calendar.SOLAR:
        try:
            date(year, one.month, one.day)
        except ValueError:
            raise Refused(
                N_("{year} had no 29 February. Check or leave out the year."), year=year
            ) from None
        return
    days = month_days(year, one.month, leap=one.leap is Leap.YES)
    if one.day > days:
        raise Refused(
            N_("That month had 29 days in {year}. Check the day, or leave out the year."),
            year=year,
        )


def _refuse_animal(one: Birthday, animal: str | None, found: Found) -> None:
    born = born_on(one)
    if animal is None or born is None:
        return
    right = words.ANIMALS[(lunar_of(born).year - 4) % 12]
    if animal != right:
        raise Refused(
            N_("{year} is the year of the {right}, not of the {animal}. Check the year."),
            year=found.year, right=right, animal=animal,
        )  # fmt: skip


def _both_named() -> Refused:
    return Refused(N_("Both calendars are named. Write the one the birthday is kept by."))


def _child() -> Refused:
    return Refused(
        N_("Birthdays of children are not kept, only those of members from 14 years on.")
    )


def _future(year: int) -> Refused:
    return Refused(
        N_("{year} lies in the future. Write the year of birth, or leave it out."), year=year
    )


def _unreadable(text: str) -> Refused:
    return Refused(
        N_(
            "“{text}” cannot be read as a birthday. Write the day alone, such as 农历八月初九 or "
            "3/8."
        ),
        text=clean(text, LONGEST_SAID),
    )
