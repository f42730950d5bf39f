"""Past figures in: daily sales of earlier years or of another till (R4-R6)."""

import streamlit as st

from lib.ui import history, history_goods, session
from lib.ui.forms import Form
from lib.ui.words import _

shop = session.owner()
st.title(_("Past figures in"))
history_goods.result()

form = Form("history")
reading = history.choose_files(shop, form)
if reading is None:
    history_goods.imports(shop)
    st.stop()

joined = history.joined(form, reading)
history.overview(joined)
desk = history_goods.goods(shop, form, reading, joined)
history.findings(shop, joined)
history.tables(shop, form, reading)
history_goods.confirm(shop, form, reading, joined, desk)
