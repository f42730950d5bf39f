"""Steps: replacing what names a resident in what people typed about anything."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table, select, update

from lib.db import schema
from lib.members.erasure.needles import Needles
from lib.members.erasure.places import PLACES, Way, ways_of
from lib.members.erasure.search.queries import mentions
from lib.shop.shop import Tx


def search(tx: Tx, needles: Needles) -> dict[str, int]:
    """Replace what names them in every column that is searched; return rows by table."""
    counts: dict[str, int] = {}
    if needles.is_empty:
        return counts
    for name in PLACES:
        table = schema.metadata.tables[name]
        columns = [table.c[one] for one, way in ways_of(name).items() if Way.SEARCHED in way]
        if columns:
            counts[name] = replace_in(tx, table, columns, needles)
    return counts


def replace_in(tx: Tx, table: Table, columns: Sequence[Column[Any]], needles: Needles) -> int:
    """Replace what names them in ``columns`` of ``table``; return how many rows did."""
    keys = list(table.primary_key.columns)
    found = tx.execute(select(*keys, *columns).where(mentions(tx.connection, columns, needles)))
    changed = 0
    for row in found.mappings().all():
        now = {column.name: needles.replaced_in(row[column.name]) for column in columns}
        values = {name: value for name, value in now.items() if value != row[name]}
        if values:
            mine = [column == row[column.name] for column in keys]
            tx.execute(update(table).where(*mine).values(values))
            changed += 1
    return changed
