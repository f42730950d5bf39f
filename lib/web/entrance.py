"""``/auth/finish`` and ``/auth/logout``: the cookie of a session comes and goes over plain HTTP.

The cookie is HttpOnly (no script reads it), SameSite=Lax, and on TLS also Secure under a
``__Host-`` name, which no other host and no plain connection can set (R14).
"""

from starlette.datastructures import URL
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from lib.kernel.errors import Refused
from lib.shop.opening import premises
from lib.shop.people import entering
from lib.shop.people.cookies import DEVICE, SECURE_PREFIX, SESSION, binding, find
from lib.shop.people.entering import Browser, Entered
from lib.shop.people.rules import network_of
from lib.web.headers import is_https

DEVICE_SECONDS = 180 * 24 * 3600
LONGEST_WAY = 2000


def finish(request: Request) -> Response:
    """Change a one-time code for the session cookie and go on to ``next`` (303).

    A code that is not good leads back to ``next`` without a cookie: the form shows again there.
    """
    shop = premises().shop()
    way = safe_way(request.query_params.get("next"))
    answer = RedirectResponse(way, 303, {"cache-control": "no-store"})
    try:
        entered = entering.redeem(shop, request.query_params.get("code", ""), browser_of(request))
    except Refused:
        return answer
    _set_cookies(
        answer, entered, request, int((entered.ends_at - shop.clock.now()).total_seconds())
    )
    return answer


def logout(request: Request) -> Response:
    """End the session of this browser and take its cookie away; POST, from our own page only."""
    token = find(request.cookies, SESSION)
    if token:
        entering.sign_out(premises().shop(), token)
    answer = RedirectResponse("/", 303, {"cache-control": "no-store", "clear-site-data": '"cache"'})
    for name in (SESSION, SECURE_PREFIX + SESSION):
        answer.delete_cookie(name, httponly=True, samesite="lax", secure=is_https(request.scope))
    return answer


def browser_of(connection: HTTPConnection) -> Browser:
    """Return where a request comes from."""
    address = connection.client.host if connection.client else None
    cookies = connection.cookies
    return Browser(network_of(address), binding(cookies), find(cookies, DEVICE))


def safe_way(typed: str | None) -> str:
    """Return ``typed`` if it is a way within this site, else the root (D10).

    Browsers read ``//host`` and ``/\\host`` as another site, and drop line breaks and tabs.
    """
    way = typed or "/"
    plain = way.isascii() and way.isprintable() and " " not in way
    if not plain or len(way) > LONGEST_WAY or "\\" in way:
        return "/"
    if not way.startswith("/") or way.startswith("//") or URL(way).netloc:
        return "/"
    return way


def _set_cookies(answer: Response, entered: Entered, request: Request, seconds: int) -> None:
    secure = is_https(request.scope)
    prefix = SECURE_PREFIX if secure else ""
    for name, value, age in (
        (SESSION, entered.token, seconds),
        (DEVICE, entered.device, DEVICE_SECONDS),
    ):
        answer.set_cookie(
            prefix + name, value, max_age=age, httponly=True, secure=secure, samesite="lax"
        )
