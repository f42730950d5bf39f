"""Personal data: the notice, consents, the monthly clean-up, who looked (R33; PIPL)."""

import streamlit as st

from lib.members.clean_up.queries import preview
from lib.members.consents.queries import overview
from lib.ui import privacy, privacy_clean_up, session
from lib.ui.privacy import View
from lib.ui.words import _

shop = session.owner()
st.title(_("Personal data"))
consents, waiting = overview(shop), preview(shop)
privacy.figures(shop, consents, waiting)
view = privacy.view_of()

if view is View.CLEAN_UP:
    privacy_clean_up.draw(shop, waiting)
elif view is View.CONSENTS:
    privacy.draw_consents(shop, consents)
elif view is View.NOTICE:
    privacy.draw_notice(shop)
else:
    privacy.draw_looks(shop)
