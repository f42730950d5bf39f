"""Paper of complaints: a supplier's letter for the owner, the ledger with photos for the desk.

``/print/letter/12`` is one written letter on A4, in the shop's language, its photos inside the page
so that it can be saved and sent (R32). ``/case-photos?first=2026-09-01&last=2026-09-30`` is the
table of cases with their photos as one ZIP; it names nobody (R31).
"""

import base64
from functools import cache
from typing import Any

from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from lib.kernel.clock import local
from lib.kernel.errors import NotFound, ShopError
from lib.kernel.words import N_
from lib.service.after_sales.rules import CAUSE_NAMES, DEFECT_NAMES, number
from lib.service.ledger.album.build import build
from lib.service.ledger.album.rules import from_query
from lib.service.ledger.letters import texts
from lib.service.ledger.letters.queries import Letter, letter
from lib.service.ledger.letters.rules import RECKONED_NAMES, Line, Picture
from lib.shop.files import photos, storage
from lib.shop.language import Translate, translator
from lib.shop.shop import Role, Shop
from lib.supply.papers.rules import BEARER_NAMES
from lib.supply.statements.rules import CLAIM_NAMES
from lib.web.prints import HERE, PAPERS, closed, headers_for, shop_of, style, templates

FULL_PAGE_ROWS = 18
"""Goods and complaints that one page holds beside the rest; more go on a second one."""
FEW_PICTURES, FEW_ROWS = 3, 11
"""So few photos are printed larger, beside so few goods and complaints."""
_TAGS = {"zh_CN": "zh-CN", "en": "en"}
_PRIVATE = {"cache-control": "no-store", "vary": "Cookie"}


def letter_sheet(request: Request) -> Response:
    """Return a written letter to print; 403 for everybody but the owner, 404 for none."""
    shop = shop_of(request)
    if shop is None or shop.actor.role is not Role.OWNER:
        return closed(request)
    try:
        this = letter(shop, _id(request.path_params["letter_id"]))
    except NotFound:
        return PlainTextResponse("404", 404, headers=_PRIVATE)
    except ShopError as error:
        say = translator(shop.settings.language)
        return PlainTextResponse(say(error.sentence), 409, headers=_PRIVATE)
    css = style(PAPERS[0]) + style_of_letters()
    html = templates().get_template("print_letter.html").render(**_values(shop, this, css))
    headers = headers_for(css)
    policy = headers["content-security-policy"]
    return HTMLResponse(
        html, headers={**headers, "content-security-policy": f"img-src data:; {policy}"}
    )


def case_photos(request: Request) -> Response:
    """Return table and photos of the asked cases as ZIP; 403 without a login, 404 for nonsense.

    It lies on disk while it is sent and is removed afterwards: memory does not grow by its files.
    """
    shop = shop_of(request)
    if shop is None:
        return closed(request)
    wanted = from_query(request.query_params)
    if wanted is None:
        return PlainTextResponse("404", 404, headers=_PRIVATE)
    try:
        made = build(shop, wanted)
    except ShopError as error:
        say = translator(shop.settings.language)
        said = say(error.sentence).format(**error.values)
        return PlainTextResponse(said, 409, headers=_PRIVATE)
    return FileResponse(
        made.path,
        media_type="application/zip",
        filename=made.name,
        headers=_PRIVATE,
        background=BackgroundTask(made.path.unlink, missing_ok=True),
    )


def _values(shop: Shop, this: Letter, css: str) -> dict[str, Any]:
    settings, body, facts = shop.settings, this.body, this.body.facts
    say, language = translator(settings.language), settings.language
    rows = len(facts.lines) + len(facts.delivered)
    few = len(body.pictures) <= FEW_PICTURES and rows <= FEW_ROWS
    written = local(this.created_at, settings.time_zone)
    return {
        "_": say,
        "tag": _TAGS[language],
        "style": Markup(css),  # noqa: S704 - our own files, no text of anybody
        "shop_name": settings.shop_name or say(N_("Linli")),
        "supplier": facts.supplier,
        "month": texts.month_said(facts.this.month, language),
        "edition": this.edition,
        "mark": this.mark,
        "written": f"{written:%Y-%m-%d}",
        "standing": texts.standing(facts, say, language),
        "last": texts.last_said(body, say, language),
        "delivered": [
            (
                each.product,
                each.unit.said(each.accepted),
                each.unit.said(each.rejected) if each.rejected else "",
                each.batches,
            )
            for each in facts.delivered
        ],
        "defects": [(say(DEFECT_NAMES[defect]), count) for defect, count in facts.defects],
        "causes": [
            (say(CAUSE_NAMES[cause]) if cause else say(N_("not found out yet")), count)
            for cause, count in facts.causes
        ],
        "lines": [_line(line, say, language) for line in facts.lines],
        "reckoned": facts.reckoned,
        "claim": body.choice.claim,
        "differs": body.choice.claim != facts.reckoned,
        "why": body.choice.why,
        "bearer": say(BEARER_NAMES[facts.bearer]) if facts.bearer else "",
        "answer": say(CLAIM_NAMES[this.answer]) if this.answer else "",
        "asks": body.choice.asks.splitlines(),
        "pictures": [_picture(shop, each, large=few) for each in body.pictures],
        "few": few,
        "long": rows > FULL_PAGE_ROWS,
    }


def _line(line: Line, say: Translate, language: str) -> dict[str, Any]:
    goods = texts.quantity_said(line.unit, line.quantity)
    price = f"× {line.price}" if line.price is not None and goods else ""
    freight = say(N_("freight {amount}")).format(amount=line.freight) if line.freight else ""
    return {
        "number": number(line.case_id),
        "day": texts.day_said(line.told_on, language),
        "product": line.product,
        "batch": line.batch,
        "arrived": texts.day_said(line.arrived_on, language) if line.arrived_on else "",
        "defect": say(DEFECT_NAMES[line.defect]),
        "bad": texts.bad_said(line, say),
        "made_up": " ".join(part for part in (goods, price, freight) if part),
        "reckoned": say(RECKONED_NAMES[line.reckoned]),
        "amount": line.amount,
    }


def _picture(shop: Shop, picture: Picture, *, large: bool) -> tuple[str, str]:
    """Return a photo as the address of its own bytes, and its case; empty when it is not there."""
    kept = photos.kept(shop, picture.sha256, small=not large)
    path = storage.path_of(shop.place, kept.sha256) if kept is not None else None
    if kept is None or path is None or not storage.serves(path, kept.sha256):
        return "", number(picture.case_id)
    content = base64.b64encode(path.read_bytes()).decode()
    return f"data:{kept.media_type};base64,{content}", number(picture.case_id)


@cache
def style_of_letters() -> str:
    """Return the stylesheet of letters."""
    return (HERE / "static" / "print_letter.css").read_text("utf-8")


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0


ROUTES = [
    Route("/print/letter/{letter_id}", letter_sheet, methods=["GET"]),
    Route("/case-photos", case_photos, methods=["GET"]),
]
