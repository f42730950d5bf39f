"""Writes of past figures: an import is one transaction and can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Table, delete, exists, insert, select, update

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.supply.past.matching import DayRow
from lib.supply.past.queries import GOODS, LAYOUTS
from lib.trade.products.commands import put_product
from lib.trade.products.rules import Details

_import, _day, _mapping = schema.past_import, schema.past_day, schema.sheet_mapping

ROWS_AT_ONCE = 5_000
"""Rows one statement inserts; bounds the memory of an import, not its size."""


@dataclass(frozen=True)
class PastProduct:
    """The days of one product of the files, for ``product_id`` or for a ``new`` product.

    ``key`` is what the files call it, and is remembered with the answer.
    """

    key: str
    rows: Sequence[DayRow]
    product_id: int | None = None
    new: Details | None = None


@dataclass(frozen=True)
class Wanted:
    """All that is to be booked: ``fingerprint`` names the files, ``reckoned`` counts days."""

    file_name: str
    fingerprint: str
    goods: Sequence[PastProduct]
    unit: str = ""
    reckoned: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Imported:
    """What an import did; ``known`` days stood there already, ``other`` of them with other figures.

    Days that stand there are never overwritten: undo the import that brought them first.
    """

    import_id: int | None
    days: int
    new_products: int
    known: int
    other: int


@dataclass
class _Counts:
    days: int = 0
    known: int = 0
    other: int = 0
    first: date = date.max
    last: date = date.min
    created: list[int] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)


def import_past(shop: Shop, wanted: Wanted) -> Imported:
    """Book the days of ``wanted``, all of them or none; what stands there already is left as it is.

    Raises ``Refused`` when the same files stand there, and when nothing of them is new.
    """
    with shop.write("past.import", by=OWNER_ONLY) as tx:
        _refuse_same(tx, wanted.fingerprint)
        counts, import_id = _Counts(), _new_import(tx, wanted)
        for good in wanted.goods:
            _put(tx, import_id, good, counts)
        if not counts.days:
            raise Refused(
                N_("Nothing of this is new: {count} product-days stand there already."),
                count=counts.known,
            )
        summary = {
            "products": len(counts.answers),
            "new_products": counts.created,
            "reckoned": wanted.reckoned,
            "unit": wanted.unit,
            "known": counts.known,
            "left_out": wanted.left_out,
        }
        values = {
            "rows": counts.days,
            "first_day": counts.first,
            "last_day": counts.last,
            "summary": summary,
        }
        tx.execute(update(_import).where(_import.c.id == import_id).values(**values))
        _remember(tx, GOODS, counts.answers)
        tx.note(f"past_import:{import_id}", after={"name": wanted.file_name, **_said(counts)})
        tx.result = asdict(
            Imported(import_id, counts.days, len(counts.created), counts.known, counts.other)
        )
    return Imported(**tx.result)


def undo_import(shop: Shop, import_id: int) -> int:
    """Take an import back; return how many product-days went with it.

    Products it made are archived when nothing else was ever done with them. The journal keeps
    that it was there. Raises ``NotFound``.
    """
    with shop.write("past.undo", by=OWNER_ONLY) as tx:
        row = tx.execute(select(_import).where(_import.c.id == import_id)).first()
        if row is None:
            raise NotFound(N_("This import does not stand there any more."))
        gone = tx.execute(delete(_day).where(_day.c.import_id == import_id)).rowcount
        tx.execute(delete(_import).where(_import.c.id == import_id))
        archived = [key for key in row.summary.get("new_products", ()) if _archive(tx, key)]
        before = {"name": row.file_name, "quantity": gone}
        tx.note(f"past_import:{import_id}", before=before, after={"archived": len(archived)})
        tx.result = gone
    return int(tx.result)


def save_layout(shop: Shop, fingerprint: str, layout: Mapping[str, Any]) -> None:
    """Remember how the columns of files with these headings are read.

    ``layout`` is ``{"columns": {"0": "day", …}, "unit": "千克"}``.
    """
    assert fingerprint.startswith(LAYOUTS)
    with shop.write("sheet.mapping", by=OWNER_ONLY) as tx:
        _put_mapping(tx, fingerprint, dict(layout))
        tx.note("sheet_mapping", after=dict(layout))


def _refuse_same(tx: Tx, fingerprint: str) -> None:
    query = select(_import.c.at).where(_import.c.fingerprint == fingerprint)
    if tx.execute(query).first() is not None:
        raise Refused(N_("These very files came in already. Nothing was added."))


def _new_import(tx: Tx, wanted: Wanted) -> int:
    return tx.add(
        _import,
        file_name=wanted.file_name,
        fingerprint=wanted.fingerprint,
        rows=0,
        first_day=tx.today,
        last_day=tx.today,
        summary={},
        at=tx.now,
        person_id=tx.actor.id,
    )


def _put(tx: Tx, import_id: int, good: PastProduct, counts: _Counts) -> None:
    """Book the days of one product that do not stand there yet."""
    if not good.rows:
        return
    product_id = good.product_id
    if product_id is None:
        assert good.new is not None
        product_id = put_product(tx, good.new)
        counts.created.append(product_id)
    counts.answers[good.key] = product_id
    there = _there(tx, product_id, good.rows)
    fresh = []
    for row in good.rows:
        if (before := there.get(row.day)) is None:
            fresh.append({"product_id": product_id, "import_id": import_id, **row._asdict()})
        else:
            counts.known += 1
            counts.other += before != (row.prepared, row.sold)
    for start in range(0, len(fresh), ROWS_AT_ONCE):
        tx.execute(insert(_day), fresh[start : start + ROWS_AT_ONCE])
    if fresh:
        counts.days += len(fresh)
        counts.first = min(counts.first, *(row["day"] for row in fresh))
        counts.last = max(counts.last, *(row["day"] for row in fresh))


def _there(tx: Tx, product_id: int, rows: Sequence[DayRow]) -> dict[date, tuple[int | None, int]]:
    query = select(_day.c.day, _day.c.prepared, _day.c.sold).where(
        _day.c.product_id == product_id,
        _day.c.day.between(min(row.day for row in rows), max(row.day for row in rows)),
    )
    return {row.day: (row.prepared, row.sold) for row in tx.execute(query)}


def _said(counts: _Counts) -> dict[str, object]:
    return {
        "quantity": counts.days,
        "day": f"{counts.first} – {counts.last}",
        "products": len(counts.answers),
        "added": len(counts.created),
    }


def _remember(tx: Tx, key: str, answers: Mapping[str, int]) -> None:
    query = select(_mapping.c.mapping).where(_mapping.c.header_fingerprint == key)
    kept = tx.execute(query).scalar() or {}
    _put_mapping(tx, key, {**kept, **answers})


def _put_mapping(tx: Tx, key: str, document: dict[str, Any]) -> None:
    values = {"mapping": document, "saved_at": tx.now, "person_id": tx.actor.id}
    same = _mapping.c.header_fingerprint == key
    if tx.execute(update(_mapping).where(same).values(**values)).rowcount == 0:
        tx.execute(insert(_mapping).values(header_fingerprint=key, **values))


_USES: tuple[tuple[Table, str], ...] = (
    (schema.round_offer, "product_id"),
    (schema.order_line, "product_id"),
    (schema.stock_movement, "product_id"),
    (schema.supply_term, "product_id"),
    (schema.purchase_line, "product_id"),
    (schema.past_day, "product_id"),
    (schema.staple, "product_id"),
    (schema.clearance, "product_id"),
)
"""What keeps a product in use although the import that made it is taken back."""


def _archive(tx: Tx, product_id: int) -> bool:
    products = schema.product
    used = [exists().where(table.c[column] == product_id) for table, column in _USES]
    query = update(products).where(
        products.c.id == product_id, products.c.archived_at.is_(None), *(~each for each in used)
    )
    values = {"archived_at": tx.now, "version": products.c.version + 1}
    return tx.execute(query.values(**values)).rowcount > 0
