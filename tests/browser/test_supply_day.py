"""A day of the supply chain, from a new supplier to a recall, as its people live it (R1-R8, E3-E8).

The owner sits at 1280 pixels, staff stands at the crates with a phone of 390; both in Chinese, both
by clicking and typing only. The database file is read after every step, and nothing that reaches
the phone of the staff may tell what the shop pays (E14).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.kernel.clock import SystemClock
from lib.shop.opening import open_books, shop_for
from lib.shop.people import demo_logins
from lib.shop.people.demo_logins import OWNER, STAFF
from lib.shop.place import Place
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.supply.origin.rules import path_of
from lib.supply.past.commands import PastProduct, Wanted, import_past
from lib.supply.past.matching import DayRow
from tests.browser.heard import Heard
from tests.browser.screens import (
    PHONE,
    SLOW,
    choose,
    field,
    holds,
    number,
    one,
    press,
    settle,
    sign_in,
    unfold,
    visit,
)
from tests.browser.screens import chinese as _
from tests.service.cast import add_member, add_order
from tests.serving import Running, running
from tests.shop.files import samples
from tests.supply.cast import add_batch, add_product, add_supplier

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

FARM, FAR_FARM = "径山养鸡场", "洞庭湖水产"
HERE, NEAR, FAR = "30.27415, 120.15515", "30.30120, 120.02110", "29.37000, 113.09000"
PRICE, PRICE_FEN = "73.31", 7331
"""What the shop pays for a case of eggs: it stands in nothing that is sent to staff."""
REASON = "沙门氏菌检出"
QUANTITIES = (
    "SELECT group_concat(quantity) FROM (SELECT quantity FROM {} WHERE {} ORDER BY product_id, id)"
)
WEEKS = 6


@dataclass(frozen=True)
class Stall:
    """The running shop and the ids of what was put into its books before."""

    server: Running
    eggs: int
    tofu: int
    orders: tuple[int, ...]
    old_tofu: int

    def value(self, sql: str) -> object:
        """Return the first value that ``sql`` finds in the books."""
        return one(self.server, sql)

    def holds(self, sql: str, expected: object) -> None:
        """Wait until ``sql`` finds what is expected."""
        holds(self.server, sql, expected)

    def lies(self, *batches: object, expected: str) -> None:
        """Wait until so much of ``batches`` lies in the shop: ``9,0,61``."""
        wanted = ", ".join(f"({place}, {each})" for place, each in enumerate(batches))
        self.holds(
            f"WITH wanted(place, id) AS (VALUES {wanted}) SELECT group_concat(on_hand) FROM"
            " (SELECT on_hand FROM wanted JOIN batch USING (id) ORDER BY place)",
            expected,
        )


@pytest.fixture(scope="module")
def stall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stall]:
    """A shop with two people, two goods, six weeks of sales, and three orders for today."""
    place = Place.at(tmp_path_factory.mktemp("supply"))
    store = open_books(place, SystemClock())
    shop = shop_for(store, place, SystemClock())
    shop = shop.acting(demo_logins.move_in(shop))
    today = shop.today
    days = [(today.weekday() + step) % 7 for step in (0, 2, 4)]
    values = {"shop_position": HERE, "plan_weekdays": tuple(sorted(days)), "shop_name": "桂花巷"}
    save_settings(shop, values, {})
    eggs = add_product(shop, "土鸡蛋", "箱", 8800, fresh=True)
    tofu = add_product(shop, "老豆腐", "盒", 300, fresh=True)
    import_past(shop, Wanted("去年.csv", "past", [past(shop, eggs, 8), past(shop, tofu, 30)]))
    older = add_batch(
        shop, tofu, 2, supplier_id=add_supplier(shop, "老王豆腐坊"),
        arrived_on=today - timedelta(days=1), best_before=today + timedelta(days=2),
    )  # fmt: skip
    wanted = {"小李": ((eggs, 8), (tofu, 3)), "王姐": ((eggs, 8),), "老陈": ((eggs, 4),)}
    orders = [
        add_order(shop, add_member(shop, name), place_in_line, *goods, pickup_day=today)[0]
        for place_in_line, (name, goods) in enumerate(wanted.items(), start=1)
    ]
    store.close()
    with running(place.folder) as server:
        yield Stall(server, eggs, tofu, tuple(orders), older)


def past(shop: Shop, product: int, sold: int) -> PastProduct:
    """Let ``sold`` units go on every day of the last weeks."""
    days = (shop.today - timedelta(days=ago) for ago in range(1, 7 * WEEKS + 1))
    rows = [DayRow(day, sold + 2, sold, False, None, None, None) for day in days]
    return PastProduct(str(product), rows, product)


@pytest.fixture
def desk(browser: Browser, stall: Stall) -> Iterator[Page]:
    """The owner's laptop."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SLOW)
    sign_in(page, stall.server, "suppliers", "供货商", OWNER)
    yield page
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone in the hand of the staff."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.set_default_timeout(SLOW)
    yield page
    context.close()


