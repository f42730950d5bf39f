"""Order from suppliers: what is open, from a round's totals, or by hand (E3, E5)."""

import streamlit as st

from lib.supply.purchasing import queries
from lib.ui import navigation, purchase, purchase_new, session, show
from lib.ui.words import _

shop = session.owner()
st.title(_("Purchase orders"))

found = queries.orders(shop)
purchase.figures(shop, found)
view = purchase.view(found)

if view == purchase.OPEN:
    if found:
        purchase.cards(shop, found)
        purchase.totals(shop, found)
    else:
        show.nothing(
            _("Nothing is on order."),
            _("Make orders from a round's totals, from the plan, or by hand."),
        )
elif view == purchase.FROM_ROUND:
    purchase_new.from_round(shop)
elif view == purchase.BY_HAND:
    purchase_new.by_hand(shop)
else:
    purchase.finished(shop)

st.page_link(navigation.page("receive"), label=_("Receive goods"), icon=":material/inventory:")
