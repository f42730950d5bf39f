"""Texts of service: what was not collected (R22), answers to complaints (R26-R30), letters (R32).

What is said about a complaint is read by one resident: it goes into the private chat and is sent by
no robot.
"""

from lib.kernel.words import N_
from lib.shop.messages.event import Audience, Event, Placeholder, Purpose

_WHO = Placeholder("who", N_("Whom it is said to, as @name"), "@小李 ")
_GOODS = Placeholder("product", N_("The goods complained about"), N_("Farm eggs"))
_NUMBER = Placeholder("number", N_("Number of the case"), "A0231")

CASE_REPLY = Event(
    "case_reply",
    N_("First reply to a complaint"),
    Purpose.SERVICE,
    N_(
        "{who}Got it, and sorry about the {product} 🙏\n"
        "{ask}\n"
        "{options}\n"
        "It is settled by {until} at the latest (No. {number})"
    ),
    (
        _WHO,
        _GOODS,
        Placeholder(
            "ask",
            N_("Asks for a photo where there is none"),
            N_("Could you send a photo of the bad ones and one of the whole pack?"),
        ),
        Placeholder(
            "options",
            N_("What the pledge offers, if it is known"),
            N_("As you like: ① 5.6 yuan back ② one more next time"),
        ),
        Placeholder("until", N_("By when it is solved"), N_("tonight 20:00")),
        _NUMBER,
    ),
    frozenset({"number", "until"}),
    Audience.RESIDENT,
)

CASE_PHOTO = Event(
    "case_photo",
    N_("Asks for a photo of the goods"),
    Purpose.SERVICE,
    N_(
        "{who}about the {product} (No. {number}): could you send us a photo of the bad ones and "
        "one of the whole pack? We settle it as soon as it is here 🙏"
    ),
    (_WHO, _GOODS, _NUMBER),
    frozenset({"number"}),
    Audience.RESIDENT,
)

CASE_SOLVED = Event(
    "case_solved",
    N_("A complaint is settled"),
    Purpose.SERVICE,
    N_(
        "{who}about the {product} (No. {number}): {done}\n"
        "Sorry again, and thank you for telling us. If anything is still not right, just write 🙏"
    ),
    (
        _WHO,
        _GOODS,
        _NUMBER,
        Placeholder("done", N_("What was agreed"), N_("5.6 yuan are paid back")),
    ),
    frozenset({"done"}),
    Audience.RESIDENT,
)

CASE_FOLLOW_UP = Event(
    "case_follow_up",
    N_("Asks whether all is well now"),
    Purpose.SERVICE,
    N_(
        "{who}is all well with the {product} now? (No. {number}: {done})\n"
        "If not, tell us, we look after it 🙏"
    ),
    (
        _WHO,
        _GOODS,
        _NUMBER,
        Placeholder("done", N_("What was agreed"), N_("5.6 yuan are paid back")),
    ),
    frozenset({"number"}),
    Audience.RESIDENT,
)

CASE_LINK = Event(
    "case_link",
    N_("Private address of a complaint"),
    Purpose.SERVICE,
    N_(
        "{who}here you see how it goes with the {product} (No. {number}), and can send us more "
        "photos:\n"
        "{address}\n"
        "Only you have this address, please keep it 🙏"
    ),
    (
        _WHO,
        _GOODS,
        _NUMBER,
        Placeholder("address", N_("The private address"), "https://linli.example/p/case/7kQ…"),
    ),
    frozenset({"address"}),
    Audience.RESIDENT,
)

CASE_DOOR = Event(
    "case_door",
    N_("How to report what is wrong"),
    Purpose.SERVICE,
    N_(
        "🙋 Something wrong with what you bought? Tell us here, no account needed:\n"
        "{address}\n"
        "You get an answer within {minutes} minutes and a solution within {hours} hours; photos "
        "can be added right there. In the group or at the counter is just as fine 🙏"
    ),
    (
        Placeholder("address", N_("The page for reports"), "https://linli.example/p/help"),
        Placeholder("minutes", N_("Minutes until the first answer"), "60"),
        Placeholder("hours", N_("Hours until the solution"), "24"),
    ),
    frozenset({"address"}),
)

