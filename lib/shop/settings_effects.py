"""What a setting means in one sentence with its own figures. Pure."""

from collections.abc import Callable
from datetime import date

from lib.kernel.money import Money
from lib.kernel.months import months_later
from lib.kernel.words import N_
from lib.shop.settings import Settings
from lib.shop.settings_effects_after_sales import EFFECTS as _AFTER_SALES
from lib.shop.settings_effects_case_door import EFFECTS as _CASE_DOOR
from lib.shop.settings_effects_costs import EFFECTS as _COSTS
from lib.shop.settings_effects_delivery import EFFECTS as _DELIVERY
from lib.shop.settings_effects_demands import EFFECTS as _DEMANDS
from lib.shop.settings_effects_group import EFFECTS as _GROUP
from lib.shop.settings_effects_ledger import EFFECTS as _LEDGER
from lib.shop.settings_effects_members import EFFECTS as _MEMBERS
from lib.shop.settings_effects_messages import EFFECTS as _MESSAGES
from lib.shop.settings_effects_packing import EFFECTS as _PACKING
from lib.shop.settings_effects_pickup import EFFECTS as _PICKUP
from lib.shop.settings_effects_prices import PRICES as _PRICES
from lib.shop.settings_effects_remedies import EFFECTS as _REMEDIES
from lib.shop.settings_effects_welfare import EFFECTS as _WELFARE
from lib.shop.settings_effects_wishes import WISHES as _WISHES

Said = tuple[str, dict[str, object]]

_EXAMPLE_PRICE = Money(2588)
_NEARLY = Money(420)
_EXAMPLE_PREPARED = 20
_EXAMPLE_EXPECTED = 84
_KB_PER_SECOND_1080P, _KB_PER_SECOND_720P = 2100, 1000
"""What phones write in a second of film (H.264, 30 pictures a second)."""
_STEPS = {"none": 1, "jiao": 10, "yuan": 100}


def effect(settings: Settings, name: str) -> Said | None:
    """Return a msgid and its values that say what setting ``name`` does now.

    None where the explanation says it all. Amounts among the values are :class:`Money`.
    """
    maker = _EFFECTS.get(name)
    return maker(settings) if maker else None


def _delivery(settings: Settings) -> Said | None:
    free_from = settings.delivery_free_from
    if settings.delivery_fee_mode == "shop_pays" or not settings.delivery_fee:
        return N_("Every order is delivered free of charge; the shop pays."), {}
    if free_from <= _NEARLY:
        return N_("Orders of {amount} or more are delivered free of charge."), {"amount": free_from}
    return (
        N_("An order of {order}: {more} more for free delivery, otherwise {fee} are added."),
        {"order": free_from - _NEARLY, "more": _NEARLY, "fee": settings.delivery_fee},
    )


