"""Schema upgrades: all or nothing, never a stranger's database (reliability E5, E7, E8)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from lib.db import migrations, schema
from lib.db.engine import Store, open_store
from lib.db.schema import demand_statements, points_statements, settled_statements
from lib.kernel.errors import Refused

NOW = datetime(2026, 9, 25, tzinfo=UTC)


def tables(store: Store) -> list[str]:
    with store.read() as connection:
        return inspect(connection).get_table_names()


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'new.db'}")


def test_an_empty_database_gets_everything(store: Store) -> None:
    with store.read() as connection:
        assert migrations.present(connection) == migrations.newest()
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, schema.metadata) == []


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    assert migrations.upgrade(store, NOW) is None


def test_every_table_is_strict(sqlite_store: Store) -> None:
    with sqlite_store.read() as connection:
        rows = connection.execute(text("PRAGMA table_list")).mappings().all()
    loose = {
        row["name"]
        for row in rows
        if not row["strict"] and not row["name"].startswith(("sqlite_", "alembic_"))
    }
    assert loose == set()


def test_a_price_never_holds_text(sqlite_store: Store) -> None:
    with (
        pytest.raises(Exception, match="cannot store TEXT"),
        sqlite_store.write() as connection,
    ):
        connection.execute(
            text("INSERT INTO cash_up (business_day, opening_fen, expected_cash_fen,"
                 " counted_cash_fen, transfer_fen, at) VALUES ('x', 'abc', 1, 1, 1, 'x')")
        )  # fmt: skip


def test_every_append_only_table_has_its_triggers(sqlite_store: Store) -> None:
    with sqlite_store.read() as connection:
        names = set(
            connection.execute(
                text("SELECT name FROM sqlite_master WHERE type='trigger'")
            ).scalars()
        )
    kept = {f"{name}_no_{verb}" for name in schema.APPEND_ONLY for verb in ("update", "delete")}
    sums = [
        statement
        for statements in (demand_statements, settled_statements, points_statements)
        for statement in statements("sqlite")
    ]
    assert names == kept | {statement.split()[2] for statement in sums}


def test_another_programs_database_is_refused(empty: Store) -> None:
    with empty.write() as connection:
        connection.execute(text("CREATE TABLE theirs (x)"))
    with pytest.raises(Refused, match="another program"):
        migrations.upgrade(empty, NOW)
    assert tables(empty) == ["theirs"]


def test_a_newer_database_is_refused(sqlite_store: Store) -> None:
    with sqlite_store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="newer Linli"):
        migrations.upgrade(sqlite_store, NOW)


def test_a_failing_upgrade_leaves_nothing(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    real = command.upgrade

    def fails_late(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(command, "upgrade", fails_late)
    with pytest.raises(RuntimeError, match="lights"):
        migrations.upgrade(empty, NOW)
    assert tables(empty) == []


def test_an_upgrade_copies_the_books_first(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = migrations.newest()
    monkeypatch.setattr(migrations, "newest", lambda: "0002-pretended")
    copy = migrations.upgrade(sqlite_store, NOW)
    assert copy is not None
    checked = open_store(f"sqlite:///{copy}")
    with checked.read() as connection:
        assert migrations.present(connection) == real
