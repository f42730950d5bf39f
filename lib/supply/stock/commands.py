"""Steps of stock. ``post`` books one movement with its sums; everything else is made of it.

These functions take ``tx`` and are steps of other commands: handing over, receiving, a recall, and
what people do at the shelf (:mod:`lib.supply.stock.shelf`). Many movements cost as many statements
as one: an order of ten goods is handed over as fast as an order of two.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.shop import Tx
from lib.supply.stock.queries import is_live, lots_of
from lib.supply.stock.rules import TO_RESIDENTS, Allocation, Kind, Lot, Part, allocate

_movement, _level, _day = schema.stock_movement, schema.stock_level, schema.stock_day
_batch = schema.batch

LOOSE_DAYS = timedelta(days=14)
"""How far back a delivery that is entered late looks for whom its goods went to."""

COVERED = N_("came in later")
"""Why goods thrown away before their delivery was entered are booked to its batch afterwards."""

_COLUMN = {
    Kind.RECEIVED: "received",
    Kind.SOLD: "sold",
    Kind.WASTED: "wasted",
    Kind.SENT_BACK: "sent_back",
    Kind.RETURNED: "returned",
    Kind.REDEEMED: "redeemed",
    Kind.COUNTED: "counted",
}
"""The column of ``stock_day`` a kind adds to; assigning moves nothing in or out."""

_COLUMNS = (*_COLUMN.values(), "shelf_sold")

_LEAVES = frozenset({Kind.SOLD, Kind.WASTED, Kind.SENT_BACK, Kind.REDEEMED})


@dataclass(frozen=True)
class Move:
    """A movement to be booked; ``quantity`` is signed: positive in, negative out."""

    product_id: int
    kind: Kind
    quantity: int
    batch_id: int | None = None
    reason: str = ""
    line_id: int | None = None
    handover_id: int | None = None
    reverses_id: int | None = None
    photo: str | None = None
    on: date | None = None
    owed_handover_id: int | None = None
    remedy_id: int | None = None
    gift_id: int | None = None


@dataclass(frozen=True)
class Out:
    """Goods that leave: how much of a product, ``batch_id`` first, and columns of the movement.

    ``on`` is the day they left, today unless said.
    """

    product_id: int
    quantity: int
    batch_id: int | None = None
    line_id: int | None = None
    handover_id: int | None = None
    reason: str = ""
    photo: str | None = None
    on: date | None = None
    owed_handover_id: int | None = None
    gift_id: int | None = None


def post(tx: Tx, move: Move) -> int:
    """Book ``move`` with its sums and return the id of its row. The day is today unless said.

    Keeps the product's stock from now on if it was not kept before.
    """
    row_id = tx.add(_movement, **_row(tx, move))
    _keep_sums(tx, (move,))
    return row_id


def post_all(tx: Tx, moves: Sequence[Move]) -> None:
    """Book ``moves`` in their order with their sums, in a fixed number of statements."""
    if moves:
        tx.execute(insert(_movement), [_row(tx, move) for move in moves])
        _keep_sums(tx, moves)


def kept_of(tx: Tx, product_ids: Iterable[int]) -> set[int]:
    """Return those of ``product_ids`` whose stock is kept."""
    known = select(_level.c.product_id).where(_level.c.product_id.in_(set(product_ids)))
    return set(tx.execute(known).scalars())


def begin(tx: Tx, product_id: int) -> None:
    """Keep the product's stock from now on with nothing in it."""
    tx.execute(insert(_level).values(product_id=product_id, on_hand=0, loose=0, since=tx.now))


def take_out(
    tx: Tx,
    product_id: int,
    quantity: int,
    kind: Kind,
    *,
    batch_id: int | None = None,
    **more: Any,
) -> tuple[Part, ...]:
    """Take ``quantity`` out of stock, earliest expiry first or ``batch_id`` first.

    Returns the parts taken; nothing when the product's stock is not kept. ``more`` are further
    fields of :class:`Out`. Raises ``Refused`` when what is left may not go to residents: stopped,
    or past the date printed on it.
    """
    return take_out_all(tx, (Out(product_id, quantity, batch_id, **more),), kind)[0]


def take_out_all(tx: Tx, outs: Sequence[Out], kind: Kind) -> list[tuple[Part, ...]]:
    """Take everything in ``outs`` out of stock as :func:`take_out` does, in one go.

    Returns the parts of each; raises ``Refused`` before anything is booked.
    """
    kept = kept_of(tx, (out.product_id for out in outs))
    lots = lots_of(tx.connection, kept)
    taken: list[tuple[Part, ...]] = []
    moves = []
    for out in outs:
        if out.product_id not in kept:
            taken.append(())
            continue
        found = _allocated(tx, lots, out, kind)
        if found.loose and found.blocked:
            raise _blocked(tx, out.product_id, found.blocked[0].code)
        _leave(lots, out.product_id, found)
        taken.append(found.parts)
        moves += [_leaving(out, kind, part) for part in found.parts]
    post_all(tx, moves)
    return taken


