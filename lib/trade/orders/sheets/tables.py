"""What a file contains once it is opened: sheets of plain cells, nothing understood yet."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, cast


class Fault(str):
    """A cell that holds no value: an error such as ``#REF!`` or a formula never calculated.

    It is text, so that it is shown as it stands, but it is never read as a number.
    """

    __slots__ = ()


UNCALCULATED = "=?"
"""The text of a :class:`Fault` for a formula whose result is not stored in the file."""

Cell = str | int | float | bool | datetime | date | time | None
"""One cell. Empty is ``None``; date cells have no time zone, they are the shop's local time."""

Row = tuple[Cell, ...]

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, counted from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows[0]`` is row 1 of the sheet; rows may differ in length."""

    name: str
    rows: tuple[Row, ...]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at ``row``, ``column`` (from 0), ``None`` outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as read: its ``kind`` (xlsx, xls, csv, html), sheets, and notes on the reading.

    ``encoding`` is set for text files; ``replaced`` counts characters that could not be decoded.
    ``fingerprint`` is the SHA-256 of the file's bytes, the same for the same file whatever its
    name.
    """

    kind: str
    sheets: tuple[Sheet, ...]
    fingerprint: str = ""
    encoding: str | None = None
    replaced: int = 0
    notes: tuple[str, ...] = field(default=())


def cell_of(value: Any) -> Cell:
    """Return the cell that travels as ``value``: ``{"d": iso}`` a date, ``{"e": text}`` a fault."""
    if isinstance(value, dict):
        return Fault(value["e"]) if "e" in value else _moment(value["d"])
    return cast("Cell", value)


def _moment(text: str) -> Cell:
    try:
        if "T" in text:
            return datetime.fromisoformat(text)
        return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)
    except ValueError:
        return text
