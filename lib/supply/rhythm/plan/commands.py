"""Writes of the plan (R5): staples, and what to buy instead of a suggestion. Owner only.

The purchase orders themselves are made by ``purchasing.commands.add_orders``.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, insert, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.shop import OWNER_ONLY, Shop, Tx

LARGEST = 10_000_000
"""Grams or sale units for one delivery: ten tons are a slip of the finger."""

_staple, _choice = schema.staple, schema.plan_choice


def add_staples(shop: Shop, product_ids: Sequence[int]) -> None:
    """Let the plan buy these products from now on; those it buys already stay. R5.

    Raises ``Refused`` when none is named, ``NotFound`` for a product not on sale.
    """
    if not product_ids:
        raise Refused(N_("Choose at least one product."))
    with shop.write("plan.add_staples", by=OWNER_ONLY) as tx:
        there = set(tx.execute(select(_staple.c.product_id)).scalars())
        names = [_product_name(tx, product_id) for product_id in product_ids]
        rows = [
            {"product_id": product_id, "added_at": tx.now}
            for product_id in dict.fromkeys(product_ids)
            if product_id not in there
        ]
        if rows:
            tx.execute(insert(_staple), rows)
        tx.note(f"product:{product_ids[0]}", after={"products": names})


def remove_staple(shop: Shop, product_id: int) -> None:
    """Leave a product out of the plan, with what was chosen for days to come. R5."""
    with shop.write("plan.remove_staple", by=OWNER_ONLY) as tx:
        done = tx.execute(delete(_staple).where(_staple.c.product_id == product_id))
        if done.rowcount == 0:
            raise NotFound(N_("This product is not in the plan."))
        tx.execute(
            delete(_choice).where(_choice.c.product_id == product_id, _choice.c.day >= tx.today)
        )
        tx.note(f"product:{product_id}", before={"in_plan": True}, after={"in_plan": False})


def choose(shop: Shop, day: date, quantities: Mapping[int, int | None]) -> None:
    """Keep what to buy on ``day`` instead of the suggestion; None: the suggestion stands again.

    Quantities are grams or sale units. Raises ``Refused`` for a day gone by or an impossible
    quantity, ``NotFound`` for a product that is no staple. R5.
    """
    with shop.write("plan.choose", by=OWNER_ONLY) as tx:
        if day < tx.today:
            raise Refused(N_("This delivery day is over."))
        staples = set(tx.execute(select(_staple.c.product_id)).scalars())
        for product_id, quantity in quantities.items():
            if product_id not in staples:
                raise NotFound(N_("This product is not in the plan."))
            _choose(tx, day, product_id, quantity)


def _choose(tx: Tx, day: date, product_id: int, quantity: int | None) -> None:
    if quantity is not None and not 0 <= quantity <= LARGEST:
        raise Refused(N_("This quantity cannot be right. Check it."))
    mine = (_choice.c.day == day) & (_choice.c.product_id == product_id)
    before = tx.execute(select(_choice.c.quantity).where(mine)).scalar()
    if before == quantity:
        return
    tx.execute(delete(_choice).where(mine))
    if quantity is not None:
        tx.execute(
            insert(_choice).values(
                day=day, product_id=product_id, quantity=quantity, at=tx.now,
                person_id=tx.actor.id,
            )
        )  # fmt: skip
    tx.note(
        f"product:{product_id}",
        before={"day": day, "quantity": before},
        after={"day": day, "quantity": quantity},
    )


def _product_name(tx: Tx, product_id: int) -> str:
    table = schema.product
    name = tx.execute(
        select(table.c.name).where(table.c.id == product_id, table.c.archived_at.is_(None))
    ).scalar()
    if name is None:
        raise NotFound(N_("This product is not on sale."))
    return str(name)
