"""Writes of the community's labels (R3). Owner only."""

from typing import Any

from sqlalchemy import Row, func, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.files import photos
from lib.shop.files.photos import Photo
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.supply.labels.queries import Label, read
from lib.supply.labels.rules import LONGEST_NOTE, MOST_PIECES, Details, Kind, checked, signed

_label, _movement = schema.community_label, schema.label_movement

_Picture = tuple[bytes, str]


def add_label(
    shop: Shop, product_id: int, details: Details, picture: _Picture | None = None
) -> int:
    """Keep a new version of a product's label and return its id; approved, it ends the old one.

    ``picture`` is the content of the photo and the name of its file. Raises ``Refused`` for what
    :func:`rules.checked` refuses, ``NotFound`` for an unknown or archived product.
    """
    photo = _put(shop, picture)
    with shop.write("label.add", by=OWNER_ONLY) as tx:
        fit = checked(details, tx.today, has_photo=photo is not None)
        name = _product_name(tx, product_id)
        highest = select(func.max(_label.c.number)).where(_label.c.product_id == product_id)
        number = int(tx.execute(highest).scalar() or 0) + 1
        label_id = tx.add(
            _label,
            product_id=product_id,
            number=number,
            photo=photos.book(tx, photo),
            created_at=tx.now,
            **_columns(fit),
        )
        if fit.approved_on is not None:
            _end_others(tx, product_id, label_id)
        after = {**_columns(fit), "number": number, "product": name}
        tx.note(f"community_label:{label_id}", before=None, after=after)
        tx.result = label_id
    return label_id


def change_label(
    shop: Shop, label_id: int, version: int, details: Details, picture: _Picture | None = None
) -> None:
    """Change a version that has not ended; giving it its approval ends the one before it.

    Without ``picture`` the photo stays. Raises ``Refused`` for an ended version or when a newer one
    is in force, ``Conflict`` when it was changed since ``version`` was shown.
    """
    photo = _put(shop, picture)
    with shop.write("label.change", by=OWNER_ONLY) as tx:
        row = _standing(tx, label_id)
        has_photo = photo is not None or row.photo is not None
        fit = checked(details, tx.today, has_photo=has_photo)
        if fit.approved_on is None and row.approved_on is not None:
            raise Refused(N_("An approval is not taken back. End the label instead."))
        if fit.approved_on is not None:
            _refuse_newer(tx, row)
        kept = photos.book(tx, photo) or row.photo
        tx.change(_label, label_id, version, **_columns(fit), photo=kept)
        if fit.approved_on is not None:
            _end_others(tx, row.product_id, label_id)
        before = {name: getattr(row, name) for name in _columns(fit)}
        after = {**_columns(fit), "photo": kept}
        tx.note(f"community_label:{label_id}", before={**before, "photo": row.photo}, after=after)


def end_label(shop: Shop, label_id: int, version: int) -> None:
    """End a version: residents no longer see "only here" unless another one is in force."""
    with shop.write("label.end", by=OWNER_ONLY) as tx:
        row = _standing(tx, label_id)
        tx.change(_label, label_id, version, ended_at=tx.now)
        said = {"title": row.title, "number": row.number}
        tx.note(f"community_label:{label_id}", before=said, after=None)


def move_labels(shop: Shop, label_id: int, kind: Kind, pieces: int, reason: str = "") -> int:
    """Book ``pieces`` printed, spoiled, or used besides deliveries; returns the row's id.

    Raises ``Refused`` for no pieces, ``NotFound`` for an unknown version.
    """
    with shop.write("label.move", by=OWNER_ONLY) as tx:
        quantity = signed(kind, pieces)
        tx.result = _move(tx, tx.row(_label, label_id), kind, quantity, reason)
    return int(tx.result)


def count_labels(shop: Shop, label_id: int, counted: int, expected: int, reason: str = "") -> int:
    """Keep how many labels are really left; returns the difference, which becomes a movement.

    ``expected`` is what the screen said. Raises ``Refused`` for a negative count, or when labels
    moved since.
    """
    with shop.write("label.count", by=OWNER_ONLY) as tx:
        if not 0 <= counted <= MOST_PIECES:
            raise Refused(N_("A count cannot be negative. Write 0 when nothing is there."))
        row = tx.row(_label, label_id)
        (this,) = [one for one in _read(tx, shop, row.product_id) if one.id == label_id]
        if this.left != expected:
            raise Refused(
                N_("{now} labels are booked now, not {before}. Count again, then save."),
                now=this.left,
                before=expected,
            )
        if counted != this.left:
            _move(tx, row, Kind.CORRECTED, counted - this.left, reason)
        else:
            tx.note(f"community_label:{label_id}", before=counted, after=counted)
        tx.result = counted - this.left
    return int(tx.result)


def _read(tx: Tx, shop: Shop, product_id: int) -> list[Label]:
    return read(tx.connection, shop, product_id)


def _move(tx: Tx, row: Row[Any], kind: Kind, quantity: int, reason: str) -> int:
    said = clean(reason, LONGEST_NOTE)
    row_id = tx.add(
        _movement,
        label_id=row.id,
        quantity=quantity,
        kind=kind.value,
        reason=said,
        at=tx.now,
        person_id=tx.actor.id,
    )
    after = {"kind": kind.value, "pieces": quantity}
    tx.note(f"community_label:{row.id}", before=None, after=after, reason=said, title=row.title)
    return row_id


def _columns(details: Details) -> dict[str, Any]:
    return {
        "title": details.title,
        "minimum_run": details.minimum_run,
        "label_cost_fen": None if details.label_cost is None else details.label_cost.fen,
        "unit_cost_fen": None if details.unit_cost is None else details.unit_cost.fen,
        "approved_on": details.approved_on,
        "note": details.note,
    }


def _end_others(tx: Tx, product_id: int, label_id: int) -> None:
    tx.execute(
        update(_label)
        .where(
            _label.c.product_id == product_id,
            _label.c.id != label_id,
            _label.c.approved_on.is_not(None),
            _label.c.ended_at.is_(None),
        )
        .values(ended_at=tx.now, version=_label.c.version + 1)
    )


def _refuse_newer(tx: Tx, row: Row[Any]) -> None:
    newer = select(_label.c.id).where(
        _label.c.product_id == row.product_id,
        _label.c.number > row.number,
        _label.c.approved_on.is_not(None),
        _label.c.ended_at.is_(None),
    )
    if tx.execute(newer).first() is not None:
        raise Refused(N_("A newer version of this label is in force."))


def _standing(tx: Tx, label_id: int) -> Row[Any]:
    row = tx.row(_label, label_id)
    if row.ended_at is not None:
        raise Refused(N_("This version has ended. Add a new one."))
    return row


def _product_name(tx: Tx, product_id: int) -> str:
    products = schema.product
    query = select(products.c.name).where(
        products.c.id == product_id, products.c.archived_at.is_(None)
    )
    name = tx.execute(query).scalar()
    if name is None:
        raise NotFound(N_("This product is not on sale."))
    return str(name)


def _put(shop: Shop, picture: _Picture | None) -> Photo | None:
    shop.require(OWNER_ONLY)
    return None if picture is None else photos.put(shop.place, *picture)
