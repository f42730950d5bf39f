"""Joining two cases of one complaint, and taking them apart again (R28).

Nothing of a double moves: entries, photos, breaches, remedies and owed goods stay under it and are
read with the case that was kept. What changes stands in the books of the merge: the earlier report,
the earlier promises and the earliest first reply count for the one that is kept.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.service.after_sales import rules as cases
from lib.service.after_sales.breaches.commands import record_due
from lib.service.after_sales.merging import rules
from lib.service.after_sales.merging.rules import Clocks
from lib.service.after_sales.rules import OPEN, EntryKind, Status
from lib.service.after_sales.turns.commands import add_entry, case_row, end_pause, subject_of
from lib.shop.shop import Shop, Tx

_case, _turn, _merge = schema.after_sales_case, schema.case_turn, schema.case_merge
_pause, _photo, _remedy = schema.case_pause, schema.case_photo, schema.case_remedy
_breach, _entry = schema.case_breach, schema.case_entry

OF_CASE = ("reported_at", "reply_due_at", "first_reply_at", "first_reply_by")
OF_TURN = ("started_at", "solve_due_at")
REPLIES = (EntryKind.REPLY.value, EntryKind.ASK_PHOTO.value)


def merge_cases(
    shop: Shop,
    keep_id: int,
    drop_id: int,
    *,
    versions: tuple[int, int] | None = None,
    remedies_too: bool = False,
) -> int:
    """Let case ``drop_id`` become part of ``keep_id``; returns the number of the merge.

    The kept case counts from the earlier report, keeps the earlier promises and the earliest first
    reply; breaches of both stay. ``versions`` are those of keep and drop as the person saw them.
    A double for which money or goods were given is joined with ``remedies_too`` only: they stay
    with it, and are shown on the kept case. Raises ``Refused``, ``NotFound``, ``Conflict``.
    """
    with shop.write("case.merge") as tx:
        if keep_id == drop_id:
            raise Refused(N_("Choose two different cases."))
        seen = versions or (None, None)
        keep, drop = case_row(tx, keep_id, seen[0]), case_row(tx, drop_id, seen[1])
        _check(tx, keep, drop, remedies_too=remedies_too)
        for each in (keep, drop):
            record_due(tx, each.id)
        status = _photo_came(tx, keep, drop)
        paused = _hold_no_more(tx, drop)
        before = _clocks(tx, keep)
        after = rules.joined(before, _owed_by(tx, drop, before))
        _put(tx, keep, after, status)
        tx.change(_case, drop.id, drop.version, status=Status.MERGED.value, merged_into=keep.id)
        moved = {
            "before": rules.as_kept(before),
            "after": rules.as_kept(after),
            "turn": keep.turn,
            "paused": paused,
            "drop_status": drop.status,
        }
        tx.result = _remember(tx, keep, drop, moved)
    return int(tx.result)


def undo_merge(shop: Shop, merge_id: int) -> None:
    """Take a merge apart: both cases stand as before, with what happened to the kept one since.

    Raises ``NotFound``; ``Refused`` when it was taken apart already, when a later merge must be
    taken apart first, and when the kept case was solved or ended since: then it is one case.
    """
    with shop.write("case.unmerge") as tx:
        row = tx.execute(select(_merge).where(_merge.c.id == merge_id)).first()
        if row is None:
            raise NotFound(N_("This entry no longer exists."))
        keep, drop = case_row(tx, row.keep_id), tx.row(_case, row.drop_id)
        _check_undo(tx, row, keep)
        record_due(tx, keep.id)
        moved: dict[str, Any] = row.moved
        clocks = rules.restored(
            rules.as_read(moved["before"]), rules.as_read(moved["after"]), _clocks(tx, keep)
        )
        _put(tx, keep, _with_own_reply(tx, keep, clocks), keep.status)
        status = _hold_again(tx, drop, row) or moved["drop_status"]
        tx.change(_case, drop.id, drop.version, status=status, merged_into=None)
        tx.execute(update(_merge).where(_merge.c.id == row.id).values(undone_at=tx.now))
        for one, other in ((keep, drop), (drop, keep)):
            said = cases.number(other.id)
            add_entry(tx, one.id, EntryKind.UNMERGED, said, details={"case": other.id})
        tx.note(subject_of(keep.id), before={"merged": cases.number(drop.id)}, after={})
        tx.note(
            subject_of(drop.id), before={"case_status": drop.status}, after={"case_status": status}
        )


def _check(tx: Tx, keep: Row[Any], drop: Row[Any], *, remedies_too: bool) -> None:
    cases.needs(Status(keep.status), OPEN)
    cases.needs(Status(drop.status), {*OPEN, Status.SOLVED})
    if None not in (keep.member_id, drop.member_id) and keep.member_id != drop.member_id:
        raise Refused(N_("The two cases are of different residents."))
    given = select(_remedy.c.id).where(_remedy.c.case_id == drop.id, _remedy.c.undone_at.is_(None))
    if not remedies_too and tx.execute(given.limit(1)).first() is not None:
        raise Refused(
            N_("Something was given for {number} already. Keep that one, or say that it stays."),
            number=cases.number(drop.id),
        )


def _clocks(tx: Tx, row: Row[Any]) -> Clocks:
    now = tx.row(_case, row.id)
    turn = tx.execute(
        select(_turn).where(_turn.c.case_id == row.id, _turn.c.turn == row.turn)
    ).one()
    return Clocks(
        **{name: now._mapping[name] for name in OF_CASE},
        **{name: turn._mapping[name] for name in OF_TURN},
    )


def _owed_by(tx: Tx, drop: Row[Any], keep: Clocks) -> Clocks:
    """Return the clocks of a double; a solution it had already is no promise any more."""
    found = _clocks(tx, drop)
    if drop.status != Status.SOLVED.value:
        return found
    return replace(found, started_at=keep.started_at, solve_due_at=keep.solve_due_at)


def _put(tx: Tx, row: Row[Any], clocks: Clocks, status: str) -> None:
    mine = (_turn.c.case_id == row.id, _turn.c.turn == row.turn)
    tx.execute(
        update(_turn).where(*mine).values(**{name: getattr(clocks, name) for name in OF_TURN})
    )
    values = {name: getattr(clocks, name) for name in OF_CASE}
    tx.change(_case, row.id, row.version, **values, status=status)


def _remember(tx: Tx, keep: Row[Any], drop: Row[Any], moved: dict[str, Any]) -> int:
    for one, other in ((keep, drop), (drop, keep)):
        said = cases.number(other.id)
        add_entry(tx, one.id, EntryKind.MERGED, said, details={"case": other.id})
    merged = {"merged": cases.number(drop.id)}
    tx.note(subject_of(keep.id), before=moved["before"], after={**moved["after"], **merged})
    tx.note(
        subject_of(drop.id),
        before={"case_status": drop.status},
        after={"case_status": Status.MERGED.value},
    )
    ids = {"keep_id": keep.id, "drop_id": drop.id}
    return tx.add(_merge, **ids, moved=moved, at=tx.now, person_id=tx.actor.id)


def _photo_came(tx: Tx, keep: Row[Any], drop: Row[Any]) -> str:
    """Return where the kept case stands: a photo it waits for may have come with the other."""
    theirs = select(_photo.c.id).where(_photo.c.case_id == drop.id, _photo.c.removed_at.is_(None))
    waits = keep.status == Status.WAITING_PHOTO.value
    if not waits or tx.execute(theirs.limit(1)).first() is None:
        return str(keep.status)
    end_pause(tx, keep.id)
    return Status.WORKING.value


def _hold_no_more(tx: Tx, drop: Row[Any]) -> dict[str, Any] | None:
    """End the pause of a double; return what it was, for taking the merge apart."""
    pause = tx.execute(
        select(_pause).where(_pause.c.case_id == drop.id, _pause.c.to_at.is_(None))
    ).first()
    if pause is None:
        return None
    due_at = _clocks(tx, drop).solve_due_at
    end_pause(tx, drop.id)
    return {"pause": pause.id, "due_at": due_at.isoformat()}


def _hold_again(tx: Tx, drop: Row[Any], merge: Row[Any]) -> str | None:
    """Let a double wait for its photo as before; return its state where it cannot.

    What ran out meanwhile stays written: then it is worked on, with the moment that ran out.
    """
    paused = merge.moved["paused"]
    if paused is None:
        return None
    late = select(_breach.c.id).where(
        _breach.c.case_id == drop.id, _breach.c.turn == drop.turn, _breach.c.clock == "solution"
    )
    if tx.execute(late).first() is not None:
        return Status.WORKING.value
    tx.execute(update(_pause).where(_pause.c.id == paused["pause"]).values(to_at=None))
    mine = (_turn.c.case_id == drop.id, _turn.c.turn == drop.turn)
    due_at = datetime.fromisoformat(paused["due_at"])
    tx.execute(update(_turn).where(*mine).values(solve_due_at=due_at))
    return None


def _with_own_reply(tx: Tx, keep: Row[Any], clocks: Clocks) -> Clocks:
    """Return the clocks with the first reply that the kept case itself got while it was joined."""
    if clocks.first_reply_at is not None:
        return clocks
    query = (
        select(_entry.c.at, _entry.c.person_id)
        .where(_entry.c.case_id == keep.id, _entry.c.kind.in_(REPLIES))
        .order_by(_entry.c.id)
        .limit(1)
    )
    first = tx.execute(query).first()
    if first is None:
        return clocks
    return replace(clocks, first_reply_at=first.at, first_reply_by=first.person_id)


def _check_undo(tx: Tx, row: Row[Any], keep: Row[Any]) -> None:
    if row.undone_at is not None:
        raise Refused(N_("This merge was taken apart already."))
    later = select(_merge.c.drop_id).where(
        _merge.c.keep_id == row.keep_id, _merge.c.id > row.id, _merge.c.undone_at.is_(None)
    )
    last = tx.execute(later.order_by(_merge.c.id.desc()).limit(1)).scalar_one_or_none()
    if last is not None:
        raise Refused(
            N_("{number} was joined with it later. Take that apart first."),
            number=cases.number(last),
        )
    if Status(keep.status) not in OPEN or keep.turn != row.moved["turn"]:
        raise Refused(N_("The case was solved or ended since: it stays one case."))
