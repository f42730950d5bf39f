"""Notes of residents, for the shop only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from lib.db import schema
from lib.shop.shop import DESK, Shop
from lib.trust.demands.notes.rules import State

MOST_SHOWN = 50
MOST_DECIDED = 20

_note = schema.wish_note


@dataclass(frozen=True)
class Note:
    """What a resident wrote, and when; ``decided_at`` and ``by`` of one that was put aside."""

    id: int
    text: str
    name: str
    at: datetime
    decided_at: datetime | None = None
    by: str = ""


def waiting_notes(shop: Shop) -> int:
    """Return how many notes wait to be read."""
    shop.require(DESK)
    query = select(func.count()).where(_note.c.status == State.WAITING.value)
    with shop.read() as connection:
        return int(connection.execute(query).scalar_one())


def is_open(shop: Shop) -> bool:
    """Whether residents can send a wish: the box is open and not full. For everybody."""
    if not shop.settings.wish_box:
        return False
    limit = shop.settings.most_waiting_wishes
    query = select(_note.c.id).where(_note.c.status == State.WAITING.value).limit(limit)
    with shop.read() as connection:
        return len(connection.execute(query).all()) < limit


def notes(shop: Shop) -> tuple[Note, ...]:
    """Return the notes that wait, the oldest first, at most :data:`MOST_SHOWN`."""
    shop.require(DESK)
    query = (
        select(_note)
        .where(_note.c.status == State.WAITING.value)
        .order_by(_note.c.at, _note.c.id)
        .limit(MOST_SHOWN)
    )
    with shop.read() as connection:
        return tuple(_of(row) for row in connection.execute(query))


def put_aside(shop: Shop) -> tuple[Note, ...]:
    """Return the notes put aside last, newest first."""
    shop.require(DESK)
    people = schema.person
    query = (
        select(_note, people.c.name.label("by"))
        .outerjoin(people, people.c.id == _note.c.decided_by)
        .where(_note.c.status == State.PUT_ASIDE.value)
        .order_by(_note.c.decided_at.desc(), _note.c.id.desc())
        .limit(MOST_DECIDED)
    )
    with shop.read() as connection:
        return tuple(_of(row, row.by or "") for row in connection.execute(query))


def _of(row: Row[Any], by: str = "") -> Note:
    return Note(row.id, row.text, row.name, row.at, row.decided_at, by)
