"""Reads of photos of cases: those of a case, and where the same picture was before (R28)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from lib.db import schema
from lib.service.after_sales.photos.rules import is_same
from lib.shop.shop import Shop

MOST_PHOTOS = 200
MOST_COMPARED = 20_000

_photo, _person = schema.case_photo, schema.person


@dataclass(frozen=True)
class Photo:
    """A photo of a case. ``elsewhere`` are other cases in which the same picture was before."""

    id: int
    case_id: int
    sha256: str
    by_resident: bool
    at: datetime
    person: str
    elsewhere: tuple[int, ...] = ()


def photos_of(shop: Shop, connection: Connection, family: Sequence[int]) -> tuple[Photo, ...]:
    """Return the photos of a case and its joined doubles, oldest first, each picture once."""
    query = (
        select(_photo, _person.c.name.label("person"))
        .outerjoin(_person, _person.c.id == _photo.c.person_id)
        .where(_photo.c.case_id.in_(family), _photo.c.removed_at.is_(None))
        .order_by(_photo.c.at, _photo.c.id)
        .limit(MOST_PHOTOS)
    )
    rows = list({row.blob: row for row in reversed(connection.execute(query).all())}.values())
    rows.reverse()
    others = _others(shop, connection, family, rows)
    return tuple(
        Photo(
            row.id,
            row.case_id,
            row.blob,
            row.by_resident,
            row.at,
            row.person or "",
            _elsewhere(row, others, shop.settings.same_photo_bits),
        )
        for row in rows
    )


def _others(
    shop: Shop, connection: Connection, family: Sequence[int], rows: Sequence[Row[Any]]
) -> list[Any]:
    if not rows:
        return []
    since = shop.clock.now() - timedelta(days=shop.settings.same_photo_days)
    query = (
        select(_photo.c.id, _photo.c.case_id, _photo.c.blob, _photo.c.look, _photo.c.at)
        .where(
            _photo.c.at >= since,
            _photo.c.at <= max(row.at for row in rows),
            _photo.c.case_id.not_in(family),
            _photo.c.removed_at.is_(None),
        )
        .order_by(_photo.c.at.desc())
        .limit(MOST_COMPARED)
    )
    return list(connection.execute(query))


def _elsewhere(row: Row[Any], others: Sequence[Any], most_bits: int) -> tuple[int, ...]:
    """Return the cases in which the picture of ``row`` was before."""
    return tuple(
        sorted(
            {
                other.case_id
                for other in others
                if (other.at, other.id) < (row.at, row.id)
                and (other.blob == row.blob or is_same(other.look, row.look, most_bits))
            }
        )
    )
