"""Points and rewards (R36, R37): redeem at the counter; what is promised; the rule of points."""

import streamlit as st

from lib.ui import points_overview, points_rule, rewards, rewards_catalogue, session
from lib.ui.words import _

shop = session.staff()
st.title(_("Points and rewards"))

view = rewards.choose_view(shop)
if view == rewards.CATALOGUE:
    rewards_catalogue.draw(shop)
elif view == rewards.POINTS:
    points_overview.part(shop)
    points_rule.owner_part(shop)
else:
    rewards.counter(shop)
