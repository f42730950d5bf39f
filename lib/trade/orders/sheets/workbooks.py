"""Cells out of .xlsx and .xls files, through calamine; run inside the reading process."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import python_calamine

from lib.trade.orders.sheets.archive import SheetNotes, inspect
from lib.trade.orders.sheets.errors import Unreadable
from lib.trade.orders.sheets.limits import Limits
from lib.trade.orders.sheets.tables import Area

Plain = str | int | float | bool | dict[str, str] | None
"""A cell on its way to the parent: dates as ``{"d": iso}``, faults as ``{"e": text}``."""


def decrypted(data: bytes, password: str | None) -> bytes:
    """Return the workbook inside a password-protected one.

    Raises :class:`Unreadable` ``password_needed`` or ``wrong_password``.
    """
    import msoffcrypto  # costs 60 ms and 15 MiB, and most files need none of it
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        if not file.is_encrypted():
            return data
        if not password:
            raise Unreadable("password_needed")
        opened = io.BytesIO()
        file.load_key(password=password)
        file.decrypt(opened)
        return opened.getvalue()
    except InvalidKeyError as error:
        raise Unreadable("wrong_password") from error
    except DecryptionError as error:
        # The library reports a wrong key of old .xls files with the general error.
        raise Unreadable("wrong_password") from error
    except FileFormatError as error:
        raise Unreadable("damaged") from error


def sheets(
    data: bytes, zipped: bool, limits: Limits
) -> Iterator[tuple[dict[str, object], Iterator[tuple[int, list[Plain]]]]]:
    """Yield (description, rows) of every sheet; rows as (number from 0, cells), empty left out.

    Raises :class:`Unreadable`; what calamine itself cannot read is ``damaged``.
    """
    stream = io.BytesIO(data)
    notes = inspect(stream, limits) if zipped else {}
    stream.seek(0)
    try:
        book = python_calamine.load_workbook(stream)
        if len(book.sheet_names) > limits.sheets:
            raise Unreadable("too_many_sheets", limit=limits.sheets)
        for meta in book.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
            yield _sheet(sheet, hidden, notes.get(meta.name, SheetNotes()), limits)
    except python_calamine.PasswordError as error:
        raise Unreadable("password_needed") from error
    except python_calamine.CalamineError as error:
        raise Unreadable("damaged") from error


def _sheet(
    sheet: python_calamine.CalamineSheet, hidden: bool, notes: SheetNotes, limits: Limits
) -> tuple[dict[str, object], Iterator[tuple[int, list[Plain]]]]:
    end = sheet.end or (0, 0)
    if end[0] >= limits.rows:
        raise Unreadable("too_many_rows", sheet=sheet.name, limit=limits.rows)
    if end[1] >= limits.columns or (end[0] + 1) * (end[1] + 1) > limits.area:
        raise Unreadable("too_many_columns", sheet=sheet.name, limit=limits.columns)
    merged = [_area(area) for area in (sheet.merged_cell_ranges or [])[:20_000]]
    description: dict[str, object] = {
        "name": sheet.name,
        "hidden": hidden,
        "merged": merged,
        "hidden_rows": sorted(notes.hidden_rows),
    }
    return description, _rows(sheet, notes)


def _area(area: tuple[tuple[int, int], tuple[int, int]]) -> Area:
    (first_row, first_column), (last_row, last_column) = area
    return first_row, first_column, last_row, last_column


def _rows(
    sheet: python_calamine.CalamineSheet, notes: SheetNotes
) -> Iterator[tuple[int, list[Plain]]]:
    faults, padded = _by_row(notes.faults), _by_row(notes.padded)
    number = -1
    # Row by row: a long sheet as one list would take several times the memory of its file. Rows
    # come from the first one on, but without the empty columns on the left.
    left: list[Plain] = [None] * (sheet.start[1] if sheet.start else 0)
    for number, values in enumerate(() if sheet.end is None else sheet.iter_rows()):
        cells = [*left, *(_plain(value) for value in values)]
        _mend(cells, faults.pop(number, {}), padded.get(number, {}))
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield number, cells
    for beyond, found in sorted(faults.items()):
        cells = []
        _mend(cells, found, {})
        yield beyond, cells


Noted = TypeVar("Noted")


def _by_row(notes: dict[tuple[int, int], Noted]) -> dict[int, dict[int, Noted]]:
    """Return row → column → what was noted there."""
    rows: dict[int, dict[int, Noted]] = {}
    for (row, column), note in notes.items():
        rows.setdefault(row, {})[column] = note
    return rows


def _plain(value: object) -> Plain:
    if value is None or value == "":
        return None
    if isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime | date | time):
        return {"d": value.isoformat()}
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _mend(cells: list[Plain], faults: dict[int, str], padded: dict[int, int]) -> None:
    """Put back what calamine leaves out of ``cells``: errors, unsolved formulas, zeros."""
    for column, text in faults.items():
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = {"e": text}
    for column, digits in padded.items():
        value = cells[column] if column < len(cells) else None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            cells[column] = str(value).zfill(digits)
