"""``/files/{sha256}``: photos, clips and papers by their content, for those who may see them.

Owner and staff see every file; anybody sees what was published or offered: a picture on a
published cost sheet that its product still bears, or of a product in a round that has opened;
published evidence and published papers of suppliers, published photos of activities. Of a PDF
residents get pictures of its pages, never the file itself, and the desk gets it as a download
without a name of anybody (A5).
Everybody else gets the same 404 as for a file that does not exist. What was taken off or withdrawn
is gone for residents at the next look, because they ask again each time (reliability A27).
"""

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from lib.shop.files import photos, storage
from lib.shop.files.intake import WEBM
from lib.shop.files.photos import Kept
from lib.shop.files.showing import CLIP, PDF, PICTURE
from lib.shop.opening import premises
from lib.shop.people.cookies import SESSION, find
from lib.shop.people.queries import actor_of_cookie
from lib.shop.shop import DESK, RESIDENT, Actor, Shop
from lib.supply.origin.queries import is_origin_picture
from lib.supply.traceability.queries import is_public_evidence
from lib.trade.products.queries import is_offered_photo
from lib.trust.community.photos.queries import is_activity_photo
from lib.trust.costs.queries import is_published_photo
from lib.web.headers import BYTES

SHOWN = frozenset({PICTURE, CLIP, WEBM})
"""Types of bytes that residents may get."""
FOR_THE_DESK = "private, max-age=31536000, immutable"
FOR_ANYBODY = "private, no-cache"
"""Residents' browsers ask again before they show a picture; an unchanged one costs no bytes."""


def file(request: Request) -> Response:
    """Return the file at ``sha256``, or with ``?size=small`` its thumbnail; Range is honoured.

    404 for what is not there, not for this person, or damaged on disk.
    """
    books = premises()
    token = find(request.cookies, SESSION)
    actor = actor_of_cookie(books.store, token, books.clock.now()) or RESIDENT
    shop, sha256 = books.shop(actor), request.path_params["sha256"]
    if not storage.is_address(sha256) or not may_see(shop, sha256):
        return _nothing()
    small = request.query_params.get("size") == "small"
    kept = photos.kept(shop, sha256, small=small)
    if kept is None or not _may_have(actor, kept) or not _is_there(shop, kept):
        return _nothing()
    headers = {
        "Cache-Control": FOR_THE_DESK if actor.role in DESK else FOR_ANYBODY,
        "Content-Security-Policy": BYTES,
        "ETag": f'"{kept.sha256}"',
        "Vary": "Cookie",
        "X-Content-Type-Options": "nosniff",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    path = storage.path_of(shop.place, kept.sha256)
    if kept.media_type == PDF:
        headers["Content-Disposition"] = f'attachment; filename="linli-{kept.sha256[:8]}.pdf"'
    return FileResponse(path, media_type=kept.media_type, headers=headers)


def may_see(shop: Shop, sha256: str) -> bool:
    """Whether ``shop``'s actor may see the picture or clip ``sha256``."""
    if shop.actor.role in DESK:
        return True
    return (
        is_offered_photo(shop, sha256)
        or is_published_photo(shop, sha256)
        or is_public_evidence(shop, sha256)
        or is_origin_picture(shop, sha256)
        or is_activity_photo(shop, sha256)
    )


def _may_have(actor: Actor, kept: Kept) -> bool:
    """Whether these very bytes go to ``actor``: a PDF goes to the desk alone (A5)."""
    return actor.role in DESK or kept.media_type in SHOWN


def _is_there(shop: Shop, kept: Kept) -> bool:
    return storage.serves(storage.path_of(shop.place, kept.sha256), kept.sha256)


def _nothing() -> Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return PlainTextResponse("404", status_code=404, headers=headers)


ROUTES = [Route("/files/{sha256}", file, methods=["GET"])]
