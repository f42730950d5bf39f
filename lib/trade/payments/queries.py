"""Reads of money."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from lib.db import schema
from lib.kernel.money import Money, total
from lib.members.profiles.queries import family_ids
from lib.shop.shop import DESK, Shop
from lib.trade.payments.rules import (
    Kind,
    LineMoney,
    Method,
    OrderMoney,
    TillCount,
)

PART = 500
UNPAID_DAYS = 180
"""How far back unpaid orders are looked for unless the caller says otherwise."""


@dataclass(frozen=True)
class Payment:
    """A payment row. ``amount`` is positive when money came in; ``undone`` when a row reverses it.

    ``forgiven`` is the rounding of a payment, or the part of a refund that made goods cheaper.
    """

    id: int
    at: datetime
    business_day: date
    kind: Kind
    method: Method
    amount: Money
    forgiven: Money
    reason: str
    member_id: int
    nickname: str
    order_id: int | None
    order_number: int | None
    product: str | None
    person: str | None
    reverses_id: int | None
    undone: bool
    case_id: int | None = None

    @property
    def can_be_undone(self) -> bool:
        """Whether a person may undo this row here: once, and not what a platform booked.

        What was given for a complaint is taken back in its case.
        """
        fixed = self.kind is Kind.REVERSAL or self.method is Method.PLATFORM
        fixed = fixed or self.case_id is not None
        return not self.undone and not fixed


@dataclass(frozen=True)
class Unpaid:
    """An order that is not fully paid."""

    order_id: int
    number: int
    member_id: int
    nickname: str
    phone_tail: str | None
    pickup_day: date
    money: OrderMoney


@dataclass(frozen=True)
class MemberMoney:
    """A member's money: active orders, what was paid and kept, what is due, the balance held."""

    orders: int
    spent: Money
    due: Money
    balance: Money
    last_pickup: date | None


@dataclass(frozen=True)
class PersonMoney:
    """What went through one person's hands on a day."""

    name: str
    cash: Money
    transfer: Money
    rows: int


@dataclass(frozen=True)
class DayMoney:
    """A day's money by method. Undone rows are taken out of the side they stood on.

    ``transfer`` is what the shop's own account should show; ``platform`` is apart from it.
    """

    day: date
    cash_in: Money
    cash_out: Money
    transfer_in: Money
    transfer_out: Money
    balance_used: Money
    balance_returned: Money
    platform: Money
    rounded_off: Money
    opening: Money
    rows: int
    people: tuple[PersonMoney, ...]

    @property
    def cash(self) -> Money:
        """Cash in less cash out."""
        return self.cash_in - self.cash_out

    @property
    def transfer(self) -> Money:
        """Transfers in less transfers out."""
        return self.transfer_in - self.transfer_out

    @property
    def expected_cash(self) -> Money:
        """What should lie in the till."""
        return self.opening + self.cash


@dataclass(frozen=True)
class Event:
    """One journal row of an order: who did what when; ``details`` hold before and after."""

    id: int
    at: datetime
    person: str
    action: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class CashUp:
    """One count of the till against the books."""

    id: int
    day: date
    till: TillCount
    transfer: Money
    counted_transfer: Money | None
    note: str
    at: datetime
    person: str | None

    @property
    def transfer_difference(self) -> Money | None:
        """Transfers counted less transfers booked; None when they were not counted."""
        return None if self.counted_transfer is None else self.counted_transfer - self.transfer


def money_of(shop: Shop, order_ids: Sequence[int]) -> dict[int, OrderMoney]:
    """Return the money of each order that exists, by order id; three reads per 500 orders."""
    shop.require(DESK)
    with shop.read() as connection:
        return money_in(connection, order_ids)


def money_in(connection: Connection, order_ids: Sequence[int]) -> dict[int, OrderMoney]:
    """Return the money of each order as this transaction sees it."""
    found: dict[int, OrderMoney] = {}
    wanted = sorted(set(order_ids))
    for start in range(0, len(wanted), PART):
        found.update(_money_part(connection, wanted[start : start + PART]))
    return found


