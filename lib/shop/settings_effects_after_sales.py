"""What the settings of after-sales mean, with their own figures: clocks, photos (R26-R30). Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

from lib.kernel.words import N_
from lib.shop.settings import Settings, Slot

Said = tuple[str, dict[str, object]]

_MORNING = datetime.fromisoformat("2026-09-21T09:00")  # a Monday
_MARKS = 64


def _reply(settings: Settings) -> Said:
    until = _MORNING + timedelta(minutes=settings.reply_minutes)
    if until.date() != _MORNING.date():
        return (
            N_("Told at 9:00: answered by {time} of the next day."),
            {"time": f"{until:%H:%M}"},
        )
    return N_("Told at 9:00: answered by {time}."), {"time": f"{until:%H:%M}"}


def _reply_warning(settings: Settings) -> Said:
    if settings.reply_warning_minutes >= settings.reply_minutes:
        return N_("Every new case stands in amber from its first minute on."), {}
    quiet = settings.reply_minutes - settings.reply_warning_minutes
    return N_("A new case turns amber {minutes} minutes after it was told."), {"minutes": quiet}


def _solve(settings: Settings) -> Said:
    days, hours = divmod(settings.solve_hours, 24)
    return (
        N_("Told on Monday at 9:00: solved within {days} days and {hours} hours of that."),
        {"days": days, "hours": hours},
    )


def _solve_warning(settings: Settings) -> Said:
    if settings.solve_warning_hours >= settings.solve_hours:
        return N_("Every open case stands in amber from its first hour on."), {}
    quiet = settings.solve_hours - settings.solve_warning_hours
    return N_("An open case turns amber {hours} hours after it was told."), {"hours": quiet}


def _hours_on(settings: Settings) -> Said:
    if not settings.service_hours_on:
        return (
            N_("Told at 23:00: the first reply is late after {minutes} minutes, at night as well."),
            {"minutes": settings.reply_minutes},
        )
    return (
        N_("Only {hours} count, on days that are not closed."),
        {"hours": "、".join(slot.hours for slot in _in_order(settings))},
    )


def _hours(settings: Settings) -> Said:
    first = _in_order(settings)[0]
    seconds = sum(
        (datetime.combine(_MORNING, slot.end) - datetime.combine(_MORNING, slot.start)).seconds
        for slot in settings.service_hours
    )
    return (
        N_("{hours} hours and {minutes} minutes a day; they begin at {time}."),
        {
            "hours": seconds // 3600,
            "minutes": seconds % 3600 // 60,
            "time": f"{first.start:%H:%M}",
        },
    )


def _in_order(settings: Settings) -> list[Slot]:
    return sorted(settings.service_hours, key=lambda slot: slot.start)


def _follow_up(settings: Settings) -> Said:
    if settings.follow_up_days == 0:
        return N_("Asked on the very day of the solution; no answer: again on the next."), {}
    return (
        N_("Solved on the 10th: asked on the {day}th, and again so many days later."),
        {"day": 10 + settings.follow_up_days},
    )


def _purchases(settings: Settings) -> Said:
    return (
        N_("A case begins with what the resident collected in the last {days} days."),
        {"days": settings.after_sales_days},
    )


def _photo_bits(settings: Settings) -> Said:
    if settings.same_photo_bits == 0:
        return N_("Only a picture with all {marks} marks alike is pointed out."), {"marks": _MARKS}
    return (
        N_("A picture with {same} of {marks} marks alike is pointed out as the same."),
        {"same": _MARKS - settings.same_photo_bits, "marks": _MARKS},
    )


EFFECTS: dict[str, Callable[[Settings], Said]] = {
    "reply_minutes": _reply,
    "reply_warning_minutes": _reply_warning,
    "solve_hours": _solve,
    "solve_warning_hours": _solve_warning,
    "service_hours_on": _hours_on,
    "service_hours": _hours,
    "follow_up_days": _follow_up,
    "after_sales_days": _purchases,
    "same_photo_bits": _photo_bits,
}
"""Per setting, what makes its sentence."""
