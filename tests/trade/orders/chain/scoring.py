"""The contract's own scorer: `score(case, actual)` returns the list of problems (empty = pass)."""

import re
import unicodedata
from typing import Any


def _plain(words: str | None) -> str:
    folded = unicodedata.normalize("NFKC", words or "").replace("\ufe0f", "")
    return re.sub(r"[\s\W_]+", "", folded)


def _nickname(words: str | None) -> str:
    return unicodedata.normalize("NFKC", words or "").replace("\ufe0f", "").strip()


def _items(entry: dict[str, Any]) -> list[tuple[Any, ...]]:
    counted = entry.get("items", [])
    return sorted((i["name"], round(float(i["quantity"]), 6), i["unit"]) for i in counted)


def _address(hint: dict[str, Any] | None) -> tuple[Any, ...] | None:
    parts = tuple((hint or {}).get(key) for key in ("area", "building", "unit", "room"))
    return None if parts == (None,) * 4 else parts


def _active(actual: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    bad = []
    if _items(actual) != _items(wanted):
        bad.append(f"items {_items(actual)!r} != {_items(wanted)!r}")
    if actual.get("pickup_slot") != wanted["pickup_slot"]:
        bad.append(f"slot {actual.get('pickup_slot')!r} != {wanted['pickup_slot']!r}")
    if bool(actual.get("delivery")) != wanted["delivery"]:
        bad.append("delivery")
    note, written = _plain(wanted["note"]), _plain(actual.get("note"))
    if note not in written or len(written) > len(note) + 14:
        bad.append(f"note {actual.get('note')!r} !~ {wanted['note']!r}")
    bad += [f"flag {f} missing" for f in wanted["flags"] if f not in (actual.get("flags") or [])]
    unmatched = [_plain(phrase) for phrase in actual.get("unmatched", [])]
    if not wanted["unmatched"] and unmatched:
        bad.append(f"unmatched not empty {unmatched!r}")
    for phrase in wanted["unmatched"]:
        if not any(_plain(phrase) in found for found in unmatched):
            bad.append(f"unmatched {phrase!r} missing in {unmatched!r}")
    return bad


def score(case: dict[str, Any], actual: dict[str, Any]) -> list[str]:
    """Compare what the parser made of a case with what the case expects."""
    wanted = case["expected"]
    found, entries = actual.get("entries", []), wanted["entries"]
    if len(found) != len(entries):
        return [f"entry count {len(found)}, expected {len(entries)}"]
    bad: list[str] = []
    for place, (a, x) in enumerate(zip(found, entries, strict=True), start=1):
        problems = []
        if a.get("no") != x["no"]:
            problems.append(f"no {a.get('no')!r}")
        if _nickname(a.get("nickname")) != _nickname(x["nickname"]):
            problems.append(f"nickname {a.get('nickname')!r} != {x['nickname']!r}")
        if _address(a.get("address_hint")) != _address(x["address_hint"]):
            problems.append(f"address {a.get('address_hint')!r} != {x['address_hint']!r}")
        if a.get("status") != x["status"]:
            problems.append(f"status {a.get('status')!r} != {x['status']!r}")
        if x["status"] == "active":
            problems += _active(a, x)
        bad += [f"entry {place} (no {x['no']}) {problem}" for problem in problems]
    totals = {k: round(float(v), 3) for k, v in (actual.get("totals") or {}).items() if v}
    if totals != {k: round(float(v), 3) for k, v in wanted["totals"].items()}:
        bad.append(f"totals {totals!r} != {wanted['totals']!r}")
    if abs(float(actual.get("amount", -1)) - wanted["amount"]) > 0.005:
        bad.append(f"amount {actual.get('amount')!r} != {wanted['amount']!r}")
    return bad
