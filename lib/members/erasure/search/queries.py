"""What a resident is found by in what people typed about anything.

A name that another resident or somebody of the shop bears, too, is searched for nowhere: only rows
that lead to the member lose it. A home is left alone while somebody else lives behind that door.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Text,
    or_,
    select,
    type_coerce,
)

from lib.db import schema
from lib.db.types import Document, canonical
from lib.kernel.text import folded
from lib.members.erasure.needles import Needles
from lib.members.erasure.rows.queries import Theirs, parts
from lib.members.profiles.rules import Home, read_home

MOST_OTHERS = 500
_DECORATION = re.compile(r"^[\W_]+|[\W_]+$")
_member, _alias, _order = schema.member, schema.member_alias, schema.customer_order


def needles_of(connection: Connection, mine: Theirs, called: str) -> Needles:
    """Return what the resident is found by, before anything of it is erased."""
    names = _names(connection, mine)
    borne = _borne_by_others(connection, mine.family, {folded(name) for name in names})
    kept = sorted(name for name in names if folded(name) and folded(name) not in borne)
    return Needles(
        names=tuple(kept),
        phones=_phones(connection, mine.family),
        homes=_homes(connection, mine),
        everyday=_everyday(connection, kept),
        others=_longer(connection, mine.family, kept),
        called=called,
    )


def mentions(
    connection: Connection, columns: Iterable[Column[Any]], needles: Needles
) -> ColumnElement[bool]:
    """Return whether one of ``columns`` may name them; a rough sieve for a closer look."""
    ways = []
    for column in columns:
        pieces: Iterable[str] = needles.roughly
        if isinstance(column.type, Document):
            pieces = {each for piece in pieces for each in (piece, canonical(piece)[1:-1])}
        ways += [holds_piece(connection, column, piece) for piece in sorted(pieces)]
    return or_(*ways)


def holds_piece(connection: Connection, column: Column[Any], piece: str) -> ColumnElement[bool]:
    """Return whether ``column`` holds ``piece`` in whatever case of Latin letters."""
    plain = type_coerce(column, Text)
    if connection.dialect.name == "sqlite":
        return plain.contains(piece, autoescape=True)
    return plain.icontains(piece, autoescape=True)


def _names(connection: Connection, mine: Theirs) -> set[str]:
    """Every name the resident was called by, as it was typed."""
    wishes, answers, cases = schema.demand_wish, schema.topic_answer, schema.after_sales_case
    found: set[str] = set()
    for column, key, ids in (
        (_member.c.nickname, _member.c.id, mine.family),
        (_alias.c.nickname, _alias.c.member_id, mine.family),
        (wishes.c.name, wishes.c.id, mine.of(wishes)),
        (answers.c.name, answers.c.id, mine.of(answers)),
        (cases.c.reporter_name, cases.c.id, mine.of(cases)),
    ):
        for part in parts(ids):
            found.update(connection.execute(select(column).where(key.in_(part))).scalars())
    # Who is called 小李🌸 is written to as 小李, too.
    bare = {_DECORATION.sub("", name) for name in found}
    return (found | bare) - {""}


def _borne_by_others(
    connection: Connection, family: Sequence[int], names: set[str]
) -> frozenset[str]:
    """Those folded ``names`` that another resident bears, or somebody who works in the shop."""
    people = schema.person
    borne = {folded(name) for name in connection.execute(select(people.c.name)).scalars()}
    for part in parts(sorted(names - {""})):
        for own, key, column in (
            (_member.c.id, _member.c.id, _member.c.folded_nickname),
            (_alias.c.member_id, _alias.c.member_id, _alias.c.folded_nickname),
        ):
            query = select(column, own).where(column.in_(part), key.not_in(family))
            borne.update(row[0] for row in connection.execute(query))
    return frozenset(borne & names)


def _longer(connection: Connection, family: Sequence[int], names: Sequence[str]) -> tuple[str, ...]:
    """Longer names of others in which one of ``names`` stands."""
    found: set[str] = set()
    for name in names:
        for column, nickname, key in (
            (_member.c.folded_nickname, _member.c.nickname, _member.c.id),
            (_alias.c.folded_nickname, _alias.c.nickname, _alias.c.member_id),
        ):
            inside = column.contains(folded(name), autoescape=True)
            query = select(nickname).where(inside, key.not_in(family)).limit(MOST_OTHERS)
            found.update(connection.execute(query).scalars())
    return tuple(sorted(found))


def _everyday(connection: Connection, names: Sequence[str]) -> frozenset[str]:
    """Those of ``names`` that stand in the name of goods or of a supplier: words, too."""
    products, aliases, suppliers = schema.product, schema.product_alias, schema.supplier
    found = set()
    for name in names:
        for column in (
            products.c.folded_name, products.c.category, aliases.c.alias, suppliers.c.folded_name
        ):  # fmt: skip
            inside = select(column).where(column.contains(folded(name), autoescape=True)).limit(1)
            if connection.execute(inside).first() is not None:
                found.add(name)
    return frozenset(found)


def _phones(connection: Connection, family: Sequence[int]) -> tuple[str, ...]:
    query = select(_member.c.phone).where(_member.c.id.in_(family), _member.c.phone.is_not(None))
    return tuple(sorted(set(connection.execute(query).scalars())))


def _homes(connection: Connection, mine: Theirs) -> tuple[tuple[str, str, str], ...]:
    """The doors behind which nobody else lives: building, entrance, room."""
    cases = schema.after_sales_case
    found: set[tuple[str, str, str]] = set()
    for table, ids in ((_member, mine.family), (_order, mine.of(_order))):
        for part in parts(ids):
            home = select(table.c.building, table.c.unit, table.c.room).distinct()
            for row in connection.execute(home.where(table.c.id.in_(part))):
                found.add((row.building or "", row.unit or "", row.room or ""))
    for part in parts(mine.of(cases)):
        for said in connection.execute(
            select(cases.c.reporter_home).where(cases.c.id.in_(part))
        ).scalars():
            typed = read_home(said) or Home()
            found.add((typed.building or "", typed.unit or "", typed.room or ""))
    return tuple(sorted(home for home in found if _is_theirs_alone(connection, mine.family, home)))


def _is_theirs_alone(
    connection: Connection, family: Sequence[int], home: tuple[str, str, str]
) -> bool:
    building, _unit, room = home
    if not building or not room:
        return False
    others = select(_member.c.id).where(
        _member.c.building == building, _member.c.room == room, _member.c.id.not_in(family)
    )
    return connection.execute(others.limit(1)).first() is None
