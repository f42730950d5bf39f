"""``/print/pick``, ``/print/slips``, ``/print/delivery``, ``/print/purchase``: paper of the shop.

For owner and staff only (E5, E7, R23). Plain HTML in the shop's language, made for the printer: no
script, no purchase cost, of a phone the last four digits only. ``?day=2026-09-25`` (today if
missing), ``&round=3``, ``&slot=evening``; slips come on A4, several a sheet, or with
``&paper=80mm`` one after the other on a roll. Open purchase orders stand per supplier: all of them,
or ``?order=12``.
"""

import base64
import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from lib.kernel.words import N_
from lib.service.delivery.queries import Stop, walk
from lib.service.delivery.rules import floor_of
from lib.service.picking.queries import Scope, owed_alone, pack_slips, pick_list
from lib.shop.language import locale, preferred, translator
from lib.shop.opening import premises
from lib.shop.people.cookies import SESSION, find
from lib.shop.people.queries import actor_of_cookie
from lib.shop.shop import DESK, Shop
from lib.supply.purchasing import queries as purchasing
from lib.supply.purchasing.rules import OPEN, Status
from lib.ui import purchase, show
from lib.web.slips import owed_slips, slips_of

HERE = Path(__file__).parent
PAPERS = ("a4", "80mm")
LARGEST_ID = 2**31
_TAGS = {"zh_CN": "zh-CN", "en": "en"}


def pick_sheet(request: Request) -> Response:
    """Return the pick list per product with its split by building; 403 without a login."""
    shop = shop_of(request)
    if shop is None:
        return closed(request)
    scope = _scope(request, shop)
    rows = pick_list(shop, scope)
    return _page("print_pick.html", shop, scope, "a4", rows=rows)


def slip_sheet(request: Request) -> Response:
    """Return one pack slip per order with goods still to hand over; 403 without a login.

    Owed goods that no order takes along have a slip per resident on their day (R29).
    """
    shop = shop_of(request)
    if shop is None:
        return closed(request)
    scope = _scope(request, shop)
    asked = request.query_params.get("paper", "")
    paper = asked if asked in PAPERS else PAPERS[0]
    bags = [bag for bag in pack_slips(shop, scope) if bag.open_lines or bag.owed]
    alone = owed_alone(shop, scope.day) if scope.day and not (scope.round_id or scope.slot) else []
    slips = [*slips_of(shop, bags), *owed_slips(shop, alone)]
    return _page("print_slips.html", shop, scope, paper, slips=slips)


def delivery_sheet(request: Request) -> Response:
    """Return the walk of a day with what is handed over at each door; 403 without a login (R23).

    How to hand over stands there, never why goods are brought.
    """
    shop = shop_of(request)
    if shop is None:
        return closed(request)
    asked = _scope(request, shop)
    scope = Scope(day=asked.day or shop.today, slot=asked.slot)
    found = walk(shop, scope.day or shop.today, scope.slot)
    stops = [_stop(shop, stop) for stop in found.stops]
    due = show.money(found.due) if found.due else ""
    return _page("print_delivery.html", shop, scope, "a4", stops=stops, due=due)


def purchase_sheet(request: Request) -> Response:
    """Return what each supplier is asked for, without prices; 403 without a login (E5)."""
    shop = shop_of(request)
    if shop is None:
        return closed(request)
    asked = _number(request.query_params.get("order", ""))
    found = purchasing.orders(shop, order_id=asked, statuses=tuple(Status) if asked else OPEN)
    language, say = shop.settings.language, translator(shop.settings.language)
    sheets = [
        {
            "supplier": one.supplier_name,
            "number": one.number,
            "day": purchase.said_day(one.expected_on, language),
            "note": one.note,
            "goods": [
                (line.name, line.unit.said(line.quantity), purchase.said_cases(line, say))
                for line in one.lines
            ],
        }
        for one in found
    ]
    return _page("print_purchase.html", shop, Scope(day=shop.today), PAPERS[0], sheets=sheets)


