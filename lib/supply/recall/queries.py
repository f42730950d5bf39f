"""Reads of recalls. Staff see phone tails, never whole numbers; no purchase cost is read here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.members.profiles.rules import Home
from lib.shop.shop import DESK, Shop
from lib.supply.recall import rules
from lib.supply.recall.rules import Reached, Told
from lib.supply.stock.queries import got_from
from lib.supply.stock.rules import Kind
from lib.trade.orders.queries import sum_handed
from lib.trade.payments.queries import money_in
from lib.trade.payments.rules import refundable

MOST = 100
MOST_LINES = 2000
WAITING_DAYS = timedelta(days=14)
"""How far from today a pickup day may lie for its goods to be called waiting."""

_recall, _reached, _batch = schema.recall, schema.recall_line, schema.batch
_movement, _line, _order = schema.stock_movement, schema.order_line, schema.customer_order
_member, _person, _payment = schema.member, schema.person, schema.payment


@dataclass(frozen=True)
class Bought:
    """One order line that a recall reaches. ``quantity`` in grams or sale units.

    ``amount`` is what the line costs, ``refunded`` what was paid back for it, ``refundable`` what
    still can be. ``id`` is the row of the recall.
    """

    id: int
    line_id: int
    order_id: int
    order_number: int
    day: date
    unit: Unit
    quantity: int
    certain: bool
    amount: Money
    refunded: Money
    refundable: Money
    told_at: datetime | None
    told_by: str
    told_how: str

    @property
    def is_settled(self) -> bool:
        """Whether all the money for it was given back, or there is none to give."""
        return self.refunded >= self.amount or not self.refundable


@dataclass(frozen=True)
class Buyer:
    """A resident whom a recall reaches, with everything they bought of it."""

    member_id: int
    nickname: str
    phone_tail: str
    home: Home
    bought: tuple[Bought, ...]

    @property
    def certain(self) -> bool:
        """Whether goods of the very batch were given to them."""
        return any(one.certain for one in self.bought)

    @property
    def told_at(self) -> datetime | None:
        """When they were told of the last of it; None while something is open."""
        moments = [one.told_at for one in self.bought if one.told_at is not None]
        return max(moments) if len(moments) == len(self.bought) else None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to give back to them."""
        return all(one.is_settled for one in self.bought)

    @property
    def refundable(self) -> Money:
        """What can still be given back."""
        return total(one.refundable for one in self.bought)

    @property
    def refunded(self) -> Money:
        """What was given back."""
        return total(one.refunded for one in self.bought)


@dataclass(frozen=True)
class Waiting:
    """An order with goods of the product that nobody collected yet: do not hand over."""

    order_id: int
    number: int
    nickname: str
    home: Home
    day: date
    slot: str | None
    unit: Unit
    quantity: int


@dataclass(frozen=True)
class Recall:
    """A recall with its batch as it is now. ``on_hand`` and ``gone`` in grams or sale units.

    ``gone`` left over the counter without an order: nobody knows to whom.
    """

    id: int
    version: int
    batch_id: int
    code: str
    token: str
    product_id: int
    product: str
    unit: Unit
    arrived_on: date
    supplier_id: int
    supplier_name: str
    supplier_contact: str
    reason: str
    advice: str
    started_at: datetime
    started_by: str
    supplier_told_at: datetime | None
    disposal: str
    closed_at: datetime | None
    closed_by: str
    stopped_at: datetime | None
    product_stopped_at: datetime | None
    on_hand: int
    gone: int
    told: Told

    @property
    def is_open(self) -> bool:
        """Whether it is still being worked on."""
        return self.closed_at is None


@dataclass(frozen=True)
class Reach:
    """Whom a recall of a batch would reach now, before it is started; counts of residents."""

    certain: int
    possible: int
    waiting: int
    gone: int


@dataclass(frozen=True)
class BatchState:
    """Whether a batch, or its whole product, is stopped, and the recall that is open."""

    batch_id: int
    product_id: int
    stopped_at: datetime | None
    stop_reason: str
    product_stopped_at: datetime | None
    product_stop_reason: str
    open_recall: int | None


