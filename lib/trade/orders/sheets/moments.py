"""Dates and times of an export, in every spelling met; always the shop's local time."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from lib.trade.orders.sheets.tables import Cell, Fault
from lib.trade.orders.sheets.values import folded, is_blank

_CHINA = timezone(timedelta(hours=8))
_LONGEST = 80
_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial has no time zone
_DATE = (
    r"(?:(?P<year>(?:19|20)\d\d|\d\d(?=年))\s*[-/.年]\s*)?"
    r"(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
)
_CLOCK = (
    r"(?P<half>上午|早上|早|中午|下午|晚上|晚|AM|PM)?\s*(?P<hour>\d{1,2})\s*(?:[:时点])"
    r"\s*(?P<minute>\d{1,2}|半)?\s*分?(?:\s*:?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?"
    r"\s*(?P<after>AM|PM)?"
)
_MOMENT = re.compile(
    rf"{_DATE}\s*(?:[（(]?(?:周|星期)[一二三四五六日天][)）]?)?[\sT,]*(?:{_CLOCK})?", re.IGNORECASE
)
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)(?:\s*(\d\d):?(\d\d):?(\d\d)?)?")
_SPAN = re.compile(r"\s*(?:-{1,2}|—{1,2}|–|~|～|至|到)\s*")


def moment(cell: Cell, year: int | None = None) -> datetime | None:
    """Return the moment a cell names, ``None`` where it says nothing.

    Date cells, ISO and Chinese spellings, ``20250920``, Excel serials as number or text. ``year``
    completes dates written without one. Raises ``ValueError`` for anything else, also for dates
    that can be read in two ways (``1/2/03``).
    """
    if is_blank(cell):
        return None
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, Fault | bool | time):
        raise ValueError(f"not a date: {cell!r}")
    if isinstance(cell, int | float):
        return _serial(float(cell))
    return _written(folded(cell), year)


def _serial(number: float) -> datetime:
    """Excel counts days from 1900; 20 000 to 80 000 is the years 1954 to 2119."""
    if not 20_000 <= number < 80_000:
        raise ValueError(f"not a date: {number}")
    return _EXCEL_DAY_ZERO + timedelta(seconds=round(number * 86_400))


def _written(text: str, year: int | None) -> datetime:
    text = text.strip()
    if len(text) > _LONGEST:
        raise ValueError(f"not a date: {text[:40]!r}")
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _serial(float(text))
    if match := _COMPACT.fullmatch(text):
        parts = [int(part or 0) for part in match.groups()]
        return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)", text):
        return datetime.fromisoformat(text).astimezone(_CHINA).replace(tzinfo=None)
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(f"not a date: {text!r}")
    said = int(match["year"]) if match["year"] else year
    if said is None:
        raise ValueError(f"a date without a year: {text!r}")
    day = date(said + 2000 if said < 100 else said, int(match["month"]), int(match["day"]))
    return datetime.combine(day, _clock(match))


def _clock(match: re.Match[str]) -> time:
    if match["hour"] is None:
        return time()
    hour = int(match["hour"])
    half = (match["half"] or match["after"] or "").upper()
    if half in ("下午", "晚上", "晚", "PM") and hour < 12:
        hour += 12
    elif half in ("AM", "上午", "早上", "早") and hour == 12:
        hour = 0
    minute = 30 if match["minute"] == "半" else int(match["minute"] or 0)
    return time(hour % 24 if hour == 24 else hour, minute, int(match["second"] or 0))


@dataclass(frozen=True, slots=True)
class PickupTime:
    """When an order is to be collected: the words of the file, and the moments if they name any."""

    text: str = ""
    starts: datetime | None = None
    ends: datetime | None = None


def pickup_time(cell: Cell, year: int | None = None) -> PickupTime:
    """Read a pickup cell: ``2026-06-20 11:00 - 2026-06-20 12:00``, ``9月20日 18:00-21:00``.

    Never fails: words without a date (``晚上``) stay words.
    """
    if is_blank(cell):
        return PickupTime()
    text = folded(cell)
    if len(text) > _LONGEST:
        return PickupTime(text)
    try:
        whole = moment(cell, year)
        return PickupTime(str(whole) if not isinstance(cell, str) else text, whole, None)
    except ValueError:
        pass
    for separator in _SPAN.finditer(text):
        first, last = text[: separator.start()], text[separator.end() :]
        try:
            starts = _written(first, year)
            ends = _end(last, starts, year)
        except ValueError:
            continue
        if starts <= ends <= starts + timedelta(days=31):
            return PickupTime(text, starts, ends)
    return PickupTime(text)


def _end(text: str, starts: datetime, year: int | None) -> datetime:
    try:
        return _written(text, year or starts.year)
    except ValueError:
        match = re.fullmatch(_CLOCK, text.strip(), re.IGNORECASE)
        if not match:
            raise
        return datetime.combine(starts.date(), _clock(match))
