"""What it takes to put a wish on offer: a price, a round that takes orders. Pure."""

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.trade.products.rules import Details
from lib.trade.rounds.rules import State


def check_supplier(supplier_id: int | None, details: Details) -> None:
    """Raise ``Refused`` for a supplier without a purchase price: their terms need one."""
    if supplier_id is not None and details.purchase_price is None:
        raise Refused(N_("Write what this supplier charges, or choose no supplier."))


def check_round(state: State, title: str) -> None:
    """Raise ``Refused`` for a round in which residents can no longer order."""
    if state not in (State.OPEN, State.PLANNED):
        raise Refused(N_("{title} takes no more orders. Choose another round."), title=title)


def price_of(price: Money | None, product_price: Money) -> Money:
    """Return what is asked in the round: the typed price, else the product's own."""
    return product_price if price is None else price
