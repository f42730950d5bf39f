"""The parser in the shape of the sample contract: dictionaries in, dictionaries out."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lib.trade.orders.chain.model import CatalogueItem, Chain, Entry, Status
from lib.trade.orders.chain.parser import parse_chain


def catalogue_from_dicts(catalogue: Sequence[Mapping[str, Any]]) -> tuple[CatalogueItem, ...]:
    """Read catalogue dictionaries: name, aliases, unit, price (yuan), conversions, weight."""
    items = []
    for entry in catalogue:
        weight = entry.get("weight_per_unit_jin")
        conversions = entry.get("conversions") or {}
        items.append(
            CatalogueItem(
                name=str(entry["name"]),
                aliases=tuple(map(str, entry.get("aliases") or ())),
                unit=str(entry.get("unit") or "份"),
                price=Decimal(str(entry.get("price") or 0)),
                conversions={str(k): Decimal(str(v)) for k, v in conversions.items()},
                weight_per_unit_jin=None if weight is None else Decimal(str(weight)),
            )
        )
    return tuple(items)


def chain_as_contract(text: str, catalogue: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Parse `text` and return title, entries, totals and amount (yuan) as the contract has them.

    Totals and amount count active entries; the amount is rounded half up to the fen.
    """
    items = catalogue_from_dicts(catalogue)
    chain = parse_chain(text, items)
    totals = totals_of(chain)
    prices = {item.name: item.price for item in items}
    amount = sum((prices[name] * value for name, value in totals.items()), start=Decimal(0))
    return {
        "title": chain.title,
        "entries": [_entry(entry) for entry in chain.entries],
        "totals": {name: _number(value) for name, value in totals.items()},
        "amount": float(amount.quantize(Decimal("0.01"), ROUND_HALF_UP)),
    }


def totals_of(chain: Chain) -> dict[str, Decimal]:
    """Quantity per product name over the active entries."""
    totals: dict[str, Decimal] = {}
    for entry in chain.entries:
        if entry.status is Status.ACTIVE:
            for item in entry.items:
                totals[item.name] = totals.get(item.name, Decimal(0)) + item.quantity
    return totals


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _entry(entry: Entry) -> dict[str, Any]:
    address = entry.address
    counted = entry.items if entry.status is Status.ACTIVE else ()
    return {
        "no": entry.no,
        "nickname": entry.nickname,
        "address_hint": None
        if address is None
        else {
            "area": address.area,
            "building": address.building,
            "unit": address.unit,
            "room": address.room,
        },
        "items": [
            {"name": item.name, "quantity": _number(item.quantity), "unit": item.unit}
            for item in counted
        ],
        "pickup_slot": entry.pickup_slot,
        "delivery": entry.delivery,
        "note": entry.note,
        "status": entry.status.value,
        "unmatched": [doubt.text for doubt in entry.unmatched],
        "flags": [flag.value for flag in entry.flags],
    }
