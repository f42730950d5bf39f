"""Writes of cases: opening, answering, waiting for a photo, asking afterwards (R26-R30).

Owner and staff may. Every command names the version of the case it was decided on: whoever comes
second is told who did what and when, and nothing is overwritten (B8). Nothing is deleted.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.service.after_sales import clocks, rules
from lib.service.after_sales.breaches.commands import record_breaches, record_due
from lib.service.after_sales.counting import checked_amount
from lib.service.after_sales.lines.commands import about, batch_of, counted, line_of, origin
from lib.service.after_sales.photos.commands import (
    add_photo,
    book_photo,
    put_photo,
    remove_photo,
)
from lib.service.after_sales.rules import (
    OPEN,
    Cause,
    CountedIn,
    Defect,
    EntryKind,
    NewCase,
    Result,
    Status,
)
from lib.service.after_sales.turns.commands import (
    add_entry,
    answer,
    begin_again,
    begin_pause,
    case_row,
    closed_for,
    end_pause,
    mark_solved,
    noted,
    start_turn,
    subject_of,
    take_back_solution,
)
from lib.shop.shop import Shop, Tx

__all__ = [
    "NewCase",
    "add_case",
    "add_entry",
    "add_note",
    "add_photo",
    "answer",
    "ask_afterwards",
    "ask_photo",
    "book_photo",
    "case_row",
    "change_case",
    "follow_up",
    "mark_solved",
    "match_case",
    "open_case",
    "record_breaches",
    "record_due",
    "remove_photo",
    "reopen",
    "reply",
    "resume",
    "set_cause",
    "take_back_solution",
    "withdraw",
]

_case, _asked, _remedy = schema.after_sales_case, schema.case_follow_up, schema.case_remedy

WRITE_REPLY = N_("Write what the resident is told.")
GIVEN = N_("Something was given for this case. Take that back first.")


def open_case(shop: Shop, new: NewCase) -> int:
    """Open a case and return its number; its clocks run from when the resident told the shop.

    Raises ``Refused`` for a count that the purchase contradicts or a moment that cannot be,
    ``NotFound`` for a purchase that does not exist.
    """
    with shop.write("case.open") as tx:
        tx.result = add_case(tx, new)
    return int(tx.result)


def reply(shop: Shop, case_id: int, version: int, text: str, status: Status | None = None) -> None:
    """Answer the resident with ``text``: the first reply meets the first clock, and only it.

    ``status`` may go on at once: being worked on (the usual), or waiting for a photo. Raises
    ``Refused`` and ``Conflict``.
    """
    with shop.write("case.reply") as tx:
        row = case_row(tx, case_id, version)
        said = rules.checked_words(text, WRITE_REPLY)
        rules.needs(Status(row.status), {*OPEN, Status.SOLVED})
        wanted = rules.after_reply(Status(row.status), status)
        _say(tx, row, EntryKind.REPLY, said)
        if wanted is Status.WAITING_PHOTO:
            begin_pause(tx, row)
        elif row.status == Status.WAITING_PHOTO.value:
            end_pause(tx, row.id)
        _stand(tx, row, status=wanted.value)


def ask_photo(shop: Shop, case_id: int, version: int, text: str) -> None:
    """Ask the resident for a photo: the solution clock stands still until it comes (R27).

    It is a reply, too. Asking again while one is awaited changes no clock.
    """
    with shop.write("case.ask_photo") as tx:
        row = case_row(tx, case_id, version)
        said = rules.checked_words(text, WRITE_REPLY)
        rules.needs(Status(row.status), OPEN)
        _say(tx, row, EntryKind.ASK_PHOTO, said)
        begin_pause(tx, row)
        _stand(tx, row, status=Status.WAITING_PHOTO.value)


def resume(shop: Shop, case_id: int, version: int) -> None:
    """Wait for the photo no longer: the solution clock goes on."""
    with shop.write("case.resume") as tx:
        row = case_row(tx, case_id, version)
        if row.status != Status.WAITING_PHOTO.value:
            raise Refused(N_("No photo is awaited."))
        end_pause(tx, row.id)
        add_entry(tx, row.id, EntryKind.RESUMED)
        _stand(tx, row, status=Status.WORKING.value)


def match_case(
    shop: Shop, case_id: int, version: int, member_id: int | None, line_id: int | None
) -> None:
    """Say whose case it is and which purchase it is about; what was counted is kept.

    Raises ``Refused`` when the purchase is another resident's, later than the report, or smaller
    than what was counted; and while something that was given for the case stands: its money is that
    of the purchase it was given for.
    """
    with shop.write("case.match") as tx:
        row = case_row(tx, case_id, version)
        if member_id is None and line_id is None:
            raise Refused(N_("Choose the resident or the purchase."))
        if _was_given(tx, row, in_any_turn=True):
            raise Refused(GIVEN)
        line = line_of(tx, line_id)
        amount = checked_amount(row.bad, row.of_total, row.counted_in, line.goods if line else None)
        rules.checked_report(row.reported_at, row.reported_at, line.placed_at if line else None)
        values = {
            **about(tx, member_id, line, row.product_id, row.product_name),
            **counted(amount),
        }
        if line is not None:
            values |= origin(tx, line, None)
        add_entry(tx, row.id, EntryKind.MATCHED, details={"line": line_id})
        _stand(tx, row, **values)


def change_case(
    shop: Shop,
    case_id: int,
    version: int,
    defect: Defect,
    bad: int | None,
    of_total: int | None,
    counted_in: CountedIn | None,
    said: str,
    batch_id: int | None,
    supplier_id: int | None,
) -> None:
    """Correct what a case is about; the supplier of a batch is that of its delivery (R28)."""
    with shop.write("case.change") as tx:
        row = case_row(tx, case_id, version)
        line = line_of(tx, row.line_id)
        amount = checked_amount(bad, of_total, counted_in, line.goods if line else None)
        batch = batch_of(tx, batch_id, row.product_id)
        if batch is None and supplier_id is not None:
            tx.row(schema.supplier, supplier_id)
        add_entry(tx, row.id, EntryKind.CHANGED)
        _stand(
            tx,
            row,
            defect=Defect(defect).value,
            said=clean(said, rules.LONGEST_SAID, lines=True),
            batch_id=batch.id if batch else None,
            supplier_id=batch.supplier_id if batch else supplier_id,
            **counted(amount),
        )


def add_note(shop: Shop, case_id: int, text: str) -> None:
    """Note something for the desk; residents do not read it."""
    with shop.write("case.note") as tx:
        row = case_row(tx, case_id)
        said = rules.checked_words(text, N_("Write the note."))
        add_entry(tx, row.id, EntryKind.NOTE, said)
        tx.note(subject_of(row.id), after={"note": said})


def set_cause(shop: Shop, case_id: int, version: int, cause: Cause | None, note: str = "") -> None:
    """Say what was found out (R31); None takes it back."""
    with shop.write("case.cause") as tx:
        row = case_row(tx, case_id, version)
        kept = clean(note, rules.LONGEST_TEXT, lines=True)
        found = Cause(cause).value if cause is not None else ""
        add_entry(tx, row.id, EntryKind.CAUSE, kept, details={"cause": found})
        _stand(tx, row, cause=found, cause_note=kept)


def follow_up(
    shop: Shop,
    case_id: int,
    version: int,
    result: Result,
    feedback: str = "",
    *,
    close: bool = False,
) -> None:
    """Note what the resident said when asked afterwards (R30).

    Content closes the case; not content opens it again with its history and a new solution clock;
    no answer is asked again after ``follow_up_days``, or closes it with ``close``.
    """
    with shop.write("case.follow_up") as tx:
        row = case_row(tx, case_id, version)
        ask_afterwards(tx, row, result, feedback, close=close)


def reopen(shop: Shop, case_id: int, version: int, why: str) -> None:
    """Open a solved, closed or withdrawn case again: a new solution clock, nothing erased."""
    with shop.write("case.reopen") as tx:
        row = case_row(tx, case_id, version)
        reason = rules.checked_reason(why, N_("Write why it is opened again."))
        _open_again(tx, row, reason)


def withdraw(shop: Shop, case_id: int, version: int, why: str) -> None:
    """End a case that is none: withdrawn by the resident, or opened by mistake.

    Its clocks run no further; what ran out before stays. Raises ``Refused`` without a reason, for
    a case that is not open, and while something was given for it in this turn.
    """
    with shop.write("case.withdraw") as tx:
        row = case_row(tx, case_id, version)
        reason = rules.checked_reason(why, N_("Write why it is withdrawn."))
        rules.needs(Status(row.status), OPEN)
        if _was_given(tx, row):
            raise Refused(GIVEN)
        record_due(tx, row.id)
        end_pause(tx, row.id)
        add_entry(tx, row.id, EntryKind.WITHDRAWN, reason, for_resident=True)
        _stand(tx, row, status=Status.WITHDRAWN.value, closed_at=tx.now)


def add_case(tx: Tx, new: NewCase, *, by_resident: bool = False) -> int:
    """Step: book a new case with its clocks, first entry and photos; returns its number.

    The batch is proposed from the handovers of the purchase: taken when there is one only.
    ``by_resident``: a resident typed it. Adds the note. Raises ``Refused`` and ``NotFound``.
    """
    kept = rules.checked_new(new)
    line = line_of(tx, kept.line_id)
    reported_at = rules.checked_report(
        kept.reported_at, tx.now, line.placed_at if line is not None else None
    )
    goods = line.goods if line is not None else None
    amount = checked_amount(kept.bad, kept.of_total, kept.counted_in, goods)
    values = {
        **about(tx, kept.member_id, line, kept.product_id, kept.product_name),
        **origin(tx, line, kept.batch_id),
        **counted(amount),
        "source": kept.source.value,
        "defect": kept.defect.value,
        "said": kept.said,
        "reporter_name": kept.reporter_name,
        "reporter_home": kept.reporter_home,
        "reported_at": reported_at,
    }
    case_id = tx.add(
        _case,
        **values,
        reply_due_at=clocks.reply_due(reported_at, tx.settings, closed_for(tx)),
        status=Status.NEW.value,
        key=kept.key,
        created_at=tx.now,
        created_by=tx.actor.id,
    )
    start_turn(tx, case_id, 1, reported_at)
    add_entry(
        tx,
        case_id,
        EntryKind.REPORTED,
        kept.said,
        for_resident=True,
        by_resident=by_resident,
    )
    _book_photos(tx, case_id, kept, by_resident=by_resident)
    record_due(tx, case_id)
    shown = {name: value for name, value in values.items() if value not in (None, "")}
    tx.note(subject_of(case_id), after=noted({**shown, "photos": len(kept.photos)}))
    return case_id


def ask_afterwards(
    tx: Tx,
    row: Row[Any],
    result: Result,
    feedback: str = "",
    *,
    by_resident: bool = False,
    close: bool = False,
) -> None:
    """Step: note what a resident says of a solved case, and let it stand where that leads (R30).

    ``row`` is that of :func:`case_row`. A closed case takes "not content" only. Adds the note.
    """
    found = Result(result)
    ended = Status(row.status)
    rules.needs(ended, {Status.SOLVED, Status.CLOSED} if found is Result.NOT_SATISFIED else SOLVED)
    said = clean(feedback, rules.LONGEST_TEXT, lines=True)
    values = {"case_id": row.id, "turn": row.turn, "result": found.value, "feedback": said}
    by = {"by_resident": by_resident, "at": tx.now, "person_id": tx.actor.id}
    tx.execute(insert(_asked).values(**values, **by))
    add_entry(
        tx,
        row.id,
        EntryKind.FOLLOW_UP,
        said,
        for_resident=True,
        by_resident=by_resident,
        details={"result": found.value},
    )
    if found is Result.NOT_SATISFIED:
        _open_again(tx, row, said, by_resident=by_resident)
    elif found is Result.SATISFIED or close:
        add_entry(tx, row.id, EntryKind.CLOSED, for_resident=True)
        _stand(tx, row, status=Status.CLOSED.value, closed_at=tx.now, follow_up_on=None)
    else:
        days = max(tx.settings.follow_up_days, 1)
        _stand(tx, row, follow_up_on=tx.today + timedelta(days=days))
    tx.note(subject_of(row.id), after={"resident_said": found.value, "feedback": said})


SOLVED = frozenset({Status.SOLVED})


def _open_again(tx: Tx, row: Row[Any], why: str, *, by_resident: bool = False) -> None:
    turn = begin_again(tx, row)
    add_entry(
        tx,
        row.id,
        EntryKind.REOPENED,
        why,
        for_resident=True,
        by_resident=by_resident,
        details={"turn": turn},
    )
    tx.note(
        subject_of(row.id),
        before=noted({"status": row.status, "turn": row.turn}),
        after=noted({"status": Status.WORKING.value, "turn": turn, "reason": why}),
    )


def _say(tx: Tx, row: Row[Any], kind: EntryKind, said: str) -> None:
    """Tell the resident something: an entry on their page, and the first reply if it is one."""
    answer(tx, row)
    add_entry(tx, row.id, kind, said, for_resident=True)


def _stand(tx: Tx, row: Row[Any], **values: Any) -> None:
    """Change the row of a case by its version and note what is new."""
    tx.change(_case, row.id, row.version, **values)
    new = {name: value for name, value in values.items() if row._mapping[name] != value}
    before = {name: row._mapping[name] for name in new}
    tx.note(subject_of(row.id), before=noted(before), after=noted(new))


def _book_photos(tx: Tx, case_id: int, new: NewCase, *, by_resident: bool) -> None:
    most = tx.settings.case_photos
    if by_resident and len(new.photos) > most:
        raise Refused(N_("At most {count} photos. Write to us if more is needed."), count=most)
    for photo in new.photos:
        put_photo(tx, case_id, photo, by_resident=by_resident)


def _was_given(tx: Tx, row: Row[Any], *, in_any_turn: bool = False) -> bool:
    query = select(_remedy.c.id).where(
        _remedy.c.case_id == row.id,
        _remedy.c.kind != "word",
        _remedy.c.undone_at.is_(None),
    )
    if not in_any_turn:
        query = query.where(_remedy.c.turn == row.turn)
    return tx.execute(query.limit(1)).first() is not None
