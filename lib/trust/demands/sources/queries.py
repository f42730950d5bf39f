"""Reads of the checklist of a wish. What the shop would pay leaves only for who may see cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, case, func, select

from lib.db import schema
from lib.kernel.money import Money
from lib.shop.shop import DESK, Shop
from lib.trust.demands.sources.rules import SETTLED, Answer, SourceDetails, likeness

MOST_SUGGESTED = 5
MOST_TERMS = 2000
"""Products of suppliers that are looked through for a likeness."""

_source, _person = schema.demand_source, schema.person


@dataclass(frozen=True)
class Source:
    """One source of a wish.

    ``cost`` is None where it was not quoted or may not be seen; ``has_cost`` says whether it was.
    ``asked_by`` is empty for somebody no longer known.
    """

    id: int
    supplier_id: int | None
    name: str
    answer: Answer
    asked_at: datetime | None
    asked_by: str
    unit: str
    cost: Money | None
    has_cost: bool
    price: Money | None
    minimum: str
    ready_on: date | None
    note: str
    version: int

    @property
    def details(self) -> SourceDetails:
        """All that an edit form starts from."""
        return SourceDetails(
            self.name,
            self.supplier_id,
            self.answer,
            self.unit,
            self.cost,
            self.price,
            self.minimum,
            self.ready_on,
            self.note,
        )


@dataclass(frozen=True)
class Suggested:
    """A supplier who may have it: what similar goods it delivers."""

    supplier_id: int
    name: str
    products: tuple[str, ...]


def sources(shop: Shop, demand_id: int) -> tuple[Source, ...]:
    """Return the checklist of a wish: who can deliver first, then as it was written down."""
    shop.require(DESK)
    query = (
        select(_source, _person.c.name.label("asked_by_name"))
        .outerjoin(_person, _person.c.id == _source.c.asked_by)
        .where(_source.c.demand_id == demand_id)
        .order_by(_source.c.id)
        .limit(100)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    found = [
        Source(
            row.id,
            row.supplier_id,
            row.name,
            Answer(row.answer),
            row.asked_at,
            row.asked_by_name or "",
            row.unit,
            _money(row.cost_fen) if shop.may_see_cost else None,
            row.cost_fen is not None,
            _money(row.price_fen),
            row.minimum,
            row.ready_on,
            row.note,
            row.version,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: one.answer is not Answer.CAN))


def suggestions(shop: Shop, title: str, known: Iterable[int] = ()) -> tuple[Suggested, ...]:
    """Return suppliers in use that deliver goods like ``title``, the most alike first.

    ``known`` are suppliers on the checklist already.
    """
    shop.require(DESK)
    term, supplier, product = schema.supply_term, schema.supplier, schema.product
    query = (
        select(supplier.c.id, supplier.c.name, product.c.name.label("product"))
        .join(term, term.c.supplier_id == supplier.c.id)
        .join(product, product.c.id == term.c.product_id)
        .where(term.c.ended_at.is_(None), supplier.c.archived_at.is_(None))
        .order_by(supplier.c.id)
        .limit(MOST_TERMS)
    )
    left_out = set(known)
    with shop.read() as connection:
        rows = [row for row in connection.execute(query) if row.id not in left_out]
    alike: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        score = likeness(title, row.product)
        if score:
            alike.setdefault(row.id, []).append((score, row.product))
    names = {row.id: row.name for row in rows}
    best = sorted(alike, key=lambda one: (-max(alike[one])[0], one))
    return tuple(
        Suggested(
            one, names[one], tuple(name for _score, name in sorted(alike[one], reverse=True)[:3])
        )
        for one in best[:MOST_SUGGESTED]
    )


def supplier_names(shop: Shop) -> dict[int, str]:
    """Return the suppliers in use by id, for a choice; names only."""
    shop.require(DESK)
    table = schema.supplier
    query = select(table.c.id, table.c.name).where(table.c.archived_at.is_(None))
    with shop.read() as connection:
        rows = connection.execute(query.order_by(table.c.name).limit(500)).all()
    return {row.id: row.name for row in rows}


def counts_of(connection: Connection, demand_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return per demand how many sources have answered and how many there are."""
    final = case((_source.c.answer.in_([answer.value for answer in SETTLED]), 1), else_=0)
    query = (
        select(_source.c.demand_id, func.sum(final), func.count())
        .where(_source.c.demand_id.in_(list(demand_ids)))
        .group_by(_source.c.demand_id)
    )
    return {row[0]: (int(row[1]), row[2]) for row in connection.execute(query)}


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)
