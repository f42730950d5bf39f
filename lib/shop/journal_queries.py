"""Reads of the journal. Owner only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from lib.db import schema
from lib.kernel.clock import day_bounds
from lib.shop import journal
from lib.shop.journal import Verdict
from lib.shop.shop import OWNER_ONLY, Shop

PAGE = 30
MOST_EXPORTED = 5000
MOST_CHOICES = 200

_LOG = schema.journal
_NAMES: dict[str, tuple[Table, ColumnElement[Any]]] = {
    "product": (schema.product, schema.product.c.name),
    "buying_round": (schema.buying_round, schema.buying_round.c.title),
    "member": (schema.member, schema.member.c.nickname),
    "person": (schema.person, schema.person.c.name),
    "customer_order": (schema.customer_order, schema.customer_order.c.number),
    "cost_sheet": (schema.cost_sheet, schema.cost_sheet.c.number),
    "batch": (schema.batch, schema.batch.c.code),
    "purchase_order": (schema.purchase_order, schema.purchase_order.c.number),
    "supplier": (schema.supplier, schema.supplier.c.name),
    "demand": (schema.demand, schema.demand.c.title),
}


@dataclass(frozen=True)
class Wanted:
    """Which rows to read: ``first`` and ``last`` are the shop's days, both included.

    ``subject`` is ``table:id``, or ``table`` for all of a kind.
    """

    first: date | None = None
    last: date | None = None
    actor: str | None = None
    action: str | None = None
    subject: str | None = None


@dataclass(frozen=True)
class Entry:
    """One journal row. ``name`` is what the subject is called today, empty when it has no name."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    name: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Choices:
    """Who and what stands in the journal, for the filters."""

    actors: tuple[str, ...]
    actions: tuple[str, ...]


def entries(shop: Shop, wanted: Wanted, page: int = 1, size: int = PAGE) -> list[Entry]:
    """Return page ``page`` (from 1) of the rows that ``wanted`` describes, newest first."""
    shop.require(OWNER_ONLY)
    query = (
        select(_LOG)
        .where(*_conditions(shop, wanted))
        .order_by(_LOG.c.id.desc())
        .limit(min(size, MOST_EXPORTED))
        .offset((max(page, 1) - 1) * size)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
        names = _names(connection, [row.subject for row in rows])
    return [
        Entry(
            row.id,
            row.at,
            row.actor,
            row.action,
            row.subject,
            names.get(row.subject, ""),
            row.details,
        )
        for row in rows
    ]


def count(shop: Shop, wanted: Wanted) -> int:
    """Return how many rows ``wanted`` describes."""
    shop.require(OWNER_ONLY)
    query = select(func.count()).select_from(_LOG).where(*_conditions(shop, wanted))
    with shop.read() as connection:
        return int(connection.execute(query).scalar_one())


def choices(shop: Shop) -> Choices:
    """Return everybody and every action that the journal names."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        actors = connection.execute(
            select(_LOG.c.actor).distinct().order_by(_LOG.c.actor).limit(MOST_CHOICES)
        ).scalars()
        actions = connection.execute(
            select(_LOG.c.action).distinct().order_by(_LOG.c.action).limit(MOST_CHOICES)
        ).scalars()
        return Choices(tuple(actors), tuple(actions))


def verdict(shop: Shop) -> Verdict:
    """Check every seal of the journal; reads all of it."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return journal.verify(connection, shop.place.secret("journal"))


def _conditions(shop: Shop, wanted: Wanted) -> list[ColumnElement[bool]]:
    zone, conditions = shop.settings.time_zone, []
    if wanted.first is not None:
        conditions.append(_LOG.c.at >= day_bounds(wanted.first, zone)[0])
    if wanted.last is not None:
        conditions.append(_LOG.c.at < day_bounds(wanted.last, zone)[1])
    if wanted.actor is not None:
        conditions.append(_LOG.c.actor == wanted.actor)
    if wanted.action is not None:
        conditions.append(_LOG.c.action == wanted.action)
    if wanted.subject and ":" in wanted.subject:
        conditions.append(_LOG.c.subject == wanted.subject)
    elif wanted.subject:
        conditions.append(_LOG.c.subject.startswith(f"{wanted.subject}:", autoescape=True))
    return conditions


def _names(connection: Connection, subjects: Sequence[str]) -> dict[str, str]:
    ids: dict[str, set[int]] = {}
    for subject in subjects:
        kind, _colon, number = subject.partition(":")
        if (kind in _NAMES or kind == "product_cost") and number.isdigit():
            ids.setdefault(kind, set()).add(int(number))
    found: dict[str, str] = {}
    if "product_cost" in ids:
        costs, products = schema.product_cost, schema.product
        rows = connection.execute(
            select(costs.c.id, products.c.name)
            .join(products, products.c.id == costs.c.product_id)
            .where(costs.c.id.in_(ids.pop("product_cost")))
        )
        found |= {f"product_cost:{row.id}": row.name for row in rows}
    for kind, numbers in ids.items():
        table, column = _NAMES[kind]
        rows = connection.execute(select(table.c.id, column).where(table.c.id.in_(numbers)))
        found |= {f"{kind}:{row[0]}": str(row[1]) for row in rows}
    return found
