"""What the settings of wishes mean, with their own figures (R15-R18). Pure."""

from collections.abc import Callable

from lib.kernel.words import N_
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_DAY = 24


def _hours(settings: Settings) -> Said:
    days, hours = divmod(settings.demand_hours, _DAY)
    return (
        N_(
            "Asked for on Monday at 9:00: on offer or answered within {days} days and {hours} "
            "hours of that."
        ),
        {"days": days, "hours": hours},
    )


def _warning(settings: Settings) -> Said:
    if settings.demand_warning_hours >= settings.demand_hours:
        return N_("Every wish stands in amber from its first hour on."), {}
    quiet = settings.demand_hours - settings.demand_warning_hours
    return N_("A wish turns amber {hours} hours after the first who asked."), {"hours": quiet}


def _bought(settings: Settings) -> Said:
    return (
        N_("An answered wish leaves the board after {days} days, when counting ends."),
        {"days": settings.demand_bought_days},
    )


EFFECTS: dict[str, Callable[[Settings], Said]] = {
    "demand_hours": _hours,
    "demand_warning_hours": _warning,
    "demand_bought_days": _bought,
}
"""Per setting, what makes its sentence."""
