"""The sums of an export file, in the shape the samples are checked with."""

import os
from decimal import Decimal

from lib.trade.orders.sheets.opening import read_workbook
from lib.trade.orders.sheets.reading import Reading, propose


def count_export(
    path: str | os.PathLike[str] | bytes, password: str | None = None
) -> dict[str, object]:
    """Count the orders of an export file.

    Returns ``orders_counted`` (int), ``gross_counted``, ``refunds_counted``, ``net_counted``
    (yuan as text) and ``units_counted`` (base product name → sale units). Cancelled, closed,
    unpaid and fully refunded orders are not counted; a part refund keeps its units. Raises
    ``PasswordNeeded``, ``WrongPassword`` or ``UnreadableFile``.
    """
    return counted(propose(read_workbook(path, password)))


def counted(reading: Reading) -> dict[str, object]:
    """Return the sums of a reading; see :func:`count_export`."""
    totals = reading.totals
    refunds = any(order.has_refund_column for order in reading.orders)
    return {
        "orders_counted": totals.orders,
        "gross_counted": str(totals.gross.yuan),
        "refunds_counted": str(totals.refund.yuan) if refunds else "0",
        "net_counted": str(totals.net.yuan),
        "units_counted": {name: _whole(totals.units[name]) for name in sorted(totals.units)},
    }


def _whole(number: Decimal) -> int | str:
    """Pieces are whole; a weight such as 1.5 stays exact as text."""
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"
