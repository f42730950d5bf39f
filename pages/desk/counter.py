"""Walk-in order."""

import streamlit as st

from lib.ui import session
from lib.ui.words import _

shop = session.staff()
st.title(_("Walk-in order"))
