"""What changed between two pastes of the same chain, and how to know them again.

Numbers shift when somebody deletes an entry, and repeat when two people write at once; so an
entry is known by nickname, address and its occurrence, and only then by likeness.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lib.trade.orders.chain.across import nickname_key
from lib.trade.orders.chain.model import Address, Chain, Entry, Status
from lib.trade.orders.chain.snapshots import fingerprint

ItemCounts = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry in both pastes; `fields` are the names of Entry fields that differ.

    `items` lists (product, quantity before, quantity after) of the products that differ.
    """

    before: Entry
    after: Entry
    fields: tuple[str, ...]
    items: tuple[tuple[str, Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class ChainDifference:
    """Entries only in the new paste, only in the old one, and in both but different."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two pastes order the same."""
        return not (self.added or self.removed or self.changed)


def chain_identity(chain: Chain) -> str:
    """Fingerprint of header and title: two snapshots of one chain share it (facts 1.1 i)."""
    mark = f"{fingerprint(chain.header)}|{fingerprint(chain.title)}"
    return hashlib.sha256(mark.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def entry_keys(entries: Sequence[Entry]) -> tuple[str, ...]:
    """A key per entry that survives shifted numbers: who, where, and the how-manieth of them.

    Use with `chain_identity`: the same entry pasted again has the same key whatever its number.
    """
    seen: dict[str, int] = defaultdict(int)
    keys = []
    for entry in entries:
        who = _resident(entry)
        seen[who] += 1
        mark = f"{who}|{seen[who]}".encode("utf-8", "surrogatepass")
        keys.append(hashlib.sha256(mark).hexdigest()[:32])
    return tuple(keys)


def compare_chains(old: Sequence[Entry], new: Sequence[Entry]) -> ChainDifference:
    """Say what `new` changed against `old`, entries in the order of the pastes."""
    pairs = _pairs(old, new)
    matched_old = {i for i, _j in pairs}
    matched_new = {j for _i, j in pairs}
    changes = (_change(old[i], new[j]) for i, j in sorted(pairs, key=lambda pair: pair[1]))
    return ChainDifference(
        added=tuple(e for j, e in enumerate(new) if j not in matched_new),
        removed=tuple(e for i, e in enumerate(old) if i not in matched_old),
        changed=tuple(change for change in changes if change),
    )


def _resident(entry: Entry) -> str:
    return f"{nickname_key(entry.nickname)}|{_place(entry.address)}"


def _place(address: Address | None) -> str:
    if address is None:
        return ""
    return "-".join(
        part or "" for part in (address.area, address.building, address.unit, address.room)
    )


def _content(entry: Entry) -> tuple[object, ...]:
    return (counted_items(entry), entry.status, entry.note, entry.pickup_slot, entry.delivery)


def counted_items(entry: Entry) -> ItemCounts:
    """What an entry really orders: nothing once it is cancelled or superseded."""
    if entry.status is not Status.ACTIVE:
        return ()
    return tuple(sorted((item.name, item.quantity) for item in entry.items))


def _pairs(old: Sequence[Entry], new: Sequence[Entry]) -> list[tuple[int, int]]:
    """Match in rounds, the surest first; each entry is used once."""
    pairs: list[tuple[int, int]] = []
    left_old, left_new = list(range(len(old))), list(range(len(new)))
    for key in (
        lambda e: (_resident(e), _content(e)),
        lambda e: (_resident(e), e.no),
        _resident,
        lambda e: (nickname_key(e.nickname), bool(e.nickname)) if e.nickname else None,
        lambda e: (_place(e.address), e.no) if e.address else None,
        lambda e: (_place(e.address), counted_items(e)) if e.address and e.items else None,
        lambda e: (e.no, counted_items(e)) if e.items else None,
    ):
        waiting: dict[object, list[int]] = defaultdict(list)
        for i in left_old:
            if (mark := key(old[i])) is not None:
                waiting[mark].append(i)
        for j in list(left_new):
            mark = key(new[j])
            if mark is not None and waiting.get(mark):
                i = waiting[mark].pop(0)
                pairs.append((i, j))
                left_old.remove(i)
                left_new.remove(j)
    return pairs


def _change(before: Entry, after: Entry) -> Change | None:
    fields = [
        name
        for name in ("nickname", "address", "status", "pickup_slot", "delivery", "note", "phones")
        if getattr(before, name) != getattr(after, name)
    ]
    items = _item_changes(before, after)
    if items:
        fields.append("items")
    unclear = [tuple(doubt.text for doubt in entry.unmatched) for entry in (before, after)]
    if unclear[0] != unclear[1]:
        fields.append("unmatched")
    return Change(before, after, tuple(fields), items) if fields else None


def _item_changes(before: Entry, after: Entry) -> tuple[tuple[str, Decimal, Decimal], ...]:
    old, new = dict(counted_items(before)), dict(counted_items(after))
    return tuple(
        (name, old.get(name, Decimal(0)), new.get(name, Decimal(0)))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )
