"""The week of the group: what is planned, sent and missing on each day, and the quotas (R12-R14).

Rounds and welfare items stand beside it, to be read only: who plans a topic sees what else the
group will read that day. Nobody is named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, or_, select

from lib.db import schema
from lib.kernel.clock import day_bounds, local_day
from lib.shop.shop import DESK, Shop
from lib.trust.community.activities import queries as activities
from lib.trust.community.activities.queries import Activity
from lib.trust.community.activities.rules import Status
from lib.trust.community.tips import queries as tips
from lib.trust.community.tips.queries import SentTip
from lib.trust.community.tips.rules import Tip, plan_ahead
from lib.trust.community.topics import queries as topics
from lib.trust.community.topics.queries import Topic
from lib.trust.community.week import rules
from lib.trust.community.week.rules import Meter

MOST = 100
"""Rounds and welfare items of one week."""


@dataclass(frozen=True)
class CutOff:
    """A round that stops taking orders."""

    round_id: int
    title: str
    at: datetime


@dataclass(frozen=True)
class Welfare:
    """A welfare item that is planned for a day or went on offer on it."""

    product: str
    is_offered: bool


@dataclass(frozen=True)
class Day:
    """One day of the group. ``tip`` is the one proposed for a day that has none yet."""

    day: date
    sent: tuple[SentTip, ...] = ()
    tip: Tip | None = None
    topics: tuple[Topic, ...] = ()
    activities: tuple[Activity, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    welfare: tuple[Welfare, ...] = ()


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, with the quota of topics of this week and of activities of its month."""

    days: tuple[Day, ...]
    topics: Meter
    activities: Meter

    @property
    def first(self) -> date:
        """Its Monday."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.days[-1].day


def week(shop: Shop, day: date) -> Week:
    """Return the week that ``day`` lies in."""
    shop.require(DESK)
    first, last = rules.week_of(day)
    days = [first + timedelta(days=number) for number in range(7)]
    with shop.read() as connection:
        sent = tips.read_sent(shop, connection, first, last)
        ahead = _tips_ahead(shop, connection, days, {one.day for one in sent})
        asked = topics.read_topics(shop, connection, first, last)
        held = activities.read_activities(connection, first, last)
        cut_offs = _cut_offs(shop, connection, first, last)
        welfare = _welfare(shop, connection, first, last)
        meters = read_meters(shop, connection, rules.nearest(shop.today, first, last))
    zone = shop.settings.time_zone
    return Week(
        tuple(
            Day(
                each,
                tuple(one for one in sent if one.day == each),
                ahead.get(each),
                tuple(one for one in asked if one.day(zone) == each),
                tuple(one for one in held if one.day == each),
                tuple(one for one in cut_offs if local_day(one.at, zone) == each),
                tuple(one for on, one in welfare if on == each),
            )
            for each in days
        ),
        *meters,
    )


def read_meters(shop: Shop, connection: Connection, day: date) -> tuple[Meter, Meter]:
    """Return the quotas of topics (the week of ``day``) and activities (its month), inside a read.

    Done is what was asked and held; planned is what is still to come from today on.
    """
    today, settings = shop.today, shop.settings
    asked = topics.read_topics(shop, connection, *rules.week_of(day))
    held = activities.read_activities(connection, *rules.month_of(day))
    return (
        rules.topic_meter(
            sum(one.asked_at is not None for one in asked),
            sum(_is_to_ask(one, today) for one in asked),
            day,
            today,
            settings,
        ),
        rules.activity_meter(
            sum(one.status is Status.HELD for one in held),
            sum(one.status is Status.PLANNED and one.day >= today for one in held),
            day,
            today,
            settings,
        ),
    )


def _is_to_ask(topic: Topic, today: date) -> bool:
    return topic.asked_at is None and topic.closed_at is None and topic.planned_on >= today


def _tips_ahead(
    shop: Shop, connection: Connection, days: Iterable[date], done: set[date]
) -> dict[date, Tip]:
    """Return what would be proposed on the days from today on that have no tip yet."""
    coming = [day for day in days if day >= shop.today and day not in done]
    if not coming:
        return {}
    bank = tips.read_tips(shop, connection)
    before = [
        shop.today + timedelta(days=number) for number in range((coming[0] - shop.today).days)
    ]
    kind = tips.last_kind(connection, shop.today + timedelta(days=1))
    repeat = shop.settings.tip_repeat_days
    plan = plan_ahead(bank, [*before, *coming], repeat, kind)
    return {day: plan[day] for day in coming if day in plan}


def _cut_offs(shop: Shop, connection: Connection, first: date, last: date) -> list[CutOff]:
    table, zone = schema.buying_round, shop.settings.time_zone
    since, until = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    query = (
        select(table.c.id, table.c.title, table.c.cut_off_at)
        .where(table.c.cut_off_at >= since, table.c.cut_off_at < until)
        .order_by(table.c.cut_off_at, table.c.id)
        .limit(MOST)
    )
    return [CutOff(row.id, row.title, row.cut_off_at) for row in connection.execute(query)]


def _welfare(
    shop: Shop, connection: Connection, first: date, last: date
) -> list[tuple[date, Welfare]]:
    table, products, zone = schema.welfare_item, schema.product, shop.settings.time_zone
    since, until = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    query = (
        select(table.c.planned_on, table.c.offered_at, products.c.name)
        .join(products, products.c.id == table.c.product_id)
        .where(
            table.c.status != "cancelled",
            or_(
                (table.c.offered_at >= since) & (table.c.offered_at < until),
                table.c.offered_at.is_(None)
                & (table.c.planned_on >= first)
                & (table.c.planned_on <= last),
            ),
        )
        .order_by(table.c.id)
        .limit(MOST)
    )
    return [
        (
            local_day(row.offered_at, zone) if row.offered_at else row.planned_on,
            Welfare(row.name, row.offered_at is not None),
        )
        for row in connection.execute(query)
    ]
