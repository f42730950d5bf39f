"""The websocket of the screens: how many, from where, how fast, and whose tab (C8, E14).

A connected tab costs four file handles and memory. There is an upper limit in total that leaves
handles for the database and for files, and one per network; people who are signed in do not count
against the latter and have places kept for them. Visitors without login are slowed down when they
send more than people can click.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.shop.opening import premises
from lib.shop.people import tabs
from lib.shop.people.cookies import SESSION, find
from lib.shop.people.queries import signed_in
from lib.shop.people.rules import LOCAL, network_of
from lib.web import traffic
from lib.web.handles import most_sockets
from lib.web.hosts import refuse

STREAM = "/_stcore/stream"
PROTOCOLS = "sec-websocket-protocol"
PER_NETWORK = 200
KEPT_FOR_STAFF = 20
LARGEST_OF_VISITORS = 1024 * 1024
MESSAGES_AT_ONCE = 60
MESSAGES_PER_SECOND = 8.0


@dataclass
class Pace:
    """How fast one visitor may send: a burst, then a steady pace; :meth:`wait` says how long."""

    left: float = MESSAGES_AT_ONCE
    since: float = 0.0

    def wait(self, now: float) -> float:
        """Count one message at ``now``; return the seconds to wait before it is handed on."""
        refilled = self.left + (now - self.since) * MESSAGES_PER_SECOND if self.since else self.left
        self.left = min(float(MESSAGES_AT_ONCE), refilled) - 1
        self.since = now
        return max(0.0, -self.left / MESSAGES_PER_SECOND)


class Sockets:
    """Lets websockets of the screens in while there is room."""

    def __init__(self, app: ASGIApp, most: int | None = None) -> None:
        self.app = app
        self.most = most_sockets() if most is None else most
        self._open = 0
        self._visitors: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        if scope["path"] != STREAM:
            await refuse(scope, receive, send, 404, "Not Found")
            return
        session_id = await to_thread.run_sync(self._session_of, scope)
        network = network_of(scope["client"][0] if scope.get("client") else None)
        if not self._has_room(session_id, network):
            await refuse(scope, receive, send, 503, "too many visitors right now")
            return
        _keep_to_own_tab(scope, session_id)
        if session_id is None:
            receive = _paced(receive, send)
        self._open += 1
        self._visitors[network] += session_id is None
        try:
            await self.app(scope, receive, send)
        finally:
            self._open -= 1
            self._visitors[network] -= session_id is None
            self._visitors += Counter()

    def _session_of(self, scope: Scope) -> int | None:
        books = premises()
        token = find(HTTPConnection(scope).cookies, SESSION)
        found = signed_in(books.store, token, books.clock.now()) if token else None
        return found.actor.session_id if found else None

    def _has_room(self, session_id: int | None, network: str) -> bool:
        if session_id is not None:
            return self._open < self.most
        crowded = network != LOCAL and self._visitors[network] >= PER_NETWORK
        return self._open < self.most - KEPT_FOR_STAFF and not crowded


def _keep_to_own_tab(scope: Scope, session_id: int | None) -> None:
    """Drop the id of an earlier tab from the handshake unless that tab is this browser's own."""
    headers = MutableHeaders(raw=list(scope["headers"]))
    parts = [part.strip() for part in headers.get(PROTOCOLS, "").split(",")]
    if len(parts) > 2 and parts[2] and not tabs.belongs(parts[2], session_id):
        headers[PROTOCOLS] = ", ".join(parts[:2])
        scope["headers"] = headers.raw


def _paced(receive: Receive, send: Send) -> Receive:
    pace = Pace()

    async def next_message() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive":
            traffic.noticed()
            if len(message.get("bytes") or b"") > LARGEST_OF_VISITORS:
                await send({"type": "websocket.close", "code": 1009})
                return {"type": "websocket.disconnect", "code": 1009}
            await asyncio.sleep(pace.wait(asyncio.get_running_loop().time()))
        return message

    return next_message
