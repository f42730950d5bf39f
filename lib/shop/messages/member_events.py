"""Texts about members: consent, the privacy notice, good wishes and gifts (R33, R34, R35).

Consent is asked of one resident: those texts are copied into the private chat and sent by no robot.
"""

from lib.kernel.words import N_
from lib.shop.messages.event import Audience, Event, Placeholder, Purpose

_SHOP = Placeholder("shop_name", N_("Who is responsible, from the settings"), N_("Linli"))
_CONTACT = Placeholder("contact", N_("How to reach you about data"), N_("the counter"))
_PROOF = Placeholder("proof", N_("Months the proof of a consent is kept"), "36")
_LONGEST = Placeholder("months", N_("Months without an order until all of it is deleted"), "6")

CONSENT_BIRTHDAY = Event(
    "consent_birthday",
    N_("Asks whether a birthday may be noted"),
    Purpose.SERVICE,
    N_(
        "{shop_name}: may we note your birthday?\n"
        "Only month and day, solar or lunar as you keep it; we need no year. We use it to wish you "
        "well on the day and perhaps to give you something small, for nothing else.\n"
        "We delete it when you say so, and after {months} months without an order. That you "
        "agreed is kept as proof for {proof} months after it ends.\n"
        "You may say no, or take it back at any time with one word: it is deleted at once, and "
        "you go on buying as before at the same prices.\n"
        "To take it back: tell us here or {contact}\n"
        "Do you agree?"
    ),
    (
        _SHOP,
        Placeholder("months", N_("Months without an order until the birthday is deleted"), "24"),
        _PROOF,
        _CONTACT,
    ),
    frozenset({"months"}),
    Audience.RESIDENT,
)

CONSENT_PREFERENCES = Event(
    "consent_preferences",
    N_("Asks whether likings may be noted"),
    Purpose.SERVICE,
    N_(
        "{shop_name}: may we note what you like?\n"
        "What you order often and what you tell us yourself, such as “likes it mild”. We use it to "
        "tell you when it is there and to choose a small gift. Never for prices: everybody pays "
        "the same. We note nothing about health or children.\n"
        "We delete it when you say so, and {months} months after you stopped ordering. That you "
        "agreed is kept as proof for {proof} months after it ends.\n"
        "You may say no, or take it back at any time with one word: it is deleted at once, and "
        "you go on buying as before at the same prices.\n"
        "To take it back: tell us here or {contact}\n"
        "Do you agree?"
    ),
    (_SHOP, _LONGEST, _PROOF, _CONTACT),
    frozenset({"months"}),
    Audience.RESIDENT,
)

CONSENT_MESSAGES = Event(
    "consent_messages",
    N_("Asks whether offers may be written to somebody"),
    Purpose.SERVICE,
    N_(
        "{shop_name}: may we write to you about offers, and wish you well on festivals?\n"
        "In the private chat, now and then, with our name on it. What concerns your own orders, "
        "wishes and complaints we write in any case.\n"
        "We stop when you say so, and {months} months after you stopped ordering. That you agreed "
        "is kept as proof for {proof} months after it ends.\n"
        "You may say no, or take it back at any time with one word: we stop at once, and you go "
        "on buying as before at the same prices.\n"
        "To take it back: tell us here or {contact}\n"
        "Do you agree?"
    ),
    (_SHOP, _LONGEST, _PROOF, _CONTACT),
    frozenset({"months"}),
    Audience.RESIDENT,
)

PRIVACY_NOTICE = Event(
    "privacy_notice",
    N_("Tells where the privacy notice stands"),
    Purpose.SERVICE,
    N_(
        "🔒 {shop_name}: how we treat your data\n"
        "We keep what an order needs: name in the group, room, phone if you gave it. {months} "
        "months after your last order it is made anonymous.\n"
        "Birthdays, likings and offers only with your consent. Nothing about health or children. "
        "We sell nothing, and everybody pays the same.\n"
        "See it, correct it, delete it, take it back: {contact}\n"
        "All of it: {link}"
    ),
    (
        _SHOP,
        Placeholder("months", N_("Months after the last order until a file is anonymous"), "6"),
        _CONTACT,
        Placeholder("link", N_("Address of the notice"), "https://linli.example/p/privacy"),
    ),
    frozenset({"link"}),
)

BIRTHDAY_WISH = Event(
    "birthday_wish",
    N_("Good wishes for a birthday"),
    Purpose.TALK,
    N_(
        "🎂 {name}, happy birthday!\n"
        "{gift}\n"
        "All the best from {shop_name}\n"
        "(You would rather get no such messages? One word, and we stop.)"
    ),
    (
        Placeholder("name", N_("The resident's name"), N_("Xiaoli")),
        Placeholder(
            "gift",
            N_("What waits for them, if anything"),
            N_("A small gift waits for you with us: honey 1瓶"),
        ),
        Placeholder("shop_name", N_("The name of the shop"), N_("Linli")),
    ),
    frozenset({"name", "shop_name"}),
    Audience.RESIDENT,
)

