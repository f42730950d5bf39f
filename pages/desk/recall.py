"""Recall: stop a batch, tell everybody who bought it, pay back, record it (section 63)."""

import streamlit as st

from lib.supply.purchasing.receiving.queries import batch
from lib.supply.recall import queries
from lib.ui import batches, recall, recall_one, session, show
from lib.ui.orders import chosen
from lib.ui.words import _

shop = session.staff()
st.title(_("Recall"))

number, to_start = chosen("recall"), chosen("batch")
recall.back(number or to_start)
if number is not None:
    this = recall.one(shop, number)
    if this is None:
        show.nothing(_("This recall does not exist."), _("It may belong to another shop or demo."))
        st.stop()
    recall_one.head(shop, this)
    buyers = queries.buyers(shop, number)
    recall_one.residents(shop, this, buyers)
    recall_one.given(shop, this)
    recall_one.not_yet_handed_over(shop, this)
    recall_one.notice(shop, this)
    recall_one.supplier(shop, this)
    recall_one.close(shop, this)
    recall_one.export(shop, this, buyers)
    st.stop()
if to_start is not None and batches.exists(shop, to_start):
    recall.start(shop, batch(shop, to_start))
    st.stop()

recall.listing(shop, queries.recalls(shop))
