"""Texts about goods: where they come from, clearance, recall, shortage; and for suppliers (E17)."""

from lib.kernel.words import N_
from lib.shop.messages.event import Audience, Event, Placeholder, Purpose

_PRODUCT = Placeholder("product", N_("Name of the product"), N_("Farm eggs"))
_CODE = Placeholder("code", N_("Number of the batch"), "B0925-01")
_REASON = Placeholder("reason", N_("Why it is called back"), N_("the test of this batch failed"))
_ADVICE = Placeholder(
    "advice", N_("What residents should do"), N_("Please do not eat it; bring it back.")
)
_SHOP = Placeholder("shop", N_("Name of the shop"), N_("Corner shop"))
_SUPPLIER = Placeholder("supplier", N_("Name of the supplier"), N_("Green valley farm"))

ORIGIN = Event(
    "origin",
    N_("Goods came, with their origin"),
    Purpose.SERVICE,
    N_("{product} arrived on {day}.\n{source}\n{test}\nSee where it comes from: {link}"),
    (
        _PRODUCT,
        Placeholder("day", N_("Day of arrival"), N_("today")),
        Placeholder(
            "source",
            N_("Who grew it, where, how far away"),
            N_("Green valley farm · Qingpu · 18 km"),
        ),
        Placeholder("test", N_("What the test of this batch says"), N_("Tested on 9/24 · passed")),
        Placeholder("link", N_("Address of the origin page"), "https://shop.example.cn/o/7hk2"),
    ),
    frozenset({"product", "link"}),
)

CLEARANCE = Event(
    "clearance",
    N_("Clearance"),
    Purpose.ADVERT,
    N_(
        "🛒 {product} {left}\n"
        "{offer}\n"
        "{lowest}\n"
        "{reason}\n"
        "Until {day}, first come first served. Join the chain 👇"
    ),
    (
        _PRODUCT,
        Placeholder("left", N_("How much is left, and until when it is good"), N_("12 jin left")),
        Placeholder("offer", N_("The offer with its prices"), N_("Now 3.80/jin")),
        Placeholder(
            "lowest",
            N_("Lowest price charged in the days before, if it was higher"),
            N_("Lowest price really charged in the last 7 days: 4.80/jin"),
        ),
        Placeholder("reason", N_("Why it is cheaper"), N_("Why: we ordered too much")),
        Placeholder("day", N_("Last day"), N_("tomorrow")),
    ),
    frozenset({"product", "offer"}),
)

RECALL = Event(
    "recall",
    N_("Recall, notice for the group"),
    Purpose.SERVICE,
    N_(
        "Recall: {product}, batch {code}, arrived on {day}.\n"
        "Reason: {reason}\n"
        "{advice}\n"
        "Its sale is stopped. We write to every neighbour who bought it; if in doubt, ask us "
        "or compare the batch on the label.\n"
        "Details: {link}\n"
        "{shop}"
    ),
    (
        _PRODUCT,
        _CODE,
        Placeholder("day", N_("Day of arrival"), N_("today")),
        _REASON,
        _ADVICE,
        Placeholder("link", N_("Address of the origin page"), "https://shop.example.cn/o/7hk2"),
        _SHOP,
    ),
    frozenset({"product", "code", "reason", "advice"}),
)

_TO_RESIDENT = (
    Placeholder("name", N_("Name in the group"), N_("Xiao Li")),
    _PRODUCT,
    Placeholder("goods", N_("When and how much was collected"), N_("today 2 jin")),
    _CODE,
    _REASON,
    _ADVICE,
    Placeholder("money", N_("What happens to the money"), N_("We give you ¥9.60 back.")),
    _SHOP,
)

RECALL_CERTAIN = Event(
    "recall_certain",
    N_("Recall, to one who has it"),
    Purpose.SERVICE,
    N_(
        "@{name} The {product} you collected ({goods}) is of batch {code}, which we call back.\n"
        "Reason: {reason}\n"
        "{advice}\n"
        "{money}\n"
        "We are sorry for the trouble.\n"
        "{shop}"
    ),
    _TO_RESIDENT,
    frozenset({"product", "code", "reason", "advice", "money"}),
    Audience.RESIDENT,
)

RECALL_POSSIBLE = Event(
    "recall_possible",
    N_("Recall, to one who may have it"),
    Purpose.SERVICE,
    N_(
        "@{name} The {product} you collected ({goods}) may be of batch {code}, which we call "
        "back.\n"
        "Reason: {reason}\n"
        "{advice}\n"
        "{money}\n"
        "We are sorry for the trouble.\n"
        "{shop}"
    ),
    _TO_RESIDENT,
    frozenset({"product", "code", "reason", "advice", "money"}),
    Audience.RESIDENT,
)

SHORTAGE = Event(
    "shortage",
    N_("Too little came"),
    Purpose.SERVICE,
    N_(
        "Too little {product} came today, we are sorry 🙏 This is how it is shared out:\n"
        "{homes}\n"
        "Money comes back the way it was paid. Nobody has to do anything."
    ),
    (
        _PRODUCT,
        Placeholder(
            "homes",
            N_("Per home: ordered, given, and the money"),
            N_("3-201 Farm eggs 2 jin→1 jin, 4.8 yuan back"),
        ),
    ),
    frozenset({"product", "homes"}),
)

PURCHASE_ORDER = Event(
    "purchase_order",
    N_("Purchase order"),
    Purpose.SERVICE,
    N_(
        "【{shop}】Order {number}\n"
        "{supplier}, please deliver {day}:\n"
        "{goods}\n"
        "To: {place}\n"
        "{note}\n"
        "Please answer whether all of it comes. Thank you!"
    ),
    (
        _SHOP,
        Placeholder("number", N_("Number of the order"), "P0925-1"),
        _SUPPLIER,
        Placeholder("day", N_("Day of delivery"), N_("tomorrow (Sat)")),
        Placeholder("goods", N_("Goods with quantities"), N_("· Farm eggs 50 jin")),
        Placeholder("place", N_("Where to deliver"), N_("gate 3")),
        Placeholder("note", N_("The note of this order"), N_("Please come before 8")),
    ),
    frozenset({"day", "goods"}),
    Audience.SUPPLIER,
)

STATEMENT = Event(
    "statement",
    N_("Weekly statement"),
    Purpose.SERVICE,
    N_(
        "【Statement】{supplier}, {first} to {last}\n{goods}\n{claims}\n{sum}\nPlease check. {shop}"
    ),
    (
        _SUPPLIER,
        Placeholder("first", N_("First day"), "9-21"),
        Placeholder("last", N_("Last day"), "9-27"),
        Placeholder("goods", N_("What came, line by line"), N_("9-22 50 × 4.00 = 200.00")),
        Placeholder("claims", N_("Accepted claims"), N_("Claim of 9-23 −12.00")),
        Placeholder("sum", N_("What is payable"), N_("Payable 188.00 yuan")),
        _SHOP,
    ),
    frozenset({"first", "last", "goods", "claims", "sum"}),
    Audience.SUPPLIER,
)

SUPPLY: tuple[Event, ...] = (
    ORIGIN,
    CLEARANCE,
    SHORTAGE,
    RECALL,
    RECALL_CERTAIN,
    RECALL_POSSIBLE,
    PURCHASE_ORDER,
    STATEMENT,
)