def _rounding(settings: Settings) -> Said:
    step = _STEPS[settings.round_off]
    paid = Money(_EXAMPLE_PRICE.fen // step * step)
    return (
        N_("An order of {order} paid in cash: {paid}."),
        {"order": _EXAMPLE_PRICE, "paid": paid},
    )


def _cut_off(settings: Settings) -> Said:
    return (
        N_("A round opened in the morning proposes to close at {hour}:00."),
        {"hour": f"{settings.usual_cut_off_hour:02}"},
    )


def _slots(settings: Settings) -> Said:
    hours = sum(
        (slot.end.hour * 60 + slot.end.minute) - (slot.start.hour * 60 + slot.start.minute)
        for slot in settings.slots
    )
    return (
        N_("The pickup desk is open {hours} h {minutes} min a day in {count} slots."),
        {"hours": hours // 60, "minutes": f"{hours % 60:02}", "count": len(settings.slots)},
    )


def _ice(settings: Settings) -> Said | None:
    if not settings.ice_pack:
        return N_("No ice packs are printed on pack slips."), {}
    first, last = settings.ice_pack_from_month, settings.ice_pack_to_month
    months = (last - first) % 12 + 1
    return (
        N_("Ice packs from month {first} to month {last}: {months} months of the year."),
        {"first": first, "last": last, "months": months},
    )


def _plan_days(settings: Settings) -> Said:
    return (
        N_("{count} deliveries a week: the longest stretch to cover is {days} days."),
        {"count": len(settings.plan_weekdays), "days": _longest_stretch(settings.plan_weekdays)},
    )


def _longest_stretch(weekdays: tuple[int, ...]) -> int:
    following = (*weekdays[1:], weekdays[0] + 7)
    return max(after - day for day, after in zip(weekdays, following, strict=True))


def _plan_weeks(settings: Settings) -> Said:
    return (
        N_("How much of a week falls on a Monday rests on the last {count} Mondays."),
        {"count": settings.plan_weeks},
    )


def _plan_level(settings: Settings) -> Said:
    if settings.plan_level_weeks >= settings.plan_weeks:
        return (
            N_("What is expected is the plain mean of {count} weeks."),
            {"count": settings.plan_weeks},
        )
    return (
        N_("How much is expected in all rests on the last {count} days, sold-out ones left out."),
        {"count": settings.plan_level_weeks * 7},
    )


def _plan_safety(settings: Settings) -> Said:
    safety = -(-_EXAMPLE_EXPECTED * settings.plan_safety_percent // 100)
    return (
        N_("Expected {expected} until the next delivery: {safety} more are bought for safety."),
        {"expected": _EXAMPLE_EXPECTED, "safety": safety},
    )


def _plan_lead(settings: Settings) -> Said:
    if settings.plan_lead_days == 0:
        return N_("Today asks for the order on the delivery day itself."), {}
    return (
        N_("For a delivery on day 10 of a month, Today asks from day {day} on."),
        {"day": 10 - settings.plan_lead_days},
    )


def _trend(settings: Settings) -> Said:
    return (
        N_("100 a week before: rising from {more} a week on, falling from {less} on."),
        {"more": 100 + settings.trend_percent, "less": 100 - settings.trend_percent},
    )


def _position(settings: Settings) -> Said | None:
    if settings.shop_position:
        return None
    return N_("Distances are not known until the position is set, or a distance is typed."), {}


def _radius(settings: Settings) -> Said:
    radius = settings.local_radius_km
    return (
        N_("A supplier at {radius} km is local; one at {beyond} km needs a reason."),
        {"radius": radius, "beyond": f"{radius}.1"},
    )


def _agreement(settings: Settings) -> Said:
    return (
        N_(
            "An agreement is warned of {first} and {second} days before its end, on its last day, "
            "and after it until another one follows."
        ),
        {"first": settings.agreement_first_warning, "second": settings.agreement_second_warning},
    )


def _paper(settings: Settings) -> Said:
    return (
        N_(
            "A paper is warned of {first}, {second} and {last} days before its end; from the day "
            "after, its supplier's goods say that it expired."
        ),
        {
            "first": settings.paper_first_warning,
            "second": settings.paper_second_warning,
            "last": settings.paper_last_warning,
        },
    )


def _spoiling(settings: Settings) -> Said:
    days = settings.spoil_warning_days
    if not days:
        return N_("A batch is pointed out on its last day and after it."), {}
    return N_("A batch is pointed out from {days} days before its end on."), {"days": days}


def _labels(settings: Settings) -> Said:
    if not settings.label_reorder_at:
        return N_("Nothing reminds you of printing labels until more were used than printed."), {}
    return (
        N_("With {count} labels left nothing is said, with one fewer: print again."),
        {"count": settings.label_reorder_at},
    )


def _slow_share(settings: Settings) -> Said:
    enough = -(-_EXAMPLE_PREPARED * settings.slow_percent // 100)
    return (
        N_("Of {prepared} prepared, {less} sold is slow and {enough} sold is not."),
        {"prepared": _EXAMPLE_PREPARED, "less": enough - 1, "enough": enough},
    )


def _slow_days(settings: Settings) -> Said:
    early, days = settings.slow_early_days, settings.slow_days
    if early >= days:
        return N_("Slow movers are shown from day {days} on; there is no early notice."), {
            "days": days
        }
    return (
        N_("Pointed out from slow day {early} on, a slow mover from slow day {days} on."),
        {"early": early, "days": days},
    )


_SHORT_EXAMPLES = {
    "proportional": (4, 2, 0),
    "equal": (3, 2, 1),
    "first_come": (6, 0, 0),
}
"""How 6 are shared out among those who ordered 6, 3 and 1; a test compares it with the rule."""


def _shortage(settings: Settings) -> Said:
    first, second, third = _SHORT_EXAMPLES[settings.shortage_split]
    return (
        N_("6 came; 6, 3 and 1 were ordered: {first}, {second} and {third} are given."),
        {"first": first, "second": second, "third": third},
    )


_EXAMPLE_DAY = date(2026, 8, 31)


def _kept(name: str, sentence: str) -> Callable[[Settings], Said]:
    def said(settings: Settings) -> Said:
        until = months_later(_EXAMPLE_DAY, getattr(settings, name))
        return sentence, {"day": _EXAMPLE_DAY.isoformat(), "until": until.isoformat()}

    return said


def _video(settings: Settings) -> Said:
    return (
        N_("About {high} seconds of film in full detail (1080p), or {low} seconds in 720p."),
        {
            "high": settings.largest_video_mb * 1000 // _KB_PER_SECOND_1080P,
            "low": settings.largest_video_mb * 1000 // _KB_PER_SECOND_720P,
        },
    )


def _tests(settings: Settings) -> Said:
    return (
        N_("A report of {days} days ago is fresh, one of {more} days ago is old."),
        {"days": settings.test_fresh_days, "more": settings.test_fresh_days + 1},
    )


_EFFECTS: dict[str, Callable[[Settings], Said | None]] = {
    **_COSTS,
    **_DELIVERY,
    **_DEMANDS,
    **_GROUP,
    **_LEDGER,
    **_MEMBERS,
    **_MESSAGES,
    **_PICKUP,
    **_AFTER_SALES,
    **_CASE_DOOR,
    **_PACKING,
    **_PRICES,
    **_REMEDIES,
    **_WISHES,
    **_WELFARE,
    "delivery_fee": _delivery,
    "round_off": _rounding,
    "usual_cut_off_hour": _cut_off,
    "slots": _slots,
    "ice_pack_to_month": _ice,
    "largest_video_mb": _video,
    "test_fresh_days": _tests,
    "shop_position": _position,
    "local_radius_km": _radius,
    "agreement_second_warning": _agreement,
    "paper_last_warning": _paper,
    "plan_weekdays": _plan_days,
    "plan_weeks": _plan_weeks,
    "plan_level_weeks": _plan_level,
    "plan_safety_percent": _plan_safety,
    "plan_lead_days": _plan_lead,
    "trend_percent": _trend,
    "slow_percent": _slow_share,
    "slow_early_days": _slow_days,
    "spoil_warning_days": _spoiling,
    "label_reorder_at": _labels,
    "shortage_split": _shortage,
    "keep_after_expiry_months": _kept(
        "keep_after_expiry_months", N_("Best before {day}: the record is kept until {until}.")
    ),
    "keep_without_expiry_months": _kept(
        "keep_without_expiry_months", N_("Bought on {day}: the record is kept until {until}.")
    ),
    "keep_produce_months": _kept(
        "keep_produce_months", N_("Bought on {day}: the record is kept until {until}.")
    ),
}
