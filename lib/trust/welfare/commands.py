"""Writes of welfare items (R19). Owner only.

Price and limits of an item on offer stand in its round too; both are written here, in one
transaction, so that they never say different things.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.shop import OWNER_ONLY, Shop, Tx
from lib.trade.rounds.commands import Plan, put_offers, put_round, set_offer, take_out
from lib.trade.rounds.rules import Offered, check_offer
from lib.trade.rounds.rules import State as RoundState
from lib.trade.rounds.rules import state_of as round_state
from lib.trust.costs.queries import newest_said
from lib.trust.costs.rules import Line
from lib.trust.welfare import rules
from lib.trust.welfare.queries import lines_now, parts_of
from lib.trust.welfare.rules import Details, Reason, Status

_item, _offer, _round = schema.welfare_item, schema.round_offer, schema.buying_round
_order, _line = schema.customer_order, schema.order_line


def plan_item(shop: Shop, details: Details) -> int:
    """Plan a welfare item and return its id.

    Raises ``Refused`` for a price above cost or below it without a reason, a price far below that
    was not ticked, a limit that cannot be kept, a day that is over, and a quantity that could give
    more than the item's own budget; ``NotFound`` for a product that is not on sale.
    """
    with shop.write("welfare.plan", by=OWNER_ONLY) as tx:
        values = _checked(tx, details)
        tx.result = tx.add(
            _item, **values, status=Status.PLANNED, created_at=tx.now, created_by=tx.actor.id
        )
        tx.note(f"welfare_item:{tx.result}", after=_said(values))
    return int(tx.result)


def change_item(shop: Shop, item_id: int, version: int, details: Details) -> None:
    """Change an item that is still planned; raises as :func:`plan_item`, ``Conflict`` when stale.

    A planned day that is over may stay.
    """
    with shop.write("welfare.change", by=OWNER_ONLY) as tx:
        row = _planned(tx, item_id)
        values = _checked(tx, details, kept=row)
        tx.change(_item, item_id, version, **values)
        before = {name: row._mapping[name] for name in values}
        tx.note(f"welfare_item:{item_id}", before=_said(before), after=_said(values))


def cancel_item(shop: Shop, item_id: int, version: int) -> None:
    """Call a planned item off; it stays in the history."""
    with shop.write("welfare.cancel", by=OWNER_ONLY) as tx:
        _planned(tx, item_id)
        tx.change(_item, item_id, version, status=Status.CANCELLED, ended_at=tx.now)
        tx.note(
            f"welfare_item:{item_id}",
            before={"status": Status.PLANNED},
            after={"status": Status.CANCELLED},
        )


def offer_item(
    shop: Shop, item_id: int, version: int, into: int | Plan, *, far_below: bool = False
) -> int:
    """Put a planned item into a round and return the id of that round.

    ``into`` is a round that is open or planned, or the plan of a new one. The unit cost and what it
    is made of are frozen as they are now, and the month becomes this one. Raises ``Refused`` for a
    price that is no welfare price any more, a round that takes no orders, and one in which
    somebody ordered the product at another price.
    """
    with shop.write("welfare.offer", by=OWNER_ONLY) as tx:
        row = _planned(tx, item_id)
        details = replace(_details(row), far_below=far_below)
        line = _line_now(tx, details.product_id)
        reason = _reason(tx, details, line.cost)
        frozen = {
            "unit_cost_fen": line.cost.fen,
            "reason": reason.value,
            "month": rules.month_of(tx.today),
        }
        body = _body(tx, line)
        tx.note(
            f"welfare_item:{item_id}",
            before={"status": Status.PLANNED},
            after={
                "status": Status.OFFERED,
                "price_fen": row.price_fen,
                "cost_fen": line.cost.fen,
                "reason": reason.value,
                "sheet": body["sheet"],
            },
        )
        round_id = _put(tx, into, _offered(row))
        tx.change(
            _item, item_id, version, **frozen, body=body, status=Status.OFFERED,
            round_id=round_id, offered_at=tx.now,
        )  # fmt: skip
        tx.result = round_id
    return int(tx.result)


def change_limits(
    shop: Shop, item_id: int, version: int, household_limit: int, available: int
) -> None:
    """Set what a household may have, and how much there is, of an item on offer.

    Price and reason were said aloud and stay. Raises ``Refused`` below what is ordered already and
    for a quantity that could give more than the item's own budget.
    """
    with shop.write("welfare.limits", by=OWNER_ONLY) as tx:
        row = _running(tx, item_id)
        unit = _unit(tx, row.product_id)
        ordered = _ordered(tx, row.round_id, row.product_id)
        if available < ordered:
            raise Refused(
                N_("{ordered} are ordered already: it cannot be less."), ordered=unit.said(ordered)
            )
        wanted = replace(_offered(row), household_limit=household_limit, available=available)
        check_offer(wanted)
        details = replace(_details(row), household_limit=household_limit, available=available)
        rules.check_budget(unit, details, Money(row.unit_cost_fen))
        values = {"household_limit": household_limit, "available": available}
        tx.change(_item, item_id, version, **values)
        before = {name: row._mapping[name] for name in values}
        tx.note(f"welfare_item:{item_id}", before=before, after=values)
        set_offer(tx, row.round_id, wanted)


def take_back(shop: Shop, item_id: int, version: int) -> None:
    """Take an item out of its round again while nobody ordered it; it is planned as before.

    Raises ``Refused`` when somebody ordered it, or when nothing else is in the round: close that.
    """
    with shop.write("welfare.take_back", by=OWNER_ONLY) as tx:
        row = _running(tx, item_id)
        tx.note(
            f"welfare_item:{item_id}",
            before={"status": Status.OFFERED, "round_id": row.round_id},
            after={"status": Status.PLANNED, "round_id": None},
        )
        take_out(tx, row.round_id, row.product_id)
        tx.change(
            _item, item_id, version, status=Status.PLANNED, round_id=None, offered_at=None,
            unit_cost_fen=None, body=None,
        )  # fmt: skip


def _checked(tx: Tx, details: Details, kept: Row[Any] | None = None) -> dict[str, Any]:
    """Return the values of a row for ``details`` as they may be; raises ``Refused``."""
    if kept is None or details.planned_on != kept.planned_on:
        rules.check_day(details.planned_on, tx.today)
    check_offer(
        Offered(details.product_id, details.price, details.household_limit, details.available)
    )
    line = _line_now(tx, details.product_id)
    reason = _reason(tx, details, line.cost)
    return {
        "product_id": details.product_id,
        "month": rules.month_of(details.planned_on),
        "planned_on": details.planned_on,
        "price_fen": details.price.fen,
        "household_limit": details.household_limit,
        "available": details.available,
        "budget_fen": None if details.budget is None else details.budget.fen,
        "reason": reason.value,
        "note": clean(details.note, rules.LONGEST_NOTE),
    }


def _reason(tx: Tx, details: Details, cost: Money) -> Reason:
    """Return the reason an item bears at this cost; raises ``Refused`` when it may not be."""
    reason = rules.reason_for(details.price, cost, details.reason)
    percent = tx.settings.welfare_below_percent
    rules.check_far_below(details.price, cost, percent, details.far_below)
    rules.check_budget(_unit(tx, details.product_id), details, cost)
    return reason


def _line_now(tx: Tx, product_id: int) -> Line:
    product = tx.row(schema.product, product_id)
    if product.archived_at is not None:
        raise NotFound(N_("This product is not on sale."))
    found = lines_now(tx.connection, tx.settings, tx.now, [product_id])
    if product_id not in found:
        raise Refused(
            N_("Nobody knows what {product} costs. Receive it, or write its purchase price first."),
            product=product.name,
        )
    return found[product_id]


def _body(tx: Tx, line: Line) -> dict[str, Any]:
    """Return what is frozen with an offer: unit, parts of its cost, the sheet that stood then."""
    number, cost = _on_sheet(tx, line.product_id)
    unit = _unit(tx, line.product_id)
    return {
        "unit": [unit.word, unit.grams],
        "parts": [[part.value, amount.fen] for part, amount in parts_of(line)],
        "by_hand": sorted(part.value for part in line.by_hand),
        "sheet": number,
        "sheet_cost": None if cost is None else cost.fen,
    }


def _on_sheet(tx: Tx, product_id: int) -> tuple[int | None, Money | None]:
    """Return number of, and cost on, the newest published sheet that bears the product."""
    found = newest_said(tx.connection, product_id)
    return (None, None) if found is None else (found.number, found.line.cost)


def _put(tx: Tx, into: int | Plan, offered: Offered) -> int:
    if isinstance(into, Plan):
        return put_round(tx, into, [offered])
    row = tx.execute(select(_round).where(_round.c.id == into)).first()
    if row is None:
        raise NotFound(N_("This round does not exist."))
    state = round_state(row.opens_at, row.cut_off_at, row.closed_at, tx.now)
    if state not in (RoundState.OPEN, RoundState.PLANNED):
        raise Refused(N_("This round no longer takes orders. Choose another, or begin a new one."))
    there = tx.execute(
        select(_offer).where(_offer.c.round_id == into, _offer.c.product_id == offered.product_id)
    ).first()
    if there is None:
        put_offers(tx, into, [offered])
        return into
    if _ordered(tx, into, offered.product_id) or _stands(tx, into, offered.product_id):
        raise Refused(
            N_("It stands in that round at {price} already and was ordered. Choose another round."),
            price=Money(there.price_fen),
        )
    set_offer(tx, into, offered)
    return into


def _stands(tx: Tx, round_id: int, product_id: int) -> bool:
    query = select(_item.c.id).where(_item.c.round_id == round_id, _item.c.product_id == product_id)
    return tx.execute(query).first() is not None


def _ordered(tx: Tx, round_id: int, product_id: int) -> int:
    query = (
        select(func.coalesce(func.sum(_line.c.quantity), 0))
        .join(_order, _order.c.id == _line.c.order_id)
        .where(
            _order.c.round_id == round_id,
            _order.c.status == "active",
            _line.c.product_id == product_id,
            _line.c.cancelled_at.is_(None),
        )
    )
    return int(tx.execute(query).scalar_one())


def _row(tx: Tx, item_id: int) -> Row[Any]:
    row = tx.execute(select(_item).where(_item.c.id == item_id)).first()
    if row is None:
        raise NotFound(N_("This welfare item does not exist."))
    return row


def _planned(tx: Tx, item_id: int) -> Row[Any]:
    row = _row(tx, item_id)
    if row.status != Status.PLANNED:
        raise Refused(N_("This item is no longer planned: it was offered or called off."))
    return row


def _running(tx: Tx, item_id: int) -> Row[Any]:
    row = _row(tx, item_id)
    if row.status != Status.OFFERED:
        raise Refused(N_("This item is not on offer."))
    there = tx.row(_round, row.round_id)
    state = rules.state_of(
        Status(row.status), there.opens_at, there.cut_off_at, there.closed_at, tx.now
    )
    if state is not rules.State.RUNNING:
        raise Refused(N_("Its round is over: what was offered stands."))
    return row


def _details(row: Row[Any]) -> Details:
    return Details(
        row.product_id,
        Money(row.price_fen),
        row.household_limit,
        row.available,
        Reason(row.reason),
        row.planned_on or row.month,
        row.note,
        None if row.budget_fen is None else Money(row.budget_fen),
    )


def _offered(row: Row[Any]) -> Offered:
    return Offered(row.product_id, Money(row.price_fen), row.household_limit, row.available)


def _unit(tx: Tx, product_id: int) -> Unit:
    product = tx.row(schema.product, product_id)
    return Unit(product.sale_unit, product.unit_grams)


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """How the journal keeps an item."""
    return {name: value for name, value in values.items() if name != "month"}
