"""Reads of packaging material: what is left, what moved, what went into bags. All bounded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Exists, Select, exists, func, select, union_all

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

    ``left`` is what was left after it, None while nobody knew. ``undone``: it was taken back;
    ``counted_since``: a later count says what there is. ``number`` is that of the order it was put
    into.
    """

    id: int
    material: Packaging
    kind: Kind
    quantity: int
    left: int | None
    cost: Money | None
    number: int | None
    day: date
    at: datetime
    by: str
    note: str
    takes_back: bool
    undone: bool
    counted_since: bool = False

    @property
    def stands(self) -> bool:
        """Whether it neither takes something back nor was taken back."""
        return not (self.takes_back or self.undone)

    @property
    def can_undo(self) -> bool:
        """Whether a person may take it back here."""
        return self.kind in rules.UNDOABLE and self.stands and not self.counted_since


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
    """Return what is left of each material that was ever counted or bought; one statement."""
    newest = [
        select(_entry.c.material, _entry.c.left_after)
        .where(_entry.c.id == _newest(material).scalar_subquery())
        .where(_entry.c.left_after.is_not(None))
        for material in Packaging
    ]
    return {Packaging(row[0]): row[1] for row in connection.execute(union_all(*newest))}


def left_of(connection: Connection, material: Packaging) -> int | None:
    """Return what is left of one material; None while nobody knows."""
    query = select(_entry.c.left_after).where(_entry.c.id == _newest(material).scalar_subquery())
    return connection.execute(query).scalar()


def counted_since(connection: Connection, material: Packaging, entry_id: int) -> bool:
    """Whether a count that stands was booked after an entry."""
    query = _standing(material).where(_entry.c.kind == Kind.COUNTED.value, _entry.c.id > entry_id)
    return connection.execute(query.limit(1)).first() is not None


def is_known_without(connection: Connection, material: Packaging, entry_id: int) -> bool:
    """Whether something besides an entry says what there is of a material."""
    query = _standing(material).where(_entry.c.kind.in_(KNOWN), _entry.c.id != entry_id)
    return connection.execute(query.limit(1)).first() is not None


def movements(
    shop: Shop, material: Packaging | None = None, limit: int = MOST_MOVEMENTS
) -> tuple[Movement, ...]:
    """Return what was bought, counted and thrown away and what went into bags, newest first."""
    shop.require(DESK)
    query = (
        select(_entry, _person.c.name, _order.c.number, _undone().label("undone"))
        .outerjoin(_person, _person.c.id == _entry.c.person_id)
        .outerjoin(_order, _order.c.id == _entry.c.order_id)
        .order_by(_entry.c.id.desc())
        .limit(limit)
    )
    if material is not None:
        query = query.where(_entry.c.material == material.value)
    with shop.read() as connection:
        found = tuple(
            Movement(
                row.id,
                Packaging(row.material),
                Kind(row.kind),
                row.quantity,
                row.left_after,
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
    return tuple(_with_counts(found))


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


def _with_counts(newest_first: Iterable[Movement]) -> Iterator[Movement]:
    """Yield movements, each knowing whether a count that stands came after it."""
    counted: set[Packaging] = set()
    for one in newest_first:
        yield replace(one, counted_since=one.material in counted)
        if one.kind is Kind.COUNTED and one.stands:
            counted.add(one.material)


def _newest(material: Packaging) -> Select[tuple[int]]:
    """Return the statement for the newest row of a material."""
    return select(func.max(_entry.c.id)).where(_entry.c.material == material.value)


def _standing(material: Packaging) -> Select[tuple[int]]:
    """Return the statement for the rows of a material that nothing takes back."""
    return select(_entry.c.id).where(
        _entry.c.material == material.value, _entry.c.reverses_id.is_(None), ~_undone()
    )


def _undone() -> Exists:
    later = _entry.alias("taking_back")
    return exists(later.c.id).where(later.c.reverses_id == _entry.c.id)


def _used(connection: Connection, first: date) -> dict[Packaging, int]:
    query = (
        select(_entry.c.material, func.sum(-_entry.c.quantity))
        .where(
            _entry.c.material.in_([material.value for material in Packaging]),
            _entry.c.business_day >= first,
            _entry.c.kind == Kind.USED.value,
        )
        .group_by(_entry.c.material)
    )
    return {Packaging(row[0]): max(int(row[1]), 0) for row in connection.execute(query)}
