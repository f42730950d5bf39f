"""Which slot somebody usually comes in, read from the last orders (R21). Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lib.kernel.clock import local
from lib.shop.settings import Settings

LAST_ORDERS = 8
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Habit:
    """Of the last ``of`` orders of a resident ``count`` were collected in ``slot``."""

    slot: str
    count: int
    of: int


def habit(slots: Sequence[str | None]) -> Habit | None:
    """Return the slot most of the last orders were collected in, newest first; None for no habit.

    ``slots`` has None for an order of which the slot is not known: it counts among all. A habit
    are three orders at least, and more than half of all.
    """
    last = slots[:LAST_ORDERS]
    counts = Counter(slot for slot in last if slot is not None)
    if not counts:
        return None
    slot, count = counts.most_common(1)[0]
    return Habit(slot, count, len(last)) if count >= ENOUGH and count * 2 > len(last) else None


def slot_of(said: str | None, came_at: datetime | None, settings: Settings) -> str | None:
    """Return the slot an order was collected in: when goods were handed over, else as was said.

    ``said`` is None where nobody said one. A slot that no longer exists is none.
    """
    if came_at is not None:
        wall = local(came_at, settings.time_zone).time()
        came = next((slot.key for slot in settings.slots if slot.contains(wall)), None)
        if came is not None:
            return came
    return said if settings.slot(said) else None
