"""Who is short of what on a pickup day (E6)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, not_, select

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.members.profiles.rules import Home
from lib.shop.shop import DESK, Shop
from lib.supply.purchasing.queries import LOOK_BACK, on_the_way_in
from lib.supply.purchasing.shortage.rules import Wish, step_of
from lib.supply.purchasing.shortage.texts import Cut
from lib.supply.stock.queries import lots_of
from lib.trade.orders.queries import is_order_refunded, is_taken_off, sum_handed, sum_refunded
from lib.trade.orders.rules import amount_for
from lib.trade.payments.queries import money_in
from lib.trade.payments.rules import OrderMoney

_order, _line, _product = schema.customer_order, schema.order_line, schema.product

MOST_LINES = 5000


@dataclass(frozen=True)
class Claimant:
    """One order line that wants the goods; quantities in grams or sale units.

    ``ordered`` is what was ordered, ``quantity`` what it gets now, ``given`` what was handed over.
    ``amount`` is what the line costs now, ``full`` what all of it would. ``version`` is the
    order's; ``called`` is the home, or the order's number without one.
    """

    line_id: int
    order_id: int
    version: int
    number: int
    called: str
    nickname: str
    ordered: int
    quantity: int
    given: int
    amount: Money
    full: Money

    @property
    def wish(self) -> Wish:
        """What the split looks at."""
        return Wish(self.ordered, self.given)


@dataclass(frozen=True)
class Shortage:
    """A product of which less is there than residents ordered for ``day``.

    ``available`` is what can be shared out among ``claimants`` (in the order they ordered),
    goods already handed over to them included.
    """

    product_id: int
    name: str
    unit: Unit
    day: date
    available: int
    claimants: tuple[Claimant, ...]

    @property
    def ordered(self) -> int:
        """What all of them ordered."""
        return sum(one.ordered for one in self.claimants)

    @property
    def missing(self) -> int:
        """How much too little there is."""
        return max(0, self.ordered - self.available)

    @property
    def shared_out(self) -> bool:
        """Whether everybody's line already fits into what there is."""
        return sum(one.quantity for one in self.claimants) <= self.available

    @property
    def can_give_more(self) -> bool:
        """Whether more came since it was shared out."""
        promised = sum(one.quantity for one in self.claimants)
        return promised < min(self.available, self.ordered)

    @property
    def step(self) -> int:
        """The smallest amount shares differ by."""
        return step_of(self.unit)


def shortages(shop: Shop, day: date) -> tuple[Shortage, ...]:
    """Return the products that are short on pickup day ``day``, over all its rounds.

    A product still expected, of which nothing came, is not short yet. Products whose stock is not
    kept are left out: nothing is known of them.
    """
    shop.require(DESK)
    with shop.read() as connection:
        claims = claims_of(connection, day)
        there = _there(connection, list(claims), day, shop.today)
        pending = _pending(connection, list(there), day)
    found = [
        _shortage(day, product_id, claims[product_id], amount)
        for product_id, amount in there.items()
        if product_id not in pending
    ]
    short = [one for one in found if one.missing or one.can_give_more]
    return tuple(sorted(short, key=lambda one: (one.shared_out, one.name)))


def shortage(shop: Shop, day: date, product_id: int) -> Shortage | None:
    """Return how one product stands on ``day``, short or not; None when nobody ordered it."""
    shop.require(DESK)
    with shop.read() as connection:
        claims = claims_of(connection, day, product_id)
        if product_id not in claims:
            return None
        there = _there(connection, [product_id], day, shop.today)
    return _shortage(day, product_id, claims[product_id], there.get(product_id, 0))


def cuts_of(shop: Shop, short: Shortage) -> tuple[Cut, ...]:
    """Return who gets less than ordered, with the money that comes back or is not asked for."""
    shop.require(DESK)
    less = [one for one in short.claimants if one.quantity < one.ordered]
    with shop.read() as connection:
        money = money_in(connection, [one.order_id for one in less])
    return tuple(_cut(one, money[one.order_id]) for one in less)


def _cut(one: Claimant, money: OrderMoney) -> Cut:
    saved = one.full - one.amount
    back = min(saved, money.overpaid)
    unpaid = saved if money.due or not money.net else Money(0)
    return Cut(one.called, one.ordered, one.quantity, back, unpaid)


@dataclass(frozen=True)
class _Claim:
    claimant: Claimant
    fixed: bool
    name: str
    unit: Unit


