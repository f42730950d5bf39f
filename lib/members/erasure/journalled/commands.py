"""Step: taking a resident's words out of the journal, so that it still tells tampering.

Each row that loses something points at the erasure; the sealed row of the erasure lists it with a
mark of what is left (see :mod:`lib.shop.journal`).
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import RowMapping, or_, select, update

from lib.db import schema
from lib.members.erasure.details import SUBJECTS, redacted
from lib.members.erasure.needles import Needles
from lib.members.erasure.rows.queries import Theirs, parts
from lib.members.erasure.search.queries import holds_piece, mentions
from lib.shop import journal
from lib.shop.shop import Tx

_log = schema.journal


def redact(
    tx: Tx,
    erasure_id: int,
    mine: Theirs,
    needles: Needles,
    is_theirs: Callable[[str], bool],
) -> dict[str, str]:
    """Redact every row that names the resident; return row id → mark of what is left."""
    marks: dict[str, str] = {}
    for row in _perhaps(tx, mine, needles):
        left = redacted(row["details"], row["subject"], is_theirs, needles)
        if left == row["details"]:
            continue
        values = {"details": left, "erasure_id": erasure_id}
        tx.execute(update(_log).where(_log.c.id == row["id"]).values(values))
        marks[str(row["id"])] = journal.mark({**row, **values})
    return marks


def _perhaps(tx: Tx, mine: Theirs, needles: Needles) -> Iterator[RowMapping]:
    """Yield the rows that may name them: about rows of theirs, with further notes, or by words."""
    seen: set[int] = set()
    member = [f'"member:{member_id}"' for member_id in mine.family]
    named = ("more", *SUBJECTS)
    pieces = (*(f'"{name}":' for name in named), *member)
    words = [holds_piece(tx.connection, _log.c.details, piece) for piece in pieces]
    if not needles.is_empty:
        words.append(mentions(tx.connection, [_log.c.details], needles))
    conditions: list[Any] = [_log.c.subject.in_(part) for part in parts(mine.subjects())]
    for condition in (*conditions, or_(*words)):
        rows = tx.execute(select(_log).where(condition).order_by(_log.c.id)).mappings().all()
        for row in rows:
            if row["id"] not in seen:
                seen.add(row["id"])
                yield row
