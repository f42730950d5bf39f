"""Batches: what came, what is left, evidence, label, poster, what the group saw of it (R8)."""

import streamlit as st

from lib.supply.batches.queries import unposted
from lib.supply.purchasing.receiving.queries import batch
from lib.ui import batches, batches_one, session, show
from lib.ui.orders import chosen
from lib.ui.words import _

shop = session.staff()
st.title(_("Batches"))

number = chosen("batch")
if number is not None:
    if st.button(_("All batches"), icon=":material/arrow_back:", type="tertiary", key="back"):
        st.query_params.pop("batch")
        st.rerun()
    if not batches.exists(shop, number):
        show.nothing(_("This batch does not exist."), _("It may belong to another shop or demo."))
        st.stop()
    this = batch(shop, number)
    batches_one.head(shop, this)
    batches_one.ways(shop, this)
    batches_one.for_the_group(shop, this)
    batches_one.moved(shop, this)
    batches_one.record(this)
    st.stop()

batches.not_posted(shop, unposted(shop))
wanted = batches.filters(shop)
rows, proofs = batches.found(shop, wanted)
picked = batches.listing(shop, rows, proofs)
if picked is not None:
    st.query_params["batch"] = str(picked)
    st.rerun()
