"""Steps of merging two files and of taking that apart, for the rhythm reckoned of each.

Whatever a person wrote (birthday, likings, consents, gifts) keeps the file it was written to and is
read over the family, so that taking a merge back needs nothing.
"""

from datetime import date

from sqlalchemy import Row, insert, select, update

from lib.db import schema
from lib.shop.shop import Tx

LONG_AGO = date(2000, 1, 1)
"""A rhythm reckoned then is reckoned anew at the next look (``habits.commands``)."""

_rhythm = schema.member_rhythm


def join_rhythm(tx: Tx, keep_id: int, drop_id: int) -> None:
    """Let the kept file's rhythm be reckoned anew from the orders of both.

    Where only the other file had one it is lent until then.
    """
    row = _row(tx, drop_id)
    if row is not None and _row(tx, keep_id) is None:
        tx.execute(insert(_rhythm).values({**row._mapping, "member_id": keep_id}))
    _reckon_again(tx, keep_id)


def part_rhythm(tx: Tx, keep_id: int, drop_id: int) -> None:
    """Let the rhythms of both be reckoned anew."""
    _reckon_again(tx, keep_id, drop_id)


def _reckon_again(tx: Tx, *member_ids: int) -> None:
    mine = _rhythm.c.member_id.in_(member_ids)
    tx.execute(update(_rhythm).where(mine).values(reckoned_on=LONG_AGO))


def _row(tx: Tx, member_id: int) -> Row[tuple[object, ...]] | None:
    return tx.execute(select(_rhythm).where(_rhythm.c.member_id == member_id)).first()
