"""Joins what the owner typed with what the books say (R20). Pure; amounts per sale unit."""

from collections.abc import Mapping

from lib.kernel.money import Money
from lib.trust.books.rules import From, Measured
from lib.trust.costs.rules import KEPT_BY_OWNER, NOTHING, Cost, Part, loss_of

ONLY_BY_HAND = frozenset({Part.OTHER})
"""Parts the books do not know: nothing until somebody types them."""

IN_BOOKS = (Part.PURCHASE, *(part for part in KEPT_BY_OWNER if part not in ONLY_BY_HAND))


def unit_costs(found: Measured, typed: Mapping[Part, Cost]) -> dict[Part, Money] | None:
    """Return every part of the cost of one sale unit; None without any purchase price.

    What is ``typed`` stands as it is, a loss rate follows the purchase price; everything else is
    what the books say, nothing where they say nothing.
    """
    purchase = found.unit_cost(Part.PURCHASE)
    if purchase is None:
        return None
    amounts = {Part.PURCHASE: purchase}
    for part in KEPT_BY_OWNER:
        cost = typed.get(part)
        if cost is not None:
            amounts[part] = loss_of(purchase, cost) if part is Part.LOSS else _amount(cost)
        elif part in ONLY_BY_HAND:
            amounts[part] = NOTHING
        else:
            amounts[part] = found.unit_cost(part) or NOTHING
    return amounts


def by_hand(found: Measured, typed: Mapping[Part, Cost]) -> frozenset[Part]:
    """Return the parts somebody typed; the purchase price where no batch says what it cost.

    A typed zero is by hand as any other amount.
    """
    usual = found.purchase_from is From.USUAL
    return frozenset(typed) | ({Part.PURCHASE} if usual else frozenset())


def _amount(cost: Cost) -> Money:
    return cost.amount or NOTHING
