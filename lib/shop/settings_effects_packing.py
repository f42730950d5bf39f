"""What the settings of packaging material mean, with their own figures (R25). Pure."""

from collections.abc import Callable

from lib.kernel.words import N_
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_USED = 140


def _reorder(name: str) -> Callable[[Settings], Said]:
    def said(settings: Settings) -> Said:
        count = getattr(settings, name)
        return (
            N_("With {count} left it is to be bought; with {more} it is not yet."),
            {"count": count, "more": count + 1},
        )

    return said


def _use(settings: Settings) -> Said:
    a_day = _USED / settings.packaging_use_days
    return (
        N_("{used} used in {days} days are {daily} a day: 100 will do for {left} days."),
        {
            "used": _USED,
            "days": settings.packaging_use_days,
            "daily": f"{a_day:.1f}",
            "left": int(100 / a_day),
        },
    )


EFFECTS: dict[str, Callable[[Settings], Said]] = {
    "freshness_bag_reorder": _reorder("freshness_bag_reorder"),
    "ice_pack_reorder": _reorder("ice_pack_reorder"),
    "bubble_wrap_reorder": _reorder("bubble_wrap_reorder"),
    "packaging_use_days": _use,
}
