"""Texts for the group about collecting, always in the shop's language (R22; facts 4.3)."""

from collections.abc import Sequence
from datetime import date

from lib.kernel.words import N_
from lib.service.picking.queries import Bag
from lib.shop.language import Translate
from lib.shop.messages.filling import filled
from lib.shop.messages.trade_events import PICKUP
from lib.shop.settings import Settings, Slot

HOMES_IN_A_LINE = 6


def pickup_reminder(
    settings: Settings,
    slot: Slot | None,
    day: date,
    today: date,
    waiting: Sequence[Bag],
    say: Translate,
) -> str:
    """Return the reminder for those still to come: homes or order numbers, no names, no phones.

    Empty when nobody is waiting.
    """
    if not waiting:
        return ""
    values: dict[str, object] = {
        "day": say(N_("today")) if day == today else f"{day.month}/{day.day}",
        "hours": f"{say(slot.name)} {slot.hours}" if slot else say(N_("all day")),
        "count": len(waiting),
        "homes": "\n".join(_rows([called(bag) for bag in waiting])),
        "place": settings.pickup_point,
    }
    return filled(say(PICKUP.wording), values)


def called(bag: Bag) -> str:
    """Return how an order is called out in public: its home, or its number without one."""
    return str(bag.home) or f"#{bag.number}"


def _rows(homes: Sequence[str]) -> list[str]:
    starts = range(0, len(homes), HOMES_IN_A_LINE)
    return ["  ".join(homes[start : start + HOMES_IN_A_LINE]) for start in starts]
