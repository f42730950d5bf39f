"""Points, rewards, birthdays, festivals, preferences, personal data (mission, part D)."""

from dataclasses import dataclass

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.settings.described import MEMBERS, PRIVACY, Kind, setting


@dataclass(frozen=True)
class MemberSettings:
    """Settings of members and their data."""

    points_per_yuan: int = setting(
        1,
        Kind.WHOLE,
        MEMBERS,
        N_("Points for each yuan paid"),
        N_(
            "What is proposed when points begin and when their rule is changed. The rule itself "
            "stands on the page of rewards: it is a promise and changes for the future only."
        ),
        unit=N_("points"),
        least=0,
        most=100,
        practice="R36",
    )
    reward_goods_points: int = setting(
        100,
        Kind.WHOLE,
        MEMBERS,
        N_("Points for goods"),
        N_("What is proposed for a reward of goods, such as eggs."),
        unit=N_("points"),
        least=1,
        most=100_000,
        practice="R37",
    )
    reward_goods_grams: int = setting(
        500,
        Kind.WHOLE,
        MEMBERS,
        N_("Goods for these points"),
        N_("What is proposed for goods sold by weight; of others it is one sale unit."),
        unit=N_("g"),
        least=1,
        most=100_000,
        practice="R37",
    )
    reward_coupon_points: int = setting(
        200,
        Kind.WHOLE,
        MEMBERS,
        N_("Points for a coupon"),
        N_("What is proposed for a reward that is a coupon."),
        unit=N_("points"),
        least=1,
        most=100_000,
        practice="R37",
    )
    reward_coupon_value: Money = setting(
        Money(1000),
        Kind.MONEY,
        MEMBERS,
        N_("Value of the coupon"),
        N_("What is proposed; from which order on it holds is set when it is first offered."),
        practice="R37",
    )
    coupon_valid_days: int = setting(
        90,
        Kind.WHOLE,
        MEMBERS,
        N_("A coupon is valid for"),
        N_("What is proposed. A coupon that was issued keeps its day."),
        unit=N_("days"),
        least=1,
        most=1000,
        practice="R37",
    )
    coupon_notice_days: int = setting(
        7,
        Kind.WHOLE,
        MEMBERS,
        N_("Tell of coupons before they expire"),
        N_("So long before, Today shows them."),
        unit=N_("days"),
        least=0,
        most=90,
        practice="R37",
    )
    gift_first_notice_days: int = setting(
        7,
        Kind.WHOLE,
        MEMBERS,
        N_("Look ahead to birthdays and festivals"),
        N_("So long before, Today and the list of gifts show them: time to buy the gift."),
        unit=N_("days"),
        least=1,
        most=60,
        practice="R34",
    )
    gift_last_notice_days: int = setting(
        1,
        Kind.WHOLE,
        MEMBERS,
        N_("Remind once more before the day"),
        N_("A gift that is not ready then is marked as late."),
        unit=N_("days"),
        least=0,
        most=30,
        practice="R34",
    )
    birthday_gift_budget: Money = setting(
        Money(1500),
        Kind.MONEY,
        MEMBERS,
        N_("A birthday gift costs at most"),
        N_("Suggestions stay below; more asks first."),
        practice="R34",
    )
    festival_gift_budget: Money = setting(
        Money(500),
        Kind.MONEY,
        MEMBERS,
        N_("A festival gift costs at most"),
        N_("For each household. Suggestions stay below; more asks first."),
        practice="R35",
    )
    festival_household_days: int = setting(
        90,
        Kind.WHOLE,
        MEMBERS,
        N_("Households count for a festival"),
        N_("Those that ordered within so many days before."),
        unit=N_("days"),
        least=1,
        most=1000,
        practice="R35",
    )
    leap_month_birthday: str = setting(
        "ordinary",
        Kind.CHOICE,
        MEMBERS,
        N_("A lunar birthday in a leap month"),
        N_(
            "In a year without that leap month, and for a month that comes twice when nobody said "
            "which. A member may keep both."
        ),
        choices=(
            ("ordinary", N_("is kept in the ordinary month, the first of the two")),
            ("leap", N_("is kept in the leap month where the year has it")),
        ),
        practice="R34",
    )
    leap_day_birthday: str = setting(
        "before",
        Kind.CHOICE,
        MEMBERS,
        N_("A birthday on 29 February"),
        N_("In a year without that day."),
        choices=(
            ("before", N_("is kept on 28 February")),
            ("after", N_("is kept on 1 March")),
        ),
        practice="R34",
    )
    preference_orders: int = setting(
        3,
        Kind.WHOLE,
        MEMBERS,
        N_("Suggest a preference from"),
        N_("So many orders of the same thing; the suggestion says how many and since when."),
        unit=N_("orders"),
        least=2,
        most=50,
        practice="R33",
    )
    preference_days: int = setting(
        180,
        Kind.WHOLE,
        MEMBERS,
        N_("Look for preferences in the last"),
        N_("Older purchases say little of what somebody likes now."),
        unit=N_("days"),
        least=14,
        most=1000,
        practice="R33",
    )
    new_member_days: int = setting(
        30,
        Kind.WHOLE,
        MEMBERS,
        N_("A member is new for"),
        N_("Counted from the first visit."),
        unit=N_("days"),
        least=1,
        most=366,
        practice="R33",
    )
    missed_after_gaps: int = setting(
        2,
        Kind.WHOLE,
        MEMBERS,
        N_("A member is missed after"),
        N_("So many times the usual time between two visits without one."),
        unit=N_("times"),
        least=1,
        most=20,
        practice="R33",
    )
    missed_from_visits: int = setting(
        3,
        Kind.WHOLE,
        MEMBERS,
        N_("The usual time is known from"),
        N_("With fewer visits nobody can say what is usual."),
        unit=N_("visits"),
        least=2,
        most=50,
        practice="R33",
    )
    missed_until_days: int = setting(
        180,
        Kind.WHOLE,
        MEMBERS,
        N_("A member is no longer missed after"),
        N_("Who has stayed away so long left; the list stays short enough to be used."),
        unit=N_("days"),
        least=14,
        most=2000,
        practice="R33",
    )
    win_back_quiet_days: int = setting(
        30,
        Kind.WHOLE,
        MEMBERS,
        N_("A missed member is written to once in"),
        N_("Whoever wrote: within so many days nobody else does."),
        unit=N_("days"),
        least=1,
        most=366,
        practice="R33",
    )
    privacy_operator: str = setting(
        "",
        Kind.TEXT,
        PRIVACY,
        N_("Who is responsible for the data"),
        N_("Name on the licence, as the privacy notice says it. Empty: the name of the shop."),
        practice="R33",
    )
    privacy_contact: str = setting(
        "",
        Kind.TEXT,
        PRIVACY,
        N_("How residents reach you about their data"),
        N_("A phone number, a WeChat name or where to come. It stands on the privacy notice."),
        practice="R33",
    )
    keep_order_contact_months: int = setting(
        6,
        Kind.WHOLE,
        PRIVACY,
        N_("Names and homes on orders are kept for"),
        N_(
            "Counted from the end of the last order's after-sales window of a member who does not "
            "come any more; then the file is made anonymous. The books keep their sums."
        ),
        unit=N_("months"),
        least=1,
        most=120,
        practice="R33",
    )
    keep_birthday_months: int = setting(
        24,
        Kind.WHOLE,
        PRIVACY,
        N_("A birthday is kept without an order for"),
        N_("Or until the resident takes the consent back, whichever comes first."),
        unit=N_("months"),
        least=1,
        most=120,
        practice="R34",
    )
    keep_consent_months: int = setting(
        36,
        Kind.WHOLE,
        PRIVACY,
        N_("Proof of a consent is kept for"),
        N_("Counted from its end."),
        unit=N_("months"),
        least=6,
        most=120,
        practice="R33",
    )
    keep_source_text_months: int = setting(
        6,
        Kind.WHOLE,
        PRIVACY,
        N_("Pasted chains and messages are kept for"),
        N_("The text as it came in or went out; the orders read from it stay."),
        unit=N_("months"),
        least=1,
        most=120,
        practice="R33",
    )
    keep_opening_months: int = setting(
        12,
        Kind.WHOLE,
        PRIVACY,
        N_("Who opened a member's file is kept for"),
        N_("So that a resident who asks can be told."),
        unit=N_("months"),
        least=1,
        most=120,
        practice="R33",
    )
