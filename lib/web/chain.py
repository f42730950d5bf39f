"""Checking the published sheets from outside (R20): ``/p/prices/chain.json``, ``/p/prices/check``.

The first is every sheet as a link of the chain: number, day, fingerprint, the fingerprint before
it, and where its sealed text lies. With nothing but SHA-256 anybody can find out whether a sheet
was rewritten; the second says how. docs/checking.md has a program of a few lines that does it.
"""

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.shop.language import translator
from lib.shop.opening import premises
from lib.shop.shop import RESIDENT
from lib.trust.costs import queries
from lib.trust.costs.checking.queries import Link
from lib.trust.costs.checking.queries import chain as links_from
from lib.web.light import FRESH_SECONDS, Page, answer, draw, language_of

CHAIN = "/p/prices/chain.json"
LARGEST = 10**8


def chain(request: Request) -> Response:
    """Answer with the links from sheet ``?from=`` on and the address of the next page."""
    asked = request.query_params.get("from", "1")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else LARGEST
    found = links_from(premises().shop(RESIDENT), first)
    body = json.dumps(
        {
            "sheets": [_said(link) for link in found.links],
            "next": f"{CHAIN}?from={found.following}" if found.following else None,
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
    headers = {
        "cache-control": f"public, max-age={FRESH_SECONDS}",
        "etag": f'"{hashlib.sha256(body).hexdigest()[:20]}"',
    }
    if request.headers.get("if-none-match", "").removeprefix("W/") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/json")


def how_to_check(request: Request) -> Response:
    """Answer with the page that says how anybody can check a sheet."""
    books = premises()
    edition = queries.edition(books.store)
    language = language_of(request)
    say = translator(language)
    newest = queries.published_sheets(books.shop(RESIDENT), 1)
    same = f"?lang={language}" if "lang" in request.query_params else ""
    html = draw(
        "check.html",
        language,
        {},
        heading=say("How to check a price sheet"),
        newest=newest[0] if newest else None,
        chain=CHAIN,
        back=f"/p/prices{same}",
        **edition.printed,
    )
    return answer(request, Page.of(html))


def _said(link: Link) -> dict[str, Any]:
    return {
        "number": link.number,
        "day": link.day.isoformat(),
        "data_as_of": link.data_as_of.isoformat(),
        "fingerprint": link.fingerprint,
        "previous": link.previous,
        "corrects": link.corrects,
        "sealed": f"/p/prices/{link.number}.json",
    }


ROUTES: list[BaseRoute] = [
    Route(CHAIN, chain),
    Route("/p/prices/check", how_to_check),
]
"""They stand before the doors of the sheets, whose addresses take any word."""
