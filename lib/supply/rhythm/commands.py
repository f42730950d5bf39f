"""Steps that the writes of the rhythm share (R4)."""

from sqlalchemy import select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.shop import Tx


def product_name(tx: Tx, product_id: int) -> str:
    """Return the name of a product on sale; raises ``NotFound``. A step of commands."""
    table = schema.product
    name = tx.execute(
        select(table.c.name).where(table.c.id == product_id, table.c.archived_at.is_(None))
    ).scalar()
    if name is None:
        raise NotFound(N_("This product is not on sale."))
    return str(name)
