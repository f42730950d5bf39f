"""Cells out of .csv and .txt files of any encoding met in Chinese shops (reliability A19)."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from lib.trade.orders.sheets.errors import Unreadable
from lib.trade.orders.sheets.limits import Limits

DELIMITERS = (",", "\t", ";", "|", "，")

_HEAD_CHARS = 1 << 17
_EXCEL_COLUMNS = 16_384

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file with the encoding found and how many characters had to be replaced."""

    text: str
    encoding: str
    replaced: int = 0


def decode(data: bytes) -> Decoded:
    """Return the text in ``data``. Raises :class:`Unreadable` when it is no text.

    A byte order mark decides; then UTF-16 by its zero bytes; then UTF-8; then GB18030, which
    includes GBK. A text that is UTF-8 but for a few broken characters stays UTF-8: read as
    GB18030 it would turn into other, plausible names.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with_few_losses(data, encoding)
    if wide := _wide_encoding(data):
        return _with_few_losses(data, wide)
    try:
        return _checked(Decoded(data.decode("utf-8"), "utf-8"))
    except UnicodeDecodeError:
        pass
    as_utf8 = data.decode("utf-8", "replace")
    broken = as_utf8.count("\ufffd")
    if broken * 10 <= sum(character > "\x7f" for character in as_utf8):
        return _checked(Decoded(as_utf8, "utf-8", broken))
    return _with_few_losses(data, "gb18030")


def _with_few_losses(data: bytes, encoding: str) -> Decoded:
    try:
        return _checked(Decoded(data.decode(encoding), encoding))
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if lost * 50 > max(50, sum(character > "\x7f" for character in text)):
        raise Unreadable("encoding")
    return _checked(Decoded(text, encoding, lost))


def _wide_encoding(data: bytes) -> str | None:
    """Return the UTF-16 byte order of ``data`` without a mark, judged by its line ends.

    Which half of the pair is zero decides: `\\r\\n` has a zero on both sides of its ``\\n``.
    """
    sample = data[: 1 << 14]
    if sample.count(0) * 20 < len(sample) or len(data) % 2:
        return None
    first, second = sample[0::2], sample[1::2]
    pairs = list(zip(first, second, strict=False))
    little, big = pairs.count((0x0A, 0)), pairs.count((0, 0x0A))
    if little == big == 0:
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def _checked(decoded: Decoded) -> Decoded:
    """Refuse bytes that decode but are no writing (pictures, programs)."""
    sample = decoded.text[: 1 << 16]
    controls = sum(character < " " and character not in "\t\r\n\x0b\x0c" for character in sample)
    private = sum("\ue000" <= character <= "\uf8ff" for character in sample)
    if (controls + private) * 50 > len(sample) + 100:
        raise Unreadable("not_a_workbook")
    return decoded


_PADDING = re.compile(r"(?<=[,;])\t+|\t+(?=[,;])")
"""Tabs beside another delimiter: 有赞 begins cells with one, so that Excel keeps them as text."""


def delimiter_of(text: str) -> str:
    """Return the character between columns: the one that makes the most and evenest columns."""
    head = "".join(text[:_HEAD_CHARS].splitlines(keepends=True)[:200])
    if head[:4].lower() == "sep=" and len(head) > 4:
        return head[4]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        if delimiter not in head:
            continue
        seen = _PADDING.sub("", head) if delimiter == "\t" else head
        rows = csv.reader(io.StringIO(seen, newline=""), delimiter=delimiter)
        widths = Counter(_widths(rows))
        width, times = max(widths.items(), key=lambda item: item[0] * item[1], default=(1, 1))
        score = width * times / max(1, widths.total())
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(rows: Iterator[list[str]]) -> Iterator[int]:
    try:
        for row in rows:
            # A row of nothing but other delimiters says nothing about this one.
            if any(sign.isalnum() for cell in row for sign in cell):
                yield len(row)
    except csv.Error:
        return


def parsed(stream: TextIO, delimiter: str, limits: Limits) -> Iterator[list[str]]:
    """Yield the rows of a delimited text as they stand; raises ``csv.Error`` for endless cells.

    The longest cell is a setting of the whole process in Python: it is put back afterwards.
    """
    before = csv.field_size_limit(limits.cell_chars * 4)
    try:
        yield from csv.reader(stream, delimiter=delimiter)
    finally:
        csv.field_size_limit(before)


def rows_of(text: str, limits: Limits) -> Iterator[tuple[int, list[str | None]]]:
    """Yield (number from 0, cells) of every row of a delimited text; empty cells are ``None``.

    Raises :class:`Unreadable` for a quotation mark that is never closed, and beyond the limits.
    """
    delimiter = delimiter_of(text)
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    _refuse_open_quote(text, delimiter)
    filled, number = 0, -1
    try:
        for number, row in enumerate(parsed(io.StringIO(text, newline=""), delimiter, limits)):
            if len(row) > _EXCEL_COLUMNS:
                raise Unreadable("too_many_columns", sheet="1", limit=limits.columns)
            cells = [cell if cell.strip() else None for cell in row]
            while cells and cells[-1] is None:
                cells.pop()
            filled += sum(cell is not None for cell in cells)
            _check_row(number, cells, filled, limits)
            if cells:
                yield number, cells
    except csv.Error as error:
        raise Unreadable("cell_too_long", row=number + 2, column=1) from error


def _check_row(number: int, cells: list[str | None], filled: int, limits: Limits) -> None:
    if number >= limits.rows:
        raise Unreadable("too_many_rows", sheet="1", limit=limits.rows)
    if len(cells) > limits.columns:
        raise Unreadable("too_many_columns", sheet="1", limit=limits.columns)
    if filled > limits.cells:
        raise Unreadable("too_many_cells", limit=limits.cells)
    for column, cell in enumerate(cells):
        if cell is not None and len(cell) > limits.cell_chars:
            raise Unreadable("cell_too_long", row=number + 1, column=column + 1)


def _refuse_open_quote(text: str, delimiter: str) -> None:
    """Refuse a quoted cell that swallows the rows below it.

    Such a cell runs over line ends and either reaches the end of the file or leaves its row with
    another number of columns than the table has; an honest cell of several lines does neither.
    """
    if '"' not in text:
        return
    rows: list[tuple[int, int, int]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    lenient = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for _ in reader:
            pass
        open_at_end = False
    except csv.Error as error:
        open_at_end = "unexpected end" in str(error)
    try:
        for number, row in enumerate(lenient, 1):
            long = next((i for i, cell in enumerate(row, 1) if "\n" in cell or "\r" in cell), 0)
            rows.append((number, len(row), long))
    except csv.Error as error:
        raise Unreadable("unclosed_quote", row=number + 1, column=1) from error
    if not rows:
        return
    usual = Counter(width for _, width, _ in rows).most_common(1)[0][0]
    if open_at_end:
        raise Unreadable("unclosed_quote", row=rows[-1][0], column=max(1, rows[-1][1]))
    for number, width, long in rows:
        if long and width > usual:
            raise Unreadable("unclosed_quote", row=number, column=long)
