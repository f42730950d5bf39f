"""Writes of evidence (R8, R9). The file itself is in place before: see lib/shop/files/intake."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.files import intake
from lib.shop.files.intake import Taken, register
from lib.shop.shop import Shop, Tx
from lib.supply.traceability.rules import Details, Kind, Target

_evidence = schema.evidence
_TABLES = {
    "supplier_id": schema.supplier,
    "product_id": schema.product,
    "batch_id": schema.batch,
}


def add_evidence(
    shop: Shop,
    target: Target,
    sha256: str,
    kind: Kind,
    title: str = "",
    made_on: date | None = None,
    issuer: str = "",
    result: str = "",
) -> int:
    """Add the kept file ``sha256`` as evidence of ``target`` and return the row's id; internal.

    Raises ``Refused`` for a file that is already there for this very target (A16) or a day to come,
    ``NotFound`` for an unknown target or file. R8, R9.
    """
    details = Details(Kind(kind), title, made_on, issuer, result)
    with shop.write("evidence.add") as tx:
        intake.require(tx, sha256)
        added = _add(tx, target, sha256, details)
        if added is None:
            raise Refused(N_("This file is already there."))
        tx.result = added
    return int(tx.result)


def take_evidence(shop: Shop, target: Target, taken: Taken, details: Details) -> int | None:
    """Book a file that :mod:`lib.shop.files.intake` put in place and add it as evidence; internal.

    Returns the row's id; None when the same file is there already for this very target (A16).
    Raises ``Refused`` for a day to come, ``NotFound`` for an unknown target. R8, R9.
    """
    with shop.write("evidence.add") as tx:
        register(tx, taken)
        tx.result = _add(tx, target, taken.sha256, details)
    return None if tx.result is None else int(tx.result)


def change_evidence(shop: Shop, evidence_id: int, expected: int, details: Details) -> None:
    """Change what is known of a piece of evidence; ``expected`` is the version that was seen.

    Raises ``Refused`` for a day to come, ``NotFound`` for a removed row, ``Conflict`` when somebody
    else changed it meanwhile.
    """
    with shop.write("evidence.change") as tx:
        row = _row(tx, evidence_id)
        new = details.checked(tx.today)
        old = Details(Kind(row.kind), row.title, row.made_on, row.issuer, row.result)
        tx.change(_evidence, evidence_id, expected, **_columns(new))
        tx.note(f"evidence:{evidence_id}", before=_noted(old), after=_noted(new))


def publish_evidence(shop: Shop, evidence_id: int, expected: int) -> None:
    """Let residents see a piece of evidence; one that they see already stays as it is.

    Raises ``NotFound`` for a removed row, ``Conflict`` when somebody else changed it meanwhile.
    """
    with shop.write("evidence.publish") as tx:
        _set_published(tx, evidence_id, expected, published=True)


def publish_several(shop: Shop, seen: Mapping[int, int]) -> int:
    """Let residents see several pieces of evidence, all or none; return how many there were.

    ``seen`` are row ids with the versions that were seen. Raises as :func:`publish_evidence`.
    """
    with shop.write("evidence.publish") as tx:
        for evidence_id, expected in sorted(seen.items()):
            _set_published(tx, evidence_id, expected, published=True)
        tx.result = len(seen)
    return int(tx.result)


def withdraw_evidence(shop: Shop, evidence_id: int, expected: int) -> None:
    """Take a piece of evidence away from residents at once, also in tabs that are open (A27).

    Raises ``NotFound`` for a removed row, ``Conflict`` when somebody else changed it meanwhile.
    """
    with shop.write("evidence.withdraw") as tx:
        _set_published(tx, evidence_id, expected, published=False)


def remove_evidence(shop: Shop, evidence_id: int, expected: int) -> None:
    """Take a piece of evidence off every screen; its row and its file stay for the journal.

    Raises ``NotFound`` for a row removed before, ``Conflict`` when somebody else changed it.
    """
    with shop.write("evidence.remove") as tx:
        row = _row(tx, evidence_id)
        tx.change(
            _evidence,
            evidence_id,
            expected,
            removed_at=tx.now,
            published_at=None,
            published_by=None,
        )
        before = {"title": row.title, "kind": row.kind, "published": row.published_at is not None}
        tx.note(f"evidence:{evidence_id}", before=before)


def _add(tx: Tx, target: Target, sha256: str, details: Details) -> int | None:
    """Add a row about a booked file; None when the file is there already."""
    details = details.checked(tx.today)
    _check_target(tx, target)
    there = tx.execute(_standing(target, sha256)).scalar()
    if there is not None:
        tx.note(f"evidence:{there}")
        return None
    row_id = tx.add(
        _evidence,
        **target.columns(),
        **_columns(details),
        blob=sha256,
        created_at=tx.now,
        created_by=tx.actor.id,
    )
    tx.note(f"evidence:{row_id}", after={**_noted(details), **target.columns()})
    return row_id


def _set_published(tx: Tx, evidence_id: int, expected: int, *, published: bool) -> None:
    row = _row(tx, evidence_id)
    was = row.published_at is not None
    if was != published:
        tx.change(
            _evidence,
            evidence_id,
            expected,
            published_at=tx.now if published else None,
            published_by=tx.actor.id if published else None,
        )
    tx.note(f"evidence:{evidence_id}", before={"published": was}, after={"published": published})


def _check_target(tx: Tx, target: Target) -> None:
    ((name, row_id),) = target.columns().items()
    table = _TABLES[name]
    if tx.execute(select(table.c.id).where(table.c.id == row_id)).first() is None:
        raise NotFound(N_("What this is about is not in the books."))


def _standing(target: Target, sha256: str) -> Any:
    of_target = [_evidence.c[name] == value for name, value in target.columns().items()]
    return select(_evidence.c.id).where(
        _evidence.c.blob == sha256, _evidence.c.removed_at.is_(None), *of_target
    )


def _row(tx: Tx, evidence_id: int) -> Row[Any]:
    query = select(_evidence).where(_evidence.c.id == evidence_id, _evidence.c.removed_at.is_(None))
    row = tx.execute(query).first()
    if row is None:
        raise NotFound(N_("This evidence was removed."))
    return row


def _columns(details: Details) -> dict[str, Any]:
    return {
        "kind": details.kind.value,
        "title": details.title,
        "made_on": details.made_on,
        "issuer": details.issuer,
        "result": details.result,
    }


def _noted(details: Details) -> dict[str, Any]:
    return {name: value for name, value in _columns(details).items() if value}
