"""Reads of clocks that ran out and are not written down yet, and of breaches.

A clock that an awaited photo holds still cannot run out. Of joined doubles there is one clock, the
earlier of theirs: it is put down to the one whose promise it was, so that taking them apart leaves
every breach where it belongs.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, literal, or_, select

from lib.db import schema
from lib.db.types import Moment
from lib.service.after_sales.rules import OPEN, ClockName

MOST_AT_ONCE = 500
DEEPEST = 4
"""So many times over doubles of doubles are looked through in one statement.

It leaves out nearly everything that is in the books; the little that is left is followed further.
"""

_case, _turn, _pause = schema.after_sales_case, schema.case_turn, schema.case_pause
_breach, _owed, _remedy = schema.case_breach, schema.owed_goods, schema.case_remedy


@dataclass(frozen=True)
class RanOut:
    """A promise that was not kept by ``due_at``: of a case's ``turn``, or of owed goods."""

    case_id: int
    turn: int
    clock: ClockName
    due_at: datetime
    owed_id: int | None = None


def ran_out(
    connection: Connection, now: datetime, case_id: int | None = None
) -> tuple[RanOut, ...]:
    """Return the clocks that ran out before ``now`` and are not in the books, each once.

    Of one case with ``case_id``. At most :data:`MOST_AT_ONCE` of each kind; the rest comes next.
    """
    mine = _case.c.id == case_id if case_id is not None else None
    found = [
        *_of_cases(connection, _late_replies(now), ClockName.REPLY, mine),
        *_of_cases(connection, _late_solutions(now), ClockName.SOLUTION, mine),
    ]
    if case_id is None:
        rows = connection.execute(_late_deliveries(now).limit(MOST_AT_ONCE))
        found += [
            RanOut(row.case_id, row.turn, ClockName.DELIVERY, row.due_at, row.id) for row in rows
        ]
    return tuple(found)


def breached(connection: Connection, case_ids: Sequence[int]) -> dict[int, tuple[RanOut, ...]]:
    """Return the breaches of cases by the case that was kept, those of joined doubles with it."""
    root = func.coalesce(_case.c.merged_into, _case.c.id)
    query = (
        select(_breach, root.label("root"))
        .join(_case, _case.c.id == _breach.c.case_id)
        .where(or_(_case.c.id.in_(case_ids), _case.c.merged_into.in_(case_ids)))
        .order_by(_breach.c.due_at, _breach.c.id)
    )
    found: dict[int, list[RanOut]] = defaultdict(list)
    for row in connection.execute(query) if case_ids else ():
        found[row.root].append(
            RanOut(row.case_id, row.turn, ClockName(row.clock), row.due_at, row.owed_id)
        )
    return {case: tuple(rows) for case, rows in found.items()}


def _of_cases(
    connection: Connection,
    query: Select[Any],
    clock: ClockName,
    mine: ColumnElement[bool] | None,
) -> list[RanOut]:
    if mine is not None:
        query = query.where(mine)
    rows = connection.execute(query.limit(MOST_AT_ONCE)).all()
    known = _in_books(connection, rows, clock)
    rows = [row for row in rows if row.id not in known]
    whose = _whose(connection, rows, clock)
    found = []
    for row in rows:
        case_id, turn = whose.get(row.id, (row.id, row.turn))
        found.append(RanOut(case_id, turn, clock, row.due_at))
    return found


def _late_replies(now: datetime) -> Select[Any]:
    """A reply that came too late counts as well: to joined doubles that were taken apart since."""
    reply = _case.c.first_reply_at
    return (
        select(_case.c.id, _case.c.turn, _case.c.reply_due_at.label("due_at"))
        .where(
            _case.c.status.in_(OPEN),
            or_(reply.is_(None), reply > _case.c.reply_due_at),
            _case.c.reply_due_at < now,
            ~_written(ClockName.REPLY, _case.c.reply_due_at),
        )
        .order_by(_case.c.reply_due_at, _case.c.id)
    )


def _late_solutions(now: datetime) -> Select[Any]:
    held = (
        select(_pause.c.id)
        .where(
            _pause.c.case_id == _case.c.id,
            _pause.c.to_at.is_(None),
            _pause.c.from_at <= _turn.c.solve_due_at,
        )
        .exists()
    )
    return (
        select(_case.c.id, _case.c.turn, _turn.c.solve_due_at.label("due_at"))
        .join(_turn, and_(_turn.c.case_id == _case.c.id, _turn.c.turn == _case.c.turn))
        .where(
            _case.c.status.in_(OPEN),
            _turn.c.solved_at.is_(None),
            _turn.c.solve_due_at < now,
            ~held,
            ~_written(ClockName.SOLUTION, _turn.c.solve_due_at),
        )
        .order_by(_turn.c.solve_due_at, _case.c.id)
    )


