"""Steps of a case: finding its row, writing entries, starting, holding and meeting its clocks.

Every step that meets, stops or moves a clock first writes down what had run out, so that a
promise not kept is in the books although the next look of the recorder comes too late.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from lib.db import schema
from lib.kernel.clock import local
from lib.kernel.errors import Conflict, NotFound
from lib.kernel.words import N_
from lib.service.after_sales import clocks, rules
from lib.service.after_sales.breaches.commands import record_due
from lib.service.after_sales.cards.queries import closed_days
from lib.service.after_sales.clocks import Pause
from lib.service.after_sales.rules import EntryKind, Status
from lib.shop.shop import Tx

_case, _turn, _pause = schema.after_sales_case, schema.case_turn, schema.case_pause
_entry = schema.case_entry

CHANGED: dict[str, str] = {
    "case.reply": N_("{name} answered this case at {time}. Nothing of yours was saved."),
    "case.ask_photo": N_("{name} asked for a photo at {time}. Nothing of yours was saved."),
    "case.add_photo": N_("A photo came to this case at {time}. Look, then save again."),
    "case.solve": N_("{name} agreed a solution at {time}. Nothing of yours was saved."),
    "case.follow_up": N_("{name} asked the resident at {time}. Nothing of yours was saved."),
    "case.reopen": N_("{name} opened this case again at {time}. Nothing of yours was saved."),
    "case.withdraw": N_("{name} withdrew this case at {time}. Nothing of yours was saved."),
    "case.match": N_("{name} assigned the purchase at {time}. Nothing of yours was saved."),
    "case.merge": N_("{name} joined this case with another at {time}. Nothing was saved."),
}
NOTED = {"status": "case_status", "source": "told_how"}
OTHERWISE = N_("{name} changed this at {time}. Look at the new state, then save again.")


def subject_of(case_id: int) -> str:
    """Return how the journal names a case."""
    return f"{_case.name}:{case_id}"


def noted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns of a case as the journal names them; other topics have a status, too."""
    return {NOTED.get(name, name): value for name, value in values.items()}


def case_row(tx: Tx, case_id: int, version: int | None = None) -> Row[Any]:
    """Step: return a case's row as it was seen at ``version``.

    Raises ``NotFound``; ``Conflict`` for a case that is part of another by now, and for another
    version, naming who did what and when (B8).
    """
    row = tx.execute(select(_case).where(_case.c.id == case_id)).first()
    if row is None:
        raise NotFound(N_("This case does not exist."))
    if row.merged_into is not None:
        raise Conflict(
            N_("This case is part of {number} now. Look there."),
            number=rules.number(row.merged_into),
        )
    if version is not None and row.version != version:
        raise _conflict(tx, case_id)
    return row


