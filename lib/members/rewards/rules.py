"""Decisions about rewards: what they ask and give, what a point is worth in one, how many (R37).

Pure. A reward is a promise: it is changed by a new version from a moment on, for the future only,
and what was promised until then stays readable. Points of reward goods are worth what the goods
cost on the shelf, of a coupon what it takes off.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from lib.kernel.errors import Refused
from lib.kernel.money import Money, ratio
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.language import Translate
from lib.shop.settings import Settings
from lib.trade.rounds.announcement import short

LONGEST_NAME = 40
LONGEST_REASON = 200
MOST_POINTS = 1_000_000
MOST_TIMES = 50
MOST_DAYS = 1000
MOST_VALUE = Money(100_000)
"""A coupon of more than 1000 yuan is a slip of the finger."""

NOTHING = Money(0)


class Kind(StrEnum):
    """What is given for points."""

    PRODUCT = "product"
    COUPON = "coupon"


KIND_NAMES = {Kind.PRODUCT: N_("Goods"), Kind.COUPON: N_("Coupon")}


@dataclass(frozen=True)
class Goods:
    """The product of a reward as it is sold now; ``price`` is per sale unit."""

    product_id: int
    name: str
    unit: Unit
    price: Money
    on_sale: bool = True


@dataclass(frozen=True)
class Terms:
    """What a reward asks and gives; what the other kind needs stays None.

    ``quantity`` is grams or sale units of the product. ``threshold`` is from what order on the
    coupon holds; None: nobody said it yet, and then it cannot be offered. It is valid for
    ``valid_days`` days beside the day it is given.
    """

    kind: Kind
    points: int
    name: str = ""
    product_id: int | None = None
    quantity: int | None = None
    value: Money | None = None
    threshold: Money | None = None
    valid_days: int | None = None


@dataclass(frozen=True)
class Reward:
    """One version of a reward, in force from ``from_at`` until ``until_at`` (UTC; None: open).

    Versions of one reward share their ``series``. ``goods`` is the product as it is sold now.
    """

    id: int
    series: int
    terms: Terms
    from_at: datetime
    until_at: datetime | None
    version: int
    goods: Goods | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.terms.name

    def in_force(self, now: datetime) -> bool:
        """Whether it is offered at ``now``."""
        return self.from_at <= now and (self.until_at is None or now < self.until_at)

    def is_planned(self, now: datetime) -> bool:
        """Whether it begins after ``now``."""
        return now < self.from_at and self.until_at is None

    @property
    def worth(self) -> Money:
        """What one redemption is worth in yuan."""
        return worth(self.terms, self.goods)


def worth(terms: Terms, goods: Goods | None) -> Money:
    """Return what a reward of these terms is worth: the coupon's value, the goods on the shelf."""
    if terms.kind is Kind.COUPON:
        return terms.value or NOTHING
    if goods is None or not terms.quantity:
        return NOTHING
    return goods.unit.price_of(goods.price, terms.quantity)


def worth_of(points: int, reward: Reward) -> Money:
    """Return what ``points`` are worth at the rate of ``reward``, half-up."""
    return Money(ratio(reward.worth.fen * max(points, 0), reward.terms.points))


def dearest(rewards: Iterable[Reward]) -> Reward | None:
    """Return the reward in which a point is worth most; of equals the first. None for none."""
    found = [one for one in rewards if one.worth]
    return max(found, key=lambda one: (_rate(one), -one.id), default=None)


def _rate(reward: Reward) -> Fraction:
    """Fen per point."""
    return Fraction(reward.worth.fen, reward.terms.points)


def most_times(points: int, reward: Reward) -> int:
    """Return how often a balance suffices for ``reward``; what remains stays with the member."""
    return min(max(points, 0) // reward.terms.points, MOST_TIMES)


def checked_times(times: int) -> int:
    """Return ``times``; raises ``Refused`` for none and for a slip of the finger."""
    if not 1 <= times <= MOST_TIMES:
        raise Refused(N_("Redeem it once to {most} times in one go."), most=MOST_TIMES)
    return times


def proposed(kind: Kind, settings: Settings, goods: Goods | None = None) -> Terms:
    """Return what the settings propose for a new reward; the threshold is never proposed."""
    if kind is Kind.COUPON:
        return Terms(
            kind,
            settings.reward_coupon_points,
            value=settings.reward_coupon_value,
            valid_days=settings.coupon_valid_days,
        )
    by_weight = goods is None or goods.unit.grams is not None
    quantity = settings.reward_goods_grams if by_weight else 1
    return Terms(kind, settings.reward_goods_points, quantity=quantity)


def checked(terms: Terms, goods: Goods | None, say: Translate) -> Terms:
    """Return ``terms`` as they are stored, with a name; ``goods`` is the product they name.

    ``say`` speaks the language of the shop, in which residents read the name.

    Raises ``Refused`` with what is missing or cannot be meant.
    """
    if not 1 <= terms.points <= MOST_POINTS:
        raise Refused(N_("Say for how many points it is given, at least one."))
    kept = _checked_goods(terms, goods) if terms.kind is Kind.PRODUCT else _checked_coupon(terms)
    return replace(kept, name=clean(terms.name, LONGEST_NAME) or usual_name(kept, goods, say))


def _checked_goods(terms: Terms, goods: Goods | None) -> Terms:
    if terms.product_id is None or goods is None:
        raise Refused(N_("Choose the product that is given."))
    if not terms.quantity or terms.quantity < 1:
        raise Refused(N_("Say how much of it is given."))
    return Terms(Kind.PRODUCT, terms.points, product_id=terms.product_id, quantity=terms.quantity)


def _checked_coupon(terms: Terms) -> Terms:
    if terms.value is None or not NOTHING < terms.value <= MOST_VALUE:
        raise Refused(N_("Say what the coupon is worth, up to ¥{most}."), most=MOST_VALUE)
    if terms.threshold is None:
        raise Refused(
            N_("Say from what order on the coupon holds. Without that it cannot be offered.")
        )
    if terms.threshold < NOTHING:
        raise Refused(N_("An amount cannot be negative."))
    if terms.valid_days is None or not 1 <= terms.valid_days <= MOST_DAYS:
        raise Refused(N_("Say for how many days the coupon is valid, 1 to {most}."), most=MOST_DAYS)
    return Terms(
        Kind.COUPON,
        terms.points,
        value=terms.value,
        threshold=terms.threshold,
        valid_days=terms.valid_days,
    )


def usual_name(terms: Terms, goods: Goods | None, say: Translate) -> str:
    """Return what a reward is called that nobody named: how much of what, or a coupon's worth."""
    if goods is not None and terms.quantity:
        return f"{goods.name} {goods.unit.said(terms.quantity)}"[:LONGEST_NAME]
    return say(N_("Coupon of ¥{amount}")).format(amount=short(terms.value or NOTHING))


def last_day(issued_on: date, valid_days: int) -> date:
    """Return the last day of a coupon given on ``issued_on``, that day included."""
    return issued_on + timedelta(days=valid_days)


def checked_start(from_at: datetime | None, now: datetime) -> datetime:
    """Return from when a change holds, at once for None; raises ``Refused`` for the past."""
    if from_at is None:
        return now
    if from_at < now:
        raise Refused(N_("A promise is changed for the future only. Choose a later day."))
    return from_at


def checked_reason(text: str) -> str:
    """Return why a redemption is taken back; raises ``Refused`` when nothing is said."""
    kept = clean(text, LONGEST_REASON)
    if not kept:
        raise Refused(N_("Say why the redemption is taken back."))
    return kept
