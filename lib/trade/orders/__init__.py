"""Orders: coming in as chain text or as spreadsheets, kept, corrected and exported (practice E1).

``chain`` reads the group's 接龙 text, ``sheets`` reads order lists exported by other systems; both
are pure and know no database. The names below come with their first use: every file of a stranger
is read in a process of its own, and that process needs neither of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.trade.orders.chain.contract import chain_as_contract
    from lib.trade.orders.sheets.counting import count_export

__all__ = ["chain_as_contract", "count_export"]

_HOMES = {"chain_as_contract": "chain.contract", "count_export": "sheets.counting"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
