"""Residents report what is wrong with their goods (R28): ``/p/help``, plain HTML, no account.

::

    GET  /p/help    the form, with a key made for this showing
    POST /p/help    text fields, then photos -> 303 to the private page of the new case, or the
                    form again with why, or a page that says which photos could not be taken

Whether a report is taken is decided before anything of it is read; then its text is read, its
photos are written to disk as they come, and only a report that says enough has them opened. The
case stands at once and its clocks run. The same form sent twice is one case and one address.
"""

import uuid
from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.kernel.errors import Conflict, Refused
from lib.kernel.words import N_
from lib.service.after_sales.links import commands, queries, rules, tries
from lib.service.after_sales.links.commands import Reported
from lib.service.after_sales.links.rules import Report
from lib.shop.files import photos
from lib.shop.files.photos import Photo
from lib.shop.language import Translate, translator
from lib.shop.opening import Premises, premises
from lib.shop.people.rules import Allowance, network_of, per_hour
from lib.shop.shop import RESIDENT, Shop
from lib.trust.costs.queries import edition
from lib.web import photo_forms
from lib.web.light import draw, in_language, language_of, policy
from lib.web.pace import Seats, Tries
from lib.web.photo_forms import NotAFormError, Sent

LIGHT_PAGE = rules.HELP_PAGE
FIELDS = ("key", "website", "defect", "what", "bad", "said", "name", "home")
TRIES_PER_REPORT = 4
"""Sendings with something missing that go with each report; each may carry photos."""

seats = Seats(in_all=8, per_network=3)
"""Forms with photos that are read at the same moment."""
decoding = CapacityLimiter(2)
sendings = Tries()

BUSY = N_(
    "Too much is coming in just now. Please send it again in a few minutes, or write in the group."
)
_OLD = N_("This page was open for long. Please send it once more.")
_CLOSED = N_("Reports are not taken here")
_TOO_MUCH = N_("All photos together are too large. Send fewer now, the others later.")


@dataclass(frozen=True)
class Shown:
    """What the form is drawn with: what was typed, its key, and why it was not taken."""

    typed: Report = field(default_factory=Report)
    key: str = ""
    why: str = ""
    again: bool = False
    """Photos came along; a browser does not keep them."""


def form(request: Request) -> Response:
    """Answer with the form, or with why there is none."""
    books = premises()
    shop = books.shop(RESIDENT)
    if not shop.settings.case_door:
        return _closed(request, books, _CLOSED, 404)
    if not queries.takes_reports(shop):
        return _closed(request, books, tries.FULL, 503)
    return _form(request, books, Shown(), 200)


async def send(request: Request) -> Response:
    """Take a report, or show the form again with it and with why it was not taken."""
    books = premises()
    network = network_of(request.client.host if request.client else None)
    shop = await to_thread.run_sync(books.shop, RESIDENT)
    if not shop.settings.case_door:
        return ended(_closed(request, books, _CLOSED, 404))
    with seats.one(network) as seated:
        refused = await to_thread.run_sync(_refused, shop, network, seated)
        most = shop.settings.case_photos
        try:
            sent = await photo_forms.read(request, books.place, FIELDS, most, keep=not refused)
        except NotAFormError as error:
            return ended(Response("not a form of ours", error.status))
        except Refused as error:
            return ended(_form(request, books, Shown(why=_said(request, error)), 503))
        except ClientDisconnect:
            return Response(status_code=400)
        with photo_forms.swept(sent):
            if refused:
                return ended(_again(request, books, sent, _said(request, refused), 429))
            return await to_thread.run_sync(_taken, request, sent, network, limiter=decoding)


ROUTES: list[BaseRoute] = [
    Route(LIGHT_PAGE, form, methods=["GET"]),
    Route(LIGHT_PAGE, send, methods=["POST"]),
]


def _refused(shop: Shop, network: str, seated: bool) -> Refused | None:
    """Return why nothing that comes from ``network`` is looked at now."""
    if not seated or not sendings.take(network, _sendings(shop), shop.clock.now()):
        return Refused(BUSY)
    try:
        tries.check_report(shop, network)
    except Refused as refused:
        return refused
    return None


