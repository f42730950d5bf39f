"""One day of a shop, from the set-up code to the price page, as its owner lives it (E1-E16, R20).

At 1280 pixels, in Chinese, by clicking and typing only; what came of it is read from the screen and
from the database file.
"""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OWNER
from tests.browser.screens import SLOW, choose, field, number, one, press, settle, unfold, visit
from tests.browser.screens import chinese as _
from tests.serving import Running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ORDER_FILE = Path(__file__).parents[1] / "samples" / "orders" / "qunjielong_orders.xlsx"
PRODUCTS = (
    ("土鸡蛋", "斤", "4.80", "鸡蛋", "4.10"),
    ("老豆腐", "盒", "3", "豆腐", "2.1"),
    ("五花肉", "斤", "18.80", "肉", "15.60"),
    ("东北大米", "袋", "45", "大米", "39"),
    ("手工水饺", "袋", "22.00", "水饺、饺子", "17.5"),
)
LIST = """阳光玫瑰葡萄 盒 19.9 葡萄
车厘子 箱 399 樱桃
抽纸 提 39.9 纸巾
小白菜 份 3.5 青菜
菜籽油 桶 69 食用油"""
CHAIN = """老周 2026/11/20 19:40
群里的邻居看这里
#接龙
明天到货：土鸡蛋4.8/斤，老豆腐3元/盒，五花肉18.8/斤，大米45/袋，水饺22/袋

1. 11-1-602 周周 鸡蛋3斤 豆腐2盒
2. 林老师 7-301 五花肉一斤半，大米1袋 晚上取
3. 阿珍 12-902 饺子2袋 老样子
4. 14-3-1101 贝贝妈 豆腐1盒 肉半扇
5. 小秦 9-404 大米2袋，送上门
阿珍 2026/11/20 19:44
谢谢群主"""

ORDERED = (
    "SELECT group_concat(said) FROM (SELECT product_name || ' ' || ordered AS said FROM order_line"
    " JOIN customer_order ON customer_order.id = order_id JOIN member ON member.id = member_id"
    " WHERE nickname = '{who}' AND source = 'chain' ORDER BY product_name)"
)


