"""Reads of the origin pages. Everything here answers anybody, and only with published facts.

A supplier's address and coordinates, purchase prices, quantities and people are not read at all.
"""

from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, exists, func, literal, or_, select, true

from lib.db import schema
from lib.kernel.clock import local_day
from lib.kernel.errors import NotFound
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.files.showing import showings, shown_by
from lib.shop.shop import Shop
from lib.supply.origin.rules import (
    SHOWN_PAPERS,
    CalledBack,
    Certificate,
    Current,
    Origin,
    Piece,
    Source,
    in_force,
    is_token,
    level_of,
)
from lib.supply.suppliers.queries import public_supplier_in
from lib.supply.suppliers.rules import PaperKind
from lib.supply.traceability.queries import Evidence, public_evidence
from lib.supply.traceability.rules import Kind, freshness

MOST_CURRENT = 120
MOST_PAPERS = 30

_batch, _product, _evidence = schema.batch, schema.product, schema.evidence
_paper, _recall = schema.supplier_paper, schema.recall

UNKNOWN = N_("There is no batch under this address. Look at the code on the label again.")


def origin(shop: Shop, token: str) -> Origin:
    """Return what residents see of the batch with ``token``; raises ``NotFound``. Public."""
    if not is_token(token):
        raise NotFound(UNKNOWN)
    with shop.read() as connection:
        row = _row(connection, token)
        if row is None:
            raise NotFound(UNKNOWN)
        called_back = _called_back(shop, connection, row.id) if row.stopped_at else None
        source = public_supplier_in(connection, row.supplier_id, shop.settings)
        certificates = _certificates(connection, row.supplier_id, shop.today, bool(source.name))
    return Origin(
        batch_id=row.id,
        token=row.token,
        code=row.code,
        product_id=row.product_id,
        product=row.product_name,
        unit=Unit(row.sale_unit, row.unit_grams),
        photo=row.photo,
        arrived_on=row.arrived_on,
        produced_on=row.produced_on,
        best_before=row.best_before,
        best_before_printed=row.best_before_printed,
        source=Source(
            source.name,
            source.kind,
            source.district,
            source.metres,
            source.story,
            source.contact,
        ),
        pieces=tuple(_piece(shop, one) for one in public_evidence(shop, row.id)),
        certificates=certificates,
        stopped_on=_day(shop, row.stopped_at),
        called_back=called_back,
        product_stopped=row.product_stopped_at is not None,
    )


def origin_of_batch(shop: Shop, batch_id: int) -> Origin:
    """Return the same for the batch with this id; raises ``NotFound``."""
    query = select(_batch.c.token).where(_batch.c.id == batch_id)
    with shop.read() as connection:
        token = connection.execute(query).scalar()
    return origin(shop, token or "")


