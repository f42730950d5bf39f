"""Reads of papers and agreements. Owner only, but for what residents may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from lib.db import schema
from lib.kernel.money import Money
from lib.shop.settings import Settings
from lib.shop.shop import OWNER_ONLY, Shop
from lib.supply.papers.rules import (
    AgreementDetails,
    Bearer,
    Cycle,
    Goods,
    PaperDetails,
    Requirement,
    Standing,
    requirements,
    standing,
)
from lib.supply.suppliers.queries import PaperWarning, warning_days, warnings_of
from lib.supply.suppliers.rules import Kind, PaperKind, Stage, stage_of, step_of

MOST = 200

_paper, _agreement, _supplier = schema.supplier_paper, schema.agreement, schema.supplier
_term, _product, _blob = schema.supply_term, schema.product, schema.blob


@dataclass(frozen=True)
class Paper:
    """A paper of a supplier. ``scan`` is the SHA-256 of its picture, ``media_type`` what it is."""

    id: int
    supplier_id: int
    kind: PaperKind
    number: str
    issued_on: date | None
    valid_until: date | None
    scan: str | None
    media_type: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    stage: Stage
    version: int

    @property
    def details(self) -> PaperDetails:
        """All that an edit form starts from."""
        return PaperDetails(self.kind, self.number, self.issued_on, self.valid_until)


@dataclass(frozen=True)
class Need:
    """A paper that is asked of a supplier, and how the supplier stands with it."""

    supplier_id: int
    supplier_name: str
    asked: Requirement
    standing: Standing

    @property
    def is_lacking(self) -> bool:
        """Whether it must be there and is not, or is no longer valid."""
        return self.asked.must and self.standing is not Standing.HELD


@dataclass(frozen=True)
class Agreement:
    """What was agreed with a supplier. ``stage`` is how near its end is."""

    id: int
    supplier_id: int
    supplier_name: str
    details: AgreementDetails
    scan: str | None
    media_type: str
    ended_at: datetime | None
    stage: Stage
    version: int


@dataclass(frozen=True)
class Ending:
    """An agreement that ends soon or has ended, with no other one to follow.

    ``step`` is the warning that is due (days before the end), None once it is over.
    """

    supplier_id: int
    supplier_name: str
    ends_on: date
    stage: Stage
    step: int | None


@dataclass(frozen=True)
class PapersDue:
    """What Today tells of papers and agreements, the soonest first."""

    papers: tuple[PaperWarning, ...]
    agreements: tuple[Ending, ...]


def papers_of(shop: Shop, supplier_id: int) -> tuple[Paper, ...]:
    """Return all papers of a supplier, those in use first, the newest first. Owner only."""
    shop.require(OWNER_ONLY)
    query = (
        _papers()
        .where(_paper.c.supplier_id == supplier_id)
        .order_by(_paper.c.withdrawn_at.is_not(None), _paper.c.id.desc())
        .limit(MOST)
    )
    with shop.read() as connection:
        return tuple(_read_paper(shop, row) for row in connection.execute(query))


def needs(shop: Shop, supplier_id: int | None = None) -> tuple[Need, ...]:
    """Return what is asked of one supplier, or of all in use, and how they stand. Owner only."""
    shop.require(OWNER_ONLY)
    query = select(_supplier.c.id, _supplier.c.name, _supplier.c.kind).order_by(_supplier.c.name)
    query = query.where(
        _supplier.c.archived_at.is_(None) if supplier_id is None else _supplier.c.id == supplier_id
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
        ids = [row.id for row in rows]
        goods, held = _goods(connection, ids), _held(connection, ids)
    return tuple(
        Need(row.id, row.name, asked, standing(asked, held.get(row.id, ()), shop.today))
        for row in rows
        for asked in requirements(Kind(row.kind), goods.get(row.id, ()))
    )


def agreements_of(shop: Shop, supplier_id: int) -> tuple[Agreement, ...]:
    """Return the agreements with a supplier, the latest first. Owner only."""
    shop.require(OWNER_ONLY)
    query = (
        _agreements()
        .where(_agreement.c.supplier_id == supplier_id)
        .order_by(_agreement.c.starts_on.desc(), _agreement.c.id.desc())
        .limit(MOST)
    )
    with shop.read() as connection:
        return tuple(_read_agreement(shop, row) for row in connection.execute(query))


def running_on(agreements: Iterable[Agreement], day: date) -> Agreement | None:
    """Return the agreement of one supplier that is in force on ``day``."""
    for each in agreements:
        details = each.details
        if details.starts_on <= day <= (details.ends_on or date.max):
            return each
    return None


def due(shop: Shop) -> PapersDue:
    """Return what ends soon or has ended at suppliers in use. Owner only (R2, R9)."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        ids = list(
            connection.execute(
                select(_supplier.c.id).where(_supplier.c.archived_at.is_(None))
            ).scalars()
        )
        warned = warnings_of(connection, ids, shop.today, warning_days(shop.settings))
        rows = connection.execute(_agreements().where(_supplier.c.archived_at.is_(None))).all()
    papers = sorted(
        (each for several in warned.values() for each in several), key=lambda one: one.valid_until
    )
    return PapersDue(tuple(papers), _endings(shop, rows))


