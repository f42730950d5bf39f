"""Reads of the log over all events."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from lib.db import schema
from lib.kernel.clock import day_bounds, local_day, monday_of
from lib.shop.messages.event import Purpose
from lib.shop.messages.events import EVENTS
from lib.shop.shop import DESK, Shop

MOST = 1000
MOST_COUNTED = 20_000

_post = schema.group_post


@dataclass(frozen=True)
class Sent:
    """One text that was sent; ``robot`` is empty when somebody did by hand."""

    id: int
    at: datetime
    topic: str
    subject: str
    text: str
    by: str
    robot: str


@dataclass(frozen=True)
class Week:
    """How many texts were sent in a week from ``monday`` on, in all and by purpose."""

    monday: date
    sent: int
    by_purpose: Mapping[Purpose, int]


def sent(shop: Shop, first: date, last: date, topic: str = "") -> tuple[Sent, ...]:
    """Return what was sent from ``first`` to ``last`` (both included), newest first.

    ``topic`` is the key of one event, empty for all.
    """
    shop.require(DESK)
    zone = shop.settings.time_zone
    people, robots = schema.person, schema.message_channel
    wanted = (
        select(_post, people.c.name.label("by"), robots.c.name.label("robot"))
        .outerjoin(people, people.c.id == _post.c.person_id)
        .outerjoin(robots, robots.c.id == _post.c.channel_id)
        .where(_post.c.at >= day_bounds(first, zone)[0], _post.c.at < day_bounds(last, zone)[1])
        .order_by(_post.c.at.desc(), _post.c.id.desc())
        .limit(MOST)
    )
    if topic:
        wanted = wanted.where(_post.c.topic == topic)
    with shop.read() as connection:
        return tuple(
            Sent(row.id, row.at, row.topic, row.subject, row.text, row.by or "", row.robot or "")
            for row in connection.execute(wanted)
        )


def weeks(shop: Shop, count: int) -> tuple[Week, ...]:
    """Return the last ``count`` weeks with this one, the newest first; weeks without a text too."""
    shop.require(DESK)
    zone = shop.settings.time_zone
    this = monday_of(shop.today)
    mondays = [this - timedelta(weeks=number) for number in range(count)]
    wanted = (
        select(_post.c.at, _post.c.topic)
        .where(_post.c.at >= day_bounds(mondays[-1], zone)[0])
        .limit(MOST_COUNTED)
    )
    found: dict[date, Counter[Purpose]] = {monday: Counter() for monday in mondays}
    in_all: Counter[date] = Counter()
    with shop.read() as connection:
        for row in connection.execute(wanted):
            monday = monday_of(local_day(row.at, zone))
            in_all[monday] += 1
            if row.topic in EVENTS and monday in found:
                found[monday][EVENTS[row.topic].purpose] += 1
    return tuple(Week(monday, in_all[monday], found[monday]) for monday in mondays)


def named(topic: str) -> str:
    """Return the msgid of what a text was; its own key for an event of another version."""
    return EVENTS[topic].name if topic in EVENTS else topic
