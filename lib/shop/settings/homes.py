"""The setting that names the buildings of the community (R23). Pure.

One line each: buildings (``1-20``, ``3,5,7-9``, ``A-D``), buildings of an area (``8弄 1-16``,
``东区 3、5``), or a whole area (``8弄``).
"""

import re
import unicodedata
from dataclasses import dataclass

from lib.kernel.errors import Refused
from lib.kernel.words import N_

MOST_BUILDINGS = 1000
_AREA = re.compile(r"(.+(?:小区|[区弄期]|苑|园|村|里))(.*)")
_SUFFIX = re.compile(r"(?:号楼|[栋幢座楼号#])$")
_NUMBER = re.compile(r"\d{1,4}")
_LETTER = re.compile(r"[A-Z]")
_NAME = re.compile(r"\d{1,4}[A-Z]?|[A-Z]\d{0,3}")
_TO = re.compile(r"[-~至到]")
_DASHES = str.maketrans(dict.fromkeys("—–－～", "-"))


@dataclass(frozen=True)
class Buildings:
    """One line: ``buildings`` of ``area``; None is every area, an empty set every building."""

    area: str | None
    buildings: frozenset[str]

    def has(self, building: str) -> bool:
        """Whether ``building`` is one of them."""
        return not self.buildings or building in self.buildings


def read_homes(text: str) -> tuple[Buildings, ...]:
    """Return the lines of the setting; raises ``Refused`` that names the first wrong line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = unicodedata.normalize("NFKC", line).upper().translate(_DASHES).strip()
        if plain:
            found.append(_read_line(plain, number, line.strip()))
    return tuple(found)


def _read_line(plain: str, number: int, typed: str) -> Buildings:
    area, rest = _area_of(plain)
    buildings: set[str] = set()
    for part in re.split(r"[,、;\s]+", re.sub(r"\s*([-~至到])\s*", r"\1", rest)):
        if part:
            buildings |= _part(part, number, typed)
    if area is None and not buildings:
        raise _not_understood(number, typed)
    return Buildings(area, frozenset(buildings))


def _area_of(plain: str) -> tuple[str | None, str]:
    named = _AREA.fullmatch(plain)
    if named:
        return named[1].strip(), named[2]
    first, _, rest = plain.partition(" ")
    if rest and not any(sign.isdigit() or sign.isascii() for sign in first):
        return first, rest
    return None, plain


def _part(part: str, number: int, typed: str) -> set[str]:
    ends = [_SUFFIX.sub("", end) for end in _TO.split(part)]
    if len(ends) == 1 and _NAME.fullmatch(ends[0]):
        return {_bare(ends[0])}
    if len(ends) == 2 and all(map(_NUMBER.fullmatch, ends)):
        first, last = map(int, ends)
        if first <= last and last - first < MOST_BUILDINGS:
            return {str(one) for one in range(first, last + 1)}
    if len(ends) == 2 and all(map(_LETTER.fullmatch, ends)) and ends[0] <= ends[1]:
        return {chr(one) for one in range(ord(ends[0]), ord(ends[1]) + 1)}
    raise _not_understood(number, typed)


def _bare(name: str) -> str:
    return name.lstrip("0") or name


def _not_understood(number: int, typed: str) -> Refused:
    return Refused(
        N_("Line {number}, “{text}”, is not understood. Write it like 1-20 or 8弄 1-16."),
        number=number,
        text=typed[:40],
    )
