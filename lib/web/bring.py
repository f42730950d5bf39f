"""``/bring``: files of owner and staff on their way in, piece by piece (R8; A13, A20-A25).

Streamlit's own uploader keeps whole files in memory; here a piece of at most 1 MiB lies there while
it is written down. The browser's half is lib/ui/assets/bring.js::

    POST   /bring               {called, name, size, type}  -> {state: go, key, have, piece}
    PUT    /bring/KEY?offset=…  bytes                       -> {state: go, have}
    POST   /bring/KEY/finish    {target, kind, made_on …}   -> {state: done | there, sentence}
    DELETE /bring/KEY                                       -> {state: gone}

``state: refused`` comes with a sentence in the reader's language, ``state: again`` with how much is
there. Another site's page cannot ask: lib/web/hosts.py turns it away.
"""

import json
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lib.kernel.errors import Conflict, Refused, ShopError
from lib.kernel.words import N_
from lib.shop.files import arriving, intake
from lib.shop.files.arriving import Arriving
from lib.shop.language import translator
from lib.shop.shop import Shop
from lib.supply.traceability.commands import take_evidence
from lib.supply.traceability.rules import Details, Kind, Target
from lib.web.bodies import LARGEST_PIECE
from lib.web.light import language_of
from lib.web.prints import shop_of

HOUR = timedelta(hours=1)
FILES_PER_HOUR = 300
BYTES_PER_HOUR = 1024 * 1024 * 1024
LARGEST_FILES_PER_HOUR = 5
"""So many videos of the largest size go through in an hour, also when the owner raised the size."""
LONGEST_CALLED = 2000
REMEMBERED = 500

_SIGNED_OUT = N_(
    "You are not signed in here any more. Sign in and choose the file again: it goes on where it "
    "stopped."
)
_TOO_MUCH = N_("That is very much within one hour. Wait a little, then go on.")


@dataclass
class Allowance:
    """What one signed-in browser brought within the last hour: ``(when, files, bytes)``."""

    brought: deque[tuple[datetime, int, int]] = field(default_factory=deque)

    def note(self, now: datetime, files: int, size: int) -> None:
        """Count ``files`` and ``size`` bytes."""
        self.brought.append((now, files, size))

    def is_used_up(self, now: datetime, most_bytes: int) -> bool:
        """Whether nothing more is taken ``now``."""
        while self.brought and self.brought[0][0] <= now - HOUR:
            self.brought.popleft()
        files = sum(entry[1] for entry in self.brought)
        return files >= FILES_PER_HOUR or sum(entry[2] for entry in self.brought) >= most_bytes


_allowances: "OrderedDict[int, Allowance]" = OrderedDict()
_finished: "OrderedDict[tuple[str, str], dict[str, Any]]" = OrderedDict()
_checking = CapacityLimiter(2)
"""Checking a film takes long; it must not take every thread that the other doors use."""

Work = Callable[[Shop, Request], Awaitable[dict[str, Any]]]


def door(work: Work) -> Callable[[Request], Awaitable[Response]]:
    """Make ``work`` a door for owner and staff that answers refusals in words."""

    async def opened(request: Request) -> Response:
        say = translator(language_of(request))
        shop = await to_thread.run_sync(shop_of, request)
        if shop is None:
            return _answer(403, {"state": "refused", "sentence": say(_SIGNED_OUT)}, close=True)
        try:
            said = await work(shop, request)
        except Conflict:
            return _answer(409, {"state": "again"})
        except ShopError as error:
            return _answer(422, {"state": "refused", "sentence": error.said(say)}, close=True)
        if said.get("sentence"):
            said = {**said, "sentence": say(said["sentence"])}
        return _answer(200, said)

    return opened


async def announce(shop: Shop, request: Request) -> dict[str, Any]:
    """Say how far a file came, or refuse it before a byte is sent."""
    told = await _told(request)
    called, name = _text(told, "called", LONGEST_CALLED), _text(told, "name", 500)
    size, media_type = told.get("size"), _text(told, "type", 100)
    if not isinstance(size, int) or isinstance(size, bool) or not called:
        raise Refused(N_("This page is not up to date. Load it again."))
    allowance = _allowance(shop)
    if allowance.is_used_up(shop.clock.now(), _most_bytes(shop)):
        raise Refused(_TOO_MUCH)
    file = await to_thread.run_sync(arriving.announce, shop, called, size, name, media_type)
    return _go(file)


