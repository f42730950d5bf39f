"""What a resident is found by in free texts, and how it is replaced there. Pure.

Chinese knows no spaces between words: a nickname of three characters or more, also one with a mark
or a picture, is found anywhere; one of two needs an end of a word on one side at least, or words
around it that stand beside names (和王二一起); one that is a word of everyday (goods, a supplier, a
single character) needs an end on both. A name of figures or pictures only is one after ``@``.
Where a neighbour's longer name holds this one, nothing is touched.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lib.kernel.text import folded

_PLAIN_OF = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "}
_WIDE = str.maketrans(_PLAIN_OF)
"""Full-width letters to plain ones, one for one: places in the text stay what they are."""
_TO_WIDE = str.maketrans({plain: wide for wide, plain in _PLAIN_OF.items()})
_DASH = r"\s*[-－–—−~～/.．]\s*"
_HOUSE = rf"(?:\s*(?:号楼|栋|幢|座|号|楼|#)\s*|{_DASH})"
_STAIR = rf"(?:\s*(?:单元|门)\s*|{_DASH})"
_FLOOR = r"(?:\d{1,2}\s*[楼层]\s*)?"
_AT = r"(?<=[@＠])"
_BEFORE = "(?<=[和跟给帮替与同叫找让问向对请是到从把被由听代送交还欠等陪])"
_AFTER = "(?=[说的家拿取要和跟与一也在来去已没先付退欠订改不吗呢吧是让给到就请问讲帮还带领订买送])"


@dataclass(frozen=True)
class Needles:
    """What to look for: ``names`` as typed, ``phones`` of eleven digits, ``homes`` of a building,
    entrance and room. ``everyday`` are those of the names that are words, too; ``others`` are
    longer names of other residents. ``called`` stands in their place.
    """

    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    homes: tuple[tuple[str, str, str], ...] = ()
    everyday: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()
    called: str = "—"
    nothing: str = field(default="—")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.names or self.phones or self.homes)

    @property
    def roughly(self) -> tuple[str, ...]:
        """Pieces of text of which a text that names them holds one at least.

        Each as it was typed, half-width and full-width, and in both cases: SQLite knows the case
        of plain Latin letters only.
        """
        pieces = {*self.names, *(phone[-4:] for phone in self.phones)}
        pieces.update(room for _building, _unit, room in self.homes)
        pieces.update([piece.translate(_WIDE) for piece in pieces])
        pieces.update([way for piece in pieces for way in (piece.lower(), piece.upper())])
        pieces.update([piece.translate(_TO_WIDE) for piece in pieces])
        return tuple(sorted(pieces))

    def replaced(self, text: str) -> str:
        """Return ``text`` without them."""
        if not text:
            return text
        flat = text.translate(_WIDE)
        spared = [match.span() for match in self._spared.finditer(flat)] if self.others else []
        found: list[tuple[int, int, str]] = []
        for pattern, instead in self._patterns:
            for match in pattern.finditer(flat):
                first, last = match.span()
                if not any(a <= first and last <= b for a, b in spared):
                    found.append((first, last, instead))
        return _put_in(text, found)

    def names_them(self, text: str) -> bool:
        """Whether ``text`` says who it is."""
        return self.replaced(text) != text

    def replaced_in(self, value: Any) -> Any:
        """Return a JSON ``value`` with every text in it replaced."""
        if isinstance(value, str):
            return self.replaced(value)
        if isinstance(value, Mapping):
            return {name: self.replaced_in(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.replaced_in(item) for item in value]
        return value

    @cached_property
    def _spared(self) -> re.Pattern[str]:
        flat = (re.escape(name.translate(_WIDE)) for name in self.others)
        return re.compile("|".join(sorted(flat, key=len, reverse=True)), re.IGNORECASE)

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        longest_first = sorted(set(self.names), key=len, reverse=True)
        found = [(_name(name, name in self.everyday), self.called) for name in longest_first]
        found += [(_phone(phone), self.nothing) for phone in self.phones]
        found += [(_home(*home), self.nothing) for home in self.homes]
        return found


def _put_in(text: str, found: Iterable[tuple[int, int, str]]) -> str:
    """Put what stands instead into ``text``; of places that overlap the first and longest wins."""
    parts, end = [], 0
    for first, last, instead in sorted(found, key=lambda place: (place[0], -place[1])):
        if first >= end:
            parts += [text[end:first], instead]
            end = last
    return "".join([*parts, text[end:]])


def _name(name: str, everyday: bool) -> re.Pattern[str]:
    flat = re.escape(name.translate(_WIDE))
    plain = folded(name)
    if not any(sign.isalpha() for sign in plain):
        way = f"{_AT}{flat}"
    elif everyday or len(name) < 2:
        way = rf"{_AT}{flat}|(?<!\w){flat}(?!\w)"
    elif plain.isascii() or len(name) > 2:
        way = rf"{_edge(name, first=True)}{flat}{_edge(name, first=False)}|{_AT}{flat}"
    else:
        way = rf"(?<!\w){flat}|{flat}(?!\w)|{_BEFORE}{flat}{_AFTER}|{_AT}{flat}"
    return re.compile(way, re.IGNORECASE)


def _edge(name: str, *, first: bool) -> str:
    """An end of a name in Latin letters or figures ends there in a text, too: Ann is not Anna."""
    sign = (name if first else name[::-1]).translate(_WIDE)[0]
    if not (sign.isascii() and sign.isalnum()):
        return ""
    return r"(?<![A-Za-z0-9])" if first else r"(?![A-Za-z0-9])"


def _phone(phone: str) -> re.Pattern[str]:
    groups = r"[ .-]?".join((phone[:3], phone[3:7], phone[7:]))
    masked = rf"{phone[:3]}\*{{4}}{phone[7:]}"
    return re.compile(rf"(?<!\d)(?:(?:\+|00)?86[ -]?)?(?:{groups}|{masked})(?!\d)")


def _home(building: str, unit: str, room: str) -> re.Pattern[str]:
    entrance = rf"(?:{re.escape(unit) if unit else '[0-9]{1,2}'}{_STAIR})?"
    way = rf"{re.escape(building)}{_HOUSE}{entrance}{_FLOOR}{re.escape(room)}(?:\s*[室号房])?"
    return re.compile(rf"(?<![A-Za-z0-9]){way}(?![A-Za-z0-9])", re.IGNORECASE)
