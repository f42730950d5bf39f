"""Stock: what lies there, what of it is free, and what happens at the shelf (E4)."""

import streamlit as st

from lib.supply.stock import queries
from lib.ui import session, show, stock, stock_count, stock_shelf
from lib.ui.words import _

shop = session.staff()
st.title(_("Stock"))

found = queries.stock(shop)
batches = queries.batches_left(shop)
if found:
    stock.figures(shop, found, batches)
    stock.below_zero(found)
    stock.promised(found)
    stock.ending(shop, batches)
else:
    show.nothing(
        _("No stock is kept yet."),
        _("Count a product once, or enter a delivery: from then on its stock is kept."),
    )

this = stock.chosen(found)
names = [
    _("On hand"),
    _("Sold over the counter"),
    _("Count"),
    _("Waste and returns"),
    _("Movements"),
]
start = names[3] if this is not None and "product" in st.query_params else names[0 if found else 2]
tabs = st.tabs(names, default=start, key="stock-tabs", on_change="rerun")
on_hand, sales, counting, shelf, movements = tabs

with on_hand:
    stock.listing(shop, found)
    stock.batches(shop, batches)

with sales:
    if found:
        stock_shelf.sales(shop, found)
        stock_shelf.sold_out(shop, found)
    else:
        st.caption(_("Count a product first; then its sales can be booked."))

with counting:
    stock_count.products(shop)
    stock_count.one_by_one(shop, batches)

with shelf:
    this = stock.choose(found, this)
    if this is not None:
        own = [one for one in batches if one.product_id == this.product_id]
        stock_shelf.one_product(shop, this, own)
    stock_shelf.take_back(shop)

if movements.open:
    with movements:
        stock.ledger(shop, found)
