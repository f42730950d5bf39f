"""Writes of claims and statements (R2). Owner only."""

from datetime import date

from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import monday_of
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.files import intake
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.supply.statements.queries import closed_weeks, open_body
from lib.supply.statements.rules import (
    Body,
    ClaimDetails,
    ClaimStatus,
    body_to_json,
    check_may_close,
    checked_claim,
)
from lib.supply.suppliers.commands import supplier_row

LONGEST_ANSWER = 200
_claim, _statement, _batch = schema.supplier_claim, schema.supplier_statement, schema.batch


def add_claim(
    shop: Shop,
    supplier_id: int,
    details: ClaimDetails,
    batch_id: int | None = None,
    photo: str | None = None,
) -> int:
    """Claim money back from a supplier and return the claim's id.

    ``batch_id`` is the batch it is about, ``photo`` the SHA-256 of a kept picture. Raises
    ``Refused`` for nothing claimed, no reason, a batch of another supplier or more than came of
    it; ``NotFound``.
    """
    with shop.write("supplier_claim.add", by=OWNER_ONLY) as tx:
        tx.result = claim_in(tx, supplier_id, details, batch_id, photo)
    return int(tx.result)


def claim_in(
    tx: Tx,
    supplier_id: int,
    details: ClaimDetails,
    batch_id: int | None = None,
    photo: str | None = None,
) -> int:
    """Step: claim money back from a supplier and return the claim's id; see :func:`add_claim`.

    Adds the note.
    """
    supplier_row(tx, supplier_id)
    ready = checked_claim(details, _came(tx, supplier_id, batch_id))
    intake.require(tx, photo)
    values = {"amount_fen": ready.amount.fen, "quantity": ready.quantity,
              "reason": ready.reason, "photo": photo, "batch_id": batch_id}  # fmt: skip
    claim_id = tx.add(
        _claim,
        supplier_id=supplier_id,
        status=ClaimStatus.OPEN.value,
        created_at=tx.now,
        created_by=tx.actor.id,
        **values,
    )
    tx.note(f"supplier_claim:{claim_id}", after=values, supplier=supplier_id)
    return claim_id


def decide_claim(
    shop: Shop,
    claim_id: int,
    version: int,
    answer: ClaimStatus,
    said: str = "",
    decided_on: date | None = None,
) -> None:
    """Write down how the supplier answered: accepted or declined, and what was ``said``.

    An accepted claim lowers the statement of the week of ``decided_on`` (default: today). Raises
    ``Refused`` when that week is closed or lies ahead and when the claim was decided before;
    ``NotFound``, ``Conflict``.
    """
    with shop.write("supplier_claim.decide", by=OWNER_ONLY) as tx:
        row = tx.row(_claim, claim_id)
        if answer is ClaimStatus.OPEN or row.status != ClaimStatus.OPEN.value:
            raise Refused(N_("This claim is decided already. Take the answer back first."))
        day = decided_on or tx.today
        if day > tx.today:
            raise Refused(N_("The day of the answer lies in the future."))
        if answer is ClaimStatus.ACCEPTED:
            _check_week_is_open(tx, row.supplier_id, day)
        values = {"status": answer.value, "decided_on": day, "answer": clean(said, LONGEST_ANSWER)}
        tx.change(_claim, claim_id, version, **values)
        tx.note(
            f"supplier_claim:{claim_id}",
            before={"status": row.status},
            after=values,
            supplier=row.supplier_id,
        )


def reopen_claim(shop: Shop, claim_id: int) -> None:
    """Take the supplier's answer back; raises ``Refused`` once its week is closed."""
    with shop.write("supplier_claim.reopen", by=OWNER_ONLY) as tx:
        row = tx.row(_claim, claim_id)
        if row.status == ClaimStatus.OPEN.value:
            return
        if row.status == ClaimStatus.ACCEPTED.value:
            _check_week_is_open(tx, row.supplier_id, row.decided_on)
        values = {"status": ClaimStatus.OPEN.value, "decided_on": None, "answer": ""}
        tx.change(_claim, claim_id, row.version, **values)
        before = {name: getattr(row, name) for name in values}
        tx.note(f"supplier_claim:{claim_id}", before=before, after=values)


