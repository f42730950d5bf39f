"""Steps that say what a case is about: resident, purchase, batch, supplier, how much (R28)."""

from typing import Any

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.members.profiles.queries import family_ids
from lib.service.after_sales.counting import Amount
from lib.service.after_sales.lines.queries import BatchFacts, Purchase, batch_facts, purchase_of
from lib.shop.shop import Tx

_batch, _product, _member = schema.batch, schema.product, schema.member


def line_of(tx: Tx, line_id: int | None) -> Purchase | None:
    """Step: return the purchase; raises ``NotFound``, and ``Refused`` for a cancelled one."""
    if line_id is None:
        return None
    line = purchase_of(tx.connection, line_id)
    if line is None:
        raise NotFound(N_("This purchase does not exist."))
    if line.cancelled:
        raise Refused(N_("This purchase was cancelled. Choose another."))
    return line


def about(
    tx: Tx,
    member_id: int | None,
    line: Purchase | None,
    product_id: int | None,
    product_name: str,
) -> dict[str, Any]:
    """Step: return the columns that say whose case it is and about what; raises ``Refused``."""
    if member_id is not None:
        member = tx.row(_member, member_id)
        member_id = member.merged_into or member.id
    if line is not None:
        if member_id is None:
            member_id = line.member_id
        elif line.member_id not in family_ids(tx.connection, member_id):
            raise Refused(N_("Another resident bought that. Choose a purchase of this resident."))
        product_id, product_name = line.product_id, line.product
    elif product_id is not None:
        product_name = tx.row(_product, product_id).name
    return {
        "member_id": member_id,
        "order_id": line.order_id if line is not None else None,
        "line_id": line.line_id if line is not None else None,
        "product_id": product_id,
        "product_name": product_name,
    }


def origin(tx: Tx, line: Purchase | None, batch_id: int | None) -> dict[str, Any]:
    """Step: return batch and supplier: the chosen one, else the only one the purchase came from."""
    batch = batch_of(tx, batch_id, line.product_id if line is not None else None)
    if batch is None and line is not None and len(line.batches) == 1:
        batch = line.batches[0]
    return {
        "batch_id": batch.id if batch is not None else None,
        "supplier_id": batch.supplier_id if batch is not None else None,
    }


def batch_of(tx: Tx, batch_id: int | None, product_id: int | None) -> BatchFacts | None:
    """Step: return a batch; raises ``NotFound``, and ``Refused`` for one of other goods."""
    if batch_id is None:
        return None
    row = tx.row(_batch, batch_id)
    if product_id is not None and row.product_id != product_id:
        raise Refused(N_("That batch is of other goods. Choose another."))
    return batch_facts(row)


def counted(amount: Amount | None) -> dict[str, Any]:
    """Return "n bad of m" as columns."""
    return {
        "bad": amount.bad if amount else None,
        "of_total": amount.of_total if amount else None,
        "counted_in": amount.counted_in.value if amount else None,
    }
