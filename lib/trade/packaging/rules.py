"""Which material a bag of goods needs, and what one piece of it costs (R25). Pure.

The pack slip ticks it off and the books charge it: both ask here.
"""

from datetime import date
from enum import StrEnum

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.settings import Settings


class Packaging(StrEnum):
    """Material that protects goods in the bag (R25)."""

    FRESHNESS_BAG = "freshness_bag"
    ICE_PACK = "ice_pack"
    BUBBLE_WRAP = "bubble_wrap"


PACKAGING_NAMES = {
    Packaging.FRESHNESS_BAG: N_("Freshness bag"),
    Packaging.ICE_PACK: N_("Ice pack"),
    Packaging.BUBBLE_WRAP: N_("Bubble wrap"),
}

FOR_FRAGILE = frozenset({Packaging.BUBBLE_WRAP})
"""What fragile goods get; everything else is for fresh ones."""


def material_on(settings: Settings, day: date) -> tuple[Packaging, ...]:
    """Return the material in use on ``day``, one piece per bag with goods that need it.

    Fresh goods get a freshness bag, and an ice pack in the warm months; fragile goods bubble wrap.
    Each as far as its setting is on.
    """
    warm = is_warm(day.month, settings.ice_pack_from_month, settings.ice_pack_to_month)
    in_use = {
        Packaging.FRESHNESS_BAG: settings.freshness_bag,
        Packaging.ICE_PACK: settings.ice_pack and warm,
        Packaging.BUBBLE_WRAP: settings.bubble_wrap,
    }
    return tuple(material for material, used in in_use.items() if used)


def cost_of(material: Packaging, settings: Settings) -> Money:
    """Return what one piece of ``material`` costs the shop."""
    return {
        Packaging.FRESHNESS_BAG: settings.freshness_bag_cost,
        Packaging.ICE_PACK: settings.ice_pack_cost,
        Packaging.BUBBLE_WRAP: settings.bubble_wrap_cost,
    }[material]


def is_warm(month: int, first: int, last: int) -> bool:
    """Whether ``month`` lies in the season from ``first`` to ``last``, over the new year or not."""
    return first <= month <= last if first <= last else month >= first or month <= last