@pytest.fixture
def page(browser: Browser) -> Page:
    """A browser in Chinese as wide as a laptop."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SLOW)
    return page


def test_one_day_of_the_shop(server: Running, page: Page, browser: Browser) -> None:
    set_up(page, server)
    name_the_shop(page, server)
    make_products(page, server)
    open_a_round(page, server)
    paste_the_chain(page, server)
    import_the_file(page, server)
    pick_and_print(page, server)
    hand_over_and_take_back(page, server)
    pay_and_cash_up(page, server)
    publish_costs(page, server)
    residents_read_it(browser, server)


def set_up(page: Page, server: Running) -> None:
    page.goto(f"{server.address}/signin")
    typed = {"Set-up code": server.setup_code, "Your name": "芳姐", "Login": OWNER[0],
             "Password": OWNER[1], "Password once more": OWNER[1]}  # fmt: skip
    for label, value in typed.items():
        field(page, _(label)).fill(value)
    page.get_by_role("button", name=_("Create the owner's account")).click()
    page.wait_for_url("**/settings")
    expect(page.get_by_role("heading", name="设置", exact=True)).to_be_visible(timeout=SLOW)
    assert one(server, "SELECT role FROM person") == "owner"


def name_the_shop(page: Page, server: Running) -> None:
    settle(page)
    field(page, _("Shop name")).fill("桂花巷小铺")
    press(page, _("Save"))
    expect(page.get_by_test_id("stSidebar").get_by_text("桂花巷小铺")).to_be_visible()


def make_products(page: Page, server: Running) -> None:
    visit(page, server, "products", "商品")
    for place, (name, unit, price, others, bought) in enumerate(PRODUCTS):
        adding = page.locator(".st-key-add")
        unfold(page, adding)
        field(adding, _("Name")).fill(name)
        if unit != "斤":
            choose(page, adding, _("Sale unit"), unit)
        field(adding, _("Price (yuan per unit)")).fill(price)
        field(adding, _("Other names in the chat")).fill(others)
        unfold(page, adding.get_by_test_id("stForm"))
        field(adding, _("Purchase price (yuan per unit)")).fill(bought)
        press(page, _("Add product"))
        expect(page.get_by_test_id("stMetricValue").first).to_have_text(str(place + 1))
    pasting = page.locator(".st-key-paste")
    unfold(page, pasting)
    pasting.locator("textarea").fill(LIST)
    pasting.locator("textarea").press("Control+Enter")
    press(page, _("Add {count} products").format(count=5))
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("10")
    assert one(server, "SELECT price_fen FROM product WHERE name = '老豆腐'") == 300


def open_a_round(page: Page, server: Running) -> None:
    visit(page, server, "rounds", "团购")
    offering = page.locator(".st-key-new")
    unfold(page, offering)
    field(offering, _("Title")).fill("周末第一团")
    grid = offering.get_by_test_id("stDataFrame")
    grid.locator(".dvn-scroller").click(position={"x": 12, "y": 50})
    for _row in range(len(PRODUCTS) + 5):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    settle(page)
    press(page, _("Start the round"))
    expect(page.get_by_text(_("For the group"), exact=True)).to_be_visible()
    assert one(server, "SELECT count(*) FROM round_offer") == 10
    expect(page.get_by_test_id("stCode").first).to_contain_text("五花肉 18.8元/斤")


def paste_the_chain(page: Page, server: Running) -> None:
    visit(page, server, "chain", "接龙录单")
    page.locator("textarea").fill(CHAIN)
    page.locator("textarea").press("Control+Enter")
    settle(page)
    doubts = page.locator('[class*="st-key-doubt-"]')
    expect(doubts).to_have_count(2)
    expect(doubts.last).to_contain_text("肉半扇")
    choose(page, doubts.first, _("It is"), _("only a note"))
    doubts.first.get_by_role("button", name=_("Take"), exact=True).click()
    settle(page)
    expect(doubts).to_have_count(1)
    choose(page, doubts.first, _("It is"), "五花肉")
    number(doubts.first, _("How much ({unit})").format(unit="斤")).fill("1.5")
    doubts.first.get_by_role("button", name=_("Take"), exact=True).click()
    settle(page)
    expect(doubts).to_have_count(0)
    book = page.get_by_role("button", name=_("Book {count} orders").format(count=5))
    book.dblclick()
    expect(book).to_have_count(0)
    settle(page)
    assert one(server, "SELECT count(*) FROM intake") == 1
    assert one(server, "SELECT count(*) FROM customer_order WHERE source = 'chain'") == 5
    assert one(server, "SELECT sum(amount_fen) FROM order_line") == 25880
    assert one(server, ORDERED.format(who="贝贝妈")) == "五花肉 750,老豆腐 1"
    assert one(server, ORDERED.format(who="阿珍")) == "手工水饺 2"


def import_the_file(page: Page, server: Running) -> None:
    visit(page, server, "sheet", "导入订单表")
    page.locator("input[type=file]").set_input_files(ORDER_FILE)
    expect(page.get_by_text("¥8,958.20").first).to_be_visible(timeout=SLOW)
    settle(page)
    answer_the_goods(page)
    press(page, _("Book {count} orders").format(count=32))
    expect(page.get_by_text(_("The file is booked."))).to_be_visible()
    assert one(server, "SELECT count(*) FROM intake") == 2
    assert one(server, "SELECT count(*) FROM customer_order WHERE source = 'sheet'") == 32
    assert one(server, "SELECT sum(amount_fen) FROM payment WHERE method = 'platform'") == 895820
    page.get_by_role("button", name=_("Done"), exact=True).click()
    settle(page)
    page.locator("input[type=file]").set_input_files(ORDER_FILE)
    nothing = _("Nothing to book: every order of this file is booked already or left out.")
    expect(page.get_by_text(nothing)).to_be_visible(timeout=SLOW)


def answer_the_goods(page: Page) -> None:
    """Say what one piece of the file is in the shop's own units, where their sizes differ."""
    cards = page.locator('[class*="st-key-goods-"]')
    expect(cards).to_have_count(2)
    for goods, units in (("土鸡蛋 30枚/板", "3"), ("抽纸 24包/箱", "4")):
        count = cards.filter(has_text=goods).get_by_role("spinbutton")
        count.fill(units)
        count.press("Tab")
        settle(page)
    press(page, _("Use these answers"))
    expect(cards).to_have_count(0)