def _late_deliveries(now: datetime) -> Select[Any]:
    """Owed goods given late between two looks, and given up after their time, count as well."""
    until = func.coalesce(_owed.c.settled_at, _owed.c.cancelled_at, literal(now, Moment()))
    written = select(_breach.c.id).where(_breach.c.owed_id == _owed.c.id).exists()
    turns = (
        select(func.max(_remedy.c.turn)).where(_remedy.c.owed_id == _owed.c.id).scalar_subquery(),
        select(_case.c.turn).where(_case.c.id == _owed.c.case_id).scalar_subquery(),
    )
    return (
        select(_owed.c.id, _owed.c.case_id, func.coalesce(*turns).label("turn"), _owed.c.due_at)
        .where(
            _owed.c.case_id.is_not(None),
            _owed.c.due_at < now,
            until > _owed.c.due_at,
            ~written,
        )
        .order_by(_owed.c.due_at, _owed.c.id)
    )


def _joined(depth: int) -> Select[Any]:
    """The doubles that were joined with a case over ``depth`` merges, one after the other."""
    chain = [_case.alias(f"double_{depth}_{place}") for place in range(depth)]
    family = select(chain[-1].c.id).where(chain[0].c.merged_into == _case.c.id)
    for upper, lower in pairwise(chain):
        family = family.where(lower.c.merged_into == upper.c.id)
    return family.correlate(_case)


_JOINED = tuple(_joined(depth) for depth in range(1, DEEPEST + 1))
"""Made once: naming a table anew costs more than asking it, and these are asked often."""


def _written(clock: ClockName, due_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether the very promise is in the books, of the case or of a double joined with it."""
    mine = [_breach.c.case_id == _case.c.id, *(_breach.c.case_id.in_(each) for each in _JOINED)]
    return (
        select(_breach.c.id)
        .where(_breach.c.clock == clock.value, _breach.c.due_at == due_at, or_(*mine))
        .exists()
    )


def _in_books(connection: Connection, rows: Sequence[Row[Any]], clock: ClockName) -> set[int]:
    """Return the cases whose promise is in the books of a double, however deep it was joined."""
    due_of = {row.id: row.due_at for row in rows}
    family: dict[int, int] = {}
    kept_of = {case_id: case_id for case_id in due_of}
    while kept_of:
        doubles = select(_case.c.id, _case.c.merged_into)
        found = connection.execute(doubles.where(_case.c.merged_into.in_(list(kept_of))))
        kept_of = {row.id: kept_of[row.merged_into] for row in found}
        family |= kept_of
    if not family:
        return set()
    written = select(_breach.c.case_id, _breach.c.due_at).where(
        _breach.c.clock == clock.value, _breach.c.case_id.in_(list(family))
    )
    return {
        family[row.case_id]
        for row in connection.execute(written)
        if row.due_at == due_of[family[row.case_id]]
    }


def _whose(
    connection: Connection, rows: Sequence[Row[Any]], clock: ClockName
) -> dict[int, tuple[int, int]]:
    """Return the double, with its turn, whose promise a joined case took over."""
    due_of = {row.id: row.due_at for row in rows}
    if not due_of:
        return {}
    column = _case.c.reply_due_at if clock is ClockName.REPLY else _turn.c.solve_due_at
    whose: dict[int, tuple[int, int]] = {}
    kept_of = {case_id: case_id for case_id in due_of}
    while kept_of:
        query = (
            select(_case.c.id, _case.c.turn, _case.c.merged_into, column.label("due_at"))
            .join(_turn, and_(_turn.c.case_id == _case.c.id, _turn.c.turn == _case.c.turn))
            .where(_case.c.merged_into.in_(list(kept_of)))
            .order_by(_case.c.id)
        )
        lower = {}
        for row in connection.execute(query):
            kept = kept_of[row.merged_into]
            if row.due_at == due_of[kept]:
                whose[kept], lower[row.id] = (row.id, row.turn), kept
        kept_of = lower
    return whose
