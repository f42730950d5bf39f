"""What people do on the screens, for the tests that drive them in a real browser."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from lib.shop.language import translator
from tests.serving import Running

SLOW = 30_000
"""Milliseconds to wait on a busy machine; nothing here asserts how fast it was."""
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
chinese: Callable[[str], str] = translator("zh_CN")


def settle(page: Page) -> None:
    """Wait until the page was drawn to its end."""
    page.wait_for_timeout(250)
    page.wait_for_selector(IDLE, timeout=SLOW)
    page.wait_for_timeout(150)
    page.wait_for_selector(IDLE, timeout=SLOW)


def visit(page: Page, server: Running, way: str, title: str) -> None:
    """Open ``way`` and wait until it stands there under ``title``."""
    page.goto(f"{server.address}/{way}")
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=SLOW)
    settle(page)


def field(page: Page | Locator, label: str) -> Locator:
    """Return the text field called ``label``."""
    return page.get_by_role("textbox", name=label, exact=True)


def number(page: Page | Locator, label: str) -> Locator:
    """Return the number field called ``label``."""
    return page.get_by_role("spinbutton", name=label, exact=True)


def press(page: Page, label: str) -> None:
    """Press the button called ``label`` and wait until the page is drawn."""
    page.get_by_role("button", name=label).and_(page.locator("button:visible")).first.click()
    settle(page)


def choose(page: Page, where: Page | Locator, label: str, option: str) -> None:
    """Choose ``option`` in the list called ``label``."""
    box = where.get_by_role("combobox", name=label).first
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(100)  # a list that opens while the page still scrolls closes again
    box.click()
    page.get_by_role("option", name=option).first.click()
    settle(page)


def one(server: Running, sql: str) -> object:
    """Return the first value that ``sql`` finds in the running shop's database."""
    with sqlite3.connect(Path(server.folder) / "shop.db", timeout=10) as database:
        row = database.execute(sql).fetchone()
    return row[0] if row else None


def unfold(page: Page, box: Locator) -> None:
    """Open the fold inside ``box`` unless it is open."""
    fold = box.locator("details").first
    expect(fold).to_be_attached(timeout=SLOW)
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
        settle(page)
