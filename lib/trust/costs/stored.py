"""Stored sheets as they are read: held to their fingerprint, and then known to be whole.

To check a sheet of hundreds of products takes longer than to draw it, and the history of one price
reads many of them. What was checked is remembered by everything that was stored of the sheet: one
sign altered in the database is another key, and is checked anew.
"""

import hashlib
import json
from typing import Any

from lib.kernel.errors import Refused
from lib.kernel.kept import Kept
from lib.trust.costs.rules import (
    ALTERED,
    FIRST_SHAPE,
    Line,
    Sheet,
    check_intact,
    lines_of,
    period_of,
)

_sheets: Kept[bytes, Sheet] = Kept(8)
_whole: Kept[bytes, bool] = Kept(2_000)
_lines: Kept[tuple[bytes, int], Line | None] = Kept(4_000)


def sheet_in(row: Any) -> Sheet:
    """Return the sheet of a row with its stored text as ``raw``.

    Raises ``Refused`` when it was altered after it was published.
    """
    return _sheets.get(_key(row), lambda: _checked(row, _body(row)))


def line_in(row: Any, product_id: int) -> Line | None:
    """Return what a sheet says of a product; None where it does not name it, or was altered."""
    key = _key(row)
    return _lines.get((key, product_id), lambda: _line(row, key, product_id))


def items_of(body: Any) -> list[dict[str, Any]]:
    """Return the lines of a stored body as they lie there; none of one that somebody broke."""
    found = body.get("lines") if isinstance(body, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _key(row: Any) -> bytes:
    about = [value for name, value in row._mapping.items() if name != "raw"]
    return hashlib.sha256(f"{about!r}\n{row.raw}".encode()).digest()


def _body(row: Any) -> Any:
    try:
        return json.loads(row.raw)
    except ValueError as error:
        raise Refused(ALTERED, number=row.number) from error


def _line(row: Any, key: bytes, product_id: int) -> Line | None:
    try:
        body = _body(row)
    except Refused:
        return None
    mine = [item for item in items_of(body) if item.get("product") == product_id]
    if not mine or not _whole.get(key, lambda: _is_whole(row, body)):
        return None
    return lines_of({**body, "lines": mine[-1:]})[0]


def _is_whole(row: Any, body: Any) -> bool:
    try:
        _checked(row, body)
    except Refused:
        return False
    return True


def _checked(row: Any, body: Any) -> Sheet:
    try:
        lines = lines_of(body)
    except ValueError as error:
        raise Refused(ALTERED, number=row.number) from error
    sheet = Sheet(
        number=row.number,
        title=row.title,
        day=row.day,
        data_as_of=row.data_as_of,
        lines=lines,
        corrects=row.corrects,
        correction=row.correction,
        previous=row.previous_fingerprint,
        fingerprint=row.fingerprint,
        period=period_of(body),
        shape=body.get("shape", FIRST_SHAPE),
    )
    return check_intact(sheet, body)
