"""Open prices, welfare items, wishes, the group and its robots (mission, part B)."""

from dataclasses import dataclass

from lib.kernel.money import Money
from lib.kernel.words import N_
from lib.shop.settings.described import GROUP, TRUST, Kind, setting


@dataclass(frozen=True)
class TrustSettings:
    """Settings of trust."""

    cost_days: int = setting(
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
    compared_price_days: int = setting(
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
    demand_hours: int = setting(
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
    demand_warning_hours: int = setting(
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
    similar_percent: int = setting(
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
    demand_bought_days: int = setting(
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
    wish_box: bool = setting(
        True,
        Kind.YES_NO,
        TRUST,
        N_("Residents can send a wish from the light page"),
        N_("Without an account. A person reads it first; nothing appears anywhere by itself."),
        practice="R15",
    )
    wishes_per_hour: int = setting(
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
    most_waiting_wishes: int = setting(
        200,
        Kind.WHOLE,
        TRUST,
        N_("Wishes waiting to be read"),
        N_("When so many wait, the page asks residents to write in the group instead."),
        least=10,
        most=5000,
        practice="R15",
    )
    welfare_least: int = setting(
        1,
        Kind.WHOLE,
        TRUST,
        N_("Welfare items a month, at least"),
        N_("None by two thirds of the month is said on the Today page."),
        least=0,
        most=20,
        practice="R19",
    )
    welfare_most: int = setting(
        2,
        Kind.WHOLE,
        TRUST,
        N_("Welfare items a month, at most"),
        N_("More are marked as beyond plan, never blocked."),
        least=1,
        most=20,
        practice="R19",
    )
    welfare_budget: Money = setting(
        Money(20000),
        Kind.MONEY,
        TRUST,
        N_("Welfare budget of a month"),
        N_("What the shop wants to give in all below cost."),
        practice="R19",
    )
    welfare_below_percent: int = setting(
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
    activity_least: int = setting(
        1,
        Kind.WHOLE,
        GROUP,
        N_("Activities a month, at least"),
        N_("None by two thirds of the month is said on the Today page."),
        least=0,
        most=20,
        practice="R12",
    )
    activity_most: int = setting(
        2,
        Kind.WHOLE,
        GROUP,
        N_("Activities a month, at most"),
        N_("More are marked as beyond plan, never blocked."),
        least=1,
        most=20,
        practice="R12",
    )
    activity_order_days: int = setting(
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
    topic_least: int = setting(
        1,
        Kind.WHOLE,
        GROUP,
        N_("Topics a week, at least"),
        N_("None by two thirds of the week is said on the Today page."),
        least=0,
        most=14,
        practice="R14",
    )
    topic_most: int = setting(
        2,
        Kind.WHOLE,
        GROUP,
        N_("Topics a week, at most"),
        N_("More are marked as beyond plan, never blocked."),
        least=1,
        most=14,
        practice="R14",
    )
    tip_repeat_days: int = setting(
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
    nudge_percent: int = setting(
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
    message_bytes: int = setting(
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
    message_tries: int = setting(
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
    message_timeout_seconds: int = setting(
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
    robot_messages_per_minute: int = setting(
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
