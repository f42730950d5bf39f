"""Texts about rounds and about collecting (E17, R22)."""

from lib.kernel.words import N_
from lib.shop.messages.event import Event, Placeholder, Purpose

ROUND = Event(
    "round",
    N_("Round opens"),
    Purpose.ADVERT,
    N_(
        "{sign} [{title}] {goods} | order until {cut_off} | pickup {day}\n"
        "{list}\n"
        "{about}\n"
        "{note}\n"
        "{pickup}\n"
        "Join the chain 👇 e.g. 3-201 小李 {wanted} 晚上拿"
    ),
    (
        Placeholder("sign", N_("🥬 with fresh goods, otherwise 🛒"), "🥬"),
        Placeholder("title", N_("Name of the round"), N_("Friday round 9/25")),
        Placeholder(
            "goods",
            N_("The first goods with their prices"),
            N_("Farm eggs 4.8 yuan/jin, Tofu 3 yuan/box"),
        ),
        Placeholder("cut_off", N_("When orders close"), N_("tonight 20:00")),
        Placeholder("day", N_("Pickup day"), N_("tomorrow (Sat)")),
        Placeholder(
            "list",
            N_("Every product with price and limits, if there are several"),
            N_("· Farm eggs 4.8 yuan/jin (2 jin per household)\n· Tofu 3 yuan/box"),
        ),
        Placeholder(
            "about",
            N_("What the shop says of the goods, and where each yuan goes"),
            N_("Farm eggs: laid yesterday in Qingpu"),
        ),
        Placeholder("note", N_("The line typed for this round"), N_("Please bring a basket")),
        Placeholder(
            "pickup", N_("Where and when to collect"), N_("Pickup at gate 3: evening 18:00-21:00")
        ),
        Placeholder("wanted", N_("An example of an order"), N_("Farm eggs 1 jin")),
    ),
    frozenset({"goods", "list", "cut_off"}),
)

CUT_OFF = Event(
    "cut_off",
    N_("Orders close soon"),
    Purpose.ADVERT,
    N_("⏰ {title}: orders close {when}, pickup {day}\n{left}\nStill want some? Join the chain 👇"),
    (
        Placeholder("title", N_("Name of the round"), N_("Friday round 9/25")),
        Placeholder("when", N_("When orders close"), N_("tonight 20:00")),
        Placeholder("day", N_("Pickup day"), N_("tomorrow (Sat)")),
        Placeholder("left", N_("What is left of limited goods"), N_("Tofu: only 3 boxes left")),
    ),
    frozenset({"when"}),
)

PICKUP = Event(
    "pickup",
    N_("Pickup reminder"),
    Purpose.SERVICE,
    N_(
        "🔔 Pickup {day}, {hours}\n"
        "{count} orders still to collect:\n"
        "{homes}\n"
        "📍 {place}\n"
        "Bring a bag ♻️ Cannot come? Reply “tomorrow”."
    ),
    (
        Placeholder("day", N_("Pickup day"), N_("today")),
        Placeholder("hours", N_("Name and hours of the slot"), N_("evening 18:00-21:00")),
        Placeholder("count", N_("How many orders"), "3"),
        Placeholder("homes", N_("Homes or order numbers, no names"), "3-201  3-502  #17"),
        Placeholder("place", N_("Pickup point from the settings"), N_("gate 3")),
    ),
    frozenset({"homes"}),
)

TRADE: tuple[Event, ...] = (ROUND, CUT_OFF, PICKUP)
