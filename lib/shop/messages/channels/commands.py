"""Keeping robots. The owner only; an address is never shown, noted or logged."""

from sqlalchemy import Row, func, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.messages.outbox import bell, commands, rules, speaking
from lib.shop.messages.outbox.queries import sealed_address
from lib.shop.messages.outbox.rules import Kind, Outcome, Status
from lib.shop.messages.outbox.sealing import opened, sealed
from lib.shop.shop import OWNER_ONLY, Shop, Tx

_channel, _delivery = schema.message_channel, schema.message_delivery


def add_channel(shop: Shop, name: str, kind: Kind, address: str) -> int:
    """Add a robot and return its id.

    Raises ``Refused`` without a name, for a name in use, and for an address that is none.
    """
    token = sealed(shop.place, _checked(kind, address))
    with shop.write("message_channel.add", by=OWNER_ONLY) as tx:
        said = _name(tx, name)
        tx.result = tx.add(
            _channel,
            name=said,
            kind=kind,
            sealed_address=token,
            active=True,
            created_at=tx.now,
            created_by=tx.actor.id,
        )
        tx.note(f"message_channel:{tx.result}", after={"name": said, "kind": kind})
    return int(tx.result)


def change_channel(
    shop: Shop, channel_id: int, expected: int, name: str, kind: Kind, address: str = ""
) -> None:
    """Change the name of a robot, and its address unless that is empty.

    Raises as :func:`add_channel`, and ``Conflict`` for a stale version.
    """
    values: dict[str, object] = {}
    if address.strip():
        values = {"sealed_address": sealed(shop.place, _checked(kind, address)), "kind": kind}
    with shop.write("message_channel.change", by=OWNER_ONLY) as tx:
        before = _kept(tx, channel_id)
        said = _name(tx, name, channel_id)
        if not values and kind != before.kind:
            raise Refused(N_("Another kind of robot has another address. Enter it."))
        tx.change(_channel, channel_id, expected, name=said, **values)
        tx.note(
            f"message_channel:{channel_id}",
            before={"name": before.name, "kind": before.kind},
            after={"name": said, "kind": kind},
            new_address=bool(values),
        )
        bell.ring()


def switch_channel(shop: Shop, channel_id: int, expected: int, *, active: bool) -> None:
    """Switch a robot on or off; what waits for it waits on.

    Raises ``Conflict`` for a stale version.
    """
    with shop.write("message_channel.switch", by=OWNER_ONLY) as tx:
        before = _kept(tx, channel_id)
        tx.change(_channel, channel_id, expected, active=active)
        tx.note(
            f"message_channel:{channel_id}",
            before={"active": before.active},
            after={"active": active},
        )
        bell.ring()


def archive_channel(shop: Shop, channel_id: int, expected: int) -> None:
    """Put a robot away for good; what waits for it is cancelled and its address forgotten.

    Raises ``Conflict`` for a stale version, ``Refused`` while it is sending.
    """
    with shop.write("message_channel.archive", by=OWNER_ONLY) as tx:
        before = _kept(tx, channel_id)
        waiting = select(_delivery).where(
            _delivery.c.channel_id == channel_id,
            _delivery.c.status.in_((Status.WAITING, Status.PERHAPS, Status.FAILED)),
        )
        for row in tx.execute(waiting.order_by(_delivery.c.id)).all():
            if row.leased_until is not None:
                raise Refused(N_("It is being sent right now. Look again in a moment."))
            commands.give_up(tx, row)
        gone = {"active": False, "archived_at": tx.now, "sealed_address": ""}
        tx.change(_channel, channel_id, expected, **gone)
        tx.note(f"message_channel:{channel_id}", before={"name": before.name})


def try_channel(shop: Shop, channel_id: int, text: str) -> Outcome:
    """Send ``text`` to a robot now and return what came of it. Takes as long as the robot does.

    Owner only. It is noted in the journal before it is sent, so that a double click sends one, and
    stands in no list of what the group was sent.
    """
    kind, token = sealed_address(shop, channel_id)
    address = opened(shop.place, token)
    if address is None:
        return Outcome(rules.Came.NEVER, "sealed")
    with shop.write("message_channel.test", by=OWNER_ONLY) as tx:
        tx.note(f"message_channel:{channel_id}", after={"name": tx.row(_channel, channel_id).name})
    return speaking.speak(kind, address, text, shop.settings.message_timeout_seconds)


def _checked(kind: Kind, address: str) -> str:
    if kind is Kind.WECOM:
        return rules.checked_wecom(address)
    return speaking.checked_apprise(address)


def _name(tx: Tx, typed: str, channel_id: int = 0) -> str:
    name = clean(typed, rules.LONGEST_NAME)
    if not name:
        raise Refused(N_("Give the robot a name."))
    same = select(_channel.c.id).where(
        func.lower(_channel.c.name) == name.lower(),
        _channel.c.archived_at.is_(None),
        _channel.c.id != channel_id,
    )
    if tx.execute(same.limit(1)).first() is not None:
        raise Refused(N_("There is a robot {name} already."), name=name)
    return name


def _kept(tx: Tx, channel_id: int) -> Row[tuple[object, ...]]:
    row = tx.row(_channel, channel_id)
    if row.archived_at is not None:
        raise Refused(N_("This robot was put away."))
    return row
