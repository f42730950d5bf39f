"""Writes of the lists before and after slots (R22): made once by the program, settled by people."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.service.picking.queries import Bag
from lib.service.pickup.queries import kept_until
from lib.service.pickup.texts import called, pickup_reminder, subject_of
from lib.service.reminders import rules
from lib.service.reminders.queries import (
    EVENTS,
    due_now,
    is_leaving,
    posted_since,
    still_to_come,
    unsettled,
)
from lib.service.reminders.rules import How, Kind, Occasion
from lib.service.reminders.texts import second_notice
from lib.shop.language import Translate
from lib.shop.messages.outbox.commands import give_up, queue
from lib.shop.messages.outbox.queries import robots_in_use
from lib.shop.messages.wording import speaker
from lib.shop.shop import SYSTEM_ONLY, Shop, Tx

_notice, _delivery = schema.pickup_notice, schema.message_delivery


def make_notices(shop: Shop) -> list[int]:
    """Make every list that is due and not made, and settle those whose time is over (R22).

    For the program itself. A list is made once, whoever comes first: one writer at a time holds
    the books and looks again what is missing, and day, slot and kind are unique besides. A reminder
    is handed to the robots in the same transaction, where the setting ``reminder_by_robot`` says so
    and one is in use; never after its slot, nor when somebody sent it before. Returns the ids of
    the lists made. Writes nothing while nothing is due.
    """
    now = shop.clock.now()
    with shop.read() as connection:
        if not due_now(connection, shop.settings, now) and not _over(connection, shop, now):
            return []
    say = speaker(shop)
    with shop.write("pickup.notices", by=SYSTEM_ONLY) as tx:
        made = [_make(tx, one, say) for one in due_now(tx.connection, tx.settings, tx.now)]
        for row in _over(tx.connection, shop, tx.now):
            _settle(tx, row)
        tx.result = made
    return made


def put_aside(shop: Shop, notice_id: int, version: int) -> None:
    """Say that a list needs nothing more: the residents were called, or it is left.

    Raises ``Refused`` when it was settled before, ``Conflict`` when it changed since ``version``.
    """
    with shop.write("pickup.notice_aside") as tx:
        row = tx.row(_notice, notice_id)
        if row.done_at is not None:
            raise Refused(N_("This list was settled before."))
        values = {"done_at": tx.now, "done_by": tx.actor.id, "done_how": How.ASIDE}
        tx.change(_notice, notice_id, version, **values)
        tx.note(f"pickup_notice:{notice_id}", before=_said(row), after={"done_how": How.ASIDE})


def take_up(shop: Shop, notice_id: int, version: int) -> None:
    """Take back that a list was put aside (E11).

    Raises ``Refused`` for one that was not, ``Conflict`` when it changed since ``version``.
    """
    with shop.write("pickup.notice_again") as tx:
        row = tx.row(_notice, notice_id)
        if row.done_how != How.ASIDE:
            raise Refused(N_("This list was not put aside."))
        tx.change(_notice, notice_id, version, done_at=None, done_by=None, done_how=How.OPEN)
        tx.note(f"pickup_notice:{notice_id}", before={"done_how": How.ASIDE}, after=_said(row))


def _make(tx: Tx, one: Occasion, say: Translate) -> int:
    reminded_at = one.due_at if one.kind is Kind.BEFORE else None
    lists = still_to_come(tx.connection, one.day, tx.settings, reminded_at)
    bags = lists.get(one.slot.key, [])
    text = _text(tx, one, bags, say)
    missed = one.is_missed(tx.now)
    how = How.NOBODY if not bags else How.MISSED if missed else How.OPEN
    sends = how is How.OPEN and one.kind is Kind.BEFORE and _by_robot(tx, one, text)
    notice_id = tx.add(
        _notice,
        day=one.day,
        slot=one.slot.key,
        kind=one.kind,
        due_at=one.due_at,
        made_at=tx.now,
        waiting=len(bags),
        body={
            "name": one.slot.name,
            "hours": one.slot.hours,
            "orders": [[bag.order_id, bag.number, called(bag)] for bag in bags],
            "text": text,
        },
        queued_at=tx.now if sends else None,
        done_at=None if how is How.OPEN else tx.now,
        done_how=how,
    )
    after = {"day": one.day, "slot": one.slot.key, "notice": one.kind, "waiting": len(bags)}
    tx.note(f"pickup_notice:{notice_id}", after={**after, "done_how": how})
    return notice_id


def _text(tx: Tx, one: Occasion, bags: list[Bag], say: Translate) -> str:
    if one.kind is Kind.BEFORE:
        return pickup_reminder(tx.settings, one.slot, one.day, tx.today, bags, say)
    until = kept_until(tx.connection, tx.settings, bags)
    kept = [(bag, until[bag.order_id]) for bag in bags]
    return second_notice(tx.settings, one.slot, one.day, tx.today, kept, say)


def _by_robot(tx: Tx, one: Occasion, text: str) -> bool:
    """Hand the reminder to every robot in use; say whether there is one to send it."""
    robots = [robot.id for robot in robots_in_use(tx.connection)]
    if not tx.settings.reminder_by_robot or not robots:
        return False
    subject = subject_of(one.day, one.slot.key)
    if posted_since(tx.connection, one.kind, subject, one.due_at - rules.COUNTS_BEFORE):
        return False
    queue(tx, robots, EVENTS[one.kind].key, subject, text)
    return True


def _over(connection: Connection, shop: Shop, now: datetime) -> list[Row[Any]]:
    """Return the open lists whose time is over, but none that a robot is sending right now."""
    return [
        row
        for row in unsettled(connection)
        if rules.is_over(row.day, row.slot, Kind(row.kind), shop.settings, now)
        and not is_leaving(connection, EVENTS[Kind(row.kind)].key, subject_of(row.day, row.slot))
    ]


def _settle(tx: Tx, row: Row[Any]) -> None:
    """Close a list whose time is over; what a robot did not send of a reminder is called off."""
    kind, subject = Kind(row.kind), subject_of(row.day, row.slot)
    if kind is Kind.BEFORE:
        _call_off(tx, EVENTS[kind].key, subject)
    how = How.MISSED if kind is Kind.BEFORE else How.OVER
    if posted_since(tx.connection, kind, subject, row.due_at - rules.COUNTS_BEFORE):
        how = How.SENT
    tx.change(_notice, row.id, row.version, done_at=tx.now, done_how=how)
    tx.note(f"pickup_notice:{row.id}", before=_said(row), after={"done_how": how})


def _call_off(tx: Tx, topic: str, subject: str) -> None:
    """Take what no robot has sent out of the queue: after its slot it is no reminder."""
    left = select(_delivery).where(
        _delivery.c.status.in_(("waiting", "failed")),
        _delivery.c.subject == subject,
        _delivery.c.topic == topic,
    )
    while (row := tx.execute(left.order_by(_delivery.c.id).limit(1)).first()) is not None:
        give_up(tx, row)


def _said(row: Row[Any]) -> dict[str, Any]:
    return {"day": row.day, "slot": row.slot, "notice": row.kind, "done_how": row.done_how}
