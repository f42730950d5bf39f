"""The open price sheet as a light page (R20): ``/p/prices`` and ``/p/prices/<number>``.

It shows published sheets through the same query as the Streamlit page, and beside the newest one,
live from the books: what is cheaper now, welfare items, where goods come from, and which bear the
community's own label (R3). What a product cost over time stands at ``/p/prices/goods/<product>``.
Finished pages are kept by what decides their bytes; a view then costs one small statement.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.kernel.errors import NotFound, ShopError
from lib.kernel.money import Money, split
from lib.kernel.quantity import GRAMS_PER_JIN
from lib.kernel.words import N_
from lib.shop.language import Translate, translator
from lib.shop.opening import Premises, premises
from lib.shop.shop import RESIDENT, Shop
from lib.trust.costs import queries
from lib.trust.costs.marks import Mark
from lib.trust.costs.queries import Edition, Showing
from lib.trust.costs.rules import GIVEN, LABELS, Line, Part, text_of
from lib.web.light import Page, Shelf, answer, draw, language_of
from lib.web.prices_history import drawing, rows_of
from lib.web.prices_live import (
    NOTHING_LIVE,
    Live,
    live_now,
    promotions_shown,
    service_shown,
    welfare_shown,
)
from lib.web.said import money, said_day, said_moment, short_day

LINES_PER_PAGE = 30
"""Keeps a page under 50 kB; a longer sheet continues on the next page."""

OTHERS = 12
"""Earlier sheets named on a page; the Streamlit page finds all."""

BAR = 1000
"""Width of the bar; its parts are whole and add up to it."""

_shelf = Shelf()


def prices(request: Request) -> Response:
    """Answer with the newest sheet, or with sheet ``number`` of the path."""
    books = premises()
    wanted = wanted_of(request, books)
    key = (books.place.database_url, wanted)
    try:
        return answer(request, _shelf.page(key, lambda: _page(books.shop(RESIDENT), wanted)))
    except ShopError as error:
        return answer(request, _closed(wanted, error))


def goods(request: Request) -> Response:
    """Answer with what every published sheet said of one product."""
    books = premises()
    wanted = Wanted(
        number=None,
        page=None,
        language=language_of(request),
        chosen="lang" in request.query_params,
        edition=queries.edition(books.store),
        product=_number(request.path_params["product"]),
    )
    key = (books.place.database_url, wanted)
    try:
        return answer(request, _shelf.page(key, lambda: _history(books.shop(RESIDENT), wanted)))
    except ShopError as error:
        return answer(request, _closed(wanted, error))


def sealed(request: Request) -> Response:
    """Answer with the text whose SHA-256 is the fingerprint, so that anybody can check it."""
    books = premises()
    number = _number(request.path_params["number"])
    try:
        sheet = queries.sheet(books.shop(RESIDENT), number or 0)
    except ShopError as error:
        edition = queries.edition(books.store)
        wanted = Wanted(number, None, language_of(request), False, edition)
        return answer(request, _closed(wanted, error))
    headers = {"cache-control": "public, max-age=3600", "etag": f'"{sheet.fingerprint}"'}
    return Response(text_of(sheet), 200, headers, "application/json")


ROUTES: list[BaseRoute] = [
    Route("/p/prices", prices),
    Route("/p/prices/goods/{product}", goods),
    Route("/p/prices/{number}.json", sealed),
    Route("/p/prices/{number}", prices),
]


@dataclass(frozen=True)
class Wanted:
    """What was asked for, and what the answer depends on.

    ``chosen``: the address names a language, and so do the links of the page.
    """

    number: int | None
    page: int | None
    language: str
    chosen: bool
    edition: Edition
    live: Live = NOTHING_LIVE
    product: int | None = None

    def address(self, number: int | None = None, page: int | None = None) -> str:
        """Return the address of a sheet (None: the newest) in the same language."""
        query: dict[str, object] = {"page": page} if page and page > 1 else {}
        if self.chosen:
            query["lang"] = self.language
        path = "/p/prices" if number is None else f"/p/prices/{number}"
        return f"{path}?{urlencode(query)}" if query else path

    def same_language(self, path: str) -> str:
        """Return another ``path`` of the shop in the same language."""
        return f"{path}?lang={self.language}" if self.chosen else path

    @property
    def kept(self) -> dict[str, object]:
        """What the address keeps when the language is changed."""
        return {"page": self.page} if self.page and self.page > 1 else {}


def wanted_of(request: Request, books: Premises) -> Wanted:
    """Return what ``request`` asks for and what stands in the books beside every sheet now."""
    edition = queries.edition(books.store)
    return Wanted(
        number=_number(request.path_params.get("number")),
        page=_number(request.query_params.get("page")),
        language=language_of(request),
        chosen="lang" in request.query_params,
        edition=edition,
        live=live_now(books, edition),
    )


def _number(text: str | None) -> int | None:
    """The number in the address; 0, which nothing has, for anything that is not one."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _page(shop: Shop, wanted: Wanted) -> Page:
    showing = queries.showing(shop, wanted.number)
    if showing is None:
        translate = translator(wanted.language)
        return Page.of(
            draw(
                "message.html",
                wanted.language,
                wanted.kept,
                heading=translate("What things cost"),
                sentence=translate("The shop has not published a price sheet yet."),
                link=None,
                **wanted.edition.printed,
            )
        )
    return Page.of(html_of(showing, wanted))


