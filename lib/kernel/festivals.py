"""Festivals a neighbourhood keeps, and on which days they fall (R35).

Those of the lunar calendar, Qingming by the sun, Mother's and Father's Day by the week, and those
with a fixed date. New Year's Eve is the day before the Spring Festival, whether the twelfth month
has 29 days or 30.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lib.kernel.lunar import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_DAY,
    LAST_YEAR,
    LunarDay,
    lunar_of,
    solar_of,
)
from lib.kernel.lunar import new_year as spring_festival_of
from lib.kernel.lunar import qingming as qingming_of
from lib.kernel.words import N_


class Festival(StrEnum):
    """A festival; the value is what the books keep."""

    SPRING_FESTIVAL = "spring_festival"
    LANTERN = "lantern"
    QINGMING = "qingming"
    DRAGON_BOAT = "dragon_boat"
    DOUBLE_SEVENTH = "double_seventh"
    MID_AUTUMN = "mid_autumn"
    DOUBLE_NINTH = "double_ninth"
    LABA = "laba"
    NEW_YEARS_EVE = "new_years_eve"
    WOMEN = "women"
    LABOUR = "labour"
    CHILDREN = "children"
    TEACHERS = "teachers"
    NATIONAL = "national"
    NEW_YEAR = "new_year"
    MOTHERS = "mothers"
    FATHERS = "fathers"


FESTIVAL_NAMES = {
    Festival.SPRING_FESTIVAL: N_("Spring Festival"),
    Festival.LANTERN: N_("Lantern Festival"),
    Festival.QINGMING: N_("Qingming"),
    Festival.DRAGON_BOAT: N_("Dragon Boat Festival"),
    Festival.DOUBLE_SEVENTH: N_("Double Seventh"),
    Festival.MID_AUTUMN: N_("Mid-Autumn Festival"),
    Festival.DOUBLE_NINTH: N_("Double Ninth"),
    Festival.LABA: N_("Laba"),
    Festival.NEW_YEARS_EVE: N_("Lunar New Year's Eve"),
    Festival.WOMEN: N_("Women's Day"),
    Festival.LABOUR: N_("Labour Day"),
    Festival.CHILDREN: N_("Children's Day"),
    Festival.TEACHERS: N_("Teachers' Day"),
    Festival.NATIONAL: N_("National Day"),
    Festival.NEW_YEAR: N_("New Year's Day"),
    Festival.MOTHERS: N_("Mother's Day"),
    Festival.FATHERS: N_("Father's Day"),
}
"""Sentences to translate."""

LUNAR_DAYS = {
    Festival.SPRING_FESTIVAL: (1, 1),
    Festival.LANTERN: (1, 15),
    Festival.DRAGON_BOAT: (5, 5),
    Festival.DOUBLE_SEVENTH: (7, 7),
    Festival.MID_AUTUMN: (8, 15),
    Festival.DOUBLE_NINTH: (9, 9),
    Festival.LABA: (12, 8),
}
"""Lunar month and day; of a month that comes twice the first counts."""

SOLAR_DAYS = {
    Festival.NEW_YEAR: (1, 1),
    Festival.WOMEN: (3, 8),
    Festival.LABOUR: (5, 1),
    Festival.CHILDREN: (6, 1),
    Festival.TEACHERS: (9, 10),
    Festival.NATIONAL: (10, 1),
}
"""Month and day of those with a fixed date."""

_SUNDAYS = {Festival.MOTHERS: (5, 2), Festival.FATHERS: (6, 3)}
"""Month, and which of its Sundays."""


@dataclass(frozen=True)
class FestivalDay:
    """A festival on its day. ``year`` is the lunar one of festivals of the lunar calendar."""

    festival: Festival
    day: date
    year: int


def is_lunar(festival: Festival) -> bool:
    """Whether a festival follows the lunar calendar, and so is counted by lunar years."""
    return festival in LUNAR_DAYS or festival is Festival.NEW_YEARS_EVE


def festival_day(festival: Festival, year: int) -> date | None:
    """Return the day of a festival in ``year``, the lunar one where it follows that calendar.

    None outside of the years that are known, 1900 to 2100.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if festival is Festival.NEW_YEARS_EVE:
        return LAST_DAY if year == LAST_YEAR else spring_festival_of(year + 1) - timedelta(days=1)
    if festival in LUNAR_DAYS:
        return solar_of(LunarDay(year, *LUNAR_DAYS[festival]))
    if festival is Festival.QINGMING:
        return qingming_of(year)
    if festival in _SUNDAYS:
        return _sunday(year, *_SUNDAYS[festival])
    return date(year, *SOLAR_DAYS[festival])


def festivals_between(first: date, last: date) -> tuple[FestivalDay, ...]:
    """Return the festivals from ``first`` to ``last``, both included, by day.

    Of two on one day the one of the lunar calendar stands first.
    """
    found = [one for one in _around(first, last) if first <= one.day <= last]
    order = list(Festival)
    return tuple(sorted(found, key=lambda one: (one.day, order.index(one.festival))))


def _around(first: date, last: date) -> Iterator[FestivalDay]:
    lunar_years = (_lunar_year(first), _lunar_year(last))
    for festival in Festival:
        start, end = lunar_years if is_lunar(festival) else (first.year, last.year)
        for year in range(start, end + 1):
            day = festival_day(festival, year)
            if day is not None:
                yield FestivalDay(festival, day, year)


def _lunar_year(day: date) -> int:
    return lunar_of(min(max(day, FIRST_DAY), LAST_DAY)).year


def _sunday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=6 - first.weekday() + 7 * (which - 1))