def _money_part(connection: Connection, ids: Sequence[int]) -> dict[int, OrderMoney]:
    orders, lines, rows = schema.customer_order, schema.order_line, schema.payment
    heads: Sequence[Any] = connection.execute(
        select(
            orders.c.id,
            orders.c.status,
            orders.c.delivery_fee_fen,
            orders.c.round_off_fen,
            orders.c.coupon_fen,
        ).where(orders.c.id.in_(ids))
    ).all()
    standing: dict[int, dict[int, int]] = {}
    for line in connection.execute(
        select(lines.c.id, lines.c.order_id, lines.c.amount_fen).where(
            lines.c.order_id.in_(ids), lines.c.cancelled_at.is_(None)
        )
    ):
        standing.setdefault(line.order_id, {})[line.id] = line.amount_fen
    columns = ("order_id", "line_id", "kind", "amount_fen", "forgiven_fen")
    query: Select[Any] = select(*(rows.c[name] for name in columns))
    moved: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query.where(rows.c.order_id.in_(ids))):
        moved.setdefault(row.order_id, []).append(row)
    return {
        head.id: _order_money(head, standing.get(head.id, {}), moved.get(head.id, []))
        for head in heads
    }


def _order_money(head: Row[Any], lines: Mapping[int, int], rows: Sequence[Row[Any]]) -> OrderMoney:
    refunds = [row for row in rows if _is_refund(row)]
    forgiven: dict[int | None, int] = {}
    for row in refunds:
        forgiven[row.line_id] = forgiven.get(row.line_id, 0) + row.forgiven_fen
    return OrderMoney(
        lines={
            line_id: LineMoney(Money(fen), Money(forgiven.get(line_id, 0)))
            for line_id, fen in lines.items()
        },
        delivery_fee=Money(head.delivery_fee_fen),
        round_off=Money(head.round_off_fen),
        forgiven=Money(forgiven.get(None, 0)),
        paid=Money(sum(row.amount_fen for row in rows if not _is_refund(row))),
        refunded=Money(-sum(row.amount_fen for row in refunds)),
        active=head.status == "active",
        coupon=Money(head.coupon_fen),
    )


def _is_refund(row: Row[Any]) -> bool:
    """A refund, or the undoing of one: the only reversal by which an order's money comes in."""
    undone = row.kind == Kind.REVERSAL and row.amount_fen > 0
    return bool(undone or row.kind == Kind.REFUND)


def payments(
    shop: Shop,
    *,
    day: date | None = None,
    until: date | None = None,
    order_id: int | None = None,
    member_id: int | None = None,
    limit: int = 500,
) -> list[Payment]:
    """Return payment rows, newest first: of one ``day`` or from it ``until`` (not included).

    ``member_id`` includes members merged into it.
    """
    shop.require(DESK)
    table = schema.payment
    query = _payments()
    if day is not None:
        query = query.where(table.c.business_day >= day)
        query = query.where(table.c.business_day < (until or day + timedelta(days=1)))
    if order_id is not None:
        query = query.where(table.c.order_id == order_id)
    with shop.read() as connection:
        if member_id is not None:
            query = query.where(table.c.member_id.in_(family_ids(connection, member_id)))
        rows = connection.execute(query.order_by(table.c.id.desc()).limit(limit)).all()
    return [_payment(row) for row in rows]


def _payments() -> Select[Any]:
    table, orders, lines = schema.payment, schema.customer_order, schema.order_line
    members, people, undoing = schema.member, schema.person, schema.payment.alias("undoing")
    return (
        select(
            table,
            members.c.nickname,
            orders.c.number.label("order_number"),
            lines.c.product_name,
            people.c.name.label("person"),
            undoing.c.id.label("undone_by"),
        )
        .join(members, members.c.id == table.c.member_id)
        .outerjoin(orders, orders.c.id == table.c.order_id)
        .outerjoin(lines, lines.c.id == table.c.line_id)
        .outerjoin(people, people.c.id == table.c.person_id)
        .outerjoin(undoing, undoing.c.reverses_id == table.c.id)
    )


def _payment(row: Row[Any]) -> Payment:
    return Payment(
        id=row.id,
        at=row.at,
        business_day=row.business_day,
        kind=Kind(row.kind),
        method=Method(row.method),
        amount=Money(row.amount_fen),
        forgiven=Money(row.forgiven_fen),
        reason=row.reason,
        member_id=row.member_id,
        nickname=row.nickname,
        order_id=row.order_id,
        order_number=row.order_number,
        product=row.product_name,
        person=row.person,
        reverses_id=row.reverses_id,
        undone=row.undone_by is not None,
        case_id=row.case_id,
    )


