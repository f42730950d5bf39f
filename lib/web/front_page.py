"""The door to the screens: one page of HTML that draws itself over the websocket."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse

from lib.shop.language import preferred
from lib.ui import shell

ASSETS = Path(__file__).parent / "assets"


async def front_page(request: Request) -> HTMLResponse:
    """Return the page under the screens in the language the browser asks for."""
    language = preferred(request.headers.get("accept-language"))
    headers = {"cache-control": "no-cache", "vary": "Accept-Language"}
    return HTMLResponse(shell.page(language), headers=headers)
