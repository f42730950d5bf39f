"""What the settings of the residents' door to after-sales mean, with their own figures. Pure."""

from collections.abc import Callable

from lib.kernel.words import N_
from lib.shop.files.photos import LARGEST_UPLOAD
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_FORM = "/p/help"
_LOOKED_AT_PER_HOUR = 20
_MEGABYTE = 1024 * 1024


def _door(settings: Settings) -> Said:
    if not settings.case_door:
        return N_("The page says to write in the group or to come to the shop."), {}
    return (
        N_("Residents find the form at {address}; what they send is a case at once."),
        {"address": _FORM},
    )


def _pace(settings: Settings) -> Said:
    return (
        N_("After {count} reports in a row the next one can be sent {minutes} minutes later."),
        {"count": settings.cases_per_hour, "minutes": max(1, -(-60 // settings.cases_per_hour))},
    )


def _full(settings: Settings) -> Said:
    return (
        N_("Looking at so many takes about {minutes} minutes at three minutes each."),
        {"minutes": settings.most_waiting_cases * 60 // _LOOKED_AT_PER_HOUR},
    )


def _photos(settings: Settings) -> Said:
    return (
        N_("A whole report has at most {megabytes} MB."),
        {"megabytes": settings.case_photos * (LARGEST_UPLOAD // _MEGABYTE)},
    )


def _link(settings: Settings) -> Said:
    return (
        N_(
            "An address holds while its case is open, and for {days} days after it was made or "
            "the case has ended."
        ),
        {"days": settings.case_link_days},
    )


def _figures(settings: Settings) -> Said:
    if not settings.public_service_figures:
        return N_("Residents see no figures of complaints."), {}
    return (
        N_("Said like: 12 of 13 answered within {minutes} minutes, 11 solved within {hours} h."),
        {"minutes": settings.reply_minutes, "hours": settings.solve_hours},
    )


EFFECTS: dict[str, Callable[[Settings], Said | None]] = {
    "case_door": _door,
    "cases_per_hour": _pace,
    "most_waiting_cases": _full,
    "case_photos": _photos,
    "case_link_days": _link,
    "public_service_figures": _figures,
}
