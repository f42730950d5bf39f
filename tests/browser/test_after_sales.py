"""The counter scene of after-sales on a phone of 390 pixels, by touching only (R26-R30).

Somebody comes back with bad eggs: from "Something wrong" at the pickup desk to the agreed solution,
with a photo from the phone and another one pasted. Then the board, whose clocks tick by themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.kernel.clock import FixedClock, SystemClock
from lib.kernel.money import Money
from lib.members.profiles.rules import Home
from lib.service.after_sales.commands import open_case
from lib.service.after_sales.rules import DEFECT_NAMES, Defect, NewCase, Source
from lib.shop.opening import open_books, shop_for
from lib.shop.people import demo_logins
from lib.shop.people.demo_logins import STAFF
from lib.shop.place import Place
from lib.shop.shop import Actor, Shop
from lib.trade.orders.commands import add_order
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.payments.commands import pay_order
from lib.trade.products.commands import add_product
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.rules import Offered, Times
from tests.browser.screens import PHONE, SLOW, holds, settle, sign_in
from tests.browser.screens import chinese as _
from tests.service.after_sales import cast
from tests.serving import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PASTE = """bytes => {
  const held = new DataTransfer();
  held.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
  const paste = new ClipboardEvent("paste", { clipboardData: held, bubbles: true });
  document.body.dispatchEvent(paste);
}"""


@dataclass
class Counter:
    """The running shop, what 王姐 bought, and how often the phone was touched."""

    server: Running
    owner: Actor
    order: int
    touches: int = 0

    def touch(self, page: Page, what: Locator) -> None:
        what.first.tap()
        self.touches += 1
        settle(page)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    place, clock = Place.at(tmp_path_factory.mktemp("after_sales")), SystemClock()
    store = open_books(place, clock)
    owner = demo_logins.move_in(shop_for(store, place, clock))
    shop = shop_for(store, place, FixedClock(clock.now() - timedelta(hours=20)), owner)
    details = Details("土鸡蛋", "板", Money(2880), is_fresh=True, content_pieces=30)
    order = buy(shop, add_product(shop, details))
    store.close()
    with running(place.folder) as server:
        yield Counter(server, owner, order)


def buy(shop: Shop, eggs: int) -> int:
    """王姐 orders a tray of 30 eggs, to be collected today, and pays."""
    now = shop.clock.now()
    times = Times(now, now + timedelta(hours=8), shop.today + timedelta(days=1))
    round_id = open_round(shop, Plan("今日团", times), [Offered(eggs, Money(2880))])
    who = IncomingOrder(None, "王姐", (Wanted(eggs, 1),), Home(building="3", room="201"))
    order = add_order(shop, who, round_id=round_id)
    pay_order(shop, order, "transfer")
    return order


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    opened = browser.new_context(**PHONE, permissions=["clipboard-read", "clipboard-write"])
    page = opened.new_page()
    page.set_default_timeout(SLOW)
    yield page
    opened.close()


def pill(page: Page, label: str) -> Locator:
    return page.get_by_role("radio", name=label, exact=True)


def test_bad_eggs_at_the_counter_and_a_board_that_ticks(
    counter: Counter, phone: Page, tmp_path: Path
) -> None:
    take_it_in(counter, phone, tmp_path)
    agree(counter, phone)
    assert counter.touches == 7
    watch_the_clock_tick(counter, phone)


def take_it_in(counter: Counter, phone: Page, folder: Path) -> None:
    way = f"pickup?order={counter.order}"
    sign_in(phone, counter.server, way, _("Pickup desk"), STAFF)
    counter.touch(phone, phone.get_by_role("link", name=_("Something wrong")))
    counter.touch(phone, phone.locator('[class*="st-key-case-line-"] button'))
    counter.touch(phone, phone.get_by_text(_(DEFECT_NAMES[Defect.ROTTEN])))
    counter.touch(phone, pill(phone, "3"))
    (folder / "eggs.jpg").write_bytes(cast.photo(1))
    phone.locator('input[type="file"]').set_input_files(folder / "eggs.jpg")
    settle(phone)
    phone.evaluate(PASTE, list(cast.photo(2)))
    for name in ("eggs.jpg", "image.png"):
        expect(phone.get_by_text(name)).to_be_visible()
    settle(phone)
    assert phone.evaluate(SIDEWAYS) <= 0
    counter.touch(phone, phone.get_by_role("button", name=_("Save the case")))
    expect(phone.get_by_text("A0001 · 土鸡蛋")).to_be_visible()
    holds(counter.server, "SELECT bad || '/' || of_total FROM after_sales_case", "3/30")
    holds(counter.server, "SELECT count(*) FROM case_photo", 2)
    assert phone.evaluate(SIDEWAYS) <= 0


def agree(counter: Counter, phone: Page) -> None:
    """The resident chooses money back; the text for the chat is in the clipboard."""
    counter.touch(phone, phone.get_by_role("button", name="退¥2.88"))
    counter.touch(phone, phone.get_by_role("button", name="说好了：退¥2.88"))
    expect(phone.get_by_text(_("What was agreed"))).to_be_visible()
    holds(counter.server, "SELECT status FROM after_sales_case", "solved")
    holds(counter.server, "SELECT sum(amount_fen) FROM payment WHERE kind = 'refund'", -288)
    assert "退2.88元" in phone.evaluate("navigator.clipboard.readText()")
    assert phone.evaluate(SIDEWAYS) <= 0


def watch_the_clock_tick(counter: Counter, phone: Page) -> None:
    """A minute that is nearly over: the board says one less without being touched."""
    place, clock = Place.at(counter.server.folder), SystemClock()
    store = open_books(place, clock)
    told = clock.now() - timedelta(minutes=49, seconds=54)
    new = NewCase(Source.CHAT, Defect.ROTTEN, "臭的", product_name="桃", reported_at=told)
    open_case(shop_for(store, place, clock, counter.owner), new)
    store.close()
    phone.get_by_role("button", name=_("Board")).tap()
    left = [_("Reply: {time} left").format(time=f"{minutes} 分钟") for minutes in (10, 9)]
    expect(phone.get_by_text(left[0])).to_be_visible(timeout=SLOW)
    expect(phone.get_by_text(left[1])).to_be_visible(timeout=SLOW)
