"""Putting messages on their way, and what people do about those that did not arrive."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.messages.cutting import pieces
from lib.shop.messages.outbox import bell
from lib.shop.messages.outbox.rules import Status
from lib.shop.posts import LONGEST_TEXT, add_post
from lib.shop.shop import Shop, Tx

_channel, _delivery = schema.message_channel, schema.message_delivery
_TROUBLE = (Status.PERHAPS, Status.FAILED)


def queue(
    tx: Tx,
    channel_ids: Iterable[int],
    topic: str,
    subject: str,
    text: str,
    names: Collection[str] = (),
) -> list[int]:
    """Put ``text`` on its way to each of ``channel_ids``; a step. Returns the ids of its messages.

    ``topic`` is the key of its event, ``subject`` the row it is about. A text longer than the
    setting ``message_bytes`` becomes several messages, each waiting for the one before it;
    ``names`` are called in it as ``@name`` and never cut. The sender wakes and waits for the end of
    the transaction.

    Raises ``Refused`` for an empty text, a robot that is not in use, and for the very text that
    waits for this robot already.
    """
    text = clean(text, LONGEST_TEXT, lines=True)
    parts = pieces(text, tx.settings.message_bytes, names)
    if not parts:
        raise Refused(N_("There is no text to post."))
    made = []
    for channel_id in channel_ids:
        _require_in_use(tx, channel_id)
        _refuse_twice(tx, channel_id, topic, subject, text)
        made += _put(tx, channel_id, topic, subject, parts, text)
    bell.ring()
    return made


def send_by_robot(
    shop: Shop,
    channel_id: int,
    topic: str,
    subject: str,
    text: str,
    names: Collection[str] = (),
) -> list[int]:
    """Put ``text`` on its way to one robot; see :func:`queue`."""
    with shop.write("message.queue") as tx:
        tx.result = queue(tx, [channel_id], topic, subject, text, names)
        tx.note(
            f"message_channel:{channel_id}", after={"topic": topic, "text": text}, about=subject
        )
    return list(tx.result)


def retry_message(shop: Shop, message_id: int) -> None:
    """Send a message again that was not sent, or perhaps was; it begins with all its tries anew.

    Raises ``Refused`` when it is not one of those any more, or its robot is not in use.
    """
    with shop.write("message.retry") as tx:
        row = _in_trouble(tx, message_id)
        _require_in_use(tx, row.channel_id)
        _set(tx, row.id, status=Status.WAITING, tries=0, next_try_at=tx.now, last_error="")
        tx.note(f"message_delivery:{row.id}", before={"message_status": row.status})
        bell.ring()


def confirm_message(shop: Shop, message_id: int) -> None:
    """Say that a message which was perhaps sent has arrived; it goes into the log.

    Raises ``Refused`` when it is not one of those any more.
    """
    with shop.write("message.confirm") as tx:
        row = _in_trouble(tx, message_id)
        if row.status != Status.PERHAPS:
            raise Refused(N_("This message was not sent. Send it again, or cancel it."))
        mark_sent(tx, row, tx.now)
        tx.note(f"message_delivery:{row.id}", before={"message_status": row.status}, after=_SENT)
        bell.ring()


def cancel_message(shop: Shop, message_id: int) -> None:
    """Take a message and those that wait for it out of the queue.

    What was sent of a longer text goes into the log. Raises ``Refused`` for one that is being sent
    at this moment, and ``NotFound`` for one that is settled.
    """
    with shop.write("message.cancel") as tx:
        row = tx.row(_delivery, message_id)
        if row.status not in (Status.WAITING, *_TROUBLE):
            raise NotFound(N_("This message is settled already."))
        if row.leased_until is not None:
            raise Refused(N_("It is being sent right now. Look again in a moment."))
        give_up(tx, row)
        tx.note(f"message_delivery:{row.id}", before={"message_status": row.status})


def give_up(tx: Tx, row: Row[Any]) -> None:
    """Cancel a message with all that wait for it, and log what was sent of its text; a step."""
    chain = list(_chain(tx, row))
    for each in chain:
        if each.status != Status.SENT:
            _set(tx, each.id, status=Status.CANCELLED)
    done = [each for each in chain if each.status == Status.SENT]
    if done:
        _log(tx, done, "\n".join(each.text for each in done))


def mark_sent(tx: Tx, row: Row[Any], at: datetime) -> None:
    """Book a message as sent ``at``, and its whole text when it was the last piece; a step."""
    values = {"status": Status.SENT, "sent_at": at, "last_error": "", "leased_until": None}
    _set(tx, row.id, **values)
    if row.whole:
        _log(tx, [each for each in _chain(tx, row) if each.id <= row.id], row.whole)


_SENT = {"message_status": Status.SENT}


def _log(tx: Tx, rows: list[Row[Any]], text: str) -> None:
    """Put what was sent into the log, in the name of whoever put it on its way."""
    last = rows[-1]
    post_id = add_post(
        tx,
        last.topic,
        last.subject,
        text,
        person_id=last.created_by,
        channel_id=last.channel_id,
    )
    for each in rows:
        _set(tx, each.id, post_id=post_id)


def _chain(tx: Tx, row: Row[Any]) -> Iterator[Row[Any]]:
    """Return all messages of the text that ``row`` is a piece of, in order."""
    while row.after_id is not None:
        row = tx.row(_delivery, row.after_id)
    following: Row[Any] | None = row
    while following is not None:
        yield following
        wanted = select(_delivery).where(_delivery.c.after_id == following.id)
        following = tx.execute(wanted).first()


def _put(
    tx: Tx, channel_id: int, topic: str, subject: str, parts: list[str], whole: str
) -> list[int]:
    made: list[int] = []
    for number, part in enumerate(parts, 1):
        made.append(
            tx.add(
                _delivery,
                channel_id=channel_id,
                topic=topic,
                subject=subject,
                text=part,
                whole=whole if number == len(parts) else "",
                after_id=made[-1] if made else None,
                status=Status.WAITING,
                next_try_at=tx.now,
                created_at=tx.now,
                created_by=tx.actor.id,
            )
        )
    return made


def _require_in_use(tx: Tx, channel_id: int) -> None:
    row = tx.row(_channel, channel_id)
    if not row.active or row.archived_at is not None:
        raise Refused(N_("The robot {name} is switched off."), name=row.name)


def _refuse_twice(tx: Tx, channel_id: int, topic: str, subject: str, text: str) -> None:
    same = select(_delivery.c.id).where(
        _delivery.c.status.in_((Status.WAITING, *_TROUBLE)),
        _delivery.c.subject == subject,
        _delivery.c.topic == topic,
        _delivery.c.channel_id == channel_id,
        _delivery.c.whole == text,
    )
    if tx.execute(same.limit(1)).first() is not None:
        raise Refused(N_("This very text is on its way to this robot already."))


def _in_trouble(tx: Tx, message_id: int) -> Row[Any]:
    row = tx.row(_delivery, message_id)
    if row.status not in _TROUBLE:
        raise Refused(N_("This message is settled already."))
    return row


def _set(tx: Tx, message_id: int, **values: Any) -> None:
    tx.execute(update(_delivery).where(_delivery.c.id == message_id).values(**values))
