"""Open prices."""

import streamlit as st

from lib.ui import session
from lib.ui.words import _

shop = session.resident()
st.title(_("Open prices"))