def test_a_day_of_the_supply_chain(stall: Stall, desk: Page, phone: Page) -> None:
    add_the_suppliers(desk, stall)
    agree_on_terms(desk, stall)
    choose_the_staples(desk, stall)
    make_the_orders(desk, stall)
    heard = Heard(phone)
    receive_the_order(phone, stall)
    share_out_what_is_short(phone, stall)
    hand_over_and_take_back(phone, stall)
    count_the_shelf(phone, stall)
    look_at_the_batch(phone, stall)
    call_the_batch_back(phone, stall)
    refuse_to_hand_it_over(phone, stall)
    residents_read_the_notice(phone, stall)
    assert len(heard.frames) > 20, "the phone was listened to"
    assert "yuan" in heard.tells(6 * 8800), "what a resident pays is heard"
    assert heard.tells(PRICE_FEN) == []


def add_the_suppliers(page: Page, stall: Stall) -> None:
    adding = page.locator(".st-key-add")
    unfold(page, adding)
    field(adding, _("Name")).fill(FARM)
    field(adding, _("Coordinates")).fill(NEAR)
    field(adding, _("District or town")).fill("余杭区径山镇")
    press(page, _("Add supplier"))
    near = _("{km} km, within {radius} km").format(km="13.3", radius=30)
    expect(page.get_by_text(near).and_(page.locator(":visible")).first).to_be_visible()
    stall.holds(f"SELECT latitude_e6 FROM supplier WHERE name = '{FARM}'", 30_301_200)
    unfold(page, adding)
    field(adding, _("Name")).fill(FAR_FARM)
    field(adding, _("Coordinates")).fill(FAR)
    press(page, _("Add supplier"))
    expect(page.get_by_test_id("stAlert").filter(has_text="30 公里")).to_be_visible()
    stall.holds("SELECT count(*) FROM supplier", 2)
    expect(field(adding, _("Name"))).to_have_value(FAR_FARM)
    expect(field(adding, _("Coordinates"))).to_have_value(FAR)
    why = _("Why from farther away (beyond {radius} km only)").format(radius=30)
    field(adding, why).fill("附近没有湖")
    press(page, _("Add supplier"))
    reason = f"SELECT far_reason FROM supplier WHERE name = '{FAR_FARM}'"
    stall.holds(reason, "附近没有湖")


def agree_on_terms(page: Page, stall: Stall) -> None:
    choose(page, page.get_by_test_id("stMain"), _("Supplier"), FARM)
    for name, unit, price, case in (("土鸡蛋", "箱", PRICE, "5箱"), ("老豆腐", "盒", "2.10", "")):
        choose(page, page.get_by_test_id("stMain"), _("Product"), name)
        field(page, _("Price (yuan per {unit})").format(unit=unit)).fill(price)
        field(page, _("Case")).fill(case)
        press(page, _("Add to its goods"))
    term = "SELECT price_fen || '/' || case_quantity FROM supply_term WHERE product_id = {}"
    stall.holds(term.format(stall.eggs), f"{PRICE_FEN}/5")
    stall.holds("SELECT count(*) FROM supply_term WHERE preferred", 2)


def choose_the_staples(page: Page, stall: Stall) -> None:
    visit(page, stall.server, "plan", _("Plan"))
    press(page, _("Put into the plan"))
    stall.holds("SELECT count(*) FROM staple", 2)


