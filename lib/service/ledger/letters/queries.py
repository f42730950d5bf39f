"""Reads of letters: what the books say of a supplier's month, and the letters written. Owner only.

They hold purchase prices of that supplier, and nobody else's.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from lib.db import schema
from lib.kernel.clock import local_day
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money, ratio
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.service.after_sales.rules import Cause, CountedIn, Defect
from lib.service.ledger.causes.queries import OfSupplier, supplier_month
from lib.service.ledger.causes.rules import Rate
from lib.service.ledger.families.queries import families
from lib.service.ledger.letters import rules
from lib.service.ledger.letters.kept import ALTERED, body_from_json, fingerprint
from lib.service.ledger.letters.rules import (
    MOST_LINES,
    Body,
    Delivered,
    Facts,
    Last,
    Line,
    OfMonth,
    Picture,
    Reckoned,
)
from lib.service.ledger.rules import month_before, month_of
from lib.shop.settings import Settings
from lib.shop.shop import OWNER_ONLY, Shop
from lib.supply.papers.rules import Bearer
from lib.supply.statements.rules import ClaimStatus

MOST_LETTERS = 200
MOST_PICTURES = 60

_letter, _claim, _supplier = schema.supplier_letter, schema.supplier_claim, schema.supplier
_case, _line, _product = schema.after_sales_case, schema.order_line, schema.product
_batch, _term, _agreement = schema.batch, schema.supply_term, schema.agreement
_remedy, _photo = schema.case_remedy, schema.case_photo


@dataclass(frozen=True)
class Letter:
    """A letter as it was written. ``mark`` is the fingerprint printed on it."""

    id: int
    supplier_id: int
    month: date
    edition: int
    body: Body
    mark: str
    created_at: datetime
    claim_id: int | None
    claim: Money | None
    answer: ClaimStatus | None
    sent_at: datetime | None
    sent_how: str
    version: int


@dataclass(frozen=True)
class LetterCard:
    """A letter in a list."""

    id: int
    supplier_id: int
    month: date
    edition: int
    created_at: datetime
    claim: Money | None
    answer: ClaimStatus | None
    sent_at: datetime | None


def facts(shop: Shop, supplier_id: int, month: date) -> Facts:
    """Return what the books say of a supplier's month; raises ``NotFound``."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        return facts_in(connection, shop.settings, supplier_id, month)


def letters(shop: Shop, month: date) -> tuple[LetterCard, ...]:
    """Return the letters about the month of ``month``, of each supplier the newest first."""
    shop.require(OWNER_ONLY)
    query = (
        _letters()
        .where(_letter.c.month == month.replace(day=1))
        .order_by(_letter.c.supplier_id, _letter.c.edition.desc())
        .limit(MOST_LETTERS)
    )
    with shop.read() as connection:
        return tuple(
            LetterCard(
                row.id,
                row.supplier_id,
                row.month,
                row.edition,
                row.created_at,
                _money(row.claim_fen),
                ClaimStatus(row.answer) if row.answer else None,
                row.sent_at,
            )
            for row in connection.execute(query)
        )


def letter(shop: Shop, letter_id: int) -> Letter:
    """Return a letter; raises ``NotFound``, and ``Refused`` for one that was altered."""
    shop.require(OWNER_ONLY)
    with shop.read() as connection:
        row = connection.execute(_letters().where(_letter.c.id == letter_id)).first()
    if row is None:
        raise NotFound(N_("This letter does not exist."))
    return _read(row)


