"""Evidence: photos, clips and test reports of suppliers, products and batches (R8, R9)."""

import streamlit as st

from lib.supply.traceability import queries
from lib.ui import evidence, session
from lib.ui.words import _

shop = session.staff()
st.title(_("Evidence"))

target = evidence.choose(shop)
if target is None:
    evidence.overview(shop)
    st.stop()

found = queries.evidence_of(shop, target)
item = evidence.opened(found)
if item is not None:
    evidence.one(shop, item)
    st.stop()

evidence.freshness(shop, target, found)
evidence.add(shop, target)
evidence.grid(shop, found)
