"""The light price page, read as a browser and as a machine reads it."""

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import insert, text
from starlette.testclient import TestClient

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.shop.opening import Premises
from lib.shop.shop import Shop
from lib.trade.rounds.commands import Plan, open_round
from lib.trade.rounds.queries import proposed
from lib.trade.rounds.rules import Offered
from lib.trust.costs import queries
from lib.trust.costs.commands import publish_sheet, set_costs
from lib.trust.costs.rules import Cost, Line, Part
from lib.web import light
from lib.web.prices import BAR, LINES_PER_PAGE, ROUTES, bars
from tests.service.cast import add_member, add_order
from tests.statements import statements_of
from tests.supply.cast import add_batch
from tests.web.conftest import visiting


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with visiting(ROUTES) as client:
        yield client


def add_product(shop: Shop, name: str = "土鸡蛋", **values: Any) -> int:
    row = {
        "name": name, "folded_name": name, "is_fresh": True, "is_daily": False,
        "is_fragile": False, "sale_unit": "斤", "unit_grams": 500, "price_fen": 580,
        "purchase_price_fen": 450, "created_at": shop.clock.now(),
    } | values  # fmt: skip
    with shop.store.write() as connection:
        made = insert(schema.product).values(**row).returning(schema.product.c.id)
        return int(connection.execute(made).scalar_one())


def keep(shop: Shop, product: int, **fen: int) -> None:
    set_costs(shop, product, {Part(part): Cost(Money(value)) for part, value in fen.items()}, {})


def name_the_shop(shop: Shop, **names: str) -> None:
    with shop.store.write() as connection:
        for name, value in names.items():
            row = {"name": name, "value": value, "changed_at": shop.clock.now()}
            connection.execute(insert(schema.setting).values(**row))


