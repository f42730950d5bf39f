"""Packaging material: what is left, what bags take, when to buy again (R25)."""

import streamlit as st

from lib.service.packing import queries
from lib.ui import packaging, session
from lib.ui.words import _

shop = session.staff()
st.title(_("Packaging"))

found = queries.stock(shop)
moved = packaging.movements(shop)
packaging.overview(shop, found)
packaging.to_picking()
packaging.order_text(shop, [one for one in found if one.is_due], moved)
packaging.price_again(shop, moved)

buying, counting, ledger = st.tabs(
    [_("Bought"), _("Counted"), _("Movements")], key="packaging-tabs", on_change="rerun"
)
with buying:
    packaging.bought(shop)
with counting:
    packaging.counted(shop)
if ledger.open:
    with ledger:
        packaging.ledger(shop, moved)
