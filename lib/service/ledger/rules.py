"""Decisions of the ledger: what is asked for, and how a promise was kept. Pure (R31)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.kernel.words import N_
from lib.service.after_sales.clocks import Clock
from lib.service.after_sales.rules import OPEN, Cause, Defect, Status

NO_TIME = timedelta(0)
LONGEST_DAYS = 800
"""Days that one look at the ledger may span: two years and a month beside."""


class Standing(StrEnum):
    """Where cases stand, as the ledger is asked for them."""

    OPEN = "open"
    SOLVED = "solved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


STANDING_NAMES: dict[Standing, str] = {
    Standing.OPEN: N_("still open"),
    Standing.SOLVED: N_("solved, not yet asked"),
    Standing.CLOSED: N_("closed, resident content or silent"),
    Standing.WITHDRAWN: N_("withdrawn cases"),
}
STATUSES: dict[Standing, frozenset[Status]] = {
    Standing.OPEN: OPEN,
    Standing.SOLVED: frozenset({Status.SOLVED}),
    Standing.CLOSED: frozenset({Status.CLOSED}),
    Standing.WITHDRAWN: frozenset({Status.WITHDRAWN}),
}


@dataclass(frozen=True)
class Wanted:
    """What the ledger is asked for: cases told from ``first`` to ``last`` (shop's days).

    None asks for all. ``cause`` empty text: none found yet. ``supplier_id`` 0: none known.
    ``late_only``: a promise ran out. ``text`` is looked for in number, resident, goods and words.
    ``case_ids``: these alone.
    """

    first: date
    last: date
    product_id: int | None = None
    supplier_id: int | None = None
    cause: Cause | str | None = None
    defect: Defect | None = None
    standing: Standing | None = None
    late_only: bool = False
    text: str = ""
    case_ids: frozenset[int] | None = None


def checked(wanted: Wanted) -> Wanted:
    """Return ``wanted`` when its days can be read; raises ``Refused``."""
    if wanted.last < wanted.first:
        raise Refused(N_("The first day lies after the last. Check the two days."))
    if (wanted.last - wanted.first).days > LONGEST_DAYS:
        raise Refused(N_("That is more than two years. Choose fewer days."))
    return wanted


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month of ``day``."""
    first = day.replace(day=1)
    return first, months_later(first, 1) - timedelta(days=1)


def month_before(day: date) -> date:
    """Return the first day of the month before that of ``day``."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


class Kept(StrEnum):
    """How a promise was kept."""

    IN_TIME = "in_time"
    LATE = "late"
    RUNNING = "running"
    NOT_ASKED = "not_asked"


KEPT_NAMES: dict[Kept, str] = {
    Kept.IN_TIME: N_("kept in time"),
    Kept.LATE: N_("not in time"),
    Kept.RUNNING: N_("its time still runs"),
    Kept.NOT_ASKED: N_("no longer asked"),
}


@dataclass(frozen=True)
class Promise:
    """How a promise was kept, and by how much it was late at worst."""

    kept: Kept
    late: timedelta = NO_TIME


def promise_of(clocks: Sequence[Clock], broken: Iterable[datetime], now: datetime) -> Promise:
    """Return how the promise of one complaint was kept; ``clocks`` are those of its turns.

    ``broken`` are the moments at which it ran out by the books: they make it late whatever the
    clocks say. Late is how late it was met, at worst; never how old it is.
    """
    known = tuple(broken)
    ends = [clock.met_at or clock.stopped_at or now for clock in clocks]
    lates = [max(-clock.left(now), NO_TIME) for clock in clocks]
    lates += [min((end - at for end in ends if end >= at), default=NO_TIME) for at in known]
    if known or any(lates):
        return Promise(Kept.LATE, max(lates, default=NO_TIME))
    if all(clock.met_at is not None for clock in clocks):
        return Promise(Kept.IN_TIME)
    stopped = any(clock.stopped_at is not None for clock in clocks if clock.met_at is None)
    return Promise(Kept.NOT_ASKED if stopped else Kept.RUNNING)


@dataclass(frozen=True)
class Sums:
    """What the asked cases add up to. ``goods_cost`` None: not for this person to see.

    ``unpriced`` counts goods given of which no purchase price is known. ``late`` are cases of
    which a promise ran out, ``withdrawn`` those that were none.
    """

    count: int = 0
    withdrawn: int = 0
    late: int = 0
    reopened: int = 0
    refunds: Money = field(default_factory=Money)
    freight: Money = field(default_factory=Money)
    goods_cost: Money | None = None
    unpriced: int = 0
