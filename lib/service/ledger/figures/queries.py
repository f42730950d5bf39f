"""Reads of the figures of complaints: for residents, and month by month for the owner."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from lib.db import schema
from lib.kernel.clock import day_bounds, local_day
from lib.kernel.months import months_later
from lib.service.after_sales.clocks import Clock
from lib.service.after_sales.rules import ClockName, Result, Status
from lib.service.ledger.families.queries import KEPT, families
from lib.service.ledger.figures.rules import (
    MonthFigures,
    ServiceFigures,
    Told,
    owner_figures,
    service_figures,
)
from lib.service.ledger.rules import month_of, promise_of
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

MONTHS = 12

_case, _turn, _pause = schema.after_sales_case, schema.case_turn, schema.case_pause
_breach, _asked = schema.case_breach, schema.case_follow_up

Months = dict[date, list[Told]]


def month_figures(shop: Shop, month: date) -> ServiceFigures:
    """Return the figures of the complaints told in the month of ``month``; anybody may see them.

    A handful of indexed statements; nothing of it is about one resident.
    """
    first, last = month_of(month)
    with shop.read() as connection:
        told = _told(connection, shop.settings, first, last, shop.clock.now())
    return service_figures(first, told.get(first, ()))


def figures(shop: Shop, months: int = MONTHS) -> tuple[MonthFigures, ...]:
    """Return the present month and those before it, the newest first."""
    shop.require(DESK)
    this = shop.today.replace(day=1)
    firsts = [months_later(this, -back) for back in range(months)]
    last = month_of(this)[1]
    with shop.read() as connection:
        told = _told(connection, shop.settings, firsts[-1], last, shop.clock.now())
        breaches = _breaches(connection, shop.settings, firsts[-1], last)
    return tuple(owner_figures(first, told.get(first, ()), breaches[first]) for first in firsts)


def _told(
    connection: Connection, settings: Settings, first: date, last: date, now: datetime
) -> Months:
    """Return the complaints told from ``first`` to ``last``, by the first day of their month."""
    zone = settings.time_zone
    days = (
        _case.c.reported_at >= day_bounds(first, zone)[0],
        _case.c.reported_at < day_bounds(last, zone)[1],
    )
    query = (
        select(
            _case.c.id,
            _case.c.reported_at,
            _case.c.reply_due_at,
            _case.c.first_reply_at,
            _case.c.status,
            _case.c.turn,
            _case.c.closed_at,
            _turn.c.started_at,
            _turn.c.solve_due_at,
            _turn.c.solved_at,
            _pause.c.from_at,
        )
        .join(_turn, and_(_turn.c.case_id == _case.c.id, _turn.c.turn == 1))
        .outerjoin(
            _pause,
            and_(_pause.c.case_id == _case.c.id, _pause.c.turn == 1, _pause.c.to_at.is_(None)),
        )
        .where(*days, KEPT)
    )
    broken = _broken(connection, days)
    content = _content(connection, days)
    found: Months = defaultdict(list)
    for row in connection.execute(query):
        month = local_day(row.reported_at, zone).replace(day=1)
        found[month].append(_one(row, broken, content.get(row.id), now))
    return found


def _one(
    row: Any, broken: dict[tuple[int, str], list[datetime]], content: bool | None, now: datetime
) -> Told:
    withdrawn = row.status == Status.WITHDRAWN.value
    stopped = row.closed_at if withdrawn else None
    held = row.from_at is not None and row.from_at <= row.solve_due_at
    # A case opened again after it was withdrawn has a first turn that nobody asks for any more.
    over = row.solve_due_at if row.turn > 1 and row.solved_at is None else None
    reply = Clock(ClockName.REPLY, row.reply_due_at, row.first_reply_at, stopped_at=stopped)
    solution = Clock(
        ClockName.SOLUTION,
        max(row.solve_due_at, now) if held else row.solve_due_at,
        row.solved_at,
        stopped_at=over or stopped,
    )
    return Told(
        promise_of([reply], broken.get((row.id, ClockName.REPLY.value), ()), now),
        promise_of([solution], broken.get((row.id, ClockName.SOLUTION.value), ()), now),
        row.first_reply_at - row.reported_at if row.first_reply_at is not None else None,
        row.solved_at - row.started_at if row.solved_at is not None else None,
        withdrawn,
        row.turn > 1,
        content,
    )


def _broken(connection: Connection, days: Iterable[Any]) -> dict[tuple[int, str], list[datetime]]:
    """Return the promises of first turns that ran out, by the case that was kept and clock."""
    family = families("told", *days)
    query = (
        select(family.c.root, _breach.c.clock, _breach.c.turn, _breach.c.due_at)
        .join(family, family.c.id == _breach.c.case_id)
        .where(_breach.c.owed_id.is_(None))
    )
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for root, clock, turn, due_at in connection.execute(query):
        if clock == ClockName.REPLY.value or turn == 1:
            found[root, clock].append(due_at)
    return found


def _content(connection: Connection, days: Iterable[Any]) -> dict[int, bool]:
    """Return what those who answered said last; who did not answer is not there."""
    family = families("asked", *days)
    query = (
        select(family.c.root, _asked.c.result)
        .join(family, family.c.id == _asked.c.case_id)
        .where(_asked.c.result != Result.NO_ANSWER.value)
        .order_by(_asked.c.id)
    )
    return {root: result == Result.SATISFIED.value for root, result in connection.execute(query)}


def _breaches(connection: Connection, settings: Settings, first: date, last: date) -> Counter[date]:
    zone = settings.time_zone
    query = select(_breach.c.due_at).where(
        _breach.c.due_at >= day_bounds(first, zone)[0], _breach.c.due_at < day_bounds(last, zone)[1]
    )
    return Counter(local_day(at, zone).replace(day=1) for at in connection.execute(query).scalars())
