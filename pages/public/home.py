"""The root address: to Today for those who work here, to the prices for everybody else.

A shop without an owner leads to the set-up form.
"""

import streamlit as st

from lib.ui import navigation, session

shop = session.resident()
st.switch_page(navigation.first_page(session.visitor()))