def _sendings(shop: Shop) -> Allowance:
    return per_hour(shop.settings.cases_per_hour * TRIES_PER_REPORT)


def _taken(request: Request, sent: Sent, network: str) -> Response:
    books = premises()
    shop = books.shop(RESIDENT)
    key, report = sent.fields.get("key", ""), Report.of(sent.fields)
    if sent.too_much:
        return ended(_again(request, books, sent, _say(request)(_TOO_MUCH), 413))
    try:
        rules.checked(report)
        if not rules.is_key(key):
            raise Refused(_OLD)
    except Refused as refused:
        return _again(request, books, sent, _said(request, refused), 422)
    if sent.fields.get("website"):  # seen and filled by programs only
        return _see_other(in_language(request, LIGHT_PAGE))
    try:
        if queries.reported_with(shop, key) is None:
            tries.take_report(shop, network)
        found, missed = photo_forms.decoded(shop, sent, shop.settings.case_photos, _say(request))
        reported = _report(shop, key, report, found, network)
    except Refused as refused:
        return _again(request, books, sent, _said(request, refused), 429)
    address = in_language(request, rules.path_of(reported.token), sent=1)
    if missed:
        return _page(request, books, "help_missed.html", 200, missed=missed, address=address)
    return _see_other(address)


def _report(shop: Shop, key: str, report: Report, found: list[Photo], network: str) -> Reported:
    """Open the case; gone back and told something else on a page sent before, it is another."""
    try:
        reported = commands.report_case(shop, key, report, found)
    except Conflict:
        tries.take_report(shop, network)
        return commands.report_case(shop, new_key(), report, found)
    if not reported.new:
        there = queries.photos_at(shop, reported.case_id)
        more = [photo for photo in found if photo.sha256 not in there]
        if more:
            commands.write_as_resident(shop, reported.token, new_key(), "", more)
    return reported


def _again(request: Request, books: Premises, sent: Sent, why: str, status: int) -> Response:
    typed, key = Report.of(sent.fields), sent.fields.get("key", "")
    photographed = bool(sent.files or sent.beyond or sent.too_much)
    return _form(request, books, Shown(typed, key, why, photographed), status)


def _form(request: Request, books: Premises, shown: Shown, status: int) -> Response:
    settings = books.shop(RESIDENT).settings
    return _page(
        request,
        books,
        "help.html",
        status,
        shown=shown,
        key=shown.key if rules.is_key(shown.key) else new_key(),
        action=in_language(request, LIGHT_PAGE),
        defects=[(defect.value, words) for defect, words in rules.RESIDENTS_WORDS.items()],
        longest={name: most for name, (most, _sentence) in rules.LONGEST.items()},
        settings=settings,
        most_megabytes=photos.LARGEST_UPLOAD // 1024 // 1024,
        origins=in_language(request, "/p/origin"),
    )


def _closed(request: Request, books: Premises, sentence: str, status: int) -> Response:
    return _page(request, books, "help_closed.html", status, sentence=_say(request)(sentence))


def _page(
    request: Request, books: Premises, template: str, status: int, **values: object
) -> Response:
    language = language_of(request)
    html = draw(
        template,
        language,
        {},
        heading=translator(language)("Something wrong with your goods?"),
        prices=in_language(request, "/p/prices"),
        **values,
        **edition(books.store).printed,
    )
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "vary": "Accept-Language",
        "content-security-policy": policy(form=True),
    }
    return Response(html, status, headers)


def ended(response: Response) -> Response:
    """Return ``response`` as the last one of its connection: what still comes is not read."""
    response.headers["connection"] = "close"
    response.headers["cache-control"] = "no-store"
    return response


def new_key() -> str:
    """Return a key for one showing of a form."""
    return uuid.uuid4().hex


def _see_other(address: str) -> Response:
    return RedirectResponse(address, 303, {"cache-control": "no-store"})


def _said(request: Request, refused: Refused) -> str:
    return refused.said(_say(request))


def _say(request: Request) -> Translate:
    return translator(language_of(request))