def blocked_outs(tx: Tx, outs: Sequence[Out], kind: Kind) -> list[bool]:
    """Return for each of ``outs`` whether :func:`take_out_all` would refuse it; books nothing.

    One after the other: what is refused leaves its goods to those behind it.
    """
    kept = kept_of(tx, (out.product_id for out in outs))
    lots = lots_of(tx.connection, kept)
    refused = []
    for out in outs:
        found = _allocated(tx, lots, out, kind) if out.product_id in kept else None
        stays = found is not None and bool(found.loose and found.blocked)
        if found is not None and not stays:
            _leave(lots, out.product_id, found)
        refused.append(stays)
    return refused


def _allocated(tx: Tx, lots: Mapping[int, Sequence[Lot]], out: Out, kind: Kind) -> Allocation:
    return allocate(
        lots[out.product_id],
        out.quantity,
        out.on or tx.today,
        first=out.batch_id,
        to_residents=kind in TO_RESIDENTS,
    )


def _leave(lots: dict[int, list[Lot]], product_id: int, found: Allocation) -> None:
    gone = {part.batch_id: part.quantity for part in found.parts}
    lots[product_id] = [
        replace(lot, on_hand=lot.on_hand - gone.get(lot.batch_id, 0)) for lot in lots[product_id]
    ]


def put_back(tx: Tx, handover_id: int, undone_by: int) -> None:
    """Take back the movements of a handover that was undone; see :func:`put_back_all`."""
    put_back_all(tx, {handover_id: undone_by})


def put_back_all(tx: Tx, undone: Mapping[int, int]) -> None:
    """Take back the movements of handovers that were undone; each is reversed once.

    ``undone`` is handover taken back → the row that does it. The goods come back into the batch
    they are traced to, also when that was changed since, on the day they were said to leave.
    """
    rows = tx.execute(
        select(_movement)
        .where(_movement.c.handover_id.in_(list(undone)), is_live(_movement))
        .order_by(_movement.c.id)
    ).all()
    post_all(tx, [reversal(row, undone[row.handover_id]) for row in rows])


def put_back_owed(tx: Tx, undone: Mapping[int, int]) -> None:
    """Take back the movements of owed goods that were given and taken back; each once.

    ``undone`` is row of ``owed_handover`` taken back → the row that does it.
    """
    given = _movement.c.owed_handover_id
    rows = tx.execute(
        select(_movement)
        .where(given.in_(list(undone)), is_live(_movement))
        .order_by(_movement.c.id)
    ).all()
    moves = [
        replace(reversal(row, None), owed_handover_id=undone[row.owed_handover_id]) for row in rows
    ]
    post_all(tx, moves)


def put_back_gift(tx: Tx, gift_id: int) -> None:
    """Take back the movements of a gift that was given by mistake; each once (R34, E11)."""
    rows = tx.execute(
        select(_movement)
        .where(_movement.c.gift_id == gift_id, is_live(_movement))
        .order_by(_movement.c.id)
    ).all()
    post_all(tx, [replace(reversal(row, None), gift_id=gift_id) for row in rows])


def reversal(row: Any, handover_id: int | None) -> Move:
    """Return the movement that takes back the stored ``row``, on the day of that row."""
    return Move(
        row.product_id,
        Kind(row.kind),
        -row.quantity,
        row.batch_id,
        row.reason,
        row.line_id,
        handover_id,
        row.id,
        on=row.business_day,
    )


def assign_loose(tx: Tx, product_id: int, batch_id: int, most: int) -> int:
    """Let a batch that just came in cover what left without a batch; return how much it did.

    Two movements that add up to nothing: the loose part grows towards zero, the batch shrinks. They
    name the order lines the goods went to, newest first, so that a recall finds them. What was
    thrown away stays so, on its day: it is a loss at the price of this batch, and sold to nobody.
    """
    loose = tx.execute(select(_level.c.loose).where(_level.c.product_id == product_id)).scalar()
    covered = min(most, -min(int(loose or 0), 0))
    moves, missing = [], covered
    for row in _loose_handovers(tx, product_id) if covered else ():
        part = min(missing, -row.quantity)
        if part:
            trace = (row.line_id, row.handover_id, row.owed_handover_id, row.gift_id)
            moves += assigned(product_id, part, None, batch_id, *trace)
        missing -= part
    for row in _loose_waste(tx, product_id) if missing else ():
        part = min(missing, -row.quantity)
        if part:
            moves += thrown_away(product_id, part, None, batch_id, row.business_day)
        missing -= part
    if missing:
        moves += assigned(product_id, missing, None, batch_id)
    post_all(tx, moves)
    return covered


