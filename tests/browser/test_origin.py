"""From the code on the label to the report of this very batch, on a resident's phone (R8).

The shop is the demo shop; a batch with evidence of its own is put into its books before.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from lib.db.engine import open_store
from lib.kernel.clock import SystemClock
from lib.shop.opening import shop_for
from lib.shop.people.demo_logins import STAFF
from lib.shop.place import Place
from lib.shop.shop import SYSTEM, Actor, Role
from lib.supply.origin.rules import path_of
from tests.browser.screens import SLOW, chinese, field, one, settle
from tests.serving import Running
from tests.supply.cast import add_batch, add_supplier
from tests.supply.origin.test_queries import add_evidence, picture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

TOKEN = "Zk3x9QpLm2Tg7RwA"
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Stall:
    """The running demo shop and the batch that was put into its books."""

    shop: Running
    batch: int
    report: str


@pytest.fixture(scope="module")
def stall(demo: Running) -> Stall:
    return stocked(demo)


def stocked(opened: Running) -> Stall:
    """Let eggs come in with two reports: the batch's own, and an old one of the product."""
    place = Place.at(opened.folder)
    store = open_store(place.database_url)
    owner = Actor(
        int(str(one(opened, "SELECT id FROM person WHERE role = 'owner'"))), "", Role.OWNER
    )
    shop = shop_for(store, place, SystemClock(), SYSTEM).acting(owner)
    eggs = int(str(one(opened, "SELECT id FROM product WHERE name = '土鸡蛋'")))
    supplier = add_supplier(shop, "竹林合作社", typed_metres=12_400, distance_how="地图")
    batch = add_batch(
        shop, eggs, 9000, supplier_id=supplier, token=TOKEN, code="T0925-1", arrived_on=shop.today
    )
    report, farm = picture(shop, "#fffdf5"), picture(shop, "#5f8f45")
    now, today = shop.clock.now(), shop.today
    add_evidence(shop, report, batch_id=batch, made_on=today, published_at=now)
    add_evidence(
        shop, picture(shop, "#eeeeee"), product_id=eggs, made_on=today - timedelta(days=200),
        published_at=now,
    )  # fmt: skip
    add_evidence(shop, farm, supplier_id=supplier, kind="growing", published_at=now)
    store.close()
    return Stall(opened, batch, report)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A resident's phone that runs no script."""
    context = browser.new_context(
        viewport=PHONE, is_mobile=True, has_touch=True, locale="zh-CN", java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(SLOW)
    yield page
    context.close()


def test_two_taps_lead_from_the_code_to_the_report_of_this_batch(stall: Stall, phone: Page) -> None:
    phone.goto(stall.shop.address + path_of(TOKEN))
    first = phone.get_by_role("link", name=chinese("Test report of this batch"))
    expect(first).to_be_in_viewport()
    first.tap()
    shown = phone.locator(f'img[src="/files/{stall.report}"]')
    expect(shown).to_be_in_viewport()
    shown.tap()
    phone.wait_for_url(f"**/files/{stall.report}")
    answer = phone.request.get(phone.url)
    assert Image.open(io.BytesIO(answer.body())).size == (60, 40)


def test_the_page_fits_and_asks_nobody_else(stall: Stall, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True, locale="zh-CN")
    page, asked, refused = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: refused.append(line.text) if "Policy" in line.text else None)
    for path in (path_of(TOKEN), "/p/origin", "/p/prices"):
        page.goto(stall.shop.address + path)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert all(url.startswith(stall.shop.address) for url in asked)
    assert not refused
    page.get_by_role("link", name=chinese("Where it comes from")).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/p/origin/" in page.url
    context.close()


def test_the_screen_shows_the_same_report(stall: Stall, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{stall.shop.address}/origin?batch={TOKEN}")
    expect(page.locator(f'img[src="/files/{stall.report}"]')).to_be_visible(timeout=SLOW)
    settle(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_staff_print_the_label_and_open_the_poster(stall: Stall, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(SLOW)
    page.goto(f"{stall.shop.address}/batches?batch={stall.batch}")
    field(page, chinese("Login")).fill(STAFF.login)
    field(page, chinese("Password")).fill(STAFF.password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").tap()
    expect(page.get_by_role("heading", name="T0925-1")).to_be_visible()
    settle(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name=chinese("Poster")).tap()
    poster = page.locator(f'img[src^="/print/poster/{stall.batch}.png"]')
    expect(poster).to_be_visible()
    page.wait_for_function("image => image.naturalWidth === 1080", arg=poster.element_handle())
    page.goto(f"{stall.shop.address}/print/label/{stall.batch}")
    assert page.locator("article.label").count() == 8
    assert page.locator("article.label svg").first.bounding_box()["width"] > 80  # type: ignore[index]
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    context.close()
