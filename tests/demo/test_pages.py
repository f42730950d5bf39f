"""Every page of the demo shop opens, in both languages, and shows something (E18)."""

from collections.abc import Iterator

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.kernel.clock import FixedClock
from lib.shop import opening
from lib.shop.opening import Premises
from lib.shop.shop import Actor
from lib.ui import navigation, show
from lib.ui.navigation import SERVICE, TABLE, TRUST
from lib.ui.session import COOKIE
from tests.demo.conftest import OWNER, STAFF
from tests.pages.conftest import SCRIPT, sign_in, text_of

pytestmark = pytest.mark.timeout(400)
"""The first test of a process fills the shop, which a busy machine does slowly."""

PARTS = {
    "demands": ("in", "same", "notes", "figures"),
    "community": ("activities", "tips", "topics"),
    "messages": ("wording", "robots"),
    "case_ledger": ("causes", "figures"),
    "delivery": ("decide", "needs"),
}
"""Further parts of the pages about trust and service, as the address names them."""
MAY_BE_EMPTY = {("demands", "in")}
"""What waits for a paste."""


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The empty states that are drawn."""
    drawn: list[str] = []
    monkeypatch.setattr(show, "nothing", lambda sentence, hint="": drawn.append(sentence))
    return drawn


@pytest.fixture
def premises(books: Premises, monkeypatch: pytest.MonkeyPatch) -> Iterator[Premises]:
    """The demo shop with its door open."""
    found = manifest_scanner.scan_component_manifests()
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
    opening.move_into(books)
    yield books
    opening.move_into(None)


def entered(
    books: Premises, actor: Actor, language: str, monkeypatch: pytest.MonkeyPatch
) -> AppTest:
    """Return the program as ``actor`` sees it, signed in."""
    assert isinstance(books.clock, FixedClock)
    token = sign_in(books.store, books.shop(actor), books.clock)
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda self: {COOKIE: token}))
    at = AppTest.from_file(str(SCRIPT), default_timeout=60)
    at.session_state["language"] = language
    return at.run()


@pytest.mark.parametrize(
    ("actor", "language"), [(OWNER, "zh_CN"), (OWNER, "en"), (STAFF, "zh_CN"), (STAFF, "en")]
)
def test_every_page_opens(
    premises: Premises,
    actor: Actor,
    language: str,
    empty: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = entered(premises, actor, language, monkeypatch)
    for entry in TABLE:
        if actor.role not in entry.who:
            continue
        for part in ("", *(PARTS.get(entry.url, ()) if language == "zh_CN" else ())):
            if (entry.url, part, actor) == ("messages", "robots", STAFF):
                continue
            at.query_params.clear()
            if part:
                at.switch_page(navigation.page("account")).run()  # forget which part was open
                at.query_params["view"] = part
            empty.clear()
            at.switch_page(navigation.page(entry.url)).run()
            assert not at.exception, (entry.url, part, at.exception)
            if entry.section in (TRUST, SERVICE) and (entry.url, part) not in MAY_BE_EMPTY:
                assert empty == [], (entry.url, part)
                assert not at.error, (entry.url, part, [error.value for error in at.error])
                assert len(text_of(at)) > 100, (entry.url, part)
