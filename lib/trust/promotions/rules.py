"""What a promotion is. Pure; amounts are per sale unit unless said otherwise."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.trade.charged.rules import Lowest


class Kind(StrEnum):
    """What makes something cheaper."""

    WELFARE = "welfare"
    ROUND = "round"
    CLEARANCE = "clearance"


class Terms(StrEnum):
    """What ``price`` buys: one sale unit, two of the same, or one with one of the partner."""

    UNIT = "unit"
    PAIR = "pair"
    BUNDLE = "bundle"


@dataclass(frozen=True)
class Promotion:
    """One thing that is cheaper now.

    ``lowest`` is the lowest price really charged in the days before it began (``is_recent``), else
    the last one before, None where it was never sold; ``lowest_on`` is the shop's day of it, and
    ``averaged`` says that it comes from a day's sum of past figures. ``compared`` is a price that
    stands beside it by the rule of compared prices, ``compared_basis`` its written basis, empty
    where it is computed from ``limit``. ``from_day`` and ``to_day`` are the shop's days, ``to_day``
    None for open end. ``reason`` is the tag a clearance or a welfare item was given, else empty.
    ``now`` is what one sale unit costs without the promotion's terms, for pairs and bundles.
    """

    product_id: int
    name: str
    unit: Unit
    kind: Kind
    price: Money
    lowest: Money | None
    lowest_on: date | None
    is_recent: bool
    averaged: bool
    compared: Money | None
    compared_basis: str
    from_day: date
    to_day: date | None
    reason: str
    terms: Terms = Terms.UNIT
    now: Money | None = None
    partner: str = ""
    partner_unit: str = ""
    partner_price: Money | None = None
    limit: Lowest | None = None


@dataclass(frozen=True)
class Running:
    """What is cheaper now, and until when that holds if nothing in the books changes (UTC).

    ``until`` is the next moment at which a round opens or is cut off; None where none will. It is
    no part of what is shown: two that differ in it alone are equal.
    """

    promotions: tuple[Promotion, ...] = ()
    until: datetime | None = field(default=None, compare=False)

    def holds(self, now: datetime) -> bool:
        """Whether no round opened or was cut off between the reading and ``now``."""
        return self.until is None or now < self.until
