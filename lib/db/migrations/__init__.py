"""Bringing a database to the schema this program knows, all of it or none of it.

Alembic revisions live in ``versions/``. An upgrade runs in one transaction: a failure at any
statement leaves the old schema. A SQLite file that already holds data is first copied beside
itself with ``VACUUM INTO`` and the copy is checked. A database written by a newer Linli is refused.
"""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from lib.db.engine import Store
from lib.kernel.errors import Refused
from lib.kernel.words import N_

HERE = Path(__file__).parent


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration bound to ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """Return the revision this program works with."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None
    return head


def present(connection: Connection) -> str | None:
    """Return the revision of an open database; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(store: Store, now: datetime) -> Path | None:
    """Bring ``store`` to the newest revision; return the safety copy made before, if one was.

    Raises ``Refused`` when the database belongs to a newer Linli or to another program.
    """
    with store.read() as connection:
        before = present(connection)
        tables = inspect(connection).get_table_names()
    if before == newest():
        return None
    if before is None and tables:
        raise Refused(
            N_("This database belongs to another program. Choose another data folder with --data.")
        )
    known = {
        item.revision for item in ScriptDirectory.from_config(configuration()).walk_revisions()
    }
    if before is not None and before not in known:
        raise Refused(
            N_(
                "This database was made by a newer Linli. Start that version, "
                "or restore a backup made before the upgrade."
            )
        )
    copy = _safety_copy(store, before, now) if before is not None else None
    with store.write() as connection:
        command.upgrade(configuration(connection), "head")
        if store.is_sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).first()
            if broken is not None:
                raise RuntimeError(f"the upgrade left a dangling reference in {broken[0]}")
    return copy


def _safety_copy(store: Store, revision: str, now: datetime) -> Path | None:
    if store.path is None:
        return None
    name = f"{store.path.stem}-before-upgrade-{revision}-{now:%Y%m%dT%H%M%S}.db"
    final = store.path.with_name(name)
    unchecked = final.with_suffix(".part")
    unchecked.unlink(missing_ok=True)
    raw = store.writer.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(unchecked),))
    finally:
        raw.close()
    engine = create_engine(f"sqlite:///{unchecked}")
    with engine.connect() as copy:
        verdict = copy.exec_driver_sql("PRAGMA integrity_check").scalar()
    engine.dispose()
    if verdict != "ok":
        raise RuntimeError(f"the safety copy is damaged: {verdict}")
    unchecked.rename(final)
    return final
