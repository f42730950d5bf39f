"""Bodies of requests: not too big, not too slow (A23)."""

import asyncio

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.web.hosts import SAFE

LARGEST_FORM = 64 * 1024
LONGEST_PAUSE_SECONDS = 20.0
GRACE_SECONDS = 30.0
SLOWEST_BYTES_PER_SECOND = 2048
UPLOADS = "/_stcore/upload_file/"
PIECES = "/bring/"
LARGEST_PIECE = 1024 * 1024
"""Bytes of one piece of a file that is brought (lib/web/bring.py); it lies in memory meanwhile."""
PHOTO_FORMS = ("/p/help", "/p/case/")
LARGEST_PHOTO_FORM = 512 * 1024 * 1024
"""Bytes of a form with photos that anybody may send. Its door reads it piece by piece and knows the
shop's own limit, which is less (lib/web/photo_forms.py)."""


class BodyRefusedError(Exception):
    """A body that is refused with ``status``."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Reader:
    """Hands a body on while it keeps to its size and pace; ``received`` counts its bytes.

    Raises ``BodyRefusedError`` 413 when it grows beyond ``largest``, 408 when it stops or trickles.
    """

    def __init__(self, receive: Receive, largest: int) -> None:
        self._receive = receive
        self._largest = largest
        self._started: float | None = None
        self.received = 0

    async def __call__(self) -> Message:
        """Return the next piece."""
        loop = asyncio.get_running_loop()
        self._started = self._started or loop.time()
        try:
            message = await asyncio.wait_for(self._receive(), LONGEST_PAUSE_SECONDS)
        except TimeoutError:
            raise BodyRefusedError(408, "the body stopped") from None
        if message["type"] == "http.request":
            self.received += len(message.get("body", b""))
            self._check(loop.time() - self._started)
        return message

    def _check(self, seconds: float) -> None:
        if self.received > self._largest:
            raise BodyRefusedError(413, "too large")
        if seconds > GRACE_SECONDS and self.received < seconds * SLOWEST_BYTES_PER_SECOND:
            raise BodyRefusedError(408, "too slow")


def announced_length(scope: Scope) -> int | None:
    """Return the Content-Length, None without one; raises ``BodyRefusedError`` for nonsense."""
    announced = Headers(scope=scope).get("content-length")
    if announced is None:
        return None
    if not announced.isdecimal():
        raise BodyRefusedError(400, "wrong length")
    return int(announced)


async def serve_body(app: ASGIApp, scope: Scope, reader: Reader, send: Send, largest: int) -> None:
    """Serve a request whose body is read by ``reader``, or answer why it is refused."""
    started = False

    async def watched(message: Message) -> None:
        nonlocal started
        started = started or message["type"] == "http.response.start"
        await send(message)

    try:
        length = announced_length(scope)
        if length is not None and length > largest:
            raise BodyRefusedError(413, "too large")
        await app(scope, reader, watched)
    except BodyRefusedError as bad:
        if not started:
            headers = {"connection": "close"}
            await PlainTextResponse(bad.why, bad.status, headers)(scope, reader, send)


class SmallBodies:
    """Lets small forms, pieces of files and forms with photos through, each up to its size.

    Streamlit's uploads have a gate of their own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] in SAFE or scope["path"].startswith(UPLOADS):
            await self.app(scope, receive, send)
            return
        most = largest_body(scope["method"], scope["path"])
        await serve_body(self.app, scope, Reader(receive, most), send, most)


def largest_body(method: str, path: str) -> int:
    """Return how many bytes a body sent to ``path`` may have."""
    if method == "PUT" and path.startswith(PIECES):
        return LARGEST_PIECE
    if method == "POST" and path.startswith(PHOTO_FORMS):
        return LARGEST_PHOTO_FORM
    return LARGEST_FORM
