"""Staff at the counter with a phone in one hand: 390 pixels, real touches (E8, E14).

The shop is the demo shop, full of orders, so that rows, cards and tables are there to overflow.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.shop.people.demo_logins import STAFF
from lib.shop.shop import Role
from lib.ui import navigation
from tests.browser.screens import SLOW, chinese, field, one, settle
from tests.serving import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

WIDTH = 390
DESK = [entry for entry in navigation.TABLE if Role.STAFF in entry.who]


@pytest.fixture
def shop(demo: Running) -> Running:
    return demo


@pytest.fixture(params=["zh-CN", "en-GB"])
def phone(request: pytest.FixtureRequest, browser: Browser, shop: Running) -> Iterator[Page]:
    """A phone in Chinese or English, signed in as staff."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 844},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        locale=request.param,
    )
    page = context.new_page()
    page.set_default_timeout(SLOW)
    page.goto(f"{shop.address}/pickup")
    field(page, said(page, "Login")).fill(STAFF.login)
    field(page, said(page, "Password")).fill(STAFF.password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").tap()
    expect(heading(page, "Pickup desk")).to_be_visible()
    yield page
    context.close()


def said(page: Page, sentence: str) -> str:
    """Return ``sentence`` in the language of the phone."""
    chosen: str = page.evaluate("navigator.language")
    return chinese(sentence) if chosen.startswith("zh") else sentence


def heading(page: Page, title: str) -> Locator:
    return page.get_by_role("heading", name=said(page, title), exact=True)


def find(page: Page, text: str) -> Locator:
    """Type ``text`` into the search field, letter by letter, and return the cards found."""
    search = page.get_by_test_id("stMain").get_by_role("searchbox").first
    search.fill("")
    search.press_sequentially(text)
    settle(page)
    return page.locator('[class*="st-key-card-"]')


@dataclass(frozen=True)
class Waiting:
    """An order that waits at the desk, and how its resident is found."""

    order_id: int
    number: int
    nickname: str
    initials: str


PHONE = "13912346853"


@pytest.fixture
def waiting(shop: Running) -> Waiting:
    """An order of the newest day with all goods here; its resident gave a phone number."""
    with sqlite3.connect(Path(shop.folder) / "shop.db", timeout=10) as database:
        row = database.execute(
            "SELECT o.id, o.number, nickname, initials, m.id FROM customer_order o"
            " JOIN member m ON m.id = member_id WHERE status = 'active' AND length(initials) > 1"
            " AND (SELECT coalesce(sum(quantity), 0) FROM handover WHERE order_id = o.id) = 0"
            " AND pickup_day = (SELECT max(pickup_day) FROM customer_order) ORDER BY o.id"
        ).fetchone()
        database.execute(
            "UPDATE member SET phone = ?, phone_tail = ? WHERE id = ?", (PHONE, PHONE[-4:], row[4])
        )
    return Waiting(*row[:4])


def test_an_order_is_found_handed_over_with_one_touch_and_taken_back(
    shop: Running, phone: Page, waiting: Waiting
) -> None:
    called = f"{waiting.number} · {waiting.nickname}"
    head = phone.get_by_role("heading", name=called, exact=True)
    for typed in (PHONE[-4:], waiting.initials):
        card = find(phone, typed).filter(has=head)
        expect(card).to_have_count(1)
    later = card.get_by_role("button", name=said(phone, "Hand over, pays later"))
    everything = card.get_by_role("button", name=said(phone, "Hand over all"))
    big = later.or_(everything).first
    size = big.bounding_box()
    assert size is not None
    assert size["width"] > WIDTH * 0.75
    assert size["height"] >= 40
    big.tap()
    gone = said(phone, "Handed over: {number} {name}")
    expect(
        phone.get_by_text(gone.format(number=waiting.number, name=waiting.nickname))
    ).to_be_visible()
    settle(phone)
    handed = f"SELECT coalesce(sum(quantity), 0) FROM handover WHERE order_id = {waiting.order_id}"
    assert one(shop, handed) != 0
    phone.get_by_role("button", name=said(phone, "Undo"), exact=True).first.tap()
    back = said(phone, "Goods taken back: {name}. Money stays booked.")
    expect(phone.get_by_text(back.format(name=waiting.nickname))).to_be_visible()
    assert one(shop, handed) == 0
    expect(find(phone, PHONE[-4:]).first).to_contain_text(waiting.nickname)


def test_no_page_of_the_desk_scrolls_sideways(shop: Running, phone: Page) -> None:
    for entry in DESK:
        phone.goto(f"{shop.address}/{entry.url}")
        expect(heading(phone, entry.title)).to_be_visible()
        settle(phone)
        width = phone.evaluate("document.scrollingElement.scrollWidth")
        assert width <= WIDTH, entry.url
        assert phone.get_by_test_id("stException").count() == 0, entry.url
        outside = phone.evaluate(OUTSIDE)
        assert not outside, (entry.url, outside)


OUTSIDE = """() => [...document.querySelectorAll(".stMain button, .stMain input, .stMain textarea")]
    .filter(each => !each.closest("[data-testid=stDataFrame]"))
    .map(each => [each.getBoundingClientRect(), each.innerText])
    .filter(([box]) => box.width > 1 && box.right > innerWidth + 1)
    .map(([, text]) => text)"""
"""Means to act that stand beyond the right edge, where nobody finds them."""
