"""Writes at the shelf. Owner and staff do them; nothing turns negative without being said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.files import photos
from lib.shop.files.photos import Photo
from lib.shop.shop import Role, Shop, Tx
from lib.supply.stock.commands import (
    Move,
    Out,
    assigned,
    begin,
    kept_of,
    post_all,
    reversal,
    take_out,
    take_out_all,
)
from lib.supply.stock.queries import is_live, lots_of, read_movements
from lib.supply.stock.rules import (
    LONGEST_REASON,
    MARK_BACK_DAYS,
    UNDOABLE,
    Kind,
    Part,
    Waste,
    settle,
    waste_reason,
)

_movement, _level, _batch = schema.stock_movement, schema.stock_level, schema.batch
_product, _mark = schema.product, schema.sold_out_mark

FURTHEST_BACK = timedelta(days=7)
"""How far back a sale over the counter is entered, and an entry taken back."""

MOST_ROWS = 2000
"""Movements one entry makes at most: all products counted in one go."""


@dataclass(frozen=True)
class Counted:
    """What was counted of a product, or of one of its batches: grams or sale units.

    ``expected`` is what the books said when the count began; None where stock was not kept.
    """

    product_id: int
    counted: int
    expected: int | None = None
    batch_id: int | None = None


@dataclass(frozen=True)
class Booked:
    """What an entry did: names of the products that are below zero now."""

    negative: tuple[str, ...]


def waste(
    shop: Shop,
    product_id: int,
    quantity: int,
    why: Waste,
    words: str = "",
    *,
    batch_id: int | None = None,
    picture: tuple[bytes, str] | None = None,
) -> Booked:
    """Throw ``quantity`` away, of ``batch_id`` or earliest expiry first; with reason and photo.

    ``picture`` is the content of a photo and the name of its file. Raises ``Refused`` without a
    quantity or a reason, and for a product whose stock is not kept; ``NotFound`` for a batch that
    is not of this product.
    """
    reason = waste_reason(why, words)
    photo = _picture(shop, picture)
    with shop.write("stock.waste") as tx:
        _checked_quantity(quantity)
        (product,) = _kept(tx, [product_id])
        if batch_id is not None:
            _batch_of(tx, batch_id, product_id)
        more = {"reason": reason, "photo": photos.book(tx, photo)}
        take_out(tx, product_id, quantity, Kind.WASTED, batch_id=batch_id, **more)
        _note(tx, product, quantity, reason=reason)
        tx.result = _below_zero(tx, [product])
    return Booked(tuple(tx.result))


def send_back(
    shop: Shop,
    batch_id: int,
    quantity: int,
    reason: str,
    *,
    picture: tuple[bytes, str] | None = None,
) -> None:
    """Send goods of a batch back to the supplier who brought them, with reason and photo.

    Raises ``Refused`` without a quantity or reason and for more than is left, ``NotFound`` for an
    unknown batch.
    """
    said = clean(reason, LONGEST_REASON)
    photo = _picture(shop, picture)
    with shop.write("stock.send_back") as tx:
        _checked_quantity(quantity)
        if not said:
            raise Refused(N_("Say why the goods go back to the supplier."))
        batch = _batch_of(tx, batch_id)
        _refuse_more_than(batch, quantity)
        kept = photos.book(tx, photo)
        out = Move(batch.product_id, Kind.SENT_BACK, -quantity, batch_id, reason=said, photo=kept)
        post_all(tx, [out])
        _note(tx, _product_row(tx, batch.product_id), quantity, reason=said)


def take_return(
    shop: Shop,
    handover_id: int,
    batch_id: int | None,
    quantity: int,
    reason: str,
    *,
    sellable: bool,
    picture: tuple[bytes, str] | None = None,
) -> None:
    """Take back goods a resident brings: into the batch they came from.

    ``handover_id`` and ``batch_id`` say which goods (:func:`queries.handed_out`). Those that are
    not ``sellable`` are thrown away at once. The resident's money is a matter of refunds. Raises
    ``Refused`` for more than was handed over, ``NotFound`` for an unknown handover.
    """
    said = clean(reason, LONGEST_REASON)
    photo = _picture(shop, picture)
    with shop.write("stock.return") as tx:
        _checked_quantity(quantity)
        given = _given(tx, handover_id, batch_id)
        _refuse_more_than_given(tx, given, quantity)
        kept = photos.book(tx, photo)
        product_id = given.product_id
        trace: dict[str, Any] = {"line_id": given.line_id, "handover_id": handover_id}
        moves = [Move(product_id, Kind.RETURNED, quantity, batch_id, said, photo=kept, **trace)]
        if not sellable:
            moves.append(Move(product_id, Kind.WASTED, -quantity, batch_id, said, photo=kept))
        post_all(tx, moves)
        _note(tx, _product_row(tx, product_id), quantity, reason=said)


def sell_from_shelf(shop: Shop, sold: Mapping[int, int], day: date | None = None) -> Booked:
    """Book what was sold over the counter without an order on ``day`` (today unless said).

    ``sold`` is product id → grams or sale units; zero is left out. Earliest expiry first. Raises
    ``Refused`` for nothing, a day ahead or long past, a product whose stock is not kept, or goods
    that may not be sold.
    """
    with shop.write("stock.shelf_sales") as tx:
        wanted = {key: amount for key, amount in sold.items() if amount}
        if not wanted:
            raise Refused(N_("Write how much was sold of at least one product."))
        for amount in wanted.values():
            _checked_quantity(amount)
        on = _checked_day(tx, day)
        products = _kept(tx, list(wanted))
        take_out_all(tx, [Out(key, amount, on=on) for key, amount in wanted.items()], Kind.SOLD)
        for product in products:
            _note(tx, product, wanted[product.id], day=on)
        tx.result = _below_zero(tx, products)
    return Booked(tuple(tx.result))


def count(shop: Shop, counts: Sequence[Counted], reason: str = "") -> int:
    """Keep what was counted; differences become movements, agreement is kept too (E4).

    The first count of a product begins its stock. Returns how many differed. Raises ``Refused`` for
    nothing counted, a negative count or a batch twice; ``Conflict`` when goods moved since the
    count began, naming the product: what is on the shelf was another number then.
    """
    said = clean(reason, LONGEST_REASON)
    with shop.write("stock.count") as tx:
        _check_counts(counts)
        ids = sorted({each.product_id for each in counts})
        products = {row.id: row for row in _products(tx, ids)}
        levels = _levels(tx, ids)
        different = [
            each
            for each in counts
            if _count_one(tx, each, products[each.product_id], levels.get(each.product_id), said)
        ]
        tx.result = len(different)
    return int(tx.result)


def change_batch(
    shop: Shop, handover_id: int, batch_id: int | None, target_id: int, quantity: int | None = None
) -> None:
    """Say that goods handed over were of another batch than the earliest to expire.

    Two ``assigned`` movements that add up to nothing and name the order line, so that a recall
    finds whom the goods of a batch went to. All of it unless ``quantity`` is said. Raises
    ``Refused`` for more than was handed over or than the other batch has left.
    """
    with shop.write("stock.change_batch") as tx:
        given = _given(tx, handover_id, batch_id)
        amount = int(given.quantity) if quantity is None else quantity
        _checked_quantity(amount)
        target = _batch_of(tx, target_id, given.product_id)
        if target_id == batch_id:
            raise Refused(N_("The goods are of this batch already. Choose another."))
        _refuse_more_than_given(tx, given, amount)
        _refuse_more_than(target, amount)
        moves = assigned(given.product_id, amount, batch_id, target_id, given.line_id, handover_id)
        post_all(tx, moves)
        _note(tx, _product_row(tx, given.product_id), amount, batch=target.code)


def undo(shop: Shop, movement_id: int) -> int:
    """Take back the entry that a movement belongs to: all rows of that moment; returns how many.

    Staff take back their own, the owner everybody's, for :data:`FURTHEST_BACK`. Raises ``NotFound``
    for an unknown row, ``Refused`` for what was taken back before, is too old, somebody else's, or
    was entered elsewhere (a delivery, a handover, redeemed points).
    """
    with shop.write("stock.undo") as tx:
        row = tx.execute(read_movements().where(_movement.c.id == movement_id)).first()
        if row is None:
            raise NotFound(N_("This entry no longer exists."))
        rows = _same_entry(tx, row)
        _refuse_undo(tx, rows)
        post_all(tx, [reversal(each, each.handover_id) for each in rows])
        for each in rows:
            _note(tx, _product_row(tx, each.product_id), -each.quantity)
        tx.result = len(rows)
    return int(tx.result)


def mark_sold_out(shop: Shop, product_id: int, day: date) -> None:
    """Say that a product had sold out on ``day``; marking twice is one mark (R4).

    Low sales of such a day are no low demand. Raises ``Refused`` for a day to come or longer ago
    than :data:`MARK_BACK_DAYS`, ``NotFound`` for a product not there.
    """
    with shop.write("stock.mark_sold_out") as tx:
        product = _product_row(tx, product_id)
        if not tx.today - timedelta(days=MARK_BACK_DAYS) <= day <= tx.today:
            raise Refused(N_("Mark today or one of the last {days} days."), days=MARK_BACK_DAYS)
        known = select(_mark.c.day).where(_mark.c.product_id == product_id, _mark.c.day == day)
        if tx.execute(known).first() is None:
            values = {"product_id": product_id, "day": day, "at": tx.now}
            tx.execute(insert(_mark).values(**values, person_id=tx.actor.id))
        tx.note(f"product:{product_id}", after={"sold_out": day}, product=product.name)


def unmark_sold_out(shop: Shop, product_id: int, day: date) -> None:
    """Take the mark of a day back (R4). Raises ``NotFound`` for a day that is not marked."""
    with shop.write("stock.unmark_sold_out") as tx:
        product = _product_row(tx, product_id)
        done = tx.execute(delete(_mark).where(_mark.c.product_id == product_id, _mark.c.day == day))
        if done.rowcount == 0:
            raise NotFound(N_("This day is not marked."))
        tx.note(f"product:{product_id}", before={"sold_out": day}, product=product.name)


def _count_one(
    tx: Tx, each: Counted, product: Row[Any], level: Row[Any] | None, reason: str
) -> bool:
    """Keep one count; return whether it differed."""
    on_hand = None if level is None else level.on_hand
    if each.batch_id is not None:
        on_hand = _batch_of(tx, each.batch_id, each.product_id).on_hand
    if on_hand != each.expected:
        raise _moved_meanwhile(product, each.expected, on_hand)
    difference = each.counted - (on_hand or 0)
    if level is None:
        begin(tx, each.product_id)
    moves = [
        Move(each.product_id, Kind.COUNTED, part.quantity, part.batch_id, reason)
        for part in _parts(tx, each, difference, 0 if level is None else level.loose)
    ]
    post_all(tx, moves)
    tx.execute(
        insert(schema.stock_count).values(
            product_id=each.product_id,
            batch_id=each.batch_id,
            expected=on_hand or 0,
            counted=each.counted,
            reason=reason,
            business_day=tx.today,
            at=tx.now,
            person_id=tx.actor.id,
        )
    )
    unit = _unit(product)
    before, after = {product.name: unit.said(on_hand or 0)}, {product.name: unit.said(each.counted)}
    tx.note(f"product:{product.id}", before=before, after=after, reason=reason)
    return bool(difference)


def _parts(tx: Tx, each: Counted, difference: int, loose: int) -> tuple[Part, ...]:
    if not difference:
        return ()
    if each.batch_id is not None:
        return (Part(each.batch_id, difference),)
    lots = lots_of(tx.connection, (each.product_id,))[each.product_id]
    newest = tx.execute(
        select(_batch.c.id)
        .where(_batch.c.product_id == each.product_id, _batch.c.undone_at.is_(None))
        .order_by(_batch.c.arrived_on.desc(), _batch.c.id.desc())
        .limit(1)
    ).scalar()
    return settle(lots, loose, difference, newest, tx.today)


def _check_counts(counts: Sequence[Counted]) -> None:
    if not counts:
        raise Refused(N_("Write what you counted of at least one product."))
    if any(each.counted < 0 for each in counts):
        raise Refused(N_("A count cannot be negative. Write 0 when nothing is there."))
    of = [(each.product_id, each.batch_id) for each in counts]
    whole = {product for product, batch in of if batch is None}
    batched = {product for product, batch in of if batch is not None}
    if len(set(of)) < len(of) or whole & batched:
        raise Refused(N_("Count a product once: as a whole, or batch by batch."))


def _moved_meanwhile(product: Row[Any], expected: int | None, on_hand: int | None) -> Conflict:
    unit = _unit(product)
    return Conflict(
        N_(
            "The stock of {product} went from {before} to {now} while you counted. "
            "Count it again, then save."
        ),
        product=product.name,
        before=unit.said(expected or 0),
        now=unit.said(on_hand or 0),
    )


def _given(tx: Tx, handover_id: int, batch_id: int | None) -> Row[Any]:
    """Return what is still out of one handover's goods of one batch."""
    batch = _movement.c.batch_id
    is_batch = batch.is_(None) if batch_id is None else batch == batch_id
    query = (
        select(
            _movement.c.product_id,
            _movement.c.line_id,
            (-func.sum(_movement.c.quantity)).label("quantity"),
        )
        .where(_movement.c.handover_id == handover_id, is_batch, is_live(_movement))
        .group_by(_movement.c.product_id, _movement.c.line_id)
    )
    row = tx.execute(query).first()
    if row is None:
        raise NotFound(N_("This handing over is not in the books."))
    return row


