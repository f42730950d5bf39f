"""Who did what, when, from what to what: sealed, append-only (E11; reliability R18).

Each row carries an HMAC over itself and the seal before it. Changing, deleting or inserting a row
breaks the chain at that row; :func:`verify` names it. The key lies in the data folder, not in the
database.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from lib.db import schema
from lib.db.types import canonical
from lib.kernel.money import Money

FIRST_SEAL = ""


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
    """Check every seal from the first row on."""
    table = schema.journal
    previous, rows = FIRST_SEAL, 0
    for row in connection.execute(select(table).order_by(table.c.id)).mappings():
        rows += 1
        expected = _seal(key, previous, dict(row))
        if row["previous_seal"] != previous or not hmac.compare_digest(row["seal"], expected):
            return Verdict(rows, row["id"], previous)
        previous = row["seal"]
    return Verdict(rows, None, previous)


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
    at: datetime = row["at"]
    body = canonical(
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
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
