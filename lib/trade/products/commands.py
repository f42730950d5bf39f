"""Writes of products. The catalogue is the owner's; staff open rounds with what stands in it.

Products are archived, never deleted. Every change of a price leaves a ``price_change`` row; saving
a price unchanged leaves none, so that the lowest price of a week stays the lowest price charged.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, exists, insert, or_, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.text import folded
from lib.kernel.words import N_
from lib.shop.files import photos
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.trade.products import rules
from lib.trade.products.rules import Details

_NOTED = (
    "name",
    "category",
    "is_fresh",
    "is_daily",
    "is_fragile",
    "sale_unit",
    "content_grams",
    "content_pieces",
    "price_fen",
    "purchase_price_fen",
    "description",
)
"""Columns whose change the journal tells."""


def add_product(shop: Shop, details: Details) -> int:
    """Add a product and return its id. Raises ``Refused`` for a name in use or a bad value."""
    wanted = rules.checked(details)
    with shop.write("product.add", by=OWNER_ONLY) as tx:
        tx.result = put_product(tx, wanted)
    return int(tx.result)


def add_products(shop: Shop, several: Iterable[Details]) -> tuple[int, ...]:
    """Add several products, all of them or none; returns their ids."""
    wanted = [rules.checked(details) for details in several]
    if not wanted:
        raise Refused(N_("There is no product to add."))
    with shop.write("product.add_list", by=OWNER_ONLY) as tx:
        tx.result = [put_product(tx, details) for details in wanted]
    return tuple(tx.result)


def change_product(shop: Shop, product_id: int, version: int, details: Details) -> None:
    """Bring a product to ``details``.

    Raises ``Conflict`` when somebody changed it since ``version``, ``NotFound``, and ``Refused``
    for a name in use or a unit that orders and open rounds rely on.
    """
    wanted = rules.checked(details)
    with shop.write("product.change", by=OWNER_ONLY) as tx:
        row = _row(tx, product_id)
        before = _state(tx, row)
        _check_name_is_free(tx, wanted.name, product_id)
        _check_unit_may_change(tx, row, wanted.sale_unit)
        tx.change(schema.product, product_id, version, **_columns(wanted))
        _put_words(tx, product_id, wanted)
        _note_prices(tx, row, wanted.price, wanted.purchase_price)
        tx.note(f"product:{product_id}", before=before, after=_shown(wanted))


def set_price(shop: Shop, product_id: int, price: Money) -> bool:
    """Set the sale price per unit; returns whether it changed. Rounds keep their own prices."""
    rules.check_price(price)
    with shop.write("product.price", by=OWNER_ONLY) as tx:
        row = _row(tx, product_id)
        tx.result = _set_prices(tx, row, price, _money(row.purchase_price_fen))
    return bool(tx.result)


def set_purchase_price(shop: Shop, product_id: int, price: Money | None) -> bool:
    """Set the purchase price per unit, None for not known; returns whether it changed."""
    if price is not None:
        rules.check_price(price)
    with shop.write("product.purchase_price", by=OWNER_ONLY) as tx:
        row = _row(tx, product_id)
        tx.result = _set_prices(tx, row, Money(row.price_fen), price)
    return bool(tx.result)


def put_purchase_price(tx: Tx, product_id: int, price: Money) -> bool:
    """Step of a receiving: the product now costs ``price`` per sale unit.

    Returns whether that is another price than before; the change has its row and its note.
    """
    rules.check_price(price)
    row = _row(tx, product_id)
    if row.purchase_price_fen == price.fen:
        return False
    return _set_prices(tx, row, Money(row.price_fen), price)


def archive_product(shop: Shop, product_id: int) -> None:
    """Take a product out of use; its orders, prices and history stay.

    Raises ``Refused`` while it is in a round that still takes orders.
    """
    with shop.write("product.archive", by=OWNER_ONLY) as tx:
        row = _row(tx, product_id)
        if row.archived_at is not None:
            return
        if _in_open_round(tx, product_id):
            raise Refused(
                N_("{name} is in a round that still takes orders. Take it out there first."),
                name=row.name,
            )
        _bump(tx, row, archived_at=tx.now)
        tx.note(f"product:{product_id}", before={"archived": False}, after={"archived": True})


def restore_product(shop: Shop, product_id: int) -> None:
    """Take an archived product back into use; raises ``Refused`` when its name is taken."""
    with shop.write("product.restore", by=OWNER_ONLY) as tx:
        row = _row(tx, product_id)
        if row.archived_at is None:
            return
        _check_name_is_free(tx, row.name, product_id)
        _bump(tx, row, archived_at=None)
        tx.note(f"product:{product_id}", before={"archived": True}, after={"archived": False})


def set_photo(shop: Shop, product_id: int, content: bytes | None, name: str = "") -> str | None:
    """Give a product the photo in ``content``, or none; returns the photo's SHA-256.

    The picture is cleaned and put in place before the books are touched; ``name`` is what the file
    was called and is only used to say what is wrong with it. Raises ``Refused`` for anything that
    is not a sound picture.
    """
    shop.require(OWNER_ONLY)
    photo = photos.put(shop.place, content, name) if content is not None else None
    with shop.write("product.photo", by=OWNER_ONLY) as tx:
        tx.result = put_photo(tx, product_id, photo)
    return photo.sha256 if photo else None


def put_photo(tx: Tx, product_id: int, photo: photos.Photo | None) -> str | None:
    """Step: give a product a photo that was put in place, or none; returns its SHA-256."""
    row = _row(tx, product_id)
    sha256 = photos.book(tx, photo)
    _bump(tx, row, photo=sha256)
    tx.note(f"product:{product_id}", before={"photo": row.photo}, after={"photo": sha256})
    return sha256


def put_product(tx: Tx, details: Details) -> int:
    """Add a product of checked ``details`` and return its id; a step of other commands.

    Raises ``Refused`` for a name in use.
    """
    _check_name_is_free(tx, details.name, None)
    product_id = tx.add(schema.product, **_columns(details), created_at=tx.now)
    _put_words(tx, product_id, details)
    _note_price(tx, product_id, "sale", details.price)
    if details.purchase_price is not None:
        _note_price(tx, product_id, "purchase", details.purchase_price)
    tx.note(f"product:{product_id}", after=_shown(details))
    return product_id


def _columns(details: Details) -> dict[str, Any]:
    unit = details.sale_unit
    return {
        "name": details.name,
        "folded_name": folded(details.name),
        "category": details.category,
        "is_fresh": details.is_fresh,
        "is_daily": details.is_daily,
        "is_fragile": details.is_fragile,
        "sale_unit": unit.word,
        "unit_grams": unit.grams,
        "content_grams": details.content_grams,
        "content_pieces": details.content_pieces,
        "price_fen": details.price.fen,
        "purchase_price_fen": _fen(details.purchase_price),
        "description": details.description,
    }


def _put_words(tx: Tx, product_id: int, details: Details) -> None:
    words, packages = schema.product_alias, schema.product_conversion
    tx.execute(delete(words).where(words.c.product_id == product_id))
    tx.execute(delete(packages).where(packages.c.product_id == product_id))
    for alias in details.aliases:
        tx.execute(insert(words).values(product_id=product_id, alias=alias))
    for word, amount in details.conversions.items():
        tx.execute(insert(packages).values(product_id=product_id, word=word, quantity=amount))


def _row(tx: Tx, product_id: int) -> Row[Any]:
    row = tx.execute(select(schema.product).where(schema.product.c.id == product_id)).first()
    if row is None:
        raise NotFound(N_("This product does not exist."))
    return row


def _check_name_is_free(tx: Tx, name: str, product_id: int | None) -> None:
    table = schema.product
    query = select(table.c.name).where(
        table.c.folded_name == folded(name), table.c.archived_at.is_(None)
    )
    if product_id is not None:
        query = query.where(table.c.id != product_id)
    taken = tx.execute(query).scalar()
    if taken is not None:
        raise Refused(N_("There is already a product called {name}."), name=taken)


def _check_unit_may_change(tx: Tx, row: Row[Any], wanted: Unit) -> None:
    present = Unit(row.sale_unit, row.unit_grams)
    if wanted.grams == present.grams:
        return
    if _in_open_round(tx, row.id):
        raise Refused(
            N_("{name} is in a round that still takes orders: its unit cannot change now."),
            name=row.name,
        )
    if _is_cleared(tx, row.id):
        raise Refused(
            N_("{name} is being cleared at a price per {unit}: its unit cannot change now."),
            name=row.name,
            unit=present.word,
        )
    if wanted.measure is not present.measure and _has_quantities(tx, row.id):
        raise Refused(
            N_(
                "{name} was already sold by {unit}. To sell it by {other}, archive it and add "
                "a new product: its past quantities would mean something else."
            ),
            name=row.name,
            unit=present.word,
            other=wanted.word,
        )


def _in_open_round(tx: Tx, product_id: int) -> bool:
    offers, rounds = schema.round_offer, schema.buying_round
    query = select(offers.c.id).where(
        offers.c.product_id == product_id,
        offers.c.round_id == rounds.c.id,
        rounds.c.closed_at.is_(None),
        rounds.c.cut_off_at > tx.now,
    )
    return tx.execute(query.limit(1)).first() is not None


def _is_cleared(tx: Tx, product_id: int) -> bool:
    clearance = schema.clearance
    query = select(clearance.c.id).where(
        clearance.c.product_id == product_id,
        clearance.c.ended_at.is_(None),
        clearance.c.ends_on >= tx.today,
    )
    return tx.execute(query.limit(1)).first() is not None


def _has_quantities(tx: Tx, product_id: int) -> bool:
    """Whether grams or pieces of it are said anywhere: sold, promised for points, or as a gift."""
    tables = (schema.round_offer, schema.order_line, schema.reward, schema.gift)
    said = (exists().where(table.c.product_id == product_id) for table in tables)
    return bool(tx.execute(select(or_(*said))).scalar())


def _set_prices(tx: Tx, row: Row[Any], sale: Money, purchase: Money | None) -> bool:
    before = {"price": row.price_fen, "purchase_price": row.purchase_price_fen}
    after = {"price": sale.fen, "purchase_price": _fen(purchase)}
    tx.note(f"product:{row.id}", before=before, after=after)
    if before == after:
        return False
    _bump(tx, row, price_fen=after["price"], purchase_price_fen=after["purchase_price"])
    _note_prices(tx, row, sale, purchase)
    return True


def _note_prices(tx: Tx, before: Row[Any], sale: Money, purchase: Money | None) -> None:
    if before.price_fen != sale.fen:
        _note_price(tx, before.id, "sale", sale)
    if _money(before.purchase_price_fen) != purchase:
        _note_price(tx, before.id, "purchase", purchase)


def _note_price(tx: Tx, product_id: int, kind: str, price: Money | None) -> None:
    tx.add(
        schema.price_change,
        product_id=product_id,
        kind=kind,
        price_fen=_fen(price),
        at=tx.now,
        person_id=tx.actor.id,
    )


def _bump(tx: Tx, row: Row[Any], **values: Any) -> None:
    tx.change(schema.product, row.id, row.version, **values)


def _state(tx: Tx, row: Row[Any]) -> dict[str, Any]:
    words, packages = schema.product_alias, schema.product_conversion
    aliases = tx.execute(select(words.c.alias).where(words.c.product_id == row.id)).scalars()
    conversions = tx.execute(select(packages).where(packages.c.product_id == row.id))
    return {
        **{name: row._mapping[name] for name in _NOTED},
        "aliases": sorted(aliases),
        "conversions": {each.word: each.quantity for each in conversions},
    }


def _shown(details: Details) -> dict[str, Any]:
    columns = _columns(details)
    return {
        **{name: columns[name] for name in _NOTED},
        "aliases": sorted(details.aliases),
        "conversions": dict(details.conversions),
    }


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)


def _fen(price: Money | None) -> int | None:
    return None if price is None else price.fen
