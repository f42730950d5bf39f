"""The monthly clean-up: what is past its time goes, in one transaction and bounded parts.

What the law demands stays: sums, purchases and what traces food have no retention here, and are in
no table that this touches. Rows of consents may go only while ``erasing`` holds a row.
"""

from datetime import date
from typing import Any

from sqlalchemy import delete, insert, null, select, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.members.clean_up.past.queries import TABLES, past
from lib.members.clean_up.queries import leaving_ids
from lib.members.clean_up.rules import CHUNK, Borders, Kind, borders, month_of
from lib.members.consents.commands import withdraw
from lib.members.consents.queries import agreeing
from lib.members.consents.rules import How, Purpose
from lib.members.erasure.commands import erase
from lib.members.erasure.rules import Why
from lib.shop.shop import OWNER_ONLY, Shop, Tx

_done = schema.clean_up

EMPTIED: dict[Kind, dict[str, Any]] = {
    Kind.CHAINS: {"content": "", "file_name": ""},
    Kind.ENTRIES: {"source_body": null()},
    Kind.POSTS: {"text": ""},
    Kind.MESSAGES: {"text": "", "whole": ""},
    Kind.WISHES: {"said": "", "name": "", "folded_name": null()},
    Kind.REPORTS: {"reporter_name": "", "reporter_home": ""},
}
"""Rows that stay without what named somebody; of the other kinds the rows are deleted."""


def clean_up(shop: Shop, month: date) -> dict[Kind, int]:
    """Do the clean-up of ``month``, the first of it, and return how many rows of each kind went.

    At most :data:`CHUNK` of a kind and ``MOST_MEMBERS`` files: with more it is done again. Raises
    ``Refused`` for another month than this one, and when there is nothing to do.
    """
    with shop.write("personal.clean_up", by=OWNER_ONLY) as tx:
        if month != month_of(tx.today):
            raise Refused(N_("This page shows another month. Look again."))
        limit = borders(tx.settings, tx.today)
        row = {"month": month, "counts": {}, "at": tx.now, "person_id": tx.actor.id}
        clean_up_id = tx.add(schema.clean_up, **row)
        said: dict[str, int] = {}
        # The first note names the journal row; those of what follows from it come after.
        tx.note(f"clean_up:{clean_up_id}", after=said)
        counts = {Kind.BIRTHDAYS: _end_birthdays(tx, limit)}
        for kind in Kind:
            if kind not in (Kind.MEMBERS, Kind.BIRTHDAYS):
                counts[kind] = _take_away(tx, kind, limit)
        counts[Kind.MEMBERS] = _make_anonymous(tx, limit)
        kept = {kind.value: counts[kind] for kind in Kind if counts[kind]}
        if not kept:
            raise Refused(N_("Nothing is past its time."))
        said |= {"members": counts[Kind.MEMBERS], "rows": sum(kept.values())}
        tx.execute(update(_done).where(_done.c.id == clean_up_id).values(counts=kept))
        tx.result = {"clean_up_id": clean_up_id}
    return counts


def _make_anonymous(tx: Tx, limit: Borders) -> int:
    found = leaving_ids(tx.connection, limit)
    for member_id in found:
        erase(tx, member_id, Why.RETENTION)
    return len(found)


def _end_birthdays(tx: Tx, limit: Borders) -> int:
    """Delete birthdays nobody needs any more; their consent ends with them."""
    days = schema.birthday
    query = select(days.c.member_id).where(past(Kind.BIRTHDAYS, limit)).limit(CHUNK)
    found = [int(member_id) for member_id in tx.execute(query).scalars()]
    agreed = agreeing(tx.connection, Purpose.BIRTHDAY, found)
    for member_id in found:
        if member_id in agreed:
            withdraw(tx, member_id, Purpose.BIRTHDAY, How.CLEAN_UP)
    tx.execute(delete(days).where(days.c.member_id.in_(found)))
    return len(found)


def _take_away(tx: Tx, kind: Kind, limit: Borders) -> int:
    table = TABLES[kind]
    key = next(iter(table.primary_key))
    query = select(key).where(past(kind, limit)).order_by(key).limit(CHUNK)
    found = list(tx.execute(query).scalars())
    if not found:
        return 0
    mine = key.in_(found)
    if kind in EMPTIED:
        tx.execute(update(table).where(mine).values(EMPTIED[kind]))
    else:
        _delete(tx, kind, mine)
    return len(found)


def _delete(tx: Tx, kind: Kind, mine: Any) -> None:
    if kind is not Kind.CONSENTS:
        tx.execute(delete(TABLES[kind]).where(mine))
        return
    erasing = schema.erasing
    tx.execute(insert(erasing).values(id="clean_up"))
    tx.execute(delete(TABLES[kind]).where(mine))
    tx.execute(delete(erasing))
