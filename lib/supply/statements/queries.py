"""Reads of claims and statements. Owner only: they are made of purchase prices."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from lib.db import schema
from lib.kernel.clock import day_bounds, monday_of
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.shop.shop import OWNER_ONLY, Shop
from lib.supply.papers.queries import cycles_on
from lib.supply.papers.rules import Cycle
from lib.supply.statements.rules import (
    ALTERED,
    Body,
    ClaimLine,
    ClaimStatus,
    Line,
    State,
    body_from_json,
    booked_week,
    ids_in,
    in_order,
    state_of,
)

MOST = 500
WEEKS_WATCHED = 8
"""Weeks back from the running one that Today looks for statements that were not closed."""
WEEKS_LATE = 26
"""Weeks before those from which Today still looks for what was entered too late."""

_batch, _claim, _supplier = schema.batch, schema.supplier_claim, schema.supplier
_statement = schema.supplier_statement

Closed = dict[int, dict[date, frozenset[int]]]
"""Batch ids on the closed statements, by supplier and week."""


@dataclass(frozen=True)
class Statement:
    """The statement of one supplier for the week that begins on Monday ``week``.

    ``id`` and ``closed_at`` are None while it is open: its lines are then those of this moment.
    """

    supplier_id: int
    supplier_name: str
    week: date
    cycle: Cycle
    body: Body
    state: State
    id: int | None = None
    closed_at: datetime | None = None
    paid_on: date | None = None
    paid_how: str = ""
    evidence: str | None = None
    version: int = 0


@dataclass(frozen=True)
class Claim:
    """What the shop wants back from a supplier. ``week_closed``: the decision stands for good."""

    id: int
    supplier_id: int
    supplier_name: str
    batch_id: int | None
    code: str
    product: str
    unit: Unit | None
    quantity: int | None
    amount: Money
    reason: str
    photo: str | None
    status: ClaimStatus
    decided_on: date | None
    answer: str
    created_at: datetime
    week_closed: bool
    version: int


@dataclass(frozen=True)
class OpenWeek:
    """A week of a supplier that is over and has something on it, but is not closed."""

    supplier_id: int
    supplier_name: str
    week: date


@dataclass(frozen=True)
class Unpaid:
    """A closed statement that is not settled; negative when the supplier owes."""

    supplier_id: int
    supplier_name: str
    week: date
    payable: Money


@dataclass(frozen=True)
class StatementsDue:
    """What Today tells of statements, the oldest first."""

    to_close: tuple[OpenWeek, ...]
    to_pay: tuple[Unpaid, ...]
    open_claims: int


@dataclass(frozen=True)
class Correction:
    """A line of a closed statement whose batch came to something else in the books since."""

    code: str
    product: str
    before: Money
    now: Money


@dataclass(frozen=True)
class BatchChoice:
    """A batch that a claim can be about; ``price`` is per sale unit."""

    id: int
    code: str
    product: str
    unit: Unit
    arrived_on: date
    total: int
    price: Money | None


def statements(shop: Shop, week: date) -> tuple[Statement, ...]:
    """Return the statement of every supplier for the week of ``week``, by name. Owner only.

    Suppliers in use that existed by the end of the week are there even without a delivery.
    """
    shop.require(OWNER_ONLY)
    monday = monday_of(week)
    with shop.read() as connection:
        return _statements(shop, connection, monday, None)


def statement(shop: Shop, supplier_id: int, week: date) -> Statement | None:
    """Return one supplier's statement for the week of ``week``; None where there is none."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        found = _statements(shop, connection, monday_of(week), supplier_id)
    return found[0] if found else None


