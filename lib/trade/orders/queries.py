"""Reads of orders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select
from sqlalchemy.sql.selectable import ScalarSelect

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.members.profiles.rules import Home
from lib.shop.shop import DESK, Shop
from lib.trade.orders.rules import NOTHING, BookedEntry, Source

MOST_ORDERS = 500


@dataclass(frozen=True)
class Line:
    """One product of an order. Amounts are grams or sale units; ``money`` is owed for it now."""

    id: int
    product_id: int
    product: str
    unit: Unit
    ordered: int
    quantity: int
    unit_price: Money
    money: Money
    weighed: bool
    cancelled: bool

    @property
    def said(self) -> str:
        """The line as people write it: ``土鸡蛋 2斤``."""
        return f"{self.product} {self.unit.said(self.quantity)}"


@dataclass(frozen=True)
class Order:
    """One resident's order as it stands; ``slot_usual``: nobody said its slot (R21).

    ``coupon`` is what a coupon may take off its goods (R37).
    """

    id: int
    version: int
    number: int
    round_id: int | None
    round_title: str | None
    member_id: int
    nickname: str
    phone_tail: str | None
    home: Home
    source: Source
    pickup_day: date
    slot: str | None
    delivery: bool
    note: str
    active: bool
    cancel_reason: str | None
    check_reason: str | None
    placed_at: datetime
    delivery_fee: Money
    round_off: Money
    lines: tuple[Line, ...]
    slot_usual: bool = False
    coupon: Money = NOTHING

    @property
    def standing(self) -> tuple[Line, ...]:
        """The lines that were not cancelled."""
        return tuple(line for line in self.lines if not line.cancelled)

    @property
    def goods(self) -> Money:
        """What the standing lines cost."""
        return total(line.money for line in self.standing)

    @property
    def comes_to(self) -> Money:
        """What the order costs in all: goods less rounding and coupon, and delivery.

        Nothing if cancelled. A coupon takes nothing off the delivery fee (R37).
        """
        if not self.active:
            return Money(0)
        goods = self.goods - self.round_off
        return goods - min(self.coupon, max(NOTHING, goods)) + self.delivery_fee


@dataclass(frozen=True)
class Basis:
    """The newest intake of one chain in a round; ``content`` is its text."""

    intake_id: int
    content: str
    at: datetime


def order(shop: Shop, order_id: int) -> Order:
    """Return one order; raises ``NotFound``."""
    shop.require(DESK)
    found = _read(shop, _orders().where(schema.customer_order.c.id == order_id).limit(1))
    if not found:
        raise NotFound(N_("This order does not exist."))
    return found[0]


def orders(
    shop: Shop,
    *,
    round_id: int | None = None,
    day: date | None = None,
    slot: str | None = None,
    member_id: int | None = None,
    to_check: bool = False,
    cancelled: bool = False,
    text: str = "",
    ids: Sequence[int] | None = None,
    limit: int = MOST_ORDERS,
) -> list[Order]:
    """Return orders, newest pickup day first, then by number; at most ``limit``.

    ``text`` finds by number, nickname, pinyin initials, last four digits of the phone, or home
    (``3-201``). Cancelled orders come only with ``cancelled``.
    """
    shop.require(DESK)
    table = schema.customer_order
    query = _orders().order_by(table.c.pickup_day.desc(), table.c.number).limit(limit)
    for column, value in (
        (table.c.round_id, round_id),
        (table.c.pickup_day, day),
        (table.c.pickup_slot, slot),
        (table.c.member_id, member_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if to_check:
        query = query.where(table.c.check_reason.is_not(None))
    if not cancelled:
        query = query.where(table.c.status == "active")
    if ids is not None:
        query = query.where(table.c.id.in_(list(ids)))
    if text.strip():
        query = query.where(_matches(text.strip()))
    return _read(shop, query)


def basis(shop: Shop, round_id: int, identity: str) -> Basis | None:
    """Return the newest intake of the chain or layout ``identity`` in a round; None for none."""
    shop.require(DESK)
    table = schema.intake
    query = (
        select(table.c.id, table.c.content, table.c.at)
        .where(table.c.round_id == round_id, table.c.identity == identity)
        .order_by(table.c.id.desc())
        .limit(1)
    )
    with shop.read() as connection:
        row = connection.execute(query).first()
    return Basis(row.id, row.content, row.at) if row else None


def booked_before(shop: Shop, round_id: int, fingerprint: str) -> datetime | None:
    """Return when exactly this content was booked into a round; None if it never was."""
    shop.require(DESK)
    table = schema.intake
    query = select(table.c.at).where(
        table.c.round_id == round_id, table.c.fingerprint == fingerprint
    )
    with shop.read() as connection:
        found: datetime | None = connection.execute(query).scalar()
    return found


def booked_entries(shop: Shop, round_id: int, identity: str) -> list[BookedEntry]:
    """Return every order booked from the chain ``identity`` in a round, cancelled ones too."""
    intakes, table = schema.intake, schema.customer_order
    query = (
        select(table)
        .join(intakes, intakes.c.id == table.c.intake_id)
        .where(table.c.round_id == round_id, intakes.c.identity == identity)
        .order_by(table.c.id)
    )
    return _booked(shop, query)


def booked_by_key(
    shop: Shop, keys: Iterable[str], round_id: int | None = None
) -> dict[str, BookedEntry]:
    """Return orders that came in under ``keys``: a file is booked once, not twice.

    Without ``round_id`` in any round; with it only there, for keys that are not unique beyond a
    round.
    """
    table, found, wanted = schema.customer_order, {}, sorted(set(keys))
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        query = select(table).where(table.c.source_key.in_(part)).order_by(table.c.id)
        if round_id is not None:
            query = query.where(table.c.round_id == round_id)
        found.update({entry.key: entry for entry in _booked(shop, query)})
    return found


@dataclass(frozen=True)
class FileBooked:
    """One booking of a file: into which round, and when."""

    round_id: int
    round_title: str
    at: datetime


def file_booked(shop: Shop, fingerprint: str) -> list[FileBooked]:
    """Return when orders of the file with this ``fingerprint`` were booked, newest first."""
    shop.require(DESK)
    table, rounds = schema.intake, schema.buying_round
    query = (
        select(table.c.round_id, rounds.c.title, table.c.at)
        .join(rounds, rounds.c.id == table.c.round_id)
        .where(table.c.kind == "sheet", table.c.fingerprint.startswith(fingerprint))
        .order_by(table.c.id.desc())
        .limit(20)
    )
    with shop.read() as connection:
        return [FileBooked(*row) for row in connection.execute(query)]


def saved_mapping(shop: Shop, header_fingerprint: str) -> Mapping[str, Any] | None:
    """Return how the owner corrected the columns of files with these headers; None if never."""
    table = schema.sheet_mapping
    query = select(table.c.mapping).where(table.c.header_fingerprint == header_fingerprint)
    with shop.read() as connection:
        found: Mapping[str, Any] | None = connection.execute(query).scalar()
    return found


def sum_handed() -> ScalarSelect[Any]:
    """Return what was handed over of an ``order_line``, as a column beside it."""
    handed = schema.handover
    return (
        select(func.coalesce(func.sum(handed.c.quantity), 0))
        .where(handed.c.line_id == schema.order_line.c.id)
        .scalar_subquery()
    )


def sum_refunded() -> ScalarSelect[Any]:
    """Return what refunds took off the price of an ``order_line``, in fen, as a column beside it.

    Only refunds, and the undoing of one (with the opposite sign), name a line. Found by way of the
    order: nearly all payments name no line, so a planner with statistics reads them all.
    """
    line, payment = schema.order_line, schema.payment
    return (
        select(func.coalesce(func.sum(payment.c.forgiven_fen), 0))
        .where(payment.c.order_id == line.c.order_id, payment.c.line_id == line.c.id)
        .scalar_subquery()
    )


def is_taken_off() -> ColumnElement[bool]:
    """Return whether all an ``order_line`` cost was taken off before it was paid, as a column.

    Such a line is over like one that was paid back. Goods given along for nothing have no price,
    and of what fell short nothing is there that could cost anything.
    """
    line = schema.order_line
    return and_(line.c.amount_fen == 0, line.c.unit_price_fen > 0, line.c.quantity > 0)


def is_order_refunded() -> ColumnElement[bool]:
    """Return whether refunds of a ``customer_order`` as a whole took off all its goods cost.

    What was rounded off and what a coupon took off nobody paid, so nobody gets it back: where a
    coupon paid for all goods, a refund gives the delivery fee back.
    """
    order, payment, line = schema.customer_order, schema.payment, schema.order_line.alias("goods")
    is_refund = or_(
        payment.c.kind == "refund", and_(payment.c.kind == "reversal", payment.c.amount_fen > 0)
    )
    forgiven = (
        select(func.coalesce(func.sum(payment.c.forgiven_fen), 0))
        .where(payment.c.order_id == order.c.id, payment.c.line_id.is_(None), is_refund)
        .scalar_subquery()
    )
    goods = (
        select(func.coalesce(func.sum(line.c.amount_fen), 0))
        .where(line.c.order_id == order.c.id, line.c.cancelled_at.is_(None))
        .scalar_subquery()
    )
    cost = goods - order.c.round_off_fen - order.c.coupon_fen
    return and_(forgiven > 0, cost > 0, forgiven >= cost)


def _booked(shop: Shop, query: Select[Any]) -> list[BookedEntry]:
    shop.require(DESK)
    handed = schema.handover
    with shop.read() as connection:
        rows = connection.execute(query).all()
        given = set(
            connection.execute(
                select(handed.c.order_id)
                .where(handed.c.order_id.in_(query.with_only_columns(schema.customer_order.c.id)))
                .group_by(handed.c.order_id)
                .having(func.sum(handed.c.quantity) > 0)
            ).scalars()
        )
    return [
        BookedEntry(
            row.id, row.version, row.source_key or "", row.source_body or {},
            row.status == "active", row.round_id, row.id in given,
        )
        for row in rows
    ]  # fmt: skip


def _orders() -> Select[Any]:
    table, members, rounds = schema.customer_order, schema.member, schema.buying_round
    return (
        select(
            table,
            members.c.nickname,
            members.c.phone_tail,
            rounds.c.title.label("round_title"),
        )
        .join(members, members.c.id == table.c.member_id)
        .outerjoin(rounds, rounds.c.id == table.c.round_id)
    )


def _matches(text: str) -> Any:
    table, members = schema.customer_order, schema.member
    name = folded(text)
    conditions = [
        members.c.folded_nickname.contains(name, autoescape=True),
        # A surname with two readings keeps both, the second after a space.
        literal(" ").concat(members.c.initials).contains(f" {name}", autoescape=True),
        literal(" ").concat(members.c.pinyin).contains(f" {name}", autoescape=True),
    ]
    if text.isdecimal() and len(text) <= 6:
        conditions.append(table.c.number == int(text))
        conditions.append(table.c.room == text)
    if text.isdecimal() and len(text) == 4:
        conditions.append(members.c.phone_tail == text)
    parts = [part for part in text.replace("栋", "-").replace("室", "").split("-") if part]
    if len(parts) >= 2:
        conditions.append((table.c.building == parts[0]) & (table.c.room == parts[-1]))
    return or_(*conditions)


def _read(shop: Shop, query: Select[Any]) -> list[Order]:
    lines = schema.order_line
    with shop.read() as connection:
        rows = connection.execute(query).all()
        ids = [row.id for row in rows]
        by_order: dict[int, list[Line]] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            found = select(lines).where(lines.c.order_id.in_(part)).order_by(lines.c.id)
            for row in connection.execute(found):
                by_order.setdefault(row.order_id, []).append(_line(row))
    return [_order(row, tuple(by_order.get(row.id, ()))) for row in rows]


def _line(row: Row[Any]) -> Line:
    return Line(
        id=row.id,
        product_id=row.product_id,
        product=row.product_name,
        unit=Unit(row.sale_unit, row.unit_grams),
        ordered=row.ordered,
        quantity=row.quantity,
        unit_price=Money(row.unit_price_fen),
        money=Money(row.amount_fen),
        weighed=row.weighed_at is not None,
        cancelled=row.cancelled_at is not None,
    )


def _order(row: Row[Any], lines: tuple[Line, ...]) -> Order:
    return Order(
        id=row.id,
        version=row.version,
        number=row.number,
        round_id=row.round_id,
        round_title=row.round_title,
        member_id=row.member_id,
        nickname=row.nickname,
        phone_tail=row.phone_tail,
        home=Home(row.area, row.building, row.unit, row.room),
        source=Source(row.source),
        pickup_day=row.pickup_day,
        slot=row.pickup_slot,
        delivery=row.delivery,
        note=row.note,
        active=row.status == "active",
        cancel_reason=row.cancel_reason,
        check_reason=row.check_reason,
        placed_at=row.placed_at,
        delivery_fee=Money(row.delivery_fee_fen),
        round_off=Money(row.round_off_fen),
        lines=lines,
        slot_usual=row.slot_usual,
        coupon=Money(row.coupon_fen),
    )
