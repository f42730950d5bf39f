"""Every number and habit of the shop that an owner may change, with what it does.

The mission's numbers are defaults here and literals nowhere else. A setting is a field of
:class:`Settings` whose metadata the settings page draws; values live in the table ``setting``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from enum import StrEnum
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Connection, select

from lib.db import schema
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.position import Position
from lib.kernel.words import N_

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")


class Kind(StrEnum):
    """How a setting is typed and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    WHOLE = "whole"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SLOTS = "slots"
    WEEKDAYS = "weekdays"


@dataclass(frozen=True)
class Slot:
    """Hours in which residents collect: ``key`` is fixed, ``start`` and ``end`` are wall times."""

    key: str
    name: str
    start: time
    end: time

    def contains(self, wall: time) -> bool:
        """Whether ``wall`` lies in the slot (half-open)."""
        return self.start <= wall < self.end

    @property
    def hours(self) -> str:
        """The hours as ``07:00-09:00``."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True)
class About:
    """What the settings page says of one setting. ``unit`` is shown behind the field."""

    kind: Kind
    group: str
    label: str
    explains: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    least: int | None = None
    most: int | None = None
    practice: str = ""


def _setting(default: Any, kind: Kind, group: str, label: str, explains: str, **more: Any) -> Any:
    about = About(kind, group, label, explains, **more)
    return field(default=default, metadata={"about": about})


SHOP, PICKUP, ORDERS, SUPPLY, TRUST, GROUP, MONEY, PACKAGING, PEOPLE = (
    N_("The shop"),
    N_("Pickup and delivery"),
    N_("Orders and rounds"),
    N_("Suppliers, stock and evidence"),
    N_("Open prices, welfare and wishes"),
    N_("The group"),
    N_("Money"),
    N_("Packaging"),
    N_("People and safety"),
)
GROUPS = (SHOP, PICKUP, ORDERS, SUPPLY, TRUST, GROUP, MONEY, PACKAGING, PEOPLE)

DEFAULT_SLOTS = (
    Slot("morning", N_("Morning"), time(7), time(9)),
    Slot("noon", N_("Noon"), time(12), time(14)),
    Slot("evening", N_("Evening"), time(18), time(21)),
)


@dataclass(frozen=True)
class Settings:
    """The shop's settings at one moment. Money is :class:`Money`, hours are the shop's own."""

    shop_name: str = _setting(
        "",
        Kind.TEXT,
        SHOP,
        N_("Shop name"),
        N_("Stands on the price page, on slips and in group texts."),
    )
    community: str = _setting(
        "",
        Kind.TEXT,
        SHOP,
        N_("Community"),
        N_("The housing estate you serve. Residents see it under the shop name."),
    )
    pickup_point: str = _setting(
        "",
        Kind.TEXT,
        SHOP,
        N_("Pickup point"),
        N_("Where residents collect. Written into announcements."),
    )
    public_address: str = _setting(
        "",
        Kind.TEXT,
        SHOP,
        N_("Address for residents"),
        N_("What residents type or scan, like https://shop.example.cn. Group texts link to it."),
    )
    language: str = _setting(
        "zh_CN",
        Kind.CHOICE,
        SHOP,
        N_("Language of group texts"),
        N_("Texts for the group and printed slips are always in this language."),
        choices=(("zh_CN", N_("Chinese")), ("en", N_("English"))),
    )
    time_zone: str = _setting(
        "Asia/Shanghai",
        Kind.TEXT,
        SHOP,
        N_("Time zone"),
        N_("Days, weeks and months begin at midnight here."),
    )
    slots: tuple[Slot, ...] = _setting(
        DEFAULT_SLOTS,
        Kind.SLOTS,
        PICKUP,
        N_("Pickup slots"),
        N_("Words like 晚上拿 in a chain message are read as one of these slots."),
        practice="R21",
    )
    delivery_fee_mode: str = _setting(
        "free_from",
        Kind.CHOICE,
        PICKUP,
        N_("Who pays delivery"),
        N_("The shop always pays, or delivery is free from an amount on."),
        choices=(("shop_pays", N_("The shop pays")), ("free_from", N_("Free from an amount"))),
        practice="R24",
    )
    delivery_free_from: Money = _setting(
        Money(3000),
        Kind.MONEY,
        PICKUP,
        N_("Free delivery from"),
        N_("Orders of this amount or more are brought to the door free of charge."),
        practice="R24",
    )
    delivery_fee: Money = _setting(
        Money(300),
        Kind.MONEY,
        PICKUP,
        N_("Delivery fee below that"),
        N_("Added to a delivered order below the amount."),
        practice="R24",
    )
    delivery_cost: Money = _setting(
        Money(0),
        Kind.MONEY,
        PICKUP,
        N_("What bringing one order costs the shop"),
        N_("What the resident does not pay of it stands in the cost sheet as delivery."),
        practice="R20",
    )
    usual_cut_off_hour: int = _setting(
        20,
        Kind.WHOLE,
        ORDERS,
        N_("Usual cut-off hour"),
        N_("A new round proposes this hour."),
        unit=N_("o'clock"),
        least=0,
        most=23,
    )
    many_units: int = _setting(
        50,
        Kind.WHOLE,
        ORDERS,
        N_("Ask back from this many"),
        N_("An order line of so many sale units or more is marked for a second look."),
        unit=N_("units"),
        least=2,
        most=100000,
    )
    shop_position: str = _setting(
        "",
        Kind.TEXT,
        SUPPLY,
        N_("Position of the shop"),
        N_("Latitude and longitude, like 30.27415, 120.15515. Distances are reckoned from here."),
        practice="R1",
    )
    local_radius_km: int = _setting(
        30,
        Kind.WHOLE,
        SUPPLY,
        N_("Local within"),
        N_("Suppliers nearer than this count as local; one farther away needs a reason."),
        unit=N_("km"),
        least=1,
        most=5000,
        practice="R1",
    )
    agreement_first_warning: int = _setting(
        30,
        Kind.WHOLE,
        SUPPLY,
        N_("First warning before an agreement ends"),
        N_("Today says so this many days before, and again on the last day."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R2",
    )
    agreement_second_warning: int = _setting(
        7,
        Kind.WHOLE,
        SUPPLY,
        N_("Second warning before an agreement ends"),
        N_("Today says so this many days before, and again on the last day."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R2",
    )
    paper_first_warning: int = _setting(
        60,
        Kind.WHOLE,
        SUPPLY,
        N_("First warning before a paper expires"),
        N_("Licences and certificates of suppliers; Today says so this many days before."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R9",
    )
    paper_second_warning: int = _setting(
        30,
        Kind.WHOLE,
        SUPPLY,
        N_("Second warning before a paper expires"),
        N_("Licences and certificates of suppliers; Today says so this many days before."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R9",
    )
    paper_last_warning: int = _setting(
        7,
        Kind.WHOLE,
        SUPPLY,
        N_("Last warning before a paper expires"),
        N_("Licences and certificates of suppliers; Today says so this many days before."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R9",
    )
    test_fresh_days: int = _setting(
        90,
        Kind.WHOLE,
        SUPPLY,
        N_("A test report is fresh for"),
        N_("Older reports are called old, on Today and beside the goods."),
        unit=N_("days"),
        least=1,
        most=3650,
        practice="R8",
    )
    spoil_warning_days: int = _setting(
        1,
        Kind.WHOLE,
        SUPPLY,
        N_("Warn of goods that end soon"),
        N_("Batches with so many days left or fewer stand on the Today page."),
        unit=N_("days"),
        least=0,
        most=60,
        practice="R6",
    )
    plan_weekdays: tuple[int, ...] = _setting(
        (0, 2, 4),
        Kind.WEEKDAYS,
        SUPPLY,
        N_("Days on which staples come"),
        N_("The plan says what to buy for each of these days. Small lots, often."),
        practice="R5",
    )
    plan_weeks: int = _setting(
        16,
        Kind.WHOLE,
        SUPPLY,
        N_("The plan looks back"),
        N_("So many weeks say how a week's sales are spread over its days."),
        unit=N_("weeks"),
        least=2,
        most=26,
        practice="R5",
    )
    plan_level_weeks: int = _setting(
        4,
        Kind.WHOLE,
        SUPPLY,
        N_("How much a week sells: from the last"),
        N_("Fewer follow the season sooner, more are less led by chance."),
        unit=N_("weeks"),
        least=1,
        most=26,
        practice="R5",
    )
    plan_safety_percent: int = _setting(
        15,
        Kind.WHOLE,
        SUPPLY,
        N_("Safety on top of the expected"),
        N_("Bought beyond what is expected until the next delivery."),
        unit=N_("%"),
        least=0,
        most=100,
        practice="R5",
    )
    plan_lead_days: int = _setting(
        1,
        Kind.WHOLE,
        SUPPLY,
        N_("Order ahead of a delivery day"),
        N_("Today asks for the order so many days before the goods should come."),
        unit=N_("days"),
        least=0,
        most=6,
        practice="R5",
    )
    trend_percent: int = _setting(
        15,
        Kind.WHOLE,
        SUPPLY,
        N_("Rising or falling from"),
        N_("The last two weeks against the four before; less is called stable."),
        unit=N_("%"),
        least=1,
        most=100,
        practice="R4",
    )
    slow_percent: int = _setting(
        50,
        Kind.WHOLE,
        SUPPLY,
        N_("Slow below"),
        N_(
            "A day is slow when less than this share of what was prepared was sold; "
            "exactly so much is not slow."
        ),
        unit=N_("%"),
        least=1,
        most=100,
        practice="R6",
    )
    slow_days: int = _setting(
        3,
        Kind.WHOLE,
        SUPPLY,
        N_("Slow mover after"),
        N_("So many slow trading days one after the other make a slow mover."),
        unit=N_("days"),
        least=1,
        most=30,
        practice="R6",
    )
    slow_early_days: int = _setting(
        2,
        Kind.WHOLE,
        SUPPLY,
        N_("Early notice after"),
        N_("So many slow trading days one after the other are pointed out before it is one."),
        unit=N_("days"),
        least=1,
        most=30,
        practice="R6",
    )
    shortage_split: str = _setting(
        "proportional",
        Kind.CHOICE,
        SUPPLY,
        N_("When too little came"),
        N_("How a shortage is shared out unless another way is chosen on the spot."),
        choices=(
            ("proportional", N_("Everybody the same share of what they ordered")),
            ("equal", N_("Everybody up to the same quantity")),
            ("first_come", N_("Who ordered first gets all")),
        ),
        practice="E6",
    )
    label_reorder_at: int = _setting(
        200,
        Kind.WHOLE,
        SUPPLY,
        N_("Print labels again below"),
        N_("With fewer of the community's own labels left, the label page and Today say so."),
        unit=N_("labels"),
        least=0,
        most=100000,
        practice="R3",
    )
    largest_video_mb: int = _setting(
        100,
        Kind.WHOLE,
        SUPPLY,
        N_("Largest video"),
        N_("A larger one is refused; record shorter or with less detail, or raise this."),
        unit=N_("MB"),
        least=10,
        most=2000,
        practice="R8",
    )
    keep_after_expiry_months: int = _setting(
        6,
        Kind.WHOLE,
        SUPPLY,
        N_("Keep purchase records after the shelf life"),
        N_("The law asks for six months after it ends (food safety law, sections 50 and 53)."),
        unit=N_("months"),
        least=6,
        most=120,
        practice="R9",
    )
    keep_without_expiry_months: int = _setting(
        24,
        Kind.WHOLE,
        SUPPLY,
        N_("Keep purchase records without a shelf life"),
        N_("The law asks for two years (food safety law, section 50)."),
        unit=N_("months"),
        least=24,
        most=120,
        practice="R9",
    )
    keep_produce_months: int = _setting(
        6,
        Kind.WHOLE,
        SUPPLY,
        N_("Keep purchase records of farm produce"),
        N_("The law asks for six months after buying (food safety law, section 65)."),
        unit=N_("months"),
        least=6,
        most=120,
        practice="R8",
    )
    round_off: str = _setting(
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
    cost_days: int = _setting(
        30,
        Kind.WHOLE,
        TRUST,
        N_("Costs are read from the last"),
        N_("So many days of the books say what a product costs where the month is not chosen."),
        unit=N_("days"),
        least=7,
        most=366,
        practice="R20",
    )
    compared_price_days: int = _setting(
        7,
        Kind.WHOLE,
        TRUST,
        N_("A price set beside another"),
        N_("It may not be higher than the lowest one really charged in so many days before."),
        unit=N_("days"),
        least=7,
        most=90,
        practice="R20",
    )
    demand_hours: int = _setting(
        72,
        Kind.WHOLE,
        TRUST,
        N_("A wish is on offer or answered within"),
        N_("Counted from the first resident who asked, around the clock."),
        unit=N_("hours"),
        least=1,
        most=720,
        practice="R16",
    )
    demand_warning_hours: int = _setting(
        24,
        Kind.WHOLE,
        TRUST,
        N_("Warn of a wish that runs out"),
        N_("Wishes with so many hours left or fewer turn amber."),
        unit=N_("hours"),
        least=0,
        most=240,
        practice="R16",
    )
    similar_percent: int = _setting(
        60,
        Kind.WHOLE,
        TRUST,
        N_("Wishes are suggested as the same from"),
        N_("How alike two wishes must be written. Nothing is ever merged by itself."),
        unit="%",
        least=30,
        most=100,
        practice="R15",
    )
    demand_bought_days: int = _setting(
        14,
        Kind.WHOLE,
        TRUST,
        N_("Count who bought what they wished for"),
        N_("Orders within so many days of the offer count."),
        unit=N_("days"),
        least=1,
        most=90,
        practice="R18",
    )
    wish_box: bool = _setting(
        True,
        Kind.YES_NO,
        TRUST,
        N_("Residents can send a wish from the light page"),
        N_("Without an account. A person reads it first; nothing appears anywhere by itself."),
        practice="R15",
    )
    wishes_per_hour: int = _setting(
        5,
        Kind.WHOLE,
        TRUST,
        N_("Wishes from one connection"),
        N_("More within an hour are asked to wait."),
        unit=N_("an hour"),
        least=1,
        most=100,
        practice="R15",
    )
    most_waiting_wishes: int = _setting(
        200,
        Kind.WHOLE,
        TRUST,
        N_("Wishes waiting to be read"),
        N_("When so many wait, the page asks residents to write in the group instead."),
        least=10,
        most=5000,
        practice="R15",
    )
    welfare_least: int = _setting(
        1,
        Kind.WHOLE,
        TRUST,
        N_("Welfare items a month, at least"),
        N_("None by two thirds of the month is said on the Today page."),
        least=0,
        most=20,
        practice="R19",
    )
    welfare_most: int = _setting(
        2,
        Kind.WHOLE,
        TRUST,
        N_("Welfare items a month, at most"),
        N_("More are marked as beyond plan, never blocked."),
        least=1,
        most=20,
        practice="R19",
    )
    welfare_budget: Money = _setting(
        Money(20000),
        Kind.MONEY,
        TRUST,
        N_("Welfare budget of a month"),
        N_("What the shop wants to give in all below cost."),
        practice="R19",
    )
    welfare_below_percent: int = _setting(
        10,
        Kind.WHOLE,
        TRUST,
        N_("Slightly below cost is at most"),
        N_("A welfare item further below its cost asks once more before it is offered."),
        unit="%",
        least=0,
        most=100,
        practice="R19",
    )
    activity_least: int = _setting(
        1,
        Kind.WHOLE,
        GROUP,
        N_("Activities a month, at least"),
        N_("None by two thirds of the month is said on the Today page."),
        least=0,
        most=20,
        practice="R12",
    )
    activity_most: int = _setting(
        2,
        Kind.WHOLE,
        GROUP,
        N_("Activities a month, at most"),
        N_("More are marked as beyond plan, never blocked."),
        least=1,
        most=20,
        practice="R12",
    )
    activity_order_days: int = _setting(
        7,
        Kind.WHOLE,
        GROUP,
        N_("Orders after an activity"),
        N_("What those who came ordered in so many days after it is shown."),
        unit=N_("days"),
        least=1,
        most=60,
        practice="R12",
    )
    topic_least: int = _setting(
        1,
        Kind.WHOLE,
        GROUP,
        N_("Topics a week, at least"),
        N_("None by two thirds of the week is said on the Today page."),
        least=0,
        most=14,
        practice="R14",
    )
    topic_most: int = _setting(
        2,
        Kind.WHOLE,
        GROUP,
        N_("Topics a week, at most"),
        N_("More are marked as beyond plan, never blocked."),
        least=1,
        most=14,
        practice="R14",
    )
    tip_repeat_days: int = _setting(
        60,
        Kind.WHOLE,
        GROUP,
        N_("A tip is not repeated within"),
        N_("The same tip is proposed again only after so many days."),
        unit=N_("days"),
        least=1,
        most=730,
        practice="R13",
    )
    nudge_percent: int = _setting(
        66,
        Kind.WHOLE,
        GROUP,
        N_("Nudge when nothing was done by"),
        N_("Of the month or week: activities, welfare items, topics. 66 percent is two thirds."),
        unit="%",
        least=1,
        most=100,
        practice="R12",
    )
    message_bytes: int = _setting(
        2000,
        Kind.WHOLE,
        GROUP,
        N_("Longest message"),
        N_("Longer texts are cut into several. A WeCom robot takes 2,048 bytes."),
        unit=N_("bytes"),
        least=200,
        most=20000,
        practice="E17",
    )
    message_tries: int = _setting(
        5,
        Kind.WHOLE,
        GROUP,
        N_("A robot tries again"),
        N_("So many times in all, each time after a longer wait; then it is shown as failed."),
        unit=N_("times"),
        least=1,
        most=20,
        practice="E17",
    )
    message_timeout_seconds: int = _setting(
        8,
        Kind.WHOLE,
        GROUP,
        N_("A robot is waited for"),
        N_("Then the try counts as failed."),
        unit=N_("seconds"),
        least=1,
        most=60,
        practice="E17",
    )
    robot_messages_per_minute: int = _setting(
        20,
        Kind.WHOLE,
        GROUP,
        N_("Messages a robot may send"),
        N_("The rest waits for the next minute. WeCom allows 20."),
        unit=N_("a minute"),
        least=1,
        most=600,
        practice="E17",
    )
    till_float: Money = _setting(
        Money(20000),
        Kind.MONEY,
        MONEY,
        N_("Change in the till"),
        N_("The cash that lies in the till in the morning; the cash-up starts from it."),
    )
    unpaid_after_days: int = _setting(
        2,
        Kind.WHOLE,
        MONEY,
        N_("Remind of unpaid orders after"),
        N_("Orders unpaid this long after the pickup day stand on the Today page in red."),
        unit=N_("days"),
        least=0,
        most=60,
    )
    freshness_bag: bool = _setting(
        True,
        Kind.YES_NO,
        PACKAGING,
        N_("Freshness bag for fresh goods"),
        N_("Prints a tick box on the pack slip."),
        practice="R25",
    )
    ice_pack: bool = _setting(
        True,
        Kind.YES_NO,
        PACKAGING,
        N_("Ice pack for fresh goods"),
        N_("Prints a tick box on the pack slip in the warm months."),
        practice="R25",
    )
    ice_pack_from_month: int = _setting(
        5,
        Kind.WHOLE,
        PACKAGING,
        N_("Ice packs from month"),
        N_("First month of the warm season."),
        least=1,
        most=12,
        practice="R25",
    )
    ice_pack_to_month: int = _setting(
        10,
        Kind.WHOLE,
        PACKAGING,
        N_("Ice packs to month"),
        N_("Last month of the warm season."),
        least=1,
        most=12,
        practice="R25",
    )
    bubble_wrap: bool = _setting(
        True,
        Kind.YES_NO,
        PACKAGING,
        N_("Bubble wrap for fragile goods"),
        N_("Prints a tick box on the pack slip."),
        practice="R25",
    )
    freshness_bag_cost: Money = _setting(
        Money(0),
        Kind.MONEY,
        PACKAGING,
        N_("What a freshness bag costs"),
        N_("One per order with fresh goods; stands in the cost sheet as packaging."),
        practice="R25",
    )
    ice_pack_cost: Money = _setting(
        Money(0),
        Kind.MONEY,
        PACKAGING,
        N_("What an ice pack costs"),
        N_("One per order with fresh goods in the warm months; stands in the cost sheet."),
        practice="R25",
    )
    bubble_wrap_cost: Money = _setting(
        Money(0),
        Kind.MONEY,
        PACKAGING,
        N_("What bubble wrap costs"),
        N_("Once per order with fragile goods; stands in the cost sheet as packaging."),
        practice="R25",
    )
    staff_may_see_cost: bool = _setting(
        False,
        Kind.YES_NO,
        PEOPLE,
        N_("Staff may see purchase cost"),
        N_("Off: purchase prices and margins are shown to the owner only."),
        practice="E14",
    )
    session_idle_hours: int = _setting(
        12,
        Kind.WHOLE,
        PEOPLE,
        N_("Sign out after idle"),
        N_("A browser not used this long has to sign in again. An unfinished paste is kept."),
        unit=N_("hours"),
        least=1,
        most=168,
    )
    session_days: int = _setting(
        30,
        Kind.WHOLE,
        PEOPLE,
        N_("Sign in again at least every"),
        N_("Even a browser in daily use signs in again after this time."),
        unit=N_("days"),
        least=1,
        most=90,
    )

    def slot(self, key: str | None) -> Slot | None:
        """Return the slot called ``key``; None when there is none."""
        return next((slot for slot in self.slots if slot.key == key), None)


def about(name: str) -> About:
    """Return what the settings page says of ``name``; raises ``KeyError`` for an unknown one."""
    described: About = Settings.__dataclass_fields__[name].metadata["about"]
    return described


def load(connection: Connection) -> Settings:
    """Return the settings as stored, defaults where nothing is."""
    known = {item.name for item in fields(Settings)}
    rows = connection.execute(select(schema.setting.c.name, schema.setting.c.value))
    return from_values({name: value for name, value in rows if name in known})


def from_values(values: Mapping[str, Any]) -> Settings:
    """Return settings from their stored JSON ``values``."""
    read = {name: _from_json(about(name).kind, value) for name, value in values.items()}
    return replace(Settings(), **read)


def to_json(name: str, value: Any) -> Any:
    """Return ``value`` of setting ``name`` as it is stored."""
    kind = about(name).kind
    if kind is Kind.MONEY:
        return value.fen
    if kind is Kind.SLOTS:
        return [[slot.key, slot.name, f"{slot.start:%H:%M}", f"{slot.end:%H:%M}"] for slot in value]
    if kind is Kind.WEEKDAYS:
        return list(value)
    return value


def _from_json(kind: Kind, value: Any) -> Any:
    if kind is Kind.MONEY:
        return Money(value)
    if kind is Kind.SLOTS:
        return tuple(
            Slot(key, name, time.fromisoformat(start), time.fromisoformat(end))
            for key, name, start, end in value
        )
    if kind is Kind.WEEKDAYS:
        return tuple(value)
    return value


def checked(name: str, value: Any) -> Any:
    """Return ``value`` if setting ``name`` may have it; raises ``Refused`` with what is wrong."""
    this = about(name)
    if this.kind is Kind.WHOLE:
        _check_bounds(this, value)
    elif this.kind is Kind.MONEY and value.fen < 0:
        raise Refused(N_("An amount cannot be negative."))
    elif this.kind is Kind.CHOICE and value not in dict(this.choices):
        raise Refused(N_("Choose one of the offered values."))
    elif this.kind is Kind.SLOTS:
        _check_slots(value)
    elif this.kind is Kind.WEEKDAYS:
        return _checked_weekdays(value)
    elif name == "shop_position" and value:
        return Position.parse(value).said
    elif name == "public_address" and value and not _ADDRESS.fullmatch(value):
        raise Refused(N_("Write the address like https://shop.example.cn, without a path."))
    elif name == "time_zone" and value not in available_timezones():
        raise Refused(
            N_("{name} is not a time zone. Write it like Asia/Shanghai."), name=value or "?"
        )
    return value


def _check_bounds(this: About, value: int) -> None:
    least, most = this.least, this.most
    if (least is not None and value < least) or (most is not None and value > most):
        raise Refused(N_("The value must lie between {least} and {most}."), least=least, most=most)


def _checked_weekdays(days: tuple[int, ...]) -> tuple[int, ...]:
    if not days:
        raise Refused(N_("Choose at least one day of the week."))
    return tuple(sorted(set(days)))


def _check_slots(slots: tuple[Slot, ...]) -> None:
    if not slots:
        raise Refused(N_("Keep at least one pickup slot."))
    ordered = sorted(slots, key=lambda slot: slot.start)
    for slot in ordered:
        if slot.start >= slot.end:
            raise Refused(N_("The slot {name} ends before it begins."), name=slot.name)
    for earlier, later in pairwise(ordered):
        if later.start < earlier.end:
            raise Refused(
                N_("The slots {one} and {other} overlap."), one=earlier.name, other=later.name
            )
