"""Amounts, days and moments as every light page says them."""

from datetime import date, datetime, timedelta

from babel.dates import format_date

from lib.kernel.clock import local
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.language import Translate, locale


def money(amount: Money) -> str:
    """Return ``¥5.80``, with a minus sign before the ¥."""
    return f"{'-' if amount.fen < 0 else ''}¥{abs(amount.yuan):,.2f}"


def said_day(value: date, language: str) -> str:
    """Return a day in full: a page that is kept for a while cannot say "today"."""
    pattern = "y年M月d日 EEE" if language == "zh_CN" else "EEE d MMM y"
    return str(format_date(value, pattern, locale=locale(language)))


def short_day(value: date, language: str) -> str:
    """Return a day of this year or so without the year: ``9月22日``."""
    pattern = "M月d日" if language == "zh_CN" else "d MMM"
    return str(format_date(value, pattern, locale=locale(language)))


def said_month(value: date, language: str) -> str:
    """Return the month of a day: ``2026年9月``."""
    pattern = "y年M月" if language == "zh_CN" else "MMMM y"
    return str(format_date(value, pattern, locale=locale(language)))


def said_moment(value: datetime, zone: str, language: str) -> str:
    """Return a moment on the shop's clock: day, hour and minute."""
    here = local(value, zone)
    return f"{said_day(here.date(), language)} {here:%H:%M}"


def said_span(length: timedelta, say: Translate) -> str:
    """Return a length of time in its two largest units, rounded down: ``2 h 05 min``."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return say(N_("{days} d {hours} h")).format(days=days, hours=hours)
    if hours:
        return say(N_("{hours} h {minutes} min")).format(hours=hours, minutes=f"{minutes % 60:02}")
    return say(N_("{minutes} min")).format(minutes=minutes)