def claims_of(
    connection: Connection, day: date, product_id: int | None = None
) -> dict[int, list[_Claim]]:
    """Return the standing lines of a pickup day per product; weighed ones are ``fixed``."""
    members = schema.member
    query = (
        select(
            _line,
            _order.c.version.label("order_version"),
            _order.c.number,
            _order.c.area,
            _order.c.building,
            _order.c.unit.label("home_unit"),
            _order.c.room,
            members.c.nickname,
            sum_handed().label("given"),
            sum_refunded().label("refunded_fen"),
            is_order_refunded().label("order_refunded"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .join(members, members.c.id == _order.c.member_id)
        .where(
            _order.c.pickup_day == day,
            _order.c.status == "active",
            _line.c.cancelled_at.is_(None),
            not_(is_taken_off()),
        )
        .order_by(_order.c.placed_at, _order.c.id)
        .limit(MOST_LINES)
    )
    if product_id is not None:
        query = query.where(_line.c.product_id == product_id)
    found: dict[int, list[_Claim]] = defaultdict(list)
    for row in connection.execute(query):
        paid_back = row.refunded_fen > 0 and row.refunded_fen >= row.amount_fen
        if not (paid_back or row.order_refunded):
            found[row.product_id].append(_claim(row))
    return dict(found)


def _claim(row: Row[Any]) -> _Claim:
    home = Home(row.area, row.building, row.home_unit, row.room)
    unit, amount = Unit(row.sale_unit, row.unit_grams), Money(row.amount_fen)
    claimant = Claimant(
        row.id,
        row.order_id,
        row.order_version,
        row.number,
        str(home) or f"#{row.number}",
        row.nickname,
        row.ordered,
        row.quantity,
        int(row.given),
        amount,
        amount_for(unit, Money(row.unit_price_fen), row.quantity, amount, row.ordered),
    )
    return _Claim(claimant, row.weighed_at is not None, row.product_name, unit)


def _shortage(day: date, product_id: int, claims: Sequence[_Claim], there: int) -> Shortage:
    """Return how a product stands of which ``there`` is in the shop for this day."""
    open_claims = [one.claimant for one in claims if not one.fixed]
    fixed = sum(max(0, one.claimant.quantity - one.claimant.given) for one in claims if one.fixed)
    given = sum(one.given for one in open_claims)
    available = max(0, there - fixed) + given
    return Shortage(product_id, claims[0].name, claims[0].unit, day, available, tuple(open_claims))


def _there(
    connection: Connection, product_ids: Sequence[int], day: date, today: date
) -> dict[int, int]:
    """Return what lies in the shop for ``day``, per product whose stock is kept.

    Stopped and expired goods do not count; what residents of earlier days have still to collect is
    theirs.
    """
    levels = schema.stock_level
    query = select(levels.c.product_id, levels.c.loose).where(levels.c.product_id.in_(product_ids))
    loose = {row.product_id: row.loose for row in connection.execute(query)}
    lots = lots_of(connection, loose)
    earlier = _earlier(connection, list(loose), day)
    return {
        product_id: sum(lot.on_hand for lot in lots[product_id] if lot.may_go(today))
        + without_batch
        - earlier.get(product_id, 0)
        for product_id, without_batch in loose.items()
    }


def _pending(connection: Connection, product_ids: Sequence[int], day: date) -> set[int]:
    """Return the products that are still expected and of which nothing came for ``day``."""
    coming = on_the_way_in(connection, product_ids, day)
    batches = schema.batch
    came = set(
        connection.execute(
            select(batches.c.product_id).where(
                batches.c.product_id.in_(list(coming)),
                batches.c.arrived_on.between(day - timedelta(days=1), day),
                batches.c.received + batches.c.rejected > 0,
            )
        ).scalars()
    )
    return set(coming) - came


def _earlier(connection: Connection, product_ids: Sequence[int], day: date) -> dict[int, int]:
    """Return what residents of the days before ``day`` have still to collect, per product."""
    query = (
        select(
            _line.c.product_id,
            func.sum(_line.c.quantity).label("ordered"),
            func.sum(sum_handed()).label("given"),
        )
        .select_from(_line)
        .join(_order, _order.c.id == _line.c.order_id)
        .where(
            _line.c.product_id.in_(product_ids),
            _order.c.status == "active",
            _line.c.cancelled_at.is_(None),
            _order.c.pickup_day >= day - LOOK_BACK,
            _order.c.pickup_day < day,
        )
        .group_by(_line.c.product_id)
    )
    return {
        row.product_id: max(0, int(row.ordered) - int(row.given))
        for row in connection.execute(query)
    }
