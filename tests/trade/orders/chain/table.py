"""Reads the case tables: `shelf | what the resident wrote | what must come out`.

The expectation is written in words: nickname first (may be missing), then
`@3-2-501` address (`2:3-201` with an area), `土鸡蛋=2` items, `slot:evening`, `delivery`,
`status:cancelled`, `?phrase` unmatched, `!flag`, `note:words` contained in the note.
Flags are exact: a clear order must come out without any.
"""

import re
import unicodedata
from decimal import Decimal

from lib.trade.orders.chain.contract import catalogue_from_dicts
from lib.trade.orders.chain.model import Address, Entry
from lib.trade.orders.chain.parser import parse_chain
from tests.trade.orders.chain.shelves import SHELVES


def rows(table: str) -> list[tuple[str, str, str]]:
    """Cut a table into (shelf, text, expectation); # begins a heading."""
    lines = [line for line in table.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split("|", 2)) for line in lines if line.count("|") == 2]


def plain(words: str) -> str:
    """Letters and digits only, as the contract compares notes and unmatched phrases."""
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", words))


def first_entry(shelf: str, text: str) -> Entry:
    """Parse one entry in a chain with a plain title."""
    chain = parse_chain(f"#接龙\n今日团购\n\n1. {text}", catalogue_from_dicts(SHELVES[shelf]))
    assert len(chain.entries) == 1, chain.entries
    return chain.entries[0]


def _address(written: str | None) -> Address | None:
    if written is None:
        return None
    area, _, rest = written.rpartition(":")
    parts = rest.split("-")
    building, unit, room = {1: (None, None, parts[0])}.get(
        len(parts), (parts[0], parts[1] if len(parts) == 3 else None, parts[-1])
    )
    return Address(area or None, building or None, unit or None, room or None)


def check(shelf: str, text: str, want: str) -> list[str]:
    """Compare one row with the parser; return what differs."""
    return compare(first_entry(shelf, text), want)


def compare(entry: Entry, want: str) -> list[str]:
    """Compare an entry with an expectation in words; return what differs."""
    words = want.split(" ")
    nickname = words[0]
    items = {w.split("=")[0]: Decimal(w.split("=")[1]) for w in words if "=" in w}
    told = dict(w.split(":", 1) for w in words if re.match("slot:|status:|note:", w))
    address = next((w[1:] for w in words[1:] if w[:1] == "@"), None)
    expected = {
        "nickname": nickname,
        "address": _address(address),
        "items": items,
        "slot": told.get("slot"),
        "delivery": "delivery" in words,
        "status": told.get("status", "active"),
        "flags": sorted(w[1:] for w in words if w[:1] == "!"),
        "unmatched": sorted(plain(w[1:]) for w in words if w[:1] == "?"),
    }
    found = {
        "nickname": entry.nickname,
        "address": entry.address,
        "items": {item.name: item.quantity for item in entry.items},
        "slot": entry.pickup_slot,
        "delivery": entry.delivery,
        "status": entry.status.value,
        "flags": sorted(flag.value for flag in entry.flags),
        "unmatched": sorted(plain(doubt.text) for doubt in entry.unmatched),
    }
    wrong = [f"{k}: {found[k]} instead of {v}" for k, v in expected.items() if found[k] != v]
    note = told.get("note", "")
    if plain(note) not in plain(entry.note) or len(plain(entry.note)) > len(plain(note)) + 14:
        wrong.append(f"note: {entry.note!r} instead of {note!r}")
    return wrong


def chains(text: str) -> list[tuple[str, str, str, list[str]]]:
    """Cut a file of whole chains into (name, shelf, paste, expected entries)."""
    found = []
    for case in text.split("\n=== ")[1:]:
        head, paste, wanted = re.split(r"\n(?:vvv|\^\^\^)\n?", case)[:3]
        name, shelf = head.rsplit(" | ", 1)
        found.append((name, shelf, paste, [w for w in wanted.splitlines() if w]))
    return found


def check_chain(shelf: str, paste: str, wanted: list[str]) -> list[str]:
    """Compare a whole chain with `no|expectation` lines; return what differs."""
    chain = parse_chain(paste, catalogue_from_dicts(SHELVES[shelf]))
    numbers = [int(line.split("|")[0]) for line in wanted]
    if [entry.no for entry in chain.entries] != numbers:
        return [f"numbers {[(e.no, e.text) for e in chain.entries]} instead of {numbers}"]
    return [
        f"entry {entry.no}: {problem}"
        for entry, line in zip(chain.entries, wanted, strict=True)
        for problem in compare(entry, line.split("|", 1)[1])
    ]
