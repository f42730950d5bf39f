"""Rules that look from one entry at the others of the chain (contract R11, R12)."""

import unicodedata
from dataclasses import replace

from lib.trade.orders.chain.basket import Order
from lib.trade.orders.chain.flags import Flag
from lib.trade.orders.chain.model import Entry, Status


def nickname_key(nickname: str) -> str:
    """The form in which two nicknames are compared: NFKC, no variation selectors, trimmed."""
    return unicodedata.normalize("NFKC", nickname).replace("\ufe0f", "").strip()


def settle(read: list[tuple[Entry, Order]]) -> list[Entry]:
    """Apply corrections, cancellations and repeats of a nickname, top to bottom."""
    entries = [entry for entry, _order in read]
    active: dict[str, list[int]] = {}
    for index, (entry, order) in enumerate(read):
        if not entry.nickname:
            continue
        earlier = active.setdefault(nickname_key(entry.nickname), [])
        if order.supersedes:
            earlier[:] = _replace(entries, index, earlier, Status.SUPERSEDED)
        elif entry.status is Status.CANCELLED and not order.named:
            earlier[:] = _replace(entries, index, earlier, Status.CANCELLED)
        elif entry.status is Status.CANCELLED and earlier:
            for place in (*earlier, index):
                entries[place] = entries[place].with_flag(Flag.CANCEL_UNCLEAR)
        elif entry.status is Status.ACTIVE and earlier:
            entries[index] = entry.with_flag(Flag.DUPLICATE_NICKNAME)
        if entries[index].status is Status.ACTIVE:
            earlier.append(index)
    return entries


def mark_repeats(chains: list[list[Entry]]) -> list[Entry]:
    """Join the entries of several chains; a resident of an earlier chain is marked again (R12)."""
    joined: list[Entry] = []
    known: set[str] = set()
    for entries in chains:
        names = {nickname_key(e.nickname) for e in entries if e.status is Status.ACTIVE}
        joined += [
            entry.with_flag(Flag.DUPLICATE_NICKNAME)
            if entry.status is Status.ACTIVE and nickname_key(entry.nickname) in known
            else entry
            for entry in entries
        ]
        known |= names - {""}
    return joined


def _replace(entries: list[Entry], index: int, earlier: list[int], status: Status) -> list[int]:
    """Close the earlier entries; one from another address stays (returned) and both are marked."""
    address, kept = entries[index].address, []
    for place in earlier:
        other = entries[place].address
        if address and other and address != other:
            entries[place] = entries[place].with_flag(Flag.CANCEL_UNCLEAR)
            entries[index] = entries[index].with_flag(Flag.CANCEL_UNCLEAR)
            kept.append(place)
        else:
            entries[place] = replace(entries[place], status=status)
    return kept
