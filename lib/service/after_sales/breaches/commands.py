"""Writing down promises that ran out. Whoever comes first does it, once (R26, R27, R29)."""

from collections.abc import Sequence

from sqlalchemy import insert

from lib.db import schema
from lib.service.after_sales.breaches.queries import RanOut, ran_out
from lib.service.after_sales.rules import EntryKind
from lib.shop.shop import SYSTEM_ONLY, Shop, Tx

_breach, _entry = schema.case_breach, schema.case_entry


def record_breaches(shop: Shop) -> int:
    """Write down every clock that ran out by now, and return how many were new.

    For the program itself, as often as it likes and in several processes: a look without a find
    writes nothing, and each promise is written once, with the moment it ran out.
    """
    with shop.read() as connection:
        if not ran_out(connection, shop.clock.now()):
            return 0
    with shop.write("case.breach", by=SYSTEM_ONLY) as tx:
        found = ran_out(tx.connection, tx.now)
        _write(tx, found)
        for each in found:
            tx.note(f"after_sales_case:{each.case_id}", after=_said(each))
        tx.result = len(found)
    return int(tx.result)


def record_due(tx: Tx, case_id: int) -> None:
    """Step: write down the clocks of a case that ran out, before one is met, stopped or moved."""
    _write(tx, ran_out(tx.connection, tx.now, case_id))


def _write(tx: Tx, found: Sequence[RanOut]) -> None:
    if not found:
        return
    rows = [
        {
            "case_id": each.case_id,
            "turn": each.turn,
            "clock": each.clock.value,
            "owed_id": each.owed_id,
            "due_at": each.due_at,
            "recorded_at": tx.now,
        }
        for each in found
    ]
    entries = [
        {
            "case_id": each.case_id,
            "kind": EntryKind.BREACH.value,
            "text": "",
            "for_resident": False,
            "by_resident": False,
            "details": _said(each),
            "at": tx.now,
            "person_id": None,
        }
        for each in found
    ]
    tx.execute(insert(_breach), rows)
    tx.execute(insert(_entry), entries)


def _said(each: RanOut) -> dict[str, object]:
    said: dict[str, object] = {"clock": each.clock.value, "due_at": each.due_at.isoformat()}
    return {**said, "owed_id": each.owed_id} if each.owed_id is not None else said
