"""What became of the wishes of a month: counts, rates, days. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from lib.kernel.clock import local_day
from lib.kernel.money import half_up
from lib.trust.demands.rules import Outcome


@dataclass(frozen=True)
class Fate:
    """What became of one wish: when it was first asked for and first on offer (UTC).

    ``wished`` residents asked, of ``known`` the member file is known, ``bought`` of them bought.
    """

    title: str
    first_asked_at: datetime
    offered_at: datetime | None
    outcome: Outcome
    wished: int = 0
    known: int = 0
    bought: int = 0


@dataclass(frozen=True)
class Month:
    """The wishes first asked for in the month that begins on ``first``.

    What could be met is on offer in time, late, or still open past its hours; what could not was
    answered in time with a reason and a day. Wishes whose hours still run count nowhere yet.
    """

    first: date
    collected: int
    offered: int
    offered_in_time: int
    could_be_met: int
    answered_in_time: int
    judged: int
    median_days: Decimal | None
    wished: int
    known: int
    bought: int

    @property
    def hit_percent(self) -> int | None:
        """Of what could be met, the part on offer in time, whole percent; None without any."""
        return percent(self.offered_in_time, self.could_be_met)

    @property
    def answered_percent(self) -> int | None:
        """Of all whose hours are over or that were answered, the part answered in time."""
        return percent(self.answered_in_time, self.judged)

    @property
    def bought_percent(self) -> int | None:
        """Of those who wished, had it offered and are known, the part who bought."""
        return percent(self.bought, self.known)


_MET = frozenset({Outcome.OFFERED_IN_TIME, Outcome.OFFERED_LATE, Outcome.OPEN_LATE})
_IN_TIME = frozenset({Outcome.OFFERED_IN_TIME, Outcome.ANSWERED_IN_TIME})


def percent(part: int, whole: int) -> int | None:
    """Return ``part`` of ``whole`` in whole percent, rounded down so that 100 is said of all."""
    return part * 100 // whole if whole else None


def months(fates: Iterable[Fate], zone_name: str) -> tuple[Month, ...]:
    """Return the figures per month of the shop's calendar, newest first."""
    by_month: dict[date, list[Fate]] = {}
    for fate in fates:
        first = local_day(fate.first_asked_at, zone_name).replace(day=1)
        by_month.setdefault(first, []).append(fate)
    return tuple(_month(first, by_month[first]) for first in sorted(by_month, reverse=True))


def most_wanted(fates: Iterable[Fate], count: int) -> tuple[tuple[str, int], ...]:
    """Return the titles most residents asked for, with how many; of equal ones the newer first."""
    ordered = sorted(fates, key=lambda fate: (-fate.wished, -fate.first_asked_at.timestamp()))
    return tuple((fate.title, fate.wished) for fate in ordered[:count] if fate.wished)


def days_between(start: datetime, end: datetime) -> Decimal:
    """Return days with one decimal."""
    return _one_decimal(Decimal((end - start) // timedelta(seconds=1)) / 86400)


def _one_decimal(days: Decimal) -> Decimal:
    return Decimal(half_up(days * 10)) / 10


def _month(first: date, fates: Sequence[Fate]) -> Month:
    counted = Counter(fate.outcome for fate in fates)
    offered = [fate for fate in fates if fate.offered_at is not None]
    days = [
        days_between(fate.first_asked_at, fate.offered_at)
        for fate in offered
        if fate.offered_at is not None
    ]
    return Month(
        first=first,
        collected=len(fates),
        offered=len(offered),
        offered_in_time=counted[Outcome.OFFERED_IN_TIME],
        could_be_met=sum(counted[outcome] for outcome in _MET),
        answered_in_time=sum(counted[outcome] for outcome in _IN_TIME),
        judged=len(fates) - counted[Outcome.OPEN],
        median_days=_one_decimal(median(days)) if days else None,
        wished=sum(fate.wished for fate in fates),
        known=sum(fate.known for fate in offered),
        bought=sum(fate.bought for fate in offered),
    )
