"""Writes of recalls: stop a sale, start, tell, close. A staff member may stop; the owner releases.

Everybody at the counter must be able to stop goods at once; letting them go again is weighed.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.supply.recall import rules
from lib.supply.recall.queries import reached_in
from lib.supply.recall.rules import How

_recall, _reached, _batch = schema.recall, schema.recall_line, schema.batch
_product = schema.product


def stop_sale(shop: Shop, batch_id: int, reason: str, *, product: bool = False) -> None:
    """Stop the sale of a batch, with ``product`` of everything of that product.

    What is stopped leaves to no resident and, a product, takes no orders. Raises ``Refused``
    without a reason, ``NotFound`` for an unknown batch; what is stopped already stays as it is.
    """
    with shop.write("batch.stop") as tx:
        why = rules.typed_reason(reason)
        row = _one_batch(tx, batch_id)
        _stop(tx, row, why, product=product)


def release_sale(shop: Shop, batch_id: int, reason: str, *, product: bool = True) -> None:
    """Let a stopped batch be sold again, with ``product`` the product, too. Owner only.

    Raises ``Refused`` without a reason or while a recall of the batch is open.
    """
    with shop.write("batch.release", by=OWNER_ONLY) as tx:
        why = rules.typed_reason(reason)
        row = _one_batch(tx, batch_id)
        if _open_recall(tx, batch_id) is not None:
            raise Refused(N_("A recall of this batch is open. Close it first."))
        tx.execute(
            update(_batch)
            .where(_batch.c.id == batch_id)
            .values(stopped_at=None, stop_reason="", version=_batch.c.version + 1)
        )
        before = {"stopped": True, "reason": row.stop_reason}
        tx.note(f"batch:{batch_id}", before=before, after={"stopped": False, "reason": why})
        if product:
            _release_product(tx, row.product_id, why)


def start_recall(
    shop: Shop, batch_id: int, reason: str, advice: str, *, stop_product: bool = False
) -> int:
    """Call a batch back: stop its sale and list who has goods of it. Return the recall's id.

    ``reason`` and ``advice`` are read by residents. Raises ``Refused`` without a reason or when a
    recall of the batch is open, ``NotFound`` for an unknown batch.
    """
    with shop.write("recall.start") as tx:
        why, what_to_do = rules.typed_reason(reason), rules.typed_advice(advice)
        row = _one_batch(tx, batch_id)
        if _open_recall(tx, batch_id) is not None:
            raise Refused(N_("This batch is already called back."))
        tx.result = tx.add(
            _recall,
            batch_id=batch_id,
            reason=why,
            advice=what_to_do,
            started_at=tx.now,
            started_by=tx.actor.id,
        )
        lines = _list_lines(tx, tx.result, batch_id)
        after = {"batch": row.code, "product": row.product_name, "reason": why, "lines": lines}
        tx.note(f"recall:{tx.result}", after=after)
        _stop(tx, row, why, product=stop_product)
    return int(tx.result)


def look_again(shop: Shop, recall_id: int) -> int:
    """List again who has goods of the batch; return how many lines are new.

    Goods booked in late find their batch late. Nobody who was told is taken off; who brought
    everything back through the pickup desk holds nothing and is not listed any more.
    """
    with shop.write("recall.look_again") as tx:
        row = _running(tx, recall_id)
        tx.result = _list_lines(tx, recall_id, row.batch_id)
        tx.note(f"recall:{recall_id}", after={"lines": tx.result})
    return int(tx.result)


def change_recall(shop: Shop, recall_id: int, version: int, reason: str, advice: str) -> None:
    """Correct what residents read. Raises ``Refused`` without a reason, ``Conflict`` when stale."""
    with shop.write("recall.change") as tx:
        row = _running(tx, recall_id)
        new = {"reason": rules.typed_reason(reason), "advice": rules.typed_advice(advice)}
        tx.change(_recall, recall_id, version, **new)
        before = {"reason": row.reason, "advice": row.advice}
        tx.note(f"recall:{recall_id}", before=before, after=new)


def tell(shop: Shop, recall_id: int, member_id: int, how: How) -> None:
    """Note that a resident was told, of everything they bought. Raises ``Refused`` when they were.

    Two people at two phones: the second hears who was faster.
    """
    with shop.write("recall.tell") as tx:
        _running(tx, recall_id)
        changed = tx.execute(
            update(_reached)
            .where(*_of_member(recall_id, member_id), _reached.c.told_at.is_(None))
            .values(
                told_at=tx.now,
                told_by=tx.actor.id,
                told_how=How(how).value,
                version=_reached.c.version + 1,
            )
        )
        if changed.rowcount == 0:
            raise _told_before(tx, recall_id, member_id)
        tx.note(f"recall:{recall_id}", after={"told": member_id, "method": How(how).value})


def take_back_tell(shop: Shop, recall_id: int, member_id: int) -> None:
    """Take back that a resident was told; the recall must still be open."""
    with shop.write("recall.untell") as tx:
        _running(tx, recall_id)
        tx.execute(
            update(_reached)
            .where(*_of_member(recall_id, member_id))
            .values(told_at=None, told_by=None, told_how="", version=_reached.c.version + 1)
        )
        tx.note(f"recall:{recall_id}", before={"told": member_id})


def supplier_told(shop: Shop, recall_id: int, version: int, *, told: bool = True) -> None:
    """Note that the supplier was told of the recall, or take that back."""
    with shop.write("recall.supplier_told") as tx:
        row = _running(tx, recall_id)
        tx.change(_recall, recall_id, version, supplier_told_at=tx.now if told else None)
        before = {"supplier_told_at": row.supplier_told_at}
        after = {"supplier_told_at": tx.now if told else None}
        tx.note(f"recall:{recall_id}", before=before, after=after)


def close_recall(shop: Shop, recall_id: int, version: int, disposal: str) -> None:
    """Close a recall with what became of the goods. Owner only; the sale stays stopped.

    Raises ``Refused`` without a disposal text or before the supplier was told (section 63),
    ``Conflict`` when somebody else changed it.
    """
    with shop.write("recall.close", by=OWNER_ONLY) as tx:
        row = _running(tx, recall_id)
        record = rules.typed_disposal(disposal)
        if row.supplier_told_at is None:
            raise Refused(N_("Tell the supplier first and tick it: the law asks for it."))
        tx.change(
            _recall,
            recall_id,
            version,
            disposal=record,
            closed_at=tx.now,
            closed_by=tx.actor.id,
        )
        tx.note(f"recall:{recall_id}", after={"disposal": record, "closed_at": tx.now})


def _one_batch(tx: Tx, batch_id: int) -> Any:
    row = tx.execute(select(_batch).where(_batch.c.id == batch_id)).first()
    if row is None:
        raise NotFound(N_("This batch does not exist."))
    return row


def _open_recall(tx: Tx, batch_id: int) -> int | None:
    query = select(_recall.c.id).where(
        _recall.c.batch_id == batch_id, _recall.c.closed_at.is_(None)
    )
    found: int | None = tx.execute(query).scalar()
    return found


def _running(tx: Tx, recall_id: int) -> Any:
    row = tx.execute(select(_recall).where(_recall.c.id == recall_id)).first()
    if row is None:
        raise NotFound(N_("This recall does not exist."))
    if row.closed_at is not None:
        raise Refused(N_("This recall is closed."))
    return row


def _stop(tx: Tx, batch: Any, why: str, *, product: bool) -> None:
    if batch.stopped_at is None:
        tx.execute(
            update(_batch)
            .where(_batch.c.id == batch.id)
            .values(stopped_at=tx.now, stop_reason=why, version=_batch.c.version + 1)
        )
        after = {"stopped": True, "reason": why, "batch": batch.code}
        tx.note(f"batch:{batch.id}", before={"stopped": False}, after=after)
    else:
        tx.note(f"batch:{batch.id}", after={"stopped": True})
    if product:
        _stop_product(tx, batch.product_id, why)


def _stop_product(tx: Tx, product_id: int, why: str) -> None:
    changed = tx.execute(
        update(_product)
        .where(_product.c.id == product_id, _product.c.stopped_at.is_(None))
        .values(stopped_at=tx.now, stop_reason=why, version=_product.c.version + 1)
    )
    if changed.rowcount:
        after = {"stopped": True, "reason": why}
        tx.note(f"product:{product_id}", before={"stopped": False}, after=after)


def _release_product(tx: Tx, product_id: int, why: str) -> None:
    changed = tx.execute(
        update(_product)
        .where(_product.c.id == product_id, _product.c.stopped_at.is_not(None))
        .values(stopped_at=None, stop_reason="", version=_product.c.version + 1)
    )
    if changed.rowcount:
        after = {"stopped": False, "reason": why}
        tx.note(f"product:{product_id}", before={"stopped": True}, after=after)


def _list_lines(tx: Tx, recall_id: int, batch_id: int) -> int:
    """Bring the lines of a recall up to date; return how many are new."""
    found = {one.line_id: one for one in reached_in(tx.connection, batch_id)}
    listed = {
        row.line_id: row
        for row in tx.execute(select(_reached).where(_reached.c.recall_id == recall_id))
    }
    for line_id, row in listed.items():
        now = found.get(line_id)
        quantity, certain = (now.quantity, now.certain) if now else (0, row.certain)
        if row.told_at is not None and not quantity:
            continue
        if (quantity, certain) != (row.quantity, row.certain):
            tx.change(_reached, row.id, row.version, quantity=quantity, certain=certain)
    new = [line_id for line_id in found if line_id not in listed]
    members = _members_of(tx, new)
    rows = [
        {
            "recall_id": recall_id,
            "line_id": line_id,
            "member_id": members[line_id],
            "quantity": found[line_id].quantity,
            "certain": found[line_id].certain,
        }
        for line_id in new
    ]
    if rows:
        tx.execute(insert(_reached), rows)
    return len(rows)


def _members_of(tx: Tx, line_ids: Sequence[int]) -> dict[int, int]:
    lines, orders = schema.order_line, schema.customer_order
    query = (
        select(lines.c.id, orders.c.member_id)
        .join(orders, orders.c.id == lines.c.order_id)
        .where(lines.c.id.in_(list(line_ids)))
    )
    return {row.id: row.member_id for row in tx.execute(query)}


def _of_member(recall_id: int, member_id: int) -> tuple[Any, ...]:
    return (_reached.c.recall_id == recall_id, _reached.c.member_id == member_id)


def _told_before(tx: Tx, recall_id: int, member_id: int) -> NotFound | Refused:
    people = schema.person
    row = tx.execute(
        select(people.c.name)
        .select_from(_reached.outerjoin(people, people.c.id == _reached.c.told_by))
        .where(*_of_member(recall_id, member_id), _reached.c.told_at.is_not(None))
        .order_by(_reached.c.told_at.desc())
    ).first()
    if row is None:
        return NotFound(N_("This resident is not on the list of the recall."))
    return Refused(N_("{name} told this resident already."), name=row.name or "?")
