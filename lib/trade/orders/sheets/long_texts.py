"""Rows of delimited text too long to be held as text: decoded and split piece by piece.

The same decisions as :mod:`lib.trade.orders.sheets.texts`, in memory that does not grow with the
file. A quotation mark that swallows rows is refused there after a look at all rows; here as soon
as a row with a line break in a cell has more columns than the table, or the file ends in it.
"""

import codecs
import csv
import io
from collections.abc import Iterator

from lib.trade.orders.sheets.errors import Unreadable
from lib.trade.orders.sheets.limits import Limits
from lib.trade.orders.sheets.texts import Decoded, decode, delimiter_of, parsed

_PIECE = 1 << 20
_HEAD = 1 << 18
_HEADINGS = 10
"""Rows within which titles and headings stand; the widest of them is as wide as the table."""


def encoding_of(data: bytes) -> tuple[str, int]:
    """Return the encoding of ``data`` and how many characters of it are broken.

    Raises :class:`Unreadable` when it is no text.
    """
    encoding = decode(_whole_lines(data)).encoding
    broken, beyond_ascii = _losses(data, encoding)
    if encoding == "utf-8" and broken * 10 > beyond_ascii:
        # The head had nothing but digits; further down it is not UTF-8.
        encoding = "gb18030"
        broken, beyond_ascii = _losses(data, encoding)
    if broken * 50 > max(50, beyond_ascii):
        raise Unreadable("encoding")
    return encoding, broken


def _whole_lines(data: bytes) -> bytes:
    """Return the beginning of ``data`` up to a line end, so that no character is cut."""
    if len(data) <= _HEAD:
        return data
    head = data[:_HEAD]
    cut = head.rfind(b"\n")
    wide = b"\x00" in head[:64]
    return head if wide or cut < 0 else head[: cut + 1]


def _losses(data: bytes, encoding: str) -> tuple[int, int]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    broken = beyond_ascii = 0
    for start in range(0, len(data), _PIECE):
        text = decoder.decode(data[start : start + _PIECE], start + _PIECE >= len(data))
        broken += text.count("\ufffd")
        if not text.isascii():
            beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    return broken, beyond_ascii


def head_of(data: bytes, encoding: str) -> Decoded:
    """Return the beginning of ``data`` as text, for looking at its layout."""
    return Decoded(codecs.decode(data[:_HEAD], encoding, "ignore"), encoding)


def rows_of(data: bytes, encoding: str, limits: Limits) -> Iterator[tuple[int, list[str | None]]]:
    """Yield (number from 0, cells) of every row; empty cells are ``None``.

    Raises :class:`Unreadable` for a quotation mark that is never closed, and beyond the limits.
    """
    delimiter = delimiter_of(head_of(data, encoding).text)
    stream = io.TextIOWrapper(io.BytesIO(data), encoding, "replace", newline="")
    if stream.read(4).lower() == "sep=":
        stream.readline()
    else:
        stream.seek(0)
    width, number = 0, -1
    row: list[str] = []
    try:
        for number, row in enumerate(parsed(stream, delimiter, limits)):
            width = max(width, len(row)) if number < _HEADINGS else width
            if number >= limits.rows:
                raise Unreadable("too_many_rows", sheet="1", limit=limits.rows)
            if len(row) > max(width, limits.columns):
                raise Unreadable("too_many_columns", sheet="1", limit=limits.columns)
            if len(row) > width:
                _refuse_swallowed(number, row)
            cells = [cell if cell and not cell.isspace() else None for cell in row]
            while cells and cells[-1] is None:
                cells.pop()
            if cells:
                yield number, cells
    except csv.Error as error:
        raise Unreadable("unclosed_quote", row=number + 2, column=1) from error
    if row and row[-1].endswith(("\n", "\r")):
        raise Unreadable("unclosed_quote", row=number + 1, column=len(row))


def _refuse_swallowed(number: int, row: list[str]) -> None:
    for column, cell in enumerate(row, 1):
        if "\n" in cell or "\r" in cell:
            raise Unreadable("unclosed_quote", row=number + 1, column=column)
