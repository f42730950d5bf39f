"""Keeping the books tidy while the shop runs: whether they work, and what has run out (R19).

Streamlit's own health answer stays 200 when the database is gone. :func:`examine` writes and reads
a row, at most once in :data:`FRESH` however often it is asked.
"""

import shutil
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import ColumnElement

from lib.db import migrations, schema
from lib.db.engine import Store
from lib.shop import backup, incidents
from lib.shop.opening import Premises

FRESH = timedelta(seconds=5)
OLDEST_BACKUP = timedelta(hours=26)
"""A backup is due after a day; two hours later somebody must look why there is none."""
FIRST_BACKUP = timedelta(hours=1)
"""After the start: a shop that was off for days makes its backup then."""
LEAST_FREE_MEGABYTES = 200
FORM_KEYS_KEPT = timedelta(days=30)
SESSIONS_KEPT = timedelta(days=90)
LOGIN_EVENTS_KEPT = timedelta(days=180)
DEVICES_KEPT = timedelta(days=180)
BUCKETS_KEPT = timedelta(days=2)
DRAFTS_KEPT = timedelta(days=30)
NOTES_KEPT = timedelta(days=30)
"""Decided notes of residents: as long as putting one aside may be taken back. What a person took
of one stands with the wish."""
HEALTH_ROW = "health"


@dataclass(frozen=True)
class Health:
    """What was found ``at`` a moment: per part whether it works, and the free disk space.

    ``backup_hours`` is the age of the newest backup; None without one, and on PostgreSQL, where the
    program makes none.
    """

    at: datetime
    parts: dict[str, bool]
    schema: str | None
    free_megabytes: int
    backup_hours: int | None = None

    @property
    def good(self) -> bool:
        """Whether every part works."""
        return all(self.parts.values())


_last: list[tuple[Premises, Health]] = []
_since: list[tuple[Premises, datetime]] = []
"""When these books were looked at first: soon after the start."""
_examining = threading.Lock()


def examine(books: Premises) -> Health:
    """Return the state of the shop, not older than :data:`FRESH`."""
    with _examining:
        now = books.clock.now()
        if _last and _last[0][0] is books and timedelta(0) <= now - _last[0][1].at < FRESH:
            return _last[0][1]
        _last[:] = [(books, _look(books, now))]
        return _last[0][1]


def _look(books: Premises, now: datetime) -> Health:
    revision, works = None, True
    try:
        revision = write_and_read(books.store, now)
    except SQLAlchemyError as fault:
        incidents.record(fault)
        works = False
    free = shutil.disk_usage(books.place.folder).free // (1024 * 1024)
    old = backup.age(books.place, now) if backup.is_own(books.place) else None
    parts = {
        "database": works,
        "schema": revision == migrations.newest(),
        "disk": free >= LEAST_FREE_MEGABYTES,
        "backup": not backup.is_own(books.place) or _is_backed_up(books, now, old),
    }
    return Health(now, parts, revision, free, None if old is None else old // timedelta(hours=1))


def _is_backed_up(books: Premises, now: datetime, old: timedelta | None) -> bool:
    """Whether there is a backup of the last day, or the program just began and makes one."""
    if not _since or _since[0][0] is not books:
        _since[:] = [(books, now)]
    return now - _since[0][1] < FIRST_BACKUP or (old is not None and old <= OLDEST_BACKUP)


def write_and_read(store: Store, now: datetime) -> str | None:
    """Write and read one row; return the schema revision.

    Raises ``SQLAlchemyError`` when the database cannot be written or read.
    """
    buckets = schema.rate_bucket
    mine = buckets.c.key == HEALTH_ROW
    with store.write() as connection:
        changed = connection.execute(update(buckets).where(mine).values(filled_at=now))
        if changed.rowcount == 0:
            row = insert(buckets).values(key=HEALTH_ROW, tokens_thousandths=0, filled_at=now)
            connection.execute(row)
    with store.read() as connection:
        connection.execute(select(buckets.c.filled_at).where(mine)).one()
        return migrations.present(connection)


def sweep(store: Store, now: datetime) -> dict[str, int]:
    """Remove what nobody can use any more; return how many rows of each table went.

    Dead sessions, used codes, old form keys and drafts, notes of residents long decided. Nothing
    here is money or trust, and the journal is never touched.
    """
    removed: dict[str, int] = {}
    for table, old in _run_out(now):
        with store.write() as connection:
            removed[table.name] = connection.execute(delete(table).where(old)).rowcount
    return removed


def _run_out(now: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
    buckets, notes = schema.rate_bucket, schema.wish_note
    return [
        (schema.login_code, schema.login_code.c.expires_at <= now),
        (schema.session, schema.session.c.expires_at <= now - SESSIONS_KEPT),
        (schema.known_device, schema.known_device.c.last_used_at <= now - DEVICES_KEPT),
        (schema.login_event, schema.login_event.c.at <= now - LOGIN_EVENTS_KEPT),
        (schema.form_key, schema.form_key.c.at <= now - FORM_KEYS_KEPT),
        (schema.draft, schema.draft.c.saved_at <= now - DRAFTS_KEPT),
        (notes, notes.c.decided_at <= now - NOTES_KEPT),
        (buckets, (buckets.c.filled_at <= now - BUCKETS_KEPT) & (buckets.c.key != HEALTH_ROW)),
    ]
