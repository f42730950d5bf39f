"""Reads of packaging material: what is left, what moved, what went into bags. All bounded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, case, exists, func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.service.packing import rules
from lib.service.packing.rules import Kind, MaterialStock, Packed
from lib.shop.shop import DESK, Shop
from lib.trade.packaging.rules import Packaging, cost_of

MOST_MOVEMENTS = 300

_entry, _packed = schema.packaging_entry, schema.packed_material
_order, _person = schema.customer_order, schema.person

KNOWN = (Kind.BOUGHT.value, Kind.COUNTED.value)
"""Kinds that make the stock of a material known."""


@dataclass(frozen=True)
class Movement:
    """One row of the ledger of material; ``cost`` in all, None where not known or not shown.

    ``undone``: it was taken back. ``number`` and ``day`` are those of the order it was put into.
    """

    id: int
    material: Packaging
    kind: Kind
    quantity: int
    cost: Money | None
    number: int | None
    day: date
    at: datetime
    by: str
    note: str
    takes_back: bool
    undone: bool

    @property
    def can_undo(self) -> bool:
        """Whether a person may take it back here."""
        return self.kind in rules.UNDOABLE and not (self.takes_back or self.undone)


def stock(shop: Shop) -> tuple[MaterialStock, ...]:
    """Return how each material stands, in the order the slips name them; two statements (R25)."""
    shop.require(DESK)
    settings, today = shop.settings, shop.today
    first = today - timedelta(days=settings.packaging_use_days - 1)
    with shop.read() as connection:
        left = on_hand(connection)
        used = _used(connection, first)
    return tuple(
        MaterialStock(
            material,
            left.get(material),
            used.get(material, 0),
            settings.packaging_use_days,
            rules.reorder_point(material, settings),
            rules.is_used(material, settings),
            rules.in_season(material, settings, today),
            cost_of(material, settings) if shop.may_see_cost else None,
        )
        for material in Packaging
    )


def due(shop: Shop) -> tuple[MaterialStock, ...]:
    """Return the material to be bought again, for Today."""
    return tuple(one for one in stock(shop) if one.is_due)


def on_hand(connection: Connection) -> dict[Packaging, int]:
    """Return what is left of each material that was ever counted or bought."""
    known = func.sum(case((_entry.c.kind.in_(KNOWN), 1), else_=0))
    query = (
        select(_entry.c.material, func.sum(_entry.c.quantity))
        .group_by(_entry.c.material)
        .having(known > 0)
    )
    return {Packaging(row[0]): int(row[1]) for row in connection.execute(query)}


def used_so_far(connection: Connection, material: Packaging) -> int:
    """Return the sum of a material's ledger, also of one that was never counted."""
    query = select(func.coalesce(func.sum(_entry.c.quantity), 0)).where(
        _entry.c.material == material.value
    )
    return int(connection.execute(query).scalar_one())


def movements(
    shop: Shop, material: Packaging | None = None, limit: int = MOST_MOVEMENTS
) -> tuple[Movement, ...]:
    """Return what was bought, counted and thrown away and what went into bags, newest first."""
    shop.require(DESK)
    later = _entry.alias("taking_back")
    undone = exists(later.c.id).where(later.c.reverses_id == _entry.c.id)
    query = (
        select(_entry, _person.c.name, _order.c.number, undone.label("undone"))
        .outerjoin(_person, _person.c.id == _entry.c.person_id)
        .outerjoin(_order, _order.c.id == _entry.c.order_id)
        .order_by(_entry.c.id.desc())
        .limit(limit)
    )
    if material is not None:
        query = query.where(_entry.c.material == material.value)
    with shop.read() as connection:
        return tuple(
            Movement(
                row.id,
                Packaging(row.material),
                Kind(row.kind),
                row.quantity,
                None if row.cost_fen is None or not shop.may_see_cost else Money(row.cost_fen),
                row.number,
                row.business_day,
                row.at,
                row.name or "",
                row.note,
                row.reverses_id is not None,
                bool(row.undone),
            )
            for row in connection.execute(query)
        )


def packed(shop: Shop, order_ids: Iterable[int]) -> dict[int, dict[Packaging, Packed]]:
    """Return what went into the bags of orders, by order; those not packed yet are left out."""
    shop.require(DESK)
    with shop.read() as connection:
        return packed_in(connection, order_ids)


def packed_in(
    connection: Connection, order_ids: Iterable[int]
) -> dict[int, dict[Packaging, Packed]]:
    """Return what went into the bags of orders, inside an open transaction."""
    wanted = sorted(set(order_ids))
    found: dict[int, dict[Packaging, Packed]] = {}
    if not wanted:
        return found
    for row in connection.execute(select(_packed).where(_packed.c.order_id.in_(wanted))):
        one = Packed(row.quantity, row.ruled)
        found.setdefault(row.order_id, {})[Packaging(row.material)] = one
    return found


def _used(connection: Connection, first: date) -> dict[Packaging, int]:
    query = (
        select(_entry.c.material, func.sum(-_entry.c.quantity))
        .where(_entry.c.kind == Kind.USED.value, _entry.c.business_day >= first)
        .group_by(_entry.c.material)
    )
    return {Packaging(row[0]): max(int(row[1]), 0) for row in connection.execute(query)}
