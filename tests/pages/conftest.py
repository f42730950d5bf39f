"""Screens under test: the real entry script, a real database, a real session row.

``screen(shop_or_none)`` opens the program as owner, staff or resident; ``at.switch_page`` then goes
to a page. Time is the ``clock`` of the test.
"""

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.shop import opening
from lib.shop.opening import Premises
from lib.shop.people.queries import token_hash
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.ui import navigation
from lib.ui.session import COOKIE

SCRIPT = Path(__file__).parents[2] / "lib" / "ui" / "main.py"


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """Screens run on SQLite; what differs between databases is tested below them."""
    return sqlite_store


@pytest.fixture(scope="session", autouse=True)
def packages_are_searched_once() -> Iterator[None]:
    """Streamlit reads the metadata of every installed package for each screen under test."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield


Open = Callable[..., AppTest]


@pytest.fixture
def screen(
    store: Store, place: Place, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Return ``open(shop, page_url, language)``: that page as that person, already run."""
    opening.move_into(Premises(place, store, clock))
    cookies: dict[str, str] = {}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda self: cookies))

    def open_as(shop: Shop | None, url: str | None = None, language: str = "en") -> AppTest:
        cookies.clear()
        if shop is not None and shop.actor.id is not None:
            cookies[COOKIE] = sign_in(store, shop, clock)
        at = AppTest.from_file(str(SCRIPT), default_timeout=30)
        at.session_state["language"] = language
        at.run()
        if url is not None:
            at.switch_page(navigation.page(url))
            at.run()
        assert not at.exception, at.exception
        return at

    yield open_as
    opening.move_into(None)


def sign_in(store: Store, shop: Shop, clock: FixedClock) -> str:
    """Give ``shop``'s actor a session and return its cookie."""
    token = secrets.token_urlsafe(32)
    with store.write() as connection:
        connection.execute(
            insert(schema.session).values(
                token_hash=token_hash(token),
                person_id=shop.actor.id,
                created_at=clock.now(),
                last_seen_at=clock.now(),
                expires_at=clock.now() + timedelta(days=365),
                network="test",
            )
        )
    return token


def text_of(at: AppTest) -> str:
    """Return everything readable on the screen."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info",
             "success", "text", "code", "metric", "toast")  # fmt: skip
    parts = []
    for kind in kinds:
        for element in at.get(kind):
            parts.append(str(getattr(element, "label", "")))
            parts.append(str(getattr(element, "body", None) or element.value))
    return "\n".join(parts)
