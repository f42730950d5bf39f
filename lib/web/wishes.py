"""The residents' wish form (R15): ``/p/wishes``, plain HTML, no script, no account, no cookie.

::

    GET  /p/wishes          the form, with a key made for this showing
    POST /p/wishes          wish, name, key -> 303 to /p/wishes?sent=1, or the form again with why

What is sent waits until somebody of the shop reads it; nothing appears anywhere by itself. The
address of the browser counts tries and is not kept. The page is never stored: its key is for one
sending. Another site's page cannot send it (lib/web/hosts.py), a body is at most 64 KiB
(lib/web/bodies.py).
"""

import uuid
from dataclasses import dataclass
from math import ceil
from urllib.parse import parse_qs, urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.kernel.errors import Conflict, Refused
from lib.kernel.words import N_
from lib.shop.language import translator
from lib.shop.opening import Premises, premises
from lib.shop.people.rules import network_of
from lib.shop.shop import RESIDENT
from lib.trust.costs.queries import Edition, edition
from lib.trust.demands.notes import queries, rules
from lib.trust.demands.notes.commands import FULL, leave_note
from lib.web.light import draw, language_of, policy

LIGHT_PAGE = "/p/wishes"
MOST_FIELDS = 12
FORM = "application/x-www-form-urlencoded"
_OLD = N_("This page was open for long. Please send it once more.")


@dataclass(frozen=True)
class Typed:
    """What came with a form. ``website`` is seen and filled by programs only."""

    wish: str = ""
    name: str = ""
    key: str = ""
    website: str = ""


def form(request: Request) -> Response:
    """Answer with the form, with thanks after it was sent, or with why there is none."""
    books = premises()
    shop = books.shop(RESIDENT)
    if not shop.settings.wish_box:
        return _message(request, books, N_("Wishes are not taken here"), 404)
    if "sent" in request.query_params:
        return _page(request, books, "wishes_thanks.html", 200, again=_address(request))
    if not queries.is_open(shop):
        return _message(request, books, FULL, 503)
    return _form(request, books, Typed(), "", 200)


async def send(request: Request) -> Response:
    """Take what was typed, or show the form again with it and with why it was not taken."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
        return Response("unsupported", 415, {"cache-control": "no-store"})
    typed = _typed(await request.body())
    if typed is None:
        return Response("not a form of ours", 400, {"cache-control": "no-store"})
    return await to_thread.run_sync(_taken, request, typed)


ROUTES: list[BaseRoute] = [
    Route(LIGHT_PAGE, form, methods=["GET"]),
    Route(LIGHT_PAGE, send, methods=["POST"]),
]


def _typed(body: bytes) -> Typed | None:
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return None
    return Typed(**{name: fields.get(name, [""])[0] for name in ("wish", "name", "key", "website")})


def _taken(request: Request, typed: Typed) -> Response:
    books = premises()
    shop = books.shop(RESIDENT)
    if not shop.settings.wish_box:
        return _message(request, books, N_("Wishes are not taken here"), 404)
    try:
        written = rules.checked(typed.wish, typed.name)
        if not rules.is_key(typed.key):
            raise Refused(_OLD)
    except Refused as refused:
        return _form(request, books, typed, _said(request, refused), 422)
    if typed.website:
        return _thanks(request)
    network = network_of(request.client.host if request.client else None)
    try:
        try:
            leave_note(shop, typed.key, written, network)
        except Conflict:  # gone back and written another wish on a page that was sent before
            leave_note(shop, _new_key(), written, network)
    except Refused as refused:
        return _form(request, books, typed, _said(request, refused), 429)
    return _thanks(request)


def _thanks(request: Request) -> Response:
    address = f"{LIGHT_PAGE}?{urlencode({'sent': 1, **_chosen(request)})}"
    return RedirectResponse(address, 303, {"cache-control": "no-store"})


def _form(request: Request, books: Premises, typed: Typed, why: str, status: int) -> Response:
    hours = books.shop(RESIDENT).settings.demand_hours
    return _page(
        request,
        books,
        "wishes.html",
        status,
        typed=typed,
        why=why,
        key=typed.key if rules.is_key(typed.key) else _new_key(),
        address=_address(request),
        days=ceil(hours / 24),
        longest_wish=rules.LONGEST_WISH,
        longest_name=rules.LONGEST_NAME,
    )


def _message(request: Request, books: Premises, sentence: str, status: int) -> Response:
    return _page(request, books, "wishes_closed.html", status, sentence=sentence)


def _page(
    request: Request, books: Premises, template: str, status: int, **values: object
) -> Response:
    language = language_of(request)
    say = translator(language)
    if isinstance(values.get("sentence"), str):
        values["sentence"] = say(str(values["sentence"]))
    now: Edition = edition(books.store)
    html = draw(
        template,
        language,
        {"sent": 1} if "sent" in request.query_params else {},
        heading=say("What should we get for you?"),
        prices=f"/p/prices?{urlencode(_chosen(request))}" if _chosen(request) else "/p/prices",
        **values,
        **now.printed,
    )
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "vary": "Accept-Language",
        "content-security-policy": policy(form=True),
    }
    return Response(html, status, headers)


def _said(request: Request, refused: Refused) -> str:
    return refused.said(translator(language_of(request)))


def _address(request: Request) -> str:
    chosen = _chosen(request)
    return f"{LIGHT_PAGE}?{urlencode(chosen)}" if chosen else LIGHT_PAGE


def _chosen(request: Request) -> dict[str, str]:
    """The language, if the address names one: the next page keeps it."""
    return {"lang": language_of(request)} if "lang" in request.query_params else {}


def _new_key() -> str:
    return uuid.uuid4().hex
