"""What the settings of the pledge and of owed goods mean, in figures (R10, R29). Pure."""

from collections.abc import Callable

from lib.kernel.words import N_
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]


def _fresh_part(settings: Settings) -> Said:
    if settings.fresh_part == "share_and_one_more":
        return N_("3 of 30 eggs are rotten: a tenth of the price back, and a box more."), {}
    return N_("3 of 30 eggs are rotten: a tenth of the price back, or a box more."), {}


def _owed_days(settings: Settings) -> Said:
    return (
        N_(
            "Promised today at 10:00: given within {days} days, by 10:00 of the last at the latest."
        ),
        {"days": settings.owed_days},
    )


def _owed_warning(settings: Settings) -> Said:
    if settings.owed_warning_days >= settings.owed_days:
        return N_("Owed goods stand in amber from the first moment on."), {}
    quiet = settings.owed_days - settings.owed_warning_days
    return N_("Owed goods turn amber {days} days after they were promised."), {"days": quiet}


EFFECTS: dict[str, Callable[[Settings], Said]] = {
    "fresh_part": _fresh_part,
    "owed_days": _owed_days,
    "owed_warning_days": _owed_warning,
}
"""Per setting, what makes its sentence."""
