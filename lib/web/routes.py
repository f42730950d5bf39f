"""Every plain HTTP door of the program in one table; Streamlit's own lie behind them.

A door says here who may come in. The function behind it asks again.
"""

from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from lib.ui import navigation
from lib.web.front_page import ASSETS, front_page
from lib.web.health import healthz

ROUTES: list[BaseRoute] = [
    # everybody
    Route("/healthz", healthz),
    Mount("/assets", StaticFiles(directory=ASSETS)),
    # the screens: one page of HTML that draws itself over the websocket
    Route("/", front_page),
    *(Route(f"/{entry.url}", front_page) for entry in navigation.TABLE),
    Route("/signin", front_page),
]
