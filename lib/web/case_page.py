"""A resident's own page of one case (R26-R30): ``/p/case/<token>``, without signing in.

::

    GET  /p/case/TOKEN              the case: what was promised until when, what happened, photos
    GET  /p/case/TOKEN/photo/12     one of the resident's own photos, ``?size=small`` its thumbnail
    GET  /p/case/TOKEN/address.png  the address of the page as a QR code, to be saved
    POST /p/case/TOKEN              a message with photos, or the answer whether all is well

The token is all that opens it: a number shows nothing (C13), and an address that was never made,
ran out or was revoked is the same 404 as any other. No answer is stored, indexed, or named to
another page; only guesses are slowed down, never the holder of an address.
"""

from io import BytesIO

import segno
from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.kernel.errors import NotFound, Refused
from lib.kernel.words import N_
from lib.service.after_sales.links import commands, queries, rules, tries
from lib.service.after_sales.links.queries import NO_CASE, Followed
from lib.service.after_sales.rules import LONGEST_TEXT, Status
from lib.shop.files import photos, storage
from lib.shop.language import Translate, translator
from lib.shop.opening import Premises, premises
from lib.shop.people.rules import Allowance, network_of, per_hour
from lib.shop.shop import RESIDENT, Shop
from lib.trust.costs.queries import edition
from lib.web import case_words, photo_forms
from lib.web.case_words import Moments
from lib.web.headers import BYTES
from lib.web.help_door import BUSY, decoding, ended, new_key, seats, sendings
from lib.web.light import draw, in_language, language_of, policy
from lib.web.pace import Tries
from lib.web.photo_forms import NotAFormError, Sent

FIELDS_HERE = ("key", "act", "text", "feedback")
GUESSES_PER_HOUR = 60
"""Wrong addresses that one network may try before it waits; nobody finds one by trying."""
LARGEST_ID = 2**31
PRIVATE = {
    "cache-control": "no-store",
    "referrer-policy": "strict-origin",
    "x-robots-tag": "noindex, nofollow, noarchive",
}
"""The address is a key: no cache, no search engine and no other page gets it. Without the origin
of the page a browser would send its forms as from nowhere, and they would be refused."""

_guesses = Tries()


def case(request: Request) -> Response:
    """Answer with the case behind the token of the path."""
    books = premises()
    found = queries.case_by_token(books.shop(RESIDENT), request.path_params["token"])
    return _nothing(request, books) if found is None else _case(request, books, found)


def photo(request: Request) -> Response:
    """Answer with a photo that the resident added to this very case."""
    books = premises()
    shop, token = books.shop(RESIDENT), request.path_params["token"]
    number = request.path_params["number"]
    known = number.isascii() and number.isdigit() and len(number) < 10
    sha256 = queries.photo_by_token(shop, token, int(number)) if known else None
    small = request.query_params.get("size") == "small"
    kept = photos.kept(shop, sha256, small=small) if sha256 is not None else None
    if kept is None or not storage.serves(storage.path_of(shop.place, kept.sha256), kept.sha256):
        return _nothing(request, books)
    headers = {**PRIVATE, "content-security-policy": BYTES}
    path = storage.path_of(shop.place, kept.sha256)
    return FileResponse(path, media_type=kept.media_type, headers=headers)


def address(request: Request) -> Response:
    """Answer with the address of the page as a QR code."""
    books = premises()
    shop, token = books.shop(RESIDENT), request.path_params["token"]
    if queries.behind(shop, token) is None:
        return _nothing(request, books)
    target = BytesIO()
    code = segno.make(_whole_address(request, shop), error="m", micro=False)
    code.save(target, kind="png", scale=8, border=3)
    return Response(target.getvalue(), 200, PRIVATE, "image/png")


async def send(request: Request) -> Response:
    """Take a message with photos, or whether all is well; nothing is read without a valid token."""
    books = premises()
    shop = await to_thread.run_sync(books.shop, RESIDENT)
    token = request.path_params["token"]
    found = await to_thread.run_sync(queries.case_by_token, shop, token)
    if found is None:
        return ended(await to_thread.run_sync(_nothing, request, books))
    network = network_of(request.client.host if request.client else None)
    with seats.one(network) as seated:
        allowed = rules.messages_allowed(shop.settings.cases_per_hour)
        mine = f"link:{found.link_id}"  # a neighbour on the same network keeps nobody out
        refused = not seated or not sendings.take(mine, allowed, shop.clock.now())
        try:
            sent = await photo_forms.read(
                request, books.place, FIELDS_HERE, found.room, keep=not refused
            )
        except NotAFormError as error:
            return ended(Response("not a form of ours", error.status))
        except Refused as error:
            return ended(_case(request, books, found, why=[error.said(_say(request))], status=503))
        except ClientDisconnect:
            return Response(status_code=400)
        with photo_forms.swept(sent):
            if refused:
                why = [_say(request)(BUSY)]
                return ended(_case(request, books, found, why=why, sent=sent, status=429))
            return await to_thread.run_sync(_taken, request, found, sent, limiter=decoding)


