"""Pickup slot of a time phrase (contract R14): a word, or a clock time inside a slot.

A time outside every slot is no slot; a time that fits two readings is read literally and marked.
"""

import re
from datetime import time

from lib.trade.orders.chain.model import Slot
from lib.trade.orders.chain.numbers import numeral

_PARTS = (
    ("morning", re.compile(r"凌晨|清早|早")),
    ("noon", re.compile(r"中午|午间|正午")),
    ("evening", re.compile(r"晚")),
)
_NO_SLOT = re.compile(r"凌晨|上午|下午|傍晚|夜里")


def slot_of_word(word: str, slots: tuple[Slot, ...]) -> str | None:
    """Slot a part of the day names, None for 上午, 下午, 傍晚."""
    if _NO_SLOT.search(word):
        return None
    for name, pattern in _PARTS:
        if pattern.search(word):
            return name if any(slot.name == name for slot in slots) else None
    return None


def slot_of_clock(match: re.Match[str], slots: tuple[Slot, ...]) -> tuple[str | None, bool]:
    """Slot of a clock match of the lexicon, and whether that reading asks for a look."""
    first = _reading(match, slots)
    until = match.group("until") or match.group("until0")
    if until:
        hour = int(until) if until.isdigit() else numeral(until) or 0
        minute = _minutes(match.group("until_minute"), match.group("until_spoken"))
        last = _choose(_readings(match.group("part"), hour, minute), slots)
        if first[0] != last[0]:
            return None, True
        return first[0], first[1] or last[1]
    return first


def _minutes(digits: str | None, spoken: str | None) -> int:
    if digits:
        return int(digits)
    named = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, None: 0, "": 0}
    if spoken in named:
        return named[spoken]
    return min(59, int((spoken or "0").rstrip("分") or 0))


def _reading(match: re.Match[str], slots: tuple[Slot, ...]) -> tuple[str | None, bool]:
    written = match.group("hour")
    hour = int(written) if written.isdigit() else numeral(written) or 0
    minute = _minutes(match.group("minute") or match.group("dotted"), match.group("spoken"))
    slot, unsure = _choose(_readings(match.group("part"), hour, minute), slots)
    may_be_a_date = bool(match.group("dotted")) and not match.group("part")
    return slot, unsure or may_be_a_date


def _readings(part: str | None, hour: int, minute: int) -> list[time]:
    """The times a clock phrase can mean, the literal one first."""
    if part and re.search("下午|傍晚|晚|夜", part) and hour <= 12:
        hours = [(hour + 12) % 24] if hour < 12 else ([0] if "晚" in part or "夜" in part else [12])
    elif part and "中午" in part and hour < 6:
        hours = [hour + 12]
    elif part or hour > 12 or hour == 0:
        hours = [hour]
    else:
        hours = [hour, hour + 12]
    return [time(h, minute) for h in hours if h < 24]


def _choose(readings: list[time], slots: tuple[Slot, ...]) -> tuple[str | None, bool]:
    fitting = [(at, slot) for at in readings for slot in slots if slot.start <= at <= slot.end]
    if not fitting:
        return None, False
    at, slot = fitting[0]
    return slot.name, len(fitting) > 1 or at != readings[0] or at == slot.end
