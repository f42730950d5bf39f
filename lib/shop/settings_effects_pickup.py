"""What the settings of slots and reminders mean, with their own figures (R21, R22). Pure."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from lib.kernel.words import N_
from lib.shop.settings import Settings, Slot

Said = tuple[str, dict[str, object]]

_EXAMPLE_DAY = date(2026, 9, 25)


def _last(settings: Settings) -> Slot:
    return max(settings.slots, key=lambda slot: slot.end)


def _capacity(settings: Settings) -> Said:
    capacity, count = settings.slot_capacity, len(settings.slots)
    if not capacity:
        return N_("A slot takes as many orders as come; nothing is asked."), {}
    return (
        N_("{count} slots take {all} orders a day; order {next} of a slot is asked about."),
        {"count": count, "all": capacity * count, "next": capacity + 1},
    )


def _reminder(settings: Settings) -> Said:
    slot = _last(settings)
    return (
        N_("For a slot that begins at {start} the list is ready at {at}."),
        {
            "start": f"{slot.start:%H:%M}",
            "at": _shifted(slot.start.isoformat(), -settings.reminder_minutes),
        },
    )


def _robot(settings: Settings) -> Said:
    slot = _last(settings)
    at = _shifted(slot.start.isoformat(), -settings.reminder_minutes)
    if settings.reminder_by_robot:
        return N_("At {at} the robots tell the group; without a robot you send it."), {"at": at}
    return N_("At {at} the text is ready, and you send it."), {"at": at}


def _second(settings: Settings) -> Said:
    slot = _last(settings)
    return (
        N_("What was not collected at {hours} is listed at {at}."),
        {
            "hours": slot.hours,
            "at": _shifted(slot.end.isoformat(), settings.second_notice_minutes),
        },
    )


def _kept(name: str, sentence: str) -> Callable[[Settings], Said]:
    def said(settings: Settings) -> Said:
        until = _EXAMPLE_DAY + timedelta(days=getattr(settings, name))
        return sentence, {"day": _EXAMPLE_DAY.isoformat(), "until": until.isoformat()}

    return said


def _shifted(wall: str, minutes: int) -> str:
    """Return a time on the wall so many minutes later, ``HH:MM`` of whatever day."""
    return f"{datetime.fromisoformat(f'2026-09-25T{wall}') + timedelta(minutes=minutes):%H:%M}"


EFFECTS: dict[str, Callable[[Settings], Said | None]] = {
    "slot_capacity": _capacity,
    "reminder_minutes": _reminder,
    "reminder_by_robot": _robot,
    "second_notice_minutes": _second,
    "keep_fresh_days": _kept(
        "keep_fresh_days",
        N_("Fresh goods of {day} are kept until {until}; a closed day at the end is left out."),
    ),
    "keep_other_days": _kept(
        "keep_other_days",
        N_("Other goods of {day} are kept until {until}, over a closed day to the next open one."),
    ),
}
