"""Everything that is due, in a handful of bounded reads (E16)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from lib.db import schema
from lib.kernel.money import Money, total
from lib.service.picking.queries import progress
from lib.service.pickup.keeping import LEAST_LEFT_OVER, left_over_days
from lib.service.pickup.queries import DayLoad, day_load, left_over_condition
from lib.shop.shop import DESK, Shop
from lib.trade.payments.queries import unpaid_orders

MOST_ROUNDS = 20
PICK_DAYS_AHEAD = timedelta(days=7)
UNPAID_LOOK_BACK = timedelta(days=31)
CLOSED_DAYS_AHEAD = timedelta(days=7)
FIRST_PRODUCTS = 5
"""With so many products a first round looks like a shop."""

_order, _round = schema.customer_order, schema.buying_round


@dataclass(frozen=True)
class OpenRound:
    """A round that takes orders now, and how many it has."""

    id: int
    title: str
    cut_off_at: datetime
    pickup_day: date
    orders: int


@dataclass(frozen=True)
class ToPick:
    """Orders of a pickup day whose rounds are closed and whose goods are not all put out."""

    day: date
    orders: int
    lines: int


@dataclass(frozen=True)
class ClosedNotice:
    """A closed day within a week, and how many orders nobody could collect on it."""

    day: date
    reason: str
    orders: int


@dataclass(frozen=True)
class FirstSteps:
    """How far a new shop has come: what is there already."""

    named: bool
    products: int
    rounds: int
    chains: int

    @property
    def done(self) -> tuple[bool, bool, bool, bool]:
        """Shop named, enough products, a round, orders in: each done or not."""
        enough = self.products >= FIRST_PRODUCTS
        return self.named, enough, self.rounds > 0, self.chains > 0

    @property
    def complete(self) -> bool:
        """Whether nothing is left of the first steps."""
        return all(self.done)


@dataclass(frozen=True)
class Today:
    """Everything due at ``now``.

    ``left_over`` are orders of the last days never collected; ``unpaid`` those of the last month
    whose pickup day was more than the set number of days ago, with ``unpaid_due`` missing.
    """

    now: datetime
    day: date
    rounds: tuple[OpenRound, ...]
    to_check: int
    to_pick: tuple[ToPick, ...]
    load: DayLoad
    left_over: int
    unpaid: int
    unpaid_due: Money
    closed: tuple[ClosedNotice, ...]
    steps: FirstSteps

    @property
    def quiet(self) -> bool:
        """Whether nothing at all is due."""
        counts = (self.to_check, self.load.orders, self.left_over, self.unpaid)
        return not (self.rounds or self.to_pick or self.closed or any(counts))


def today(shop: Shop) -> Today:
    """Return what is due now for owner and staff."""
    shop.require(DESK)
    now, day = shop.clock.now(), shop.today
    slots = [slot.key for slot in shop.settings.slots]
    since = day - UNPAID_LOOK_BACK
    overdue = unpaid_orders(
        shop, since=since, until=day - timedelta(days=shop.settings.unpaid_after_days)
    )
    with shop.read() as connection:
        return Today(
            now=now,
            day=day,
            rounds=_open_rounds(connection, now),
            to_check=_to_check(connection, day),
            to_pick=_to_pick(connection, now, day),
            load=day_load(connection, day, slots),
            left_over=_left_over(connection, day, left_over_days(shop.settings)),
            unpaid=len(overdue),
            unpaid_due=total(order.money.due for order in overdue),
            closed=_closed(connection, day),
            steps=_steps(connection, shop),
        )


def _open_rounds(connection: Connection, now: datetime) -> tuple[OpenRound, ...]:
    orders = (
        select(func.count())
        .where(_order.c.round_id == _round.c.id, _order.c.status == "active")
        .scalar_subquery()
    )
    rows = connection.execute(
        select(_round, orders.label("orders"))
        .where(_round.c.opens_at <= now, ~_cut_off(now))
        .order_by(_round.c.cut_off_at)
        .limit(MOST_ROUNDS)
    )
    return tuple(
        OpenRound(row.id, row.title, row.cut_off_at, row.pickup_day, row.orders) for row in rows
    )


def _cut_off(now: datetime) -> ColumnElement[bool]:
    return or_(_round.c.cut_off_at <= now, _round.c.closed_at.is_not(None))


def _to_check(connection: Connection, day: date) -> int:
    waiting = and_(
        _order.c.status == "active",
        _order.c.check_reason.is_not(None),
        _order.c.pickup_day >= day - LEAST_LEFT_OVER,
    )
    return _number(connection, select(func.count()).select_from(_order).where(waiting))


def _to_pick(connection: Connection, now: datetime, day: date) -> tuple[ToPick, ...]:
    closed = select(_round.c.id).where(_cut_off(now), _round.c.pickup_day >= day - LEAST_LEFT_OVER)
    wanted = and_(
        _order.c.status == "active",
        _order.c.pickup_day.between(day, day + PICK_DAYS_AHEAD),
        or_(_order.c.round_id.is_(None), _order.c.round_id.in_(closed)),
    )
    found = progress(wanted).subquery("found")
    rows = connection.execute(
        select(found.c.pickup_day, func.count().label("orders"), func.sum(found.c.unpicked_lines))
        .where(found.c.unpicked_lines > 0)
        .group_by(found.c.pickup_day)
        .order_by(found.c.pickup_day)
    )
    return tuple(ToPick(row[0], row[1], int(row[2])) for row in rows)


def _left_over(connection: Connection, day: date, days: timedelta) -> int:
    found = progress(left_over_condition(day, days)).subquery("found")
    waiting = select(func.count()).select_from(found).where(found.c.open_lines > 0)
    return _number(connection, waiting)


def _closed(connection: Connection, day: date) -> tuple[ClosedNotice, ...]:
    closed = schema.closed_day
    orders = (
        select(func.count())
        .where(_order.c.pickup_day == closed.c.day, _order.c.status == "active")
        .scalar_subquery()
    )
    rows = connection.execute(
        select(closed.c.day, closed.c.reason, orders.label("orders"))
        .where(closed.c.day.between(day, day + CLOSED_DAYS_AHEAD))
        .order_by(closed.c.day)
    )
    return tuple(ClosedNotice(row.day, row.reason, row.orders) for row in rows)


def _steps(connection: Connection, shop: Shop) -> FirstSteps:
    products = schema.product
    in_use = select(products.c.id).where(products.c.archived_at.is_(None)).limit(FIRST_PRODUCTS)
    counts = [
        len(connection.execute(few).all())
        for few in (in_use, select(_round.c.id).limit(1), select(_order.c.id).limit(1))
    ]
    return FirstSteps(bool(shop.settings.shop_name.strip()), *counts)


def _number(connection: Connection, statement: Any) -> int:
    return int(connection.execute(statement).scalar_one())
