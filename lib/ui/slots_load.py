"""How full pickup slots are (R21): a bar with its counts, and the same in words."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from lib.service.pickup.queries import DayLoad, SlotLoad, loads_ahead
from lib.shop.settings import Slot
from lib.shop.shop import Shop
from lib.trade.orders.slots.rules import FULLNESS_NAMES, Fullness, fullness
from lib.ui import show
from lib.ui.words import _, plain

STATES: dict[Fullness, show.State] = {
    Fullness.NO_LIMIT: "quiet",
    Fullness.FREE: "good",
    Fullness.NEARLY: "soon",
    Fullness.FULL: "soon",
}


def full_of(shop: Shop, load: SlotLoad) -> Fullness:
    """Return how full a slot is."""
    return fullness(load.orders, shop.settings.slot_capacity)


def counts(shop: Shop, load: SlotLoad) -> str:
    """Return ``38 of 40 orders``; without a limit the orders alone."""
    capacity = shop.settings.slot_capacity
    if not capacity:
        return _("{count} orders").format(count=load.orders)
    return _("{count} of {capacity} orders").format(count=load.orders, capacity=capacity)


def word(shop: Shop, load: SlotLoad) -> str:
    """Return how full a slot is in a word, with by how much it is over."""
    full, over = full_of(shop, load), load.orders - shop.settings.slot_capacity
    if full is Fullness.FULL and over:
        return _("{count} too many").format(count=over)
    return _(FULLNESS_NAMES[full])


def badge(shop: Shop, load: SlotLoad) -> None:
    """Show counts and word of one slot: where somebody is about to put one more order into it."""
    said = counts(shop, load)
    full = full_of(shop, load)
    show.state(STATES[full], said if full is Fullness.NO_LIMIT else f"{said} · {word(shop, load)}")


def bar(shop: Shop, slot: Slot, load: SlotLoad, most: int, key: str) -> None:
    """Draw one slot: name and hours, how full it is, how many are still to come.

    ``most`` is what a full bar stands for where there is no limit.
    """
    whole = shop.settings.slot_capacity or max(most, 1)
    with st.container(gap="xxsmall", key=key):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(_(slot.name))}** {slot.hours}")
            badge(shop, load)
        st.progress(min(load.orders / whole, 1.0))
        if load.orders:
            waiting = _("{count} still to come").format(count=load.waiting)
            st.caption(waiting if load.waiting else _("all collected"))


def bars(shop: Shop, load: DayLoad) -> None:
    """Draw every slot of a day, then what has no slot and what is brought."""
    most = max((load.of(slot.key).orders for slot in shop.settings.slots), default=0)
    for slot in sorted(shop.settings.slots, key=lambda one: one.start):
        bar(shop, slot, load.of(slot.key), most, f"bar-{load.day:%Y%m%d}-{slot.key}")
    besides(load)


def besides(load: DayLoad) -> None:
    """Say what of a day takes no place in a slot."""
    without, brought = load.of(None), load.delivery
    parts = []
    if without.orders:
        parts.append(_("{count} orders without a slot").format(count=without.orders))
    if brought.orders:
        parts.append(_("{count} orders are brought to the door").format(count=brought.orders))
    if parts:
        st.caption(" · ".join(parts))


def line(shop: Shop, day: date) -> None:
    """Show how full the slots of ``day`` are, one badge each: beside a round and at the counter."""
    (load,) = loads_ahead(shop, [day])
    with st.container(horizontal=True, vertical_alignment="center", key="slots-line"):
        st.caption(_("Pickup {day}").format(day=show.day(day, shop)), width="content")
        for slot in sorted(shop.settings.slots, key=lambda one: one.start):
            here = load.of(slot.key)
            said = f"{_(slot.name)} {counts(shop, here)} · {word(shop, here)}"
            show.state(STATES[full_of(shop, here)], plain(said))
    besides(load)


def ahead(shop: Shop, loads: Sequence[DayLoad], closed: frozenset[date]) -> None:
    """Draw the days ahead that have orders, name those without, and those that are closed."""
    busy = [load for load in loads if load.orders]
    for load in busy:
        with st.container(border=True):
            st.markdown(f"**{show.day(load.day, shop)}**")
            if load.day in closed:
                show.state("late", _("closed, and there are orders"))
            bars(shop, load)
    free = [load.day for load in loads if not load.orders and load.day not in closed]
    if free:
        days = "、".join(show.day(day, shop) for day in free)
        st.caption(_("No orders yet: {days}").format(days=days))
    shut = "、".join(show.day(load.day, shop) for load in loads if load.day in closed)
    if shut:
        st.caption(_("Closed: {days}").format(days=shut))
