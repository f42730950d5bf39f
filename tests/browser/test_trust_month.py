"""A month of trust, from a resident's wish to the sheet everybody can check (R12-R20, E15, E17).

The owner sits at 1280 pixels, staff holds a phone of 390, a resident reads on a phone of 390
without a login and without scripts; all in Chinese, by clicking and typing only. A robot of the
group listens on this machine. The database file is read after every step; nothing that reaches the
phone of the staff tells what the shop pays (E14), nothing public names a neighbour (D11).
"""

import hashlib
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.kernel.clock import FixedClock, SystemClock
from lib.kernel.money import Money
from lib.members.profiles.rules import Home
from lib.shop.messages.channels.commands import add_channel
from lib.shop.messages.outbox.rules import Kind
from lib.shop.opening import open_books, shop_for
from lib.shop.people import demo_logins
from lib.shop.people.demo_logins import OWNER, STAFF
from lib.shop.place import Place
from lib.shop.settings_commands import save_settings
from lib.shop.shop import Shop
from lib.trade.orders.commands import add_order
from lib.trade.orders.rules import IncomingOrder, Wanted
from lib.trade.products.commands import add_product
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.rules import Offered, Times
from lib.trust.demands.commands import add_demand
from lib.trust.demands.rules import NewWish, Source
from tests.browser.heard import Heard
from tests.browser.screens import (
    LAPTOP,
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
from tests.robot import Robot, running_robot
from tests.serving import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

EGGS_COST, WISH_COST = 1537, 1463
"""Fen that the shop pays for a jin of eggs and a box of strawberries."""
NEIGHBOURS = ("王姐", "老周", "阿敏", "贝贝妈", "6-302", "13800138000")
PHONE_NUMBER = "13800138000"
CHAT = "3-201 贝贝妈:\n能不能进点羽衣甘蓝\n\n王姐:\n+1\n\n老周:\n鸡蛋坏了两个"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINES = "SELECT quantity FROM order_line JOIN customer_order ON customer_order.id = order_id"


@dataclass(frozen=True)
class Street:
    """The running shop, its robot, and the goods that were there before."""

    server: Running
    robot: Robot
    eggs: int

    def demand(self, title: str) -> int:
        """Return the wish called ``title``, which stands on the board."""
        found = one(self.server, f"SELECT id FROM demand WHERE title = '{title}'")
        assert isinstance(found, int)
        return found


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """A shop with two people, eggs sold three days ago, a neighbour who wished, and a robot."""
    place, clock = Place.at(tmp_path_factory.mktemp("trust")), SystemClock()
    store = open_books(place, clock)
    owner = demo_logins.move_in(shop_for(store, place, clock))
    earlier = shop_for(store, place, FixedClock(clock.now() - timedelta(days=3)), owner)
    save_settings(earlier, {"shop_name": "桂花巷"}, {})
    eggs = add_product(
        earlier, Details("土鸡蛋", "斤", Money(1580), purchase_price=Money(EGGS_COST))
    )
    sell(earlier, eggs)
    shop = shop_for(store, place, clock, owner)
    asked = clock.now() - timedelta(hours=1)
    add_demand(shop, "草莓", [NewWish("王姐", "想吃草莓", Source.CHAT, asked)])
    with running_robot(clock) as robot:
        add_channel(shop, "小团", Kind.WECOM, robot.address)
        store.close()
        with running(place.folder) as server:
            yield Street(server, robot, eggs)


def sell(shop: Shop, eggs: int) -> None:
    """Let a neighbour buy a jin of eggs at its full price, in a round that is over."""
    now = shop.clock.now()
    times = Times(now, now + timedelta(hours=8), shop.today + timedelta(days=1))
    round_id = open_round(shop, Plan("上期", times), [Offered(eggs, Money(1580))])
    home = Home(building="3", room="201")
    who = IncomingOrder(None, "王姐", (Wanted(eggs, 500),), home, phone=PHONE_NUMBER)
    add_order(shop, who, round_id=round_id)


@contextmanager
def screen(browser: Browser, **context: object) -> Iterator[Page]:
    opened = browser.new_context(**context)  # type: ignore[arg-type]
    page = opened.new_page()
    page.set_default_timeout(SLOW)
    yield page
    opened.close()


@pytest.fixture
def desk(browser: Browser, street: Street) -> Iterator[Page]:
    """The owner's laptop."""
    with screen(browser, **LAPTOP) as page:
        sign_in(page, street.server, "demands", _("Wishes"), OWNER)
        yield page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone in the hand of the staff."""
    with screen(browser, **PHONE) as page:
        yield page


@pytest.fixture
def neighbour(browser: Browser) -> Iterator[Page]:
    """A resident's phone; scripts are switched off, the public pages need none."""
    with screen(browser, **PHONE, java_script_enabled=False) as page:
        yield page


def test_a_month_of_trust(street: Street, desk: Page, phone: Page, neighbour: Page) -> None:
    send_a_wish(neighbour, street)
    heard = Heard(phone)
    sign_in(phone, street.server, "demands?view=in", _("Wishes"), STAFF)
    paste_the_chat(phone, street)
    take_the_note(phone, street)
    merge_the_same(phone, street)
    ask_a_source(phone, street)
    launch(desk, street)
    tell_who_asked(desk, street)
    who_wished_buys(phone, street)
    look_who_bought(desk, street)
    plan_and_offer_welfare(desk, street)
    say_it_by_robot(desk, street)
    decide_beyond_the_limit(phone, street)
    send_the_tip(phone, street)
    ask_a_topic(phone, street)
    assert len(heard.frames) > 20, "the phone was listened to"
    assert "yuan" in heard.tells(1880), "what a resident pays is heard"
    assert heard.tells(EGGS_COST) == heard.tells(WISH_COST) == []
    publish(desk, street)
    draw_the_poster(desk)
    read_the_prices(neighbour, street)
    check_the_chain(street)
    nobody_is_named(street)


def send_a_wish(page: Page, street: Street) -> None:
    page.goto(f"{street.server.address}/p/wishes")
    page.fill("#wish", f"能不能进点奶油草莓，电话{PHONE_NUMBER}")
    page.fill("#name", "6-302 阿敏")
    page.locator("button").tap()
    expect(page.get_by_role("alert")).to_contain_text("电话号码")
    assert page.input_value("#wish") == f"能不能进点奶油草莓，电话{PHONE_NUMBER}"
    page.fill("#wish", "能不能进点奶油草莓")
    page.locator("button").tap()
    expect(page.get_by_role("heading", name="谢谢，店里收到了")).to_be_visible()
    holds(street.server, "SELECT count(*) FROM wish_note WHERE status = 'waiting'", 1)
    holds(street.server, "SELECT count(*) FROM demand", 1)


def paste_the_chat(page: Page, street: Street) -> None:
    counted = "SELECT count(*) FROM demand_wish WHERE said IN ('能不能进点羽衣甘蓝', '+1')"
    for _time in range(2):
        box = field(page, _("Paste messages of the group"))
        box.fill(CHAT)
        box.press("Control+Enter")
        settle(page)
        take = page.get_by_role("button", name=_("Take {count} wishes").format(count=2))
        if one(street.server, counted) == 0:
            take.tap()
            settle(page)
        else:
            known = _("All of this was taken or put aside before; nothing is added.")
            expect(page.get_by_text(known)).to_be_visible()
            expect(take).to_have_count(0)
        holds(street.server, counted, 2)
    holds(street.server, "SELECT count(*) FROM demand WHERE title = '羽衣甘蓝'", 1)


def take_the_note(page: Page, street: Street) -> None:
    visit(page, street.server, "demands?view=notes", _("Wishes"))
    expect(page.get_by_text("能不能进点奶油草莓")).to_be_visible()
    assert field(page, _("Wish")).input_value() == "奶油草莓"
    press(page, _("Take as a wish"))
    expect(page.get_by_text(_("Nobody's wish waits to be read."))).to_be_visible()
    holds(
        street.server,
        "SELECT group_concat(name) FROM demand_wish WHERE source = 'page'",
        "6-302 阿敏",
    )


def merge_the_same(page: Page, street: Street) -> None:
    visit(page, street.server, "demands?view=same", _("Wishes"))
    press(page, _("Merge into {title}").format(title="草莓"))
    kept = street.demand("草莓")
    holds(street.server, "SELECT merged_into FROM demand WHERE title = '奶油草莓'", kept)
    holds(street.server, f"SELECT count(*) FROM demand_wish WHERE demand_id = {kept}", 2)
    assert page.evaluate(SIDEWAYS) <= 0


def ask_a_source(page: Page, street: Street) -> None:
    """Staff call somebody and note a quote, which they cannot read afterwards (E14)."""
    visit(page, street.server, f"demands?demand={street.demand('草莓')}", "草莓")
    press(page, _("Move to checking"))
    holds(street.server, "SELECT status FROM demand WHERE title = '草莓'", "checking")
    page.get_by_role("button", name=_("Ask somebody")).tap()
    box = page.get_by_role("combobox", name=_("Supplier, or any name"))
    box.fill("城东果园")
    box.press("Enter")
    press(page, _("Put on the list"))
    page.get_by_role("button", name=_("Note the answer")).tap()
    page.get_by_text(_("can deliver"), exact=True).tap()
    choose(page, page, _("Sale unit"), "盒")
    field(page, _("They want (yuan per unit)")).fill("14.63")
    field(page, _("Group price (yuan per unit)")).fill("18.8")
    page.get_by_test_id("stFormSubmitButton").get_by_role("button", name=_("Save")).tap()
    settle(page)
    expect(page.get_by_text(_("quoted: noted"))).to_be_visible()
    holds(street.server, "SELECT cost_fen FROM demand_source", WISH_COST)
    assert page.evaluate(SIDEWAYS) <= 0


def launch(page: Page, street: Street) -> None:
    """Product, round and first cost line in one step; the quote fills the form (R16)."""
    demand = street.demand("草莓")
    visit(page, street.server, f"demands?demand={demand}&do=offered", "草莓")
    expect(field(page, _("Purchase price (yuan per unit)"))).to_have_value("14.63")
    choose(page, page, _("In which round"), _("a new round"))
    press(page, _("Make the product and put it on offer"))
    expect(page.get_by_role("heading", name=_("Tell who asked"))).to_be_visible()
    holds(
        street.server,
        "SELECT p.name || p.purchase_price_fen || '/' || o.price_fen FROM demand d"
        " JOIN product p ON p.id = d.product_id JOIN round_offer o ON o.product_id = p.id"
        f" WHERE d.id = {demand} AND d.status = 'offered'",
        f"草莓{WISH_COST}/1880",
    )
    line = page.locator(".st-key-wish-cost")
    unfold(page, line)
    expect(line.get_by_test_id("stDataFrame")).to_be_visible()


def tell_who_asked(page: Page, street: Street) -> None:
    piece = page.locator(".st-key-piece-1")
    expect(piece).to_contain_text("@王姐")
    expect(piece).to_contain_text("@6-302 阿敏")
    press(page, _("Sent: {count} told").format(count=2))
    expect(page.get_by_text(_("Everybody with a name was told"))).to_be_visible()
    holds(
        street.server,
        f"SELECT count(*) FROM demand_wish WHERE demand_id = {street.demand('草莓')}"
        " AND told_at IS NOT NULL",
        2,
    )
    posted = one(street.server, "SELECT text FROM group_post WHERE topic = 'demand_launch'")
    assert "18.8元/盒" in str(posted)


def paste_a_chain(page: Page, street: Street, *entries: str) -> Locator:
    """Paste a chain for the running round; return the button that books it."""
    visit(page, street.server, "chain", _("Chain orders in"))
    box = page.locator("textarea")
    box.fill("#接龙\n" + "\n".join(f"{n}. {entry}" for n, entry in enumerate(entries, 1)))
    box.press("Control+Enter")
    settle(page)
    name = _("Book {count} orders").format(count=len(entries))
    return page.get_by_role("button", name=name)


def who_wished_buys(page: Page, street: Street) -> None:
    paste_a_chain(page, street, "3-201 王姐 草莓2盒").tap()
    settle(page)
    holds(street.server, f"{LINES} WHERE product_name = '草莓'", 2)


def look_who_bought(page: Page, street: Street) -> None:
    visit(page, street.server, f"demands?demand={street.demand('草莓')}", "草莓")
    expect(page.get_by_text("1 / 2", exact=True)).to_be_visible()


def plan_and_offer_welfare(page: Page, street: Street) -> None:
    visit(page, street.server, "welfare", _("Welfare items"))
    choose(page, page.get_by_test_id("stMain"), _("Product"), "土鸡蛋")
    price = field(page, _("Welfare price per {unit}").format(unit="斤"))
    price.fill("14.80")
    price.press("Tab")
    number(page, f"{_('Per household')} (斤)").fill("2")
    number(page, f"{_('In all')} (斤)").fill("60")
    number(page, f"{_('In all')} (斤)").press("Tab")
    settle(page)
    bought = _("Bought at {purchase}, sold at {price}.")
    expect(page.get_by_text(bought.format(purchase="¥15.37", price="¥14.80"))).to_be_visible()
    press(page, _("Plan it"))
    planned = "SELECT group_concat(price_fen || '/' || household_limit) FROM welfare_item"
    holds(street.server, planned, "1480/1000")
    page.get_by_role("button", name=_("Offer it"), exact=True).click()
    page.get_by_role("radio").first.check(force=True)
    press(page, _("Offer it now"))
    holds(
        street.server,
        f"SELECT count(*) FROM round_offer WHERE product_id = {street.eggs}"
        " AND price_fen = 1480 AND household_limit = 1000",
        1,
    )


def say_it_by_robot(page: Page, street: Street) -> None:
    text = page.locator('[class*="st-key-welfare-t-"]')
    unfold(page, text)
    press(page, _("Send by {robot}").format(robot="小团"))
    sent = "SELECT count(*) FROM group_post WHERE topic = 'welfare' AND channel_id IS NOT NULL"
    holds(street.server, sent, 1)
    (said,) = street.robot.texts
    assert "土鸡蛋" in said
    assert "14.8" in said
    assert "15.37" in said, "bought at, sold at: said aloud"
    assert not [name for name in NEIGHBOURS if name in said]
    visit(page, street.server, "messages", _("Messages"))
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    holds(street.server, "SELECT group_concat(status) FROM message_delivery", "sent")


def decide_beyond_the_limit(page: Page, street: Street) -> None:
    book = paste_a_chain(page, street, "3-201 王姐 草莓2盒", "5-101 老周 土鸡蛋3斤")
    beyond = page.locator('[class*="st-key-beyond-"]').first
    expect(beyond).to_contain_text("老周")
    book = page.get_by_role("button", name=_("Book {count} orders").format(count=1)).or_(book)
    book.first.tap()
    settle(page)
    expect(page.get_by_test_id("stAlert").filter(has_text="超出限购")).to_be_visible()
    holds(street.server, f"{LINES} WHERE unit_price_fen = 1480", None)
    keep = _("Keep to the limit: {goods}").format(goods="土鸡蛋 2斤")
    page.get_by_role("button", name=keep).tap()
    settle(page)
    book.first.tap()
    settle(page)
    holds(street.server, f"{LINES} WHERE unit_price_fen = 1480", 1000)
    assert page.evaluate(SIDEWAYS) <= 0


def send_the_tip(page: Page, street: Street) -> None:
    visit(page, street.server, "community", _("Group calendar"))
    press(page, _("Posted to the group"))
    holds(street.server, "SELECT count(*) FROM tip_sent", 1)
    holds(street.server, "SELECT count(*) FROM group_post WHERE topic = 'tip'", 1)


def ask_a_topic(page: Page, street: Street) -> None:
    visit(page, street.server, "community?view=topics", _("Group calendar"))
    field(page, _("Question")).fill("年货想让店里进点什么？")
    press(page, _("Plan it"))
    holds(street.server, "SELECT count(*) FROM topic", 1)
    topic = one(street.server, "SELECT id FROM topic")
    visit(page, street.server, f"community?topic={topic}", _("Group calendar"))
    press(page, _("Posted to the group"))
    holds(street.server, "SELECT count(*) FROM topic WHERE asked_at IS NOT NULL", 1)
    box = field(page, _("Answers from the chat, or one per line like 小李: 草莓"))
    box.fill("贝贝妈: 糯米藕\n老周: 糯米藕")
    box.press("Control+Enter")
    settle(page)
    press(page, _("Take in {count} answers").format(count=2))
    for who in ("贝贝妈", "老周"):
        page.get_by_role("button", name=f"{who}: 糯米藕").tap()
        settle(page)
    press(page, _("Make {count} answers one wish").format(count=2))
    wished = "SELECT count(*) FROM demand_wish JOIN demand ON demand.id = demand_id WHERE title = "
    holds(street.server, f"{wished}'糯米藕'", 2)
    assert page.evaluate(SIDEWAYS) <= 0


def publish(page: Page, street: Street) -> None:
    visit(page, street.server, "costs", _("Price sheets"))
    page.get_by_role("tab", name=_("Publish"), exact=True).click()
    settle(page)
    preview = page.context.request.get(f"{street.server.address}/preview/prices")
    assert "土鸡蛋" in preview.text()
    page.get_by_text(_("I have read every line")).click()
    press(page, _("Publish for everybody"))
    holds(street.server, "SELECT count(*) FROM cost_sheet", 1)


def draw_the_poster(page: Page) -> None:
    save = page.get_by_role("button", name=_("Save the picture"), exact=True)
    expect(save).to_be_visible(timeout=SLOW)
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == "linli-prices-1.png"
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", content[16:20]) == (1080,)


def read_the_prices(page: Page, street: Street) -> None:
    page.goto(f"{street.server.address}/p/prices")
    article = page.locator("article").filter(has_text="土鸡蛋").first
    expect(article).to_contain_text("15.37")
    body = page.locator("body")
    expect(body).to_contain_text("福利品")
    expect(body).to_contain_text("14.80")
    promotion = page.locator("section.cheaper")
    expect(promotion).to_contain_text("土鸡蛋")
    expect(promotion).to_contain_text("15.80")
    given = page.get_by_role("listitem").filter(has_text=_("Given back in all"))
    expect(given).to_contain_text("1.14")  # two jin, 0.57 each


def check_the_chain(street: Street) -> None:
    """With nothing but SHA-256, as anybody can."""
    address = street.server.address
    with httpx.Client(base_url=address, trust_env=False) as client:
        (link,) = client.get("/p/prices/chain.json").json()["sheets"]
        sealed = client.get(link["sealed"])
    assert (link["number"], link["previous"]) == (1, "")
    assert hashlib.sha256(sealed.content).hexdigest() == link["fingerprint"]
    assert one(street.server, "SELECT fingerprint FROM cost_sheet") == link["fingerprint"]


def nobody_is_named(street: Street) -> None:
    ways = ("/p/prices", "/p/prices/chain.json", "/p/prices/1", "/p/wishes",
            f"/p/prices/goods/{street.eggs}")  # fmt: skip
    with httpx.Client(base_url=street.server.address, trust_env=False) as client:
        for way in ways:
            answer = client.get(way, params={"lang": "zh_CN"})
            assert answer.status_code == 200, way
            assert not [name for name in NEIGHBOURS if name in answer.text], way
            assert not [name for name in ("城东果园", "小团") if name in answer.text], way


def test_two_move_one_card_and_the_second_is_told(street: Street, desk: Page, phone: Page) -> None:
    """Two staff at one card: nothing is lost, the second is told who was first (B8)."""
    server = street.server
    desk.get_by_role("button", name=_("Type a wish")).click()
    field(desk, _("What is wished for")).fill("手工水饺")
    field(desk, _("Who asked (as named in the group)")).fill("张阿姨")
    press(desk, _("Take the wish in"))
    demand = street.demand("手工水饺")
    sign_in(phone, server, "demands", _("Wishes"), STAFF)
    # A phone shows one column at a time, with the counts in the choice.
    expect(phone.get_by_role("radio", name=_("All"), exact=True)).to_have_count(0)
    card = f".st-key-wish-{demand}"
    expect(phone.locator(card)).to_be_visible()
    move(desk, card, _("Checking"))
    state = f"SELECT status || version FROM demand WHERE id = {demand}"
    holds(server, state, "checking2")
    move(phone, card, _("Checking"))
    expect(phone.get_by_text("芳姐在").first).to_contain_text("已把这个心愿移到打听中")
    holds(server, state, "checking2")
    # What needs a reason opens its form; the keyboard leads back to the board.
    move(desk, card, _("Not yet …"))
    press(desk, _("Save the answer"))
    expect(desk.get_by_text(_("Write the reason: residents read it."))).to_be_visible()
    desk.get_by_role("heading", name=_("What is next")).click()
    desk.keyboard.press("b")
    settle(desk)
    expect(desk.locator(card)).to_be_visible()


def move(page: Page, card: str, option: str) -> None:
    """Choose ``option`` in the menu of a card."""
    page.locator(card).get_by_role("button", name=_("Move to")).click()
    page.get_by_text(option, exact=True).last.click()
    settle(page)
