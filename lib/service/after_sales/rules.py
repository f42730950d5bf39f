"""Decisions on after-sales cases: their states, what is counted, what may be saved. Pure (R26-R31).

A case is about one order line, or about something bought at the counter without an order. Its
clocks are in :mod:`lib.service.after_sales.clocks`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.files.photos import Photo

LONGEST_SAID = 500
LONGEST_TEXT = 500
LONGEST_NAME = 40
LONGEST_HOME = 60
LONGEST_REASON = 200
FURTHEST_REPORT_DAYS = 30
"""A report longer ago than that is a slip in the date."""


class Status(StrEnum):
    """Where a case stands. Only a photo that is awaited stops the solution clock."""

    NEW = "new"
    WORKING = "working"
    WAITING_PHOTO = "waiting_photo"
    SOLVED = "solved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


STATUS_NAMES: dict[Status, str] = {
    Status.NEW: N_("New case"),
    Status.WORKING: N_("Being worked on"),
    Status.WAITING_PHOTO: N_("Photo awaited"),
    Status.SOLVED: N_("Solved, to be asked"),
    Status.CLOSED: N_("Closed, content"),
    Status.WITHDRAWN: N_("Withdrawn"),
    Status.MERGED: N_("Part of another case"),
}

OPEN = frozenset({Status.NEW, Status.WORKING, Status.WAITING_PHOTO})
"""The solution is still owed."""
ON_BOARD = (Status.NEW, Status.WORKING, Status.WAITING_PHOTO, Status.SOLVED)
ENDED = frozenset({Status.SOLVED, Status.CLOSED, Status.WITHDRAWN})
"""From here a case is opened again."""


class Source(StrEnum):
    """How the resident told the shop."""

    COUNTER = "counter"
    CHAT = "chat"
    PHONE = "phone"
    PAGE = "page"


SOURCE_NAMES: dict[Source, str] = {
    Source.COUNTER: N_("said at the counter"),
    Source.CHAT: N_("written in the chat"),
    Source.PHONE: N_("said on the phone"),
    Source.PAGE: N_("from the resident's own page"),
}


class Defect(StrEnum):
    """What the resident is not content with."""

    ROTTEN = "rotten"
    DAMAGED = "damaged"
    QUALITY = "quality"
    SHORT = "short"
    MISSING = "missing"
    WRONG = "wrong"
    SERVICE = "service"
    OTHER = "other"


DEFECT_NAMES: dict[Defect, str] = {
    Defect.ROTTEN: N_("Rotten or spoiled"),
    Defect.DAMAGED: N_("Broken or crushed"),
    Defect.QUALITY: N_("Quality fault"),
    Defect.SHORT: N_("Weight is short"),
    Defect.MISSING: N_("Something was missing"),
    Defect.WRONG: N_("Wrong goods"),
    Defect.SERVICE: N_("Our service"),
    Defect.OTHER: N_("Something else"),
}


class CountedIn(StrEnum):
    """What "n bad of m" counts: sale units, pieces inside them, or grams."""

    UNITS = "units"
    PIECES = "pieces"
    GRAMS = "grams"


COUNTED_IN_NAMES: dict[CountedIn, str] = {
    CountedIn.UNITS: N_("sale units"),
    CountedIn.PIECES: N_("single pieces"),
    CountedIn.GRAMS: N_("grams (bad weight)"),
}


class ClockName(StrEnum):
    """The three promises of after-sales (R26, R27, R29)."""

    REPLY = "reply"
    SOLUTION = "solution"
    DELIVERY = "delivery"


CLOCK_NAMES: dict[ClockName, str] = {
    ClockName.REPLY: N_("First reply"),
    ClockName.SOLUTION: N_("Solution"),
    ClockName.DELIVERY: N_("Owed goods delivered"),
}


class Cause(StrEnum):
    """What was found out (R31). Empty text in the books: not yet."""

    GROWER = "grower"
    SUPPLIER_GOODS = "supplier_goods"
    TRANSPORT = "transport"
    STORAGE = "storage"
    PACKING = "packing"
    PICKING = "picking"
    DELIVERY = "delivery"
    OUR_WORD = "our_word"
    RESIDENT = "resident"
    UNKNOWN = "unknown"


CAUSE_NAMES: dict[Cause, str] = {
    Cause.GROWER: N_("At the grower's or maker's"),
    Cause.SUPPLIER_GOODS: N_("The supplier sent bad or other goods"),
    Cause.TRANSPORT: N_("On the way to the shop"),
    Cause.STORAGE: N_("Kept too long or too warm in the shop"),
    Cause.PACKING: N_("Packed badly"),
    Cause.PICKING: N_("Picked, counted or weighed wrong"),
    Cause.DELIVERY: N_("On the way to the resident"),
    Cause.OUR_WORD: N_("Said or promised wrongly by us"),
    Cause.RESIDENT: N_("Kept wrongly at the resident's home"),
    Cause.UNKNOWN: N_("Could not be found out"),
}
SUPPLIER_CAUSES = frozenset({Cause.GROWER, Cause.SUPPLIER_GOODS, Cause.TRANSPORT})
"""Causes that a letter to the supplier may name."""


class Result(StrEnum):
    """What the resident said when asked afterwards (R30)."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"
    NO_ANSWER = "no_answer"


