"""Reads of robots and of what is on its way. An address never leaves this module opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, true

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.messages.outbox.rules import Kind, Status
from lib.shop.messages.outbox.sealing import ending, is_readable
from lib.shop.shop import DESK, OWNER_ONLY, Shop

MOST = 200
OPEN = (Status.WAITING, Status.PERHAPS, Status.FAILED)
TROUBLE = (Status.PERHAPS, Status.FAILED)

_channel, _delivery = schema.message_channel, schema.message_delivery


@dataclass(frozen=True)
class Robot:
    """A robot by name, for the buttons that send."""

    id: int
    name: str


@dataclass(frozen=True)
class Channel:
    """A robot as the owner keeps it. ``ends_in`` are the last signs of its address.

    ``readable`` is False when the key of the addresses is not the one they were sealed with.
    """

    id: int
    name: str
    kind: Kind
    ends_in: str
    readable: bool
    active: bool
    archived_at: datetime | None
    version: int


@dataclass(frozen=True)
class Message:
    """One message on its way, or what became of it.

    ``text`` is what goes out at once; a long text is several messages. ``error`` is one of
    :data:`lib.shop.messages.outbox.rules.ERRORS`.
    """

    id: int
    robot: str
    topic: str
    subject: str
    text: str
    status: Status
    tries: int
    next_try_at: datetime
    is_leaving: bool
    error: str
    created_at: datetime
    by: str
    sent_at: datetime | None


@dataclass(frozen=True)
class Due:
    """What waits for a person: messages that were not sent, and those that perhaps were."""

    failed: int
    perhaps: int

    @property
    def count(self) -> int:
        """How many in all."""
        return self.failed + self.perhaps


def robots(shop: Shop) -> tuple[Robot, ...]:
    """Return the robots in use, in the order they were added; for the desk."""
    shop.require(DESK)
    with shop.read() as connection:
        return robots_in_use(connection)


def robots_in_use(connection: Connection) -> tuple[Robot, ...]:
    """Return the robots in use inside an open transaction."""
    wanted = (
        select(_channel.c.id, _channel.c.name)
        .where(_channel.c.active == true(), _channel.c.archived_at.is_(None))
        .order_by(_channel.c.id)
        .limit(MOST)
    )
    return tuple(Robot(row.id, row.name) for row in connection.execute(wanted))


def channels(shop: Shop) -> tuple[Channel, ...]:
    """Return every robot of the shop, those in use first; owner only."""
    shop.require(OWNER_ONLY)
    wanted = (
        select(_channel).order_by(_channel.c.archived_at.isnot(None), _channel.c.id).limit(MOST)
    )
    with shop.read() as connection:
        rows = connection.execute(wanted).all()
    return tuple(
        Channel(
            row.id,
            row.name,
            Kind(row.kind),
            ending(shop.place, row.sealed_address),
            is_readable(shop.place, row.sealed_address),
            row.active,
            row.archived_at,
            row.version,
        )
        for row in rows
    )


def sealed_address(shop: Shop, channel_id: int) -> tuple[Kind, str]:
    """Return the kind and the sealed address of a robot; owner only.

    Raises ``NotFound`` for one that is not there.
    """
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        row = connection.execute(select(_channel).where(_channel.c.id == channel_id)).first()
    if row is None:
        raise NotFound(N_("This entry no longer exists."))
    return Kind(row.kind), row.sealed_address


def open_messages(shop: Shop) -> tuple[Message, ...]:
    """Return what is not settled, what needs a person first, then in order of queueing."""
    return _messages(
        shop,
        _wanted()
        .where(_delivery.c.status.in_(OPEN))
        .order_by(_delivery.c.status == Status.WAITING, _delivery.c.id),
    )


def under_way(shop: Shop, topic: str, subject: str) -> tuple[Message, ...]:
    """Return what is not settled of one text, in order of queueing."""
    wanted = _wanted().where(
        _delivery.c.status.in_(OPEN), _delivery.c.subject == subject, _delivery.c.topic == topic
    )
    return _messages(shop, wanted.order_by(_delivery.c.id))


def due(shop: Shop) -> Due:
    """Return how many messages wait for a person, for Today."""
    shop.require(DESK)
    wanted = (
        select(_delivery.c.status, func.count())
        .where(_delivery.c.status.in_(TROUBLE))
        .group_by(_delivery.c.status)
    )
    with shop.read() as connection:
        found = {Status(row[0]): int(row[1]) for row in connection.execute(wanted)}
    return Due(found.get(Status.FAILED, 0), found.get(Status.PERHAPS, 0))


def _wanted() -> Select[Any]:
    people = schema.person
    return (
        select(_delivery, _channel.c.name.label("robot"), people.c.name.label("by"))
        .join(_channel, _channel.c.id == _delivery.c.channel_id)
        .outerjoin(people, people.c.id == _delivery.c.created_by)
        .limit(MOST)
    )


def _messages(shop: Shop, wanted: Select[Any]) -> tuple[Message, ...]:
    shop.require(DESK)
    with shop.read() as connection:
        return tuple(_message(row) for row in connection.execute(wanted))


def _message(row: Row[Any]) -> Message:
    return Message(
        row.id,
        row.robot,
        row.topic,
        row.subject,
        row.text,
        Status(row.status),
        row.tries,
        row.next_try_at,
        row.leased_until is not None,
        row.last_error,
        row.created_at,
        row.by or "",
        row.sent_at,
    )
