"""What the settings behind cost sheets mean, in one sentence with their own figures (R20). Pure."""

from datetime import date, timedelta

from lib.kernel.money import Money, ratio
from lib.kernel.words import N_
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_EXAMPLE_DAY = date(2026, 8, 31)
_NOTHING_YET = N_("Until you say what it costs, price sheets show nothing for it.")


def _delivery_cost(settings: Settings) -> Said:
    """Return what of bringing an order stands in the cost sheet."""
    cost, fee = settings.delivery_cost, settings.delivery_fee
    if not cost:
        return (
            N_("Until you say what it costs, price sheets show no delivery but what you type."),
            {},
        )
    return (
        N_("Bringing an order costs {cost}: with a fee of {fee}, {rest} of it stand in the price"
           " sheet."),
        {"cost": cost, "fee": fee, "rest": max(Money(0), cost - fee)},
    )  # fmt: skip


def _cost_days(settings: Settings) -> Said:
    """Return the days read on an example day."""
    first = _EXAMPLE_DAY - timedelta(days=settings.cost_days - 1)
    return (
        N_("Read on {day}: the days from {first} to {day}."),
        {"day": _EXAMPLE_DAY.isoformat(), "first": first.isoformat()},
    )


def _freshness_bag(settings: Settings) -> Said:
    """Return what two fresh goods of one bag carry."""
    if not settings.freshness_bag:
        return N_("Not charged: freshness bags are off."), {}
    if not settings.freshness_bag_cost:
        return _NOTHING_YET, {}
    each = _half(settings.freshness_bag_cost)
    return N_("Two fresh goods in one bag carry {each} each."), {"each": each}


def _ice_pack(settings: Settings) -> Said:
    """Return what two fresh goods of one bag carry in the warm months."""
    if not settings.ice_pack:
        return N_("Not charged: ice packs are off."), {}
    if not settings.ice_pack_cost:
        return _NOTHING_YET, {}
    months = (settings.ice_pack_to_month - settings.ice_pack_from_month) % 12 + 1
    return (
        N_("Two fresh goods in one bag carry {each} each, in {months} months of the year."),
        {"each": _half(settings.ice_pack_cost), "months": months},
    )


def _bubble_wrap(settings: Settings) -> Said:
    """Return what two fragile goods of one bag carry."""
    if not settings.bubble_wrap:
        return N_("Not charged: bubble wrap is off."), {}
    if not settings.bubble_wrap_cost:
        return _NOTHING_YET, {}
    each = _half(settings.bubble_wrap_cost)
    return N_("Two fragile goods in one bag carry {each} each."), {"each": each}


def _half(cost: Money) -> Money:
    return Money(ratio(cost.fen, 2))


EFFECTS = {
    "delivery_cost": _delivery_cost,
    "cost_days": _cost_days,
    "freshness_bag_cost": _freshness_bag,
    "ice_pack_cost": _ice_pack,
    "bubble_wrap_cost": _bubble_wrap,
}
