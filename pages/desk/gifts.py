"""Birthdays and festivals: what comes, what is given to whom, what it needs (R34, R35)."""

import streamlit as st

from lib.members.gifts.queries import look_ahead, to_buy
from lib.ui import gift_calendar, gifts, gifts_festival, gifts_money, session
from lib.ui.gifts import View
from lib.ui.words import _

shop = session.staff()
st.title(_("Birthdays and festivals"))
asked = gifts.asked_festival()
if asked is not None:
    gifts_festival.draw(shop, *asked)
    st.stop()

found, missing = look_ahead(shop), to_buy(shop)
view = gifts.view_of(found, missing)
if view is View.MONTH:
    gift_calendar.month(shop)
elif view is View.BUY:
    gifts_money.buy(shop, missing)
elif view is View.SPENT:
    gifts_money.given(shop)
else:
    gifts.ahead(shop, found)
