"""Tables as files that open right in Excel in China (E12).

No cell becomes a live formula, CSV begins with a byte-order mark and ends lines with CRLF, control
characters that Excel refuses are gone, and numbers stay numbers (reliability R17, D3, D4). In the
.xlsx file money shows two decimals and long numbers like phones and order numbers stay text.
"""

import io
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from lib.kernel.money import Money

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_000
_MONEY = "money_columns"
_MONEY_FORMAT = "#,##0.00"
_WIDEST_COLUMN_PIXELS = 420


def readable(
    frame: pd.DataFrame,
    money_columns: Sequence[str],
    moment_columns: Sequence[str],
    time_zone: str,
) -> pd.DataFrame:
    """Return ``frame`` with fen as yuan and UTC moments as the shop's wall time."""
    ready = frame.copy()
    for column in money_columns:
        ready[column] = pd.to_numeric(ready[column]) / 100
    for column in moment_columns:
        stamps = pd.to_datetime(ready[column], utc=True)
        ready[column] = stamps.dt.tz_convert(time_zone).dt.tz_localize(None)
    ready.attrs[_MONEY] = list(money_columns)
    return ready


def harmless(value: Any) -> Any:
    """Return ``value`` so that no spreadsheet runs it: text that looks live gets a leading ``'``.

    Money becomes yuan; moments lose their zone, which Excel does not know; numbers stay numbers,
    and what is no number at all (not a number, infinite) becomes empty.
    """
    if isinstance(value, Money):
        return float(value.yuan)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.replace(tzinfo=None)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list | tuple | set | frozenset):
        return harmless("、".join(str(item) for item in value))
    if not isinstance(value, str):
        return value
    text = _ILLEGAL.sub("", value)[:_LONGEST_CELL]
    return f"'{text}" if text.lstrip(" \u3000").startswith(_LIVE) else text


def to_excel(frame: pd.DataFrame) -> bytes:
    """Return ``frame`` as an .xlsx file with a frozen, readable header."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    safe = _safe(frame)
    with pd.ExcelWriter(
        target,
        engine="xlsxwriter",
        datetime_format="yyyy-mm-dd hh:mm",
        date_format="yyyy-mm-dd",
        engine_kwargs={"options": options},
    ) as writer:
        safe.to_excel(writer, index=False, sheet_name="Linli", freeze_panes=(1, 0))
        sheet = writer.sheets["Linli"]
        two_decimals = writer.book.add_format({"num_format": _MONEY_FORMAT})
        for column in frame.attrs.get(_MONEY, ()):
            if column in frame.columns:
                place = list(frame.columns).index(column)
                sheet.set_column(place, place, None, two_decimals)
        sheet.autofit(_WIDEST_COLUMN_PIXELS)
    return target.getvalue()


def rows_to_excel(
    rows: Sequence[Mapping[str, Any]],
    money_columns: Sequence[str],
    moment_columns: Sequence[str],
    time_zone: str,
) -> bytes:
    """Return ``rows`` of a table as an .xlsx file; see :func:`readable` and :func:`to_excel`."""
    frame = pd.DataFrame(rows)
    known = set(frame.columns)
    money = [column for column in money_columns if column in known]
    moments = [column for column in moment_columns if column in known]
    return to_excel(readable(frame, money, moments, time_zone))


def to_csv(frame: pd.DataFrame) -> bytes:
    """Return ``frame`` as CSV: UTF-8 with a byte-order mark, CRLF, money with two decimals."""
    safe = _safe(frame)
    for column in frame.attrs.get(_MONEY, ()):
        if column in safe.columns:
            safe[column] = [_two_decimals(value) for value in safe[column]]
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _two_decimals(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, int | float) and not pd.isna(value) else value


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    safe = frame.map(harmless)
    safe.columns = [harmless(str(column)) for column in frame.columns]
    return safe
