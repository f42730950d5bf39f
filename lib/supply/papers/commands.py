"""Writes of papers and agreements. Owner only; a scan is kept as a file before (lib.shop.files)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.files import intake
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.supply.papers.rules import (
    AgreementDetails,
    PaperDetails,
    checked_agreement,
    checked_paper,
    overlaps,
)
from lib.supply.suppliers.commands import supplier_row

_paper, _agreement = schema.supplier_paper, schema.agreement


def add_paper(
    shop: Shop,
    supplier_id: int,
    details: PaperDetails,
    scan: str | None = None,
    *,
    published: bool = False,
) -> int:
    """Keep a paper of a supplier and return its id (R9).

    ``scan`` is the SHA-256 of a kept file, ``published`` whether residents may see it. Raises
    ``Refused`` for days that cannot be, ``NotFound`` for an unknown supplier or file.
    """
    with shop.write("supplier_paper.add", by=OWNER_ONLY) as tx:
        ready = checked_paper(details, tx.today)
        supplier_row(tx, supplier_id)
        intake.require(tx, scan)
        paper_id = tx.add(
            _paper,
            supplier_id=supplier_id,
            **_paper_columns(ready),
            scan=scan,
            published_at=tx.now if published else None,
            created_at=tx.now,
            created_by=tx.actor.id,
        )
        after = {**_paper_columns(ready), "scan": scan, "published": published}
        tx.note(f"supplier_paper:{paper_id}", after=after, supplier=supplier_id)
        tx.result = paper_id
    return int(tx.result)


def change_paper(
    shop: Shop, paper_id: int, version: int, details: PaperDetails, scan: str | None = None
) -> None:
    """Correct what is kept of a paper; a new ``scan`` replaces the old one, None keeps it.

    Raises ``Refused``, ``NotFound`` and ``Conflict``. A renewed paper is a new one, not a change.
    """
    with shop.write("supplier_paper.change", by=OWNER_ONLY) as tx:
        row = tx.row(_paper, paper_id)
        ready = checked_paper(details, tx.today)
        intake.require(tx, scan)
        columns = {**_paper_columns(ready), "scan": scan or row.scan}
        before = {name: getattr(row, name) for name in columns}
        tx.change(_paper, paper_id, version, **columns)
        facts = {"supplier": row.supplier_id}
        tx.note(f"supplier_paper:{paper_id}", before=before, after=columns, **facts)


def publish_paper(shop: Shop, paper_id: int, *, published: bool) -> None:
    """Let residents see a paper while it is in force, or no longer."""
    with shop.write("supplier_paper.publish", by=OWNER_ONLY) as tx:
        row = tx.row(_paper, paper_id)
        if row.withdrawn_at is not None and published:
            raise Refused(N_("This paper was withdrawn."))
        if (row.published_at is not None) == published:
            return
        tx.change(_paper, paper_id, row.version, published_at=tx.now if published else None)
        before, after = {"published": not published}, {"published": published}
        tx.note(f"supplier_paper:{paper_id}", before=before, after=after)


def withdraw_paper(shop: Shop, paper_id: int) -> None:
    """Say that a paper no longer counts; it is seen by nobody but the shop from then on."""
    with shop.write("supplier_paper.withdraw", by=OWNER_ONLY) as tx:
        row = tx.row(_paper, paper_id)
        if row.withdrawn_at is not None:
            return
        tx.change(_paper, paper_id, row.version, withdrawn_at=tx.now, published_at=None)
        before, after = {"withdrawn": False}, {"withdrawn": True}
        tx.note(f"supplier_paper:{paper_id}", before=before, after=after)


def add_agreement(
    shop: Shop, supplier_id: int, details: AgreementDetails, scan: str | None = None
) -> int:
    """Keep an agreement with a supplier and return its id (R2).

    ``scan`` is the SHA-256 of a kept file. Raises ``Refused`` for days that cannot be and for an
    agreement that overlaps another one, which has to end first; ``NotFound``.
    """
    with shop.write("agreement.add", by=OWNER_ONLY) as tx:
        ready = checked_agreement(details)
        supplier_row(tx, supplier_id)
        intake.require(tx, scan)
        _check_alone(tx, supplier_id, ready, None)
        columns = {**_agreement_columns(ready), "scan": scan}
        agreement_id = tx.add(_agreement, supplier_id=supplier_id, created_at=tx.now, **columns)
        tx.note(f"agreement:{agreement_id}", after=columns, supplier=supplier_id)
        tx.result = agreement_id
    return int(tx.result)


def change_agreement(
    shop: Shop,
    agreement_id: int,
    version: int,
    details: AgreementDetails,
    scan: str | None = None,
) -> None:
    """Correct what is kept of an agreement; a new ``scan`` replaces the old one, None keeps it."""
    with shop.write("agreement.change", by=OWNER_ONLY) as tx:
        row = tx.row(_agreement, agreement_id)
        if row.ended_at is not None:
            raise Refused(N_("This agreement has been ended. Enter the new one instead."))
        ready = checked_agreement(details)
        intake.require(tx, scan)
        _check_alone(tx, row.supplier_id, ready, agreement_id)
        columns = {**_agreement_columns(ready), "scan": scan or row.scan}
        before = {name: getattr(row, name) for name in columns}
        tx.change(_agreement, agreement_id, version, **columns)
        facts = {"supplier": row.supplier_id}
        tx.note(f"agreement:{agreement_id}", before=before, after=columns, **facts)


def end_agreement(shop: Shop, agreement_id: int, last_day: date) -> None:
    """End an agreement with ``last_day`` as its last day; it is warned of no longer.

    Raises ``Refused`` for a last day before its start or in the future beyond its notice.
    """
    with shop.write("agreement.end", by=OWNER_ONLY) as tx:
        row = tx.row(_agreement, agreement_id)
        if row.ended_at is not None:
            return
        if last_day < row.starts_on:
            raise Refused(N_("The agreement would end before it starts. Check the two days."))
        latest = tx.today + timedelta(days=365)
        if last_day > latest:
            raise Refused(N_("End it within a year, or change its last day instead."))
        ended = {"ends_on": last_day, "ended_at": tx.now}
        tx.change(_agreement, agreement_id, row.version, **ended)
        tx.note(
            f"agreement:{agreement_id}",
            before={"ends_on": row.ends_on, "ended": False},
            after={"ends_on": last_day, "ended": True},
            supplier=row.supplier_id,
        )


def _paper_columns(details: PaperDetails) -> dict[str, Any]:
    return {
        "kind": details.kind.value,
        "number": details.number,
        "issued_on": details.issued_on,
        "valid_until": details.valid_until,
    }


def _agreement_columns(details: AgreementDetails) -> Mapping[str, Any]:
    minimum = details.minimum_order
    return {
        "starts_on": details.starts_on,
        "ends_on": details.ends_on,
        "cycle": details.cycle.value,
        "minimum_order_fen": None if minimum is None else minimum.fen,
        "case_note": details.case_note,
        "spoilage_by": details.spoilage_by.value,
        "notice_days": details.notice_days,
        "prepayment_fen": details.prepayment.fen,
        "note": details.note,
    }


def _check_alone(
    tx: Tx, supplier_id: int, details: AgreementDetails, agreement_id: int | None
) -> None:
    query = select(_agreement).where(_agreement.c.supplier_id == supplier_id)
    for row in tx.execute(query):
        if row.id == agreement_id:
            continue
        if overlaps(details.starts_on, details.ends_on, row.starts_on, row.ends_on):
            raise Refused(
                N_("It overlaps the agreement that starts on {day}. End that one first."),
                day=row.starts_on.isoformat(),
            )
