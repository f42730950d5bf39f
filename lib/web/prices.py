"""The open price sheet as a light page (R20): ``/p/prices`` and ``/p/prices/<number>``.

It shows published sheets through the same query as the Streamlit page, and beside them, live from
the books, which goods bear the community's own label (R3). Finished pages are kept per sheet,
language, printed names and labelled goods; a view then costs one small statement.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.kernel.clock import local, local_day
from lib.kernel.errors import NotFound, ShopError
from lib.kernel.money import Money, split
from lib.kernel.quantity import GRAMS_PER_JIN
from lib.kernel.words import N_
from lib.shop.language import Translate, locale, translator
from lib.shop.opening import Premises, premises
from lib.shop.shop import RESIDENT, Shop
from lib.trust.costs import queries
from lib.trust.costs.marks import Mark, product_marks
from lib.trust.costs.queries import Edition, Showing
from lib.trust.costs.rules import GIVEN, LABELS, Line, Part, text_of
from lib.web.light import Latest, Page, Shelf, answer, draw, language_of

LINES_PER_PAGE = 30
"""Keeps a page under 50 kB; a longer sheet continues on the next page."""

OTHERS = 12
"""Earlier sheets named on a page; the Streamlit page finds all."""

BAR = 1000
"""Width of the bar; its parts are whole and add up to it."""

_shelf = Shelf()
_marks: Latest[tuple[Mark, ...]] = Latest()


def prices(request: Request) -> Response:
    """Answer with the newest sheet, or with sheet ``number`` of the path."""
    books = premises()
    edition = queries.edition(books.store)
    wanted = Wanted(
        number=_number(request.path_params.get("number")),
        page=_number(request.query_params.get("page")),
        language=language_of(request),
        chosen="lang" in request.query_params,
        edition=edition,
        marks=_marks_now(books, edition),
    )
    key = (books.place.database_url, wanted)
    try:
        return answer(request, _shelf.page(key, lambda: _page(books.shop(RESIDENT), wanted)))
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
    marks: tuple[Mark, ...] = ()

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


def _marks_now(books: Premises, edition: Edition) -> tuple[Mark, ...]:
    """Return the marks of today; the books are asked anew only when something in them changed."""
    today = local_day(books.clock.now(), edition.time_zone)
    now = (books.place.database_url, edition.change, today)
    return _marks.value(now, lambda: tuple(product_marks(books.shop(RESIDENT)).values()))


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
    return Page.of(
        draw(
            "prices.html",
            wanted.language,
            wanted.kept,
            **wanted.edition.printed,
            **_shown(showing, wanted),
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
    marks = {mark.product_id: mark for mark in wanted.marks}
    pages = max(1, -(-len(lines) // LINES_PER_PAGE))
    page = 1 if wanted.page is None else wanted.page
    if not 1 <= page <= pages:
        raise NotFound(N_("This sheet has {pages} pages."), pages=pages)
    start = (page - 1) * LINES_PER_PAGE
    zone = wanted.edition.time_zone
    return {
        "heading": translator(language)("What things cost"),
        "sheet": showing.sheet,
        "newest": showing.newest,
        "corrected_by": showing.corrected_by,
        "others": showing.others[:OTHERS],
        "lines": [
            _line(line, language, wanted.edition.only_here, marks.get(line.product_id))
            for line in lines[start : start + LINES_PER_PAGE]
        ],
        "page": page,
        "pages": pages,
        "address": wanted.address,
        "same": wanted.same_language,
        "money": money,
        "day": lambda value: said_day(value, language),
        "moment": lambda value: said_moment(value, zone, language),
    }


def money(amount: Money) -> str:
    """Return ``¥5.80``, with a minus sign before the ¥."""
    return f"{'-' if amount.fen < 0 else ''}¥{abs(amount.yuan):,.2f}"


def said_day(value: date, language: str) -> str:
    """Return a day in full: a page that is kept for a while cannot say "today"."""
    pattern = "y年M月d日 EEE" if language == "zh_CN" else "EEE d MMM y"
    return str(format_date(value, pattern, locale=locale(language)))


def said_moment(value: datetime, zone: str, language: str) -> str:
    """Return a moment on the shop's clock: day, hour and minute."""
    here = local(value, zone)
    return f"{said_day(here.date(), language)} {here:%H:%M}"


def _line(
    line: Line, language: str, only_here: frozenset[int], mark: Mark | None
) -> dict[str, Any]:
    translate = translator(language)
    return {
        "name": line.name,
        "unit": line.unit,
        "price": line.price,
        "photo": line.photo,
        "is_given": line.is_given,
        "only_here": line.product_id in only_here,
        "extras": _extras(line, translate),
        "bars": bars(line),
        "parts": [_part(part, amount, translate) for part, amount in line.parts],
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


def _part(part: Part, amount: Money, translate: Translate) -> dict[str, Any]:
    given = part is Part.KEPT and amount.fen < 0
    row = "" if part is not Part.KEPT else "given" if given else "kept"
    label = translate(GIVEN) if given else translate(LABELS[part])
    return {"kind": row or part.value, "row": row, "label": label, "amount": amount}


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
