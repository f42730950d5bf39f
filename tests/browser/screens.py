"""What people do on the screens, for the tests that drive them in a real browser."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from lib.shop.language import translator
from lib.shop.people.demo_logins import DemoLogin
from tests.serving import Running

SLOW = 30_000
"""Milliseconds to wait on a busy machine; nothing here asserts how fast it was."""
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
LAPTOP: dict[str, Any] = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {
    "locale": "zh-CN",
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 13; V2199A) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0 Mobile Safari/537.36",
}
"""Screens in Chinese, as arguments of a browser's context."""
chinese: Callable[[str], str] = translator("zh_CN")


def settle(page: Page) -> None:
    """Wait until the page was drawn to its end."""
    page.wait_for_timeout(250)
    page.wait_for_selector(IDLE, timeout=SLOW)
    page.wait_for_timeout(150)
    page.wait_for_selector(IDLE, timeout=SLOW)


def sign_in(page: Page, server: Running, way: str, title: str, who: DemoLogin) -> None:
    """Sign in at the address of a page, which then stands there under ``title``."""
    page.goto(f"{server.address}/{way}")
    field(page, chinese("Login")).fill(who.login)
    field(page, chinese("Password")).fill(who.password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=SLOW)
    settle(page)


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


def holds(server: Running, sql: str, expected: object) -> None:
    """Wait until ``sql`` finds what is expected: a busy machine saves late."""
    until = time.monotonic() + SLOW / 1000
    while (found := one(server, sql)) != expected and time.monotonic() < until:
        time.sleep(0.1)
    assert found == expected, sql


def unfold(page: Page, box: Locator) -> None:
    """Open the fold inside ``box`` unless it is open."""
    fold = box.locator("details").first
    expect(fold).to_be_attached(timeout=SLOW)
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
        settle(page)