def claims(
    shop: Shop,
    supplier_id: int | None = None,
    statuses: Collection[ClaimStatus] = tuple(ClaimStatus),
    limit: int = MOST,
) -> tuple[Claim, ...]:
    """Return claims, the newest first. Owner only."""
    shop.require(OWNER_ONLY)
    query = _claim_rows().where(_claim.c.status.in_([status.value for status in statuses]))
    if supplier_id is not None:
        query = query.where(_claim.c.supplier_id == supplier_id)
    with shop.read() as connection:
        rows = connection.execute(query.order_by(_claim.c.id.desc()).limit(min(limit, MOST))).all()
        weeks = _closed_weeks(connection, {row.supplier_id for row in rows})
    return tuple(_read_claim(row, weeks) for row in rows)


def claimable(shop: Shop, supplier_id: int, limit: int = 60) -> tuple[BatchChoice, ...]:
    """Return the newest batches of a supplier, for a claim about one of them. Owner only."""
    shop.require(OWNER_ONLY)
    query = (
        select(_batch)
        .where(_batch.c.supplier_id == supplier_id, _batch.c.undone_at.is_(None))
        .order_by(_batch.c.arrived_on.desc(), _batch.c.id.desc())
        .limit(limit)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    return tuple(
        BatchChoice(
            row.id,
            row.code,
            row.product_name,
            Unit(row.sale_unit, row.unit_grams),
            row.arrived_on,
            row.received + row.rejected,
            None if row.unit_price_fen is None else Money(row.unit_price_fen),
        )
        for row in rows
    )


def corrections(shop: Shop, this: Statement) -> tuple[Correction, ...]:
    """Return the lines of a closed statement that the books say otherwise by now. Owner only.

    A batch corrected or undone after its week was closed does not change the statement: the
    difference is told instead, so that somebody settles it.
    """
    shop.require(OWNER_ONLY)
    if this.id is None:
        return ()
    before = {line.batch_id: line for line in this.body.lines}
    with shop.read() as connection:
        rows = connection.execute(select(_batch).where(_batch.c.id.in_(list(before)))).all()
    found = []
    for row in rows:
        then = before[row.id].amount or Money()
        now = Money() if row.undone_at is not None else _line(row, this.week).amount or Money()
        if now != then:
            found.append(Correction(row.code, row.product_name, then, now))
    return tuple(found)


def due(shop: Shop) -> StatementsDue:
    """Return what is to be closed, to be paid and still claimed. Owner only (R2).

    Looks :data:`WEEKS_WATCHED` weeks back for open weeks, and at every unsettled statement.
    """
    shop.require(OWNER_ONLY)
    query = (
        select(
            _statement.c.supplier_id,
            _statement.c.week,
            _statement.c.payable_fen,
            _supplier.c.name,
        )
        .join(_supplier, _supplier.c.id == _statement.c.supplier_id)
        .where(_statement.c.paid_at.is_(None), _statement.c.payable_fen != 0)
        .order_by(_statement.c.week, _supplier.c.name)
        .limit(MOST)
    )
    waiting = select(_claim.c.id).where(_claim.c.status == ClaimStatus.OPEN.value).limit(MOST)
    with shop.read() as connection:
        unpaid = connection.execute(query).all()
        to_close = _to_close(shop, connection)
        open_claims = len(connection.execute(waiting).all())
    return StatementsDue(
        to_close,
        tuple(
            Unpaid(row.supplier_id, row.name, row.week, Money(row.payable_fen)) for row in unpaid
        ),
        open_claims,
    )


def open_body(connection: Connection, supplier_id: int, week: date, zone: str) -> Body:
    """Return what the open statement of one supplier for ``week`` bears now, inside a transaction.

    ``zone`` is the name of the shop's time zone.
    """
    return _open_bodies(connection, week, zone, supplier_id).get(supplier_id, Body())


def closed_weeks(connection: Connection, supplier_id: int) -> frozenset[date]:
    """Return the Mondays of the closed weeks of one supplier, inside a transaction."""
    return _closed_weeks(connection, {supplier_id}).get(supplier_id, frozenset())


def _statements(
    shop: Shop, connection: Connection, monday: date, supplier_id: int | None
) -> tuple[Statement, ...]:
    cycles = cycles_on(connection, monday + timedelta(days=6))
    query = _closed_rows().where(_statement.c.week == monday)
    if supplier_id is not None:
        query = query.where(_statement.c.supplier_id == supplier_id)
    found = {
        row.supplier_id: _frozen(shop, row, cycles.get(row.supplier_id, Cycle.WEEKLY))
        for row in connection.execute(query)
    }
    bodies = _open_bodies(connection, monday, shop.settings.time_zone, supplier_id)
    for row in _listed(shop, connection, monday, supplier_id, bodies):
        if row.id not in found:
            body = bodies.get(row.id, Body())
            state = state_of(monday, shop.today, body, closed=False, settled=False)
            cycle = cycles.get(row.id, Cycle.WEEKLY)
            found[row.id] = Statement(row.id, row.name, monday, cycle, body, state)
    return tuple(sorted(found.values(), key=lambda one: (one.supplier_name, one.supplier_id)))


def _listed(
    shop: Shop,
    connection: Connection,
    monday: date,
    supplier_id: int | None,
    bodies: Mapping[int, Body],
) -> list[Row[Any]]:
    """Return the suppliers that were known by the end of the week, or that have something on it."""
    end = day_bounds(monday + timedelta(days=6), shop.settings.time_zone)[1]
    known = (_supplier.c.archived_at.is_(None)) & (_supplier.c.created_at < end)
    query = select(_supplier.c.id, _supplier.c.name).where(
        or_(known, _supplier.c.id.in_(list(bodies)))
    )
    if supplier_id is not None:
        query = query.where(_supplier.c.id == supplier_id)
    return list(connection.execute(query.limit(MOST)))


def _open_bodies(
    connection: Connection, monday: date, zone: str, supplier_id: int | None
) -> dict[int, Body]:
    rows = [
        *connection.execute(_of(_week_batches(monday), _batch, supplier_id)),
        *_late_batches(connection, monday, zone, supplier_id),
    ]
    lines: dict[int, list[Line]] = {}
    for row in rows:
        lines.setdefault(row.supplier_id, []).append(_line(row, monday))
    claimed: dict[int, list[ClaimLine]] = {}
    for row in connection.execute(_of(_accepted(monday), _claim, supplier_id)):
        claimed.setdefault(row.supplier_id, []).append(_claim_line(row))
    return {
        each: Body(in_order(lines.get(each, [])), tuple(claimed.get(each, ())))
        for each in {*lines, *claimed}
    }


def _of(query: Select[Any], table: Any, supplier_id: int | None) -> Select[Any]:
    return query if supplier_id is None else query.where(table.c.supplier_id == supplier_id)


def _week_batches(monday: date) -> Select[Any]:
    return select(_batch).where(
        _batch.c.arrived_on >= monday,
        _batch.c.arrived_on < monday + timedelta(days=7),
        _batch.c.undone_at.is_(None),
    )


def _late_batches(
    connection: Connection, monday: date, zone: str, supplier_id: int | None
) -> list[Row[Any]]:
    """Return batches of closed weeks that were entered too late and are borne by ``monday``'s week.

    They were entered after the week before was closed, hence not before this Monday.
    """
    query = select(_batch).where(
        _batch.c.arrived_on < monday,
        _batch.c.created_at >= day_bounds(monday, zone)[0],
        _batch.c.undone_at.is_(None),
    )
    rows = connection.execute(_of(query, _batch, supplier_id)).all()
    closed = _closed_batches(connection, rows)
    return [
        row
        for row in rows
        if booked_week(row.id, row.arrived_on, closed.get(row.supplier_id, {})) == monday
    ]


def _closed_batches(connection: Connection, rows: Sequence[Any]) -> Closed:
    """Return what the closed statements bear that could bear one of the batches in ``rows``."""
    if not rows:
        return {}
    query = select(_statement.c.supplier_id, _statement.c.week, _statement.c.body).where(
        _statement.c.supplier_id.in_({row.supplier_id for row in rows}),
        _statement.c.week >= min(monday_of(row.arrived_on) for row in rows),
    )
    closed: Closed = {}
    for row in connection.execute(query):
        closed.setdefault(row.supplier_id, {})[row.week] = ids_in(row.body)[0]
    return closed


def _closed_weeks(
    connection: Connection, supplier_ids: Iterable[int], since: date = date.min
) -> dict[int, frozenset[date]]:
    query = select(_statement.c.supplier_id, _statement.c.week).where(
        _statement.c.supplier_id.in_(list(supplier_ids)), _statement.c.week >= since
    )
    found: dict[int, set[date]] = {}
    for row in connection.execute(query):
        found.setdefault(row.supplier_id, set()).add(row.week)
    return {supplier_id: frozenset(weeks) for supplier_id, weeks in found.items()}


def _accepted(monday: date) -> Select[Any]:
    return (
        _claim_rows()
        .where(
            _claim.c.status == ClaimStatus.ACCEPTED.value,
            _claim.c.decided_on >= monday,
            _claim.c.decided_on < monday + timedelta(days=7),
        )
        .order_by(_claim.c.decided_on, _claim.c.id)
    )


def _claim_rows() -> Select[Any]:
    return (
        select(
            _claim,
            _supplier.c.name.label("supplier_name"),
            _batch.c.code,
            _batch.c.product_name,
            _batch.c.sale_unit,
            _batch.c.unit_grams,
        )
        .join(_supplier, _supplier.c.id == _claim.c.supplier_id)
        .outerjoin(_batch, _batch.c.id == _claim.c.batch_id)
    )


def _line(row: Row[Any], monday: date) -> Line:
    return Line(
        batch_id=row.id,
        code=row.code,
        product=row.product_name,
        unit=Unit(row.sale_unit, row.unit_grams),
        arrived_on=row.arrived_on,
        accepted=row.received,
        rejected=row.rejected,
        price=None if row.unit_price_fen is None else Money(row.unit_price_fen),
        late=row.arrived_on < monday,
    )


def _claim_line(row: Row[Any]) -> ClaimLine:
    return ClaimLine(
        claim_id=row.id,
        amount=Money(row.amount_fen),
        decided_on=row.decided_on,
        reason=row.reason,
        code=row.code or "",
        product=row.product_name or "",
        unit=Unit(row.sale_unit, row.unit_grams) if row.sale_unit else None,
        quantity=row.quantity,
    )


def _read_claim(row: Row[Any], weeks: Mapping[int, frozenset[date]]) -> Claim:
    decided: date | None = row.decided_on
    stands = decided is not None and monday_of(decided) in weeks.get(row.supplier_id, ())
    return Claim(
        id=row.id,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier_name,
        batch_id=row.batch_id,
        code=row.code or "",
        product=row.product_name or "",
        unit=Unit(row.sale_unit, row.unit_grams) if row.sale_unit else None,
        quantity=row.quantity,
        amount=Money(row.amount_fen),
        reason=row.reason,
        photo=row.photo,
        status=ClaimStatus(row.status),
        decided_on=decided,
        answer=row.answer,
        created_at=row.created_at,
        week_closed=stands and row.status == ClaimStatus.ACCEPTED.value,
        version=row.version,
    )


def _closed_rows() -> Select[Any]:
    return select(_statement, _supplier.c.name).join(
        _supplier, _supplier.c.id == _statement.c.supplier_id
    )


def _frozen(shop: Shop, row: Row[Any], cycle: Cycle) -> Statement:
    try:
        body = body_from_json(row.body)
    except ValueError as error:
        raise Refused(ALTERED) from error
    if body.payable.fen != row.payable_fen or body.claimed.fen != row.claims_fen:
        raise Refused(ALTERED)
    settled = row.paid_at is not None
    return Statement(
        supplier_id=row.supplier_id,
        supplier_name=row.name,
        week=row.week,
        cycle=cycle,
        body=body,
        state=state_of(row.week, shop.today, body, closed=True, settled=settled),
        id=row.id,
        closed_at=row.closed_at,
        paid_on=row.paid_on,
        paid_how=row.paid_how,
        evidence=row.evidence,
        version=row.version,
    )


def _to_close(shop: Shop, connection: Connection) -> tuple[OpenWeek, ...]:
    until = monday_of(shop.today)
    first = until - timedelta(weeks=WEEKS_WATCHED)
    entered = day_bounds(first, shop.settings.time_zone)[0]
    came = (
        select(
            _batch.c.supplier_id,
            _batch.c.arrived_on,
            func.max(_batch.c.created_at).label("entered"),
        )
        .where(
            _batch.c.arrived_on < until,
            _batch.c.arrived_on >= first - timedelta(weeks=WEEKS_LATE),
            or_(_batch.c.arrived_on >= first, _batch.c.created_at >= entered),
            _batch.c.undone_at.is_(None),
        )
        .group_by(_batch.c.arrived_on, _batch.c.supplier_id)
    )
    given = select(_claim.c.supplier_id, _claim.c.decided_on).where(
        _claim.c.status == ClaimStatus.ACCEPTED.value,
        _claim.c.decided_on >= first,
        _claim.c.decided_on < until,
    )
    days = connection.execute(came).all()
    closed_at = _closed_at(
        connection, min((monday_of(row.arrived_on) for row in days), default=first)
    )
    weeks = {(row.supplier_id, monday_of(row.arrived_on)) for row in days}
    weeks |= {(row.supplier_id, monday_of(row.decided_on)) for row in connection.execute(given)}
    late = {
        (row.supplier_id, row.arrived_on)
        for row in days
        if (shut_at := closed_at.get((row.supplier_id, monday_of(row.arrived_on)))) is not None
        and row.entered >= shut_at
    }
    weeks |= _booked_later(connection, late)
    wanted = [
        (supplier_id, week)
        for supplier_id, week in weeks
        if first <= week < until and (supplier_id, week) not in closed_at
    ]
    query = select(_supplier.c.id, _supplier.c.name).where(
        _supplier.c.id.in_([supplier_id for supplier_id, _week in wanted])
    )
    names = {row.id: row.name for row in connection.execute(query)}
    open_weeks = [OpenWeek(each, names[each], week) for each, week in wanted]
    return tuple(sorted(open_weeks, key=lambda one: (one.week, one.supplier_name)))


def _closed_at(connection: Connection, since: date) -> dict[tuple[int, date], datetime]:
    """Return when the statement of each supplier and week from ``since`` on was closed."""
    query = select(_statement.c.supplier_id, _statement.c.week, _statement.c.closed_at).where(
        _statement.c.week >= since
    )
    return {(row.supplier_id, row.week): row.closed_at for row in connection.execute(query)}


def _booked_later(
    connection: Connection, late: Collection[tuple[int, date]]
) -> set[tuple[int, date]]:
    """Return the weeks that bear what came on ``late`` (supplier, day of arrival).

    On those days something was entered when the week was closed already; what was entered before
    is on its statement, so the statements need not be read for the others.
    """
    if not late:
        return set()
    suppliers, days = zip(*late, strict=True)
    query = select(_batch.c.supplier_id, _batch.c.id, _batch.c.arrived_on).where(
        _batch.c.arrived_on.in_(set(days)),
        _batch.c.supplier_id.in_(set(suppliers)),
        _batch.c.undone_at.is_(None),
    )
    rows = connection.execute(query).all()
    closed = _closed_batches(connection, rows)
    return {
        (row.supplier_id, booked_week(row.id, row.arrived_on, closed.get(row.supplier_id, {})))
        for row in rows
        if (row.supplier_id, row.arrived_on) in late
    }
