"""Reads of what became of the wishes, month by month. Merged wishes count once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from lib.db import schema
from lib.kernel.clock import at_local
from lib.kernel.months import months_later
from lib.shop.shop import DESK, Shop
from lib.trust.demands import rules
from lib.trust.demands.figures.rules import Fate, Month, months, most_wanted
from lib.trust.demands.launch.queries import orders_of_wishers
from lib.trust.demands.rules import Status

MONTHS = 12
MOST_WANTED = 10
MOST = 20_000
"""Wishes, and orders of those who wished, that are looked through at most."""

_demand, _wish = schema.demand, schema.demand_wish


@dataclass(frozen=True)
class Figures:
    """The months, newest first, and what most residents asked for in them."""

    months: tuple[Month, ...]
    wanted: tuple[tuple[str, int], ...]


def figures(shop: Shop, months_back: int = MONTHS) -> Figures:
    """Return the figures of the last ``months_back`` calendar months, the present one included.

    Who bought is counted within the days of the setting after the offer.
    """
    shop.require(DESK)
    zone_name = shop.settings.time_zone
    first = months_later(shop.today.replace(day=1), 1 - months_back)
    since = at_local(first, time(), zone_name)
    with shop.read() as connection:
        fates = _fates(shop, connection, since)
    return Figures(months(fates, zone_name), most_wanted(fates, MOST_WANTED))


def _fates(shop: Shop, connection: Connection, since: datetime) -> list[Fate]:
    hours, now = shop.settings.demand_hours, shop.clock.now()
    query = (
        select(
            _demand.c.id,
            _demand.c.title,
            _demand.c.status,
            _demand.c.status_at,
            _demand.c.product_id,
            _demand.c.first_asked_at,
            _demand.c.offered_at,
            _demand.c.answered_at,
        )
        .where(_demand.c.first_asked_at >= since, _demand.c.merged_into.is_(None))
        .order_by(_demand.c.first_asked_at.desc())
        .limit(MOST)
    )
    rows = connection.execute(query).all()
    people = _people(connection, since)
    buyers = _buyers(shop, connection, rows)
    return [
        Fate(
            row.title,
            row.first_asked_at,
            row.offered_at,
            rules.outcome(row.first_asked_at, row.offered_at, row.answered_at, hours, now),
            *people.get(row.id, (0, 0)),
            buyers.get(row.id, 0),
        )
        for row in rows
    ]


def _people(connection: Connection, since: datetime) -> dict[int, tuple[int, int]]:
    """Per demand: how many asked, and of how many the member file is known."""
    query = (
        select(_wish.c.demand_id, func.count(), func.count(_wish.c.member_id))
        .join(_demand, _demand.c.id == _wish.c.demand_id)
        .where(_demand.c.first_asked_at >= since, _demand.c.merged_into.is_(None))
        .group_by(_wish.c.demand_id)
    )
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def _buyers(shop: Shop, connection: Connection, rows: Sequence[Any]) -> Mapping[int, int]:
    """Per demand: how many of those who wished bought within the days that count.

    Asked month by month of the offers: then only the orders of a few weeks are looked at for each.
    """
    span = timedelta(days=shop.settings.demand_bought_days)
    by_month: dict[tuple[int, int], dict[int, datetime]] = {}
    for row in rows:
        began = row.status_at if row.status == Status.OFFERED else row.offered_at
        if began is not None and row.product_id is not None:
            by_month.setdefault((began.year, began.month), {})[row.id] = began
    bought: dict[int, set[int]] = {}
    for offered in by_month.values():
        query = orders_of_wishers().where(
            _demand.c.id.in_(offered),
            schema.customer_order.c.placed_at < max(offered.values()) + span,
        )
        for row in connection.execute(query.limit(MOST)):
            if row.placed_at < row.since + span:
                bought.setdefault(row.demand_id, set()).add(row.wish_id)
    return {demand_id: len(wishes) for demand_id, wishes in bought.items()}
