"""``/print/cards?member=17``: cards of members on A4, to cut out (R33).

For owner and staff only. ``&member=18`` adds further cards, ``&names=1`` prints the nickname: it is
left out unless somebody asks, because a card gets lost. Phone and room never stand on one.
"""

from functools import cache

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from lib.kernel.words import N_
from lib.members.profiles.cards.queries import cards_of
from lib.members.profiles.cards.rules import MOST_AT_ONCE, scanned
from lib.members.profiles.openings.commands import note_opening
from lib.members.profiles.openings.rules import What
from lib.shop.language import translator
from lib.web.batch_papers import qr_svg
from lib.web.prints import HERE, LARGEST_ID, PAPERS, closed, headers_for, shop_of, style, templates

_TAGS = {"zh_CN": "zh-CN", "en": "en"}


def card_sheet(request: Request) -> Response:
    """Return the cards of the members asked for; 403 without a login.

    Whose cards were printed is written down, as every look into a file.
    """
    shop = shop_of(request)
    if shop is None:
        return closed(request)
    found = cards_of(shop, _numbers(request))
    for one in found:
        note_opening(shop, one.member_id, What.PRINTED)
    settings, say = shop.settings, translator(shop.settings.language)
    names = request.query_params.get("names") == "1"
    css = style(PAPERS[0]) + style_of_cards()
    html = (
        templates()
        .get_template("print_cards.html")
        .render(
            _=say,
            tag=_TAGS[settings.language],
            style=Markup(css),  # noqa: S704 - our own files, no text of anybody
            shop_name=settings.shop_name or say(N_("Linli")),
            cards=[
                {
                    "code": one.said,
                    "name": one.nickname if names else "",
                    "qr": Markup(qr_svg(scanned(one.code, settings.public_address))),  # noqa: S704
                }
                for one in found
            ],
        )
    )
    return HTMLResponse(html, headers=headers_for(css))


@cache
def style_of_cards() -> str:
    """Return the stylesheet of cards."""
    return (HERE / "static" / "print_cards.css").read_text("utf-8")


def _numbers(request: Request) -> list[int]:
    asked = request.query_params.getlist("member")[:MOST_AT_ONCE]
    known = [int(one) for one in asked if one.isascii() and one.isdigit() and len(one) < 11]
    return [number for number in known if number < LARGEST_ID]


ROUTES = [Route("/print/cards", card_sheet, methods=["GET"])]
