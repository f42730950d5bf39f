"""Writes of the checklist: whom to ask for a wish, and what they answered. Owner and staff."""

from typing import Any

from sqlalchemy import delete, func, select

from lib.db import schema
from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.shop.shop import Role, Shop, Tx
from lib.supply.suppliers.commands import supplier_row
from lib.trust.demands.commands import demand_row
from lib.trust.demands.sources import rules
from lib.trust.demands.sources.rules import Answer, SourceDetails

_source = schema.demand_source


def add_source(shop: Shop, demand_id: int, details: SourceDetails) -> int:
    """Put somebody to ask on the checklist of a wish; returns the row's id.

    Raises ``Refused`` without a name and for a source that stands there, ``NotFound``.
    """
    with shop.write("demand.add_source") as tx:
        ready = rules.checked(details)
        demand = demand_row(tx, demand_id)
        values = _columns(tx, ready)
        _check_room(tx, demand.id, values)
        values["asked_at"], values["asked_by"] = _asked(tx, ready.answer, None)
        tx.result = tx.add(_source, demand_id=demand.id, created_at=tx.now, **values)
        tx.note(f"demand:{demand.id}", after=_said(values))
    return int(tx.result)


def change_source(shop: Shop, source_id: int, version: int, details: SourceDetails) -> None:
    """Note what a source answered, if the row still has ``version``.

    Who may not see what the shop pays (E14) cannot empty a quoted cost: without one the stored
    amount stays. Raises ``Refused``, ``NotFound`` and ``Conflict``.
    """
    with shop.write("demand.change_source") as tx:
        ready = rules.checked(details)
        row = _row(tx, source_id)
        values = _columns(tx, ready)
        if ready.cost is None and not _sees_cost(tx):
            values["cost_fen"] = row.cost_fen
        values["asked_at"], values["asked_by"] = _asked(tx, ready.answer, row)
        before = {name: row._mapping[name] for name in values}
        tx.change(_source, row.id, version, **values)
        tx.note(f"demand:{row.demand_id}", before=_said(before), after=_said(values))


def remove_source(shop: Shop, source_id: int) -> None:
    """Take a source off the checklist; the journal keeps what it said."""
    with shop.write("demand.remove_source") as tx:
        row = _row(tx, source_id)
        tx.execute(delete(_source).where(_source.c.id == row.id))
        tx.note(f"demand:{row.demand_id}", before=_said(row._mapping), after={})


def _row(tx: Tx, source_id: int) -> Any:
    row = tx.execute(select(_source).where(_source.c.id == source_id)).first()
    if row is None:
        raise NotFound(N_("This source was taken off the list."))
    return row


def _columns(tx: Tx, details: SourceDetails) -> dict[str, Any]:
    name = details.name
    if details.supplier_id is not None:
        name = supplier_row(tx, details.supplier_id).name
    return {
        "supplier_id": details.supplier_id,
        "name": name,
        "answer": details.answer.value,
        "unit": details.unit,
        "cost_fen": None if details.cost is None else details.cost.fen,
        "price_fen": None if details.price is None else details.price.fen,
        "minimum": details.minimum,
        "ready_on": details.ready_on,
        "note": details.note,
    }


def _check_room(tx: Tx, demand_id: int, values: dict[str, Any]) -> None:
    mine = _source.c.demand_id == demand_id
    same = select(_source.c.id).where(mine, _source.c.name == values["name"])
    if tx.execute(same).first() is not None:
        raise Refused(N_("{name} stands on the list already."), name=values["name"])
    count = tx.execute(select(func.count()).select_from(_source).where(mine)).scalar_one()
    if count >= rules.MOST_SOURCES:
        raise Refused(N_("At most {count} sources for one wish."), count=rules.MOST_SOURCES)


def _asked(tx: Tx, answer: Answer, row: Any) -> tuple[Any, Any]:
    """When and by whom a source was asked: the first time stays."""
    if not rules.is_asked(answer):
        return None, None
    if row is not None and row.asked_at is not None:
        return row.asked_at, row.asked_by
    return tx.now, tx.actor.id


def _sees_cost(tx: Tx) -> bool:
    return tx.actor.role is not Role.STAFF or tx.settings.staff_may_see_cost


def _said(values: Any) -> dict[str, Any]:
    names = ("name", "answer", "unit", "cost_fen", "price_fen", "minimum", "ready_on", "note")
    return {name: values[name] for name in names if values[name] not in (None, "")}
