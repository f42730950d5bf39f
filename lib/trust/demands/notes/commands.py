"""Notes come in from anybody; owner and staff decide what becomes of them (R15)."""

from math import ceil
from typing import Any

from sqlalchemy import Row, func, select, update

from lib.db import schema
from lib.kernel.errors import Conflict, Refused
from lib.kernel.words import N_
from lib.shop.people import throttle
from lib.shop.shop import DESK, FormKey, Repeated, Role, Shop, Tx
from lib.trust.demands import personal
from lib.trust.demands.commands import Collected, collect_wish
from lib.trust.demands.notes import rules
from lib.trust.demands.notes.rules import State, Written
from lib.trust.demands.rules import NewWish, Source, Status

_note = schema.wish_note
ANYBODY = frozenset({Role.RESIDENT, *DESK})
FULL = N_(
    "So many wishes are waiting to be read that no more are taken here just now. "
    "Please write yours in the group."
)


def leave_note(shop: Shop, key: str, written: Written, network: str) -> bool:
    """Keep a note until somebody of the shop reads it; whether it is a new one.

    The same form sent twice is one note. Raises ``Refused`` when the box is closed or full and
    when too many came from ``network``; the sentence says when to try again. ``Conflict``: this
    form was sent with other words before.
    """
    if not shop.settings.wish_box:
        raise Refused(N_("Wishes are not taken here. Please write yours in the group."))
    bound = shop.once(FormKey.of(f"wish:{key}", [written.text, written.name]))
    if not _was_sent(shop, key):
        _take_try(shop, network)
    try:
        with bound.write("demand.leave_note", by=ANYBODY) as tx:
            _check_room(tx)
            values = {"key": key, "text": written.text, "name": written.name}
            note_id = tx.add(_note, status=State.WAITING.value, at=tx.now, **values)
            tx.note(f"wish_note:{note_id}", after={"status": State.WAITING.value})
    except Repeated:
        return False
    return True


def take_note(
    shop: Shop, note_id: int, title: str, demand_id: int | None = None, name: str | None = None
) -> Collected:
    """Take a note as a wish called ``title``, or onto the wish ``demand_id``.

    ``name`` corrects the one written. The wish counts from when the note was sent. Raises
    ``Refused``, ``NotFound``, and ``Conflict`` when somebody else decided meanwhile.
    """
    with shop.write("demand.take_note") as tx:
        row = _waiting(tx, note_id)
        wish = NewWish(
            name=personal.without_numbers(row.name if name is None else name),
            said=personal.without_personal(row.text),
            source=Source.PAGE,
            asked_at=row.at,
        )
        kept = personal.without_numbers(title)
        found = collect_wish(tx, title=kept, wishes=[wish], demand_id=demand_id)
        _decide(tx, row, State.TAKEN, found.demand_id)
        tx.result = {
            "demand_id": found.demand_id,
            "added": found.added,
            "known": found.known,
            "created": found.created,
            "status": found.status.value,
        }
    return Collected(**{**tx.result, "status": Status(tx.result["status"])})


def put_note_aside(shop: Shop, note_id: int) -> None:
    """Put a note aside: it becomes nothing. Raises ``Conflict`` when it was decided meanwhile."""
    with shop.write("demand.put_note_aside") as tx:
        _decide(tx, _waiting(tx, note_id), State.PUT_ASIDE, None)


def take_note_back(shop: Shop, note_id: int) -> None:
    """Let a note that was put aside wait again. Raises ``Conflict`` when it does already."""
    with shop.write("demand.take_note_back") as tx:
        row = tx.row(_note, note_id)
        if row.status != State.PUT_ASIDE.value:
            raise Conflict(N_("This note waits again, or was taken meanwhile."))
        values = {"status": State.WAITING.value, "decided_at": None, "decided_by": None}
        tx.execute(update(_note).where(_note.c.id == row.id).values(**values))
        tx.note(
            f"wish_note:{row.id}",
            before={"status": row.status},
            after={"status": State.WAITING.value},
        )


def _was_sent(shop: Shop, key: str) -> bool:
    with shop.read() as connection:
        return connection.execute(select(_note.c.id).where(_note.c.key == key)).first() is not None


def _take_try(shop: Shop, network: str) -> None:
    key = rules.bucket(network, shop.today, shop.place.secret("wishes"))
    if key is None:
        return
    try:
        throttle.take(shop, {key: rules.allowance(shop.settings.wishes_per_hour)})
    except Refused as refused:
        raise Refused(
            N_(
                "Several wishes came from here just now. Please try again in {minutes} minutes, "
                "or write in the group."
            ),
            minutes=max(1, ceil(int(str(refused.values["seconds"])) / 60)),
        ) from refused


def _check_room(tx: Tx) -> None:
    waiting = select(func.count()).where(_note.c.status == State.WAITING.value)
    if tx.execute(waiting).scalar_one() >= tx.settings.most_waiting_wishes:
        raise Refused(FULL)


def _waiting(tx: Tx, note_id: int) -> Row[Any]:
    row = tx.row(_note, note_id)
    if row.status != State.WAITING.value:
        raise Conflict(N_("Somebody else decided on this note meanwhile."))
    return row


def _decide(tx: Tx, row: Row[Any], state: State, demand_id: int | None) -> None:
    values = {"status": state.value, "demand_id": demand_id}
    tx.execute(
        update(_note)
        .where(_note.c.id == row.id)
        .values(**values, decided_at=tx.now, decided_by=tx.actor.id)
    )
    tx.note(f"wish_note:{row.id}", before={"status": row.status}, after=values)
