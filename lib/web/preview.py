"""``/preview/prices``: the price page as residents will see it, before it is published (R20).

For the owner only, never kept by anybody. What is on it comes from the owner's draft of the publish
form and from the books as they are now, through the very functions that draw the public page.
"""

from dataclasses import dataclass, fields

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from lib.kernel.errors import NotFound, ShopError
from lib.kernel.words import N_
from lib.shop import drafts
from lib.shop.language import translator
from lib.shop.opening import premises
from lib.shop.shop import Role, Shop
from lib.trust.books.rules import Scope
from lib.trust.costs import queries
from lib.trust.costs.draft.queries import draft_sheet
from lib.trust.costs.intent import FORM, Intent
from lib.trust.costs.queries import Showing
from lib.trust.costs.rules import Sheet
from lib.web.light import draw, policy
from lib.web.prices import Wanted, html_of, wanted_of
from lib.web.prints import closed, shop_of

PATH = "/preview/prices"


def preview(request: Request) -> Response:
    """Answer with the next sheet as it would look; 403 for everybody but the owner."""
    shop = shop_of(request)
    if shop is None or shop.actor.role is not Role.OWNER:
        return closed(request)
    wanted = Draft.of(wanted_of(request, premises()))
    try:
        return _private(html_of(_showing(shop), wanted, preview=True))
    except ShopError as error:
        return _private(_nothing(wanted, error), 404 if isinstance(error, NotFound) else 409)


@dataclass(frozen=True)
class Draft(Wanted):
    """What was asked for of a sheet that has no address of its own yet."""

    @classmethod
    def of(cls, wanted: Wanted) -> "Draft":
        """Return ``wanted`` of the sheet that is not published."""
        values = {field.name: getattr(wanted, field.name) for field in fields(Wanted)}
        return cls(**values | {"number": None})

    def address(self, number: int | None = None, page: int | None = None) -> str:
        """Return the address of another page of the preview, else of a published sheet."""
        address = super().address(None if page else number, page)
        return address.replace("/p/prices", PATH, 1) if page else address


def _showing(shop: Shop) -> Showing:
    """The next sheet as published sheets are shown; raises ``NotFound`` when none is begun."""
    kept = drafts.kept(shop, FORM)
    wanted = Intent.of_text(kept.text) if kept else None
    if wanted is None:
        raise NotFound(N_("No sheet is being put together. Open the price sheets, then Publish."))
    scope = None
    if wanted.first and wanted.last:
        scope = Scope(wanted.first, wanted.last, round_id=wanted.round_id)
    current = draft_sheet(shop, scope)
    lines = current.chosen(wanted.product_ids)
    if not lines:
        raise NotFound(N_("No product is chosen. Open the price sheets, then Publish."))
    published = queries.published_sheets(shop)
    number = published[0].number + 1 if published else 1
    sheet = Sheet(
        number=number,
        title=wanted.title,
        day=wanted.day,
        data_as_of=shop.clock.now(),
        lines=lines,
        corrects=wanted.corrects,
        correction=wanted.correction,
        previous=published[0].fingerprint if published else "",
        fingerprint="",
        period=current.period,
    )
    return Showing(sheet, (), tuple(published), number)


def _nothing(wanted: Wanted, error: ShopError) -> str:
    translate = translator(wanted.language)
    return draw(
        "message.html",
        wanted.language,
        {},
        heading=translate("Preview"),
        sentence=error.said(translate),
        link="/costs",
        link_words=translate("Back to publishing"),
        **wanted.edition.printed,
    )


def _private(html: str, status: int = 200) -> Response:
    headers = {
        "cache-control": "no-store",
        "vary": "Cookie",
        "content-security-policy": policy(),
    }
    return HTMLResponse(html, status, headers)


ROUTES: list[BaseRoute] = [Route(PATH, preview, methods=["GET"])]
