"""Residents: the light page on a slow phone without script, the charts, and no word of the staff's.

The shop is the demo shop with published sheets and pictures; nobody here is signed in.
"""

from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, Request, Response, expect

from lib.ui import navigation
from tests.browser.screens import SLOW, chinese, settle, visit
from tests.serving import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LARGEST_LIGHT_PAGE = 50_000
OPEN_PAGES = ("", "prices", "signin", "p/prices", "p/help", "today")
SLOW_LINK = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 20_000,
}
"""Milliseconds and bytes per second, as on an old phone in a lift."""


@pytest.fixture
def shop(demo: Running) -> Running:
    return demo


def resident(browser: Browser, *, script: bool = True) -> Page:
    """Return a page on a phone in Chinese that nobody is signed in on."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        java_script_enabled=script,
    )
    page = context.new_page()
    page.set_default_timeout(SLOW)
    return page


def test_the_light_page_needs_no_script_and_is_small(shop: Running, browser: Browser) -> None:
    page = resident(browser, script=False)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_LINK)
    sizes: dict[str, int] = {}

    def weigh(answer: Response) -> None:
        if answer.request.resource_type != "image":
            sizes[answer.url] = len(answer.body())

    page.on("response", weigh)
    page.goto(f"{shop.address}/p/prices")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("土鸡蛋").first).to_be_visible()
    expect(page.get_by_text(chinese("Data as of"))).to_be_visible()
    assert sum(sizes.values()) < LARGEST_LIGHT_PAGE, sizes
    assert page.locator("script").count() == 0
    page.get_by_role("link", name=chinese("Sealed text for checking")).click()
    page.context.close()


def test_the_light_page_fits_a_phone(shop: Running, browser: Browser) -> None:
    page = resident(browser)
    page.goto(f"{shop.address}/p/prices")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    page.context.close()


def test_every_line_of_the_light_page_adds_up(shop: Running, browser: Browser) -> None:
    page = resident(browser)
    page.goto(f"{shop.address}/p/prices")
    tables = page.locator("table")
    assert tables.count() > 5
    for table in tables.all():
        parts = [fen(text) for text in table.locator("tbody td").all_inner_texts()]
        assert sum(parts) == fen(table.locator("tfoot td").inner_text())
    page.context.close()


def fen(text: str) -> int:
    """Return ``¥1,234.50`` or ``-¥0.30`` in fen."""
    return int("".join(sign for sign in text if sign in "-0123456789").replace("--", "-"))


def test_the_price_page_shows_charts_and_no_page_of_the_staff(
    shop: Running, browser: Browser
) -> None:
    page = resident(browser)
    visit(page, shop, "prices", chinese("Open prices"))
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    expect(page.locator('a[href*="/p/prices"]').first).to_be_visible()
    links = page.locator("a").evaluate_all("all => all.map(link => [link.href, link.innerText])")
    whole = page.content()
    assert any("/p/prices" in address for address, _text in links)
    for entry in navigation.TABLE:
        if not entry.file.startswith("public/"):
            assert entry.file not in whole
            for address, text in links:
                assert urlparse(address).path.strip("/") != entry.url
                assert chinese(entry.title) not in text
    page.context.close()


def test_open_pages_ask_nobody_else_and_break_no_rule_of_their_own(
    shop: Running, browser: Browser
) -> None:
    page = resident(browser)
    foreign: list[str] = []
    refused: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((shop.address, "data:", "blob:")):
            foreign.append(request.url)

    page.on("request", note)
    page.on("websocket", lambda opened: _note_socket(opened.url, shop, foreign))
    page.on("console", lambda line: refused.append(line.text) if "Policy" in line.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    for way in OPEN_PAGES:
        page.goto(f"{shop.address}/{way}")
        if not way.startswith("p/"):
            settle(page)
    assert not foreign
    assert not refused
    page.context.close()


def _note_socket(url: str, shop: Running, foreign: list[str]) -> None:
    if not url.startswith(shop.address.replace("http", "ws")):
        foreign.append(url)
