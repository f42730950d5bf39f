"""Reads of evidence (R8, R9).

``public_evidence`` and ``is_public_evidence`` answer anybody and return published rows only; the
others are for owner and staff. Every list is bounded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    case,
    func,
    literal,
    null,
    select,
    true,
)

from lib.db import schema
from lib.shop.files.showing import Showing, showings, shown_by
from lib.shop.shop import DESK, Shop
from lib.supply.stock.queries import has_rest
from lib.supply.traceability.rules import LABELS, Freshness, Kind, Target, freshness

MOST_OF_ONE = 200
"""Pieces of evidence listed of one supplier, product or batch; newest first."""
MOST_PUBLIC = 60
"""Pieces of evidence on one public page."""
MOST_TESTED = 500
MOST_CHOICES = 300

_evidence, _batch = schema.evidence, schema.batch


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence with the file behind it. ``made_on`` is the day of test or filming.

    ``typed_title`` may be empty: show ``titled(translate)``.
    """

    id: int
    target: Target
    kind: Kind
    typed_title: str
    file: Showing
    made_on: date | None
    issuer: str
    result: str
    published_at: datetime | None
    created_at: datetime
    version: int

    @property
    def is_published(self) -> bool:
        """Whether residents see it."""
        return self.published_at is not None

    def titled(self, translate: Callable[[str], str]) -> str:
        """Return its title: as typed, else its kind and day, in the reader's language."""
        if self.typed_title:
            return self.typed_title
        kind = translate(LABELS[self.kind])
        return f"{kind} {self.made_on:%Y-%m-%d}" if self.made_on else kind


@dataclass(frozen=True)
class Choice:
    """A supplier, product or batch that evidence can be about; ``day`` is a batch's arrival."""

    name: str
    code: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Tested:
    """When a supplier's or product's goods were last tested. ``last`` None: no report yet."""

    target: Target
    name: str
    last: date | None
    days: int | None
    freshness: Freshness


@dataclass(frozen=True)
class Due:
    """Fresh goods in the shop whose last test report is old, and those without any."""

    old: tuple[Tested, ...]
    missing: tuple[Tested, ...]


def choices(shop: Shop, about: str, *, also: int | None = None) -> dict[int, Choice]:
    """Return what evidence can be about, by id: newest batches first, the others by name.

    ``about`` is ``batch``, ``product`` or ``supplier``. ``also`` is an id that is listed even if it
    is older than the newest ones, archived or gone from the shelf.
    """
    shop.require(DESK)
    query = _CHOICES[about]()
    with shop.read() as connection:
        rows = connection.execute(query.limit(MOST_CHOICES)).all()
        if also is not None and all(row.id != also for row in rows):
            rows = [*connection.execute(_CHOICES[about](also)).all(), *rows]
    return {row.id: Choice(row.name, row.code, row.day) for row in rows}


def _batches(only: int | None = None) -> Select[Any]:
    columns = _batch.c.id, _batch.c.product_name.label("name"), _batch.c.code
    query = select(*columns, _batch.c.arrived_on.label("day"))
    if only is not None:
        return query.where(_batch.c.id == only)
    newest = query.where(_batch.c.undone_at.is_(None))
    return newest.order_by(_batch.c.arrived_on.desc(), _batch.c.id.desc())


def _named(table: Table, only: int | None) -> Select[Any]:
    columns = table.c.id, table.c.name, literal("").label("code"), null().label("day")
    query = select(*columns)
    if only is not None:
        return query.where(table.c.id == only)
    return query.where(table.c.archived_at.is_(None)).order_by(table.c.name, table.c.id)


def _products(only: int | None = None) -> Select[Any]:
    return _named(schema.product, only)


def _suppliers(only: int | None = None) -> Select[Any]:
    return _named(schema.supplier, only)


_CHOICES: dict[str, Callable[..., Select[Any]]] = {
    "batch": _batches,
    "product": _products,
    "supplier": _suppliers,
}


def evidence_of(shop: Shop, target: Target) -> tuple[Evidence, ...]:
    """Return the evidence of ``target``, newest first, without what was removed."""
    shop.require(DESK)
    query = _select().where(*_about(target)).limit(MOST_OF_ONE)
    with shop.read() as connection:
        return _read(connection, query)


def evidence(shop: Shop, evidence_id: int) -> Evidence | None:
    """Return one piece of evidence; None for one that was removed or never was."""
    shop.require(DESK)
    with shop.read() as connection:
        found = _read(connection, _select().where(_evidence.c.id == evidence_id))
    return found[0] if found else None


def public_evidence(shop: Shop, batch_id: int) -> tuple[Evidence, ...]:
    """Return the published evidence of a batch, then of its product, then of its supplier.

    Newest first within each. Empty for a batch that does not exist. Public.
    """
    query = select(_batch.c.product_id, _batch.c.supplier_id).where(_batch.c.id == batch_id)
    with shop.read() as connection:
        row = connection.execute(query).first()
        if row is None:
            return ()
        nearness = case(
            (_evidence.c.batch_id == batch_id, 0),
            (_evidence.c.product_id == row.product_id, 1),
            else_=2,
        )
        published = (
            _select(nearness)
            .where(
                _evidence.c.published_at.is_not(None),
                (_evidence.c.batch_id == batch_id)
                | (_evidence.c.product_id == row.product_id)
                | (_evidence.c.supplier_id == row.supplier_id),
            )
            .limit(MOST_PUBLIC)
        )
        return _read(connection, published)


