"""A real Chromium before a running shop of its own."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.serving import Running, running

OWNER = ("fang", "correct horse battery")
KNOWN_PLACES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
                "microsoft-edge", "msedge")  # fmt: skip

expect.set_options(timeout=15_000)


def find_chromium() -> str | None:
    """Return an installed browser; None lets Playwright use its own."""
    named = os.environ.get("LINLI_CHROMIUM")
    return named or next((path for path in map(shutil.which, KNOWN_PLACES) if path), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    found = find_chromium()
    path = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **path, "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A new shop that nobody owns yet; the tests of one module live in it one after the other."""
    with running(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demo shop, full of goods, orders and people; filling it takes longer than most tests.

    All modules of a worker share it: what a test changes it takes back, or it is of its own making.
    """
    with running(tmp_path_factory.mktemp("demo"), LINLI_DEMO="1") as shop:
        yield shop


@pytest.fixture
def owned(server: Running, browser: Browser, browser_context_args: dict[str, Any]) -> Running:
    """The same shop with its owner :data:`OWNER`, set up in the browser if it was not yet."""
    if (server.folder / "setup-code.txt").exists():
        context = browser.new_context(**browser_context_args)
        set_up(context.new_page(), server)
        context.close()
    return server


def set_up(page: Page, server: Running) -> None:
    """Create the owner as a shopkeeper does."""
    page.goto(f"{server.address}/signin")
    fields = {"Set-up code": server.setup_code, "Your name": "芳姐", "Login": OWNER[0],
              "Password": OWNER[1], "Password once more": OWNER[1]}  # fmt: skip
    for label, value in fields.items():
        page.get_by_role("textbox", name=label, exact=True).fill(value)
    page.get_by_role("button", name="Create the owner's account").click()
    page.wait_for_url("**/settings")


def fill_in(page: Page, login: str = OWNER[0], password: str = OWNER[1]) -> None:
    """Type into the sign-in form and send it."""
    page.get_by_role("textbox", name="Login", exact=True).fill(login)
    page.get_by_role("textbox", name="Password", exact=True).fill(password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()


def sign_in(page: Page, server: Running, way: str = "/account", **who: str) -> None:
    """Sign in at ``way`` and wait until that page is there."""
    page.goto(server.address + way)
    fill_in(page, **who)
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def new_page(browser: Browser, **context: Any) -> tuple[BrowserContext, Page]:
    """Return another browser, with cookies of its own."""
    opened = browser.new_context(locale="en-GB", **context)
    return opened, opened.new_page()


def books(server: Running) -> sqlite3.Connection:
    """Open the running shop's database to look or to prepare."""
    return sqlite3.connect(Path(server.folder) / "shop.db", timeout=10)
