"""Writes of suppliers and of their terms. Owner only; suppliers are archived, never deleted."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select, update

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.members.profiles.rules import masked
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.supply.suppliers import rules
from lib.supply.suppliers.queries import shop_position
from lib.supply.suppliers.rules import Details, TermDetails

_supplier, _term = schema.supplier, schema.supply_term


def add_supplier(shop: Shop, details: Details) -> int:
    """Make a supplier known and return its id (R1).

    Raises ``Refused`` for a name in use, a distance without how it was measured, and a supplier
    beyond the radius without a reason.
    """
    with shop.write("supplier.add", by=OWNER_ONLY) as tx:
        ready = _checked(tx, details)
        _check_name_is_free(tx, ready.name, None)
        supplier_id = tx.add(_supplier, **_columns(ready), created_at=tx.now)
        tx.note(f"supplier:{supplier_id}", after=_shown(_columns(ready)))
        tx.result = supplier_id
    return int(tx.result)


def change_supplier(shop: Shop, supplier_id: int, version: int, details: Details) -> None:
    """Replace what is kept of a supplier, if it still has ``version``.

    Raises ``Conflict`` when somebody changed it since, ``NotFound``, and ``Refused`` as
    :func:`add_supplier` does.
    """
    with shop.write("supplier.change", by=OWNER_ONLY) as tx:
        row = supplier_row(tx, supplier_id)
        ready = _checked(tx, details)
        if row.archived_at is None:
            _check_name_is_free(tx, ready.name, supplier_id)
        columns = _columns(ready)
        before = {name: getattr(row, name) for name in columns}
        tx.change(_supplier, supplier_id, version, **columns)
        tx.note(f"supplier:{supplier_id}", before=_shown(before), after=_shown(columns))


def archive_supplier(shop: Shop, supplier_id: int) -> None:
    """Take a supplier out of use; deliveries, papers and statements stay.

    Where it was the preferred one for a product, the cheapest other supplier takes over.
    """
    with shop.write("supplier.archive", by=OWNER_ONLY) as tx:
        row = supplier_row(tx, supplier_id)
        if row.archived_at is not None:
            return
        tx.change(_supplier, supplier_id, row.version, archived_at=tx.now)
        tx.note(f"supplier:{supplier_id}", before={"archived": False}, after={"archived": True})
        for term in _terms_of(tx, supplier_id):
            if term.preferred:
                tx.change(_term, term.id, term.version, preferred=False)
                _promote(tx, term.product_id)


def restore_supplier(shop: Shop, supplier_id: int) -> None:
    """Take an archived supplier back into use; raises ``Refused`` when its name is taken."""
    with shop.write("supplier.restore", by=OWNER_ONLY) as tx:
        row = supplier_row(tx, supplier_id)
        if row.archived_at is None:
            return
        _check_name_is_free(tx, row.name, supplier_id)
        tx.change(_supplier, supplier_id, row.version, archived_at=None)
        tx.note(f"supplier:{supplier_id}", before={"archived": True}, after={"archived": False})
        for term in _terms_of(tx, supplier_id):
            if _preferred(tx, term.product_id) is None:
                tx.change(_term, term.id, term.version, preferred=True)


def set_term(
    shop: Shop, supplier_id: int, product_id: int, details: TermDetails, version: int = 0
) -> int:
    """Keep on which terms a supplier delivers a product; returns the id of the terms.

    ``version`` is the one the owner saw (0: the product is new from this supplier). The first
    supplier of a product is the preferred one; preferring another takes it from the one before.
    Exactly one stays preferred, so the preferred one cannot be unset, only replaced. Raises
    ``Refused``, ``NotFound`` and ``Conflict``.
    """
    with shop.write("supply_term.set", by=OWNER_ONLY) as tx:
        tx.result = put_terms(tx, supplier_id, product_id, details, version)
    return int(tx.result)


def put_terms(
    tx: Tx, supplier_id: int, product_id: int, details: TermDetails, version: int = 0
) -> int:
    """Step: keep on which terms a supplier delivers a product, as :func:`set_term` does."""
    ready = rules.checked_terms(details)
    _check_in_use(tx, supplier_id, product_id)
    row = _term_between(tx, supplier_id, product_id)
    if row is not None and row.ended_at is None and version == 0:
        raise Conflict(
            N_("This supplier already delivers it. Look at the terms, then change them.")
        )
    holder = _preferred(tx, product_id)
    alone = holder is None or (row is not None and holder.id == row.id)
    columns = _term_columns(ready, preferred=ready.preferred or alone)
    if columns["preferred"] and holder is not None and not alone:
        _set_preferred(tx, holder, chosen=False)
    return _put_term(tx, row, supplier_id, product_id, columns, version)


def end_term(shop: Shop, term_id: int) -> None:
    """Say that a supplier delivers a product no more; the cheapest other one becomes preferred."""
    with shop.write("supply_term.end", by=OWNER_ONLY) as tx:
        row = _term_row(tx, term_id)
        tx.change(_term, row.id, row.version, preferred=False, ended_at=tx.now)
        facts = {"product_id": row.product_id, "supplier": row.supplier_id}
        tx.note(f"supply_term:{row.id}", before={"active": True}, after={"active": False}, **facts)
        if row.preferred:
            _promote(tx, row.product_id)


def _checked(tx: Tx, details: Details) -> Details:
    return rules.checked(details, shop_position(tx.settings), tx.settings.local_radius_km)


def _columns(details: Details) -> dict[str, Any]:
    at = details.position
    return {
        "name": details.name,
        "folded_name": folded(details.name),
        "kind": details.kind.value,
        "contact_name": details.contact_name,
        "phone": details.phone,
        "address": details.address,
        "district": details.district,
        "story": details.story,
        "shows_name": details.shows_name,
        "shows_contact": details.shows_contact,
        "latitude_e6": at.latitude_e6 if at else None,
        "longitude_e6": at.longitude_e6 if at else None,
        "typed_metres": details.typed_metres,
        "distance_how": details.distance_how if details.typed_metres is not None else "",
        "far_reason": details.far_reason,
        "note": details.note,
    }


def _shown(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps: the phone masked, because the journal cannot be erased."""
    kept = {name: value for name, value in columns.items() if name != "folded_name"}
    return {**kept, "phone": masked(columns["phone"] or None)}