def html_of(showing: Showing, wanted: Wanted, *, preview: bool = False) -> str:
    """Return the page of a sheet; ``preview``: of one that is not published, and says so.

    Raises ``NotFound`` for a page that it does not have.
    """
    return draw(
        "prices.html",
        wanted.language,
        wanted.kept,
        preview=preview,
        **wanted.edition.printed,
        **_shown(showing, wanted),
    )


def _history(shop: Shop, wanted: Wanted) -> Page:
    language = wanted.language
    translate = translator(language)
    points = queries.cost_history(shop, wanted.product or 0)
    if not points:
        raise NotFound(N_("No published sheet names this product."))
    return Page.of(
        draw(
            "prices_history.html",
            language,
            {},
            heading=points[-1].line.name,
            unit=points[-1].line.unit,
            drawing=drawing(points),
            first=short_day(points[0].day, language),
            last=short_day(points[-1].day, language),
            rows=rows_of(points, translate),
            address=wanted.address,
            product=wanted.product,
            money=money,
            day=lambda value: said_day(value, language),
            **wanted.edition.printed,
        )
    )


def _closed(wanted: Wanted, error: ShopError) -> Page:
    translate = translator(wanted.language)
    missing = isinstance(error, NotFound)
    html = draw(
        "message.html",
        wanted.language,
        {},
        heading=translate("Not found") if missing else translate("Not shown"),
        sentence=error.said(translate),
        link=wanted.address(),
        **wanted.edition.printed,
    )
    return Page.of(html, 404 if missing else 503)


def _shown(showing: Showing, wanted: Wanted) -> dict[str, Any]:
    language, lines = wanted.language, showing.sheet.lines
    live = wanted.live if showing.sheet.number == showing.newest else NOTHING_LIVE
    marks = {mark.product_id: mark for mark in wanted.live.marks}
    pages = max(1, -(-len(lines) // LINES_PER_PAGE))
    page = 1 if wanted.page is None else wanted.page
    if not 1 <= page <= pages:
        raise NotFound(N_("This sheet has {pages} pages."), pages=pages)
    start = (page - 1) * LINES_PER_PAGE
    shown = lines[start : start + LINES_PER_PAGE]
    zone = wanted.edition.time_zone
    return {
        "heading": translator(language)("What things cost"),
        "sheet": showing.sheet,
        "newest": showing.newest,
        "corrected_by": showing.corrected_by,
        "others": showing.others[:OTHERS],
        "lines": [
            _line(line, language, wanted.edition.only_here, marks.get(line.product_id))
            for line in shown
        ],
        "any_by_hand": any(line.by_hand for line in shown),
        "promotions": promotions_shown(live, language) if page == 1 else [],
        "welfare": welfare_shown(live, language) if page == 1 else None,
        "wishes": live.wishes,
        "help": wanted.live.help,
        "service": service_shown(live, language) if page == 1 else (),
        "service_day": said_day(live.today, language) if live.service is not None else "",
        "page": page,
        "pages": pages,
        "address": wanted.address,
        "same": wanted.same_language,
        "money": money,
        "day": lambda value: said_day(value, language),
        "short": lambda value: short_day(value, language),
        "moment": lambda value: said_moment(value, zone, language),
    }


def _line(
    line: Line, language: str, only_here: frozenset[int], mark: Mark | None
) -> dict[str, Any]:
    translate = translator(language)
    return {
        "id": line.product_id,
        "name": line.name,
        "unit": line.unit,
        "price": line.price,
        "photo": line.photo,
        "is_given": line.is_given,
        "only_here": line.product_id in only_here,
        "extras": _extras(line, translate),
        "bars": bars(line),
        "parts": [part_shown(line, part, amount, translate) for part, amount in line.parts],
        "mark": mark,
    }


def _extras(line: Line, translate: Translate) -> list[str]:
    extras = []
    if line.per_jin is not None and line.grams != GRAMS_PER_JIN:
        extras.append(translate("{price} per 500 g").format(price=money(line.per_jin)))
    elif line.per_jin is not None:
        extras.append(translate("1 jin = 500 g"))
    if line.per_piece is not None:
        extras.append(translate("{price} each").format(price=money(line.per_piece)))
    return extras


def part_shown(line: Line, part: Part, amount: Money, translate: Translate) -> dict[str, Any]:
    """Return one part of a price as the templates show it; ``by_hand``: somebody typed it."""
    given = part is Part.KEPT and amount.fen < 0
    row = "" if part is not Part.KEPT else "given" if given else "kept"
    return {
        "kind": row or part.value,
        "row": row,
        "label": translate(GIVEN if given else LABELS[part]),
        "amount": amount,
        "by_hand": part in line.by_hand,
    }


def bars(line: Line) -> list[dict[str, Any]]:
    """Return the rectangles of a price: whole widths that add up to :data:`BAR`.

    Below cost the whole width is the cost, and a second row splits it into what the resident pays
    and what the shop adds.
    """
    parts = [(part.value, amount) for part, amount in line.parts if amount.fen > 0]
    drawn = _row(parts, 0, 20)
    if line.is_given:
        drawn += _row([("paid", line.price), ("given", -line.kept)], 22, 8)
    return drawn


def _row(parts: list[tuple[str, Money]], y: int, height: int) -> list[dict[str, Any]]:
    if not parts:
        return []
    widths = split(Money(BAR), [amount.fen for _kind, amount in parts])
    drawn, x = [], 0
    for (kind, _amount), width in zip(parts, widths, strict=True):
        if width.fen:
            drawn.append({"kind": kind, "x": x, "y": y, "width": width.fen, "height": height})
        x += width.fen
    return drawn
