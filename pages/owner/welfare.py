"""Welfare items: planned with their money, put into a round, and what they gave back (R19)."""

import streamlit as st

from lib.trust.welfare import queries
from lib.ui import session, welfare, welfare_plan
from lib.ui.words import _

shop = session.owner()
st.title(_("Welfare items"))

month = queries.month(shop)
year = queries.year(shop, shop.today.year)
welfare.figures(month, year)
welfare.items(shop, month)
with st.expander(
    _("Plan a welfare item"), icon=":material/favorite:", expanded=not month.items,
    key="plan-welfare",
):  # fmt: skip
    welfare_plan.new_item(shop, month)
welfare.picture(year)
welfare.history(shop, queries.history(shop))
