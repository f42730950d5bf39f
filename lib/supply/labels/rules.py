"""Decisions on labels (R3): what may be approved, which version a delivery uses. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import LARGEST_FEN, Money
from lib.kernel.text import clean
from lib.kernel.words import N_

LONGEST_TITLE, LONGEST_NOTE = 40, 300
MOST_PIECES = 1_000_000


class Kind(StrEnum):
    """Why the number of printed labels changes."""

    PRINTED = "printed"
    USED = "used"
    SPOILED = "spoiled"
    CORRECTED = "corrected"


KIND_NAMES: dict[Kind, str] = {
    Kind.PRINTED: N_("labels printed"),
    Kind.USED: N_("labels used besides deliveries"),
    Kind.SPOILED: N_("labels spoiled"),
    Kind.CORRECTED: N_("labels counted again"),
}

BY_HAND = (Kind.PRINTED, Kind.SPOILED, Kind.USED)


@dataclass(frozen=True)
class Details:
    """What is written down of a label version.

    ``minimum_run`` is in pieces. ``label_cost`` is for one printed label, ``unit_cost`` for one
    sale unit with its label. Approved from ``approved_on`` on; None while it is a draft.
    """

    title: str
    minimum_run: int | None = None
    label_cost: Money | None = None
    unit_cost: Money | None = None
    approved_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Span:
    """When a version was the approved one; ``ended_on`` is its last day, None for no end."""

    label_id: int
    number: int
    approved_on: date
    ended_on: date | None


def checked(details: Details, today: date, *, has_photo: bool) -> Details:
    """Return ``details`` cleaned; raises ``Refused`` with what is wrong.

    An approval needs the photo of what was approved and lies not ahead.
    """
    title = clean(details.title, LONGEST_TITLE)
    if not title:
        raise Refused(N_("Give the label a name, like: blue, 500 g."))
    if details.minimum_run is not None and not 0 < details.minimum_run <= MOST_PIECES:
        raise Refused(N_("The minimum run is a number of pieces, at least one."))
    for cost in (details.label_cost, details.unit_cost):
        if cost is not None and not 0 <= cost.fen <= LARGEST_FEN:
            raise Refused(N_("A cost cannot be negative."))
    if details.approved_on is not None and details.approved_on > today:
        raise Refused(N_("That day has not come yet."))
    if details.approved_on is not None and not has_photo:
        raise Refused(N_("An approval needs the photo of the approved label."))
    return replace(details, title=title, note=clean(details.note, LONGEST_NOTE))


def signed(kind: Kind, pieces: int) -> int:
    """Return what ``pieces`` typed for ``kind`` change; raises ``Refused`` for none or too many."""
    if not 0 < pieces <= MOST_PIECES:
        raise Refused(N_("Write how many labels: at least one."))
    return pieces if kind is Kind.PRINTED else -pieces


def used_by(spans: Sequence[Span], arrivals: Iterable[tuple[date, int]]) -> dict[int, int]:
    """Return how many labels of each version the deliveries used: label id → pieces.

    ``spans`` are the approved versions of one product, ``arrivals`` its deliveries as day and sale
    units. A delivery uses the version approved last on or before its day, if that had not ended.
    """
    used = {span.label_id: 0 for span in spans}
    for day, units in arrivals:
        started = [span for span in spans if span.approved_on <= day]
        if not started:
            continue
        span = max(started, key=lambda one: (one.approved_on, one.number))
        if span.ended_on is None or day <= span.ended_on:
            used[span.label_id] += units
    return used
