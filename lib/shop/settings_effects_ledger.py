"""What the setting of the complaints' trend means, with its own figures (R32). Pure."""

from collections.abc import Callable
from decimal import Decimal

from lib.kernel.words import N_
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_EXAMPLE_RATE = 20


def _trend(settings: Settings) -> Said:
    percent = settings.complaint_trend_percent
    if not percent:
        return N_("Any change against the month before counts as better or worse."), {}
    return (
        N_("{rate} complaints per 100 sold before: better from {less} down, worse from {more} up."),
        {
            "rate": _EXAMPLE_RATE,
            "less": f"{Decimal(_EXAMPLE_RATE * (100 - percent)) / 100:.1f}",
            "more": f"{Decimal(_EXAMPLE_RATE * (100 + percent)) / 100:.1f}",
        },
    )


EFFECTS: dict[str, Callable[[Settings], Said | None]] = {"complaint_trend_percent": _trend}
