"""Where a batch comes from: who grew it, when it came, its test report, photos and clips (R8)."""

import streamlit as st

from lib.supply.origin import queries
from lib.trust.costs.queries import sheet_on
from lib.ui import after_sales_door, origin, privacy_door, session, show
from lib.ui.words import _

shop = session.resident()
found = origin.asked(shop)
if found is None:
    st.title(_("Where it comes from"))
    current = [one for one in queries.current_batches(shop) if one.has_evidence]
    if current:
        origin.listing(shop, current)
    else:
        show.nothing(
            _("No batch with published evidence lies in the shop now."),
            _("As soon as one comes, its photos and test reports stand here."),
        )
    st.stop()

origin.stopped(shop, found)
origin.head(shop, found)
origin.report(shop, found)
origin.facts(shop, found, sheet_on(shop, found.product_id, found.arrived_on))
origin.evidence(shop, found)
origin.certificates(shop, found)
with st.container(horizontal=True):
    st.link_button(_("Light page for the phone"), found.path, icon=":material/smartphone:")
    origin.back_to_list()
    after_sales_door.link(shop)
    privacy_door.link()
