"""Reads of suppliers and of what they deliver. Prices leave only for those who may see cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money, total
from lib.kernel.position import Position
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.members.profiles.rules import masked
from lib.shop.settings import Settings
from lib.shop.shop import DESK, OWNER_ONLY, Role, Shop
from lib.supply.suppliers.rules import (
    Details,
    Kind,
    PaperKind,
    Share,
    Stage,
    TermDetails,
    distance,
    is_local,
    share_of,
    stage_of,
)

MOST = 500
"""Suppliers one list shows at most."""

_supplier, _term, _product = schema.supplier, schema.supply_term, schema.product
_batch, _paper = schema.batch, schema.supplier_paper

STANDS_ALONE = (PaperKind.QUARANTINE, PaperKind.TRADEMARK, PaperKind.OTHER)
"""Kinds of which a supplier has several at a time; of the others the one valid longest counts."""


@dataclass(frozen=True)
class Supplier:
    """A supplier as the desk sees it.

    ``metres`` is the distance to the shop (None: not known) and ``is_local`` whether it counts as
    local. The phone is masked for all but the owner. ``version`` belongs to the edit form.
    """

    id: int
    name: str
    kind: Kind
    district: str
    metres: int | None
    is_local: bool
    far_reason: str
    contact_name: str
    phone: str
    address: str
    story: str
    shows_name: bool
    shows_contact: bool
    position: Position | None
    typed_metres: int | None
    distance_how: str
    note: str
    created_at: datetime
    archived_at: datetime | None
    version: int

    @property
    def details(self) -> Details:
        """All that an edit form starts from."""
        return Details(
            name=self.name,
            kind=self.kind,
            contact_name=self.contact_name,
            phone=self.phone,
            address=self.address,
            district=self.district,
            story=self.story,
            shows_name=self.shows_name,
            shows_contact=self.shows_contact,
            position=self.position,
            typed_metres=self.typed_metres,
            distance_how=self.distance_how,
            far_reason=self.far_reason,
            note=self.note,
        )


@dataclass(frozen=True)
class Term:
    """A product of a supplier and its terms.

    ``price`` is per sale unit and None for those who may not see cost; quantities are base
    quantities (grams or sale units).
    """

    id: int
    supplier_id: int
    supplier_name: str
    product_id: int
    product_name: str
    unit: Unit
    price: Money | None
    case_quantity: int | None
    minimum_quantity: int | None
    shelf_life_days: int | None
    preferred: bool
    version: int

    @property
    def details(self) -> TermDetails:
        """All that an edit form starts from; a price that may not be seen is zero."""
        return TermDetails(
            self.price or Money(),
            self.case_quantity,
            self.minimum_quantity,
            self.shelf_life_days,
            self.preferred,
        )


@dataclass(frozen=True)
class PaperWarning:
    """A paper of a supplier that expired, or does so soon. The last valid day is its end."""

    supplier_id: int
    supplier_name: str
    kind: PaperKind
    valid_until: date
    expired: bool


@dataclass(frozen=True)
class PublicSupplier:
    """What residents may read of a supplier; empty where the shop does not show it."""

    name: str
    kind: Kind
    district: str
    metres: int | None
    story: str
    contact: str


@dataclass(frozen=True)
class Purchases:
    """What was bought from a supplier in a period; ``amount`` lacks the ``unpriced`` batches."""

    amount: Money
    batches: int
    unpriced: int


def suppliers(shop: Shop, *, archived: bool = False) -> tuple[Supplier, ...]:
    """Return the suppliers by name: those in use, or the archived ones."""
    shop.require(DESK)
    stands = _supplier.c.archived_at.is_not(None) if archived else _supplier.c.archived_at.is_(None)
    query = select(_supplier).where(stands).order_by(_supplier.c.name, _supplier.c.id).limit(MOST)
    with shop.read() as connection:
        return tuple(_read_supplier(shop, row) for row in connection.execute(query))


def supplier(shop: Shop, supplier_id: int) -> Supplier:
    """Return one supplier, archived or not; raises ``NotFound``."""
    shop.require(DESK)
    query = select(_supplier).where(_supplier.c.id == supplier_id)
    with shop.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise NotFound(N_("This supplier does not exist."))
    return _read_supplier(shop, row)


def terms_of(shop: Shop, supplier_id: int) -> tuple[Term, ...]:
    """Return what a supplier delivers and on which terms, by product name."""
    shop.require(DESK)
    query = _terms().where(_term.c.supplier_id == supplier_id).order_by(_product.c.name)
    with shop.read() as connection:
        return tuple(_read_term(shop, row) for row in connection.execute(query.limit(MOST)))


def preferred_terms(shop: Shop, product_ids: Iterable[int]) -> dict[int, Term]:
    """Return the preferred terms of each product that a supplier in use delivers."""
    shop.require(DESK)
    query = _terms().where(
        _term.c.product_id.in_(list(product_ids)),
        _term.c.preferred,
        _supplier.c.archived_at.is_(None),
    )
    with shop.read() as connection:
        found = [_read_term(shop, row) for row in connection.execute(query)]
    return {each.product_id: each for each in found}


def paper_warnings(shop: Shop, product_ids: Iterable[int]) -> dict[int, tuple[PaperWarning, ...]]:
    """Return expired and expiring papers of the suppliers that deliver each product (R9).

    A paper that was renewed or withdrawn is not told of. Products without a warning are absent.
    """
    shop.require(DESK)
    wanted = list(product_ids)
    delivers = (
        select(_term.c.product_id, _term.c.supplier_id)
        .join(_supplier, _supplier.c.id == _term.c.supplier_id)
        .where(
            _term.c.product_id.in_(wanted),
            _term.c.ended_at.is_(None),
            _supplier.c.archived_at.is_(None),
        )
    )
    with shop.read() as connection:
        pairs = connection.execute(delivers).all()
        ids = {row.supplier_id for row in pairs}
        warned = warnings_of(connection, ids, shop.today, warning_days(shop.settings))
    found: dict[int, tuple[PaperWarning, ...]] = {}
    for row in pairs:
        if row.supplier_id in warned:
            found[row.product_id] = found.get(row.product_id, ()) + warned[row.supplier_id]
    return found


def public_supplier(shop: Shop, supplier_id: int) -> PublicSupplier:
    """Return what residents may read of a supplier; raises ``NotFound``. Public."""
    with shop.read() as connection:
        return public_supplier_in(connection, supplier_id, shop.settings)


def public_supplier_in(
    connection: Connection, supplier_id: int, settings: Settings
) -> PublicSupplier:
    """Return what residents may read of a supplier, inside an open read; raises ``NotFound``."""
    query = select(_supplier).where(_supplier.c.id == supplier_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(N_("This supplier does not exist."))
    contact = " ".join(part for part in (row.contact_name, row.phone) if part)
    return PublicSupplier(
        name=row.name if row.shows_name else "",
        kind=Kind(row.kind),
        district=row.district,
        metres=_metres(row, settings),
        story=row.story,
        contact=contact if row.shows_contact else "",
    )


def month_share(shop: Shop, day: date) -> Share:
    """Return near and far purchases of the calendar month of ``day`` (R1). Owner only.

    Batches received from its first to its last day, at their agreed prices, by the distance as it
    is known now.
    """
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        places = {
            row.id: _metres(row, shop.settings) for row in connection.execute(select(_supplier))
        }
        rows = connection.execute(_bought(*_month(day))).all()
    bought = [(places[row.supplier_id], _amount(row)) for row in rows]
    return share_of(bought, shop.settings.local_radius_km)


def month_purchases(shop: Shop, day: date) -> dict[int, Purchases]:
    """Return what was bought from each supplier in the month of ``day``. Owner only."""
    shop.require(OWNER_ONLY)
    amounts: dict[int, list[Money | None]] = {}
    with shop.read() as connection:
        for row in connection.execute(_bought(*_month(day))):
            amounts.setdefault(row.supplier_id, []).append(_amount(row))
    return {supplier_id: _purchases(each) for supplier_id, each in amounts.items()}


def warning_days(settings: Settings) -> tuple[int, int, int]:
    """Return the days before the end of a paper on which it is warned of."""
    return (
        settings.paper_first_warning,
        settings.paper_second_warning,
        settings.paper_last_warning,
    )


def warnings_of(
    connection: Connection, supplier_ids: Iterable[int], today: date, days: Sequence[int]
) -> dict[int, tuple[PaperWarning, ...]]:
    """Return the paper warnings per supplier, inside an open read; suppliers without are absent."""
    query = (
        select(_paper.c.supplier_id, _paper.c.kind, _paper.c.valid_until, _supplier.c.name)
        .join(_supplier, _supplier.c.id == _paper.c.supplier_id)
        .where(_paper.c.supplier_id.in_(list(supplier_ids)), _paper.c.withdrawn_at.is_(None))
        .order_by(_paper.c.valid_until, _paper.c.id)
    )
    longest: dict[tuple[int, PaperKind, int], Any] = {}
    for number, row in enumerate(connection.execute(query)):
        kind = PaperKind(row.kind)
        key = (row.supplier_id, kind, number if kind in STANDS_ALONE else 0)
        known = longest.get(key)
        if known is None or _end(known) <= _end(row):
            longest[key] = row
    found: dict[int, tuple[PaperWarning, ...]] = {}
    for (supplier_id, kind, _number), row in longest.items():
        stage = stage_of(row.valid_until, today, days)
        if stage is not Stage.FINE:
            said = PaperWarning(supplier_id, row.name, kind, row.valid_until, stage is Stage.OVER)
            found[supplier_id] = (*found.get(supplier_id, ()), said)
    return found


def _end(row: Any) -> date:
    return row.valid_until or date.max


def shop_position(settings: Settings) -> Position | None:
    """Return where the shop is; None while the owner has not said so."""
    try:
        return Position.parse(settings.shop_position) if settings.shop_position else None
    except Refused:
        return None


def _metres(row: Row[Any], settings: Settings) -> int | None:
    return distance(_position(row), row.typed_metres, shop_position(settings))


def _position(row: Row[Any]) -> Position | None:
    if row.latitude_e6 is None:
        return None
    return Position(row.latitude_e6, row.longitude_e6)


def _read_supplier(shop: Shop, row: Row[Any]) -> Supplier:
    metres = _metres(row, shop.settings)
    owner = shop.actor.role in (Role.OWNER, Role.SYSTEM)
    return Supplier(
        id=row.id,
        name=row.name,
        kind=Kind(row.kind),
        district=row.district,
        metres=metres,
        is_local=is_local(metres, shop.settings.local_radius_km),
        far_reason=row.far_reason,
        contact_name=row.contact_name,
        phone=row.phone if owner else masked(row.phone) or "",
        address=row.address,
        story=row.story,
        shows_name=row.shows_name,
        shows_contact=row.shows_contact,
        position=_position(row),
        typed_metres=row.typed_metres,
        distance_how=row.distance_how,
        note=row.note,
        created_at=row.created_at,
        archived_at=row.archived_at,
        version=row.version,
    )


def _terms() -> Select[Any]:
    return (
        select(
            _term,
            _supplier.c.name.label("supplier_name"),
            _product.c.name.label("product_name"),
            _product.c.sale_unit,
            _product.c.unit_grams,
        )
        .join(_supplier, _supplier.c.id == _term.c.supplier_id)
        .join(_product, _product.c.id == _term.c.product_id)
        .where(_term.c.ended_at.is_(None), _product.c.archived_at.is_(None))
    )


def _read_term(shop: Shop, row: Row[Any]) -> Term:
    return Term(
        id=row.id,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier_name,
        product_id=row.product_id,
        product_name=row.product_name,
        unit=Unit(row.sale_unit, row.unit_grams),
        price=Money(row.price_fen) if shop.may_see_cost else None,
        case_quantity=row.case_quantity,
        minimum_quantity=row.minimum_quantity,
        shelf_life_days=row.shelf_life_days,
        preferred=row.preferred,
        version=row.version,
    )


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _bought(first: date, until: date) -> Select[Any]:
    return select(
        _batch.c.supplier_id,
        _batch.c.received,
        _batch.c.unit_price_fen,
        _batch.c.sale_unit,
        _batch.c.unit_grams,
    ).where(_batch.c.arrived_on >= first, _batch.c.arrived_on < until, _batch.c.undone_at.is_(None))


def _amount(row: Row[Any]) -> Money | None:
    if row.unit_price_fen is None:
        return None
    unit = Unit(row.sale_unit, row.unit_grams)
    return unit.price_of(Money(row.unit_price_fen), row.received)


def _purchases(amounts: Sequence[Money | None]) -> Purchases:
    known = [amount for amount in amounts if amount is not None]
    return Purchases(total(known), len(amounts), len(amounts) - len(known))
