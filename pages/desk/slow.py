"""Slow movers: what sells less than half, what is at risk, and what is done about it (R6, R7)."""

import streamlit as st

from lib.supply.clearance import queries
from lib.ui import session, slow, slow_clear, slow_period
from lib.ui.words import _

shop = session.staff()
st.title(_("Slow movers"))

found = queries.watch(shop)
slow.overview(shop, found)
view = slow.choose_view()

if view == slow.PERIOD:
    slow_period.period(shop)
elif view == slow.CLEARANCES:
    slow_clear.clearances(shop)
else:
    slow.movers(shop, found)
    chosen = slow.choose(found)
    if chosen is not None:
        slow.run_of(shop, chosen)
        slow_clear.offer(shop, chosen)
    slow.categories(shop, found)