def pick_and_print(page: Page, server: Running) -> None:
    visit(page, server, "pick", "分拣")
    rice = page.get_by_test_id("stCheckbox").filter(has_text="东北大米")
    expect(rice).to_contain_text("32袋")
    rice.locator("label").click()
    settle(page)
    assert one(server, "SELECT sum(quantity) FROM picked_line") == 32
    page.get_by_role("button", name=_("Print"), exact=True).first.click()
    links = {
        name: page.get_by_role("link", name=_(name)).get_attribute("href")
        for name in ("Print pick list", "Print slips (A4)")
    }
    page.goto(server.address + str(links["Print pick list"]))
    expect(page.get_by_role("row").filter(has_text="东北大米")).to_contain_text("32袋")
    page.goto(server.address + str(links["Print slips (A4)"]))
    expect(page.locator("body")).to_contain_text("贝贝妈")
    expect(page.locator("body")).to_contain_text("桂花巷小铺")


def hand_over_and_take_back(page: Page, server: Running) -> None:
    visit(page, server, "pickup", "取货台")
    search = page.get_by_test_id("stMain").get_by_role("searchbox")
    search.press_sequentially("周周")
    take = _("Transfer {amount} received, hand over").format(amount="¥20.40")
    page.get_by_role("button", name=take).click()
    undo = page.get_by_role("button", name=_("Undo"), exact=True)
    expect(undo).to_have_count(1)
    assert one(server, "SELECT sum(quantity) FROM handover") == 1502
    undo.click()
    expect(undo).to_have_count(0)
    settle(page)
    assert one(server, "SELECT coalesce(sum(quantity), 0) FROM handover") == 0
    assert one(server, "SELECT sum(amount_fen) FROM payment WHERE method = 'transfer'") == 2040


def pay_and_cash_up(page: Page, server: Running) -> None:
    number_ = one(server, "SELECT id FROM customer_order WHERE note LIKE '%老样子%'")
    page.goto(f"{server.address}/orders?order={number_}")
    expect(page.get_by_text(_("{amount} due").format(amount="¥44.00"))).to_be_visible(timeout=SLOW)
    settle(page)
    page.get_by_role("button", name=_("Cash"), exact=True).first.click()
    press(page, _("Paid in cash"))
    expect(page.get_by_text(_("{amount} due").format(amount="¥44.00"))).to_have_count(0)
    visit(page, server, "cashup", "日结")
    # 200 yuan of change lie in the till before the day begins.
    number(page, _("Cash counted")).fill("243.50")
    number(page, _("Cash counted")).press("Tab")
    settle(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("0.50")
    press(page, _("Keep this count"))
    assert one(server, "SELECT counted_cash_fen - expected_cash_fen FROM cash_up") == -50


def publish_costs(page: Page, server: Running) -> None:
    visit(page, server, "costs", "价格公示")
    choose(page, page.get_by_test_id("stMain"), _("Costs of"), "老豆腐")
    number(page, _("Packaging")).fill("0.05")
    press(page, _("Save costs"))
    page.get_by_role("tab", name=_("Publish"), exact=True).click()
    page.get_by_text(_("I have read every line")).click()
    press(page, _("Publish for everybody"))
    assert one(server, "SELECT count(*) FROM cost_sheet") == 1


def residents_read_it(browser: Browser, server: Running) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server.address}/p/prices")
    expect(page.get_by_text("桂花巷小铺").first).to_be_visible()
    tag = page.locator("article").filter(has_text="老豆腐")
    parts = [yuan(text) for text in tag.locator("tr td").all_inner_texts()]
    assert parts == [Decimal("2.10"), Decimal("0.05"), Decimal("0.85"), Decimal("3.00")]
    assert sum(parts[:-1]) == parts[-1]
    context.close()


def yuan(text: str) -> Decimal:
    return Decimal(re.sub(r"[^0-9.-]", "", text))
