"""Reads of rounds: what is open, what is offered, and what has been ordered so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.language import translator
from lib.shop.messages.wording import speaker
from lib.shop.shop import DESK, Shop
from lib.trade.charged.queries import Standing, charged_before, charged_for_offers
from lib.trade.charged.rules import Lowest, stands
from lib.trade.charged.texts import meaning
from lib.trade.rounds import announcement, rules
from lib.trade.rounds.rules import State

MOST = 200
"""Rounds one list shows at most."""


@dataclass(frozen=True)
class Round:
    """One round at the moment it was read; ``state`` belongs to that moment.

    ``orders`` and ``amount`` count active orders and their lines that were not cancelled.
    """

    id: int
    title: str
    opens_at: datetime
    cut_off_at: datetime
    closed_at: datetime | None
    pickup_day: date
    note: str
    copied_from: int | None
    version: int
    state: State
    offers: int
    orders: int
    amount: Money

    @property
    def takes_orders(self) -> bool:
        """Whether residents may order now."""
        return self.state is State.OPEN

    @property
    def ended_at(self) -> datetime:
        """When it stopped, or will stop, taking orders."""
        return min(self.closed_at, self.cut_off_at) if self.closed_at else self.cut_off_at


@dataclass(frozen=True)
class Offer:
    """One product of a round with what was ordered of it.

    ``price`` is per sale unit; ``household_limit``, ``available`` and ``ordered`` are grams or
    sale units; ``todays_price`` is the product's own price now. ``stopped``: not sold at present,
    new orders for it are refused. ``compared``, ``basis`` and ``compared_photo`` are the price set
    beside it as it is kept; whether it may be shown is asked of :func:`limits`. ``welfare``: its
    price and limits are those of a welfare item and are changed there (R19).
    """

    id: int
    product_id: int
    name: str
    unit: Unit
    price: Money
    todays_price: Money
    household_limit: int | None
    available: int | None
    position: int
    orders: int
    ordered: int
    amount: Money
    description: str
    photo: str | None
    is_fresh: bool
    archived: bool
    stopped: bool = False
    compared: Money | None = None
    basis: str = ""
    compared_photo: str | None = None
    welfare: bool = False

    @property
    def left(self) -> int | None:
        """What may still be ordered, never below zero; None without a limit."""
        return None if self.available is None else max(self.available - self.ordered, 0)


@dataclass(frozen=True)
class CopiedOffer:
    """One product of a round to be copied: its price then, its price today.

    ``gone`` says that the product is archived or stopped and will be left out. ``welfare``: then it
    was a welfare item; in a copy it is offered like any other, at today's price.
    """

    name: str
    unit: Unit
    price: Money
    todays_price: Money
    gone: bool
    welfare: bool = False

    @property
    def difference(self) -> Money:
        """Today's price minus the price then."""
        return self.todays_price - self.price


@dataclass(frozen=True)
class ClosedDay:
    """A day without pickup."""

    day: date
    reason: str


def rounds(shop: Shop, limit: int = 50) -> tuple[Round, ...]:
    """Return the newest rounds, latest opening first."""
    table = schema.buying_round
    return _rounds(shop, None, limit, table.c.opens_at.desc(), table.c.id.desc())


def open_rounds(shop: Shop) -> tuple[Round, ...]:
    """Return the rounds that take orders now, earliest cut-off first."""
    table, now = schema.buying_round, shop.clock.now()
    takes_orders = (
        (table.c.opens_at <= now) & (table.c.cut_off_at > now) & table.c.closed_at.is_(None)
    )
    return _rounds(shop, takes_orders, MOST, table.c.cut_off_at, table.c.id)


def one_round(shop: Shop, round_id: int) -> Round:
    """Return one round; raises ``NotFound``."""
    table = schema.buying_round
    found = _rounds(shop, table.c.id == round_id, 1, table.c.id)
    if not found:
        raise NotFound(N_("This round does not exist."))
    return found[0]


