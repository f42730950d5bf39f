"""Every event that has a text for the group, with the wording that comes with the program (E17).

A wording is plain text with placeholders in braces. Amounts, days and lists are worked out by the
topic and arrive as finished text, in the shop's language; nothing personal is a placeholder unless
it is a resident's name as they use it in the group.
"""

from dataclasses import dataclass
from enum import StrEnum

from lib.kernel.words import N_


class Purpose(StrEnum):
    """What a text is for; the ratio of tips to adverts is counted by it (R13)."""

    ADVERT = "advert"
    SERVICE = "service"
    TIP = "tip"
    TALK = "talk"


@dataclass(frozen=True)
class Placeholder:
    """One value of a wording: what it is, and an example for the preview (msgids)."""

    name: str
    explains: str
    sample: str


@dataclass(frozen=True)
class Event:
    """One kind of text. ``key`` is the topic of its rows in the log of what was sent.

    ``wording`` is the default (msgid). ``required`` names placeholders that must stay in it.
    """

    key: str
    name: str
    purpose: Purpose
    wording: str
    placeholders: tuple[Placeholder, ...]
    required: frozenset[str] = frozenset()


WELFARE = Event(
    "welfare",
    N_("Welfare item"),
    Purpose.ADVERT,
    N_(
        "💚 Welfare item of the month: {product} {price}/{unit}\n"
        "{basis}\n"
        "{limits}\n"
        "Price and cost 👉 {address}\n"
        "To order, join the chain 👇"
    ),
    (
        Placeholder("product", N_("Name of the product"), N_("Farm eggs")),
        Placeholder("price", N_("Welfare price in yuan"), "4.80"),
        Placeholder("unit", N_("Sale unit"), N_("jin")),
        Placeholder(
            "basis",
            N_("What it costs the shop, and why it is below"),
            N_("Bought at 5.00, the shop adds 0.20 per jin"),
        ),
        Placeholder("limits", N_("How much there is"), N_("60 jin in all, 2 jin a household")),
        Placeholder("address", N_("Address of the price page"), "https://shop.example.cn/p/prices"),
    ),
    frozenset({"product", "price"}),
)

EVENTS: dict[str, Event] = {event.key: event for event in (WELFARE,)}
"""By key. Whoever adds a text for the group adds its event here."""
