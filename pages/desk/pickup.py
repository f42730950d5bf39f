"""Pickup desk (E8): find an order, hand over all or part, take money, undo, see who is to come."""

import streamlit as st

from lib.service.pickup.promised.queries import (
    acts_of_today,
    meant_by,
    order_with_owed,
    waiting_of,
    without_order,
)
from lib.service.pickup.queries import bag_of, desk_search, kept_bags, slot_load, waiting
from lib.ui import pickup, pickup_owed, session, show, slots_move
from lib.ui.words import _, plain

shop = session.staff()
st.title(_("Pickup desk"))

slots_move.just_moved(shop)
typed = pickup.search_box()
opened, opened_owed = pickup.opened_order(), pickup_owed.opened()
if typed.strip():
    found, alone = desk_search(shop, typed), meant_by(shop, typed)
    if not found and not alone:
        show.nothing(
            _("Nothing found for “{text}”.").format(text=plain(typed)),
            _("Try the number, the last four digits of the phone, or the room."),
        )
    known = slots_move.around(shop, found)
    for bag in found:
        pickup.card(shop, bag, known)
    for resident in alone:
        pickup_owed.card(shop, resident)
elif opened is not None or opened_owed is not None:
    coming = waiting_of(shop, opened_owed) if opened_owed is not None else None
    if opened_owed is not None and coming is None:
        opened = order_with_owed(shop, opened_owed)
    chosen = bag_of(shop, opened) if opened is not None else None
    if chosen is not None:
        pickup.card(shop, chosen, slots_move.around(shop, [chosen]))
    elif coming is not None:
        pickup_owed.card(shop, coming)
    elif opened is not None:
        show.nothing(_("This order is not there, or it was cancelled."))
    else:
        show.nothing(_("Nothing is owed to this resident without an order."))
    st.button(_("Back to the list"), key="pickup_back", on_click=pickup.next_resident)

if not typed.strip():
    load, alone = slot_load(shop, shop.today), without_order(shop, shop.today)
    slot = pickup.slot_chips(shop, load)
    if slot == pickup.EARLIER:
        kept = kept_bags(shop)
        until = {bag.order_id: day for bag, day in kept}
        pickup.still_to_come(shop, slot, [bag for bag, _day in kept], until=until)
    elif load.orders:
        pickup.still_to_come(shop, slot, waiting(shop, shop.today, slot), load)
    elif not alone:
        show.nothing(
            _("No orders to collect today."),
            _("Orders come from the chain, from order files, or from the counter."),
        )
        pickup.other_pages()
    pickup_owed.rows(shop, alone)
pickup.just_handed_over(shop, acts_of_today(shop))
