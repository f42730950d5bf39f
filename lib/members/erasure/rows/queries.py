"""Steps: which rows are a resident's, by foreign keys alone, and how they are emptied.

The keys of the schema are followed from the member down: orders, their lines, what was handed over
of them, complaints, what was done about them. So a new table that leads to a member is found
without anybody naming it here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, delete, or_, select, update

from lib.db import schema
from lib.members.erasure.places import DELETED_ROWS, INSTEAD, Way, ways_of
from lib.shop.shop import Tx

PART = 400
_NOT_FOLLOWED = frozenset({"erasure", "journal", "settled_sum"})
_MEMBER, _CASE = schema.member, schema.after_sales_case


@dataclass(frozen=True)
class Theirs:
    """The rows of a resident: ``family`` of files that are one person, and row ids by table."""

    family: tuple[int, ...]
    ids: Mapping[str, frozenset[int]]

    def of(self, table: Table) -> tuple[int, ...]:
        """Return the ids of the rows of ``table`` that are theirs, in order."""
        return tuple(sorted(self.ids.get(table.name, ())))

    def subjects(self) -> tuple[str, ...]:
        """Return how the journal and the log of messages call the rows that are theirs."""
        return tuple(f"{name}:{row_id}" for name, ids in self.ids.items() for row_id in sorted(ids))

    def holds(self, subject: str) -> bool:
        """Whether a row called ``table:id`` is theirs."""
        name, _colon, number = subject.partition(":")
        return number.isdigit() and int(number) in self.ids.get(name, ())


def theirs(connection: Connection, family: Sequence[int], cases: Collection[int] = ()) -> Theirs:
    """Return the rows that lead to one of ``family``, or to a complaint among ``cases``."""
    ids: dict[str, frozenset[int]] = {_MEMBER.name: frozenset(family)}
    for table in followed():
        if table is _MEMBER or "id" not in table.c:
            continue
        found = set(cases) if table is _CASE else set()
        for condition in _leading(table, ids):
            found.update(connection.execute(select(table.c.id).where(condition)).scalars())
        ids[table.name] = frozenset(found)
    return Theirs(tuple(family), ids)


def followed() -> Iterator[Table]:
    """Yield every table that leads to a member, those it leads through first."""
    seen = {_MEMBER.name}
    yield _MEMBER
    for table in schema.metadata.sorted_tables:
        if table.name not in seen and next(_targets(table, seen), None) is not None:
            seen.add(table.name)
            yield table


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
        for condition in _leading(table, mine.ids):
            done = tx.execute(update(table).where(condition, full).values(values))
            counts[table.name] = counts.get(table.name, 0) + done.rowcount
    return counts


def remove(tx: Tx, mine: Theirs) -> dict[str, int]:
    """Delete the rows that are nothing but knowledge of somebody; return how many of each table."""
    counts = {}
    for name in DELETED_ROWS:
        table = schema.metadata.tables[name]
        conditions = _leading(table, mine.ids)
        gone = [tx.execute(delete(table).where(each)).rowcount for each in conditions]
        counts[name] = sum(gone)
    return counts


def parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield ``items`` in lists a statement can take."""
    listed = list(items)
    for start in range(0, len(listed), PART):
        yield listed[start : start + PART]


def _targets(table: Table, seen: Iterable[str]) -> Iterator[Column[Any]]:
    """Yield the columns of ``table`` that lead to one of the tables ``seen``."""
    if table.name in _NOT_FOLLOWED:
        return
    known = set(seen)
    for column in table.columns:
        for key in column.foreign_keys:
            target = key.column.table
            if target.name in known and target is not table and target.name not in _NOT_FOLLOWED:
                yield column


def _leading(table: Table, ids: Mapping[str, Iterable[int]]) -> Iterator[ColumnElement[bool]]:
    """Yield conditions, few hundred rows each, that rows of ``table`` are theirs."""
    if table is _MEMBER:
        yield from (table.c.id.in_(part) for part in parts(sorted(ids[table.name])))
        return
    for column in _targets(table, ids):
        target = next(iter(column.foreign_keys)).column.table
        for part in parts(sorted(ids.get(target.name, ()))):
            condition = column.in_(part)
            # Somebody else's complaint about goods of this order is that somebody's.
            whose = table is _CASE and target is not _MEMBER
            yield and_(condition, _CASE.c.member_id.is_(None)) if whose else condition


def _emptied(column: Column[Any]) -> Any:
    instead = INSTEAD.get((column.table.name, column.name))
    return instead if instead is not None else None if column.nullable else ""


def _holds_something(column: Column[Any], empty_value: Any) -> ColumnElement[bool]:
    if column.nullable:
        return column.is_not(None)
    return and_(column != empty_value, column != "")
