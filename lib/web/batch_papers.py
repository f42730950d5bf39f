"""Paper and pictures of one batch, for owner and staff: label, poster, and the dossier.

``/print/label/12`` is a sheet of labels on A4, or with ``?paper=80mm`` labels on a roll;
``&count=4`` says how many, ``&full=1`` prints the producer's address and contact as section 68 of
the food safety law asks for bulk food. ``/print/poster/12.png`` is the picture for the group, with
``?tall=1`` and ``?dark=1``. ``/dossier/12`` is the ZIP of everything known.
"""

from datetime import date
from functools import cache

import segno
from babel.dates import format_date
from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.files import storage
from lib.shop.language import locale, translator
from lib.shop.shop import Shop
from lib.supply.dossier.build import build
from lib.supply.origin import poster as posters
from lib.supply.origin import texts
from lib.supply.origin.queries import origin_of_batch
from lib.supply.origin.rules import path_of
from lib.supply.purchasing.receiving.queries import Batch, batch
from lib.supply.suppliers.queries import public_supplier
from lib.supply.suppliers.rules import Kind
from lib.web.prints import HERE, PAPERS, closed, headers_for, shop_of, style, templates

MOST_LABELS = 60
USUAL_LABELS = {"a4": 8, "80mm": 1}
_TAGS = {"zh_CN": "zh-CN", "en": "en"}
_PRIVATE = {"cache-control": "no-store", "vary": "Cookie"}


def label_sheet(request: Request) -> Response:
    """Return labels of one batch to print; 403 without a login, 404 for an unknown batch."""
    found = _asked(request)
    if isinstance(found, Response):
        return found
    shop, this = found
    asked = request.query_params
    paper = asked.get("paper", "") if asked.get("paper", "") in PAPERS else PAPERS[0]
    settings, say = shop.settings, translator(shop.settings.language)
    css = style(paper) + style_of_labels()
    html = (
        templates()
        .get_template("print_label.html")
        .render(
            _=say,
            tag=_TAGS[settings.language],
            style=Markup(css),  # noqa: S704 - our own files, no text of anybody
            shop_name=settings.shop_name or say(N_("Linli")),
            paper=paper,
            count=_count(asked.get("count", ""), USUAL_LABELS[paper]),
            batch=this,
            address=_address(shop, request, this.token),
            code=Markup(qr_svg(_address(shop, request, this.token))),  # noqa: S704 - drawn here
            full=is_full(shop, this, asked.get("full")),
            day=lambda value: said_day(value, settings.language),
        )
    )
    return HTMLResponse(html, headers=headers_for(css))


def poster_picture(request: Request) -> Response:
    """Return the poster of one batch as PNG; 403 without a login, 404 for an unknown batch."""
    found = _asked(request)
    if isinstance(found, Response):
        return found
    shop, this = found
    asked = request.query_params
    picture = posters.draw(
        poster_of(shop, this.id, _address(shop, request, this.token)),
        translator(shop.settings.language),
        tall=asked.get("tall") == "1",
        dark=asked.get("dark") == "1",
    )
    return Response(picture, headers={**_PRIVATE, "content-type": "image/png"})


def dossier(request: Request) -> Response:
    """Return the dossier of one batch as ZIP; 403 without a login, 404 for an unknown batch.

    It lies on disk while it is sent and is removed afterwards: memory does not grow by its files.
    """
    found = _asked(request)
    if isinstance(found, Response):
        return found
    shop, this = found
    made = build(shop, this.id)
    return FileResponse(
        made.path,
        media_type="application/zip",
        filename=made.name,
        headers=_PRIVATE,
        background=BackgroundTask(made.path.unlink, missing_ok=True),
    )


def poster_of(shop: Shop, batch_id: int, address: str) -> posters.Poster:
    """Return what stands on the poster of a batch, in the shop's language."""
    origin = origin_of_batch(shop, batch_id)
    settings, say = shop.settings, translator(shop.settings.language)
    return posters.Poster(
        product=origin.product,
        arrived=said_day(origin.arrived_on, settings.language),
        code=origin.code,
        address=address,
        source=texts.source_line(origin, say),
        tested=texts.test_line(origin, say),
        shop_name=" · ".join(part for part in (settings.shop_name, settings.community) if part),
        photo=storage.path_of(shop.place, origin.photo) if origin.photo else None,
    )


def is_full(shop: Shop, this: Batch, asked: str | None) -> bool:
    """Whether address and contact of the producer are printed: as asked, else by who it is.

    A grower's home is nobody's business; a workshop or factory sells bulk food under section 68.
    """
    if asked in ("0", "1"):
        return asked == "1"
    source = public_supplier(shop, this.supplier_id)
    return source.kind is not Kind.GROWER or bool(source.contact)


def said_day(day: date, language: str) -> str:
    """Return a day as paper says it: 9月25日 周五; with the year, because paper lies about."""
    pattern = "y年M月d日 EEE" if language == "zh_CN" else "EEE d MMM y"
    return str(format_date(day, pattern, locale=locale(language)))


def qr_svg(text: str) -> str:
    """Return ``text`` as a QR code that scales with its box."""
    return str(
        segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=4, dark="#000")
    )


@cache
def style_of_labels() -> str:
    """Return the stylesheet of labels."""
    return (HERE / "static" / "print_label.css").read_text("utf-8")


def _asked(request: Request) -> tuple[Shop, Batch] | Response:
    shop = shop_of(request)
    if shop is None:
        return closed(request)
    text: str = request.path_params["batch_id"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    try:
        return shop, batch(shop, number)
    except NotFound:
        return PlainTextResponse("404", 404, headers=_PRIVATE)


def _address(shop: Shop, request: Request, token: str) -> str:
    base = shop.settings.public_address or str(request.base_url).rstrip("/")
    return base + path_of(token)


def _count(text: str, usual: int) -> int:
    known = text.isascii() and text.isdigit() and len(text) < 4
    return min(max(int(text), 1), MOST_LABELS) if known else usual


ROUTES = [
    Route("/print/label/{batch_id}", label_sheet, methods=["GET"]),
    Route("/print/poster/{batch_id}.png", poster_picture, methods=["GET"]),
    Route("/dossier/{batch_id}", dossier, methods=["GET"]),
]
