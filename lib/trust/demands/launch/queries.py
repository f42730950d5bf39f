"""Reads around an offer that answers a wish: its text, who is to be told, who bought (R18)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.messages.demand_events import DEMAND_LAUNCH
from lib.shop.messages.wording import filled, speaker
from lib.shop.shop import DESK, OWNER_ONLY, Shop
from lib.trust.costs.draft.queries import unit_cost
from lib.trust.costs.rules import Line
from lib.trust.demands.queries import One, Wish
from lib.trust.demands.rules import Status
from lib.trust.demands.texts import Called, Offer, Piece, launch_values, spread

MOST_BUYERS = 1000

_demand, _wish = schema.demand, schema.demand_wish


@dataclass(frozen=True)
class Told:
    """Residents who were told by one message; ``by`` is empty for somebody no longer known."""

    at: datetime
    by: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Telling:
    """Who still has to be told, in messages ready to send, and who was.

    ``nameless`` wished without a name: nobody can call them. ``general`` is the same text without
    names, for a wish nobody of which can be called.
    """

    pieces: tuple[Piece, ...]
    told: tuple[Told, ...]
    nameless: int
    general: str


@dataclass(frozen=True)
class Buyer:
    """A resident who wished and bought: the day of pickup and the quantity (grams or pieces)."""

    name: str
    member_id: int
    placed_at: datetime
    pickup_day: date
    quantity: int


@dataclass(frozen=True)
class Bought:
    """Who bought what they had wished for, within the days that count.

    ``wished`` are all who asked, ``known`` those of them whose member file is known: only of them
    can be said whether they bought. ``until`` is when counting ends.
    """

    wished: int
    known: int
    buyers: tuple[Buyer, ...]
    until: datetime
    unit: Unit


def offer_of(shop: Shop, this: One) -> Offer | None:
    """Return what is on offer for a wish; None when nothing is.

    Its round while that takes orders, else another one in which the product stands: who wished
    late is told where to order now.
    """
    shop.require(DESK)
    if this.card.product_id is None:
        return None
    with shop.read() as connection:
        table = schema.product
        product = connection.execute(select(table).where(table.c.id == this.card.product_id)).one()
        rows = connection.execute(_standing(this.card.product_id, shop.clock.now())).all()
    unit = Unit(product.sale_unit, product.unit_grams)
    if not rows:
        in_shop = this.card.round_id is None
        return Offer(product.name, unit, Money(product.price_fen), in_shop=in_shop)
    chosen = next((row for row in rows if row.id == this.card.round_id), rows[0])
    price = Money(chosen.price_fen)
    return Offer(product.name, unit, price, chosen.cut_off_at, chosen.pickup_day)


def telling(shop: Shop, this: One) -> Telling:
    """Return the messages that tell everybody who wished, and what was ticked as sent."""
    shop.require(DESK)
    offer = offer_of(shop, this)
    if offer is None or this.card.status is not Status.OFFERED:
        return Telling((), _told(this.wishes), _nameless(this.wishes), "")
    say = speaker(shop)
    now, zone_name = shop.clock.now(), shop.settings.time_zone

    def text(names: str) -> str:
        values = launch_values(offer, this.card.title, names, now, zone_name, say)
        return filled(say(DEMAND_LAUNCH.wording), values)

    called = [
        Called(wish.name, (wish.id,)) for wish in this.wishes if wish.name and wish.told_at is None
    ]
    pieces = spread(called, text, shop.settings.message_bytes)
    return Telling(pieces, _told(this.wishes), _nameless(this.wishes), text(""))


def bought(shop: Shop, this: One) -> Bought | None:
    """Return who of those who wished bought it since; None while it is not on offer.

    Orders count from the offer on, for the days of the setting; cancelled ones do not.
    """
    shop.require(DESK)
    if this.card.product_id is None or this.card.offered_at is None:
        return None
    products = schema.product
    with shop.read() as connection:
        rows = connection.execute(
            orders_of_wishers().where(_demand.c.id == this.card.id).limit(MOST_BUYERS)
        ).all()
        unit = connection.execute(
            select(products.c.sale_unit, products.c.unit_grams).where(
                products.c.id == this.card.product_id
            )
        ).one()
    since = _since(this)
    until = since + timedelta(days=shop.settings.demand_bought_days)
    names = {wish.member_id: wish.name or wish.member for wish in this.wishes}
    buyers: dict[int, Buyer] = {}
    for row in rows:
        if since <= row.placed_at < until:
            buyers.setdefault(row.wish_id, _buyer(row, names))
    known = sum(wish.member_id is not None for wish in this.wishes)
    found = tuple(buyers.values())
    return Bought(len(this.wishes), known, found, until, Unit(unit.sale_unit, unit.unit_grams))


def cost_line(shop: Shop, product_id: int) -> Line | None:
    """Return the line a product has on the next cost sheet; None without a purchase price.

    Owner only.
    """
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return unit_cost(connection, shop.settings, product_id, shop.clock.now())


def orders_of_wishers() -> Select[Any]:
    """Select the orders of a demand's product by members who wished for it, oldest first.

    ``since`` is when the demand came on offer. A merged member stands for the one it became.
    """
    members, orders, lines = schema.member, schema.customer_order, schema.order_line
    buyer = func.coalesce(members.c.merged_into, members.c.id)
    # Added to nothing, so that orders are found by member and moment: by the product a planner
    # would read every line that was ever ordered of it.
    same_product = lines.c.product_id + 0 == _demand.c.product_id
    return (
        select(
            _demand.c.id.label("demand_id"),
            offered_since().label("since"),
            _wish.c.id.label("wish_id"),
            _wish.c.member_id,
            orders.c.placed_at,
            orders.c.pickup_day,
            lines.c.quantity,
        )
        .join(_wish, _wish.c.demand_id == _demand.c.id)
        .join(members, members.c.id == _wish.c.member_id)
        .join(orders, orders.c.member_id == buyer)
        .join(lines, and_(lines.c.order_id == orders.c.id, same_product))
        .where(
            orders.c.status == "active",
            lines.c.cancelled_at.is_(None),
            orders.c.placed_at >= offered_since(),
        )
        .order_by(orders.c.placed_at, orders.c.id)
    )


def offered_since() -> ColumnElement[Any]:
    """Return when the offer that counts began: the present one, else the first."""
    standing = _demand.c.status == Status.OFFERED.value
    return case((standing, _demand.c.status_at), else_=_demand.c.offered_at)


def _standing(product_id: int, now: datetime) -> Select[Any]:
    """Select the rounds that take orders in which a product stands, earliest cut-off first."""
    offers, rounds = schema.round_offer, schema.buying_round
    return (
        select(rounds.c.id, rounds.c.cut_off_at, rounds.c.pickup_day, offers.c.price_fen)
        .join(offers, offers.c.round_id == rounds.c.id)
        .where(
            offers.c.product_id == product_id,
            rounds.c.closed_at.is_(None),
            rounds.c.cut_off_at > now,
        )
        .order_by(rounds.c.cut_off_at)
        .limit(20)
    )


def _since(this: One) -> datetime:
    card = this.card
    assert card.offered_at is not None
    return card.status_at if card.status is Status.OFFERED else card.offered_at


def _told(wishes: tuple[Wish, ...]) -> tuple[Told, ...]:
    groups: dict[datetime, list[Wish]] = {}
    for wish in wishes:
        if wish.told_at is not None:
            groups.setdefault(wish.told_at, []).append(wish)
    return tuple(
        Told(at, groups[at][0].told_by, tuple(wish.name for wish in groups[at]))
        for at in sorted(groups, reverse=True)
    )


def _nameless(wishes: tuple[Wish, ...]) -> int:
    return sum(not wish.name for wish in wishes)


def _buyer(row: Any, names: dict[int | None, str]) -> Buyer:
    return Buyer(
        names.get(row.member_id, ""), row.member_id, row.placed_at, row.pickup_day, row.quantity
    )
