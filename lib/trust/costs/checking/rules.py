"""Comparing the stored sheets with themselves, with each other and with the journal (R20). Pure.

What stands in the database is not trusted: a body that is no JSON and a day that is no day are
faults to be named, not reasons to break off.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from lib.kernel.words import N_
from lib.trust.costs.rules import (
    FIRST_FINGERPRINT,
    body_of,
    fingerprint_of,
    lines_of,
    period_of,
    sealed_text,
    short_fingerprint,
)

MOST_MISSING = 100
"""Missing sheets named at most, the oldest first: a made-up number far ahead leaves a wide gap."""

MISSING = N_("It is missing.")
ALTERED = N_("It was altered after it was published.")
UNKNOWN = N_("The journal knows nothing of it: it came in past the program.")
REWRITTEN = N_("It was rewritten together with its fingerprint; published was {fingerprint}.")
RELINKED = N_("Its link to the sheet before it was rewritten, to hide a change there.")
UNLINKED = N_("It does not follow from the sheet before it.")
MISCOUNTED = N_("Its lines do not add up.")
MOVED = N_("The moment or the person of its publication was altered.")
UNSEALED = N_("The journal was altered at row {row}; what it says of the sheets cannot be trusted.")


@dataclass(frozen=True)
class Stored:
    """A sheet as it lies in the database. Days, moments and the body may be anything at all."""

    number: int
    title: Any
    day: Any
    data_as_of: Any
    body: Any
    corrects: int | None
    correction: Any
    previous: str
    fingerprint: str
    published_at: Any = None
    published_by: int | None = None


@dataclass(frozen=True)
class Entry:
    """What the journal wrote when a sheet was published."""

    number: int
    fingerprint: str
    day: date | None
    at: datetime
    person_id: int | None


@dataclass(frozen=True)
class Fault:
    """One thing that does not fit: of which sheet, what (a msgid) and its values.

    ``number`` is None where it is not a sheet that is wrong, ``day`` where nobody knows it.
    """

    number: int | None
    day: date | None
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What a check of all sheets found. ``newest`` is the last sheet: number and fingerprint."""

    sheets: int
    newest: tuple[int, str] | None
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was altered."""
        return not self.faults

    @property
    def first_bad(self) -> int | None:
        """The number of the first sheet that does not fit; None when all do."""
        return min(
            (fault.number for fault in self.faults if fault.number is not None), default=None
        )


def check(
    sheets: Iterable[Stored], entries: Mapping[int, Entry], bad_journal_row: int | None = None
) -> Report:
    """Return what is wrong with ``sheets``, which come in the order of their numbers.

    ``entries`` is what the journal says, by number; ``bad_journal_row`` the first row of the
    journal whose seal does not fit. One fault per sheet: the one that says most.
    """
    faults: list[Fault] = []
    seen: set[int] = set()
    last: Stored | None = None
    for sheet in sheets:
        fault = _fault(sheet, entries, last)
        if fault is not None:
            faults.append(fault)
        seen.add(sheet.number)
        last = sheet
    faults += islice(_missing(seen, entries), MOST_MISSING)
    faults.sort(key=lambda fault: fault.number or 0)
    if bad_journal_row is not None:
        faults.append(Fault(None, None, UNSEALED, {"row": bad_journal_row}))
    newest = (last.number, last.fingerprint) if last is not None else None
    return Report(len(seen), newest, tuple(faults))


def _missing(seen: set[int], entries: Mapping[int, Entry]) -> Iterator[Fault]:
    last = max([0, *seen, *entries])
    for number in range(1, last + 1):
        if number not in seen:
            entry = entries.get(number)
            yield Fault(number, entry.day if entry else None, MISSING)


def _fault(sheet: Stored, entries: Mapping[int, Entry], last: Stored | None) -> Fault | None:
    entry = entries.get(sheet.number)
    day = entry.day if entry is not None else _day(sheet.day)
    fingerprint = _fingerprint(sheet, sheet.previous)
    if fingerprint is None or fingerprint != sheet.fingerprint:
        return Fault(sheet.number, day, ALTERED)
    if entry is None:
        return Fault(sheet.number, day, UNKNOWN)
    previous = _previous(sheet.number, entries, last)
    if entry.fingerprint != sheet.fingerprint:
        if _fingerprint(sheet, previous) == entry.fingerprint:
            return Fault(sheet.number, day, RELINKED)
        known = {"fingerprint": short_fingerprint(entry.fingerprint)}
        return Fault(sheet.number, day, REWRITTEN, known)
    if sheet.previous != previous:
        return Fault(sheet.number, day, UNLINKED)
    if not _adds_up(sheet):
        return Fault(sheet.number, day, MISCOUNTED)
    if (_moment(sheet.published_at), sheet.published_by) != (entry.at, entry.person_id):
        return Fault(sheet.number, day, MOVED)
    return None


def _previous(number: int, entries: Mapping[int, Entry], last: Stored | None) -> str:
    """The fingerprint that sheet ``number`` must follow from: the journal's, else the stored."""
    if number == 1:
        return FIRST_FINGERPRINT
    before = entries.get(number - 1)
    if before is not None:
        return before.fingerprint
    return last.fingerprint if last is not None else FIRST_FINGERPRINT


def _fingerprint(sheet: Stored, previous: str) -> str | None:
    """The SHA-256 of what is stored; None for what cannot be a sheet, or is not stored as one."""
    day, moment, body = _day(sheet.day), _moment(sheet.data_as_of), _body(sheet.body)
    if day is None or moment is None or body is None:
        return None
    text = sealed_text(
        sheet.number, sheet.title, day, moment, body, sheet.corrects, sheet.correction, previous
    )
    return fingerprint_of(text)


def _adds_up(sheet: Stored) -> bool:
    """Whether every line adds up and the body holds nothing that no sheet has."""
    body = _body(sheet.body) or {}
    try:
        again = body_of(lines_of(body), period_of(body), body["shape"])
    except (ValueError, KeyError, TypeError):
        return False
    return again == body


def _body(value: Any) -> dict[str, Any] | None:
    """The body if it is stored exactly as the program stores one, so that no key hides another."""
    if isinstance(value, str):
        try:
            body = json.loads(value)
        except ValueError:
            return None
        if json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")) != value:
            return None
    else:
        body = value
    return body if isinstance(body, dict) else None


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return day if day.isoformat() == value else None


def _moment(value: Any) -> datetime | None:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):
        return None