def current_batches(shop: Shop) -> tuple[Current, ...]:
    """Return the batches that lie in the shop and may be sold, newest first. Public.

    Stopped ones, and those past a date printed on them, are not among them.
    """
    published = and_(_evidence.c.published_at.is_not(None), _evidence.c.removed_at.is_(None))
    about = or_(
        _evidence.c.batch_id == _batch.c.id,
        _evidence.c.product_id == _batch.c.product_id,
        _evidence.c.supplier_id == _batch.c.supplier_id,
    )
    tested = (
        select(func.max(_evidence.c.made_on))
        .where(
            published,
            _evidence.c.batch_id == _batch.c.id,
            _evidence.c.kind == Kind.TEST_REPORT.value,
        )
        .scalar_subquery()
    )
    expired = and_(
        _batch.c.best_before_printed == true(),
        _batch.c.best_before.is_not(None),
        _batch.c.best_before < shop.today,
    )
    query = (
        select(
            _batch.c.id,
            _batch.c.product_id,
            _batch.c.product_name,
            _batch.c.token,
            _batch.c.code,
            _batch.c.arrived_on,
            exists().where(published, about).label("has_evidence"),
            tested.label("tested_on"),
        )
        .join(_product, _product.c.id == _batch.c.product_id)
        .where(
            _batch.c.on_hand != literal(0, literal_execute=True),  # a partial index knows no values
            _batch.c.on_hand > 0,
            _batch.c.stopped_at.is_(None),
            _batch.c.undone_at.is_(None),
            _product.c.stopped_at.is_(None),
            _product.c.archived_at.is_(None),
            ~expired,
        )
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    # Sorted here: an order in the statement would walk through all batches there ever were.
    newest = sorted(rows, key=lambda row: (row.arrived_on, row.id), reverse=True)
    return tuple(
        Current(
            row.product_id,
            row.product_name,
            row.token,
            row.code,
            row.arrived_on,
            bool(row.has_evidence),
            row.tested_on,
        )
        for row in newest[:MOST_CURRENT]
    )


def is_origin_picture(shop: Shop, sha256: str) -> bool:
    """Whether an origin page shows the picture besides the evidence. Public.

    That is the picture a product with batches bears now, and those of a published paper that is in
    force; never a PDF itself.
    """
    of_batch = exists().where(_batch.c.product_id == _product.c.id)
    bears = select(_product.c.id).where(_product.c.photo == sha256, of_batch).limit(1)
    with shop.read() as connection:
        if connection.execute(bears).first() is not None:
            return True
        files = shown_by(connection, sha256)
        if not files:
            return False
        papers = select(_paper.c.kind, _paper.c.valid_until, _paper.c.withdrawn_at).where(
            _paper.c.scan.in_(files), _paper.c.published_at.is_not(None)
        )
        return any(_counts(row, shop.today) for row in connection.execute(papers))


def _row(connection: Connection, token: str) -> Any:
    return connection.execute(
        select(
            _batch.c.id,
            _batch.c.token,
            _batch.c.code,
            _batch.c.supplier_id,
            _batch.c.product_id,
            _batch.c.product_name,
            _batch.c.sale_unit,
            _batch.c.unit_grams,
            _batch.c.arrived_on,
            _batch.c.produced_on,
            _batch.c.best_before,
            _batch.c.best_before_printed,
            _batch.c.stopped_at,
            _product.c.photo,
            _product.c.stopped_at.label("product_stopped_at"),
        )
        .join(_product, _product.c.id == _batch.c.product_id)
        .where(_batch.c.token == token, _batch.c.undone_at.is_(None))
    ).first()


def _called_back(shop: Shop, connection: Connection, batch_id: int) -> CalledBack | None:
    """Return the newest recall of the batch; what it says was written for residents."""
    row = connection.execute(
        select(_recall.c.started_at, _recall.c.reason, _recall.c.advice)
        .where(_recall.c.batch_id == batch_id)
        .order_by(_recall.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    on = local_day(row.started_at, shop.settings.time_zone)
    return CalledBack(on, row.reason, row.advice)


def _certificates(
    connection: Connection, supplier_id: int, today: date, named: bool
) -> tuple[Certificate, ...]:
    rows = connection.execute(
        select(
            _paper.c.kind,
            _paper.c.number,
            _paper.c.valid_until,
            _paper.c.withdrawn_at,
            _paper.c.published_at,
            _paper.c.scan,
        )
        .where(_paper.c.supplier_id == supplier_id, _paper.c.withdrawn_at.is_(None))
        .order_by(_paper.c.kind, _paper.c.id.desc())
        .limit(MOST_PAPERS)
    ).all()
    counting = [row for row in rows if _counts(row, today)]
    files = showings(connection, (row.scan for row in counting if row.published_at and row.scan))
    return tuple(
        Certificate(
            PaperKind(row.kind),
            # A number leads to a name at any public register.
            row.number if named or row.published_at else "",
            row.valid_until,
            files[row.scan].pictures if row.published_at and row.scan in files else (),
        )
        for row in counting
    )


def _counts(paper: Any, today: date) -> bool:
    withdrawn = paper.withdrawn_at is not None
    return paper.kind in SHOWN_PAPERS and in_force(paper.valid_until, withdrawn, today)


def _piece(shop: Shop, one: Evidence) -> Piece:
    today, made_on = shop.today, one.made_on
    clip = one.file.sha256 if one.file.is_clip else None
    pictures = one.file.pictures
    if clip and pictures == (clip,):
        pictures = ()
    return Piece(
        id=one.id,
        level=level_of(one.target),
        kind=one.kind,
        title=one.typed_title,
        pictures=pictures,
        clip=clip,
        seconds=one.file.seconds,
        width=one.file.width,
        height=one.file.height,
        made_on=made_on,
        issuer=one.issuer,
        result=one.result,
        days=(today - made_on).days if made_on else None,
        freshness=freshness(made_on, today, shop.settings.test_fresh_days),
    )


def _day(shop: Shop, moment: Any) -> date | None:
    return local_day(moment, shop.settings.time_zone) if moment is not None else None
