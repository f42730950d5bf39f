"""Reads of after-sales: the board, one case with all that hangs on it, purchases, what is due.

A case and the doubles joined with it are read as one: entries, photos, breaches and remedies stand
under the case they came with, and are shown with the one that was kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from lib.db import schema
from lib.kernel.money import Money
from lib.service.after_sales import rules
from lib.service.after_sales.cards.queries import (
    AfterSalesDue,
    Card,
    board,
    card_values,
    closed_days,
    due,
    find_cases,
    select_cards,
    similar_open,
)
from lib.service.after_sales.lines.queries import (
    BatchFacts,
    Purchase,
    batch_facts,
    batches_to_choose,
    purchase_of,
    purchases,
)
from lib.service.after_sales.photos.queries import Photo, photos_of
from lib.service.after_sales.rules import Cause, ClockName, EntryKind, Result
from lib.shop.shop import DESK, Shop

__all__ = [
    "AfterSalesDue",
    "BatchFacts",
    "Breach",
    "Card",
    "Case",
    "Entry",
    "FollowUp",
    "MergedCase",
    "Photo",
    "Purchase",
    "RemedyRow",
    "Turn",
    "board",
    "case_of",
    "due",
    "family_of",
    "find_cases",
    "purchases",
    "similar_open",
]

MOST_ENTRIES = 300

_case, _turn, _breach = schema.after_sales_case, schema.case_turn, schema.case_breach
_entry, _remedy, _asked = schema.case_entry, schema.case_remedy, schema.case_follow_up
_merge, _person, _batch = schema.case_merge, schema.person, schema.batch


@dataclass(frozen=True)
class Entry:
    """One thing that happened in a case; ``case_id`` differs for what came with a double."""

    id: int
    case_id: int
    kind: EntryKind
    text: str
    for_resident: bool
    by_resident: bool
    details: dict[str, Any]
    at: datetime
    person: str


@dataclass(frozen=True)
class Turn:
    """One opening of a case with its solution clock; ``offered`` is the pledge as it was then."""

    turn: int
    started_at: datetime
    solve_due_at: datetime
    solved_at: datetime | None
    solved_by: str
    offered: dict[str, Any] | None


@dataclass(frozen=True)
class Breach:
    """A promise that ran out; it stays, whatever became of the case."""

    case_id: int
    turn: int
    clock: ClockName
    due_at: datetime
    recorded_at: datetime
    owed_id: int | None


@dataclass(frozen=True)
class FollowUp:
    """What the resident said when asked afterwards (R30)."""

    id: int
    turn: int
    result: Result
    feedback: str
    by_resident: bool
    at: datetime
    person: str


@dataclass(frozen=True)
class RemedyRow:
    """What the shop did about the case, as a row of the books; money in fen beneath."""

    id: int
    case_id: int
    turn: int
    kind: str
    quantity: int | None
    amount: Money
    taken_off: Money
    freight: Money
    payment_id: int | None
    owed_id: int | None
    below_pledge: str
    disposal: str
    at: datetime
    person: str
    undone_at: datetime | None


@dataclass(frozen=True)
class MergedCase:
    """A double that became part of this case; ``merge_id`` takes it apart again."""

    id: int
    number: str
    merge_id: int
    at: datetime
    said: str
    reported_at: datetime


@dataclass(frozen=True)
class Case(Card):
    """A case with all that hangs on it.

    ``line`` is the purchase, None for something bought without an order. ``batch`` is the one it
    is put down to, ``choosable`` those it may be. ``breaches`` are those of all turns and of
    joined doubles. ``doubles`` are other cases on the board that may be the same.
    """

    line: Purchase | None
    batch: BatchFacts | None
    choosable: tuple[BatchFacts, ...]
    supplier: str
    cause: Cause | None
    cause_note: str
    reporter_name: str
    reporter_home: str
    claim_id: int | None
    created_at: datetime
    first_reply_by: str
    entries: tuple[Entry, ...]
    pictures: tuple[Photo, ...]
    remedies: tuple[RemedyRow, ...]
    turns: tuple[Turn, ...]
    breaches: tuple[Breach, ...]
    follow_ups: tuple[FollowUp, ...]
    merged: tuple[MergedCase, ...]


def case_of(shop: Shop, case_id: int) -> Case | None:
    """Return a case, of a joined double the one it became; None when there is none."""
    shop.require(DESK)
    with shop.read() as connection:
        return _case_in(shop, connection, case_id)


def family_of(connection: Connection, case_id: int) -> tuple[int, ...]:
    """Return the case that ``case_id`` became and all that were joined with it, the kept first."""
    root = case_id
    for _ in range(50):
        into = connection.execute(
            select(_case.c.merged_into).where(_case.c.id == root)
        ).scalar_one_or_none()
        if into is None:
            break
        root = into
    found, news = [root], [root]
    while news:
        query = select(_case.c.id).where(_case.c.merged_into.in_(news)).order_by(_case.c.id)
        news = list(connection.execute(query).scalars())
        found += news
    return tuple(found)


def _case_in(shop: Shop, connection: Connection, case_id: int) -> Case | None:
    family = family_of(connection, case_id)
    row = connection.execute(select_cards().where(_case.c.id == family[0])).first()
    if row is None:
        return None
    values = card_values(shop, row, closed_days(connection, shop.settings, [row]))
    line = purchase_of(connection, row.line_id) if row.line_id is not None else None
    batch, choosable = _batches(connection, row, line, shop)
    pictures = photos_of(shop, connection, family)
    return Case(
        **{**values, "photos": len(pictures)},
        line=line,
        batch=batch,
        choosable=choosable,
        supplier=_supplier(connection, row, batch),
        cause=Cause(row.cause) if row.cause else None,
        cause_note=row.cause_note,
        reporter_name=row.reporter_name,
        reporter_home=row.reporter_home,
        claim_id=row.claim_id,
        created_at=row.created_at,
        first_reply_by=_name(connection, row.first_reply_by),
        entries=_entries(connection, family),
        pictures=pictures,
        remedies=_remedies(connection, family),
        turns=_turns(connection, family[0]),
        breaches=_breaches(connection, family),
        follow_ups=_follow_ups(connection, family),
        merged=_merged(connection, family[0]),
    )


def _batches(
    connection: Connection, row: Any, line: Purchase | None, shop: Shop
) -> tuple[BatchFacts | None, tuple[BatchFacts, ...]]:
    """Return the batch of the case, and those it may be: of the line, else of the product."""
    batch = None
    if row.batch_id is not None:
        found = connection.execute(select(_batch).where(_batch.c.id == row.batch_id)).first()
        batch = batch_facts(found) if found is not None else None
    if line is not None and line.batches:
        choosable = line.batches
    elif row.product_id is not None:
        choosable = batches_to_choose(connection, row.product_id, shop.today)
    else:
        choosable = ()
    if batch is not None and batch.id not in {each.id for each in choosable}:
        choosable = (batch, *choosable)
    return batch, choosable


def _supplier(connection: Connection, row: Any, batch: BatchFacts | None) -> str:
    if batch is not None and batch.supplier_id == row.supplier_id:
        return batch.supplier
    if row.supplier_id is None:
        return ""
    query = select(schema.supplier.c.name).where(schema.supplier.c.id == row.supplier_id)
    return str(connection.execute(query).scalar_one_or_none() or "")


def _name(connection: Connection, person_id: int | None) -> str:
    if person_id is None:
        return ""
    query = select(_person.c.name).where(_person.c.id == person_id)
    return str(connection.execute(query).scalar_one_or_none() or "")


def _entries(connection: Connection, family: Sequence[int]) -> tuple[Entry, ...]:
    query = (
        select(_entry, _person.c.name.label("person"))
        .outerjoin(_person, _person.c.id == _entry.c.person_id)
        .where(_entry.c.case_id.in_(family))
        .order_by(_entry.c.at, _entry.c.id)
        .limit(MOST_ENTRIES)
    )
    return tuple(
        Entry(
            row.id,
            row.case_id,
            EntryKind(row.kind),
            row.text,
            row.for_resident,
            row.by_resident,
            row.details or {},
            row.at,
            row.person or "",
        )
        for row in connection.execute(query)
    )


def _remedies(connection: Connection, family: Sequence[int]) -> tuple[RemedyRow, ...]:
    query = (
        select(_remedy, _person.c.name.label("person"))
        .outerjoin(_person, _person.c.id == _remedy.c.person_id)
        .where(_remedy.c.case_id.in_(family))
        .order_by(_remedy.c.at, _remedy.c.id)
        .limit(MOST_ENTRIES)
    )
    return tuple(
        RemedyRow(
            row.id,
            row.case_id,
            row.turn,
            row.kind,
            row.quantity,
            Money(row.amount_fen),
            Money(row.taken_off_fen),
            Money(row.freight_fen),
            row.payment_id,
            row.owed_id,
            row.below_pledge,
            row.disposal,
            row.at,
            row.person or "",
            row.undone_at,
        )
        for row in connection.execute(query)
    )


def _turns(connection: Connection, case_id: int) -> tuple[Turn, ...]:
    query = (
        select(_turn, _person.c.name.label("person"))
        .outerjoin(_person, _person.c.id == _turn.c.solved_by)
        .where(_turn.c.case_id == case_id)
        .order_by(_turn.c.turn)
    )
    return tuple(
        Turn(
            row.turn,
            row.started_at,
            row.solve_due_at,
            row.solved_at,
            row.person or "",
            row.offered,
        )
        for row in connection.execute(query)
    )


def _breaches(connection: Connection, family: Sequence[int]) -> tuple[Breach, ...]:
    query = (
        select(_breach)
        .where(_breach.c.case_id.in_(family))
        .order_by(_breach.c.due_at, _breach.c.id)
        .limit(MOST_ENTRIES)
    )
    return tuple(
        Breach(
            row.case_id,
            row.turn,
            ClockName(row.clock),
            row.due_at,
            row.recorded_at,
            row.owed_id,
        )
        for row in connection.execute(query)
    )


def _follow_ups(connection: Connection, family: Sequence[int]) -> tuple[FollowUp, ...]:
    query = (
        select(_asked, _person.c.name.label("person"))
        .outerjoin(_person, _person.c.id == _asked.c.person_id)
        .where(_asked.c.case_id.in_(family))
        .order_by(_asked.c.id)
        .limit(MOST_ENTRIES)
    )
    return tuple(
        FollowUp(
            row.id,
            row.turn,
            Result(row.result),
            row.feedback,
            row.by_resident,
            row.at,
            row.person or "",
        )
        for row in connection.execute(query)
    )


def _merged(connection: Connection, case_id: int) -> tuple[MergedCase, ...]:
    query = (
        select(_merge, _case.c.said, _case.c.reported_at)
        .join(_case, _case.c.id == _merge.c.drop_id)
        .where(_merge.c.keep_id == case_id, _merge.c.undone_at.is_(None))
        .order_by(_merge.c.id)
    )
    return tuple(
        MergedCase(
            row.drop_id, rules.number(row.drop_id), row.id, row.at, row.said, row.reported_at
        )
        for row in connection.execute(query)
    )
