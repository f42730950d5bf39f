"""Order lists exported by 快团团, 群接龙, 有赞, 微店, or kept by the shop itself (practice E1).

Three steps, each its own promise:

1. :func:`read_workbook` opens a file in a process of its own and returns plain cells; hostile
   files end there (``opening``, ``child``, ``archive``, ``workbooks``, ``texts``, ``markup``).
2. ``layout`` finds headed tables by the words in ``headings``; the :class:`Mapping` is shown to
   the owner, who may correct it.
3. :func:`propose` reads rows (``rows``, ``goods``, ``values``, ``moments``), puts them together to
   orders (``assemble``, ``amounts``, ``statuses``) and orders of several sheets together
   (``together``). What can be read in two ways carries a doubt; what cannot be read is a problem.

Nothing here touches a database or a screen. The names below come with their first use: the process
that opens a file needs few of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lib.trade.orders.sheets.tables import Sheet, Workbook

if TYPE_CHECKING:
    from lib.trade.orders.sheets.counting import count_export
    from lib.trade.orders.sheets.errors import PasswordNeeded, UnreadableFile, WrongPassword
    from lib.trade.orders.sheets.headings import Field
    from lib.trade.orders.sheets.identity import file_fingerprint, key_of, order_key
    from lib.trade.orders.sheets.limits import Limits
    from lib.trade.orders.sheets.mapping import Heading, Mapping, ProductColumn, Table
    from lib.trade.orders.sheets.opening import read_workbook
    from lib.trade.orders.sheets.orders import Origin, Problem, SheetLine, SheetOrder, Skipped
    from lib.trade.orders.sheets.reading import Reading, TableReading, Totals, propose, read_orders
    from lib.trade.orders.sheets.statuses import Meaning

__all__ = [
    "Field",
    "Heading",
    "Limits",
    "Mapping",
    "Meaning",
    "Origin",
    "PasswordNeeded",
    "Problem",
    "ProductColumn",
    "Reading",
    "Sheet",
    "SheetLine",
    "SheetOrder",
    "Skipped",
    "Table",
    "TableReading",
    "Totals",
    "UnreadableFile",
    "Workbook",
    "WrongPassword",
    "count_export",
    "file_fingerprint",
    "key_of",
    "order_key",
    "propose",
    "read_orders",
    "read_workbook",
    "tables",
]

_HOMES = {
    "Field": "headings",
    "Heading": "mapping",
    "Limits": "limits",
    "Mapping": "mapping",
    "Meaning": "statuses",
    "Origin": "orders",
    "PasswordNeeded": "errors",
    "Problem": "orders",
    "ProductColumn": "mapping",
    "Reading": "reading",
    "SheetLine": "orders",
    "SheetOrder": "orders",
    "Skipped": "orders",
    "Table": "mapping",
    "TableReading": "reading",
    "Totals": "reading",
    "UnreadableFile": "errors",
    "WrongPassword": "errors",
    "count_export": "counting",
    "file_fingerprint": "identity",
    "key_of": "identity",
    "order_key": "identity",
    "propose": "reading",
    "read_orders": "reading",
    "read_workbook": "opening",
}


def tables(sheet: Sheet) -> "list[Table]":
    """Return the headed tables of a sheet: :func:`lib.trade.orders.sheets.layout.tables`."""
    layout = import_module(f"{__name__}.layout")
    found: list[Table] = layout.tables(sheet)
    return found


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