PICKUP_AFTER = Event(
    "pickup_after",
    N_("Second pickup notice"),
    Purpose.SERVICE,
    N_(
        "📦 Pickup {day}, {hours}: {count} orders are still with us\n"
        "{homes}\n"
        "📍 {place}\n"
        "Cannot come? Reply “tomorrow”."
    ),
    (
        Placeholder("day", N_("Pickup day"), N_("today")),
        Placeholder("hours", N_("Name and hours of the slot"), N_("evening 18:00-21:00")),
        Placeholder("count", N_("How many orders"), "3"),
        Placeholder(
            "homes",
            N_("Homes or order numbers with the day until which they are kept"),
            N_("kept until 9/26: 3-201  3-502  #17"),
        ),
        Placeholder("place", N_("Pickup point from the settings"), N_("gate 3")),
    ),
    frozenset({"homes"}),
)

SUPPLIER_LETTER = Event(
    "supplier_letter",
    N_("Month's letter to a supplier"),
    Purpose.SERVICE,
    N_(
        "{supplier}: {month}\n"
        "{standing}\n"
        "What was wrong: {causes}\n"
        "{cases}\n"
        "{claim}\n"
        "{asks}\n"
        "Thank you 🙏 {shop}"
    ),
    (
        Placeholder("supplier", N_("Name of the supplier"), N_("Green valley farm")),
        Placeholder("month", N_("The month it is about"), N_("September 2026")),
        Placeholder(
            "standing",
            N_("Complaints per 100 sold, against the month before"),
            N_("September 2026: 2.4 complaints per 100 sold (6 of 250)"),
        ),
        Placeholder(
            "causes", N_("What was complained about, with counts"), N_("Rotten or spoiled 4")
        ),
        Placeholder("cases", N_("The first cases by number"), "A0231 土鸡蛋 3/30"),
        Placeholder(
            "claim",
            N_("What is claimed, if anything"),
            N_("We ask 12.00 yuan back, off the next weekly statement."),
        ),
        Placeholder("asks", N_("What you ask of the supplier"), N_("Please use dividers.")),
        Placeholder("shop", N_("Name of the shop"), N_("Corner shop")),
    ),
    frozenset({"supplier", "month"}),
    Audience.SUPPLIER,
)

PACKAGING_ORDER = Event(
    "packaging_order",
    N_("Packaging material ordered"),
    Purpose.SERVICE,
    N_("Hello, we need again:\n{goods}\nPlease say the price and when it comes. {shop}"),
    (
        Placeholder("goods", N_("The material, with how many pieces"), N_("Freshness bag × 500")),
        Placeholder("shop", N_("Name of the shop"), N_("Corner shop")),
    ),
    frozenset({"goods"}),
    Audience.SUPPLIER,
)

OWED_READY = Event(
    "owed_ready",
    N_("Owed goods are ready"),
    Purpose.SERVICE,
    N_("{who}what we owe you is ready: {goods}. Come for it when it suits you.\n📍 {place}"),
    (
        _WHO,
        Placeholder("goods", N_("The owed goods with their quantities"), N_("Farm eggs 1 box")),
        Placeholder("place", N_("Pickup point from the settings"), N_("gate 3")),
    ),
    frozenset({"goods"}),
    Audience.RESIDENT,
)

SERVICE = (
    PICKUP_AFTER,
    OWED_READY,
    CASE_REPLY,
    CASE_PHOTO,
    CASE_SOLVED,
    CASE_FOLLOW_UP,
    CASE_LINK,
    CASE_DOOR,
    SUPPLIER_LETTER,
    PACKAGING_ORDER,
)
