"""What may be called a welfare item, and what it gives back (R19). Pure.

Cost is what the cost sheet means by it: purchase, loss, packaging, delivery, points, pledge and
other, per sale unit. A welfare item costs residents that or less; what it is below is what the shop
adds of its own. Selling below cost is lawful for a reason (facts of the field, 3.3): it is asked
for and said.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.months import months_later
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.quotas import Quota, Standing, quota
from lib.shop.settings import Settings
from lib.trade.rounds.rules import State as RoundState
from lib.trade.rounds.rules import state_of as round_state

LONGEST_NOTE = 200
FURTHEST_DAYS = 366
NOTHING = Money(0)


class Reason(StrEnum):
    """Why an item is sold at that price."""

    AT_COST = "at_cost"
    THANKS = "thanks"
    FRESH = "fresh"
    SEASONAL = "seasonal"
    OVERSTOCK = "overstock"


REASON_NAMES: dict[Reason, str] = {
    Reason.AT_COST: N_("at cost"),
    Reason.THANKS: N_("thanks to the neighbours"),
    Reason.FRESH: N_("fresh, to be eaten soon"),
    Reason.SEASONAL: N_("end of its season"),
    Reason.OVERSTOCK: N_("more than we need"),
}
"""The tag that stands beside the price, for everybody to read."""

BELOW_COST = tuple(reason for reason in Reason if reason is not Reason.AT_COST)
"""The reasons there are to sell below cost."""


class Status(StrEnum):
    """What was decided about an item."""

    PLANNED = "planned"
    OFFERED = "offered"
    CANCELLED = "cancelled"


STATUS_NAMES: dict[Status, str] = {
    Status.PLANNED: N_("planned"),
    Status.OFFERED: N_("on offer"),
    Status.CANCELLED: N_("called off"),
}


class State(StrEnum):
    """What an item is at one moment: an offered one runs while its round takes orders."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"
    CANCELLED = "cancelled"


STATE_NAMES: dict[State, str] = {
    State.PLANNED: N_("planned"),
    State.RUNNING: N_("on offer"),
    State.OVER: N_("its round is over"),
    State.CANCELLED: N_("called off"),
}


@dataclass(frozen=True)
class Details:
    """An item as it is planned. ``household_limit`` and ``available`` are grams or sale units.

    ``budget`` is what it may cost the shop at most, None for no bound of its own. ``far_below``:
    the owner ticked that it is meant to be far below cost.
    """

    product_id: int
    price: Money
    household_limit: int
    available: int
    reason: Reason
    planned_on: date
    note: str = ""
    budget: Money | None = None
    far_below: bool = False


@dataclass(frozen=True)
class Meter:
    """The welfare money of a month: ``budget``, ``given`` so far, ``possible`` still to be given.

    ``possible`` is what planned and running items give at most beyond what they gave.
    """

    budget: Money
    given: Money
    possible: Money

    @property
    def expected(self) -> Money:
        """What the month comes to if everything is taken."""
        return self.given + self.possible

    @property
    def left(self) -> Money:
        """What of the budget nothing is planned for; negative when it is exceeded."""
        return self.budget - self.expected

    @property
    def is_exceeded(self) -> bool:
        """Whether more is planned and given than was meant to be."""
        return self.left.fen < 0


def month_of(day: date) -> date:
    """Return the first day of the month of ``day``."""
    return day.replace(day=1)


def standing_of(done: int, planned: int, first: date, today: date, settings: Settings) -> Quota:
    """Return how the month that begins on ``first`` stands with ``done`` items really offered.

    One that is planned for the rest of the month takes the nudge away: it was thought of.
    """
    last = months_later(first, 1) - timedelta(days=1)
    found = quota(
        done, settings.welfare_least, settings.welfare_most, first, last, today,
        settings.nudge_percent,
    )  # fmt: skip
    if found.standing is Standing.NUDGE and planned:
        return replace(found, standing=Standing.OPEN)
    return found


def added(price: Money, cost: Money) -> Money:
    """Return what the shop adds per unit; nothing when the price covers the cost."""
    return Money(max(cost.fen - price.fen, 0))


def given(unit: Unit, price: Money, cost: Money, quantity: int) -> Money:
    """Return what ``quantity`` (grams or sale units) gives back, half-up; never below zero."""
    return unit.price_of(added(price, cost), max(quantity, 0))