def state_of(shop: Shop, batch_id: int) -> BatchState:
    """Return whether a batch may be sold and whether it is called back; raises ``NotFound``."""
    shop.require(DESK)
    products = schema.product
    query = (
        select(
            _batch.c.id,
            _batch.c.product_id,
            _batch.c.stopped_at,
            _batch.c.stop_reason,
            products.c.stopped_at.label("product_stopped_at"),
            products.c.stop_reason.label("product_stop_reason"),
        )
        .join(products, products.c.id == _batch.c.product_id)
        .where(_batch.c.id == batch_id)
    )
    running = select(_recall.c.id).where(
        _recall.c.batch_id == batch_id, _recall.c.closed_at.is_(None)
    )
    with shop.read() as connection:
        row = connection.execute(query).first()
        if row is None:
            raise NotFound(N_("This batch does not exist."))
        return BatchState(*row, connection.execute(running).scalar())


def reach(shop: Shop, batch_id: int) -> Reach:
    """Return how many residents a recall of the batch would reach; raises ``NotFound``."""
    shop.require(DESK)
    with shop.read() as connection:
        batch = _one_batch(connection, batch_id)
        lines = reached_in(connection, batch_id)
        members = _members_of(connection, [one.line_id for one in lines])
        certain = {members[one.line_id] for one in lines if one.certain}
        others = {members[one.line_id] for one in lines} - certain
        waiting = _waiting(connection, batch.product_id, shop.today)
        gone = _over_the_counter(connection, batch_id)
    return Reach(len(certain), len(others), len({one.order_id for one in waiting}), gone)


def reached_in(connection: Connection, batch_id: int) -> tuple[Reached, ...]:
    """Return the order lines that hold goods of the batch, or may; for steps inside a write."""
    batch = _one_batch(connection, batch_id)
    loose = connection.execute(
        select(_movement.c.line_id, func.sum(_movement.c.quantity))
        .where(
            _movement.c.product_id == batch.product_id,
            _movement.c.business_day >= batch.arrived_on,
            _movement.c.batch_id.is_(None),
            _movement.c.line_id.is_not(None),
        )
        .group_by(_movement.c.line_id)
        .having(func.sum(_movement.c.quantity) < 0)
    )
    without = {line_id: -int(quantity) for line_id, quantity in loose}
    return rules.reached(got_from(connection, batch_id), without)


def recalls(shop: Shop, *, batch_id: int | None = None, limit: int = MOST) -> tuple[Recall, ...]:
    """Return recalls, open ones first, then newest first."""
    shop.require(DESK)
    query = _recalls().order_by(
        case((_recall.c.closed_at.is_(None), 0), else_=1), _recall.c.id.desc()
    )
    if batch_id is not None:
        query = query.where(_recall.c.batch_id == batch_id)
    with shop.read() as connection:
        return _read(connection, query.limit(limit))


def open_recalls(shop: Shop) -> tuple[Recall, ...]:
    """Return the recalls that are being worked on, oldest first; for Today."""
    shop.require(DESK)
    query = _recalls().where(_recall.c.closed_at.is_(None)).order_by(_recall.c.id)
    with shop.read() as connection:
        return _read(connection, query.limit(MOST))


def recall(shop: Shop, recall_id: int) -> Recall:
    """Return one recall; raises ``NotFound``."""
    shop.require(DESK)
    with shop.read() as connection:
        found = _read(connection, _recalls().where(_recall.c.id == recall_id))
    if not found:
        raise NotFound(N_("This recall does not exist."))
    return found[0]


def buyers(shop: Shop, recall_id: int) -> tuple[Buyer, ...]:
    """Return whom a recall reaches: those to be told first, certain before possible."""
    shop.require(DESK)
    with shop.read() as connection:
        found = _buyers(connection, recall_id)
    return tuple(
        sorted(found, key=lambda one: (one.told_at is not None, not one.certain, one.nickname))
    )


