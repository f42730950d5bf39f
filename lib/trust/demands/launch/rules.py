"""What it takes to put a wish on offer: a product, its price, a round, a supplier. Pure."""

from dataclasses import dataclass

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Offered, State


@dataclass(frozen=True)
class Place:
    """Where it is offered: in the standing round ``round_id``, or in a new one planned as ``plan``.

    With neither it lies in the shop and stands in no round.
    """

    round_id: int | None = None
    plan: Plan | None = None

    def __post_init__(self) -> None:
        if self.round_id is not None and self.plan is not None:
            raise Refused(N_("Choose a standing round or a new one, not both."))


@dataclass(frozen=True)
class NewProduct:
    """A product made for a wish: what it is, who delivers it, how much of it there is.

    ``details.price`` is what residents pay for one sale unit and ``details.purchase_price`` what
    the shop pays; limits are grams or sale units, None = no limit.
    """

    details: Details
    supplier_id: int | None = None
    household_limit: int | None = None
    available: int | None = None

    def offered(self, product_id: int) -> Offered:
        """Return the offer in a round."""
        return Offered(product_id, self.details.price, self.household_limit, self.available)


def check_new(new: NewProduct) -> None:
    """Raise ``Refused`` for a supplier without a purchase price: their terms need one."""
    if new.supplier_id is not None and new.details.purchase_price is None:
        raise Refused(N_("Write what this supplier charges, or choose no supplier."))


def check_round(state: State, title: str) -> None:
    """Raise ``Refused`` for a round in which residents can no longer order."""
    if state not in (State.OPEN, State.PLANNED):
        raise Refused(N_("{title} takes no more orders. Choose another round."), title=title)


def price_of(price: Money | None, product_price: Money) -> Money:
    """Return what is asked in the round: the typed price, else the product's own."""
    return product_price if price is None else price
