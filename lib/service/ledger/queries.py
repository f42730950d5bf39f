"""Reads of the ledger: every case with what became of it, and what the asked ones add up to (R31).

Owner and staff. What goods cost leaves only for those who may see it. Rows come in pages; a page
and the sums are a handful of indexed statements each, whatever the size of the books.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    case,
    func,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy import Row as SqlRow

from lib.db import schema
from lib.db.types import Moment
from lib.kernel.clock import day_bounds
from lib.kernel.money import Money, total
from lib.kernel.text import clean, folded
from lib.service.after_sales.cards.queries import (
    Card,
    card_of,
    closed_days,
    select_cards,
)
from lib.service.after_sales.clocks import Clock
from lib.service.after_sales.rules import OPEN, Cause, ClockName, Result, Status, case_id_of
from lib.service.ledger import rules
from lib.service.ledger.families.queries import KEPT, families
from lib.service.ledger.money.queries import Given, bill, given_by_case, refunds_and_freight
from lib.service.ledger.rules import Promise, Sums, Wanted, promise_of
from lib.shop.shop import DESK, Shop

PAGE = 50
MOST_ROWS = 5000
"""Cases one export holds."""

_case, _turn, _pause = schema.after_sales_case, schema.case_turn, schema.case_pause
_breach, _remedy, _asked = schema.case_breach, schema.case_remedy, schema.case_follow_up
_owed, _batch, _supplier = schema.owed_goods, schema.batch, schema.supplier
_member, _product = schema.member, schema.product


@dataclass(frozen=True)
class Remedied:
    """One thing that was done about a case; ``quantity`` in grams or sale units of its goods."""

    kind: str
    quantity: int | None
    amount: Money
    freight: Money
    below_pledge: str
    disposal: str


@dataclass(frozen=True)
class Row:
    """One complaint in the ledger: the case that was kept, with all that hangs on its doubles.

    ``offered`` is what the pledge promised when the solution of the newest turn was agreed,
    ``remedies`` what was accepted. ``given`` are goods that left for it; ``goods_cost`` is None
    for those who may not see cost. ``reply``, ``solution`` and ``delivery`` say how the promises
    were kept; ``delivery`` is None while nothing was ever owed.
    """

    card: Card
    batch: str
    supplier: str
    cause: Cause | None
    cause_note: str
    offered: dict[str, Any] | None
    remedies: tuple[Remedied, ...]
    given: tuple[Given, ...]
    goods_cost: Money | None
    result: Result | None
    feedback: str
    reply: Promise
    solution: Promise
    delivery: Promise | None
    claim_id: int | None

    @property
    def refund(self) -> Money:
        """What the resident got in money."""
        return total(each.amount for each in self.remedies)

    @property
    def freight(self) -> Money:
        """What freight the shop bore."""
        return total(each.freight for each in self.remedies)

    @property
    def reopened(self) -> int:
        """How often it was opened again."""
        return self.card.turn - 1


def ledger(shop: Shop, wanted: Wanted, *, limit: int = PAGE, offset: int = 0) -> tuple[Row, ...]:
    """Return the cases that are ``wanted``, the newest first; raises ``Refused`` for its days."""
    shop.require(DESK)
    query = (
        select_cards()
        .add_columns(_batch.c.code.label("batch"), _supplier.c.name.label("supplier"))
        .outerjoin(_batch, _batch.c.id == _case.c.batch_id)
        .outerjoin(_supplier, _supplier.c.id == _case.c.supplier_id)
        .where(*conditions(shop, wanted))
        .order_by(_case.c.reported_at.desc(), _case.c.id.desc())
        .limit(min(limit, MOST_ROWS))
        .offset(max(offset, 0))
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
        return _rows(shop, connection, rows)


def sums(shop: Shop, wanted: Wanted) -> Sums:
    """Return what all cases that are ``wanted`` add up to."""
    shop.require(DESK)
    found = conditions(shop, wanted)
    family = families("summed", *found)
    late = _case.c.id.in_(_late(shop.clock.now(), families("weighed", *found)))
    withdrawn = _case.c.status == Status.WITHDRAWN.value
    counted = select(
        func.count(),
        *(
            func.coalesce(func.sum(case((each, 1), else_=0)), 0)
            for each in (withdrawn, late, _case.c.turn > 1)
        ),
    ).where(*found)
    with shop.read() as connection:
        count, gone, broken, again = connection.execute(counted).one()
        refunds, freight = refunds_and_freight(connection, family)
        spent = bill(connection, family) if shop.may_see_cost else None
    return Sums(
        int(count),
        int(gone),
        int(broken),
        int(again),
        refunds,
        freight,
        spent.cost if spent else None,
        spent.unpriced if spent else 0,
    )


def conditions(shop: Shop, wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """Return what ``wanted`` says of ``after_sales_case``; raises ``Refused`` for its days."""
    asked = rules.checked(wanted)
    zone = shop.settings.time_zone
    found: list[ColumnElement[bool]] = [
        _case.c.reported_at >= day_bounds(asked.first, zone)[0],
        _case.c.reported_at < day_bounds(asked.last, zone)[1],
        KEPT,
    ]
    if asked.product_id is not None:
        found.append(_case.c.product_id == asked.product_id)
    if asked.supplier_id is not None:
        known = _case.c.supplier_id == asked.supplier_id
        found.append(known if asked.supplier_id else _case.c.supplier_id.is_(None))
    if asked.cause is not None:
        found.append(_case.c.cause == str(asked.cause))
    if asked.defect is not None:
        found.append(_case.c.defect == asked.defect.value)
    if asked.standing is not None:
        found.append(_case.c.status.in_(sorted(rules.STATUSES[asked.standing])))
    if asked.case_ids is not None:
        found.append(_case.c.id.in_(asked.case_ids))
    word = clean(asked.text, 60)
    if word:
        found.append(_fits(word))
    if asked.late_only:
        found.append(_case.c.id.in_(_late(shop.clock.now(), families("looked_at", *found))))
    return tuple(found)


def case_ids(shop: Shop, wanted: Wanted, limit: int = MOST_ROWS) -> tuple[int, ...]:
    """Return the numbers of the cases that are ``wanted``, the newest first."""
    shop.require(DESK)
    query = (
        select(_case.c.id)
        .where(*conditions(shop, wanted))
        .order_by(_case.c.reported_at.desc(), _case.c.id.desc())
        .limit(limit)
    )
    with shop.read() as connection:
        return tuple(connection.execute(query).scalars())


def choices(shop: Shop, wanted: Wanted) -> tuple[dict[int, str], dict[int, str]]:
    """Return products and suppliers of the cases in the days of ``wanted``, by name."""
    shop.require(DESK)
    days = conditions(shop, Wanted(wanted.first, wanted.last))
    goods = (
        select(_product.c.id, _product.c.name)
        .where(_product.c.id.in_(select(_case.c.product_id).where(*days)))
        .order_by(_product.c.name, _product.c.id)
    )
    sources = (
        select(_supplier.c.id, _supplier.c.name)
        .where(_supplier.c.id.in_(select(_case.c.supplier_id).where(*days)))
        .order_by(_supplier.c.name, _supplier.c.id)
    )
    with shop.read() as connection:
        return (
            {row.id: row.name for row in connection.execute(goods)},
            {row.id: row.name for row in connection.execute(sources)},
        )


def _fits(word: str) -> ColumnElement[bool]:
    name, root = folded(word), _member.alias("whose")
    number = case_id_of(word)
    ways: list[ColumnElement[bool]] = [
        column.contains(word, autoescape=True)
        for column in (
            _case.c.product_name,
            _case.c.said,
            _case.c.cause_note,
            _case.c.reporter_name,
        )
    ]
    if name:
        called = root.c.folded_nickname.contains(name, autoescape=True)
        known = _member.c.folded_nickname.contains(name, autoescape=True)
        whose = select(_member.c.id).outerjoin(root, root.c.id == _member.c.merged_into)
        ways.append(_case.c.member_id.in_(whose.where(or_(called, known))))
    if number is not None:
        ways.append(_case.c.id == number)
    return or_(*ways)


def _late(now: datetime, family: CTE) -> Any:
    """Return the statement of the complaints of ``family`` of which a promise ran out.

    By the books, and what ran out since the last look at them.
    """
    of_case = select(family.c.root).join(_case, _case.c.id == family.c.id)
    of_turn = of_case.join(_turn, _turn.c.case_id == _case.c.id)
    of_owed = select(family.c.root).join(_owed, _owed.c.case_id == family.c.id)
    so_far = literal(now, Moment())
    given = func.coalesce(_owed.c.settled_at, _owed.c.cancelled_at, so_far)
    stopped = func.coalesce(_case.c.first_reply_at, _case.c.closed_at, so_far)
    standing = _case.c.status != Status.MERGED.value
    return union(
        select(family.c.root).join(_breach, _breach.c.case_id == family.c.id),
        of_case.where(standing, stopped > _case.c.reply_due_at),
        of_turn.where(standing, _turn.c.solved_at > _turn.c.solve_due_at),
        of_turn.where(
            _case.c.status.in_(sorted(OPEN)),
            _turn.c.turn == _case.c.turn,
            _turn.c.solved_at.is_(None),
            _turn.c.solve_due_at < now,
            ~_held(),
        ),
        of_owed.where(given > _owed.c.due_at),
    )


def _held() -> ColumnElement[bool]:
    """Whether an awaited photo holds the solution clock still."""
    return (
        select(_pause.c.id)
        .where(
            _pause.c.case_id == _case.c.id,
            _pause.c.to_at.is_(None),
            _pause.c.from_at <= _turn.c.solve_due_at,
        )
        .exists()
    )


def _rows(shop: Shop, connection: Connection, rows: Sequence[SqlRow[Any]]) -> tuple[Row, ...]:
    ids = [row.id for row in rows]
    if not ids:
        return ()
    closed = closed_days(connection, shop.settings, rows)
    family = families("shown", _case.c.id.in_(ids))
    remedies = _remedies(connection, family)
    given = given_by_case(connection, family)
    broken = _broken(connection, family)
    turns, owed = _turns(connection, ids), _owed_of(connection, family)
    asked = _follow_ups(connection, family)
    now = shop.clock.now()
    return tuple(
        _row(
            shop, row, card_of(shop, row, closed), remedies, given, broken, turns, owed, asked, now
        )
        for row in rows
    )


def _row(
    shop: Shop,
    row: SqlRow[Any],
    card: Card,
    remedies: dict[int, list[Remedied]],
    given: dict[int, tuple[Given, ...]],
    broken: dict[tuple[int, str], list[datetime]],
    turns: dict[int, list[SqlRow[Any]]],
    owed: dict[int, list[Clock]],
    asked: dict[int, Any],
    now: datetime,
) -> Row:
    goods, said = given.get(row.id, ()), asked.get(row.id)
    cost = total(each.cost for each in goods if each.cost) if shop.may_see_cost else None
    if cost is None:
        goods = tuple(replace(each, cost=None) for each in goods)
    mine = turns.get(row.id, [])
    solutions = [
        Clock(ClockName.SOLUTION, each.solve_due_at, each.solved_at, stopped_at=each.solve_due_at)
        for each in mine
        if each.turn != row.turn
    ]

    def told(clock: ClockName) -> list[datetime]:
        return broken.get((row.id, clock.value), [])

    return Row(
        card=card,
        batch=row.batch or "",
        supplier=row.supplier or "",
        cause=Cause(row.cause) if row.cause else None,
        cause_note=row.cause_note,
        offered=next((each.offered for each in reversed(mine) if each.offered), None),
        remedies=tuple(remedies.get(row.id, ())),
        given=goods,
        goods_cost=cost,
        result=Result(said.result) if said is not None else None,
        feedback=said.feedback if said is not None else "",
        reply=promise_of([card.reply], told(ClockName.REPLY), now),
        solution=promise_of([*solutions, card.solution], told(ClockName.SOLUTION), now),
        delivery=(
            promise_of(owed[row.id], told(ClockName.DELIVERY), now) if row.id in owed else None
        ),
        claim_id=row.claim_id,
    )


def _remedies(connection: Connection, family: CTE) -> dict[int, list[Remedied]]:
    query = (
        select(_remedy, family.c.root)
        .join(family, family.c.id == _remedy.c.case_id)
        .where(_remedy.c.undone_at.is_(None))
        .order_by(_remedy.c.at, _remedy.c.id)
    )
    found: dict[int, list[Remedied]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.root].append(
            Remedied(
                row.kind,
                row.quantity,
                Money(row.amount_fen),
                Money(row.freight_fen),
                row.below_pledge,
                row.disposal,
            )
        )
    return found


def _broken(connection: Connection, family: CTE) -> dict[tuple[int, str], list[datetime]]:
    query = select(family.c.root, _breach.c.clock, _breach.c.due_at).join(
        _breach, _breach.c.case_id == family.c.id
    )
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for root, clock, due_at in connection.execute(query):
        found[root, clock].append(due_at)
    return found


def _turns(connection: Connection, ids: Sequence[int]) -> dict[int, list[SqlRow[Any]]]:
    query = select(_turn).where(_turn.c.case_id.in_(ids)).order_by(_turn.c.case_id, _turn.c.turn)
    found: dict[int, list[SqlRow[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.case_id].append(row)
    return found


def _owed_of(connection: Connection, family: CTE) -> dict[int, list[Clock]]:
    query: Select[Any] = select(
        family.c.root, _owed.c.due_at, _owed.c.settled_at, _owed.c.cancelled_at
    ).join(_owed, _owed.c.case_id == family.c.id)
    found: dict[int, list[Clock]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.root].append(
            Clock(ClockName.DELIVERY, row.due_at, row.settled_at, stopped_at=row.cancelled_at)
        )
    return found


def _follow_ups(connection: Connection, family: CTE) -> dict[int, Any]:
    """Return what each resident said last when asked afterwards."""
    query = (
        select(_asked.c.result, _asked.c.feedback, family.c.root)
        .join(family, family.c.id == _asked.c.case_id)
        .order_by(_asked.c.id)
    )
    return {row.root: row for row in connection.execute(query)}
