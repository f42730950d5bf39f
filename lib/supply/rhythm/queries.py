"""Reads of the weekly rhythm (R4): a few statements over roll-ups, however many products."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    Connection,
    ScalarSelect,
    Select,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from lib.db import schema
from lib.db.functions import weekday as weekday_of
from lib.kernel.clock import local_day, monday_of
from lib.kernel.errors import NotFound
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.shop import DESK, Shop
from lib.supply.rhythm import rules
from lib.supply.rhythm.rules import DayDemand, Sums, TrendFound, Week
from lib.supply.stock.rules import MARK_BACK_DAYS

MOST_PRODUCTS = 1000
MOST_DAYS = 53 * rules.WEEK
"""A year and the week that has begun."""

MOST_LEFT_OUT, MOST_AT_ONCE = 5_000, 200
"""Sold-out days of all products that are taken out of sums, and in how many at a time."""

CHOICES = (4, 8, 26, 52)
"""Weeks the page looks back, beside the number of the setting."""

USUAL_WEEKS = 8
"""What it begins with."""

_demand, _stock, _past = schema.demand_day, schema.stock_day, schema.past_day
_rounds, _offers = schema.buying_round, schema.round_offer
_orders, _lines = schema.customer_order, schema.order_line

SEEN, OFFER, SHORTAGE, FILE = (
    N_("somebody marked it"),
    N_("the round had no more"),
    N_("orders were cut short"),
    N_("the file said so"),
)
Summed = dict[tuple[date, int], int]
"""What was wanted: first day of a part of the window, day of the week → sum."""

REASONS = (SEEN, OFFER, SHORTAGE, FILE)
"""How it is known that a product had sold out."""


@dataclass(frozen=True)
class Known:
    """From when on books of a product were kept, and the days a file told of it."""

    since: date
    file_first: date | None = None
    file_last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether a day without any record means that nothing was wanted."""
        told = self.file_first is not None and self.file_last is not None
        return day >= self.since or (told and self.file_first <= day <= self.file_last)  # type: ignore[operator]

    def sums_alone(self, first: date, last: date) -> bool:
        """Whether every day from ``first`` to ``last`` is known, and none from a file."""
        if self.file_first is None or self.file_last is None:
            return self.since <= first
        return self.since <= first and (self.file_last < first or self.file_first > last)


@dataclass
class Books:
    """What is written of some products from ``first`` to ``last``, before it becomes days."""

    first: date
    last: date
    today: date
    closed: frozenset[date]
    wanted: dict[int, dict[date, int]] = field(default_factory=dict)
    summed: dict[int, Summed] = field(default_factory=dict)
    sold_out: dict[int, dict[date, tuple[str, ...]]] = field(default_factory=dict)
    known: dict[int, Known] = field(default_factory=dict)
    _calendars: dict[tuple[date, date], tuple[dict[date, int], list[int]]] = field(
        default_factory=dict
    )

    def days(self, product_id: int) -> list[DayDemand]:
        """Return every day of the window for one product, the oldest first."""
        wanted = self.wanted.get(product_id, {})
        sold_out = self.sold_out.get(product_id, {})
        known = self.known.get(product_id, Known(date.max))
        found = []
        for number in range((self.last - self.first).days + 1):
            day = self.first + timedelta(days=number)
            told = day in wanted or day in sold_out or known.covers(day)
            found.append(
                DayDemand(
                    day,
                    wanted.get(day, 0),
                    day in sold_out,
                    day in self.closed,
                    told and day <= self.today,
                )
            )
        return found

    def sums(self, product_id: int, first: date, last: date) -> Sums:
        """Return what ``rules.sums_of`` says of the product's days from ``first`` to ``last``.

        Without making the days where all of them are known: a list of products would make tens of
        thousands. Of a product in ``summed`` the windows are those it was summed by.
        """
        if product_id in self.summed:
            return self._sums_of_parts(product_id, first, last)
        if not self.known.get(product_id, Known(date.max)).since <= first:
            return rules.sums_of(day for day in self.days(product_id) if first <= day.day <= last)
        weekdays, left = self._days_left(product_id, first, last)
        totals = [0] * rules.WEEK
        sold_out = self.sold_out.get(product_id, {})
        for day, quantity in self.wanted.get(product_id, {}).items():
            if day in weekdays and day not in sold_out:
                totals[weekdays[day]] += quantity
        return _sums(totals, left)

    def _sums_of_parts(self, product_id: int, first: date, last: date) -> Sums:
        _weekdays, left = self._days_left(product_id, first, last)
        totals = [0] * rules.WEEK
        for (start, weekday), quantity in self.summed[product_id].items():
            if first <= start <= last:
                totals[weekday] += quantity
        return _sums(totals, left)

    def _days_left(
        self, product_id: int, first: date, last: date
    ) -> tuple[dict[date, int], list[int]]:
        """Return the weekday of every open day, and how many of each did not sell out."""
        weekdays, counts = self._open_days(first, last)
        left = list(counts)
        for day in self.sold_out.get(product_id, {}):
            if day in weekdays:
                left[weekdays[day]] -= 1
        return weekdays, left

    def _open_days(self, first: date, last: date) -> tuple[dict[date, int], list[int]]:
        """Return the weekday of every open day of a window, and how many there are of each."""
        if (first, last) not in self._calendars:
            days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
            weekdays = {day: day.weekday() for day in days if day not in self.closed}
            counts = [0] * rules.WEEK
            for weekday in weekdays.values():
                counts[weekday] += 1
            self._calendars[(first, last)] = (weekdays, counts)
        return self._calendars[(first, last)]


