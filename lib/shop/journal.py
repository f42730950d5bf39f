"""Who did what, when, from what to what: sealed, append-only (E11; reliability R18).

Each row carries an HMAC over itself and the seal before it. Changing, deleting or inserting a row
breaks the chain at that row; :func:`verify` names it. The key lies in the data folder, not in the
database.

The erasure of a resident's data takes their words out of the details of older rows. Such a row
keeps its seal, which nobody can recompute any more; it stands all the same when the chain links
and the sealed row of that erasure lists it together with a mark of what is left of it. A row that
merely says it was redacted, or that was changed once more since, is found like any other.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, inspect, null, select

from lib.db import schema
from lib.db.types import canonical
from lib.kernel.money import Money

FIRST_SEAL = ""
ERASURE, ERASED_ROWS = "erasure", "erased_rows"
"""In the details of the row of an erasure: its number, and row id → mark of what is left there."""


@dataclass(frozen=True)
class Verdict:
    """Whether the journal is whole: ``rows`` read, and the first row id that does not fit."""

    rows: int
    first_bad: int | None
    head: str


def append(connection: Connection, key: bytes, row: Mapping[str, Any]) -> None:
    """Add one sealed row of ``at, person_id, actor, action, subject, details``."""
    table = schema.journal
    newest = select(table.c.seal).order_by(table.c.id.desc()).limit(1)
    previous = connection.execute(newest).scalar() or FIRST_SEAL
    plain = {**row, "details": plain_values(row["details"])}
    seal = _seal(key, previous, plain)
    connection.execute(insert(table).values(**plain, previous_seal=previous, seal=seal))


def verify(connection: Connection, key: bytes) -> Verdict:
    """Check every seal from the first row on, and every row that lost a resident's words."""
    previous, rows = FIRST_SEAL, 0
    redacted: dict[int, tuple[int, str]] = {}
    for found in connection.execute(_all_rows(connection)).mappings():
        row, rows = dict(found), rows + 1
        if row["previous_seal"] != previous:
            return Verdict(rows, row["id"], previous)
        if row["erasure_id"] is not None:
            redacted[row["id"]] = (row["erasure_id"], mark(row))
        elif hmac.compare_digest(row["seal"], _seal(key, previous, row)):
            _strike_off(redacted, row["details"])
        else:
            return Verdict(rows, row["id"], previous)
        previous = row["seal"]
    return Verdict(rows, min(redacted, default=None), previous)


def mark(row: Mapping[str, Any]) -> str:
    """Return a mark of all that a redacted row says now; the row of its erasure lists it."""
    body = _body(row["previous_seal"], row)
    return hashlib.sha256(f"{row['seal']}{body}".encode()).hexdigest()[:32]


def notes_of(details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return every note of a row: the first one, then those under ``more``."""
    more = details.get("more")
    return [details, *(more if isinstance(more, list) else [])]


def _all_rows(connection: Connection) -> Select[Any]:
    """Every row in order; books of an older version, as in a backup, know of no erasures."""
    table = schema.journal
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    erasure = table.c.erasure_id if "erasure_id" in there else null().label("erasure_id")
    others = [column for column in table.columns if column is not table.c.erasure_id]
    return select(*others, erasure).order_by(table.c.id)


def _strike_off(redacted: dict[int, tuple[int, str]], details: Any) -> None:
    """Strike off the rows that a sealed row says it redacted, where what is left fits its mark."""
    if not redacted or not isinstance(details, Mapping):
        return
    for note in notes_of(details):
        listed = note.get(ERASED_ROWS)
        for row_id, found in (listed if isinstance(listed, Mapping) else {}).items():
            if redacted.get(int(row_id)) == (note.get(ERASURE), found):
                del redacted[int(row_id)]


def plain_values(value: Any) -> Any:
    """Return ``value`` as JSON can hold it: money as fen, moments and days as ISO text."""
    if isinstance(value, Mapping):
        return {str(name): plain_values(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_values(item) for item in value]
    if isinstance(value, Money):
        return value.fen
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)


def _seal(key: bytes, previous: str, row: Mapping[str, Any]) -> str:
    return hmac.new(key, _body(previous, row).encode(), hashlib.sha256).hexdigest()


def _body(previous: str, row: Mapping[str, Any]) -> str:
    at: datetime = row["at"]
    return canonical(
        [
            previous,
            at.timestamp().hex(),
            row["person_id"],
            row["actor"],
            row["action"],
            row["subject"],
            row["details"],
        ]
    )