def is_far_below(price: Money, cost: Money, percent: int) -> bool:
    """Whether ``price`` is more than ``percent`` below ``cost``; exactly so much is not."""
    return added(price, cost).fen * 100 > cost.fen * percent


def percent_below(price: Money, cost: Money) -> Decimal:
    """Return how far ``price`` is below ``cost`` in percent, to one decimal."""
    if not cost.fen:
        return Decimal(0)
    exact = Decimal(added(price, cost).fen) * 100 / cost.fen
    return exact.quantize(Decimal("0.1"))


def reason_for(price: Money, cost: Money, chosen: Reason) -> Reason:
    """Return the reason an item at ``price`` bears.

    Exactly at cost is its own reason. Raises ``Refused`` above cost (that is no welfare item), and
    below cost without a reason for it.
    """
    if price > cost:
        raise Refused(
            N_("At {price} it sells above what it costs ({cost}): that is no welfare item."),
            price=price,
            cost=cost,
        )
    if price == cost:
        return Reason.AT_COST
    if chosen is Reason.AT_COST:
        raise Refused(
            N_("At {price} it sells below what it costs ({cost}). Choose why."),
            price=price,
            cost=cost,
        )
    return chosen


def check_far_below(price: Money, cost: Money, percent: int, ticked: bool) -> None:
    """Raise ``Refused`` for a price far below cost that nobody ticked as meant."""
    if is_far_below(price, cost, percent) and not ticked:
        raise Refused(
            N_("That is {below} % below cost, more than {percent} %. Tick that it is meant so."),
            below=percent_below(price, cost),
            percent=percent,
        )


def check_budget(unit: Unit, details: Details, cost: Money) -> None:
    """Raise ``Refused`` when an item could give more than the budget it was given."""
    if details.budget is None:
        return
    most = given(unit, details.price, cost, details.available)
    if most > details.budget:
        raise Refused(
            N_("It could give {most} yuan, more than its budget of {budget}. Lower the quantity."),
            most=most,
            budget=details.budget,
        )


def check_day(day: date, today: date) -> None:
    """Raise ``Refused`` for a planned day that is over or absurdly far away."""
    if day < today:
        raise Refused(N_("The planned day is over."))
    if (day - today).days > FURTHEST_DAYS:
        raise Refused(N_("The planned day is more than a year away. Check the date."))


def state_of(
    status: Status,
    opens_at: datetime | None,
    cut_off_at: datetime | None,
    closed_at: datetime | None,
    now: datetime,
) -> State:
    """Return the state of an item at ``now``, by the times of its round."""
    if status is Status.PLANNED:
        return State.PLANNED
    if status is Status.CANCELLED:
        return State.CANCELLED
    if opens_at is None or cut_off_at is None:
        return State.OVER
    takes_orders = round_state(opens_at, cut_off_at, closed_at, now) in (
        RoundState.OPEN,
        RoundState.PLANNED,
    )
    return State.RUNNING if takes_orders else State.OVER


def says_at_cost(price: Money, unit_cost: Money, sheet_cost: Money | None) -> bool:
    """Whether the text may say "at cost" (成本价): a published sheet shows just this cost.

    ``sheet_cost`` is the cost of the product on the sheet that stood when the item was offered;
    None when it was on none (facts of the field, 3.3, consequence 3).
    """
    return price == unit_cost and sheet_cost == unit_cost


CLAIMS = ("成本价", "原价", "划线价")
"""Words that promise something about a price and need proof."""


def unproven(text: str, *, at_cost: bool) -> tuple[str, ...]:
    """Return the words in a text for the group that claim what is not proven.

    An original price (原价, 划线价) is never proven by a welfare item; "at cost" is when a sheet
    shows it.
    """
    return tuple(word for word in CLAIMS if word in text and not (at_cost and word == "成本价"))


def meter(budget: Money, gifts: Iterable[tuple[State, Money, Money]]) -> Meter:
    """Return the meter of a month from ``(state, given, most)`` of each of its items.

    Called-off items count nothing; one whose round is over counts what it gave.
    """
    counted = [one for one in gifts if one[0] is not State.CANCELLED]
    gave = total(so_far for _state, so_far, _most in counted)
    still = (State.PLANNED, State.RUNNING)
    possible = total(
        Money(max(most.fen - so_far.fen, 0)) for state, so_far, most in counted if state in still
    )
    return Meter(budget, gave, possible)
