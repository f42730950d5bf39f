"""Reads behind the check of the published sheets (R20)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Text, select, type_coerce

from lib.db import schema
from lib.shop import journal
from lib.shop.shop import OWNER_ONLY, Shop
from lib.trust.costs.checking.rules import Entry, Report, Stored, check
from lib.trust.costs.queries import PUBLISH

LINKS_PER_PAGE = 200
_AT_ONCE = 100
"""Rows fetched at a time: a check does not hold every sheet in memory."""

_SHEET = schema.cost_sheet
_CORRECTED = schema.cost_sheet.alias("corrected")


@dataclass(frozen=True)
class Link:
    """One sheet as a link of the chain; ``corrects`` is a number. Moments are UTC."""

    number: int
    day: date
    data_as_of: datetime
    fingerprint: str
    previous: str
    corrects: int | None


@dataclass(frozen=True)
class Chain:
    """A page of the chain, oldest first; ``following`` is the number the next page begins with."""

    links: tuple[Link, ...]
    following: int | None


def check_sheets(shop: Shop) -> Report:
    """Check every published sheet, its neighbours and the journal. Owner only."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return checked(connection, shop.place.secret("journal"))


def checked(connection: Connection, key: bytes) -> Report:
    """Return what is wrong with the sheets behind ``connection``, which sees one state of them.

    ``key`` is the journal's. Nothing is written.
    """
    sealed = journal.verify(connection, key)
    return check(_stored(connection), _entries(connection), sealed.first_bad)


def chain(shop: Shop, first: int = 1, limit: int = LINKS_PER_PAGE) -> Chain:
    """Return the links of the chain from sheet ``first`` on, at most ``limit``. Public."""
    query = (
        select(
            _SHEET.c.number,
            _SHEET.c.day,
            _SHEET.c.data_as_of,
            _SHEET.c.fingerprint,
            _SHEET.c.previous_fingerprint,
            _CORRECTED.c.number.label("corrects"),
        )
        .select_from(_SHEET.outerjoin(_CORRECTED, _CORRECTED.c.id == _SHEET.c.corrects_id))
        .where(_SHEET.c.number >= first)
        .order_by(_SHEET.c.number)
        .limit(limit + 1)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    following = rows[limit].number if len(rows) > limit else None
    return Chain(tuple(Link(*row) for row in rows[:limit]), following)


def _entries(connection: Connection) -> dict[int, Entry]:
    log = schema.journal
    query = (
        select(log.c.at, log.c.person_id, log.c.details)
        .where(log.c.action == PUBLISH)
        .order_by(log.c.id)
    )
    found: dict[int, Entry] = {}
    for row in connection.execute(query):
        entry = _entry(row.details, row.at, row.person_id)
        if entry is not None:
            found.setdefault(entry.number, entry)
    return found


def _entry(details: Any, at: datetime, person_id: int | None) -> Entry | None:
    """What a row of the journal says; None for one that says nothing a program would write."""
    try:
        after = details["after"]
        day = date.fromisoformat(after["day"])
        return Entry(int(after["number"]), str(after["fingerprint"]), day, at, person_id)
    except (KeyError, TypeError, ValueError):
        return None


def _stored(connection: Connection) -> Iterator[Stored]:
    """Every sheet by number. Days, moments and bodies come as they lie there, sound or not."""
    columns = _SHEET.c
    query = (
        select(
            columns.number,
            columns.title,
            type_coerce(columns.day, Text),
            type_coerce(columns.data_as_of, Text),
            type_coerce(columns.body, Text),
            _CORRECTED.c.number,
            columns.correction,
            columns.previous_fingerprint,
            columns.fingerprint,
            type_coerce(columns.published_at, Text),
            columns.published_by,
        )
        .select_from(_SHEET.outerjoin(_CORRECTED, _CORRECTED.c.id == columns.corrects_id))
        .order_by(columns.number)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in connection.execute(query):
        yield Stored(*row)