async def piece(shop: Shop, request: Request) -> dict[str, Any]:
    """Write the next piece down."""
    asked = request.query_params
    offset, size = _number(asked.get("offset")), _number(asked.get("size"))
    if _allowance(shop).is_used_up(shop.clock.now(), _most_bytes(shop)):
        raise Refused(_TOO_MUCH)
    file = arriving.found(shop, request.path_params["key"], size)
    body = await request.body()
    _allowance(shop).note(shop.clock.now(), 0, len(body))
    name = asked.get("name", "")[:500]
    return _go(await to_thread.run_sync(arriving.add_piece, shop, file, offset, body, name))


async def finish(shop: Shop, request: Request) -> dict[str, Any]:
    """Check a file that came whole and add it as evidence; say a lost answer again."""
    told = await _told(request)
    key, target = request.path_params["key"], Target.of_word(_text(told, "target", 40))
    size = told.get("size")
    file = arriving.found(shop, key, size if isinstance(size, int) else 0)
    known = _finished.get((key, target.word))
    if known is not None and not file.have:
        return known
    details, name = _details(told), _text(told, "name", 500)
    said = await to_thread.run_sync(_finish, shop, file, target, details, name, limiter=_checking)
    _allowance(shop).note(shop.clock.now(), 1, 0)
    _finished[key, target.word] = said
    while len(_finished) > REMEMBERED:
        _finished.popitem(last=False)
    return said


async def forget(shop: Shop, request: Request) -> dict[str, Any]:
    """Throw away what came of a file."""
    await to_thread.run_sync(arriving.forget, shop, request.path_params["key"])
    return {"state": "gone"}


def _finish(
    shop: Shop, file: Arriving, target: Target, details: Details, name: str
) -> dict[str, Any]:
    taken = intake.put(shop, arriving.take(shop, file), name)
    added = take_evidence(shop, target, taken, details)
    if added is None:
        return {"state": "there"}
    return {"state": "done", "id": added, "sentence": taken.hint}


def _go(file: Arriving) -> dict[str, Any]:
    return {"state": "go", "key": file.key, "have": file.have, "piece": LARGEST_PIECE}


def _allowance(shop: Shop) -> Allowance:
    number = shop.actor.session_id or 0
    found = _allowances.setdefault(number, Allowance())
    _allowances.move_to_end(number)
    while len(_allowances) > REMEMBERED:
        _allowances.popitem(last=False)
    return found


def _most_bytes(shop: Shop) -> int:
    largest = intake.largest(shop, intake.Sort.CLIP)
    return max(BYTES_PER_HOUR, LARGEST_FILES_PER_HOUR * largest)


async def _told(request: Request) -> dict[str, Any]:
    try:
        told = json.loads(await request.body())
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Refused(N_("This page is not up to date. Load it again."))
    return told


def _text(told: dict[str, Any], name: str, longest: int) -> str:
    value = told.get(name, "")
    return value[:longest] if isinstance(value, str) else ""


def _number(text: str | None) -> int:
    plain = text is not None and text.isascii() and text.isdecimal() and len(text) <= 15
    return int(text) if plain and text else -1


def _details(told: dict[str, Any]) -> Details:
    try:
        made_on = _text(told, "made_on", 10)
        return Details(
            Kind(_text(told, "kind", 40)),
            _text(told, "title", 200),
            date.fromisoformat(made_on) if made_on else None,
            _text(told, "issuer", 200),
            _text(told, "result", 200),
        )
    except ValueError as error:
        raise Refused(N_("This page is not up to date. Load it again.")) from error


def _answer(status: int, said: dict[str, Any], *, close: bool = False) -> Response:
    headers = {"Cache-Control": "no-store"}
    if close:  # what is still being sent is not read
        headers["Connection"] = "close"
    return JSONResponse(said, status, headers)


ROUTES = [
    Route("/bring", door(announce), methods=["POST"]),
    Route("/bring/{key}", door(piece), methods=["PUT"]),
    Route("/bring/{key}", door(forget), methods=["DELETE"]),
    Route("/bring/{key}/finish", door(finish), methods=["POST"]),
]
