"""Every event that has a text for the group, with the wording that comes with the program (E17).

A wording is plain text with placeholders in braces. Amounts, days and lists are worked out by the
topic and arrive as finished text, in the shop's language; nothing personal is a placeholder unless
it is a resident's name as they use it in the group.
"""

from lib.kernel.words import N_
from lib.shop.messages.delivery_events import DELIVERY
from lib.shop.messages.demand_events import DEMANDS
from lib.shop.messages.event import Audience, Event, Placeholder, Purpose
from lib.shop.messages.member_events import MEMBERS
from lib.shop.messages.price_events import PRICES
from lib.shop.messages.service_events import SERVICE
from lib.shop.messages.supply_events import SUPPLY
from lib.shop.messages.trade_events import TRADE
from lib.shop.messages.welfare_events import WELFARE

__all__ = ["EVENTS", "WELFARE", "Audience", "Event", "Placeholder", "Purpose"]

TIP = Event(
    "tip",
    N_("Tip of the day"),
    Purpose.TIP,
    N_("💡 Tip of the day: {tip}"),
    (
        Placeholder(
            "tip",
            N_("The tip"),
            N_("Store bananas hanging up: where they lie on the table they bruise first."),
        ),
    ),
    frozenset({"tip"}),
)
TOPIC = Event(
    "topic",
    N_("Topic for the group"),
    Purpose.TALK,
    N_(
        "💬 {question}\n"
        "{note}\n"
        "Just write it below 👇 What we can get is on offer within {hours} hours; where we cannot, "
        "we say why"
    ),
    (
        Placeholder("question", N_("The question"), N_("What would you like us to buy?")),
        Placeholder("note", N_("What else you want to say"), N_("Anything for the weekend?")),
        Placeholder("hours", N_("Hours in which a wish is on offer"), "72"),
    ),
    frozenset({"question"}),
)
TOPIC_THANKS = Event(
    "topic_thanks",
    N_("Thanks for the answers"),
    Purpose.TALK,
    N_(
        "🙏 “{question}”: {count} answers, thank you all\n"
        "{wishes}\n"
        "{offered}\n"
        "We are looking for it and tell everybody who asked"
    ),
    (
        Placeholder("question", N_("The question"), N_("What would you like us to buy?")),
        Placeholder("count", N_("How many answers there were"), "12"),
        Placeholder(
            "wishes", N_("What was wished for"), N_("On our list: strawberries (3 people)")
        ),
        Placeholder(
            "offered",
            N_("What of it is on offer already"),
            N_("On offer already: strawberries"),
        ),
    ),
    frozenset({"question"}),
)
ACTIVITY = Event(
    "activity",
    N_("Activity"),
    Purpose.TALK,
    N_(
        "🎉 {title}\n"
        "🕒 {when}\n"
        "📍 {place}\n"
        "{note}\n"
        "You can see and try: {goods}\n"
        "Coming? Answer +1 and with how many 👇"
    ),
    (
        Placeholder("title", N_("Title"), N_("Mooncakes made by hand")),
        Placeholder("when", N_("Day and time"), N_("Saturday 15:00")),
        Placeholder("place", N_("Place"), N_("In front of the shop")),
        Placeholder("note", N_("What else you want to say"), N_("Bring an apron.")),
        Placeholder("goods", N_("Goods that are shown"), N_("Farm eggs")),
    ),
    frozenset({"title"}),
)
ACTIVITY_THANKS = Event(
    "activity_thanks",
    N_("Thanks after an activity"),
    Purpose.TALK,
    N_(
        "🙏 {title}: thank you for coming!\n"
        "{heads} neighbours were there\n"
        "{photos}\n"
        "What should we do next time? Tell us 👇"
    ),
    (
        Placeholder("title", N_("Title"), N_("Mooncakes made by hand")),
        Placeholder("heads", N_("How many came"), "18"),
        Placeholder("photos", N_("Says that photos follow, if any are published"), N_("Photos 👇")),
    ),
    frozenset({"title"}),
)

EVENTS: dict[str, Event] = {
    event.key: event
    for event in (
        *TRADE,
        *SUPPLY,
        *DEMANDS,
        *PRICES,
        *SERVICE,
        *DELIVERY,
        *MEMBERS,
        WELFARE,
        TIP,
        TOPIC,
        TOPIC_THANKS,
        ACTIVITY,
        ACTIVITY_THANKS,
    )
}
"""By key. Whoever adds a text for the group adds its event here."""