def waiting(shop: Shop, recall_id: int) -> tuple[Waiting, ...]:
    """Return the orders whose goods of the product are still to be collected, next ones first."""
    this = recall(shop, recall_id)
    with shop.read() as connection:
        return _waiting(connection, this.product_id, shop.today)


def _one_batch(connection: Connection, batch_id: int) -> Any:
    row = connection.execute(select(_batch).where(_batch.c.id == batch_id)).first()
    if row is None:
        raise NotFound(N_("This batch does not exist."))
    return row


def _members_of(connection: Connection, line_ids: list[int]) -> dict[int, int]:
    query = (
        select(_line.c.id, _order.c.member_id)
        .join(_order, _order.c.id == _line.c.order_id)
        .where(_line.c.id.in_(line_ids))
    )
    return {row.id: row.member_id for row in connection.execute(query)}


def _recalls() -> Select[Any]:
    products, starter, closer = schema.product, _person.alias("starter"), _person.alias("closer")
    suppliers = schema.supplier
    return (
        select(
            _recall,
            _batch.c.code,
            _batch.c.token,
            _batch.c.product_id,
            _batch.c.product_name,
            _batch.c.sale_unit,
            _batch.c.unit_grams,
            _batch.c.arrived_on,
            _batch.c.supplier_id,
            _batch.c.supplier_name,
            _batch.c.supplier_contact,
            _batch.c.on_hand,
            _batch.c.stopped_at,
            products.c.stopped_at.label("product_stopped_at"),
            suppliers.c.phone.label("supplier_phone"),
            starter.c.name.label("starter"),
            closer.c.name.label("closer"),
        )
        .join(_batch, _batch.c.id == _recall.c.batch_id)
        .join(products, products.c.id == _batch.c.product_id)
        .join(suppliers, suppliers.c.id == _batch.c.supplier_id)
        .outerjoin(starter, starter.c.id == _recall.c.started_by)
        .outerjoin(closer, closer.c.id == _recall.c.closed_by)
    )


def _read(connection: Connection, query: Select[Any]) -> tuple[Recall, ...]:
    found = []
    for row in connection.execute(query).all():
        told = rules.progress(
            (one.told_at is not None, one.is_settled) for one in _buyers(connection, row.id)
        )
        found.append(_one(row, told, _over_the_counter(connection, row.batch_id)))
    return tuple(found)


def _one(row: Any, told: Told, gone: int) -> Recall:
    return Recall(
        id=row.id,
        version=row.version,
        batch_id=row.batch_id,
        code=row.code,
        token=row.token,
        product_id=row.product_id,
        product=row.product_name,
        unit=Unit(row.sale_unit, row.unit_grams),
        arrived_on=row.arrived_on,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier_name,
        supplier_contact=row.supplier_contact or row.supplier_phone,
        reason=row.reason,
        advice=row.advice,
        started_at=row.started_at,
        started_by=row.starter or "",
        supplier_told_at=row.supplier_told_at,
        disposal=row.disposal,
        closed_at=row.closed_at,
        closed_by=row.closer or "",
        stopped_at=row.stopped_at,
        product_stopped_at=row.product_stopped_at,
        on_hand=row.on_hand,
        gone=gone,
        told=told,
    )


def _over_the_counter(connection: Connection, batch_id: int) -> int:
    """What of the batch was sold without an order; nobody knows to whom."""
    query = select(func.coalesce(func.sum(_movement.c.quantity), 0)).where(
        _movement.c.batch_id == batch_id,
        _movement.c.kind.in_([Kind.SOLD.value, Kind.REDEEMED.value]),
        _movement.c.line_id.is_(None),
        _movement.c.gift_id.is_(None),
        _movement.c.owed_handover_id.is_(None),
    )
    return max(0, -int(connection.execute(query).scalar_one()))


