"""When a round takes orders, and what it may offer. Pure.

A round is open while ``opens_at <= now < cut_off_at`` and nobody closed it early (E2). It is
collected on one pickup day, the day of its cut-off or a later one, never on a closed day.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lib.kernel.clock import at_local, local_day
from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.kernel.quantity import Unit
from lib.kernel.text import clean
from lib.kernel.words import N_
from lib.trade.products.rules import LARGEST_AMOUNT, check_price

LONGEST_TITLE = 40
LONGEST_NOTE = 300
MOST_OFFERS = 100
SHORTEST = timedelta(hours=1)
"""A proposed cut-off leaves residents at least this long."""
SOON = timedelta(hours=1)
"""From here on the countdown is shown as soon."""
FURTHEST = timedelta(days=60)
"""A cut-off further away is a slip in the date."""

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


class State(StrEnum):
    """What a round is at one moment."""

    PLANNED = "planned"
    OPEN = "open"
    CUT_OFF = "cut_off"
    CLOSED_EARLY = "closed_early"


STATE_NAMES = {
    State.PLANNED: N_("Not yet open"),
    State.OPEN: N_("Open for orders"),
    State.CUT_OFF: N_("Cut off"),
    State.CLOSED_EARLY: N_("Closed early"),
}


@dataclass(frozen=True)
class Times:
    """When a round opens and ends (UTC), and the shop's day of pickup."""

    opens_at: datetime
    cut_off_at: datetime
    pickup_day: date


@dataclass(frozen=True)
class Offered:
    """One product in a round at ``price`` per sale unit.

    ``household_limit`` and ``available`` are grams or sale units, None = no limit. ``compared`` is
    a price set beside it; ``basis`` says what that is where it is not computed, ``photo`` is the
    SHA-256 of a picture that proves it.
    """

    product_id: int
    price: Money
    household_limit: int | None = None
    available: int | None = None
    compared: Money | None = None
    basis: str = ""
    photo: str | None = None


def state_of(
    opens_at: datetime, cut_off_at: datetime, closed_at: datetime | None, now: datetime
) -> State:
    """Return the state at ``now``. A round closed early stays so after its cut-off."""
    if closed_at is not None and closed_at <= now:
        return State.CLOSED_EARLY
    if now >= cut_off_at:
        return State.CUT_OFF
    return State.OPEN if now >= opens_at else State.PLANNED


def time_left(cut_off_at: datetime, now: datetime) -> timedelta:
    """Return how long until the cut-off; zero when it is over."""
    return max(cut_off_at - now, timedelta(0))


def proposed_times(
    now: datetime, cut_off_hour: int, zone_name: str, closed_days: Collection[date]
) -> Times:
    """Return times for a round that opens ``now``.

    The cut-off is the next ``cut_off_hour`` on the shop's clock that leaves at least an hour;
    pickup is the first day after it that is not closed.
    """
    day = local_day(now, zone_name)
    cut_off = at_local(day, time(cut_off_hour), zone_name)
    while cut_off - now < SHORTEST:
        day += timedelta(days=1)
        cut_off = at_local(day, time(cut_off_hour), zone_name)
    return Times(now, cut_off, next_open_day(day + timedelta(days=1), closed_days))


def next_open_day(day: date, closed_days: Collection[date]) -> date:
    """Return ``day`` or the first day after it on which the shop hands out."""
    while day in closed_days:
        day += timedelta(days=1)
    return day


def check_times(
    times: Times, now: datetime, zone_name: str, closed_days: Collection[date]
) -> Times:
    """Return ``times`` if a round may have them from ``now`` on; raises ``Refused``."""
    if times.cut_off_at <= times.opens_at:
        raise Refused(N_("The cut-off must come after the opening."))
    check_cut_off(times.cut_off_at, now)
    if times.pickup_day < local_day(times.cut_off_at, zone_name):
        raise Refused(N_("Pickup cannot be before the day of the cut-off."))
    if times.pickup_day in closed_days:
        free = next_open_day(times.pickup_day, closed_days)
        raise Refused(
            N_("The shop is closed on {day}. The next open day is {free}."),
            day=times.pickup_day.isoformat(),
            free=free.isoformat(),
        )
    return times


def check_cut_off(cut_off_at: datetime, now: datetime) -> None:
    """Raise ``Refused`` for a cut-off that is over or absurdly far away."""
    if cut_off_at <= now:
        raise Refused(N_("The cut-off has already passed. Choose a later time."))
    if cut_off_at - now > FURTHEST:
        raise Refused(
            N_("The cut-off is more than {days} days away. Check the date."), days=FURTHEST.days
        )


def checked_title(title: str) -> str:
    """Return the title on one line; raises ``Refused`` when it is empty or too long."""
    kept = clean(title, 200)
    if not kept:
        raise Refused(N_("Give the round a title, for example 周三团."))
    if len(kept) > LONGEST_TITLE:
        raise Refused(N_("The title is longer than {count} characters."), count=LONGEST_TITLE)
    return kept


def checked_offers(offers: Iterable[Offered]) -> tuple[Offered, ...]:
    """Return ``offers`` as they may stand in a round; raises ``Refused`` with what is wrong."""
    chosen = tuple(offers)
    if not chosen:
        raise Refused(N_("Choose at least one product for the round."))
    if len(chosen) > MOST_OFFERS:
        raise Refused(N_("At most {count} products in one round."), count=MOST_OFFERS)
    if len({offer.product_id for offer in chosen}) < len(chosen):
        raise Refused(N_("A product can stand in a round only once."))
    for offer in chosen:
        check_offer(offer)
    return chosen


def check_offer(offer: Offered) -> None:
    """Raise ``Refused`` for a price or limit an offer cannot have.

    A limit per household above what there is in all cannot be kept and is refused too.
    """
    check_price(offer.price)
    if offer.compared is not None:
        check_price(offer.compared)
    for amount in (offer.household_limit, offer.available):
        if amount is not None and not 0 < amount <= LARGEST_AMOUNT:
            raise Refused(N_("A limit must be a quantity above 0; leave it empty for no limit."))
    if offer.household_limit and offer.available and offer.household_limit > offer.available:
        raise Refused(N_("The limit per household is more than there is in all."))


def amount_of(count: float | None, unit: Unit) -> int | None:
    """Return ``count`` units typed into a table as grams or sale units; None for none.

    Raises ``Refused`` when that is no whole quantity. A table cell is a float; its shortest
    decimal spelling is what the person typed.
    """
    if count is None or math.isnan(count):
        return None
    try:
        return unit.amount(str(count))
    except (ValueError, ArithmeticError) as error:
        raise Refused(
            N_("{count} {unit} is not a whole quantity."), count=f"{count:g}", unit=unit.word
        ) from error
