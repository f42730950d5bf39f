"""Orders that stand in a file twice: an item list beside an order list, or a copied sheet."""

from dataclasses import replace

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.trade.orders.sheets.assemble import TableRead
from lib.trade.orders.sheets.goods import Doubt
from lib.trade.orders.sheets.orders import SheetOrder

TWICE_DIFFERENT = N_("sheet {sheet} gives {other} for this order instead of {own}")
UNITS_DIFFERENT = N_("sheet {sheet} gives other goods or quantities for this order")
ONLY_IN_ONE = N_("this order stands in sheet {sheet} only")
SHEETS_SAME = N_("Sheets {first} and {second} hold the same orders; each was counted once.")

Key = tuple[str, ...]


def joined(reads: list[TableRead]) -> tuple[list[SheetOrder], list[Doubt]]:
    """Return the orders of all tables, each once, with notes on tables that say the same.

    Two tables hold the same orders when most numbers of the smaller stand in the larger and most
    of those agree in amount or goods. The table with goods and prices leads; the other fills what
    it lacks. Where they disagree, the order carries a doubt.
    """
    notes: list[Doubt] = []
    clusters: list[list[TableRead]] = []
    for read in sorted(reads, key=_richness, reverse=True):
        home = next((c for c in clusters if _same_orders(c[0], read)), None)
        if home is None:
            clusters.append([read])
            continue
        home.append(read)
        names = (("first", home[0].table.sheet.name), ("second", read.table.sheet.name))
        notes.append(Doubt(SHEETS_SAME, names))
    orders: list[SheetOrder] = []
    for cluster in sorted(clusters, key=lambda c: reads.index(c[0])):
        merged = cluster[0].orders
        for other in cluster[1:]:
            merged = _merged(merged, other)
        orders += merged
    return orders, notes


def _richness(read: TableRead) -> tuple[bool, bool, int]:
    priced = any(line.worth_fen is not None for order in read.orders for line in order.lines)
    return any(order.gross_fen is not None for order in read.orders), priced, len(read.orders)


def _key(order: SheetOrder) -> Key:
    """Return the number of an order, or without one everything it says."""
    if order.order_no:
        return "order", order.order_no
    if order.group_no:
        return "group", order.group_no
    goods = ";".join(f"{name}*{count}" for name, count in sorted(order.units().items()))
    who = (order.buyer, order.receiver, order.phone, order.building, order.room)
    return ("content", *who, goods, str(order.gross_fen), str(order.ordered_at))


def _by_key(orders: list[SheetOrder]) -> dict[Key, SheetOrder]:
    return {_key(order): order for order in orders}


def _agree(one: SheetOrder, other: SheetOrder) -> bool:
    amounts = (one.gross_fen, other.gross_fen)
    if None not in amounts and amounts[0] != amounts[1]:
        return False
    if one.lines and other.lines:
        return one.units() == other.units()
    return None not in amounts


def _same_orders(one: TableRead, other: TableRead) -> bool:
    first, second = _by_key(one.orders), _by_key(other.orders)
    common = first.keys() & second.keys()
    smaller = min(len(first), len(second))
    if not common or len(common) * 2 < smaller:
        return False
    if all(key[0] == "content" for key in common):
        # Without numbers only a sheet that is contained in the other, and not by chance, is a copy.
        return len(common) == smaller > 1
    agreeing = sum(_agree(first[key], second[key]) for key in common)
    return agreeing * 2 > len(common)


def _merged(orders: list[SheetOrder], other: TableRead) -> list[SheetOrder]:
    second: dict[Key, list[SheetOrder]] = {}
    for order in other.orders:
        second.setdefault(_key(order), []).append(order)
    merged = []
    for order in orders:
        twins = second.get(_key(order))
        twin = twins.pop(0) if twins else None
        merged.append(_completed(order, twin, other.table.sheet.name) if twin else order)
    only = Doubt(ONLY_IN_ONE, (("sheet", other.table.sheet.name),))
    left = [order for twins in second.values() for order in twins]
    return merged + [replace(order, doubts=(*order.doubts, only)) for order in left]


def _completed(order: SheetOrder, twin: SheetOrder, sheet: str) -> SheetOrder:
    """Fill what ``order`` lacks from ``twin``, and doubt what differs."""
    doubts = [*order.doubts]
    if None not in (order.gross_fen, twin.gross_fen) and order.gross_fen != twin.gross_fen:
        amounts = (
            ("sheet", sheet),
            ("other", str(twin.gross)),
            ("own", str(order.gross or Money(0))),
        )
        doubts.append(Doubt(TWICE_DIFFERENT, amounts))
    if order.lines and twin.lines and order.units() != twin.units():
        doubts.append(Doubt(UNITS_DIFFERENT, (("sheet", sheet),)))
    filled = {
        name: getattr(order, name) or getattr(twin, name)
        for name in (
            "order_no", "group_no", "buyer", "receiver", "phone", "address", "building", "unit",
            "room", "pickup_point", "status", "buyer_remark", "seller_remark", "lines",
        )
    }  # fmt: skip
    return replace(
        order,
        **filled,
        pickup=order.pickup if order.pickup.text else twin.pickup,
        ordered_at=order.ordered_at or twin.ordered_at,
        paid_at=order.paid_at or twin.paid_at,
        gross_fen=order.gross_fen if order.gross_fen is not None else twin.gross_fen,
        refund_fen=order.refund_fen or twin.refund_fen,
        meaning=order.meaning if order.status or not twin.status else twin.meaning,
        has_refund_column=order.has_refund_column or twin.has_refund_column,
        origins=(*order.origins, *twin.origins),
        doubts=tuple(doubts),
    )
