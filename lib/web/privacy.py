"""The privacy notice as a light page: ``/p/privacy``, for anybody, to read and to print (PIPL 17).

It is made from the settings at each view; a finished page is kept by what it says.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.members.consents.notice.queries import notice_now
from lib.members.consents.notice.rules import LIGHT_PAGE, Notice
from lib.shop.language import translator
from lib.shop.opening import premises
from lib.shop.shop import RESIDENT
from lib.trust.costs.queries import edition
from lib.web.light import Page, Shelf, answer, draw, in_language, language_of
from lib.web.said import said_day

_shelf = Shelf(most=8)


def privacy(request: Request) -> Response:
    """Answer with the notice as the settings make it now."""
    books = premises()
    language, printed = language_of(request), edition(books.store).printed
    notice = notice_now(books.shop(RESIDENT), translator(language))
    prices = in_language(request, "/p/prices")
    key = (books.place.database_url, language, prices, notice, tuple(printed.items()))
    return answer(request, _shelf.page(key, lambda: _page(notice, language, prices, printed)))


ROUTES: list[BaseRoute] = [Route(LIGHT_PAGE, privacy)]


def _page(notice: Notice, language: str, prices: str, printed: dict[str, str]) -> Page:
    say = translator(language)
    changed = said_day(notice.changed_on, language) if notice.changed_on else ""
    html = draw(
        "privacy.html",
        language,
        {},
        heading=say("How we treat your data"),
        notice=notice,
        changed=changed,
        prices=prices,
        here=True,
        **printed,
    )
    return Page.of(html)