def close_statement(shop: Shop, supplier_id: int, week: date, looked_at: Body) -> int:
    """Close a supplier's statement for the week of ``week`` and return its id (R2).

    ``looked_at`` is the body the owner saw. Raises ``Refused`` while the week runs and while a
    price is missing, ``Conflict`` when something changed since and when it is closed already.
    """
    with shop.write("supplier_statement.close", by=OWNER_ONLY) as tx:
        monday = monday_of(week)
        supplier_row(tx, supplier_id)
        if monday in closed_weeks(tx.connection, supplier_id):
            raise Conflict(N_("This week is closed already."))
        body = open_body(tx.connection, supplier_id, monday, tx.settings.time_zone)
        check_may_close(monday, tx.today, body)
        if body != looked_at:
            raise Conflict(N_("Something changed since you looked. Look again, then close."))
        sums = {"received_fen": body.received.fen, "claims_fen": body.claimed.fen,
                "payable_fen": body.payable.fen}  # fmt: skip
        statement_id = tx.add(
            _statement,
            supplier_id=supplier_id,
            week=monday,
            body=body_to_json(body),
            closed_at=tx.now,
            closed_by=tx.actor.id,
            **sums,
        )
        after = {"week": monday, **sums}
        tx.note(f"supplier_statement:{statement_id}", after=after, supplier=supplier_id)
        tx.result = statement_id
    return int(tx.result)


def mark_paid(
    shop: Shop,
    statement_id: int,
    version: int,
    paid_on: date,
    how: str,
    evidence: str | None = None,
) -> None:
    """Write down that a statement was settled: when, how, with the picture that shows it.

    A negative one is settled when the supplier gave the money back. ``evidence`` is the SHA-256 of
    a kept file. Raises ``Refused`` for a day before its week or ahead, nothing said, nothing to
    settle; ``NotFound``, ``Conflict``.
    """
    with shop.write("supplier_statement.pay", by=OWNER_ONLY) as tx:
        row = tx.row(_statement, statement_id)
        said = clean(how, LONGEST_ANSWER)
        if row.paid_at is not None:
            raise Conflict(N_("This statement is marked paid already."))
        if not row.payable_fen:
            raise Refused(N_("There is nothing to pay on this statement."))
        if not said:
            raise Refused(N_("Write how it was paid, for example: WeChat transfer."))
        if not row.week <= paid_on <= tx.today:
            raise Refused(N_("The day of payment lies between its week and today."))
        intake.require(tx, evidence)
        paid = {"paid_on": paid_on, "paid_how": said, "evidence": evidence}
        tx.change(_statement, statement_id, version, paid_at=tx.now, paid_by=tx.actor.id, **paid)
        tx.note(
            f"supplier_statement:{statement_id}",
            after={**paid, "amount": row.payable_fen},
            supplier=row.supplier_id,
        )


def unmark_paid(shop: Shop, statement_id: int) -> None:
    """Take back that a statement was paid, for example when the wrong one was marked."""
    with shop.write("supplier_statement.unpay", by=OWNER_ONLY) as tx:
        row = tx.row(_statement, statement_id)
        if row.paid_at is None:
            return
        gone = {"paid_on": None, "paid_how": "", "evidence": None}
        tx.change(_statement, statement_id, row.version, paid_at=None, paid_by=None, **gone)
        before = {name: getattr(row, name) for name in gone}
        tx.note(f"supplier_statement:{statement_id}", before=before, after=gone)


def _check_week_is_open(tx: Tx, supplier_id: int, day: date) -> None:
    if monday_of(day) in closed_weeks(tx.connection, supplier_id):
        raise Refused(
            N_("The week from {week} is closed for this supplier. Use a day of an open week."),
            week=monday_of(day).isoformat(),
        )


def _came(tx: Tx, supplier_id: int, batch_id: int | None) -> int | None:
    """Return all that came of a batch, rejected goods included; None without a batch."""
    if batch_id is None:
        return None
    row = tx.execute(select(_batch).where(_batch.c.id == batch_id)).first()
    if row is None:
        raise NotFound(N_("This batch does not exist."))
    if row.supplier_id != supplier_id:
        raise Refused(N_("This batch came from another supplier."))
    return int(row.received + row.rejected)