def agreement_days(settings: Settings) -> tuple[int, int]:
    """Return the days before the end of an agreement on which it is warned of."""
    return settings.agreement_first_warning, settings.agreement_second_warning


def cycles_on(connection: Connection, day: date) -> dict[int, Cycle]:
    """Return how often each supplier is paid by the agreement in force on ``day``."""
    query = (
        select(_agreement.c.supplier_id, _agreement.c.cycle)
        .where(
            _agreement.c.starts_on <= day,
            or_(_agreement.c.ends_on.is_(None), _agreement.c.ends_on >= day),
        )
        .order_by(_agreement.c.starts_on, _agreement.c.id)
    )
    return {row.supplier_id: Cycle(row.cycle) for row in connection.execute(query)}


def _endings(shop: Shop, rows: Iterable[Row[Any]]) -> tuple[Ending, ...]:
    latest: dict[int, Row[Any]] = {}
    for row in rows:
        known = latest.get(row.supplier_id)
        if known is None or _last_day(known) < _last_day(row):
            latest[row.supplier_id] = row
    days = agreement_days(shop.settings)
    found = []
    for row in latest.values():
        stage = stage_of(row.ends_on, shop.today, days)
        if stage is not Stage.FINE and row.ended_at is None:
            step = step_of(row.ends_on, shop.today, days)
            found.append(Ending(row.supplier_id, row.name, row.ends_on, stage, step))
    return tuple(sorted(found, key=lambda one: (one.ends_on, one.supplier_id)))


def _last_day(row: Any) -> date:
    return row.ends_on or date.max


def _papers() -> Select[Any]:
    return select(_paper, _blob.c.media_type).outerjoin(_blob, _blob.c.sha256 == _paper.c.scan)


def _read_paper(shop: Shop, row: Row[Any]) -> Paper:
    return Paper(
        id=row.id,
        supplier_id=row.supplier_id,
        kind=PaperKind(row.kind),
        number=row.number,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        scan=row.scan,
        media_type=row.media_type or "",
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        stage=stage_of(row.valid_until, shop.today, warning_days(shop.settings)),
        version=row.version,
    )


def _agreements() -> Select[Any]:
    return (
        select(_agreement, _supplier.c.name, _blob.c.media_type)
        .join(_supplier, _supplier.c.id == _agreement.c.supplier_id)
        .outerjoin(_blob, _blob.c.sha256 == _agreement.c.scan)
    )


def _read_agreement(shop: Shop, row: Row[Any]) -> Agreement:
    minimum = row.minimum_order_fen
    return Agreement(
        id=row.id,
        supplier_id=row.supplier_id,
        supplier_name=row.name,
        details=AgreementDetails(
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            cycle=Cycle(row.cycle),
            minimum_order=None if minimum is None else Money(minimum),
            case_note=row.case_note,
            spoilage_by=Bearer(row.spoilage_by),
            notice_days=row.notice_days,
            prepayment=Money(row.prepayment_fen),
            note=row.note,
        ),
        scan=row.scan,
        media_type=row.media_type or "",
        ended_at=row.ended_at,
        stage=stage_of(row.ends_on, shop.today, agreement_days(shop.settings)),
        version=row.version,
    )


def _goods(connection: Connection, supplier_ids: list[int]) -> dict[int, set[Goods]]:
    query = (
        select(
            _term.c.supplier_id,
            _product.c.name,
            _product.c.category,
            _product.c.is_daily,
            _product.c.is_fresh,
        )
        .join(_product, _product.c.id == _term.c.product_id)
        .where(
            _term.c.supplier_id.in_(supplier_ids),
            _term.c.ended_at.is_(None),
            _product.c.archived_at.is_(None),
        )
    )
    found: dict[int, set[Goods]] = {}
    for row in connection.execute(query):
        goods = Goods.of(row.name, row.category, is_daily=row.is_daily, is_fresh=row.is_fresh)
        found.setdefault(row.supplier_id, set()).add(goods)
    return found


def _held(
    connection: Connection, supplier_ids: list[int]
) -> dict[int, list[tuple[PaperKind, date | None]]]:
    query = select(_paper.c.supplier_id, _paper.c.kind, _paper.c.valid_until).where(
        _paper.c.supplier_id.in_(supplier_ids), _paper.c.withdrawn_at.is_(None)
    )
    found: dict[int, list[tuple[PaperKind, date | None]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.supplier_id, []).append((PaperKind(row.kind), row.valid_until))
    return found
