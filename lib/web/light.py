"""What all light pages share: templates, the stylesheet, languages, and cached answers.

A light page is plain HTML: no script, no cookie, one request. The stylesheet stands in the page and
is allowed by its hash, so that a phone on a slow line needs no second request before it can draw.
"""

import base64
import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from lib.members.consents.notice.rules import LIGHT_PAGE as PRIVACY
from lib.shop.language import LANGUAGES, preferred, translator

HERE = Path(__file__).parent
FRESH_SECONDS = 60
MOST_KEPT = 256
MOST_WAITED = 5.0
"""Seconds somebody waits for a page that another visitor's view is making."""

_TAGS = {"zh_CN": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Page:
    """A finished answer: its bytes, plain and compressed, and the name of this very content."""

    body: bytes
    compressed: bytes
    etag: str
    status: int = 200

    @classmethod
    def of(cls, html: str, status: int = 200) -> "Page":
        """Return the answer for ``html``."""
        body = html.encode()
        name = hashlib.sha256(body).hexdigest()[:20]
        return cls(body, gzip.compress(body, 6, mtime=0), f'"{name}"', status)


class Shelf:
    """Finished pages by what decides their bytes; the least asked for goes first.

    A page is made once, however many ask for it at the same moment: they wait for the first.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._making: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()

    def page(self, key: Hashable, make: Callable[[], Page]) -> Page:
        """Return the page of ``key``, made with ``make`` at its first use."""
        while True:
            with self._lock:
                found = self._pages.get(key)
                if found is not None:
                    self._pages.move_to_end(key)
                    return found
                made_by_another = self._making.get(key)
                if made_by_another is None:
                    self._making[key] = threading.Event()
            if made_by_another is None:
                return self._make(key, make)
            made_by_another.wait(MOST_WAITED)

    def _make(self, key: Hashable, make: Callable[[], Page]) -> Page:
        try:
            made = make()
            with self._lock:
                self._pages[key] = made
                while len(self._pages) > self._most:
                    self._pages.popitem(last=False)
            return made
        finally:
            with self._lock:
                self._making.pop(key).set()


def language_of(request: Request) -> str:
    """Return the language asked for: ``?lang=``, else the browser's, else Chinese."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else preferred(request.headers.get("accept-language"))


def chosen(request: Request) -> dict[str, str]:
    """Return the language, if the address names one: the next page keeps it."""
    return {"lang": language_of(request)} if "lang" in request.query_params else {}


def in_language(request: Request, path: str, **query: object) -> str:
    """Return ``path`` with ``query``, in the language that the address names."""
    whole = {**query, **chosen(request)}
    return f"{path}?{urlencode(whole)}" if whole else path


def answer(request: Request, page: Page) -> Response:
    """Return ``page`` as this browser wants it: compressed, or 304 when it already has it."""
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": f"public, max-age={FRESH_SECONDS}" if page.status == 200 else "no-store",
        "etag": page.etag,
        "vary": "Accept-Language, Accept-Encoding",
        "content-security-policy": policy(),
    }
    asked = request.headers.get("if-none-match", "")
    known = {name.strip().removeprefix("W/") for name in asked.split(",")}
    if page.status == 200 and (page.etag in known or "*" in known):
        return Response(status_code=304, headers=headers)
    body = page.body
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = page.compressed
        headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(body))
    return Response(b"" if request.method == "HEAD" else body, page.status, headers)


def draw(template: str, language: str, query: Mapping[str, object], **values: Any) -> str:
    """Return ``template`` filled in ``language``.

    ``query`` is what the address of this page keeps when its reader changes the language.
    """
    other = next(name for name in LANGUAGES if name != language)
    switch = {
        "address": f"?{urlencode({**query, 'lang': other})}",
        "tag": _TAGS[other],
        "name": LANGUAGES[other],
    }
    return (
        _templates()
        .get_template(template)
        .render(
            _=translator(language),
            tag=_TAGS[language],
            style=Markup(style()),  # noqa: S704 - our own file, no text of anybody
            switch=switch,
            privacy=f"{PRIVACY}?{urlencode({'lang': language})}",
            **values,
        )
    )


@cache
def style() -> str:
    """Return the stylesheet without its line breaks."""
    lines = (HERE / "static" / "light.css").read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in _without_comments(lines))


@cache
def policy(*, form: bool = False) -> str:
    """Return the Content-Security-Policy of a light page: our stylesheet, pictures, clips.

    With ``form`` the page may send a form to this shop, and nowhere else.
    """
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    target = "'self'" if form else "'none'"
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; media-src 'self'; "
        f"base-uri 'none'; form-action {target}; frame-ancestors 'none'"
    )


def _without_comments(lines: list[str]) -> list[str]:
    kept, inside = [], False
    for line in lines:
        inside = inside or line.startswith("/*")
        if not inside:
            kept.append(line)
        inside = inside and "*/" not in line
    return kept


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
