"""When something was said, from what WeChat writes beside a name or between messages. Pure."""

import re
from datetime import date, datetime, time, timedelta

from lib.kernel.clock import at_local, local

DAY = (
    r"(?:(?:(?P<year>20\d\d)[-/.年]\s?(?P<month>\d{1,2})[-/.月]\s?(?P<day>\d{1,2})日?"
    r"|(?P<month2>\d{1,2})(?:[-/]|月)(?P<day2>\d{1,2})日?)"
    r"(?:\s*[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?)?"
    r"|(?P<spoken>今天|昨天|前天|(?:星期|周|礼拜)[一二三四五六日天]))"
)
CLOCK = (
    r"(?:(?P<half>凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|[AaPp][Mm])\s?)?"
    r"(?P<hour>\d{1,2})[:：](?P<minute>\d\d)(?:[:：](?P<second>\d\d))?(?:\s?(?P<half2>[AaPp][Mm]))?"
)
WHEN = rf"(?:{DAY}\s*)?{CLOCK}"
_AFTERNOON = ("下午", "傍晚", "晚上", "pm")
_WEEK = "一二三四五六日天"
_TOLERANCE = timedelta(minutes=10)


def day_of(found: re.Match[str], today: date) -> date | None:
    """Return the day that ``found`` (of :data:`DAY`) names, None for none or an impossible one.

    A day without a year is the last one that is not in the future.
    """
    parts = found.groupdict()
    if parts.get("spoken"):
        return _spoken(parts["spoken"], today)
    try:
        if parts.get("year"):
            return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        if parts.get("month2"):
            return _latest(int(parts["month2"]), int(parts["day2"]), today)
    except ValueError:
        return None
    return None


def names_day(found: re.Match[str]) -> bool:
    """Whether ``found`` says anything about the day."""
    parts = found.groupdict()
    return any(parts.get(name) for name in ("year", "month2", "spoken"))


def written(found: re.Match[str]) -> str:
    """Return day and time of ``found`` as they were written, in one spelling of spaces."""
    parts = found.groupdict()
    names = ("year", "month", "day", "month2", "day2", "spoken", "half", "hour", "minute", "second")
    return " ".join(parts[name] for name in names if parts.get(name))


def wall_time(found: re.Match[str]) -> time | None:
    """Return the time of day of ``found`` (of :data:`CLOCK`); None for none or a wrong one."""
    parts = found.groupdict()
    if not parts.get("hour"):
        return None
    hour, half = int(parts["hour"]), (parts.get("half") or parts.get("half2") or "").lower()
    if (half in _AFTERNOON and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    elif half in ("凌晨", "am") and hour == 12:
        hour = 0
    try:
        return time(hour, int(parts["minute"]), int(parts.get("second") or 0))
    except ValueError:
        return None


def moment(
    found: re.Match[str], running: date | None, now: datetime, time_zone: str
) -> datetime | None:
    """Return when ``found`` says something was; None when that cannot be, or is in the future.

    Without a day it is ``running``, the day of the separator above; without that the last time
    the clock showed it.
    """
    wall = wall_time(found)
    here = local(now, time_zone)
    day = day_of(found, here.date()) if names_day(found) else running
    if wall is None or (day is None and names_day(found)):
        return None
    if day is None:
        day = here.date() if wall <= here.time() else here.date() - timedelta(days=1)
    said = at_local(day, wall, time_zone)
    return said if said <= now + _TOLERANCE else None


def is_possible(found: re.Match[str]) -> bool:
    """Whether the figures of ``found`` can be a day and a time at all."""
    if names_day(found) and day_of(found, date(2024, 12, 31)) is None:
        return False
    return wall_time(found) is not None


def _spoken(word: str, today: date) -> date:
    back = {"今天": 0, "昨天": 1, "前天": 2}.get(word)
    if back is None:
        wanted = min(_WEEK.index(word[-1]), 6)
        back = (today.weekday() - wanted) % 7 or 7
    return today - timedelta(days=back)


def _latest(month: int, day: int, today: date) -> date | None:
    for year in range(today.year, today.year - 5, -1):  # 29 February is at most four years back
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
