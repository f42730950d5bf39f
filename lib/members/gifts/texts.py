"""Texts of gifts in the shop's language: wishes, greetings, what a supplier is asked (R34). Pure.

The greeting of a festival names nobody; a birthday is spoken of in the private chat alone.
"""

from collections.abc import Sequence
from datetime import date

from lib.kernel.festivals import FESTIVAL_NAMES, FestivalDay
from lib.kernel.quantity import Unit
from lib.kernel.words import N_
from lib.members.gifts.rules import Present
from lib.shop.language import Translate
from lib.shop.settings import Settings
from lib.trade.rounds.announcement import said_day

WAITS = N_("A small gift waits for you with us: {gift}")
FOR_ALL = N_("Who collects an order with us gets one for the household: {gift}")


def wish_values(
    settings: Settings, name: str, present: Present | None, say: Translate
) -> dict[str, object]:
    """Return the values of good wishes for a birthday."""
    return {
        "name": name,
        "gift": _said(WAITS, present, say),
        "shop_name": _shop(settings, say),
    }


def greeting_values(
    settings: Settings, on: FestivalDay, today: date, present: Present | None, say: Translate
) -> dict[str, object]:
    """Return the values of the greeting for a festival; it names no resident."""
    return {
        "festival": say(FESTIVAL_NAMES[on.festival]),
        "day": said_day(on.day, today, say),
        "gift": _said(FOR_ALL, present, say),
        "shop_name": _shop(settings, say),
    }


def goods_values(
    settings: Settings,
    supplier: str,
    by: date,
    today: date,
    goods: Sequence[tuple[str, Unit, int]],
    say: Translate,
) -> dict[str, object]:
    """Return the values of the text that asks a supplier for goods: name, unit, quantity."""
    return {
        "supplier": supplier,
        "day": said_day(by, today, say),
        "goods": "\n".join(f"· {name} {unit.said(quantity)}" for name, unit, quantity in goods),
        "shop_name": _shop(settings, say),
    }


def _said(sentence: str, present: Present | None, say: Translate) -> str:
    if present is None or present.is_wishes:
        return ""
    return say(sentence).format(gift=present.said)


def _shop(settings: Settings, say: Translate) -> str:
    return settings.shop_name or say(N_("Linli"))
