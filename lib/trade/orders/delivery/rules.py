"""Decisions about the delivery fee (R24). Pure.

Whether delivery is free is read from what the resident ordered: every line that stands counts with
its ordered quantity, or with what it came to where the scale said more. What the shop delivers less
(a shortage shared out, a lighter weight) and what it pays back for bad goods never takes free
delivery away; what the resident leaves out of the order does. Once something was paid for the
order its fee only falls. An ordering platform charged for delivery itself: such an order has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.shop.settings import Settings
from lib.trade.orders.rules import amount_for

NOTHING = Money(0)


@dataclass(frozen=True)
class Ordered:
    """A standing line: grams or sale units ``ordered`` and due now, its price, what it comes to."""

    unit: Unit
    price: Money
    ordered: int
    quantity: int
    amount: Money

    @property
    def counts(self) -> Money:
        """What the line counts towards free delivery."""
        as_ordered = amount_for(self.unit, self.price, self.quantity, self.amount, self.ordered)
        return max(self.amount, as_ordered)


@dataclass(frozen=True)
class Charged:
    """What the fee of an order depends on.

    ``goods`` is :func:`goods_of` its lines, ``fee`` what it is now, ``was_delivery`` whether it was
    to be brought before. ``paid``: something was paid and not given back; ``by_platform``: an
    ordering platform collected it.
    """

    goods: Money
    delivery: bool
    fee: Money = NOTHING
    was_delivery: bool = False
    paid: bool = False
    by_platform: bool = False


def goods_of(lines: Iterable[Ordered]) -> Money:
    """Return what the standing ``lines`` of an order count towards free delivery."""
    return total(line.counts for line in lines)


def delivery_fee(goods: Money, delivery: bool, settings: Settings) -> Money:
    """Return what a delivered order of ``goods`` pays for delivery, before anything was paid."""
    if not delivery or settings.delivery_fee_mode == "shop_pays":
        return NOTHING
    return NOTHING if goods >= settings.delivery_free_from else settings.delivery_fee


def fee_now(order: Charged, settings: Settings) -> Money:
    """Return what the order pays for delivery from now on."""
    if order.by_platform:
        return NOTHING
    fee = delivery_fee(order.goods, order.delivery, settings)
    return min(fee, order.fee) if order.paid and order.was_delivery else fee


def missing_for_free_delivery(goods: Money, settings: Settings) -> Money:
    """Return how much more makes delivery free; zero when it is free already or costs nothing."""
    if settings.delivery_fee_mode == "shop_pays" or not settings.delivery_fee:
        return NOTHING
    return max(NOTHING, settings.delivery_free_from - goods)


def still_missing(order: Charged, settings: Settings) -> Money:
    """Return how much more makes delivery free of an order that pays for it now; else zero."""
    if not order.delivery or not order.fee or order.by_platform:
        return NOTHING
    return missing_for_free_delivery(order.goods, settings)