def _conflict(tx: Tx, case_id: int) -> Conflict:
    log = schema.journal
    last = tx.execute(
        select(log.c.actor, log.c.at, log.c.action)
        .where(log.c.subject == subject_of(case_id), log.c.action != "case.breach")
        .order_by(log.c.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return Conflict(N_("Somebody else changed this meanwhile. Look again, then save."))
    when = f"{local(last.at, tx.settings.time_zone):%H:%M}"
    return Conflict(CHANGED.get(last.action, OTHERWISE), name=last.actor, time=when)


def add_entry(
    tx: Tx,
    case_id: int,
    kind: EntryKind,
    text: str = "",
    *,
    for_resident: bool = False,
    by_resident: bool = False,
    details: dict[str, Any] | None = None,
) -> int:
    """Step: add one entry to a case's history and return its number.

    ``for_resident``: it is shown on the resident's own page.
    """
    return tx.add(
        _entry,
        case_id=case_id,
        kind=EntryKind(kind).value,
        text=text,
        for_resident=for_resident,
        by_resident=by_resident,
        details=details,
        at=tx.now,
        person_id=tx.actor.id,
    )


def answer(tx: Tx, row: Row[Any]) -> None:
    """Step: record the first reply if it is the first; it meets the first clock only (R26)."""
    if row.first_reply_at is not None:
        return
    record_due(tx, row.id)
    first = update(_case).where(_case.c.id == row.id, _case.c.first_reply_at.is_(None))
    tx.execute(first.values(first_reply_at=tx.now, first_reply_by=tx.actor.id))


def closed_for(tx: Tx) -> frozenset[date]:
    """Step: return the closed days that clocks need."""
    return closed_days(tx.connection, tx.settings)


def start_turn(tx: Tx, case_id: int, turn: int, started_at: datetime) -> datetime:
    """Step: begin the solution clock of a turn and return when it runs out (R27)."""
    due_at = clocks.solve_due(started_at, (), tx.settings, closed_for(tx), started_at)
    values = {"case_id": case_id, "turn": turn, "started_at": started_at, "solve_due_at": due_at}
    tx.execute(insert(_turn).values(**values))
    return due_at


def begin_pause(tx: Tx, row: Row[Any]) -> None:
    """Step: hold the solution clock while a photo is awaited; a second time changes nothing."""
    if row.status == Status.WAITING_PHOTO.value:
        return
    record_due(tx, row.id)
    tx.execute(insert(_pause).values(case_id=row.id, turn=row.turn, from_at=tx.now))


def end_pause(tx: Tx, case_id: int) -> None:
    """Step: let the solution clock go on, moved by what it stood still; none is no fault."""
    pause = tx.execute(
        select(_pause).where(_pause.c.case_id == case_id, _pause.c.to_at.is_(None))
    ).first()
    if pause is None:
        return
    record_due(tx, case_id)
    ends = max(tx.now, pause.from_at)
    mine = (_turn.c.case_id == case_id, _turn.c.turn == pause.turn)
    turn = tx.execute(select(_turn).where(*mine)).one()
    tx.execute(update(_pause).where(_pause.c.id == pause.id).values(to_at=ends))
    due_at = clocks.after_pause(
        turn.solve_due_at, Pause(pause.from_at, ends), tx.settings, closed_for(tx), tx.now
    )
    tx.execute(update(_turn).where(*mine).values(solve_due_at=due_at))


def mark_solved(tx: Tx, row: Row[Any], offered: dict[str, Any] | None = None) -> None:
    """Step: the solution clock of the case's turn is met; the resident is asked afterwards.

    ``row`` is that of :func:`case_row`; its version is used up. A first reply not given yet is
    recorded, an awaited photo waited for no more. ``offered`` is what the pledge promised. Adds no
    entry and no note: the caller says what was agreed. Raises ``Refused`` for a case that is not
    open, ``Conflict`` when somebody changed it meanwhile.
    """
    rules.needs(Status(row.status), rules.OPEN)
    record_due(tx, row.id)
    answer(tx, row)
    end_pause(tx, row.id)
    tx.execute(
        update(_turn)
        .where(_turn.c.case_id == row.id, _turn.c.turn == row.turn)
        .values(solved_at=tx.now, solved_by=tx.actor.id, offered=offered)
    )
    day = tx.today + timedelta(days=tx.settings.follow_up_days)
    tx.change(_case, row.id, row.version, status=Status.SOLVED.value, follow_up_on=day)


def take_back_solution(tx: Tx, row: Row[Any]) -> None:
    """Step: the solution of the case's turn was a slip: its clock runs on as if it had not been.

    Adds no entry and no note. Raises ``Refused`` for a case that is not solved, ``Conflict``.
    """
    rules.needs(Status(row.status), {Status.SOLVED})
    tx.execute(
        update(_turn)
        .where(_turn.c.case_id == row.id, _turn.c.turn == row.turn)
        .values(solved_at=None, solved_by=None)
    )
    tx.change(_case, row.id, row.version, status=Status.WORKING.value, follow_up_on=None)


def begin_again(tx: Tx, row: Row[Any]) -> int:
    """Step: open an ended case again with its history and return the new turn (R30).

    The solution clock begins anew; breaches and the first reply stay as they are. A first reply
    that nobody had asked for any more, because the case was withdrawn before it was due, is due
    anew. Adds no entry and no note. Raises ``Refused`` and ``Conflict``.
    """
    rules.needs_ended(Status(row.status))
    turn = int(row.turn) + 1
    values: dict[str, Any] = {"status": Status.WORKING.value, "turn": turn}
    ended = row.closed_at
    if row.first_reply_at is None and ended is not None and ended <= row.reply_due_at:
        values["reply_due_at"] = clocks.reply_due(tx.now, tx.settings, closed_for(tx))
    tx.change(_case, row.id, row.version, **values, closed_at=None, follow_up_on=None)
    start_turn(tx, row.id, turn, tx.now)
    return turn
