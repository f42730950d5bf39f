"""Rules that look from one entry at the others of the chain (contract R11, R12)."""

import unicodedata
from dataclasses import replace

from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.model import Entry, Status
from lib.trade.orders.chain.order import Order


def nickname_key(nickname: str) -> str:
    """The form in which two nicknames are compared: NFKC, no variation selectors, trimmed."""
    return unicodedata.normalize("NFKC", nickname).replace("\ufe0f", "").strip()


def settle(read: list[tuple[Entry, Order]]) -> list[Entry]:
    """Apply corrections, cancellations and repeats of a nickname, top to bottom."""
    entries = [entry for entry, _order in read]
    for index, (_entry, order) in enumerate(read):
        entry = entries[index]
        if not entry.nickname:
            continue
        earlier = [i for i in range(index) if _same_resident(entries[i], entry)]
        if order.supersedes:
            _replace(entries, index, earlier, Status.SUPERSEDED)
        elif entry.status is Status.CANCELLED and not order.named:
            _replace(entries, index, earlier, Status.CANCELLED)
        elif entry.status is Status.CANCELLED and earlier:
            for place in (*earlier, index):
                entries[place] = entries[place].with_flag(Flag.CANCEL_UNCLEAR)
        elif entry.status is Status.ACTIVE and earlier:
            entries[index] = entry.with_flag(Flag.DUPLICATE_NICKNAME)
    return entries


def _same_resident(earlier: Entry, entry: Entry) -> bool:
    same = nickname_key(earlier.nickname) == nickname_key(entry.nickname)
    return same and earlier.status is Status.ACTIVE


def _replace(entries: list[Entry], index: int, earlier: list[int], status: Status) -> None:
    """Close the earlier entries; one from another address stays and both are marked."""
    address = entries[index].address
    for place in earlier:
        other = entries[place].address
        if address and other and address != other:
            entries[place] = entries[place].with_flag(Flag.CANCEL_UNCLEAR)
            entries[index] = entries[index].with_flag(Flag.CANCEL_UNCLEAR)
        else:
            entries[place] = replace(entries[place], status=status)
