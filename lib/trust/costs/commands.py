"""Writes of costs and of published sheets (R20). Owner only."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select

from lib.db import schema
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.trust.books.rules import Scope
from lib.trust.costs.draft.queries import Draft, draft
from lib.trust.costs.queries import PUBLISH
from lib.trust.costs.rules import (
    FIRST_FINGERPRINT,
    Cost,
    Line,
    Part,
    Period,
    body_of,
    check_published_text,
    checked_cost,
    fingerprint_of,
    sealed_text,
)

FURTHEST_DAYS = 31
"""A sheet is for a day between today and a month ahead; it is never dated back."""


def set_costs(
    shop: Shop, product_id: int, costs: Mapping[Part, Cost | None], versions: Mapping[Part, int]
) -> None:
    """Keep the ``costs`` of one sale unit as typed, per part; others stay as they are.

    None gives a part back to the books: what was typed is removed. ``versions`` are those the owner
    saw (0 or absent: nothing typed yet). Raises ``NotFound`` for an unknown or archived product,
    ``Refused`` for an impossible cost, ``Conflict`` when somebody else changed one of these costs
    meanwhile. R20.
    """
    with shop.write("product_cost.set", by=OWNER_ONLY) as tx:
        on_sale = select(schema.product.c.id).where(
            schema.product.c.id == product_id, schema.product.c.archived_at.is_(None)
        )
        if tx.execute(on_sale).first() is None:
            raise NotFound(N_("This product is not on sale."))
        rows = _kept(tx, product_id)
        for part, cost in costs.items():
            if cost is None:
                _give_back(tx, part, rows.get(part), versions.get(part, 0))
            else:
                _keep(tx, product_id, part, cost, rows.get(part), versions.get(part, 0))


def publish_sheet(
    shop: Shop,
    title: str,
    day: date,
    product_ids: Sequence[int],
    *,
    corrects: int | None = None,
    correction: str = "",
    looked_at: str | None = None,
    scope: Scope | None = None,
) -> int:
    """Publish the current costs of ``product_ids`` as the next sheet and return its number.

    ``day`` is the shop's day the sheet is for; its data are as of now. ``corrects`` is the number
    of the sheet it corrects and then ``correction`` says why. ``looked_at`` is ``Draft.digest`` of
    what the owner saw, ``scope`` what of the books it was read from (None: the usual days). The row
    is never altered; its fingerprint covers the sheet before it (R20).

    Raises ``Refused`` for an empty sheet, a product without purchase price or not on sale, a day
    out of range, a correction without its reason and a phone number in anything published;
    ``NotFound`` for a corrected sheet that does not exist; ``Conflict`` when a price or cost
    changed since the owner looked.
    """
    with shop.write(PUBLISH, by=OWNER_ONLY) as tx:
        title, correction = clean(title, 60), clean(correction, 200)
        current = draft(tx.connection, tx.settings, tx.now, scope)
        lines = _lines(current, product_ids)
        if looked_at is not None and looked_at != current.digest(product_ids):
            raise Conflict(
                N_("A price or a cost changed since you looked. Look again, then publish.")
            )
        _check_day(tx, day)
        _check_words(title, correction, lines)
        corrected_id = _corrected(tx, corrects, correction)
        tx.result = _publish(
            tx, title, day, lines, current.period, corrects, corrected_id, correction
        )
    return int(tx.result)


def _kept(tx: Tx, product_id: int) -> dict[Part, Any]:
    costs = schema.product_cost
    rows = tx.execute(select(costs).where(costs.c.product_id == product_id))
    return {Part(row.kind): row for row in rows}


def _keep(tx: Tx, product_id: int, part: Part, cost: Cost, row: Any, seen: int) -> None:
    checked_cost(part, cost)
    values = {
        "amount_fen": cost.amount.fen if cost.amount is not None else None,
        "rate_per_10000": cost.rate,
        "basis": clean(cost.basis),
    }
    before = None if row is None else {field: getattr(row, field) for field in values}
    if before == values:
        return
    if row is None and seen == 0:
        row_id = tx.add(
            schema.product_cost,
            product_id=product_id,
            kind=part.value,
            changed_at=tx.now,
            **values,
        )
    else:
        row_id = row.id if row is not None else 0
        tx.change(schema.product_cost, row_id, seen, changed_at=tx.now, **values)
    tx.note(f"product_cost:{row_id}", before=_said(part, before), after=_said(part, values))


def _give_back(tx: Tx, part: Part, row: Any, seen: int) -> None:
    """Remove what was typed; :meth:`Tx.change` tells a stale screen who changed it."""
    if row is None:
        return
    costs = schema.product_cost
    tx.change(costs, row.id, seen, changed_at=tx.now)
    tx.execute(delete(costs).where(costs.c.id == row.id))
    before = {field: getattr(row, field) for field in ("amount_fen", "rate_per_10000", "basis")}
    nothing = dict.fromkeys(before)
    tx.note(f"product_cost:{row.id}", before=_said(part, before), after=_said(part, nothing))


def _said(part: Part, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """How the journal names a cost: ``packaging``, ``loss_rate``, ``other_note``."""
    if values is None:
        return None
    name = _NAMES.get(part, part.value)
    said = {name: values["amount_fen"], f"{name}_note": values["basis"]}
    return said | ({f"{name}_rate": values["rate_per_10000"]} if part is Part.LOSS else {})


_NAMES = {Part.POINTS: "points_cost", Part.PLEDGE: "pledge_cost"}
"""Parts whose plain name means something else in the journal."""


def _lines(current: Draft, product_ids: Sequence[int]) -> tuple[Line, ...]:
    wanted = set(product_ids)
    if not wanted:
        raise Refused(N_("Choose at least one product: an empty sheet says nothing."))
    known = {item.product_id: item for item in current.products}
    if wanted - known.keys():
        raise Refused(N_("One of these products is no longer on sale. Look again, then publish."))
    without = [item for item in current.products if item.line is None]
    missing = [item.name for item in without if item.product_id in wanted]
    if missing:
        raise Refused(
            N_("Without a purchase price nothing can be published: {names}."),
            names=", ".join(missing),
        )
    return current.chosen(wanted)


def _check_day(tx: Tx, day: date) -> None:
    if not tx.today <= day <= tx.today + timedelta(days=FURTHEST_DAYS):
        raise Refused(
            N_("A sheet is for today or one of the next {days} days; it is never dated back."),
            days=FURTHEST_DAYS,
        )


def _check_words(title: str, correction: str, lines: tuple[Line, ...]) -> None:
    if not title:
        raise Refused(N_("Give the sheet a title."))
    for text in (title, correction, *(line.name for line in lines), *(line.unit for line in lines)):
        check_published_text(text)


def _corrected(tx: Tx, corrects: int | None, correction: str) -> int | None:
    if corrects is None:
        if correction:
            raise Refused(N_("Choose the sheet that this one corrects."))
        return None
    if not correction:
        raise Refused(N_("Say what was wrong: residents read it."))
    sheets = schema.cost_sheet
    found = tx.execute(select(sheets.c.id).where(sheets.c.number == corrects)).scalar()
    if found is None:
        raise NotFound(N_("There is no sheet number {number}."), number=corrects)
    return int(found)


def _publish(
    tx: Tx,
    title: str,
    day: date,
    lines: tuple[Line, ...],
    period: Period,
    corrects: int | None,
    corrected_id: int | None,
    correction: str,
) -> int:
    sheets = schema.cost_sheet
    last = tx.execute(
        select(sheets.c.number, sheets.c.fingerprint).order_by(sheets.c.number.desc()).limit(1)
    ).first()
    number = last.number + 1 if last else 1
    previous = last.fingerprint if last else FIRST_FINGERPRINT
    body = body_of(lines, period)
    text = sealed_text(number, title, day, tx.now, body, corrects, correction, previous)
    fingerprint = fingerprint_of(text)
    row_id = tx.add(
        sheets,
        number=number,
        title=title,
        day=day,
        data_as_of=tx.now,
        published_at=tx.now,
        published_by=tx.actor.id,
        corrects_id=corrected_id,
        correction=correction,
        body=body,
        previous_fingerprint=previous,
        fingerprint=fingerprint,
    )
    tx.note(
        f"cost_sheet:{row_id}",
        after={
            "number": number,
            "title": title,
            "day": day,
            "products": len(body["lines"]),
            "corrects": corrects,
            "fingerprint": fingerprint,
        },
    )
    return number
