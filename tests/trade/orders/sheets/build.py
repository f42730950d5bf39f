"""Small files for the tests: what a case shows is what stands in the file."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import xlwt

Rows = Sequence[Sequence[Any]]


def xlsx(
    sheets: dict[str, Rows] | Rows,
    merge: Sequence[str] = (),
    hide: Sequence[str] = (),
    formats: dict[str, str] | None = None,
) -> bytes:
    """Return a workbook; ``merge`` ranges and number ``formats`` apply to its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    named = sheets if isinstance(sheets, dict) else {"Sheet1": sheets}
    for name, rows in named.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hide:
            sheet.sheet_state = "hidden"
    first = book.worksheets[0]
    for area in merge:
        first.merge_cells(area)
    for place, code in (formats or {}).items():
        first[place].number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Rows, name: str = "Sheet1") -> bytes:
    """Return an old binary workbook."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(name)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(rows: Rows, encoding: str = "utf-8", delimiter: str = ",", end: str = "\r\n") -> bytes:
    """Return a delimited text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue().encode(encoding)


def sums(orders: int, gross: str, refunds: str, net: str, **units: int) -> dict[str, object]:
    """Return what ``count_export`` answers."""
    return {
        "orders_counted": orders,
        "gross_counted": gross,
        "refunds_counted": refunds,
        "net_counted": net,
        "units_counted": units,
    }
