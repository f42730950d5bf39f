"""Decisions about tips (R13): which fits the day, which may come again, tips to offers. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from lib.kernel.errors import Refused
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.shop.messages.events import EVENTS, Purpose

LONGEST_TIP = 500


class Kind(StrEnum):
    """What a tip is about."""

    CHOOSING = "choosing"
    STORING = "storing"
    COOKING = "cooking"
    CLEANING = "cleaning"
    SEASON = "season"


KIND_NAMES: dict[Kind, str] = {
    Kind.CHOOSING: N_("Choosing"),
    Kind.STORING: N_("Storing"),
    Kind.COOKING: N_("Cooking"),
    Kind.CLEANING: N_("Cleaning"),
    Kind.SEASON: N_("Season"),
}


@dataclass(frozen=True)
class Supplied:
    """A tip that comes with the program; ``text`` is a msgid, months 0 for all the year."""

    key: str
    kind: Kind
    text: str
    from_month: int = 0
    to_month: int = 0


@dataclass(frozen=True)
class Details:
    """A tip as it is typed; months None for all the year, else both, over the new year or not."""

    kind: Kind
    text: str
    from_month: int | None = None
    to_month: int | None = None

    def checked(self) -> "Details":
        """Return the tip cleaned; raises ``Refused`` without a text and for half a season."""
        text = clean(self.text, LONGEST_TIP, lines=True)
        if not text:
            raise Refused(N_("Write the tip."))
        if (self.from_month is None) != (self.to_month is None):
            raise Refused(N_("Give both months, or neither."))
        return replace(self, kind=Kind(self.kind), text=text)


@dataclass(frozen=True)
class Tip:
    """A tip of the bank; ``last`` is the day it was last sent, ``sent`` how often it was."""

    id: int
    kind: Kind
    text: str
    supplied: str | None = None
    from_month: int | None = None
    to_month: int | None = None
    last: date | None = None
    sent: int = 0
    archived: bool = False
    version: int = 1

    def fits(self, day: date) -> bool:
        """Whether its months hold ``day``; October to February reaches over the new year."""
        if self.from_month is None or self.to_month is None:
            return True
        first, last = self.from_month, self.to_month
        if first <= last:
            return first <= day.month <= last
        return day.month >= first or day.month <= last

    def free_from(self, repeat_days: int) -> date | None:
        """Return the first day on which it may be sent again; None when it was never sent."""
        return None if self.last is None else self.last + timedelta(days=repeat_days)

    def may_be_sent(self, day: date, repeat_days: int) -> bool:
        """Whether it was not sent within the ``repeat_days`` before ``day``."""
        free = self.free_from(repeat_days)
        return free is None or day >= free


def proposed(
    tips: Iterable[Tip],
    day: date,
    repeat_days: int,
    *,
    skipped: Collection[int] = (),
    last_kind: Kind | None = None,
) -> Tip | None:
    """Return the tip to send on ``day``, always the same for the same bank; None when none fits.

    It fits the month and was not sent within ``repeat_days``; the one whose last time is longest
    ago comes first, never sent before all others. Among equals another kind than ``last_kind``,
    then one that fits only part of the year, then the older one. ``skipped`` ids are left out.
    """
    fitting = [
        tip
        for tip in tips
        if not tip.archived
        and tip.id not in skipped
        and tip.fits(day)
        and tip.may_be_sent(day, repeat_days)
    ]
    return min(
        fitting,
        key=lambda tip: (
            tip.last or date.min,
            tip.kind == last_kind,
            tip.from_month is None,
            tip.id,
        ),
        default=None,
    )


def plan_ahead(
    tips: Sequence[Tip], days: Sequence[date], repeat_days: int, last_kind: Kind | None = None
) -> dict[date, Tip]:
    """Return the tip that would be proposed on each of ``days``, each sent on its day."""
    bank, plan = {tip.id: tip for tip in tips}, {}
    for day in sorted(days):
        tip = proposed(bank.values(), day, repeat_days, last_kind=last_kind)
        if tip is not None:
            plan[day], last_kind = tip, tip.kind
            bank[tip.id] = replace(tip, last=day)
    return plan


OLD_PURPOSES: dict[str, Purpose] = {
    "clearance": Purpose.ADVERT,
    "origin": Purpose.SERVICE,
    "recall": Purpose.SERVICE,
}
"""What texts were for whose topic has no event of its own."""


def purpose_of(topic: str) -> Purpose:
    """Return what a text of ``topic`` is for; one that nobody knows is a service, no offer."""
    event = EVENTS.get(topic)
    return event.purpose if event else OLD_PURPOSES.get(topic, Purpose.SERVICE)


@dataclass(frozen=True)
class Ratio:
    """What was sent in the last ``days`` days, by what it was for (R13)."""

    days: int
    tips: int = 0
    offers: int = 0
    others: int = 0

    @property
    def is_noisy(self) -> bool:
        """Whether the group read more offers than tips."""
        return self.offers > self.tips


def ratio(days: int, counts: Mapping[str, int]) -> Ratio:
    """Return tips against offers; ``counts`` are posts per topic of the log."""
    sums = dict.fromkeys(Purpose, 0)
    for topic, count in counts.items():
        sums[purpose_of(topic)] += count
    others = sums[Purpose.SERVICE] + sums[Purpose.TALK]
    return Ratio(days, sums[Purpose.TIP], sums[Purpose.ADVERT], others)
