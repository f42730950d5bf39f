"""What the settings of members and their data mean, with their own figures (R33-R37). Pure."""

from collections.abc import Callable
from datetime import date, timedelta

from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.kernel.words import N_
from lib.shop.settings import Settings

Said = tuple[str, dict[str, object]]

_ORDER = Money(3650)
_DAY = date(2026, 9, 25)
_GAP = 7


def _points(settings: Settings) -> Said:
    points = _ORDER.fen * settings.points_per_yuan // 100
    return (
        N_("An order paid with {order} gives {points} points."),
        {"order": _ORDER, "points": points},
    )


def _goods(settings: Settings) -> Said:
    return (
        N_("{points} points for {grams} g: that is {paid} paid in the shop."),
        {
            "points": settings.reward_goods_points,
            "grams": settings.reward_goods_grams,
            "paid": _paid_for(settings, settings.reward_goods_points),
        },
    )


def _coupon(settings: Settings) -> Said:
    value, points = settings.reward_coupon_value, settings.reward_coupon_points
    return (
        N_("{paid} paid in the shop give {value} back: {percent} %."),
        {
            "paid": _paid_for(settings, points),
            "value": value,
            "percent": f"{value.fen * settings.points_per_yuan / points:.1f}",
        },
    )


def _paid_for(settings: Settings, points: int) -> Money:
    each = max(settings.points_per_yuan, 1)
    return Money(-(-points * 100 // each))


def _valid(settings: Settings) -> Said:
    last = _DAY + timedelta(days=settings.coupon_valid_days)
    return (
        N_("A coupon given on {day} is valid through {last}."),
        {"day": _DAY.isoformat(), "last": last.isoformat()},
    )


def _ahead(settings: Settings) -> Said:
    first = _DAY - timedelta(days=settings.gift_first_notice_days)
    late = _DAY - timedelta(days=settings.gift_last_notice_days)
    return (
        N_("For {day} Today shows it from {first} on, and as late from {late} on."),
        {"day": _DAY.isoformat(), "first": first.isoformat(), "late": late.isoformat()},
    )


def _preference(settings: Settings) -> Said:
    return (
        N_("Bought in {count} of the orders of the last {days} days: it is suggested."),
        {"count": settings.preference_orders, "days": settings.preference_days},
    )


def _missed(settings: Settings) -> Said:
    return (
        N_("Who comes every {gap} days is missed after {days} days, until {last} days are over."),
        {
            "gap": _GAP,
            "days": _GAP * settings.missed_after_gaps,
            "last": settings.missed_until_days,
        },
    )


def _known(settings: Settings) -> Said:
    return (
        N_("Nobody with fewer than {count} visits is ever called missed."),
        {"count": settings.missed_from_visits},
    )


def _new(settings: Settings) -> Said:
    last = _DAY + timedelta(days=settings.new_member_days)
    return (
        N_("First here on {day}: new through {last}."),
        {"day": _DAY.isoformat(), "last": last.isoformat()},
    )


def _households(settings: Settings) -> Said:
    return (
        N_("For {day} the households that ordered since {first} count."),
        {
            "day": _DAY.isoformat(),
            "first": (_DAY - timedelta(days=settings.festival_household_days)).isoformat(),
        },
    )


def _kept(name: str) -> Callable[[Settings], Said]:
    def said(settings: Settings) -> Said:
        return (
            N_("What ended on {day} goes in the clean-up after {last}."),
            {
                "day": _DAY.isoformat(),
                "last": months_later(_DAY, getattr(settings, name)).isoformat(),
            },
        )

    return said


EFFECTS: dict[str, Callable[[Settings], Said]] = {
    "points_per_yuan": _points,
    "reward_goods_points": _goods,
    "reward_goods_grams": _goods,
    "reward_coupon_points": _coupon,
    "reward_coupon_value": _coupon,
    "coupon_valid_days": _valid,
    "gift_first_notice_days": _ahead,
    "gift_last_notice_days": _ahead,
    "festival_household_days": _households,
    "preference_orders": _preference,
    "preference_days": _preference,
    "new_member_days": _new,
    "missed_after_gaps": _missed,
    "missed_until_days": _missed,
    "missed_from_visits": _known,
    "keep_order_contact_months": _kept("keep_order_contact_months"),
    "keep_birthday_months": _kept("keep_birthday_months"),
    "keep_consent_months": _kept("keep_consent_months"),
    "keep_source_text_months": _kept("keep_source_text_months"),
    "keep_opening_months": _kept("keep_opening_months"),
}