def offers(shop: Shop, round_id: int) -> tuple[Offer, ...]:
    """Return the offers of a round in their order, with what was ordered of each."""
    shop.require(DESK)
    table, products = schema.round_offer, schema.product
    query = (
        select(
            table,
            products.c.name,
            products.c.sale_unit,
            products.c.unit_grams,
            products.c.price_fen.label("todays_price_fen"),
            products.c.description,
            products.c.photo,
            products.c.is_fresh,
            products.c.archived_at,
            products.c.stopped_at,
        )
        .join(products, products.c.id == table.c.product_id)
        .where(table.c.round_id == round_id)
        .order_by(table.c.position, table.c.id)
        .limit(rules.MOST_OFFERS)
    )
    with shop.read() as connection:
        totals = _ordered_by_product(connection, round_id)
        rows = connection.execute(query).all()
        welfare = welfare_goods(connection, round_id)
    return tuple(
        _offer(row, totals.get(row.product_id, (0, 0, 0)), welfare=row.product_id in welfare)
        for row in rows
    )


def welfare_goods(connection: Connection, round_id: int) -> frozenset[int]:
    """Return the products that stand in a round as welfare items (R19)."""
    items = schema.welfare_item
    query = select(items.c.product_id).where(
        items.c.round_id == round_id, items.c.status == "offered"
    )
    return frozenset(connection.execute(query).scalars())


def copied_offers(shop: Shop, round_id: int) -> tuple[CopiedOffer, ...]:
    """Return what copying a round would offer, with the price differences."""
    return tuple(
        CopiedOffer(
            each.name,
            each.unit,
            each.price,
            each.todays_price,
            each.archived or each.stopped,
            each.welfare,
        )
        for each in offers(shop, round_id)
    )


def closed_days(shop: Shop, limit: int = 100) -> tuple[ClosedDay, ...]:
    """Return the closed days from today on."""
    shop.require(DESK)
    table = schema.closed_day
    query = select(table).where(table.c.day >= shop.today).order_by(table.c.day).limit(limit)
    with shop.read() as connection:
        return tuple(ClosedDay(row.day, row.reason) for row in connection.execute(query))


def proposed(shop: Shop) -> rules.Times:
    """Return the times a new round would get now: usual cut-off hour, next open pickup day."""
    days = {each.day for each in closed_days(shop)}
    settings = shop.settings
    return rules.proposed_times(
        shop.clock.now(), settings.usual_cut_off_hour, settings.time_zone, days
    )


def usual_title(shop: Shop) -> str:
    """Return the title a round opened now gets when nobody types one, in the shop's language."""
    settings = shop.settings
    say = translator(settings.language)
    return announcement.round_title(shop.clock.now(), settings, say)


def announcement_text(shop: Shop, round_id: int, costs: Mapping[int, str] | None = None) -> str:
    """Return the group text that opens the round, in the shop's language.

    ``costs`` says per product id where its price goes, for those that were published.
    """
    notice = _notice(shop, round_id, costs or {})
    say = speaker(shop)
    return announcement.announcement(notice, shop.settings, shop.clock.now(), say)


def reminder_text(shop: Shop, round_id: int) -> str:
    """Return the group text that reminds of the cut-off, in the shop's language."""
    notice = _notice(shop, round_id, {})
    say = speaker(shop)
    return announcement.cut_off_reminder(notice, shop.settings, shop.clock.now(), say)


def limits(shop: Shop, this: Round, found: Sequence[Offer]) -> dict[int, Lowest]:
    """Return per product what a price beside its offer in ``this`` round may be at most.

    The lowest price really charged in the days before the round, see
    :func:`lib.trade.charged.rules.lowest_for_offer`; products never sold are missing.
    """
    shop.require(DESK)
    asked = [Standing(each.product_id, each.price, this.opens_at) for each in found]
    with shop.read() as connection:
        lowest = charged_for_offers(connection, asked, shop.clock.now(), *_rule(shop))
    return {standing.product_id: one for standing, one in lowest.items()}


def lowest_now(shop: Shop, product_ids: Iterable[int]) -> dict[int, Lowest]:
    """Return per product the lowest price really charged in the days before now, else the last."""
    shop.require(DESK)
    with shop.read() as connection:
        return charged_before(connection, product_ids, shop.clock.now(), *_rule(shop))


def _rule(shop: Shop) -> tuple[int, str]:
    return shop.settings.compared_price_days, shop.settings.time_zone


