"""Reads of purchase orders. Prices leave only for those who may see cost (E14)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.shop import DESK, Shop
from lib.supply.purchasing import rules
from lib.supply.purchasing.receiving.queries import shown_cost
from lib.supply.purchasing.rules import OPEN, RoundNeed, Status, still_to_come

_order, _line = schema.purchase_order, schema.purchase_line
_delivery, _batch = schema.delivery, schema.batch
_product, _term, _supplier = schema.product, schema.supply_term, schema.supplier

MOST = 500
LOOK_BACK = timedelta(days=7)
"""How long goods of an order that was not collected count as somebody's."""


@dataclass(frozen=True)
class OrderLine:
    """One product of a purchase order; quantities in grams or sale units.

    ``needed`` is what was wanted, ``quantity`` what is ordered, ``received`` the good goods that
    came. ``unit_price`` and all money is None for those who may not see cost. ``minimum`` is the
    least quantity the supplier delivers now.
    """

    id: int
    product_id: int
    name: str
    unit: Unit
    needed: int
    quantity: int
    case: int | None
    unit_price: Money | None
    suggested: int | None
    why: Mapping[str, Any] | None
    received: int
    rejected: int
    minimum: int | None

    @property
    def cases(self) -> rules.Cases:
        """The quantity in cases beside the need, with what is left over or missing (E3)."""
        return rules.Cases(self.needed, self.quantity, self.case)

    @property
    def to_come(self) -> int:
        """What is still to come of it."""
        return still_to_come(self.quantity, self.received)

    @property
    def below(self) -> int:
        """How much is missing to the least quantity of this product."""
        return rules.below_quantity(self.quantity, self.minimum)

    @property
    def amount(self) -> Money | None:
        """What the line costs; None when that is not known or not for this reader."""
        if self.unit_price is None:
            return None
        return self.unit.price_of(self.unit_price, self.quantity)


@dataclass(frozen=True)
class PurchaseOrder:
    """What is asked of a supplier; ``version`` belongs to the form that changes it.

    ``minimum`` is the supplier's least order in money by its agreement in force.
    """

    id: int
    number: str
    supplier_id: int
    supplier_name: str
    supplier_kind: str
    round_id: int | None
    round_title: str
    plan_day: date | None
    expected_on: date
    status: Status
    note: str
    created_at: datetime
    created_by: str
    sent_at: datetime | None
    closed_at: datetime | None
    close_reason: str
    version: int
    lines: tuple[OrderLine, ...]
    minimum: Money | None

    @property
    def is_open(self) -> bool:
        """Whether goods of it may still come."""
        return self.status in OPEN

    @property
    def partly_came(self) -> bool:
        """Whether some of it came and some did not."""
        return any(line.received or line.rejected for line in self.lines) and any(
            line.to_come for line in self.lines
        )

    @property
    def amount(self) -> Money | None:
        """What the whole order costs; None when a price is not known or not for this reader."""
        return rules.worth((line.unit, line.quantity, line.unit_price) for line in self.lines)

    @property
    def below(self) -> Money:
        """How much is missing to the supplier's minimum order."""
        return rules.below_amount(self.amount or Money(0), self.minimum)


@dataclass(frozen=True)
class Need:
    """What a round needs of one product, and from whom it is bought (E3).

    ``ordered`` is what residents still have to get of it in this round, ``free`` what lies in the
    shop and is nobody's, ``coming`` what is on the way until the pickup day for nobody else.
    Without a preferred supplier ``supplier_id`` is None.
    """

    product_id: int
    name: str
    unit: Unit
    ordered: int
    free: int
    coming: int
    supplier_id: int | None
    supplier_name: str
    case: int | None
    minimum: int | None
    unit_price: Money | None

    def needed(self, *, subtract: bool) -> int:
        """What is to be ordered before rounding to cases, less stock if ``subtract``."""
        return RoundNeed(
            self.product_id, self.ordered, self.free, self.coming, subtract=subtract
        ).needed