def assigned(
    product_id: int,
    quantity: int,
    source: int | None,
    target: int | None,
    line_id: int | None = None,
    handover_id: int | None = None,
    owed_handover_id: int | None = None,
    gift_id: int | None = None,
) -> list[Move]:
    """Return the two movements by which ``quantity`` left ``target`` instead of ``source``."""
    trace: dict[str, Any] = {
        "line_id": line_id,
        "handover_id": handover_id,
        "owed_handover_id": owed_handover_id,
        "gift_id": gift_id,
    }
    return [
        Move(product_id, Kind.ASSIGNED, quantity, source, **trace),
        Move(product_id, Kind.ASSIGNED, -quantity, target, **trace),
    ]


def thrown_away(
    product_id: int, quantity: int, source: int | None, target: int | None, day: date
) -> list[Move]:
    """Return the two movements by which waste of ``day`` was of ``target`` instead of ``source``.

    One of the two is always None, goods without a batch.
    """
    return [
        Move(product_id, Kind.WASTED, quantity, source, COVERED, on=day),
        Move(product_id, Kind.WASTED, -quantity, target, COVERED, on=day),
    ]


def _loose_waste(tx: Tx, product_id: int) -> Sequence[Any]:
    """Return what was thrown away lately without a batch, by day: negative sums, newest first."""
    quantity = func.sum(_movement.c.quantity)
    query = (
        select(_movement.c.business_day, quantity.label("quantity"))
        .where(
            _movement.c.product_id == product_id,
            _movement.c.business_day >= tx.today - LOOSE_DAYS,
            _movement.c.batch_id.is_(None),
            _movement.c.kind == Kind.WASTED,
        )
        .group_by(_movement.c.business_day)
        .having(quantity < 0)
        .order_by(_movement.c.business_day.desc())
    )
    return tx.execute(query).all()


def _loose_handovers(tx: Tx, product_id: int) -> Sequence[Any]:
    """Return what went to residents lately without a batch: negative sums, newest first.

    By order line and handing over, also of goods given to make something good and of gifts.
    """
    quantity, first = func.sum(_movement.c.quantity), func.min(_movement.c.id)
    reasons = (_movement.c.handover_id, _movement.c.owed_handover_id, _movement.c.gift_id)
    trace = (_movement.c.line_id, *reasons)
    query = (
        select(*trace, quantity.label("quantity"))
        .where(
            _movement.c.product_id == product_id,
            _movement.c.business_day >= tx.today - LOOSE_DAYS,
            _movement.c.batch_id.is_(None),
            or_(*(reason.is_not(None) for reason in reasons)),
            is_live(_movement),
        )
        .group_by(*trace)
        .having(quantity < 0)
        .order_by(first.desc())
    )
    return tx.execute(query).all()


def _leaving(out: Out, kind: Kind, part: Part) -> Move:
    return Move(
        out.product_id,
        kind,
        -part.quantity,
        part.batch_id,
        out.reason,
        out.line_id,
        out.handover_id,
        photo=out.photo,
        on=out.on,
        owed_handover_id=out.owed_handover_id,
        gift_id=out.gift_id,
    )


def _row(tx: Tx, move: Move) -> dict[str, Any]:
    return {
        "product_id": move.product_id,
        "batch_id": move.batch_id,
        "kind": move.kind.value,
        "quantity": move.quantity,
        "reason": move.reason,
        "line_id": move.line_id,
        "handover_id": move.handover_id,
        "owed_handover_id": move.owed_handover_id,
        "remedy_id": move.remedy_id,
        "gift_id": move.gift_id,
        "reverses_id": move.reverses_id,
        "photo": move.photo,
        "business_day": move.on or tx.today,
        "at": tx.now,
        "person_id": tx.actor.id,
    }


def _keep_sums(tx: Tx, moves: Sequence[Move]) -> None:
    _add_to_batches(tx, moves)
    before = _add_to_levels(tx, moves)
    _add_to_days(tx, moves, before)


def _add_to_batches(tx: Tx, moves: Sequence[Move]) -> None:
    sums: dict[int, int] = defaultdict(int)
    for move in moves:
        if move.batch_id is not None:
            sums[move.batch_id] += move.quantity
    if sums:
        tx.execute(
            update(_batch)
            .where(_batch.c.id == bindparam("of_batch"))
            .values(on_hand=_batch.c.on_hand + bindparam("quantity")),
            [{"of_batch": key, "quantity": value} for key, value in sums.items()],
        )


