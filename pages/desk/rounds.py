"""Rounds: what is offered until when, what was ordered so far, and the texts for the group (E2)."""

import streamlit as st

from lib.trade.rounds import queries
from lib.ui import rounds, session, slots_load
from lib.ui.words import _

shop = session.staff()
st.title(_("Rounds"))

recent = queries.rounds(shop)
this = rounds.choose(shop) if recent else None
if this is not None:
    rounds.countdown(shop, this.id)
    found = queries.offers(shop, this.id)
    rounds.actions(shop, this)
    slots_load.line(shop, this.pickup_day)
    rounds.offers(shop, this.id, found)
    with st.expander(_("Change prices, limits, products"), icon=":material/tune:", key="offers"):
        rounds.change_offers(shop, this, found)
    st.subheader(_("For the group"))
    rounds.texts(shop, this.id, found)

st.subheader(_("Next round"))
if recent:
    with st.expander(
        _("Copy the last round"),
        icon=":material/content_copy:",
        expanded=not queries.open_rounds(shop),
        key="copy",
    ):
        rounds.copy_last(shop, recent[0])
with st.expander(_("Open a new round"), icon=":material/campaign:", expanded=not recent, key="new"):
    rounds.new_round(shop)
with st.expander(_("Closed days"), icon=":material/event_busy:", key="days"):
    rounds.closed_days(shop)

if recent:
    st.subheader(_("All rounds"))
    rounds.listing(shop, recent)