@dataclass(frozen=True)
class Due:
    """Purchase orders whose goods should be here: ``today`` and ``late``, earliest first."""

    today: tuple[PurchaseOrder, ...]
    late: tuple[PurchaseOrder, ...]


def orders(
    shop: Shop,
    *,
    statuses: Sequence[Status] = OPEN,
    supplier_id: int | None = None,
    round_id: int | None = None,
    plan_day: date | None = None,
    expected: tuple[date, date] | None = None,
    order_id: int | None = None,
    limit: int = 100,
) -> tuple[PurchaseOrder, ...]:
    """Return purchase orders by the day they are expected, open ones unless said otherwise.

    ``expected`` are the first and last day. Finished ones come newest first.
    """
    chosen: list[ColumnElement[bool]] = [_order.c.status.in_(list(statuses))]
    if order_id is not None:
        chosen.append(_order.c.id == order_id)
    if supplier_id is not None:
        chosen.append(_order.c.supplier_id == supplier_id)
    if round_id is not None:
        chosen.append(_order.c.round_id == round_id)
    if plan_day is not None:
        chosen.append(_order.c.plan_day == plan_day)
    if expected is not None:
        chosen.append(_order.c.expected_on.between(*expected))
    past = not any(status in OPEN for status in statuses)
    by_day = _order.c.expected_on.desc() if past else _order.c.expected_on
    by_age = _order.c.id.desc() if past else _order.c.id
    query = _orders().where(*chosen).order_by(by_day, by_age).limit(min(limit, MOST))
    return _read_orders(shop, query)


def order(shop: Shop, order_id: int) -> PurchaseOrder:
    """Return one purchase order; raises ``NotFound``."""
    found = _read_orders(shop, _orders().where(_order.c.id == order_id))
    if not found:
        raise NotFound(N_("This purchase order does not exist."))
    return found[0]


def orders_like(
    shop: Shop, supplier_id: int, *, round_id: int | None = None, plan_day: date | None = None
) -> tuple[PurchaseOrder, ...]:
    """Return what was ordered from a supplier for a round or a plan day already."""
    living = (Status.DRAFT, Status.SENT, Status.CLOSED)
    return orders(
        shop, statuses=living, supplier_id=supplier_id, round_id=round_id, plan_day=plan_day
    )


def on_the_way(shop: Shop, product_ids: Iterable[int], until: date) -> dict[int, dict[date, int]]:
    """Return what is still to come until ``until``, by product and the day it is expected.

    Of draft and sent orders, ordered less received; late ones stand under the day they were due.
    Quantities are grams or sale units; products of which nothing comes are left out.
    """
    shop.require(DESK)
    with shop.read() as connection:
        return on_the_way_in(connection, product_ids, until)


def on_the_way_in(
    connection: Connection, product_ids: Iterable[int], until: date
) -> dict[int, dict[date, int]]:
    """Return the same as :func:`on_the_way`, inside an open read or write."""
    came = _came_of_open().subquery("came")
    query = (
        select(
            _line.c.product_id,
            _order.c.expected_on,
            _line.c.quantity,
            func.coalesce(came.c.received, 0).label("received"),
        )
        .join(_order, _order.c.id == _line.c.order_id)
        .outerjoin(
            came, (came.c.order_id == _order.c.id) & (came.c.product_id == _line.c.product_id)
        )
        .where(
            _order.c.status.in_(OPEN),
            _order.c.expected_on <= until,
            _line.c.product_id.in_(list(product_ids)),
        )
    )
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for row in connection.execute(query):
        open_quantity = still_to_come(row.quantity, int(row.received))
        if open_quantity:
            days = found[row.product_id]
            days[row.expected_on] = days.get(row.expected_on, 0) + open_quantity
    return dict(found)


def due(shop: Shop, limit: int = 20) -> Due:
    """Return the orders whose goods should have come: of today, and late ones of the last month."""
    first = shop.today - timedelta(days=31)
    found = orders(shop, expected=(first, shop.today), limit=limit)
    return Due(
        tuple(one for one in found if one.expected_on == shop.today),
        tuple(one for one in found if one.expected_on < shop.today),
    )


