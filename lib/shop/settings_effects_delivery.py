"""What the settings of door delivery mean, with their own figures (R23). Pure."""

from collections.abc import Callable
from datetime import date, timedelta

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.shop.settings import Settings
from lib.shop.settings.homes import read_homes

Said = tuple[str, dict[str, object]]

_AGREED = date(2026, 3, 2)


def _homes(settings: Settings) -> Said:
    try:
        lines = read_homes(settings.delivery_homes)
    except Refused:
        lines = ()
    if not lines:
        return N_("Goods are brought to every home whose building is known."), {}
    return (
        N_("Goods are brought to {buildings} buildings, and to {areas} areas as a whole."),
        {
            "buildings": sum(len(line.buildings) for line in lines),
            "areas": sum(not line.buildings for line in lines),
        },
    )


def _days(settings: Settings) -> Said:
    last = _AGREED + timedelta(days=settings.delivery_need_days - 1)
    return (
        N_("Agreed on {day}: proposed until {until}, then the resident is asked again."),
        {"day": _AGREED.isoformat(), "until": last.isoformat()},
    )


def _warning(settings: Settings) -> Said:
    last = _AGREED + timedelta(days=settings.delivery_need_days - 1)
    first = last - timedelta(days=settings.delivery_need_warning_days)
    return (
        N_("A need that ends on {until} is pointed out from {day} on."),
        {"until": last.isoformat(), "day": first.isoformat()},
    )


EFFECTS: dict[str, Callable[[Settings], Said]] = {
    "delivery_homes": _homes,
    "delivery_need_days": _days,
    "delivery_need_warning_days": _warning,
}
"""Per setting, what makes its sentence."""
