"""Reads of tips (R13): the bank, today's, what was sent, tips against offers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.shop.language import translator
from lib.shop.messages.events import TIP
from lib.shop.messages.wording import said
from lib.shop.shop import DESK, Shop
from lib.trust.community.tips.bank import SUPPLIED
from lib.trust.community.tips.rules import Kind, Ratio, Tip, proposed, ratio

MOST = 1000
"""Tips that the bank is read to."""
MOST_SENT = 500

_tip, _sent, _post = schema.tip, schema.tip_sent, schema.group_post


@dataclass(frozen=True)
class SentTip:
    """One tip that was sent; ``person`` is who ticked it, ``post_id`` its row in the log."""

    tip_id: int
    post_id: int | None
    day: date
    at: datetime
    kind: Kind
    text: str
    person: str


@dataclass(frozen=True)
class Today:
    """What the group reads today: what was ``sent``, else the ``tip`` to send, if one fits."""

    sent: tuple[SentTip, ...]
    tip: Tip | None


def is_filled(shop: Shop) -> bool:
    """Whether every tip that comes with the program is in the bank."""
    shop.require(DESK)
    with shop.read() as connection:
        query = select(func.count()).where(_tip.c.supplied.is_not(None))
        return int(connection.execute(query).scalar_one()) >= len(SUPPLIED)


def tips(shop: Shop) -> tuple[Tip, ...]:
    """Return the whole bank, oldest first, archived ones too, in the shop's language."""
    shop.require(DESK)
    with shop.read() as connection:
        return read_tips(shop, connection)


def today(shop: Shop, skipped: Collection[int] = ()) -> Today:
    """Return what was sent today and the tip to send; ``skipped`` ids are not proposed."""
    shop.require(DESK)
    day = shop.today
    with shop.read() as connection:
        bank = read_tips(shop, connection)
        done = read_sent(shop, connection, day, day)
        last = last_kind(connection, day)
    repeat = shop.settings.tip_repeat_days
    return Today(done, proposed(bank, day, repeat, skipped=skipped, last_kind=last))


def sent(shop: Shop, first: date, last: date) -> tuple[SentTip, ...]:
    """Return the tips sent on the days ``first`` to ``last``, newest first."""
    shop.require(DESK)
    with shop.read() as connection:
        return read_sent(shop, connection, first, last)


def text_of(shop: Shop, tip: Tip) -> str:
    """Return the message for the group."""
    return said(shop, TIP, tip=tip.text)


def ratios(shop: Shop, spans: tuple[int, ...] = (7, 30)) -> tuple[Ratio, ...]:
    """Return tips against offers of the last so many days each, today included."""
    shop.require(DESK)
    return tuple(_ratio(shop, days) for days in spans)


def read_tips(shop: Shop, connection: Connection) -> tuple[Tip, ...]:
    """Return the whole bank inside an open read."""
    say = translator(shop.settings.language)
    times = (
        select(_sent.c.tip_id, func.max(_sent.c.day).label("last"), func.count().label("count"))
        .group_by(_sent.c.tip_id)
        .subquery()
    )
    query = (
        select(_tip, times.c.last, times.c.count)
        .outerjoin(times, times.c.tip_id == _tip.c.id)
        .order_by(_tip.c.id)
        .limit(MOST)
    )
    return tuple(_of(row, say(row.text)) for row in connection.execute(query))


def read_sent(shop: Shop, connection: Connection, first: date, last: date) -> tuple[SentTip, ...]:
    """Return the tips sent on the days ``first`` to ``last`` inside an open read."""
    say, people = translator(shop.settings.language), schema.person
    query = (
        select(_sent, _tip.c.kind, _tip.c.text, people.c.name)
        .join(_tip, _tip.c.id == _sent.c.tip_id)
        .outerjoin(people, people.c.id == _sent.c.person_id)
        .where(_sent.c.day >= first, _sent.c.day <= last)
        .order_by(_sent.c.day.desc(), _sent.c.at.desc(), _sent.c.id.desc())
        .limit(MOST_SENT)
    )
    return tuple(
        SentTip(
            row.tip_id, row.post_id, row.day, row.at, Kind(row.kind), say(row.text), row.name or ""
        )
        for row in connection.execute(query)
    )


def last_kind(connection: Connection, day: date) -> Kind | None:
    """Return the kind of the newest tip sent before ``day``; None when none was."""
    query = (
        select(_tip.c.kind)
        .join(_sent, _sent.c.tip_id == _tip.c.id)
        .where(_sent.c.day < day)
        .order_by(_sent.c.day.desc(), _sent.c.id.desc())
        .limit(1)
    )
    kind = connection.execute(query).scalar()
    return None if kind is None else Kind(kind)


def _ratio(shop: Shop, days: int) -> Ratio:
    first = shop.today - timedelta(days=days - 1)
    since, _end = day_bounds(first, shop.settings.time_zone)
    query = select(_post.c.topic, func.count()).where(_post.c.at >= since).group_by(_post.c.topic)
    with shop.read() as connection:
        counts = {row[0]: row[1] for row in connection.execute(query)}
    return ratio(days, counts)


def _of(row: Any, text: str) -> Tip:
    return Tip(
        id=row.id,
        kind=Kind(row.kind),
        text=text,
        supplied=row.supplied,
        from_month=row.from_month,
        to_month=row.to_month,
        last=row.last,
        sent=row.count or 0,
        archived=row.archived_at is not None,
        version=row.version,
    )
