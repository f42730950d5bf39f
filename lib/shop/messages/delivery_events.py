"""Texts of door delivery: asking for consent, what is missing for free delivery (R23, R24).

One resident reads them: they are copied into the private chat and sent by no robot.
"""

from lib.kernel.words import N_
from lib.shop.messages.event import Audience, Event, Placeholder, Purpose

_WHO = Placeholder("who", N_("Whom it is said to, as @name"), "@小李 ")
_DAY = Placeholder("day", N_("Pickup day"), N_("today"))

DELIVERY_CONSENT = Event(
    "delivery_consent",
    N_("Asks whether goods may be brought to the door"),
    Purpose.SERVICE,
    N_(
        "{shop_name}: may we bring your orders to the door?\n"
        "For that we note only that we do so until {until}, and how to hand over. We ask for no "
        "reason and keep none, and only who works in the shop sees it.\n"
        "After that day we delete how to hand over and ask again. That you agreed, and from when "
        "until when, is kept for three years as proof.\n"
        "You may say no, or stop it at any time with one word: we delete it at once, and you go on "
        "buying as before.\n"
        "Do you agree?"
    ),
    (
        Placeholder("shop_name", N_("Name of the shop"), N_("Linli")),
        Placeholder("until", N_("Last day"), N_("24 December 2026")),
    ),
    frozenset({"until"}),
    Audience.RESIDENT,
)

DELIVERY_MORE = Event(
    "delivery_more",
    N_("Says what is missing for free delivery"),
    Purpose.SERVICE,
    N_(
        "{who}your order for {day}: {more} yuan more for free delivery (from {free} yuan on, "
        "otherwise {fee} yuan). Anything else? 🧺"
    ),
    (
        _WHO,
        _DAY,
        Placeholder("more", N_("How much more makes delivery free"), "4.2"),
        Placeholder("free", N_("From what amount delivery is free"), "30"),
        Placeholder("fee", N_("Delivery fee below that"), "3"),
    ),
    frozenset({"more"}),
    Audience.RESIDENT,
)

DELIVERY_COLLECT = Event(
    "delivery_collect",
    N_("Asks a resident to collect instead"),
    Purpose.SERVICE,
    N_(
        "{who}we cannot bring your order for {day} to the door, sorry 🙏\n"
        "It is packed and waits for you: {hours}\n"
        "📍 {place}\n"
        "If that is hard for you, just write: we find a way."
    ),
    (
        _WHO,
        _DAY,
        Placeholder("hours", N_("Name and hours of the slot"), N_("evening 18:00-21:00")),
        Placeholder("place", N_("Pickup point from the settings"), N_("gate 3")),
    ),
    frozenset({"day"}),
    Audience.RESIDENT,
)

DELIVERY = (DELIVERY_CONSENT, DELIVERY_MORE, DELIVERY_COLLECT)
