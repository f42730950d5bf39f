"""Orders: coming in as chain text or as spreadsheets, kept, corrected and exported (practice E1).

``chain`` reads the group's 接龙 text, ``sheets`` reads order lists exported by other systems; both
are pure and know no database.
"""

from lib.trade.orders.chain.contract import chain_as_contract
from lib.trade.orders.sheets import count_export

__all__ = ["chain_as_contract", "count_export"]
