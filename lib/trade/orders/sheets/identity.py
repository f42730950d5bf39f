"""Knowing an order and a file again, so that importing twice adds nothing (facts 7.5)."""

import hashlib
from datetime import datetime

from lib.trade.orders.sheets.orders import SheetOrder
from lib.trade.orders.sheets.values import folded


def file_fingerprint(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


def order_key(
    platform: str,
    order_no: str = "",
    group_no: str = "",
    buyer: str = "",
    ordered_at: datetime | None = None,
    content: str = "",
) -> str:
    """Return the name under which an order is known again.

    A platform's order number is unique by itself. A group number (跟团号) counts from 1 in every
    round, so buyer and time belong to it; an order without any number is known by buyer, time and
    content. The same order gives the same key whatever else the file contains.
    """
    if order_no:
        return f"{platform}:{folded(order_no)}"
    when = ordered_at.isoformat(" ", "minutes") if ordered_at else ""
    parts = "\x1f".join(folded(part) for part in (group_no, buyer, when, content))
    return f"{platform}:{group_no or '-'}:{hashlib.sha256(parts.encode()).hexdigest()[:20]}"


def key_of(order: SheetOrder) -> str:
    """Return :func:`order_key` of an order read from a file."""
    goods = ";".join(f"{name}*{number}" for name, number in sorted(order.units().items()))
    content = f"{goods}|{order.gross_fen}"
    who = order.buyer or order.receiver or order.phone or order.address
    return order_key(order.platform, order.order_no, order.group_no, who, order.ordered_at, content)