RESULT_NAMES: dict[Result, str] = {
    Result.SATISFIED: N_("Content"),
    Result.NOT_SATISFIED: N_("Not content"),
    Result.NO_ANSWER: N_("No answer"),
}


class EntryKind(StrEnum):
    """What an entry of a case's history says."""

    REPORTED = "reported"
    REPLY = "reply"
    ASK_PHOTO = "ask_photo"
    PHOTO = "photo"
    PHOTO_REMOVED = "photo_removed"
    RESUMED = "resumed"
    WROTE = "wrote"
    MATCHED = "matched"
    CHANGED = "changed"
    NOTE = "note"
    CAUSE = "cause"
    SOLVED = "solved"
    REMEDY_UNDONE = "remedy_undone"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    UNMERGED = "unmerged"
    LINK = "link"
    BREACH = "breach"


ENTRY_NAMES: dict[EntryKind, str] = {
    EntryKind.REPORTED: N_("Case reported"),
    EntryKind.REPLY: N_("Reply given"),
    EntryKind.ASK_PHOTO: N_("Asked for a photo"),
    EntryKind.PHOTO: N_("Photo came"),
    EntryKind.PHOTO_REMOVED: N_("Photo taken off"),
    EntryKind.RESUMED: N_("Goes on without a photo"),
    EntryKind.WROTE: N_("The resident wrote"),
    EntryKind.MATCHED: N_("Purchase assigned"),
    EntryKind.CHANGED: N_("Case corrected"),
    EntryKind.NOTE: N_("Note of ours"),
    EntryKind.CAUSE: N_("Cause found"),
    EntryKind.SOLVED: N_("Solution agreed"),
    EntryKind.REMEDY_UNDONE: N_("Solution taken back"),
    EntryKind.FOLLOW_UP: N_("Asked afterwards"),
    EntryKind.CLOSED: N_("Case closed"),
    EntryKind.REOPENED: N_("Opened again"),
    EntryKind.WITHDRAWN: N_("Case withdrawn"),
    EntryKind.MERGED: N_("Joined with another case"),
    EntryKind.UNMERGED: N_("Taken apart again"),
    EntryKind.LINK: N_("Private address made"),
    EntryKind.BREACH: N_("A promise ran out"),
}


@dataclass(frozen=True)
class NewCase:
    """A case as it comes in.

    ``bad`` of ``of_total`` in ``counted_in`` (all or none of the three; ``of_total`` None: the
    whole line). ``reported_at`` (UTC) is when the resident told the shop; None is now. The
    ``reporter`` texts are what a resident typed who is no known member yet. ``photos`` are cleaned
    photos (:func:`lib.shop.files.photos.put`) or addresses of booked ones. ``key`` makes a
    resident's form count once.
    """

    source: Source
    defect: Defect
    said: str = ""
    member_id: int | None = None
    line_id: int | None = None
    product_id: int | None = None
    bad: int | None = None
    of_total: int | None = None
    counted_in: CountedIn | None = None
    reported_at: datetime | None = None
    reporter_name: str = ""
    reporter_home: str = ""
    product_name: str = ""
    batch_id: int | None = None
    photos: tuple[Photo | str, ...] = ()
    key: str | None = None


