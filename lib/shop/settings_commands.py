"""Reading settings for editing, and saving them. Owner only."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from lib.db import schema
from lib.kernel.clock import local
from lib.kernel.errors import Conflict, Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.settings import Kind, Settings, Slot, about, checked, to_json
from lib.shop.shop import OWNER_ONLY, Shop, Tx

LONGEST_TEXT = 80
LONGEST_LONG_TEXT = 2000


@dataclass(frozen=True)
class Stored:
    """When and by whom a setting was last changed, and its version (0: never)."""

    version: int
    changed_at: datetime | None = None
    changed_by: str = ""


def stored_settings(shop: Shop) -> dict[str, Stored]:
    """Return what is known of every setting's last change. Owner only."""
    shop.require(OWNER_ONLY)
    settings, people = schema.setting, schema.person
    query = select(
        settings.c.name, settings.c.version, settings.c.changed_at, people.c.name.label("person")
    ).outerjoin(people, people.c.id == settings.c.changed_by)
    with shop.read() as connection:
        rows = connection.execute(query).all()
    known = {row.name: Stored(row.version, row.changed_at, row.person or "") for row in rows}
    return {item.name: known.get(item.name, Stored(0)) for item in fields(Settings)}


def save_settings(shop: Shop, values: Mapping[str, Any], versions: Mapping[str, int]) -> None:
    """Save ``values`` by setting name; settings whose value stays the same are not written.

    ``versions`` are those the owner saw (0 or absent: never changed). All are saved or none.
    Raises ``Refused`` with what is wrong with a value, and when a pickup slot is dropped that
    residents still have orders for; ``Conflict`` when somebody else changed one of them meanwhile.
    """
    with shop.write("settings.save", by=OWNER_ONLY) as tx:
        current = {row.name: row for row in tx.execute(select(schema.setting))}
        for name, value in values.items():
            ready = checked(name, _cleaned(name, value))
            if about(name).kind is Kind.SLOTS:
                _check_names(ready)
            if name == "slots":
                _keep_slots_in_use(tx, ready)
            before, after = to_json(name, getattr(tx.settings, name)), to_json(name, ready)
            if name in current:
                before = current[name].value
            if before != after:
                _save(tx, name, after, versions.get(name, 0), name in current)
                tx.note(f"setting:{name}", before={name: before}, after={name: after})


def _save(tx: Tx, name: str, value: Any, seen: int, present: bool) -> None:
    settings = schema.setting
    row = {"value": value, "changed_at": tx.now, "changed_by": tx.actor.id}
    if not present and seen == 0:
        tx.execute(insert(settings).values(name=name, **row))
        return
    changed = tx.execute(
        update(settings)
        .where(settings.c.name == name, settings.c.version == seen)
        .values(version=seen + 1, **row)
    )
    if changed.rowcount == 1:
        return
    last = tx.execute(
        select(schema.person.c.name, settings.c.changed_at)
        .join_from(settings, schema.person, schema.person.c.id == settings.c.changed_by)
        .where(settings.c.name == name)
    ).first()
    if last is None:
        raise Conflict(N_("Somebody else changed this meanwhile. Look again, then save."))
    raise Conflict(
        N_("{name} changed this at {time}. Look at the new state, then save again."),
        name=last.name,
        time=f"{local(last.changed_at, tx.settings.time_zone):%H:%M}",
    )


def _cleaned(name: str, value: Any) -> Any:
    kind = about(name).kind
    if kind is Kind.TEXT:
        return clean(value, LONGEST_TEXT).rstrip("/" if name == "public_address" else "")
    if kind is Kind.LONG_TEXT:
        return clean(value, LONGEST_LONG_TEXT, lines=True)
    if kind is Kind.SLOTS:
        return tuple(Slot(slot.key, clean(slot.name, 20), slot.start, slot.end) for slot in value)
    return value


def _check_names(slots: tuple[Slot, ...]) -> None:
    if len({slot.key for slot in slots}) != len(slots):
        raise Refused(N_("Two pickup slots have the same key."))
    if any(not slot.name for slot in slots):
        raise Refused(N_("Give every pickup slot a name."))


def _keep_slots_in_use(tx: Tx, slots: tuple[Slot, ...]) -> None:
    """A slot that residents were promised stays until they have collected."""
    kept = {slot.key for slot in slots}
    for slot in tx.settings.slots:
        if slot.key not in kept:
            waiting = _orders_waiting(tx, slot.key, tx.today)
            if waiting:
                raise Refused(
                    N_("{count} orders are still to be collected in the slot {name}."),
                    count=waiting,
                    name=slot.name,
                )


def _orders_waiting(tx: Tx, key: str, today: date) -> int:
    orders = schema.customer_order
    query = (
        select(func.count())
        .select_from(orders)
        .where(
            orders.c.pickup_slot == key,
            orders.c.pickup_day >= today,
            orders.c.status == "active",
        )
    )
    return int(tx.execute(query).scalar_one())
