"""The gate before Streamlit's upload route (R9; A20-A23).

Streamlit takes files from anybody who has a page open, into memory, whether or not a page asks for
one. Here only somebody signed in may bring files, only into a tab of that very session, and only so
much within an hour. Nothing is read from the others.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.shop.opening import premises
from lib.shop.people import tabs
from lib.shop.people.cookies import SESSION, find
from lib.shop.people.queries import actor_of_cookie
from lib.shop.shop import Actor
from lib.web.bodies import UPLOADS, Reader, serve_body
from lib.web.hosts import refuse

HOUR_SECONDS = 3600.0
FILES_PER_HOUR = 300
BYTES_PER_HOUR = 1024 * 1024 * 1024
MULTIPART_BYTES = 64 * 1024


@dataclass
class Quota:
    """What one session brought within the last hour: ``(when, bytes)``."""

    brought: deque[tuple[float, int]] = field(default_factory=deque)

    def is_used_up(self, now: float) -> bool:
        """Whether no more files are taken ``now``."""
        while self.brought and self.brought[0][0] <= now - HOUR_SECONDS:
            self.brought.popleft()
        return (
            len(self.brought) >= FILES_PER_HOUR
            or sum(size for _, size in self.brought) >= BYTES_PER_HOUR
        )


class UploadGate:
    """Lets a signed-in person bring files of up to ``largest`` bytes into their own tabs."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app = app
        self.largest = largest + MULTIPART_BYTES
        self._quotas: dict[int, Quota] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith(UPLOADS):
            await self.app(scope, receive, send)
            return
        if scope["method"] not in ("PUT", "DELETE"):
            await refuse(scope, receive, send, 405, "Method Not Allowed")
            return
        actor = await to_thread.run_sync(self._who, scope)
        if actor is None or actor.session_id is None:
            await self._turn_away(scope, receive, send, 403, "sign in to bring files")
            return
        await self._take(actor.session_id, scope, receive, send)

    def _who(self, scope: Scope) -> Actor | None:
        books = premises()
        token = find(HTTPConnection(scope).cookies, SESSION)
        actor = actor_of_cookie(books.store, token, books.clock.now())
        tab = scope["path"].removeprefix(UPLOADS).split("/")[0]
        return actor if actor is not None and tabs.belongs(tab, actor.session_id) else None

    async def _take(self, session_id: int, scope: Scope, receive: Receive, send: Send) -> None:
        now = asyncio.get_running_loop().time()
        quota = self._quotas.setdefault(session_id, Quota())
        if scope["method"] == "PUT" and quota.is_used_up(now):
            why = "too many files within an hour; wait a little"
            await self._turn_away(scope, receive, send, 429, why)
            return
        reader = Reader(receive, self.largest)
        try:
            await serve_body(self.app, scope, reader, send, self.largest)
        finally:
            quota.brought.append((now, reader.received))
            self._forget(now)

    def _forget(self, now: float) -> None:
        for session_id, quota in list(self._quotas.items()):
            quota.is_used_up(now)
            if not quota.brought:
                del self._quotas[session_id]

    async def _turn_away(
        self, scope: Scope, receive: Receive, send: Send, status: int, why: str
    ) -> None:
        # The body is not read: the connection ends with the answer.
        await PlainTextResponse(why, status, {"connection": "close"})(scope, receive, send)
