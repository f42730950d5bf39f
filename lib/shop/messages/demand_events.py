"""Texts that answer residents' wishes (R16-R18): on offer, not yet, cannot be had."""

from lib.kernel.words import N_
from lib.shop.messages.event import Event, Placeholder, Purpose

_NAMES = Placeholder("names", N_("Who wished for it, as @names"), "@张阿姨 @李姐")
_WISH = Placeholder("wish", N_("What was wished for"), N_("Fresh sesame paste"))

DEMAND_LAUNCH = Event(
    "demand_launch",
    N_("A wish is on offer"),
    Purpose.SERVICE,
    N_(
        "🎁 You asked, it is here: {product} {price}\n{names}\n{when}\nWant some? Join the chain 👇"
    ),
    (
        Placeholder("product", N_("Name of the product"), N_("Fresh sesame paste")),
        Placeholder("price", N_("Price with its unit"), N_("18.8 yuan/jar")),
        _NAMES,
        Placeholder(
            "when", N_("Until when to order, when to collect"), N_("Order until tonight 20:00")
        ),
        _WISH,
    ),
    frozenset({"names", "product"}),
)

DEMAND_NOT_YET = Event(
    "demand_not_yet",
    N_("A wish has to wait"),
    Purpose.SERVICE,
    N_("{names} about {wish}: {reason}. You hear from us by {day} 🙏"),
    (
        _NAMES,
        _WISH,
        Placeholder("reason", N_("Why not yet"), N_("the grower delivers from 50 boxes on")),
        Placeholder("day", N_("Day of the next answer"), N_("Mon 9/28")),
    ),
    frozenset({"wish", "reason", "day"}),
)

DEMAND_DECLINED = Event(
    "demand_declined",
    N_("A wish cannot be had"),
    Purpose.SERVICE,
    N_("{names} about {wish}: we cannot get it, sorry 🙏 {reason}"),
    (
        _NAMES,
        _WISH,
        Placeholder("reason", N_("Why it cannot be had"), N_("the grower stopped growing it")),
    ),
    frozenset({"wish", "reason"}),
)

DEMANDS = (DEMAND_LAUNCH, DEMAND_NOT_YET, DEMAND_DECLINED)
