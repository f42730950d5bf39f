"""What goes into the file of ledger and photos, and what it is asked for. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lib.service.after_sales.rules import Cause, Defect, number
from lib.service.ledger.rules import Standing, Wanted

MOST_PHOTOS = 400
MOST_BYTES = 200 * 1024 * 1024
"""Of the photos together: what a mailbox or a phone still takes, and a disk does not feel."""
MOST_NAMED = 100
"""Cases that an address names one by one."""
LARGEST_ID = 2**31


@dataclass(frozen=True)
class Shot:
    """A photo of a case: ``case_id`` is the case that was kept."""

    case_id: int
    sha256: str
    size: int


@dataclass(frozen=True)
class Album:
    """The photos that go in, the newest cases first; ``left_out`` did not fit."""

    shots: tuple[Shot, ...]
    left_out: int = 0


def fitting(shots: Iterable[Shot], most: int = MOST_PHOTOS, size: int = MOST_BYTES) -> Album:
    """Return the photos up to the first that is one too many, or would make it too large."""
    taken: list[Shot] = []
    weight = left = 0
    for shot in shots:
        if left or len(taken) >= most or weight + shot.size > size:
            left += 1
            continue
        taken.append(shot)
        weight += shot.size
    return Album(tuple(taken), left)


def file_names(shots: Iterable[Shot]) -> dict[str, str]:
    """Return the name of every photo inside the file, by its place: ``photos/A0231-2.jpg``."""
    counts: dict[int, int] = {}
    names: dict[str, str] = {}
    for shot in shots:
        counts[shot.case_id] = counts.get(shot.case_id, 0) + 1
        name = f"photos/{number(shot.case_id)}-{counts[shot.case_id]}.jpg"
        names[name] = shot.sha256
    return names


def as_query(wanted: Wanted, case_ids: Iterable[int] | None = None) -> dict[str, str]:
    """Return ``wanted`` as the query of an address: numbers and the program's own words only.

    A searched text may be somebody's name: it never stands in an address, ``case_ids`` do.
    """
    found = {"first": wanted.first.isoformat(), "last": wanted.last.isoformat()}
    for name, value in (
        ("product", wanted.product_id),
        ("supplier", wanted.supplier_id),
        ("cause", wanted.cause),
        ("defect", wanted.defect),
        ("state", wanted.standing),
    ):
        if value is not None:
            found[name] = str(value)
    if wanted.late_only:
        found["late"] = "1"
    if case_ids is not None:
        found["cases"] = ",".join(str(case_id) for case_id in case_ids)
    return found


def from_query(asked: Mapping[str, str]) -> Wanted | None:
    """Return what the query of an address asks for; None when it cannot be meant."""
    try:
        cause = asked.get("cause")
        return Wanted(
            first=date.fromisoformat(asked.get("first", "")),
            last=date.fromisoformat(asked.get("last", "")),
            product_id=_number(asked.get("product")),
            supplier_id=_number(asked.get("supplier")),
            cause=Cause(cause) if cause else cause,
            defect=Defect(asked["defect"]) if "defect" in asked else None,
            standing=Standing(asked["state"]) if "state" in asked else None,
            late_only=asked.get("late") == "1",
            case_ids=_numbers(asked.get("cases")),
        )
    except ValueError:
        return None


def _numbers(text: str | None) -> frozenset[int] | None:
    if text is None:
        return None
    found = [_number(part) for part in text.split(",")[:MOST_NAMED] if part]
    return frozenset(each for each in found if each is not None)


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 11 and int(text) < LARGEST_ID):
        raise ValueError("not a number of a row")
    return int(text)
