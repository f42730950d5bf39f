"""Writes of the delivery fee: the step that puts it right after a change (R24)."""

from dataclasses import replace

from sqlalchemy import update

from lib.db import schema
from lib.kernel.money import Money
from lib.members.points.commands import follow
from lib.shop.shop import Tx
from lib.trade.orders.delivery.queries import charged_in
from lib.trade.orders.delivery.rules import fee_now

_order = schema.customer_order


def refresh_fee(tx: Tx, order_id: int, *, was_delivery: bool | None = None) -> Money:
    """Put right what an order pays for delivery after its goods or its marking changed.

    ``was_delivery`` says whether it was to be brought before a change of that; None where it did
    not change. The order's version stays: the fee follows from an edit and is none itself. Returns
    the fee.
    """
    order = charged_in(tx.connection, [order_id])[order_id]
    if was_delivery is not None:
        order = replace(order, was_delivery=was_delivery)
    fee = fee_now(order, tx.settings)
    if fee != order.fee:
        values = {"delivery_fee_fen": fee.fen}
        tx.execute(update(_order).where(_order.c.id == order_id).values(**values))
        tx.at_end(follow)
    return fee
