"""The only place that asks what time it is.

A decision takes one ``now`` and passes it on. Moments are aware UTC everywhere inside; the shop's
time zone appears only where a person reads or types (mission: Asia/Shanghai unless set).
Ranges of time are half-open: from ``start`` up to but not including ``end``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Anything that can tell the time."""

    def now(self) -> datetime:
        """Return the present moment as aware UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present moment as aware UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that shows ``moment`` until it is set; for tests and the demo shop."""

    moment: datetime

    def now(self) -> datetime:
        """Return the moment this clock was set to."""
        return self.moment

    def forward(self, **amount: float) -> datetime:
        """Move ahead by ``timedelta(**amount)`` and return the new moment."""
        self.moment += timedelta(**amount)
        return self.moment


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    """Return the time zone called ``name``; raises ``ZoneInfoNotFoundError`` for an unknown one."""
    return ZoneInfo(name)


def local(moment: datetime, zone_name: str) -> datetime:
    """Return ``moment`` as the shop's clock on the wall shows it."""
    return moment.astimezone(zone(zone_name))


def local_day(moment: datetime, zone_name: str) -> date:
    """Return the shop's calendar day of ``moment``."""
    return local(moment, zone_name).date()


def at_local(day: date, wall: time, zone_name: str) -> datetime:
    """Return the UTC moment when the shop's clock shows ``wall`` on ``day``."""
    return datetime.combine(day, wall, zone(zone_name)).astimezone(UTC)


def monday_of(day: date) -> date:
    """Return the Monday of the week that ``day`` lies in."""
    return day - timedelta(days=day.weekday())


def day_bounds(day: date, zone_name: str) -> tuple[datetime, datetime]:
    """Return the half-open UTC range of the shop's ``day``."""
    midnight = time(0, 0)
    return at_local(day, midnight, zone_name), at_local(
        day + timedelta(days=1), midnight, zone_name
    )