def shop_of(request: Request) -> Shop | None:
    """Return the shop as the signed-in person sees it; None for anybody else."""
    books = premises()
    token = find(request.cookies, SESSION)
    actor = actor_of_cookie(books.store, token, books.clock.now())
    return books.shop(actor) if actor is not None and actor.role in DESK else None


def _scope(request: Request, shop: Shop) -> Scope:
    """Return what is asked for; whatever cannot be meant is left out, without a day it is today."""
    asked = request.query_params
    try:
        day = date.fromisoformat(asked.get("day", ""))
    except ValueError:
        day = None
    round_id = _number(asked.get("round", ""))
    slot = shop.settings.slot(asked.get("slot"))
    return Scope(
        day=shop.today if day is None and round_id is None else day,
        round_id=round_id,
        slot=slot.key if slot else None,
    )


def _number(text: str) -> int | None:
    known = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if known and int(text) < LARGEST_ID else None


def _stop(shop: Shop, stop: Stop) -> dict[str, Any]:
    bag, floor = stop.bag, floor_of(stop.bag.home.room)
    slot = shop.settings.slot(bag.slot)
    language = shop.settings.language
    return {
        "number": bag.number,
        "name": bag.name,
        "home": str(bag.home),
        "floor": floor,
        "tail": bag.phone_tail,
        "slot": translator(language)(slot.name) if slot else "",
        "day": format_date(bag.day, "short", locale(language)) if bag.day < shop.today else "",
        "hint": stop.hint,
        "note": stop.note,
        "goods": [(line.product, line.unit.said(line.outstanding)) for line in bag.open_lines],
        "owed": [(one.product, one.unit.said(one.open)) for one in bag.owed],
        "due": show.money(stop.due) if stop.due else "",
    }


def _page(template: str, shop: Shop, scope: Scope, paper: str, **values: Any) -> Response:
    settings = shop.settings
    say = translator(settings.language)
    slot = settings.slot(scope.slot)
    css = style(paper)
    html = (
        templates()
        .get_template(template)
        .render(
            _=say,
            tag=_TAGS[settings.language],
            style=Markup(css),  # noqa: S704 - our own files, no text of anybody
            shop_name=settings.shop_name or say(N_("Linli")),
            day=format_date(scope.day, "full", locale(settings.language)) if scope.day else "",
            slot=f"{say(slot.name)} {slot.hours}" if slot else "",
            paper=paper,
            **values,
        )
    )
    return HTMLResponse(html, headers=headers_for(css))


def closed(request: Request) -> Response:
    """Return the 403 page that leads to the sign-in."""
    language = preferred(request.headers.get("accept-language"))
    css = style(PAPERS[0])
    html = (
        templates()
        .get_template("print_closed.html")
        .render(
            _=translator(language),
            tag=_TAGS[language],
            style=Markup(css),  # noqa: S704 - our own files, no text of anybody
        )
    )
    return HTMLResponse(html, 403, headers=headers_for(css))


def headers_for(css: str) -> dict[str, str]:
    """Return the headers of a printed page whose stylesheet is ``css``; nobody keeps a copy."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return {
        "cache-control": "no-store",
        "vary": "Cookie",
        "content-security-policy": (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        ),
    }


@cache
def style(paper: str) -> str:
    """Return the stylesheet for ``paper`` (``a4`` or ``80mm``)."""
    folder = HERE / "static"
    return "".join(
        (folder / name).read_text("utf-8") for name in ("print.css", f"print_{paper}.css")
    )


@cache
def templates() -> Environment:
    """Return the templates of printed pages; a name left out is an error."""
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


ROUTES = [
    Route("/print/pick", pick_sheet, methods=["GET"]),
    Route("/print/slips", slip_sheet, methods=["GET"]),
    Route("/print/delivery", delivery_sheet, methods=["GET"]),
    Route("/print/purchase", purchase_sheet, methods=["GET"]),
]
