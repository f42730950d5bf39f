"""Two people on one board of wishes, and the whole way of a wish (R15-R18).

The owner at a laptop and staff with a phone, in Chinese, each in a browser of their own.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.shop.people.demo_logins import OWNER, STAFF, DemoLogin
from tests.browser.screens import SLOW, choose, field, one, press, settle, visit
from tests.browser.screens import chinese as _
from tests.serving import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

PHONE = (
    "Mozilla/5.0 (Linux; Android 13; V2199A) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0 Mobile Safari/537.36"
)
TITLE = "现磨芝麻酱"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demo shop: its people, members and an open round."""
    with running(tmp_path_factory.mktemp("demo"), LINLI_DEMO="1") as opened:
        yield opened


@pytest.fixture
def owner(browser: Browser, shop: Running) -> Iterator[Page]:
    """The owner at a laptop."""
    yield from signed_in(browser, shop, OWNER, viewport={"width": 1280, "height": 900})


@pytest.fixture
def staff(browser: Browser, shop: Running) -> Iterator[Page]:
    """Staff with a phone."""
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    yield from signed_in(browser, shop, STAFF, user_agent=PHONE, **phone)


def signed_in(browser: Browser, shop: Running, who: DemoLogin, **screen: object) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", **screen)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(SLOW)
    page.goto(f"{shop.address}/account")
    field(page, _("Login")).fill(who.login)
    field(page, _("Password")).fill(who.password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    expect(page.get_by_role("heading", name=_("My account"))).to_be_visible(timeout=SLOW)
    yield page
    context.close()


def ids(shop: Running, title: str) -> tuple[int, str]:
    with sqlite3.connect(Path(shop.folder) / "shop.db", timeout=10) as database:
        query = "SELECT id, status FROM demand WHERE title = ? ORDER BY id DESC"
        found: tuple[int, str] = database.execute(query, (title,)).fetchone()
    return found


def type_a_wish(page: Page, title: str, names: str) -> None:
    page.get_by_role("button", name=_("Type a wish")).click()
    field(page, _("What is wished for")).fill(title)
    field(page, _("Who asked (as named in the group)")).fill(names)
    press(page, _("Take the wish in"))


def card(page: Page, demand: int) -> Locator:
    return page.locator(f".st-key-wish-{demand}")


def move(page: Page, demand: int, option: str) -> None:
    """Choose ``option`` in the menu of a card."""
    card(page, demand).get_by_role("button", name=_("Move to")).click()
    page.get_by_text(option, exact=True).last.click()
    settle(page)


def test_two_move_one_card_and_the_second_is_told(shop: Running, owner: Page, staff: Page) -> None:
    visit(owner, shop, "demands", _("Wishes"))
    type_a_wish(owner, "手工水饺", "张阿姨")
    demand, _status = ids(shop, "手工水饺")
    visit(staff, shop, "demands", _("Wishes"))
    # A phone shows one column at a time, with the counts in the choice.
    expect(staff.get_by_role("radio", name=_("All"), exact=True)).to_have_count(0)
    expect(card(staff, demand)).to_be_visible()
    expect(card(owner, demand)).to_be_visible()
    move(owner, demand, _("Checking"))
    assert ids(shop, "手工水饺")[1] == "checking"
    move(staff, demand, _("Checking"))
    told = staff.get_by_text("芳姐在").first
    expect(told).to_contain_text("已把这个心愿移到打听中")
    assert ids(shop, "手工水饺")[1] == "checking"
    assert one(shop, f"SELECT version FROM demand WHERE id = {demand}") == 2
    # What needs a reason opens its form; the keyboard leads back to the board.
    move(owner, demand, _("Not yet …"))
    press(owner, _("Save the answer"))
    expect(owner.get_by_text(_("Write the reason: residents read it."))).to_be_visible()
    owner.get_by_role("heading", name=_("What is next")).click()
    owner.keyboard.press("b")
    settle(owner)
    expect(card(owner, demand)).to_be_visible()


def test_a_wish_from_the_first_word_to_the_purchase(
    shop: Running, owner: Page, staff: Page
) -> None:
    nickname = str(one(shop, "SELECT nickname FROM member WHERE merged_into IS NULL"))
    visit(owner, shop, "demands", _("Wishes"))
    type_a_wish(owner, TITLE, f"{nickname}、没档案的")
    demand, status = ids(shop, TITLE)
    assert status == "new"
    ask_a_source(shop, staff, demand)
    put_on_offer(shop, owner, demand)
    tell_who_asked(shop, owner, demand)
    order_it(shop, nickname, demand)
    visit(staff, shop, f"demands?demand={demand}", TITLE)
    expect(staff.get_by_text("1 / 2", exact=True)).to_be_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert staff.evaluate(overflow) <= 0


def ask_a_source(shop: Running, staff: Page, demand: int) -> None:
    """Staff call somebody and note a quote, which they cannot read afterwards (E14)."""
    visit(staff, shop, f"demands?demand={demand}", TITLE)
    press(staff, _("Move to checking"))
    expect(staff.get_by_role("radio", name=_("Put on offer"))).to_be_visible()
    staff.get_by_role("button", name=_("Ask somebody")).click()
    box = staff.get_by_role("combobox", name=_("Supplier, or any name"))
    box.fill("老王粮油")
    box.press("Enter")
    press(staff, _("Put on the list"))
    staff.get_by_role("button", name=_("Note the answer")).click()
    staff.get_by_text(_("can deliver"), exact=True).click()
    choose(staff, staff, _("Sale unit"), "瓶")
    field(staff, _("They want (yuan per unit)")).fill("14.5")
    field(staff, _("Group price (yuan per unit)")).fill("18.8")
    staff.get_by_test_id("stFormSubmitButton").get_by_role("button", name=_("Save")).click()
    settle(staff)
    expect(staff.get_by_text(_("quoted: noted"))).to_be_visible()
    expect(staff.get_by_text("14.50")).to_have_count(0)


def put_on_offer(shop: Running, owner: Page, demand: int) -> None:
    """The owner makes product and offer in one step; the quote fills the form."""
    visit(owner, shop, f"demands?demand={demand}&do=offered", TITLE)
    expect(field(owner, _("Purchase price (yuan per unit)"))).to_have_value("14.50")
    press(owner, _("Make the product and put it on offer"))
    expect(owner.get_by_role("heading", name=_("Tell who asked"))).to_be_visible()
    assert ids(shop, TITLE)[1] == "offered"
    assert one(
        shop,
        "SELECT p.name || o.price_fen FROM demand d JOIN product p ON p.id = d.product_id"
        f" JOIN round_offer o ON o.product_id = p.id WHERE d.id = {demand}",
    ) == f"{TITLE}1880"  # fmt: skip


def tell_who_asked(shop: Running, owner: Page, demand: int) -> None:
    expect(owner.locator(".st-key-piece-1")).to_contain_text("@没档案的")
    press(owner, _("Sent: {count} told").format(count=2))
    expect(owner.get_by_text(_("Everybody with a name was told"))).to_be_visible()
    untold = f"SELECT count(*) FROM demand_wish WHERE demand_id = {demand} AND told_at IS NULL"
    assert one(shop, untold) == 0
    posted = f"SELECT text FROM group_post WHERE subject = 'demand:{demand}'"
    assert "18.8元/瓶" in str(one(shop, posted))


def order_it(shop: Running, nickname: str, demand: int) -> None:
    """Let the resident order one, as an order that came in with a chain."""
    with sqlite3.connect(Path(shop.folder) / "shop.db", timeout=10) as database:
        product, placed = database.execute(
            "SELECT product_id, status_at FROM demand WHERE id = ?", (demand,)
        ).fetchone()
        member = database.execute(
            "SELECT id FROM member WHERE nickname = ? AND merged_into IS NULL", (nickname,)
        ).fetchone()[0]
        number = database.execute("SELECT max(number) + 1 FROM customer_order").fetchone()[0]
        order = database.execute(
            "INSERT INTO customer_order (member_id, source, number, pickup_day, delivery, status,"
            " placed_at, source_body) VALUES (?, 'counter', ?, '2030-01-01', 0, 'active', ?, ?)",
            (member, number, placed, json.dumps(None)),
        ).lastrowid
        database.execute(
            "INSERT INTO order_line (order_id, product_id, product_name, sale_unit, ordered,"
            " quantity, unit_price_fen, amount_fen) VALUES (?, ?, ?, '瓶', 1, 1, 1880, 1880)",
            (order, product, TITLE),
        )
