"""Reads of a month's complaints: by product, supplier and cause, against the month before (R32)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, or_, select

from lib.db import schema
from lib.kernel.clock import day_bounds, local_day
from lib.service.after_sales.rules import (
    SUPPLIER_CAUSES,
    Cause,
    Defect,
    Status,
)
from lib.service.ledger.causes.rules import Rate, Trend, goods_rate, supplier_rate, trend
from lib.service.ledger.families.queries import KEPT
from lib.service.ledger.rules import month_before, month_of
from lib.service.ledger.trade.queries import Trade, trade
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

MOST_SUPPLIERS = 500

_case, _product, _supplier = schema.after_sales_case, schema.product, schema.supplier

Causes = tuple[tuple[Cause | None, int], ...]
"""Causes with how many complaints they have, the most first; None: not found out yet."""

AGAINST = frozenset({"", Cause.UNKNOWN.value, *(each.value for each in SUPPLIER_CAUSES)})
"""Causes that count against a supplier: its own, and what nobody found out."""


@dataclass(frozen=True)
class OfGoods:
    """Complaints about one product in a month; ``product_id`` None: about no product."""

    product_id: int | None
    name: str
    rate: Rate
    before: Rate
    trend: Trend
    causes: Causes


@dataclass(frozen=True)
class OfSupplier:
    """Complaints about the goods of one supplier in a month; ``supplier_id`` None: not known whose.

    ``deliveries`` counts batches that came in the month. Complaints that were the shop's or the
    resident's own doing are ``not_theirs`` and in no rate.
    """

    supplier_id: int | None
    name: str
    known_since: date | None
    deliveries: int
    rate: Rate
    before: Rate
    trend: Trend
    causes: Causes
    not_theirs: int = 0


@dataclass(frozen=True)
class MonthCauses:
    """What the complaints told in a month come from. ``cases`` are without withdrawn ones."""

    month: date
    cases: int
    cases_before: int
    causes: Causes
    goods: tuple[OfGoods, ...]
    suppliers: tuple[OfSupplier, ...]


@dataclass
class _Tally:
    """Complaints of one product or supplier, by month."""

    cases: Counter[date] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    not_theirs: int = 0


def month_causes(shop: Shop, month: date) -> MonthCauses:
    """Return what the complaints told in the month of ``month`` come from. Owner and staff."""
    shop.require(DESK)
    this, before = month.replace(day=1), month_before(month)
    with shop.read() as connection:
        told = complaints(connection, shop.settings, before, this)
        found = trade(connection, this)
        names = _names(connection, {row.product_id for row in told if row.product_id is not None})
        sources = connection.execute(
            select(
                _supplier.c.id, _supplier.c.name, _supplier.c.created_at, _supplier.c.archived_at
            )
            .order_by(_supplier.c.id)
            .limit(MOST_SUPPLIERS)
        ).all()
    mine = [row for row in told if row.now]
    return MonthCauses(
        this,
        len(mine),
        len(told) - len(mine),
        as_causes(Counter(row.cause for row in mine)),
        _goods(shop.settings, told, found, names, this),
        _suppliers(shop.settings, told, found, sources, this),
    )


def complaints(
    connection: Connection,
    settings: Settings,
    first_month: date,
    last_month: date,
    *wanted: ColumnElement[bool],
) -> list[Row[Any]]:
    """Return the complaints told from ``first_month`` to ``last_month``, without withdrawn ones.

    ``now`` is 1 for those told in the last month.
    """
    zone = settings.time_zone
    query = (
        select(
            _case.c.id,
            _case.c.product_id,
            _case.c.supplier_id,
            _case.c.defect,
            _case.c.cause,
            case((_case.c.reported_at >= day_bounds(last_month, zone)[0], 1), else_=0).label("now"),
        )
        .where(
            _case.c.reported_at >= day_bounds(first_month, zone)[0],
            _case.c.reported_at < day_bounds(month_of(last_month)[1], zone)[1],
            _case.c.status != Status.WITHDRAWN.value,
            KEPT,
            *wanted,
        )
        .order_by(_case.c.id)
    )
    rows: list[Row[Any]] = list(connection.execute(query))
    return rows


def is_against(row: Any) -> bool:
    """Whether a complaint counts against a supplier: not what was our or the resident's doing."""
    return row.cause in AGAINST and row.defect != Defect.SERVICE.value


def whose(row: Any, found: Trade) -> int | None:
    """Return the supplier of a complaint: as it was put down, else the only one of its goods."""
    known: int | None = row.supplier_id
    return known if known is not None else found.sole(row.product_id)


