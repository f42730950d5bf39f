"""Claiming a message, and booking what came of it.

A claim is no decision of a person and leaves no journal row; what was sent, and what will not be
tried again, does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.messages.outbox import rules
from lib.shop.messages.outbox.claims.queries import can_go, free_at, is_past, most_per_minute
from lib.shop.messages.outbox.commands import mark_sent
from lib.shop.messages.outbox.rules import Came, Outcome, Status
from lib.shop.shop import SYSTEM_ONLY, Shop

_channel, _delivery = schema.message_channel, schema.message_delivery


@dataclass(frozen=True)
class Claim:
    """A message that this sender may give to its robot, until ``leased_until``."""

    id: int
    channel_id: int
    kind: str
    sealed_address: str
    text: str
    tries: int
    leased_until: datetime


def claim_next(shop: Shop) -> Claim | None:
    """Claim the message that is due first and return it; None when nothing may be sent now.

    Messages whose sender vanished become "perhaps sent" on the way.
    """
    now = shop.clock.now()
    with shop.store.write() as connection:
        _give_up_stopped(connection, now)
        for channel_id in _channels_due(connection, now):
            if free_at(connection, channel_id, most_per_minute(shop), now) <= now:
                claim = _claim(connection, shop, channel_id, now)
                if claim is not None:
                    return claim
    return None


def book(shop: Shop, claim: Claim, outcome: Outcome) -> None:
    """Book what came of a try: in the log of what was sent, or when to try again.

    Does nothing when the claim is not valid any more, unless the message was sent: then it is.
    """
    following = rules.after(outcome, claim.tries, shop.clock.now(), shop.settings)
    try:
        if following.status is Status.SENT:
            _book_sent(shop, claim)
        elif following.status is Status.WAITING:
            _book_later(shop, claim, outcome, following.at)
        else:
            _book_ended(shop, claim, outcome, following.status)
    except NotFound:
        return


def _book_sent(shop: Shop, claim: Claim) -> None:
    with shop.write("message.send", by=SYSTEM_ONLY) as tx:
        row = tx.row(_delivery, claim.id)
        if row.status not in (Status.WAITING, Status.PERHAPS, Status.FAILED):
            raise NotFound(N_("This message is settled already."))
        mark_sent(tx, row, tx.now)
        tx.note(f"message_delivery:{claim.id}", after={"message_status": Status.SENT})


def _book_ended(shop: Shop, claim: Claim, outcome: Outcome, status: Status) -> None:
    with shop.write("message.fail", by=SYSTEM_ONLY) as tx:
        changed = tx.execute(
            _mine(claim).values(status=status, leased_until=None, last_error=outcome.error)
        )
        if changed.rowcount != 1:
            raise NotFound(N_("This message is settled already."))
        tx.note(f"message_delivery:{claim.id}", after={"message_status": status})


def _book_later(shop: Shop, claim: Claim, outcome: Outcome, at: datetime) -> None:
    with shop.store.write() as connection:
        connection.execute(
            _mine(claim).values(leased_until=None, next_try_at=at, last_error=outcome.error)
        )
        if outcome.came is Came.BUSY:
            others = update(_delivery).where(
                _delivery.c.channel_id == claim.channel_id,
                _delivery.c.status == Status.WAITING,
                _delivery.c.next_try_at < at,
            )
            connection.execute(others.values(next_try_at=at))


def _mine(claim: Claim) -> Any:
    return update(_delivery).where(
        _delivery.c.id == claim.id,
        _delivery.c.status == Status.WAITING,
        _delivery.c.leased_until == claim.leased_until,
    )


def _give_up_stopped(connection: Connection, now: datetime) -> None:
    """Show what was being sent when a sender vanished as perhaps sent."""
    connection.execute(
        update(_delivery)
        .where(_delivery.c.status == Status.WAITING, is_past(_delivery.c.leased_until, now))
        .values(status=Status.PERHAPS, leased_until=None, last_error="stopped")
    )


def _channels_due(connection: Connection, now: datetime) -> list[int]:
    wanted = (
        select(_delivery.c.channel_id)
        .where(can_go(), _delivery.c.leased_until.is_(None), is_past(_delivery.c.next_try_at, now))
        .distinct()
        .order_by(_delivery.c.channel_id)
    )
    return list(connection.execute(wanted).scalars())


def _claim(connection: Connection, shop: Shop, channel_id: int, now: datetime) -> Claim | None:
    wanted = (
        select(_delivery, _channel.c.kind, _channel.c.sealed_address)
        .join(_channel, _channel.c.id == _delivery.c.channel_id)
        .where(
            can_go(),
            _delivery.c.channel_id == channel_id,
            _delivery.c.leased_until.is_(None),
            is_past(_delivery.c.next_try_at, now),
        )
        .order_by(_delivery.c.id)
        .limit(1)
    )
    row: Row[Any] | None = connection.execute(wanted).first()
    if row is None:
        return None
    until = now + rules.lease(shop.settings)
    taken = connection.execute(
        update(_delivery)
        .where(
            _delivery.c.id == row.id,
            _delivery.c.status == Status.WAITING,
            _delivery.c.leased_until.is_(None),
        )
        .values(leased_until=until, tries=row.tries + 1)
    )
    if taken.rowcount != 1:
        return None
    return Claim(row.id, channel_id, row.kind, row.sealed_address, row.text, row.tries + 1, until)
