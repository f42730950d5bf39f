"""Headers that every answer carries, and the last net under every route (F-23, E11, C16, D9).

Screens get a policy under which Streamlit works (observed: charts, tables, uploads, downloads) and
nothing foreign loads; light pages and bytes get a stricter one. A route that sets its own policy
keeps it.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.shop import incidents

SCREENS = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self' blob:; frame-src 'none'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
LIGHT = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "media-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
BYTES = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

_LIGHT_PATHS = ("/p/", "/print/", "/auth/", "/bring", "/healthz")
_BYTE_PATHS = ("/media/", "/files/")
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": (
        "camera=(self), clipboard-write=(self), fullscreen=(self), geolocation=(), microphone=(), "
        "payment=(), usb=(), browsing-topics=()"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def policy_for(path: str) -> str:
    """Return the Content-Security-Policy of what lies at ``path``."""
    if path.startswith(_BYTE_PATHS):
        return BYTES
    if path.startswith(_LIGHT_PATHS):
        return LIGHT
    return SCREENS


class SecurityHeaders:
    """Outermost middleware: adds the headers, and answers a crash with an incident number."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                started = True
                _add(scope, MutableHeaders(raw=message["headers"]))
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception as fault:
            if started or scope["type"] != "http":
                raise
            number = incidents.record(fault)
            answer = PlainTextResponse(
                f"出错了，编号 {number}。Something went wrong, number {number}.", 500
            )
            await answer(scope, receive, with_headers)


def _add(scope: Scope, headers: MutableHeaders) -> None:
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("content-security-policy", policy_for(scope["path"]))
    if is_https(scope):
        headers.setdefault("strict-transport-security", "max-age=31536000")
    # Streamlit lets every origin read its media; nobody else's page needs them.
    if headers.get("access-control-allow-origin") == "*":
        del headers["access-control-allow-origin"]


def is_https(scope: Scope) -> bool:
    """Whether the browser came by TLS (told by a proxy on this machine, or our own)."""
    return bool(scope.get("scheme") in ("https", "wss"))


def header(scope: Scope, name: str) -> str | None:
    """Return a request header."""
    return Headers(scope=scope).get(name)
