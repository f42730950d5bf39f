"""What the settings of welfare items mean, with their own figures (R19). Pure."""

from datetime import date

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.settings import Settings
from lib.shop.settings_effects_group import Said, first_nudge

_MONTH = date(2026, 9, 1), date(2026, 9, 30)
_COST, _ADDED = Money(500), Money(20)
"""The example of the field: bought at 5.00, sold at 4.80."""


def _least(settings: Settings) -> Said:
    if not settings.welfare_least:
        return N_("Nothing reminds you of a welfare item."), {}
    day = first_nudge(*_MONTH, settings.nudge_percent)
    return N_("A month of 30 days without one: said from day {day} on."), {"day": day}


def _most(settings: Settings) -> Said:
    most = settings.welfare_most
    return N_("Welfare item number {count} of a month is beyond plan."), {"count": most + 1}


def _budget(settings: Settings) -> Said:
    jin = settings.welfare_budget.fen // _ADDED.fen
    return (
        N_("With {added} added per jin it is enough for {jin} jin a month."),
        {"added": _ADDED, "jin": jin},
    )


def _below(settings: Settings) -> Said:
    most = _COST.fen * settings.welfare_below_percent // 100
    return (
        N_("What costs {cost} may be sold at {price} without asking; a fen less asks."),
        {"cost": _COST, "price": Money(_COST.fen - most)},
    )


EFFECTS = {
    "welfare_least": _least,
    "welfare_most": _most,
    "welfare_budget": _budget,
    "welfare_below_percent": _below,
}
