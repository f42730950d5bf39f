"""The lunar calendar reckoned anew from moon and sun, by the rules of GB/T 33661-2017.

A month begins on the day of the new moon in China time (UTC+8); the month with the winter solstice
is the eleventh; of thirteen months between two eleventh ones the first without a major term is a
leap month. It shares no table and no code with the program.
"""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import ephem

_CHINA = timedelta(hours=8)
_DEGREES_A_DAY = 360 / 365.2422


def longitude(moment: float) -> float:
    """Return the apparent ecliptic longitude of the sun in degrees, of the date."""
    sun = ephem.Sun(moment)
    place = ephem.Equatorial(sun.g_ra, sun.g_dec, epoch=moment)
    return math.degrees(ephem.Ecliptic(place, epoch=moment).lon)


def sun_at(degrees: float, near: float) -> ephem.Date:
    """Return the moment nearest to ``near`` at which the sun stands at ``degrees``."""
    for _step in range(6):
        off = (degrees - longitude(near) + 180) % 360 - 180
        near += off / _DEGREES_A_DAY
    return ephem.Date(near)


def china_day(moment: ephem.Date) -> date:
    """Return the day in China at a moment of universal time."""
    return (ephem.Date(moment).datetime() + _CHINA).date()


def months(first_year: int, last_year: int) -> Iterator[tuple[date, date, int, int, bool]]:
    """Yield first day, first day of the next, lunar year, month and leap of the months.

    From the eleventh of the lunar year ``first_year`` - 1 to the tenth of ``last_year``.
    """
    solstices = [_solstice(year) for year in range(first_year - 1, last_year + 1)]
    starts = _new_moons(solstices[0] - timedelta(days=40), solstices[-1] + timedelta(days=40))
    terms = _major_terms(first_year - 1, last_year + 1)
    eleventh = [_holding(starts, solstice) for solstice in solstices]
    for year, (begin, end) in enumerate(pairwise(eleventh), first_year):
        bounds = [pair for pair in pairwise(starts) if begin <= pair[0] < end]
        yield from _numbered(bounds, terms, year)


def _numbered(
    bounds: list[tuple[date, date]], terms: list[date], year: int
) -> Iterator[tuple[date, date, int, int, bool]]:
    leap_allowed = len(bounds) == 13
    month = 10
    for start, following in bounds:
        leap = leap_allowed and not _any_in(terms, start, following)
        if leap:
            leap_allowed = False
        else:
            month += 1
        number = (month - 1) % 12 + 1
        yield start, following, year if month > 12 else year - 1, number, leap


def _any_in(terms: list[date], start: date, following: date) -> bool:
    return any(start <= term < following for term in terms)


def _holding(starts: list[date], day: date) -> date:
    return max(start for start in starts if start <= day)


def _solstice(year: int) -> date:
    return china_day(sun_at(270, ephem.Date(f"{year}/12/21")))


def _new_moons(first: date, last: date) -> list[date]:
    found, moment = [], ephem.Date(first.strftime("%Y/%m/%d"))
    while not found or found[-1] <= last:
        moment = ephem.next_new_moon(moment + 1)
        found.append(china_day(moment))
    return found


def _major_terms(first_year: int, last_year: int) -> list[date]:
    start = ephem.Date(f"{first_year}/3/20")
    count = (last_year - first_year + 1) * 12
    return [china_day(sun_at(30 * n % 360, start + 30.437 * n)) for n in range(-3, count)]
