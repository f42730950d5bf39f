"""Writes of the rhythm (R4): days on which a product had sold out."""

from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.shop import Shop, Tx

MARK_BACK_DAYS = 14
"""Who marks a day as sold out remembers it: two weeks back, not a year."""

_mark = schema.sold_out_mark


def mark_sold_out(shop: Shop, product_id: int, day: date) -> None:
    """Say that a product had sold out on ``day``; marking twice is one mark. R4.

    Raises ``Refused`` for a day to come or one too long ago, ``NotFound`` for a product not there.
    """
    with shop.write("rhythm.mark_sold_out") as tx:
        product_name(tx, product_id)
        if not tx.today - timedelta(days=MARK_BACK_DAYS) <= day <= tx.today:
            raise Refused(N_("Mark today or one of the last {days} days."), days=MARK_BACK_DAYS)
        known = select(_mark.c.day).where(_mark.c.product_id == product_id, _mark.c.day == day)
        if tx.execute(known).first() is None:
            tx.execute(
                insert(_mark).values(
                    product_id=product_id, day=day, at=tx.now, person_id=tx.actor.id
                )
            )
        tx.note(f"product:{product_id}", after={"day": day})


def unmark_sold_out(shop: Shop, product_id: int, day: date) -> None:
    """Take the mark of a day back. R4."""
    with shop.write("rhythm.unmark_sold_out") as tx:
        done = tx.execute(delete(_mark).where(_mark.c.product_id == product_id, _mark.c.day == day))
        if done.rowcount == 0:
            raise NotFound(N_("This day is not marked."))
        tx.note(f"product:{product_id}", before={"day": day})


def product_name(tx: Tx, product_id: int) -> str:
    """Return the name of a product on sale; raises ``NotFound``. A step of commands."""
    table = schema.product
    name = tx.execute(
        select(table.c.name).where(table.c.id == product_id, table.c.archived_at.is_(None))
    ).scalar()
    if name is None:
        raise NotFound(N_("This product is not on sale."))
    return str(name)
