"""Goods with the community's own label: approval, print run, what is left (R3)."""

import streamlit as st

from lib.supply.labels import queries
from lib.trade.products.queries import products
from lib.ui import labels, session, show
from lib.ui.words import _

shop = session.owner()
st.title(_("Community labels"))

found = queries.labels(shop)
if found:
    labels.figures(shop, found)
    this = labels.choose(found)
    if this is not None:
        labels.one(shop, this)
else:
    show.nothing(
        _("No product bears the community's own label yet."),
        _("Daily-use goods in small packs with your own label can be bought nowhere else."),
    )

with st.expander(_("Add a label"), icon=":material/add:", expanded=not found, key="new-label"):
    labels.add(shop, products(shop))

if found:
    st.subheader(_("All versions"))
    labels.listing(shop, found)