def _same_entry(tx: Tx, row: Row[Any]) -> Sequence[Row[Any]]:
    """Return all rows that one save made: of the same person and moment, and so side by side."""
    near = _movement.c.id.between(row.id - MOST_ROWS, row.id + MOST_ROWS)
    query = read_movements().where(
        near, _movement.c.at == row.at, _movement.c.person_id == row.person_id
    )
    return tx.execute(query.order_by(_movement.c.id)).all()


def _refuse_undo(tx: Tx, rows: Sequence[Row[Any]]) -> None:
    if tx.actor.role is not Role.OWNER and any(row.person_id != tx.actor.id for row in rows):
        raise Refused(N_("Somebody else entered this. Ask them, or the owner."))
    if any(row.undone_by is not None or row.reverses_id is not None for row in rows):
        raise Refused(N_("This was already taken back."))
    if not all(is_undoable(row) for row in rows):
        raise Refused(N_("This was entered elsewhere; take it back there."))
    if any(row.business_day < tx.today - FURTHEST_BACK for row in rows):
        raise Refused(N_("This is too long ago to be taken back. Count the shelf instead."))


def is_undoable(row: Any) -> bool:
    """Whether a movement was entered at the shelf: by no delivery, handover, case or gift."""
    if any(each is not None for each in (row.remedy_id, row.owed_handover_id, row.gift_id)):
        return False
    return Kind(row.kind) in UNDOABLE and not (row.kind == Kind.SOLD and row.line_id is not None)