def _sums(totals: Sequence[int], counts: Sequence[int]) -> Sums:
    return {
        weekday: (totals[weekday], counts[weekday])
        for weekday in range(rules.WEEK)
        if counts[weekday]
    }


@dataclass(frozen=True)
class ProductRhythm:
    """A product in the list: a typical week, its days, its trend; quantities in base units.

    ``sold_out`` counts the days of the window that are left out for it.
    """

    product_id: int
    name: str
    category: str
    unit: Unit
    week: Fraction
    weekdays: Mapping[int, Fraction]
    trend: TrendFound
    sold_out: int
    counted: int


@dataclass(frozen=True)
class Rhythm:
    """One product in full. ``why`` says per sold-out day how that is known (msgids)."""

    line: ProductRhythm
    weeks: tuple[Week, ...]
    days: tuple[DayDemand, ...]
    why: Mapping[date, tuple[str, ...]]


def daily_demand(
    shop: Shop, product_ids: Collection[int], first: date, last: date
) -> dict[int, list[DayDemand]]:
    """Return what was wanted of each product on every day from ``first`` to ``last`` inclusive.

    Orders for that pickup day plus what was sold off the shelf; on days without either what a file
    of past figures says. Days after today hold what is ordered so far and are not known. Quantities
    are grams or sale units. R4.
    """
    shop.require(DESK)
    ids = sorted(set(product_ids))
    with shop.read() as connection:
        found = books(connection, shop, ids, first, last)
    return {product_id: found.days(product_id) for product_id in ids}


def rhythms(shop: Shop, weeks: int) -> tuple[ProductRhythm, ...]:
    """Return the rhythm of every product in use over the last ``weeks``, most wanted first."""
    shop.require(DESK)
    first, last = window(shop.today, max(weeks, rules.RECENT_WEEKS + rules.BEFORE_WEEKS))
    with shop.read() as connection:
        named = _products(connection)
        found = summed_books(connection, shop, list(named), first, last, weeks)
    rows = [_line(shop, found, product_id, *about, weeks) for product_id, about in named.items()]
    return tuple(sorted(rows, key=lambda row: (-row.unit.count(int(row.week)), row.name)))


