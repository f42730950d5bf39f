"""The script behind every screen: frame around, page within.

It lies here and not beside ``pages/``, because Streamlit runs a ``pages`` folder that is a sibling
of its script directly and past every guard until the first visitor opens the root.
"""

import streamlit as st

from lib.ui import addresses, forms, frame, navigation, session, shell

# Without an icon of ours the browser would ask a foreign host for the page's.
st.set_page_config(page_title="邻里 Linli", page_icon=shell.ASSETS / "logo.svg", layout="wide")
shop = session.visitor()
page = st.navigation(navigation.pages_for(shop), expanded=True)
frame.draw(shop)
forms.at_page(page.url_path)
addresses.say_again(page.url_path)
page.run()
