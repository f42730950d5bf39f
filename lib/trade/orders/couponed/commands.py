"""Writes of the coupon of an order: the step that lets it go when its goods no longer reach it."""

from lib.members.coupons.commands import release
from lib.members.coupons.queries import coupon_on
from lib.shop.shop import Tx
from lib.trade.orders.delivery.queries import charged_in


def keep_coupon(tx: Tx, order_id: int) -> None:
    """Let the coupon of an order be free again when its goods fall below the coupon's threshold.

    Goods count as they do for free delivery (R24): as ordered, so that a shortage, a lighter weight
    and what was paid back for bad goods take no coupon away; what the resident leaves out does.
    """
    coupon = coupon_on(tx.connection, order_id)
    if coupon is None:
        return
    if charged_in(tx.connection, [order_id])[order_id].goods < coupon.threshold:
        release(tx, order_id)
