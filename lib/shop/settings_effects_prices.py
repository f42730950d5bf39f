"""What the settings of compared prices mean in one sentence with their own figures. Pure."""

from collections.abc import Callable

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_LOW, _HIGH, _NOW = Money(580), Money(680), Money(480)


def _compared(settings: Settings) -> Said:
    return (
        N_(
            "Charged {low} and {high} in the {days} days before: beside {now} at most {low} may "
            "stand; more only with a written basis."
        ),
        {"low": _LOW, "high": _HIGH, "now": _NOW, "days": settings.compared_price_days},
    )


PRICES: dict[str, Callable[[Settings], Said | None]] = {"compared_price_days": _compared}