def letters_of(shop: Shop, supplier_id: int, month: date) -> tuple[Letter, ...]:
    """Return the editions of one supplier's letter about a month, the newest first."""
    shop.require(OWNER_ONLY)
    query = (
        _letters()
        .where(_letter.c.supplier_id == supplier_id, _letter.c.month == month.replace(day=1))
        .order_by(_letter.c.edition.desc())
        .limit(MOST_LETTERS)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    return tuple(_read(row) for row in rows)


def facts_in(connection: Connection, settings: Settings, supplier_id: int, month: date) -> Facts:
    """Return what the books say of a supplier's month, inside an open read or write."""
    this = month.replace(day=1)
    supplier = connection.execute(select(_supplier).where(_supplier.c.id == supplier_id)).first()
    if supplier is None:
        raise NotFound(N_("This supplier does not exist."))
    of_month, told = supplier_month(connection, settings, supplier, this)
    bearer = _bearer(connection, supplier_id, month_of(this)[1])
    ids = [row.id for row in told]
    listed = ids[:MOST_LINES]
    return Facts(
        supplier=supplier.name,
        this=_of_month(this, of_month.rate, of_month.deliveries),
        before=_of_month(
            month_before(this), of_month.before, _deliveries_before(connection, supplier_id, this)
        ),
        trend=of_month.trend,
        known_since=_since(of_month),
        bearer=bearer,
        defects=tuple(
            (Defect(defect), count)
            for defect, count in sorted(
                Counter(row.defect for row in told).items(), key=lambda each: (-each[1], each[0])
            )
        ),
        causes=of_month.causes,
        delivered=_delivered(connection, supplier_id, this),
        lines=_lines(connection, settings, supplier_id, listed, bearer),
        pictures=_pictures(connection, listed),
        last=_last(connection, supplier_id, month_before(this)),
    )


def _since(this: OfSupplier) -> date:
    assert this.known_since is not None  # a supplier's row has the day it was entered on
    return this.known_since


def _of_month(month: date, rate: Rate, deliveries: int) -> OfMonth:
    per_100 = rate.per_100
    return OfMonth(
        month,
        rate.cases,
        rate.sold_units,
        None if per_100 is None else str(per_100),
        rate.scored,
        rate.is_few,
        deliveries,
    )


def _deliveries_before(connection: Connection, supplier_id: int, month: date) -> int:
    query = select(func.count()).where(
        _batch.c.supplier_id == supplier_id,
        _batch.c.arrived_on.between(*month_of(month_before(month))),
        _batch.c.undone_at.is_(None),
    )
    return int(connection.execute(query).scalar_one())


def _bearer(connection: Connection, supplier_id: int, day: date) -> Bearer | None:
    """Return who bears spoilage by the agreement in force on ``day``; None without one."""
    query = (
        select(_agreement.c.spoilage_by)
        .where(
            _agreement.c.supplier_id == supplier_id,
            _agreement.c.starts_on <= day,
            or_(_agreement.c.ends_on.is_(None), _agreement.c.ends_on >= day),
        )
        .order_by(_agreement.c.starts_on.desc(), _agreement.c.id.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar_one_or_none()
    return Bearer(found) if found else None


def _delivered(connection: Connection, supplier_id: int, month: date) -> tuple[Delivered, ...]:
    query = (
        select(
            _batch.c.product_name,
            _batch.c.sale_unit,
            _batch.c.unit_grams,
            func.sum(_batch.c.received).label("received"),
            func.sum(_batch.c.rejected).label("rejected"),
            func.count().label("batches"),
        )
        .where(
            _batch.c.supplier_id == supplier_id,
            _batch.c.arrived_on.between(*month_of(month)),
            _batch.c.undone_at.is_(None),
        )
        .group_by(_batch.c.product_name, _batch.c.sale_unit, _batch.c.unit_grams)
        .order_by(func.count().desc(), _batch.c.product_name)
    )
    return tuple(
        Delivered(
            row.product_name,
            Unit(row.sale_unit, row.unit_grams),
            int(row.received),
            int(row.rejected),
            row.batches,
        )
        for row in connection.execute(query)
    )


def _lines(
    connection: Connection,
    settings: Settings,
    supplier_id: int,
    ids: Sequence[int],
    bearer: Bearer | None,
) -> tuple[Line, ...]:
    if not ids:
        return ()
    freight = _freight(connection, ids)
    query = (
        select(
            _case,
            _line.c.quantity.label("bought"),
            func.coalesce(_line.c.sale_unit, _product.c.sale_unit).label("sale_unit"),
            func.coalesce(_line.c.unit_grams, _product.c.unit_grams).label("unit_grams"),
            _product.c.content_pieces,
            _product.c.content_grams,
            _batch.c.code,
            _batch.c.arrived_on,
            _batch.c.unit_price_fen,
            _batch.c.unit_grams.label("batch_grams"),
            _term.c.price_fen.label("agreed_fen"),
        )
        .outerjoin(_line, _line.c.id == _case.c.line_id)
        .outerjoin(_product, _product.c.id == _case.c.product_id)
        .outerjoin(
            _batch, (_batch.c.id == _case.c.batch_id) & (_batch.c.supplier_id == supplier_id)
        )
        .outerjoin(
            _term,
            (_term.c.product_id == _case.c.product_id) & (_term.c.supplier_id == supplier_id),
        )
        .where(_case.c.id.in_(ids))
        .order_by(_case.c.reported_at, _case.c.id)
    )
    zone = settings.time_zone
    return tuple(
        _one(row, freight.get(row.id, Money()), bearer, zone) for row in connection.execute(query)
    )


def _one(row: Row[Any], freight: Money, bearer: Bearer | None, zone: str) -> Line:
    unit = Unit(row.sale_unit, row.unit_grams) if row.sale_unit else None
    counted_in = CountedIn(row.counted_in) if row.counted_in else None
    cause = Cause(row.cause) if row.cause else None
    content = row.content_pieces, row.content_grams
    quantity = (
        rules.bad_quantity(unit, row.bought, row.bad, row.of_total, counted_in, content)
        if unit
        else None
    )
    price = _price(row, unit)
    amount, reckoned = rules.amount_of(
        quantity, price, unit, freight, rules.share_of(cause, bearer)
    )
    if row.claim_id is not None:
        amount, reckoned = Money(), Reckoned.CLAIMED
    return Line(
        case_id=row.id,
        told_on=local_day(row.reported_at, zone),
        product=row.product_name,
        defect=Defect(row.defect),
        cause=cause,
        bad=row.bad,
        of_total=row.of_total,
        counted_in=counted_in,
        unit=unit,
        quantity=None if quantity is None else _whole(quantity),
        batch=row.code or "",
        arrived_on=row.arrived_on,
        price=price,
        freight=freight,
        amount=amount,
        reckoned=reckoned,
    )


def _whole(quantity: Fraction) -> int:
    return ratio(quantity.numerator, quantity.denominator)


def _price(row: Row[Any], unit: Unit | None) -> Money | None:
    """Return what the shop paid per sale unit of the line: of the batch, else as agreed."""
    if row.unit_price_fen is None or unit is None:
        return _money(row.agreed_fen)
    return Money(ratio(row.unit_price_fen * (unit.grams or 1), row.batch_grams or 1))


def _freight(connection: Connection, ids: Collection[int]) -> dict[int, Money]:
    family = families("carried", _case.c.id.in_(ids))
    query = (
        select(family.c.root, func.sum(_remedy.c.freight_fen))
        .join(_remedy, _remedy.c.case_id == family.c.id)
        .where(_remedy.c.undone_at.is_(None))
        .group_by(family.c.root)
    )
    return {root: Money(int(fen or 0)) for root, fen in connection.execute(query)}


def _pictures(connection: Connection, ids: Collection[int]) -> tuple[Picture, ...]:
    if not ids:
        return ()
    family = families("shown", _case.c.id.in_(ids))
    query = (
        select(_photo.c.blob, family.c.root)
        .join(family, family.c.id == _photo.c.case_id)
        .where(_photo.c.removed_at.is_(None))
        .order_by(_photo.c.at, _photo.c.id)
        .limit(MOST_PICTURES)
    )
    found = {row.blob: row.root for row in connection.execute(query)}
    return tuple(Picture(sha256, root) for sha256, root in found.items())


def _last(connection: Connection, supplier_id: int, month: date) -> Last | None:
    """Return what the letters about the month before asked and claimed; None without any."""
    query = (
        _letters()
        .where(_letter.c.supplier_id == supplier_id, _letter.c.month == month)
        .order_by(_letter.c.edition.desc())
    )
    rows = connection.execute(query.limit(MOST_LETTERS)).all()
    if not rows:
        return None
    claims = tuple(
        (Money(row.claim_fen), ClaimStatus(row.answer)) for row in rows if row.claim_id is not None
    )
    return Last(month, rows[0].asks, claims)


def _letters() -> Any:
    return select(
        _letter, _claim.c.amount_fen.label("claim_fen"), _claim.c.status.label("answer")
    ).outerjoin(_claim, _claim.c.id == _letter.c.claim_id)


def _read(row: Row[Any]) -> Letter:
    try:
        body = body_from_json(row.body)
    except ValueError as error:
        raise Refused(ALTERED) from error
    return Letter(
        row.id,
        row.supplier_id,
        row.month,
        row.edition,
        body,
        fingerprint(row.body),
        row.created_at,
        row.claim_id,
        _money(row.claim_fen),
        ClaimStatus(row.answer) if row.answer else None,
        row.sent_at,
        row.sent_how,
        row.version,
    )


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)