def rhythm(shop: Shop, product_id: int, weeks: int) -> Rhythm:
    """Return the days of one product over the last ``weeks`` and the one that has begun.

    Raises ``NotFound`` for an unknown product. Today is shown and not counted: it is not over.
    """
    shop.require(DESK)
    first, _last = window(shop.today, max(weeks, rules.RECENT_WEEKS + rules.BEFORE_WEEKS))
    with shop.read() as connection:
        named = _products(connection, product_id)
        if product_id not in named:
            raise NotFound(N_("This product does not exist."))
        found = books(connection, shop, [product_id], first, shop.today)
    every = found.days(product_id)
    shown_from = window(shop.today, weeks)[0]
    shown = [day for day in every if day.day >= shown_from]
    line = _line(shop, found, product_id, *named[product_id], weeks)
    why = found.sold_out.get(product_id, {})
    return Rhythm(line, rules.weeks_of(shown), tuple(shown), why)


def window(today: date, weeks: int) -> tuple[date, date]:
    """Return the first day of ``weeks`` whole weeks before this one, and yesterday."""
    weeks = min(weeks, MOST_DAYS // rules.WEEK - 1)
    return monday_of(today) - timedelta(weeks=weeks), today - timedelta(days=1)


def week_choices(shop: Shop) -> tuple[int, ...]:
    """Return the numbers of weeks the page offers: the usual ones and the setting's."""
    return tuple(sorted({*CHOICES, shop.settings.plan_weeks}))


def marked_days(shop: Shop, product_id: int) -> tuple[date, ...]:
    """Return the days that somebody marked as sold out and may still unmark, newest first."""
    shop.require(DESK)
    marks = schema.sold_out_mark
    first = shop.today - timedelta(days=MARK_BACK_DAYS)
    query = (
        select(marks.c.day)
        .where(marks.c.product_id == product_id, marks.c.day >= first)
        .order_by(marks.c.day.desc())
    )
    with shop.read() as connection:
        return tuple(connection.execute(query).scalars())


def books(connection: Connection, shop: Shop, ids: Sequence[int], first: date, last: date) -> Books:
    """Return what is written of the products ``ids`` from ``first`` to ``last``."""
    found = Books(first, last, shop.today, _closed(connection, first, last))
    if not ids:
        return found
    _add_wanted(found, connection, ids)
    _add_sold_out(found, connection, ids)
    _add_known(found, connection, ids, shop.settings.time_zone)
    return found


def summed_books(
    connection: Connection, shop: Shop, ids: Sequence[int], first: date, last: date, weeks: int
) -> Books:
    """Return the same as :func:`books`, summed by the database where that says the same.

    That is for products whose every day is known and of which no file tells; the sums are those of
    the windows that a list of products over the last ``weeks`` needs.
    """
    found = Books(first, last, shop.today, _closed(connection, first, last))
    if not ids:
        return found
    _add_sold_out(found, connection, ids)
    _add_known(found, connection, ids, shop.settings.time_zone)
    plain = [
        product_id for product_id in ids if not found.known[product_id].sums_alone(first, last)
    ]
    if sum(map(len, found.sold_out.values())) > MOST_LEFT_OUT:
        plain = list(ids)
    _add_wanted(found, connection, plain)
    summed = sorted({*ids}.difference(plain))
    edges = sorted({first, window(shop.today, weeks)[0], *rules.trend_windows(last)})
    _add_sums(found, connection, summed, edges)
    return found


def _add_sums(
    found: Books, connection: Connection, ids: Sequence[int], edges: Sequence[date]
) -> None:
    """Sum what was wanted per part of the window and day of the week, but for sold-out days."""
    if not ids:
        return
    found.summed |= {product_id: {} for product_id in ids}
    parts = [
        _summed(table, column, found, edges).where(table.c.product_id.in_(ids))
        for table, column in ((_demand, "ordered"), (_stock, "shelf_sold"))
    ]
    for product_id, weekday, *sums in connection.execute(union_all(*parts)):
        summed = found.summed[product_id]
        for start, quantity in zip(edges, sums, strict=True):
            _add_to(summed, start, weekday, int(quantity or 0))
    left_out = [
        (product_id, day)
        for product_id in ids
        for day in found.sold_out.get(product_id, {})
        if day not in found.closed
    ]
    for product_id, day, quantity in _wanted_on(connection, left_out):
        start = max(edge for edge in edges if edge <= day)
        _add_to(found.summed[product_id], start, day.weekday(), -quantity)


def _add_to(summed: Summed, start: date, weekday: int, quantity: int) -> None:
    summed[(start, weekday)] = summed.get((start, weekday), 0) + quantity


def _summed(table: Table, column: str, found: Books, edges: Sequence[date]) -> Select[Any]:
    ends = [*edges[1:], found.last + timedelta(days=1)]
    sums = [
        func.sum(case((and_(table.c.day >= start, table.c.day < end), table.c[column])))
        for start, end in zip(edges, ends, strict=True)
    ]
    query = select(table.c.product_id, weekday_of(table.c.day).label("weekday"), *sums).where(
        table.c.day.between(found.first, found.last)
    )
    if found.closed:
        query = query.where(table.c.day.not_in(found.closed))
    return query.group_by(table.c.product_id, "weekday")


def _wanted_on(
    connection: Connection, pairs: Sequence[tuple[int, date]]
) -> Iterator[tuple[int, date, int]]:
    """Say what was wanted; pairs in a list would make SQLite read every day there is."""
    for begin in range(0, len(pairs), MOST_AT_ONCE):
        some = pairs[begin : begin + MOST_AT_ONCE]
        parts = [
            select(table.c.product_id, table.c.day, table.c[column]).where(
                or_(*(and_(table.c.product_id == one, table.c.day == day) for one, day in some))
            )
            for table, column in ((_demand, "ordered"), (_stock, "shelf_sold"))
        ]
        for row in connection.execute(union_all(*parts)):
            yield row.product_id, row.day, row[2]


def _closed(connection: Connection, first: date, last: date) -> frozenset[date]:
    table = schema.closed_day
    query = select(table.c.day).where(table.c.day.between(first, last))
    return frozenset(connection.execute(query).scalars())


def _add_wanted(found: Books, connection: Connection, ids: Sequence[int]) -> None:
    """One statement over three roll-ups; a file's figure counts on days without any other."""
    if not ids:
        return
    parts = (
        _of(_demand, "ordered", 0, found, ids).where(_demand.c.lines > 0),
        _of(_stock, "shelf_sold", 0, found, ids).where(_stock.c.shelf_sold != 0),
        _of(_past, "sold", 1, found, ids),
    )
    told: dict[int, dict[date, int]] = {}
    rows: Any = connection.execute(union_all(*parts)).all()
    for product_id, day, quantity, of_file in rows:
        target = told if of_file else found.wanted
        days = target.setdefault(product_id, {})
        days[day] = days.get(day, 0) + quantity
    for product_id, past in told.items():
        found.wanted[product_id] = past | found.wanted.get(product_id, {})


def _of(
    table: Table, column: str, of_file: int, found: Books, ids: Sequence[int]
) -> Select[tuple[int, date, int, int]]:
    return select(table.c.product_id, table.c.day, table.c[column], literal(of_file)).where(
        table.c.product_id.in_(ids), table.c.day.between(found.first, found.last)
    )


def _add_sold_out(found: Books, connection: Connection, ids: Sequence[int]) -> None:
    marks = schema.sold_out_mark
    marked = select(marks.c.product_id, marks.c.day).where(
        marks.c.product_id.in_(ids), marks.c.day.between(found.first, found.last)
    )
    told = select(_past.c.product_id, _past.c.day).where(
        _past.c.product_id.in_(ids),
        _past.c.day.between(found.first, found.last),
        _past.c.sold_out == true(),
    )
    reached, cut = _reached(found, ids), _cut_short(found, ids)
    for reason, query in ((SEEN, marked), (OFFER, reached), (SHORTAGE, cut), (FILE, told)):
        for product_id, day in connection.execute(query):
            days = found.sold_out.setdefault(product_id, {})
            days[day] = (*days.get(day, ()), reason)


def _reached(found: Books, ids: Sequence[int]) -> Select[tuple[int, date]]:
    """Offers whose quantity was used up by the orders of their round for its pickup day.

    The roll-up says first where that is possible at all.
    """
    that_day = (
        select(_demand.c.ordered)
        .where(_demand.c.product_id == _offers.c.product_id, _demand.c.day == _rounds.c.pickup_day)
        .correlate(_offers, _rounds)
        .scalar_subquery()
    )
    return (
        select(_offers.c.product_id, _rounds.c.pickup_day)
        .join(_rounds, _rounds.c.id == _offers.c.round_id)
        .where(
            _offers.c.available.is_not(None),
            (_offers.c.product_id + 0).in_(ids),  # by the rounds of the window, not by product
            _rounds.c.pickup_day.between(found.first, found.last),
            that_day >= _offers.c.available,
            _ordered_in_round() >= _offers.c.available,
        )
    )


def _ordered_in_round() -> ScalarSelect[int]:
    """What was ordered of an offer. Its lines lie between the first and last order of its round.

    The rest is asked of what was found there: as conditions they would lead a database to read all
    lines there ever were of the product, or of the round.
    """
    of_round = _orders.alias("of_round")
    first, last = (
        select(end(of_round.c.id))
        .where(of_round.c.round_id == _rounds.c.id)
        .correlate(_rounds)
        .scalar_subquery()
        for end in (func.min, func.max)
    )
    counts = and_(
        _orders.c.round_id == _rounds.c.id,
        _orders.c.pickup_day == _rounds.c.pickup_day,
        _orders.c.status == "active",
        _lines.c.cancelled_at.is_(None),
    )
    return (
        select(func.sum(case((counts, _lines.c.ordered), else_=0)))
        .join(_orders, _orders.c.id == _lines.c.order_id)
        .where(_lines.c.product_id == _offers.c.product_id, _lines.c.order_id.between(first, last))
        .correlate(_offers, _rounds)
        .scalar_subquery()
    )


def _cut_short(found: Books, ids: Sequence[int]) -> Select[tuple[int, date]]:
    """Days on which somebody got less than ordered, and not because it was weighed."""
    return (
        select(_lines.c.product_id, _orders.c.pickup_day)
        .distinct()
        .join(_orders, _orders.c.id == _lines.c.order_id)
        .where(
            _lines.c.quantity < _lines.c.ordered,
            _lines.c.weighed_at.is_(None),
            _lines.c.cancelled_at.is_(None),
            _lines.c.product_id.in_(ids),
            _orders.c.status == "active",
            _orders.c.pickup_day.between(found.first, found.last),
        )
    )


def _add_known(found: Books, connection: Connection, ids: Sequence[int], zone: str) -> None:
    table = schema.product
    told = [  # each by itself: the index gives the first or the last without looking further
        select(found_day(_past.c.day)).where(_past.c.product_id == table.c.id).scalar_subquery()
        for found_day in (func.min, func.max)
    ]
    query = select(table.c.id, table.c.created_at, *told).where(table.c.id.in_(ids))
    for product_id, created_at, file_first, file_last in connection.execute(query):
        found.known[product_id] = Known(local_day(created_at, zone), file_first, file_last)


def _products(
    connection: Connection, product_id: int | None = None
) -> dict[int, tuple[str, str, Unit]]:
    table = schema.product
    query = select(
        table.c.id, table.c.name, table.c.category, table.c.sale_unit, table.c.unit_grams
    ).order_by(table.c.name)
    if product_id is None:
        query = query.where(table.c.archived_at.is_(None)).limit(MOST_PRODUCTS)
    else:
        query = query.where(table.c.id == product_id)
    return {
        row.id: (row.name, row.category, Unit(row.sale_unit, row.unit_grams))
        for row in connection.execute(query)
    }


def _line(
    shop: Shop,
    found: Books,
    product_id: int,
    name: str,
    category: str,
    unit: Unit,
    weeks: int,
) -> ProductRhythm:
    first, last = window(shop.today, weeks)
    before_from, recent_from = rules.trend_windows(last)
    sums = found.sums(product_id, first, last)
    means = rules.means_of(sums)
    trend = rules.trend_between(
        found.sums(product_id, recent_from, last),
        found.sums(product_id, before_from, recent_from - timedelta(days=1)),
        shop.settings.trend_percent,
    )
    return ProductRhythm(
        product_id,
        name,
        category,
        unit,
        sum(means.values(), Fraction()),
        means,
        trend,
        sum(first <= day <= last for day in found.sold_out.get(product_id, {})),
        sum(count for _total, count in sums.values()),
    )
