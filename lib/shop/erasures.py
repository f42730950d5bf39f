"""Whose data was erased, kept outside the database: a restored backup must forget them again.

``erasures.json`` in the data folder, and a copy beside the backups, hold numbers of member files
and moments, nothing personal. Each entry carries a mark made with the shop's own key: an entry of
another shop, or one that somebody wrote by hand, counts for nothing.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from lib.shop.place import Place

FILE = "erasures.json"
_writing = Lock()


@dataclass(frozen=True, order=True)
class Erased:
    """A member file made anonymous at a moment, and why."""

    at: datetime
    member_id: int
    why: str


def listed(place: Place) -> tuple[Erased, ...]:
    """Return all entries of the shop of ``place``, the oldest first."""
    return _read(place.folder / FILE, place)


def note(place: Place, erased: Iterable[Erased]) -> bool:
    """Add ``erased`` to the list; return whether one of them was new."""
    with _writing:
        known = set(listed(place))
        new = set(erased) - known
        if new:
            _write(place, known | new)
    return bool(new)


def carry(source: Path, place: Place) -> None:
    """Take the entries that lie in the folder ``source`` over into the list of ``place``."""
    note(place, _read(source / FILE, place))


def stamp(place: Place) -> tuple[int, int] | None:
    """Return what tells whether the list changed; None when there is none."""
    try:
        found = (place.folder / FILE).stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


def _write(place: Place, entries: Iterable[Erased]) -> None:
    rows = [
        {"member": one.member_id, "at": one.at.isoformat(), "why": one.why,
         "mark": _mark(place, one)}
        for one in sorted(entries)
    ]  # fmt: skip
    text = json.dumps({"erasures": rows}, indent=1)
    for folder in (place.folder, place.backups):
        new = folder / f".{FILE}"
        new.write_text(text, "utf-8")
        new.replace(folder / FILE)


def _read(path: Path, place: Place) -> tuple[Erased, ...]:
    try:
        rows = json.loads(path.read_text("utf-8"))["erasures"]
        found = [(_entry(row), str(row["mark"])) for row in rows]
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError):  # somebody else's file, or a damaged one
        return ()
    mine = (one for one, mark in found if hmac.compare_digest(mark, _mark(place, one)))
    return tuple(sorted(mine))


def _entry(row: Any) -> Erased:
    return Erased(datetime.fromisoformat(row["at"]), int(row["member"]), str(row["why"]))


def _mark(place: Place, one: Erased) -> str:
    said = f"{FILE}:{one.member_id}:{one.at.isoformat()}:{one.why}"
    return hmac.new(place.secret("journal"), said.encode(), hashlib.sha256).hexdigest()[:32]
