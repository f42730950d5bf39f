"""The program: ``streamlit run app.py`` opens the shop, ``python start.py`` does it for you.

The script behind the screens lies in lib/ui and not here: Streamlit would run a ``pages`` folder
beside its script directly, past every guard, until the first visitor opens the root.
"""

import streamlit as st

from lib.shop.opening import Premises
from lib.ui.error_hook import on_script_error
from lib.web.doormen import doormen
from lib.web.handles import raise_limit
from lib.web.opening_hours import opening_hours
from lib.web.routes import ROUTES


def fill_demo(books: Premises) -> None:
    """Fill the empty books of a demo shop (E18)."""
    from lib import demo  # only the demo needs its invented people

    demo.fill(books)


raise_limit()
app = st.App(
    "lib/ui/main.py",
    routes=ROUTES,
    middleware=doormen(
        hosts=st.get_option("server.allowedHosts"),
        origins=st.get_option("server.corsAllowedOrigins"),
        largest_upload=st.get_option("server.maxUploadSize") * 1024 * 1024,
    ),
    lifespan=opening_hours(fill_demo),
    on_script_error=on_script_error,
)
