"""Reads of the community's labels (R3). Costs leave only for those who may see them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from lib.db import schema
from lib.kernel.clock import local_day
from lib.kernel.money import Money
from lib.shop.shop import DESK, Shop
from lib.supply.labels.rules import Details, Kind, Span, used_by

MOST_LABELS, MOST_MOVEMENTS = 300, 200

_label, _movement = schema.community_label, schema.label_movement
_product, _batch = schema.product, schema.batch


@dataclass(frozen=True)
class Label:
    """One version of a product's label. Counts are pieces.

    ``delivered`` is what deliveries used, ``by_hand`` the sum of the entries by hand; ``left`` is
    what should be in the drawer. ``details`` hold no costs for those who may not see them.
    """

    id: int
    product_id: int
    product: str
    number: int
    details: Details
    photo: str | None
    created_at: datetime
    ended_at: datetime | None
    version: int
    printed: int
    by_hand: int
    delivered: int

    @property
    def in_force(self) -> bool:
        """Whether it was approved and not ended: residents see "only here"."""
        return self.details.approved_on is not None and self.ended_at is None

    @property
    def left(self) -> int:
        """Printed labels that should still be there; negative when more were used than printed."""
        return self.by_hand - self.delivered

    def is_short(self, reorder_at: int) -> bool:
        """Whether to print again: in force, printed before, and fewer left than ``reorder_at``."""
        return self.in_force and self.printed > 0 and self.left < reorder_at


@dataclass(frozen=True)
class LabelMovement:
    """One entry by hand."""

    kind: Kind
    quantity: int
    reason: str
    at: datetime
    by: str


def in_force() -> ColumnElement[bool]:
    """Return which rows of ``community_label`` residents see: approved and not ended."""
    return and_(_label.c.approved_on.is_not(None), _label.c.ended_at.is_(None))


def only_here(shop: Shop) -> frozenset[int]:
    """Return the products with a label in force. Public."""
    with shop.read() as connection:
        return frozenset(
            connection.execute(select(_label.c.product_id).where(in_force())).scalars()
        )


def labels(shop: Shop) -> tuple[Label, ...]:
    """Return every version, those in force first, then by product and the newest first."""
    shop.require(DESK)
    with shop.read() as connection:
        found = read(connection, shop)
    return tuple(sorted(found, key=lambda one: (not one.in_force, one.product, -one.number)))


def due(shop: Shop) -> tuple[Label, ...]:
    """Return the labels in force of which fewer are left than the setting says."""
    return tuple(one for one in labels(shop) if one.is_short(shop.settings.label_reorder_at))


def label_movements(shop: Shop, label_id: int) -> tuple[LabelMovement, ...]:
    """Return the entries by hand of a version, newest first."""
    shop.require(DESK)
    people = schema.person
    query = (
        select(_movement, people.c.name)
        .outerjoin(people, people.c.id == _movement.c.person_id)
        .where(_movement.c.label_id == label_id)
        .order_by(_movement.c.id.desc())
        .limit(MOST_MOVEMENTS)
    )
    with shop.read() as connection:
        return tuple(
            LabelMovement(Kind(row.kind), row.quantity, row.reason, row.at, row.name or "")
            for row in connection.execute(query)
        )


def read(connection: Connection, shop: Shop, product_id: int | None = None) -> list[Label]:
    """Return the versions of a product, or of all, inside an open transaction."""
    printed = case((_movement.c.kind == Kind.PRINTED.value, _movement.c.quantity), else_=0)
    sums = (
        select(
            _movement.c.label_id,
            func.sum(_movement.c.quantity).label("by_hand"),
            func.sum(printed).label("printed"),
        )
        .group_by(_movement.c.label_id)
        .subquery("sums")
    )
    query = (
        select(_label, _product.c.name, sums.c.by_hand, sums.c.printed)
        .join(_product, _product.c.id == _label.c.product_id)
        .outerjoin(sums, sums.c.label_id == _label.c.id)
        .order_by(_label.c.product_id, _label.c.number)
        .limit(MOST_LABELS)
    )
    if product_id is not None:
        query = query.where(_label.c.product_id == product_id)
    rows = connection.execute(query).all()
    used = _used(connection, rows, shop.settings.time_zone)
    return [_one(row, used.get(row.id, 0), with_cost=shop.may_see_cost) for row in rows]


def _used(connection: Connection, rows: Collection[Row[Any]], zone: str) -> dict[int, int]:
    """Return what deliveries used of each version; reads batches since the first approval only."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in rows:
        if row.approved_on is not None:
            ended = None if row.ended_at is None else local_day(row.ended_at, zone)
            spans[row.product_id].append(Span(row.id, row.number, row.approved_on, ended))
    if not spans:
        return {}
    used: dict[int, int] = {}
    arrivals = _arrivals(connection, spans)
    for product_id, versions in spans.items():
        used |= used_by(versions, arrivals[product_id])
    return used


def _arrivals(
    connection: Connection, spans: dict[int, list[Span]]
) -> dict[int, list[tuple[date, int]]]:
    """Return the deliveries of each product as day and sale units, begun units counted whole."""
    first = min(span.approved_on for versions in spans.values() for span in versions)
    grams = func.coalesce(_batch.c.unit_grams, 1)
    units = func.sum((_batch.c.received + grams - 1) // grams)
    query = (
        select(_batch.c.product_id, _batch.c.arrived_on, units.label("units"))
        .where(
            _batch.c.product_id.in_(list(spans)),
            _batch.c.arrived_on >= first,
            _batch.c.undone_at.is_(None),
        )
        .group_by(_batch.c.product_id, _batch.c.arrived_on)
    )
    arrivals: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for row in connection.execute(query):
        arrivals[row.product_id].append((row.arrived_on, int(row.units)))
    return arrivals


def _one(row: Row[Any], delivered: int, *, with_cost: bool) -> Label:
    details = Details(
        row.title,
        row.minimum_run,
        _money(row.label_cost_fen) if with_cost else None,
        _money(row.unit_cost_fen) if with_cost else None,
        row.approved_on,
        row.note,
    )
    return Label(
        row.id,
        row.product_id,
        row.name,
        row.number,
        details,
        row.photo,
        row.created_at,
        row.ended_at,
        row.version,
        int(row.printed or 0),
        int(row.by_hand or 0),
        delivered,
    )


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)
