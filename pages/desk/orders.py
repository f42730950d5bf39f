"""Orders: find one, see how it stands, take or give back money, weigh, change, cancel (E9-E11)."""

import streamlit as st

from lib.trade.orders.queries import orders
from lib.trade.payments.queries import money_of, order_journal, payments
from lib.ui import navigation, orders_changes, orders_money, orders_one, session, show
from lib.ui import orders as order_list
from lib.ui.words import _

shop = session.staff()
st.title(_("Orders"))

chosen = order_list.chosen()
if chosen is not None:
    if st.button(_("All orders"), icon=":material/arrow_back:", type="tertiary", key="back"):
        st.query_params.pop("order")
        st.rerun()
    found = orders(shop, ids=[chosen], cancelled=True)
    if not found:
        show.nothing(_("This order does not exist."), _("It may belong to another shop or demo."))
        st.stop()
    order, money = found[0], money_of(shop, [chosen])[chosen]
    orders_one.head(shop, order, money)
    orders_money.take(shop, order, money)
    orders_one.lines(shop, order, money)
    orders_money.give_back(shop, order, money)
    moved = payments(shop, order_id=chosen)
    if moved:
        st.markdown(f"#### {_('Payments')}")
        orders_money.history(shop, moved)
    orders_changes.change(shop, order)
    orders_changes.journal(shop, order_journal(shop, chosen))
    st.stop()

wanted = order_list.filters(shop)
rows, sums = order_list.found(shop, wanted)
if rows:
    order_list.totals(rows, sums)
    st.caption(_("Tap the box at the left of a row to open the order."))
picked = order_list.listing(shop, rows, sums)
if picked is not None:
    st.query_params["order"] = str(picked)
    st.rerun()
if not rows:
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.page_link(navigation.page("chain"), icon=":material/content_paste:")
        st.page_link(navigation.page("counter"), icon=":material/point_of_sale:")
