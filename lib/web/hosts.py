"""Doors that open only to this shop's own pages, and doors that stay closed (R9; C16, D10)."""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.web import traffic

SAFE = ("GET", "HEAD", "OPTIONS")
STREAMLIT_OPEN = ("health", "host-config", "stream", "upload_file", "bidi-components")
OWN_AUTH = {("GET", "/auth/finish"), ("POST", "/auth/logout")}


@dataclass(frozen=True)
class Welcome:
    """Names under which this shop is known, and other origins (``https://host``) let in."""

    hosts: frozenset[str]
    origins: frozenset[str]

    @classmethod
    def of(cls, hosts: Iterable[str], origins: Iterable[str]) -> "Welcome":
        """Return the names as configured, with this machine's own."""
        own = socket.gethostname().lower()
        names = {"localhost", "testserver", own, f"{own}.local", f"{own}.lan"}
        named = {name.strip().lower() for name in hosts if name.strip()}
        return cls(frozenset(names | named), frozenset(origin.rstrip("/") for origin in origins))

    def knows_host(self, header: str | None) -> bool:
        """Whether a browser that says ``Host: header`` reached us under a name of ours.

        A foreign name that points at this machine is how another site would speak for the visitor
        (DNS rebinding). An address in figures cannot be pointed elsewhere.
        """
        name = _name(header or "")
        if not name:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return any(_fits(name, known) for known in self.hosts)
        return True

    def knows_origin(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of ``origin`` is one of ours, or of a site let in."""
        if origin is None:
            return False
        return urlsplit(origin).netloc.lower() == (host or "").lower() or origin in self.origins


def _name(host: str) -> str:
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].split("]")[0]
    return host.rsplit(":", 1)[0] if host.count(":") == 1 else host


def _fits(name: str, known: str) -> bool:
    if known.startswith(("*.", ".")):
        return name.endswith(known.lstrip("*"))
    return name == known


class Hosts:
    """Refuses foreign names, and requests that change something from foreign pages."""

    def __init__(self, app: ASGIApp, welcome: Welcome) -> None:
        self.app = app
        self.welcome = welcome

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket if it comes from a page of ours."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        traffic.noticed()
        headers = Headers(scope=scope)
        if not self.welcome.knows_host(headers.get("host")):
            await refuse(scope, receive, send, 403, "unknown host name")
        elif not self._is_ours(scope, headers):
            await refuse(scope, receive, send, 403, "this came from another site")
        else:
            await self.app(scope, receive, send)

    def _is_ours(self, scope: Scope, headers: Headers) -> bool:
        origin, host = headers.get("origin"), headers.get("host")
        if scope["type"] == "websocket":
            # Programs other than browsers send none, and could send any.
            return origin is None or self.welcome.knows_origin(origin, host)
        if scope["method"] in SAFE:
            return True
        if origin is None:
            return headers.get("sec-fetch-site") == "same-origin"
        return self.welcome.knows_origin(origin, host)


class ClosedDoors:
    """Answers 404 where Streamlit would serve what this shop does not use.

    Metrics, the API for programs, its own login by a third party, components of extensions.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request unless its door is closed."""
        if scope["type"] == "http" and is_closed(scope["method"], scope["path"]):
            await refuse(scope, receive, send, 404, "Not Found")
            return
        await self.app(scope, receive, send)


def is_closed(method: str, path: str) -> bool:
    """Whether nobody may use ``path`` by ``method``."""
    parts = path.split("/")
    if "_stcore" in parts[2:]:
        return True
    if path.startswith("/_stcore"):
        return len(parts) < 3 or parts[2] not in STREAMLIT_OPEN
    if path.startswith("/auth"):
        return (method, path) not in OWN_AUTH
    return path.startswith(("/component", "/oauth2callback", "/app/static"))


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    """Refuse a request, or a socket before it is opened."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why})
        return
    await PlainTextResponse(why, status)(scope, receive, send)
