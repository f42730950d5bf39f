"""Points at the counter on a phone of 390 pixels, by touching only (R37).

小李 has eggs and a coupon for her points. The eggs join the pick list of her order and leave the
stock when they are handed over; the coupon makes that order cheaper at the desk.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.kernel.clock import SystemClock
from lib.kernel.money import Money
from lib.members.points.commands import adjust_points, begin_points
from lib.members.profiles.rules import Home
from lib.members.rewards.commands import add_reward
from lib.members.rewards.rules import Kind, Terms
from lib.shop.opening import open_books, shop_for
from lib.shop.people import demo_logins
from lib.shop.people.demo_logins import STAFF
from lib.shop.place import Place
from lib.shop.shop import Shop
from lib.supply.stock.shelf.commands import Counted, count
from lib.trade.orders.commands import add_order
from lib.trade.orders.queries import order
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.products.commands import add_product
from lib.trade.products.rules import Details
from tests.browser.screens import PHONE, SLOW, holds, settle, sign_in, visit
from tests.browser.screens import chinese as _
from tests.serving import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ON_HAND = "SELECT on_hand FROM stock_level"


@dataclass
class Counter:
    """The running shop, 小李 and her order of today over 40 yuan."""

    server: Running
    member: int
    order: int


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    place, clock = Place.at(tmp_path_factory.mktemp("rewards")), SystemClock()
    store = open_books(place, clock)
    shop = shop_for(store, place, clock, demo_logins.move_in(shop_for(store, place, clock)))
    member, order_id = prepare(shop)
    store.close()
    with running(place.folder) as server:
        yield Counter(server, member, order_id)


def prepare(shop: Shop) -> tuple[int, int]:
    """Ten trays of eggs lie in the shop; 小李 orders two bags of rice and has 350 points."""
    eggs = add_product(shop, Details("土鸡蛋", "盒", Money(1280), is_fresh=True))
    rice = add_product(shop, Details("五常大米", "袋", Money(2000)))
    count(shop, [Counted(eggs, 10)])
    begin_points(shop, 1, 100)
    add_reward(shop, Terms(Kind.PRODUCT, 100, "一盒鸡蛋", eggs, 1))
    coupon = Terms(Kind.COUPON, 200, "十元券", value=Money(1000), threshold=Money(3000))
    add_reward(shop, Terms(**{**vars(coupon), "valid_days": 90}))
    who = IncomingOrder(None, "小李", (Wanted(rice, 2),), Home(building="3", room="201"))
    order_id = add_order(shop, who)
    member = order(shop, order_id).member_id
    adjust_points(shop, member, 350, "纸质积分卡")
    return member, order_id


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    opened = browser.new_context(**PHONE)
    page = opened.new_page()
    page.set_default_timeout(SLOW)
    yield page
    opened.close()


def touch(page: Page, what: Locator) -> None:
    what.first.tap()
    settle(page)
    assert page.evaluate(SIDEWAYS) <= 0


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def test_points_become_eggs_and_a_coupon_and_both_reach_the_order(
    counter: Counter, phone: Page
) -> None:
    code = redeem(counter, phone)
    visit(phone, counter.server, "pick", _("Picking"))
    expect(phone.get_by_text("土鸡蛋").first).to_be_visible()
    holds(counter.server, ON_HAND, 10)
    way = f"pickup?order={counter.order}"
    visit(phone, counter.server, way, _("Pickup desk"))
    expect(phone.get_by_text(_("for points, no charge"))).to_be_visible()
    touch(phone, button(phone, _("Coupon")))
    touch(phone, button(phone, _("{code}: {amount} off").format(code=code, amount="¥10.00")))
    holds(counter.server, "SELECT coupon_fen FROM customer_order", 1000)
    paid = _("Transfer {amount} received, hand over").format(amount="¥30.00")
    touch(phone, button(phone, paid))
    holds(counter.server, "SELECT sum(amount_fen) FROM payment", 3000)
    holds(counter.server, ON_HAND, 9)
    holds(counter.server, "SELECT count(*) FROM owed_goods WHERE settled_at IS NULL", 0)


def redeem(counter: Counter, phone: Page) -> str:
    """Eggs first, then the coupon; the code as it stands on the screen."""
    way = f"rewards?member={counter.member}"
    sign_in(phone, counter.server, way, _("Points and rewards"), STAFF)
    label = _("Redeem {points} points: {what}")
    touch(phone, button(phone, label.format(points=100, what="土鸡蛋 1盒")))
    holds(counter.server, "SELECT count(*) FROM owed_goods WHERE source = 'points'", 1)
    touch(phone, phone.get_by_text("十元券").first)
    touch(phone, button(phone, label.format(points=200, what="十元券")))
    code = str(phone.locator(".st-key-coupon-1 h2").inner_text()).strip()
    assert len(code) == len("CDFG 4679")
    expect(phone.get_by_text(_("{points} points are missing").format(points=50))).to_be_visible()
    return code


def test_a_file_opened_from_the_list_stays_open_at_the_next_touch(
    counter: Counter, phone: Page
) -> None:
    """Streamlit keeps a link from a page to itself out of the address; the next touch needs it."""
    sign_in(phone, counter.server, "members", _("Members"), STAFF)
    phone.get_by_role("textbox").first.fill("小李")
    phone.keyboard.press("Enter")
    settle(phone)
    touch(phone, phone.get_by_role("link", name=_("Open it")))
    expect(phone.get_by_role("button", name=_("All members"))).to_be_visible()
    touch(phone, phone.get_by_text(_("Points and gifts"), exact=True))
    expect(phone.get_by_text(_("Points available")).first).to_be_visible()
    assert phone.url.endswith(f"/members?member={counter.member}&part=points")