def _kept(tx: Tx, product_ids: Sequence[int]) -> list[Row[Any]]:
    products = _products(tx, product_ids)
    kept = kept_of(tx, product_ids)
    for product in products:
        if product.id not in kept:
            raise Refused(
                N_("The stock of {product} is not kept yet. Count it first."), product=product.name
            )
    return products


def _products(tx: Tx, product_ids: Sequence[int]) -> list[Row[Any]]:
    columns = (_product.c.id, _product.c.name, _product.c.sale_unit, _product.c.unit_grams)
    rows = tx.execute(select(*columns).where(_product.c.id.in_(list(product_ids)))).all()
    if len(rows) < len(set(product_ids)):
        raise NotFound(N_("This product does not exist."))
    return list(rows)


def _product_row(tx: Tx, product_id: int) -> Row[Any]:
    return _products(tx, [product_id])[0]


def _levels(tx: Tx, product_ids: Sequence[int]) -> dict[int, Row[Any]]:
    rows = tx.execute(select(_level).where(_level.c.product_id.in_(list(product_ids))))
    return {row.product_id: row for row in rows}


def _batch_of(tx: Tx, batch_id: int, product_id: int | None = None) -> Row[Any]:
    row = tx.execute(select(_batch).where(_batch.c.id == batch_id)).first()
    if row is None or product_id not in (None, row.product_id):
        raise NotFound(N_("This batch is not in the books."))
    return row