def _buyers(connection: Connection, recall_id: int) -> list[Buyer]:
    teller = _person.alias("teller")
    rows = connection.execute(
        select(
            _reached,
            _line.c.order_id,
            _line.c.sale_unit,
            _line.c.unit_grams,
            _line.c.amount_fen,
            _order.c.number,
            _order.c.pickup_day,
            _member.c.nickname,
            _member.c.phone_tail,
            *(_order.c[part] for part in ("area", "building", "unit", "room")),
            teller.c.name.label("teller"),
        )
        .join(_line, _line.c.id == _reached.c.line_id)
        .join(_order, _order.c.id == _line.c.order_id)
        .join(_member, _member.c.id == _reached.c.member_id)
        .outerjoin(teller, teller.c.id == _reached.c.told_by)
        .where(_reached.c.recall_id == recall_id, _reached.c.quantity > 0)
        .order_by(_reached.c.member_id, _order.c.pickup_day, _reached.c.id)
        .limit(MOST_LINES)
    ).all()
    money = money_in(connection, [row.order_id for row in rows])
    refunded = _refunded(connection, [row.line_id for row in rows])
    found = []
    for member_id, group in groupby(rows, key=lambda row: row.member_id):
        of_one = list(group)
        first = of_one[0]
        found.append(
            Buyer(
                member_id,
                first.nickname,
                first.phone_tail or "",
                Home(first.area, first.building, first.unit, first.room),
                tuple(
                    _bought(row, refunded.get(row.line_id, 0), refundable(money[row.order_id],
                            row.line_id))
                    for row in of_one
                ),
            )
        )  # fmt: skip
    return found


def _bought(row: Any, refunded: int, left: Money) -> Bought:
    return Bought(
        id=row.id,
        line_id=row.line_id,
        order_id=row.order_id,
        order_number=row.number,
        day=row.pickup_day,
        unit=Unit(row.sale_unit, row.unit_grams),
        quantity=row.quantity,
        certain=row.certain,
        amount=Money(row.amount_fen),
        refunded=Money(refunded),
        refundable=left,
        told_at=row.told_at,
        told_by=row.teller or "",
        told_how=row.told_how,
    )


def _refunded(connection: Connection, line_ids: Iterable[int]) -> dict[int, int]:
    """Return what was paid back per order line, in fen, less refunds that were undone."""
    is_refund = or_(
        _payment.c.kind == "refund",
        and_(_payment.c.kind == "reversal", _payment.c.amount_fen > 0),
    )
    query = (
        select(_payment.c.line_id, func.sum(_payment.c.amount_fen))
        .where(_payment.c.line_id.in_(list(line_ids)), is_refund)
        .group_by(_payment.c.line_id)
    )
    return {line_id: -int(fen) for line_id, fen in connection.execute(query)}


def _waiting(connection: Connection, product_id: int, today: date) -> tuple[Waiting, ...]:
    handed = sum_handed()
    query = (
        select(
            _order.c.id,
            _order.c.number,
            _order.c.pickup_day,
            _order.c.pickup_slot,
            *(_order.c[part] for part in ("area", "building", "unit", "room")),
            _member.c.nickname,
            _line.c.sale_unit,
            _line.c.unit_grams,
            (_line.c.quantity - handed).label("missing"),
        )
        .join(_line, _line.c.order_id == _order.c.id)
        .join(_member, _member.c.id == _order.c.member_id)
        .where(
            _line.c.product_id == product_id,
            _line.c.cancelled_at.is_(None),
            _order.c.status == "active",
            _order.c.pickup_day.between(today - WAITING_DAYS, today + WAITING_DAYS),
            _line.c.quantity > handed,
        )
        .order_by(_order.c.pickup_day, _order.c.number)
        .limit(MOST_LINES)
    )
    return tuple(
        Waiting(
            row.id,
            row.number,
            row.nickname,
            Home(row.area, row.building, row.unit, row.room),
            row.pickup_day,
            row.pickup_slot,
            Unit(row.sale_unit, row.unit_grams),
            row.missing,
        )
        for row in connection.execute(query)
    )
