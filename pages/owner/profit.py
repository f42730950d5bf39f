"""What was earned after all costs, from the same books as the cost sheets (E15)."""

import streamlit as st

from lib.trust.costs.profit import queries
from lib.ui import books_scope, profit, rewards_catalogue, session, show
from lib.ui.words import _

shop = session.owner()
st.title(_("Profit"))

scope = books_scope.choose(shop, "profit", books_scope.MONTH)
found = queries.profit(shop, scope)
if found.lines or found.gifts:
    profit.figures(found)
    rewards_catalogue.beside_profit(shop)
    profit.not_included()
    st.caption(books_scope.said(shop, scope))
else:
    show.nothing(
        _("Nothing was sold in these days."),
        _("Choose another month above, or look at the whole year below."),
    )

view = profit.choose_view()
if view == profit.PRODUCTS:
    if found.lines:
        profit.products(shop, found)
elif view == profit.ROUNDS:
    profit.round_table(shop, scope)
else:
    profit.year(shop)
