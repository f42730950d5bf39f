"""Pickup desk (E8): find an order, hand over all or part, take money, undo, see who is to come."""

import streamlit as st

from lib.service.pickup.queries import (
    bag_of,
    desk_search,
    left_over,
    recent_acts,
    slot_load,
    waiting,
)
from lib.ui import pickup, session, show
from lib.ui.words import _, plain

shop = session.staff()
st.title(_("Pickup desk"))

typed = pickup.search_box()
opened = pickup.opened_order()
if typed.strip():
    found = desk_search(shop, typed)
    if not found:
        show.nothing(
            _("Nothing found for “{text}”.").format(text=plain(typed)),
            _("Try the number, the last four digits of the phone, or the room."),
        )
    for bag in found:
        pickup.card(shop, bag)
elif opened is not None:
    chosen = bag_of(shop, opened)
    if chosen is None:
        show.nothing(_("This order is not there, or it was cancelled."))
    else:
        pickup.card(shop, chosen)
    st.button(_("Back to the list"), key="pickup_back", on_click=pickup.next_resident)

if not typed.strip():
    load = slot_load(shop, shop.today)
    slot = pickup.slot_chips(shop, load)
    if slot == pickup.EARLIER:
        pickup.still_to_come(shop, slot, left_over(shop))
    elif load.orders:
        pickup.still_to_come(shop, slot, waiting(shop, shop.today, slot))
    else:
        show.nothing(
            _("No orders to collect today."),
            _("Orders come from the chain, from order files, or from the counter."),
        )
        pickup.other_pages()
pickup.just_handed_over(shop, recent_acts(shop))
