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
        "day": day_said(day, today, say),
        "hours": f"{say(slot.name)} {slot.hours}" if slot else say(N_("all day")),
        "count": len(waiting),
        "homes": homes_said([called(bag) for bag in waiting]),
        "place": settings.pickup_point,
    }
    return filled(say(PICKUP.wording), values)


def subject_of(day: date, slot: str | None) -> str:
    """Return what the texts of one slot of a day are filed under in the log of what was sent."""
    return f"pickup:{day:%Y%m%d}-{slot or 'all'}"


def day_said(day: date, today: date, say: Translate) -> str:
    """Return a day as a text calls it: today, or ``9/26``."""
    return say(N_("today")) if day == today else f"{day.month}/{day.day}"


def called(bag: Bag) -> str:
    """Return how an order is called out in public: its home, or its number without one."""
    return str(bag.home) or f"#{bag.number}"


def homes_said(homes: Sequence[str]) -> str:
    """Return homes or numbers in lines that a phone shows whole."""
    starts = range(0, len(homes), HOMES_IN_A_LINE)
    return "\n".join("  ".join(homes[start : start + HOMES_IN_A_LINE]) for start in starts)
