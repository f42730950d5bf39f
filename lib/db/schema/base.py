"""What all tables share: one MetaData, names for constraints, STRICT tables on SQLite."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem

from lib.db.types import Moment, Whole

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *items: SchemaItem, clustered: bool = False) -> Table:
    """Declare a table; on SQLite it is STRICT, so that text never lands in a price.

    ``clustered``: its rows lie in the order of the primary key, so that the days of a product are
    read in one go.
    """
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=not clustered)


def identity() -> Column[int]:
    """Declare the row id."""
    return Column("id", Whole, primary_key=True, autoincrement=True)


def version() -> Column[int]:
    """Declare the version of a row that people edit; a stale edit is told who changed it."""
    return Column("version", Whole, nullable=False, server_default="1")


def points_to(name: str, target: str, *, required: bool = True) -> Column[int]:
    """Declare a foreign key column ``name`` to ``target`` (``table.column``)."""
    return Column(name, Whole, ForeignKey(target), nullable=not required, index=True)


def moment(name: str, *, required: bool = True) -> Column[Any]:
    """Declare a column holding an aware UTC moment."""
    return Column(name, Moment, nullable=not required)


def words(name: str, *, required: bool = True, default: str | None = None) -> Column[str]:
    """Declare a text column."""
    return Column(name, Text, nullable=not required, server_default=default)


def one_of(column: str, *choices: str) -> CheckConstraint:
    """Hold ``column`` to ``choices``."""
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def holds(name: str, condition: str) -> CheckConstraint:
    """Hold every row to ``condition``."""
    return CheckConstraint(condition, name=name)


__all__ = [
    "Index",
    "holds",
    "identity",
    "metadata",
    "moment",
    "one_of",
    "points_to",
    "table",
    "version",
    "words",
]
