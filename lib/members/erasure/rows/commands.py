"""Steps: emptying and deleting the rows that are a resident's."""

from typing import Any

from sqlalchemy import Column, ColumnElement, and_, delete, or_, update

from lib.db import schema
from lib.members.erasure.places import DELETED_ROWS, INSTEAD, Way, ways_of
from lib.members.erasure.rows.queries import Theirs, followed, leading
from lib.shop.shop import Tx

_MEMBER = schema.member


def empty(tx: Tx, mine: Theirs, called: str) -> dict[str, int]:
    """Empty the words of all rows that are theirs; return how many of each table lost some.

    The member itself is called ``called``, which nobody finds or matches.
    """
    counts: dict[str, int] = {}
    for table in followed():
        values = {
            name: _emptied(table.c[name])
            for name, way in ways_of(table.name).items()
            if Way.EMPTIED in way
        }
        if not values:
            continue
        if table is _MEMBER:
            values |= {"nickname": called, "erased_at": tx.now}
        full = or_(*(_holds_something(table.c[name], value) for name, value in values.items()))
        if "version" in table.c:
            values["version"] = table.c.version + 1
        for condition in leading(table, mine.ids):
            done = tx.execute(update(table).where(condition, full).values(values))
            counts[table.name] = counts.get(table.name, 0) + done.rowcount
    return counts


def remove(tx: Tx, mine: Theirs) -> dict[str, int]:
    """Delete the rows that are nothing but knowledge of somebody; return how many of each table."""
    counts = {}
    for name in DELETED_ROWS:
        table = schema.metadata.tables[name]
        conditions = leading(table, mine.ids)
        gone = [tx.execute(delete(table).where(each)).rowcount for each in conditions]
        counts[name] = sum(gone)
    return counts


def _emptied(column: Column[Any]) -> Any:
    instead = INSTEAD.get((column.table.name, column.name))
    return instead if instead is not None else None if column.nullable else ""


def _holds_something(column: Column[Any], empty_value: Any) -> ColumnElement[bool]:
    if column.nullable:
        return column.is_not(None)
    return and_(column != empty_value, column != "")