def order_journal(shop: Shop, order_id: int, limit: int = 100) -> list[Event]:
    """Return what was done to an order and its money, newest first (E11)."""
    shop.require(DESK)
    rows = schema.journal
    query = (
        select(rows.c.id, rows.c.at, rows.c.actor, rows.c.action, rows.c.details)
        .where(rows.c.subject == f"customer_order:{order_id}")
        .order_by(rows.c.id.desc())
        .limit(limit)
    )
    with shop.read() as connection:
        found = connection.execute(query).all()
    return [Event(row.id, row.at, row.actor, row.action, row.details or {}) for row in found]


def unpaid_orders(
    shop: Shop,
    limit: int = 200,
    *,
    since: date | None = None,
    until: date | None = None,
    member_id: int | None = None,
) -> list[Unpaid]:
    """Return orders with money due, oldest pickup day first.

    ``since`` (the last 180 days unless given) and ``until`` bound the pickup day, ``until`` not
    included. What is due is :class:`OrderMoney`'s answer; the database only leaves out the orders
    that were paid in full without any refund.
    """
    shop.require(DESK)
    orders = schema.customer_order
    query = _perhaps_unpaid().where(
        orders.c.pickup_day >= (since or shop.today - timedelta(days=UNPAID_DAYS))
    )
    if until is not None:
        query = query.where(orders.c.pickup_day < until)
    if member_id is not None:
        query = query.where(orders.c.member_id == member_id)
    found: list[Unpaid] = []
    with shop.read() as connection:
        rows = connection.execute(query.order_by(orders.c.pickup_day, orders.c.number)).all()
        for start in range(0, len(rows), PART):
            part = rows[start : start + PART]
            money = money_in(connection, [row.id for row in part])
            found += [_unpaid(row, money[row.id]) for row in part if money[row.id].due]
            if len(found) >= limit:
                break
    return found[:limit]


def _perhaps_unpaid() -> Select[Any]:
    orders, members = schema.customer_order, schema.member
    lines, rows = schema.order_line, schema.payment
    goods = (
        select(func.coalesce(func.sum(lines.c.amount_fen), 0))
        .where(lines.c.order_id == orders.c.id, lines.c.cancelled_at.is_(None))
        .scalar_subquery()
    )
    net = (
        select(func.coalesce(func.sum(rows.c.amount_fen), 0))
        .where(rows.c.order_id == orders.c.id)
        .scalar_subquery()
    )
    # A coupon takes nothing off the delivery fee.
    left = goods - orders.c.round_off_fen - orders.c.coupon_fen
    charged: ColumnElement[int] = case((left > 0, left), else_=0) + orders.c.delivery_fee_fen
    return (
        select(
            orders.c.id,
            orders.c.number,
            orders.c.member_id,
            orders.c.pickup_day,
            members.c.nickname,
            members.c.phone_tail,
        )
        .join(members, members.c.id == orders.c.member_id)
        .where(orders.c.status == "active", charged > net)
    )


def _unpaid(row: Row[Any], money: OrderMoney) -> Unpaid:
    return Unpaid(
        row.id, row.number, row.member_id, row.nickname, row.phone_tail, row.pickup_day, money
    )


def balance(shop: Shop, member_id: int) -> Money:
    """Return what the shop holds for a member."""
    shop.require(DESK)
    with shop.read() as connection:
        return balance_in(connection, member_id)


def balance_in(connection: Connection, member_id: int) -> Money:
    """Return what the shop holds for a member and those merged into it: the sum of the ledger."""
    entries = schema.balance_entry
    ids = family_ids(connection, member_id)
    held = select(func.coalesce(func.sum(entries.c.amount_fen), 0)).where(
        entries.c.member_id.in_(ids)
    )
    return Money(int(connection.execute(held).scalar_one()))


def balances_held(shop: Shop) -> Money:
    """Return what the shop holds for all residents together: money it owes."""
    shop.require(DESK)
    entries = schema.balance_entry
    with shop.read() as connection:
        held = connection.execute(select(func.coalesce(func.sum(entries.c.amount_fen), 0)))
        return Money(int(held.scalar_one()))