def round_needs(shop: Shop, round_id: int) -> tuple[Need, ...]:
    """Return what a round needs per product, by supplier (E3, E5)."""
    shop.require(DESK)
    rounds = schema.buying_round
    with shop.read() as connection:
        day = connection.execute(
            select(rounds.c.pickup_day).where(rounds.c.id == round_id)
        ).scalar()
        if day is None:
            raise NotFound(N_("This round does not exist."))
        this_round = schema.customer_order.c.round_id == round_id
        ordered = _outstanding(connection, this_round)
        others = _outstanding(
            connection,
            or_(schema.customer_order.c.round_id.is_(None), ~this_round),
            schema.customer_order.c.pickup_day.between(shop.today - LOOK_BACK, day),
        )
        coming = on_the_way_in(connection, ordered, day)
        products = _products_with_terms(connection, ordered)
    needs = [
        _need(row, ordered[row.id], others.get(row.id, 0), coming.get(row.id, {}), shop)
        for row in products
        if ordered[row.id]
    ]
    return tuple(sorted(needs, key=lambda need: (need.supplier_id is None, need.supplier_name)))


def _orders() -> Select[Any]:
    rounds, people = schema.buying_round, schema.person
    return (
        select(
            _order,
            _supplier.c.name.label("supplier_name"),
            _supplier.c.kind.label("supplier_kind"),
            rounds.c.title.label("round_title"),
            people.c.name.label("person_name"),
        )
        .join(_supplier, _supplier.c.id == _order.c.supplier_id)
        .outerjoin(rounds, rounds.c.id == _order.c.round_id)
        .outerjoin(people, people.c.id == _order.c.created_by)
    )


def _came() -> Select[Any]:
    """What came of purchase orders so far, per order and product."""
    return (
        select(
            _delivery.c.purchase_order_id.label("order_id"),
            _batch.c.product_id,
            func.sum(_batch.c.received).label("received"),
            func.sum(_batch.c.rejected).label("rejected"),
        )
        .join(_delivery, _delivery.c.id == _batch.c.delivery_id)
        .group_by(_delivery.c.purchase_order_id, _batch.c.product_id)
    )


def _came_of_open() -> Select[Any]:
    of_order = _order.c.id == _delivery.c.purchase_order_id
    return _came().join(_order, of_order).where(_order.c.status.in_(OPEN))


def _came_of(connection: Connection, order_ids: list[int]) -> dict[tuple[int, int], Any]:
    query = _came().where(_delivery.c.purchase_order_id.in_(order_ids))
    return {(row.order_id, row.product_id): row for row in connection.execute(query)}


def _read_orders(shop: Shop, query: Select[Any]) -> tuple[PurchaseOrder, ...]:
    shop.require(DESK)
    with shop.read() as connection:
        rows = connection.execute(query).all()
        ids = [row.id for row in rows]
        came = _came_of(connection, ids)
        minimums = _minimums(connection, {row.supplier_id for row in rows}, shop.today)
        lines: dict[int, list[OrderLine]] = defaultdict(list)
        for line in connection.execute(_lines_of(ids)):
            found = came.get((line.order_id, line.product_id))
            lines[line.order_id].append(_order_line(line, found, shop))
    return tuple(_purchase_order(row, lines[row.id], minimums, shop) for row in rows)


def _lines_of(order_ids: list[int]) -> Select[Any]:
    return (
        select(_line, _term.c.minimum_quantity)
        .join(_order, _order.c.id == _line.c.order_id)
        .outerjoin(
            _term,
            (_term.c.supplier_id == _order.c.supplier_id)
            & (_term.c.product_id == _line.c.product_id)
            & _term.c.ended_at.is_(None),
        )
        .where(_line.c.order_id.in_(order_ids))
        .order_by(_line.c.order_id, _line.c.id)
    )


def _order_line(row: Row[Any], came: Any, shop: Shop) -> OrderLine:
    return OrderLine(
        row.id,
        row.product_id,
        row.product_name,
        Unit(row.sale_unit, row.unit_grams),
        row.needed,
        row.quantity,
        row.case_quantity,
        shown_cost(row.unit_price_fen, shop),
        row.suggested,
        row.why,
        int(came.received) if came is not None else 0,
        int(came.rejected) if came is not None else 0,
        row.minimum_quantity,
    )


