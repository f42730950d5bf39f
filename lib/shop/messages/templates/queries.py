"""Reads of the owner's wordings."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from lib.db import schema
from lib.shop.shop import DESK, Shop

_template = schema.message_template


@dataclass(frozen=True)
class Own:
    """What the owner wrote for one event, in the shop's ``language`` of that time."""

    event: str
    text: str
    language: str
    changed_at: datetime
    changed_by: str
    version: int


def own_wordings(shop: Shop) -> dict[str, str]:
    """Return the owner's wordings by event; there are at most as many as events."""
    with shop.read() as connection:
        return own_wordings_in(connection)


def own_wordings_in(connection: Connection) -> dict[str, str]:
    """Return what :func:`own_wordings` does, in an open transaction."""
    rows = connection.execute(select(_template.c.event, _template.c.text))
    return {row.event: row.text for row in rows}


def templates(shop: Shop) -> dict[str, Own]:
    """Return the owner's wordings by event with who wrote them and when; for the desk."""
    shop.require(DESK)
    people = schema.person
    query = select(_template, people.c.name).outerjoin(
        people, people.c.id == _template.c.changed_by
    )
    with shop.read() as connection:
        return {
            row.event: Own(
                row.event, row.text, row.language, row.changed_at, row.name or "", row.version
            )
            for row in connection.execute(query)
        }
