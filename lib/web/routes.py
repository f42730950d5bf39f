"""Every plain HTTP door of the program in one table; Streamlit's own lie behind them.

The function behind a door asks by itself who may come in. Doors that are closed for everybody are
named in lib/web/hosts.py.
"""

from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from lib.ui import navigation, shell
from lib.web import (
    batch_papers,
    bring,
    case_page,
    case_papers,
    chain,
    files,
    help_door,
    member_cards,
    origin,
    preview,
    prices,
    prints,
    privacy,
    wishes,
)
from lib.web.entrance import finish, logout
from lib.web.front_page import front_page
from lib.web.health import healthz

ROUTES: list[BaseRoute] = [
    # everybody
    Route("/healthz", healthz),
    Mount("/assets", StaticFiles(directory=shell.ASSETS)),
    *chain.ROUTES,
    *prices.ROUTES,
    *origin.ROUTES,
    *wishes.ROUTES,
    *help_door.ROUTES,
    *privacy.ROUTES,
    # whoever has the private address of a case
    *case_page.ROUTES,
    # everybody, as far as a picture is public; else owner and staff
    *files.ROUTES,
    # the owner
    *preview.ROUTES,
    # owner and staff
    *bring.ROUTES,
    *prints.ROUTES,
    *batch_papers.ROUTES,
    *case_papers.ROUTES,
    *member_cards.ROUTES,
    # coming in and going out
    Route("/auth/finish", finish),
    Route("/auth/logout", logout, methods=["POST"]),
    # the screens: one page of HTML that draws itself over the websocket
    Route("/", front_page),
    *(Route(f"/{entry.url}", front_page) for entry in navigation.TABLE),
    Route("/signin", front_page),
]
