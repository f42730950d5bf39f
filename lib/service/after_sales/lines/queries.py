"""Reads of purchases for a complaint: a resident's lines, and the batches they came from (R28)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.members.profiles.queries import family_ids
from lib.service.after_sales.counting import Goods
from lib.service.after_sales.rules import Status
from lib.shop.shop import DESK, Shop
from lib.trade.orders.queries import sum_handed, sum_refunded

MOST_PURCHASES = 100
MOST_BATCHES = 20
GONE = frozenset({Status.WITHDRAWN, Status.MERGED})

_order, _line, _product = schema.customer_order, schema.order_line, schema.product
_movement, _batch, _case = schema.stock_movement, schema.batch, schema.after_sales_case


@dataclass(frozen=True)
class BatchFacts:
    """A batch that goods came from. ``stopped``: its sale is stopped, a recall may run."""

    id: int
    code: str
    arrived_on: date
    supplier_id: int
    supplier: str
    stopped: bool


@dataclass(frozen=True)
class Purchase:
    """One order line a resident may complain about.

    ``quantity`` and ``handed`` are grams or sale units of ``unit``; ``amount`` is what the line
    costs now, ``refunded`` what refunds took off it. ``batches`` are those that handovers took it
    from, ``cases`` the complaints about it so far (withdrawn and joined ones left out).
    """

    line_id: int
    order_id: int
    order_number: int
    member_id: int
    day: date
    slot: str | None
    placed_at: datetime
    product_id: int
    product: str
    unit: Unit
    quantity: int
    handed: int
    unit_price: Money
    amount: Money
    refunded: Money
    fresh: bool
    daily: bool
    cancelled: bool
    content_pieces: int | None
    content_grams: int | None
    batches: tuple[BatchFacts, ...]
    cases: tuple[int, ...]

    @property
    def goods(self) -> Goods:
        """What of it can be counted."""
        return Goods(self.unit, self.quantity, self.content_pieces, self.content_grams)


def purchases(shop: Shop, member_id: int, text: str = "") -> tuple[Purchase, ...]:
    """Return what a member bought in the last ``after_sales_days``, newest first.

    With ``text`` the whole past is searched by the product's name: no complaint is refused because
    of its age. At most :data:`MOST_PURCHASES`.
    """
    shop.require(DESK)
    word = clean(text, 60)
    with shop.read() as connection:
        query = _lines().where(
            _order.c.member_id.in_(family_ids(connection, member_id)),
            _order.c.status == "active",
            _line.c.cancelled_at.is_(None),
        )
        if word:
            query = query.where(_line.c.product_name.contains(word, autoescape=True))
        else:
            since = shop.today - timedelta(days=shop.settings.after_sales_days)
            query = query.where(_order.c.pickup_day >= since)
        newest = query.order_by(_order.c.pickup_day.desc(), _line.c.id.desc())
        return _purchases(connection, newest.limit(MOST_PURCHASES))


def purchase_of(connection: Connection, line_id: int) -> Purchase | None:
    """Return one line as a purchase, whatever its age; None when there is none."""
    found = _purchases(connection, _lines().where(_line.c.id == line_id))
    return found[0] if found else None


def batches_of(
    connection: Connection, line_ids: Sequence[int]
) -> dict[int, tuple[BatchFacts, ...]]:
    """Return the batches that the handovers of each line took goods from, the most first."""
    taken = func.sum(_movement.c.quantity)
    query = (
        select(_movement.c.line_id, _batch, taken.label("taken"))
        .join(_batch, _batch.c.id == _movement.c.batch_id)
        .where(_movement.c.line_id.in_(line_ids), _movement.c.owed_handover_id.is_(None))
        .group_by(_movement.c.line_id, *_batch.c)
        .having(taken < 0)
        .order_by(taken, _batch.c.id)
        .limit(MOST_BATCHES * max(len(line_ids), 1))
    )
    found: dict[int, list[BatchFacts]] = defaultdict(list)
    for row in connection.execute(query) if line_ids else ():
        found[row.line_id].append(batch_facts(row))
    return {line_id: tuple(batches) for line_id, batches in found.items()}


def batches_to_choose(
    connection: Connection, product_id: int | None, day: date
) -> tuple[BatchFacts, ...]:
    """Return the batches of a product that had arrived by ``day``, newest first, to choose from."""
    query = (
        select(_batch)
        .where(_batch.c.product_id == product_id, _batch.c.arrived_on <= day, _batch.c.received > 0)
        .order_by(_batch.c.arrived_on.desc(), _batch.c.id.desc())
        .limit(MOST_BATCHES)
    )
    return tuple(batch_facts(row) for row in connection.execute(query))


def batch_facts(row: Row[Any]) -> BatchFacts:
    """Return a row of ``batch`` as facts."""
    return BatchFacts(
        row.id,
        row.code,
        row.arrived_on,
        row.supplier_id,
        row.supplier_name,
        row.stopped_at is not None,
    )


def _lines() -> Select[Any]:
    return (
        select(
            _line,
            _order.c.number,
            _order.c.member_id,
            _order.c.pickup_day,
            _order.c.pickup_slot,
            _order.c.placed_at,
            _product.c.is_fresh,
            _product.c.is_daily,
            _product.c.content_pieces,
            _product.c.content_grams,
            sum_handed().label("handed"),
            sum_refunded().label("refunded_fen"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .join(_product, _product.c.id == _line.c.product_id)
    )


def _purchases(connection: Connection, query: Select[Any]) -> tuple[Purchase, ...]:
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    batches, cases = batches_of(connection, ids), _cases_of(connection, ids)
    return tuple(_purchase(row, batches.get(row.id, ()), cases.get(row.id, ())) for row in rows)


def _cases_of(connection: Connection, line_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    query = select(_case.c.line_id, _case.c.id, _case.c.status).where(
        _case.c.line_id.in_(list(line_ids))
    )
    found: dict[int, list[int]] = defaultdict(list)
    for line_id, case_id, status in connection.execute(query):
        if status not in GONE:
            found[line_id].append(case_id)
    return {line_id: tuple(sorted(ids)) for line_id, ids in found.items()}


def _purchase(row: Row[Any], batches: tuple[BatchFacts, ...], cases: tuple[int, ...]) -> Purchase:
    return Purchase(
        line_id=row.id,
        order_id=row.order_id,
        order_number=row.number,
        member_id=row.member_id,
        day=row.pickup_day,
        slot=row.pickup_slot,
        placed_at=row.placed_at,
        product_id=row.product_id,
        product=row.product_name,
        unit=Unit(row.sale_unit, row.unit_grams),
        quantity=row.quantity,
        handed=int(row.handed),
        unit_price=Money(row.unit_price_fen),
        amount=Money(row.amount_fen),
        refunded=Money(int(row.refunded_fen)),
        fresh=row.is_fresh,
        daily=row.is_daily,
        cancelled=row.cancelled_at is not None,
        content_pieces=row.content_pieces,
        content_grams=row.content_grams,
        batches=batches,
        cases=cases,
    )