def is_public_evidence(shop: Shop, sha256: str) -> bool:
    """Whether anybody may see the picture or clip ``sha256``: published evidence shows it. Public.

    True for a published photo or clip, its thumbnail or poster, and the pages of a published PDF;
    never for the PDF itself, and no longer once it was withdrawn (A5, A27).
    """
    with shop.read() as connection:
        files = shown_by(connection, sha256)
        if not files:
            return False
        query = select(_evidence.c.id).where(
            _evidence.c.blob.in_(files),
            _evidence.c.published_at.is_not(None),
            _evidence.c.removed_at.is_(None),
        )
        return connection.execute(query.limit(1)).first() is not None


def tested(shop: Shop) -> tuple[Tested, ...]:
    """Return when each supplier and each product that came in was last tested, oldest first.

    A report of a batch counts for its product and its supplier. Suppliers first, then products.
    """
    shop.require(DESK)
    suppliers, products = schema.supplier, schema.product
    with shop.read() as connection:
        sold = select(_batch.c.product_id).where(_batch.c.product_id == products.c.id)
        rows = [
            *_tested(shop, connection, "supplier_id", select(suppliers.c.id, suppliers.c.name)
                     .where(suppliers.c.archived_at.is_(None))),
            *_tested(shop, connection, "product_id", select(products.c.id, products.c.name)
                     .where(products.c.archived_at.is_(None), sold.exists())),
        ]  # fmt: skip
    return tuple(rows)


def due(shop: Shop) -> Due:
    """Return the fresh goods lying in the shop whose last test is old or missing; for Today."""
    shop.require(DESK)
    products = schema.product
    lying = select(_batch.c.product_id).where(has_rest(), _batch.c.on_hand > 0)
    query = select(products.c.id, products.c.name).where(
        products.c.archived_at.is_(None), products.c.is_fresh == true(), products.c.id.in_(lying)
    )
    with shop.read() as connection:
        found = _tested(shop, connection, "product_id", query)
    return Due(
        tuple(item for item in found if item.freshness is Freshness.OLD),
        tuple(item for item in found if item.freshness is Freshness.MISSING),
    )


def _tested(shop: Shop, connection: Connection, column: str, named: Select[Any]) -> list[Tested]:
    names = {row.id: row.name for row in connection.execute(named.limit(MOST_TESTED))}
    last = _last_tests(connection, column, list(names))
    today, fresh_days = shop.today, shop.settings.test_fresh_days
    found = [
        Tested(
            Target(**{column: row_id}),
            name,
            last.get(row_id),
            (today - last[row_id]).days if row_id in last else None,
            freshness(last.get(row_id), today, fresh_days),
        )
        for row_id, name in names.items()
    ]
    return sorted(found, key=lambda item: (item.last or date.min, item.name))


def _last_tests(connection: Connection, column: str, ids: Sequence[int]) -> dict[int, date]:
    """Return the newest test day per supplier or product; a report without a day does not count."""
    whose = func.coalesce(_evidence.c[column], _batch.c[column])
    query = (
        select(whose.label("whose"), func.max(_evidence.c.made_on).label("last"))
        .select_from(_evidence.outerjoin(_batch, _batch.c.id == _evidence.c.batch_id))
        .where(
            _evidence.c.kind == Kind.TEST_REPORT.value,
            _evidence.c.removed_at.is_(None),
            _evidence.c.made_on.is_not(None),
            whose.in_(ids),
        )
        .group_by(whose)
    )
    return {row.whose: row.last for row in connection.execute(query)}


def _select(*first: ColumnElement[Any]) -> Select[Any]:
    return (
        select(_evidence)
        .where(_evidence.c.removed_at.is_(None))
        .order_by(*first, _evidence.c.made_on.desc().nulls_last(), _evidence.c.id.desc())
    )


def _about(target: Target) -> list[ColumnElement[bool]]:
    return [_evidence.c[name] == value for name, value in target.columns().items()]


def _read(connection: Connection, query: Select[Any]) -> tuple[Evidence, ...]:
    rows = connection.execute(query).all()
    files = showings(connection, (row.blob for row in rows))
    return tuple(
        Evidence(
            id=row.id,
            target=_target(row),
            kind=Kind(row.kind),
            typed_title=row.title,
            file=files[row.blob],
            made_on=row.made_on,
            issuer=row.issuer,
            result=row.result,
            published_at=row.published_at,
            created_at=row.created_at,
            version=row.version,
        )
        for row in rows
    )


def _target(row: Any) -> Target:
    if row.batch_id is not None:
        return Target(batch_id=row.batch_id)
    if row.product_id is not None:
        return Target(product_id=row.product_id)
    return Target(supplier_id=row.supplier_id)
