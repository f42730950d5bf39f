"""Looking after the uploads: sweeping what nothing refers to, telling what is not as booked.

Rows are deleted first and files by a later sweep, both only when older than a day, so that an
upload under way is never taken (reliability R8; sanity check F-6).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Column, and_, delete, exists, not_, select

from lib.db import schema
from lib.shop.files import storage
from lib.shop.shop import OWNER_ONLY, SYSTEM_ONLY, Shop, Tx

KEEP_UNREFERENCED = timedelta(hours=24)


class Fault(StrEnum):
    """What is wrong with a file."""

    MISSING = "missing"
    CHANGED = "changed"
    ORPHAN = "orphan"


@dataclass(frozen=True)
class Finding:
    """One file that is not as booked. ``sha256`` is its address, or its name for an orphan."""

    fault: Fault
    sha256: str


@dataclass(frozen=True)
class Swept:
    """How many blob rows and how many files a sweep removed."""

    rows: int
    files: int


def sweep(shop: Shop) -> Swept:
    """Remove blobs that nothing refers to and files that no blob names, older than a day."""
    with shop.write("file.sweep", by=OWNER_ONLY | SYSTEM_ONLY) as tx:
        rows = _forget_unreferenced(tx, tx.now - KEEP_UNREFERENCED)
        booked = set(tx.execute(select(schema.blob.c.sha256)).scalars())
        files = 0
        for path in storage.stored(shop.place):
            if path.name not in booked and _age(path, tx.now) > KEEP_UNREFERENCED:
                path.unlink(missing_ok=True)
                files += 1
        tx.note("blob", after={"rows": rows, "files": files})
    return Swept(rows, files)


def check(shop: Shop) -> tuple[Finding, ...]:
    """Return every booked file that is missing or changed, and every file that no blob names.

    A link in place of a file counts as changed, an unfinished upload is no finding. Reads every
    byte: meant for the night and for after a restore.
    """
    shop.require(OWNER_ONLY | SYSTEM_ONLY)
    with shop.read() as connection:
        booked = list(connection.execute(select(schema.blob.c.sha256)).scalars())
    findings = [found for sha256 in booked if (found := _fault_of(shop, sha256)) is not None]
    known = set(booked)
    for path in storage.stored(shop.place):
        if path.name not in known and path.parent.name != storage.UNFINISHED:
            findings.append(Finding(Fault.ORPHAN, path.name))
    return tuple(sorted(findings, key=lambda each: (each.fault, each.sha256)))


def references() -> tuple[Column[str], ...]:
    """Return every column of every table that keeps a blob alive.

    A PDF does not live by having pages: its pages live by it.
    """
    return tuple(
        column
        for table in schema.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column is schema.blob.c.sha256 and column is not schema.blob_page.c.blob
    )


def _forget_unreferenced(tx: Tx, before: datetime) -> int:
    blobs, removed = schema.blob, 0
    others = schema.blob.alias("referring")
    while True:  # a photo first, then the thumbnail that only it referred to
        unused = and_(
            blobs.c.created_at < before,
            *(
                not_(exists().where(others.c.small == blobs.c.sha256))
                if column.table is blobs
                else not_(exists().where(column == blobs.c.sha256))
                for column in references()
            ),
        )
        gone = list(tx.execute(select(blobs.c.sha256).where(unused)).scalars())
        if not gone:
            return removed
        tx.execute(delete(schema.blob_page).where(schema.blob_page.c.blob.in_(gone)))
        tx.execute(delete(blobs).where(blobs.c.sha256.in_(gone)))
        removed += len(gone)


def _age(path: Path, now: datetime) -> timedelta:
    try:
        return now - datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except FileNotFoundError:
        return timedelta(0)


def _fault_of(shop: Shop, sha256: str) -> Finding | None:
    path = storage.path_of(shop.place, sha256)
    if not path.is_symlink() and not path.exists():
        return Finding(Fault.MISSING, sha256)
    try:
        return None if storage.is_sound(path, sha256) else Finding(Fault.CHANGED, sha256)
    except OSError:
        return Finding(Fault.CHANGED, sha256)