FESTIVAL_GREETING = Event(
    "festival_greeting",
    N_("Good wishes for a festival"),
    Purpose.TALK,
    N_("🏮 {festival}, {day}: all the best to every household!\n{gift}\n{shop_name}"),
    (
        Placeholder("festival", N_("The festival"), N_("Mid-Autumn Festival")),
        Placeholder("day", N_("Its day"), N_("today (Fri)")),
        Placeholder(
            "gift",
            N_("What every household gets, if anything"),
            N_("Who collects an order with us gets one for the household: mooncake 1个"),
        ),
        Placeholder("shop_name", N_("The name of the shop"), N_("Linli")),
    ),
    frozenset({"festival"}),
)

GIFT_GOODS = Event(
    "gift_goods",
    N_("Asks a supplier for what gifts need"),
    Purpose.SERVICE,
    N_(
        "{supplier}: we need in addition, by {day} at the latest:\n"
        "{goods}\n"
        "Can you bring it? {shop_name}"
    ),
    (
        Placeholder("supplier", N_("The supplier"), N_("Green Sprout Farm")),
        Placeholder("day", N_("When it must be here"), N_("today (Fri)")),
        Placeholder("goods", N_("What is needed"), N_("· honey 3瓶")),
        Placeholder("shop_name", N_("The name of the shop"), N_("Linli")),
    ),
    frozenset({"goods"}),
    Audience.SUPPLIER,
)

WIN_BACK = Event(
    "win_back",
    N_("Writes to somebody who has not been there for long"),
    Purpose.TALK,
    N_(
        "{name}, we have not seen you for a while. We hope all is well!\n"
        "{liked}\n"
        "Was something not right last time? Tell us, we put it right.\n"
        "{shop_name}\n"
        "(You would rather get no such messages? One word, and we stop.)"
    ),
    (
        Placeholder("name", N_("The resident's name"), N_("Xiaoli")),
        Placeholder(
            "liked",
            N_("What they like, if they agreed that it is noted"),
            N_("Free-range eggs: shall we keep some for you?"),
        ),
        Placeholder("shop_name", N_("The name of the shop"), N_("Linli")),
    ),
    frozenset({"name", "shop_name"}),
    Audience.RESIDENT,
)

_COUPON = (
    Placeholder("who", N_("Whom it is said to, as @name"), "@小李 "),
    Placeholder("shop_name", N_("Name of the shop"), N_("Linli")),
    Placeholder("value", N_("What the coupon takes off, in yuan"), "10"),
    Placeholder("terms", N_("From what order on the coupon holds"), N_("for any order")),
    Placeholder("code", N_("Code of the coupon"), "CDFG 4679"),
    Placeholder("day", N_("Last day of the coupon"), "2026-12-24"),
)

COUPON_GIVEN = Event(
    "coupon_given",
    N_("Gives a resident the code of a coupon"),
    Purpose.SERVICE,
    N_(
        "{who}your coupon of {shop_name} 🎫\n"
        "{value} yuan off, {terms}\n"
        "Code: {code}\n"
        "Valid through {day}, once, for you and your household. Say the code or show the picture "
        "when you pay."
    ),
    _COUPON,
    frozenset({"code", "day"}),
    Audience.RESIDENT,
)

COUPON_ENDS = Event(
    "coupon_ends",
    N_("Says that a coupon runs out soon"),
    Purpose.ADVERT,
    N_("{who}your coupon of {value} yuan ({terms}) is valid through {day}.\nCode: {code} 🎫"),
    _COUPON,
    frozenset({"code", "day"}),
    Audience.RESIDENT,
)

MEMBER_POINTS = Event(
    "member_points",
    N_("Tells a resident how the points stand"),
    Purpose.SERVICE,
    N_("{who}your points with {shop_name}: {available}\n{owed}\n{waiting}\n{moves}"),
    (
        Placeholder("who", N_("Whom it is said to, as @name"), "@小李 "),
        _SHOP,
        Placeholder("available", N_("Points available"), "136"),
        Placeholder("owed", N_("What is owed, if anything"), N_("40 points are owed")),
        Placeholder("waiting", N_("Points that wait, and until when"), N_("+36 from 10/3 on")),
        Placeholder("moves", N_("The last movements"), N_("Last movements: 9/25 +36 payment")),
    ),
    frozenset({"available"}),
    Audience.RESIDENT,
)

MEMBERS = (
    MEMBER_POINTS,
    CONSENT_BIRTHDAY,
    CONSENT_PREFERENCES,
    CONSENT_MESSAGES,
    PRIVACY_NOTICE,
    BIRTHDAY_WISH,
    FESTIVAL_GREETING,
    GIFT_GOODS,
    WIN_BACK,
    COUPON_GIVEN,
    COUPON_ENDS,
)
