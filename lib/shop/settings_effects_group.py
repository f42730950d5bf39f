"""What the settings of the group calendar mean, with their own figures (R12-R14). Pure."""

from collections.abc import Callable
from datetime import date, timedelta

from lib.kernel.words import N_
from lib.shop.quotas import Standing, quota
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_MONTH = date(2026, 9, 1), date(2026, 9, 30)
_WEEK = date(2026, 9, 21), date(2026, 9, 27)


def first_nudge(first: date, last: date, nudge_percent: int) -> int:
    """Return the number of the first day of a period on which nothing done is a nudge."""
    length = (last - first).days + 1
    days = (first + timedelta(days=number) for number in range(length))
    nudged = (
        (day - first).days + 1
        for day in days
        if quota(0, 1, 1, first, last, day, nudge_percent).standing is Standing.NUDGE
    )
    return next(nudged, length)


def _activities(settings: Settings) -> Said:
    most = settings.activity_most
    return N_("Activity number {count} of a month is beyond plan."), {"count": most + 1}


def _topics(settings: Settings) -> Said:
    most = settings.topic_most
    return N_("Topic number {count} of a week is beyond plan."), {"count": most + 1}


def _no_activity(settings: Settings) -> Said:
    if not settings.activity_least:
        return N_("Nothing reminds you of an activity."), {}
    day = first_nudge(*_MONTH, settings.nudge_percent)
    return N_("A month of 30 days without one: said from day {day} on."), {"day": day}


def _no_topic(settings: Settings) -> Said:
    if not settings.topic_least:
        return N_("Nothing reminds you of a topic."), {}
    day = first_nudge(*_WEEK, settings.nudge_percent)
    return N_("A week without one: said from day {day} on, Monday is day 1."), {"day": day}


def _nudge(settings: Settings) -> Said:
    return (
        N_("In a month of 30 days from day {month} on, in a week from day {week} on."),
        {
            "month": first_nudge(*_MONTH, settings.nudge_percent),
            "week": first_nudge(*_WEEK, settings.nudge_percent),
        },
    )


def _orders(settings: Settings) -> Said:
    days = settings.activity_order_days
    return N_("{days} days after it are shown beside {days} days before it."), {"days": days}


def _repeat(settings: Settings) -> Said:
    sent = date(2026, 9, 1)
    again = sent + timedelta(days=settings.tip_repeat_days)
    return (
        N_("Sent on {day}, the same tip may come again on {again}."),
        {"day": sent.isoformat(), "again": again.isoformat()},
    )


EFFECTS: dict[str, Callable[[Settings], Said]] = {
    "activity_least": _no_activity,
    "activity_most": _activities,
    "activity_order_days": _orders,
    "topic_least": _no_topic,
    "topic_most": _topics,
    "tip_repeat_days": _repeat,
    "nudge_percent": _nudge,
}