def _add_to_levels(tx: Tx, moves: Sequence[Move]) -> dict[int, int]:
    """Add to the levels; return what lay there before."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for move in moves:
        sums[move.product_id][0] += move.quantity
        sums[move.product_id][1] += move.quantity if move.batch_id is None else 0
    known = select(_level.c.product_id, _level.c.on_hand).where(_level.c.product_id.in_(list(sums)))
    before = {row.product_id: int(row.on_hand) for row in tx.execute(known)}
    changed = [
        {"of_product": key, "quantity": quantity, "without": loose}
        for key, (quantity, loose) in sums.items()
        if key in before
    ]
    new = [
        {"product_id": key, "on_hand": quantity, "loose": loose, "since": tx.now}
        for key, (quantity, loose) in sums.items()
        if key not in before
    ]
    if changed:
        tx.execute(
            update(_level)
            .where(_level.c.product_id == bindparam("of_product"))
            .values(
                on_hand=_level.c.on_hand + bindparam("quantity"),
                loose=_level.c.loose + bindparam("without"),
            ),
            changed,
        )
    if new:
        tx.execute(insert(_level), new)
    return before


def _add_to_days(tx: Tx, moves: Sequence[Move], before: Mapping[int, int]) -> None:
    """Add to the sums of the days; a movement of an earlier day moves every closing after it."""
    sums = _sums_of_days(tx, moves)
    first = {key: min(days) for key, days in sums.items()}
    rows = tx.execute(
        select(_day.c.product_id, _day.c.day, _day.c.closing).where(
            _day.c.product_id.in_(list(sums)), _day.c.day >= min(first.values())
        )
    )
    known: dict[int, dict[date, int]] = defaultdict(dict)
    for row in rows:
        if row.day >= first[row.product_id]:
            known[row.product_id][row.day] = int(row.closing)
    changed: _Rows = []
    new: _Rows = []
    for product_id, days in sums.items():
        there = known[product_id]
        closing, added = 0, 0
        if first[product_id] not in there:
            closing = (
                _closing_before(tx, product_id, first[product_id])
                if there
                else before.get(product_id, 0)
            )
        for day in sorted({*days, *there}):
            closing = there.get(day, closing)
            columns = dict(days.get(day, _NOTHING))
            added += columns.pop("quantity")
            sums_now = {**columns, "closing": closing + added}
            (changed if day in there else new).append((product_id, day, sums_now))
    _write_days(tx, changed, new)


_NOTHING = dict.fromkeys((*_COLUMNS, "quantity"), 0)


def _sums_of_days(tx: Tx, moves: Sequence[Move]) -> dict[int, dict[date, dict[str, int]]]:
    sums: dict[int, dict[date, dict[str, int]]] = defaultdict(dict)
    for move in moves:
        day = sums[move.product_id].setdefault(move.on or tx.today, dict(_NOTHING))
        day["quantity"] += move.quantity
        if move.kind in _COLUMN:
            amount = -move.quantity if move.kind in _LEAVES else move.quantity
            day[_COLUMN[move.kind]] += amount
            if move.kind is Kind.SOLD and move.line_id is None:
                day["shelf_sold"] += amount
    return sums


def _closing_before(tx: Tx, product_id: int, day: date) -> int:
    query = (
        select(_day.c.closing)
        .where(_day.c.product_id == product_id, _day.c.day < day)
        .order_by(_day.c.day.desc())
        .limit(1)
    )
    return int(tx.execute(query).scalar() or 0)


_Rows = list[tuple[int, date, dict[str, int]]]


def _write_days(tx: Tx, changed: _Rows, new: _Rows) -> None:
    if changed:
        tx.execute(
            update(_day)
            .where(_day.c.product_id == bindparam("of_product"), _day.c.day == bindparam("of_day"))
            .values(
                closing=bindparam("closes"),
                **{name: _day.c[name] + bindparam(f"add_{name}") for name in _COLUMNS},
            ),
            [
                {
                    "of_product": product_id,
                    "of_day": day,
                    "closes": row["closing"],
                    **{f"add_{name}": row[name] for name in _COLUMNS},
                }
                for product_id, day, row in changed
            ],
        )
    if new:
        tx.execute(
            insert(_day),
            [{"product_id": product_id, "day": day, **row} for product_id, day, row in new],
        )


def _blocked(tx: Tx, product_id: int, batch: str) -> Refused:
    return Refused(
        N_(
            "What is left of {product} is of batch {batch}, which is stopped or past its date. "
            "It may not be given out."
        ),
        product=name_of(tx, product_id),
        batch=batch,
    )


def name_of(tx: Tx, product_id: int) -> str:
    """Return what the product is called."""
    products = schema.product
    query = select(products.c.name).where(products.c.id == product_id)
    return str(tx.execute(query).scalar_one())
