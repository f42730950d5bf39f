"""The root address: on to Today for those who work here, to the prices for everybody else."""

import streamlit as st

from lib.shop.shop import DESK
from lib.ui import navigation, session

shop = session.resident()
st.switch_page(navigation.page("today" if session.visitor().actor.role in DESK else "prices"))
