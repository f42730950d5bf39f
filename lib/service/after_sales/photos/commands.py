"""Writes of photos of cases. A photo that was awaited lets the solution clock go on (R27, R28)."""

from sqlalchemy import func, insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.service.after_sales.rules import EntryKind, Status
from lib.service.after_sales.turns.commands import add_entry, case_row, end_pause, subject_of
from lib.shop.files import photos
from lib.shop.files.photos import Photo
from lib.shop.shop import Shop, Tx

_photo, _blob, _case = schema.case_photo, schema.blob, schema.after_sales_case


def add_photo(shop: Shop, case_id: int, photo: Photo | str) -> int:
    """Add a photo to a case and return its number; an awaited one lets the clock go on.

    ``photo`` is a cleaned photo (:func:`lib.shop.files.photos.put`) or the address of a booked
    one. The same again is no second photo. Raises ``NotFound`` and ``Conflict``.
    """
    with shop.write("case.add_photo") as tx:
        tx.result = book_photo(tx, case_id, photo, by_resident=False)
        tx.note(subject_of(case_id), after={"photo": tx.result})
    return int(tx.result)


def remove_photo(shop: Shop, photo_id: int) -> None:
    """Take a photo off its case; it is kept out of sight. Raises ``NotFound``."""
    with shop.write("case.remove_photo") as tx:
        row = tx.execute(select(_photo).where(_photo.c.id == photo_id)).first()
        if row is None or row.removed_at is not None:
            raise NotFound(N_("This photo was taken off already."))
        tx.execute(update(_photo).where(_photo.c.id == photo_id).values(removed_at=tx.now))
        add_entry(tx, row.case_id, EntryKind.PHOTO_REMOVED, details={"photo": photo_id})
        tx.note(subject_of(row.case_id), before={"photo": photo_id})


def book_photo(tx: Tx, case_id: int, photo: Photo | str, *, by_resident: bool) -> int:
    """Step: book ``photo`` at a case and return its number; a photo awaited ends the pause.

    A resident adds at most ``case_photos``. A photo of the case that was taken off comes back.
    Raises ``Refused``, ``NotFound`` and ``Conflict``.
    """
    row = case_row(tx, case_id)
    known = _known(tx, case_id, photo)
    if known is not None:
        return known
    if by_resident:
        _check_room(tx, case_id)
    photo_id = put_photo(tx, case_id, photo, by_resident=by_resident)
    add_entry(
        tx,
        case_id,
        EntryKind.PHOTO,
        for_resident=True,
        by_resident=by_resident,
        details={"photo": photo_id},
    )
    if row.status == Status.WAITING_PHOTO.value:
        end_pause(tx, case_id)
        tx.change(_case, case_id, row.version, status=Status.WORKING.value)
    return photo_id


def put_photo(tx: Tx, case_id: int, photo: Photo | str, *, by_resident: bool) -> int:
    """Step: name a photo in the books of a case, with what it shows; no entry."""
    sha256, look = _booked(tx, photo)
    mine = select(_photo.c.id).where(_photo.c.case_id == case_id, _photo.c.blob == sha256)
    known = tx.execute(mine).scalar_one_or_none()
    if known is not None:
        again = update(_photo).where(_photo.c.id == known).values(removed_at=None)
        tx.execute(again)
        return int(known)
    values = {"case_id": case_id, "blob": sha256, "look": look, "by_resident": by_resident}
    done = insert(_photo).values(**values, at=tx.now, person_id=tx.actor.id)
    return int(tx.execute(done.returning(_photo.c.id)).scalar_one())


def _known(tx: Tx, case_id: int, photo: Photo | str) -> int | None:
    sha256 = photo if isinstance(photo, str) else photo.sha256
    mine = select(_photo.c.id).where(
        _photo.c.case_id == case_id, _photo.c.blob == sha256, _photo.c.removed_at.is_(None)
    )
    found: int | None = tx.execute(mine).scalar_one_or_none()
    return found


def _check_room(tx: Tx, case_id: int) -> None:
    most = tx.settings.case_photos
    mine = select(func.count()).where(
        _photo.c.case_id == case_id,
        _photo.c.removed_at.is_(None),
        _photo.c.person_id.is_(None),
    )
    if tx.execute(mine).scalar_one() >= most:
        raise Refused(N_("At most {count} photos. Write to us if more is needed."), count=most)


def _booked(tx: Tx, photo: Photo | str) -> tuple[str, str]:
    """Return the address of a photo and its look; raises ``NotFound`` for no photo of ours."""
    if not isinstance(photo, str):
        photos.register(tx, photo)
    sha256 = photo if isinstance(photo, str) else photo.sha256
    row = tx.execute(select(_blob).where(_blob.c.sha256 == sha256)).first()
    if row is None:
        raise NotFound(N_("This file is not kept here. Choose it again."))
    if not row.media_type.startswith("image/"):
        raise Refused(N_("Only photos belong to a case. Choose another file."))
    return sha256, row.look
