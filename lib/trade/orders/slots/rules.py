"""Decisions about pickup slots (R21): how full one is, and whether a usual one can be used. Pure.

Settings and the moment are arguments; counts are orders.
"""

from datetime import date, datetime
from enum import StrEnum

from lib.kernel.clock import at_local
from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.settings import Settings

NEARLY_TENTHS = 8
"""From eight tenths of what it can take on a slot is nearly full."""


class Fullness(StrEnum):
    """How full a slot is."""

    NO_LIMIT = "no_limit"
    FREE = "free"
    NEARLY = "nearly"
    FULL = "full"


FULLNESS_NAMES = {
    Fullness.NO_LIMIT: N_("no limit"),
    Fullness.FREE: N_("room left"),
    Fullness.NEARLY: N_("nearly full"),
    Fullness.FULL: N_("full"),
}


class SlotFull(Refused):
    """One more order would go beyond what a slot can take; a person may let it in all the same."""


def fullness(orders: int, capacity: int) -> Fullness:
    """Return how full a slot with ``orders`` is; a ``capacity`` of 0 sets no limit."""
    if not capacity:
        return Fullness.NO_LIMIT
    if orders >= capacity:
        return Fullness.FULL
    return Fullness.NEARLY if orders * 10 >= capacity * NEARLY_TENTHS else Fullness.FREE


def usable(slot: str | None, day: date, settings: Settings, now: datetime) -> bool:
    """Whether goods can still be collected in ``slot`` of ``day``: it exists and is not over."""
    found = settings.slot(slot)
    return found is not None and now < at_local(day, found.end, settings.time_zone)
