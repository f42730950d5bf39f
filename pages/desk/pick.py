"""Picking (E7): what to put out per product, and what goes into each resident's bag."""

import streamlit as st

from lib.service.picking.queries import pack_slips, pick_list
from lib.ui import navigation, pickup_pick, session, show
from lib.ui.words import _

shop = session.staff()
st.title(_("Picking"))

scope = pickup_pick.choose_scope(shop)
if scope is None:
    show.nothing(
        _("There is nothing to pick."),
        _("Once a round has orders, what to put out stands here, sorted by product and building."),
    )
    st.page_link(navigation.page("chain"), label=_("Chain orders in"))
else:
    views = {"products": _("By product"), "slips": _("By resident")}
    with st.container(horizontal=True):
        view = st.segmented_control(
            _("View"),
            list(views),
            format_func=views.__getitem__,
            default="products",
            required=True,
            key="pick_view",
            label_visibility="collapsed",
        )
        pickup_pick.print_links(scope)
    if view == "products":
        rows = pick_list(shop, scope)
        if rows:
            pickup_pick.pick_list(shop, scope, rows)
        else:
            show.nothing(_("No goods for this choice."))
    else:
        bags, alone = pack_slips(shop, scope), pickup_pick.without_order(shop, scope)
        if bags:
            pickup_pick.slips(shop, bags)
        pickup_pick.owed_slips(alone)
        if not bags and not alone:
            show.nothing(_("No slips for this choice."))
