"""When the next message is due."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, true

from lib.db import schema
from lib.shop.messages.outbox.rules import LONGEST_WAIT, MINUTE, Status
from lib.shop.shop import Shop

_delivery = schema.message_delivery
_before, _robot = _delivery.alias("before"), schema.message_channel.alias("robot")


def next_due(shop: Shop) -> datetime | None:
    """Return when the next message is to be sent or given up, None when nothing waits.

    A robot that has sent its most of the minute is due when the minute is over.
    """
    now = shop.clock.now()
    with shop.read() as connection:
        wanted = (
            select(_delivery.c.channel_id, func.min(_delivery.c.next_try_at).label("at"))
            .where(can_go(), _delivery.c.leased_until.is_(None))
            .group_by(_delivery.c.channel_id)
        )
        moments = [
            max(
                _not_far(row.at, now),
                free_at(connection, row.channel_id, most_per_minute(shop), now),
            )
            for row in connection.execute(wanted)
        ]
        leased = select(func.min(_delivery.c.leased_until)).where(
            _delivery.c.status == Status.WAITING
        )
        stopped = connection.execute(leased).scalar()
    if stopped is not None:
        moments.append(_not_far(stopped, now))
    return min(moments, default=None)


def _not_far(at: datetime, now: datetime) -> datetime:
    return now if at > now + LONGEST_WAIT else at


def can_go() -> ColumnElement[bool]:
    """Whether a message waits for nothing but its time: its robot is on, the piece before sent."""
    return and_(
        _delivery.c.status == Status.WAITING,
        exists().where(
            _robot.c.id == _delivery.c.channel_id,
            _robot.c.active == true(),
            _robot.c.archived_at.is_(None),
        ),
        or_(
            _delivery.c.after_id.is_(None),
            exists().where(_before.c.id == _delivery.c.after_id, _before.c.status == Status.SENT),
        ),
    )


def is_past(moment: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Whether ``moment`` of a message has come.

    None is set further ahead than the longest wait: one that is was set before the clock of the
    machine was put back, and would hold the message up as long as the clock was wrong.
    """
    return or_(moment <= now, moment > now + LONGEST_WAIT)


def most_per_minute(shop: Shop) -> int:
    """Return how many messages a robot may send in a minute."""
    return shop.settings.robot_messages_per_minute


def free_at(connection: Connection, channel_id: int, most: int, now: datetime) -> datetime:
    """Return when a robot may send again: ``now``, or when the oldest of ``most`` is a minute old.

    Messages that are being sent at this moment count.
    """
    mine = _delivery.c.channel_id == channel_id
    sending = select(func.count()).where(mine, _delivery.c.leased_until.isnot(None))
    left = most - int(connection.execute(sending).scalar_one())
    if left <= 0:
        return now + timedelta(seconds=1)
    sent = (
        select(_delivery.c.sent_at)
        .where(mine, _delivery.c.sent_at > now - MINUTE, _delivery.c.sent_at <= now)
        .order_by(_delivery.c.sent_at.desc())
        .offset(left - 1)
        .limit(1)
    )
    oldest: datetime | None = connection.execute(sent).scalar()
    return now if oldest is None else oldest + MINUTE
