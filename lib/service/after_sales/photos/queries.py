"""Reads of photos of cases: those of a case, and where the same picture was before (R28)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from lib.db import schema
from lib.service.after_sales.photos.rules import marks_of
from lib.shop.shop import Shop

MOST_PHOTOS = 200
MOST_COMPARED = 20_000

_photo, _person, _case = schema.case_photo, schema.person, schema.after_sales_case


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
    before = _before(shop, connection, family, rows)
    return tuple(
        Photo(
            row.id,
            row.case_id,
            row.blob,
            row.by_resident,
            row.at,
            row.person or "",
            before.get(row.id, ()),
        )
        for row in rows
    )


def _before(
    shop: Shop, connection: Connection, family: Sequence[int], rows: Sequence[Row[Any]]
) -> dict[int, tuple[int, ...]]:
    """Return per photo the other cases in which the same picture was before, by file or look.

    Photos are numbered in the order they came.
    """
    if not rows:
        return {}
    files = {row.blob: row.id for row in rows}
    same = select(_photo.c.id, _photo.c.case_id, _photo.c.blob).where(
        _photo.c.blob.in_(list(files)), *_elsewhere(shop, family)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for other in connection.execute(same):
        if other.id < files[other.blob]:
            found[files[other.blob]].add(other.case_id)
    known = [(row.id, marks_of(row.look)) for row in rows if row.look]
    last, most_bits = max(row.id for row in rows), shop.settings.same_photo_bits
    alike = (
        select(_photo.c.id, _photo.c.case_id, _photo.c.look)
        .where(_photo.c.look != "", _photo.c.id < last, *_elsewhere(shop, family))
        .order_by(_photo.c.at.desc())
        .limit(MOST_COMPARED)
    )
    for other_id, case_id, look in connection.execute(alike) if known else ():
        marks = marks_of(look)
        for photo_id, mine in known:
            if other_id < photo_id and (marks ^ mine).bit_count() <= most_bits:
                found[photo_id].add(case_id)
    kept = _kept(connection, set().union(*found.values()))
    return {
        photo_id: tuple(sorted({kept.get(case_id, case_id) for case_id in cases}))
        for photo_id, cases in found.items()
    }


def _kept(connection: Connection, case_ids: set[int]) -> dict[int, int]:
    """Return the case that was kept for each of those that are part of another now."""
    query = select(_case.c.id, _case.c.merged_into).where(
        _case.c.id.in_(case_ids), _case.c.merged_into.is_not(None)
    )
    return {row.id: row.merged_into for row in connection.execute(query)} if case_ids else {}


def _elsewhere(shop: Shop, family: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    since = shop.clock.now() - timedelta(days=shop.settings.same_photo_days)
    return (
        _photo.c.at >= since,
        _photo.c.case_id.not_in(family),
        _photo.c.removed_at.is_(None),
    )
