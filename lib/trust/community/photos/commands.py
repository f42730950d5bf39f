"""Writes of photos of activities (R12). The file was cleaned before: place and date are out of it.

A photo that shows children reaches anybody outside only with the parents' consent: publishing one
without is refused, and where consent is taken back the photo is withdrawn in the same step.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, select, true

from lib.db import schema
from lib.kernel.clock import at_local, local_day
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.files import intake
from lib.shop.files.intake import Taken
from lib.shop.shop import Shop, Tx
from lib.trust.community.photos.rules import MOST_PHOTOS, Details

_photo = schema.activity_photo


def add_photo(shop: Shop, activity_id: int, taken: Taken, details: Details) -> int:
    """Add a photo that :mod:`lib.shop.files.intake` put in place; returns its id. Not published.

    Raises ``Refused`` for a picture that is there already, too many, or half a consent;
    ``NotFound`` for an unknown activity.
    """
    with shop.write("activity_photo.add") as tx:
        tx.row(schema.activity, activity_id)
        intake.register(tx, taken)
        new = details.checked(tx.today)
        query = select(_photo.c.blob).where(
            _photo.c.activity_id == activity_id, _photo.c.removed_at.is_(None)
        )
        there = tx.execute(query).scalars().all()
        if taken.sha256 in there:
            raise Refused(N_("This photo is there already."))
        if len(there) >= MOST_PHOTOS:
            raise Refused(N_("At most {most} photos of one activity."), most=MOST_PHOTOS)
        values = {"activity_id": activity_id, "blob": taken.sha256, "created_by": tx.actor.id}
        tx.result = tx.add(_photo, **values, **_columns(tx, new), created_at=tx.now)
        tx.note(f"activity_photo:{tx.result}", after={"activity": activity_id, **_noted(new)})
    return int(tx.result)


def change_photo(shop: Shop, photo_id: int, version: int, details: Details) -> bool:
    """Change what is known of a photo; returns whether it had to be withdrawn.

    A published photo that now shows children without consent is withdrawn at once. Raises
    ``Refused`` for half a consent, ``NotFound``, and ``Conflict`` when somebody else changed it.
    """
    with shop.write("activity_photo.change") as tx:
        row, new = _row(tx, photo_id), details.checked(tx.today)
        values = _columns(tx, new)
        withdrawn = row.published_at is not None and not new.may_be_published
        if withdrawn:
            values |= {"published_at": None, "published_by": None}
        tx.change(_photo, photo_id, version, **values)
        old = _details(row, tx.settings.time_zone)
        after = _noted(new) | ({"published": False} if withdrawn else {})
        tx.note(f"activity_photo:{photo_id}", before=_noted(old), after=after)
        tx.result = withdrawn
    return bool(tx.result)


def publish_photo(shop: Shop, photo_id: int, version: int) -> None:
    """Let anybody with the link see a photo, so that it can go to the group.

    Raises ``Refused`` while it shows children and nobody agreed, also when the same picture stands
    at another activity that way; ``NotFound``; ``Conflict`` when somebody else changed it.
    """
    with shop.write("activity_photo.publish") as tx:
        row = _row(tx, photo_id)
        without = select(_photo.c.id).where(
            _photo.c.blob == row.blob,
            _photo.c.removed_at.is_(None),
            _photo.c.shows_children == true(),
            _photo.c.consent_at.is_(None),
        )
        if tx.execute(without.limit(1)).first() is not None:
            raise Refused(
                N_("It shows children: ask the parents first and write down who agreed, and how.")
            )
        _set_published(tx, row, version, published=True)


def withdraw_photo(shop: Shop, photo_id: int, version: int) -> None:
    """Take a photo away from everybody outside at once; raises as :func:`publish_photo`."""
    with shop.write("activity_photo.withdraw") as tx:
        _set_published(tx, _row(tx, photo_id), version, published=False)


def remove_photo(shop: Shop, photo_id: int, version: int) -> None:
    """Take a photo off every screen and from everybody outside; row and file stay as records."""
    with shop.write("activity_photo.remove") as tx:
        row = _row(tx, photo_id)
        gone = {"removed_at": tx.now, "published_at": None, "published_by": None}
        tx.change(_photo, photo_id, version, **gone)
        before = {"activity": row.activity_id, "published": row.published_at is not None}
        tx.note(f"activity_photo:{photo_id}", before=before)


def _set_published(tx: Tx, row: Row[Any], version: int, *, published: bool) -> None:
    was = row.published_at is not None
    if was != published:
        who = (tx.now, tx.actor.id) if published else (None, None)
        tx.change(_photo, row.id, version, published_at=who[0], published_by=who[1])
    tx.note(f"activity_photo:{row.id}", before={"published": was}, after={"published": published})


def _row(tx: Tx, photo_id: int) -> Row[Any]:
    query = select(_photo).where(_photo.c.id == photo_id, _photo.c.removed_at.is_(None))
    row = tx.execute(query).first()
    if row is None:
        raise NotFound(N_("This photo was removed."))
    return row


def _columns(tx: Tx, details: Details) -> dict[str, Any]:
    return {
        "caption": details.caption,
        "shows_children": details.shows_children,
        "consent": details.consent,
        "consent_at": _moment(tx, details.consent_on),
    }


def _moment(tx: Tx, on: date | None) -> datetime | None:
    """Return the moment of a consent: now for today, else noon of its day."""
    if on is None or on == tx.today:
        return None if on is None else tx.now
    return at_local(on, time(12), tx.settings.time_zone)


def _details(row: Row[Any], zone_name: str) -> Details:
    on = None if row.consent_at is None else local_day(row.consent_at, zone_name)
    return Details(row.shows_children, row.caption, row.consent, on)


def _noted(details: Details) -> dict[str, Any]:
    return {
        "caption": details.caption,
        "shows_children": details.shows_children,
        "consent": details.consent,
        "consent_on": details.consent_on,
    }
