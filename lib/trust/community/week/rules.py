"""Weeks and quotas of the group (R12, R14). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from lib.kernel.clock import monday_of
from lib.kernel.months import months_later
from lib.shop.quotas import Quota, Standing, quota
from lib.shop.settings import Settings


@dataclass(frozen=True)
class Meter:
    """How a month or week stands: ``quota`` counts what was done, ``planned`` is still to come."""

    quota: Quota
    planned: int

    @property
    def standing(self) -> Standing:
        """Like the quota's; what is planned silences the nudge and counts as beyond plan."""
        if self.quota.done + self.planned > self.quota.most:
            return Standing.BEYOND
        if self.quota.standing is Standing.NUDGE and self.planned:
            return Standing.OPEN
        return self.quota.standing

    @property
    def is_nudge(self) -> bool:
        """Whether to say that nothing was done nor planned although time runs out."""
        return self.standing is Standing.NUDGE


def week_of(day: date) -> tuple[date, date]:
    """Return Monday and Sunday of the week ``day`` lies in."""
    monday = monday_of(day)
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """Return first and last day of the month ``day`` lies in."""
    first = day.replace(day=1)
    return first, months_later(first, 1) - timedelta(days=1)


def nearest(day: date, first: date, last: date) -> date:
    """Return ``day`` if it lies between ``first`` and ``last``, else the nearer of the two."""
    return min(max(day, first), last)


def activity_meter(done: int, planned: int, day: date, today: date, settings: Settings) -> Meter:
    """Return how the month of ``day`` stands: ``done`` were held, ``planned`` are to come."""
    first, last = month_of(day)
    least, most = settings.activity_least, settings.activity_most
    counted = quota(done, least, most, first, last, today, settings.nudge_percent)
    return Meter(counted, planned)


def topic_meter(done: int, planned: int, day: date, today: date, settings: Settings) -> Meter:
    """Return how the week of ``day`` stands: ``done`` were asked, ``planned`` are to come."""
    first, last = week_of(day)
    least, most = settings.topic_least, settings.topic_most
    counted = quota(done, least, most, first, last, today, settings.nudge_percent)
    return Meter(counted, planned)
