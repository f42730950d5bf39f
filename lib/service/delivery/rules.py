"""Decisions of door delivery (R23): what lies inside, which orders are brought, in which order.

Pure: values in, values out.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.members.profiles.rules import Home
from lib.service.delivery.health import refuse_health
from lib.service.picking.rules import natural
from lib.shop.settings.homes import Buildings

LONGEST_NOTE = 120


class Place(StrEnum):
    """Where a home lies."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class LeftWith(StrEnum):
    """Who or what got the goods at the door."""

    HAND = "hand"
    DOOR = "door"
    NEIGHBOUR = "neighbour"
    GUARD = "guard"


LEFT_WITH_NAMES = {
    LeftWith.HAND: N_("Given in hand"),
    LeftWith.DOOR: N_("Left at the door"),
    LeftWith.NEIGHBOUR: N_("With a neighbour"),
    LeftWith.GUARD: N_("At the gatehouse"),
}


class Choice(StrEnum):
    """What somebody decided about bringing one order."""

    BRING = "bring"
    COLLECT = "collect"


CHOICE_NAMES = {
    Choice.BRING: N_("brought without a need"),
    Choice.COLLECT: N_("collected instead"),
}


class Verdict(StrEnum):
    """What becomes of an order that is marked for delivery."""

    BRING = "bring"
    DECIDE = "decide"
    ASK_HOME = "ask_home"
    OUTSIDE = "outside"


WHY_NOT = {
    Verdict.DECIDE: N_("No need for delivery stands. Decide first whether it is brought anyway."),
    Verdict.ASK_HOME: N_("Ask for the building first: without it nobody knows where to go."),
    Verdict.OUTSIDE: N_("{home} lies outside the community; nothing is brought there."),
}


def place_of(home: Home, community: Sequence[Buildings]) -> Place:
    """Return whether ``home`` lies inside the ``community``; without lines every building does.

    A line without an area holds for every home as long as no line names one; after that it holds
    for homes that were written without an area. A home without an area is looked for in all lines.
    """
    if not home.building:
        return Place.UNKNOWN
    if not community:
        return Place.INSIDE
    areas = any(line.area for line in community)
    fits = (line for line in community if _same_area(home.area, line.area, areas=areas))
    building = home.building.lstrip("0") or home.building
    return Place.INSIDE if any(line.has(building) for line in fits) else Place.OUTSIDE


def _same_area(home: str | None, line: str | None, *, areas: bool) -> bool:
    if home is None:
        return True
    if line is None:
        return not areas
    return Home.of(area=line).area == Home.of(area=home).area


def verdict(place: Place, choice: Choice | None, *, has_need: bool) -> Verdict:
    """Return what becomes of an order marked for delivery."""
    if place is Place.UNKNOWN:
        return Verdict.ASK_HOME
    if place is Place.OUTSIDE:
        return Verdict.OUTSIDE
    return Verdict.BRING if has_need or choice is Choice.BRING else Verdict.DECIDE


_ROOM = re.compile(r"(\d{1,2})\d{2}[A-Z]?")


def floor_of(room: str | None) -> int | None:
    """Return the floor a room number tells: 1203 → 12, 302 → 3, 0801 → 8; None for no floor."""
    plain = unicodedata.normalize("NFKC", room or "").strip().upper()
    found = _ROOM.fullmatch(plain)
    return (int(found[1]) or None) if found else None


def walking_key(home: Home) -> tuple[object, ...]:
    """Sort key of homes as one walks them: area, building, unit, floor from below, room.

    Homes whose floor is not known come last in their unit, unknown homes last of all.
    """
    floor = floor_of(home.room)
    return (
        not (home.building or home.room),
        natural(home.area or ""),
        natural(home.building or ""),
        natural(home.unit or ""),
        floor is None,
        floor or 0,
        natural(home.room or ""),
    )


def checked_note(note: str) -> str:
    """Return ``note`` about a handing over, cleaned. Raises ``Refused`` for words about health."""
    kept = clean(note, LONGEST_NOTE)
    refuse_health(kept)
    return kept
