"""Slots and reminders (R21, R22): how full each slot is, who is still to come, what was sent."""

import streamlit as st

from lib.ui import session, slots
from lib.ui.words import _

shop = session.staff()
st.title(_("Slots and reminders"))
slots.draw(shop)