def member_money(shop: Shop, member_id: int, limit: int = 2000) -> MemberMoney:
    """Return a member's money over the newest ``limit`` orders."""
    shop.require(DESK)
    orders = schema.customer_order
    with shop.read() as connection:
        rows = connection.execute(
            select(orders.c.id, orders.c.status, orders.c.pickup_day)
            .where(orders.c.member_id == member_id)
            .order_by(orders.c.pickup_day.desc(), orders.c.id.desc())
            .limit(limit)
        ).all()
        money = money_in(connection, [row.id for row in rows])
        held = balance_in(connection, member_id)
    active = [row for row in rows if row.status == "active"]
    return MemberMoney(
        orders=len(active),
        spent=total(one.net for one in money.values()),
        due=total(one.due for one in money.values()),
        balance=held,
        last_pickup=active[0].pickup_day if active else None,
    )


def day_money(shop: Shop, day: date) -> DayMoney:
    """Return the money of one business day, by method and by person."""
    shop.require(DESK)
    table, people = schema.payment, schema.person
    query: Select[Any] = (
        select(
            table.c.kind, table.c.method, table.c.amount_fen, table.c.forgiven_fen, people.c.name
        )
        .outerjoin(people, people.c.id == table.c.person_id)
        .where(table.c.business_day == day)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    return DayMoney(
        day=day,
        cash_in=_side(rows, Method.CASH, incoming=True),
        cash_out=_side(rows, Method.CASH, incoming=False),
        transfer_in=_side(rows, Method.TRANSFER, incoming=True),
        transfer_out=_side(rows, Method.TRANSFER, incoming=False),
        balance_used=_side(rows, Method.BALANCE, incoming=True),
        balance_returned=_side(rows, Method.BALANCE, incoming=False),
        platform=_sum(rows, Method.PLATFORM),
        rounded_off=Money(sum(row.forgiven_fen for row in rows if _comes_in(row))),
        opening=shop.settings.till_float,
        rows=len(rows),
        people=_people(rows),
    )


def day_cash_in(connection: Connection, day: date) -> tuple[Money, Money]:
    """Return a day's cash and transfers, in less out, as this transaction sees them."""
    table = schema.payment
    query: Select[Any] = select(table.c.method, table.c.amount_fen).where(
        table.c.business_day == day
    )
    rows = connection.execute(query).all()
    return _sum(rows, Method.CASH), _sum(rows, Method.TRANSFER)


def _comes_in(row: Row[Any]) -> bool:
    """Whether a row belongs to the money that came in; an undone payment belongs there too."""
    if row.kind == Kind.REVERSAL:
        return bool(row.amount_fen < 0)
    return row.kind in (Kind.PAYMENT, Kind.TOP_UP)


def _side(rows: Iterable[Row[Any]], method: Method, *, incoming: bool) -> Money:
    mine = [row.amount_fen for row in rows if row.method == method and _comes_in(row) == incoming]
    return Money(sum(mine) if incoming else -sum(mine))


def _sum(rows: Iterable[Row[Any]], method: Method) -> Money:
    return Money(sum(row.amount_fen for row in rows if row.method == method))


def _people(rows: Sequence[Row[Any]]) -> tuple[PersonMoney, ...]:
    by_name: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_name.setdefault(row.name or "", []).append(row)
    return tuple(
        PersonMoney(name, _sum(mine, Method.CASH), _sum(mine, Method.TRANSFER), len(mine))
        for name, mine in sorted(by_name.items())
    )


def cash_ups(shop: Shop, limit: int = 60) -> list[CashUp]:
    """Return the counts of the till, newest first."""
    shop.require(DESK)
    table, people = schema.cash_up, schema.person
    query: Select[Any] = (
        select(table, people.c.name)
        .outerjoin(people, people.c.id == table.c.person_id)
        .order_by(table.c.business_day.desc(), table.c.id.desc())
        .limit(limit)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    return [_cash_up(row) for row in rows]


def _cash_up(row: Row[Any]) -> CashUp:
    counted = row.counted_transfer_fen
    return CashUp(
        id=row.id,
        day=row.business_day,
        till=TillCount(
            Money(row.opening_fen),
            Money(row.expected_cash_fen - row.opening_fen),
            Money(row.counted_cash_fen),
        ),
        transfer=Money(row.transfer_fen),
        counted_transfer=None if counted is None else Money(counted),
        note=row.note,
        at=row.at,
        person=row.name,
    )
