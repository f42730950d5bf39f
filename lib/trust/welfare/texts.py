"""What is posted in the group about a welfare item (E17, R19). Pure; in the shop's language.

The shape is that of the field (4.3): goods, price and deadline first, then what it costs the shop
and why, how much there is, and where to look it up. No original price is ever named, and "at cost"
only when a published sheet shows just this cost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lib.kernel.clock import local_day
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.settings import Settings
from lib.trade.rounds.announcement import said_day, said_moment, short
from lib.trust.welfare.rules import Reason, added

Translate = Callable[[str], str]

WHY: dict[Reason, str] = {
    Reason.AT_COST: "",
    Reason.THANKS: N_("We earn nothing on it: a thank-you to our neighbours"),
    Reason.FRESH: N_("It is fresh and best eaten soon"),
    Reason.SEASONAL: N_("Its season is ending"),
    Reason.OVERSTOCK: N_("We have more of it than we need"),
}
"""What the group is told about why the price is below cost."""


@dataclass(frozen=True)
class Offer:
    """A welfare item as the group reads it.

    ``purchase`` is the bare purchase price, ``cost`` all that a unit costs the shop. ``sheet`` is
    the published sheet that shows this cost, None when none does; then nothing says "at cost".
    """

    product: str
    unit: Unit
    price: Money
    purchase: Money
    cost: Money
    reason: Reason
    household_limit: int
    available: int
    cut_off_at: datetime
    pickup_day: date
    sheet: int | None


def values(
    offer: Offer, settings: Settings, now: datetime, address: str, translate: Translate
) -> dict[str, object]:
    """Return the values of the event ``welfare``; ``address`` is that of the price page."""
    today = local_day(now, settings.time_zone)
    unit, say = offer.unit, translate
    return {
        "product": offer.product,
        "price": short(offer.price),
        "unit": unit.word,
        "cut_off": said_moment(offer.cut_off_at, now, settings.time_zone, say),
        "day": said_day(offer.pickup_day, today, say),
        "basis": basis(offer, say),
        "reason": say(WHY[offer.reason]) if WHY[offer.reason] else "",
        "limits": say(N_("{available} in all, {limit} per household")).format(
            available=unit.said(offer.available), limit=unit.said(offer.household_limit)
        ),
        "address": address,
        "wanted": f"{offer.product}{unit.said(unit.amount(1))}",
    }


def basis(offer: Offer, translate: Translate) -> str:
    """Return what a unit costs the shop and what it adds, in one line."""
    say, gift = translate, added(offer.price, offer.cost)
    figures = {
        "purchase": short(offer.purchase),
        "cost": short(offer.cost),
        "added": short(gift),
        "unit": offer.unit.word,
        "sheet": offer.sheet,
    }
    bare = offer.purchase == offer.cost
    if gift:
        sentence = _BELOW_BARE if bare else _BELOW
    elif offer.sheet is not None:
        sentence = _AT_COST_BARE if bare else _AT_COST
    else:
        sentence = _PLAIN_BARE if bare else _PLAIN
    return say(sentence).format(**figures)


_BELOW = N_(
    "Bought at {purchase}, with loss, packing and delivery it costs us {cost}; we add {added} per "
    "{unit}"
)
_BELOW_BARE = N_("Bought at {purchase}; we add {added} per {unit}")
_AT_COST = N_(
    "At cost: bought at {purchase}, with loss, packing and delivery {cost} (price sheet {sheet})"
)
_AT_COST_BARE = N_("At cost: bought at {purchase} (price sheet {sheet})")
_PLAIN = N_("Bought at {purchase}, with loss, packing and delivery {cost}")
_PLAIN_BARE = N_("Bought at {purchase}")
