"""A resident's wish on its way: from the light page by staff onto the board (R15)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.screens import SLOW, field, one, press, settle
from tests.serving import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CHAT = "3-201 小李:\n能不能进点羽衣甘蓝\n\n王姐:\n+1\n\n老周:\n鸡蛋坏了两个"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A resident's phone in Chinese; scripts are switched off, the page needs none."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        java_script_enabled=False,
        is_mobile=True,
        has_touch=True,
    )
    page = context.new_page()
    page.set_default_timeout(SLOW)
    yield page
    context.close()


def test_a_wish_goes_from_a_phone_to_the_board(phone: Page, page: Page, owned: Running) -> None:
    phone.goto(f"{owned.address}/p/wishes")
    phone.fill("#wish", "能不能进点奶油草莓，电话13800001111")
    phone.fill("#name", "6-302 阿敏")
    phone.locator("button").tap()
    expect(phone.get_by_role("alert")).to_contain_text("电话号码")
    assert phone.input_value("#wish") == "能不能进点奶油草莓，电话13800001111"
    phone.fill("#wish", "能不能进点奶油草莓")
    phone.locator("button").tap()
    expect(phone.get_by_role("heading", name="谢谢，店里收到了")).to_be_visible()
    assert one(owned, "SELECT count(*) FROM demand") == 0

    page.set_default_timeout(SLOW)
    sign_in(page, owned)
    page.goto(f"{owned.address}/demands?view=notes")
    expect(page.get_by_text("能不能进点奶油草莓")).to_be_visible()
    settle(page)
    assert field(page, "Wish").input_value() == "奶油草莓"
    press(page, "Take as a wish")
    expect(page.get_by_text("Nobody's wish waits to be read.")).to_be_visible()
    assert one(owned, "SELECT name FROM demand_wish") == "6-302 阿敏"

    page.goto(f"{owned.address}/demands")
    expect(page.get_by_text("奶油草莓").first).to_be_visible()


def test_pasted_chat_becomes_wishes_once(page: Page, owned: Running) -> None:
    page.set_default_timeout(SLOW)
    sign_in(page, owned)
    page.goto(f"{owned.address}/demands?view=in")
    for again in (False, True):
        box = page.get_by_role("textbox", name="Paste messages of the group")
        box.fill(CHAT)
        box.press("Control+Enter")
        settle(page)
        if again:
            expect(page.get_by_text("nothing is added")).to_be_visible()
        else:
            press(page, "Take 2 wishes")
            expect(page.get_by_text("2 residents counted")).to_be_visible()
    assert one(owned, "SELECT count(*) FROM demand WHERE title = '羽衣甘蓝'") == 1
    counted = "SELECT count(*) FROM demand_wish WHERE said IN ('能不能进点羽衣甘蓝', '+1')"
    assert one(owned, counted) == 2
