"""Reading a birthday the way people say it (R34): 农历八月初九, 闰四月十五, 8月15（农历）, 0308.

Nothing is guessed in silence. What came out says on what ground a calendar was taken; where nobody
said one and the form does not tell, both are given and a person asks. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from lib.kernel.errors import Refused
from lib.kernel.lunar import lunar_of
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.birthdays import vocabulary as words
from lib.members.birthdays.checking import checked, comes_twice, refuse_children
from lib.members.birthdays.forms import Found, Ground, day_of
from lib.members.birthdays.rules import LONGEST_SAID, Birthday, Calendar, Leap, born_on


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
    refuse_children(plain)
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
    leap, leap_too = Leap.NO, False
    if calendar is Calendar.LUNAR:
        twice = comes_twice(found.month, found.year, today)
        leap = found.leap or (Leap.UNKNOWN if twice else Leap.NO)
        leap_too = said.leap_too
    one = checked(Birthday(calendar, found.month, found.day, leap, leap_too, found.year), today)
    _refuse_animal(one, said.animal)
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


def _refuse_animal(one: Birthday, animal: str | None) -> None:
    born = born_on(one)
    if animal is None or born is None:
        return
    right = words.ANIMALS[(lunar_of(born).year - 4) % 12]
    if animal != right:
        raise Refused(
            N_("{year} is the year of the {right}, not of the {animal}. Check the year."),
            year=one.year, right=right, animal=animal,
        )  # fmt: skip


def _both_named() -> Refused:
    return Refused(N_("Both calendars are named. Write the one the birthday is kept by."))


def _unreadable(text: str) -> Refused:
    return Refused(
        N_(
            "“{text}” cannot be read as a birthday. Write the day alone, such as 农历八月初九 or "
            "3/8."
        ),
        text=clean(text, LONGEST_SAID),
    )
