"""The door to the screens: one page of HTML that draws itself over the websocket."""

from starlette.requests import Request
from starlette.responses import HTMLResponse

from lib.shop.language import LANGUAGES, preferred
from lib.shop.people.cookies import LANGUAGE
from lib.ui import shell


async def front_page(request: Request) -> HTMLResponse:
    """Return the page under the screens in the language chosen before, else the browser's."""
    chosen = request.cookies.get(LANGUAGE, "")
    asked = preferred(request.headers.get("accept-language"))
    language = chosen if chosen in LANGUAGES else asked
    headers = {"cache-control": "no-cache", "vary": "Accept-Language, Cookie"}
    return HTMLResponse(shell.page(language), headers=headers)