class Reader(HTMLParser):
    """Reads products, their cost lines and bars back out of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.products: list[dict[str, Any]] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        if tag == "article":
            self.products.append({"name": "", "rows": [], "price": "", "bars": []})
        if tag == "rect":
            self.products[-1]["bars"].append((int(values["y"] or 0), int(values["width"] or 0)))
        if tag == "tr":
            self.products[-1]["rows"].append(["", ""])
        if tag not in ("meta", "img", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.products or not self.open:
            return
        product = self.products[-1]
        if "h2" in self.open and "article" in self.open:
            product["name"] += data
        elif self.open[-1] == "b" and "article" in self.open:
            product["price"] += data
        elif self.open[-1] in ("th", "td") and "tr" in self.open:
            product["rows"][-1][self.open[-1] == "td"] += data


def fen(said: str) -> int:
    return Money.parse(said).fen


def check_sums(html: str) -> list[dict[str, Any]]:
    products = Reader(html).products
    for product in products:
        *rows, foot = product["rows"]
        assert sum(fen(amount) for _label, amount in rows) == fen(foot[1]) == fen(product["price"])
        by_row: dict[int, int] = {}
        for y, width in product["bars"]:
            by_row[y] = by_row.get(y, 0) + width
        assert set(by_row.values()) <= {BAR}
    return products


def publish_five(shop: Shop) -> int:
    eggs = add_product(shop)
    tray = add_product(
        shop, "板蛋", sale_unit="板", unit_grams=None, content_grams=1500, content_pieces=30,
        price_fen=2880, purchase_price_fen=2333,
    )  # fmt: skip
    gift = add_product(shop, "福利蛋", price_fen=480, purchase_price_fen=500)
    free = add_product(shop, "白送的葱", price_fen=0, purchase_price_fen=0)
    even = add_product(shop, "平价米", price_fen=333, purchase_price_fen=333)
    keep(shop, eggs, loss=11, packaging=20, delivery=7, other=1)
    keep(shop, tray, loss=77, packaging=33)
    return publish_sheet(shop, "周五团", shop.today, [eggs, tray, gift, free, even])


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_line_adds_up_as_read_by_a_machine(
    shop: Shop, visitor: TestClient, language: str
) -> None:
    publish_five(shop)
    answer = visitor.get("/p/prices", params={"lang": language})
    products = check_sums(answer.text)
    assert {product["name"] for product in products} == {
        "土鸡蛋", "板蛋", "福利蛋", "白送的葱", "平价米"
    }  # fmt: skip
    eggs = next(product for product in products if product["name"] == "土鸡蛋")
    assert [amount for _label, amount in eggs["rows"]] == [
        "¥4.50", "¥0.11", "¥0.20", "¥0.07", "¥0.01", "¥0.91", "¥5.80"
    ]  # fmt: skip
    gift = next(product for product in products if product["name"] == "福利蛋")
    assert gift["rows"][-2][1] == "-¥0.20"


def test_what_a_shop_gives_is_called_so(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    page = visitor.get("/p/prices?lang=en").text
    assert "The shop adds" in page
    assert "The shop keeps" in page


def test_it_says_units_dates_number_and_fingerprint(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    name_the_shop(shop, shop_name="芳姐小店", community="梧桐苑", pickup_point="3号楼下")
    page = visitor.get("/p/prices?lang=en").text
    sheet = queries.sheet(shop, 1)
    for said in (
        "¥9.60 per 500 g", "¥0.96 each", "Fri 25 Sep 2026 10:30", sheet.short,
        "芳姐小店", "梧桐苑", "3号楼下",
    ):  # fmt: skip
        assert said in page
    chinese = visitor.get("/p/prices").text
    assert "2026年9月25日" in chinese
    assert '<html lang="zh-CN">' in chinese


def test_the_empty_state_is_a_page(visitor: TestClient) -> None:
    answer = visitor.get("/p/prices?lang=en")
    assert answer.status_code == 200
    assert "has not published" in answer.text


def test_no_script_no_cookie_no_foreign_address(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    answer = visitor.get("/p/prices")
    assert "set-cookie" not in answer.headers
    assert "script" not in Reader(answer.text).tags
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", answer.text)
    assert " style=" not in answer.text
    assert " on" not in "".join(re.findall(r"<[^>]+>", answer.text)).replace(" once", "")


def test_the_policy_allows_our_stylesheet_by_its_hash_and_nothing_else(
    shop: Shop, visitor: TestClient
) -> None:
    publish_five(shop)
    answer = visitor.get("/p/prices")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    inline = re.search(r"<style>(.*?)</style>", answer.text, re.S)
    assert inline is not None
    assert inline[1] == light.style()
    digest = base64.b64encode(hashlib.sha256(inline[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy
    for header in ("x-content-type-options", "x-frame-options", "referrer-policy"):
        assert header in answer.headers


def test_a_browser_that_has_it_gets_304(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    first = visitor.get("/p/prices")
    assert "max-age" in first.headers["cache-control"]
    for known in (
        first.headers["etag"],
        f"W/{first.headers['etag']}",
        f'"x", {first.headers["etag"]}',
    ):
        again = visitor.get("/p/prices", headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
    assert visitor.get("/p/prices", headers={"if-none-match": '"x"'}).status_code == 200


def test_a_view_costs_one_small_statement_whatever_it_shows(
    shop: Shop, store: Store, visitor: TestClient
) -> None:
    publish_five(shop)
    add_batch(shop, 1, 5000)
    first = visitor.get("/p/prices")
    assert "/p/origin/" in first.text
    with statements_of(store) as said:
        again = visitor.get("/p/prices")
        known = visitor.get("/p/prices", headers={"if-none-match": first.headers["etag"]})
    assert (again.content, known.status_code) == (first.content, 304)
    assert len(said) == 2


def test_a_change_that_shows_nothing_new_keeps_the_page(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    first = visitor.get("/p/prices")
    keep(shop, 3, loss=12)
    second = visitor.get("/p/prices")
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])


def test_head_says_what_get_would(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    head, got = visitor.head("/p/prices"), visitor.get("/p/prices")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers["etag"] == got.headers["etag"]


def test_it_travels_compressed(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    plain = visitor.get("/p/prices")
    packed = visitor.get("/p/prices", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


def test_a_new_publication_and_a_new_name_show_at_once(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    first = visitor.get("/p/prices?lang=en")
    name_the_shop(shop, shop_name="芳姐小店")
    second = visitor.get("/p/prices?lang=en")
    publish_sheet(shop, "周六团", shop.today, [1])
    third = visitor.get("/p/prices?lang=en")
    assert "芳姐小店" in second.text
    assert "周六团" in third.text
    assert len({answer.headers["etag"] for answer in (first, second, third)}) == 3


def test_versions_and_corrections_point_at_each_other(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    publish_sheet(shop, "周五团", shop.today, [1], corrects=1, correction="袋子钱忘了写")
    old = visitor.get("/p/prices/1?lang=en").text
    new = visitor.get("/p/prices/2?lang=en").text
    assert "corrected by sheet 2: 袋子钱忘了写" in old
    assert "This is an earlier sheet" in old
    assert 'href="/p/prices/2?lang=en"' in old
    assert "corrects sheet 1: 袋子钱忘了写" in new
    assert "earlier sheet." not in new
    assert visitor.get("/p/prices?lang=en").text.count("<article") == 1


@pytest.mark.parametrize(
    "path", ["/p/prices/9", "/p/prices/0", "/p/prices/-1", "/p/prices/x", "/p/prices/1e3",
             "/p/prices/９", "/p/prices/999999999999", "/p/prices?page=2", "/p/prices?page=0",
             "/p/prices?page=x", "/p/prices/9.json", "/p/prices/<b>"],
)  # fmt: skip
def test_what_is_not_there_is_a_page_with_a_way_back(
    shop: Shop, visitor: TestClient, path: str
) -> None:
    publish_five(shop)
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert 'href="/p/prices"' in answer.text
    assert "<b></" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_language_is_the_browsers_until_chosen(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    english = visitor.get("/p/prices", headers={"accept-language": "en-GB,en"}).text
    assert "What things cost" in english
    assert 'href="?lang=zh_CN"' in english
    assert "What things cost" not in visitor.get("/p/prices").text
    assert "What things cost" in visitor.get("/p/prices?lang=en").text
    assert "What things cost" not in visitor.get("/p/prices?lang=xx").text


def test_text_of_people_stays_text(shop: Shop, visitor: TestClient) -> None:
    name = '<img src=x onerror="x">&{{7*7}}'
    product = add_product(shop, name, sale_unit="<b>")
    publish_sheet(shop, "<script>x</script>", shop.today, [product])
    name_the_shop(shop, shop_name="<svg/onload=x>", community="</style>")
    page = visitor.get("/p/prices").text
    assert "&lt;script&gt;" in page
    for raw in ("<script", "<img", "<b>/", "<svg/", "&{{7*7}}", "49"):
        assert raw not in page.replace("&amp;{{7*7}}", ""), raw
    assert Reader(page).products[0]["name"] == name


def test_the_sealed_text_has_the_fingerprint_it_claims(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    answer = visitor.get("/p/prices/1.json")
    assert answer.headers["content-type"] == "application/json"
    assert hashlib.sha256(answer.content).hexdigest() == queries.sheet(shop, 1).fingerprint
    assert answer.json()["body"]["lines"]


def test_an_altered_sheet_is_not_shown(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    with shop.store.write() as connection:
        connection.execute(text("DROP TRIGGER cost_sheet_no_update"))
        connection.execute(text("UPDATE cost_sheet SET body = replace(body, '580', '480')"))
    answer = visitor.get("/p/prices?lang=en")
    assert answer.status_code == 503
    assert "altered" in answer.text
    assert "¥" not in answer.text


def test_a_long_sheet_has_pages_that_stay_light(shop: Shop, visitor: TestClient) -> None:
    products = [
        add_product(shop, f"名字不短的农家新鲜蔬菜第{number}号", photo=None, content_grams=750)
        for number in range(LINES_PER_PAGE + 1)
    ]
    for product in products:
        keep(shop, product, loss=11, packaging=20, delivery=7, other=1)
    for _ in range(31):
        publish_sheet(shop, "周五团 第三十九期 时令蔬菜", shop.today, products)
    first, second = visitor.get("/p/prices"), visitor.get("/p/prices?page=2")
    assert len(first.content) < 50_000
    assert len(check_sums(first.text)) == LINES_PER_PAGE
    assert len(check_sums(second.text)) == 1
    assert visitor.get("/p/prices?page=3").status_code == 404


def test_a_picture_is_a_small_lazy_one(shop: Shop, visitor: TestClient) -> None:
    sha = "a" * 64
    with shop.store.write() as connection:
        row = {"sha256": sha, "media_type": "image/jpeg", "size": 1, "created_at": shop.clock.now()}
        connection.execute(insert(schema.blob).values(**row))
    publish_sheet(shop, "一", shop.today, [add_product(shop, photo=sha)])
    page = visitor.get("/p/prices").text
    assert f'<img src="/files/{sha}?size=small" alt="" loading="lazy"' in page


@pytest.mark.parametrize("kept", [-339, -100, -1, 0, 1, 333])
def test_bars_are_whole_and_fill_their_row(kept: int) -> None:
    fens = {"purchase": 331, "loss": 1, "packaging": 0, "delivery": 7, "other": 0}
    money = {part: Money(value) for part, value in fens.items()}
    line = Line(1, "x", "个", None, None, Money(339 + kept), **money)
    rows: dict[int, int] = {}
    for bar in bars(line):
        assert bar["x"] == rows.get(bar["y"], 0)
        rows[bar["y"]] = bar["x"] + bar["width"]
    assert set(rows.values()) == {BAR}
    assert len(rows) == (2 if kept < 0 else 1)


def test_what_somebody_typed_bears_a_sign_and_one_line_says_so(
    shop: Shop, visitor: TestClient
) -> None:
    publish_five(shop)
    page = visitor.get("/p/prices?lang=en").text
    assert "</i>Packaging*</th>" in page
    assert "</i>The shop keeps</th>" in page
    assert page.count("* typed by the shop") == 1


def test_points_and_pledge_have_their_own_colours(shop: Shop, visitor: TestClient) -> None:
    product = add_product(shop)
    keep(shop, product, points=5, pledge=9)
    publish_sheet(shop, "一", shop.today, [product])
    page = visitor.get("/p/prices?lang=en").text
    check_sums(page)
    for kind in ("points", "pledge"):
        assert f'<rect class="{kind}"' in page
        assert f'<i class="{kind}">' in page
        colours = re.findall(rf"--{kind}:(#[0-9a-f]{{6}})", light.style())
        assert len(colours) == 2  # light and dark
        assert all(light.style().count(f":{colour}") == 1 for colour in colours)


def test_the_books_days_are_said(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    sheet = queries.newest_sheet(shop)
    assert sheet is not None
    assert sheet.period is not None
    page = visitor.get("/p/prices?lang=en").text
    said = f"{sheet.period.first.day} {sheet.period.first:%b} to {sheet.period.last.day}"
    assert f"From the books of <b>{said}" in page


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_products_history_names_every_sheet_and_adds_up(
    shop: Shop, visitor: TestClient, language: str
) -> None:
    publish_five(shop)
    keep(shop, 1, pledge=31)
    publish_sheet(shop, "二", shop.today, [1], corrects=1, correction="损耗写错了")
    publish_sheet(shop, "三", shop.today, [2])
    answer = visitor.get("/p/prices/goods/1", params={"lang": language})
    items = re.findall(r"<li>(.*?)</li>", answer.text, re.S)
    assert len(items) == 2
    for item in items:
        price, *parts = [fen(each) for each in re.findall(r"-?¥[\d.,]+", item)]
        assert price == sum(parts) == 580
    assert {"zh_CN": "已由第2号更正", "en": "corrected by no. 2"}[language] in items[1]
    assert answer.text.count('class="l-price hollow"') == 1
    assert 'class="chart"' in answer.text
    assert "script" not in Reader(answer.text).tags
    again = visitor.get(
        f"/p/prices/goods/1?lang={language}", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("product", ["9", "0", "x", "-1", "１"])
def test_a_product_never_published_has_no_history(
    shop: Shop, visitor: TestClient, product: str
) -> None:
    publish_five(shop)
    add_product(shop, "还没公开")
    for number in (product, "6"):
        answer = visitor.get(f"/p/prices/goods/{number}")
        assert answer.status_code == 404
        assert "还没公开" not in answer.text


def test_one_sheet_makes_a_dot_and_a_loss_goes_below_the_line(
    shop: Shop, visitor: TestClient
) -> None:
    publish_five(shop)
    page = visitor.get("/p/prices/goods/3").text
    assert page.count("<circle") == 3
    assert "-0.20" in page
    assert "-¥0.20" in page


def test_an_altered_sheet_leaves_the_history(shop: Shop, visitor: TestClient) -> None:
    publish_five(shop)
    publish_sheet(shop, "二", shop.today, [1])
    with shop.store.write() as connection:
        connection.execute(text("DROP TRIGGER cost_sheet_no_update"))
        connection.execute(
            text("UPDATE cost_sheet SET body = replace(body, '580', '480') WHERE number = 1")
        )
    page = visitor.get("/p/prices/goods/1").text
    assert page.count("<li>") == 1
    assert "4.80" not in page


def test_promotions_come_and_go_with_the_clock(
    shop: Shop, visitor: TestClient, clock: FixedClock
) -> None:
    publish_five(shop)
    times = proposed(shop)
    open_round(shop, Plan("周五团", times), [Offered(1, Money(480))])
    first = visitor.get("/p/prices?lang=en")
    assert "Cheaper now" in first.text
    assert "¥4.80 / 斤" in first.text
    assert "Not sold here before" in first.text
    clock.moment = times.cut_off_at - timedelta(seconds=1)
    assert "Cheaper now" in visitor.get("/p/prices?lang=en").text
    clock.moment = times.cut_off_at
    assert "Cheaper now" not in visitor.get("/p/prices?lang=en").text


def test_orders_that_show_nothing_new_keep_the_page(
    shop: Shop, store: Store, visitor: TestClient, clock: FixedClock
) -> None:
    publish_five(shop)
    round_id = open_round(shop, Plan("周五团", proposed(shop)), [Offered(1, Money(480))])
    first = visitor.get("/p/prices")
    clock.forward(hours=1)
    add_order(shop, add_member(shop, "阿芳"), 1, (1, 500), round_id=round_id, placed_at=clock.now())
    keep(shop, 3, loss=12)
    second = visitor.get("/p/prices")
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
    with statements_of(store) as said:
        visitor.get("/p/prices")
    assert len(said) == 1
