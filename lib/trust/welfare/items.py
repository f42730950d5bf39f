"""Welfare items as they are read: one item, a month, a year, what residents see, what is due. Pure.

Amounts are grams or sale units; money per sale unit unless said otherwise.
"""

from dataclasses import dataclass
from datetime import date, datetime

from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.shop.quotas import Quota, Standing
from lib.trust.costs.rules import Line, Part
from lib.trust.welfare import rules
from lib.trust.welfare.rules import Meter, Reason, State, Status


@dataclass(frozen=True)
class Sold:
    """What was ordered of an offer: ``households`` and amounts; ``kept`` leaves refunds out."""

    orders: int = 0
    ordered: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Item:
    """One welfare item with what came of it.

    ``cost`` is that of one sale unit: frozen since it was offered, today's while it is planned,
    None while nobody knows it. ``parts`` are what it is made of. ``sheet`` is the number of the
    published sheet that stood when it was offered, ``sheet_cost`` what that says of the product.
    ``line`` is the one it would have on the next sheet, while it is planned.
    Amounts are grams or sale units; ``ends_at`` is when its round stops taking orders.
    """

    id: int
    version: int
    product_id: int
    product: str
    unit: Unit
    month: date
    planned_on: date | None
    price: Money
    household_limit: int
    available: int
    budget: Money | None
    reason: Reason
    note: str
    status: Status
    state: State
    round_id: int | None
    round_title: str
    ends_at: datetime | None
    pickup_day: date | None
    offered_at: datetime | None
    cost: Money | None
    parts: tuple[tuple[Part, Money], ...]
    sheet: int | None
    sheet_cost: Money | None
    sold: Sold
    line: Line | None = None

    @property
    def day(self) -> date:
        """The day it is planned for."""
        return self.planned_on or self.month

    @property
    def added(self) -> Money | None:
        """What the shop adds per sale unit; None while the cost is not known."""
        return None if self.cost is None else rules.added(self.price, self.cost)

    @property
    def given(self) -> Money:
        """What it gave back so far; refunded goods give nothing."""
        if self.cost is None or self.status is not Status.OFFERED:
            return rules.NOTHING
        return rules.given(self.unit, self.price, self.cost, self.sold.kept)

    @property
    def most(self) -> Money:
        """What it gives back if all of it is taken."""
        if self.cost is None:
            return rules.NOTHING
        return rules.given(self.unit, self.price, self.cost, self.available)

    @property
    def left(self) -> int:
        """How much can still be ordered."""
        return max(self.available - self.sold.ordered, 0)

    @property
    def says_at_cost(self) -> bool:
        """Whether its text may say "at cost"."""
        return self.cost is not None and rules.says_at_cost(self.price, self.cost, self.sheet_cost)

    @property
    def purchase(self) -> Money | None:
        """The bare purchase price, with which people compare."""
        return dict(self.parts).get(Part.PURCHASE)


@dataclass(frozen=True)
class Month:
    """The welfare of one month: its items by day, the quota, and the money.

    ``others`` are items of other months that are still planned, or on offer now.
    """

    first: date
    items: tuple[Item, ...]
    quota: Quota
    meter: Meter
    others: tuple[Item, ...] = ()

    @property
    def given(self) -> Money:
        """What was given back."""
        return self.meter.given


@dataclass(frozen=True)
class Year:
    """What welfare items gave back in a year: in all, and by the first day of each month."""

    year: int
    items: tuple[Item, ...]
    by_month: tuple[tuple[date, Money], ...]

    @property
    def given(self) -> Money:
        """What was given back in all; the months add up to it."""
        return total(amount for _month, amount in self.by_month)


@dataclass(frozen=True)
class PublicItem:
    """A welfare item as residents see it; ``sold`` in grams or sale units, ``day`` of the offer."""

    product: str
    unit: Unit
    month: date
    day: date
    price: Money
    unit_cost: Money
    sold: int
    given: Money
    reason: Reason


@dataclass(frozen=True)
class PublicWelfare:
    """The welfare items really offered in a year, newest first, and what they gave back."""

    items: tuple[PublicItem, ...]
    given: Money


@dataclass(frozen=True)
class Waiting:
    """A planned item whose day is near or over."""

    item_id: int
    product: str
    unit: Unit
    price: Money
    planned_on: date
    is_late: bool


@dataclass(frozen=True)
class Running:
    """An item on offer: how much is left of it until when."""

    item_id: int
    round_id: int
    product: str
    unit: Unit
    price: Money
    household_limit: int
    left: int
    ends_at: datetime


@dataclass(frozen=True)
class Due:
    """What is due about welfare items today. ``meter`` is None for those who may not see cost."""

    quota: Quota
    waiting: tuple[Waiting, ...]
    running: tuple[Running, ...]
    meter: Meter | None

    @property
    def count(self) -> int:
        """How many things are to be done or thought of."""
        nudge = self.quota.standing is Standing.NUDGE
        exceeded = self.meter is not None and self.meter.is_exceeded
        return nudge + exceeded + len(self.waiting)
