"""What is due about members as cards of the Today page (R33-R37)."""

from collections.abc import Sequence
from datetime import date

from lib.kernel.festivals import FESTIVAL_NAMES
from lib.members.clean_up.queries import CleanUpDue
from lib.members.gifts.festivals.rules import Ahead
from lib.members.gifts.queries import Celebration, GiftsDue
from lib.members.gifts.rules import STATES, State
from lib.members.habits.seen.queries import HabitsDue
from lib.members.points.queries import PointsDue
from lib.members.rewards.queries import RewardsDue
from lib.service.today.members import MembersDue
from lib.shop.shop import Shop
from lib.ui import show
from lib.ui.today import Card
from lib.ui.today_supply import named
from lib.ui.words import _


def cards(shop: Shop, due: MembersDue) -> list[Card]:
    """Return what is due about members, in no order of urgency."""
    return [
        *_birthdays(shop, due.gifts.birthdays),
        *_festivals(shop, due.gifts.festivals),
        *_gifts(due.gifts),
        *_coupons(shop, due.rewards),
        *_points(due.points),
        *_missed(shop, due.habits),
        *_clean_up(due.clean_up),
    ]


def _birthdays(shop: Shop, found: Sequence[Celebration]) -> list[Card]:
    """One card for all birthdays ahead: the first day, and who."""
    if not found:
        return []
    first = found[0].upcoming.day
    late = any(one.state is State.NOT_READY for one in found)
    planned = sum(one.gift is not None for one in found)
    return [
        Card(
            value=_("{count} birthdays").format(count=len(found)),
            label=f"{named(one.upcoming.name for one in found)} · {_days_to(shop, first)}",
            state="late" if late else "soon",
            says=_("a gift is not ready")
            if late
            else _("{count} gifts planned").format(count=planned),
            page="gifts",
            link=_("To the gifts"),
        )
    ]


def _festivals(shop: Shop, found: Sequence[Ahead]) -> list[Card]:
    return [
        Card(
            value=_(FESTIVAL_NAMES[one.festival_day.festival]),
            label=_("{when}, {count} households").format(
                when=_days_to(shop, one.festival_day.day), count=one.left
            ),
            state="late" if one.state is State.NOT_READY else "soon",
            says=_(STATES[one.state]),
            page="gifts",
            link=_("To the gifts"),
        )
        for one in found
    ]


def _days_to(shop: Shop, day: date) -> str:
    days = (day - shop.today).days
    if days <= 1:
        return show.day(day, shop)
    return _("{day}, in {count} days").format(day=show.day(day, shop), count=days)


def _gifts(due: GiftsDue) -> list[Card]:
    found = []
    if due.late:
        found.append(
            Card(
                value=_("{count} gifts").format(count=due.late),
                label=_("Planned gifts whose day is over"),
                state="late",
                says=_("give them, or give them up"),
                page="gifts",
                link=_("To the gifts"),
            )
        )
    if due.to_buy:
        found.append(
            Card(
                value=_("{count} goods").format(count=due.to_buy),
                label=_("Not enough of them for the gifts planned"),
                state="soon",
                says=_("buy in time"),
                page="gifts",
                link=_("What is missing"),
            )
        )
    return found


def _coupons(shop: Shop, due: RewardsDue) -> list[Card]:
    if not due.coupons:
        return []
    first = due.expiring[0].coupon.valid_until
    return [
        Card(
            value=_("{count} coupons").format(count=due.coupons),
            label=_("worth {value}, of {names}").format(
                value=show.money(due.value), names=named(one.name for one in due.expiring)
            ),
            state="soon",
            says=_("the first runs out {day}").format(day=show.day(first, shop)),
            page="rewards",
            link=_("To the coupons"),
        )
    ]


def _points(due: PointsDue) -> list[Card]:
    found = []
    if due.settling_soon:
        found.append(
            Card(
                value=_("{count} orders").format(count=due.settling_soon),
                label=_("Their points become available today or tomorrow"),
                state="good",
                says=_("by themselves"),
                page="rewards",
                link=_("To the points"),
            )
        )
    if due.waiting or due.owed_members:
        parts = []
        if due.waiting:
            parts.append(_("{count} orders wait beyond their time").format(count=due.waiting))
        if due.owed_members:
            parts.append(_("{count} residents owe points").format(count=due.owed_members))
        found.append(
            Card(
                value=_("Points"),
                label="；".join(parts) if len(parts) > 1 else parts[0],
                state="quiet",
                says=_("look why"),
                page="rewards",
                link=_("To the points"),
            )
        )
    return found


def _missed(shop: Shop, due: HabitsDue) -> list[Card]:
    found = []
    if due.missed:
        found.append(
            Card(
                value=_("{count} missed").format(count=due.missed),
                label=named(due.names),
                state="soon",
                says=_("not here for twice their usual time")
                if shop.settings.missed_after_gaps == 2
                else _("not here for {count} times their usual time").format(
                    count=shop.settings.missed_after_gaps
                ),
                page="members",
                link=_("Win them back"),
            )
        )
    if due.came_once:
        found.append(
            Card(
                value=_("{count} newcomers").format(count=due.came_once),
                label=_("were here once and not again yet"),
                state="quiet",
                says=_("say hello"),
                page="members",
                link=_("Who they are"),
            )
        )
    return found


def _clean_up(due: CleanUpDue | None) -> list[Card]:
    if due is None or not due.total:
        return []
    return [
        Card(
            value=_("{count} to clear").format(count=due.total),
            label=_("Personal data kept as long as it may be"),
            state="soon",
            says=_("the clean-up of this month"),
            page="privacy",
            link=_("See what it does"),
        )
    ]
