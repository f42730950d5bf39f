"""The shop and its day: address, pickup, orders, money, packaging, people."""

from dataclasses import dataclass

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.settings.described import (
    DEFAULT_SLOTS,
    MONEY,
    ORDERS,
    PACKAGING,
    PEOPLE,
    PICKUP,
    SHOP,
    Kind,
    Slot,
    setting,
)


@dataclass(frozen=True)
class DaySettings:
    """Settings of everyday trade."""

    shop_name: str = setting(
        "",
        Kind.TEXT,
        SHOP,
        N_("Shop name"),
        N_("Stands on the price page, on slips and in group texts."),
    )
    community: str = setting(
        "",
        Kind.TEXT,
        SHOP,
        N_("Community"),
        N_("The housing estate you serve. Residents see it under the shop name."),
    )
    pickup_point: str = setting(
        "",
        Kind.TEXT,
        SHOP,
        N_("Pickup point"),
        N_("Where residents collect. Written into announcements."),
    )
    public_address: str = setting(
        "",
        Kind.TEXT,
        SHOP,
        N_("Address for residents"),
        N_("What residents type or scan, like https://shop.example.cn. Group texts link to it."),
    )
    language: str = setting(
        "zh_CN",
        Kind.CHOICE,
        SHOP,
        N_("Language of group texts"),
        N_("Texts for the group and printed slips are always in this language."),
        choices=(("zh_CN", N_("Chinese")), ("en", N_("English"))),
    )
    time_zone: str = setting(
        "Asia/Shanghai",
        Kind.TEXT,
        SHOP,
        N_("Time zone"),
        N_("Days, weeks and months begin at midnight here."),
    )
    slots: tuple[Slot, ...] = setting(
        DEFAULT_SLOTS,
        Kind.SLOTS,
        PICKUP,
        N_("Pickup slots"),
        N_("Words like 晚上拿 in a chain message are read as one of these slots."),
        practice="R21",
    )
    delivery_fee_mode: str = setting(
        "free_from",
        Kind.CHOICE,
        PICKUP,
        N_("Who pays delivery"),
        N_("The shop always pays, or delivery is free from an amount on."),
        choices=(("shop_pays", N_("The shop pays")), ("free_from", N_("Free from an amount"))),
        practice="R24",
    )
    delivery_free_from: Money = setting(
        Money(3000),
        Kind.MONEY,
        PICKUP,
        N_("Free delivery from"),
        N_("Orders of this amount or more are brought to the door free of charge."),
        practice="R24",
    )
    delivery_fee: Money = setting(
        Money(300),
        Kind.MONEY,
        PICKUP,
        N_("Delivery fee below that"),
        N_("Added to a delivered order below the amount."),
        practice="R24",
    )
    delivery_cost: Money = setting(
        Money(0),
        Kind.MONEY,
        PICKUP,
        N_("What bringing one order costs the shop"),
        N_("What the resident does not pay of it stands in the price sheet as delivery."),
        practice="R20",
    )
    usual_cut_off_hour: int = setting(
        20,
        Kind.WHOLE,
        ORDERS,
        N_("Usual cut-off hour"),
        N_("A new round proposes this hour."),
        unit=N_("o'clock"),
        least=0,
        most=23,
    )
    many_units: int = setting(
        50,
        Kind.WHOLE,
        ORDERS,
        N_("Ask back from this many"),
        N_("An order line of so many sale units or more is marked for a second look."),
        unit=N_("units"),
        least=2,
        most=100000,
    )
    round_off: str = setting(
        "none",
        Kind.CHOICE,
        MONEY,
        N_("Rounding off (抹零)"),
        N_("Proposed when an order is paid in cash: drop the fen or the jiao, never upwards."),
        choices=(
            ("none", N_("No rounding")),
            ("jiao", N_("Down to the jiao")),
            ("yuan", N_("Down to the yuan")),
        ),
    )
    till_float: Money = setting(
        Money(20000),
        Kind.MONEY,
        MONEY,
        N_("Change in the till"),
        N_("The cash that lies in the till in the morning; the cash-up starts from it."),
    )
    unpaid_after_days: int = setting(
        2,
        Kind.WHOLE,
        MONEY,
        N_("Remind of unpaid orders after"),
        N_("Orders unpaid this long after the pickup day stand on the Today page in red."),
        unit=N_("days"),
        least=0,
        most=60,
    )
    freshness_bag: bool = setting(
        True,
        Kind.YES_NO,
        PACKAGING,
        N_("Freshness bag for fresh goods"),
        N_("Prints a tick box on the pack slip."),
        practice="R25",
    )
    ice_pack: bool = setting(
        True,
        Kind.YES_NO,
        PACKAGING,
        N_("Ice pack for fresh goods"),
        N_("Prints a tick box on the pack slip in the warm months."),
        practice="R25",
    )
    ice_pack_from_month: int = setting(
        5,
        Kind.WHOLE,
        PACKAGING,
        N_("Ice packs from month"),
        N_("First month of the warm season."),
        least=1,
        most=12,
        practice="R25",
    )
    ice_pack_to_month: int = setting(
        10,
        Kind.WHOLE,
        PACKAGING,
        N_("Ice packs to month"),
        N_("Last month of the warm season."),
        least=1,
        most=12,
        practice="R25",
    )
    bubble_wrap: bool = setting(
        True,
        Kind.YES_NO,
        PACKAGING,
        N_("Bubble wrap for fragile goods"),
        N_("Prints a tick box on the pack slip."),
        practice="R25",
    )
    freshness_bag_cost: Money = setting(
        Money(0),
        Kind.MONEY,
        PACKAGING,
        N_("What a freshness bag costs"),
        N_("One per order with fresh goods; stands in the price sheet as packaging."),
        practice="R25",
    )
    ice_pack_cost: Money = setting(
        Money(0),
        Kind.MONEY,
        PACKAGING,
        N_("What an ice pack costs"),
        N_("One per order with fresh goods in the warm months; stands in the price sheet."),
        practice="R25",
    )
    bubble_wrap_cost: Money = setting(
        Money(0),
        Kind.MONEY,
        PACKAGING,
        N_("What bubble wrap costs"),
        N_("Once per order with fragile goods; stands in the price sheet as packaging."),
        practice="R25",
    )
    staff_may_see_cost: bool = setting(
        False,
        Kind.YES_NO,
        PEOPLE,
        N_("Staff may see purchase cost"),
        N_("Off: purchase prices and margins are shown to the owner only."),
        practice="E14",
    )
    session_idle_hours: int = setting(
        12,
        Kind.WHOLE,
        PEOPLE,
        N_("Sign out after idle"),
        N_("A browser not used this long has to sign in again. An unfinished paste is kept."),
        unit=N_("hours"),
        least=1,
        most=168,
    )
    session_days: int = setting(
        30,
        Kind.WHOLE,
        PEOPLE,
        N_("Sign in again at least every"),
        N_("Even a browser in daily use signs in again after this time."),
        unit=N_("days"),
        least=1,
        most=90,
    )
