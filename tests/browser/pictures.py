"""The pictures of README.md and the guide: ``python -m tests.browser.pictures``.

Starts a demo shop in a folder of its own, looks at it as its owner in Chinese, and writes the files
of docs/pictures. Afterwards look at them: a picture is not a test.
"""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lib.shop.people.demo_logins import OWNER
from tests.browser.conftest import find_chromium
from tests.browser.screens import SLOW, field, settle, visit
from tests.browser.screens import chinese as _
from tests.serving import ROOT, Running, running

PICTURES = ROOT / "docs" / "pictures"
LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
COLOURS = 128
LARGEST = 200_000
EGGS = "土鸡蛋"
"""Goods of the demo shop whose newest batch was tested."""

CHAIN = """#接龙
{title}

1. 3-201 小李 土鸡蛋2斤 豆腐1盒
2. 7-602 米粒妈妈 酸奶3瓶，苹果来一箱 晚上取
3. 老周 1-1-501 鸡蛋30个 小葱2把
4. 12-904 琪琪 抽纸2提 老样子
5. 方老师 12-204 红富士3斤 豆腐两盒，送上门"""


def main() -> None:
    """Take every picture and write it small."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = find_chromium()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), LINLI_DEMO="1") as shop,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        on_the_laptop(browser, shop)
        on_the_phone(browser, shop)
        browser.close()


def on_the_laptop(browser: Browser, shop: Running) -> None:
    """Take what the owner sees at the counter."""
    page = signed_in(browser, shop, LAPTOP)
    visit(page, shop, "today", _("Today"))
    keep(page, "today")
    visit(page, shop, "orders", _("Orders"))
    keep(page, "orders")
    visit(page, shop, "pick", _("Picking"))
    keep(page, "pick")
    visit(page, shop, "plan", _("Plan"))
    keep(page, "plan")
    visit(page, shop, "slow", _("Slow movers"))
    keep(page, "slow")
    visit(page, shop, "demands", _("Wishes"))
    keep(page, "wishes")
    visit(page, shop, "profit", _("Profit"))
    keep(page, "profit")
    visit(page, shop, "after_sales", _("After-sales"))
    keep(page, "after-sales")
    visit(page, shop, "case_ledger?view=causes", _("Complaints ledger"))
    keep(page, "causes")
    visit(page, shop, "rewards", _("Points and rewards"))
    keep(page, "rewards")
    visit(page, shop, "gifts", _("Birthdays and festivals"))
    keep(page, "gifts")
    visit(page, shop, "chain", _("Chain orders in"))
    page.locator("textarea").fill(CHAIN.format(title="明天自提，邻居们接龙"))
    page.locator("textarea").press("Control+Enter")
    settle(page)
    expect(page.locator('[class*="st-key-doubt-"]').first).to_be_visible(timeout=SLOW)
    page.get_by_text(_("Decide these first")).evaluate("here => here.scrollIntoView()")
    keep(page, "chain")


def on_the_phone(browser: Browser, shop: Running) -> None:
    """Take the desk as staff hold it in one hand, and the light page as residents get it."""
    page = signed_in(browser, shop, PHONE)
    visit(page, shop, "pickup", _("Pickup desk"))
    page.get_by_text(_("all day")).first.click()
    settle(page)
    page.locator('[class*="st-key-open-"] button').first.click()
    settle(page)
    keep(page, "pickup-phone")
    visit(page, shop, "community", _("Group calendar"))
    keep(page, "community-phone")
    visit(page, shop, "after_sales", _("After-sales"))
    page.get_by_text(_("Being worked on")).first.click()
    settle(page)
    page.locator('[class*="st-key-case-"] button').last.click()
    settle(page)
    page.get_by_role("heading", name=_("After-sales")).scroll_into_view_if_needed()
    keep(page, "case-phone")
    visit(page, shop, "delivery", _("Door delivery"))
    keep(page, "delivery-phone")
    visit(page, shop, "members?who=方老师", _("Members"))
    page.get_by_role("link", name=_("Open it")).first.click()
    settle(page)
    keep(page, "member-phone")
    page.goto(f"{shop.address}/p/prices")
    keep(page, "prices-phone")
    page.goto(f"{shop.address}/p/privacy")
    keep(page, "privacy-phone")
    page.goto(f"{shop.address}/p/origin")
    page.get_by_role("link", name=EGGS).first.click()
    keep(page, "origin-phone")


def signed_in(browser: Browser, shop: Running, size: dict[str, int]) -> Page:
    """Open a browser in Chinese and sign in with the demo shop's own login."""
    context = browser.new_context(viewport=size, locale="zh-CN", color_scheme="light")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(SLOW)
    page.goto(f"{shop.address}/account")
    field(page, _("Login")).fill(OWNER.login)
    field(page, _("Password")).fill(OWNER.password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    expect(page.get_by_role("heading", name=_("My account"))).to_be_visible(timeout=SLOW)
    return page


def keep(page: Page, name: str) -> None:
    """Write what ``page`` shows as ``docs/pictures/<name>.png``, small enough for a README."""
    path = PICTURES / f"{name}.png"
    page.wait_for_timeout(500)
    page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    assert path.stat().st_size < LARGEST, f"{path} is too large"
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
