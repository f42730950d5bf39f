"""Journal."""

import streamlit as st

from lib.ui import session
from lib.ui.words import _

shop = session.owner()
st.title(_("Journal"))
