"""The weekly rhythm: what is wanted on which day, and whether it grows (R4)."""

import streamlit as st

from lib.supply.rhythm import queries
from lib.ui import rhythm, session, show
from lib.ui.words import _

shop = session.staff()
st.title(_("Weekly rhythm"))

weeks = rhythm.weeks_choice(shop)
found = queries.rhythms(shop, weeks)
if not found:
    show.nothing(_("No products yet."), _("Add some; their rhythm shows after the first orders."))
    st.stop()

rhythm.figures(found)
rhythm.overview(shop, found)
product = rhythm.choose(found)
if product is not None:
    one = queries.rhythm(shop, product, weeks)
    rhythm.in_full(shop, one, weeks)
    rhythm.sold_out_form(shop, product, one.line.name)
