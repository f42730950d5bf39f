"""Tables as files that open right in Excel in China (E12).

No cell becomes a live formula, CSV begins with a byte-order mark and ends lines with CRLF, control
characters that Excel refuses are gone, and numbers stay numbers (reliability R17, D3, D4).
"""

import io
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_000


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
    return ready


def harmless(value: Any) -> Any:
    """Return ``value`` so that no spreadsheet runs it: text that looks live gets a leading ``'``."""
    if not isinstance(value, str):
        return value
    text = _ILLEGAL.sub("", value)[:_LONGEST_CELL]
    return f"'{text}" if text.startswith(_LIVE) else text


def to_excel(frame: pd.DataFrame) -> bytes:
    """Return ``frame`` as an .xlsx file with a frozen, readable header."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    safe = _safe(frame)
    with pd.ExcelWriter(target, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        safe.to_excel(writer, index=False, sheet_name="Linli", freeze_panes=(1, 0))
        writer.sheets["Linli"].autofit()
    return target.getvalue()


def to_csv(frame: pd.DataFrame) -> bytes:
    """Return ``frame`` as CSV: UTF-8 with a byte-order mark, CRLF."""
    return _safe(frame).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    safe = frame.map(harmless)
    safe.columns = [harmless(str(column)) for column in frame.columns]
    return safe