def as_causes(counts: Mapping[str, int]) -> Causes:
    """Return counted causes, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0] == "", each[0]))
    return tuple((Cause(cause) if cause else None, count) for cause, count in ordered)


def _names(connection: Connection, product_ids: Collection[int]) -> dict[int, str]:
    query = select(_product.c.id, _product.c.name).where(_product.c.id.in_(product_ids))
    return {row.id: row.name for row in connection.execute(query)} if product_ids else {}


def _goods(
    settings: Settings,
    told: Iterable[Any],
    found: Trade,
    names: Mapping[int, str],
    this: date,
) -> tuple[OfGoods, ...]:
    """Return the products complained about in either month, the most complaints first."""
    before = month_before(this)
    tallies: dict[int | None, _Tally] = defaultdict(_Tally)
    for row in told:
        tallies[row.product_id].cases[this if row.now else before] += 1
        if row.now:
            tallies[row.product_id].causes[row.cause] += 1
    rows = []
    for product_id, tally in tallies.items():
        key = product_id or 0
        rate, old = (
            goods_rate(tally.cases[each], found.sold.get((each, key), Fraction()))
            for each in (this, before)
        )
        rows.append(
            OfGoods(
                product_id,
                names.get(key, ""),
                rate,
                old,
                trend(rate, old, settings.complaint_trend_percent),
                as_causes(tally.causes),
            )
        )
    return tuple(sorted(rows, key=lambda each: (-each.rate.cases, -each.before.cases, each.name)))


def _suppliers(
    settings: Settings, told: Iterable[Any], found: Trade, sources: Iterable[Any], this: date
) -> tuple[OfSupplier, ...]:
    """Return the suppliers in use, and those complained about, the most complaints first."""
    before, zone = month_before(this), settings.time_zone
    tallies: dict[int | None, _Tally] = defaultdict(_Tally)
    for row in told:
        _count(tallies[whose(row, found)], row, this)
    rows = []
    for source in sources:
        since = local_day(source.created_at, zone)
        if source.id not in tallies and (source.archived_at or since > month_of(this)[1]):
            continue
        rows.append(
            of_supplier(settings, source.id, source.name, since, tallies[source.id], found, this)
        )
    if None in tallies and tallies[None].cases[this]:
        tally = tallies[None]
        rate, old = (
            goods_rate(tally.cases[this], Fraction()),
            goods_rate(tally.cases[before], Fraction()),
        )
        rows.append(
            OfSupplier(
                None, "", None, 0, rate, old, Trend.NONE, as_causes(tally.causes), tally.not_theirs
            )
        )
    return tuple(sorted(rows, key=lambda each: (-each.rate.cases, each.name)))


def _count(tally: _Tally, row: Any, this: date) -> bool:
    """Count a complaint for its supplier; return whether it counts against it."""
    if not is_against(row):
        tally.not_theirs += row.now
        return False
    tally.cases[this if row.now else month_before(this)] += 1
    if row.now:
        tally.causes[row.cause] += 1
    return True


def of_supplier(
    settings: Settings,
    supplier_id: int,
    name: str,
    since: date,
    tally: Any,
    found: Trade,
    this: date,
) -> OfSupplier:
    """Return one supplier's month from its ``tally`` of complaints."""
    before = month_before(this)
    rate, old = (
        supplier_rate(
            tally.cases[each],
            found.by_supplier.get((each, supplier_id), Fraction()),
            found.deliveries.get((each, supplier_id), 0),
            since,
            month_of(each)[1],
        )
        for each in (this, before)
    )
    return OfSupplier(
        supplier_id,
        name,
        since,
        found.deliveries.get((this, supplier_id), 0),
        rate,
        old,
        trend(rate, old, settings.complaint_trend_percent),
        as_causes(tally.causes),
        tally.not_theirs,
    )


def supplier_month(
    connection: Connection, settings: Settings, supplier: Any, month: date
) -> tuple[OfSupplier, list[Row[Any]]]:
    """Return one supplier's month, and the complaints about its goods told in it.

    ``supplier`` is its row. The complaints are those that count against it, the oldest first.
    """
    this, before = month.replace(day=1), month_before(month)
    found = trade(connection, this, supplier.id)
    sole = {each for each, who in found.suppliers_of.items() if who == (supplier.id,)}
    nobody = and_(_case.c.supplier_id.is_(None), _case.c.product_id.in_(sole))
    rows = complaints(
        connection,
        settings,
        before,
        this,
        or_(_case.c.supplier_id == supplier.id, nobody)
        if sole
        else _case.c.supplier_id == supplier.id,
    )
    tally, mine = _Tally(), []
    for row in rows:
        if whose(row, found) == supplier.id and _count(tally, row, this) and row.now:
            mine.append(row)
    since = local_day(supplier.created_at, settings.time_zone)
    return of_supplier(settings, supplier.id, supplier.name, since, tally, found, this), mine
