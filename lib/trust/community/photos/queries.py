"""Reads of photos of activities; ``is_activity_photo`` answers anybody, the rest the desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, true

from lib.db import schema
from lib.kernel.clock import local_day
from lib.shop.files.showing import Showing, showings, shown_by
from lib.shop.shop import DESK, Shop
from lib.trust.community.photos.rules import MOST_PHOTOS, Details

_photo = schema.activity_photo


@dataclass(frozen=True)
class Photo:
    """One photo of an activity with the file behind it; ``published_by`` is who published it."""

    id: int
    activity_id: int
    details: Details
    file: Showing
    published_at: datetime | None
    published_by: str
    version: int

    @property
    def is_published(self) -> bool:
        """Whether anybody with the link sees it."""
        return self.published_at is not None

    @property
    def waits_for_consent(self) -> bool:
        """Whether parents must be asked before it is shown to anybody."""
        return not self.details.may_be_published


def photos(shop: Shop, activity_id: int) -> tuple[Photo, ...]:
    """Return the photos of an activity, oldest first, without what was removed."""
    shop.require(DESK)
    people = schema.person
    query = (
        select(_photo, people.c.name)
        .outerjoin(people, people.c.id == _photo.c.published_by)
        .where(_photo.c.activity_id == activity_id, _photo.c.removed_at.is_(None))
        .order_by(_photo.c.id)
        .limit(MOST_PHOTOS)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
        files = showings(connection, (row.blob for row in rows))
    zone = shop.settings.time_zone
    return tuple(
        Photo(
            id=row.id,
            activity_id=row.activity_id,
            details=Details(
                row.shows_children,
                row.caption,
                row.consent,
                None if row.consent_at is None else local_day(row.consent_at, zone),
            ),
            file=files[row.blob],
            published_at=row.published_at,
            published_by=row.name or "",
            version=row.version,
        )
        for row in rows
    )


def is_activity_photo(shop: Shop, sha256: str) -> bool:
    """Whether anybody may see the picture ``sha256``: a published photo shows it. Public.

    True for the photo and its thumbnail while it is published, and never while the same picture
    stands anywhere with children and without consent.
    """
    with shop.read() as connection:
        files = shown_by(connection, sha256)
        if not files:
            return False
        there = select(_photo.c.id).where(_photo.c.blob.in_(files), _photo.c.removed_at.is_(None))
        published = there.where(_photo.c.published_at.is_not(None)).limit(1)
        if connection.execute(published).first() is None:
            return False
        without = there.where(
            _photo.c.shows_children == true(), _photo.c.consent_at.is_(None)
        ).limit(1)
        return connection.execute(without).first() is None