def _purchase_order(
    row: Row[Any], lines: list[OrderLine], minimums: Mapping[int, int], shop: Shop
) -> PurchaseOrder:
    return PurchaseOrder(
        row.id,
        row.number,
        row.supplier_id,
        row.supplier_name,
        row.supplier_kind,
        row.round_id,
        row.round_title or "",
        row.plan_day,
        row.expected_on,
        Status(row.status),
        row.note,
        row.created_at,
        row.person_name or "",
        row.sent_at,
        row.closed_at,
        row.close_reason,
        row.version,
        tuple(lines),
        shown_cost(minimums.get(row.supplier_id), shop),
    )


def _minimums(connection: Connection, supplier_ids: Iterable[int], today: date) -> dict[int, int]:
    """Return the least order in fen by the agreement in force, per supplier that has one."""
    table = schema.agreement
    query = (
        select(table.c.supplier_id, table.c.minimum_order_fen)
        .where(
            table.c.supplier_id.in_(list(supplier_ids)),
            table.c.ended_at.is_(None),
            table.c.starts_on <= today,
            or_(table.c.ends_on.is_(None), table.c.ends_on >= today),
            table.c.minimum_order_fen.is_not(None),
        )
        .order_by(table.c.starts_on)
    )
    return {row.supplier_id: row.minimum_order_fen for row in connection.execute(query)}


def _outstanding(connection: Connection, *chosen: ColumnElement[bool]) -> dict[int, int]:
    """Return what residents have ordered and not yet been given, per product."""
    orders_, lines, handed = schema.customer_order, schema.order_line, schema.handover
    given = (
        select(handed.c.line_id, func.sum(handed.c.quantity).label("given"))
        .join(orders_, orders_.c.id == handed.c.order_id)
        .where(*chosen)
        .group_by(handed.c.line_id)
        .subquery("given")
    )
    query = (
        select(
            lines.c.product_id,
            func.sum(lines.c.quantity - func.coalesce(given.c.given, 0)).label("open"),
        )
        .join(orders_, orders_.c.id == lines.c.order_id)
        .outerjoin(given, given.c.line_id == lines.c.id)
        .where(orders_.c.status == "active", lines.c.cancelled_at.is_(None), *chosen)
        .group_by(lines.c.product_id)
    )
    return {row.product_id: max(0, int(row.open)) for row in connection.execute(query)}


def _products_with_terms(connection: Connection, product_ids: Iterable[int]) -> list[Row[Any]]:
    levels = schema.stock_level
    query = (
        select(
            _product,
            levels.c.on_hand,
            _supplier.c.id.label("supplier_id"),
            _supplier.c.name.label("supplier_name"),
            _term.c.case_quantity,
            _term.c.minimum_quantity,
            _term.c.price_fen.label("term_fen"),
        )
        .outerjoin(levels, levels.c.product_id == _product.c.id)
        .outerjoin(
            _term,
            (_term.c.product_id == _product.c.id) & _term.c.preferred & _term.c.ended_at.is_(None),
        )
        .outerjoin(_supplier, _supplier.c.id == _term.c.supplier_id)
        .where(_product.c.id.in_(list(product_ids)))
        .order_by(_product.c.category, _product.c.name, _term.c.id)
    )
    found: dict[int, Row[Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row.id, row)
    return list(found.values())


def _need(row: Row[Any], ordered: int, others: int, coming: Mapping[date, int], shop: Shop) -> Need:
    """Return the need; what other residents still have to get is theirs, here or on the way."""
    balance = (row.on_hand or 0) - others
    return Need(
        row.id,
        row.name,
        Unit(row.sale_unit, row.unit_grams),
        ordered,
        max(0, balance),
        max(0, sum(coming.values()) + min(0, balance)),
        row.supplier_id,
        row.supplier_name or "",
        row.case_quantity,
        row.minimum_quantity,
        shown_cost(row.term_fen, shop),
    )
