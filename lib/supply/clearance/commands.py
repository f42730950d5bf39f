"""Writes of clearances (practice R7): begin one with what is expected of it, end it early."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.shop import Shop, Tx
from lib.supply.clearance import offers
from lib.supply.clearance.offers import Kind, Plan
from lib.supply.clearance.running.queries import stock_for

_clearance = schema.clearance
LONGEST_TEXT = 1_000


@dataclass(frozen=True)
class Start:
    """A clearance to begin today; ``price`` as in :class:`~lib.supply.clearance.offers.Plan`."""

    product_id: int
    plan: Plan
    reason: str
    ends_on: date
    partner_id: int | None = None
    text: str = ""


def start_clearance(shop: Shop, start: Start) -> int:
    """Begin a clearance and return its id; what lies there and its cost are kept with it.

    Raises ``Refused`` for a price, reason or time that cannot be, and while another clearance of
    the product runs; ``NotFound`` for a product that is not there.
    """
    with shop.write("clearance.start") as tx:
        stock = stock_for(tx.connection, start.product_id)
        if stock is None:
            raise NotFound(N_("This product does not exist."))
        offers.checked(start.plan, start.reason, tx.today, start.ends_on, stock.on_hand)
        _refuse_second(tx, start.product_id)
        tx.result = tx.add(
            _clearance,
            product_id=start.product_id,
            kind=start.plan.kind.value,
            partner_id=start.partner_id if start.plan.kind is Kind.BUNDLE else None,
            price_fen=start.plan.price.fen,
            reason=start.reason,
            starts_on=tx.today,
            ends_on=start.ends_on,
            on_hand=stock.on_hand,
            expected_sold=start.plan.expected_sold,
            unit_cost_fen=None if stock.unit_cost is None else stock.unit_cost.fen,
            text=clean(start.text, LONGEST_TEXT, lines=True),
            started_at=tx.now,
            started_by=tx.actor.id,
        )
        tx.note(
            f"clearance:{tx.result}",
            after={
                "product_id": start.product_id,
                "kind": start.plan.kind.value,
                "price": start.plan.price.fen,
                "reason": start.reason,
                "quantity": start.plan.expected_sold,
                "ends_on": start.ends_on,
            },
        )
    return int(tx.result)


def end_clearance(shop: Shop, clearance_id: int, version: int) -> None:
    """End a clearance now; its result stands from then on. Ended ones stay as they are."""
    with shop.write("clearance.end") as tx:
        row = _row(tx, clearance_id)
        if row.ended_at is not None or row.ends_on < tx.today:
            raise Refused(N_("This clearance is over already."))
        tx.change(_clearance, clearance_id, version, ended_at=tx.now)
        tx.note(
            f"clearance:{clearance_id}",
            before={"ends_on": row.ends_on},
            after={"ends_on": tx.today},
            product_id=row.product_id,
        )


def _row(tx: Tx, clearance_id: int) -> Row[Any]:
    row = tx.execute(select(_clearance).where(_clearance.c.id == clearance_id)).first()
    if row is None:
        raise NotFound(N_("This clearance does not exist."))
    return row


def _refuse_second(tx: Tx, product_id: int) -> None:
    query = select(_clearance.c.id).where(
        _clearance.c.product_id == product_id,
        _clearance.c.ended_at.is_(None),
        _clearance.c.ends_on >= tx.today,
    )
    if tx.execute(query).first() is not None:
        raise Refused(
            N_("A clearance of this product is running. End it before beginning another.")
        )
