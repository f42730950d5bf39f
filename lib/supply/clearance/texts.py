"""What the group reads about a clearance (practices R7, E17). Pure; in the shop's language.

Four short lines as in the facts of the field, 4.3. No "原价": a price stands beside another one
only where it was computed from what was really charged (facts, 3.3), and a gift is named with its
quantity and its price today.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.shop.messages.filling import filled
from lib.shop.messages.supply_events import CLEARANCE
from lib.supply.clearance.offers import Kind

Translate = Callable[[str], str]

REASON_TEXTS: dict[str, str] = {
    "stock": N_("Why: we ordered too much"),
    "fresh": N_("Why: fresh goods, best eaten now"),
    "near_date": N_("Why: near its date, perfectly good until then"),
    "season": N_("Why: the end of its season"),
}


@dataclass(frozen=True)
class Offer:
    """A clearance as the group reads it.

    ``price`` is per sale unit, or of a whole pair or bundle; ``price_now`` is what the slow
    product costs today, ``lowest`` the lowest price really charged in the last ``lowest_days``,
    None when nothing was sold in them. ``best_before`` and ``left`` are said when known.
    """

    kind: Kind
    name: str
    unit: Unit
    price: Money
    price_now: Money
    reason: str
    ends_on: date
    left: int | None = None
    best_before: date | None = None
    lowest: Money | None = None
    partner: str = ""
    partner_unit: str = ""
    partner_price: Money | None = None
    lowest_days: int = 7


def group_text(offer: Offer, today: date, translate: Translate) -> str:
    """Return the message for the group."""
    _ = translate
    values: dict[str, object] = {
        "product": offer.name,
        "left": _left(offer, today, _),
        "offer": _offer_line(offer, _),
        "lowest": _lowest(offer, _),
        "reason": _(REASON_TEXTS[offer.reason]),
        "day": _day(offer.ends_on, today, _),
    }
    return filled(_(CLEARANCE.wording), values)


def _lowest(offer: Offer, _: Translate) -> str:
    if offer.kind is not Kind.DISCOUNT or offer.lowest is None or offer.price >= offer.lowest:
        return ""
    said = N_("Lowest price really charged in the last {days} days: {price}/{unit}")
    return _(said).format(days=offer.lowest_days, price=offer.lowest, unit=offer.unit.word)


def _left(offer: Offer, today: date, _: Translate) -> str:
    left = best = ""
    if offer.left:
        left = _(N_("{left} left")).format(left=offer.unit.said(offer.left))
    if offer.best_before is not None and offer.best_before >= today:
        day = _day(offer.best_before, today, _)
        best = _(N_("best before {day}")).format(day=day)
    return _(N_("{left}, {best}")).format(left=left, best=best) if left and best else left or best


def _offer_line(offer: Offer, _: Translate) -> str:
    unit = offer.unit.word
    if offer.kind is Kind.BUY_ONE_GET_ONE:
        text = N_("Buy 1 {unit} for {price}, get 1 {unit} of the same (today's price {now}/{unit})")
        return _(text).format(unit=unit, price=offer.price, now=offer.price_now)
    if offer.kind is Kind.BUNDLE:
        text = N_(
            "1 {unit} with 1 {partner_unit} {partner}: {price} together (by themselves {now} and "
            "{partner_price})"
        )
        return _(text).format(
            unit=unit,
            partner_unit=offer.partner_unit,
            partner=offer.partner,
            price=offer.price,
            now=offer.price_now,
            partner_price=offer.partner_price or Money(0),
        )
    return _(N_("Now {price}/{unit}")).format(price=offer.price, unit=unit)


def _day(day: date, today: date, _: Translate) -> str:
    ahead = (day - today).days
    if ahead == 0:
        return _(N_("tonight"))
    if ahead == 1:
        return _(N_("tomorrow"))
    return _(N_("{month}/{day}")).format(month=day.month, day=day.day)
