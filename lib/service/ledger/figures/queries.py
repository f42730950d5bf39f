"""Reads of the figures of complaints: for residents, and month by month for the owner."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.kernel.months import months_later
from lib.service.after_sales.rules import ClockName, Result, Status
from lib.service.ledger.families.queries import KEPT, families
from lib.service.ledger.figures.rules import (
    MonthFigures,
    ServiceFigures,
    Told,
    kept,
    owner_figures,
    service_figures,
)
from lib.service.ledger.rules import month_of
from lib.shop.settings import Settings
from lib.shop.shop import DESK, Shop

MONTHS = 12

_case, _turn, _pause = schema.after_sales_case, schema.case_turn, schema.case_pause
_breach, _asked = schema.case_breach, schema.case_follow_up
_REPLY, _SOLUTION = ClockName.REPLY.value, ClockName.SOLUTION.value
_WITHDRAWN = Status.WITHDRAWN.value
_FIRST_TURN = _breach.c.turn == 1

Months = dict[date, list[Told]]


def month_figures(shop: Shop, month: date) -> ServiceFigures:
    """Return the figures of the complaints told in the month of ``month``; anybody may see them.

    A handful of indexed statements; nothing of it is about one resident.
    """
    first = month.replace(day=1)
    with shop.read() as connection:
        told = _told(connection, shop.settings, (first,), shop.clock.now())
    return service_figures(first, told.get(first, ()))


def figures(shop: Shop, months: int = MONTHS) -> tuple[MonthFigures, ...]:
    """Return the present month and those before it, the newest first. Owner and staff."""
    shop.require(DESK)
    this = shop.today.replace(day=1)
    firsts = [months_later(this, -back) for back in reversed(range(months))]
    with shop.read() as connection:
        told = _told(connection, shop.settings, firsts, shop.clock.now())
        breaches = _breaches(connection, shop.settings, firsts)
    return tuple(
        owner_figures(first, told.get(first, ()), breaches[first]) for first in reversed(firsts)
    )


def _told(
    connection: Connection, settings: Settings, firsts: Sequence[date], now: datetime
) -> Months:
    """Return the complaints told in the months that begin on ``firsts``, by their first day."""
    zone = settings.time_zone
    begins = [day_bounds(first, zone)[0] for first in firsts]
    days = (
        _case.c.reported_at >= begins[0],
        _case.c.reported_at < day_bounds(month_of(firsts[-1])[1], zone)[1],
    )
    query = (
        select(
            _case.c.id,
            _case.c.reported_at,
            _case.c.reply_due_at,
            _case.c.first_reply_at,
            _case.c.status,
            _case.c.turn,
            case((_case.c.status == _WITHDRAWN, _case.c.closed_at)).label("stopped_at"),
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
    for row in connection.execute(query).all():
        month = firsts[bisect_right(begins, row.reported_at) - 1]
        found[month].append(_one(row, broken, content.get(row.id), now))
    return found


def _one(row: Any, broken: Set[tuple[int, str]], content: bool | None, now: datetime) -> Told:
    case_id, told, reply_due, replied, status, turn, stopped, solve_due, solved, held = row
    # A case opened again after it was withdrawn has a first turn that nobody asks for any more.
    over = solve_due if turn > 1 and solved is None else stopped
    return Told(
        kept(reply_due, replied, stopped, now, broken=(case_id, _REPLY) in broken),
        kept(
            solve_due,
            solved,
            over,
            now,
            broken=(case_id, _SOLUTION) in broken,
            held=held is not None and held <= solve_due,
        ),
        replied - told if replied is not None else None,
        solved - told if solved is not None else None,
        status == _WITHDRAWN,
        turn > 1,
        content,
    )


def _broken(connection: Connection, days: Iterable[Any]) -> set[tuple[int, str]]:
    """Return which promises of first turns ran out: the case that was kept, and the clock."""
    family = families("told", *days)
    query = (
        select(family.c.root, _breach.c.clock)
        .join(_breach, _breach.c.case_id == family.c.id)
        .where(or_(_breach.c.clock == _REPLY, and_(_breach.c.clock == _SOLUTION, _FIRST_TURN)))
    )
    return {(root, clock) for root, clock in connection.execute(query)}


def _content(connection: Connection, days: Iterable[Any]) -> dict[int, bool]:
    """Return what those who answered said last; who did not answer is not there."""
    family = families("asked", *days)
    query = (
        select(family.c.root, _asked.c.result)
        .join(_asked, _asked.c.case_id == family.c.id)
        .where(_asked.c.result != Result.NO_ANSWER.value)
        .order_by(_asked.c.id)
    )
    return {root: result == Result.SATISFIED.value for root, result in connection.execute(query)}


def _breaches(
    connection: Connection, settings: Settings, firsts: Sequence[date]
) -> dict[date, int]:
    """Return how many promises ran out in each month, counted in the database."""
    zone = settings.time_zone
    found: dict[date, int] = {}
    for first in firsts:
        begins, ends = day_bounds(first, zone)[0], day_bounds(month_of(first)[1], zone)[1]
        query = select(func.count()).where(_breach.c.due_at >= begins, _breach.c.due_at < ends)
        found[first] = int(connection.execute(query).scalar_one())
    return found
