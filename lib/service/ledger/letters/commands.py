"""Writes of letters to suppliers: writing one with its claim, and that it was sent. Owner only.

A letter and the claim it makes are one save. The complaints of a claim carry its number, so that
nothing is claimed twice (R2, R32).
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, update

from lib.db import schema
from lib.kernel.errors import Conflict, Refused
from lib.kernel.words import N_
from lib.service.after_sales.rules import number
from lib.service.ledger.letters.kept import body_to_json, facts_mark
from lib.service.ledger.letters.queries import facts_in
from lib.service.ledger.letters.rules import (
    Body,
    Choice,
    Facts,
    Line,
    checked_choice,
    checked_how,
)
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.supply.statements.commands import claim_in
from lib.supply.statements.rules import LONGEST_REASON, ClaimDetails

_letter, _case, _batch = schema.supplier_letter, schema.after_sales_case, schema.batch


def write_letter(shop: Shop, supplier_id: int, month: date, choice: Choice, looked_at: str) -> int:
    """Write the next edition of a supplier's letter about the month of ``month``; returns its id.

    With a sum it makes the claim, open until the supplier answered; accepted, it lowers the
    statement of that week. ``looked_at`` is :func:`lib.service.ledger.letters.kept.facts_mark` of
    what the owner saw. Raises ``Refused`` for a month ahead, a claim without complaints, another
    sum without a reason; ``Conflict`` when the books changed meanwhile; ``NotFound``.
    """
    with shop.write("supplier_letter.write", by=OWNER_ONLY) as tx:
        first = month.replace(day=1)
        if first > tx.today:
            raise Refused(N_("This month lies ahead. Choose another."))
        facts = facts_in(tx.connection, tx.settings, supplier_id, first)
        if facts_mark(facts) != looked_at:
            raise Conflict(N_("Something changed since you looked. Look again, then write."))
        kept = checked_choice(choice, facts)
        body = body_to_json(Body(facts, kept))
        edition = _next_edition(tx, supplier_id, first)
        letter_id = tx.add(
            _letter,
            supplier_id=supplier_id,
            month=first,
            edition=edition,
            body=body,
            asks=kept.asks,
            created_at=tx.now,
            created_by=tx.actor.id,
        )
        after = {"month": first, "edition": edition, "asks": kept.asks, "amount": kept.claim.fen}
        tx.note(f"supplier_letter:{letter_id}", after=after, supplier=supplier_id)
        if kept.claim:
            claim_id = _claim(tx, supplier_id, first, edition, facts, kept)
            mine = update(_letter).where(_letter.c.id == letter_id)
            tx.execute(mine.values(claim_id=claim_id))
        tx.result = letter_id
    return int(tx.result)


def mark_sent(shop: Shop, letter_id: int, version: int, how: str) -> None:
    """Write down how a letter was sent; raises ``Refused``, ``NotFound``, ``Conflict``."""
    with shop.write("supplier_letter.send", by=OWNER_ONLY) as tx:
        row = tx.row(_letter, letter_id)
        said = checked_how(how)
        if row.sent_at is not None:
            raise Conflict(N_("This letter is marked as sent already."))
        tx.change(_letter, letter_id, version, sent_at=tx.now, sent_how=said)
        tx.note(f"supplier_letter:{letter_id}", after={"how": said}, supplier=row.supplier_id)


def unmark_sent(shop: Shop, letter_id: int) -> None:
    """Take back that a letter was sent."""
    with shop.write("supplier_letter.unsend", by=OWNER_ONLY) as tx:
        row = tx.row(_letter, letter_id)
        if row.sent_at is None:
            return
        tx.change(_letter, letter_id, row.version, sent_at=None, sent_how="")
        tx.note(f"supplier_letter:{letter_id}", before={"how": row.sent_how})


def _next_edition(tx: Tx, supplier_id: int, month: date) -> int:
    query = select(func.coalesce(func.max(_letter.c.edition), 0)).where(
        _letter.c.supplier_id == supplier_id, _letter.c.month == month
    )
    return int(tx.execute(query).scalar_one()) + 1


def _claim(
    tx: Tx, supplier_id: int, month: date, edition: int, facts: Facts, choice: Choice
) -> int:
    """Make the claim of a letter and let its complaints carry its number."""
    lines = facts.claimable
    ids = [line.case_id for line in lines]
    batch = _only_batch(tx, ids)
    details = ClaimDetails(
        choice.claim, _reason(month, edition, ids, choice.why), _quantity(batch, lines)
    )
    claim_id = claim_in(tx, supplier_id, details, batch.id if batch is not None else None)
    free = update(_case).where(_case.c.id.in_(ids), _case.c.claim_id.is_(None))
    if tx.execute(free.values(claim_id=claim_id)).rowcount != len(ids):
        raise Conflict(N_("Something changed since you looked. Look again, then write."))
    for case_id in ids:
        tx.note(f"after_sales_case:{case_id}", after={"claim_id": claim_id})
    return claim_id


def _only_batch(tx: Tx, ids: Collection[int]) -> Row[Any] | None:
    """Return the batch that all the complaints are about; None for several or none known."""
    known = tx.execute(select(_case.c.batch_id).where(_case.c.id.in_(ids)).distinct()).scalars()
    found = list(known)
    if len(found) != 1 or found[0] is None:
        return None
    return tx.row(_batch, found[0])


def _quantity(batch: Row[Any] | None, lines: Sequence[Line]) -> int | None:
    """Return how much of the batch the claim is about, where every complaint says so."""
    if batch is None or any(line.quantity is None for line in lines):
        return None
    quantity = sum(line.quantity or 0 for line in lines)
    return quantity if 0 < quantity <= batch.received + batch.rejected else None


def _reason(month: date, edition: int, ids: Sequence[int], why: str) -> str:
    """Return what stands on the claim, for the shop: the letter, its cases, why another sum."""
    numbers = " ".join(number(case_id) for case_id in ids)
    head = f"{month:%Y-%m} / {edition}"
    parts = [part for part in (head, why, numbers) if part]
    said = " · ".join(parts)
    return said if len(said) <= LONGEST_REASON else said[: LONGEST_REASON - 1] + "…"