def _refuse_more_than(batch: Row[Any], quantity: int) -> None:
    if quantity > batch.on_hand:
        raise Refused(
            N_("Of batch {batch} only {left} are left."),
            batch=batch.code,
            left=_unit(batch).said(max(batch.on_hand, 0)),
        )


def _refuse_more_than_given(tx: Tx, given: Row[Any], quantity: int) -> None:
    if quantity > given.quantity:
        unit = _unit(_product_row(tx, given.product_id))
        raise Refused(
            N_("Only {given} of it were handed over."), given=unit.said(max(given.quantity, 0))
        )


def _below_zero(tx: Tx, products: Sequence[Row[Any]]) -> list[str]:
    levels = _levels(tx, [product.id for product in products])
    return [product.name for product in products if levels[product.id].on_hand < 0]


def _checked_quantity(quantity: int) -> None:
    if quantity <= 0:
        raise Refused(N_("Write how much: more than zero."))


def _checked_day(tx: Tx, day: date | None) -> date:
    if day is None:
        return tx.today
    if not tx.today - FURTHEST_BACK <= day <= tx.today:
        raise Refused(N_("Choose today or one of the last seven days."))
    return day


def _unit(row: Row[Any]) -> Unit:
    return Unit(row.sale_unit, row.unit_grams)


def _picture(shop: Shop, picture: tuple[bytes, str] | None) -> Photo | None:
    return None if picture is None else photos.put(shop.place, *picture)


def _note(tx: Tx, product: Row[Any], quantity: int, **more: Any) -> None:
    after = {product.name: _unit(product).said(quantity)}
    tx.note(f"product:{product.id}", before=None, after=after, **more)
