"""Walk-in order: one line, Enter, paid, done (E1: under 15 seconds)."""

import streamlit as st

from lib.supply.stock.queries import stock_of
from lib.trade.orders.commands import add_order
from lib.trade.products.queries import catalogue
from lib.ui import feedback, navigation, session, show, walk_in
from lib.ui.forms import Form
from lib.ui.words import _

shop = session.staff()
walk_in.go_on()
st.title(_("Walk-in order"))
items = catalogue(shop)
if not items:
    show.nothing(_("There is nothing to sell yet."), _("Add products first."))
    st.page_link(navigation.page("products"), label=_("Products"), icon=":material/nutrition:")
    st.stop()

kept = stock_of(shop, [item.product_id for item in items])
form = Form("walk_in")
line = st.text_input(
    _("Who and what, in one line"),
    placeholder="3-201 小李 鸡蛋2斤 豆腐1盒",
    help=_("Written as residents write it in the group. Press Enter to see it read."),
    key=form.field("line"),
)
typed = walk_in.typed_line(shop, line, items)
if typed is None:
    with st.expander(_("Or pick the goods"), icon=":material/touch_app:", key=form.field("pick")):
        typed = walk_in.picked(form, items, kept)
if typed is not None:
    walk_in.preview(shop, typed, items, kept)
    method = walk_in.how_paid(form)
    if st.button(
        _("Book it"), type="primary", width="stretch", key=form.field("book"), shortcut="Ctrl+Enter"
    ):
        with feedback.saying(_("Booked."), form):
            walk_in.refuse_questions(typed)
            order_id = add_order(form.once(shop, typed.order), typed.order)
            walk_in.pay(shop, order_id, method)
            walk_in.note_coupon(order_id, method)
else:
    st.caption(_("The price of today applies; the goods are collected today."))
