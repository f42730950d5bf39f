"""Which rows are a resident's, by foreign keys alone.

The keys of the schema are followed from the member down: orders, their lines, what was handed over
of them, complaints, what was done about them. So a new table that leads to a member is found
without anybody naming it here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, select

from lib.db import schema

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
        for condition in leading(table, ids):
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


def leading(table: Table, ids: Mapping[str, Iterable[int]]) -> Iterator[ColumnElement[bool]]:
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
