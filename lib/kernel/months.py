"""Months as people reckon them: the same day of another month."""

import calendar
from datetime import date


def months_later(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or the month's last day if it has none.

    31 August and six months are 28 February, 29 in a leap year.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
