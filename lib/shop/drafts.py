"""Long texts being typed, kept in the books so that a lost connection loses nothing (R22).

A draft is nobody's business but its writer's; it is not journalled and is gone once what it was
for is done, or after the time housekeeping gives it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from lib.db import schema
from lib.shop.shop import Shop


@dataclass(frozen=True)
class Draft:
    """Text somebody left in a form, and when."""

    text: str
    saved_at: datetime


def kept(shop: Shop, form: str) -> Draft | None:
    """Return what the actor left in ``form``; None for nothing."""
    table = schema.draft
    query = select(table).where(table.c.person_id == shop.actor.id, table.c.form == form)
    with shop.read() as connection:
        row = connection.execute(query).first()
    return Draft(row.body, row.saved_at) if row else None


def keep(shop: Shop, form: str, text: str) -> None:
    """Keep ``text`` as the actor's draft of ``form``; an empty one forgets it."""
    if not text.strip():
        forget(shop, form)
        return
    table = schema.draft
    mine = (table.c.person_id == shop.actor.id) & (table.c.form == form)
    values = {"body": text, "saved_at": shop.clock.now()}
    with shop.store.write() as connection:
        if connection.execute(update(table).where(mine).values(**values)).rowcount == 0:
            row = {"person_id": shop.actor.id, "form": form, **values}
            connection.execute(insert(table).values(**row))


def forget(shop: Shop, form: str) -> None:
    """Drop the actor's draft of ``form``."""
    table = schema.draft
    mine = (table.c.person_id == shop.actor.id) & (table.c.form == form)
    with shop.store.write() as connection:
        connection.execute(delete(table).where(mine))
