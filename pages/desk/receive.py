"""Receive goods: count in, reject, share out what is short, keep the record (E6, R8)."""

import streamlit as st

from lib.supply.purchasing import queries
from lib.supply.purchasing.shortage.queries import shortages
from lib.ui import receive, receive_came, receive_short, session, show
from lib.ui.words import _

shop = session.staff()
st.title(_("Receive goods"))

expected = receive.in_turn(shop, queries.orders(shop))
short = shortages(shop, shop.today)
to_share = [one.name for one in short if not one.shared_out or one.can_give_more]
today = sum(one.expected_on == shop.today for one in expected)
late = sum(one.expected_on < shop.today for one in expected)
show.figures(
    (_("Expected today"), str(today)),
    (_("Late"), str(late)),
    (_("Short today"), str(len(to_share))),
)
receive.just_received(shop, to_share)
view = receive.view(len(to_share))

if view == receive.GOODS_IN:
    order = receive.choose(shop, expected)
    if order is None:
        receive.without_order(shop)
    else:
        receive.of_order(shop, order)
elif view == receive.SHORT:
    receive_short.shortages(shop)
elif view == receive.CAME:
    receive_came.came(shop)
else:
    receive_came.records(shop)
