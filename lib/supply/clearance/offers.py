"""What a clearance costs and saves (practice R7). Pure: every assumption is an argument.

Quantities are grams or sale units; prices and costs are per sale unit.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import Money, half_up
from lib.kernel.quantity import Unit
from lib.kernel.words import N_


class Kind(StrEnum):
    """What is done about goods that do not sell."""

    BUY_ONE_GET_ONE = "buy_one_get_one"
    BUNDLE = "bundle"
    DISCOUNT = "discount"


KIND_NAMES: dict[Kind, str] = {
    Kind.BUY_ONE_GET_ONE: N_("buy one, get one"),
    Kind.BUNDLE: N_("bundle"),
    Kind.DISCOUNT: N_("lower price"),
}

REASONS: dict[str, str] = {
    "stock": N_("too much in stock"),
    "fresh": N_("fresh goods"),
    "near_date": N_("near its date"),
    "season": N_("end of the season"),
}
"""Why a price is lowered, as the rules on price display ask (facts of the field, 3.3)."""

_DISCOUNT_BY_DAYS = ((1, 50), (2, 40), (4, 30))
_USUAL_DISCOUNT = 20
_LIFT = {Kind.BUY_ONE_GET_ONE: Decimal(3), Kind.BUNDLE: Decimal(2)}


def proposed_discount(days_left: int | None) -> int:
    """Return the percent off that is proposed: the nearer the date, the more."""
    if days_left is None:
        return _USUAL_DISCOUNT
    return next((off for most, off in _DISCOUNT_BY_DAYS if days_left <= most), _USUAL_DISCOUNT)


def discounted(price: Money, percent: int) -> Money:
    """Return ``price`` less ``percent``, rounded down to the jiao: prices end in a round figure."""
    exact = Decimal(price.fen) * (100 - percent) / 100
    return Money(int(exact) // 10 * 10 if exact >= 10 else half_up(exact))


def proposed_sold(kind: Kind, pace: Decimal, days: int, on_hand: int, percent: int = 0) -> int:
    """Return how much is assumed to sell in ``days``: the pace before, lifted by the offer.

    Buy-one-get-one three times, a bundle twice, a lower price by 1 + percent/20. A guess to start
    from, which the person at the screen changes.
    """
    lift = _LIFT.get(kind, 1 + Decimal(percent) / 20)
    return min(max(on_hand, 0), half_up(pace * days * lift))


@dataclass(frozen=True)
class Stock:
    """What is to be cleared: ``on_hand`` of it, and what was sold per trading day (``pace``)."""

    unit: Unit
    on_hand: int
    pace: Decimal
    price: Money
    unit_cost: Money | None


@dataclass(frozen=True)
class Plan:
    """A clearance as it is meant: ``price`` is per sale unit, or of a whole pair or bundle.

    ``partner_price`` is what the partner product costs by itself; it would sell anyway.
    """

    kind: Kind
    price: Money
    days: int
    expected_sold: int
    partner_price: Money | None = None

    @property
    def earned(self) -> Money:
        """What one sale unit of the slow product brings."""
        if self.kind is Kind.BUY_ONE_GET_ONE:
            return Money(half_up(Decimal(self.price.fen) / 2))
        if self.kind is Kind.BUNDLE and self.partner_price is not None:
            return self.price - self.partner_price
        return self.price


@dataclass(frozen=True)
class Outlook:
    """The money of a plan beside doing nothing; None where the cost is not known.

    ``left_without`` and ``left_with`` are what would lie there at the end and is taken as lost.
    ``below_cost`` is how much a sale unit is sold below its cost, zero when it is not.
    """

    sold_without: int
    left_without: int
    left_with: int
    takings: Money
    loss_without: Money | None
    loss_with: Money | None
    below_cost: Money | None

    @property
    def saved(self) -> Money | None:
        """How much smaller the loss is with the clearance; negative when it is larger."""
        if self.loss_without is None or self.loss_with is None:
            return None
        return self.loss_without - self.loss_with


def outlook(stock: Stock, plan: Plan) -> Outlook:
    """Return what is lost without and with the plan.

    Without it the goods sell at the pace before, and what is left at the end spoils; with it
    ``expected_sold`` sells, what is left spoils, and what is sold below cost counts as lost too.
    """
    lying = max(stock.on_hand, 0)
    sold_without = min(lying, half_up(stock.pace * plan.days))
    left_without, left_with = lying - sold_without, lying - min(lying, plan.expected_sold)
    takings = stock.unit.price_of(plan.earned, plan.expected_sold)
    if stock.unit_cost is None:
        return Outlook(sold_without, left_without, left_with, takings, None, None, None)
    below = Money(max(stock.unit_cost.fen - plan.earned.fen, 0))
    given = stock.unit.price_of(below, plan.expected_sold)
    return Outlook(
        sold_without,
        left_without,
        left_with,
        takings,
        stock.unit.price_of(stock.unit_cost, left_without),
        stock.unit.price_of(stock.unit_cost, left_with) + given,
        below,
    )


@dataclass(frozen=True)
class Measured:
    """What a clearance did: ``sold`` in its days, ``before`` in as many days before it.

    ``saved`` is the loss it would have come to at the pace before, less what it came to.
    """

    sold: int
    expected: int
    before: int
    left: int
    takings: Money
    saved: Money | None


def measured(
    unit: Unit,
    *,
    on_hand: int,
    expected: int,
    sold: int,
    before: int,
    takings: Money,
    unit_cost: Money | None,
    earned: Money,
) -> Measured:
    """Return the result: against what was expected, and against the same number of days before."""
    left, left_before = max(on_hand - sold, 0), max(on_hand - max(before, 0), 0)
    saved = None
    if unit_cost is not None:
        below = Money(max(unit_cost.fen - earned.fen, 0))
        lost = unit.price_of(unit_cost, left) + unit.price_of(below, max(sold, 0))
        saved = unit.price_of(unit_cost, left_before) - lost
    return Measured(sold, expected, before, left, takings, saved)


def checked(plan: Plan, reason: str, starts_on: date, ends_on: date, on_hand: int) -> None:
    """Raise ``Refused`` for a clearance that cannot be."""
    if reason not in REASONS:
        raise Refused(N_("Say why: residents read the reason beside the lower price."))
    if ends_on < starts_on:
        raise Refused(N_("The clearance ends before it begins."))
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        raise Refused(N_("A clearance runs at most {days} days."), days=LONGEST_DAYS)
    if plan.price.fen <= 0:
        raise Refused(N_("Write the price residents pay."))
    if plan.kind is Kind.BUNDLE and plan.partner_price is None:
        raise Refused(N_("Choose the product it is sold together with."))
    if plan.earned.fen < 0:
        raise Refused(N_("The bundle costs less than its partner alone. Raise the price."))
    if not 0 <= plan.expected_sold <= max(on_hand, 0):
        raise Refused(N_("At most what lies there can be sold."))


LONGEST_DAYS = 30
"""A lower price for longer is simply the price."""
