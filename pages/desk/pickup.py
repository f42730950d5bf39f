"""Pickup desk (E8): find an order, hand over all or part, take money, undo, see who is to come."""

import streamlit as st

from lib.service.pickup.queries import (
    bag_of,
    desk_search,
    kept_bags,
    recent_acts,
    slot_load,
    waiting,
)
from lib.ui import pickup, session, show, slots_move
from lib.ui.words import _, plain

shop = session.staff()
st.title(_("Pickup desk"))

slots_move.just_moved(shop)
typed = pickup.search_box()
opened = pickup.opened_order()
if typed.strip():
    found = desk_search(shop, typed)
    if not found:
        show.nothing(
            _("Nothing found for “{text}”.").format(text=plain(typed)),
            _("Try the number, the last four digits of the phone, or the room."),
        )
    known = slots_move.around(shop, found)
    for bag in found:
        pickup.card(shop, bag, known)
elif opened is not None:
    chosen = bag_of(shop, opened)
    if chosen is None:
        show.nothing(_("This order is not there, or it was cancelled."))
    else:
        pickup.card(shop, chosen, slots_move.around(shop, [chosen]))
    st.button(_("Back to the list"), key="pickup_back", on_click=pickup.next_resident)

if not typed.strip():
    load = slot_load(shop, shop.today)
    slot = pickup.slot_chips(shop, load)
    if slot == pickup.EARLIER:
        kept = kept_bags(shop)
        until = {bag.order_id: day for bag, day in kept}
        pickup.still_to_come(shop, slot, [bag for bag, _day in kept], until=until)
    elif load.orders:
        pickup.still_to_come(shop, slot, waiting(shop, shop.today, slot), load)
    else:
        show.nothing(
            _("No orders to collect today."),
            _("Orders come from the chain, from order files, or from the counter."),
        )
        pickup.other_pages()
pickup.just_handed_over(shop, recent_acts(shop))
