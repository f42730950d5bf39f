"""The number an entry starts with (contract R3): 1. １． 1、 1） 1️⃣ ① 一、

9.9元, 5.30左右 and 18:00 are no entries: after a half-width dot or colon a digit is accepted
only when an address follows (1.295-909).
"""

import re
import unicodedata
from dataclasses import dataclass

from lib.trade.orders.chain.address import leading_address
from lib.trade.orders.chain.glyphs import Folded
from lib.trade.orders.chain.numbers import numeral

_KEYCAP = re.compile(r"((?:[0-9]\u20e3){1,3})[ ]?[.、):]?")
_ARABIC = re.compile(r"([0-9]{1,4})[ ]?([.、):])")
_BRACKETED = re.compile(r"\(([0-9]{1,3})\)")
_CHINESE = re.compile(r"([一二三四五六七八九十百廿]{1,4})[ ]?[.、):]")
_CLOCK_MINUTE = re.compile(r"[0-5][0-9](?![0-9])")
_SIGNS = (("\u2460", "\u249b"), ("\u24eb", "\u24fe"), ("\u2776", "\u2793"), ("\u3220", "\u3229"),
          ("\u3251", "\u325f"), ("\u3280", "\u3289"), ("\u32b1", "\u32bf"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """An entry number in the folded text; `end` is where the content begins."""

    no: int
    start: int
    end: int


def number_at(folded: Folded, place: int) -> Number | None:
    """Read the entry number at `place`, None when the characters there are something else."""
    text = folded.lower
    if keycap := _KEYCAP.match(text, place):
        digits = "".join(c for c in keycap[1] if c.isdigit())
        return Number(int(digits), place, keycap.end())
    if text.startswith("\U0001f51f", place):
        return Number(10, place, place + 1)
    letter = text[place : place + 1]
    if any(first <= letter <= last for first, last in _SIGNS):
        end = place + 2 if text[place + 1 : place + 2] in (".", "、", ")", ":") else place + 1
        return Number(int(unicodedata.numeric(letter)), place, end)
    if bracketed := _BRACKETED.match(text, place):
        return Number(int(bracketed[1]), place, bracketed.end())
    if arabic := _ARABIC.match(text, place):
        return _checked(folded, arabic)
    if chinese := _CHINESE.match(text, place):
        value = numeral(chinese[1])
        return Number(value, place, chinese.end()) if value else None
    return None


def _checked(folded: Folded, match: re.Match[str]) -> Number | None:
    text, end = folded.lower, match.end()
    number = Number(int(match[1]), match.start(), end)
    following = text[end : end + 1]
    if not (following.isascii() and following.isdigit()) or match[2] in "、)":
        return number
    written = folded.was(end - 1)
    if written == "．" or (written == "：" and not _CLOCK_MINUTE.match(text, end)):
        return number
    address = leading_address(text, end)
    if not address or address.unsure:
        return None
    after = text[address.end : address.end + 1]
    return number if address.address.room or after == " " else None