ROUTES: list[BaseRoute] = [
    Route(f"{rules.CASE_PAGE}/{{token}}", case, methods=["GET"]),
    Route(f"{rules.CASE_PAGE}/{{token}}", send, methods=["POST"]),
    Route(f"{rules.CASE_PAGE}/{{token}}/photo/{{number}}", photo, methods=["GET"]),
    Route(f"{rules.CASE_PAGE}/{{token}}/address.png", address, methods=["GET"]),
]


def _taken(request: Request, found: Followed, sent: Sent) -> Response:
    books = premises()
    shop, say = books.shop(RESIDENT), _say(request)
    act, key = sent.fields.get("act", ""), sent.fields.get("key", "")
    if sent.too_much:
        why = [say(N_("All photos together are too large. Send fewer now, the others later."))]
        return ended(_case(request, books, found, why=why, sent=sent, status=413))
    try:
        if not rules.is_key(key):
            raise Refused(N_("This page was open for long. Please send it once more."))
        missed = _do(shop, request.path_params["token"], key, act, found, sent, say)
    except NotFound:
        return _nothing(request, books)
    except Refused as refused:
        return _case(request, books, found, why=[refused.said(say)], sent=sent, status=422)
    if missed:
        now = queries.case_by_token(shop, request.path_params["token"]) or found
        return _case(request, books, now, why=missed)
    path = rules.path_of(request.path_params["token"])
    return RedirectResponse(in_language(request, path, done=1), 303, PRIVATE)


def _do(
    shop: Shop, token: str, key: str, act: str, found: Followed, sent: Sent, say: Translate
) -> list[str]:
    """Do what was sent; return what is to be said of photos that could not be taken."""
    if act in ("content", "not_content"):
        tries.take_sending(shop, found.link_id)
        feedback = sent.fields.get("feedback", "")
        commands.answer_as_resident(shop, token, key, content=act == "content", feedback=feedback)
        return []
    text = sent.fields.get("text", "")
    rules.checked_message(text, photos=len(sent.files) + sent.beyond)
    tries.take_sending(shop, found.link_id)
    pictures, missed = photo_forms.decoded(shop, sent, found.room, say)
    if pictures or not missed or text.strip():
        commands.write_as_resident(shop, token, key, text, pictures)
    return missed


def _case(
    request: Request,
    books: Premises,
    found: Followed,
    *,
    why: list[str] | None = None,
    sent: Sent | None = None,
    status: int = 200,
) -> Response:
    shop, say = books.shop(RESIDENT), _say(request)
    how = Moments(shop.clock.now(), shop.settings.time_zone, say)
    token = request.path_params["token"]
    path, typed = rules.path_of(token), sent.fields if sent else {}
    return _page(
        request,
        books,
        "case.html",
        status,
        {},
        heading=say(case_words.HEADS[found.status]),
        case=found,
        about=case_words.about(found, say),
        reported=how.moment(found.reported_at),
        as_of=how.moment(how.now),
        promises=case_words.promises(found, how),
        history=list(reversed(case_words.history(found.entries, how))),
        solutions=case_words.solutions(found.given, found, say),
        owed=case_words.owed(found.promised, how),
        asked=found.status is Status.SOLVED,
        over=found.status in (Status.CLOSED, Status.WITHDRAWN),
        path=path,
        action=in_language(request, path),
        address=_whole_address(request, shop),
        first="sent" in request.query_params,
        done="done" in request.query_params and not why,
        why=why or [],
        typed=typed,
        key=new_key(),
        longest=LONGEST_TEXT,
        most_megabytes=photos.LARGEST_UPLOAD // 1024 // 1024,
        days=shop.settings.case_link_days,
    )


def _nothing(request: Request, books: Premises) -> Response:
    """The same answer to every address that shows nothing; who tries many waits longer and longer.

    The holder of a valid address never comes here, so a guessing neighbour shuts nobody out.
    """
    network = network_of(request.client.host if request.client else None)
    slow = not _guesses.take(network, _guessing(), books.clock.now())
    say = _say(request)
    sentence = N_("Too many wrong addresses came from here. Try again later.") if slow else NO_CASE
    return _page(
        request,
        books,
        "message.html",
        429 if slow else 404,
        {},
        heading=say("Nothing to see here"),
        sentence=say(sentence),
        link=in_language(request, rules.HELP_PAGE),
        link_words=say("Something wrong with your goods?"),
    )


def _guessing() -> Allowance:
    return per_hour(GUESSES_PER_HOUR)


def _page(
    request: Request,
    books: Premises,
    template: str,
    status: int,
    query: dict[str, object],
    **values: object,
) -> Response:
    language = language_of(request)
    html = draw(template, language, query, private=True, **values, **edition(books.store).printed)
    headers = {
        **PRIVATE,
        "content-type": "text/html; charset=utf-8",
        "vary": "Accept-Language",
        "content-security-policy": policy(form=True),
    }
    return Response(html, status, headers)


def _whole_address(request: Request, shop: Shop) -> str:
    base = shop.settings.public_address or str(request.base_url).rstrip("/")
    return base + rules.path_of(request.path_params["token"])


def _say(request: Request) -> Translate:
    return translator(language_of(request))