def number(case_id: int) -> str:
    """Return how a case is called: ``A0231``."""
    return f"A{case_id:04d}"


def case_id_of(text: str) -> int | None:
    """Return the case that ``text`` names (``A0231``, ``a231``, ``231``); None for other text."""
    found = re.fullmatch(r"[aA]?0*([1-9]\d{0,8})", text.strip())
    return int(found.group(1)) if found else None


def checked_new(new: NewCase) -> NewCase:
    """Return ``new`` with its texts cleaned; raises ``Refused`` when it says nothing at all."""
    kept = replace(
        new,
        source=Source(new.source),
        defect=Defect(new.defect),
        said=clean(new.said, LONGEST_SAID, lines=True),
        reporter_name=clean(new.reporter_name.lstrip("@＠ "), LONGEST_NAME),
        reporter_home=clean(new.reporter_home, LONGEST_HOME),
        product_name=clean(new.product_name, LONGEST_HOME),
    )
    about = (kept.line_id, kept.product_id, kept.product_name or None, kept.said or None)
    if all(each is None for each in about):
        raise Refused(N_("Choose the purchase, or write what it is about."))
    return kept


def checked_report(
    reported_at: datetime | None, now: datetime, bought_at: datetime | None = None
) -> datetime:
    """Return when the resident told the shop. Raises ``Refused``.

    It may lie in the past (they wrote an hour ago), never ahead, and not before ``bought_at``.
    """
    if reported_at is None:
        return now
    if reported_at > now:
        raise Refused(N_("The resident cannot have written later than now. Check the time."))
    if now - reported_at > timedelta(days=FURTHEST_REPORT_DAYS):
        raise Refused(
            N_("That is more than {days} days ago. Check the date."), days=FURTHEST_REPORT_DAYS
        )
    if bought_at is not None and reported_at < bought_at:
        raise Refused(
            N_("The resident cannot have complained before the purchase. Check the time.")
        )
    return reported_at


def checked_reason(text: str, sentence: str) -> str:
    """Return a reason on one line; raises ``Refused`` with ``sentence`` when there is none."""
    kept = clean(text, LONGEST_REASON)
    if not kept:
        raise Refused(sentence)
    return kept


def checked_words(text: str, sentence: str) -> str:
    """Return what is said to a resident or noted; raises ``Refused`` with ``sentence`` if empty."""
    kept = clean(text, LONGEST_TEXT, lines=True)
    if not kept:
        raise Refused(sentence)
    return kept


def needs(now_at: Status, allowed: Iterable[Status]) -> None:
    """Raise ``Refused`` unless a case at ``now_at`` stands at one of ``allowed``."""
    if now_at not in allowed:
        raise Refused(NOT_NOW[now_at])


def after_reply(now_at: Status, wanted: Status | None) -> Status:
    """Return where a case stands after a reply; raises ``Refused`` for a state replies do not set.

    A new case is being worked on; one that waits for its photo, or is solved, stays.
    """
    if wanted is None:
        return Status.WORKING if now_at is Status.NEW else now_at
    if now_at is Status.SOLVED and wanted is not Status.SOLVED:
        raise Refused(NOT_NOW[now_at])
    if wanted not in (Status.WORKING, Status.WAITING_PHOTO, now_at):
        raise Refused(N_("A reply does not do that. Choose being worked on, or photo awaited."))
    return wanted


def needs_ended(now_at: Status) -> None:
    """Raise ``Refused`` unless a case at ``now_at`` can be opened again."""
    if now_at in OPEN:
        raise Refused(N_("This case is open already."))
    needs(now_at, ENDED)


NOT_NOW: dict[Status, str] = {
    Status.NEW: N_("This case was not solved yet."),
    Status.WORKING: N_("This case was not solved yet."),
    Status.WAITING_PHOTO: N_("This case was not solved yet."),
    Status.SOLVED: N_("This case was solved already. Open it again if something is still wrong."),
    Status.CLOSED: N_("This case is closed. Open it again if something is still wrong."),
    Status.WITHDRAWN: N_("This case was withdrawn. Open it again if something is still wrong."),
    Status.MERGED: N_("This case is part of another case now. Look there."),
}
