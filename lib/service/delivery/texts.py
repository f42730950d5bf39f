"""What a resident is told about door delivery, always in the shop's language (R23, R24). Pure."""

from datetime import date

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.language import Translate
from lib.shop.settings import Settings
from lib.trade.rounds.announcement import said_day, short


def consent_values(settings: Settings, until: date, say: Translate) -> dict[str, object]:
    """Return the values of the text that asks for consent until ``until``."""
    said = say(N_("{year}-{month}-{day}"))
    return {
        "shop_name": settings.shop_name or say(N_("Linli")),
        "until": said.format(year=until.year, month=until.month, day=until.day),
    }


def more_values(
    settings: Settings, name: str, day: date, today: date, more: Money, say: Translate
) -> dict[str, object]:
    """Return the values of the text that says how much is missing for free delivery."""
    return {
        "who": _called(name),
        "day": said_day(day, today, say),
        "more": short(more),
        "free": short(settings.delivery_free_from),
        "fee": short(settings.delivery_fee),
    }


def collect_values(
    settings: Settings, name: str, day: date, today: date, slot: str | None, say: Translate
) -> dict[str, object]:
    """Return the values of the text that asks a resident to collect instead."""
    found = settings.slot(slot)
    return {
        "who": _called(name),
        "day": said_day(day, today, say),
        "hours": f"{say(found.name)} {found.hours}" if found else say(N_("all day")),
        "place": settings.pickup_point,
    }


def _called(name: str) -> str:
    return f"@{name} " if name else ""
