"""What the settings of wishes that come in mean, with their own figures. Pure."""

from collections.abc import Callable

from lib.kernel.words import N_
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_SIGNS = 5
_READ_PER_MINUTE = 3
_FORM = "/p/wishes"


def _similar(settings: Settings) -> Said:
    agree = -(-settings.similar_percent * _SIGNS // 100)
    return (
        N_("Two wishes of five characters are shown side by side when {count} of them agree."),
        {"count": agree},
    )


def _box(settings: Settings) -> Said:
    if not settings.wish_box:
        return N_("The page tells residents to write in the group instead."), {}
    return (
        N_("Residents find the form at {address}; what they send waits under Wishes."),
        {"address": _FORM},
    )


def _pace(settings: Settings) -> Said:
    return (
        N_("After {count} wishes in a row the next one can be sent {minutes} minutes later."),
        {
            "count": settings.wishes_per_hour,
            "minutes": max(1, -(-60 // settings.wishes_per_hour)),
        },
    )


def _full(settings: Settings) -> Said:
    return (
        N_("Reading a full box takes about {minutes} minutes at three wishes a minute."),
        {"minutes": -(-settings.most_waiting_wishes // _READ_PER_MINUTE)},
    )


WISHES: dict[str, Callable[[Settings], Said | None]] = {
    "similar_percent": _similar,
    "wish_box": _box,
    "wishes_per_hour": _pace,
    "most_waiting_wishes": _full,
}
