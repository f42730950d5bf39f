"""Where a batch comes from as a light page (R8): ``/p/origin/<token>``, and the list ``/p/origin``.

It stands behind the QR code of label and poster: from there to the test report of this very batch
is one tap. A finished page is kept until anything in the books changes or the day does; a view then
costs one small statement.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.kernel.clock import local_day
from lib.kernel.errors import ShopError
from lib.shop.language import Translate, translator
from lib.shop.opening import premises
from lib.shop.shop import RESIDENT, Shop
from lib.supply.origin import queries, texts
from lib.supply.origin.rules import LEVEL_NAMES, LIGHT_PAGE, Level, Origin, Piece
from lib.supply.suppliers.rules import PAPER_NAMES
from lib.supply.traceability.rules import LABELS, Freshness
from lib.trust.costs.queries import Edition, Point, edition, sheet_on
from lib.web.light import Page, Shelf, answer, draw, language_of
from lib.web.said import money, said_day

_shelf = Shelf()


@dataclass(frozen=True)
class Wanted:
    """What was asked for, and what the answer depends on."""

    token: str | None
    language: str
    chosen: bool
    edition: Edition
    change: int
    day: date

    def address(self, path: str) -> str:
        """Return ``path`` in the same language."""
        return f"{path}?lang={self.language}" if self.chosen else path


def origin(request: Request) -> Response:
    """Answer with the batch of the path, or with all that lie in the shop now."""
    books = premises()
    now = edition(books.store)
    wanted = Wanted(
        token=request.path_params.get("token"),
        language=language_of(request),
        chosen="lang" in request.query_params,
        edition=now,
        change=now.change,
        day=local_day(books.clock.now(), now.time_zone),
    )
    key = (books.place.database_url, wanted)
    make = _list if wanted.token is None else _batch
    try:
        return answer(request, _shelf.page(key, lambda: make(books.shop(RESIDENT), wanted)))
    except ShopError as error:
        return answer(request, _nothing(wanted, error))


ROUTES: list[BaseRoute] = [
    Route(LIGHT_PAGE, origin),
    Route(f"{LIGHT_PAGE}/{{token}}", origin),
]


def _list(shop: Shop, wanted: Wanted) -> Page:
    found = [one for one in queries.current_batches(shop) if one.has_evidence]
    say = translator(wanted.language)
    return Page.of(
        draw(
            "origins.html",
            wanted.language,
            {},
            heading=say("Where it comes from"),
            batches=found,
            help=shop.settings.case_door,
            address=wanted.address,
            day=lambda value: said_day(value, wanted.language),
            **wanted.edition.printed,
        )
    )


def _batch(shop: Shop, wanted: Wanted) -> Page:
    found = queries.origin(shop, wanted.token or "")
    sheet = sheet_on(shop, found.product_id, found.arrived_on)
    return Page.of(
        draw(
            "origin.html",
            wanted.language,
            {},
            heading=found.product,
            origin=found,
            help=shop.settings.case_door,
            address=wanted.address,
            day=lambda value: said_day(value, wanted.language),
            money=money,
            **wanted.edition.printed,
            **shown(found, sheet, translator(wanted.language)),
        )
    )


def shown(found: Origin, sheet: Point | None, say: Translate) -> dict[str, Any]:
    """Return what the template shows beside the origin itself."""
    levels = [(say(LEVEL_NAMES[level]), found.of(level)) for level in Level]
    return {
        "source": texts.source_line(found, say),
        "report": found.report,
        "report_is_own": found.report is not None and found.report.level is Level.BATCH,
        "levels": [
            (title, [_piece(piece, say) for piece in pieces]) for title, pieces in levels if pieces
        ],
        "papers": [(say(PAPER_NAMES[paper.kind]), paper) for paper in found.certificates],
        "sheet": sheet,
    }


def _piece(piece: Piece, say: Translate) -> dict[str, Any]:
    return {
        "piece": piece,
        "kind": say(LABELS[piece.kind]),
        "age": said_age(piece, say),
        "old": piece.is_report and piece.freshness is Freshness.OLD,
    }


def said_age(piece: Piece, say: Translate) -> str:
    """Return how old a piece of evidence is; empty without a day."""
    if piece.days is None:
        return ""
    if piece.days == 0:
        return say("today")
    return say("{count} days ago").format(count=piece.days)


def _nothing(wanted: Wanted, error: ShopError) -> Page:
    say = translator(wanted.language)
    html = draw(
        "message.html",
        wanted.language,
        {},
        heading=say("Not found"),
        sentence=error.said(say),
        link=wanted.address(LIGHT_PAGE),
        link_words=say("See what is in the shop now"),
        **wanted.edition.printed,
    )
    return Page.of(html, 404)