def make_the_orders(page: Page, stall: Stall) -> None:
    visit(page, stall.server, "plan", _("Plan"))
    eggs = number(page, _("{product} in {unit}").format(product="土鸡蛋", unit="箱"))
    tofu = number(page, _("{product} in {unit}").format(product="老豆腐", unit="盒"))
    suggested, planned = int(eggs.input_value()), int(tofu.input_value())
    assert suggested and suggested % 5 == 0, "whole cases"
    expect(page.get_by_text(_("cases of {case}").format(case=5))).to_be_visible()
    eggs.fill("20")
    make = page.get_by_role("button", name=_("Make the orders"))
    make.dblclick()
    expect(page.get_by_role("heading", name=_("For the suppliers"))).to_be_visible()
    settle(page)
    stall.holds("SELECT count(*) FROM purchase_order", 1)
    stall.holds(QUANTITIES.format("purchase_line", "true"), f"20,{planned}")
    text = page.get_by_test_id("stCode").first
    expect(text).to_contain_text("土鸡蛋 20箱")
    expect(text).to_contain_text(f"老豆腐 {planned}盒")
    press(page, _("Sent to the supplier"))
    stall.holds("SELECT group_concat(status) FROM purchase_order", "sent")


def receive_the_order(page: Page, stall: Stall) -> None:
    sign_in(page, stall.server, "receive", _("Receive goods"), STAFF)
    number(page, f"{_('Good')} (箱)").fill("15")
    number(page, f"{_('Rejected')} (箱)").fill("5")
    bad = page.get_by_test_id("stExpander").filter(has_text=_("Rejected: reason and photo")).first
    unfold(page, bad)
    field(bad, _("Why rejected")).fill("压碎了")
    photo = {"name": "破壳.jpg", "mimeType": "image/jpeg", "buffer": samples.photo((640, 480))}
    bad.locator("input[type=file]").set_input_files(photo)
    expect(bad.get_by_text("破壳.jpg")).to_be_visible()
    field(page, _("If the rest will not come: why")).fill("路上颠坏，不补")
    press(page, _("Book it in"))
    expect(page.get_by_text(_("Booked in"), exact=True)).to_be_visible()
    came = "SELECT received || '-' || rejected || reject_reason FROM batch WHERE product_id = {}"
    stall.holds(came.format(stall.eggs), "15-5压碎了")
    stall.holds("SELECT count(*) FROM batch JOIN blob ON sha256 = photo", 1)
    stall.holds("SELECT status FROM purchase_order", "closed")
    stall.holds(f"SELECT on_hand FROM stock_level WHERE product_id = {stall.eggs}", 15)


def share_out_what_is_short(page: Page, stall: Stall) -> None:
    page.get_by_text(_("Shortages ({count})").format(count=1)).first.tap()
    settle(page)
    press(page, _("Share it out like this"))
    of_eggs = f"product_id = {stall.eggs}"
    stall.holds(QUANTITIES.format("order_line", of_eggs), "6,6,3")
    stall.holds(f"SELECT sum(quantity) FROM order_line WHERE {of_eggs}", 15)
    stall.holds(f"SELECT sum(ordered) FROM order_line WHERE {of_eggs}", 20)


def card_of(page: Page, name: str) -> Locator:
    """Find a resident at the pickup desk."""
    search = page.get_by_test_id("stMain").get_by_role("searchbox").first
    search.fill("")
    search.press_sequentially(name)
    settle(page)
    return page.locator('[class*="st-key-card-"]').filter(has_text=name).first


def hand_over_and_take_back(page: Page, stall: Stall) -> None:
    visit(page, stall.server, "pickup", _("Pickup desk"))
    eggs, tofu = batch_of(stall, stall.eggs), batch_of(stall, stall.tofu)
    every = (eggs, stall.old_tofu, tofu)
    came = int(str(stall.value(f"SELECT on_hand FROM batch WHERE id = {tofu}")))
    give(page, "小李")
    stall.lies(*every, expected=f"9,0,{came - 1}")  # the tofu that ends first went first
    page.get_by_role("button", name=_("Undo"), exact=True).first.tap()
    stall.lies(*every, expected=f"15,2,{came}")
    settle(page)
    give(page, "小李")
    stall.lies(*every, expected=f"9,0,{came - 1}")


