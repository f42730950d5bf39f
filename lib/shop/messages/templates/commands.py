"""Changing how the shop words its texts. The owner only."""

from sqlalchemy import Row, delete, insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.messages.event import Event
from lib.shop.messages.events import EVENTS
from lib.shop.messages.templates import rules
from lib.shop.shop import OWNER_ONLY, Shop, Tx

_template = schema.message_template


def change_wording(shop: Shop, event_key: str, text: str, expected: int) -> None:
    """Word the texts of ``event_key`` as ``text``; ``expected`` is the version seen, 0 for none.

    Raises ``Refused`` for a text that cannot be used (see :func:`rules.checked`) and ``Conflict``
    when somebody else changed it meanwhile.
    """
    event = _event(event_key)
    with shop.write("message_template.change", by=OWNER_ONLY) as tx:
        wording = rules.checked(event, text)
        before = _present(tx, event, expected)
        values = {
            "text": wording,
            "language": tx.settings.language,
            "changed_at": tx.now,
            "changed_by": tx.actor.id,
        }
        if before is None:
            tx.execute(insert(_template).values(event=event.key, **values, version=expected + 1))
        else:
            tx.execute(
                update(_template)
                .where(_template.c.event == event.key)
                .values(**values, version=expected + 1)
            )
        old = before.text if before is not None else None
        tx.note(_subject(event), before={"text": old}, after={"text": wording})


def reset_wording(shop: Shop, event_key: str, expected: int) -> None:
    """Go back to the program's wording of ``event_key``.

    Raises ``NotFound`` when it is the program's already, ``Conflict`` for a stale version.
    """
    event = _event(event_key)
    with shop.write("message_template.reset", by=OWNER_ONLY) as tx:
        before = _present(tx, event, expected)
        if before is None:
            raise NotFound(N_("The program's own wording is in use already."))
        tx.execute(delete(_template).where(_template.c.event == event.key))
        tx.note(_subject(event), before={"text": before.text}, after={"text": None})


def _event(key: str) -> Event:
    if key not in EVENTS:
        raise NotFound(N_("This entry no longer exists."))
    return EVENTS[key]


def _subject(event: Event) -> str:
    return f"message_template:{event.key}"


def _present(tx: Tx, event: Event, expected: int) -> Row[tuple[object, ...]] | None:
    """Return the row as it is; raises ``Conflict`` unless it has version ``expected``."""
    row = tx.execute(select(_template).where(_template.c.event == event.key)).first()
    if (row.version if row is not None else 0) != expected:
        raise tx.conflict(_subject(event))
    return row
