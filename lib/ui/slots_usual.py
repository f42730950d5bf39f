"""The slot of an order before it is booked: as it was said, or the usual one of its resident."""

from collections.abc import Iterable, Mapping
from datetime import date

import streamlit as st

from lib.members.profiles.rules import Match
from lib.service.pickup.queries import loads_ahead
from lib.shop.shop import Shop
from lib.trade.orders.rules import IncomingOrder
from lib.trade.orders.slots.queries import usual_slots_of
from lib.trade.orders.slots.rules import usable
from lib.ui import show, slots_load


def usual_of(shop: Shop, matches: Iterable[Match | None]) -> Mapping[int, str]:
    """Return the usual slot of the residents whom orders will go to, by member."""
    ids = [one.member_id for one in matches if one and one.attaches and one.member_id is not None]
    return usual_slots_of(shop, ids)


def slot_for(
    shop: Shop,
    order_slot: str | None,
    match: Match | None,
    usual: Mapping[int, str],
    day: date,
    *,
    delivery: bool,
) -> tuple[str | None, bool]:
    """Return the slot an order of ``day`` will get, and whether nobody said it."""
    if order_slot or delivery or match is None or not match.attaches or match.member_id is None:
        return order_slot, False
    slot = usual.get(match.member_id)
    fits = usable(slot, day, shop.settings, shop.clock.now())
    return (slot, True) if fits else (None, False)


def at_counter(shop: Shop, order: IncomingOrder, match: Match) -> None:
    """Show the slot a walk-in order gets today, and how full it is before it comes to it (R21)."""
    usual = usual_of(shop, [match])
    slot, nobody_said = slot_for(
        shop, order.slot, match, usual, shop.today, delivery=order.delivery
    )
    if slot is None:
        return
    (load,) = loads_ahead(shop, [shop.today])
    with st.container(horizontal=True, vertical_alignment="center", key="counter-slot"):
        st.caption(show.slot(slot, shop, usual=nobody_said), width="content")
        slots_load.badge(shop, load.of(slot))