def _comparison(shop: Shop, each: Offer, lowest: Lowest | None) -> tuple[Money | None, str]:
    """Return the compared price of an offer and what it is, if it may be shown now."""
    if each.compared is None or not stands(each.price, each.compared, each.basis, lowest):
        return None, ""
    say = translator(shop.settings.language)
    days = shop.settings.compared_price_days
    return each.compared, meaning(each.compared, each.basis, lowest, days, say)


def _notice(shop: Shop, round_id: int, costs: Mapping[int, str]) -> announcement.Notice:
    this = one_round(shop, round_id)
    found = offers(shop, round_id)
    compared = [each for each in found if each.compared is not None]
    lowest = limits(shop, this, compared) if compared else {}
    goods = [
        announcement.Goods(
            each.name,
            each.unit,
            each.price,
            each.household_limit,
            each.left,
            each.description,
            costs.get(each.product_id, ""),
            each.is_fresh,
            *_comparison(shop, each, lowest.get(each.product_id)),
        )
        for each in found
        if not each.stopped
    ]
    return announcement.Notice(this.title, this.cut_off_at, this.pickup_day, goods, this.note)


def _rounds(
    shop: Shop, chosen: ColumnElement[bool] | None, limit: int, *order: ColumnElement[Any]
) -> tuple[Round, ...]:
    shop.require(DESK)
    table, now = schema.buying_round, shop.clock.now()
    query = select(table).order_by(*order).limit(min(limit, MOST))
    if chosen is not None:
        query = query.where(chosen)
    with shop.read() as connection:
        rows = connection.execute(query).all()
        ids = [row.id for row in rows]
        offered = _offer_counts(connection, ids)
        ordered = _order_totals(connection, ids)
    return tuple(
        Round(
            row.id,
            row.title,
            row.opens_at,
            row.cut_off_at,
            row.closed_at,
            row.pickup_day,
            row.note,
            row.copied_from,
            row.version,
            rules.state_of(row.opens_at, row.cut_off_at, row.closed_at, now),
            offered.get(row.id, 0),
            ordered.get(row.id, (0, 0))[0],
            Money(ordered.get(row.id, (0, 0))[1]),
        )
        for row in rows
    )


def _offer_counts(connection: Connection, ids: list[int]) -> dict[int, int]:
    table = schema.round_offer
    query = (
        select(table.c.round_id, func.count())
        .where(table.c.round_id.in_(ids))
        .group_by(table.c.round_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _order_totals(connection: Connection, ids: list[int]) -> dict[int, tuple[int, int]]:
    orders, lines = schema.customer_order, schema.order_line
    query = (
        select(
            orders.c.round_id,
            func.count(orders.c.id.distinct()),
            func.coalesce(func.sum(lines.c.amount_fen), 0),
        )
        .outerjoin(lines, (lines.c.order_id == orders.c.id) & lines.c.cancelled_at.is_(None))
        .where(orders.c.round_id.in_(ids), orders.c.status == "active")
        .group_by(orders.c.round_id)
    )
    return {row[0]: (row[1], int(row[2])) for row in connection.execute(query)}


def _ordered_by_product(connection: Connection, round_id: int) -> dict[int, tuple[int, int, int]]:
    orders, lines = schema.customer_order, schema.order_line
    query = (
        select(
            lines.c.product_id,
            func.count(orders.c.id.distinct()),
            func.sum(lines.c.quantity),
            func.sum(lines.c.amount_fen),
        )
        .join(orders, orders.c.id == lines.c.order_id)
        .where(
            orders.c.round_id == round_id,
            orders.c.status == "active",
            lines.c.cancelled_at.is_(None),
        )
        .group_by(lines.c.product_id)
    )
    return {row[0]: (row[1], int(row[2]), int(row[3])) for row in connection.execute(query)}


def _offer(row: Row[Any], total: tuple[int, int, int], *, welfare: bool) -> Offer:
    return Offer(
        row.id,
        row.product_id,
        row.name,
        Unit(row.sale_unit, row.unit_grams),
        Money(row.price_fen),
        Money(row.todays_price_fen),
        row.household_limit,
        row.available,
        row.position,
        total[0],
        total[1],
        Money(total[2]),
        row.description,
        row.photo,
        row.is_fresh,
        row.archived_at is not None,
        row.stopped_at is not None,
        None if row.compared_fen is None else Money(row.compared_fen),
        row.compared_basis,
        row.compared_photo,
        welfare,
    )
