"""Reads of what could be given: stock, its cost, and what is known of somebody.

Cost is reckoned for everybody, because the budget holds for everybody; it leaves only for those
who may see it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.members.gifts.choosing import rules
from lib.members.gifts.choosing.rules import GROUNDS, Goods, Idea, Likings
from lib.members.gifts.rules import Bought, cost_of
from lib.members.profiles.queries import family_ids
from lib.shop.language import Translate
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop
from lib.supply.stock.queries import lots_of, reserved
from lib.supply.stock.rules import Lot, Part, allocate

MOST_GOODS = 500

_product, _level, _batch = schema.product, schema.stock_level, schema.batch
_gift, _liking = schema.gift, schema.preference
_order, _line, _member = schema.customer_order, schema.order_line, schema.member


@dataclass(frozen=True)
class Choice:
    """Something that could be given out of the stock; ``cost`` None: not known or not yours.

    ``within`` says that one sale unit of it stays within the budget.
    """

    product_id: int
    name: str
    unit: Unit
    left: int
    cost: Money | None
    within: bool


@dataclass(frozen=True)
class Suggestion:
    """A gift that would please: a :class:`Choice`, the ground of it and the count behind it."""

    choice: Choice
    idea: Idea
    days: int

    @property
    def quantity(self) -> int:
        """How much is suggested: one sale unit, in grams or pieces."""
        return self.idea.goods.portion

    def because(self, say: Translate) -> str:
        """Return what it rests on: ``bought 5 times in 90 days``."""
        idea, said = self.idea, []
        if idea.ground is not rules.Ground.BOUGHT:
            said.append(say(GROUNDS[idea.ground]).format(name=idea.name))
        if idea.orders >= rules.FEWEST_ORDERS:
            bought = say(GROUNDS[rules.Ground.BOUGHT])
            said.append(bought.format(orders=idea.orders, days=self.days))
        return say(N_(", ")).join(said)

    def why(self, say: Translate) -> str:
        """Return all of it: ``bought 5 times in 90 days, 12 left, within the budget``."""
        left = say(N_("{left} left")).format(left=self.choice.unit.said(self.choice.left))
        return say(N_(", ")).join((self.because(say), left, say(N_("within the budget"))))


def suggestions(shop: Shop, member_id: int, budget: Money) -> tuple[Suggestion, ...]:
    """Return what to give a member, best first, at most ``budget`` and in stock (R34).

    From what they said they like, else from what they buy; never what was rejected.
    """
    shop.require(DESK)
    with shop.read() as connection:
        known = _likings(connection, shop.settings, shop.today, member_id)
        goods = goods_in(connection, shop.today)
    found = rules.ideas(goods, known, budget)
    days = shop.settings.preference_days
    return tuple(Suggestion(_choice(shop, one.goods, budget), one, days) for one in found)


def choices(shop: Shop, budget: Money) -> tuple[Choice, ...]:
    """Return everything that lies in the shop and could be given, by category and name."""
    shop.require(DESK)
    with shop.read() as connection:
        goods = goods_in(connection, shop.today)
    return tuple(_choice(shop, one, budget) for one in goods if one.free >= one.portion)


def goods_in(connection: Connection, today: date) -> list[Goods]:
    """Return the products whose stock is kept, with what is free of each and what one costs."""
    query = (
        select(
            _product.c.id,
            _product.c.name,
            _product.c.category,
            _product.c.sale_unit,
            _product.c.unit_grams,
            _product.c.purchase_price_fen,
        )
        .join(_level, _level.c.product_id == _product.c.id)
        .where(
            _product.c.archived_at.is_(None),
            _product.c.stopped_at.is_(None),
            _level.c.on_hand > 0,
        )
        .order_by(_product.c.category, _product.c.name, _product.c.id)
        .limit(MOST_GOODS)
    )
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    free = free_of(connection, today, ids)
    lots, prices = lots_of(connection, ids), _prices(connection, ids)
    found = []
    for row in rows:
        unit = Unit(row.sale_unit, row.unit_grams)
        parts = _foreseen(lots[row.id], unit.grams or 1, today)
        cost = cost_of(parts, prices, unit, _money(row.purchase_price_fen))
        found.append(Goods(row.id, row.name, row.category, unit, free.get(row.id, 0), cost))
    return found


def free_of(connection: Connection, today: date, product_ids: Collection[int]) -> dict[int, int]:
    """Return what is free of products: may be given, not reserved, not planned as a gift."""
    free = unreserved(connection, today, product_ids)
    planned = (
        select(_gift.c.product_id, func.sum(_gift.c.quantity))
        .where(
            _gift.c.given_at.is_(None),
            _gift.c.cancelled_at.is_(None),
            _gift.c.product_id.is_not(None),
        )
        .group_by(_gift.c.product_id)
    )
    for product_id, quantity in connection.execute(planned):
        if product_id in free:
            free[product_id] -= int(quantity)
    return free


def unreserved(connection: Connection, today: date, product_ids: Collection[int]) -> dict[int, int]:
    """Return what may still be given of products whose stock is kept: not reserved, not stopped."""
    ids = set(product_ids)
    if not ids:
        return {}
    query = select(_level.c.product_id, _level.c.on_hand).where(_level.c.product_id.in_(ids))
    levels = {row.product_id: int(row.on_hand) for row in connection.execute(query)}
    ordered, lots = reserved(connection, today), lots_of(connection, levels)
    return {
        product_id: on_hand - ordered.get(product_id, 0) - _blocked(lots[product_id], today)
        for product_id, on_hand in levels.items()
    }


@dataclass(frozen=True)
class Costed:
    """A product as a gift names it, and what a quantity of it costs; None when nobody knows."""

    name: str
    unit: Unit
    cost: Money | None


def costed(connection: Connection, today: date, product_id: int, quantity: int) -> Costed:
    """Return what ``quantity`` of a product would cost out of the batches on hand ``today``.

    For steps inside a write. Raises ``NotFound`` for a product that is not there.
    """
    parts = _foreseen(lots_of(connection, [product_id])[product_id], quantity, today)
    return cost_of_parts(connection, product_id, parts)


def cost_of_parts(connection: Connection, product_id: int, parts: Iterable[Part]) -> Costed:
    """Return what goods cost that leave as ``parts``; for steps inside a write."""
    row = connection.execute(select(_product).where(_product.c.id == product_id)).first()
    if row is None:
        raise NotFound(N_("This product does not exist."))
    unit = Unit(row.sale_unit, row.unit_grams)
    batches = {part.batch_id for part in parts if part.batch_id is not None}
    prices = _prices_of(connection, _batch.c.id.in_(batches)) if batches else {}
    cost = cost_of(tuple(parts), prices, unit, _money(row.purchase_price_fen))
    return Costed(row.name, unit, cost)


def _foreseen(lots: Iterable[Lot], quantity: int, today: date) -> tuple[Part, ...]:
    """Return which batches ``quantity`` would come out of, as goods leave."""
    return allocate(lots, quantity, today).parts


def _blocked(lots: Iterable[Lot], today: date) -> int:
    return sum(lot.on_hand for lot in lots if lot.on_hand > 0 and not lot.may_go(today))


def _prices(connection: Connection, product_ids: Collection[int]) -> dict[int, Bought]:
    on_hand = and_(_batch.c.product_id.in_(product_ids), _batch.c.on_hand > 0)
    return _prices_of(connection, on_hand) if product_ids else {}


def _prices_of(connection: Connection, wanted: ColumnElement[bool]) -> dict[int, Bought]:
    query = select(
        _batch.c.id, _batch.c.unit_price_fen, _batch.c.sale_unit, _batch.c.unit_grams
    ).where(wanted, _batch.c.unit_price_fen.is_not(None))
    return {
        row.id: Bought(Money(row.unit_price_fen), Unit(row.sale_unit, row.unit_grams))
        for row in connection.execute(query)
    }


def _likings(connection: Connection, settings: Settings, today: date, member_id: int) -> Likings:
    """Return what is known of a member and of files merged into theirs."""
    family = family_ids(connection, member_id)
    query = select(_liking.c.kind, _liking.c.state, _liking.c.product_id, _liking.c.name)
    rows = connection.execute(query.where(_liking.c.member_id.in_(family))).all()

    def names(kind: str, state: str) -> frozenset[str]:
        return frozenset(row.name for row in rows if (row.kind, row.state) == (kind, state))

    def products(state: str) -> frozenset[int]:
        return frozenset(row.product_id for row in rows if row.product_id and row.state == state)

    return Likings(
        products("accepted"),
        names("category", "accepted"),
        names("tag", "accepted"),
        products("rejected"),
        names("category", "rejected"),
        _bought(connection, settings, today, family),
    )


def _bought(
    connection: Connection, settings: Settings, today: date, family: Collection[int]
) -> Mapping[int, int]:
    """Return in how many orders of late each product was."""
    since = today - timedelta(days=settings.preference_days)
    query = (
        select(_line.c.product_id, func.count(func.distinct(_line.c.order_id)))
        .join(_order, _order.c.id == _line.c.order_id)
        .where(
            _order.c.member_id.in_(family),
            _order.c.status == "active",
            _order.c.pickup_day.between(since, today),
            _line.c.cancelled_at.is_(None),
        )
        .group_by(_line.c.product_id)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def _choice(shop: Shop, goods: Goods, budget: Money) -> Choice:
    cost = goods.cost
    seen = cost if shop.may_see_cost else None
    within = cost is not None and cost <= budget
    return Choice(goods.product_id, goods.name, goods.unit, goods.free, seen, within)


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)