def supplier_row(tx: Tx, supplier_id: int) -> Row[Any]:
    """Return a supplier's row; raises ``NotFound`` for an unknown one. A step of commands."""
    row = tx.execute(select(_supplier).where(_supplier.c.id == supplier_id)).first()
    if row is None:
        raise NotFound(N_("This supplier does not exist."))
    return row


def _check_name_is_free(tx: Tx, name: str, supplier_id: int | None) -> None:
    query = select(_supplier.c.name).where(
        _supplier.c.folded_name == folded(name), _supplier.c.archived_at.is_(None)
    )
    if supplier_id is not None:
        query = query.where(_supplier.c.id != supplier_id)
    taken = tx.execute(query).scalar()
    if taken is not None:
        raise Refused(N_("There is already a supplier called {name}."), name=taken)


def _check_in_use(tx: Tx, supplier_id: int, product_id: int) -> None:
    if supplier_row(tx, supplier_id).archived_at is not None:
        raise Refused(N_("This supplier is archived. Take it back into use first."))
    products = schema.product
    on_sale = select(products.c.id).where(
        products.c.id == product_id, products.c.archived_at.is_(None)
    )
    if tx.execute(on_sale).first() is None:
        raise NotFound(N_("This product is not on sale."))


def _term_columns(details: TermDetails, *, preferred: bool) -> dict[str, Any]:
    return {
        "price_fen": details.price.fen,
        "case_quantity": details.case_quantity,
        "minimum_quantity": details.minimum_quantity,
        "shelf_life_days": details.shelf_life_days,
        "preferred": preferred,
    }


def _put_term(
    tx: Tx,
    row: Row[Any] | None,
    supplier_id: int,
    product_id: int,
    columns: Mapping[str, Any],
    version: int,
) -> int:
    facts = {"product_id": product_id, "supplier": supplier_id}
    if row is None:
        term_id = tx.add(
            _term, supplier_id=supplier_id, product_id=product_id, changed_at=tx.now, **columns
        )
        tx.note(f"supply_term:{term_id}", after=dict(columns), **facts)
        return term_id
    ended = row.ended_at is not None
    before = None if ended else {name: getattr(row, name) for name in columns}
    seen = row.version if ended else version
    tx.change(_term, row.id, seen, changed_at=tx.now, ended_at=None, **columns)
    tx.note(f"supply_term:{row.id}", before=before, after=dict(columns), **facts)
    return int(row.id)


def _term_between(tx: Tx, supplier_id: int, product_id: int) -> Row[Any] | None:
    query = select(_term).where(
        _term.c.supplier_id == supplier_id, _term.c.product_id == product_id
    )
    return tx.execute(query).first()


def _term_row(tx: Tx, term_id: int) -> Row[Any]:
    query = select(_term).where(_term.c.id == term_id, _term.c.ended_at.is_(None))
    row = tx.execute(query).first()
    if row is None:
        raise NotFound(N_("These terms no longer stand."))
    return row


def _terms_of(tx: Tx, supplier_id: int) -> list[Row[Any]]:
    query = select(_term).where(_term.c.supplier_id == supplier_id, _term.c.ended_at.is_(None))
    return list(tx.execute(query))


def _preferred(tx: Tx, product_id: int) -> Row[Any] | None:
    query = select(_term).where(
        _term.c.product_id == product_id,
        _term.c.preferred,
        _term.c.ended_at.is_(None),
    )
    return tx.execute(query).first()


def _set_preferred(tx: Tx, row: Row[Any], *, chosen: bool) -> None:
    tx.change(_term, row.id, row.version, preferred=chosen)
    facts = {"product_id": row.product_id, "supplier": row.supplier_id}
    tx.note(
        f"supply_term:{row.id}", before={"preferred": not chosen}, after={"preferred": chosen},
        **facts,
    )  # fmt: skip


def _promote(tx: Tx, product_id: int) -> None:
    """Let the cheapest supplier in use take over a product that lost its preferred one."""
    query = (
        select(_term.c.id, _term.c.price_fen)
        .join(_supplier, _supplier.c.id == _term.c.supplier_id)
        .where(
            _term.c.product_id == product_id,
            _term.c.ended_at.is_(None),
            _supplier.c.archived_at.is_(None),
        )
    )
    others = [(row.id, Money(row.price_fen)) for row in tx.execute(query)]
    chosen = rules.preferred_after(others)
    if chosen is None:
        return
    tx.execute(
        update(_term)
        .where(_term.c.id == chosen)
        .values(preferred=True, version=_term.c.version + 1)
    )
    tx.note(f"supply_term:{chosen}", before={"preferred": False}, after={"preferred": True},
            product_id=product_id)  # fmt: skip
