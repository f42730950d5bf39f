"""What an order cost, out of columns that may repeat the order total in every item row.

The most expensive mistake with item lists is to add such a column up: the sample 群接龙 file gives
21,357.50 instead of 8,958.20. So the role of a column is settled by the whole table first, and by
the items of the order where those carry prices.
"""

from dataclasses import dataclass

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.trade.orders.sheets.goods import Doubt
from lib.trade.orders.sheets.headings import Field
from lib.trade.orders.sheets.mapping import Table
from lib.trade.orders.sheets.rows import RowRead, total_of

ITEMS_DIFFER = N_("the goods add up to {items}, the order says {order}")
TOTALS_DIFFER = N_("the rows of this order give different totals; they were added up")
REPEATED_UNSURE = N_("the amount {order} stands in every row of this order; it was counted once")
COMPUTED = N_("no amount stands in the row; it was computed from price and quantity")
NEGATIVE = N_("the amount of the order is negative")


@dataclass(frozen=True, slots=True)
class Roles:
    """How money columns are added: ``per_item`` columns by row, the others once per order."""

    total: Field | None
    per_item: frozenset[Field]
    unsure: frozenset[Field]
    has_refund: bool


def roles_of(table: Table, groups: list[list[RowRead]]) -> Roles:
    """Settle which columns hold order totals and which hold amounts of items."""
    names = table.mapping.columns.keys()
    per_item: set[Field] = {Field.ITEM_AMOUNT, Field.ITEM_REFUND}
    unsure: set[Field] = set()
    for name in (Field.ORDER_TOTAL, Field.AMOUNT, Field.GOODS_TOTAL, Field.REFUND, Field.FREIGHT,
                 Field.DISCOUNT):  # fmt: skip
        constant, varying = _evidence(name, groups)
        if varying > constant:
            per_item.add(name)
        elif constant and constant < 3 and not varying:
            unsure.add(name)
    if Field.AMOUNT in names and Field.ORDER_TOTAL in names and Field.ITEM_AMOUNT not in names:
        per_item.add(Field.AMOUNT)
    candidates = (Field.ORDER_TOTAL, Field.AMOUNT, Field.GOODS_TOTAL, Field.ITEM_AMOUNT)
    total = next((name for name in candidates if name in names), None)
    has_refund = Field.REFUND in names or Field.ITEM_REFUND in names
    return Roles(total, frozenset(per_item), frozenset(unsure), has_refund)


def _evidence(name: Field, groups: list[list[RowRead]]) -> tuple[int, int]:
    """Count orders of several rows in which a column stays the same, and in which it varies."""
    constant = varying = 0
    for rows in groups:
        stated = [value for read in rows if (value := read.money.get(name)) is not None]
        if len(stated) > 1 and (any(stated) or name is not Field.REFUND):
            constant += len(set(stated)) == 1
            varying += len(set(stated)) > 1
    return constant, varying


def _stated(rows: list[RowRead], name: Field) -> list[int]:
    return [value for read in rows if (value := read.money.get(name)) is not None]


def gross_of(
    kept: list[RowRead], rows: list[RowRead], roles: Roles
) -> tuple[int | None, list[Doubt]]:
    """Return what the ``kept`` rows of an order cost in fen, with doubts; ``None`` if unknown."""
    items = _items(kept, roles)
    if roles.total is None:
        return items, []
    stated = _stated(rows, roles.total)
    if not stated:
        return items, ([Doubt(COMPUTED)] if items is not None else [])
    doubts: list[Doubt] = []
    gross = _gross(stated, _stated(kept, roles.total), items, roles, doubts)
    if len(kept) < len(rows) and roles.total not in roles.per_item:
        gone = _items([read for read in rows if read not in kept], roles)
        gross -= gone or 0
    if items is not None and not _explained(gross, items, kept, roles):
        doubts.append(_differ(items, gross))
    if gross < 0:
        doubts.append(Doubt(NEGATIVE))
    return gross, doubts


def _gross(
    stated: list[int], kept: list[int], items: int | None, roles: Roles, doubts: list[Doubt]
) -> int:
    assert roles.total is not None
    once, added = stated[0], sum(kept)
    same = len(set(stated)) == 1
    if len(stated) == 1:
        return once
    if roles.total in roles.per_item and not (same and items == once != added):
        return added
    if not same:
        if items != added:
            doubts.append(Doubt(TOTALS_DIFFER))
        return added
    if items == added != once:
        return added
    if items != once and roles.total in roles.unsure:
        doubts.append(Doubt(REPEATED_UNSURE, (("order", str(Money(once))),)))
    return once


def _items(rows: list[RowRead], roles: Roles) -> int | None:
    """Return what the items are worth, from item amounts or prices; ``None`` if one is unknown."""
    amounts = [read.money.get(Field.ITEM_AMOUNT) for read in rows]
    if Field.ITEM_AMOUNT is not roles.total and rows and all(a is not None for a in amounts):
        return sum(amount or 0 for amount in amounts)
    if Field.AMOUNT in roles.per_item and roles.total is not Field.AMOUNT:
        others = [read.money.get(Field.AMOUNT) for read in rows]
        if rows and all(amount is not None for amount in others):
            return sum(amount or 0 for amount in others)
    return total_of([line for read in rows for line in read.lines])


def _explained(gross: int, items: int, rows: list[RowRead], roles: Roles) -> bool:
    """Return whether freight and discount bridge items and total."""
    freight, discount = (
        _once(_stated(rows, name), name in roles.per_item)
        for name in (Field.FREIGHT, Field.DISCOUNT)
    )
    answers = {items, items + freight, items - abs(discount), items + freight - abs(discount)}
    return gross in answers


def _once(stated: list[int], per_item: bool) -> int:
    if not stated:
        return 0
    return sum(stated) if per_item or len(set(stated)) > 1 else stated[0]


def _differ(items: int, gross: int) -> Doubt:
    return Doubt(ITEMS_DIFFER, (("items", str(Money(items))), ("order", str(Money(gross)))))


def refund_of(rows: list[RowRead], roles: Roles) -> tuple[int, list[Doubt]]:
    """Return what was paid back for the rows of an order in fen (not negative), with doubts."""
    stated = _stated(rows, Field.REFUND)
    if not stated:
        return abs(sum(_stated(rows, Field.ITEM_REFUND))), []
    return abs(_once(stated, Field.REFUND in roles.per_item)), []