def give(page: Page, name: str) -> None:
    """Hand over all that a resident ordered."""
    card_of(page, name).get_by_role("button", name=_("Hand over, pays later")).tap()
    settle(page)


def batch_of(stall: Stall, product: int) -> object:
    """Return the batch that came with the delivery of today."""
    return stall.value(f"SELECT max(id) FROM batch WHERE product_id = {product}")


def count_the_shelf(page: Page, stall: Stall) -> None:
    visit(page, stall.server, "stock", _("Stock"))
    page.get_by_role("tab", name=_("Count"), exact=True).tap()
    settle(page)
    grid = page.get_by_test_id("stDataFrame").and_(page.locator(":visible")).first
    for _touch in range(2):
        grid.locator(".dvn-scroller").tap(position={"x": 300, "y": 52})
    cell = page.locator("#portal input")
    cell.fill("8")
    cell.press("Enter")
    settle(page)
    press(page, _("Save the count of {count}").format(count=1))
    counted = "SELECT product_id || ':' || expected || '>' || counted FROM stock_count"
    stall.holds(counted, f"{stall.eggs}:9>8")
    stall.lies(batch_of(stall, stall.eggs), expected="8")


def look_at_the_batch(page: Page, stall: Stall) -> None:
    eggs = batch_of(stall, stall.eggs)
    visit(page, stall.server, "batches", _("Batches"))
    grid = page.get_by_test_id("stDataFrame").locator(".dvn-scroller")
    grid.click(position={"x": 12, "y": 52 + 35})  # the newest stands first, and that is the tofu
    code = stall.value(f"SELECT code FROM batch WHERE id = {eggs}")
    expect(page.get_by_role("heading", name=f"土鸡蛋 · {code}")).to_be_visible()
    settle(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=_("Label"), exact=True).tap()
    label = opened.value
    label.wait_for_load_state()
    assert PRICE not in label.content()
    expect(label.locator("article.label").first).to_contain_text("土鸡蛋")
    assert label.url.endswith(f"/print/label/{eggs}")
    label.close()


def call_the_batch_back(page: Page, stall: Stall) -> None:
    eggs = batch_of(stall, stall.eggs)
    page.get_by_role("button", name=_("Stop or call back")).tap()
    settle(page)
    page.get_by_role("link", name=_("Call it back")).tap()
    expect(page.get_by_role("heading", name=_("Recall"), exact=True)).to_be_visible()
    settle(page)
    field(page, _("Reason")).fill(REASON)
    press(page, _("Stop the sale and call back"))
    stall.holds(f"SELECT reason FROM recall WHERE batch_id = {eggs}", REASON)
    stall.holds(f"SELECT stopped_at IS NOT NULL FROM batch WHERE id = {eggs}", 1)
    reached = "SELECT group_concat(nickname) FROM recall_line JOIN member ON member.id = member_id"
    stall.holds(reached, "小李")
    press(page, _("by phone"))
    stall.holds("SELECT told_at IS NOT NULL FROM recall_line", 1)


def refuse_to_hand_it_over(page: Page, stall: Stall) -> None:
    visit(page, stall.server, "pickup", _("Pickup desk"))
    give(page, "王姐")
    code = stall.value("SELECT code FROM batch WHERE stopped_at IS NOT NULL")
    refused = _(
        "What is left of {product} is of batch {batch}, which is stopped or past its date. "
        "It may not be given out."
    ).format(product="土鸡蛋", batch=code)
    expect(page.get_by_test_id("stAlert").filter(has_text=refused)).to_be_visible()
    given = f"SELECT count(*) FROM handover WHERE order_id = {stall.orders[1]}"
    stall.holds(given, 0)
    stall.lies(batch_of(stall, stall.eggs), expected="8")


def residents_read_the_notice(page: Page, stall: Stall) -> None:
    token = stall.value("SELECT token FROM batch WHERE stopped_at IS NOT NULL")
    page.goto(stall.server.address + path_of(str(token)))
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_role("heading", name=_("Please do not eat this batch"))).to_be_visible()
