"""What a stretch of days cost and brought per product (R20, E15). Pure, in whole fen.

Costs are kept as exact fractions until they are shown: a cost *per unit* is the exact cost divided
by what was sold, a *total* is the exact cost rounded; both half-up, neither computed from the
other. Packaging and delivery are shared so that all products together come to what was paid.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from lib.kernel.money import Money, ratio, split, total
from lib.kernel.months import months_later
from lib.kernel.quantity import Unit
from lib.shop.settings import Settings
from lib.trade.packaging.rules import Packaging, cost_of, is_warm

BAG = 720_720
"""Parts a bag is cut into so that its goods share it: divisible by all numbers up to 16."""

NOTHING = Money(0)


class Cost(StrEnum):
    """What the books can say about the cost of a product."""

    PURCHASE = "purchase"
    LOSS = "loss"
    PACKAGING = "packaging"
    DELIVERY = "delivery"
    POINTS = "points"
    PLEDGE = "pledge"


class From(StrEnum):
    """What the purchase price of a product rests on.

    ``BATCHES``: what was sold came out of batches with a price. ``USUAL``: no batch says it, the
    price typed with the product stands. ``NONE``: neither is known.
    """

    BATCHES = "batches"
    USUAL = "usual"
    NONE = "none"


@dataclass(frozen=True)
class Scope:
    """Which part of the books: pickup and business days from ``first`` to ``last``, both included.

    ``product_ids`` None means every product. With a ``round_id`` only that round's orders count;
    ``first`` to ``last`` are then the days whose loss its goods carry (see :func:`round_days`).
    """

    first: date
    last: date
    product_ids: frozenset[int] | None = None
    round_id: int | None = None


@dataclass(frozen=True)
class Sums:
    """What happened to one product, in base quantities (grams or sale units) and fen.

    ``sold`` and ``amount`` are of order lines, ``counter`` went over the counter without an order,
    ``returned`` came back to the shelf. ``bags``, ``warm_bags`` and ``wraps`` are shares of bags in
    parts of :data:`BAG`. ``gone`` left to residents out of batches with a price and cost
    ``gone_value``: fen per sale unit times base quantity; ``loose`` left out of others. ``lost``,
    ``lost_value`` and ``lost_loose`` say the same of what was thrown away or missing.
    """

    sold: int = 0
    amount: int = 0
    bags: int = 0
    warm_bags: int = 0
    wraps: int = 0
    counter: int = 0
    returned: int = 0
    gone: int = 0
    gone_value: int = 0
    loose: int = 0
    lost: int = 0
    lost_value: int = 0
    lost_loose: int = 0

    @property
    def quantity(self) -> int:
        """What was sold in all, less what came back; never negative."""
        return max(self.sold + self.counter - self.returned, 0)


@dataclass(frozen=True)
class Goods:
    """A product as the books name it; prices are per sale unit.

    ``shelf`` is the price on the shelf now, ``usual`` the purchase price typed with the product,
    ``newest`` that of its newest batch, looked up only where nothing else is known.
    """

    product_id: int
    name: str
    unit: Unit
    shelf: Money
    usual: Money | None
    newest: Money | None = None

    @property
    def base(self) -> int:
        """Base quantities in one sale unit: grams, or 1 for pieces."""
        return self.unit.grams or 1


@dataclass(frozen=True)
class Exact:
    """An exact amount: ``fen`` divided by ``parts``."""

    fen: int
    parts: int = 1

    @property
    def money(self) -> Money:
        """The amount, half-up to the fen."""
        return Money(ratio(self.fen, self.parts)) if self.fen else NOTHING


NO_COST = Exact(0)


@dataclass(frozen=True)
class Price:
    """What one sale unit of a product was bought for: ``value / quantity`` fen, and whence."""

    value: int
    quantity: int
    source: From
    usual_quantity: int = 0


NO_PRICE = Price(0, 1, From.NONE)


@dataclass(frozen=True)
class Measured:
    """What the books say of one product in a scope.

    ``quantity`` is what was sold, orders and counter, less what came back; ``counter`` is the part
    of it without an order, whose money is not in the books and ``reckoned`` at the price that stood
    on the shelf; ``revenue`` holds it, less what was rounded off (抹零). Costs are totals;
    :meth:`unit_cost` is per sale unit. ``points`` is what points took: coupons used, and goods
    given for them (R37). ``pledge`` is what making good cost: refunds, goods given, freight.
    ``usual_quantity`` of the goods that left had no batch with a price and stand at the usual
    price; ``lost`` was thrown away or missing, less what was found.
    """

    product_id: int
    name: str
    unit: Unit
    quantity: int
    counter: int
    revenue: Money
    reckoned: Money
    purchase: Money
    loss: Money
    packaging: Money
    delivery: Money
    points: Money
    pledge: Money
    purchase_from: From
    usual_quantity: int = 0
    lost: int = 0
    price: Price = NO_PRICE
    exact: Mapping[str, Exact] = field(default_factory=dict)

    @property
    def cost(self) -> Money:
        """What it cost in all, as far as the books say."""
        return total(getattr(self, cost.value) for cost in Cost)

    @property
    def kept(self) -> Money:
        """What is left of the revenue after these costs; negative when money was given."""
        return self.revenue - self.cost

    @property
    def base(self) -> int:
        """Base quantities in one sale unit."""
        return self.unit.grams or 1

    def unit_cost(self, cost: str) -> Money | None:
        """Return what ``cost`` (a :class:`Cost`) comes to per sale unit, half-up.

        None for a purchase price that is not known, and for other costs when nothing was sold.
        """
        if cost == Cost.PURCHASE:
            if self.price.source is From.NONE:
                return None
            return Money(ratio(self.price.value, self.price.quantity))
        if not self.quantity:
            return None
        exact = self.exact.get(cost, NO_COST)
        if not exact.fen:
            return NOTHING
        return Money(ratio(exact.fen * self.base, exact.parts * self.quantity))


@dataclass(frozen=True)
class Promised:
    """What keeping promises cost beside refunds of orders: goods given without payment, and fen.

    ``value`` is of goods out of batches with a price (fen per sale unit times base quantity),
    ``loose`` the base quantity of others; ``fen`` is freight the shop bore, and refunds of what
    was bought without an order.
    """

    value: int = 0
    loose: int = 0
    fen: int = 0


NOTHING_GIVEN = Promised()


@dataclass(frozen=True)
class Givens:
    """What joins the sums of a product: refunds and counter sales in fen, delivery in shares.

    ``delivery`` is in fen times :data:`BAG`. ``lost`` is the loss its sales carry when it is not
    that of the sums themselves (a round): fen per base quantity sold. ``rounded`` was let go of
    when residents paid (fen). ``bags`` is what bags took beyond what the rule says, less what they
    took below it, in fen times :data:`BAG`. ``promised`` joins ``pledge``: what making good cost
    beside refunds. ``coupons`` is what they took off (fen), ``redeemed`` the goods given for
    points.
    """

    pledge: int = 0
    reckoned: int = 0
    delivery: int = 0
    carried: Exact | None = None
    rounded: int = 0
    bags: int = 0
    promised: Promised = NOTHING_GIVEN
    coupons: int = 0
    redeemed: Promised = NOTHING_GIVEN


NO_SUMS, NO_GIVENS = Sums(), Givens()


def last_days(today: date, days: int) -> Scope:
    """Return the scope of the last ``days`` days, today included."""
    return Scope(today - timedelta(days=days - 1), today)


def month_of(day: date, today: date | None = None) -> Scope:
    """Return the scope of the month of ``day``, not beyond ``today`` (what is ahead is open)."""
    first = day.replace(day=1)
    last = months_later(first, 1) - timedelta(days=1)
    return Scope(first, last if today is None else max(first, min(last, today)))


def round_days(round_id: int, pickup_day: date, days: int) -> Scope:
    """Return the scope of a round: it carries the loss of the ``days`` days up to its pickup."""
    return Scope(pickup_day - timedelta(days=days - 1), pickup_day, round_id=round_id)


def warm_days(scope: Scope, settings: Settings) -> list[tuple[date, date]]:
    """Return the stretches of ``scope`` in whose bags an ice pack lies, both ends included."""
    if not settings.ice_pack:
        return []
    found: list[tuple[date, date]] = []
    first = scope.first
    while first <= scope.last:
        following = months_later(first.replace(day=1), 1)
        last = min(scope.last, following - timedelta(days=1))
        if is_warm(first.month, settings.ice_pack_from_month, settings.ice_pack_to_month):
            joins = bool(found) and found[-1][1] + timedelta(days=1) == first
            begun = found.pop()[0] if joins else first
            found.append((begun, last))
        first = following
    return found


def measure(
    goods: Sequence[Goods],
    sums: Mapping[int, Sums],
    givens: Mapping[int, Givens],
    settings: Settings,
    *,
    whole: bool,
) -> list[Measured]:
    """Return what the books say of ``goods``.

    ``whole`` says that these are all goods of the scope: what was paid for bags and deliveries is
    then shared to the fen, largest remainder first. Otherwise every total is rounded by itself.
    """
    facts = [
        (one, sums.get(one.product_id, NO_SUMS), givens.get(one.product_id, NO_GIVENS))
        for one in goods
    ]
    exact = [_exact(*each, settings) for each in facts]
    packaging = [costs[Cost.PACKAGING].money for _price, costs in exact]
    delivery = [costs[Cost.DELIVERY].money for _price, costs in exact]
    if whole:
        bags = _paid_for_bags(sums.values(), settings)
        unlike = sum(each.bags for each in givens.values())
        bags = max(bags + Money(ratio(unlike, BAG)), NOTHING) if unlike else bags
        packaging = _shared(bags, [costs[Cost.PACKAGING].fen for _price, costs in exact])
        brought = Money(-(-sum(each.delivery for each in givens.values()) // BAG))
        delivery = _shared(brought, [costs[Cost.DELIVERY].fen for _price, costs in exact])
    return [
        _measured(*fact, *found, bag, brought)
        for fact, found, bag, brought in zip(facts, exact, packaging, delivery, strict=True)
    ]


def purchase_price(goods: Goods, sums: Sums) -> Price:
    """Return what one sale unit was bought for: batch prices weighted by what left the shelf.

    What left without a priced batch stands at the usual price. If nothing left: the usual price,
    and without one the price of the newest batch.
    """
    loose = max(sums.loose, 0)
    if sums.gone > 0:
        if goods.usual is None or not loose:
            return Price(sums.gone_value, sums.gone, From.BATCHES)
        value = sums.gone_value + goods.usual.fen * loose
        return Price(value, sums.gone + loose, From.BATCHES, loose)
    if goods.usual is not None:
        return Price(goods.usual.fen, 1, From.USUAL, loose)
    if goods.newest is not None:
        return Price(goods.newest.fen, 1, From.BATCHES)
    return NO_PRICE


def loss(goods: Goods, sums: Sums, price: Price) -> Exact:
    """Return what was thrown away or missing, at the price of its batch; never below nothing.

    What a count found reduces it. Goods without a priced batch stand at ``price``.
    """
    value = sums.lost_value * price.quantity + price.value * sums.lost_loose
    return Exact(max(value, 0), goods.base * price.quantity)


def pledge(goods: Goods, givens: Givens, price: Price) -> Exact:
    """Return what making good cost: refunds, goods given at what they were bought for, freight."""
    return _given_away(goods, givens.promised, givens.pledge, price)


def points(goods: Goods, givens: Givens, price: Price) -> Exact:
    """Return what points took: what coupons took off, and goods given at what they cost (R37)."""
    return _given_away(goods, givens.redeemed, givens.coupons, price)


def _given_away(goods: Goods, one: Promised, besides: int, price: Price) -> Exact:
    """Goods without a priced batch stand at the usual price, and without one at ``price``."""
    fen = besides + one.fen
    if not one.value and not one.loose:
        return Exact(fen) if fen else NO_COST
    usual = price if goods.usual is None else Price(goods.usual.fen, 1, From.USUAL)
    value = (fen * goods.base + one.value) * usual.quantity + one.loose * usual.value
    return Exact(max(value, 0), goods.base * usual.quantity)


def _exact(
    goods: Goods, sums: Sums, givens: Givens, settings: Settings
) -> tuple[Price, dict[str, Exact]]:
    price, quantity = purchase_price(goods, sums), sums.quantity
    carried = givens.carried
    return price, {
        Cost.PURCHASE: Exact(price.value * quantity, price.quantity * goods.base),
        Cost.LOSS: Exact(carried.fen * quantity, carried.parts)
        if carried
        else loss(goods, sums, price),
        Cost.PACKAGING: Exact(max(_bag_shares(sums, settings) + givens.bags, 0), BAG),
        Cost.DELIVERY: Exact(givens.delivery, BAG) if givens.delivery else NO_COST,
        Cost.POINTS: points(goods, givens, price),
        Cost.PLEDGE: pledge(goods, givens, price),
    }


def _measured(
    goods: Goods,
    sums: Sums,
    givens: Givens,
    price: Price,
    exact: Mapping[str, Exact],
    packaging: Money,
    delivery: Money,
) -> Measured:
    return Measured(
        goods.product_id,
        goods.name,
        goods.unit,
        sums.quantity,
        sums.counter,
        Money(sums.amount + givens.reckoned - givens.rounded),
        Money(givens.reckoned),
        exact[Cost.PURCHASE].money,
        exact[Cost.LOSS].money,
        packaging,
        delivery,
        exact[Cost.POINTS].money,
        exact[Cost.PLEDGE].money,
        price.source,
        price.usual_quantity,
        max(sums.lost + sums.lost_loose, 0),
        price,
        exact,
    )


def _bag_shares(sums: Sums, settings: Settings) -> int:
    shares = {
        Packaging.FRESHNESS_BAG: sums.bags if settings.freshness_bag else 0,
        Packaging.ICE_PACK: sums.warm_bags,
        Packaging.BUBBLE_WRAP: sums.wraps if settings.bubble_wrap else 0,
    }
    return sum(share * cost_of(kind, settings).fen for kind, share in shares.items() if share)


def _paid_for_bags(sums: Iterable[Sums], settings: Settings) -> Money:
    """Return what all bags cost: whole ones, though their shares were cut a little short."""
    bags = warm = wraps = 0
    for each in sums:
        bags, warm, wraps = bags + each.bags, warm + each.warm_bags, wraps + each.wraps
    pieces = {
        Packaging.FRESHNESS_BAG: bags if settings.freshness_bag else 0,
        Packaging.ICE_PACK: warm,
        Packaging.BUBBLE_WRAP: wraps if settings.bubble_wrap else 0,
    }
    return total(
        cost_of(kind, settings).times(-(-shares // BAG)) for kind, shares in pieces.items()
    )


def _shared(amount: Money, weights: list[int]) -> list[Money]:
    return split(amount, weights) if amount else [NOTHING] * len(weights)
