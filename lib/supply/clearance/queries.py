"""Reads of slow movers (practice R6): what is slow now, early notices, runs in any period."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection, select

from lib.db import schema
from lib.kernel.clock import local
from lib.kernel.errors import Refused
from lib.kernel.money import Money, half_up, total
from lib.kernel.quantity import Measure, Unit
from lib.kernel.words import N_
from lib.shop.shop import DESK, Shop
from lib.supply.clearance import rules
from lib.supply.clearance.days import queries as day_reads
from lib.supply.clearance.rules import CategoryDays, DayFigure, Goods, Run
from lib.supply.stock.queries import has_rest

LOOK_BACK_DAYS = 45
"""How far back a run of today is followed; a longer one is at least so long."""
STALE_DAYS = 14
"""A run whose last slow day is longer ago is no warning any more: nothing was prepared since."""
FEW_DAYS = 2
"""Days that decide of most products whether a run is open."""
LONGEST_PERIOD_DAYS = 1_500
MOST_RUNS = 20_000

_batch, _level, _product = schema.batch, schema.stock_level, schema.product


@dataclass(frozen=True)
class SlowMover:
    """A product that does not sell, with its open run; quantities in grams or sale units.

    ``at_risk`` is what the goods on hand cost the shop, None when not known or not for this
    reader. ``spoils_on`` is the nearest date of what lies there. ``clearance_id``: something is
    being done about it already.
    """

    product_id: int
    name: str
    category: str
    unit: Unit
    price: Money
    run: Run
    on_hand: int
    at_risk: Money | None
    spoils_on: date | None
    clearance_id: int | None = None

    def days_left(self, today: date) -> int | None:
        """Return in how many days the first of it spoils, None without a date."""
        return None if self.spoils_on is None else (self.spoils_on - today).days


@dataclass(frozen=True)
class SlowCategory:
    """A category that does not sell; ``measure`` None: reckoned by value (thousandths of a fen)."""

    category: str
    measure: Measure | None
    products: int
    run: Run


@dataclass(frozen=True)
class Watch:
    """What is slow at the end of ``as_of``, and what the rule was: ``percent``, ``days``."""

    as_of: date
    percent: int
    days: int
    early_days: int
    movers: tuple[SlowMover, ...]
    early: tuple[SlowMover, ...]
    categories: tuple[SlowCategory, ...]
    early_categories: tuple[SlowCategory, ...]

    @property
    def at_risk(self) -> Money | None:
        """What all slow movers on hand cost together; None when no cost is known."""
        known = [each.at_risk for each in self.movers if each.at_risk is not None]
        return total(known) if known else None


@dataclass(frozen=True)
class PeriodRun:
    """A run of a product or (``product_id`` None) of a category within a period."""

    product_id: int | None
    name: str
    category: str
    unit: Unit | None
    measure: Measure | None
    run: Run


@dataclass(frozen=True)
class Period:
    """What the rule finds from ``first`` to ``last``.

    Of ``product_days`` nobody knows what was prepared on ``unknown``; on ``reckoned`` it was
    reckoned from the loss rate.
    """

    first: date
    last: date
    percent: int
    days: int
    products: int
    product_days: int
    unknown: int
    reckoned: int
    runs: tuple[PeriodRun, ...]
    categories: tuple[PeriodRun, ...]


def last_full_day(shop: Shop) -> date:
    """Return the last day that can be judged: today once the last pickup slot is over."""
    ends = max((slot.end for slot in shop.settings.slots), default=None)
    now = local(shop.clock.now(), shop.settings.time_zone)
    over = ends is not None and now.time() >= ends
    return shop.today if over else shop.today - timedelta(days=1)


def slow_movers(shop: Shop, as_of: date | None = None) -> tuple[SlowMover, ...]:
    """Return the products that sell too little, the most money at risk first (R6)."""
    return watch(shop, as_of).movers


def early_notices(shop: Shop, as_of: date | None = None) -> tuple[SlowMover, ...]:
    """Return products on the way to becoming slow movers."""
    return watch(shop, as_of).early


def watch(shop: Shop, as_of: date | None = None, *, categories: bool = True) -> Watch:
    """Return what is slow at the end of ``as_of`` (the last full day unless said).

    Without ``categories`` only products are judged. Whether a run is open shows in the last days;
    only of products and categories with an open one the days before are read.
    """
    shop.require(DESK)
    last = as_of or last_full_day(shop)
    settings = shop.settings
    back = max(LOOK_BACK_DAYS, 2 * settings.slow_days + 15)
    first = last - timedelta(days=back)
    least = min(settings.slow_early_days, settings.slow_days)
    percent = settings.slow_percent
    with shop.read() as connection:
        closed = day_reads.closed_days(connection, first, last)
        ids = _open_now(connection, last, percent, closed)
        members = _open_categories(connection, first, last, percent, closed) if categories else {}
        days = day_reads.days_of(connection, first, last, ids.union(members))
        goods = day_reads.goods_of(connection, days.keys() | members.keys())
        found = {
            product_id: run
            for product_id in sorted(ids)
            if (run := _open_run(days[product_id], percent, least, closed, last))
        }
        movers = _movers(shop, connection, found, goods)
    of_members = {product_id: days.get(product_id, []) for product_id in members}
    by_category = [
        SlowCategory(each.category, each.measure, each.products, run)
        for each in rules.category_days(goods, of_members)
        if (run := _open_run(each.days, percent, least, closed, last))
    ]
    slow = settings.slow_days
    return Watch(
        last,
        percent,
        slow,
        settings.slow_early_days,
        tuple(each for each in movers if each.run.length >= slow),
        tuple(each for each in movers if each.run.length < slow),
        tuple(each for each in by_category if each.run.length >= slow),
        tuple(each for each in by_category if each.run.length < slow),
    )


def _open_now(
    connection: Connection, last: date, percent: int, closed: Collection[date]
) -> set[int]:
    """Return the products whose last trading day, not longer ago than is news, was slow."""
    found: set[int] = set()
    undecided: Collection[int] | None = None
    for back in (FEW_DAYS, STALE_DAYS):
        first = last - timedelta(days=back)
        days = day_reads.days_of(connection, first, last, undecided)
        undecided = set()
        for product_id, figures in days.items():
            trading = [day for day in figures if rules.is_trading(day, closed)]
            if not trading:
                undecided.add(product_id)
            elif rules.is_slow(trading[-1], percent):
                found.add(product_id)
    return found


def _open_categories(
    connection: Connection, first: date, last: date, percent: int, closed: Collection[date]
) -> dict[int, Goods]:
    """Return all products of the categories whose last trading day was slow.

    The categories are made of the products that have days from ``first`` on: their measure depends
    on who belongs to them.
    """
    recent = day_reads.days_of(connection, last - timedelta(days=STALE_DAYS), last)
    past = day_reads.with_past_days(connection, first, last)
    days = dict.fromkeys(past, ()) | recent
    goods = day_reads.goods_of(connection, days.keys())
    slow = {
        each.category
        for each in rules.category_days(goods, days)
        if _open_run(each.days, percent, 1, closed, last)
    }
    return {key: each for key, each in goods.items() if each.category in slow}


def period(shop: Shop, first: date, last: date) -> Period:
    """Return every run of slow days from ``first`` to ``last``, also of past figures.

    Only days of the period are looked at: a run that began earlier is as long as its part in it.
    Raises ``Refused`` for a period that is upside down or too long.
    """
    shop.require(DESK)
    if first > last:
        raise Refused(N_("The period ends before it begins."))
    if (last - first).days > LONGEST_PERIOD_DAYS:
        raise Refused(N_("At most {days} days at once."), days=LONGEST_PERIOD_DAYS)
    settings = shop.settings
    with shop.read() as connection:
        days = day_reads.days_of(connection, first, last)
        goods = day_reads.goods_of(connection, days.keys())
        closed = day_reads.closed_days(connection, first, last)
    percent, least = settings.slow_percent, settings.slow_days
    found = [
        PeriodRun(key, goods[key].name, goods[key].category, goods[key].unit,
                  goods[key].unit.measure, run)
        for key, figures in days.items()
        for run in rules.runs(figures, percent, least, closed)
    ]  # fmt: skip
    categories = [
        PeriodRun(None, each.category, each.category, None, each.measure, run)
        for each in rules.category_days(goods, days)
        for run in rules.runs(each.days, percent, least, closed)
    ]
    judged = [day for figures in days.values() for day in figures]
    return Period(
        first,
        last,
        percent,
        least,
        len(days),
        len(judged),
        sum(day.prepared is None for day in judged),
        sum(day.reckoned for day in judged),
        _ordered(found),
        _ordered(categories),
    )


def past_span(shop: Shop) -> tuple[date, date] | None:
    """Return first and last day of the past figures, None when there are none."""
    shop.require(DESK)
    imports = schema.past_import
    query = select(imports.c.first_day, imports.c.last_day)
    with shop.read() as connection:
        rows = connection.execute(query).all()
    if not rows:
        return None
    return min(row.first_day for row in rows), max(row.last_day for row in rows)


def _ordered(found: Iterable[PeriodRun]) -> tuple[PeriodRun, ...]:
    ordered = sorted(found, key=lambda one: (one.run.first, one.name), reverse=False)
    return tuple(ordered[:MOST_RUNS])


def _open_run(
    figures: Iterable[DayFigure], percent: int, least: int, closed: Collection[date], last: date
) -> Run | None:
    """Return the run that no later trading day has ended, while it is still news."""
    found = rules.runs(figures, percent, least, closed)
    if not found or not found[-1].is_open or (last - found[-1].last).days > STALE_DAYS:
        return None
    return found[-1]


def _movers(
    shop: Shop, connection: Connection, found: Mapping[int, Run], goods: Mapping[int, Goods]
) -> list[SlowMover]:
    """Return the products in use among ``found`` with what lies there, most at risk first."""
    if not found:
        return []
    query = (
        select(
            _product.c.id,
            _product.c.price_fen,
            _product.c.purchase_price_fen,
            _level.c.on_hand,
            _level.c.loose,
        )
        .outerjoin(_level, _level.c.product_id == _product.c.id)
        .where(_product.c.id.in_(found), _product.c.archived_at.is_(None))
    )
    rows = connection.execute(query).all()
    batches = _batches(connection, found)
    running = _running(connection, found, shop.today)
    movers = []
    for row in rows:
        each, unit = goods[row.id], goods[row.id].unit
        dates = [batch.best_before for batch in batches.get(row.id, ()) if batch.best_before]
        at_risk = None
        if shop.may_see_cost and (row.on_hand or 0) > 0:
            at_risk = _cost_of(batches.get(row.id, ()), row.loose, row.purchase_price_fen, unit)
        movers.append(
            SlowMover(
                row.id, each.name, each.category, unit, Money(row.price_fen), found[row.id],
                row.on_hand or 0, at_risk, min(dates, default=None), running.get(row.id),
            )
        )  # fmt: skip
    return sorted(
        movers, key=lambda one: (-(one.at_risk or Money(0)).fen, -one.run.length, one.name)
    )


@dataclass(frozen=True)
class _Left:
    on_hand: int
    unit_price_fen: int | None
    best_before: date | None


def _batches(connection: Connection, product_ids: Collection[int]) -> dict[int, list[_Left]]:
    query = select(
        _batch.c.product_id, _batch.c.on_hand, _batch.c.unit_price_fen, _batch.c.best_before
    ).where(_batch.c.product_id.in_(set(product_ids)), has_rest(), _batch.c.on_hand > 0)
    found: dict[int, list[_Left]] = {}
    for row in connection.execute(query):
        left = _Left(row.on_hand, row.unit_price_fen, row.best_before)
        found.setdefault(row.product_id, []).append(left)
    return found


def _cost_of(
    batches: Collection[_Left], loose: int | None, purchase_fen: int | None, unit: Unit
) -> Money | None:
    """Return what the goods on hand cost: each batch at its price, the rest at the usual one.

    What left without a batch (``loose`` below zero) is taken off all batches alike. None when the
    price of some part is not known.
    """
    parts = [(batch.on_hand, batch.unit_price_fen) for batch in batches]
    parts.append((max(loose or 0, 0), None))
    known = Decimal(0)
    for quantity, fen in parts:
        price = purchase_fen if fen is None else fen
        if quantity and price is None:
            return None
        known += Decimal(quantity) * (price or 0) / (unit.grams or 1)
    lying = sum(batch.on_hand for batch in batches)
    if loose and loose < 0 and lying:
        known = known * max(lying + loose, 0) / lying
    return Money(half_up(known))


def _running(connection: Connection, product_ids: Collection[int], today: date) -> dict[int, int]:
    table = schema.clearance
    query = select(table.c.product_id, table.c.id).where(
        table.c.product_id.in_(set(product_ids)),
        table.c.ended_at.is_(None),
        table.c.ends_on >= today,
    )
    return {row.product_id: row.id for row in connection.execute(query)}


__all__ = [
    "CategoryDays",
    "Period",
    "PeriodRun",
    "SlowCategory",
    "SlowMover",
    "Watch",
    "early_notices",
    "last_full_day",
    "past_span",
    "period",
    "slow_movers",
    "watch",
]
